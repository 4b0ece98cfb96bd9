"""One table → its numbers or entries, and the points about its headings, its form and its period.

Here: the order of work on a table that was found, and what is said of it as a whole. Not here: the work on a file and its sheets (reading.py), what
a heading means (matching.py), rows (rows.py), registers (registering.py), totals (totals.py).
"""

from __future__ import annotations

from pipeline.intake.collecting import SheetNotes, masked_text
from pipeline.intake.columns import TableMatch
from pipeline.intake.context import TableContext
from pipeline.intake.heads import span
from pipeline.intake.keeping import contents_of, table_found
from pipeline.intake.matching import match_table
from pipeline.intake.metadata import SOURCES, Facts
from pipeline.intake.period import Period
from pipeline.intake.quantity import read_quantity
from pipeline.intake.regions import Table, is_blank
from pipeline.intake.registering import read_register
from pipeline.intake.row_keys import with_row_keys
from pipeline.intake.rows import is_beside, read_rows
from pipeline.intake.title_measure import with_measure_of_title
from pipeline.intake.totals import check_totals
from pipeline.intake.typed import compare_typed
from pipeline.intake.typed_changes import keep_changes
from pipeline.intake.unnamed_totals import set_totals_aside
from pipeline.intake.wholes import without_rivals_apart, without_wholes
from pipeline.intake.zero_reports import says_only_none
from pipeline.settings import Reading as ReadingSettings

DOUBTFUL_ROLES = frozenset(["subset", "ambiguous", "unit_clash", "blank", "unknown"])


def read_table(table: Table, facts: Facts, notes: SheetNotes, limits: ReadingSettings, *, prefix: str, is_1904: bool) -> None:
    paths = with_measure_of_title(tuple(table.paths), facts.title)
    contents = contents_of(table)
    matched = match_table(paths, contents, facts.title, limits.heading_score)
    matched = with_row_keys(without_rivals_apart(without_wholes(matched, table), table), contents, table)
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
    set_totals_aside(table, matched, notes)
    context = TableContext(table, matched, matched.form, facts, is_1904, prefix)
    if facts.reporter and facts.period and says_only_none(context):
        _mark_body(table, notes, "zero_report")
        return
    _say_headings(context, notes)
    first = len(notes.measurements)
    (read_register if matched.form.grain == "register" else read_rows)(context, notes)
    check_totals(context, notes, notes.measurements[first:])
    compare_typed(context, notes, notes.measurements[first:])
    keep_changes(context, notes, notes.measurements[first:])
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
            notes.reject("names_have_a_known_heading", position, text=match.heading or "（空）", example=masked_text(values[0]) if values else "")
        elif match.is_fuzzy and match.column is not None:
            is_moved = match.measure is not None and match.measure.code != match.column.measure  # by what stands beside it
            read_as = match.measure.zh if is_moved and match.measure else match.column.headings[0]
            notes.reject("heading_is_spelled_as_known", position, text=match.heading, nearest=read_as)


def _say_year(context: TableContext, notes: SheetNotes) -> None:
    """A year that was not written with the period itself is a note with its source."""
    facts = context.facts
    if facts.made_on and facts.period:
        notes.reject("line_states_the_period", context.table.header_cells[0], text=facts.made_on, period=span(facts.period))
    if not isinstance(facts.period, Period) or not facts.period.is_year_inferred or not facts.year_source:
        return
    source, source_en = SOURCES[facts.year_source]
    notes.reject(
        "year_is_written", context.table.header_cells[0], text=facts.period_text, year=facts.period.end.year, source=source, source_en=source_en
    )
