"""Columns headed 合计 or 全月: what adds other columns up, and what is the only number of its kind.

Here: telling the two apart by the headings beside them. Not here: sums found by their numbers (wholes.py), 合计 rows (totals.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import takewhile

from pipeline.forms.wording import read_wording, sheet_words, squeeze
from pipeline.intake.columns import Match, fits
from pipeline.intake.lines import row_label
from pipeline.intake.units import read_unit

Paths = tuple[tuple[str, ...], ...]
Reading = Callable[[tuple[str, ...], int], Match]
"""What a heading path would mean over the column of that index."""


def without_totals_above(columns: list[Match], paths: Paths) -> list[Match]:
    """合计›宣传单 beside 1月›宣传单 and 2月›宣传单: what stands under 合计 adds the columns of the same heading; 全月 adds 上旬, 中旬 and 下旬."""
    leaves = Counter(path[-1] for path in paths if path)
    found = list(columns)
    has_parts = sum(match.period_text is not None for match in columns) > 1
    for i, path in enumerate(paths):
        if has_parts and path and squeeze(path[-1]) in sheet_words().whole_periods:
            found[i] = replace(columns[i], role="total")
        if columns[i].role == "measure" and leaves[path[-1]] > 1 and any(row_label(part) == "total" for part in path[:-1]):
            found[i] = replace(columns[i], role="total")
    return found


def with_totals_of_parents(columns: list[Match], paths: Paths, read: Reading) -> list[Match]:
    """预警指令›合计 beside 预警指令›高危: where no other column counts what the parent counts, the total is the number itself."""
    counted = {m.measure.code for m in columns if m.role == "measure" and m.measure}
    found = list(columns)
    for i, path in enumerate(paths):
        if columns[i].role == "total" and len(path) > 1 and sum(other[:-1] == path[:-1] for other in paths) > 1:
            whole = read(path[:-1], i)
            if whole.role == "measure" and whole.measure and whole.measure.code not in counted and not whole.is_fuzzy:
                units = read_wording(path[-1]).units
                unit = units[0] if whole.unit is None and units and fits(read_unit(units[0]).name or "", whole.measure) else whole.unit
                found[i] = replace(whole, heading=columns[i].heading, unit=unit)
    return found


def with_totals_of_nothing_else(columns: list[Match], paths: Paths, read: Reading) -> list[Match]:
    """堵截合计 right before 其中›柜面 and 其中›线上, which are no measures of their own, is the number of what was stopped; so is, to be confirmed,
    one with its unit in a table without another column of its channel, and without one nobody knows."""
    measured = {m.measure for m in columns if m.role == "measure" and m.measure}
    channels = {measure.channel for measure in measured}
    is_clear = not any(m.role == "unknown" for m in columns)
    found = list(columns)
    for i, path in enumerate(paths):
        if columns[i].role != "total" or not path:
            continue
        parts = list(takewhile(_is_part, columns[i + 1 :]))
        named = read_wording(path[-1]).base
        ending = next((e for e in sheet_words().total_endings if named.endswith(e) and named != e), None)
        whole = read((*path[:-1], path[-1].replace(ending, "")), i) if ending else None
        if whole is None or whole.role != "measure" or whole.measure is None or whole.is_fuzzy:
            continue
        if parts and whole.measure not in measured and not any(m.role == "measure" for m in parts):
            found[i] = replace(whole, heading=columns[i].heading)
        elif is_clear and whole.unit and whole.measure.channel not in channels:
            found[i] = replace(whole, heading=columns[i].heading, is_fuzzy=True)
    return found


def _is_part(match: Match) -> bool:
    return any(read_wording(part).is_subset for part in match.heading.split("›"))
