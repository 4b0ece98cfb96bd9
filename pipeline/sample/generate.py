"""Write the sample district below a root, together with its truth; and take it away again.

Files go to data/raw/示例/, the truth to data/warehouse/sample/, one JSON object a line:

- truth.jsonl: one fact a line, as meant, with the cell that states it. `expect` is what must become of it: stands; missing (a
  due cell without a number, or an amount nobody knew); rejected (goes back to the analyst); superseded (a later file of the
  same sheet); repeated (told again: the same sheet, or the same event by another reporter); compilation (the town's own
  sheet is the better witness); tally (a detail ledger is). A ledger's blank cell states nothing and has no line.
  `subject` is the name the registers know, also where the sheet writes an alias. `true_value` is the number behind the wording;
  value and bounds agree with it unless `note` says why not.
- truth_reach.jsonl: one line a community and week: residents reached at least once in the 13 weeks ending there, in all and by
  channel. `is_fully_reported` says that every number behind it stands in a sheet, so published bounds must contain it.
- truth_events.jsonl: one line an event, with all its legs and the files that tell of it.
"""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from .activity import CHANNELS, MOST_CONTACTS, REACHING, Activity, simulate
from .delivery import Book, deliveries
from .district import RECENT, District, make_district
from .events import Event, simulate_events
from .sheets import Fact, Page, address, workbook_bytes

SAMPLE_FOLDER = "示例"


@dataclass(frozen=True)
class SampleWritten:
    """What was written: (path relative to data/raw, time of receipt in UTC) in order of receipt, the truth file, and counts."""

    files: list[tuple[str, datetime]]
    truth: Path
    counts: dict[str, int]


def is_sample_path(relative_path: str) -> bool:
    """Does this path (relative to data/raw, / as separator) belong to the sample district?"""
    return PurePosixPath(relative_path).parts[:1] == (SAMPLE_FOLDER,)


def write_sample(root: Path, *, seed: int = 20260323, end: date) -> SampleWritten:
    """Write the sample district as it stood on the morning of `end`; the same seed and end give the same bytes.

    An earlier sample below this root is replaced. Nothing else below the root is touched.
    """
    district = make_district(seed, end)
    activity = simulate(district, seed)
    events = simulate_events(district, seed)
    books = deliveries(district, activity, events, seed, end)

    remove_sample(root)
    truth = _truth_folder(root)
    truth.mkdir(parents=True)
    n_facts = _write_lines(truth / "truth.jsonl", (line for book in books for line in _fact_lines(book)))
    _write_lines(truth / "truth_reach.jsonl", _reach_lines(district, activity, books))
    _write_lines(truth / "truth_events.jsonl", _event_lines(events, books))

    n_bytes = 0
    rendered: dict[tuple[int, ...], bytes] = {}
    for book in books:
        identity = tuple(id(page) for page in book.pages)
        content = rendered.get(identity) or rendered.setdefault(identity, workbook_bytes(book.pages))
        n_bytes += len(content)
        file = root / "data" / "raw" / _path(book)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    counts = {
        "workbooks": len(books),
        "sheets": sum(len(book.pages) for book in books),
        "cells": sum(len(page.cells) for book in books for page in book.pages),
        "facts": n_facts,
        "events": len(events),
        "towns": len(district.towns),
        "communities": len(district.communities),
        "weeks": len(district.weeks),
        "bytes": n_bytes,
    }
    return SampleWritten([(_path(book), book.received_at) for book in books], truth / "truth.jsonl", counts)


def remove_sample(root: Path) -> None:
    """Take away the sample's files and its truth; a root without a sample is left as it is."""
    for folder in (root / "data" / "raw" / SAMPLE_FOLDER, _truth_folder(root)):
        if folder.exists():
            shutil.rmtree(folder)


def _truth_folder(root: Path) -> Path:
    return root / "data" / "warehouse" / "sample"


def _path(book: Book) -> str:
    return f"{SAMPLE_FOLDER}/{book.path}"


def _write_lines(file: Path, lines: Iterable[Mapping[str, Any]]) -> int:
    """One JSON object a line; how many there were."""
    encode = json.JSONEncoder(ensure_ascii=False).encode
    with file.open("w", encoding="utf-8") as out:
        return sum(1 for line in lines if out.write(encode(line) + "\n"))


def _fact_lines(book: Book) -> Iterator[dict[str, Any]]:
    for page in book.pages:
        for fact in page.facts:
            yield _fact_line(book, page, fact)


def _fact_line(book: Book, page: Page, fact: Fact) -> dict[str, Any]:
    expect = fact.expect if book.expect is None or fact.expect == "rejected" else book.expect
    return {
        "path": _path(book),
        "sheet": page.name,
        "cell": address(fact.row, fact.column),
        "text": fact.written.cell,
        "form": fact.form,
        "channel": fact.channel,
        "measure": fact.measure,
        "unit": fact.unit,
        "kind": fact.kind,
        "reporter": page.reporter,
        "subject": fact.subject,
        "town": fact.town,
        "community": fact.community,
        "start": fact.start.isoformat(),
        "end": fact.end.isoformat(),
        "value": fact.written.value,
        "low": fact.written.low,
        "high": fact.written.high,
        "precision": fact.written.precision,
        "reason": fact.written.reason,
        "attributes": dict(fact.attributes),
        "expect": expect,
        "true_value": fact.true_value,
        "event_id": fact.event_id,
        "note": book.note if book.expect == expect and book.note else fact.note,
    }


def _reach_lines(district: District, activity: Activity, books: Sequence[Book]) -> Iterator[dict[str, Any]]:
    told = _told(books)
    codes = {key: (CHANNELS[key].channel, CHANNELS[key].measure) for key in REACHING}
    for index, week in enumerate(district.weeks):
        window = district.weeks[max(0, index - RECENT + 1) : index + 1]
        for community in district.communities:
            gaps = sum((community.name, *codes[key], monday) not in told for key in REACHING for monday in window)
            yield {
                "community": community.name,
                "town": community.town,
                "week": week.isoformat(),
                "n_weeks": len(window),
                "residents": community.residents,
                "reached": round(float(activity.reached[community.index, index]), 3),
                "reached_by": {
                    f"{codes[key][0]}.{codes[key][1]}": round(float(activity.reached_by[key][community.index, index]), 3) for key in REACHING
                },
                "most_contacts_a_person": {f"{codes[key][0]}.{codes[key][1]}": MOST_CONTACTS[key] for key in REACHING},
                "n_gaps": gaps,
                "is_fully_reported": gaps == 0,
            }


def _told(books: Sequence[Book]) -> set[tuple[str, str, str, date]]:
    """(community, channel, measure, Monday) of which some sheet that stands gives bounds."""
    return {
        (fact.community, fact.channel, fact.measure, fact.start)
        for book in books
        if book.expect is None
        for page in book.pages
        for fact in page.facts
        if fact.form == "weekly_tally" and fact.community and fact.expect in ("stands", "tally")
    }


def _event_lines(events: Sequence[Event], books: Sequence[Book]) -> Iterator[dict[str, Any]]:
    files: dict[str, set[str]] = defaultdict(set)
    for book in books:
        for event_id in {fact.event_id for page in book.pages for fact in page.facts if fact.event_id}:
            files[event_id].add(_path(book))
    for event in events:
        top = event.legs[-1]
        yield {
            "event_id": event.event_id,
            "date": event.day.isoformat(),
            "town": event.community.town,
            "community": event.community.name,
            "station": event.station,
            "fraud_type": event.fraud_type,
            "way": event.way,
            "institution": event.institution or None,
            "grade": top.grade,
            "amount": top.yuan,
            "legs": [{"grade": leg.grade, "amount": leg.yuan, "date": leg.day.isoformat()} for leg in event.legs],
            "files": sorted(files[event.event_id]),
        }
