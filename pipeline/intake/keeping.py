"""A table as it may be kept: its raw rows, masked, with its header paths; and what kind of content stands below each heading.

Here: looking at the cells of data rows without knowing what they measure. Not here: what is personal in a text (privacy.py), the numbers (rows.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from types import NoneType

from pipeline.forms.wording import sheet_words, squeeze, units_in
from pipeline.intake.collecting import LONG_NUMBER, masked_cell, masked_text, range_name
from pipeline.intake.columns import TableMatch
from pipeline.intake.grid import CellValue
from pipeline.intake.metadata import Facts
from pipeline.intake.privacy import is_personal_heading, mask_name
from pipeline.intake.quantity import read_quantity
from pipeline.intake.records import TableFound
from pipeline.intake.regions import Table, is_blank
from pipeline.intake.row_keys import NUMBERED_NAME, are_numbered_names


def contents_of(table: Table) -> str:
    """One letter a column, as match_table wants it."""
    return "".join(map(_content, table.data_columns))


def _content(values: tuple[CellValue, ...]) -> str:
    """Decided by the first number, else by the first two dozen texts."""
    texts: list[str] = []
    for value in values:
        if isinstance(value, float):
            return "n"
        if is_blank(value) or isinstance(value, bool):
            continue
        if isinstance(value, int):
            return "n"
        if not isinstance(value, str):
            return "d"
        if not texts and _is_plainly_counted(value) and not NUMBERED_NAME.fullmatch(value.strip()):
            return "n"
        texts.append(value)
        if len(texts) == 24:
            break
    words = sheet_words()
    if not texts:
        return "b"
    if all(text.endswith(words.name_endings) for text in texts):
        return "s"
    if all(units_in(text) for text in texts):
        return "u"
    if any(not read_quantity(text).is_missing for text in texts):
        return "t" if are_numbered_names(texts) else "n"
    readings = [read_quantity(text) for text in texts]
    telling = [t for t, q in zip(texts, readings, strict=True) if q.reason in ("unreadable", "no_number", "claim_without_measure", "number_lost")]
    if not telling:
        return "b"
    named = sum(squeeze(t).endswith(words.name_endings) for t in telling)
    return "s" if 2 * named >= len(telling) else "t"


@lru_cache(maxsize=16384)
def _is_plainly_counted(text: str) -> bool:
    """800余: a number, and neither a name (三所) nor a unit, so that what stands below it need not be looked at."""
    return not text.endswith(sheet_words().name_endings) and not units_in(text) and not read_quantity(text).is_missing


def table_found(table: Table, matched: TableMatch, facts: Facts, sheet: str) -> TableFound:
    """The table as it may be kept: masked rows, personal columns masked whole."""
    grid = table.grid
    personal = {i: kind for i, m in enumerate(matched.columns) if (kind := _personal_kind(m.role, m.heading))}
    rows = tuple(zip(*(_kept(column, personal.get(i)) for i, column in enumerate(table.data_columns)), strict=True))
    ends = ((table.top, table.bottom), (table.left, table.right))
    # A table put together from a list or from labels and values takes its cells from anywhere.
    spans = ends if grid.positions is None else [range(first, last + 1) for first, last in ends]
    corners = [grid.at(row, column) for row in spans[0] for column in spans[1]]
    period = facts.period
    return TableFound(
        sheet,
        range_name(*map(min, zip(*corners, strict=True)), *map(max, zip(*corners, strict=True))),
        matched.form.name if matched.form else None,
        tuple(masked_text(m.heading) for m in matched.columns),
        rows,
        title=masked_text(facts.title) or None,
        fingerprint=matched.fingerprint,
        start=period.start if period else None,
        end=period.end if period else None,
    )


def _kept(column: tuple[CellValue, ...], personal: str | None) -> Iterable[object]:
    """The raw cells of a column as they may be kept: masked, personal ones whole."""
    if personal:
        return [v if is_blank(v) else _personal(v, personal) for v in column]
    is_plain = set(map(type, column)) <= {float, NoneType} and max(filter(None, column), default=0.0) < LONG_NUMBER  # pyright: ignore[reportOperatorIssue]
    return column if is_plain else map(masked_cell, column)


@lru_cache(maxsize=4096)
def _personal_kind(role: str, heading: str) -> str | None:
    if role == "narrative":
        return "案情"
    return is_personal_heading(heading) or ("姓名" if role == "personal" else None)


def _personal(value: CellValue, kind: str) -> str:
    return mask_name(value) if kind == "姓名" and isinstance(value, str) else f"〔{kind}〕"
