"""The quantity and period grammars on phrases written down from the domain rules before the grammar was tried on them.

`*_by_rule` go through the rules row by row with other numbers and units, `*_as_written` are what sheets of a busy station look like,
`*_mixed` are both, with traps, and `*_last` is one more pass over the rows of the rules.
"""

import itertools
import math
import random
import time

import pytest

from pipeline.intake.period import read_period
from pipeline.intake.quantity import read_quantity
from tests.support.phrases import lines_of, period_verdict, quantity_verdict

QUANTITIES = [line for name in ("quantities_by_rule", "quantities_as_written", "quantities_mixed", "quantities_last") for line in lines_of(name)]
PERIODS = [line for name in ("periods_by_rule", "periods_as_written", "periods_mixed", "periods_last") for line in lines_of(name)]


@pytest.mark.parametrize("line", [line for line in QUANTITIES if not line.is_open], ids=lambda line: f"{line.written!r}-{line.given}")
def test_quantity_is_read_as_the_rules_say(line):
    quantity = read_quantity(line.written, line.given or None)
    assert quantity_verdict(quantity, line.expected) == "exact", (line.expected, quantity)


@pytest.mark.parametrize("line", [line for line in PERIODS if not line.is_open], ids=lambda line: f"{line.written!r}-{line.given}")
def test_period_is_read_as_the_rules_say(line):
    period = read_period(line.written, int(line.given) if line.given else None)
    assert period_verdict(period, line.expected) == "exact", (line.expected, period)


NUMERALS = [  # as written, value, what 余 may add
    *(("300", 300, 100), ("1200", 1200, 100), ("36", 36, 1), ("50", 50, 10), ("1050", 1050, 10), ("2万", 20_000, 10_000)),
    *(("1.5万", 15_000, 1000), ("130万", 1_300_000, 100_000), ("3千", 3000, 1000), ("一百二十", 120, 10), ("两千", 2000, 1000)),
    *(("８００", 800, 100), ("2,300", 2300, 100), ("3w", 30_000, 10_000), ("二十", 20, 10), ("十", 10, 10), ("贰佰", 200, 100)),
    *(("1.2亿", 120_000_000, 10_000_000), ("5k", 5000, 1000), ("一百〇六", 106, 1), ("一千八百", 1800, 100)),
]
AT_LEAST = ("{}余{}", "{}多{}", "{}{}以上", "{}{}及以上", "逾{}{}", "超{}{}", "超过{}{}", "至少{}{}", "不少于{}{}", "突破{}{}", "{}+{}", "{}余{}以上")
MARKERS = [  # the phrase around numeral and unit; factor of the low end, of the high end (None: plus the step, exclusive), precision
    ("{}{}", 1, 1, "exact"),
    *((form, 1, None, "at_least") for form in AT_LEAST),
    *((form, 0.9, 1, "nearly") for form in ("近{}{}", "将近{}{}", "接近{}{}")),
    *((form, 0.9, 1.1, "about") for form in ("约{}{}", "大约{}{}", "{}{}左右", "{}{}上下", "约{}{}左右")),
]
UNITS = [*"份张册条块个台次场人户起件笔辆篇期群家所名", "人次", "户次", "架次", "台次"]
LEADS = [
    *("", "共", "累计", "合计：", "其中", "本周", "发放宣传单", "开展", "《一封信》", "向群众发放"),
    *("“防诈”宣传册", "截至目前累计发放", "全县共", "1、发放"),
]


@pytest.mark.parametrize(("form", "low", "high", "precision"), MARKERS, ids=str)
def test_every_marker_bounds_every_numeral(form, low, high, precision):
    """Numerals × markers, with units, words in front and headings in turn; counts round inward."""
    around = zip(itertools.cycle(UNITS), itertools.cycle(LEADS), itertools.cycle((True, False)), strict=False)
    for (written, value, step), (unit, lead, has_heading) in zip(NUMERALS, around, strict=False):
        text = lead + form.format(written, unit)
        quantity = read_quantity(text, unit if has_heading else None)
        expected_low = math.ceil(round(value * low, 6))
        expected_high = value + step if high is None else math.floor(round(value * high, 6))
        assert (quantity.value, quantity.low, quantity.high, quantity.unit, quantity.precision, quantity.is_high_exclusive) == (
            *(value, expected_low, expected_high, unit, precision, high is None),
        ), text


FRAGMENTS = [*"015.,万亿十百几数余多近约半份元年月日号至-~/（）：；、%x_?《》“第周旬￥\n", "23", "人次", "小时", "共计", "其中", "以上"]


@pytest.mark.parametrize("seed", range(20))
def test_no_text_raises_and_no_bound_contradicts(seed):
    dice = random.Random(seed)
    for _ in range(300):
        text = "".join(dice.choices(FRAGMENTS, k=dice.randint(1, 9)))
        quantity = read_quantity(text, dice.choice([None, "份", "万元", "小时"]))
        period = read_period(text, dice.choice([None, 2023]))
        if quantity.is_missing:
            assert (quantity.value, quantity.low, quantity.high) == (None, None, None), text
            assert quantity.reason, text
        else:
            assert isinstance(quantity.low, float), text
            assert isinstance(quantity.high, float), text
            assert 0 <= quantity.low <= quantity.high, text
            assert quantity.value is None or quantity.low <= quantity.value <= quantity.high, text
        assert period is None or period.start <= period.end, text


LONG = ["1" * 5000, "1,234," * 1000, "近约" * 2000, "2023年" * 1000, "5.15-" * 1000, "一百" * 2000, "（" * 4000, "x_" * 2000, " " * 9000]


@pytest.mark.parametrize("text", [part for text in LONG for part in (text, text[:490])], ids=lambda text: f"{text[:5]}…{len(text)}")
def test_long_text_is_quick_and_gives_no_number(text):
    started = time.perf_counter()
    assert read_quantity(text, "份").is_missing
    assert read_period(text, 2023) is None
    assert time.perf_counter() - started < 0.5
