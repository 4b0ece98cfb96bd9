"""Hand back: for each file with anything to say, the analyst's own workbook with the wrong cells marked; nothing once all is well.

Here: which files get a copy, which copies disappear. Not here: how a copy is marked (intake/returned.py).
A copy is written anew only when its points changed: the state beside the copies remembers what each says.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import polars as pl

from pipeline.intake.frames import to_rejections
from pipeline.intake.returned import returned_path, write_returned
from pipeline.journal import Journal
from pipeline.night.originals import originals
from pipeline.night.progress import tell
from pipeline.warehouse import Warehouse

STATE = ".state.json"
RECEIPTS = {"accepted": "全部载入", "remarks": "已载入，有几处请确认", "returned": "有内容没有载入，请看标出的单元格"}


def hand_back(warehouse: Warehouse, journal: Journal) -> int:
    """Bring data/warehouse/returned/ in step with `rejections`. Returns how many files have a copy there now."""
    tell("退回 handing back")
    folder = warehouse.places.returned
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    state_file = folder / STATE
    before: dict[str, str] = json.loads(state_file.read_text(encoding="utf-8")) if state_file.is_file() else {}
    after: dict[str, str] = {}
    speaking = _speaking(warehouse)
    with originals(journal, [(sha256, path) for path, sha256, _, _ in speaking]) as copies:
        for copy, (path, sha256, status, points) in zip(copies, speaking, strict=True):
            target = folder / returned_path(Path(path))
            name = target.relative_to(folder).as_posix()
            after[name] = hashlib.sha256(f"{sha256}{status}{points.write_csv()}".encode()).hexdigest()
            if before.get(name) == after[name] and target.is_file():
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            write_returned(copy, to_rejections(points), target, receipt=RECEIPTS[status])
    for gone in set(before) - set(after):
        (folder / gone).unlink(missing_ok=True)
    state_file.write_text(json.dumps(after, ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8")
    _drop_empty_folders(folder)
    return len(after)


def _speaking(warehouse: Warehouse) -> list[tuple[str, str, str, pl.DataFrame]]:
    """(path, sha256, status, points) of each file whose latest version is in data/raw and has something to say, in order of path."""
    files = warehouse.query(
        "SELECT file_id, path, sha256, status FROM source_files WHERE is_present AND NOT is_withdrawn AND status <> 'accepted' ORDER BY path"
    )
    points = warehouse.query("SELECT * FROM rejections WHERE severity <> 'note' ORDER BY path, sheet, length(cell), cell, rejection_id")
    by_file = {key[0]: frame for key, frame in points.partition_by("file_id", as_dict=True, maintain_order=True).items()}
    return [(path, sha256, status, by_file[id_]) for id_, path, sha256, status in files.iter_rows() if id_ in by_file]


def _drop_empty_folders(folder: Path) -> None:
    for sub in sorted((p for p in folder.rglob("*") if p.is_dir()), reverse=True):
        if not any(sub.iterdir()):
            sub.rmdir()
