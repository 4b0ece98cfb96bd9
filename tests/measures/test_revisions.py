from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl

from pipeline.measures.revisions import new_publications, published_numbers
from tests.support.measures import AREAS, MONDAY, rows, run

FIRST, SECOND, THIRD = (datetime(2026, 3, 23, 2) + timedelta(days=n) for n in range(3))
CONTACTS = {"channel": "contacts", "measure": "contacts", "unit": "人次"}


def publish(published: pl.DataFrame, value: float, build: str, at: datetime) -> pl.DataFrame:
    out = run("revisions", measurements=rows("measurements", {**CONTACTS, "value": value}), publications=published)
    now = published_numbers(out["weekly_series"], out["coverage"], rows("areas", *AREAS))
    return pl.concat([published, new_publications(now, published, build, at)])


def test_first_published_against_now():
    history = publish(rows("publications"), 100.0, "b1", FIRST)
    assert history.filter(pl.col("metric") == "contacts").select("area_id", "value").rows() == [("d", 100.0), ("t1", 100.0)]
    history = publish(publish(history, 130.0, "b2", SECOND), 130.0, "b3", THIRD)
    assert set(history["build_id"]) == {"b1", "b2"}  # the same number again is no publication of its own
    now = run("revisions", measurements=rows("measurements", {**CONTACTS, "value": 140.0}), publications=history)["revisions"]
    row = now.filter(pl.col("metric") == "contacts", pl.col("area_id") == "d").row(0, named=True)
    assert (row["first_value"], row["value"], row["first_build_id"], row["n_changes"], row["week"]) == (100, 140, "b1", 1, MONDAY)


def test_an_unchanged_number_is_no_revision_and_a_vanished_one_is():
    history = publish(rows("publications"), 100.0, "b1", FIRST)
    same = run("revisions", measurements=rows("measurements", {**CONTACTS, "value": 100.0}), publications=history)["revisions"]
    assert same.is_empty()
    other = rows("measurements", {"channel": "pushes", "measure": "messages", "unit": "条", "value": 1.0})
    gone = run("revisions", measurements=other, publications=history)
    assert gone["revisions"].filter(pl.col("metric") == "contacts")["value"].to_list() == [None, None]


def test_what_the_sample_stated_is_nothing_to_real_data():
    history = publish(rows("publications"), 100.0, "sample-b1", FIRST)
    now = run("revisions", measurements=rows("measurements", {**CONTACTS, "value": 140.0}), publications=history)
    assert now["revisions"].is_empty()


def test_the_revision_rate_counts_every_published_figure_once():
    """Contacts of c1 and t2 in two weeks. Published: 2 weeks of t1, t2 and the district. c1's latest week is 130 instead of 100 the next day and
    140 now: that of t1 and the district's changed (once each), t2's and the week before did not."""
    earlier = MONDAY - timedelta(weeks=1)
    t2 = {**CONTACTS, "area_id": "t2", "subject_id": "t2", "value": 50.0}
    steady = ({**CONTACTS, "value": 70.0, "start": earlier}, {**t2, "start": earlier}, t2)
    areas = rows("areas", *AREAS)

    def told(value: float, published: pl.DataFrame) -> dict[str, pl.DataFrame]:
        numbers = rows("measurements", {**CONTACTS, "value": value}, *steady)
        return run("revisions", "revision_rates", measurements=numbers, publications=published)

    history = rows("publications")
    assert told(100.0, history)["revision_rates"].is_empty()
    for value, build, at in ((100.0, "b1", FIRST), (130.0, "b2", SECOND)):
        out = told(value, history)
        history = pl.concat([history, new_publications(published_numbers(out["weekly_series"], out["coverage"], areas), history, build, at)])
    rates = told(140.0, history)["revision_rates"].filter(metric="contacts", period="w4")
    assert {row[0]: row[1:] for row in rates.select("area_id", "n_published", "n_revised", "rate").iter_rows()} == {
        "d": (6, 2, 2 / 6), "t1": (2, 1, 0.5), "t2": (2, 0, 0.0),
    }  # fmt: skip
    back = told(100.0, history)["revision_rates"].filter(metric="contacts", period="w4", area_id="t1")
    assert back["n_revised"].item() == 1
