"""Typed changes (环比, 同比, 较上月) beside the numbers they are of: kept as claims, since the number before stands in another sheet.

Here: which number of its row a column of changes is of, and each cell's typed change. Not here: reading a typed ratio (ratio.py), typed results
that follow from their own row (typed.py), the comparison (measures/sql/typed_changes.sql). A change is never loaded as a number. Where the
sheet leaves open of which number it is, or whether a figure is a share or a difference, nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.forms.wording import read_wording, sheet_words
from pipeline.intake.collecting import SheetNotes, masked_text
from pipeline.intake.context import ColumnPlan, TableContext
from pipeline.intake.grid import CellValue, cell_name
from pipeline.intake.ratio import read_ratio
from pipeline.intake.records import Measurement, TypedChange
from pipeline.intake.regions import is_blank
from pipeline.intake.typed import half_of_last_place

PERCENT = frozenset("%％")
APPROXIMATE = frozenset("约近余多基")
"""Letters of 约, 近, 余, 多 and 基本持平."""
UNCHANGED_SLACK = 0.005
"""持平 has no last place: what rounds to no per cent."""


def keep_changes(context: TableContext, notes: SheetNotes, measurements: Sequence[Measurement]) -> None:
    """The typed changes of this table that say of which of its numbers they are."""
    grid, stated = context.table.grid, {m.cell for m in measurements if m.high is not None}
    for column, (word, plan) in _claimed(context).items():
        heading = context.matched.columns[column - context.table.left].heading
        against, span = sheet_words().changes[word]
        is_percent = not PERCENT.isdisjoint(heading)
        for row in context.table.data_rows:
            value, of_cell = grid.rows[row][column], cell_name(*grid.at(row, plan.index))
            read = None if is_blank(value) or of_cell not in stated else change_of(value, is_percent=is_percent)
            if read is not None:
                cell = cell_name(*grid.at(row, column))
                notes.typed_changes.append(TypedChange(notes.name, cell, of_cell, heading, masked_text(value), against, span, *read))


def change_of(value: CellValue, *, is_percent: bool) -> tuple[float, float] | None:
    """(change as a fraction, half of its last place) of one cell; `is_percent`: its heading says %. None where it may be read otherwise: an
    approximate change, percentage points, a bare 1 (which may be one more), a figure up to 1 under % (which may be a fraction)."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    if isinstance(value, str):
        if not APPROXIMATE.isdisjoint(value):
            return None
        typed, has_sign = read_ratio(value), not PERCENT.isdisjoint(value)
        if typed.value is None and is_percent:
            typed, has_sign = read_ratio(f"{value}%"), True
        if typed.value is None or typed.is_points or (not has_sign and typed.value and (is_percent or abs(typed.value) == 1)):
            return None
        is_unchanged = not any(ch.isdigit() for ch in value)
        return typed.value, UNCHANGED_SLACK if is_unchanged else half_of_last_place(value, is_percent=has_sign)
    if is_percent:
        return (value / 100, half_of_last_place(value, is_percent=True)) if abs(value) > 1 else None
    fraction = read_ratio(value).value
    return None if fraction is None or abs(fraction) == 1 else (fraction, half_of_last_place(value, is_percent=False))


def _claimed(context: TableContext) -> dict[int, tuple[str, ColumnPlan]]:
    """Grid column of changes → the word that says against what, and the number column it is of."""
    left, found = context.table.left, {}
    for i, match in enumerate(context.matched.columns):
        if match.role == "shadow" and (said := change_word(match.heading)):
            found[left + i] = said
    owners = {column: _owner(context, column, rest) for column, (_, rest) in found.items()}
    # A change behind the last of several numbers, where no other number has one behind it, may be of them all.
    lonely = len({plan.index for plan in owners.values() if plan}) == 1
    kept = {}
    for column, (word, rest) in found.items():
        plan = owners[column]
        beside = _beside(context, column)
        if plan and (rest or not lonely or len(beside) == 1 or plan is not beside[-1]):
            kept[column] = word, plan
    return kept


def change_word(heading: str) -> tuple[str, str] | None:
    """(the word that says against what, what the heading names besides) of 环比增长率, 发案数同比; None where it is another figure (环比增减数)."""
    words, leaf = sheet_words(), read_wording(heading.rpartition("›")[2])
    if not set(leaf.units) <= PERCENT:
        return None
    word = next((w for w in sorted(words.changes, key=len, reverse=True) if w in leaf.base), None)
    if word is None:
        return None
    before, _, behind = leaf.base.partition(word)
    for filler in words.change_fillers:
        behind = behind.replace(filler, "")
    behind = "".join(c for c in behind if c not in PERCENT)
    return None if behind else (word, before)


def _owner(context: TableContext, column: int, rest: str) -> ColumnPlan | None:
    """The number column that a column of changes is of: the one it names, else the nearest to its left with nothing but changes and earlier
    numbers between."""
    beside = _beside(context, column)
    if rest:
        named = [plan for plan in beside if read_wording(plan.match.heading.rpartition("›")[2]).base in (rest, f"{rest}数")]
        return named[0] if len(named) == 1 else None
    plan = next((p for p in reversed(beside) if p.index < column), None)
    if plan is None:
        return None
    between = context.matched.columns[plan.index + 1 - context.table.left : column - context.table.left]
    return plan if all(match.role == "shadow" for match in between) else None


def _beside(context: TableContext, column: int) -> list[ColumnPlan]:
    """Number columns under the same parent as a column of changes; all of them where it has none."""
    parent = context.matched.columns[column - context.table.left].heading.rpartition("›")[0]
    return [plan for plan in context.plans if not parent or plan.match.heading.rpartition("›")[0] == parent]
