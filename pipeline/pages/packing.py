"""Embedded data written small: texts by their shapes, bars and weekly columns without what follows from the rest of them.

Here: how texts, rows of bar charts and columns of numbers are stored; html/unpack.js is the twin that reads them. Not here: which data a page
carries (embed.py).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from . import messages
from .amounts import COLUMNS
from .model import Page, Text

PLAIN = frozenset({str, int, bool, type(None)})
MILLION = 1_000_000


def shortened(value: Any) -> Any:
    """Numbers with no more digits than any display needs: whole ones without a point, shares with six decimals."""
    if isinstance(value, float):
        rounded = round(value, 6 if abs(value) < 10 else 1)
        return int(rounded) if rounded == int(rounded) else rounded
    # Most leaves are plain; half a million calls for them would take as long as drawing a page.
    if isinstance(value, (list, tuple)):
        return [v if type(v) in PLAIN else shortened(v) for v in value]
    if isinstance(value, dict):
        return {key: v if type(v) in PLAIN else shortened(v) for key, v in value.items()}
    return value


def plain_value(value: object) -> object:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be embedded")


def dumped(packed: object) -> str:
    return json.dumps(packed, ensure_ascii=False, separators=(",", ":"), default=plain_value, allow_nan=False)


# -- texts ------------------------------------------------------------------------------------------------------------
class Pool:
    """Lists that embedded texts point into: messages, names, shapes of texts, and whole texts, each stored once. The same order gives the same
    places."""

    def __init__(self) -> None:
        self.lists: dict[str, dict[str, int]] = {"message": {}, "name": {}, "shape": {}, "text": {}}

    def place(self, kind: str, key: str) -> int:
        return self.lists[kind].setdefault(key, len(self.lists[kind]))

    def marked(self, kind: str, key: str) -> int:
        return Name(self.place(kind, key)) if kind == "name" and key.startswith(FEW) else self.place(kind, key)

    def pack(self, text: Text) -> list[Any]:
        """[shape, values …]: the shape says the messages, the few names in them and where the values go."""
        values: list[Any] = []
        shape = [[clause[0], *(form_of(argument, values) for argument in clause[1:])] for clause in messages.packed(text, self.marked)]
        return [self.place("shape", dumped(shape)), *shortened(values)]

    def text(self, text: Text) -> int:
        return self.place("text", dumped(self.pack(text)))

    def stored(self, kind: str) -> list[Any]:
        return [json.loads(text) for text in self.lists[kind]]


class Name(int):
    """A place among the names that belongs to the shape of its text."""


FEW = ("grade:", "label:")
"""Names of which there are few. One of many would make a shape of every text."""


def form_of(argument: object, values: list[Any]) -> object:
    """0 for a value, −1 − place for one of few names, a list for a list of them; the values are appended to `values`."""
    if isinstance(argument, Name):
        return -1 - argument
    if isinstance(argument, (list, tuple)):
        return [form_of(a, values) for a in argument]
    values.append(argument)
    return 0


def packed_texts(page: Page, pool: Pool) -> tuple[dict[str, list[Any]], int]:
    """Scope → its texts in slot order: one that recurs as its place in the pool, any other as itself, with its shape alone where its values are
    those of the text before. And how many texts the pool holds with the first view's."""
    packed = {v.scope.key: [pool.pack(v.texts[slot]) for slot in page.views[0].texts] for v in page.views}
    uses = Counter(dumped(text) for texts in packed.values() for text in texts)

    def held(text: list[Any], before: object) -> object:
        if uses[dumped(text)] > 1:
            return pool.place("text", dumped(text))
        return text[:1] if isinstance(before, list) and before[1:] == text[1:] else text

    views, sizes = {}, []
    for key, texts in packed.items():
        own: list[Any] = [text if uses[dumped(text)] == 1 else None for text in texts]
        views[key] = [held(text, before) for text, before in zip(texts, [None, *own], strict=False)]
        sizes.append(len(pool.lists["text"]))
    return views, sizes[0]


def packed_views(page: Page, pool: Pool) -> dict[str, Any]:
    """Views by scope: their texts in slot order, the named case's week, and the rows of bar charts."""
    views, n_first = packed_texts(page, pool)
    return {
        "n_first": n_first,
        "slots": list(page.views[0].texts),
        "views": views,
        "marks": {v.scope.key: v.marks for v in page.views if v.marks},
        **packed_bars(page, pool),
    }


# -- rows of bar charts -----------------------------------------------------------------------------------------------
def packed_bars(page: Page, pool: Pool) -> dict[str, Any]:
    """`bars`: chart → scope → rows; `fields`: their order, `fixed` fields that no scope changes and the message that most rows say, `text`.
    A row's text is only its message, its arguments are the row's own fields: a row with another message begins with [message]; a row of zeros
    or nulls is its message alone."""
    bars: dict[str, dict[str, Any]] = {}
    fields: dict[str, dict[str, Any]] = {}
    for chart, first in page.views[0].bars.items():
        is_graded = bool(first) and "p5e" in first[0]
        fixed = {"unit": [pool.place("name", str(row["unit"])) for row in first]} if first and "unit" in first[0] else {}
        rows: dict[str, tuple[Mapping[str, Any], ...]] = {v.scope.key: v.bars[chart] for v in page.views}
        said = Counter(row["text"][0].key for each in rows.values() for row in each)
        usual = said.most_common(1)[0][0] if said else ""
        kept = ["n", "below", "above", *reversed(COLUMNS)] if is_graded else [f for f in first[0] if f not in ("text", *fixed)] if first else []

        def packed(row: Mapping[str, Any], kept: list[str] = kept, usual: str = usual, is_graded: bool = is_graded) -> object:
            message = pool.place("message", row["text"][0].key)
            values = graded(row, kept) if is_graded else compared(row, kept)
            if not any(values):
                return message
            return values if row["text"][0].key == usual else [[message], *values]

        bars[chart] = {scope: [packed(row) for row in each] for scope, each in rows.items()}
        fields[chart] = {"fields": kept, "fixed": fixed, "text": pool.place("message", usual) if usual else None}
    return {"bars": bars, "fields": fields}


def graded(row: Mapping[str, Any], kept: Sequence[str]) -> list[Any]:
    """Amounts by grade: their sum `value` is left out, bounds are said as what they differ from it by, zeros at the end are cut off (so the
    rarest fields come last)."""
    apart = {"below": row["value"] - row["low"], "above": row["high"] - row["value"]}
    values = [shortened(apart[f] if f in apart else row[f]) for f in kept]
    return values[: 1 + max((i for i, v in enumerate(values) if v), default=-1)]


def compared(row: Mapping[str, Any], kept: Sequence[str]) -> list[Any]:
    """A row with `change` as its last field: left out where it follows from now and previous."""
    values = [shortened(row[f]) for f in kept]
    now, previous = row["now"], row["previous"]
    follows = now is not None and previous and row["change"] is not None and shortened(now / previous - 1) == shortened(row["change"])
    return values[:-1] if follows else values


# -- weekly columns ---------------------------------------------------------------------------------------------------
def millionths(share: float | None) -> int | None:
    return None if share is None else round(share * MILLION)


def steps(values: Iterable[float | None]) -> list[int | None]:
    """Shares as the steps from each known one to the next, in millionths, the first from 0."""
    out: list[int | None] = []
    last = 0
    for value in values:
        if value is None:
            out.append(None)
        else:
            now = round(value * MILLION)
            out.append(now - last)
            last = now
    return out


def sparse(values: list[float | int | None]) -> object:
    """[places, values] of a column that is so mostly 0 that this is shorter; the page's script fills it up again."""
    held = {i: v for i, v in enumerate(values) if v != 0}
    return [list(held), list(held.values())] if len(held) * len("17,") < (len(values) - len(held)) * len("0,") else values
