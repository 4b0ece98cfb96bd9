"""What was received when: an append-only journal; with the archive of bytes and data/decisions it rebuilds the warehouse.

Here: first receipt, withdrawals, the sample's removal, and the guard against a folder that is not there.
Not here: the bytes (archive.py), which entries of data/raw are files at rest (inbox.py), reading a file (intake/), what its
numbers are worth (settling.py), DuckDB (warehouse.py).
Lines of journal.jsonl are facts (facts.py). All times are UTC without a zone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

import polars as pl

from pipeline import archive, inbox
from pipeline.facts import Fact, append_facts, read_facts
from pipeline.intake.frames import file_id
from pipeline.settings import Places

SAMPLE_FOLDER = "示例"


@dataclass(frozen=True, slots=True)
class FoundFile:
    """One file in data/raw at rest: path below it (with /), content, and when this content was received."""

    path: str
    sha256: str
    size: int
    received_at: datetime

    @property
    def file_id(self) -> str:
        return file_id(self.path, self.sha256)


@dataclass(frozen=True, slots=True)
class Scan:
    """What stands in data/raw: files to read, files still being copied, and entries refused with the reason (Chinese / English)."""

    files: tuple[FoundFile, ...]
    waiting: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    is_raw_missing: bool = False


@dataclass(frozen=True, slots=True)
class Vanished:
    """Known files that are no longer in data/raw. `is_blocking`: so many that publication waits for a confirmation."""

    paths: tuple[str, ...]
    n_known: int
    is_blocking: bool
    message: str

    @property
    def share(self) -> float:
        return len(self.paths) / self.n_known if self.n_known else 0.0


class Journal:
    """The journal and archive of one root.

    `clock` gives now in UTC; `rest_seconds` is how long a file changed just now must keep its size and time to count as copied.
    """

    def __init__(
        self, places: Places, clock: Callable[[], datetime] = lambda: datetime.now(UTC).replace(tzinfo=None), rest_seconds: float = 1.0
    ) -> None:
        self.places = places
        self._now = clock
        self._rest_seconds = rest_seconds
        self._receipts: dict[str, list[Fact]] = {}
        self._withdrawals: dict[str, Fact] = {}
        self._confirmed_gone: set[str] = set()
        for fact in read_facts(places.journal):
            self._take_in(fact)

    # -- looking ------------------------------------------------------------------------------------------------------

    def scan(self) -> Scan:
        """Look through data/raw; archive and record every content not seen before at its path. Unchanged files change nothing."""
        raw = self.places.raw
        if not raw.is_dir():
            return Scan((), is_raw_missing=True)
        candidates, refused = inbox.candidates(raw)
        resting, waiting = inbox.at_rest(raw, candidates, self._rest_seconds)
        files: list[FoundFile] = []
        facts: list[Fact] = []
        for path in resting:
            try:
                file, fact = self._found(path)
            except OSError as error:
                refused.append((path, f"无法读取文件（{error.strerror}），请检查权限后再运行。 / The file cannot be read; check its permissions."))
                continue
            files.append(file)
            facts.extend([fact] if fact else [])
        self._add(*facts)
        return Scan(tuple(files), tuple(waiting), tuple(refused))

    def _found(self, path: str) -> tuple[FoundFile, Fact | None]:
        """A file with its receipt, and the fact to record when this is the first sight of this content here."""
        file = self.places.raw / path
        sha256, size = archive.keep(self.places.archive, file)
        earlier = self._receipts.get(path, [])
        fact = None
        if not earlier or earlier[-1].sha256 != sha256:
            # Also an older content put back in place of a newer one: it is received anew, else it could never win again.
            received_at = self._received_before(earlier, sha256) or _utc(file.stat().st_ctime)
            fact = Fact("seen", path, _iso(self._now()), sha256, size, _iso(received_at))
        elif earlier[-1].kind == "received":
            fact = Fact("seen", path, _iso(self._now()), sha256, size, earlier[-1].received_at)
        return FoundFile(path, sha256, size, datetime.fromisoformat((fact or earlier[-1]).received_at)), fact

    @staticmethod
    def _received_before(earlier: list[Fact], sha256: str) -> datetime | None:
        """A receipt entered ahead of the file itself, and not yet used."""
        ahead = [f for f in earlier if f.sha256 == sha256 and f.kind == "received"]
        seen = any(f.sha256 == sha256 and f.kind == "seen" for f in earlier)
        return datetime.fromisoformat(ahead[-1].received_at) if ahead and not seen else None

    def vanished(self, scan: Scan, vanished_share: float) -> Vanished:
        """Known files that `scan` did not find. Blocking: data/raw is missing, or more than `vanished_share` (0–1) of them are gone,
        until `confirm_vanished`. A file waiting or withdrawn, or confirmed gone before, does not count as gone."""
        known = {path for path in self._receipts if self._is_seen(path) and path not in self._withdrawals and path not in self._confirmed_gone}
        gone = tuple(sorted(known - {f.path for f in scan.files} - set(scan.waiting)))
        is_blocking = bool(gone) and (scan.is_raw_missing or len(gone) > vanished_share * len(known))
        message = _vanished_message(gone, len(known), scan.is_raw_missing, is_blocking) if gone else ""
        return Vanished(gone, len(known), is_blocking, message)

    # -- what is known ------------------------------------------------------------------------------------------------

    def files(self, scan: Scan) -> pl.DataFrame:
        """Every content ever seen, one row each: file_id, path, sha256, size, received_at, first_seen_at, is_sample, is_present,
        is_withdrawn. Sorted by path and receipt."""
        present = {(f.path, f.sha256) for f in scan.files}
        rows = [
            {
                "file_id": file_id(path, sha256),
                "path": path,
                "sha256": sha256,
                "size": last.size,
                "received_at": datetime.fromisoformat(last.received_at),
                "first_seen_at": datetime.fromisoformat(first.at),
                "is_sample": is_sample(path),
                "is_present": (path, sha256) in present,
                "is_withdrawn": path in self._withdrawals and first.at <= self._withdrawals[path].at,
            }
            for path, receipts in self._receipts.items()
            for sha256, first, last in _by_content(receipts)
        ]
        return pl.DataFrame(rows, schema=FILES_SCHEMA).sort("path", "received_at", "sha256")

    def files_as_of(self, until: datetime) -> pl.DataFrame:
        """The same columns for what had been received by `until` (UTC): the latest content of each path by then counts as present,
        withdrawals recorded later are not known yet."""
        files = self.files(Scan(())).filter(pl.col("received_at") <= until)
        known = [path for path, fact in self._withdrawals.items() if fact.at <= _iso(until)]
        is_latest = pl.col("received_at") == pl.col("received_at").max().over("path")
        return files.with_columns(is_present=is_latest, is_withdrawn=pl.col("is_withdrawn") & pl.col("path").is_in(known))

    def archived(self, sha256: str) -> Path:
        """Where the bytes of this hash lie. FileNotFoundError when the archive does not have them."""
        return archive.archived(self.places.archive, sha256)

    # -- telling ------------------------------------------------------------------------------------------------------

    def record_received(self, path: str, sha256: str, received_at: datetime) -> None:
        """Enter ahead when a file was received (UTC): it wins over the file's own time. For sample data and for moves between machines."""
        self._add(Fact("received", path, _iso(self._now()), sha256, 0, _iso(received_at)))

    def withdraw(self, path: str, reason: str, by: str) -> None:
        """All contents of a path seen so far no longer count; a later content under the same path does. KeyError for an unknown path."""
        if not reason.strip() or not by.strip():
            raise ValueError("撤回必须写明原因和姓名。 / A withdrawal needs a reason and a name.")
        if not self._is_seen(path):
            raise KeyError(f"从未收到文件 {path}，请核对 data/raw 下的路径。 / No such file was ever received: check the path below data/raw.")
        self._add(Fact("withdrawn", path, _iso(self._now()), reason=reason, by=by))

    def confirm_vanished(self, vanished: Vanished, by: str) -> None:
        """Somebody confirms that these files are meant to be gone. Their numbers stay."""
        self._add(*(Fact("confirmed_gone", path, _iso(self._now()), by=by) for path in vanished.paths))

    def remove_sample(self) -> int:
        """The sample forgotten: its receipts, and its bytes unless a real file has the same. Returns how many contents went."""
        hashes = {(path, f.sha256) for path, receipts in self._receipts.items() if is_sample(path) for f in receipts}
        if not hashes:
            return 0
        self._add(Fact("removed_sample", SAMPLE_FOLDER, _iso(self._now())))
        still_needed = {f.sha256 for receipts in self._receipts.values() for f in receipts}
        for sha256 in {sha256 for _, sha256 in hashes} - still_needed:
            archive.forget(self.places.archive, sha256)
        return len(hashes)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _is_seen(self, path: str) -> bool:
        return any(f.kind == "seen" for f in self._receipts.get(path, []))

    def _add(self, *facts: Fact) -> None:
        append_facts(self.places.journal, facts)
        for fact in facts:
            self._take_in(fact)

    def _take_in(self, fact: Fact) -> None:
        match fact.kind:
            case "received" | "seen":
                self._receipts.setdefault(fact.path, []).append(fact)
                self._confirmed_gone.discard(fact.path)
            case "withdrawn":
                self._withdrawals[fact.path] = fact
            case "confirmed_gone":
                self._confirmed_gone.add(fact.path)
            case "removed_sample":
                self._receipts = {path: receipts for path, receipts in self._receipts.items() if not is_sample(path)}


FILES_SCHEMA: dict[str, Any] = {
    "file_id": pl.String,
    "path": pl.String,
    "sha256": pl.String,
    "size": pl.Int64,
    "received_at": pl.Datetime("us"),
    "first_seen_at": pl.Datetime("us"),
    "is_sample": pl.Boolean,
    "is_present": pl.Boolean,
    "is_withdrawn": pl.Boolean,
}
"""Columns of `Journal.files`, the `files` of settling."""


def is_sample(path: str) -> bool:
    """A path below data/raw that lies in the sample's folder."""
    return PurePosixPath(path).parts[:1] == (SAMPLE_FOLDER,)


def _by_content(receipts: Iterable[Fact]) -> list[tuple[str, Fact, Fact]]:
    """(hash, first, last) sighting of each content of one path."""
    sightings: dict[str, list[Fact]] = {}
    for fact in receipts:
        if fact.kind == "seen":
            sightings.setdefault(fact.sha256, []).append(fact)
    return [(sha256, facts[0], facts[-1]) for sha256, facts in sightings.items()]


def _vanished_message(gone: tuple[str, ...], n_known: int, is_raw_missing: bool, is_blocking: bool) -> str:
    if is_raw_missing:
        return (
            f"找不到 data/raw（原有 {n_known} 个文件），可能是共享盘未挂载。接上后重新运行；确属清空请运行 outreach confirm。"
            f" / data/raw is missing ({n_known} known files): mount it and run again, or confirm."
        )
    listed = "、".join(gone[:5]) + (" …" if len(gone) > 5 else "")
    what = "在确认前不发布：放回文件，或运行 outreach confirm" if is_blocking else "其数据仍然有效；如需作废请用 outreach withdraw"
    return (
        f"{n_known} 个已知文件中有 {len(gone)} 个不在 data/raw（{listed}）。{what}。 / {len(gone)} of {n_known} known files are gone from data/raw."
    )


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")


def _utc(timestamp: float) -> datetime:
    return datetime.fromtimestamp(timestamp, UTC).replace(tzinfo=None)
