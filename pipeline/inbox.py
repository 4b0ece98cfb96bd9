"""What stands in data/raw: which entries are files to read, which are still being copied, which are refused and why.

Here: names, links, sizes and times only. Not here: any content, its hash or its receipt (journal.py).
"""

from __future__ import annotations

import os
import time
from pathlib import Path

NO_SPREADSHEET = (".tmp", ".part", ".partial", ".crdownload", ".download", ".lnk", ".ini", ".db")
"""Endings of what systems and browsers leave in folders."""
YOUNG_SECONDS = 2.0


def candidates(raw: Path) -> tuple[list[str], list[tuple[str, str]]]:
    """Regular files below `raw` in order, and what is refused with the reason. Lock, hidden and half-loaded files are passed over."""
    found: list[str] = []
    refused: list[tuple[str, str]] = []
    root = raw.resolve()
    for folder, subfolders, names in os.walk(raw):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        links = [name for name in subfolders if (Path(folder) / name).is_symlink()]
        for name in sorted([*names, *links]):
            file = Path(folder) / name
            path = file.relative_to(raw).as_posix()
            if _is_passed_over(name):
                continue
            reason = _refusal(file, path, root)
            if reason is None:
                found.append(path)
            else:
                refused.append((path.encode("utf-8", "replace").decode("utf-8"), reason))
    return sorted(found), refused


def _is_passed_over(name: str) -> bool:
    return name.startswith((".", "~$")) or name.lower().endswith(NO_SPREADSHEET)


def _refusal(file: Path, path: str, root: Path) -> str | None:
    """Why an entry of data/raw is not taken, or None."""
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return "文件名编码不是 UTF-8，请重命名后再放入。 / The file name is not UTF-8; rename it."
    if file.is_symlink() and not Path(os.path.realpath(file)).is_relative_to(root):
        return "链接指向 data/raw 之外，请放入文件本身。 / The link leads outside data/raw; put the file itself there."
    if file.is_symlink() and file.is_dir():
        return "这是文件夹链接，其中的文件已在原处读取。 / A linked folder; its files are read where they are."
    if not file.is_file():
        return "不是普通文件，未读取。 / Not a regular file."
    return None


def at_rest(raw: Path, paths: list[str], rest_seconds: float) -> tuple[list[str], list[str]]:
    """(files whose size and time rest, files still changing or gone meanwhile). Waits once, and only when something changed just now."""
    before = {path: _stamp(raw / path) for path in paths}
    young = {path for path, stamp in before.items() if stamp is None or time.time() - stamp[1] / 1e9 < max(YOUNG_SECONDS, rest_seconds)}
    if young and rest_seconds:
        time.sleep(rest_seconds)
    waiting = [path for path in paths if path in young and (before[path] is None or _stamp(raw / path) != before[path])]
    return [path for path in paths if path not in set(waiting)], waiting


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        status = file.stat()
    except FileNotFoundError:
        return None
    return status.st_size, status.st_mtime_ns
