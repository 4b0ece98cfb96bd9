"""Hand back: for each file with anything to say, the analyst's own workbook with the wrong cells marked; nothing once all is well.

Here: which files get a copy, which copies disappear. Not here: which points are open, the receipt list (receipts.py), how a copy is marked
(intake/copies/).
A copy is written anew only when its points changed, or how copies are made: the state beside the copies remembers what each says.
"""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path

import polars as pl

from pipeline.intake.frames import to_rejections
from pipeline.intake.isolation import call_many
from pipeline.intake.records import Rejection
from pipeline.intake.returned import returned_path
from pipeline.journal import Journal
from pipeline.night.originals import originals
from pipeline.night.progress import tell
from pipeline.night.receipts import SAID, open_points, receipts, write_list
from pipeline.settings import Reading as ReadingSettings
from pipeline.settings import Settings
from pipeline.warehouse import Warehouse

Call = tuple[str, tuple[Rejection, ...], str, str, bool]

log = logging.getLogger(__name__)
WRITER = "pipeline.intake.returned:write_copy"
STATE = ".state.json"
MAKERS = Path(__file__).parent.parent / "intake" / "copies"


def hand_back(warehouse: Warehouse, journal: Journal, settings: Settings) -> int:
    """Bring data/warehouse/returned/ in step with the open points, and its receipt list. Returns how many files have a copy there now."""
    tell("退回 handing back")
    folder = warehouse.places.returned
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    state_file = folder / STATE
    before: dict[str, str] = json.loads(state_file.read_text(encoding="utf-8")) if state_file.is_file() else {}
    after: dict[str, str] = {}
    files, maker = receipts(warehouse.query), _maker()
    speaking = _speaking(files, open_points(warehouse.query))
    with originals(journal, [(sha256, path) for path, sha256, _, _ in speaking]) as copies:
        calls: list[Call] = []
        for copy, (path, sha256, status, points) in zip(copies, speaking, strict=True):
            target = folder / returned_path(Path(path))
            name = target.relative_to(folder).as_posix()
            after[name] = hashlib.sha256(f"{maker}{sha256}{status}{points.write_csv()}".encode()).hexdigest()
            if before.get(name) != after[name] or not target.is_file():
                target.parent.mkdir(parents=True, exist_ok=True)
                calls.append((str(copy), to_rejections(points), str(target), SAID[status], False))
        _write(calls, settings.reading)
    for gone in set(before) - set(after):
        (folder / gone).unlink(missing_ok=True)
    state_file.write_text(json.dumps(after, ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8")
    _drop_empty_folders(folder)
    write_list(files, folder, settings.district.time_zone)
    return len(after)


def _maker() -> str:
    """Another one after a change of what makes copies: none by an earlier version stays."""
    return hashlib.sha256(b"".join(file.read_bytes() for file in sorted(MAKERS.glob("*.py")))).hexdigest()


def _write(calls: list[Call], limits: ReadingSettings) -> None:
    """Copies are written in the reader's limited workers: what opens a workbook to mark it can be exhausted by a hostile one too.
    A file that cannot be marked comes back as the list alone."""
    failures = call_many(WRITER, calls, limits)
    for call, failure in zip(calls, failures, strict=True):
        if failure is not None:
            log.warning("%s could not be marked (%s); it comes back as a list", call[2], failure)
    again = [(*call[:-1], True) for call, failure in zip(calls, failures, strict=True) if failure is not None]
    for call, failure in zip(again, call_many(WRITER, again, limits), strict=True):
        if failure is not None:
            raise RuntimeError(f"{call[2]} could not be written: {failure}")


def _speaking(files: pl.DataFrame, points: pl.DataFrame) -> list[tuple[str, str, str, pl.DataFrame]]:
    """(path, sha256, status, points) of each file that is asked something, in order of path."""
    by_file = {key[0]: frame for key, frame in points.partition_by("file_id", as_dict=True, maintain_order=True).items()}
    told = files.select("file_id", "path", "sha256", "status").iter_rows()
    return [(path, sha256, status, by_file[id_]) for id_, path, sha256, status in told if id_ in by_file]


def _drop_empty_folders(folder: Path) -> None:
    for sub in sorted((p for p in folder.rglob("*") if p.is_dir()), reverse=True):
        if not any(sub.iterdir()):
            sub.rmdir()
