"""Every cell of a sheet ends somewhere: counted from the file's own cells, without the reader's help."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.intake.conservation import unaccounted
from pipeline.intake.grid import position
from pipeline.intake.reading import read_file
from pipeline.intake.records import Reading
from tests.support.damage import damaged_page
from tests.support.sheets import read_rows, write_workbook

CELLS = st.one_of(
    st.none(),
    st.integers(0, 9999),
    st.floats(0, 9999, allow_nan=False),
    st.sampled_from(
        [
            *(
                "单位",
                "宣传单（份）",
                "横幅（条）",
                "合计",
                "同比",
                "甲派出所",
                "东社区",
                "4万余",
                "／",
                "无",
                "填报单位：甲所",
                "注：口径",
                "2026年3月",
                "序号",
            ),
            *("止付", "金额（万元）", "备注", "3月2日", "项目", "统计表（2026年3月2日—3月8日）", " ", "零报告", "网格登记", "姓名", "张三"),
        ]
    ),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=7), min_size=1, max_size=9))
def test_no_heap_of_cells_loses_one(rows: list[list[object]]) -> None:
    reading = read_rows(rows)
    assert [unaccounted(count) for count in reading.counts] == [0]


def in_ranges(reading: Reading, sheet: str) -> set[tuple[int, int]]:
    """Every cell that a reading speaks of: numbers, points, ranges set aside, tables with their headers."""
    found = {position(m.cell) for m in reading.measurements if m.sheet == sheet} | {
        position(r.cell) for r in reading.rejections if r.sheet == sheet and r.cell
    }
    areas = [s.range for s in reading.set_aside if s.sheet == sheet] + [t.range for t in reading.tables if t.sheet == sheet]
    for area in areas:
        first, _, last = area.partition(":")
        (top, left), (bottom, right) = position(first), position(last or first)
        found |= {(r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)}
    return found


@pytest.mark.parametrize("seed", range(100, 110))
def test_a_file_is_accounted_for_from_outside(seed: int, tmp_path: Path) -> None:
    """Counted with openpyxl, from the file alone."""
    page = damaged_page(seed)
    file = write_workbook(tmp_path / "表.xlsx", {"表": (page.rows, [])})
    reading = read_file(file)
    sheet = openpyxl.load_workbook(file)["表"]
    filled = {(cell.row - 1, cell.column - 1) for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert filled - in_ranges(reading, "表") == set()
    blank_due = sum(m.text == "" for m in reading.measurements)
    assert sum(reading.counts[0].disposed.values()) == len(filled) + blank_due
