"""Coverage bounds from surveyed channels and pairs, against the worked fixture of the project's domain rules (see test_reach.py)."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from pydantic import ValidationError

from pipeline.measures import overlaps, reach
from pipeline.settings import Overlap, Settings
from tests.support.measures import MONDAY, rows, run

SUNDAY = MONDAY + timedelta(days=6)
SINGLES = {"leaflets": 0.40, "talks": 0.25, "home_visits": 0.30, "sms": 0.10}
PAIRS = {
    ("leaflets", "talks"): 0.18, ("home_visits", "leaflets"): 0.20, ("home_visits", "talks"): 0.15, ("leaflets", "sms"): 0.08,
    ("sms", "talks"): 0.06, ("home_visits", "sms"): 0.07,
}  # fmt: skip
MANY = 100_000_000
"""So many answers that the sampling error is far below the third digit."""
WORDS = {"leaflets": "宣传单", "talks": "宣讲", "home_visits": "入户走访", "sms": "短信"}


def fixture(n: int = MANY, **more) -> Overlap:
    counts = {
        "sampled": n,
        "reached": {name: round(share * n) for name, share in SINGLES.items()},
        "both": {f"{first}+{second}": round(share * n) for (first, second), share in PAIRS.items()},
    }
    return Overlap.model_validate({**counts, "end": SUNDAY, "source": "虚构的抽样", **more})


def covered(*numbers, area: str = "d", audience: str = "all", week=MONDAY, settings: Settings | None = None, **more):
    found = run("coverage", measurements=rows("measurements", *numbers), settings=settings, **more)["coverage"]
    return found.filter(area_id=area, audience=audience, week=week).row(0, named=True)


WIDE = {"value": 3000.0, "area_id": "c1", "subject_id": "c1"}
"""Leaflets enough that the tallies alone say [1, 1] of the community, [.33, 1] by their assumption."""


def test_surveyed_pairs_give_the_worked_interval_of_their_area_and_no_other():
    """Reported [.50, .59]; without pairs the same survey gives [.40, 1], and the leaflets at most .7."""
    settings = Settings(overlap=(fixture(area="西镇"),))
    town = covered({"value": 700.0, "area_id": "t2", "subject_id": "t2"}, WIDE, area="t2", settings=settings)
    assert (town["low"], town["high"], town["method"]) == (pytest.approx(0.50, abs=4e-3), pytest.approx(0.59, abs=4e-3), "overlaps")
    assert town["low"] <= town["estimate"] <= town["high"]
    assert covered({"value": 700.0, "area_id": "t2", "subject_id": "t2"}, WIDE, area="c1", settings=settings)["method"] == "sainsbury"
    alone = Settings(overlap=(fixture(area="西镇", both={}),))
    loose = covered({"value": 700.0, "area_id": "t2", "subject_id": "t2"}, area="t2", settings=alone)
    assert (loose["low"], loose["high"]) == pytest.approx((0.40, 0.70), abs=4e-3)


def test_a_survey_sheet_says_the_same_row_by_row():
    """渠道 names one channel, or two joined: 宣传单+宣讲. None of these rows is taken for the share that any outreach reached."""
    said = [(WORDS[name], share) for name, share in SINGLES.items()] + [(f"{WORDS[a]}+{WORDS[b]}", share) for (a, b), share in PAIRS.items()]
    asked = {"form": "surveys", "channel": "surveys", "unit": "人", "area_id": "t2", "subject_id": "t2"}
    numbers = [
        {**asked, "measure": measure, "value": round(share * MANY), "way": way, "record_id": f"f!s!{row}"}
        for row, (way, given) in enumerate(said)
        for measure, share in (("sampled", 1.0), ("reached", given))
    ]
    town = covered({"value": 700.0, "area_id": "t2", "subject_id": "t2"}, *numbers, area="t2")
    assert (town["low"], town["high"], town["method"]) == (pytest.approx(0.50, abs=4e-3), pytest.approx(0.59, abs=4e-3), "overlaps")


def test_the_sampling_error_of_every_share_is_in_the_bounds():
    few = covered({"value": 700.0, "area_id": "t2", "subject_id": "t2"}, area="t2", settings=Settings(overlap=(fixture(400, area="西镇"),)))
    assert 0.35 < few["low"] < 0.45
    assert 0.65 < few["high"] < 0.85


def test_tallies_and_survey_narrow_each_other_and_the_survey_stands_where_they_do_not_meet():
    """300 leaflets for 1000 residents: at most .30. A survey that says .40 contradicts the tally; one that says .20 does not."""
    tally = {"value": 300.0, "area_id": "t2", "subject_id": "t2"}

    def town(share: float):
        said = Overlap(area="西镇", end=SUNDAY, sampled=MANY, reached={"leaflets": round(share * MANY)}, source="虚构的抽样")
        return covered(tally, area="t2", settings=Settings(overlap=(said,)))

    assert (town(0.2)["low"], town(0.2)["high"]) == pytest.approx((0.2, 0.2), abs=2e-3)
    assert (town(0.4)["low"], town(0.4)["high"]) == pytest.approx((0.4, 0.4), abs=2e-3)


def test_a_group_is_narrowed_by_a_survey_of_the_group():
    elderly = rows("denominators", {"area_id": "t2", "audience": "elderly", "n": 200.0})
    addressed = {"value": 150.0, "audience": "elderly", "area_id": "t2", "subject_id": "t2"}
    settings = Settings(overlap=(fixture(area="西镇", audience="elderly"),))
    group = covered(addressed, area="t2", audience="elderly", denominators=elderly, settings=settings)
    assert (group["low"], group["high"]) == pytest.approx((0.50, 0.59), abs=4e-3)
    assert covered(addressed, area="t2", denominators=elderly, settings=settings)["method"] == "sainsbury"


def test_a_district_survey_is_held_against_the_sum_of_its_communities():
    """c1 (1000) and t2 (1000): leaflets [.1, .3] and [.2, .6], so [.15, .45] of the district. A survey of all says leaflets .40, talks .02,
    both .01: the union is .41; c1 stays as its own tally says."""
    numbers = ({"value": 300.0, "area_id": "c1", "subject_id": "c1"}, {"value": 600.0, "area_id": "t2", "subject_id": "t2"})
    assert (covered(*numbers)["low"], covered(*numbers)["high"]) == pytest.approx((0.15, 0.45))
    counts = {"reached": {"leaflets": 0.40, "talks": 0.02}, "both": {"leaflets+talks": 0.01}}
    asked = {name: {key: round(share * MANY) for key, share in given.items()} for name, given in counts.items()}
    settings = Settings(overlap=(Overlap.model_validate({**asked, "end": SUNDAY, "sampled": MANY, "source": "虚构的抽样"}),))
    district = covered(*numbers, settings=settings)
    assert (district["low"], district["high"], district["method"]) == (pytest.approx(0.41, abs=1e-3), pytest.approx(0.41, abs=1e-3), "overlaps")
    assert covered(*numbers, area="c1", settings=settings) == covered(*numbers, area="c1")


def test_a_survey_speaks_of_the_windows_it_ended_in():
    settings = Settings(overlap=(fixture(area="西镇", end=SUNDAY - timedelta(weeks=12)),))
    numbers = ({"value": 700.0, "area_id": "t2", "subject_id": "t2", "start": MONDAY - timedelta(weeks=20)}, {"value": 1.0})
    assert covered(*numbers, area="t2", settings=settings)["method"] == "overlaps"
    assert covered(*numbers, area="t2", settings=settings, week=MONDAY - timedelta(weeks=13))["method"] == "sainsbury"
    stale = Settings(overlap=(fixture(area="西镇", end=SUNDAY - timedelta(weeks=13)),))
    assert covered(*numbers, area="t2", settings=stale)["method"] != "overlaps"


def test_shares_that_no_population_has_change_nothing():
    """Everybody was reached by leaflets, everybody by talks, nobody by both."""
    odd = Overlap(area="西镇", end=SUNDAY, sampled=MANY, reached={"leaflets": MANY, "talks": MANY}, both={"leaflets+talks": 0}, source="虚构的抽样")
    tally = {"value": 300.0, "area_id": "t2", "subject_id": "t2"}
    assert covered(tally, area="t2", settings=Settings(overlap=(odd,))) == covered(tally, area="t2")


def test_intervals_of_eleven_channels_take_the_best_closed_forms():
    low, high = [0.05] * 11, [0.06] * 11
    least, most = np.full((11, 11), 0.01), np.full((11, 11), 0.02)
    bounds = reach.between((low, high), (least, most))
    assert (bounds.low, bounds.high) == pytest.approx((max(reach.dawson_sankoff(low, most), 0.08), 11 * 0.06 - 10 * 0.01))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("宣传单", ("leaflets",)),
        ("宣讲、宣传单", ("leaflets", "talks")),
        ("宣传单和公众号", ("leaflets", "online_media")),
        ("leaflets+talks", ("leaflets", "talks")),
        ("电话调查", None),
        ("入户调查", None),
        ("宣传单+宣讲+短信", None),
        ("宣传单、其他", None),
        ("宣传单+传单", None),
        ("", None),
        (None, None),
    ],
)
def test_words_of_channels(words, expected):
    assert overlaps.channels_named(words) == expected


@pytest.mark.parametrize("wrong", [{"both": {"leaflets": 5}}, {"reached": {"leaflets": 401}}, {"both": {"a+b+c": 5}}, {"source": ""}, {"sampled": 0}])
def test_a_survey_that_cannot_be_is_refused(wrong):
    with pytest.raises(ValidationError):
        Overlap.model_validate({"end": SUNDAY, "sampled": 400, "source": "虚构", **wrong})


def test_unknown_areas_have_no_row():
    areas = pl.DataFrame({"area_id": ["d"], "zh": ["示例区"], "level": ["district"], "position": [0]})
    samples = pl.DataFrame(schema={"area_id": pl.String, "audience": pl.String, "end": pl.Date, "method": pl.String, "sampled": pl.Float64,
                                   "reached": pl.Float64})  # fmt: skip
    assert overlaps.exposures(samples, areas, Settings(overlap=(fixture(area="无此镇"),))).is_empty()
    assert overlaps.exposures(samples, areas, Settings(overlap=(fixture(),)))["area_id"].unique().to_list() == ["d"]
