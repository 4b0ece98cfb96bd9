"""The chart library that pages carry: the vendored basic bundle of plotly.js, checked at every build.

Here: hash and version check, and the fallback to the full bundle inside the plotly wheel. Not here: how pages load it (html/page.html.j2).
"""

from __future__ import annotations

import hashlib
import re
import warnings
from pathlib import Path

import plotly.offline

VENDOR = Path(__file__).with_name("html") / "vendor"
NAME = "plotly-basic-4.1.1.min.js"
BANNER = re.compile(r"plotly\.js (?:\([^)]*\) )?v(\d+\.\d+\.\d+)")


class LibraryWarning(UserWarning):
    """The vendored bundle is missing or not the recorded one; pages carry the full bundle (about 4.8 MB) instead."""


def version(source: str) -> str:
    found = BANNER.search(source[:500])
    return found.group(1) if found else "unknown"


def library(folder: Path = VENDOR) -> str:
    """Source text of plotly.js: the vendored bundle when its SHA-256 is the recorded one and its version is plotly.py's own."""
    full = plotly.offline.get_plotlyjs()
    file, record = folder / NAME, folder / f"{NAME}.sha256"
    if not file.is_file() or not record.is_file():
        warnings.warn(f"{file.name} or its recorded hash is missing; using the full bundle", LibraryWarning, stacklevel=2)
        return full
    content = file.read_bytes()
    if hashlib.sha256(content).hexdigest() != record.read_text("ascii").split()[0]:
        warnings.warn(f"{file.name} differs from its recorded hash; using the full bundle", LibraryWarning, stacklevel=2)
        return full
    source = content.decode("utf-8")
    if version(source) != version(full):
        warnings.warn(f"{file.name} is v{version(source)}, plotly.py brings v{version(full)}; using the full bundle", LibraryWarning, stacklevel=2)
        return full
    return source
