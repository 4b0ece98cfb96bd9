"""A returned copy that was corrected and handed in again takes its original's place, whatever it is called and whatever dates it carries."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pipeline.intake.reading import read_file
from pipeline.intake.records import Rejection
from pipeline.intake.returned import RETURNED_SHEET, write_returned
from tests.support.settling import MONDAY, SUNDAY, File, activity, number, points, settled, standing
from tests.support.workbooks import write_xlsx

ONE, TWO, THREE = "城关派出所", "东关派出所", "西关派出所"
LATE = date(2026, 3, 30)
ROWS = [number(ONE, 40000, known_at=LATE), number(TWO, 30, row=5, known_at=LATE), number(THREE, 7, row=6, known_at=LATE)]
ORIGINAL = File("周报.xlsx", ROWS)


def copy(*numbers, path: str = "改好了/新建.xlsx", minutes: int = 60, of: File = ORIGINAL, **more) -> File:
    return File(path, numbers, minutes, corrects=of.sha256, **more)


def reasons(result, path: str = "周报.xlsx") -> list[str | None]:
    return result.measurements.filter(path=path)["stands_reason"].to_list()


def test_every_number_of_the_copy_wins_though_the_original_says_it_is_newer() -> None:
    corrected = copy(number(ONE, 4000), number(TWO, 30, row=5), number(THREE, 7, row=6))
    result = settled(ORIGINAL, corrected)
    assert standing(result) == [("改好了/新建.xlsx", 30), ("改好了/新建.xlsx", 4000), ("改好了/新建.xlsx", 7)]
    assert reasons(result) == ["superseded"] * 3
    losers = result.measurements.filter(path="周报.xlsx")
    assert losers["superseded_at"].to_list() == [corrected.received_at] * 3
    assert set(losers["superseded_by"]) == set(result.measurements.filter("stands")["measurement_id"])
    assert not points(result, "rows_absent_from_a_later_sheet_stay")
    by_path = dict(result.source_files.select("path", "corrected_by").iter_rows())
    ids = dict(result.source_files.select("path", "file_id").iter_rows())
    assert by_path == {"周报.xlsx": ids["改好了/新建.xlsx"], "改好了/新建.xlsx": None}


def test_without_its_mark_the_same_sheet_would_lose_to_the_later_date() -> None:
    result = settled(ORIGINAL, File("新建.xlsx", [number(ONE, 4000), number(TWO, 30, row=5)], 60))
    assert ("周报.xlsx", 40000) in standing(result)


def test_a_row_taken_out_of_the_copy_stays_and_is_reported() -> None:
    result = settled(ORIGINAL, copy(number(ONE, 4000), number(TWO, 30, row=5)))
    assert ("周报.xlsx", 7) in standing(result)
    (point,) = points(result, "rows_absent_from_a_later_sheet_stay")
    assert (point["path"], point["cell"], point["text"]) == ("改好了/新建.xlsx", "", THREE)
    assert "周报.xlsx›第12周›C6" in point["message"]


def test_a_row_shifted_up_is_the_same_row() -> None:
    result = settled(ORIGINAL, copy(number(ONE, 4000), number(THREE, 7, row=5)))
    assert ("周报.xlsx", 30) in standing(result), "the copy lacks it; its cell holds another row of the original now"


def test_a_row_whose_unit_was_corrected_counts_once() -> None:
    result = settled(ORIGINAL, copy(number(ONE, 4000), number(TWO, 30, row=5), number("北关派出所", 7, row=6)))
    assert [value for path, value in standing(result)] == [30, 4000, 7]
    assert reasons(result) == ["superseded"] * 3


def test_a_blanked_cell_corrects_nothing() -> None:
    result = settled(ORIGINAL, copy(number(ONE, None), number(TWO, 30, row=5), number(THREE, 7, row=6)))
    assert ("周报.xlsx", 40000) in standing(result)


def test_a_copy_of_a_copy_replaces_both() -> None:
    first = copy(number(ONE, 5000), number(TWO, 30, row=5), number(THREE, 7, row=6))
    second = copy(number(ONE, 4000), number(TWO, 30, row=5), number(THREE, 7, row=6), path="再改.xlsx", minutes=120, of=first)
    result = settled(ORIGINAL, first, second)
    assert {path for path, _ in standing(result)} == {"再改.xlsx"}
    assert set(reasons(result)) == set(reasons(result, "改好了/新建.xlsx")) == {"superseded"}


def test_two_copies_of_one_original_are_ordered_by_receipt() -> None:
    rest = (number(TWO, 30, row=5), number(THREE, 7, row=6))
    result = settled(ORIGINAL, copy(number(ONE, 5000), *rest), copy(number(ONE, 4000), *rest, path="再改.xlsx", minutes=120))
    assert ("再改.xlsx", 4000) in standing(result)
    assert len(standing(result)) == 3


def test_a_withdrawn_copy_takes_nobodys_place() -> None:
    result = settled(ORIGINAL, copy(number(ONE, 4000), number(TWO, 30, row=5), is_withdrawn=True))
    assert standing(result) == [("周报.xlsx", 30), ("周报.xlsx", 40000), ("周报.xlsx", 7)]


def test_an_original_handed_in_again_after_its_copy_is_a_new_statement() -> None:
    corrected = copy(number(ONE, 4000), number(TWO, 30, row=5), number(THREE, 7, row=6))
    result = settled(ORIGINAL, corrected, File("还是原来的.xlsx", ROWS, 120))
    assert ("还是原来的.xlsx", 40000) in standing(result)
    assert len(standing(result)) == 3


def test_next_weeks_numbers_written_into_last_weeks_copy_replace_nothing() -> None:
    week = timedelta(days=7)
    later = [number(name, n, row=row, start=MONDAY + week, end=SUNDAY + week) for name, n, row in ((ONE, 1, 4), (TWO, 2, 5), (THREE, 3, 6))]
    result = settled(ORIGINAL, copy(*later))
    assert len(standing(result)) == 6
    assert result.source_files["corrected_by"].to_list() == [None, None]
    (point,) = points(result, "corrected_copies_repeat_their_original")
    assert (point["path"], point["severity"]) == ("改好了/新建.xlsx", "warning")


def test_an_original_without_any_number_is_replaced_by_whatever_its_copy_says() -> None:
    unreadable = File("没有时间.xlsx", content="no period", status="returned")
    result = settled(unreadable, copy(number(ONE, 4000), of=unreadable))
    assert standing(result) == [("改好了/新建.xlsx", 4000)]
    assert result.source_files.filter(path="没有时间.xlsx")["corrected_by"].item() is not None


def test_in_a_ledger_the_corrected_event_is_the_same_event() -> None:
    day = MONDAY + timedelta(days=1)
    ledger = File("台账.xlsx", [activity(ONE, 200, day, venue="广场"), activity(ONE, 90, day, venue="学校", row=5)])
    result = settled(ledger, copy(activity(ONE, 20, day, venue="广场"), activity(ONE, 90, day, venue="中学", row=5), of=ledger))
    assert {value for _, value in standing(result)} == {20, 90}
    assert len(standing(result)) == 2


# -- the reader's part ------------------------------------------------------------------------------------------------

SHEET = [["反诈宣传周统计表"], ["统计时间：5月15日—5月21日"], ["单位", "发放宣传单（份）", "悬挂横幅（条）"], ["城关派出所", "若干份", 3]]


@pytest.fixture
def returned(tmp_path: Path) -> Path:
    """The returned copy of a sheet whose year stands in its file's name only."""
    original = write_xlsx(tmp_path / "2023年第20周.xlsx", {"周报": SHEET})
    points = [Rejection("周报", "B4", "error", "number_is_written", "没有具体数字", text="若干份")]
    copy = tmp_path / "returned" / original.name
    write_returned(original, points, copy)
    return copy


def test_a_copy_says_what_it_corrects_and_keeps_the_originals_year(returned: Path, tmp_path: Path) -> None:
    book = load_workbook(returned)
    book["周报"]["B4"] = 1200
    book.save(tmp_path / "改好.xlsx")
    reading = read_file(tmp_path / "改好.xlsx")
    assert reading.corrects == hashlib.sha256((tmp_path / "2023年第20周.xlsx").read_bytes()).hexdigest()
    assert {(m.cell, m.value, m.start) for m in reading.measurements} == {("B4", 1200, date(2023, 5, 15)), ("C4", 3, date(2023, 5, 15))}
    assert [s.reason for s in reading.set_aside if s.sheet == RETURNED_SHEET] != []
    assert all(count.seen == sum(count.disposed.values()) for count in reading.counts)


def test_an_analysts_own_sheet_of_that_name_is_read(tmp_path: Path) -> None:
    rows = [[*row] for row in SHEET]
    rows[1] = ["统计时间：2023年5月15日—5月21日"]
    reading = read_file(write_xlsx(tmp_path / "周报.xlsx", {RETURNED_SHEET: rows}))
    assert reading.corrects is None
    assert [(m.sheet, m.value) for m in reading.measurements if m.value] == [(RETURNED_SHEET, 3)]
