from __future__ import annotations

import numpy as np
import pytest

from pipeline.measures import comparison


def test_poisson_ratio_interval_of_29_to_27_cases():
    """The project's dashboard rules: −6.9 % with 95 % interval −47 % … +63 % for 29 → 27 cases."""
    low, high = comparison.ratio_interval(27, 29)
    assert pytest.approx(-0.069, abs=5e-4) == 27 / 29 - 1
    assert low - 1 == pytest.approx(-0.47, abs=5e-3)
    assert high - 1 == pytest.approx(0.63, abs=5e-3)


def test_ratio_interval_covers_the_truth_at_its_level():
    """Clopper–Pearson is conservative: at least 95 % of simulated pairs of equal means contain a ratio of 1."""
    rng = np.random.default_rng(7)
    before, now = rng.poisson(12, 4000), rng.poisson(12, 4000)
    low, high = comparison.ratio_interval(now, before)
    assert np.mean((low <= 1) & (high >= 1)) >= 0.95


def test_unequal_exposure_scales_the_ratio():
    """20 cases in 4 weeks against 10 in 2 weeks is no change: exposures 2 : 4."""
    low, high = comparison.ratio_interval(20, 10, exposure=0.5)
    assert low < 1 < high
    assert np.sqrt(low * high) == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize(("now", "before"), [(0, 0), (3, 0), (0, 3)])
def test_zero_counts_have_open_ends(now, before):
    low, high = comparison.ratio_interval(now, before)
    assert np.isnan(low) == (now + before == 0)
    assert (high == np.inf) == (before == 0 and now > 0)
    assert (low == 0) == (now == 0 and before > 0)


@pytest.mark.parametrize(("mean", "chance"), [(1, 0.70), (3, 0.60), (5, 0.48), (10, 0.29), (20, 0.13), (50, 0.025)], ids=str)
def test_small_bases_swing_by_chance(mean, chance):
    """Table of the project's domain rules: P(|环比| ≥ 50 %) with no real change, Poisson, given base > 0."""
    assert comparison.chance_of_swing(mean) == pytest.approx(chance, abs=0.006)
