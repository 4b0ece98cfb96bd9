"""What surveys still say weeks later: combined limits against published ones, turnover and drift against sums by hand."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from scipy import stats

from pipeline.measures.ageing import summed_limits, weekly_variance
from pipeline.measures.awareness import wilson
from pipeline.settings import Overlap, Settings
from tests.support.measures import MONDAY, rows, run

WEEK = timedelta(weeks=1)
MANY = 100_000_000
"""So many answers that the sampling error is far below the third digit."""


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [((56, 70), (48, 80), (0.0524, 0.3339)), ((9, 10), (3, 10), (0.1705, 0.8090)), ((10, 10), (0, 10), (0.6075, 1.0000))],
)
def test_limits_of_a_difference_are_the_published_ones(first, second, expected):
    """Newcombe (1998), Statistics in Medicine 17, 873–890, table II, method 10: differences of 56/70 and 48/80, 9/10 and 3/10, 10/10 and 0/10."""
    (k, n), (j, m) = first, second
    low, high = wilson([k, j], [n, m])
    limits = summed_limits((low[0], k / n, high[0]), (-high[1], -j / m, -low[1]))
    assert [float(end) for end in limits] == pytest.approx(expected, abs=5e-5)


def test_variance_of_a_week_is_the_upper_limit_of_the_moves_beyond_sampling():
    """Ten moves over 13 weeks each, squares 0.05 together, sampling 0.02: (0.05 × 10 ÷ 3.940 − 0.02) ÷ 130, 3.940 being the 5 % point of
    χ² with ten degrees of freedom in every printed table. Nothing beyond sampling leaves 0, one move says next to nothing."""
    assert stats.chi2.ppf(0.05, 10) == pytest.approx(3.940, abs=5e-4)
    assert float(weekly_variance(0.05, 0.02, 130, 10)) == pytest.approx((0.5 / 3.940 - 0.02) / 130, rel=1e-3)
    assert float(weekly_variance(0.001, 0.02, 130, 10)) == 0
    assert np.sqrt(weekly_variance(0.01, 0.002, 13, 1)) > 0.4


def survey(weeks_ago: int, share: float, n: int = MANY, days: int = 0, **more) -> dict:
    """Both cells of one row of a survey sheet of 西镇 (1000 residents) that ended so long ago."""
    end = MONDAY + timedelta(days=6 - days) - weeks_ago * WEEK
    asked = {"form": "surveys", "channel": "surveys", "unit": "人", "area_id": "t2", "subject_id": "t2", "start": end, "end": end}
    record = f"f!s!{weeks_ago}-{days}-{more.get('way')}"
    return {name: {**asked, "measure": name, "value": round(value * n), "record_id": record, **more} for name, value in
            (("sampled", 1.0), ("reached", share))}  # fmt: skip


def covered(*surveys: dict, leaflets: dict[int, float], week=MONDAY, settings: Settings | None = None) -> dict:
    """Coverage of 西镇, its leaflets by weeks ago."""
    numbers = [{"value": n, "area_id": "t2", "subject_id": "t2", "start": MONDAY - ago * WEEK} for ago, n in leaflets.items()]
    said = [cell for given in surveys for cell in given.values()]
    found = run("coverage", measurements=rows("measurements", *numbers, *said), settings=settings)["coverage"]
    return found.filter(area_id="t2", audience="all", week=week).row(0, named=True)


FULL = dict.fromkeys(range(30), 50.0)
"""50 leaflets a week: a share of .05 at most enters and leaves every week; tallies say [.217, .65]."""


def test_a_survey_stands_as_it_is_in_its_own_week():
    found = covered(survey(0, 0.4), leaflets=FULL)
    assert (found["low"], found["high"]) == pytest.approx((0.4, 0.4), abs=1e-3)
    assert (found["method"], found["surveyed"], found["drift"]) == ("survey", MONDAY + timedelta(days=6), None)


@pytest.mark.parametrize(("ago", "low", "high"), [(1, 0.35, 0.45), (2, 0.30, 0.50), (3, 0.25, 0.55), (4, 0.65 / 3, 0.60), (12, 0.65 / 3, 0.65)])
def test_without_another_survey_turnover_alone_widens_the_bounds_up_to_what_tallies_say(ago, low, high):
    found = covered(survey(ago, 0.4), leaflets=FULL)
    assert (found["low"], found["high"]) == pytest.approx((low, high), abs=1e-3)


def test_weeks_before_the_first_number_may_have_held_any_contacts():
    """Numbers begin eight weeks ago. What left since a survey four weeks ago is unknown, what entered is not: .05 a week."""
    short = dict.fromkeys(range(9), 50.0)
    found = covered(survey(4, 0.2), leaflets=short)
    assert (found["low"], found["high"]) == pytest.approx((9 * 0.05 / 3, 0.2 + 4 * 0.05), abs=1e-3)


def test_a_survey_that_ended_within_a_week_may_have_missed_all_of_it():
    found = covered(survey(1, 0.4, days=3), leaflets=FULL)
    assert (found["low"], found["high"]) == pytest.approx((0.30, 0.50), abs=1e-3)


def test_drift_between_surveys_widens_them_by_the_root_of_their_age():
    """Two moves of .02 and .01 over ten weeks each: 5e-4 × 2 ÷ χ²(.05; 2) = .1026 gives a variance of 4.9e-4 a week. Four weeks after the
    last: ± 1.96 × 2 × .0221."""
    surveys = (survey(24, 0.40), survey(14, 0.42), survey(4, 0.41))
    found = covered(*surveys, leaflets=FULL)
    drift = (5e-4 * 2 / 0.102587 / 20) ** 0.5
    assert found["drift"] == pytest.approx(drift, rel=1e-3)
    assert (found["low"], found["high"]) == pytest.approx((0.41 - 1.96 * 2 * drift, 0.41 + 1.96 * 2 * drift), abs=1e-3)
    assert found["estimate"] == pytest.approx(0.41)


def test_a_later_survey_revises_no_earlier_week():
    week = MONDAY - 10 * WEEK
    earlier, later = (survey(24, 0.40), survey(14, 0.42)), survey(4, 0.60)
    assert covered(*earlier, leaflets=FULL, week=week) == covered(*earlier, later, leaflets=FULL, week=week)


def test_samples_of_one_window_are_added_up_and_count_with_their_mean_age():
    """Three quarters of those asked were asked six weeks ago, one quarter two weeks ago: .41 with the turnover of five weeks, .10. Tallies
    (at most .26) do not meet that and give way."""
    found = covered(survey(6, 0.40, n=3 * MANY), survey(2, 0.44), leaflets=dict.fromkeys(range(30), 20.0))
    assert (found["low"], found["estimate"], found["high"]) == pytest.approx((0.31, 0.41, 0.51), abs=1e-3)


def test_channels_and_pairs_age_by_their_own_turnover():
    """Leaflets reached .4, talks .02 and both .01 three weeks ago. Leaflets move by .05 a week, talks by none recorded: the union is
    at least .40 − .15 and at most .55 + .02."""
    said = Overlap(
        area="西镇", end=MONDAY + timedelta(days=6) - 3 * WEEK, sampled=MANY, reached={"leaflets": round(0.4 * MANY), "talks": round(0.02 * MANY)},
        both={"leaflets+talks": round(0.01 * MANY)}, source="虚构的抽样",
    )  # fmt: skip
    talks = {"channel": "talks", "measure": "attendance", "unit": "人", "value": 30.0, "area_id": "t2", "subject_id": "t2"}
    numbers = [{"value": 50.0, "area_id": "t2", "subject_id": "t2", "start": MONDAY - ago * WEEK} for ago in range(30)]
    held = [{**talks, "start": MONDAY - ago * WEEK} for ago in (8, 29)]
    found = run("coverage", measurements=rows("measurements", *numbers, *held), settings=Settings(overlap=(said,)))["coverage"]
    town = found.filter(area_id="t2", audience="all", week=MONDAY).row(0, named=True)
    assert town["method"] == "overlaps"
    assert town["low"] == pytest.approx(0.25, abs=0.011)
    assert town["high"] == pytest.approx(0.57, abs=1e-3)
