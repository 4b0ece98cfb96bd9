"""A hostile file costs itself and nothing else: each misbehaviour becomes a returned reading, and the next file is read."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from pipeline.intake.isolation import call_many, read_isolated, read_many, stop_workers
from pipeline.intake.records import Reading
from pipeline.settings import Reading as ReadingSettings
from tests.support.workbooks import brt_cell, brt_row, write_xlsb, write_xlsx

READER = "tests.support.hostile_readers:read_by_name"
SETTINGS = ReadingSettings(seconds=30, workers=2)
HASTY = SETTINGS.model_copy(update={"seconds": 2})


@pytest.fixture(scope="module", autouse=True)
def _no_worker_outlives_the_tests() -> Iterator[None]:
    yield
    stop_workers()


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return write_xlsx(tmp_path / "good.xlsx", {"第12周": [["单位", "份数"], ["一所", 3]]})


def read(name: str | Path, settings: ReadingSettings = SETTINGS) -> Reading:
    return read_isolated(name, settings, reader=READER)


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        ("hang", "timeout"),
        ("greedy", "memory"),
        ("abort", "crashed"),
        ("segfault", "crashed"),
        ("exit", "crashed"),
        ("panic", "crashed"),
        ("mistake", "reader_failed"),
        ("refused", "password_protected"),
    ],
)
def test_misbehaviour_becomes_a_returned_reading(behaviour: str, reason: str, good: Path) -> None:
    reading = read(behaviour, HASTY if behaviour == "hang" else SETTINGS)
    assert reading.status == "returned"
    (point,) = reading.rejections
    assert (point.rule, point.severity, point.sheet, point.cell) == (reason, "error", "", "")
    assert point.message
    assert point.message_en
    assert [part.sheet for part in read(good).set_aside] == ["第12周"]


def test_the_file_beside_a_hostile_one_is_unaffected(good: Path) -> None:
    paths = ["abort", good, "hang", good, "greedy", good, good]
    results = list(read_many(paths, HASTY, reader=READER))
    assert [path for path, _ in results] == [Path(path) for path in paths]
    assert [reading.status for _, reading in results] == ["returned", "accepted", "returned", "accepted", "returned", "accepted", "accepted"]


def test_workers_are_other_processes_and_light(good: Path) -> None:
    assert read("process").set_aside[0].reason != str(os.getpid())
    assert read("environment").set_aside[0].reason == "1"
    assert not {"polars", "duckdb", "dagster", "pandas", "scipy", "openpyxl"} & set(read("modules").set_aside[0].reason.split())


def test_the_memory_limit_is_the_one_set() -> None:
    small = SETTINGS.model_copy(update={"memory_mib": 128})
    assert [read("quarter_of_a_gigabyte", settings).status for settings in (small, SETTINGS, small)] == ["returned", "accepted", "returned"]


def test_a_workbook_that_makes_the_real_reader_run_out_of_memory(tmp_path: Path) -> None:
    """Cells so far apart that the reader's dense grid cannot be had, within the limit of cells that was set."""
    far = brt_row(0) + brt_cell(5, 0, bytes(8)) + brt_row(1_000_000) + brt_cell(5, 16_000, bytes(8))
    path = write_xlsb(tmp_path / "unlimited.xlsb", far)
    (point,) = read(path).rejections
    assert point.rule in {"memory", "crashed"}


@pytest.mark.parametrize("executor", [None, "processes", "lost"])
def test_any_executor_carries_the_fan_out(executor: str | None, good: Path) -> None:
    class Lost(Executor):
        """A cluster whose machines go away."""

        def submit(self, *_: object, **__: object) -> Future:  # type: ignore[override]
            task: Future = Future()
            task.set_exception(ConnectionError("worker lost"))
            return task

    if executor is None:
        results = list(read_many([good] * 5, SETTINGS, reader=READER))
    elif executor == "lost":
        results = list(read_many([good], SETTINGS, Lost(), reader=READER))
        assert results[0][1].rejections[0].rule == "reader_failed"
        return
    else:
        with ProcessPoolExecutor(1, get_context("spawn")) as processes:
            results = list(read_many([good] * 5, SETTINGS, processes, reader=READER))
            assert processes.submit(os.getpid).result() != os.getpid()
            processes.submit(stop_workers).result()
    assert [reading.status for _, reading in results] == ["accepted"] * 5


def test_giving_up_early_leaves_no_task_behind(good: Path) -> None:
    results = read_many([good] * 50, SETTINGS, reader=READER)
    assert next(results)[1].status == "accepted"
    results.close()
    assert read(good).status == "accepted"


def test_a_script_without_a_main_guard_runs_once(good: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import sys\nfrom pipeline.intake.isolation import read_isolated\n"
        "print('once', flush=True)\n"
        f"print(read_isolated(sys.argv[1], reader={READER!r}).status)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run([sys.executable, str(script), str(good)], capture_output=True, text=True, env=environment, timeout=60, check=True)
    assert done.stdout.split() == ["once", "accepted"]


def test_other_work_on_files_is_held_to_the_same_limits(tmp_path: Path) -> None:
    """call_many: each call fails or succeeds alone; the outcome says which."""
    there = tmp_path / "there"
    outcomes = call_many("os:mkdir", [(str(there),), (str(tmp_path / "no" / "such"),), (str(tmp_path / "also"),)], SETTINGS)
    assert outcomes[0] is None
    assert outcomes[1] is not None
    assert "FileNotFoundError" in outcomes[1]
    assert outcomes[2] is None
    assert there.is_dir()
    assert call_many("os:_exit", [(3,)], SETTINGS)[0] == "stopped its worker (exit code 3)"
