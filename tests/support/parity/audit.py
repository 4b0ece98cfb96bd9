"""Every text and table of described pages against what is recomputed, as a list of what differs.

Here: walking through pages. Not here: the numbers (recomputed.py), what each message or table must state (said.py, tabulated.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import pytest

from pipeline.pages import format as fmt
from pipeline.pages.model import Body, Cell, Clause, Notes, Page, Plot, Split, Table, Text

from .recomputed import Recomputed
from .said import CHOSEN, SAID, Spot
from .tabulated import TABLES, Numbers

WORDED = frozenset({"rules-table"})
"""Tables of rules in words."""


# -- texts ------------------------------------------------------------------------------------------------------------
def texts_of(page: Page) -> Iterator[tuple[Spot, Clause]]:
    """Every clause of a page and where it stands."""
    group = page.group or "all"
    for view in page.views:
        for slot, text in view.texts.items():
            yield from ((Spot(page.kind, view.scope.area, view.scope.period, slot, group), clause) for clause in text)
        for chart, rows in view.bars.items():
            for i, row in enumerate(rows):
                yield from ((Spot(page.kind, view.scope.area, view.scope.period, chart, group, str(i)), clause) for clause in row["text"])  # type: ignore[union-attr]
    scope = page.views[0].scope
    for place, row, column, text in fixed_texts(page):
        yield from ((Spot(page.kind, scope.area, scope.period, place, group, row, column), clause) for clause in text)


def fixed_texts(page: Page) -> Iterator[tuple[str, str, int, Text]]:
    """Place, row, column and text of all that no filter changes."""
    yield "title", "", 0, page.title
    yield "news", "", 0, page.news
    for card in page.cards:
        yield "card", card.id, 0, card.label
    for block in page.blocks:
        for part in ("title", "sub", "foot"):
            if not isinstance(text := getattr(block, part), str):
                yield f"{block.id}/{part}", "", 0, text
        for item in block.key:
            yield f"{block.id}/key", item.swatch, 0, item.label
        for piece in (*block.body, *([block.data] if block.data else [])):
            yield from inside(block.id, piece)


def inside(block: str, piece: Body) -> Iterator[tuple[str, str, int, Text]]:
    match piece:
        case Table():
            for i, column in enumerate(piece.columns):
                yield f"{piece.id}/head", "", i, column.label
            for row in piece.rows:
                for i, cell in enumerate(row.cells):
                    yield piece.id, row.key, i, (*cell.how, *cell.tag)
        case Plot():
            for name, text in piece.texts.items():
                if not isinstance(text, str):
                    yield f"{block}/plot", name, 0, text
        case Split():
            for part in piece.parts:
                yield f"{block}/part", str(part.n), 0, part.label
        case Notes():
            for i, (head, text) in enumerate(piece.items):
                yield f"{block}/notes", str(i), 0, (*head, *text)


def stated(clause: Clause) -> dict[str, Any]:
    return {name: value for name, value in clause.args.items() if name not in CHOSEN}


def is_name(given: dict[str, Any]) -> bool:
    """Whether a message only names something: an area, a channel, a day's operation."""
    return all(isinstance(value, str) and ":" in value and not value[0].isdigit() for value in given.values())


def wrong_texts(o: Recomputed, pages: Iterable[Page]) -> tuple[list[str], int]:
    """What differs, and how many arguments were compared."""
    wrong, n = [], 0
    for page in pages:
        for at, clause in texts_of(page):
            given = stated(clause)
            if clause.key not in SAID:
                if not is_name(given):
                    wrong.append(f"{page.path} {at.where}: nothing recomputes {clause.key}: a function in tests/support/parity/said.py is wanted")
                continue
            expected = SAID[clause.key](o, at, clause.args)
            n += len(given)
            wrong += [
                f"{page.path} {at}: {clause.key} says {name} {value!r}, recomputed {expected.get(name)!r}"
                for name, value in given.items()
                if (str(value) if isinstance(value, date) else value) != same(expected.get(name))
            ]
    return wrong, n


def same(value: Any) -> Any:
    """What a stated value must equal: floats nearly, lists of names and amounts one by one."""
    if isinstance(value, date):
        return str(value)
    if isinstance(value, (float, int)) and not isinstance(value, bool):
        return pytest.approx(value, rel=1e-9, abs=1e-9)
    if isinstance(value, list):
        return [same(v) for v in value]
    return value


# -- tables -----------------------------------------------------------------------------------------------------------
def left_over(cell: Cell, numbers: Numbers, lang: str) -> str | None:
    """What is wrong with a cell: a number that is not in it (in Chinese in its order), or a digit that nothing recomputes."""
    rest, place = getattr(cell, lang), 0
    for *values, kind in numbers:
        told = (
            values[("zh", "en").index(lang)]
            if kind == "words"
            else fmt.span(*values, kind, lang)
            if len(values) == 2
            else fmt.show(values[0], kind, lang)
        )
        at = rest.find(told, place if lang == "zh" else 0)
        if at < 0:
            return f"{told!r} is not in {getattr(cell, lang)!r}"
        rest, place = rest[:at] + rest[at + len(told) :], at
    return f"nothing recomputes a number of {getattr(cell, lang)!r}" if re.search(r"\d", rest) else None


def wrong_cells(o: Recomputed, pages: Iterable[Page]) -> tuple[list[str], int]:
    """What differs, and how many cells were compared, in both languages."""
    wrong, n = [], 0
    for page in pages:
        scope, group = page.views[0].scope, page.group or "all"
        for table in (piece for b in page.blocks for piece in (*b.body, b.data) if isinstance(piece, Table) and piece.id not in WORDED):
            if table.id not in TABLES:
                wrong.append(f"{page.path}: nothing recomputes {table.id}: a function in tests/support/parity/tabulated.py is wanted")
                continue
            expected = TABLES[table.id](o, Spot(page.kind, scope.area, scope.period, table.id, group))
            if [row.key for row in table.rows] != list(expected):
                wrong.append(f"{page.path} {table.id}: rows {[row.key for row in table.rows][:12]}, recomputed {list(expected)[:12]}")
                continue
            for row in table.rows:
                if len(row.cells) != len(expected[row.key]):
                    wrong.append(f"{page.path} {table.id} {row.key}: {len(row.cells)} cells, recomputed {len(expected[row.key])}")
                    continue
                for column, (cell, numbers) in enumerate(zip(row.cells, expected[row.key], strict=True)):
                    n += 1
                    if problem := left_over(cell, numbers, "zh"):
                        wrong.append(f"{page.path} {table.id} {row.key} column {column}: {problem}")
                    elif all(kind != "s" for *_, kind in numbers) and (problem := left_over(cell, numbers, "en")):
                        wrong.append(f"{page.path} {table.id} {row.key} column {column}, English: {problem}")
    return wrong, n
