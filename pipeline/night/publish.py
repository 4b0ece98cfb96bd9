"""Publish one build: the warehouse copy and the pages, both under the same build id, each replaced atomically.

Here: what the build says of itself, the order of the two swaps, and whether a publication stands complete. Not here: how the copy is
made (warehouse.py), what pages show (pages/), whether a run may publish at all (defs/ checks).
A kill between the two swaps leaves a new warehouse beside old pages that agree with themselves; the next run sees that the two build ids
differ and rolls forward.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from pipeline import pages
from pipeline.measures import revisions
from pipeline.night.progress import tell
from pipeline.night.receive import reader_key
from pipeline.settings import Places, Settings
from pipeline.tables.base import kept_tables, quoted, table
from pipeline.warehouse import PublishResult, Warehouse, open_published

NOT_CONTENT = {"build", "publications", "revision_rates"}
"""Tables that speak of publications themselves and so are not part of what the build id is made from."""

SAMPLE_BUILD = "sample-"
"""Build ids of publications made from the sample start so: its snapshots can be told from real ones, for ever."""


def is_sample_build(build_id: str) -> bool:
    return build_id.startswith(SAMPLE_BUILD)


def write_build(warehouse: Warehouse, settings: Settings, clock: datetime, inputs: str, as_known_on: date | None = None, map_note: str = "") -> str:
    """Table `build` for what the warehouse holds now. Returns the build id: a hash of the published rows, so equal content is equal.
    `map_note`: what is to be said of the file of boundaries."""
    data_to = warehouse.query('SELECT max("end") AS day FROM measurements WHERE stands')["day"].item()
    district = warehouse.query("SELECT zh, en FROM areas WHERE level = 'district'")
    zh, en = district.row(0) if district.height else (None, None)
    sample = warehouse.query(
        "SELECT coalesce(bool_or(is_sample), false) AS sample FROM source_files WHERE file_id IN (FROM (SELECT file_id FROM measurements))"
    )
    is_sample = bool(sample["sample"].item())
    build_id = (SAMPLE_BUILD if is_sample else "") + _content_id(warehouse, settings)
    before = dict(warehouse.read("build").iter_rows())
    facts = {
        "build_id": build_id,
        "built_at": clock.astimezone(UTC).isoformat(timespec="seconds"),
        "data_to": str(data_to) if data_to else None,
        "district_zh": settings.district.name or zh or "本辖区",
        "district_en": settings.district.name_en or en or "",
        "is_sample": str(is_sample).lower(),
        "time_zone": settings.district.time_zone,
        "reader": reader_key(settings.reading),
        "settings": hashlib.sha256(settings.model_dump_json().encode()).hexdigest()[:12],
        "settings_values": settings.model_dump_json(),
        "published_at": clock.astimezone(UTC).replace(tzinfo=None).isoformat(),
        "inputs": inputs,
        "as_known_on": str(as_known_on) if as_known_on else None,
        "map_note": map_note or None,
        **_previous_build(before, build_id),
    }
    warehouse.replace("build", pl.DataFrame({"key": list(facts), "value": list(facts.values())}, schema=table("build").polars_schema))
    return build_id


PREVIOUS = ("build_id", "published_at", "reader", "settings_values")
"""Facts of a build that the next one remembers, under previous_<fact>, so that pages can say what changed in between."""


def _previous_build(before: Mapping[str, str | None], build_id: str) -> dict[str, str | None]:
    """What the publication before was. `before`: facts of the build that stands now. The same content published again keeps its predecessor,
    and a build of the sample is no predecessor of a real one."""
    if before.get("build_id") == build_id:
        return {f"previous_{fact}": before.get(f"previous_{fact}") for fact in PREVIOUS}
    is_kin = "build_id" in before and is_sample_build(str(before["build_id"])) == is_sample_build(build_id)
    return {f"previous_{fact}": before.get(fact) if is_kin else None for fact in PREVIOUS}


def note_publication(warehouse: Warehouse, build_id: str, clock: datetime) -> int:
    """The weekly figures this publication states for the first time, differently or no more, added to `publications`. Returns the rows added.
    What publications of the sample stated is nothing to a real one."""
    now = revisions.published_numbers(warehouse.read("weekly_series"), warehouse.read("coverage"), warehouse.read("areas"))
    published = warehouse.read("publications").filter(pl.col("build_id").str.starts_with(SAMPLE_BUILD) == is_sample_build(build_id))
    moment = clock.astimezone(UTC).replace(tzinfo=None)
    return warehouse.append("publications", revisions.new_publications(now, published, build_id, moment))


def publish_warehouse(warehouse: Warehouse, build_id: str) -> PublishResult:
    """The published copy, in place atomically."""
    tell("发布数据仓库 publishing the warehouse")
    return warehouse.publish(build_id)


def publish_pages(places: Places, settings: Settings) -> int:
    """All pages from the published warehouse, built aside, then put in place. Returns how many pages."""
    tell("生成网页 building pages")
    frames = published_frames(places)
    with tempfile.TemporaryDirectory(prefix=".pages-", dir=places.warehouse) as folder:
        written = pages.build(frames, settings, Path(folder), built_at=_built_at(frames, settings))
        places.dashboards.mkdir(parents=True, exist_ok=True)
        pages.publish(Path(folder), places.dashboards)
    return sum(page.path.endswith(".html") for page in written)


def published_frames(places: Places) -> dict[str, pl.DataFrame]:
    """Every published table by name, but for views: pages are made of what these join."""
    with open_published(places) as published:
        return {name: published.read(name) for name in kept_tables()}


def published_build(places: Places) -> dict[str, str]:
    """What the published warehouse says of its build; empty before the first publication."""
    if not places.published.is_file():
        return {}
    with open_published(places) as published:
        return dict(published.read("build").iter_rows())


def stands_complete(places: Places, inputs: str) -> bool:
    """Whether exactly this build is published already, warehouse and pages both."""
    build = published_build(places)
    manifest = places.dashboards / "manifest.json"
    if build.get("inputs") != inputs or not manifest.is_file():
        return False
    stated = json.loads(manifest.read_text(encoding="utf-8"))
    return stated["build_id"] == build["build_id"] and all((places.dashboards / path).is_file() for path in stated["files"])


def _content_id(warehouse: Warehouse, settings: Settings) -> str:
    digest = hashlib.sha256(settings.model_dump_json().encode())
    for name in sorted(set(kept_tables()) - NOT_CONTENT):
        row = warehouse.query(f"SELECT count(*) AS n, coalesce(bit_xor(hash(t)), 0)::VARCHAR AS rows FROM {quoted(name)} AS t").row(0)
        digest.update(f"{name}\0{row}".encode())
    return digest.hexdigest()[:12]


def _built_at(frames: dict[str, pl.DataFrame], settings: Settings) -> datetime:
    from zoneinfo import ZoneInfo

    stated = dict(frames["build"].iter_rows())["built_at"]
    return datetime.fromisoformat(str(stated)).astimezone(ZoneInfo(settings.district.time_zone))
