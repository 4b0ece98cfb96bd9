"""Tables of written phrases and what the domain rules give for them: how a table's line is written, and whether a reading agrees.

A table is lines of text with tabs: the phrase, the heading's unit or the context year, the expected reading; `#` opens a remark. `num:`, `date:`
and `dt:` in front of a phrase make it a number, a date or a date with a time; `\\n` and `\\\\` stand for a line break and a backslash.

Expected quantities: `1200 份` exact · `800/100 份` at least 800, below 900 · `500- 人` nearly · `60~ 小时` about · `15 [14,15] nearly 人` with bounds
written out (`)` exclusive; `null` for no value) · `!reason` missing (`!` alone: whatever the reason) · `?` the rules leave it open.
Expected periods: `2023-05-15 2023-05-21 span 第21周` (the label only where the rules give one) · `!` none · `?` open.
"""

import datetime
import math
import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.intake.period import Period
from pipeline.intake.quantity import Quantity

TABLES = Path(__file__).parents[1] / "intake" / "phrases"
COUNTED_IN_FRACTIONS = {"元", "小时", "年", "%"}

BOUNDS = re.compile(r"(?P<value>[\d.]+|null) \[(?P<low>[\d.]+),(?P<high>[\d.]+)(?P<end>[\])]) (?P<precision>\w+)(?: (?P<unit>\S+))?")
SHORT = re.compile(r"(?P<value>[\d.]+)(?:(?P<mark>[-~])|/(?P<step>\d+))?(?: (?P<unit>\S+))?")


@dataclass(frozen=True)
class Line:
    """One line of a table: what was written (text, number or date), the second column as text, the expected reading as text."""

    written: object
    given: str
    expected: str

    @property
    def is_open(self) -> bool:
        return self.expected.startswith("?")


@dataclass(frozen=True)
class Expected:
    value: float | None
    low: float
    high: float
    is_high_exclusive: bool
    unit: str | None
    precision: str


def lines_of(name: str) -> list[Line]:
    """The lines of tests/intake/phrases/<name>.tsv, in order."""
    rows = [row for row in (TABLES / f"{name}.tsv").read_text(encoding="utf-8").split("\n") if row and not row.startswith("#")]
    return [Line(_written(text), given, expected) for text, given, expected in (row.split("\t") for row in rows)]


def _written(text: str) -> object:
    kind, _, rest = text.partition(":")
    if kind == "num":
        return float(rest)
    if kind == "date":
        return datetime.date.fromisoformat(rest)
    if kind == "dt":
        return datetime.datetime.fromisoformat(rest)
    return text.replace("\\n", "\n").replace("\\\\", "\\")


def expected_quantity(text: str) -> Expected:
    """The reading a table's third column writes; ValueError where it is not of the forms above."""
    if found := BOUNDS.fullmatch(text):
        value = None if found["value"] == "null" else float(found["value"])
        return Expected(value, float(found["low"]), float(found["high"]), found["end"] == ")", found["unit"], found["precision"])
    found = SHORT.fullmatch(text)
    if found is None:
        raise ValueError(f"not an expected quantity: {text!r}")
    value, unit = float(found["value"]), found["unit"]
    if found["step"]:
        return Expected(value, value, value + int(found["step"]), True, unit, "at_least")
    if found["mark"] == "-":
        return Expected(value, _inward(value * 0.9, unit, math.ceil), value, False, unit, "nearly")
    if found["mark"] == "~":
        return Expected(value, _inward(value * 0.9, unit, math.ceil), _inward(value * 1.1, unit, math.floor), False, unit, "about")
    return Expected(value, value, value, False, unit, "exact")


def _inward(bound: float, unit: str | None, rounding) -> float:
    return bound if unit in COUNTED_IN_FRACTIONS else float(rounding(round(bound, 6)))


def quantity_verdict(quantity: Quantity, expected: str) -> str:
    """exact, refused (missing, or missing for another reason than expected) or wrong (a number the rules do not give)."""
    if expected.startswith("!"):
        if quantity.precision != "missing":
            return "wrong"
        return "exact" if expected in ("!", f"!{quantity.reason}") else "refused"
    if quantity.precision == "missing":
        return "refused"
    want = expected_quantity(expected)
    pairs = ((quantity.value, want.value), (quantity.low, want.low), (quantity.high, want.high))
    same = all(a == b if a is None or b is None else math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9) for a, b in pairs)
    words = (quantity.precision, quantity.unit, quantity.is_high_exclusive) == (want.precision, want.unit, want.is_high_exclusive)
    return "exact" if same and words else "wrong"


def period_verdict(period: Period | None, expected: str) -> str:
    """exact, refused or wrong (days the rules do not give, or another precision or label)."""
    if expected == "!":
        return "exact" if period is None else "wrong"
    if period is None:
        return "refused"
    start, end, precision, *label = expected.split(" ")
    same = (period.start.isoformat(), period.end.isoformat(), period.precision) == (start, end, precision)
    return "exact" if same and (not label or period.label == label[0]) else "wrong"
