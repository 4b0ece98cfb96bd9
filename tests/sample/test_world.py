"""What really happened in the sample district, and how a number is written."""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from datetime import date, timedelta
from random import Random

import pytest

from pipeline.sample.activity import simulate
from pipeline.sample.delivery import deliveries, local
from pipeline.sample.district import RECENT, WEEKS, make_district
from pipeline.sample.events import simulate_events
from pipeline.sample.wording import write_count, write_hours, write_money, write_reads


@pytest.mark.parametrize(
    ("end", "last_sunday"),
    [
        (date(2026, 3, 23), date(2026, 3, 22)),
        (date(2026, 3, 22), date(2026, 3, 15)),
        (date(2026, 3, 25), date(2026, 3, 22)),
        (date(2026, 1, 1), date(2025, 12, 28)),
    ],
)
def test_weeks_are_closed_before_the_end(end, last_sunday):
    weeks = make_district(1, end).weeks
    assert len(weeks) == WEEKS
    assert weeks[-1] + timedelta(days=6) == last_sunday
    assert all(week.weekday() == 0 for week in weeks)


def test_district_has_towns_communities_and_two_operations():
    district = make_district(20260323, date(2026, 3, 23))
    assert (len(district.towns), len(district.communities)) == (12, 60)
    assert [c.index for c in district.communities] == list(range(60))
    assert len({c.code for c in district.communities} | {t.code for t in district.towns}) == 72
    assert all(c.code.isascii() for c in district.communities)
    month, hundred = district.operations
    assert (month.start, month.end) == (date(2025, 9, 1), date(2025, 9, 30))
    assert (hundred.end - hundred.start).days == 99


@pytest.mark.parametrize(
    ("n", "unit", "text", "bounds"),
    [
        (832, "份", "800余份", (800, 800, 900, "at_least")),
        (832, "份", "830余份", (830, 830, 840, "at_least")),
        (23400, "份", "2万余份", (20000, 20000, 30000, "at_least")),
        (23400, "份", "2.3万余份", (23000, 23000, 24000, "at_least")),
        (478, "人", "近500人", (500, 450, 500, "nearly")),
        (57, "", "约60", (60, 54, 66, "about")),
        (133, "人", "百余人", (100, 100, 200, "at_least")),
        (1049, "份", "1000余份", (1000, 1000, 2000, "at_least")),
        (2540, "", "2500+", (2500, 2500, 2600, "at_least")),
        (2500, "份", "２，５００", (2500, 2500, 2500, "exact")),
        (40000, "份", "4万", (40000, 40000, 40000, "exact")),
        (15, "条", "15条", (15, 15, 15, "exact")),
        (0, "场", 0, (0, 0, 0, "exact")),
    ],
)
def test_counts_are_written_as_people_do(n, unit, text, bounds):
    offered = {w.cell: (w.value, w.low, w.high, w.precision) for seed in range(400) for w in [write_count(n, unit, Random(seed), odd=0.4, rough=0.4)]}
    assert offered[text] == bounds


@pytest.mark.parametrize(
    ("yuan", "text", "bounds"),
    [
        (836000, "80余万元", (800000, 800000, 900000, "at_least")),
        (770000, "近80万元", (800000, 720000, 800000, "nearly")),
        (97000, "约10万元", (100000, 90000, 110000, "about")),
        (410000, "数十万元", (None, 200000, 1000000, "vague")),
        (2860000, "280万余元", (2800000, 2800000, 2900000, "at_least")),
        (38000, "￥38,000.00", (38000, 38000, 38000, "exact")),
        (128000, "12.8万元", (128000, 128000, 128000, "exact")),
        (128000, 12.8, (128000, 128000, 128000, "exact")),
    ],
)
def test_money_is_written_as_people_do(yuan, text, bounds):
    drawn = [write_money(yuan, Random(seed), rough=0.5, heading="万元") for seed in range(400)]
    assert {w.cell: (w.value, w.low, w.high, w.precision) for w in drawn}[text] == bounds


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (lambda rng: write_hours(57.5, rng, odd=0.3, rough=0.3), {"约60": 60, "57.5小时": 57.5, 57.5: 57.5}),
        (lambda rng: write_reads(3500, rng, odd=0.5), {0.35: 3500, "0.35": 3500, "0.35万": 3500, "3500次": 3500}),
    ],
)
def test_hours_and_reads_are_in_standard_units(written, meant):
    assert {w.cell: w.value for seed in range(200) for w in [written(Random(seed))]} == meant


def test_no_wording_ever_lies():
    rng = Random(7)
    for _ in range(20_000):
        n = round(math.exp(rng.uniform(0, 14)))
        for w in (write_count(n, "份", rng, odd=0.3, rough=0.6), write_money(n, rng, rough=0.8, heading="元")):
            assert w.low is not None
            assert w.high is not None
            assert w.low <= n, w
            assert n < w.high if w.precision in ("at_least", "vague") else n <= w.high, w


def test_true_reach_lies_between_full_overlap_and_none(sample, truth):
    """Where everything was reported, max over channels of contacts ÷ most ≤ residents reached ≤ sum of contacts, from the written bounds alone."""
    low: dict[tuple[str, str, str], float] = defaultdict(float)
    high: dict[tuple[str, str, str], float] = defaultdict(float)
    for f in truth:
        if f["form"] == "weekly_tally" and f["expect"] in ("stands", "tally") and f["low"] is not None:
            key = (f["community"], f"{f['channel']}.{f['measure']}", f["start"])
            low[key], high[key] = f["low"], f["high"]
    checked = 0
    for line in sample.lines("truth_reach.jsonl"):
        if not line["is_fully_reported"] or line["n_weeks"] < RECENT:
            continue
        weeks = [(date.fromisoformat(line["week"]) - timedelta(weeks=n)).isoformat() for n in range(RECENT)]
        floors, ceilings = [], []
        for measure, most in line["most_contacts_a_person"].items():
            floors.append(sum(low[line["community"], measure, w] for w in weeks) / most)
            ceilings.append(sum(high[line["community"], measure, w] for w in weeks))
        assert min(max(floors), line["residents"]) <= line["reached"] + 0.01, line
        assert line["reached"] <= min(sum(ceilings), line["residents"]) + 0.01, line
        checked += 1
    assert checked > 1000


def test_coverage_differs_between_places_and_grows(sample):
    share: dict[str, dict[str, float]] = defaultdict(dict)
    for line in sample.lines("truth_reach.jsonl"):
        share[line["week"]][line["community"]] = line["reached"] / line["residents"]
    first, last = share["2024-06-17"], share["2026-03-16"]
    assert statistics.mean(last.values()) > statistics.mean(first.values()) + 0.05
    assert 5 <= sum(s < 0.4 for s in last.values()) <= 15
    assert sum(s > 0.75 for s in last.values()) >= 5


def test_one_community_never_reported(sample, truth):
    reported = {f["community"] for f in truth if f["form"] == "weekly_tally"}
    communities = {line["community"] for line in sample.lines("truth_reach.jsonl")}
    assert len(communities) == 60
    assert len(communities - reported) == 1


def test_events_are_skewed_upgraded_and_told_somewhere(sample):
    events = sample.lines("truth_events.jsonl")
    assert 1500 <= len(events) <= 2500
    assert all(e["files"] for e in events)
    for e in events:
        grades = [leg["grade"] for leg in e["legs"]]
        amounts = [leg["amount"] for leg in e["legs"]]
        assert grades == sorted(set(grades))
        assert amounts == sorted(amounts, reverse=True)
        assert (e["grade"], e["amount"]) == (grades[-1], amounts[-1])
    spread = statistics.pstdev(math.log(e["legs"][0]["amount"]) for e in events)
    assert 1.4 <= spread <= 1.9
    assert {e["grade"] for e in events} == {"P2", "P3", "P4", "P5"}
    recent = sorted((e["amount"] for e in events if e["date"] >= "2025-12-22"), reverse=True)
    assert recent[0] == 2_860_000
    assert 0.08 <= recent[0] / sum(recent) <= 0.25
    assert sum(len(e["files"]) > 1 for e in events) > 100


def test_an_amount_told_twice_means_one_event(truth):
    """The bank's ledger and the centre's agree: same event, day, and overlapping bounds."""
    centre = {f["event_id"]: f for f in truth if f["measure"] == "averted" and f["expect"] == "stands" and f["reporter"] == "云麓区反诈中心"}
    compared = 0
    for f in truth:
        if f["form"] == "intercepted_losses" and f["expect"] == "repeated" and f["event_id"] in centre:
            other = centre[f["event_id"]]
            assert (f["start"], f["community"]) == (other["start"], other["community"])
            assert max(f["low"], other["low"]) <= min(f["high"], other["high"])
            compared += 1
    assert compared > 50


@pytest.mark.parametrize(("seed", "end"), [(1, date(2025, 1, 1)), (2, date(2027, 1, 9))])
def test_any_end_date_gives_a_whole_district(seed, end):
    """New Year weeks, a 53-week year and ends in mid-week: paths and sheet names stay unique, nothing arrives after the end."""
    district = make_district(seed, end)
    books = deliveries(district, simulate(district, seed), simulate_events(district, seed), seed, end)
    assert 180 <= len(books) <= 260
    assert len({book.path for book in books}) == len(books)
    assert max(book.received_at for book in books) <= local(end, 8)
    for book in books:
        assert len({page.name for page in book.pages}) == len(book.pages), book.path
