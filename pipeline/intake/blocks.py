"""Which blocks a sheet falls into and which way each runs: side by side, on its side, or as labels with their values.

Here: a sheet → all its tables and lines. A table that runs sideways or as label–value pairs is handed on as a small grid of its own that
remembers true positions, so that everything later is written once. Not here: reading one block downwards (layout.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from pipeline.forms.wording import sheet_words, squeeze, units_in
from pipeline.intake.grid import CellValue, Position, Sheet
from pipeline.intake.headers import header_bottom, is_header
from pipeline.intake.layout import read_lines, read_stream
from pipeline.intake.lines import LIST_MARK, SAYS_WHEN, Line, bare_key, heading_kind, looks_like_title, read_line, row_label
from pipeline.intake.long_lists import set_out
from pipeline.intake.period import read_known_at
from pipeline.intake.quantity import read_quantity
from pipeline.intake.regions import Grid, Table, filled, is_blank


@dataclass
class Layout:
    """All tables of a sheet in reading order, and the lines that belong to none."""

    tables: list[Table] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


def find_tables(sheet: Sheet) -> Layout:
    """Every table of a sheet: stacked or side by side, upright or on its side, starting anywhere."""
    rows = sheet.rows
    if not rows:
        return Layout()
    anchors = {(r, c): (top, left) for top, left, bottom, right in sheet.merges for r in range(top, bottom + 1) for c in range(left, right + 1)}
    spans = {(top, left): (bottom, right) for top, left, bottom, right in sheet.merges}
    grid = Grid(rows, anchors, spans)
    used = [c for c in range(len(rows[0])) if any(row[c] is not None for row in rows)]
    if not used:
        return Layout()
    layout = Layout()
    _read_region(grid, 0, len(rows) - 1, used[0], used[-1], layout)
    for table in layout.tables:
        if not table.above and layout.tables[0].top == table.top:
            table.above = layout.tables[0].above  # a title over tables that stand beside one another
        elif table is not layout.tables[0] and _has_caption_only(table):
            table.above = [*_sheet_head(layout.tables[0]), *table.above]
    _share_between_neighbours(grid, layout.tables)
    return layout


def _share_between_neighbours(grid: Grid, tables: list[Table]) -> None:
    """Tables side by side share what stands over or under both: a title merged across, or above the captions of a table that says no period
    itself, and the date at the foot."""
    for table in tables:
        for other in tables:
            if other is table or other.right >= table.left or other.top > table.bottom or table.top > other.bottom:
                continue
            top = min([table.top, *(line.row for line in table.above)])
            says_when = any("period" in line.fields or SAYS_WHEN.search(line.text) for line in table.above)
            above = [
                line
                for line in other.above
                if "unit" not in line.fields and line.row < table.top and (_covers(grid, line, table.left) or (line.row < top and not says_when))
            ]
            table.above = [*table.above, *(line for line in above if line not in table.above)]
            dated = [line for line in other.below if line.row > table.bottom and read_known_at(line.text)]
            table.below = [*table.below, *(line for line in dated if line not in table.below)]


def _covers(grid: Grid, line: Line, column: int) -> bool:
    """Is this line merged across that column?"""
    return line.column <= column <= grid.spans.get((line.row, line.column), (0, -1))[1]


def _has_caption_only(table: Table) -> bool:
    """Nothing above but 二、劝阻情况: a part of the sheet, whose period and reporter stand at the sheet's head."""
    return bool(table.above) and all(
        "unit" in line.fields or (LIST_MARK.match(line.text.strip()) and not line.fields and not SAYS_WHEN.search(line.text)) for line in table.above
    )


def _sheet_head(first: Table) -> list[Line]:
    """The lines over the first part's caption; its unit does not reach further."""
    captions = [i for i, line in enumerate(first.above) if LIST_MARK.match(line.text.strip())]
    return [line for line in first.above[: captions[0]] if "unit" not in line.fields] if captions and captions[0] else []


def _read_region(grid: Grid, top: int, bottom: int, left: int, right: int, layout: Layout) -> None:
    """Read a region: split it into streams where it stands side by side, over all its rows or within bands between blank rows."""
    ranges = _side_by_side(grid, top, bottom, left, right)
    if len(ranges) > 1:
        for start, end in ranges:
            _read_block(grid, top, bottom, start, end, layout)
        return
    bands = _bands(grid, top, bottom, left, right)
    if len(bands) > 1 and any(len(_side_by_side(grid, a, b, left, right)) > 1 for a, b in bands):
        waiting: list[Line] = []
        for a, b in bands:
            found = Layout()
            for start, end in _side_by_side(grid, a, b, left, right):
                _read_block(grid, a, b, start, end, found)
            for table in found.tables:
                table.above = [*waiting, *table.above]
            waiting = [] if found.tables else [*waiting, *found.lines]
            layout.tables += found.tables
            layout.lines += found.lines
        return
    _read_block(grid, top, bottom, left, right, layout)


def _bands(grid: Grid, top: int, bottom: int, left: int, right: int) -> list[tuple[int, int]]:
    """Runs of rows between wholly blank rows."""
    bands: list[tuple[int, int]] = []
    start = None
    for row in range(top, bottom + 2):
        is_filled = row <= bottom and _has_value(grid.rows[row][left : right + 1])
        if is_filled and start is None:
            start = row
        elif not is_filled and start is not None:
            bands.append((start, row - 1))
            start = None
    return bands


def _has_value(cells: list[CellValue]) -> bool:
    return any(cells) or any(value is not None for value in cells)  # nearly every row has something that is not zero


def _side_by_side(grid: Grid, top: int, bottom: int, left: int, right: int) -> list[tuple[int, int]]:
    """Column ranges that hold tables of their own: split at blank columns where both sides have a header with an identity column, or where a
    header repeats itself (a list folded in two). A block without such a header belongs to its left neighbour."""
    rows = grid.rows[top : bottom + 1]
    used = {c for c in range(left, right + 1) if any(not is_blank(row[c]) for row in rows)}
    blocks: list[list[int]] = []
    for column in range(left, right + 1):
        if column in used:
            if blocks and blocks[-1][1] == column - 1:
                blocks[-1][1] = column
            else:
                blocks.append([column, column])
    if len(blocks) > 1:
        joined = [blocks[0]]
        for block in blocks[1:]:
            if _has_own_header(grid, top, bottom, *block) and _has_own_header(grid, top, bottom, *joined[-1]):
                joined.append(block)
            else:
                joined[-1][1] = block[1]
        if len(joined) > 1:
            return [(a, b) for a, b in joined]
    return _folded(grid, top, bottom, left, right) or [(left, right)]


def _has_own_header(grid: Grid, top: int, bottom: int, left: int, right: int) -> bool:
    for row in range(top, bottom + 1):
        cells = filled(grid, row, left, right)
        if len(cells) >= 2 and is_header(grid, row, cells, bottom, left, right, may_guess=False):
            kinds = {heading_kind(str(v)) for _, v in cells}
            return bool(kinds & {"identity", "item"})
    return False


def _folded(grid: Grid, top: int, bottom: int, left: int, right: int) -> list[tuple[int, int]]:
    """单位 宣传单 横幅 | 单位 宣传单 横幅: the same headings twice in one row are two tables."""
    for row in range(top, min(bottom, top + 12) + 1):
        if float in map(type, grid.rows[row][left : right + 1]):
            continue
        cells = filled(grid, row, left, right)
        texts = [v.strip() if isinstance(v, str) else None for _, v in cells]
        if len(texts) < 4 or len(texts) % 2 or None in texts:
            continue
        half = len(texts) // 2
        if texts[:half] == texts[half:] and any(heading_kind(t or "") == "identity" for t in texts[:half]):
            middle = cells[half][0]
            return [(left, middle - 1), (middle, right)]
    return []


def _read_block(grid: Grid, top: int, bottom: int, left: int, right: int, layout: Layout) -> None:
    """Read one block the way it runs."""
    if not _has_upright_header(grid, top, bottom, left, right):
        sideways = _pairs(grid, top, bottom, left, right) or _sideways(grid, top, bottom, left, right)
        if sideways:
            layout.tables.append(sideways)
            return
    tables, lines = read_stream(grid, top, bottom, left, right)
    layout.tables += map(set_out, tables)
    layout.lines += lines


def _has_upright_header(grid: Grid, top: int, bottom: int, left: int, right: int) -> bool:
    """A header row with two measures: then the table runs downwards, whatever its first column says."""
    for row in range(top, min(bottom, top + 20) + 1):
        cells = filled(grid, row, left, right)
        if len(cells) >= 2 and is_header(grid, row, cells, bottom, left, right, may_guess=False):
            kinds = [heading_kind(v) for _, v in cells if isinstance(v, str)]
            if kinds.count("measure") >= 2 or ("identity" in kinds and "measure" in kinds and "item" not in kinds):
                if kinds.count("measure") >= 3:
                    return True
                below = header_bottom(grid, row, left, right, bottom) + 1
                labels = _label_column(grid, below, bottom, left, right)
                return not labels or _says_what_stands_below(grid.rows[row][labels[0]])
    return False


def _says_what_stands_below(heading: CellValue) -> bool:
    """平台 over 微信公众号 and 抖音: what looks like headings there are names in a column of their own."""
    return isinstance(heading, str) and heading_kind(heading) in ("identity", "text") and squeeze(heading) not in sheet_words().item_headings


def _label_column(grid: Grid, top: int, bottom: int, left: int, right: int) -> tuple[int, list[int]] | None:
    """The column whose cells are headings of measures (two at least, and half of its texts) or stand beside their units, with its rows; only
    groups and numbers left of it."""
    for column in range(left, min(left + 2, right) + 1):
        texts = [
            (row, v) for row in range(top, bottom + 1) if column < len(grid.rows[row]) and isinstance(v := grid.rows[row][column], str) and v.strip()
        ]
        labels = [(row, v) for row, v in texts if heading_kind(v) == "measure" and _has_value_beside(grid, row, column, right)]
        others = [v for _, v in texts if heading_kind(v) not in ("measure", "item", "shadow", "group") and not _is_line(v)]
        if len(labels) < max(2, len(others)):
            labels, others = [(row, v) for row, v in texts if _has_unit_beside(grid, row, column, right)], []
        rows = [row for row, _ in labels]
        if len(labels) >= max(2, len(others)) and len({v for _, v in labels}) == len(labels) and _is_first(grid, rows, left, column):
            return column, rows
    return None


def _has_unit_beside(grid: Grid, row: int, column: int, right: int) -> bool:
    """入户走访 | 户 | 210: what has a unit right beside it and a number behind that is counted, whatever it is."""
    unit = grid.rows[row][column + 1] if column < right else None
    return isinstance(unit, str) and bool(units_in(unit)) and any(_is_counted(v) for _, v in filled(grid, row, column + 2, right))


def _is_line(text: str) -> bool:
    """填报单位, 统计时间, 备注 or a title: what stands around a table, also in a cell of its own."""
    return bool(read_line(text)[1]) or bare_key(text) is not None or looks_like_title(text)


def _is_first(grid: Grid, rows: list[int], left: int, column: int) -> bool:
    """Nothing but ordinals and group names stands left of the labels; dates or names there make them cells of an upright ledger."""
    return all(_is_grouping(grid, rows, c) for c in range(left, column))


def _is_grouping(grid: Grid, rows: list[int], column: int) -> bool:
    """Ordinals, known groups, or words over several labels each (merged, or said once) that are no names of units."""
    beside = [v for row in rows if not is_blank(v := grid.rows[row][column])]
    strange = [
        v
        for v in beside
        if not (isinstance(v, (int, float)) or (isinstance(v, str) and (v.strip().isdecimal() or heading_kind(v) in ("group", "measure"))))
    ]
    if not strange:
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


def _sideways(grid: Grid, top: int, bottom: int, left: int, right: int) -> Table | None:
    """A table whose headings run down a column: transposed, so that headings stand in its first row(s)."""
    found = _label_column(grid, top, bottom, left, right)
    if found is None:
        return None
    column, label_rows = found
    first, last = label_rows[0], label_rows[-1]
    above_row = next((r for r in range(first - 1, top - 1, -1) if filled(grid, r, left, right)), None)
    while above_row is not None and _is_group_row(grid, above_row, column, right):
        first = above_row
        above_row = next((r for r in range(first - 1, top - 1, -1) if filled(grid, r, left, right)), None)
    if above_row is not None and _is_subject_row(grid, above_row, column, right):
        first = above_row
    while last + 1 <= bottom and _continues(grid, last + 1, left, column, right):
        last += 1
    parents = [c for c in range(left, column) if not _is_ordinal_column(grid, label_rows, c)]
    units = next(([c] for c in range(column + 1, right + 1) if _is_unit_column(grid, first, last, c)), [])
    heads = [*parents, column, *units]
    values = [c for c in range(column + 1, right + 1) if c not in units]
    remarks = [c for c in values if _is_remark_column(grid, label_rows, c)] if len(values) > 1 else []
    columns = [*heads, *(c for c in values if c not in remarks)]
    local = _transposed(grid, first, last, columns)
    tables, _ = read_stream(local, 0, len(columns) - 1, 0, last - first, (0, len(heads) - 1))
    table = tables[0]
    table.asides = {grid.at(r, c): "remark" for c in remarks for r in range(first, last + 1) if not is_blank(grid.rows[r][c])}
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


def _continues(grid: Grid, row: int, left: int, column: int, right: int) -> bool:
    """Does the table on its side go on in this row: a label with something beside it, and no signature or note?"""
    cells = filled(grid, row, left, right)
    label = grid.rows[row][column]
    if not isinstance(label, str) or is_blank(label) or len(cells) < 2:
        return False
    return read_line(label)[0] == "text" and not any(isinstance(v, str) and read_line(v)[0] in ("people", "note", "metadata") for _, v in cells)


def _is_unit_column(grid: Grid, first: int, last: int, column: int) -> bool:
    texts = [v for row in range(first, last + 1) if not is_blank(v := grid.rows[row][column])]
    units = [v for v in texts if isinstance(v, str) and units_in(v)]
    return len(units) >= 2 and len(units) >= len(texts) - 1


def _is_remark_column(grid: Grid, rows: list[int], column: int) -> bool:
    """备注, 完成情况 with 已完成 and √ in it: words only beside the labels, no number and nothing that stands for one."""
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


def _pairs(grid: Grid, top: int, bottom: int, left: int, right: int) -> Table | None:
    """宣传单 | 500 | 横幅 | 12: labels with their values beside them, several to a row; three at least make a table of one record."""
    found: list[tuple[Position, Position]] = []
    used_rows: set[int] = set()
    for row in range(top, bottom + 1):
        cells = filled(grid, row, left, right)
        for (column, label), (next_column, value) in pairwise(cells):
            is_label = isinstance(label, str) and heading_kind(label) == "measure" and not units_in(label)
            if is_label and not (isinstance(value, str) and (heading_kind(value) or units_in(value) or read_line(value)[1])):
                found.append(((row, column), (row, next_column)))
                used_rows.add(row)
    if len(found) < 3 or len(used_rows) == len(found):
        return None
    found = _with_unknown_labels(grid, found, used_rows, left, right)
    local = Grid(
        [[grid.rows[r][c] for (r, c), _ in found], [grid.rows[r][c] for _, (r, c) in found]],
        positions=[[grid.at(*label) for label, _ in found], [grid.at(*value) for _, value in found]],
        is_turned=True,
    )
    tables, _ = read_stream(local, 0, 1, 0, len(found) - 1, (0, 0))
    table = tables[0]
    taken = {cell for pair in found for cell in pair}
    for row in range(top, bottom + 1):
        lines = read_lines(grid, row, [(c, v) for c, v in filled(grid, row, left, right) if (row, c) not in taken])
        (table.above if row <= max(used_rows) else table.below).extend(lines)
    return table


def _with_unknown_labels(
    grid: Grid, found: list[tuple[Position, Position]], used_rows: set[int], left: int, right: int
) -> list[tuple[Position, Position]]:
    """The pairs, and in their rows every other text with a number right beside it: a label nobody knows, for matching to say so."""
    taken = {cell for pair in found for cell in pair}
    more = [
        ((row, column), (row, next_column))
        for row in sorted(used_rows)
        for (column, label), (next_column, value) in pairwise(filled(grid, row, left, right))
        if isinstance(label, str) and _is_counted(value) and (row, column) not in taken and (row, next_column) not in taken and not _is_line(label)
    ]
    return sorted([*found, *more])


def _is_counted(value: CellValue) -> bool:
    """A number, also in words (80余); no unit alone."""
    return isinstance(value, float) or (isinstance(value, str) and not units_in(value) and not read_quantity(value).is_missing)
