"""Pages as known on day D: what had been received by then, with today's reader and settings (the page says so), beside the published state.

A root of its own is laid out in a temporary folder: links to the archive, the journal up to D, the decisions dated up to D. The same
steps run there; nothing of the real root is written.
"""

from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline import pages
from pipeline.decisions import Decisions, load_decisions
from pipeline.journal import Journal
from pipeline.night import chain, publish
from pipeline.night.receive import read_into
from pipeline.settings import Places
from pipeline.warehouse import Warehouse


def build_as_known_on(places: Places, day: date, out: Path) -> int:
    """Write the pages of what had been received by the end of `day` (office time) into `out`. Returns how many pages.

    Raises FileExistsError when `out` has something in it: nothing is overwritten. ValueError when nothing had been received by then.
    """
    if out.exists() and any(out.iterdir()):
        raise FileExistsError(f"{out} 不是空文件夹，请另选一个。 / is not an empty folder; choose another.")
    settings = places.settings()
    moment = datetime.combine(day, time(23, 59, 59), ZoneInfo(settings.district.time_zone))
    until = moment.astimezone(UTC).replace(tzinfo=None)
    journal = Journal(places)
    files = journal.files_as_of(until)
    if files.is_empty():
        raise ValueError(f"截至 {day} 还没有收到任何文件。 / Nothing had been received by {day}.")
    decisions = _dated(load_decisions(places.decisions), day)
    with tempfile.TemporaryDirectory(prefix="outreach-known-") as folder:
        aside = Places(Path(folder))
        with Warehouse(aside) as warehouse:
            read_into(warehouse, journal, files, settings)
            chain.settle_all(warehouse, files, decisions, settings, moment)
            chain.lay_out_records(warehouse)
            chain.measure_all(warehouse, decisions, settings, moment)
            _, map_note = chain.outline_areas(warehouse, places.boundaries(settings))
            build_id = publish.write_build(warehouse, settings, moment, inputs=f"as-known-on-{day}", as_known_on=day, map_note=map_note)
            warehouse.publish(build_id)
        written = pages.build(publish.published_frames(aside), settings, out, built_at=moment)
    return sum(page.path.endswith(".html") for page in written)


def _dated(decisions: Decisions, day: date) -> Decisions:
    """What had been decided by then."""
    kinds = ("corrections", "waivers", "same_events", "same_activities", "approvals", "withdrawals")
    return Decisions(**{kind: tuple(d for d in getattr(decisions, kind) if d.date <= day) for kind in kinds})
