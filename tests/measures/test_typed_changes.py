from __future__ import annotations

from datetime import date, datetime, timedelta

import polars as pl
import pytest

from pipeline.measures.integrity import points
from tests.support.measures import MONDAY, rows, run

CHANGE = {"file_id": "f", "path": "周报.xlsx", "sheet": "第12周", "cell": "D5", "of_cell": "C5", "header": "环比", "text": "+20%",
          "against": "previous", "span": "any", "typed": 0.2, "slack": 0.005}  # fmt: skip
NOW = {"value": 120.0}
"""Its cell is C5: the first number of a list."""
RULE = "typed_changes_are_the_computed_ones"


FILE = {"file_id": "f", "path": "周报.xlsx", "sha256": "0" * 64, "size": 1, "received_at": datetime(2026, 3, 23), "status": "accepted",
        "first_seen_at": datetime(2026, 3, 23), "n_measurements": 1, "n_rejections": 0, "n_set_aside": 0, "is_sample": False, "is_present": True,
        "is_withdrawn": False}  # fmt: skip


def asked(change: dict, *numbers: dict, **file: object):
    tables = {
        "source_files": rows("source_files", FILE | file),
        "measurements": rows("measurements", *numbers),
        "typed_changes": rows("typed_changes", CHANGE | change),
    }
    return run("issues", **tables)["issues"].filter(rule=RULE)


def before(value: float = 100.0, **more):
    return {"value": value, "start": MONDAY - timedelta(weeks=1), "path": "上周.xlsx", "sheet": "第11周", "cell": "C5", "file_id": "g", **more}


SPAN = {"period_precision": "month"}
MARCH = {**SPAN, "start": date(2026, 3, 1), "end": date(2026, 3, 31), "value": 120.0}
FEBRUARY = {**SPAN, "start": date(2026, 2, 1), "end": date(2026, 2, 28), "cell": "B9"}
MARCH_BEFORE = {**SPAN, "start": date(2025, 3, 1), "end": date(2025, 3, 31), "cell": "B9"}
QUARTER, QUARTER_BEFORE = (
    {"period_precision": "quarter", "start": date(2026, 1, 1), "end": date(2026, 3, 31), "value": 120.0},
    {"period_precision": "quarter", "start": date(2025, 10, 1), "end": date(2025, 12, 31), "cell": "B9"},
)
YEAR = {"against": "year_before", "header": "同比"}
ABOUT = {"precision": "about", "low": 90.0, "high": 110.0}
COMPARED = {
    # change, number now, number before → is it asked about?
    "120 after 100 is +20%": ({}, NOW, before(), False),
    "120 after 90 is +33%": ({}, NOW, before(90.0), True),
    "what rounds to +20% is +20%": ({}, {"value": 120.4}, before(), False),
    "+20.0% says one place more": ({"slack": 0.0005}, {"value": 120.4}, before(), True),
    "a fall for a rise": ({"typed": -0.2}, NOW, before(), True),
    "约100 before may have been 100": ({}, NOW, before(**ABOUT), False),
    "约100 before was not 150": ({}, NOW, before(**{**ABOUT, "value": 150.0, "low": 140.0, "high": 160.0}), True),
    "nothing before, nothing known": ({}, NOW, before(0.0), False),
    "another unit's number": ({}, NOW, before(90.0, subject_id="c2"), False),
    "another kind of leaflet": ({}, NOW, before(90.0, material="折页"), False),
    "the week before last": ({}, NOW, before(90.0, start=MONDAY - timedelta(weeks=2)), False),
    "a number before that does not stand": ({}, NOW, before(90.0, stands=False, stands_reason="superseded"), False),
    "the same content handed in again": ({}, NOW | {"stands": False, "stands_reason": "repeated"}, before(90.0), True),
    "a number that does not stand now": ({}, NOW | {"stands": False, "stands_reason": "superseded"}, before(90.0), False),
    "较上月 of a week": ({"span": "month"}, NOW, before(90.0), False),
    "a month against the month before": ({"span": "month"}, MARCH, FEBRUARY | {"value": 90.0}, True),
    "a month that is right": ({}, MARCH, FEBRUARY | {"value": 100.0}, False),
    "a month against that of the year before": (YEAR, MARCH, MARCH_BEFORE | {"value": 90.0}, True),
    "同比 is not against the month before": (YEAR, MARCH, FEBRUARY | {"value": 90.0}, False),
    "the partner of a week is not agreed upon": (YEAR, NOW, before(90.0, start=MONDAY - timedelta(weeks=52)), False),
    "a quarter against the one before": ({}, QUARTER, QUARTER_BEFORE | {"value": 90.0}, True),
}  # fmt: skip


@pytest.mark.parametrize(("change", "now", "then", "is_asked"), COMPARED.values(), ids=COMPARED)
def test_a_typed_change_is_asked_about_where_no_numbers_within_the_bounds_give_it(change, now, then, is_asked):
    assert asked(change, now, then).height == is_asked


@pytest.mark.parametrize("gone", [{"is_present": False}, {"is_withdrawn": True}, {"corrected_by": "h"}])
def test_what_a_file_no_longer_says_is_not_asked_about(gone):
    assert asked({}, NOW, before(90.0)).height == 1
    assert asked({}, NOW, before(90.0), **gone).is_empty()


def test_two_numbers_before_are_none():
    assert asked({}, NOW, before(90.0), before(80.0, cell="C9")).is_empty()


def test_the_question_shows_both_numbers_with_their_cells_at_the_typed_one():
    found = asked({}, NOW, before(90.0))
    row = found.row(0, named=True)
    assert (row["severity"], row["path"], row["sheet"], row["cell"]) == ("warning", "周报.xlsx", "第12周", "D5")
    for part in ("环比填“+20%”", "本期 C5 格 120份", "上周.xlsx›第11周›C5 格 90份", "应为 +33.3%"):
        assert part in row["zh"]
    files = pl.DataFrame({"file_id": ["f"], "path": ["周报.xlsx"], "is_present": [True]})
    assert points(found, files)["cell"].to_list() == ["D5"]
