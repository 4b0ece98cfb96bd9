"""Long lists: 单位 | 项目 | 数量, a row an item, turned into the wide table they stand for.

Here: knowing such a table by its headings and items, and setting it out as one row per unit and period with a column per item, each cell at its
true position. Not here: a list whose items stand once each, for one unit (sideways.py turns it), what the items mean (matching.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby

from pipeline.forms.catalogue import catalogue
from pipeline.forms.wording import read_wording, sheet_words, squeeze, units_in
from pipeline.intake.collecting import number_text
from pipeline.intake.grid import CellValue, Position
from pipeline.intake.layout import read_stream
from pipeline.intake.lines import PERIOD_PART, heading_kind, is_shadow_heading, measure_of_heading, row_label
from pipeline.intake.quantity import read_quantity
from pipeline.intake.regions import Grid, Table, is_blank

ASIDE_MARKS = {"ordinal": "ordinal", "remark": "remark"}
"""Columns of a list that say nothing of whose or when, and what becomes of their cells: 备注 is of one item, not of the unit's row."""


@dataclass
class _Shape:
    """The columns of a long list: what its rows are told apart by, the item with its unit of measure, the numbers, the rest."""

    item: int
    keys: list[int] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    units: list[int] = field(default_factory=list)
    asides: dict[int, str] = field(default_factory=dict)


def set_out(table: Table) -> Table:
    """The table itself, or, where it is a long list, the same cells with a column per item.

    Its first header row has the items, then their units, then (where there are several number columns) the headings of these.
    """
    shape = _shape(table)
    if shape is None:
        return table
    wide = _wide(table, shape, _units(table, shape))
    return wide if len(wide.kinds) == len(wide.grid.rows) - wide.header_bottom - 1 else table


def _shape(table: Table) -> _Shape | None:
    """The columns of a list with items of at least two measures in rows that something else tells apart; None: it is none."""
    items = [c for c in range(table.left, table.right + 1) if _heads(table, c, sheet_words().item_headings) and _has_items(table, c)]
    if len(items) != 1:
        return None
    shape = _Shape(items[0])
    for column in range(table.left, table.right + 1):
        if column == shape.item:
            continue
        if _is_unit_column(table, column):
            shape.units.append(column)
        elif (mark := ASIDE_MARKS.get(_role(table, column))) is not None:
            shape.asides[column] = mark
        elif _is_number_column(table, column):
            shape.numbers.append(column)
        elif not _role(table, column) and _has_numbers(table, column):
            return None  # 单价 and 金额 beside 数量: a list of something else
        else:
            shape.keys.append(column)
    return shape if shape.keys and shape.numbers and len(shape.units) <= 1 else None


def _heads(table: Table, column: int, words: frozenset[str]) -> bool:
    path = table.paths[column - table.left]
    return bool(path) and squeeze(path[-1]) in words


def _role(table: Table, column: int) -> str:
    path = table.paths[column - table.left]
    found = catalogue().common.get(read_wording(path[-1]).key) if path else None
    return found.role if found else ""


def _has_items(table: Table, column: int) -> bool:
    """Headings of at least two measures; 宣传单 and 手册, or 横幅 among names nobody knows, are materials of one."""
    texts = {v for row in table.data_rows if isinstance(v := table.grid.value(row, column), str)}
    return len({measure_of_heading(v) or squeeze(v) for v in texts if heading_kind(v) == "measure" or measure_of_heading(v)}) >= 2


def _is_unit_column(table: Table, column: int) -> bool:
    texts = [v for row in table.data_rows if not is_blank(v := table.grid.rows[row][column])]
    return bool(texts) and all(isinstance(v, str) and bool(units_in(v)) for v in texts)


def _is_number_column(table: Table, column: int) -> bool:
    """数量, 本周, 累计, 3月, 合计 or 环比: what a list has beside its items, never a measure of its own."""
    path = table.paths[column - table.left]
    if not path:
        return False
    wording, plain = read_wording(path[-1]), squeeze(path[-1])
    words = sheet_words()
    return (
        not {wording.base, plain}.isdisjoint(words.number_headings)
        or plain in words.cumulative_marks
        or bool(PERIOD_PART.fullmatch(plain))
        or is_shadow_heading(wording.base)
        or row_label(path[-1]) == "total"
    )


def _has_numbers(table: Table, column: int) -> bool:
    return any(isinstance(table.grid.rows[row][column], float) for row in table.data_rows)


def _units(table: Table, shape: _Shape) -> dict[str, Position]:
    """Item → the cell of its unit, where the list has a column for it."""
    cells: dict[str, Position] = {}
    for row in table.data_rows:
        for column in shape.units:
            item, unit = _item(table, shape, row), table.grid.rows[row][column]
            if item and isinstance(unit, str):
                cells.setdefault(item, (row, column))
    return cells


def _in_own_unit(table: Table, shape: _Shape, units: dict[str, Position], row: int, value: CellValue) -> CellValue:
    """A number whose row counts in another unit than the first row of its item, with that unit: 0.35 is 0.35万份 where others are in 份."""
    own = next((unit for column in shape.units if isinstance(unit := table.grid.rows[row][column], str)), None)
    first = units.get(_item(table, shape, row))
    if own is None or first is None or is_blank(value) or squeeze(own) == squeeze(str(table.grid.rows[first[0]][first[1]])):
        return value
    is_bare = isinstance(value, float) or (isinstance(value, str) and read_quantity(value).unit is None and not read_quantity(value).is_missing)
    return f"{number_text(value) if isinstance(value, float) else value}{own.strip()}" if is_bare else value


def _item(table: Table, shape: _Shape, row: int) -> str:
    """The item of a row, by which rows are the same column; "" where it has none."""
    value = table.grid.value(row, shape.item)
    return squeeze(value) if isinstance(value, str) else ""


def _wide(table: Table, shape: _Shape, units: dict[str, Position]) -> Table:
    """The list as a wide table. Cells that a unit has no row for are absent, not blank."""
    rows = [row for row, kind in table.kinds.items() if kind in ("data", "total")]
    items = {_item(table, shape, row): row for row in reversed(rows)}
    order = sorted(items, key=items.__getitem__)
    columns = [(item, number) for item in order for number in shape.numbers]
    head, spots = _header(table, shape, [(item, items[item], number) for item, number in columns], units)
    width = len(shape.keys) + len(columns)
    height = len(head)
    place = {column: len(shape.keys) + i for i, column in enumerate(columns)}
    body: list[list[CellValue]] = []
    where: list[list[Position]] = []
    absent: set[Position] = set()
    for record in _records(table, shape, rows):
        first = record[0]
        body.append([*(table.grid.value(first, c) for c in shape.keys), *[None] * len(columns)])
        where.append([*((first, c) for c in shape.keys), *[(first, shape.item)] * len(columns)])
        there = {place[_item(table, shape, row), number]: (row, number) for row in record for number in shape.numbers}
        for i in range(len(shape.keys), width):
            if i in there:
                row, column = there[i]
                body[-1][i], where[-1][i] = _in_own_unit(table, shape, units, row, table.grid.rows[row][column]), there[i]
            else:
                absent.add((height + len(body) - 1, i))
    at = [[table.grid.at(*spot) for spot in row] for row in [*spots, *where]]
    grid = Grid([*head, *body], positions=at, absent=frozenset(absent))
    wide = read_stream(grid, 0, len(grid.rows) - 1, 0, width - 1, (0, height - 1))[0][0]
    wide.above, wide.below = table.above, table.below
    wide.asides = _asides(table, shape)
    return wide


def _records(table: Table, shape: _Shape, rows: list[int]) -> list[list[int]]:
    """Runs of rows with the same keys; an item said again in one run begins another."""
    found: list[list[int]] = []
    for _, run in groupby(rows, key=lambda row: [table.grid.value(row, c) for c in shape.keys]):
        seen: set[str] = set()
        for row in run:
            item = _item(table, shape, row)
            if not seen or item in seen:
                found.append([])
                seen = set()
            seen.add(item)
            found[-1].append(row)
    return found


def _header(
    table: Table, shape: _Shape, columns: list[tuple[str, int, int]], units: dict[str, Position]
) -> tuple[list[list[CellValue]], list[list[Position]]]:
    """The header rows of the wide table and where their cells stand: items, units, number headings, each where there is any."""
    keys = [(table.header_cells[c - table.left], "›".join(table.paths[c - table.left]) or None) for c in shape.keys]
    top = [*(text for _, text in keys), *(table.grid.value(row, shape.item) for _, row, _ in columns)]
    places = [*(cell for cell, _ in keys), *((row, shape.item) for _, row, _ in columns)]
    head: list[list[CellValue]] = [top]
    spots = [places]
    blank: list[CellValue] = [None] * len(keys)
    if units:
        found = [units.get(item) for item, _, _ in columns]
        head.append([*blank, *(table.grid.rows[at[0]][at[1]] if at else None for at in found)])
        spots.append([*places[: len(keys)], *(at or spot for at, spot in zip(found, places[len(keys) :], strict=True))])
    for parts in _number_headings(table, shape):
        head.append([*blank, *(parts[number] for _, _, number in columns)])
        spots.append([*places[: len(keys)], *(table.header_cells[number - table.left] for _, _, number in columns)])
    return head, spots


def _number_headings(table: Table, shape: _Shape) -> list[dict[int, str | None]]:
    """Rows of number column → heading part, down to the leaf; none where a single 数量 adds nothing to the item."""
    paths = {c: table.paths[c - table.left] for c in shape.numbers}
    if len(paths) == 1 and all(squeeze(part) in sheet_words().number_headings for path in paths.values() for part in path):
        return []
    depth = max(map(len, paths.values()))
    return [{c: path[level - depth] if level >= depth - len(path) else None for c, path in paths.items()} for level in range(depth)]


def _asides(table: Table, shape: _Shape) -> dict[Position, str]:
    """What becomes of the cells that the wide table does not show: the list's own headings, items and units said again, ordinals, remarks."""
    grid = table.grid
    found: dict[Position, str] = {}
    marks = {**dict.fromkeys([*shape.keys, shape.item, *shape.units], "attribute"), **shape.asides}
    for row in range(table.top, table.bottom + 1):
        kind = table.kinds.get(row, "header")
        for column in range(table.left, table.right + 1):
            if is_blank(grid.rows[row][column]):
                continue
            label = grid.rows[row][column]
            if kind not in ("data", "total"):
                found[grid.at(row, column)] = "header" if kind in ("header", "numbering") else kind if kind == "caption" else "text"
            elif column in marks:
                is_total = isinstance(label, str) and row_label(label) == "total"
                found[grid.at(row, column)] = "total" if is_total else marks[column]
    return found
