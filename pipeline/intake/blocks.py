"""Which blocks a sheet falls into and which way each runs: side by side, on its side, or as labels with their values.

Here: a sheet → all its tables and lines. Not here: what its tables share (sharing.py), reading one block downwards (layout.py) or turned on its
side (sideways.py, label_pairs.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.forms.wording import sheet_words, squeeze
from pipeline.intake.grid import CellValue, Position, Sheet
from pipeline.intake.headers import header_bottom, is_header
from pipeline.intake.label_pairs import forms_to_fill_in
from pipeline.intake.layout import read_lines, read_stream
from pipeline.intake.lines import SAYS_WHEN, Line, heading_kind
from pipeline.intake.long_lists import set_out
from pipeline.intake.regions import Grid, Table, filled, is_blank
from pipeline.intake.sharing import share_lines
from pipeline.intake.sideways import label_column, sideways


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
    share_lines(grid, layout.tables)
    return layout


def _read_region(grid: Grid, top: int, bottom: int, left: int, right: int, layout: Layout) -> None:
    """Read a region: split it into streams where it stands side by side, over all its rows or within bands between blank rows."""
    folds = _folds(grid, top, bottom, left, right)
    if fold := folds.get("item"):
        _read_lists(grid, fold[0], [left, fold[1]], (top, bottom, left, right), layout)
        return
    if lists := _lists_beside_one_another(grid, top, bottom, left, right):
        _read_lists(grid, *lists, (top, bottom, left, right), layout)
        return
    ranges = _side_by_side(grid, top, bottom, left, right, folds)
    if len(ranges) > 1:
        for start, end in ranges:
            _read_block(grid, top, bottom, start, end, layout)
        return
    bands = _bands(grid, top, bottom, left, right)
    split = [_side_by_side(grid, a, b, left, right, _folds(grid, a, b, left, right)) for a, b in bands] if len(bands) > 1 else []
    if any(len(ranges) > 1 for ranges in split):
        waiting: list[Line] = []
        for (a, b), ranges in zip(bands, split, strict=True):
            found = Layout()
            for start, end in ranges:
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


def _side_by_side(grid: Grid, top: int, bottom: int, left: int, right: int, folds: dict[str, Position]) -> list[tuple[int, int]]:
    """Column ranges that hold tables of their own: split at blank columns where both sides have a header with an identity column, or where a
    header repeats itself (单位 宣传单 横幅 | 单位 宣传单 横幅). A block without such a header belongs to its left neighbour."""
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
    fold = folds.get("identity")
    return [(left, fold[1] - 1), (fold[1], right)] if fold else [(left, right)]


def _has_own_header(grid: Grid, top: int, bottom: int, left: int, right: int) -> bool:
    """A header that names whose its numbers are, or, under a title of its own, two measures behind a column of words: 场所 over 城区网吧 and 民宿."""
    for row in range(top, bottom + 1):
        cells = filled(grid, row, left, right)
        if len(cells) >= 2 and is_header(grid, row, cells, bottom, left, right, may_guess=False):
            kinds = [heading_kind(str(v)) for _, v in cells]
            if {"identity", "item"}.intersection(kinds):
                return True
            names = [v for r in range(row + 1, bottom + 1) if not is_blank(v := grid.rows[r][cells[0][0]])]
            has_names = len(names) > 1 and all(isinstance(v, str) for v in names) and kinds[0] != "measure"
            return has_names and kinds.count("measure") >= 2 and any(filled(grid, r, left, right) for r in range(top, row))
    return False


def _folds(grid: Grid, top: int, bottom: int, left: int, right: int) -> dict[str, Position]:
    """Where the same headings stand twice in one row: kind of heading among them → the first such row, and the column its second half begins in."""
    found: dict[str, Position] = {}
    for row in range(top, min(bottom, top + 12) + 1):
        if float in map(type, grid.rows[row][left : right + 1]):
            continue
        cells = filled(grid, row, left, right)
        texts = [v.strip() for _, v in cells if isinstance(v, str)]
        half = len(cells) // 2
        if half < 2 or len(cells) % 2 or len(texts) < len(cells) or texts[:half] != texts[half:]:
            continue
        for text in texts[:half]:
            found.setdefault(heading_kind(text) or "", (row, cells[half][0]))
    return found


def _lists_beside_one_another(grid: Grid, top: int, bottom: int, left: int, right: int) -> tuple[int, list[int]] | None:
    """宣传防范 | 数量 | 打击止损 | 数量 over headings of measures and their numbers, none in two lists of one time: the row of headings, and where
    each list begins."""
    for row in range(top, min(bottom, top + 12) + 1):
        cells = filled(grid, row, left, right)
        labels, numbers = cells[::2], cells[1::2]
        is_pairs = len(labels) > 1 and len(labels) == len(numbers)
        if not is_pairs or any(not isinstance(v, str) or squeeze(v) not in sheet_words().number_headings for _, v in numbers):
            continue
        starts = [left, *(c for c, _ in labels[1:])]
        ends = [*(c - 1 for c in starts[1:]), right]
        lists = [_measures_beside(grid, row + 1, bottom, c, end) for (c, _), end in zip(labels, ends, strict=True)]
        read = [text for (_, heading), texts in zip(labels, lists, strict=True) if not _says_another_time(heading) for text in texts]
        if all(len(texts) > 1 for texts in lists) and len(set(read)) == len(read):
            return row, starts
    return None


def _measures_beside(grid: Grid, top: int, bottom: int, column: int, right: int) -> list[str]:
    """Headings of measures in a column, where they are most of what has something beside it."""
    texts = [v for r in range(top, bottom + 1) if isinstance(v := grid.rows[r][column], str) and filled(grid, r, column + 1, right)]
    measures = [squeeze(v) for v in texts if heading_kind(v) == "measure"]
    return measures if 2 * len(measures) > len(texts) else []


def _says_another_time(heading: CellValue) -> bool:
    """上周宣传, 累计, 7月劝阻 over a list: it is not of the sheet's time."""
    words, plain = sheet_words(), squeeze(heading) if isinstance(heading, str) else ""
    return SAYS_WHEN.search(plain) is not None or any(word in plain for word in (*words.previous_words, *words.cumulative_marks, *words.target_words))


def _read_lists(grid: Grid, row: int, starts: list[int], block: tuple[int, int, int, int], layout: Layout) -> None:
    """指标 数量 | 指标 数量: lists of items beside one another; what stands above is said of all. One of another time is left to be handed back."""
    top, bottom, left, right = block
    lines = [line for r in range(top, row) for line in read_lines(grid, r, filled(grid, r, left, right))]
    found = Layout()
    for start, end in zip(starts, [*(c - 1 for c in starts[1:]), right], strict=True):
        if _says_another_time(next((v for _, v in filled(grid, row, start, end)), None)):
            found.lines += [line for r in range(row, bottom + 1) for line in read_lines(grid, r, filled(grid, r, start, end))]
        else:
            _read_block(grid, row, bottom, start, end, found)
    for table in found.tables:
        table.above = [*lines, *table.above]
    layout.tables += found.tables
    layout.lines += found.lines if found.tables else [*lines, *found.lines]


def _read_block(grid: Grid, top: int, bottom: int, left: int, right: int, layout: Layout) -> None:
    """Read one block the way it runs."""
    is_upright = _has_upright_header(grid, top, bottom, left, right)
    if not is_upright and (forms := forms_to_fill_in(grid, top, bottom, left, right)):
        layout.tables += forms
        return
    if not is_upright and (turned := sideways(grid, top, bottom, left, right)):
        layout.tables.append(turned)
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
                labels = label_column(grid, below, bottom, left, right)
                return not labels or _says_what_stands_below(grid.rows[row][labels[0]])
    return False


def _says_what_stands_below(heading: CellValue) -> bool:
    """平台 over 微信公众号 and 抖音: what looks like headings there are names in a column of their own."""
    return isinstance(heading, str) and heading_kind(heading) in ("identity", "text") and squeeze(heading) not in sheet_words().item_headings
