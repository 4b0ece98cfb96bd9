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
from pipeline.intake.collecting import SheetNotes, masked_text, range_name
from pipeline.intake.columns import TableMatch
from pipeline.intake.conservation import cells_seen
from pipeline.intake.context import TableContext
from pipeline.intake.grid import Sheet, Workbook, cell_name
from pipeline.intake.heads import span
from pipeline.intake.keeping import contents_of, table_found
from pipeline.intake.lines import Line, says_zero_report
from pipeline.intake.matching import match_table
from pipeline.intake.metadata import SOURCES, Facts, read_facts
from pipeline.intake.number_formats import as_shown
from pipeline.intake.period import Period, read_known_at, read_year_context
from pipeline.intake.quantity import read_quantity
from pipeline.intake.records import Reading, Severity, SheetCount, Status
from pipeline.intake.refusals import WorkbookRefused, refused_reading
from pipeline.intake.regions import Table, is_blank
from pipeline.intake.registering import read_register
from pipeline.intake.returned import original_hash, original_name, our_sheets, strip_our_comments
from pipeline.intake.row_keys import with_row_keys
from pipeline.intake.rows import is_beside, read_rows
from pipeline.intake.title_measure import with_measure_of_title
from pipeline.intake.totals import check_totals
from pipeline.intake.typed import compare_typed
from pipeline.intake.wholes import without_wholes
from pipeline.intake.workbook import open_workbook
from pipeline.intake.zero_reports import says_only_none, zero_reports
from pipeline.settings import Reading as ReadingSettings
from pipeline.settings import Settings

DOUBTFUL_ROLES = frozenset(["subset", "ambiguous", "unit_clash", "blank", "unknown"])
LONGEST_NUMBER = 12
FEWEST_STRAY_NUMBERS = 3
"""So many numbers in rows of their own, beside known tables, make one nobody recognised; on a sheet without a table one does."""
LINE_MARKS = {"title": "title", "metadata": "metadata", "people": "signature", "note": "note", "text": "text"}


def read_file(path: str | Path, settings: Settings | ReadingSettings | None = None) -> Reading:
    """Read one file whole. `settings`: the reading section or all settings; None: the defaults.

    A file that cannot be opened gives a returned Reading whose one rejection says why and what to do; nothing is raised for a bad file.
    """
    limits = settings.reading if isinstance(settings, Settings) else settings or ReadingSettings()
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
        _read_table(table, facts, notes, limits, prefix=prefixes[id(table)], is_1904=is_1904)
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
    """Rows of numbers outside every table were not recognised as one: said once. A lone number may be a page's, 2026 年 3 月 a date."""
    by_row: dict[int, list[Line]] = {}
    for line in lines:
        by_row.setdefault(line.row, []).append(line)
    strays = [
        line
        for row in by_row.values()
        if len(row) > 1 and not any(line.text in ("年", "月", "日") for line in row)
        for line in row
        if line.kind == "text" and (isinstance(sheet.rows[line.row][line.column], float) or (not has_tables and _is_short_number(line.text)))
    ]
    if len(strays) >= (FEWEST_STRAY_NUMBERS if has_tables else 1):
        first = strays[0]
        notes.reject("numbers_have_headings", (first.row, first.column), text=first.text, count=len(strays))


def _is_short_number(text: str) -> bool:
    return len(text) <= LONGEST_NUMBER and not read_quantity(text).is_missing


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


# -- one table ------------------------------------------------------------------------------------------------------------------------


def _read_table(table: Table, facts: Facts, notes: SheetNotes, limits: ReadingSettings, *, prefix: str, is_1904: bool) -> None:
    paths = with_measure_of_title(tuple(table.paths), facts.title)
    contents = contents_of(table)
    matched = match_table(paths, contents, facts.title, limits.heading_score)
    matched = with_row_keys(without_wholes(matched, table), contents, table)
    notes.tables.append(table_found(table, matched, facts, notes.name))
    for row in range(table.top, table.header_bottom + 1):
        for column in range(table.left, table.right + 1):
            if not is_blank(table.grid.rows[row][column]):
                notes.marks[table.grid.at(row, column)] = "header"
    for position, reason in table.asides.items():
        notes.marks.setdefault(position, reason)
    if matched.form is None:
        _refuse_table(table, matched, notes)
        return
    if facts.contradiction:
        rule, text = facts.contradiction
        assert facts.period is not None or rule == "sheet_name_agrees_with_its_period"
        stated = span(facts.period) if facts.period else facts.title
        notes.reject(rule, table.header_cells[0], text=text, period=stated)
        _mark_body(table, notes, "contradictory_period")
        return
    context = TableContext(table, matched, matched.form, facts, is_1904, prefix)
    if facts.reporter and facts.period and says_only_none(context):
        _mark_body(table, notes, "zero_report")
        return
    _say_headings(context, notes)
    first = len(notes.measurements)
    (read_register if matched.form.grain == "register" else read_rows)(context, notes)
    check_totals(context, notes, notes.measurements[first:])
    compare_typed(context, notes, notes.measurements[first:])
    if len(notes.measurements) > first:
        _say_year(context, notes)


def _refuse_table(table: Table, matched: TableMatch, notes: SheetNotes) -> None:
    count = _mark_body(table, notes, "unknown_form")
    nearest = "、".join(matched.nearest_forms)
    notes.reject(
        "form_is_known",
        table.header_cells[0],
        text=" ".join(m.heading for m in matched.columns if m.heading)[:60],
        count=count,
        nearest=f"最接近的是：{nearest}。" if nearest else "",
        nearest_en=f"Nearest: {nearest}. " if nearest else "",
    )


def _mark_body(table: Table, notes: SheetNotes, reason: str) -> int:
    """Mark all cells below the header; returns how many are numbers."""
    count = 0
    for row in table.kinds:
        for column in range(table.left, table.right + 1):
            value = table.grid.rows[row][column]
            if not is_blank(value):
                notes.marks.setdefault(table.grid.at(row, column), reason)
                count += not read_quantity(value).is_missing if isinstance(value, str) else isinstance(value, (int, float))
    return count


def _say_headings(context: TableContext, notes: SheetNotes) -> None:
    """Points about headings: unknown, ambiguous, with a wrong unit, or read by likeness."""
    table = context.table
    for i, match in enumerate(context.matched.columns):
        if match.role not in DOUBTFUL_ROLES and not match.is_fuzzy:
            continue
        position = table.header_cells[i]
        column = table.left + i
        values = [v for row in table.data_rows if not is_blank(v := table.grid.rows[row][column])]
        numbers = [
            v for v in values if (isinstance(v, (int, float)) and not isinstance(v, bool)) or (isinstance(v, str) and not read_quantity(v).is_missing)
        ]
        known = "、".join(match.nearest)
        if match.role == "subset" and values:
            notes.reject("part_is_not_added_to_its_whole", position, text=match.heading)
        elif match.role == "ambiguous":
            notes.reject("heading_is_unambiguous", position, text=match.heading, nearest=known)
        elif match.role == "unit_clash":
            notes.reject("heading_unit_fits", position, text=match.heading)
        elif match.role == "blank" and (counted := [v for v in numbers if not is_beside(v)]):
            notes.reject("column_has_a_heading", position, count=len(counted))
        elif match.role == "unknown" and values:
            nearest = {"nearest": f"相近的列名：{known}。" if known else "", "nearest_en": f"Nearest known: {known}. " if known else ""}
            rule = "heading_is_known" if numbers else "text_heading_is_known"
            notes.reject(
                rule, position, text=match.heading, suggestion=match.nearest[0] if match.nearest and numbers else "", count=len(numbers), **nearest
            )
        elif match.is_fuzzy and match.role == "subject.unit" and match.column is None:
            notes.reject("names_have_a_known_heading", position, text=match.heading, example=masked_text(values[0]) if values else "")
        elif match.is_fuzzy and match.column is not None:
            notes.reject("heading_is_spelled_as_known", position, text=match.heading, nearest=match.column.headings[0])


def _say_year(context: TableContext, notes: SheetNotes) -> None:
    """A year that was not written with the period itself is a note with its source."""
    facts = context.facts
    if not isinstance(facts.period, Period) or not facts.period.is_year_inferred or not facts.year_source:
        return
    source, source_en = SOURCES[facts.year_source]
    notes.reject(
        "year_is_written", context.table.header_cells[0], text=facts.period_text, year=facts.period.end.year, source=source, source_en=source_en
    )
