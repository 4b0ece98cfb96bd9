"""Headings that are nearly a known one, and the known ones nearest to an unknown.

Here: likeness above a stated score, one letter off where the unit agrees. Two headings that differ in a word like 印制 or 新增 are never the
same by likeness. Not here: headings known exactly (matching.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from rapidfuzz import fuzz, process

from pipeline.forms.catalogue import Column, Form, catalogue
from pipeline.forms.concepts import concepts, words_of
from pipeline.forms.wording import Wording, path_key, sheet_words
from pipeline.intake.units import read_unit


def alike(parts: tuple[Wording, ...], form: Form | None, heading_score: float) -> Column | None:
    """The one column whose heading is alike above the score, with no contrasting word between them and no other column as near."""
    if not parts:
        return None
    cat = catalogue()
    known = {**(cat.anywhere if form and form.grain != "register" else {}), **cat.common, **(form.by_key if form else {})}
    for key in dict.fromkeys((path_key(parts), parts[-1].key)):
        if len(key) < 3:
            continue
        near = process.extract(key, known.keys(), scorer=fuzz.ratio, score_cutoff=heading_score, limit=4)
        near = [(other, score) for other, score, _ in near if _contrasts(other) == _contrasts(key)]
        columns = {(known[other].measure or known[other].role, *known[other].with_.items()) for other, score in near if score >= near[0][1] - 3}
        if len(columns) == 1:
            return known[near[0][0]]
    return _misspelt(parts[-1], known)


def _misspelt(part: Wording, known: Mapping[str, Column]) -> Column | None:
    """参于人数（人）: one letter inside differs, and the heading's own unit is one its number is counted in."""
    key = part.key
    if len(key) < 3 or len(part.base) < 4 or not part.units:
        return None
    unit = read_unit(part.units[0]).name
    found = [c for other, c in known.items() if _differs_inside(key, other) and c.measure and unit and _counts_in(unit, c)]
    return found[0] if len({(c.measure, *c.with_.items()) for c in found}) == 1 else None


def _differs_inside(key: str, other: str) -> bool:
    if len(key) != len(other) or key[0] != other[0] or key[-1] != other[-1] or _contrasts(key) != _contrasts(other):
        return False
    return sum(a != b for a, b in zip(key, other, strict=True)) == 1


def _counts_in(unit: str, column: Column) -> bool:
    measure = catalogue().measures[column.measure or ""]
    return unit in (measure.unit, *measure.units, *measure.apart)


@lru_cache(maxsize=8192)
def _contrasts(key: str) -> frozenset[str]:
    changed = concepts().changed.intersection(words_of(key)[0])
    return frozenset(word for word in sheet_words().contrasts if word in key) | changed


def nearest(parts: tuple[Wording, ...], form: Form | None) -> tuple[str, ...]:
    """Up to three known headings most like this one, as the forms write them."""
    cat = catalogue()
    names = {key: c.headings[0] for source in (cat.common, cat.anywhere, form.by_key if form else {}) for key, c in source.items()}
    found = process.extract(parts[-1].key, names.keys(), scorer=fuzz.ratio, score_cutoff=20, limit=6) if parts else []
    return tuple(dict.fromkeys(names[key] for key, _, _ in found))[:3]
