"""Forms to fill in, one below another: each is its own record where it says whose or when it is, and nothing is read twice where none does."""

from __future__ import annotations

import pytest

from tests.support.sheets import Rows, read_rows, rules

TITLE = ["东湾商业银行反诈工作月报卡"]


def card(*head: list[str | None], values: tuple[object, ...] = (900, "4场", "120余", 6)) -> Rows:
    labels = ("宣传折页（份）", "厅堂宣讲（场）", "参加客户（人）", "网点电子屏（块）")
    cells = [cell for pair in zip(labels, values, strict=True) for cell in pair]
    return [*head, cells[:4], cells[4:]]


def of(unit: str, when: str = "2026年6月") -> list[str | None]:
    return [f"填报单位：{unit}", None, f"报告期：{when}"]


@pytest.mark.parametrize("gap", [[[]], [["填表人：王某"], []], [["填表人：王某"]], []])
def test_every_form_has_its_own_reporter(gap: Rows) -> None:
    reading = read_rows([*card(TITLE, of("青桥支行")), *gap, *card(TITLE, of("柳巷支行"), values=(500, 2, "-", None))])
    found = {(m.subject, m.channel, m.measure): (m.value, m.reason) for m in reading.measurements}
    assert found == {
        ("青桥支行", "leaflets", "distributed"): (900, None),
        ("青桥支行", "talks", "sessions"): (4, None),
        ("青桥支行", "talks", "attendance"): (120, "approximate"),
        ("青桥支行", "displays", "screens"): (6, None),
        ("柳巷支行", "leaflets", "distributed"): (500, None),
        ("柳巷支行", "talks", "sessions"): (2, None),
        ("柳巷支行", "talks", "attendance"): (None, "dash"),
        ("柳巷支行", "displays", "screens"): (None, "blank"),
    }


def test_forms_of_one_reporter_have_their_own_periods() -> None:
    when = [["报告期：2026年7月"]]
    reading = read_rows([*card(TITLE, of("青桥支行")), [], *card(*when, values=(500, 2, 30, 6))])
    assert {(m.value, m.start.month) for m in reading.measurements if m.channel == "leaflets"} <= {(900, 6), (500, 7)}
    assert not any(m.start.month == 6 and m.value == 500 for m in reading.measurements)


@pytest.mark.parametrize("caption", [["二、上周"], ["累计"], ["（二）"]])
def test_labels_that_stand_again_below_a_caption_go_back(caption: list[str | None]) -> None:
    reading = read_rows([*card(TITLE, of("青桥支行")), [], *card(caption, values=(500, 2, 30, 6))])
    assert not [m for m in reading.measurements if m.value is not None]
    assert "heading_is_unambiguous" in rules(reading)
