"""One file → Reading: everything that can be known from that file alone, pure and cacheable.

Here: the order of work on a file and on a sheet, the receipt (status), and the reader's fingerprint. Not here: opening (workbook.py), tables
(blocks.py, layout.py), forms (matching.py), surroundings (metadata.py), rows, registers and totals (beside this), anything that needs other
files (settling.py), time and memory limits (isolation.py).
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
from pipeline.intake.quantity import read_quantity
from pipeline.intake.records import Reading, Severity, SheetCount, Status
from pipeline.intake.refusals import WorkbookRefused, refused_reading
from pipeline.intake.regions import is_blank
from pipeline.intake.returned import original_hash, original_name, our_sheets, strip_our_comments
from pipeline.intake.table_reading import read_table
from pipeline.intake.workbook import open_workbook
from pipeline.intake.zero_reports import zero_reports
from pipeline.settings import Reading as ReadingSettings
from pipeline.settings import Settings

DEFAULTS = ReadingSettings()
LONGEST_NUMBER = 12
FEWEST_STRAY_NUMBERS = 3
"""So many numbers in rows of their own, beside known tables, make one nobody recognised; on a sheet without a table one does."""
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
        _mark_rest(sheet, found, seen)
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
    _say_numbers_among(lines, sheet, notes, has_tables=bool(layout.tables))
    for line in lines:
        reason = "zero_report" if says_zero_report(line.text) else LINE_MARKS[line.kind]
        if reason == "text" and read_known_at(line.text):
            reason = "metadata"
        notes.marks.setdefault((line.row, line.column), reason)
        if reason == "zero_report":
            notes.reject("zero_report_is_said", (line.row, line.column), text=line.text)


def _say_numbers_among(lines: list[Line], sheet: Sheet, notes: SheetNotes, *, has_tables: bool) -> None:
    """Rows of numbers outside every table were not recognised as one: said once. A lone number may be a page's, 2026 年 3 月 a date; one with a unit
    (30多块) counts something."""
    by_row: dict[int, list[Line]] = {}
    for line in lines:
        by_row.setdefault(line.row, []).append(line)
    strays = [
        line
        for row in by_row.values()
        if len(row) > 1 and not any(line.text in ("年", "月", "日") for line in row)
        for line in row
        if line.kind == "text" and (isinstance(sheet.rows[line.row][line.column], float) or _is_short_number(line.text, is_bare_one=not has_tables))
    ]
    is_counted = any(_is_short_number(line.text, is_bare_one=False) for line in strays)
    if len(strays) >= (1 if is_counted or not has_tables else FEWEST_STRAY_NUMBERS):
        first = strays[0]
        notes.reject("numbers_have_headings", (first.row, first.column), text=first.text, count=len(strays))


def _is_short_number(text: str, *, is_bare_one: bool) -> bool:
    """A number and its unit, and nothing else; `is_bare_one`: also without one, or behind other words."""
    number = read_quantity(text) if len(text) <= LONGEST_NUMBER else None
    return number is not None and not number.is_missing and (is_bare_one or not (number.unit is None or number.lead or number.tail))


def _mark_rest(sheet: Sheet, notes: SheetNotes, seen: int) -> None:
    """Cells nobody looked at: texts are set aside, numbers go back as well."""
    if notes.empty_reason or seen == len(notes.marks) + len(notes.measured):
        return
    marks, measured = notes.marks, set(notes.measured)
    for r, row in enumerate(sheet.rows):
        for c, value in enumerate(row):
            if value is not None and (r, c) not in marks and not is_blank(value) and cell_name(r, c) not in measured:
                is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
                marks[r, c] = "outside_tables"
                if is_number and not notes.tables:
                    notes.reject("number_belongs_to_a_table", (r, c), text=value)
