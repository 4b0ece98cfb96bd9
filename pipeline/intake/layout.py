"""Where the tables of a sheet are: titles and metadata lines above, header paths, data rows, totals among them, notes below.

Here: positions and texts only. Not here: what a single line or label says (lines.py), which blocks a sheet falls into and which way they
run (blocks.py), which form a table is and what its columns mean (matching.py), the numbers (reading.py).

A sheet is read as streams: groups of columns that stand beside one another. In each stream tables follow one another downwards. A header row is
known by its words, or, for the first of a stream, by its shape. Merged cells fill only their own range and blanks are never filled.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from pipeline.forms.wording import read_wording, units_in
from pipeline.intake.grid import CellValue, Position
from pipeline.intake.lines import LIST_MARK, Line, bare_key, heading_kind, looks_like_title, read_line, row_label, says_zero_report

MAX_HEADER_ROWS = 4
NUMBERING = frozenset("甲乙丙丁戊己庚辛壬癸") | {"栏次", "列次"}


@dataclass(frozen=True)
class Grid:
    """Cells to read a table from. `at` gives a cell's true position; `anchors` the top left cell of every merged cell's position."""

    rows: list[list[CellValue]]
    anchors: dict[Position, Position] = field(default_factory=dict)
    spans: dict[Position, tuple[int, int]] = field(default_factory=dict)
    """Top left of a merged range → its bottom and right."""
    positions: list[list[Position]] | None = None

    def at(self, row: int, column: int) -> Position:
        return self.positions[row][column] if self.positions else (row, column)

    def value(self, row: int, column: int) -> CellValue:
        """The cell's value, inside a merged range that of the range."""
        anchor = self.anchors.get((row, column)) if self.anchors else None
        return self.rows[anchor[0]][anchor[1]] if anchor else self.rows[row][column]


@dataclass
class Table:
    """One table. Rows and columns count in `grid`; `kinds` says of every row below the header what it is: data, total, comparison, target,
    previous, cumulative, caption, numbering, header, zero_report. `paths` and `header_cells` have one entry per column from `left` to `right`."""

    grid: Grid
    top: int
    header_bottom: int
    left: int
    right: int
    paths: list[tuple[str, ...]] = field(default_factory=list)
    header_cells: list[Position] = field(default_factory=list)
    kinds: dict[int, str] = field(default_factory=dict)
    above: list[Line] = field(default_factory=list)
    below: list[Line] = field(default_factory=list)

    @property
    def bottom(self) -> int:
        return max(self.kinds, default=self.header_bottom)

    @property
    def data_rows(self) -> list[int]:
        return [row for row, kind in self.kinds.items() if kind == "data"]


def is_blank(value: CellValue) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def filled(grid: Grid, row: int, left: int, right: int) -> list[tuple[int, CellValue]]:
    """Column and value of every non-blank cell of a row between two columns."""
    cells = grid.rows[row]
    return [(c, v) for c in range(left, min(right, len(cells) - 1) + 1) if (v := cells[c]) is not None and not (isinstance(v, str) and not v.strip())]


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
            first, last = known_header or (row, _header_bottom(grid, row, left, right, bottom))
            table = _header(grid, first, last, left, right)
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
        key = bare_key(text) if isinstance(value, str) and not fields else None
        following = cells[i + 1][1] if i + 1 < len(cells) else None
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


# -- header rows ----------------------------------------------------------------------------------------------------------------------


def is_header(
    grid: Grid, row: int, cells: list[tuple[int, CellValue]], bottom: int, left: int, right: int, *, may_guess: bool = True, is_inside: bool = False
) -> bool:
    """Is this a header row: by its words (two known headings, half of all), or, where nothing else is known, by its shape?

    `is_inside` a table stricter: known words only, so that a row of texts (学校 讲座 学生) is not taken for headings.
    """
    texts = [v for _, v in cells if isinstance(v, str)]
    if len(texts) < 2 or len(texts) < len(cells) or any(_is_no_heading(t) for t in texts):
        return False
    kinds = [heading_kind(t) for t in texts]
    hits = sum(kind is not None for kind in kinds)
    if is_inside:
        return hits >= 3 and hits >= 0.8 * len(texts) and "identity" in kinds and "measure" in kinds
    if hits >= 2 and 2 * hits >= len(texts) and set(kinds) != {"period"}:
        return True
    return may_guess and _has_header_shape(grid, row, cells, bottom, left, right)


def _is_no_heading(text: str) -> bool:
    """A date, a number, a line with a key and a colon, a sentence."""
    stripped = text.strip()
    if heading_kind(stripped) or units_in(stripped.strip("()（） ")):
        return False
    wording = read_wording(stripped)
    return not wording.key or stripped[0].isdigit() or len(wording.key) > 24 or bool(read_line(stripped)[1]) or read_line(stripped)[0] == "people"


def _has_header_shape(grid: Grid, row: int, cells: list[tuple[int, CellValue]], bottom: int, left: int, right: int) -> bool:
    """Texts only, and numbers below them before the next such row."""
    if any(looks_like_title(str(v)) for _, v in cells) and len(cells) < 3:
        return False
    columns = {c for c, _ in cells}
    for below in range(row + 1, min(row + 4, bottom) + 1):
        under = filled(grid, below, left, right)
        numbers = [c for c, v in under if isinstance(v, (int, float)) and not isinstance(v, bool)]
        if numbers and len(under) >= 2:
            return len(columns.intersection(numbers)) >= 1
    return False


def _header(grid: Grid, top: int, last: int, left: int, right: int) -> Table:
    table = Table(grid, top, last, left, right)
    used = {c for r in range(top, last + 1) for c, _ in filled(grid, r, left, right)} | {
        c for (r, c), _ in grid.anchors.items() if top <= r <= last and left <= c <= right
    }
    table.left, table.right = min(used), right
    table.paths = [_path(grid, table, column) for column in range(table.left, table.right + 1)]
    table.header_cells = [_leaf(grid, table, column) for column in range(table.left, table.right + 1)]
    return table


def _header_bottom(grid: Grid, top: int, left: int, right: int, limit: int) -> int:
    """How far down the header reaches: along merged cells, then by rows of headings below blanks, rows of units, rows of column numbers."""
    last = top
    while last + 1 <= limit and last + 1 - top < MAX_HEADER_ROWS:
        below = filled(grid, last + 1, left, right)
        merged_down = any(
            top <= r <= last and end_row > last and left <= c <= right and end_row - top < MAX_HEADER_ROWS
            for (r, c), (end_row, _) in grid.spans.items()
        )
        if merged_down or (below and (_is_numbering(below) or _is_units(below) or _is_second_row(grid, top, last, left, right, below))):
            last += 1
            continue
        break
    return last


def _is_numbering(cells: list[tuple[int, CellValue]]) -> bool:
    """甲 乙 1 2 3 or 1 2 3 4 under the headings: column numbers, no data."""
    numbers = [v for _, v in cells if isinstance(v, (int, float)) and not isinstance(v, bool)]
    others = [v for _, v in cells if not isinstance(v, (int, float))]
    if not numbers and len(others) >= 3:
        return all(isinstance(v, str) and v.strip() in NUMBERING for v in others)
    is_run = len(numbers) >= 3 and all(b - a == 1 for a, b in pairwise(numbers)) and numbers[0] in (1, 2)
    return is_run and all(isinstance(v, str) and v.strip() in NUMBERING for v in others) and (bool(others) or len(numbers) == len(cells) >= 4)


def _is_units(cells: list[tuple[int, CellValue]]) -> bool:
    """份 条 块 小时 under the headings; 单位 may stand in front."""
    texts = [v for _, v in cells if isinstance(v, str)]
    named = [t for t in texts if units_in(t.strip("()（） "))]
    return (
        len(texts) == len(cells)
        and len(named) >= 2
        and len(named) >= len(texts) - 2
        and all(t in named or heading_kind(t) == "identity" or t.strip() == "计量单位" for t in texts)
    )


def _is_second_row(grid: Grid, top: int, last: int, left: int, right: int, below: list[tuple[int, CellValue]]) -> bool:
    """Headings in this row stand under a merged parent, or fill blanks of the rows above while those leave blanks here."""
    texts = [v for _, v in below if isinstance(v, str)]
    if len(texts) < len(below) or any(_is_no_heading(t) for t in texts) or any(row_label(t) == "total" for t in texts[:1]):
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


def _path(grid: Grid, table: Table, column: int) -> tuple[str, ...]:
    """Heading texts of a column from parent to leaf; a vertically merged heading counts once, rows of units and numbers in brackets or not at all."""
    parts: list[str] = []
    seen: set[Position] = set()
    for row in range(table.top, table.header_bottom + 1):
        if _is_numbering(filled(grid, row, table.left, table.right)):
            continue
        anchor = grid.anchors.get((row, column), (row, column))
        value = grid.rows[anchor[0]][anchor[1]]
        if is_blank(value):
            anchor, value = _parent_to_the_left(grid, table, row, column)
        if is_blank(value) or anchor in seen:
            continue
        seen.add(anchor)
        text = str(value).strip()
        if row > table.top and parts and _is_units(filled(grid, row, table.left, table.right)):
            parts[-1] = f"{parts[-1]}（{text.strip('()（） ')}）"
        else:
            parts.append(text)
    return tuple(parts)


def _parent_to_the_left(grid: Grid, table: Table, row: int, column: int) -> tuple[Position, CellValue]:
    """Where merges were lost (csv), a parent stands once and its children reach to the right; only above a child of its own."""
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


def _leaf(grid: Grid, table: Table, column: int) -> Position:
    """True position of the lowest heading cell of a column."""
    for row in range(table.header_bottom, table.top - 1, -1):
        anchor = grid.anchors.get((row, column), (row, column))
        value = grid.rows[anchor[0]][anchor[1]]
        if (
            not is_blank(value)
            and not isinstance(value, (int, float))
            and not (row > table.top and _is_units(filled(grid, row, table.left, table.right)))
        ):
            return grid.at(*anchor)
    return grid.at(table.top, column)


# -- rows below the header ------------------------------------------------------------------------------------------------------------


def _body(table: Table, bottom: int) -> int:
    """Classify the rows below the header into table.kinds; returns the first row that is not part of the table."""
    grid, left, right = table.grid, table.left, table.right
    after_gap = False
    row = table.header_bottom + 1
    while row <= bottom:
        cells = filled(grid, row, left, right)
        if not cells:
            after_gap = True
            row += 1
            continue
        kind = _row_kind(table, row, cells, bottom, after_gap=after_gap)
        if kind is None:
            return row
        table.kinds[row] = kind
        after_gap = False
        row += 1
    return row


def _row_kind(table: Table, row: int, cells: list[tuple[int, CellValue]], bottom: int, *, after_gap: bool) -> str | None:
    """What a row below the header is; None when the table has ended."""
    grid, left = table.grid, table.left
    first_column, first = cells[0]
    if not isinstance(first, str):
        return "data" if not (len(cells) == 1 and after_gap and first_column > left) else None
    label = next((kind for c, v in cells[:3] if c <= left + 2 and isinstance(v, str) and (kind := row_label(v))), None)
    if label and (len(cells) > 1 or label in ("total", "comparison")):
        return label
    key = bare_key(first)
    line_kind, fields = read_line(first)
    if line_kind in ("people", "note") or (key in ("people", "notes") and not _has_number(cells)):
        return None
    if fields and first_column == left:
        return None
    if len(cells) == 1:
        return _lone_cell(table, row, first_column, first, bottom, after_gap=after_gap)
    if _repeats_header(table, row):
        return "header"
    if is_header(grid, row, cells, bottom, left, table.right, may_guess=False, is_inside=not after_gap and row - 1 in table.kinds):
        return None
    if after_gap and all(isinstance(v, str) and (looks_like_title(v) or read_line(v)[1]) for _, v in cells):
        return None
    return "data"


def _lone_cell(table: Table, row: int, column: int, text: str, bottom: int, *, after_gap: bool) -> str | None:
    """A row with one text: 零报告, the title of the next table, a group's caption, a note, or a subject that reported nothing."""
    grid = table.grid
    _, end = grid.spans.get((row, column), (row, column))
    width = end - column + 1
    if says_zero_report(text):
        return "zero_report"
    following = next((r for r in range(row + 1, min(row + 4, bottom) + 1) if filled(grid, r, table.left, table.right)), None)
    if looks_like_title(text) and following is not None:
        ahead = filled(grid, following, table.left, table.right)
        if is_header(grid, following, ahead, bottom, table.left, table.right, may_guess=False) or all(
            isinstance(v, str) and read_line(v)[1] for _, v in ahead
        ):
            return None
    if len(text) > 24 or (after_gap and looks_like_title(text)):
        return None
    if width > 1 and width * 2 >= table.right - table.left + 1:
        return "caption"
    if LIST_MARK.match(text.strip()):
        return "caption"
    if column > table.left + 2 or (after_gap and following is None):
        return None
    return "data"


def _has_number(cells: list[tuple[int, CellValue]]) -> bool:
    return any(isinstance(v, (int, float)) and not isinstance(v, bool) for _, v in cells)


def _repeats_header(table: Table, row: int) -> bool:
    """The header printed again at a page break."""
    grid = table.grid
    here = [grid.rows[row][c] for c in range(table.left, table.right + 1)]
    return any(here == [grid.rows[r][c] for c in range(table.left, table.right + 1)] for r in range(table.top, table.header_bottom + 1))
