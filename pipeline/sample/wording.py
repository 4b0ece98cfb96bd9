"""How people write a number: the true number in, the cell's content out, with what a careful reader may conclude from it.

Here: the written forms of the quantity grammar, from the writer's side. Deliberately its own code, sharing nothing with
the reader, so that a test of one by the other means something. Every form is offered only where it is honest: the true
number lies inside the bounds its wording implies.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from random import Random

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Written:
    """A cell as written and its meaning in the standard unit. `high` is exclusive for at_least and vague, else inclusive."""

    cell: Cell
    value: float | None
    low: float | None
    high: float | None
    precision: str
    reason: str | None = None


def exactly(cell: Cell, number: float) -> Written:
    return Written(cell, number, number, number, "exact")


def approximately(cell: str, value: float | None, low: float, high: float, precision: str) -> Written:
    return Written(cell, value, low, high, precision, "approximate")


def missing(cell: Cell, reason: str) -> Written:
    return Written(cell, None, None, None, "missing", reason)


FULL_WIDTH = str.maketrans("0123456789,.", "０１２３４５６７８９，．")

# (what is in the cell, reason code): writers' ways of stating nothing.
NOTHINGS = (("／", "not_applicable"), ("/", "not_applicable"), ("-", "dash"), ("—", "dash"), ("无", "stated_none"), (None, "blank"), (None, "blank"))
LOST = {
    "leaflets": (("202_余份", "masked_digits"), ("余份", "number_lost"), ("若干", "no_number")),
    "banners": (("横幅条", "number_lost"), ("**条", "masked_digits")),
    "screens": (("块", "number_lost"),),
    "broadcast_hours": (("共计小时", "number_lost"),),
    "groups": (("余个", "number_lost"),),
    "pushes": (("余条", "number_lost"), ("多次", "no_number")),
    "attendance": (("xx人", "masked_digits"),),
}
"""Numbers that lost their digits on the way, by channel key."""


def plain(n: float) -> int | float:
    """The number a spreadsheet holds: whole numbers as int."""
    return int(n) if float(n).is_integer() else n


def in_wan(n: int) -> str:
    """12000 → 1.2万, without trailing zeros."""
    return f"{(Decimal(n) / 10000).normalize():f}万"


def floored(n: int, digits: int) -> tuple[int, int]:
    """Largest number ≤ n with `digits` significant digits, and its next unit step: the place value of its last non-zero digit."""
    place = 10 ** max(0, len(str(n)) - digits)
    floor = n // place * place
    step = 1
    while floor % (step * 10) == 0:
        step *= 10
    return floor, step


def _floor_form(n: int, digits: int, unit: str, mark: str) -> Written | None:
    """N余: at least N, below N plus its next unit step. 万 is used from 10 000 upwards."""
    floor, step = floored(n, digits)
    if n < 20 or not floor <= n < floor + step or step == 1:
        return None
    figure = in_wan(floor) if floor >= 10000 else str(floor)
    # 80余万元, but 2万余份: from ten 万 on the mark goes inside.
    text = f"{floor // 10000}{mark}万{unit}" if floor >= 100000 and digits == 1 else f"{figure}{mark}{unit}"
    return approximately(text, floor, floor, floor + step, "at_least")


def _nearly(n: int, unit: str) -> Written | None:
    """近N means [0.9 N, N]; whole numbers round inward."""
    floor, step = floored(n, 1)
    figure = floor + step
    if n < 50 or 10 * n < 9 * figure:
        return None
    return approximately(f"近{in_wan(figure) if figure >= 10000 else figure}{unit}", figure, -(-9 * figure // 10), figure, "nearly")


def _about(n: int, unit: str) -> Written | None:
    """约N means N ± 10 %; whole numbers round inward."""
    floor, step = floored(n, 1)
    figure = floor if n - floor < step / 2 else floor + step
    if n < 20 or not 9 * figure <= 10 * n <= 11 * figure:
        return None
    text = in_wan(figure) if figure >= 10000 else str(figure)
    return approximately(f"约{text}{unit}", figure, -(-9 * figure // 10), 11 * figure // 10, "about")


def _round_word(n: int, unit: str) -> Written | None:
    for base, word in ((100, "百"), (1000, "千")):
        if base <= n < 2 * base:
            return approximately(f"{word}余{unit}", base, base, 2 * base, "at_least")
    return None


def _plus(n: int) -> Written | None:
    form = _floor_form(n, 2, "", "+")
    return form if form and n < 10000 else None


EXACT_FORMS: tuple[Callable[[int, str], Written | None], ...] = (
    lambda n, unit: exactly(str(n), n),
    lambda n, unit: exactly(f"{n}{unit}", n),
    lambda n, unit: exactly((f"{n:,}" if n >= 1000 else str(n)).translate(FULL_WIDTH), n),
    lambda n, unit: exactly(in_wan(n), n) if n >= 10000 and n % 1000 == 0 else None,
)
APPROXIMATE_FORMS: tuple[Callable[[int, str], Written | None], ...] = (
    lambda n, unit: _floor_form(n, 1, unit, "余"),
    lambda n, unit: _floor_form(n, 2, unit, "余"),
    lambda n, unit: _floor_form(n, 1, unit, "多"),
    _nearly,
    _about,
    _round_word,
    lambda n, unit: _plus(n),
)


def _choose(forms: tuple[Callable[[int, str], Written | None], ...], n: int, unit: str, rng: Random) -> Written | None:
    offered = [written for form in forms if (written := form(n, unit))]
    return rng.choice(offered) if offered else None


def write_count(n: int, unit: str, rng: Random, *, odd: float, rough: float) -> Written:
    """A count as somebody writes it: `odd` is the chance of an exact number in odd clothes, `rough` that of an approximation."""
    draw = rng.random()
    if n > 0 and draw < rough:
        form = _choose(APPROXIMATE_FORMS, n, unit, rng)
    elif n > 0 and (draw < rough + odd or n >= 20000):
        form = _choose(EXACT_FORMS, n, unit, rng)
    else:
        form = None
    return form or exactly(n, n)


def write_hours(hours: float, rng: Random, *, odd: float, rough: float) -> Written:
    """Hours in halves: 80.5, 36小时, 约60 (only tens are ever approximated)."""
    draw = rng.random()
    tens = round(hours / 10) * 10
    if draw < rough and tens >= 20 and 9 * tens <= 10 * hours <= 11 * tens:
        return approximately(f"约{tens}", tens, 9 * tens / 10, 11 * tens / 10, "about")
    if hours > 0 and draw < rough + odd:
        return exactly(f"{hours:g}小时", hours)
    return exactly(plain(hours), hours)


def write_reads(reads: int, rng: Random, *, odd: float) -> Written:
    """Reads under a heading in 万次: 0.35, the same as text, or a cell that brings its own 万 or 次 and overrides the heading."""
    in_ten_thousands = float(Decimal(reads) / 10000)
    if reads > 0 and rng.random() < odd:
        return exactly(rng.choice([f"{in_ten_thousands:g}", f"{in_ten_thousands:g}万", f"{reads}次"]), reads)
    return exactly(plain(in_ten_thousands), reads)


def write_money(yuan: int, rng: Random, *, rough: float, heading: str) -> Written:
    """An amount under a heading in 元 or 万元. Approximate forms name their own unit, which overrides the heading."""
    if rng.random() < rough and (form := _rough_money(yuan, rng)):
        return form
    draw = rng.random()
    if draw < 0.12 and yuan >= 10000 and yuan % 100 == 0:
        return exactly(in_wan(yuan) + "元", yuan)
    if draw < 0.2 and yuan >= 1000:
        return exactly(f"￥{yuan:,}.00", yuan)
    if heading == "万元":
        return exactly(plain(float(Decimal(yuan) / 10000)), yuan)
    return exactly(str(yuan) if draw > 0.93 else yuan, yuan)


def _rough_money(yuan: int, rng: Random) -> Written | None:
    offered = [
        _floor_form(yuan, 1, "元", "余"),
        _floor_form(yuan, 2, "元", "余") if yuan >= 100000 else None,
        _nearly(yuan, "元"),
        _about(yuan, "元"),
    ]
    for base, word in ((1000, "数千元"), (10000, "数万元"), (100000, "数十万元")):
        if 2 * base <= yuan < 10 * base and rng.random() < 0.5:
            offered.append(approximately(word, None, 2 * base, 10 * base, "vague"))
    written = [form for form in offered if form]
    return rng.choice(written) if written else None
