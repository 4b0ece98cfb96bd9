"""Layouts once seen are remembered: what is new or gone in the headings is said once, to whoever changed them."""

from __future__ import annotations

import pytest

from pipeline.intake.drift import layout_of
from pipeline.intake.records import TableFound
from tests.support.settling import File, number, points, settled

STATION, EAST = "城关派出所", "东关派出所"
PLAIN = ("单位", "线下宣传›发放宣传单（份）", "悬挂横幅（条）")
RULE = "layouts_are_as_before"


def sheet(
    name: str, header: tuple[str, ...], minutes: int, reporter: str | None = STATION, *, form: str | None = "weekly_tally", folder: str = ""
) -> File:
    found = TableFound("第12周", "B3:F9", form, header, ())
    numbers = [number(STATION, float(minutes), reporter=reporter), *([] if reporter else [number(EAST, 1.0, row=5)])]
    return File(f"{folder}{name}.xlsx", numbers, minutes, tables=[found])


@pytest.mark.parametrize(
    ("later", "severity", "says"),
    [
        (PLAIN, None, ()),
        ((*PLAIN, "宣讲（场）"), "warning", ("新出现：宣讲(场)",)),
        (PLAIN[:2], "warning", ("不见了：悬挂横幅(条)",)),
        ((*PLAIN[:2], "宣讲（场）"), "warning", ("新出现：宣讲(场)", "不见了：悬挂横幅(条)")),
        (("单位", "线下宣传›发放宣传单（万份）", "悬挂横幅（条）"), "warning", ("新出现：线下宣传›发放宣传单(万份)",)),
        ((PLAIN[0], PLAIN[2], PLAIN[1]), "note", ("次序",)),
    ],
    ids=["the same", "a heading more", "a heading less", "one for another", "another unit", "another order"],
)
def test_a_changed_layout_says_what_appeared_and_what_vanished(later: tuple[str, ...], severity: str | None, says: tuple[str, ...]) -> None:
    found = points(settled(sheet("一", PLAIN, 0), sheet("二", later, 60)), RULE)
    assert [p["severity"] for p in found] == ([severity] if severity else [])
    for point in found:
        assert (point["path"], point["sheet"], point["cell"]) == ("二.xlsx", "第12周", "B3")
        assert "一.xlsx›第12周" in point["message"]
        assert all(words in point["message"] for words in says)


def test_a_change_is_said_once_and_is_a_note_when_it_has_come_to_stay() -> None:
    new = (*PLAIN, "宣讲（场）")
    found = points(settled(sheet("一", PLAIN, 0), sheet("二", new, 60), sheet("三", new, 120), sheet("四", PLAIN, 180)), RULE)
    assert [(p["path"], p["severity"]) for p in found] == [("二.xlsx", "note")], "both layouts are known now"


def test_it_is_compared_with_the_layout_most_like_it() -> None:
    found = points(settled(sheet("一", PLAIN, 0), sheet("二", ("单位", "甲", "乙", "丙"), 60), sheet("三", (*PLAIN, "宣讲（场）"), 120)), RULE)
    (message,) = [p["message"] for p in found if p["path"] == "三.xlsx"]
    assert "一.xlsx" in message
    assert "新出现：宣讲(场)。" in message


@pytest.mark.parametrize(
    "other",
    [
        sheet("二", PLAIN[:2], 60, EAST),
        sheet("二", PLAIN[:2], 60, form="leaflets"),
        sheet("二", PLAIN[:2], 60, form=None),
        sheet("二", PLAIN[:2], 60, None, folder="别的/"),
    ],
    ids=["another reporter", "another form", "no form", "nobody's, in another folder"],
)
def test_others_layouts_are_no_measure(other: File) -> None:
    assert points(settled(sheet("一", PLAIN, 0), other), RULE) == []


def test_a_sheet_that_names_nobody_is_compared_with_its_folders() -> None:
    found = points(settled(sheet("一", PLAIN, 0, None, folder="县/"), sheet("二", PLAIN[:2], 60, None, folder="县/")), RULE)
    assert [p["path"] for p in found] == ["县/二.xlsx"]


def test_tables_of_one_file_do_not_differ_from_one_another() -> None:
    tables = [TableFound("第12周", "A3:C9", "weekly_tally", PLAIN, ()), TableFound("第12周", "A12:B19", "weekly_tally", PLAIN[:2], ())]
    assert points(settled(File("一.xlsx", [number(STATION, 1)], tables=tables)), RULE) == []


def test_a_withdrawn_layout_is_forgotten() -> None:
    first = sheet("一", PLAIN, 0)
    gone = File(first.path, first.numbers, tables=first.tables, is_withdrawn=True)
    assert points(settled(gone, sheet("二", PLAIN[:2], 60)), RULE) == []


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (("单位", "3月2日—3月8日›宣传单（份）"), ("单位", "3月9日—3月15日›宣传单（份）"), True),
        (("单位", "第12周›宣传单"), ("单位", "第13周›宣传单"), True),
        (("单位", "截至12日累计"), ("单位", "截至19日累计"), True),
        (("单 位", "宣传单(份)"), ("单位", "宣传单（份）"), True),
        (("单位", "宣传单（份）"), ("单位", "宣传单（张）"), False),
    ],
)
def test_what_changes_from_week_to_week_is_no_layout(one: tuple[str, ...], other: tuple[str, ...], is_same: bool) -> None:
    assert (layout_of(one) == layout_of(other)) is is_same
