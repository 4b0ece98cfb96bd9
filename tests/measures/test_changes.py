"""What changed since the publication before: never since the first one, and a withdrawal is said."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl
import pytest

from pipeline.measures import changes
from pipeline.measures.revisions import new_publications
from tests.support.measures import MONDAY, rows

FIRST, SECOND, THIRD = (datetime(2026, 3, 23, 2, 0, 0, 500) + timedelta(days=n) for n in range(3))


def stated(**values: float | None) -> pl.DataFrame:
    """A week's figures by area."""
    found = [{"metric": "cases", "area_id": area, "week": MONDAY, "value": v, "low": v, "high": v} for area, v in values.items()]
    return pl.DataFrame(found, schema={"metric": pl.String, "area_id": pl.String, "week": pl.Date, **dict.fromkeys(changes.BOUNDS, pl.Float64)})


def published(*rounds: pl.DataFrame) -> pl.DataFrame:
    history = rows("publications")
    for build, at, now in zip(("b1", "b2", "b3"), (FIRST, SECOND, THIRD), rounds, strict=False):
        history = pl.concat([history, new_publications(now, history, build, at)])
    return history


def kinds(history: pl.DataFrame, previous: datetime | None) -> dict[str, tuple]:
    return {row["area_id"]: (row["kind"], row["old_value"], row["value"]) for row in changes.since(history, previous).iter_rows(named=True)}


def test_a_change_is_told_against_the_publication_before_and_not_the_first() -> None:
    history = published(stated(a=1.0, b=5.0), stated(a=2.0, b=5.0), stated(a=3.0, b=5.0))
    assert kinds(history, SECOND) == {"a": ("revised", 2.0, 3.0)}
    assert kinds(history, FIRST) == {"a": ("revised", 1.0, 3.0)}


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ({"a": 1.0}, {"a": 1.0, "b": 4.0}, {"b": ("new", None, 4.0)}),
        ({"a": 1.0, "b": 4.0}, {"a": 1.0}, {"b": ("withdrawn", 4.0, None)}),
        ({"a": 1.0}, {"a": 0.0}, {"a": ("revised", 1.0, 0.0)}),
        ({"a": 1.0}, {"a": None}, {"a": ("withdrawn", 1.0, None)}),
        ({"a": None}, {"a": None}, {}),
        ({"a": 1.0}, {"a": 1.0}, {}),
    ],
    ids=["new", "gone", "a zero is a number", "emptied", "never a number", "same"],
)
def test_kinds_of_change(before, now, expected) -> None:
    assert kinds(published(stated(**before), stated(**now)), FIRST) == expected


def test_a_withdrawn_number_can_come_back() -> None:
    history = published(stated(a=1.0), stated(), stated(a=1.0))
    assert kinds(history, SECOND) == {"a": ("new", None, 1.0)}
    assert kinds(history, FIRST) == {}


def test_the_first_publication_has_nothing_to_compare_with() -> None:
    assert changes.since(published(stated(a=1.0)), None).is_empty()


def test_changed_settings_are_named_as_in_the_file() -> None:
    before = '{"coverage": {"target": 0.75, "bins": [0.4]}, "pages": {"flat": 0.01}}'
    now = '{"coverage": {"target": 0.8, "bins": [0.4]}, "pages": {"flat": 0.01, "rankings": "on"}}'
    assert changes.of_settings(before, now) == [("coverage.target", 0.75, 0.8), ("pages.rankings", None, "on")]
    assert changes.of_settings(None, now) == []
