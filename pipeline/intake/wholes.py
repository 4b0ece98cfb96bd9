"""A column that is the sum of others: 宣传资料 beside 宣传单, 折页 and 手册 counts every piece a second time.

Here: finding such a column by its numbers, and the whole of two by its 总. Not here: columns headed 合计 (matching.py), 合计 rows (totals.py).
"""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.intake.cells import reader_for
from pipeline.intake.columns import Match, TableMatch, with_whole
from pipeline.intake.regions import Table

WHOLE = re.compile(r"总(?=[数量计额和人次份场户条起笔金])|合计|共计")
"""总数, 总人次, 合计; no 总队 and no 总行."""


def without_wholes(matched: TableMatch, table: Table) -> TableMatch:
    """The match in which a column that equals the sum of at least two others of its measure, in every row, is a total."""
    for indexes in matched.addends:
        if len(indexes) == 2:
            matched = _with_named_whole(matched, table, indexes)
        if len(indexes) < 3:
            continue
        columns = {i: _values(table, i, matched.columns[i]) for i in indexes}
        for i in indexes:
            if not matched.columns[i].constants and _is_sum(columns[i], [columns[j] for j in indexes if j != i]):
                return with_whole(matched, i)
    return matched


def without_rivals_apart(matched: TableMatch, table: Table) -> TableMatch:
    """业主群 of one unit and 微信群 of another, in a list set out as a wide table: twins that no row has both of are no rivals."""
    if not table.grid.absent:
        return matched
    columns = list(matched.columns)
    rivals: dict[str, list[int]] = {}
    for i, match in enumerate(columns):
        if match.role == "ambiguous" and match.measure:
            rivals.setdefault(match.measure.code, []).append(i)
    for indexes in rivals.values():
        if all(sum((row, table.left + i) not in table.grid.absent for i in indexes) <= 1 for row in table.data_rows):
            for i in indexes:
                columns[i] = replace(columns[i], role="measure", nearest=())
    return replace(matched, columns=tuple(columns))


def _with_named_whole(matched: TableMatch, table: Table, indexes: list[int]) -> TableMatch:
    """来电总数 beside 咨询: of two columns of one measure the one that says 总 is the whole where no row of the other exceeds it."""
    named = [i for i in indexes if WHOLE.search(matched.columns[i].heading.rsplit("›", 1)[-1])]
    if len(named) != 1 or matched.columns[named[0]].role != "ambiguous":
        return matched
    whole = named[0]
    part = next(i for i in indexes if i != whole)
    pairs = zip(_values(table, whole, matched.columns[whole]), _values(table, part, matched.columns[part]), strict=True)
    if any(p is not None and (w is None or p > w) for w, p in pairs):
        return matched
    columns = list(matched.columns)
    columns[whole], columns[part] = replace(columns[whole], role="measure", nearest=()), replace(columns[part], role="subset", nearest=())
    return replace(matched, columns=tuple(columns))


def _values(table: Table, index: int, match: Match) -> list[float | None]:
    """The column's written figures, None where a row has none."""
    reader = reader_for(match, match.unit)
    found: list[float | None] = []
    for value in table.data_columns[index]:
        _, stated = reader.read(value)
        found.append(stated[0].value if stated else None)
    return found


def _is_sum(whole: list[float | None], parts: list[list[float | None]]) -> bool:
    """Equal in every row that states the whole, and not by being empty or zero throughout."""
    sums = [sum(v for v in row if v is not None) for row in zip(*parts, strict=True)]
    stated = [(w, s) for w, s in zip(whole, sums, strict=True) if w is not None]
    return bool(stated) and any(w for w, _ in stated) and all(abs(w - s) < 1e-6 for w, s in stated)
