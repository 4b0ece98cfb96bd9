"""The sample district's recorded truth against what the measures say of it."""

from __future__ import annotations

import polars as pl
import pytest

from pipeline.measures.ledger import FIRMNESS
from tests.support.measures import run
from tests.support.sample_tables import CLOCK, fully_reported, sample

WIDEST_MEDIAN = {"community": 0.80, "town": 0.30}
"""Stated median width of coverage bounds: of communities, which nobody surveys, with four channels and no frequency survey they are wide, and
say so; of towns those of a quarterly survey, between none and twelve weeks old."""


@pytest.fixture(scope="module")
def told():
    return run(clock=CLOCK, **sample().tables)


def true_coverage(level: str) -> pl.DataFrame:
    """area_id, week, true: share of residents reached; of communities only where everything was reported, of towns always."""
    facts = sample()
    if level == "community":
        reached = facts.reach.join(fully_reported(facts.tables), on=["area_id", "week"], how="semi")
    else:
        towns = facts.tables["areas"].filter(level="community").select("area_id", town="parent_id")
        reached = facts.reach.join(towns, on="area_id").group_by(area_id="town", week="week").agg(pl.col("reached", "residents").sum())
    return reached.select("area_id", "week", true=pl.col("reached") / pl.col("residents"))


@pytest.mark.parametrize(("level", "fewest"), [("community", 2000), ("town", 1200)])
def test_true_coverage_lies_inside_the_bounds(told, level, fewest):
    """At least 95 % of area-weeks, and the median width is as stated."""
    met = true_coverage(level).join(told["coverage"].filter(audience="all"), on=["area_id", "week"])
    inside = met.filter(pl.col("true").is_between(pl.col("low") - 1e-9, pl.col("high") + 1e-9))
    assert met.height > fewest
    assert inside.height / met.height >= 0.95
    assert (met["high"] - met["low"]).median() <= WIDEST_MEDIAN[level]


def test_surveyed_bounds_hold_at_every_age(told):
    """Also just before the next survey at least 95 % of town-weeks are inside: the interval has widened enough by then."""
    met = true_coverage("town").join(told["coverage"].filter(audience="all", method="survey"), on=["area_id", "week"])
    is_inside = pl.col("true").is_between(pl.col("low"), pl.col("high"))
    by_age = met.group_by(age=(pl.col("week") - pl.col("surveyed")).dt.total_days() // 7 + 1).agg(is_inside.mean(), n=pl.len()).sort("age")
    assert by_age["n"].min() > 80
    assert by_age.filter(pl.col("true") < 0.95).is_empty()


def test_bounds_are_no_wider_than_the_assumptions_make_them(told):
    """Recomputed by hand for one community and week: max of lower ends, capped sum of upper ends, over 13 weeks of its own numbers."""
    area = "YL0101"
    week = told["weeks"]["week"].max()
    numbers = told["weekly_cube"].filter(pl.col("area_id") == area, (week - pl.col("week")).dt.total_days() < 91)
    residents = sample().tables["areas"].filter(pl.col("area_id") == area)["residents"][0]
    lows, highs = [], []
    for channel, measure, most, people, local in (
        ("leaflets", "distributed", 3, 1, 1), ("talks", "attendance", 3, 1, 1), ("home_visits", "visits", 3, 1.5, 1),
        ("online_media", "reads", 5, 1, 0),
    ):  # fmt: skip
        own = numbers.filter(pl.col("channel") == channel, pl.col("measure") == measure)
        lows.append(min(1, own["low"].sum() * local / most / residents))
        highs.append(min(1, own["high"].sum() * people / residents))
    covered = told["coverage"].filter(pl.col("area_id") == area, pl.col("week") == week, pl.col("audience") == "all").row(0, named=True)
    assert (covered["low"], covered["high"]) == pytest.approx((max(lows), min(1, sum(highs))))


def test_true_prevented_amounts_lie_inside_the_bounds(told):
    """By town and week: what the ledgers' amounts stand for, at each event's highest grade stated, lies within the sums of bounds."""
    facts = sample()
    stated = facts.tables["measurements"].filter(pl.col("channel") == "intercepted_losses", pl.col("high").is_not_null())
    grades = stated.group_by("record_id").agg(pl.col("grade").max())
    top: dict[str, str] = {}
    for record, grade in grades.iter_rows():
        event = facts.event_of_record[record]
        top[event] = max(top.get(event, ""), grade)
    true = [
        {
            "town_id": event.community.code[:4],
            "week": event.day,
            "true": float(next(leg.yuan for leg in event.legs if leg.grade == top[event.event_id])),
        }
        for event in facts.events
        if event.event_id in top and any(leg.grade == top[event.event_id] for leg in event.legs)
    ]
    by_week = pl.DataFrame(true).with_columns(pl.col("week").dt.truncate("1w")).group_by("town_id", "week").agg(pl.col("true").sum())
    bounds = told["loss_cube"].filter(pl.col("dimension") == "way").group_by("town_id", "week").agg(pl.col("low", "high").sum())
    met = by_week.join(bounds, on=["town_id", "week"], how="left")
    inside = met.filter(pl.col("true").is_between(pl.col("low") * (1 - 1e-9), pl.col("high") * (1 + 1e-9)))
    assert met.height > 600
    assert inside.height / met.height >= 0.95


def test_events_told_twice_are_found(told):
    """Matching on the sample: precision at least 99 %, recall at least 90 %."""
    events = sample().event_of_record
    pairs = told["event_pairs"].filter(pl.col("verdict") == "certain")
    right = sum(events[a] == events[b] for a, b in pairs.select("record_a", "record_b").iter_rows())
    planted = len(events) - len(set(events.values()))
    assert planted > 50
    assert right / pairs.height >= 0.99
    assert right / planted >= 0.90


def test_sums_agree_wherever_they_are_taken(told):
    """Events, the loss cube's two dimensions and the kpis are one number."""
    out = told
    end = out["kpis"].filter(pl.col("period") == "w52")["end"].max()
    window = pl.col("week").is_between(end - pl.duration(weeks=52), end)
    events = out["events"].filter(window)
    cube = out["loss_cube"].filter(window).group_by("dimension").agg(pl.col("n", "value", "low", "high").sum()).sort("dimension")
    assert cube["n"].to_list() == [events["n_cases"].sum()] * 2
    kpi = out["kpis"].filter(pl.col("metric") == "prevented", pl.col("area_id") == "d", pl.col("period") == "w52").row(0, named=True)
    for column in ("value", "low", "high"):
        assert cube[column].to_list() == pytest.approx([kpi[column]] * 2)
    split = out["kpis"].filter(pl.col("metric").str.contains(r"^prevented\.P\d$"), pl.col("area_id") == "d", pl.col("period") == "w52")
    assert split["value"].sum() == pytest.approx(kpi["value"])


def test_every_event_has_origin_and_every_bound_is_in_order(told):
    out = told
    assert set(out["events"]["event_id"]) == set(out["event_legs"]["event_id"])
    assert set(out["event_legs"]["measurement_id"]) <= set(sample().tables["measurements"]["measurement_id"])
    assert set(out["events"]["firmness"]) <= {"exact", "approximate", "range", "missing"}
    assert set(FIRMNESS.values()) == {"exact", "approximate", "range", "missing"}
    for name in ("kpis", "weekly_series", "loss_cube", "contacts"):
        assert out[name].filter(pl.col("low") > pl.col("high") * (1 + 1e-9)).is_empty()


def test_two_runs_give_the_same_rows(told):
    again = run(clock=CLOCK, **sample().tables)
    for name, frame in told.items():
        assert frame.sort(frame.columns).equals(again[name].sort(frame.columns)), name
