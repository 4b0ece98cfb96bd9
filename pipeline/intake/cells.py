"""One cell under its heading → what it measures, with its unit and the reasons, or the point to hand back.

Here: unit precedence (cell, heading, corner, form's default), which measure a unit or a word picks, conflicts, and what was read before in
columns of the same kind. Not here: what a text says as a number (quantity.py), whose and when (rows.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pipeline.forms.catalogue import Column, Measure, catalogue
from pipeline.intake.collecting import masked_text
from pipeline.intake.columns import LEAD_ATTRIBUTES, Match, fits
from pipeline.intake.grid import CellError, CellValue, UncachedFormula
from pipeline.intake.lines import measure_of_heading
from pipeline.intake.points import MISSING_RULES
from pipeline.intake.quantity import Quantity, read_quantities, read_quantity
from pipeline.intake.units import is_same_kind, read_unit

AUDIENCE = "contacts"
AUDIENCE_CHANNELS = frozenset(["talks", AUDIENCE, "home_visits"])


@dataclass(slots=True)
class Stated:
    """One number of one cell: a measure, in its unit, with bounds. `rules`: points to raise at the cell, with what they need to be said.

    Equal cells share it, so that nobody changes one.
    """

    measure: Measure
    unit: str
    value: float | None
    low: float | None
    high: float | None
    precision: str
    reason: str | None
    attributes: Mapping[str, str] | None = None
    is_cumulative: bool = False
    rules: tuple[tuple[str, Mapping[str, str]], ...] = ()


@dataclass(frozen=True, slots=True)
class _Key:
    """What of a column decides about its cells."""

    column: Column
    measure: Measure
    has_heading_unit: bool
    is_subset: bool
    needs_unit: bool


PLAIN_NUMBER_LIMIT = 10_000_000
"""A whole number below this is a count as it stands; a longer one may be a telephone number or a date, and is looked at closely."""
BELIEVABLE = {"元": 100_000_000, "次": 100_000_000}
MOST_BELIEVABLE_OTHERS = 10_000_000
"""What one cell may come to when its heading multiplies it (万元, 万次, 万人次): a hundred million 元 or views, ten million of anything else."""
MISLEADING_TYPES = frozenset([bool, int, CellError, UncachedFormula])
"""What a column reader does not remember: true and 1, or an error and a text, are equal but do not mean the same."""
_MOST_REMEMBERED = 5_000

Seen = tuple[str, tuple[Stated, ...]]
"""A cell's text, masked, and what it states; nothing when it is blank."""


class ColumnReader:
    """Reads the cells of one kind of column, and each number or text only once: columns repeat themselves, from row to row and sheet to sheet.

    `known`: what values of other than MISLEADING_TYPES stated when they were read before, in rows without a unit of their own.
    """

    def __init__(self, match: Match, unit: str | None) -> None:
        self.known: dict[CellValue, Seen] = {}
        column, measure = match.column, match.measure
        assert column is not None
        assert measure is not None
        self._match, self._measure, self._unit = match, measure, unit
        stated = read_unit(unit)
        self.kept_unit = stated.name if stated.name in measure.apart else measure.unit
        self._factor = _factor(unit, _needs_unit(match) or measure.unit == "元")
        self._takes_fractions = measure.unit in ("元", "小时")
        self._limit = PLAIN_NUMBER_LIMIT if self._factor <= 1 else BELIEVABLE.get(measure.unit, MOST_BELIEVABLE_OTHERS)
        self._plain_reason = "subset" if match.is_subset else "cumulative" if match.is_cumulative else None if unit else "unit_assumed"

    def read(self, value: CellValue, unit: str | None = None) -> Seen:
        """Any cell. `unit`: the row's own, before that of the column."""
        if unit is not None or type(value) in MISLEADING_TYPES:
            return self._read(value, unit)
        if value not in self.known:
            if len(self.known) >= _MOST_REMEMBERED:
                self.known.clear()
            self.known[value] = self._read(value, None)
        return self.known[value]

    def _read(self, value: CellValue, unit: str | None) -> Seen:
        text = masked_text(value)
        if value is None or (isinstance(value, str) and not value.strip()):
            return text, ()
        if isinstance(value, float) and unit is None and self._factor and 0 <= value < PLAIN_NUMBER_LIMIT:
            amount = value if self._factor == 1 else round(value * self._factor, 4)
            if amount < self._limit and (self._takes_fractions or amount.is_integer()):
                is_cumulative = self._match.is_cumulative
                plain = Stated(self._measure, self.kept_unit, amount, amount, amount, "exact", self._plain_reason, is_cumulative=is_cumulative)
                return text, (plain,)
        return text, tuple(map(self._in_column, read_cell(value, self._match, unit or self._unit)))

    def _in_column(self, stated: Stated) -> Stated:
        """With what the column adds: every number of a running total is one."""
        attributes = {name: masked_text(words) for name, words in stated.attributes.items()} if stated.attributes else None
        if not self._match.is_cumulative:
            return replace(stated, attributes=attributes) if attributes else stated
        return replace(stated, attributes=attributes, reason=stated.reason or "cumulative", is_cumulative=True)


_readers: dict[tuple[object, ...], ColumnReader] = {}


def reader_for(match: Match, unit: str | None) -> ColumnReader:
    """The reader of all columns like this one: same column of a form, measure, unit and marks of the heading."""
    key = (id(match.column), id(match.measure), unit, match.unit is not None, match.is_subset, match.is_cumulative, match.is_told)
    if key not in _readers:
        _readers[key] = ColumnReader(match, unit)
    return _readers[key]


def _factor(unit: str | None, is_doubtful: bool) -> int:
    """A bare number times this is the value (万次: 10 000); 0 where a bare number needs a closer look (no certain unit, minutes)."""
    kept = read_unit(unit)
    if unit is None:
        return 0 if is_doubtful else 1
    return int(kept.multiplier) if kept.divisor == 1 and kept.multiplier % 1 == 0 else 0


def _needs_unit(match: Match) -> bool:
    return bool(match.column and match.column.needs_unit and not match.is_told)


def read_cell(value: CellValue, match: Match, unit: str | None) -> tuple[Stated, ...]:
    """What one cell states. `unit`: of its heading or corner, None when neither says. A missing number is one Stated without value."""
    column, measure = match.column, match.measure
    assert column is not None
    assert measure is not None
    if isinstance(value, (CellError, UncachedFormula)):
        rule = "cell_has_no_error" if isinstance(value, CellError) else "formula_has_a_result"
        return (_missing(measure, "unreadable", rule),)
    key = _Key(column, measure, match.unit is not None, match.is_subset, _needs_unit(match))
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
    stated = _state(quantity, unit, key, is_assumed=is_assumed)
    if other := _named_before(quantity, stated, key):
        details = {"seen": quantity.text, "other": other.zh, "other_en": other.en}
        return (_missing(stated.measure, "unit_conflict", "number_is_of_its_column", details),)
    left = _left_over(text, default, quantity)
    return (replace(stated, rules=(*stated.rules, ("cell_states_one_number", {"seen": left}))),) if left else (stated,)


def _named_before(quantity: Quantity, stated: Stated, key: _Key) -> Measure | None:
    """公众号阅读 in front of 2300次, in a column whose heading says no unit (线上宣传): the number of another channel, not of this column. 受众 is
    said of any."""
    if key.has_heading_unit or stated.low is None or not quantity.lead or quantity.unit is None:
        return None
    code = measure_of_heading(f"{quantity.lead}（{quantity.unit}）")
    named = catalogue().measures[code] if code else None
    return named if named and named.channel not in (stated.measure.channel, AUDIENCE) else None


def _left_over(text: str, unit: str | None, taken: Quantity) -> str:
    """What a cell counts besides the number taken, in a unit of another kind: 3笔/12.6万元 in a column of cases; "" when nothing."""
    if taken.is_missing or len(text) < 4:
        return ""
    others = [q for q in read_quantities(text, unit) if not (q.is_missing or q.is_subset or q.is_remark) and not is_same_kind(q.unit, taken.unit)]
    return "、".join(q.text for q in others)


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
    if is_assumed and key.needs_unit and not (quantity.value == 0 and _is_one_thing(key)):  # none is none in every unit
        return _missing(measure, "unreadable", "unit_is_stated", {"units": "、".join(_possible_units(key))})
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
    if doubt := _doubtful_magnitude(quantity, unit, kept):
        if doubt[0] == "count_fits_the_multiplier":
            return _missing(measure, "unreadable", *doubt)
        rules.append(doubt)
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


def _possible_units(key: _Key) -> list[str]:
    """One unit for each number that a bare one could be."""
    of_each = {code: unit for unit, code in reversed(key.column.by_unit.items())}
    return [key.measure.unit, *(unit for code, unit in reversed(of_each.items()) if code != key.measure.code)]


def _is_one_thing(key: _Key) -> bool:
    """Are all numbers that the unit may decide between of one channel: no hours of broadcasting are no plays, no persons may be no money?"""
    measures = catalogue().measures
    return {measures[code].channel for code in key.column.by_unit.values()} <= {key.measure.channel}


def _doubtful_magnitude(quantity: Quantity, unit: str | None, kept: str) -> tuple[str, Mapping[str, str]] | None:
    """A bare 3000余 under 万人次, or 38000 under 万元: the heading's 万 was perhaps not meant. Where the cell writes 万 itself it was."""
    written = read_unit(unit)
    limit = BELIEVABLE.get(kept, MOST_BELIEVABLE_OTHERS)
    amount = quantity.value if quantity.value is not None else quantity.low
    if written.multiplier < 10_000 or written.name != kept or amount is None or amount < limit or any(mark in quantity.text for mark in "万亿wW"):
        return None
    details = {"unit_written": str(unit), "factor": str(int(written.multiplier)), "amount": f"{amount:,.0f}"}
    return ("amount_fits_the_multiplier" if kept == "元" else "count_fits_the_multiplier", details)


def _lead_attribute(quantity: Quantity, measure: Measure) -> Mapping[str, str]:
    name = LEAD_ATTRIBUTES.get(measure.channel)
    words = quantity.attribute if name else ""
    return {name: words} if name and 2 <= len(words) <= 12 and not any(ch.isdigit() for ch in words) else {}


def _missing(measure: Measure, reason: str, rule: str | None, details: Mapping[str, str] | None = None) -> Stated:
    return Stated(measure, measure.unit, None, None, None, "missing", reason, rules=((rule, details or {}),) if rule else ())
