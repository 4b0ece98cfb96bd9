"""Bounds on a union of channels against the worked fixture of the project's domain rules (four channels, six surveyed overlaps)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.measures import reach

SHARES = (0.40, 0.25, 0.30, 0.10)
OVERLAPS = np.zeros((4, 4))
for (i, j), d in {(0, 1): 0.18, (0, 2): 0.20, (1, 2): 0.15, (0, 3): 0.08, (1, 3): 0.06, (2, 3): 0.07}.items():
    OVERLAPS[i, j] = OVERLAPS[j, i] = d


def test_frechet_runs_from_the_largest_channel_to_the_capped_sum():
    assert reach.frechet(SHARES) == reach.Bounds(0.40, 1.0, "max", "sum")
    assert reach.frechet((0.2, 0.3)).high == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (lambda: reach.sainsbury(SHARES), 0.7165),
        (lambda: reach.dawson_sankoff(SHARES, OVERLAPS), 0.4533),
        (lambda: reach.best_pair(SHARES, OVERLAPS), 0.50),
        (lambda: reach.kwerel(SHARES, OVERLAPS), 0.68),
        (lambda: reach.hunter_worsley(SHARES, OVERLAPS), 0.59),
    ],
    ids=["Sainsbury", "Dawson–Sankoff 1967", "best pair", "Kwerel 1975", "Hunter 1976, Worsley 1982"],
)
def test_worked_fixture(formula, expected):
    assert formula() == pytest.approx(expected, abs=5e-5)


def test_linear_programme_gives_the_reported_interval():
    bounds = reach.with_pairs(SHARES, OVERLAPS)
    assert (bounds.low, bounds.high) == pytest.approx((0.50, 0.59))


def test_more_channels_than_can_be_programmed_take_the_best_closed_forms():
    overlaps = np.full((11, 11), 0.01)
    overlaps[0, :] = overlaps[:, 0] = 0.02  # one channel overlaps more: the spanning tree is a star around it
    bounds = reach.with_pairs([0.05] * 11, overlaps)
    assert bounds.low_by == "Dawson–Sankoff"
    assert bounds.high_by == "Hunter–Worsley"
    assert bounds.high == pytest.approx(11 * 0.05 - 10 * 0.02)


def test_overlap_larger_than_its_channels_is_refused():
    with pytest.raises(reach.InconsistentShares):
        reach.linear_programme((0.1, 0.1), [[0, 0.3], [0.3, 0]])


def test_shares_outside_0_and_1_are_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        reach.frechet((0.2, 1.2))


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 4).flatmap(lambda n: st.lists(st.lists(st.booleans(), min_size=n, max_size=n), min_size=5, max_size=60)))
def test_every_formula_holds_for_any_real_population(people):
    """A population person by person: the true union lies inside every bound, and the programme inside every closed form."""
    exposed = np.array(people)
    shares = exposed.mean(axis=0)
    overlaps = (exposed[:, :, None] & exposed[:, None, :]).mean(axis=0)
    truth = exposed.any(axis=1).mean()
    programme = reach.linear_programme(shares, overlaps)
    slack = 1e-7
    lows = (reach.frechet(shares).low, reach.best_pair(shares, overlaps), reach.dawson_sankoff(shares, overlaps))
    highs = (reach.frechet(shares).high, reach.kwerel(shares, overlaps), reach.hunter_worsley(shares, overlaps))
    assert max(lows) - slack <= programme.low <= truth + slack
    assert truth - slack <= programme.high <= min(highs) + slack
