"""Typed results beside the numbers they follow from: a 率 against the counts it is made of, 挽损 against the legs of its row.

Here: points that show both. Not here: reading a typed ratio (ratio.py), 合计 rows (totals.py), 环比 and 同比 (typed_changes.py). Typed results
are never loaded; a rate is compared with the two counts of its row, 挽损 with its row's legs by evidence grade, alone and added, since offices
add different ones from row to row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from pipeline.forms.catalogue import catalogue
from pipeline.forms.wording import read_wording, sheet_words
from pipeline.intake.collecting import SheetNotes, masked_text, number_text
from pipeline.intake.context import TableContext
from pipeline.intake.grid import CellValue, cell_name
from pipeline.intake.quantity import read_quantity
from pipeline.intake.ratio import read_ratio
from pipeline.intake.records import Measurement
from pipeline.intake.regions import is_blank
from pipeline.intake.rows import record_id
from pipeline.intake.units import read_unit

Row = Mapping[str, Measurement]
"""The numbers of one row by channel.measure."""
MOST_SHOWN = 5
"""Rows named one by one in a sentence."""


def compare_typed(context: TableContext, notes: SheetNotes, measurements: Sequence[Measurement]) -> None:
    """Points on typed rates and 挽损 of this table, against its measurements."""
    left = context.table.left
    shadows = [(left + i, match) for i, match in enumerate(context.matched.columns) if match.role in ("shadow", "prevented_loss")]
    if not shadows:
        return
    by_record: dict[str, dict[str, Measurement]] = {}
    for m in measurements:
        by_record.setdefault(m.record_id, {}).setdefault(f"{m.channel}.{m.measure}", m)
    rows = {row: by_record.get(record_id(context, notes, row), {}) for row in context.table.data_rows}
    for column, match in shadows:
        typed = [(row, value) for row in context.table.data_rows if not is_blank(value := context.table.grid.rows[row][column])]
        if match.role == "prevented_loss" and any(_has_number(value) for _, value in typed):
            _say_prevented_loss(context, notes, column, match.heading, typed, rows)
        elif parts := _parts_of_rate(match.heading):
            for row, value in typed:
                _check_rate(context, notes, (row, column), match.heading, value, rows[row], parts)


def _has_number(value: CellValue) -> bool:
    """Anything but words (数量 below the corner of a list)."""
    return not isinstance(value, str) or any(ch.isdigit() for ch in value) or not read_quantity(value).is_missing


def _parts_of_rate(heading: str) -> tuple[str, str] | None:
    """(part, whole) of a rate whose heading says which counts it is made of; None for 完成率 and the like."""
    base = read_wording(heading.rpartition("›")[2]).base
    return sheet_words().rates.get(base)


def _check_rate(
    context: TableContext, notes: SheetNotes, cell: tuple[int, int], heading: str, value: CellValue, row: Row, parts: tuple[str, str]
) -> None:
    """A typed rate that no pair of counts within the row's bounds gives, beyond its own rounding."""
    part, whole = (row.get(name) for name in parts)
    typed = read_ratio(value if isinstance(value, (str, int, float)) else None).value
    if typed is None or part is None or whole is None or part.low is None or part.high is None or not whole.low or not whole.high:
        return
    slack = half_of_last_place(value)
    if part.low / whole.high - slack <= typed <= part.high / whole.low + slack:
        return
    measures = catalogue().measures
    counted = part.value / whole.value if part.value is not None and whole.value else part.low / whole.high
    notes.reject(
        "typed_rate_is_the_counted_one", context.table.grid.at(*cell), text=value, heading=heading, part=number_text(part.value or part.low),
        whole=number_text(whole.value or whole.low), computed=f"{counted:.1%}", part_zh=measures[parts[0]].zh, whole_zh=measures[parts[1]].zh,
        part_en=measures[parts[0]].en, whole_en=measures[parts[1]].en,
    )  # fmt: skip


def half_of_last_place(value: CellValue, *, is_percent: bool = False) -> float:
    """What rounding may have taken from a typed share: 97.2% → 0.0005. `is_percent`: also without a sign it counts in hundredths."""
    text = number_text(value) if isinstance(value, (int, float)) else masked_text(value)
    decimals = len("".join(ch for ch in text if ch.isdigit() or ch == ".").partition(".")[2])
    scale = 100 if is_percent or "%" in text or "％" in text or "点" in text else 1
    return 0.5 * 10.0**-decimals / scale + 1e-9


def _say_prevented_loss(
    context: TableContext, notes: SheetNotes, column: int, heading: str, typed: Sequence[tuple[int, CellValue]], rows: Mapping[int, Row]
) -> None:
    """One point at the heading: which legs each row's figure equals, and the rows whose figure is none of their sums, with both numbers."""
    position = context.table.header_cells[column - context.table.left]
    unit = _money_unit(context, heading)
    same: dict[tuple[str, ...], list[str]] = {}
    odd: list[tuple[str, str, Sequence[Measurement]]] = []
    for row, value in typed:
        quantity = read_quantity(value if isinstance(value, (str, int, float)) else None, unit)
        if quantity.low is None or quantity.high is None or quantity.unit not in ("元", None):
            continue
        legs = _legs(rows[row])
        name, added = cell_name(*context.table.grid.at(row, column)), None
        if legs:
            scale = float(read_unit(unit).multiplier) if isinstance(value, (int, float)) else 1.0
            added = _added_up((quantity.value, quantity.low, quantity.high), legs, scale)
        if added is not None:
            same.setdefault(added, []).append(name)
        elif quantity.high > 0:
            odd.append((name, masked_text(value), legs))
    said = [f"{'、'.join(cells)}＝{'＋'.join(grades)}" for grades, cells in same.items()]
    said_en = [f"{', '.join(cells)} = {' + '.join(grades)}" for grades, cells in same.items()]
    for name, text, legs in odd[:MOST_SHOWN]:
        parts = "、".join(f"{_zh(leg)} {_amount(leg)}" for leg in legs) or "本行无劝阻、止付、冻结、返还数"
        said.append(f"{name} 填“{text}”，与各项及其和都不符（{parts}）")
        said_en.append(f"{name} says “{text}”, no sum of its legs ({parts})")
    if len(odd) > MOST_SHOWN:
        said.append(f"另有 {len(odd) - MOST_SHOWN} 行不符")
        said_en.append(f"{len(odd) - MOST_SHOWN} more rows disagree")
    notes.reject(
        "typed_prevented_loss_is_not_a_fact", position, text=heading, compared=f"逐行比对：{'；'.join(said)}。" if said else "",
        compared_en=f"Row by row: {'; '.join(said_en)}. " if said_en else "",
    )  # fmt: skip


def _money_unit(context: TableContext, heading: str) -> str | None:
    """What a bare number of this column is in: the heading's unit, leaf first, else the corner's."""
    money = sheet_words().money_units
    stated = [unit for part in reversed(heading.split("›")) for unit in read_wording(part).units]
    return next((unit for unit in (*stated, *context.facts.corner) if unit in money), None)


def _legs(row: Row) -> list[Measurement]:
    """The amounts above 0 of a row, in the order of their evidence."""
    graded = {f"{m.channel}.{m.name}": m.grade for m in catalogue().measures.values() if m.grade}
    found = [(graded[name], m) for name, m in row.items() if name in graded and m.high]
    return [m for _, m in sorted(found, key=lambda pair: pair[0])]


def _added_up(typed: tuple[float | None, float, float], legs: Sequence[Measurement], scale: float) -> tuple[str, ...] | None:
    """The fewest legs that a typed amount equals, alone or added, to half a hundredth of its unit; of approximate ones as bounds that meet.
    None when no sum does."""
    value, low, high = typed
    slack = max(0.005 * scale, 0.5)
    for n in range(1, len(legs) + 1):
        for chosen in combinations(legs, n):
            values = [leg.value for leg in chosen]
            if value is not None and all(v is not None for v in values):
                is_same = abs(value - sum(v for v in values if v is not None)) <= slack
            else:
                is_same = low <= sum(leg.high or 0 for leg in chosen) + slack and sum(leg.low or 0 for leg in chosen) <= high + slack
            if is_same:
                return tuple(map(_zh, chosen))
    return None


def _zh(leg: Measurement) -> str:
    return {"averted": "劝阻", "stopped": "止付", "frozen": "冻结", "returned": "返还"}[leg.measure]


def _amount(leg: Measurement) -> str:
    if leg.low == leg.high or leg.value is not None:
        return f"{number_text(leg.value if leg.value is not None else leg.low or 0)}元"
    return f"{number_text(leg.low or 0)}–{number_text(leg.high or 0)}元"
