from __future__ import annotations

import polars as pl
import pytest

from pipeline.measures import awareness
from tests.support.measures import MONDAY, rows, run


@pytest.mark.parametrize(
    ("aware", "n", "low", "high"), [(92, 100, 0.850, 0.959), (46, 50, 0.812, 0.968), (368, 400, 0.889, 0.943)], ids=["100", "50", "400"]
)
def test_wilson_interval_of_the_domain_rules(aware, n, low, high):
    """Wilson (1927); figures of the project's domain rules, § awareness: 92 % of 100 people does not show ≥ 90 %."""
    found = awareness.wilson(aware, n)
    assert found == pytest.approx((low, high), abs=5e-4)


@pytest.mark.parametrize(
    ("high", "low", "threshold", "good_fails", "bad_passes"),
    [(0.80, 0.50, 13, 0.068, 0.084), (0.90, 0.60, 15, 0.035, 0.070), (0.95, 0.70, 17, 0.067, 0.046)],
)
def test_lot_plans_of_nineteen(high, low, threshold, good_fails, bad_passes):
    """LQAS with n = 19 (Valadez 1991): the only thresholds with both errors at most .10, with their two errors."""
    plan = awareness.lot_plan(high, low)
    assert plan.threshold == threshold
    assert (plan.good_fails, plan.bad_passes) == pytest.approx((good_fails, bad_passes), abs=5e-4)


def test_a_sample_too_small_to_tell_has_no_verdict():
    assert awareness.passes(5, 5, 0.9, 0.6) is None
    assert awareness.passes(15, 19, 0.9, 0.6) is True
    assert awareness.passes(14, 19, 0.9, 0.6) is False


def survey(measure: str, value: float, **more):
    return {"form": "surveys", "channel": "surveys", "measure": measure, "unit": "人", "value": float(value), "record_id": "f!s!9", **more}


def test_rates_come_from_counts_with_their_interval():
    found = run("awareness", measurements=rows("measurements", survey("sampled", 100), survey("aware", 92)))["awareness"].row(0, named=True)
    assert found["rate"] == pytest.approx(0.92)
    assert (found["low"], found["high"]) == pytest.approx((0.850, 0.959), abs=5e-4)
    assert found["is_passed"] is True


def test_people_who_say_they_were_reached_replace_the_reference_estimate():
    """Leaflets bound the town's coverage to [1/3·.3, .3]; a sample of 400 with 100 reached says 25 % [21.0, 29.5]."""
    numbers = rows("measurements", {"value": 300.0}, survey("sampled", 400, area_id="c1"), survey("reached", 100, area_id="c1"))
    town = run("coverage", measurements=numbers)["coverage"].filter(pl.col("area_id") == "c1", pl.col("week") == MONDAY).row(0, named=True)
    assert town["method"] == "survey"
    assert (town["low"], town["estimate"], town["high"]) == pytest.approx((0.2101, 0.25, 0.2947), abs=5e-4)


def test_samples_that_did_not_ask_what_people_know_have_no_rate():
    asked = [survey("sampled", 400, way="宣传单"), survey("reached", 160, way="宣传单")]
    assert run("awareness", measurements=rows("measurements", *asked))["awareness"].is_empty()
