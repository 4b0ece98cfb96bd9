from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
import pytest
import scipy

from pipeline.measures.slips import chance_of_association
from pipeline.measures.unusual import upper_tail
from tests.support.measures import MONDAY, rows, run

OUTLIER, SATURATED = "counts_are_within_their_history", "rates_have_misses"


def series(values, measure: str = "leaflets.distributed", unit: str = "份", **more):
    channel, name = measure.split(".")
    return [
        {"channel": channel, "measure": name, "unit": unit, "value": float(v), "start": MONDAY - timedelta(weeks=i), "cell": f"C{i + 5}", **more}
        for i, v in enumerate(values)
    ]


def found(rule: str, *numbers):
    out = run("issues", measurements=rows("measurements", *numbers), areas=rows("areas"))["issues"]
    return out.filter(rule=rule).select("severity", "sheet", "cell").rows()


STEADY = [20, 23, 18, 21, 19, 22, 20, 17, 24, 21, 20, 19, 22, 18, 20, 21]
BURSTS = [0, 0, 60, 0, 5, 0, 0, 90, 0, 0, 12, 0, 40, 0, 0, 0]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([70, *STEADY], [("note", "第12周", "C5")]),
        ([*STEADY, 70], [("note", "第12周", "C21")]),
        ([32, *STEADY], []),
        ([120, *BURSTS], []),
        ([2000, *BURSTS], [("note", "第12周", "C5")]),
        ([70, *STEADY[:11]], []),
        ([0, *STEADY], []),
    ],
    ids=["far above", "the oldest one", "a good week", "bursts have burst", "beyond all bursts", "eleven others only", "low is no outlier"],
)
def test_counts_are_held_against_the_spread_of_their_own_series(values, expected):
    assert found(OUTLIER, *series(values)) == expected


def test_levels_money_and_ledgers_have_no_count_history():
    values = [70, *STEADY]
    assert found(OUTLIER, *series(values, kind="stock")) == []
    assert found(OUTLIER, *series(values, measure="broadcasts.hours", unit="小时")) == []
    assert found(OUTLIER, *series(values, is_ledger=True, form="leaflets")) == []


def test_the_tail_is_scipys_and_poisson_without_spread():
    assert upper_tail([10], [4.0], [4.0])[0] == pytest.approx(scipy.stats.poisson.sf(9, 4.0))
    assert upper_tail([10], [4.0], [3.0])[0] == pytest.approx(scipy.stats.poisson.sf(9, 4.0))
    draws = np.random.default_rng(1).negative_binomial(2, 2 / (2 + 6.0), size=400_000)
    assert upper_tail([25], [6.0], [6.0 + 36 / 2])[0] == pytest.approx((draws >= 25).mean(), rel=0.05)


def test_unchanged_series_raise_hardly_any_question():
    """300 series of overdispersed weeks that only vary by chance: at one in a thousand a series, none or one."""
    drawn = np.random.default_rng(7).negative_binomial(3, 3 / (3 + 30.0), size=(60, 40))
    numbers = [n for i, values in enumerate(drawn) for n in series(values, subject_id=f"s{i}", path=f"{i}.xlsx")]
    assert len(found(OUTLIER, *numbers)) <= 1


def rate(parts, wholes, **more):
    return [*series(parts, "warnings.handled", "条", **more), *series(wholes, "warnings.issued", "条", **{**more, "sheet": "全部"})]


@pytest.mark.parametrize(
    ("parts", "wholes", "expected"),
    [
        ([40, 50, 60, 70], [40, 50, 60, 70], [("note", "第12周", "C5")]),
        ([40, 50, 60, 70, 20], [40, 50, 60, 70, 70], [("note", "第12周", "C5")]),
        ([40, 50, 60], [40, 50, 60], []),
        ([38, 50, 60, 70, 80], [40, 50, 60, 70, 80], []),
        ([40, 29, 60, 70], [40, 29, 60, 70], []),
        ([199, 199, 199, 199], [200, 200, 200, 200], [("note", "第12周", "C5")]),
    ],
    ids=["four full", "four since the last miss", "three only", "this week has misses", "a small one between", "99.5 %"],
)
def test_rates_that_never_miss_are_asked_about(parts, wholes, expected):
    assert found(SATURATED, *rate(parts, wholes)) == expected


def test_the_question_names_periods_and_counts():
    out = run("issues", measurements=rows("measurements", *rate([40] * 5, [40] * 5)), areas=rows("areas"))["issues"]
    said = out.filter(pl.col("rule") == SATURATED).row(0, named=True)
    assert "连续 5 期" in said["zh"]
    assert "200 of 200" in said["en"]


def test_fourfold_tables_are_scipys_chi_square_with_yates_correction():
    tables = np.array([[30, 10, 60, 90], [5, 25, 50, 200], [12, 18, 20, 30], [40, 0, 60, 0]])
    expected = [scipy.stats.chi2_contingency(t.reshape(2, 2))[1] for t in tables[:3]]
    assert chance_of_association(*tables.T.astype(float)) == pytest.approx([*expected, 1])
