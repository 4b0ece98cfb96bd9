"""The rows of a register (辖区人口, 报送单位, 专项行动) → entries, and people as measurements where their year is known.

Here: one Entry a row, its fields named after the forms' roles. Not here: merging registers and giving ids (registers.py).
"""

from __future__ import annotations

from datetime import date

from pipeline.intake.cells import read_cell
from pipeline.intake.collecting import SheetNotes, masked_text
from pipeline.intake.columns import Match, unit_for
from pipeline.intake.context import TableContext
from pipeline.intake.grid import CellError, CellValue, UncachedFormula, cell_name
from pipeline.intake.period import Period
from pipeline.intake.records import Entry, Measurement
from pipeline.intake.regions import is_blank
from pipeline.intake.rows import mark_other_columns
from pipeline.intake.units import read_unit

SILENT = (
    "ordinal",
    "item",
    "remark",
    "narrative",
    "personal",
    "shadow",
    "prevented_loss",
    "total",
    "subset",
    "unknown",
    "blank",
    "ambiguous",
    "unit_clash",
)


def read_register(context: TableContext, notes: SheetNotes) -> None:
    """Add an Entry for every data row, and its people as measurements."""
    table, grid = context.table, context.table.grid
    has_people = any(m.role == "measure" for m in context.matched.columns)
    if has_people and _period(context, {}) is None and "field.year" not in context.roles:
        notes.reject("population_states_its_year", table.header_cells[0])
    for row in table.data_rows:
        fields: dict[str, str] = {}
        cells: dict[str, str] = {}
        numbers: list[tuple[int, Match, CellValue]] = []
        for i, match in enumerate(context.matched.columns):
            column = table.left + i
            value = grid.value(row, column)
            if is_blank(value) or match.role in SILENT:
                continue
            name = match.measure.name if match.measure else match.role.rpartition(".")[2]
            fields.setdefault(name, _field_text(value, match, context))
            cells.setdefault(name, cell_name(*grid.at(*grid.anchors.get((row, column), (row, column)))))
            if match.role == "measure":
                numbers.append((column, match, value))
        if not fields:
            continue
        true_row = grid.at(row, table.left)[0]
        record = f"{notes.name}!{context.prefix}{true_row + 1}"
        notes.entries.append(Entry(notes.name, record, context.form.name, fields, cells, context.facts.known_at))
        for column, match, value in numbers:
            _add_people(context, notes, row, column, match, value, fields, record)
    mark_other_columns(context, notes)


def _field_text(value: CellValue, match: Match, context: TableContext) -> str:
    """The cell as text; a bare number under 万人 carries its 万."""
    text = masked_text(value)
    unit = unit_for(match, context.facts.corner) if match.measure else None
    is_bare = isinstance(value, (int, float)) or text.replace(".", "", 1).isdecimal()
    return f"{text}{unit}" if unit and is_bare and read_unit(unit).multiplier != 1 else text


def _period(context: TableContext, fields: dict[str, str]) -> tuple[date, date, str, str | None] | None:
    """The days a population figure is about: its year column, the sheet's period, or the day the data run to."""
    period, as_of = context.facts.period, context.facts.as_of
    year = fields.get("year", "").removesuffix("度").removesuffix("年")
    if year.isdecimal() and len(year) == 4:
        if as_of and as_of.year == int(year):
            return as_of, as_of, "day", None
        return date(int(year), 1, 1), date(int(year), 12, 31), "year", None
    if period and as_of and period.precision == "year" and period.start <= as_of <= period.end:
        return as_of, as_of, "day", None
    if isinstance(period, Period):
        return period.start, period.end, period.precision, period.label
    return (as_of, as_of, "day", None) if as_of else None


def _add_people(
    context: TableContext, notes: SheetNotes, row: int, column: int, match: Match, value: CellValue, fields: dict[str, str], record: str
) -> None:
    """One number of people as a measurement of the area; without a year only the entry holds it."""
    grid, facts = context.table.grid, context.facts
    if grid.anchors.get((row, column), (row, column)) != (row, column):
        return
    position = grid.at(row, column)
    names = [fields[name] for name in ("zh", "community", "town", "area", "unit") if fields.get(name)]
    period = _period(context, fields)
    stated = read_cell(value, match, unit_for(match, facts.corner))[0]
    for rule, details in stated.rules:
        said = {"what": f"“{match.heading}”", "what_en": f"“{match.heading}”", "unit": stated.measure.unit, **details}
        notes.reject(rule, position, text=value, **said)
    if period is None or not names or isinstance(value, (CellError, UncachedFormula)):
        notes.marks[position] = "attribute"
        return
    cell = cell_name(*position)
    notes.measured.append(cell)
    start, end, precision, label = period
    place = next((fields[name] for name in ("parent", "town") if fields.get(name) and fields[name] != names[0]), None)
    notes.measurements.append(
        Measurement(
            sheet=notes.name,
            cell=cell,
            record_id=record,
            form=context.form.name,
            channel=stated.measure.channel,
            measure=stated.measure.name,
            unit=stated.unit,
            kind=stated.measure.kind,
            subject=names[0],
            reporter=facts.reporter,
            start=start,
            end=end,
            period_precision=precision,
            period_label=label,
            value=stated.value,
            low=stated.low,
            high=stated.high,
            precision=stated.precision,
            reason=stated.reason,
            text=masked_text(value),
            header=match.heading,
            attributes={"place": place} if place else {},
            as_of=facts.as_of,
            known_at=facts.known_at,
        )
    )
