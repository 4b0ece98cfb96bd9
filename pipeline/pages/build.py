"""All files of a build, and their publication.

Here: which pages there are, what is written where, manifest and build id, and the swap into dashboards/. Not here: what a page says.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.settings import Settings

from . import (
    area,
    channels,
    contributions,
    coverage,
    csvs,
    embed,
    glossary,
    groups,
    library,
    lineage,
    losses,
    nothing,
    overview,
    packing,
    quality,
    render,
    report,
)
from .district import District
from .model import Page, PageWritten, Text, say

MANIFEST, PREVIOUS = "manifest.json", "manifest.previous.json"


def pages_of(district: District) -> list[Page]:
    """Every page of a build, the overview first."""
    if district.is_empty:
        return [nothing.page(district)]
    towns = [area.page(district, town) for town in district.towns]
    shared = [overview, coverage, channels, losses, quality, glossary, report]
    others = [coverage.page(groups.narrowed(district, group)) for group in groups.offered(district)[1:]]
    return [*(module.page(district) for module in shared), *others, *towns]


def links(pages: list[Page], current: Page) -> list[tuple[str, Text, bool]]:
    """Top-level pages for the navigation line; towns are reached from the overview, groups from the coverage page."""
    return [(p.path, say(f"page.{p.kind}"), p.kind == current.kind) for p in pages if p.is_listed]


def build(frames: Mapping[str, pl.DataFrame], settings: Settings, to: Path, *, built_at: datetime) -> list[PageWritten]:
    """Write the whole tree of pages into `to`, a fresh folder. Returns every file with size and SHA-256, manifest last.

    frames: the published tables by name. Two builds of the same frames differ only where `built_at` is printed.
    """
    district = District(frames, settings)
    plotly = library.library()
    pages = pages_of(district)
    files: dict[str, bytes] = {
        "assets/app.css": render.css().encode(),
        "assets/app.js": render.slim(render.script()).encode(),
        f"assets/{library.NAME}": plotly.encode(),
        "assets/LICENSE.txt": (library.VENDOR / "plotly-basic-LICENSE.txt").read_bytes(),
    }
    cells = [] if district.is_empty else contributions.stores(district)
    carrier = lineage.Carrier(cells, district)
    files |= {} if district.is_empty else csvs.files(district)
    for store in cells:
        files[f"data/lineage/{store.metric}.csv"] = lineage.csv_of(store)
        files[f"data/lineage/{store.metric}.js"] = lineage_script(store.metric, lineage.script_data(store, district))
    payloads = [(page, embed.payload(district, page)) for page in pages]
    if settings.pages.delivery != "single":
        for page, data in payloads:
            drawn = render.folder_html(district, page, data, render.Setting(built_at, links(pages, page)))
            files[page.path] = drawn.html.encode()
            if drawn.rest is not None:
                files[f"data/{page.kind}.js"] = drawn.rest.encode()
    if settings.pages.delivery != "folder":
        carried = [(page, {**data, "lineage": carried_cells(carrier, page, data) if cells else {}}) for page, data in payloads]
        files |= single_files(district, carried, lambda page: render.Setting(built_at, links(pages, page), plotly))
    written = [write(to, path, content) for path, content in sorted(files.items())]
    manifest = json.dumps(manifest_of(district, written, built_at), ensure_ascii=False, indent=1, sort_keys=True).encode()
    return [*written, write(to, MANIFEST, manifest)]


MOST_BYTES = 1_600_000
"""Of a single file."""


def single_files(
    district: District, carried: list[tuple[Page, dict[str, Any]]], setting_of: Callable[[Page], render.Setting], most: int = MOST_BYTES
) -> dict[str, bytes]:
    """Every page as one file. A page that there is for several groups holds as many of them as it has room for; the others have files of their
    own."""
    files: dict[str, bytes] = {}
    is_group = {page.path: bool(page.group) and not page.is_listed for page, _ in carried}
    for page, data in (each for each in carried if not is_group[each[0].path]):
        others = [each for each in carried if is_group[each[0].path] and each[0].kind == page.kind]
        mates = list(others)
        content = render.single_html(district, [(page, data), *mates], setting_of(page)).encode()
        while mates and len(content) > most:
            mates.pop()
            content = render.single_html(district, [(page, data), *mates], setting_of(page)).encode()
        files[single_path(page)] = content
        files |= {single_path(p): render.single_html(district, [(p, own)], setting_of(p)).encode() for p, own in others[len(mates) :]}
    return files


MOST_DATA, MOST_CELLS = 199_000, 60_000
"""Bytes of a single file's data with their cells, and of the cells alone."""


def carried_cells(carrier: lineage.Carrier, page: Page, data: Mapping[str, Any]) -> dict[str, Any]:
    """The cells of a page's numbers; where the page has other periods, of those too as far as there is room."""
    own = packing.shortened(carrier.of(page))
    if len(page.views) == 1:
        return own
    held = len(packing.dumped(own).encode())
    room = min(MOST_DATA - held - len(packing.dumped(data).encode()), MOST_CELLS - held)
    return packing.shortened(carrier.of(page, room)) if room > 0 else own


def single_path(page: Page) -> str:
    return f"single/{page.path.replace('/', '-')}"


def lineage_script(metric: str, store: dict[str, Any]) -> bytes:
    """A script that hands the panel its data: pages opened from a disk may not fetch a sibling file, but may load a script."""
    return f"(window.LINEAGE=window.LINEAGE||{{}})[{json.dumps(metric)}]={embed.as_json(packing.shortened(store))};\n".encode()


def write(folder: Path, path: str, content: bytes) -> PageWritten:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return PageWritten(path, len(content), hashlib.sha256(content).hexdigest())


def manifest_of(district: District, written: list[PageWritten], built_at: datetime) -> dict[str, object]:
    sources = district.frames["source_files"].sort("path", "file_id").select("path", "sha256", "n_measurements", "received_at")
    return {
        "build_id": district.build["build_id"],
        "built_at": built_at.isoformat(),
        "data_to": None if district.is_empty else str(district.data_to),
        "is_sample": district.is_sample,
        "files": {w.path: w.sha256 for w in written},
        "sources": [{"file": path, "sha256": sha[:8], "rows": n, "read_at": str(at)} for path, sha, n, at in sources.iter_rows()],
        "rows": {name: frame.height for name, frame in sorted(district.frames.items())},
    }


def publish(temp: Path, dashboards: Path) -> None:
    """Move a complete build into dashboards/, file by file, each replaced atomically: side files first, pages, then index and manifest.

    Files of the previous build that the new one does not have stay for one round, for readers whose page is still open, and go in the next.
    """
    manifest = json.loads((temp / MANIFEST).read_text("utf-8"))
    before = read_manifest(dashboards / MANIFEST)
    old = read_manifest(dashboards / PREVIOUS)
    order = sorted(manifest["files"], key=lambda path: (path == "index.html", path.endswith(".html"), path))
    for path in order:
        replace(temp / path, dashboards / path)
    for path in set(old) - set(before) - set(manifest["files"]):
        (dashboards / path).unlink(missing_ok=True)
    if before:
        replace_text(json.dumps({"files": before}, ensure_ascii=False), dashboards / PREVIOUS)
    replace(temp / MANIFEST, dashboards / MANIFEST)


def read_manifest(file: Path) -> dict[str, str]:
    return json.loads(file.read_text("utf-8"))["files"] if file.is_file() else {}


def replace(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.new")
    shutil.copyfile(source, temporary)
    os.replace(temporary, target)


def replace_text(text: str, target: Path) -> None:
    temporary = target.with_name(f".{target.name}.new")
    temporary.write_text(text, "utf-8")
    os.replace(temporary, target)
