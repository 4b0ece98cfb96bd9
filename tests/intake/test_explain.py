"""What `outreach explain` says of a reading: every number once, below the table it stands in."""

from __future__ import annotations

import re

import pytest

from pipeline.intake.explain import as_text
from pipeline.intake.records import Reading
from tests.support.sheets import read_rows

CARD = (("发放宣传单（份）", "讲座（场）"), ("参加人数（人）", "电子屏（块）"))
BRANCHES = ("青桥支行", "柳巷支行", "水街支行")


def cards() -> tuple[tuple[object, ...], ...]:
    """Three report cards below one another, each of its own branch."""
    rows: list[tuple[object, ...]] = []
    for i, branch in enumerate(BRANCHES, start=1):
        rows += [("虚构银行反诈工作月报卡",), (f"填报单位：{branch}", None, "报告期：2026年6月")]
        rows += [(left, 100 * i + n, right, 10 * i + n) for n, (left, right) in enumerate(CARD)]
        rows.append(())
    return tuple(rows)


def long_list() -> tuple[tuple[object, ...], ...]:
    """A number a row, with the item it is of: read as one table of all items."""
    head = ("单位", "项目", "数量", "单位名称")
    return (("虚构镇2026年6月反诈宣传数据",), ("序号", *head[:3]), *((i, u, p, 10 * i) for i, (u, p) in enumerate(
        ((u, p) for u in ("城东村", "城西村") for p in ("发放宣传单（份）", "悬挂横幅（条）", "讲座（场）")), start=1)))  # fmt: skip


@pytest.mark.parametrize("rows", [cards(), long_list()], ids=["cards", "list"])
def test_every_number_is_told_once_in_its_table(rows) -> None:
    reading = read_rows(rows)
    told = re.findall(r"^    ([A-Z]+\d+) ", as_text(reading, "表.xlsx"), re.M)
    assert sorted(told) == sorted(m.cell for m in reading.measurements)
    assert len(told) >= 6


def test_cards_below_one_another_are_records_of_their_own() -> None:
    reading: Reading = read_rows(cards())
    subjects = {m.record_id: {n.subject for n in reading.measurements if n.record_id == m.record_id} for m in reading.measurements}
    assert sorted(s for found in subjects.values() for s in found) == sorted(BRANCHES)
    assert [t.range for t in reading.tables] == ["A3:D4", "A8:D9", "A13:D14"]
