"""A sheet that says nothing happened is a report all the same: 零报告 above, below or in a table, or 无 in every cell of a ledger.

Here: when a table says nothing but 无, and whose report, of which form and period, such a sheet is. Not here: 无 in the cells of a tally, which
are numbers due and answered (rows.py), what a zero report means beside others (submissions.py).
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.forms.catalogue import catalogue
from pipeline.forms.wording import squeeze
from pipeline.intake.context import TableContext
from pipeline.intake.grid import CellValue
from pipeline.intake.lines import says_zero_report
from pipeline.intake.metadata import Facts
from pipeline.intake.quantity import read_quantity
from pipeline.intake.records import ZeroReport
from pipeline.intake.regions import is_blank

BESIDE = ("ordinal", "subject", "reporter", "unit")
"""Columns that may be filled in although nothing happened."""


def says_only_none(context: TableContext) -> bool:
    """Whether every row of a ledger says 无 or 零报告 wherever it says anything, numbering and names of units aside."""
    if not context.is_ledger:
        return False
    beside = {context.table.left + i for i, match in enumerate(context.matched.columns) if match.role.startswith(BESIDE)}
    rows = [context.table.grid.rows[row][context.table.left : context.table.right + 1] for row in context.table.data_rows]
    return bool(rows) and all(_says_none(row, context.table.left, beside) for row in rows)


def _says_none(row: list[CellValue], left: int, beside: set[int]) -> bool:
    said = [(column, value) for column, value in enumerate(row, left) if not is_blank(value)]
    none = [column for column, value in said if _is_none(value)]
    return bool(none) and all(column in none or column in beside for column, _ in said)


def _is_none(value: CellValue) -> bool:
    return isinstance(value, str) and (says_zero_report(value) or read_quantity(value).reason == "stated_none")


def zero_reports(sheet: str, cell: str, told: Iterable[tuple[Facts, str | None]]) -> tuple[ZeroReport, ...]:
    """The reports of a sheet that says zero, one a form, reporter and period. `told`: facts and form of each of its tables, or of the sheet.

    Without a reporter or a period it is nobody's report.
    """
    registers = {form.name for form in catalogue().forms.values() if form.grain == "register"}
    found = [
        ZeroReport(sheet, cell, form or form_of_title(facts.title), facts.reporter, facts.period.start, facts.period.end, facts.known_at)
        for facts, form in told
        if facts.reporter and facts.period and not facts.contradiction and form not in registers
    ]
    return tuple(dict.fromkeys(found))


def form_of_title(title: str) -> str | None:
    """The form whose words a title has: the longest, then the most of them. None when it has none, or as much of two forms."""
    plain = squeeze(title)
    hits = {form.name: [len(w) for w in form.title_words if w in plain] for form in catalogue().forms.values() if form.grain != "register"}
    ranked = sorted(((max(lengths), len(lengths), name) for name, lengths in hits.items() if lengths), reverse=True)
    is_clear = ranked and (len(ranked) == 1 or ranked[0][:2] > ranked[1][:2])
    return ranked[0][2] if is_clear else None
