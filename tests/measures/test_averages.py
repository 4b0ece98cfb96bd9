from __future__ import annotations

import statistics
from datetime import timedelta

import polars as pl
import pytest

from pipeline.measures.averages import mean_and_median
from tests.support.measures import MONDAY, rows, run

LOSS = {"form": "intercepted_losses", "channel": "intercepted_losses", "unit": "元", "is_ledger": True, "measure": "averted", "grade": "P2"}
VAGUE = {"precision": "vague", "low": 200_000.0, "high": 1_000_000.0}
"""数十万元"""


def told(*amounts, ago: int = 1, area: str = "c1"):
    """One event a day for each amount (a figure, or the columns of a reading)."""
    day = MONDAY - timedelta(weeks=ago)
    return [
        {**LOSS, **(amount if isinstance(amount, dict) else {"value": float(amount)}), "start": day + timedelta(days=i % 7), "fraud_type": f"第{i}种",
         "area_id": area, "subject_id": area, "record_id": f"{area}{ago}-{i}"}
        for i, amount in enumerate(amounts)
    ]  # fmt: skip


def averages(*numbers, period: str = "w4"):
    """(mean or median, area) → row."""
    found = run("kpis", measurements=rows("measurements", {"value": 1.0, "start": MONDAY - timedelta(weeks=60)}, *numbers))["kpis"]
    kept = found.filter(pl.col("metric").is_in(["prevented.mean", "prevented.median"]), pl.col("period") == period)
    return {(row["metric"].removeprefix("prevented."), row["area_id"]): row for row in kept.iter_rows(named=True)}


def average(metric: str, *numbers):
    return averages(*numbers)[metric, "t1"]


@pytest.mark.parametrize(
    ("amounts", "mean", "median"),
    [
        ((10_000, 30_000, 80_000), (40_000, 40_000, 40_000), (30_000, 30_000, 30_000)),
        ((10_000, 30_000), (20_000, 20_000, 20_000), (20_000, 20_000, 20_000)),
        # 80余万元: the written floor in the value, its whole interval in the bounds.
        (
            (10_000, {"precision": "at_least", "value": 800_000.0, "low": 800_000.0, "high": 900_000.0}, 30_000),
            (280_000, 280_000, 940_000 / 3),
            (30_000, 30_000, 30_000),
        ),
        # 数十万元 wrote no figure: the value is of the others, the bounds are of all.
        ((10_000, 30_000, VAGUE), (20_000, 80_000, 1_040_000 / 3), (20_000, 30_000, 30_000)),
        ((VAGUE,), (None, 200_000, 1_000_000), (None, 200_000, 1_000_000)),
        # An event without any amount is in neither.
        ((10_000, 30_000, {"reason": "number_lost"}), (20_000, 20_000, 20_000), (20_000, 20_000, 20_000)),
    ],
)
def test_mean_and_median_are_intervals(amounts, mean, median):
    town = averages(*told(*amounts))
    for metric, expected in (("mean", mean), ("median", median)):
        found = town[metric, "t1"]
        assert (found["value"], found["low"], found["high"]) == pytest.approx(expected)


def test_no_choice_inside_the_intervals_leaves_the_bounds_of_the_median():
    """The bounds are sharp: both are reached, and nothing between the ends of the amounts goes beyond them."""
    ends = [(1.0, 5.0), (2.0, 3.0), (4.0, 9.0)]
    found = average("median", *told(*({"precision": "range", "low": low, "high": high} for low, high in ends)))
    grid = [[low + (high - low) * step / 4 for step in range(5)] for low, high in ends]
    medians = [statistics.median((a, b, c)) for a in grid[0] for b in grid[1] for c in grid[2]]
    assert (found["low"], found["high"]) == (min(medians), max(medians))


def test_a_tally_line_is_in_the_mean_by_its_cases_and_in_no_median():
    """共14起、80余万元: [80万, 90万) ÷ 14 a case; no single amount is known."""
    line = {**LOSS, "is_ledger": False, "subject_id": "t1", "area_id": "t1", "record_id": "line", "start": MONDAY - timedelta(weeks=1)}
    numbers = [
        {**line, "precision": "at_least", "value": 800_000.0, "low": 800_000.0, "high": 900_000.0},
        {**line, "measure": "cases", "unit": "起", "grade": None, "value": 14.0},
    ]
    town = averages(*numbers)
    found = town["mean", "t1"]
    assert (found["low"], found["high"], found["n_records"]) == pytest.approx((800_000 / 14, 900_000 / 14, 14))
    assert ("median", "t1") not in town


def test_communities_have_no_averages_and_the_district_has_all_events():
    numbers = [*told(10_000, 20_000), *told(90_000, area="t2")]
    found = averages(*numbers)
    assert {area for _, area in found} == {"d", "t1", "t2"}
    assert found["median", "d"]["value"] == 20_000


def test_averages_are_compared_from_ten_cases_on_either_side():
    amounts = [20_000 + 1000 * i for i in range(10)]
    found = average("median", *told(*amounts, ago=5), *told(*(2 * a for a in amounts)))
    assert (found["previous"], found["change"], found["note"]) == (24_500, pytest.approx(1), None)
    assert (found["change_low"], found["year_note"]) == (None, "no_previous")
    few = average("median", *told(*amounts, ago=5), *told(*amounts[:9]))
    assert (few["change"], few["note"]) == (None, "small_base")


def test_a_doubtful_twin_widens_the_bounds():
    """9 may be told twice: the mean of 1, 9, 9 is 19/3, of 1 and 9 it is 5."""
    events = pl.DataFrame(
        {"value": [1.0, 9.0, 9.0], "low": [1.0, 9.0, 9.0], "high": [1.0, 9.0, 9.0], "n_cases": [1, 1, 1], "is_doubtful": [False, False, True]}
    ).with_columns(area_id=pl.lit("t1"), period=pl.lit("w4"), role=pl.lit("now"), is_aggregate=pl.lit(False))
    found = {row["metric"]: row for row in mean_and_median(events).iter_rows(named=True)}
    mean, median = found["prevented.mean"], found["prevented.median"]
    assert (mean["low"], mean["value"], mean["high"]) == pytest.approx((5, 19 / 3, 19 / 3))
    assert (median["low"], median["value"], median["high"]) == (5, 9, 9)
