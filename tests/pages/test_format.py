"""Numbers and dates as text: one table of cases for Python here, and for the browser in test_browser.py."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.pages import format as fmt

CASES = json.loads(Path(__file__).with_name("format_cases.json").read_text("utf-8"))


@pytest.mark.parametrize(("kind", "value", "zh", "en"), CASES)
def test_values_read_as_the_table_says(kind: str, value: object, zh: str, en: str) -> None:
    assert (fmt.show(value, kind, "zh"), fmt.show(value, kind, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("low", "high", "kind", "zh", "en"),
    [
        (15_740_000, 19_640_000, "money", "1,574–1,964 万元", "CNY 15.74M–19.64M"),
        (736_000, 837_000, "money", "73.6–83.7 万元", "CNY 736k–837k"),
        (0.53, 0.71, "pct0", "53%–71%", "53%–71%"),
        (0.4, 0.5, "bin", "40–50", "40–50"),
    ],
)
def test_ranges_share_one_unit(low: float, high: float, kind: str, zh: str, en: str) -> None:
    assert (fmt.span(low, high, kind, "zh"), fmt.span(low, high, kind, "en")) == (zh, en)


def test_split_is_written_in_the_unit_of_its_sum() -> None:
    amounts = [("返还", 2_100_000.0), ("冻结", 3_880_000.0), ("劝阻", 10_730_000.0)]
    assert fmt.split(amounts, "zh") == "返还 210 · 冻结 388 · 劝阻 1,073 万元"


def test_unknown_kind_is_an_error() -> None:
    with pytest.raises(KeyError):
        fmt.show(1, "furlongs", "zh")
