"""Points that nobody needs to answer any more: confirmed ones until their waiver ends, and those of contents that were replaced."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pipeline.decisions import Decisions, Waiver, Withdrawal
from pipeline.intake.records import Rejection
from tests.support.settling import RECEIVED, File, number, settled, unit

TODAY = RECEIVED.date()
STATION, EAST = "城关派出所", "东关派出所"
TOTAL = Rejection("第12周", "C9", "warning", "total_equals_its_parts", "合计与各行之和不符", text="99")
SPELLED = Rejection("第12周", "D5", "warning", "heading_is_spelled_as_known", "列名按相近的读入", text="宣传单張")
WRONG = Rejection("第12周", "D5", "error", "number_is_readable", "读不出数量", text="？")
NUMBERS = (number(STATION, 4, reporter="县反诈中心"), number(EAST, 5, row=5, reporter="县反诈中心"))


def waiver(**changes) -> Waiver:
    plain = {
        "rule": "total_equals_its_parts",
        "file": "周报.xlsx",
        "reason": "含补报",
        "owner": "王分析",
        "date": TODAY,
        "expires": date(2026, 6, 30),
    }
    return Waiver(**{**plain, **changes})


def receipt(*points: Rejection, waivers: tuple[Waiver, ...], today: date = TODAY, status: str = "remarks") -> tuple[str, dict[str, str | None]]:
    """(the file's status, rule → closed_reason)."""
    register = File("名册.xlsx", entries=[unit(STATION), unit(EAST, row=4), unit("县反诈中心", row=5)], minutes=-100)
    file = File("周报.xlsx", NUMBERS, points=points, status=status)
    result = settled(register, file, decisions=Decisions(waivers=waivers), today=today)
    return result.source_files.filter(path="周报.xlsx")["status"].item(), dict(result.rejections.select("rule", "closed_reason").iter_rows())


@pytest.mark.parametrize(
    ("changes", "is_silenced"),
    [
        ({}, True),
        ({"sheet": "第12周"}, True),
        ({"sheet": "第12周", "cell": "C9"}, True),
        ({"cell": "C8"}, False),
        ({"sheet": "第13周"}, False),
        ({"file": "别的.xlsx"}, False),
        ({"rule": "heading_is_spelled_as_known"}, False),
        ({"expires": TODAY + timedelta(days=1)}, True),
        ({"file": None, "unit": "县反诈中心"}, True),
        ({"file": None, "unit": STATION}, False),
        ({"unit": EAST}, False),
    ],
)
def test_a_waiver_silences_exactly_its_finding(changes: dict, is_silenced: bool) -> None:
    status, closed = receipt(TOTAL, waivers=(waiver(**changes),))
    assert closed == {"total_equals_its_parts": "waived" if is_silenced else None}
    assert status == ("accepted" if is_silenced else "remarks")


def test_a_waiver_of_a_unit_silences_its_row_and_no_other() -> None:
    mine = waiver(rule="heading_is_spelled_as_known", file=None, unit=EAST)
    assert receipt(SPELLED, waivers=(mine,))[1] == {"heading_is_spelled_as_known": "waived"}
    other = waiver(rule="heading_is_spelled_as_known", file=None, unit=STATION)
    assert receipt(SPELLED, waivers=(other,))[1] == {"heading_is_spelled_as_known": None}


@pytest.mark.parametrize(("today", "is_silenced"), [(date(2026, 6, 30), True), (date(2026, 7, 1), False)])
def test_a_waiver_silences_until_its_last_day(today: date, is_silenced: bool) -> None:
    assert receipt(TOTAL, waivers=(waiver(),), today=today)[1]["total_equals_its_parts"] == ("waived" if is_silenced else None)


def test_what_is_not_waived_still_decides_the_receipt() -> None:
    assert receipt(TOTAL, WRONG, waivers=(waiver(),), status="returned")[0] == "returned"
    assert receipt(TOTAL, WRONG, waivers=(waiver(rule="number_is_readable"),), status="returned")[0] == "remarks"


def test_a_waived_point_says_why_by_whom_and_until_when() -> None:
    result = settled(
        File("周报.xlsx", NUMBERS, points=[TOTAL]), decisions=Decisions(waivers=(waiver(), waiver(expires=date(2026, 5, 1), owner="李")))
    )
    row = result.rejections.filter(rule="total_equals_its_parts").row(0, named=True)
    assert (row["waived_because"], row["waived_by"], row["waived_until"]) == ("含补报", "王分析", date(2026, 6, 30))


def test_a_decision_that_fails_cannot_be_waived_away() -> None:
    lost = Withdrawal(file="没有.xlsx", reason="测试", owner="王分析", date=TODAY)
    silence = waiver(rule="withdrawals_find_their_file", file=f"decisions/{lost.source}")
    result = settled(File("周报.xlsx", NUMBERS), decisions=Decisions(withdrawals=(lost,), waivers=(silence,)))
    assert result.rejections.filter(rule="withdrawals_find_their_file")["closed_reason"].to_list() == [None]


@pytest.mark.parametrize(
    ("later", "reason"),
    [
        (File("周报.xlsx", NUMBERS, 60), "replaced"),
        (File("另一份.xlsx", NUMBERS, 60), None),
        (File("改好.xlsx", NUMBERS, 60, corrects=File("周报.xlsx", NUMBERS, points=[TOTAL]).sha256), "corrected"),
    ],
    ids=["the same path has a newer content", "another file", "its corrected copy"],
)
def test_points_of_a_replaced_content_are_closed(later: File, reason: str | None) -> None:
    result = settled(File("周报.xlsx", NUMBERS, points=[TOTAL]), later)
    assert result.rejections.filter(rule="total_equals_its_parts")["closed_reason"].to_list() == [reason]
