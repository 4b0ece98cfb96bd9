"""Where the tables of a sheet are: titles and metadata lines above, header paths, data rows, totals among them, notes below.

Here: positions and texts only. Not here: what a single line or label says (lines.py), which blocks a sheet falls into and which way they
run (blocks.py), which form a table is and what its columns mean (matching.py), the numbers (reading.py).

A sheet is read as streams: groups of columns that stand beside one another. In each stream tables follow one another downwards. A header row is
known by its words, or, for the first of a stream, by its shape. Merged cells fill only their own range and blanks are never filled.
"""

from __future__ import annotations

from functools import lru_cache

from pipeline.forms.wording import read_wording, sheet_words, squeeze, units_in
from pipeline.intake.grid import CellValue
from pipeline.intake.headers import header_bottom, is_header, is_numbering, read_header
from pipeline.intake.lines import (
    DATED,
    LIST_MARK,
    PERIOD_PART,
    SAYS_WHEN,
    SIGNED,
    Line,
    bare_key,
    heading_kind,
    key_before,
    looks_like_title,
    read_line,
    row_label,
    says_zero_report,
)
from pipeline.intake.quantity import read_quantity
from pipeline.intake.regions import Grid, Table, filled


def read_stream(
    grid: Grid, top: int, bottom: int, left: int, right: int, known_header: tuple[int, int] | None = None
) -> tuple[list[Table], list[Line]]:
    """The tables of one stream from top to bottom, and the lines that belong to none. `known_header`: first and last row of its only header."""
    tables: list[Table] = []
    pending: list[Line] = []
    row = top
    while row <= bottom:
        cells = filled(grid, row, left, right)
        if not cells:
            row += 1
            continue
        if known_header or is_header(grid, row, cells, bottom, left, right):
            first, last = known_header or (row, header_bottom(grid, row, left, right, bottom))
            table = read_header(grid, first, last, left, right)
            table.above, pending = pending, []
            row = _body(table, bottom)
            tables.append(table)
            if known_header:
                return tables, []
            continue
        pending += read_lines(grid, row, cells)
        row += 1
        if tables and _is_tail(pending):
            tables[-1].below += pending
            pending = []
    if tables:
        tables[-1].below += pending
        pending = []
    return tables, pending


def _is_tail(lines: list[Line]) -> bool:
    """Are these lines the end of the table above them (signatures, notes), not the beginning of another?"""
    return bool(lines) and all(line.kind in ("people", "note") or "known_at" in line.fields or "as_of" in line.fields for line in lines)


def read_lines(grid: Grid, row: int, cells: list[tuple[int, CellValue]]) -> list[Line]:
    """The texts of one row outside a table; a key alone in its cell (填报单位 | 城关派出所) takes the next cell as its value."""
    found: list[Line] = []
    skip = False
    for i, (column, value) in enumerate(cells):
        if skip:
            skip = False
            true_row, true_column = grid.at(row, column)
            found.append(Line(true_row, true_column, str(value), "metadata"))
            continue
        text = str(value).strip()
        kind, fields = read_line(text) if isinstance(value, str) else ("text", {})
        following = cells[i + 1][1] if i + 1 < len(cells) else None
        key = key_before(text, str(following)) if isinstance(value, str) and not fields else None
        if key and following is not None and not (isinstance(following, str) and (bare_key(following) or read_line(following)[0] != "text")):
            if key in ("people", "notes"):
                kind = "people" if key == "people" else "note"
            else:
                value_text = str(following)
                name = key if key != "unit" or units_in(value_text) else "reporter"
                kind, fields = "metadata", {name: value_text}
            skip = True
        true_row, true_column = grid.at(row, column)
        found.append(Line(true_row, true_column, text, "title" if kind == "text" and looks_like_title(text) else kind, fields))
    return found


def _body(table: Table, bottom: int) -> int:
    """Classify the rows below the header into table.kinds; returns the first row that is not part of the table."""
    grid, left, right = table.grid, table.left, table.right
    after_gap = False
    row = table.header_bottom + 1
    is_numbered = any(is_numbering(filled(grid, r, left, right)) for r in range(table.top, row))
    later = _later_labels(table)
    while row <= bottom:
        if not is_numbered and _is_plainly_data(grid.rows[row], left, right, later):
            table.kinds[row] = "data"
            after_gap = False
            row += 1
            continue
        cells = filled(grid, row, left, right)
        if not cells:
            after_gap = True
            row += 1
            continue
        kind = _row_kind(table, row, cells, bottom, later, after_gap=after_gap)
        if kind is None:
            return row
        table.kinds[row] = kind
        after_gap = False
        row += 1
    return row


def _later_labels(table: Table) -> list[int]:
    """Columns behind the first three where 合计 may stand: those of names, and those whose heading nobody knows."""
    later = zip(range(table.left + 3, table.right + 1), table.paths[3:], strict=True)
    return [c for c, path in later if path and not read_wording(path[-1]).units and heading_kind(path[-1]) in ("identity", None)]


def _is_total(cells: list[CellValue], columns: list[int]) -> bool:
    """合计 in one of these columns; 全所 there may be who took part."""
    return any(type(value := cells[c]) is str and row_label(value) == "total" and not value.strip().startswith("全") for c in columns)


def _is_plainly_data(cells: list[CellValue], left: int, right: int, later: list[int]) -> bool:
    """The usual row, decided fast: numbers in it, and no word at its head that could make it anything but data."""
    if type(cells[left]) not in (float, str) or float not in map(type, cells[left + 1 : right + 1]):
        return False
    if later and _is_total(cells, later):
        return False
    return not [value for value in cells[left : left + 3] if type(value) is str and not _is_plain_word(value)]


@lru_cache(maxsize=16384)
def _is_plain_word(text: str) -> bool:
    is_labelled = row_label(text) is not None or squeeze(text) in sheet_words().whole_periods
    return not is_labelled and bare_key(text) is None and read_line(text) == ("text", {}) and bool(text.strip())


def _row_kind(table: Table, row: int, cells: list[tuple[int, CellValue]], bottom: int, later: list[int], *, after_gap: bool) -> str | None:
    """What a row below the header is; None when the table has ended."""
    grid, left = table.grid, table.left
    first_column, first = cells[0]
    if later and len(cells) > 1 and _is_total(grid.rows[row], later):
        return "total"
    label = next((kind for c, v in cells[:3] if c <= left + 2 and isinstance(v, str) and (kind := row_label(v))), None)
    if len(cells) > 1 and any(c <= left + 2 and isinstance(v, str) and _is_whole_of_parts(table, c, v) for c, v in cells[:3]):
        return "total"
    if not isinstance(first, str):
        if label == "total" and len(cells) > 1:
            return "total"  # the column of names is not the first
        return "data" if not (len(cells) == 1 and after_gap and first_column > left) else None
    if label and (len(cells) > 1 or label in ("total", "comparison")):
        return label
    key = bare_key(first)
    line_kind, fields = read_line(first)
    if line_kind in ("people", "note") or (key in ("people", "notes") and not _has_number(cells)):
        return None
    if not _has_number(cells) and any(isinstance(v, str) and read_line(v)[0] == "people" for _, v in cells[1:]):
        return None  # 保卫处 | 审核： | 2024年11月1日填报
    if fields and first_column == left:
        return None
    if _is_signed(first) and len(cells) > 1 and not any(_is_counted(v) for _, v in cells[1:]):
        return None  # 保管员：曹某 | 电话…
    if len(cells) == 1:
        return _lone_cell(table, row, first_column, first, bottom, after_gap=after_gap)
    if _repeats_header(table, row):
        return "header"
    if is_header(grid, row, cells, bottom, left, table.right, may_guess=False, is_inside=not after_gap and row - 1 in table.kinds):
        return None
    if after_gap and all(isinstance(v, str) and (looks_like_title(v) or LIST_MARK.match(v.strip()) or read_line(v)[1]) for _, v in cells):
        return None
    return "data"


def _is_whole_of_parts(table: Table, column: int, text: str) -> bool:
    """全月 below 上旬 and 中旬 is their sum; by itself it is a row of data."""
    above = [v for row, kind in table.kinds.items() if kind == "data" and isinstance(v := table.grid.rows[row][column], str)]
    return squeeze(text) in sheet_words().whole_periods and len([v for v in above if PERIOD_PART.fullmatch(squeeze(v))]) > 1


def _lone_cell(table: Table, row: int, column: int, text: str, bottom: int, *, after_gap: bool) -> str | None:
    """A row with one text: 零报告, the title of the next table, a group's caption, a note, or a subject that reported nothing."""
    grid = table.grid
    _, end = grid.spans.get((row, column), (row, column))
    width = end - column + 1
    if says_zero_report(text):
        return "zero_report"
    following = next((r for r in range(row + 1, min(row + 4, bottom) + 1) if filled(grid, r, table.left, table.right)), None)
    if following == row + 1 and _heads_what_follows(table, row, text, bottom, after_gap=after_gap):
        return None
    if following is not None and (looks_like_title(text) or (after_gap and (LIST_MARK.match(text.strip()) or SAYS_WHEN.search(text)))):
        ahead = filled(grid, following, table.left, table.right)
        if is_header(grid, following, ahead, bottom, table.left, table.right, may_guess=False) or all(
            isinstance(v, str) and read_line(v)[1] for _, v in ahead
        ):
            return None
    if len(text) > 24 or (after_gap and looks_like_title(text)):
        return None
    is_below_total = list(table.kinds.values())[-1:] == ["total"]
    if following is None and (is_below_total or DATED.search(text) or _is_below_list_numbers(table, column)):
        return None  # 保卫处制 2023年11月3日; 学生科 below 合计; 街道综治办 below 1 2 3
    if SIGNED.match(text.strip()):
        goes_on = following is not None and len(ahead := filled(grid, following, table.left, table.right)) > 1 and _has_number(ahead)
        return "caption" if goes_on else None
    if text.strip().endswith((":", "：")):
        return "caption"  # 新增：
    if width > 1 and width * 2 >= table.right - table.left + 1:
        return "caption"
    if LIST_MARK.match(text.strip()):
        return "caption"
    if column > table.left + 2 or (after_gap and following is None):
        return None
    return "data"


def _heads_what_follows(table: Table, row: int, text: str, bottom: int, *, after_gap: bool) -> bool:
    """劝阻情况 below a blank row, or 8月中旬 anywhere, right above a row of headings: the caption of the next table."""
    cells = filled(table.grid, row + 1, table.left, table.right)
    if not (after_gap or PERIOD_PART.fullmatch(squeeze(text))) or len(cells) < 2:
        return False
    return _repeats_header(table, row + 1) or is_header(table.grid, row + 1, cells, bottom, table.left, table.right, may_guess=False)


def _is_below_list_numbers(table: Table, column: int) -> bool:
    """1 2 3 down a column: a word below them names no row. The rows found so far, for the table is still being read."""
    rows = [row for row, kind in table.kinds.items() if kind == "data"]
    return len(rows) > 1 and [table.grid.rows[row][column] for row in rows] == list(range(1, len(rows) + 1))


def _is_signed(text: str) -> bool:
    return bool(SIGNED.match(text.strip())) or text.strip().endswith((":", "："))


def _is_counted(value: CellValue) -> bool:
    return not isinstance(value, str) or not read_quantity(value).is_missing


def _has_number(cells: list[tuple[int, CellValue]]) -> bool:
    return any(isinstance(v, (int, float)) and not isinstance(v, bool) for _, v in cells)


def _repeats_header(table: Table, row: int) -> bool:
    """The header, or its last row with what stands over it, printed again at a page break or below a caption."""
    cells = filled(table.grid, row, table.left, table.right)
    if len(cells) < sum(map(bool, table.paths)) or not all(isinstance(v, str) for _, v in cells):
        return False
    headings = {c: {squeeze(part) for part in path} for c, path in enumerate(table.paths, table.left)}
    return all(squeeze(str(v)) in headings[c] for c, v in cells)
