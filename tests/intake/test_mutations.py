"""Good sheets, damaged the way sheets are: whatever still loads must be what was meant, and every cell must be accounted for."""

from __future__ import annotations

from collections import Counter

import pytest

from pipeline.intake.conservation import unaccounted
from pipeline.intake.grid import cell_name
from pipeline.intake.records import Reading
from tests.support.damage import Page, damaged_page, numbers_of
from tests.support.sheets import grid_sheet, read_opened


def read(page: Page) -> Reading:
    merges = [f"{cell_name(top, left)}:{cell_name(bottom, right)}" for top, left, bottom, right in page.merges]
    return read_opened(grid_sheet(page.rows, merges, name="表"))


def silently_wrong(page: Page, reading: Reading) -> list[str]:
    """Numbers that were loaded and are not what was meant: value, measure, unit or subject."""
    truth = {cell_name(r, c): meaning for r, row in enumerate(page.truth) for c, meaning in enumerate(row)}
    wrong = []
    for m in reading.measurements:
        if m.value is None:
            continue
        meant = truth.get(m.cell)
        if meant is None or meant[2] is None:
            wrong.append(f"{m.cell} {m.header} {m.subject}: read {m.value}, meant nothing")
        elif (m.subject, f"{m.channel}.{m.measure}", m.unit) != (meant[0], meant[1], meant[3]) or abs(m.value - meant[2]) > 1e-6:
            wrong.append(f"{m.cell} {m.header}: read {m.subject} {m.channel}.{m.measure} {m.value} {m.unit}, meant {meant}")
    return wrong


def lost(page: Page, reading: Reading) -> int:
    """Numbers that were meant and did not load."""
    loaded = {m.cell for m in reading.measurements if m.value is not None}
    return sum(page.truth[r][c][2] is not None and cell_name(r, c) not in loaded for r, c in numbers_of(page))  # pyright: ignore[reportOptionalSubscript]


@pytest.mark.parametrize("seed", range(50))
def test_damage_never_makes_a_wrong_number(seed: int) -> None:
    page = damaged_page(seed)
    reading = read(page)
    assert silently_wrong(page, reading) == [], page.log
    assert [unaccounted(c) for c in reading.counts] == [0], page.log
    if lost(page, reading):
        assert reading.rejections, f"numbers were lost without a word after {page.log}"


@pytest.mark.slow
def test_five_hundred_kinds_of_damage() -> None:
    outcome: Counter[str] = Counter()
    for seed in range(500):
        page = damaged_page(seed)
        reading = read(page)
        assert silently_wrong(page, reading) == [], (seed, page.log)
        assert [unaccounted(c) for c in reading.counts] == [0], (seed, page.log)
        outcome["in full" if lost(page, reading) == 0 else "in part"] += 1
    assert outcome["in full"] >= 400, outcome
