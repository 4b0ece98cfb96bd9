"""The workers are started ahead when a run will probably read, and are the ones that read then."""

from __future__ import annotations

import os
from collections.abc import Callable
from multiprocessing import active_children
from pathlib import Path

import pytest

from pipeline.intake.isolation import read_isolated, start_workers, stop_workers
from pipeline.night.ahead import seems_to_bring_something
from pipeline.settings import Places
from pipeline.settings import Reading as ReadingSettings
from tests.support.roots import new_root, put
from tests.support.workbooks import write_xlsx


def publish(places: Places, *, later: float) -> None:
    """A published file written so many seconds after now."""
    places.warehouse.mkdir(parents=True, exist_ok=True)
    places.published.touch()
    moment = places.published.stat().st_mtime + later
    os.utime(places.published, (moment, moment))


def nothing_there(places: Places) -> None:
    pass


def first_file(places: Places) -> None:
    put(places, "一所/周报.xlsx")


def published_after_it(places: Places) -> None:
    first_file(places)
    publish(places, later=60)


def published_before_it(places: Places) -> None:
    first_file(places)
    publish(places, later=-60)


def moved_in_with_an_old_time(places: Places) -> None:
    publish(places, later=-60)
    os.utime(put(places, "一所/周报.xlsx"), (0, 0))


@pytest.mark.parametrize(
    ("state", "is_expected"),
    [(nothing_there, False), (first_file, True), (published_after_it, False), (published_before_it, True), (moved_in_with_an_old_time, True)],
)
def test_something_is_expected_where_a_file_is_younger_than_what_is_published(
    state: Callable[[Places], None], is_expected: bool, tmp_path: Path
) -> None:
    places = new_root(tmp_path)
    state(places)
    assert seems_to_bring_something(places) is is_expected


def test_a_root_without_its_folder_brings_nothing(tmp_path: Path) -> None:
    assert not seems_to_bring_something(Places(tmp_path))


def test_workers_started_ahead_are_those_that_read(tmp_path: Path) -> None:
    settings = ReadingSettings(workers=2)
    file = write_xlsx(tmp_path / "good.xlsx", {"第12周": [["单位", "份数"], ["一所", 3]]})
    try:
        start_workers(settings)
        ahead = {child.pid for child in active_children()}
        read_isolated(file, settings)
        assert len(ahead) == 2
        assert {child.pid for child in active_children()} == ahead
    finally:
        stop_workers()
