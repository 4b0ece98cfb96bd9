"""The rows of one matched table → measurements, with whose they are, when, and what else the row says.

Here: subject, period and attributes of a row; one measurement per number. Blank subjects and dates are never filled from above; merged cells
fill their own range. Not here: one cell's number (cells.py), totals (totals.py), registers (registering.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from pipeline.forms.catalogue import Form
from pipeline.forms.wording import squeeze, units_in
from pipeline.intake.cells import Stated, read_cell
from pipeline.intake.collecting import SheetNotes, letters, masked_text, number_text
from pipeline.intake.grid import CellError, CellValue, Position, UncachedFormula
from pipeline.intake.layout import Table, is_blank
from pipeline.intake.lines import says_zero_report
from pipeline.intake.matching import Match, TableMatch, unit_for
from pipeline.intake.metadata import Facts
from pipeline.intake.period import Period, PeriodRefused
from pipeline.intake.quantity import read_quantity
from pipeline.intake.records import Measurement
from pipeline.intake.units import read_unit

AREA_ROLES = ("subject.community", "subject.town", "subject.area")
PLAIN_NUMBER_LIMIT = 10_000_000
"""A whole number below this is a count as it stands; a longer one may be a telephone number or a date, and is looked at closely."""


@dataclass(slots=True)
class ColumnPlan:
    """One measure column with everything that is the same for all its cells."""

    index: int
    match: Match
    unit: str | None
    is_plain: bool
    """A bare number is the value as it stands: unit known, no multiplier, counts and amounts alike."""
    takes_fractions: bool
    is_due: bool
    period: Period | None
    attributes: Mapping[str, str]


@dataclass
class TableContext:
    """A matched table with what its surroundings say."""

    table: Table
    matched: TableMatch
    form: Form
    facts: Facts
    is_1904: bool
    prefix: str = ""
    """Put in front of record ids where tables stand beside one another."""
    periods: dict[object, Period | PeriodRefused] = field(default_factory=dict)

    @cached_property
    def roles(self) -> dict[str, list[int]]:
        """Role → grid columns, in order."""
        found: dict[str, list[int]] = {}
        for i, match in enumerate(self.matched.columns):
            found.setdefault(match.role, []).append(self.table.left + i)
        return found

    @cached_property
    def is_ledger(self) -> bool:
        if self.form.grain == "by_date":
            dates = self.roles.get("date", [])
            return any(not is_blank(self.table.grid.value(row, c)) for c in dates[:1] for row in self.table.data_rows)
        return self.form.grain == "ledger"

    def plans(self) -> list[ColumnPlan]:
        return [self._plan(self.table.left + i, match) for i, match in enumerate(self.matched.columns) if match.role == "measure"]

    def _plan(self, index: int, match: Match) -> ColumnPlan:
        assert match.column is not None
        assert match.measure is not None
        unit = unit_for(match, self.facts.corner)
        kept = read_unit(unit)
        due = match.column.due if match.column.due is not None and self.is_ledger else not self.is_ledger
        period = self.facts.row_period(match.period_text) if match.period_text else None
        return ColumnPlan(
            index=index,
            match=match,
            unit=unit,
            is_plain=kept.multiplier == kept.divisor == 1 if unit else not match.column.needs_unit and match.measure.unit != "元",
            takes_fractions=match.measure.unit in ("元", "小时"),
            is_due=due,
            period=period if isinstance(period, Period) else None,
            attributes=match.constants,
        )

    def period_of(self, value: CellValue) -> Period | PeriodRefused:
        key = (type(value), value)
        if key not in self.periods:
            self.periods[key] = self.facts.row_period(value, is_1904=self.is_1904)
        return self.periods[key]


@dataclass(slots=True)
class RowHead:
    """Who, when and what else of one row."""

    subject: str
    reporter: str | None
    period: Period
    attributes: dict[str, str]
    unit: str | None
    known_at: date | None


def read_rows(context: TableContext, notes: SheetNotes) -> list[tuple[int, int]]:
    """Add every measurement of the table's data rows; returns (row, column) in the grid of each, in order."""
    table = context.table
    plans = context.plans()
    origins: list[tuple[int, int]] = []
    for row in table.data_rows:
        head = _head(context, notes, row, plans)
        if head is None:
            continue
        before = len(notes.measurements)
        _read_row(context, notes, row, head, plans, origins)
        if len(notes.measurements) == before and plans and _says_something(context, row):
            _keep_record(context, notes, row, head, plans, origins)
    mark_other_columns(context, notes)
    return origins


def _read_row(context: TableContext, notes: SheetNotes, row: int, head: RowHead, plans: list[ColumnPlan], origins: list[tuple[int, int]]) -> None:
    grid, facts = context.table.grid, context.facts
    cells, form, sheet = grid.rows[row], context.form.name, notes.name
    positions = grid.positions[row] if grid.positions else None
    record = _record_id(context, notes, row)
    number = str(row + 1)
    add, marks = notes.measurements.append, notes.marks
    blanks: list[ColumnPlan] = []
    n_values = 0
    for plan in plans:
        column = plan.index
        value = cells[column]
        if value is None and grid.anchors and (row, column) in grid.anchors:
            continue  # covered by a merged cell, whose number stands once
        position = positions[column] if positions else (row, column)
        if value is None or (type(value) is str and not value.strip()):
            if plan.is_due:
                blanks.append(plan)
            continue
        if grid.spans and (end := grid.spans.get((row, column), (row, column))[0]) > row:
            notes.reject("number_stands_in_one_row", position, text=value, count=end - row + 1)
            marks[position] = "rejected"
            continue
        marks[position] = "measurement"
        match = plan.match
        cell = letters(column) + number if positions is None else letters(position[1]) + str(position[0] + 1)
        attributes = {**head.attributes, **plan.attributes} if head.attributes else plan.attributes
        period = plan.period or head.period
        measure = match.measure
        assert measure is not None
        is_whole = type(value) is float and value == int(value) if type(value) is float and abs(value) < PLAIN_NUMBER_LIMIT else False
        if plan.is_plain and head.unit is None and type(value) is float and 0 <= value < PLAIN_NUMBER_LIMIT and (is_whole or plan.takes_fractions):
            is_apart = plan.unit is not None and read_unit(plan.unit).name in measure.apart
            add(
                Measurement(
                    sheet,
                    cell,
                    record,
                    form,
                    measure.channel,
                    measure.name,
                    (read_unit(plan.unit).name or measure.unit) if is_apart else measure.unit,
                    measure.kind,
                    head.subject,
                    head.reporter,
                    period.start,
                    period.end,
                    period.precision,
                    period.label,
                    value,
                    value,
                    value,
                    "exact",
                    "subset" if match.is_subset else "cumulative" if match.is_cumulative else "unit_assumed" if plan.unit is None else None,
                    str(int(value)) if is_whole else number_text(value),
                    match.heading,
                    attributes,
                    facts.as_of,
                    head.known_at,
                    match.is_cumulative or period.is_cumulative,
                    context.is_ledger,
                )
            )
            origins.append((row, column))
            n_values += 1
            continue
        for stated in read_cell(value, match, head.unit or plan.unit):
            _add(context, notes, stated, plan, head, record, cell, position, value, {**attributes, **stated.attributes, **plan.attributes})
            origins.append((row, column))
            n_values += stated.precision != "missing"
    reason = "stated_none" if blanks and not n_values and _says_zero(context, row) else "blank"
    for plan in blanks:
        _add_blank(context, notes, plan, head, record, row, reason)
        origins.append((row, plan.index))


def _add(
    context: TableContext,
    notes: SheetNotes,
    stated: Stated,
    plan: ColumnPlan,
    head: RowHead,
    record: str,
    cell: str,
    position: Position,
    value: CellValue,
    attributes: Mapping[str, str],
) -> None:
    """One Stated as a measurement, with its points."""
    period = plan.period or head.period
    measure = stated.measure
    is_cumulative = stated.is_cumulative or plan.match.is_cumulative or period.is_cumulative
    text = masked_text(value)
    notes.measurements.append(
        Measurement(
            sheet=notes.name,
            cell=cell,
            record_id=record,
            form=context.form.name,
            channel=measure.channel,
            measure=measure.name,
            unit=stated.unit,
            kind=measure.kind,
            subject=head.subject,
            reporter=head.reporter,
            start=period.start,
            end=period.end,
            period_precision=period.precision,
            period_label=period.label,
            value=stated.value,
            low=stated.low,
            high=stated.high,
            precision=stated.precision,
            reason=stated.reason or ("cumulative" if plan.match.is_cumulative else None),
            text=text,
            header=plan.match.heading,
            attributes={name: masked_text(words) for name, words in attributes.items()},
            as_of=context.facts.as_of,
            known_at=head.known_at,
            is_cumulative=is_cumulative,
            is_ledger=context.is_ledger,
        )
    )
    for rule, details in stated.rules:
        said = {
            "what": f"{head.subject}的“{plan.match.heading}”",
            "what_en": f"“{plan.match.heading}” of {head.subject}",
            "unit": measure.unit,
            **details,
        }
        notes.reject(rule, position, text=text, **said)


def _add_blank(context: TableContext, notes: SheetNotes, plan: ColumnPlan, head: RowHead, record: str, row: int, reason: str) -> None:
    """A due cell with nothing in it: missing, never 0."""
    assert plan.match.measure is not None
    position = context.table.grid.at(row, plan.index)
    notes.marks[position] = "measurement"
    stated = Stated(plan.match.measure, plan.match.measure.unit, None, None, None, "missing", reason)
    cell = letters(position[1]) + str(position[0] + 1)
    _add(context, notes, stated, plan, head, record, cell, position, None, {**head.attributes, **plan.attributes})


def _keep_record(context: TableContext, notes: SheetNotes, row: int, head: RowHead, plans: list[ColumnPlan], origins: list[tuple[int, int]]) -> None:
    """An activity or event without any number is still a record: its first number column is missing, blank."""
    _add_blank(context, notes, plans[0], head, _record_id(context, notes, row), row, "blank")
    origins.append((row, plans[0].index))


def _record_id(context: TableContext, notes: SheetNotes, row: int) -> str:
    """sheet!row; in a table on its side the column's letter stands for the row."""
    if context.table.grid.positions is None:
        return f"{notes.name}!{context.prefix}{row + 1}"
    true_row, true_column = context.table.grid.at(row, context.table.left)
    return f"{notes.name}!{letters(true_column)}" if row else f"{notes.name}!{true_row + 1}"


# -- head of a row --------------------------------------------------------------------------------------------------------------------


def _head(context: TableContext, notes: SheetNotes, row: int, plans: list[ColumnPlan]) -> RowHead | None:
    """Who and when; None (with the points) when the row's numbers cannot be loaded."""
    grid, facts, roles = context.table.grid, context.facts, context.roles
    n_numbers = sum(not is_blank(grid.rows[row][plan.index]) for plan in plans)
    subject, place = _subject(context, row)
    if subject is None:
        if n_numbers == 0 and not _says_something(context, row):
            _mark_row(context, notes, row, "empty_row")
            return None
        has_column = any(role.startswith("subject") for role in roles)
        if facts.reporter and (not has_column or len(context.table.data_rows) == 1):
            subject = facts.reporter
        else:
            rule = "row_has_a_subject" if has_column else "sheet_names_its_subject"
            column = next((columns[0] for role, columns in roles.items() if role.startswith("subject")), context.table.left)
            if has_column or row == context.table.data_rows[0]:
                notes.reject(rule, grid.at(row, column), count=n_numbers if has_column else _numbers_below(context, plans))
            _mark_row(context, notes, row, "no_subject")
            return None
    period = _period(context, notes, row)
    if period is None:
        _mark_row(context, notes, row, "no_period")
        return None
    attributes = {"place": place} if place else {}
    for role, columns in roles.items():
        if role.startswith("attribute."):
            texts = [masked_text(v) for c in columns if not is_blank(v := grid.value(row, c))]
            if texts:
                attributes[role.removeprefix("attribute.")] = "、".join(dict.fromkeys(texts))
    unit = next((str(v) for c in roles.get("unit", []) if isinstance(v := grid.value(row, c), str) and units_in(v)), None)
    return RowHead(subject, _reporter(context, row), period, attributes, unit, _known_at(context, row))


def _subject(context: TableContext, row: int) -> tuple[str | None, str | None]:
    """(subject, finer or other area of the row): a named unit, else the finest area named; only a merged cell fills more than itself."""
    grid, roles = context.table.grid, context.roles

    def text(role: str) -> str | None:
        for column in roles.get(role, []):
            value = grid.value(row, column)
            if not is_blank(value) and not isinstance(value, (CellError, UncachedFormula)):
                return masked_text(value)
        return None

    unit = text("subject.unit")
    areas = [area for role in AREA_ROLES if (area := text(role))]
    if unit:
        return unit, areas[0] if areas else None
    if areas:
        return areas[0], areas[1] if len(areas) > 1 else None
    has_column = any(role.startswith("subject") for role in roles)
    return (None if has_column else text("reporter")), None


def _reporter(context: TableContext, row: int) -> str | None:
    for column in context.roles.get("reporter", []):
        value = context.table.grid.value(row, column)
        if not is_blank(value):
            return masked_text(value)
    return context.facts.reporter


def _known_at(context: TableContext, row: int) -> date | None:
    for column in context.roles.get("known_at", []):
        value = context.table.grid.value(row, column)
        if not is_blank(value) and isinstance(found := context.period_of(value), Period):
            return found.end
    return context.facts.known_at


def _period(context: TableContext, notes: SheetNotes, row: int) -> Period | None:
    """The row's own date, else its own reporting period, else the table's."""
    grid, facts = context.table.grid, context.facts
    columns = [*context.roles.get("date", [])[:1], *context.roles.get("period", [])[:1]]
    for column in columns:
        value = grid.value(row, column)
        if is_blank(value):
            continue
        found = context.period_of(value)
        position = grid.at(row, column)
        if isinstance(found, PeriodRefused):
            notes.reject("row_date_is_readable", position, text=value, why=found.message, why_en=found.message_en)
            return None
        whole = facts.period
        if whole and (found.end < whole.start or found.start > whole.end):
            notes.reject("date_is_inside_the_sheet_period", position, text=value, period=span(whole))
        return found
    if facts.period and columns and context.is_ledger:
        notes.reject("row_has_a_date", grid.at(row, columns[0]), period=span(facts.period))
    if facts.period is None:
        _refuse_period(context, notes, row)
    return facts.period


def _refuse_period(context: TableContext, notes: SheetNotes, row: int) -> None:
    """Said once a table, at its first header cell."""
    if row != context.table.data_rows[0]:
        return
    refusal = context.facts.refusal
    why = refusal.message if refusal else "标题、统计时间、工作表名、落款和文件名里都没有可用的时间，请在标题或“统计时间”写明"
    why_en = refusal.message_en if refusal else "neither title, 统计时间, sheet name, footer nor file name gives one; please write it"
    notes.reject("period_is_stated", context.table.header_cells[0], why=why, why_en=why_en, count=_numbers_below(context, context.plans()))


def _numbers_below(context: TableContext, plans: list[ColumnPlan]) -> int:
    rows = context.table.grid.rows
    return sum(not is_blank(rows[row][plan.index]) for row in context.table.data_rows for plan in plans)


def span(period: Period) -> str:
    return f"{period.start.isoformat()}—{period.end.isoformat()}" if period.start != period.end else period.start.isoformat()


def _says_something(context: TableContext, row: int) -> bool:
    """Does the row name more than its ordinal: a date, a place, a text?"""
    table = context.table
    silent = set(context.roles.get("ordinal", []))
    return any(not is_blank(table.grid.rows[row][c]) for c in range(table.left, table.right + 1) if c not in silent)


def _says_zero(context: TableContext, row: int) -> bool:
    table = context.table
    return any(isinstance(v, str) and says_zero_report(squeeze(v)) for v in table.grid.rows[row][table.left : table.right + 1])


# -- marks ----------------------------------------------------------------------------------------------------------------------------

COLUMN_MARKS = {
    "ordinal": "ordinal",
    "item": "attribute",
    "reporter": "attribute",
    "date": "attribute",
    "period": "attribute",
    "known_at": "attribute",
    "unit": "attribute",
    "remark": "remark",
    "narrative": "narrative",
    "personal": "personal",
    "shadow": "typed_rate",
    "prevented_loss": "prevented_loss",
    "total": "total",
    "unknown": "unknown_heading",
    "blank": "unknown_heading",
    "ambiguous": "ambiguous_heading",
    "unit_clash": "ambiguous_heading",
}


def mark_other_columns(context: TableContext, notes: SheetNotes) -> None:
    """What became of the cells of data rows that are no numbers."""
    table, grid = context.table, context.table.grid
    for i, match in enumerate(context.matched.columns):
        if match.role == "measure":
            continue
        column = table.left + i
        mark = "attribute" if match.role.startswith(("attribute.", "subject.", "field.")) else COLUMN_MARKS[match.role]
        for row in table.data_rows:
            if not is_blank(grid.rows[row][column]):
                is_elsewhere = mark == "remark" and read_quantity(grid.rows[row][column]).reason == "see_elsewhere"
                notes.marks.setdefault(grid.at(row, column), "see_elsewhere" if is_elsewhere else mark)


def _mark_row(context: TableContext, notes: SheetNotes, row: int, reason: str) -> None:
    table, grid = context.table, context.table.grid
    for column in range(table.left, table.right + 1):
        if not is_blank(grid.rows[row][column]):
            notes.marks.setdefault(grid.at(row, column), reason)
