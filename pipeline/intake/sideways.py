"""Tables whose headings run down the side, turned over into a small grid that runs downwards.

Here: knowing the column of labels, by its words or by the units beside it; the table is handed on as a grid of its own that remembers true
positions, so that everything later is written once. Not here: which blocks a sheet falls into (blocks.py), labels with their values beside them
(label_pairs.py), reading downwards (layout.py), long lists (long_lists.py).
"""

from __future__ import annotations

from pipeline.forms.wording import is_unit, read_wording, sheet_words, units_in
from pipeline.intake.grid import CellValue
from pipeline.intake.layout import read_lines, read_stream
from pipeline.intake.lines import LIST_NUMBER, bare_key, heading_kind, looks_like_title, measure_of_heading, read_line, row_label
from pipeline.intake.quantity import read_quantity
from pipeline.intake.regions import Grid, Table, filled, is_blank


def label_column(grid: Grid, top: int, bottom: int, left: int, right: int) -> tuple[int, list[int]] | None:
    """The column whose cells are headings of measures (two at least, and half of its texts; below 指标 also those made of words we know) or
    stand beside their units, with its rows; only groups and numbers left of it."""
    for column in range(left, min(left + 2, right) + 1):
        texts = [
            (row, v) for row in range(top, bottom + 1) if column < len(grid.rows[row]) and isinstance(v := grid.rows[row][column], str) and v.strip()
        ]
        texts = [(row, LIST_NUMBER.sub("", v)) for row, v in texts]
        has_items = any(heading_kind(v) == "item" and not _is_foreign(grid, row, left, right) for row, v in texts)
        named = {v for _, v in texts if not units_in(v) and (heading_kind(v) == "measure" or (has_items and measure_of_heading(v)))}
        labels = [(row, v) for row, v in texts if v in named and _has_value_beside(grid, row, column, right)]
        others = [v for _, v in texts if v not in named and heading_kind(v) not in ("item", "shadow", "group") and not is_line(v)]
        if len(labels) < max(2, len(others)):
            labels, others = [(row, v) for row, v in texts if _has_unit_beside(grid, row, column, right)], []
        rows = [row for row, _ in labels]
        if len(labels) >= max(2, len(others)) and len({v for _, v in labels}) == len(labels) and _is_first(grid, rows, left, column):
            return column, rows
    return None


def _is_foreign(grid: Grid, row: int, left: int, right: int) -> bool:
    """单价 beside 项目: the items are somebody else's."""
    return any(isinstance(v, str) and read_wording(v).base in sheet_words().foreign_headings for _, v in filled(grid, row, left, right))


def _has_unit_beside(grid: Grid, row: int, column: int, right: int) -> bool:
    """入户走访 | 户 | 210: what has a unit right beside it and a number behind that is counted, whatever it is."""
    unit = grid.rows[row][column + 1] if column < right else None
    return isinstance(unit, str) and bool(units_in(unit)) and any(is_counted(v) for _, v in filled(grid, row, column + 2, right))


def is_line(text: str) -> bool:
    """填报单位, 统计时间, 备注 or a title: what stands around a table, also in a cell of its own."""
    return bool(read_line(text)[1]) or bare_key(text) is not None or looks_like_title(text)


def _is_first(grid: Grid, rows: list[int], left: int, column: int) -> bool:
    """Nothing but ordinals and group names stands left of the labels; dates or names there make them cells of an upright ledger."""
    return all(_is_grouping(grid, rows, c) for c in range(left, column))


def _is_grouping(grid: Grid, rows: list[int], column: int) -> bool:
    """Ordinals, units, known groups, or words over several labels each (merged, or said once) that are no names of units."""
    beside = [v for row in rows if not is_blank(v := grid.rows[row][column])]
    strange = [
        v
        for v in beside
        if not (isinstance(v, (int, float)) or (isinstance(v, str) and (v.strip().isdecimal() or heading_kind(v) in ("group", "measure"))))
    ]
    if not strange or all(isinstance(v, str) and units_in(v) for v in beside):
        return True
    above = next((v for row in range(rows[0] - 1, -1, -1) if not is_blank(v := grid.rows[row][column])), None)
    return (
        len(beside) < len(rows)
        and not (isinstance(above, str) and heading_kind(above) == "identity")
        and all(isinstance(v, str) and not v.strip().endswith(sheet_words().name_endings) for v in strange)
    )


def _has_value_beside(grid: Grid, row: int, column: int, right: int) -> bool:
    beside = [v for _, v in filled(grid, row, column + 1, right)]
    return not beside or any(not isinstance(v, str) or heading_kind(v) is None or bool(units_in(v)) for v in beside)


def sideways(grid: Grid, top: int, bottom: int, left: int, right: int) -> Table | None:
    """A table whose headings run down a column: transposed, so that headings stand in its first row(s)."""
    found = label_column(grid, top, bottom, left, right)
    if found is None:
        return None
    column, label_rows = found
    first, last = label_rows[0], label_rows[-1]
    while first - 1 >= top and _continues(grid, first - 1, left, column, right) and _has_number_beside(grid, first - 1, column, right):
        first -= 1  # a label nobody knows above the first known one
    above_row = next((r for r in range(first - 1, top - 1, -1) if filled(grid, r, left, right)), None)
    while above_row is not None and _is_group_row(grid, above_row, column, right):
        first = above_row
        above_row = next((r for r in range(first - 1, top - 1, -1) if filled(grid, r, left, right)), None)
    head = next((r for r in range(first - 1, top - 1, -1) if not _is_caption_row(grid, r, left, right)), None)
    if above_row is not None and _is_subject_row(grid, above_row, column, right):
        first = above_row
    elif head is not None and _heads_columns(grid, head, column, label_rows, right) and _is_subject_row(grid, head, column, right):
        first = head  # 一、线下宣传 stands below the row of names
    while last + 1 <= bottom and _continues(grid, last + 1, left, column, right):
        last += 1
    units = next(([c] for c in range(left, right + 1) if c != column and _is_unit_column(grid, first, last, c)), [])
    parents = [c for c in range(left, column) if c not in units and not _is_ordinal_column(grid, label_rows, c)]
    heads = [*parents, column, *units]
    values = [c for c in range(column + 1, right + 1) if c not in units]
    remarks = [c for c in values if _is_remark_column(grid, first, label_rows, c)] if len(values) > 1 else []
    columns = [*heads, *(c for c in values if c not in remarks)]
    local = _transposed(grid, first, last, columns)
    labels = local.rows[heads.index(column)]
    labels[:] = [LIST_NUMBER.sub("", v) if isinstance(v, str) else v for v in labels]
    captions = [r for r in range(first, last + 1) if len(filled(grid, r, left, right)) == 1 and _only_groups(labels[r - first])]
    for row in captions:
        labels[row - first] = None  # 一、线下宣传 among the labels counts nothing
    tables, _ = read_stream(local, 0, len(columns) - 1, 0, last - first, (0, len(heads) - 1))
    table = tables[0]
    unread = {**dict.fromkeys(remarks, "remark"), **dict.fromkeys((c for c in range(left, column) if c not in heads), "ordinal")}
    table.asides = {grid.at(r, c): mark for c, mark in unread.items() for r in range(first, last + 1) if not is_blank(grid.rows[r][c])}
    table.asides |= {grid.at(row, column): "caption" for row in captions}
    table.above = [line for row in range(top, first) for line in read_lines(grid, row, filled(grid, row, left, right))]
    table.below = [line for row in range(last + 1, bottom + 1) for line in read_lines(grid, row, filled(grid, row, left, right))]
    return table


def _is_group_row(grid: Grid, row: int, column: int, right: int) -> bool:
    """A known heading without numbers of measures right above the first label (挽损金额, 同比 …)."""
    value = grid.rows[row][column]
    beside = filled(grid, row, column + 1, right)
    return isinstance(value, str) and heading_kind(value) == "shadow" and row_label(value) is None and bool(beside)


def _is_subject_row(grid: Grid, row: int, column: int, right: int) -> bool:
    """The row of unit names (or 数值, 本周) over the numbers of a table on its side."""
    beside = filled(grid, row, column + 1, right)
    whole = filled(grid, row, 0, right)
    if not beside or any(isinstance(v, str) and (read_line(v)[1] or looks_like_title(v)) for _, v in whole):
        return False
    return all(isinstance(v, str) for _, v in beside)


def _is_caption_row(grid: Grid, row: int, left: int, right: int) -> bool:
    """一、线下宣传 or 线下宣传 in a row of its own, or a blank row."""
    cells = filled(grid, row, left, right)
    return not cells or (len(cells) == 1 and isinstance(text := cells[0][1], str) and not is_line(text))


def _only_groups(label: CellValue) -> bool:
    return isinstance(label, str) and heading_kind(label) == "group"


def _heads_columns(grid: Grid, row: int, column: int, rows: list[int], right: int) -> bool:
    """指标 over the labels, or a text over each of several columns of numbers."""
    heading = grid.rows[row][column]
    if isinstance(heading, str) and heading_kind(heading) == "item":
        return True
    numbers = [c for c in range(column + 1, right + 1) if any(not is_blank(grid.rows[r][c]) for r in rows)]
    return len(numbers) > 1 and not any(is_blank(grid.rows[row][c]) for c in numbers)


def _continues(grid: Grid, row: int, left: int, column: int, right: int) -> bool:
    """Does the table on its side go on in this row: a label with something beside it, and no signature or note?"""
    cells = filled(grid, row, left, right)
    label = grid.rows[row][column]
    if not isinstance(label, str) or is_blank(label) or len(cells) < 2:
        return False
    return read_line(label)[0] == "text" and not any(isinstance(v, str) and read_line(v)[0] in ("people", "note", "metadata") for _, v in cells)


def _has_number_beside(grid: Grid, row: int, column: int, right: int) -> bool:
    return any(is_counted(v) for _, v in filled(grid, row, column + 1, right))


def _is_unit_column(grid: Grid, first: int, last: int, column: int) -> bool:
    texts = [v for row in range(first, last + 1) if not is_blank(v := grid.rows[row][column])]
    units = [v for v in texts if isinstance(v, str) and is_unit(v)]
    return len(units) >= 2 and len(units) >= len(texts) - 1


def _is_remark_column(grid: Grid, head: int, rows: list[int], column: int) -> bool:
    """备注, whatever is in it; 完成情况 with 已完成 and √: words only beside the labels, no number and nothing that stands for one."""
    heading = grid.rows[head][column]
    if head not in rows and isinstance(heading, str) and bare_key(heading) == "notes":
        return True
    texts = [v for row in rows if not is_blank(v := grid.rows[row][column])]
    return bool(texts) and all(isinstance(v, str) and read_quantity(v).reason in ("unreadable", "tick_only", "claim_without_measure") for v in texts)


def _is_ordinal_column(grid: Grid, rows: list[int], column: int) -> bool:
    """1 2 3 in front of the labels."""
    values = [v for row in rows if not is_blank(v := grid.rows[row][column])]
    return bool(values) and all(isinstance(v, (int, float)) or (isinstance(v, str) and v.strip(" .、").isdecimal()) for v in values)


def _transposed(grid: Grid, top: int, bottom: int, columns: list[int]) -> Grid:
    """These columns as rows, in this order. A merged range stays one where its columns stay neighbours."""
    rows: list[list[CellValue]] = [[grid.rows[r][c] for r in range(top, bottom + 1)] for c in columns]
    positions = [[grid.at(r, c) for r in range(top, bottom + 1)] for c in columns]
    order = {c: i for i, c in enumerate(columns)}
    inside = {a: e for a, e in grid.spans.items() if top <= a[0] <= e[0] <= bottom and a[1] in order and order.get(e[1]) == order[a[1]] + e[1] - a[1]}
    spans = {(order[c], r - top): (order[end_column], end_row - top) for (r, c), (end_row, end_column) in inside.items()}
    anchors = {(i, j): anchor for anchor, (end_i, end_j) in spans.items() for i in range(anchor[0], end_i + 1) for j in range(anchor[1], end_j + 1)}
    return Grid(rows, anchors, spans, positions, is_turned=True)


def is_counted(value: CellValue) -> bool:
    """A number, also in words (80余); no unit alone."""
    return isinstance(value, float) or (isinstance(value, str) and not units_in(value) and not read_quantity(value).is_missing)
