"""The file behind the journal: one line of journal.jsonl is one fact, facts are only added.

Here: what a line says, reading all, adding some so that they are on disk before they count; a line torn by a crash is dropped. Not here:
what follows from the facts (journal.py).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["received", "seen", "withdrawn", "confirmed_gone", "removed_sample"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the journal. `received_at` is the file's own, `at` when the line was written; ISO times, UTC."""

    kind: Kind
    path: str
    at: str
    sha256: str = ""
    size: int = 0
    received_at: str = ""
    reason: str = ""
    by: str = ""


def read_facts(file: Path) -> list[Fact]:
    """The facts of a journal. The last line may be torn by a crash and is left out; any other unreadable line raises ValueError."""
    if not file.is_file():
        return []
    *whole, _torn = file.read_bytes().split(b"\n")
    try:
        return [Fact(**json.loads(line)) for line in whole if line]
    except (ValueError, TypeError) as error:
        raise ValueError(f"日志 {file} 已损坏（{error}），请从备份恢复。 / The journal is damaged; restore it from backup.") from error


def append_facts(file: Path, facts: Iterable[Fact]) -> None:
    """Facts, on disk when this returns. A torn last line is cut off first, so that new facts start their own line."""
    lines = [json.dumps({k: v for k, v in asdict(fact).items() if v not in ("", 0)}, ensure_ascii=False) + "\n" for fact in facts]
    if not lines:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _cut_torn_line(handle)
        os.lseek(handle, 0, os.SEEK_END)
        os.write(handle, "".join(lines).encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def _cut_torn_line(handle: int) -> None:
    size = os.fstat(handle).st_size
    tail = min(size, 1 << 16)
    last = os.pread(handle, tail, size - tail)
    if last and not last.endswith(b"\n"):
        os.ftruncate(handle, size - tail + last.rfind(b"\n") + 1)
