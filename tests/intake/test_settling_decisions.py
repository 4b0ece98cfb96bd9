"""What people decided, applied to settled numbers: corrections, same activities, withdrawals; each must find what it speaks of."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from pipeline.decisions import Correction, Decisions, SameActivity, Withdrawal
from tests.support.settling import MONDAY, File, activity, number, points, settled, standing

STATION = "城关派出所"
ONE = number(STATION, 40000)
DAY = MONDAY + timedelta(days=1)


def correction(**changes: object) -> Decisions:
    plain = {"reason": "多写一个零", "owner": "王分析", "date": date(2026, 3, 24), "file": "a.xlsx", "sheet": "第12周", "cell": "C4"}
    return Decisions(corrections=(Correction.model_validate({**plain, "expected": "40000", "new": 4000, **changes}),))


@pytest.mark.parametrize(
    ("changes", "value", "bounds", "precision"),
    [
        ({}, 4000, (4000, 4000), "exact"),
        ({"expected": 40000.0}, 4000, (4000, 4000), "exact"),
        ({"new": "4000余份"}, 4000, (4000, 5000), "at_least"),
        ({"new": "4000张"}, 4000, (4000, 4000), "exact"),
        ({"new": None}, None, (None, None), "missing"),
        ({"measure": "leaflets.distributed"}, 4000, (4000, 4000), "exact"),
    ],
)
def test_a_correction_replaces_the_number_and_keeps_the_text(changes: dict, value: float | None, bounds: tuple, precision: str) -> None:
    row = settled(File("a.xlsx", [ONE]), decisions=correction(**changes)).measurements.row(0, named=True)
    assert (row["value"], (row["low"], row["high"]), row["precision"]) == (value, bounds, precision)
    assert (row["text"], row["reason"], row["stands"]) == ("40000", "corrected", True)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"expected": "4000"}, "现在写的是“40000”"),
        ({"cell": "D4"}, "没有数"),
        ({"file": "b.xlsx"}, "没有数"),
        ({"new": "若干"}, "读不出"),
        ({"new": "30元"}, "读不出"),
        ({"measure": "leaflets.printed"}, "没有数"),
    ],
)
def test_a_correction_that_no_longer_applies_fails_loudly(changes: dict, says: str) -> None:
    result = settled(File("a.xlsx", [ONE]), decisions=correction(**changes))
    (point,) = points(result, "corrections_find_what_they_expect")
    assert says in point["message"]
    assert point["severity"] == "error"
    assert point["path"].startswith("decisions/")
    assert standing(result) == [("a.xlsx", 40000)]


def test_a_correction_fails_when_a_later_content_of_its_file_differs() -> None:
    result = settled(File("a.xlsx", [ONE]), File("a.xlsx", [number(STATION, 4500)], 60), decisions=correction())
    assert standing(result) == [("a.xlsx", 4500)]
    assert len(points(result, "corrections_find_what_they_expect")) == 1


def joint(*, same: bool = True, second: str = "E5") -> Decisions:
    cells = [{"file": "支行.xlsx", "sheet": "台账", "cell": "C4"}, {"file": "派出所.xlsx", "sheet": "台账", "cell": second}]
    said = {"reason": "广场联合宣传", "owner": "王分析", "date": date(2026, 3, 24)}
    return Decisions(same_activities=(SameActivity.model_validate({**said, "same": same, "cells": cells}),))


BANK = File("支行.xlsx", [activity("东街支行", 200, DAY, venue="人民广场")])
POLICE = File(
    "派出所.xlsx",
    [
        activity(STATION, 300, DAY, row=5, venue="人民广场"),
        activity(STATION, 40, DAY, row=5, column="D", venue="人民广场", channel="talks", measure="attendance", unit="人次"),
    ],
    60,
)


@pytest.mark.parametrize(
    ("decisions", "stands", "faults"),
    [
        (joint(), [("支行.xlsx", 200), ("派出所.xlsx", 40)], 0),
        (joint(same=False), [("支行.xlsx", 200), ("派出所.xlsx", 40), ("派出所.xlsx", 300)], 0),
        (joint(second="E6"), [("支行.xlsx", 200), ("派出所.xlsx", 40), ("派出所.xlsx", 300)], 1),
        (Decisions(), [("支行.xlsx", 200), ("派出所.xlsx", 40), ("派出所.xlsx", 300)], 0),
    ],
    ids=["one activity counts once, as the first row tells it", "two activities", "a row that is not there", "undecided"],
)
def test_a_joint_activity_counts_once_as_decided(decisions: Decisions, stands: list, faults: int) -> None:
    result = settled(BANK, POLICE, decisions=decisions)
    assert sorted(standing(result)) == sorted(stands)
    found = points(result, "same_activities_find_their_rows")
    assert [(point["severity"], point["path"].split("/")[0]) for point in found] == [("error", "decisions")] * faults
    lost = result.measurements.filter(~pl.col("stands"))
    assert set(lost["stands_reason"]) <= {"joint"}
    assert set(lost["superseded_by"]) <= set(result.measurements.filter(pl.col("path") == "支行.xlsx")["measurement_id"])


def test_a_cell_with_two_numbers_needs_a_measure() -> None:
    both = File("a.xlsx", [ONE, ONE._replace(measure="printed", value=7, low=7, high=7)])
    assert "measure" in points(settled(both, decisions=correction()), "corrections_find_what_they_expect")[0]["message"]
    result = settled(both, decisions=correction(measure="leaflets.distributed"))
    assert standing(result) == [("a.xlsx", 4000), ("a.xlsx", 7)]


def test_a_withdrawal_in_decisions_counts_and_must_find_its_file() -> None:
    plain = {"reason": "测试文件", "owner": "王分析", "date": date(2026, 3, 24)}
    good, bad = Withdrawal(file="a.xlsx", **plain), Withdrawal(file="没有.xlsx", **plain)
    result = settled(File("a.xlsx", [ONE]), decisions=Decisions(withdrawals=(good, bad)))
    assert standing(result) == []
    assert result.source_files["is_withdrawn"].to_list() == [True]
    assert len(points(result, "withdrawals_find_their_file")) == 1
