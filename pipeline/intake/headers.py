"""Header rows: which row is one, how far down it reaches, and the path of heading texts over each column.

Here: one to four rows, merged or with their merges lost, with rows of units (份 条 块) and of column numbers (甲 乙 1 2) among them.
Not here: the rows below (layout.py), what a heading means (matching.py).
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from itertools import pairwise

from pipeline.forms.wording import is_unit, read_wording, sheet_words, squeeze, units_in
from pipeline.intake.grid import CellValue, Position
from pipeline.intake.lines import bare_key, heading_kind, looks_like_title, read_line, row_label
from pipeline.intake.quantity import read_quantity
from pipeline.intake.regions import Grid, Table, filled, is_blank

MAX_HEADER_ROWS = 4
UNIT_CORNER = re.compile(r"[(（]?(?:计量|金额)?单\s*位\s*[:：]\s*\S")
"""单位：份、条 says a unit or a reporter; a heading 单位： alone would not go on."""
FIGURE = re.compile(r"\d[\d.,:：/年月日号\-—–~～至到]*[余多万千百亿]*")
"""What a date or a number at the beginning of a text takes; 60周岁以上老人 goes on with words."""
ANSWERS = frozenset(["not_reported", "stated_none", "dash", "not_applicable", "refers_above", "tick_only"])
"""未报, 无, —: what stands in a due cell has no number, and heads nothing."""
NUMERALS = frozenset("一二两三四五六七八九十百千近约数上几")
NUMBERING = frozenset("甲乙丙丁戊己庚辛壬癸") | {"栏次", "列次"}


def is_header(
    grid: Grid, row: int, cells: list[tuple[int, CellValue]], bottom: int, left: int, right: int, *, may_guess: bool = True, is_inside: bool = False
) -> bool:
    """Is this a header row: by its words (two known headings, half of all), or, where nothing else is known, by its shape?

    `is_inside` a table stricter: known words only, so that a row of texts (学校 讲座 学生) is not taken for headings.
    """
    texts = [v for _, v in cells if isinstance(v, str)]
    days = [c for c, v in cells if isinstance(v, date)]
    if len(days) >= 2 and texts and not is_inside and len(days) + len(texts) == len(cells):
        return _has_header_shape(grid, row, [(c, v) for c, v in cells if c in days], bottom, left, right)
    if len(texts) < 2 or len(texts) < len(cells) or any(map(_is_no_heading, texts)):
        return False
    kinds = list(map(heading_kind, texts))
    is_said_of_key = len(texts) == 2 and bare_key(texts[0]) is not None and (kinds[1] == "period" or _is_name(texts[1]))
    if is_said_of_key or (len(texts) == 2 and set(kinds) == {None, "period"}):
        return False  # 统计月份 | 2025年3月, 填报单位 | 南湖街道, 县快递协会 | 6月2日—6月8日
    hits = len(kinds) - kinds.count(None)
    if is_inside:
        return hits >= 3 and hits >= 0.8 * len(texts) and "identity" in kinds and "measure" in kinds
    if hits >= 2 and 2 * hits >= len(texts) and set(kinds) != {"period"}:
        return True
    if _reaches_into_header(grid, row, cells, bottom, left, right):
        return True
    return may_guess and _has_header_shape(grid, row, cells, bottom, left, right)


def _reaches_into_header(grid: Grid, row: int, cells: list[tuple[int, CellValue]], bottom: int, left: int, right: int) -> bool:
    """本月管控账户 over 止付 and 冻结, beside headings merged down to them: the row of groups above a header belongs to it, whatever it says."""
    down = {end for c, _ in cells if (end := grid.spans.get((row, c), (row, c))[0]) > row}
    if len(down) != 1 or (last := down.pop()) - row >= MAX_HEADER_ROWS or last > bottom:
        return False
    groups = [(c, grid.spans.get((row, c), (row, c))[1]) for c, _ in cells if grid.spans.get((row, c), (row, c))[0] == row]
    below = filled(grid, last, left, right)
    is_under = bool(below) and all(any(start <= c <= end for start, end in groups) for c, _ in below)
    return is_under and is_header(grid, last, below, bottom, left, right, may_guess=False)


def _is_name(text: str) -> bool:
    return heading_kind(text) is None and squeeze(text).endswith(sheet_words().name_endings)


@lru_cache(maxsize=8192)
def _is_no_heading(text: str) -> bool:
    """A date, a number, a line with a key and a colon, a sentence."""
    stripped = text.strip()
    if UNIT_CORNER.match(stripped):
        return True
    if heading_kind(stripped) or units_in(stripped.strip("()（） ")):
        return False
    if read_quantity(stripped).reason in ANSWERS:
        return True
    wording = read_wording(stripped)
    return not wording.key or _is_figure(stripped) or len(wording.key) > 24 or bool(read_line(stripped)[1]) or read_line(stripped)[0] == "people"


def _is_figure(text: str) -> bool:
    if text[0] in NUMERALS and _is_all_number(text):
        return True  # 十余家
    figure = FIGURE.match(text)
    return figure is not None and sum(character.isalpha() for character in text[figure.end() :]) < 3


def _is_all_number(text: str) -> bool:
    number = read_quantity(text)
    return not number.is_missing and not number.lead and not number.tail


def _has_header_shape(grid: Grid, row: int, cells: list[tuple[int, CellValue]], bottom: int, left: int, right: int) -> bool:
    """Texts only, and numbers below them before the next such row, or in half of the columns numbers written with their units."""
    if any(looks_like_title(str(v)) for _, v in cells) and len(cells) < 3:
        return False
    columns = {c for c, _ in cells}
    for below in range(row + 1, min(row + 4, bottom) + 1):
        under = filled(grid, below, left, right)
        numbers = [c for c, v in under if isinstance(v, (int, float)) and not isinstance(v, bool)]
        if numbers and len(under) >= 2:
            return len(columns.intersection(numbers)) >= 1
        if 2 * len(columns.intersection(_counted_in_words(under))) >= max(len(columns), 4):
            return True
    return False


def _counted_in_words(cells: list[tuple[int, CellValue]]) -> list[int]:
    """Columns of 4个, 三百余份, 近80人: a number and its unit and nothing else."""
    return [c for c, v in cells if isinstance(v, str) and (q := read_quantity(v)).unit and not (q.is_missing or q.lead or q.tail)]


def read_header(grid: Grid, top: int, last: int, left: int, right: int) -> Table:
    """A table with its header rows `top` to `last` read, and no rows yet."""
    table = Table(grid, top, last, left, right)
    used = {c for r in range(top, last + 1) for c, _ in filled(grid, r, left, right)} | {
        c for (r, c), _ in grid.anchors.items() if top <= r <= last and left <= c <= right
    }
    table.left = left if grid.positions else _with_names_beside(grid, last, left, min(used), right)
    kinds = _row_words(table)
    found = [_path(table, column, kinds) for column in range(table.left, table.right + 1)]
    table.paths = [path for path, _ in found]
    table.header_cells = [leaf for _, leaf in found]
    return table


def _with_names_beside(grid: Grid, last: int, left: int, first: int, right: int) -> int:
    """The first column of a table, headed or not: the texts right below an empty corner name its rows."""
    following = (filled(grid, row, left, right) for row in range(last + 1, min(last + 3, len(grid.rows))))
    below = next((cells for cells in following if len(cells) > 1), [])
    texts = {c for c, v in below if c < first and isinstance(v, str) and read_quantity(v).is_missing}
    while first - 1 in texts:
        first -= 1
    return first


def header_bottom(grid: Grid, top: int, left: int, right: int, limit: int) -> int:
    """How far down the header reaches: along merged cells, then by rows of headings below blanks, rows of units, rows of column numbers."""
    last = top
    while last + 1 <= limit and last + 1 - top < MAX_HEADER_ROWS:
        below = filled(grid, last + 1, left, right)
        merged_down = any(
            top <= r <= last and end_row > last and left <= c <= right and end_row - top < MAX_HEADER_ROWS
            for (r, c), (end_row, _) in grid.spans.items()
        )
        if merged_down or (below and (is_numbering(below) or _is_units(below) or _is_second_row(grid, top, last, left, right, below))):
            last += 1
            continue
        break
    return last


def is_numbering(cells: list[tuple[int, CellValue]]) -> bool:
    """甲 乙 1 2 3 or 1 2 3 4 under the headings: column numbers, no data."""
    if any(not isinstance(v, (int, float)) and not (isinstance(v, str) and v.strip() in NUMBERING) for _, v in cells):
        return False
    numbers = [v for _, v in cells if isinstance(v, (int, float)) and not isinstance(v, bool)]
    n_letters = sum(isinstance(v, str) for _, v in cells)
    if not numbers:
        return n_letters >= 3
    is_run = len(numbers) >= 3 and all(b - a == 1 for a, b in pairwise(numbers)) and numbers[0] in (1, 2)
    return is_run and (n_letters > 0 or len(numbers) == len(cells) >= 4)


def _is_units(cells: list[tuple[int, CellValue]]) -> bool:
    """份 条 块 小时 under the headings; 单位 may stand in front."""
    texts = [v for _, v in cells if isinstance(v, str)]
    named = [t for t in texts if is_unit(t.strip("()（） "))]
    return (
        len(texts) == len(cells)
        and len(named) >= 2
        and len(named) >= len(texts) - 2
        and all(t in named or heading_kind(t) == "identity" or t.strip() == "计量单位" for t in texts)
    )


def _is_second_row(grid: Grid, top: int, last: int, left: int, right: int, below: list[tuple[int, CellValue]]) -> bool:
    """Headings in this row stand under a merged parent, or fill blanks of the rows above while those leave blanks here."""
    texts = [v for _, v in below if isinstance(v, str)]
    if len(texts) < len(below) or any(map(_is_no_heading, texts)) or any(row_label(t) == "total" for t in texts[:1]):
        return False
    wide = [(c, end) for (r, c), (end_row, end) in grid.spans.items() if r == last == end_row and end > c and left <= c and end - c < right - left]
    columns = {c for c, _ in below}
    if wide:
        return any(start <= c <= end for start, end in wide for c in columns)
    above = {c for r in range(top, last + 1) for c, _ in filled(grid, r, left, right)}
    covered = columns - above
    if not covered and min(columns) > min(above):  # one child under each parent, the columns before them blank
        covered = columns
    known = sum(heading_kind(t) is not None or bool(read_wording(t).units) for t in texts)
    return bool(covered) and (bool(above - columns) or len(above) < len(columns)) and known * 2 >= len(texts)


def _row_words(table: Table) -> dict[int, str]:
    """Header row → words, units or numbering."""
    kinds = {}
    for row in range(table.top, table.header_bottom + 1):
        cells = filled(table.grid, row, table.left, table.right)
        kinds[row] = "numbering" if is_numbering(cells) else "units" if row > table.top and _is_units(cells) else "words"
    return kinds


def _path(table: Table, column: int, kinds: dict[int, str]) -> tuple[tuple[str, ...], Position]:
    """Heading texts of a column from parent to leaf, and the true position of the leaf. A vertically merged heading counts once; a row of
    units adds （份） to the heading above it, a row of column numbers nothing."""
    grid = table.grid
    value = grid.rows[table.top][column]
    if table.top == table.header_bottom and isinstance(value, str) and value.strip():
        return (value.strip(),), grid.at(table.top, column)
    parts: list[str] = []
    seen: set[Position] = set()
    leaf = (table.top, column)
    for row, kind in kinds.items():
        if kind == "numbering":
            continue
        anchor = grid.anchors.get((row, column), (row, column))
        value = grid.rows[anchor[0]][anchor[1]]
        if is_blank(value):
            anchor, value = _parent_to_the_left(table, row, column)
        if is_blank(value) or anchor in seen:
            continue
        seen.add(anchor)
        text = f"{value.year}年{value.month}月{value.day}日" if isinstance(value, date) else str(value).strip()
        if kind == "units" and parts:
            if squeeze(text) in sheet_words().unit_headings:
                continue  # 单位 at the head of the units themselves
            parts[-1] = f"{parts[-1]}（{text.strip('()（） ')}）"
        else:
            parts.append(text)
            leaf = anchor
    return tuple(parts), grid.at(*leaf)


def _parent_to_the_left(table: Table, row: int, column: int) -> tuple[Position, CellValue]:
    """Where merges were lost (csv), a parent stands once and its children reach to the right; only above a child of its own."""
    grid = table.grid
    nothing = ((row, column), None)
    if row == table.header_bottom or any(r == row and end > c for (r, c), (_, end) in grid.spans.items()):
        return nothing
    if is_blank(grid.value(table.header_bottom, column)) and is_blank(grid.value(min(row + 1, table.header_bottom), column)):
        return nothing
    for other in range(column - 1, table.left - 1, -1):
        value = grid.rows[row][other]
        if not is_blank(value):
            has_child = any(not is_blank(grid.rows[r][other]) for r in range(row + 1, table.header_bottom + 1))
            return ((row, other), value) if has_child else nothing
        if is_blank(grid.value(table.header_bottom, other)):
            return nothing
    return nothing
