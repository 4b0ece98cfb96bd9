"""One file → Reading: everything that can be known from that file alone, pure and cacheable.

Here: the order of work on a file and on a sheet, the receipt (status), and the reader's fingerprint. Not here: opening (workbook.py), tables
(blocks.py, layout.py), forms (matching.py), surroundings (metadata.py), numbers outside tables (strays.py), rows, registers and totals (beside this),
anything that needs other files (settling.py), time and memory limits (isolation.py).
"""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from itertools import chain
from pathlib import Path

from pipeline.forms.catalogue import fingerprint
from pipeline.forms.wording import sheet_words, squeeze
from pipeline.intake.blocks import Layout, find_tables
from pipeline.intake.collecting import SheetNotes, range_name
from pipeline.intake.conservation import cells_seen
from pipeline.intake.grid import Sheet, Workbook, cell_name
from pipeline.intake.lines import Line, says_zero_report
from pipeline.intake.metadata import Facts, read_facts
from pipeline.intake.number_formats import as_shown
from pipeline.intake.period import read_known_at, read_year_context
from pipeline.intake.records import Reading, Severity, SheetCount, Status
from pipeline.intake.refusals import WorkbookRefused, refused_reading
from pipeline.intake.regions import is_blank
from pipeline.intake.returned import original_hash, original_name, our_sheets, strip_our_comments
from pipeline.intake.strays import numbers_among, say_numbers, set_rest_aside
from pipeline.intake.table_reading import read_table
from pipeline.intake.workbook import open_workbook
from pipeline.intake.zero_reports import zero_reports
from pipeline.settings import Reading as ReadingSettings
from pipeline.settings import Settings

DEFAULTS = ReadingSettings()
LINE_MARKS = {"title": "title", "metadata": "metadata", "people": "signature", "note": "note", "text": "text"}


def read_file(path: str | Path, settings: Settings | ReadingSettings | None = None) -> Reading:
    """Read one file whole. `settings`: the reading section or all settings; None: the defaults.

    A file that cannot be opened gives a returned Reading whose one rejection says why and what to do; nothing is raised for a bad file.
    """
    limits = settings.reading if isinstance(settings, Settings) else settings or DEFAULTS
    path = Path(path)
    with _collector_paused():
        try:
            workbook = open_workbook(path, max_cells=limits.max_cells, max_file_mib=limits.max_file_mib)
        except WorkbookRefused as refusal:
            return refused_reading(refusal)
        return read_workbook(workbook, path.stem, limits)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """A sheet makes thousands of small objects and no cycle; looking for cycles among them would take a third of the time.

    What is left of them goes straight to the oldest generation: otherwise they would all be looked at as soon as the collector is back.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            if not gc.get_freeze_count():  # whoever froze objects of its own wants them to stay so
                gc.freeze()
                gc.unfreeze()
            gc.enable()


def read_workbook(workbook: Workbook, file_stem: str, limits: ReadingSettings) -> Reading:
    """Read an opened workbook; `file_stem` is the file's name without suffix, the last source of a year.

    A returned copy that comes again under another name still has its original's: a year in that counts too.
    """
    ours = our_sheets(workbook)
    if ours:
        workbook = strip_our_comments(workbook)
        file_stem = file_stem if read_year_context(file_stem) else Path(original_name(workbook) or file_stem).stem
    notes: list[SheetNotes] = []
    counts: list[SheetCount] = []
    for sheet in workbook.sheets:
        found = SheetNotes(sheet.name)
        if sheet.name in ours:
            _set_aside_whole(sheet, found, "returned_note")
        else:
            _read_sheet(sheet, found, file_stem, limits, is_1904=workbook.is_1904)
        seen = cells_seen(sheet, found.measurements)
        if not found.empty_reason and seen != len(found.marks) + len(found.measured):
            say_numbers(set_rest_aside(sheet, found), sheet, found)
        notes.append(found)
        counts.append(found.count(seen))
    rejections = tuple(r for n in notes for r in n.rejections)
    return Reading(
        status=_status({r.severity for r in rejections}),
        measurements=tuple(chain.from_iterable(n.measurements for n in notes)),
        rejections=rejections,
        set_aside=tuple(s for n in notes for s in n.set_aside()),
        tables=tuple(t for n in notes for t in n.tables),
        entries=tuple(e for n in notes for e in n.entries),
        totals=tuple(t for n in notes for t in n.totals),
        typed_changes=tuple(t for n in notes for t in n.typed_changes),
        counts=tuple(counts),
        zero_reports=tuple(z for n in notes for z in n.zero_reports),
        corrects=original_hash(workbook) if ours else None,
    )


@cache
def reader_fingerprint() -> str:
    """A hash of the reader's code and of the forms: a reading cached under another fingerprint is stale."""
    digest = hashlib.sha256(fingerprint().encode())
    here = Path(__file__).parent
    for file in sorted([*here.glob("*.py"), *here.parent.glob("forms/*.py")]):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def _status(severities: set[str]) -> str:
    if Severity.ERROR in severities:
        return Status.RETURNED.value
    return (Status.REMARKS if Severity.WARNING in severities else Status.ACCEPTED).value


# -- one sheet ------------------------------------------------------------------------------------------------------------------------


def _read_sheet(sheet: Sheet, notes: SheetNotes, file_stem: str, limits: ReadingSettings, *, is_1904: bool) -> None:
    reason = _why_not_read(sheet)
    if reason:
        _set_aside_whole(sheet, notes, reason)
        return
    sheet = _as_shown(sheet)
    layout = find_tables(sheet)
    prefixes = _prefixes(layout)
    told: list[tuple[Facts, str | None]] = []
    name = "" if sheet.name == file_stem else sheet.name  # a csv's only sheet has its file's name, which is no statement of its own
    for table in layout.tables:
        facts = read_facts(tuple(table.above), tuple(table.below), name, file_stem, limits)
        read_table(table, facts, notes, limits, prefix=prefixes[id(table)], is_1904=is_1904)
        told.append((facts, notes.tables[-1].form))
    _mark_lines(sheet, layout, notes)
    _take_zero_report(sheet, told or [(read_facts(tuple(layout.lines), (), name, file_stem, limits), None)], notes)


def _as_shown(sheet: Sheet) -> Sheet:
    """The sheet with what its number formats add to single cells: the unit behind a number, a month in place of its first day."""
    shown = {place: text for place, code in sheet.number_formats.items() if (text := _shown_at(sheet, place, code)) is not None}
    if not shown:
        return sheet
    rows = list(map(list, sheet.rows))
    for (row, column), text in shown.items():
        rows[row][column] = text
    return replace(sheet, rows=rows)


def _shown_at(sheet: Sheet, place: tuple[int, int], code: str) -> str | None:
    row, column = place
    return as_shown(sheet.rows[row][column], code) if row < len(sheet.rows) and column < len(sheet.rows[row]) else None


def _take_zero_report(sheet: Sheet, told: list[tuple[Facts, str | None]], notes: SheetNotes) -> None:
    position = min((position for position, reason in notes.marks.items() if reason == "zero_report"), default=None)
    if position is None:
        return
    notes.zero_reports = zero_reports(sheet.name, cell_name(*position), told)
    if not notes.zero_reports and not notes.measurements:
        notes.reject("zero_report_says_whose_and_when", position, text=sheet.rows[position[0]][position[1]])


def _why_not_read(sheet: Sheet) -> str | None:
    """Hidden sheets, empty sheets and placeholders hold no data."""
    if not sheet.is_visible:
        return "hidden_sheet"
    texts: list[str] = []
    for row in sheet.rows:
        for value in row:
            if not is_blank(value):
                texts.append(str(value))
                if len(texts) > 4:
                    return None
    if not texts:
        return "empty_sheet"
    plain = squeeze("".join(texts))
    is_placeholder = not any(ch.isdigit() for ch in plain) and any(word in plain for word in sheet_words().placeholders)
    return "placeholder_sheet" if is_placeholder else None


def _set_aside_whole(sheet: Sheet, notes: SheetNotes, reason: str) -> None:
    cells = [(r, c) for r, row in enumerate(sheet.rows) for c, value in enumerate(row) if not is_blank(value)]
    for cell in cells:
        notes.marks[cell] = reason
    if not cells:
        notes.empty_reason = reason


def _prefixes(layout: Layout) -> dict[int, str]:
    """Record ids say the row; where tables stand beside one another, also the column their table begins in."""
    prefixes = {}
    for table in layout.tables:
        beside = [t for t in layout.tables if t is not table and t.left < table.left and t.top <= table.bottom and table.top <= t.bottom]
        prefixes[id(table)] = f"{range_name(0, table.left, 0, table.left).rstrip('1')}" if beside else ""
    return prefixes


def _mark_lines(sheet: Sheet, layout: Layout, notes: SheetNotes) -> None:
    lines: list[Line] = [*layout.lines, *(line for table in layout.tables for line in (*table.above, *table.below))]
    say_numbers(numbers_among(lines, sheet, has_tables=bool(layout.tables)), sheet, notes)
    for line in lines:
        reason = "zero_report" if says_zero_report(line.text) else LINE_MARKS[line.kind]
        if reason == "text" and read_known_at(line.text):
            reason = "metadata"
        notes.marks.setdefault((line.row, line.column), reason)
        if reason == "zero_report":
            notes.reject("zero_report_is_said", (line.row, line.column), text=line.text)
