"""Read each file in a worker process with time and memory limits, so that a hostile file costs itself and nothing else.

Here: the pool of spawned workers, the limits, and what became of a file whose reading did not come back. Not here: reading
(reading.py, imported by the workers only) and caching.
"""

from __future__ import annotations

import atexit
import importlib
import logging
import os
import resource
import traceback
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from multiprocessing import spawn
from multiprocessing.context import SpawnContext, SpawnProcess
from pathlib import Path
from threading import Lock
from typing import Any

from pebble import ProcessExpired, ProcessPool

from pipeline.intake.records import Reading
from pipeline.intake.refusals import WorkbookRefused, refused_reading
from pipeline.settings import Reading as ReadingSettings

log = logging.getLogger(__name__)

READER = "pipeline.intake.reading:read_file"
MIB = 1 << 20
READ_AHEAD = 100
"""Files handed to the workers beyond the one whose reading is awaited."""
_FILES_A_WORKER = 250
"""A worker is replaced after so many files: whatever a file left behind in its memory goes with it."""


def read_isolated(path: str | Path, settings: ReadingSettings | None = None, *, reader: str = READER) -> Reading:
    """The reading of one file, within settings.seconds and settings.memory_mib. Never raises for a bad file.

    A file that takes too long, needs too much memory or stops its worker gets a returned Reading whose one rejection says so
    (rule timeout, memory, crashed or reader_failed). `reader` names the function, as module:function, called in the worker
    with (path, settings). Workers are started by the first call and kept until the process ends.
    """
    settings = settings or ReadingSettings()
    try:
        outcome = _pool(settings, reader).schedule(_read, (str(path), settings), timeout=settings.seconds).result()
    except TimeoutError:
        return refused_reading(WorkbookRefused("timeout", limit=f"{settings.seconds:g}"))
    except ProcessExpired as error:
        log.warning("%s stopped its worker (exit code %s)", path, error.exitcode)
        return refused_reading(WorkbookRefused("crashed"))
    except Exception as error:
        log.exception("%s could not be handed to a worker", path)
        return refused_reading(WorkbookRefused("reader_failed", seen=type(error).__name__))
    if isinstance(outcome, _Failure):
        log.warning("%s: %s\n%s", path, outcome.refusal, outcome.trace)
        return refused_reading(outcome.refusal)
    return outcome


def read_many(
    paths: Iterable[str | Path], settings: ReadingSettings | None = None, executor: Executor | None = None, *, reader: str = READER
) -> Generator[tuple[Path, Reading], None, None]:
    """(path, reading) of every file, in the order given.

    The outer fan-out is any concurrent.futures.Executor: threads of this process unless told otherwise, or a cluster's, whose
    machines then run their own workers. The executor handed in stays open.
    """
    settings = settings or ReadingSettings()
    own = None if executor else ThreadPoolExecutor(settings.workers, thread_name_prefix="intake")
    waiting: deque[tuple[Path, Future[Reading]]] = deque()
    rest = iter(paths)
    try:
        while True:
            # The workers read on while the caller stores what it was given, but never so far that readings pile up in memory.
            for path in islice(rest, READ_AHEAD - len(waiting)):
                waiting.append((Path(path), (executor or own).submit(read_isolated, path, settings, reader=reader)))  # type: ignore[union-attr]
            if not waiting:
                return
            path, task = waiting.popleft()
            yield path, _outcome(path, task)
    finally:
        for _, task in waiting:
            task.cancel()
        if own:
            own.shutdown()


def call_many(function: str, calls: Iterable[tuple[Any, ...]], settings: ReadingSettings | None = None) -> list[str | None]:
    """Call a function, named as module:function, once for each tuple of arguments, in the same limited workers.

    For work on files that is not reading, such as writing copies with a library that a hostile file could exhaust. Returns for each
    call None, or in English why it failed; one failing costs the others nothing.
    """
    settings = settings or ReadingSettings()
    pool = _pool(settings, READER)
    tasks = [pool.schedule(_call, (function, arguments, settings.memory_mib), timeout=settings.seconds) for arguments in calls]
    return [_failure_of(task) for task in tasks]


def _failure_of(task: Any) -> str | None:
    try:
        return task.result()
    except TimeoutError:
        return "took longer than allowed"
    except ProcessExpired as error:
        return f"stopped its worker (exit code {error.exitcode})"


def start_workers(settings: ReadingSettings | None = None) -> None:
    """Start the workers of this process now, so that they load the reader while the caller does something else."""
    settings = settings or ReadingSettings()
    _pool(settings, READER).schedule(os.getpid)


def stop_workers() -> None:
    """End the workers of this process; the next reading starts new ones."""
    with _changing_pools:
        for pool in _pools.values():
            pool.stop()
            pool.join()
        _pools.clear()


def _outcome(path: Path, task: Future[Reading]) -> Reading:
    try:
        return task.result()
    except Exception as error:  # the executor itself lost the task: a cluster's machine went away
        log.exception("%s was lost by its executor", path)
        return refused_reading(WorkbookRefused("reader_failed", seen=type(error).__name__))


# ---- the pool -------------------------------------------------------------------------------------------------------------------

_pools: dict[tuple[int, str], ProcessPool] = {}
_changing_pools = Lock()
_starting_worker = Lock()


class _WorkerProcess(SpawnProcess):
    """A spawned process that does not run the caller's script again: a worker has no use for it, and it may lack a __main__ guard."""

    def start(self) -> None:
        with _starting_worker:
            prepare = spawn.get_preparation_data
            spawn.get_preparation_data = lambda name: {key: value for key, value in prepare(name).items() if not key.startswith("init_main_")}
            try:
                super().start()
            finally:
                spawn.get_preparation_data = prepare


class _WorkerContext(SpawnContext):
    Process = _WorkerProcess


def _pool(settings: ReadingSettings, reader: str) -> ProcessPool:
    key = (settings.workers, reader)
    with _changing_pools:
        pool = _pools.get(key)
        if pool is None or not pool.active:
            pool = ProcessPool(settings.workers, _FILES_A_WORKER, _prepare_worker, (reader,), _WorkerContext())
            _pools[key] = pool
        return pool


atexit.register(stop_workers)


# ---- inside a worker ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Failure:
    refusal: WorkbookRefused
    trace: str


_read_file: Callable[[str, ReadingSettings], Reading] | None = None


def _prepare_worker(reader: str) -> None:
    global _read_file  # noqa: PLW0603 - one reader a worker, imported before limits are measured
    os.environ["POLARS_MAX_THREADS"] = "1"
    # What a dying interpreter prints would land in the middle of the caller's terminal; the caller says what happened instead.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    module, _, function = reader.partition(":")
    _read_file = getattr(importlib.import_module(module), function)


def _read(path: str, settings: ReadingSettings) -> Reading | _Failure:
    """One file under its own memory limit. A Rust panic is a BaseException of a class that cannot be sent back, so all are caught."""
    assert _read_file is not None
    _limit_memory(settings.memory_mib)
    try:
        return _read_file(path, settings)
    except WorkbookRefused as refusal:
        return refused_reading(refusal)
    except MemoryError:
        return _Failure(WorkbookRefused("memory", limit=settings.memory_mib), "")
    except BaseException as error:
        _limit_memory(settings.memory_mib)
        is_panic = type(error).__name__ == "PanicException"
        refusal = WorkbookRefused("crashed") if is_panic else WorkbookRefused("reader_failed", seen=type(error).__name__)
        return _Failure(refusal, traceback.format_exc())


def _call(function: str, arguments: tuple[Any, ...], memory_mib: int) -> str | None:
    _limit_memory(memory_mib)
    module, _, name = function.partition(":")
    try:
        getattr(importlib.import_module(module), name)(*arguments)
    except BaseException as error:
        _limit_memory(memory_mib)
        return "".join(traceback.format_exception_only(error)).strip()
    return None


def _limit_memory(mib: int) -> None:
    """Allow `mib` more than the process has mapped now, whatever earlier files left behind."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    soft = pages * resource.getpagesize() + mib * MIB
    resource.setrlimit(resource.RLIMIT_AS, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))
