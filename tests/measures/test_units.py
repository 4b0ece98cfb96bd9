from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from pipeline.measures import comparing_units as units
from pipeline.measures.comparing_units import dispersion, funnel_limits, rank_interval, shrunken
from tests.support.measures import AREAS, MONDAY, rows, run

EXPOSURE = np.array([1.0, 2.0, 4.0, 8.0, 16.0])


def test_funnel_limits_are_poisson_quantiles_around_the_rate():
    """Spiegelhalter (2005), exact limits: 16 units of exposure at rate 2 expect 32; at most 2.5 % lie outside on either side."""
    low, high = funnel_limits([16.0], 2.0, 0.95)
    assert (low[0] * 16, high[0] * 16) == (21, 44)
    assert stats.poisson.cdf(20, 32) <= 0.025 < stats.poisson.cdf(21, 32)
    assert stats.poisson.sf(44, 32) <= 0.025 < stats.poisson.sf(43, 32)


def test_limits_narrow_with_exposure_and_widen_with_dispersion():
    low, high = funnel_limits(EXPOSURE, 3.0, 0.998)
    assert (np.diff(high - low) < 0).all()
    wide_low, wide_high = funnel_limits(EXPOSURE, 3.0, 0.998, dispersion=4)
    assert wide_high - 3 == pytest.approx((high - 3) * 2)
    assert (wide_low <= low).all()


def test_dispersion_of_pure_chance_is_at_most_one():
    """Winsorising pulls the outer tenths in, so pure chance stays below 1 and limits are not widened."""
    rng = np.random.default_rng(1)
    exposure = np.full(400, 5.0)
    assert dispersion(rng.poisson(20, 400), exposure) < 1
    assert dispersion(rng.negative_binomial(4, 4 / 24, 400), exposure) > 3


def test_shrunken_rates_lie_between_own_and_common_rate_small_units_moving_most():
    counts = np.array([6, 8, 4, 10, 12])
    own, common = counts / EXPOSURE, counts.sum() / EXPOSURE.sum()
    pulled, alpha, beta = shrunken(counts, EXPOSURE)
    assert ((pulled - common) * (own - common) >= 0).all()
    assert (np.abs(pulled - common) <= np.abs(own - common)).all()
    assert alpha / beta == pytest.approx(common)


def test_identical_units_may_have_any_rank_and_a_clear_one_is_first():
    best, worst = rank_interval([20, 20, 20, 20], [5.0] * 4)
    assert (best < 2).all()
    assert (worst > 3).all()
    best, worst = rank_interval([400, 20, 20, 20], [5.0] * 4)
    assert (best[0], worst[0]) == (1, 1)


def test_ranks_repeat():
    assert [list(x) for x in rank_interval([3, 9, 4], [1.0, 2.0, 3.0])] == [list(x) for x in rank_interval([3, 9, 4], [1.0, 2.0, 3.0])]


def test_only_outside_the_wide_limits_does_a_town_stand_out():
    areas = [*AREAS, *({"area_id": f"t{n}", "parent_id": "d", "level": "town", "zh": f"镇{n}", "residents": 20_000.0} for n in range(3, 12))]
    areas = [{**area, "residents": 20_000.0} if area.get("level") == "town" else area for area in areas]
    loss = {"form": "intercepted_losses", "channel": "intercepted_losses", "measure": "cases", "unit": "起", "is_ledger": True, "start": MONDAY}
    numbers = [
        {**loss, "value": 60.0 if n == 1 else 8.0 + n % 3, "area_id": f"t{n}", "subject_id": f"t{n}", "record_id": f"r{n}"} for n in range(1, 12)
    ]
    found = run("unit_comparison", areas=rows("areas", *areas), measurements=rows("measurements", *numbers))["unit_comparison"]
    verdicts = dict(found.select("area_id", "verdict").iter_rows())
    assert verdicts.pop("t1") == "high"
    assert set(verdicts.values()) == {"usual"}
    assert units.SEED == 20260323
