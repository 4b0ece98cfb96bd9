"""Labels with their values beside them, several to a row: which labels are taken, also where no form lists them, which texts stand for a number."""

from __future__ import annotations

import pytest

from tests.support.sheets import Rows, numbers, read_rows, rules

HEAD: Rows = (("反诈宣传月完成情况登记表",), ("填报单位：河湾镇人民政府", None, "活动时间：2025年9月1日—9月30日"))
FIRST = ("发放宣传资料", "2万余份", "开展集中宣讲", "近40场")
LAST = ("签订承诺书", "3200份", "悬挂横幅", "62条")
SCREENS = ("播放电子屏", "30多块", "村村响播放时长", "约120小时")
HIDDEN = ("播放电子屏", "□□块", "村村响播放时长", "未报")


@pytest.mark.parametrize("position", [0, 1, 2])
def test_a_row_of_labels_nobody_lists_is_read_wherever_it_stands(position: int) -> None:
    rows = [FIRST, LAST]
    rows.insert(position, SCREENS)
    reading = read_rows((*HEAD, *rows))
    row = 3 + position
    found = numbers(reading)
    assert len(found) == 6
    assert found[f"B{row}"][::2] == ("displays.screens", 30)
    assert found[f"D{row}"][::2] == ("broadcasts.hours", 120)
    assert not reading.rejections


def test_what_stands_for_a_number_beside_a_label_of_known_words_is_said() -> None:
    reading = read_rows((*HEAD, FIRST, HIDDEN, LAST))
    assert {m.cell: m.reason for m in reading.measurements if m.precision == "missing"} == {"B4": "masked_digits", "D4": "not_reported"}
    assert rules(reading) == {"digits_are_not_masked": ["B4"], "answer_is_given": ["D4"]}


@pytest.mark.parametrize("texts", [("主要做法", "召开动员会，取得良好效果"), ("存在问题", "无"), ("分管领导", "王某")])
def test_texts_beside_texts_are_no_values(texts: tuple[str, str]) -> None:
    reading = read_rows((*HEAD, FIRST, LAST, texts))
    assert len(reading.measurements) == 4
    assert not reading.rejections


def test_a_label_nobody_knows_with_a_number_among_the_others_goes_back() -> None:
    reading = read_rows((*HEAD, FIRST, ("网格员签到", "30余次", "会签件", "6件"), LAST))
    assert len([m for m in reading.measurements if m.value is not None]) == 4
    assert set(rules(reading)["heading_is_known"]) == {"A4", "C4"}
