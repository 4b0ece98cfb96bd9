"""One cell under its heading → what it measures, with its unit and the reasons, or the point to hand back.

Here: unit precedence (cell, heading, corner, form's default), which measure a unit or a word picks, conflicts. Not here: what a text says as a
number (quantity.py), whose and when (rows.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.forms.catalogue import Column, Measure, catalogue
from pipeline.intake.grid import CellError, CellValue, UncachedFormula
from pipeline.intake.matching import Match, fits
from pipeline.intake.points import MISSING_RULES
from pipeline.intake.quantity import Quantity, read_quantities, read_quantity
from pipeline.intake.units import read_unit

AUDIENCE_CHANNELS = frozenset(["talks", "contacts", "home_visits"])
LEAD_ATTRIBUTES = {"leaflets": "material", "posters": "material", "online_media": "platform"}
"""Channel → what words in front of its number name: 《一封信》800余份, 县融媒1篇."""


@dataclass(frozen=True, slots=True)
class Stated:
    """One number of one cell: a measure, in its unit, with bounds. `rules`: points to raise at the cell, with what they need to be said."""

    measure: Measure
    unit: str
    value: float | None
    low: float | None
    high: float | None
    precision: str
    reason: str | None
    attributes: Mapping[str, str] = field(default_factory=dict)
    is_cumulative: bool = False
    rules: tuple[tuple[str, Mapping[str, str]], ...] = ()


@dataclass(frozen=True, slots=True)
class _Key:
    """What of a column decides about its cells."""

    column: Column
    measure: Measure
    has_heading_unit: bool
    is_subset: bool


_MOST_READINGS = 50_000
Known = dict[str, tuple[str, tuple[Stated, ...]]]
"""Text of a cell → the text masked, and what it was read as."""
_readings: dict[tuple[object, ...], Known] = {}


def readings_of(match: Match, unit: str | None) -> Known:
    """What is known of texts in columns like this one (same column of a form, measure and unit): to be filled by whoever reads them."""
    if sum(map(len, _readings.values())) > _MOST_READINGS:
        _readings.clear()
    key = (id(match.column), match.measure.code if match.measure else None, unit, match.unit is not None, match.is_subset)
    return _readings.setdefault(key, {})


def read_cell(value: CellValue, match: Match, unit: str | None) -> tuple[Stated, ...]:
    """What one cell states. `unit`: of its heading or corner, None when neither says. A missing number is one Stated without value."""
    column, measure = match.column, match.measure
    assert column is not None
    assert measure is not None
    if isinstance(value, (CellError, UncachedFormula)):
        rule = "cell_has_no_error" if isinstance(value, CellError) else "formula_has_a_result"
        return (_missing(measure, "unreadable", rule),)
    key = _Key(column, measure, match.unit is not None, match.is_subset)
    if isinstance(value, str):
        return _read_text(value, unit, key)
    quantity = read_quantity(value, unit or column.unit or measure.unit)
    return (_state(quantity, unit, key, is_assumed=unit is None),)


def _read_text(text: str, unit: str | None, key: _Key) -> tuple[Stated, ...]:
    default = unit or key.column.unit or key.measure.unit
    if key.column.by_unit or key.column.by_word:
        several = [q for q in read_quantities(text, default) if not q.is_missing]
        codes = [_measure_of(q, key, is_assumed=False).code for q in several]
        if len(several) > 1 and len(set(codes)) == len(codes):
            return tuple(_state(q, unit, key, is_assumed=False, has_siblings=True) for q in several)
    quantity = read_quantity(text, default)
    is_assumed = unit is None and (bare := read_quantity(text)).unit is None and not bare.is_missing
    if key.column.by_unit and not key.has_heading_unit and not quantity.is_missing and quantity.reason == "unit_conflict":
        own = read_quantity(text)
        quantity = own if own.unit in key.column.by_unit else quantity
    return (_state(quantity, unit, key, is_assumed=is_assumed),)


def _measure_of(quantity: Quantity, key: _Key, *, is_assumed: bool) -> Measure:
    """The measure a number stands for: its word, its claim, its unit, else the column's."""
    measures = catalogue().measures
    column = key.column
    word = next((w for w in column.by_word if w in quantity.lead or w in quantity.tail), None)
    if word:
        return measures[column.by_word[word]]
    if quantity.is_claim and key.measure.channel in AUDIENCE_CHANNELS:
        return measures["claimed_reach.people"]
    if not is_assumed and not key.has_heading_unit and quantity.unit in column.by_unit:
        return measures[column.by_unit[quantity.unit]]
    if key.has_heading_unit and quantity.unit in column.by_unit and quantity.unit == "元":
        return measures[column.by_unit[quantity.unit]]  # 堵截（笔/金额）: the heading itself names both
    return key.measure


def _state(quantity: Quantity, unit: str | None, key: _Key, *, is_assumed: bool, has_siblings: bool = False) -> Stated:
    measure = _measure_of(quantity, key, is_assumed=is_assumed)
    if quantity.is_missing:
        return _missing(measure, quantity.reason or "unreadable", MISSING_RULES.get(quantity.reason or ""))
    written = measure.unit if is_assumed or quantity.unit is None else quantity.unit
    if is_assumed and key.column.needs_unit:
        return _missing(measure, "unreadable", "unit_is_stated")
    if not fits(written, measure):
        details = {"seen": written}
        return _missing(measure, "unit_conflict", "unit_fits_the_column", details)
    kept = written if written in measure.apart else measure.unit
    rules: list[tuple[str, Mapping[str, str]]] = []
    heading_unit = read_unit(unit).name if unit else None
    is_conflict = kept in measure.apart and measure is key.measure and heading_unit is not None and heading_unit != kept
    if is_conflict:
        rules.append(("unit_agrees_with_the_heading", {"seen": kept, "unit": heading_unit or ""}))
    if is_assumed and measure.unit == "元":
        rules.append(("amount_states_its_unit", {}))
    flags = {
        "unit_conflict": is_conflict,
        "spread": quantity.reason == "spread",
        "claim": quantity.is_claim,
        "subset": key.is_subset or quantity.is_subset,
        "cumulative": quantity.is_cumulative,
        "unit_assumed": is_assumed and not has_siblings,
        "approximate": quantity.precision != "exact",
    }
    reason = next((name for name, holds in flags.items() if holds), None)
    return Stated(
        measure,
        kept,
        quantity.value,
        quantity.low,
        quantity.high,
        quantity.precision,
        reason,
        _lead_attribute(quantity, measure),
        quantity.is_cumulative,
        tuple(rules),
    )


def _lead_attribute(quantity: Quantity, measure: Measure) -> Mapping[str, str]:
    name = LEAD_ATTRIBUTES.get(measure.channel)
    words = quantity.attribute if name else ""
    return {name: words} if name and 2 <= len(words) <= 12 and not any(ch.isdigit() for ch in words) else {}


def _missing(measure: Measure, reason: str, rule: str | None, details: Mapping[str, str] | None = None) -> Stated:
    return Stated(measure, measure.unit, None, None, None, "missing", reason, rules=((rule, details or {}),) if rule else ())
