"""Dagster's event log, with its files kept open from one event to the next.

Here: how a run's events reach SQLite. Not here: what else the instance is (instance.py). Dagster opens the file of a run and the index anew for
each of the hundreds of events of a run: every time its statements are compiled again, and the last one to close a file writes its log
back and waits for the disk. That was a third of the processor time of a small run. Files, tables and what is stored are Dagster's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from sqlalchemy import create_engine
from sqlalchemy.engine import Connection, Engine

KEPT_OPEN = 8
"""Files: the index, the run that writes, and those looked at last."""


class EventLog(SqliteEventLogStorage):
    """Named in dagster.yaml (instance.py)."""

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        self._engine = lru_cache(KEPT_OPEN)(self._opened)
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> EventLog:
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock, self._engine(shard).begin() as connection:
            yield connection

    def _opened(self, shard: str) -> Engine:
        engine = create_engine(self.conn_string_for_shard(shard), connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS})
        if shard not in self._initialized_dbs:
            self._initdb(engine)
            self._initialized_dbs.add(shard)
        return engine

    def wipe(self) -> None:
        self._engine.cache_clear()
        super().wipe()

    def dispose(self) -> None:
        super().dispose()
        self._engine.cache_clear()
