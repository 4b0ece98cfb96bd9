"""The only opener of DuckDB: the pipeline's working file behind a lock, and the published copy that others read.

Here: the run lock, transactions, tables created and commented from their descriptions, the reading cache, publishing. Not here: what a
table holds (tables/), what is computed (measures/ hands SQL text over), when a run may publish (defs/).

Two files, because one writer locks every reader out of the same file: `working.duckdb` is the pipeline's own; `outreach.duckdb` is a
copy made in a temporary file, reopened, counted and then put in place atomically, so whoever has the old copy open keeps it.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import duckdb
import polars as pl

from pipeline.faults import MendableFault
from pipeline.intake.frames import FileKey, ReadFrames
from pipeline.settings import Places
from pipeline.tables.base import TableSpec, all_tables, kept_tables, literal, quoted, table

STAGED = "staged_rows"
"""Name under which a frame is shown to DuckDB while its rows are copied."""

KEPT = ("publications",)
"""Tables that grow over runs and cannot be computed again: carried over when their columns change."""


class WarehouseFault(MendableFault, RuntimeError):
    """The warehouse cannot be used. The message is the repair instruction: Chinese first, then English."""


class WarehouseBusy(WarehouseFault):
    """Another run holds the lock."""


@dataclass(frozen=True, slots=True)
class PublishResult:
    """What a publication wrote: where, under which build id, and rows per table."""

    path: Path
    build_id: str
    rows: dict[str, int]


class Warehouse:
    """The working file of one root, held exclusively between `with` and its end.

    Raises WarehouseBusy when another run holds it, WarehouseFault when the file is damaged.
    """

    def __init__(self, places: Places) -> None:
        self.places = places
        self._lock: IO[str] | None = None
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._is_in_transaction = False

    def __enter__(self) -> Warehouse:
        self.places.warehouse.mkdir(parents=True, exist_ok=True)
        self._lock = _locked(self.places.warehouse / ".lock")
        try:
            self._connection = _opened(self.places.working)
            self._create_missing_tables()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        if self._connection is None:
            raise RuntimeError("the warehouse is used outside its `with` block")
        return self._connection

    # -- tables -------------------------------------------------------------------------------------------------------

    def replace(self, name: str, frame: pl.DataFrame) -> int:
        """All rows of a table, in one transaction, after its schema and rules were checked. Returns how many rows it has now."""
        spec = table(name)
        checked = spec.check(frame)
        with self.transaction(), self._staged(checked):
            self.connection.execute(f"TRUNCATE {quoted(name)}")
            self._insert(spec)
        return checked.height

    def replace_from_sql(self, name: str, sql: str, **params: object) -> int:
        """All rows of a table from a SELECT over the other tables. The result is checked like any frame: rules hold whoever computed."""
        return self.replace(name, self.query(sql, **params))

    def replace_view(self, name: str, sql: str) -> None:
        """A view from a SELECT over the other tables: it keeps no rows, and is published as the same SELECT."""
        self.connection.execute(f"CREATE OR REPLACE VIEW {quoted(name)} AS {sql}")
        self._comment(table(name))

    def append(self, name: str, frame: pl.DataFrame) -> int:
        """Rows added to a table in one transaction, checked like a replacement. Returns how many were added."""
        spec = table(name)
        checked = spec.check(frame)
        with self.transaction(), self._staged(checked):
            self._insert(spec)
        return checked.height

    def read(self, name: str) -> pl.DataFrame:
        """A whole table, in the order its rows were written."""
        return self.query(f"SELECT * FROM {quoted(table(name).name)}")

    def query(self, sql: str, **params: object) -> pl.DataFrame:
        """A SELECT as a Polars frame. `params` fill $name in the text."""
        return self.connection.sql(sql, params=params or None).pl()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside happens or nothing does. Inside another transaction it is part of that one."""
        if self._is_in_transaction:
            yield
            return
        self.connection.execute("BEGIN")
        self._is_in_transaction = True
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        else:
            self.connection.execute("COMMIT")
        finally:
            self._is_in_transaction = False

    # -- the reading cache --------------------------------------------------------------------------------------------

    def cached(self, keys: Iterable[FileKey]) -> set[FileKey]:
        """Which of these readings are in the cache, made by the same reader from the same bytes at the same place."""
        held = self.connection.execute("SELECT sha256, path, fingerprint FROM read_files").fetchall()
        return {FileKey(*row) for row in held} & set(keys)

    def store(self, batch: ReadFrames) -> None:
        """A batch of readings into the cache, each in place of an older one of the same file; one transaction a batch."""
        with self.transaction():
            self.forget(batch.files["file_id"].to_list())
            for name, frame in batch.items():
                self.append(name, frame)

    def forget(self, file_ids: Iterable[str]) -> None:
        """Cached readings of these files removed."""
        gone = pl.DataFrame({"file_id": list(file_ids)}, schema={"file_id": pl.String})
        if gone.is_empty():
            return
        with self.transaction(), self._staged(gone):
            for name in _cache_tables():
                self.connection.execute(f"DELETE FROM {name} WHERE file_id IN (SELECT file_id FROM {STAGED})")

    def readings(self, file_ids: Iterable[str] | None = None) -> ReadFrames:
        """Cached readings as frames: of these files, or of all."""
        if file_ids is None:
            return ReadFrames(**{name.removeprefix("read_"): self.read(name) for name in _cache_tables()})
        wanted = pl.DataFrame({"file_id": list(file_ids)}, schema={"file_id": pl.String})
        with self._staged(wanted):
            frames = {n: self.query(f"SELECT * FROM {n} WHERE file_id IN (SELECT file_id FROM {STAGED})") for n in _cache_tables()}
        return ReadFrames(**{name.removeprefix("read_"): frame for name, frame in frames.items()})

    # -- publishing ---------------------------------------------------------------------------------------------------

    def publish(self, build_id: str) -> PublishResult:
        """The published file, replaced atomically by a compared copy without the pipeline's own tables.

        `build_id` must be the one in table `build`. Raises WarehouseFault, with the last good file untouched, when copy and original differ.
        """
        stated = self.query("SELECT value FROM build WHERE key = 'build_id'").to_series().to_list()
        if stated != [build_id]:
            raise WarehouseFault(
                f"版次不一致：表 build 为 {stated}，要发布的是 {build_id}。 / Table build says {stated}, asked to publish {build_id}."
            )
        target = self.places.published
        temporary = target.with_name(f".{target.name}.new")
        _remove(temporary)
        try:
            rows = self._copy_published_tables(temporary)
            self._compare(temporary, rows)
            _flush(temporary)
            os.replace(temporary, target)
        finally:
            _remove(temporary)
        _flush(target.parent)
        return PublishResult(target, build_id, rows)

    def _copy_published_tables(self, file: Path) -> dict[str, int]:
        """Structure, comments and views of everything, then rows of the published tables only: no private byte reaches the file."""
        names = list(kept_tables())
        self.connection.execute(f"ATTACH '{_sql_path(file)}' AS copied")
        try:
            self.connection.execute(f"COPY FROM DATABASE {quoted(self.places.working.stem)} TO copied (SCHEMA)")
            for name in self._comments_of_tables("copied"):
                if name in names:
                    self.connection.execute(f"INSERT INTO copied.{quoted(name)} SELECT * FROM {quoted(name)}")
                else:
                    self.connection.execute(f"DROP TABLE copied.{quoted(name)}")
        finally:
            self.connection.execute("DETACH copied")
        return {name: self._count(self.connection, name) for name in names}

    def _compare(self, file: Path, rows: dict[str, int]) -> None:
        with duckdb.connect(str(file), read_only=True) as copy:
            seen = {name: self._count(copy, name) for name in rows}
        if seen != rows:
            differing = {name: (rows[name], seen[name]) for name in rows if rows[name] != seen[name]}
            raise WarehouseFault(f"发布副本行数不符，未替换：{differing}。 / The published copy differs, nothing was replaced: {differing}.")

    # -- inside -------------------------------------------------------------------------------------------------------

    def _create_missing_tables(self) -> None:
        """Tables new to this file, or whose columns have changed since it was written: those start empty and are filled by this run.

        Only what no run can compute again is carried over. Comments alone that have changed are written anew.
        """
        database = self.places.working.stem
        tables, columns = self._comments_of_tables(database), self._columns(database)
        with self.transaction():
            for name, spec in all_tables().items():
                if spec.is_view:  # made by the step that knows its SELECT
                    if name in tables:
                        self.connection.execute(f"DROP TABLE {quoted(name)}")
                    continue
                existing = columns.get(name, [])
                if [column[:2] for column in existing] != [(c.name, c.sql_type) for c in spec.columns]:
                    kept = self.query(f"SELECT * FROM {quoted(name)}") if name in KEPT and existing else None
                    self.connection.execute(spec.create_sql())
                    self._comment(spec)
                    if kept is not None:
                        self.append(name, pl.concat([spec.empty(), kept.select(c for c in spec.polars_schema if c in kept.columns)], how="diagonal"))
                elif (tables[name], [comment for *_, comment in existing]) != (spec.doc, [c.comment for c in spec.columns]):
                    self._comment(spec)

    def _comments_of_tables(self, database: str) -> dict[str, str | None]:
        sql = f"SELECT table_name, comment FROM duckdb_tables() WHERE database_name = {literal(database)} ORDER BY 1"
        return dict(self.connection.execute(sql).fetchall())

    def _columns(self, database: str) -> dict[str, list[tuple[str, str, str | None]]]:
        """(name, type, comment) of each table's columns, in their order; one query for all, since opening must not cost a step's time.

        Written out, here and above: a parameter makes DuckDB load pandas, which a night in which nothing has changed does not need.
        """
        sql = f"""
            SELECT table_name, column_name, data_type, comment FROM duckdb_columns() WHERE database_name = {literal(database)}
            ORDER BY table_name, column_index"""
        found: dict[str, list[tuple[str, str, str | None]]] = {}
        for name, *column in self.connection.execute(sql).fetchall():
            found.setdefault(name, []).append(tuple(column))
        return found

    def _insert(self, spec: TableSpec) -> None:
        self.connection.execute(f"INSERT INTO {quoted(spec.name)} BY NAME SELECT * FROM {STAGED}")

    def _comment(self, spec: TableSpec) -> None:
        self.connection.execute("; ".join(spec.comment_sql()))

    @contextmanager
    def _staged(self, frame: pl.DataFrame) -> Iterator[None]:
        self.connection.register(STAGED, frame.to_arrow())
        try:
            yield
        finally:
            self.connection.unregister(STAGED)

    @staticmethod
    def _count(connection: duckdb.DuckDBPyConnection, name: str) -> int:
        row = connection.execute(f"SELECT count(*) FROM {quoted(name)}").fetchone()
        return row[0] if row else 0

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None


@contextmanager
def open_published(places: Places) -> Iterator[Published]:
    """The published warehouse, read-only. FileNotFoundError, with what to do, before the first publication."""
    if not places.published.is_file():
        raise FileNotFoundError(f"还没有发布过数据，请先运行 outreach run。 / Nothing published yet, run `outreach run` first: {places.published}")
    with duckdb.connect(str(places.published), read_only=True) as connection:
        yield Published(connection)


@dataclass(frozen=True)
class Published:
    """A read-only connection to the published warehouse."""

    connection: duckdb.DuckDBPyConnection

    def query(self, sql: str, **params: object) -> pl.DataFrame:
        return self.connection.sql(sql, params=params or None).pl()

    def read(self, name: str) -> pl.DataFrame:
        return self.query(f"SELECT * FROM {quoted(table(name).name)}")


def _cache_tables() -> list[str]:
    return [name for name, spec in all_tables().items() if not spec.is_published]


def _locked(file: Path) -> IO[str]:
    """The lock file, held until closed; the system lets go of it even when the process is killed."""
    handle = file.open("a+")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        handle.seek(0)
        holder = handle.read().strip() or "?"
        handle.close()
        raise WarehouseBusy(
            f"另一次运行正在进行（进程 {holder}），请等它结束后再试。"
            f" / Another run (process {holder}) holds the warehouse; try again when it has ended."
        ) from error
    handle.seek(0)
    handle.truncate()
    handle.write(str(os.getpid()))
    handle.flush()
    return handle


def _opened(file: Path) -> duckdb.DuckDBPyConnection:
    try:
        connection = duckdb.connect(str(file), config=_config())
        connection.execute("SELECT count(*) FROM duckdb_tables()").fetchone()
    except duckdb.Error as error:
        reason = re.sub(r"\s+", " ", str(error))[:200]
        raise WarehouseFault(
            f"工作库 {file.name} 无法打开（{reason}）。运行 outreach restore 可由存档、日志和决定重建；"
            f"已发布的数据和页面不受影响。 / The working file cannot be opened. `outreach restore` rebuilds it from archive, journal and "
            f"decisions; published data and pages are untouched."
        ) from error
    return connection


def _config() -> dict[str, Any]:
    """Nothing is fetched: no extension is installed or loaded by itself."""
    return {"autoinstall_known_extensions": False, "autoload_known_extensions": False}


def _remove(file: Path) -> None:
    """A DuckDB file and its write-ahead log."""
    file.unlink(missing_ok=True)
    file.with_name(file.name + ".wal").unlink(missing_ok=True)


def _flush(path: Path) -> None:
    """A file's bytes, or a folder's entries, on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sql_path(file: Path) -> str:
    return str(file).replace("'", "''")
