"""The numbers of a matched table's data rows → measurements.

Here: one measurement per number, and what became of the other cells of data rows. This is the hot path of reading: whatever is the same for a
row or a column is known before its cells are walked. Not here: whose and when (heads.py), one cell's number (cells.py), totals (totals.py),
registers (registering.py).
"""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.forms.wording import read_wording, sheet_words
from pipeline.intake.cells import MISLEADING_TYPES, Stated
from pipeline.intake.collecting import SheetNotes, letters
from pipeline.intake.context import ColumnPlan, TableContext
from pipeline.intake.grid import CellValue
from pipeline.intake.heads import RowHead, mark_row, read_head
from pipeline.intake.lines import measure_of_heading, says_zero_report
from pipeline.intake.quantity import read_quantity
from pipeline.intake.records import Measurement
from pipeline.intake.regions import is_blank


def read_rows(context: TableContext, notes: SheetNotes) -> None:
    """Add every measurement of the table's data rows."""
    plans, has_items = context.plans, "item" in context.roles
    alike: dict[tuple[object, ...], list[int]] = {}
    _say_undated_columns(context, notes)
    for row in context.table.data_rows:
        head = read_head(context, notes, row)
        if head is None or (has_items and _is_of_another_item(context, notes, row)):
            continue
        alike.setdefault((head.subject, head.period.start, head.period.end, *head.attributes.items()), []).append(row)
        before = len(notes.measurements)
        _read_row(context, notes, row, head)
        if len(notes.measurements) == before and plans and context.says_something(row):
            # An activity or event without any number is still a record: its first number column is missing, blank.
            present = [plan for plan in plans if (row, plan.index) not in context.table.grid.absent]
            _add_blanks(context, notes, row, head, present[:1], "blank")
    if not context.is_ledger and len(alike) < len(context.table.data_rows):
        _say_rows_alike(context, notes, alike)
    _read_running_totals(context, notes)
    mark_other_columns(context, notes)


def _say_undated_columns(context: TableContext, notes: SheetNotes) -> None:
    table = context.table
    for i, refusal in context.undated.items():
        heading = context.matched.columns[i].heading
        notes.reject("heading_period_is_readable", table.header_cells[i], text=heading, why=refusal.message, why_en=refusal.message_en)
        for row in table.data_rows:
            if not is_blank(table.grid.rows[row][table.left + i]):
                notes.marks.setdefault(table.grid.at(row, table.left + i), "no_period")


def _say_rows_alike(context: TableContext, notes: SheetNotes, alike: dict[tuple[object, ...], list[int]]) -> None:
    """In a tally two rows of one unit and time that say different numbers: a unit written twice, or what tells the rows apart was not understood.
    Neither number will stand, so both rows are asked about."""
    rows, at = context.table.grid.rows, context.table.grid.at
    for (subject, start, end, *_), same in alike.items():
        first = same[0]
        for row in same[1:]:
            differing = next(
                (p.index for p in context.plans if not is_blank(a := rows[first][p.index]) and not is_blank(b := rows[row][p.index]) and a != b), None
            )
            if differing is not None:
                period = f"{start}—{end}"
                notes.reject("rows_are_told_apart", at(row, differing), text=rows[row][differing], subject=subject, period=period)


def _read_running_totals(context: TableContext, notes: SheetNotes) -> None:
    """累计 below 本周 in a table of one unit: its running totals of flows. Below rows of several units it is their sum, and set aside."""
    if context.has_subject_column or not context.facts.reporter:
        return
    for row in [row for row, kind in context.table.kinds.items() if kind == "cumulative"]:
        head = read_head(context, notes, row)
        if head is None:
            continue
        before = len(notes.measurements)
        _read_row(context, notes, row, head, is_running=True)
        read = notes.measurements[before:]
        notes.measurements[before:] = [m._replace(is_cumulative=True, reason=m.reason or "cumulative") for m in read]
        context.table.kinds[row] = "running"
        cells = {m.cell for m in read}
        for column in range(context.table.left, context.table.right + 1):
            if not is_blank(context.table.grid.rows[row][column]) and _cell(context, row, column) not in cells:
                notes.marks.setdefault(context.table.grid.at(row, column), "typed_cumulative")


def _is_of_another_item(context: TableContext, notes: SheetNotes, row: int) -> bool:
    """项目 横幅 in a row whose 数量 was taken for leaflets: the number is of what its row names, and goes back."""
    generic = [plan for plan in context.plans if read_wording(plan.match.heading).base in sheet_words().number_headings]
    item = context.cell(row, context.roles["item"][0]) if generic else None
    named = measure_of_heading(item) if isinstance(item, str) else None
    code = generic[0].measure.code if generic else None
    is_of_form = bool(generic) and generic[0].measure.channel == context.form.name
    if not isinstance(item, str) or named == code or (named is None and (is_of_form or _items_of(context) <= {code, None})):
        return False  # 鼠标垫 on a sheet of materials is one of them; among 横幅 and 讲座 it may be anything
    notes.reject("item_is_a_heading", context.table.grid.at(row, generic[0].index), text=str(item), nearest=generic[0].match.heading)
    mark_row(context, notes, row, "rejected")
    return True


def _items_of(context: TableContext) -> set[str | None]:
    """The measures that the items of a table name."""
    column = context.roles["item"][0]
    return {measure_of_heading(item) for row in context.table.data_rows if isinstance(item := context.cell(row, column), str)}


def _read_row(context: TableContext, notes: SheetNotes, row: int, head: RowHead, *, is_running: bool = False) -> None:
    grid, sheet, form, is_ledger, as_of = context.table.grid, notes.name, context.form.name, context.is_ledger, context.facts.as_of
    cells, subject, reporter, known_at, whole, shared = grid.rows[row], head.subject, head.reporter, head.known_at, head.period, head.attributes
    record, number = record_id(context, notes, row), str(row + 1)
    is_merged = row in context.merged_rows
    is_usual = head.unit is None and MISLEADING_TYPES.isdisjoint(map(type, cells))
    add, add_cell, before = notes.measurements.append, notes.measured.append, len(notes.measurements)
    new = tuple.__new__  # a Measurement called by name would take nearly twice as long; its fields follow in their order
    blanks: list[ColumnPlan] = []
    for column, letter, heading, own_period, of_column, known, plan in context.walk_of_flows if is_running else context.walk:
        value = cells[column]
        if is_merged and (row, column) in grid.anchors and _is_shared(context, notes, row, column, value):
            continue
        text, found = (known(value) if is_usual else None) or plan.reader.read(value, head.unit)  # most hold what a column like theirs held before
        if not found:
            if plan.is_due and not is_running and (row, column) not in grid.absent:
                blanks.append(plan)
            continue
        period = own_period or whole
        cell = letter + number if letter else _cell(context, row, column)
        add_cell(cell)
        own_attributes = _beside_those_of_row(shared, of_column) if shared and not is_ledger else of_column
        attributes = {**shared, **own_attributes} if shared else own_attributes
        for stated in found:
            if stated.attributes:
                attributes = {**attributes, **stated.attributes, **own_attributes}
            measure = stated.measure
            add(
                new(
                    Measurement,
                    (
                        sheet,
                        cell,
                        record,
                        form,
                        measure.channel,
                        measure.name,
                        stated.unit,
                        measure.kind,
                        subject,
                        reporter,
                        period.start,
                        period.end,
                        period.precision,
                        period.label,
                        stated.value,
                        stated.low,
                        stated.high,
                        stated.precision,
                        stated.reason,
                        text,
                        heading,
                        attributes,
                        as_of,
                        known_at,
                        stated.is_cumulative or period.is_cumulative,
                        is_ledger,
                    ),
                )
            )
            if stated.rules:
                _say(context, notes, row, column, head, plan, stated, text)
    if blanks:
        has_values = any(m.precision != "missing" for m in notes.measurements[before:])
        _add_blanks(context, notes, row, head, blanks, "stated_none" if not has_values and _says_zero(context, row) else "blank")


def _beside_those_of_row(shared: Mapping[str, str], own: Mapping[str, str]) -> Mapping[str, str]:
    """平台 抖音 and 直播 each beside the heading 短视频: in a tally both tell a number from its neighbours, so both are kept."""
    if own.keys().isdisjoint(shared):
        return own
    return {name: value if shared.get(name, value) == value else f"{shared[name]}、{value}" for name, value in own.items()}


def _is_shared(context: TableContext, notes: SheetNotes, row: int, column: int, value: CellValue) -> bool:
    """A merged cell's number belongs to no single row when the range covers several; cells it covers say nothing of their own."""
    grid = context.table.grid
    if grid.anchors[row, column] != (row, column):
        return True
    end = grid.spans[row, column][0]
    if end == row or is_blank(value):
        return False
    notes.reject("number_stands_in_one_row", grid.at(row, column), text=value, count=end - row + 1)
    notes.marks[grid.at(row, column)] = "rejected"
    return True


def _say(context: TableContext, notes: SheetNotes, row: int, column: int, head: RowHead, plan: ColumnPlan, stated: Stated, text: str) -> None:
    """The points of one number."""
    heading, subject = plan.match.heading, head.subject
    for rule, details in stated.rules:
        said = {"what": f"{subject}的“{heading}”", "what_en": f"“{heading}” of {subject}", "unit": stated.measure.unit, **details}
        notes.reject(rule, context.table.grid.at(row, column), text=text, **said)


def _add_blanks(context: TableContext, notes: SheetNotes, row: int, head: RowHead, plans: list[ColumnPlan], reason: str) -> None:
    """Due cells with nothing in them: missing, never 0."""
    record = record_id(context, notes, row)
    for plan in plans:
        measure = plan.measure
        period = plan.period or head.period
        cell = _cell(context, row, plan.index)
        notes.measured.append(cell)
        notes.measurements.append(
            Measurement(
                sheet=notes.name,
                cell=cell,
                record_id=record,
                form=context.form.name,
                channel=measure.channel,
                measure=measure.name,
                unit=plan.reader.kept_unit,
                kind=measure.kind,
                subject=head.subject,
                reporter=head.reporter,
                start=period.start,
                end=period.end,
                period_precision=period.precision,
                period_label=period.label,
                value=None,
                low=None,
                high=None,
                precision="missing",
                reason=reason,
                text="",
                header=plan.match.heading,
                attributes={**head.attributes, **(plan.attributes if context.is_ledger else _beside_those_of_row(head.attributes, plan.attributes))},
                as_of=context.facts.as_of,
                known_at=head.known_at,
                is_cumulative=plan.match.is_cumulative or period.is_cumulative,
                is_ledger=context.is_ledger,
            )
        )


def _cell(context: TableContext, row: int, column: int) -> str:
    true_row, true_column = context.table.grid.at(row, column)
    return letters(true_column) + str(true_row + 1)


def record_id(context: TableContext, notes: SheetNotes, row: int) -> str:
    """sheet!row; in a table on its side the column's letter stands for the row, with the first row of the table: cards stand below one another."""
    grid = context.table.grid
    if grid.positions is None:
        return f"{notes.name}!{context.prefix}{row + 1}"
    true_row, true_column = grid.at(row, context.table.left)
    return f"{notes.name}!{letters(true_column)}{true_row + 1}" if grid.is_turned else f"{notes.name}!{context.prefix}{true_row + 1}"


def _says_zero(context: TableContext, row: int) -> bool:
    table = context.table
    return any(isinstance(v, str) and says_zero_report(v) for v in table.grid.rows[row][table.left : table.right + 1])


COLUMN_MARKS = {
    "ordinal": "ordinal",
    "item": "attribute",
    "reporter": "attribute",
    "date": "attribute",
    "filed_at": "attribute",
    "until": "attribute",
    "wider": "wider_base",
    "uncounted": "not_collected",
    "period": "attribute",
    "known_at": "attribute",
    "unit": "attribute",
    "remark": "remark",
    "narrative": "narrative",
    "personal": "personal",
    "shadow": "typed_rate",
    "prevented_loss": "prevented_loss",
    "total": "total",
    "subset": "subset",
    "unknown": "unknown_heading",
    "blank": "unknown_heading",
    "ambiguous": "ambiguous_heading",
    "unit_clash": "ambiguous_heading",
}


def mark_other_columns(context: TableContext, notes: SheetNotes) -> None:
    """What became of the cells of data rows that are no numbers."""
    table, grid, marks = context.table, context.table.grid, notes.marks
    for i, match in enumerate(context.matched.columns):
        if match.role == "measure":
            continue
        column = table.left + i
        mark = "attribute" if match.role.startswith(("attribute.", "subject.", "field.")) else COLUMN_MARKS[match.role]
        for row, value in zip(table.data_rows, table.data_columns[i], strict=True):
            if value is None or is_blank(value):
                continue
            said = mark
            if mark == "remark" and read_quantity(value).reason == "see_elsewhere":
                said = "see_elsewhere"
            elif match.role == "blank" and is_beside(value):
                said = "remark"
            marks.setdefault((row, column) if grid.positions is None else grid.at(row, column), said)


def is_beside(value: CellValue) -> bool:
    """去年同期发放41200份 in a column without a heading: words beside the table, no number of it."""
    if not isinstance(value, str):
        return False
    quantity = read_quantity(value)
    return quantity.is_missing or bool(quantity.lead)
