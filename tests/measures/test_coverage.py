from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from pipeline.settings import Reach, Settings
from tests.support.measures import AREAS, MONDAY, rows, run

LEAFLETS = {"leaflets": Reach(measure="leaflets.distributed", most_contacts_a_person=3, typical_contacts_a_person=1.5)}
TALKS = {"talks": Reach(measure="talks.attendance", most_contacts_a_person=2, typical_contacts_a_person=1)}
TOTAL = {"contacts": Reach(measure="contacts.contacts", most_contacts_a_person=6, typical_contacts_a_person=2, counts_all_channels=True)}


def talk(value: float, **more):
    return {"channel": "talks", "measure": "attendance", "unit": "人", "value": value, **more}


def contacts(value: float, **more):
    return {"channel": "contacts", "measure": "contacts", "unit": "人次", "value": value, **more}


def covered(*numbers, reach=None, week=MONDAY, area="c1", audience="all", **tables):
    settings = Settings(reach=reach or LEAFLETS | TALKS | TOTAL)
    found = run("coverage", measurements=rows("measurements", *numbers), settings=settings, **tables)["coverage"]
    return found.filter(pl.col("area_id") == area, pl.col("week") == week, pl.col("audience") == audience).row(0, named=True)


def test_interval_of_intervals_by_hand():
    """1000 residents; 300 leaflets reach [100, 300], 200 attendances [100, 200]: R in [max .1 .1, .5]; Sainsbury 1 − .8 × .8 = .36."""
    found = covered({"value": 300.0}, talk(200.0))
    assert (found["low"], found["estimate"], found["high"]) == pytest.approx((0.1, 0.36, 0.5))
    assert found["method"] == "sainsbury"


def test_written_bounds_widen_the_interval_and_vague_numbers_enter_it_alone():
    """近500 is [450, 500]; 数百 has no value: it is in the upper bound, never in the estimate (which then stands at the lower bound)."""
    nearly = covered({"value": 500.0, "low": 450.0, "high": 500.0, "precision": "nearly"})
    assert (nearly["low"], nearly["high"]) == pytest.approx((0.15, 0.5))
    vague = covered({"low": 200.0, "high": 1000.0, "precision": "vague", "reason": "approximate"})
    assert (vague["low"], vague["high"]) == pytest.approx((0.2 / 3, 1.0))
    assert vague["estimate"] == pytest.approx(vague["low"])


def test_a_total_over_channels_counts_only_where_no_channel_does():
    own = covered({"value": 300.0}, contacts(900.0))
    assert own["high"] == pytest.approx(0.3)
    alone = covered(contacts(900.0))
    assert (alone["low"], alone["high"]) == pytest.approx((0.15, 0.9))


def test_a_measure_without_assumption_is_shown_as_contacts_never_as_people():
    reach = {"leaflets": Reach(measure="leaflets.distributed")} | TALKS
    assert covered({"value": 800.0}, talk(100.0), reach=reach)["high"] == pytest.approx(0.1)


def test_readers_anywhere_and_whole_households():
    reads = {"reads": Reach(measure="online_media.reads", most_contacts_a_person=2, least_local_share=0)}
    found = covered({"channel": "online_media", "measure": "reads", "unit": "次", "value": 400.0}, reach=reads)
    assert (found["low"], found["high"]) == pytest.approx((0, 0.4))
    visits = {"visits": Reach(measure="home_visits.visits", most_contacts_a_person=2, most_people_a_contact=3)}
    found = covered({"channel": "home_visits", "measure": "visits", "unit": "户次", "value": 100.0}, reach=visits)
    assert (found["low"], found["high"]) == pytest.approx((0.05, 0.3))


def test_window_is_thirteen_weeks_and_stays_reported_when_it_empties():
    first = MONDAY - timedelta(weeks=13)
    found = covered({"value": 300.0, "start": first}, {"value": 30.0, "area_id": "c2", "subject_id": "c2"}, week=MONDAY)
    assert (found["low"], found["high"]) == (0, 0)
    before = covered({"value": 300.0, "start": first}, {"value": 30.0, "area_id": "c2", "subject_id": "c2"}, week=MONDAY - timedelta(weeks=1))
    assert before["high"] == pytest.approx(0.3)


def test_a_reported_zero_is_coverage_zero_and_a_missing_number_none():
    assert covered({"value": 0.0})["high"] == 0
    assert covered({}, {"value": 1.0, "area_id": "c2", "subject_id": "c2"})["high"] is None


def test_town_is_the_residents_weighted_sum_of_its_communities_with_data():
    """c1 (1000) [.1, .3], c2 (2000) [.1, .3]/2: weighted [.0667, .2]. The town's own number gives way to its communities'."""
    numbers = ({"value": 300.0}, {"value": 300.0, "area_id": "c2", "subject_id": "c2"}, {"value": 3000.0, "area_id": "t1", "subject_id": "t1"})
    town = covered(*numbers, area="t1")
    assert (town["low"], town["high"]) == pytest.approx((200 / 3000, 600 / 3000))
    assert (town["n_places"], town["n_never"], town["base_residents"]) == (2, 0, 3000)


def test_town_without_community_numbers_takes_its_own_and_the_district_adds_both():
    own = covered({"value": 300.0, "area_id": "t2", "subject_id": "t2"}, {"value": 300.0}, area="t2")
    assert (own["low"], own["high"]) == pytest.approx((0.1, 0.3))
    district = covered({"value": 300.0, "area_id": "t2", "subject_id": "t2"}, {"value": 300.0}, area="d")
    assert district["base_residents"] == 2000  # c1 and t2; c2 never reported and is outside
    assert district["high"] == pytest.approx(0.3)
    assert (district["n_places"], district["n_never"]) == (3, 1)


def test_blind_and_inactive_places_are_counted_apart_from_those_never_heard_of():
    old = MONDAY - timedelta(weeks=20)
    found = covered({"value": 2000.0}, {"value": 10.0, "area_id": "c2", "subject_id": "c2", "start": old}, area="d")
    assert (found["n_blind"], found["n_inactive"], found["n_never"]) == (1, 1, 1)


def test_groups_have_coverage_by_what_was_addressed_to_them():
    elderly = rows("denominators", {"area_id": "c1", "audience": "elderly", "n": 200.0})
    numbers = ({"value": 90.0, "audience": "elderly"}, {"value": 210.0})
    group = covered(*numbers, audience="elderly", denominators=elderly)
    assert (group["low"], group["high"], group["residents"]) == pytest.approx((0.15, 0.45, 200))
    assert covered(*numbers, denominators=elderly)["high"] == pytest.approx(0.3)


def test_groups_are_known_by_the_words_sheets_use():
    elderly = rows("denominators", {"area_id": "c1", "audience": "elderly", "n": 200.0})
    group = covered({"value": 90.0, "audience": "辖区老年人"}, {"value": 10.0, "audience": "居民"}, audience="elderly", denominators=elderly)
    assert group["high"] == pytest.approx(0.45)


def test_without_population_counts_are_shown_and_rates_are_not():
    areas = rows("areas", *({**area, "residents": None} if area["area_id"] == "c1" else area for area in AREAS))
    found = covered({"value": 300.0}, areas=areas)
    assert (found["low"], found["residents"], found["base_residents"]) == (None, None, 0)


def test_place_activity_counts_records_and_days_since():
    ledger = {"form": "activities", "is_ledger": True, "channel": "talks", "measure": "sessions", "unit": "场", "start": MONDAY + timedelta(days=2)}
    claim = {"channel": "claimed_reach", "measure": "people", "unit": "人", "value": 5000.0, "area_id": "c2", "subject_id": "c2"}
    level = {"channel": "banners", "measure": "in_place", "unit": "条", "value": 5.0, "kind": "stock", "area_id": "c2", "subject_id": "c2"}
    activity = run("place_activity", measurements=rows("measurements", ledger, claim, level))["place_activity"].filter(pl.col("week") == MONDAY)
    found = {row["area_id"]: row for row in activity.iter_rows(named=True)}
    assert (found["c1"]["is_active"], found["c1"]["days_since_activity"], found["c1"]["n_records"]) == (True, 4, 1)
    assert (found["c2"]["is_active"], found["c2"]["days_since_activity"]) == (False, None)
    assert set(found) == {"c1", "c2", "t2"}
