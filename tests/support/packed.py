"""Embedded data of a page read back, by code of its own beside the page's script (html/unpack.js)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any


def filled(form: Any, values: Iterator[Any]) -> Any:
    if isinstance(form, list):
        return [filled(f, values) for f in form]
    return -1 - form if form else next(values)


def text_of(data: dict, packed: list) -> list[list[Any]]:
    """[shape, values …] as [[message key, argument, …], …]."""
    keys, values = list(data["messages"]), iter(packed[1:])
    return [[keys[message], *(filled(form, values) for form in forms)] for message, *forms in data["shapes"][packed[0]]]


def text_at(data: dict, scope: str, slot: str) -> list[list[Any]]:
    """A slot's clauses in a view: [[message key, argument, …], …]."""
    view, at = data["views"][scope], data["slots"].index(slot)
    found = view[at]
    if isinstance(found, int):
        return text_of(data, data["texts"][found])
    back = next((t for t in reversed(view[: at + 1]) if not isinstance(t, list) or len(t) > 1), [])
    return text_of(data, found if len(found) > 1 or not isinstance(back, list) else [found[0], *back[1:]])


def row_of(data: dict, chart: str, packed: Any) -> dict[str, Any]:
    """A row of a bar chart: field → value as far as it is written; of graded rows 0 where it is not."""
    fields = data["fields"][chart]["fields"]
    row = dict.fromkeys(fields, 0 if "p5e" in fields else None)
    if not isinstance(packed, list):
        return row
    return row | dict(zip(fields, packed[1:] if isinstance(packed[0], list) else packed, strict=False))


def shares(column: list[int | None]) -> list[float | None]:
    """Steps in millionths as shares."""
    sums = iter(itertools.accumulate(v for v in column if v is not None))
    return [None if v is None else next(sums) / 1_000_000 for v in column]


def column_of(column: Any, n_weeks: int) -> list[Any]:
    """A weekly column written as one value, as [places, values] of what is not 0, or whole."""
    if not isinstance(column, list):
        return [column] * n_weeks
    held = dict(zip(*column, strict=True)) if isinstance(column[0], list) else dict(enumerate(column))
    return [held.get(i, 0) for i in range(n_weeks)]
