from __future__ import annotations

from datetime import date, datetime, timedelta

import polars as pl
import pytest

from pipeline.decisions import Decisions, SameActivity, Waiver
from pipeline.forms.catalogue import catalogue
from pipeline.measures import feasibility, integrity
from tests.support.measures import AREAS, MONDAY, rows, run


def number(name: str, value: float, **more):
    channel, measure = name.split(".")
    return {"channel": channel, "measure": measure, "unit": "个", "value": float(value), **more}


def found(*numbers, **more):
    return run("issues", measurements=rows("measurements", *numbers), **more)["issues"].filter(pl.col("rule") != "areas_have_a_population")


@pytest.mark.parametrize("rule", [r for r in feasibility.rules() if not r.right[0].startswith("area.")], ids=lambda r: r.rule)
def test_every_rule_fails_above_its_limit_and_holds_at_it(rule):
    limit = 0 if rule.factor is None else len(rule.right) * 10 * rule.factor * (7 if rule.per_day else 1)
    ledger = {"is_ledger": True, "record_id": "r", "end": MONDAY + timedelta(days=6)} if rule.ledger_only else {}
    right = [number(name, 0 if rule.factor is None else 10, **ledger) for name in rule.right]
    broken = found(number(rule.left, limit + 1, cell="D7", **ledger), *right)
    assert broken.select("rule", "severity", "cell").rows() == [(rule.rule, "error", "D7")]
    assert found(number(rule.left, limit, **ledger), *right).is_empty()


def test_every_rule_speaks_of_measures_that_exist():
    known = set(catalogue().measures)
    for rule in feasibility.rules():
        assert {name for name in (rule.left, *rule.right) if not name.startswith("area.")} <= known
        assert rule.zh
        assert rule.en


def test_a_rule_fails_only_when_the_whole_interval_does():
    right = number("warnings.issued", 100.0)
    within = number("warnings.high_risk", 105.0, low=95.0, high=105.0, precision="about")
    assert found(within, right).is_empty()
    assert found({**within, "low": 101.0}, right)["rule"].to_list() == ["high_risk_warnings_are_among_warnings"]


def test_nothing_is_checked_against_a_number_nobody_stated():
    assert found(number("leaflets.distributed", 500.0), number("leaflets.printed", 100.0)).is_empty()


def test_counts_beyond_the_register_name_the_denominator():
    assert found(number("app_registrations.registered", 1001.0, unit="人", kind="stock"))["rule"].to_list() == ["app_users_are_residents"]


def history(values, **more):
    """Eight usual weeks, then these."""
    usual = [100, 120, 90, 110, 105, 95, 100, 115]
    return [{"value": float(v), "start": MONDAY - timedelta(weeks=len(usual) + len(values) - 1 - i), **more} for i, v in enumerate([*usual, *values])]


@pytest.mark.parametrize(
    ("values", "rules"),
    [
        ((1_000_000, 100), ["unit_is_the_usual_one"]),
        ((0.01, 100), ["unit_is_the_usual_one"]),
        ((1050, 100), ["digits_are_as_usual"]),
        ((1050, 1100), []),
        ((1050,), []),
        ((500, 100), []),
        ((10.4, 105), ["digits_are_as_usual"]),
    ],
    ids=["万 for one", "one for 万", "a digit too many", "a rise that stays", "not yet known", "five times", "a digit too few"],
)
def test_slips_against_own_history(values, rules):
    assert found(*history(values))["rule"].to_list() == rules


def test_a_unit_that_always_swings_has_no_slips():
    assert found(*history((1050, 100, 1020, 100, 1000, 90, 1100, 100, 1050, 100))).height <= 1


def tally(subject: str, week: date, values):
    names = ["leaflets.distributed", "talks.sessions", "pushes.messages", "sms.messages", "drones.sorties", "van_tours.tours"]
    return [number(name, v, subject=subject, subject_id=subject, start=week, path=f"{subject}.xlsx") for name, v in zip(names, values, strict=True)]


def test_a_copied_week_and_a_copied_neighbour_are_asked_about():
    numbers = [37, 12, 41, 305, 13, 7]
    copied = found(*tally("c1", MONDAY - timedelta(weeks=1), numbers), *tally("c1", MONDAY, [*numbers[:5], 9]))
    assert copied["rule"].to_list() == ["numbers_are_of_this_period"]
    twins = found(*tally("c1", MONDAY, numbers), *tally("c2", MONDAY, numbers))
    assert twins["rule"].to_list() == ["units_report_their_own_numbers"]
    assert found(*tally("c1", MONDAY, numbers), *tally("c2", MONDAY, [*numbers[:5], 9])).is_empty()


def test_small_numbers_repeat_by_chance():
    numbers = [3, 1, 4, 2, 5, 1]
    assert found(*tally("c1", MONDAY - timedelta(weeks=1), numbers), *tally("c1", MONDAY, numbers)).is_empty()


def test_heaped_digits_are_compared_with_peers():
    def counted(subject: str, step: int):
        return [
            {"value": float(100 + (7 * i if step == 1 else 5 * i)), "subject_id": subject, "subject": subject, "start": MONDAY - timedelta(weeks=i)}
            for i in range(60)
        ]

    odd = found(*counted("c1", 5), *counted("c2", 1)).filter(pl.col("rule") == "counts_end_like_the_peers_do").row(0, named=True)
    assert odd["zh"].startswith("c1")
    assert (odd["path"], odd["sheet"], odd["cell"]) == ("周报.xlsx", "第12周", "C5")
    assert "".join(f"周报.xlsx›第12周›C{row}、" for row in range(5, 10))[:-1] + "）" in odd["zh"], "the latest five, and no more"
    assert found(*counted("c1", 5), *counted("c2", 5)).is_empty()


@pytest.mark.parametrize(
    ("row", "rules"),
    [
        ({"start": date(2026, 3, 30), "received_at": datetime(2026, 3, 27, 9)}, ["periods_are_not_in_the_future"]),
        ({"start": date(2026, 3, 23), "received_at": datetime(2026, 3, 27, 9)}, []),
        ({"start": date(2026, 3, 28), "received_at": datetime(2026, 3, 27, 23)}, []),
        ({"is_ledger": True, "start": date(2026, 3, 20), "as_of": date(2026, 3, 19)}, ["events_lie_before_the_data_end"]),
        ({"is_ledger": True, "start": date(2026, 3, 19), "as_of": date(2026, 3, 19)}, []),
        ({"start": MONDAY, "as_of": date(2026, 3, 18), "known_at": date(2026, 3, 22)}, []),
        ({"start": MONDAY, "as_of": date(2026, 3, 22), "known_at": date(2026, 3, 20)}, ["data_end_before_the_sheet_was_written"]),
    ],
    ids=["next week's sheet", "a week handed in before its end", "a day's grace", "an event after the data", "on their last day", "an early cut",
         "data from after the writing"],
)  # fmt: skip
def test_days_that_cannot_be(row, rules):
    """Event date ≤ as_of ≤ known_at; no period in the future."""
    odd = found({"value": 5.0, "cell": "D7", **row})
    assert odd.select("rule", "severity", "cell").rows() == [(rule, "error", "D7") for rule in rules]


def money(measure: str, grade: str, value: float, row: str, day: int = 0, **more):
    ledger = {"form": "intercepted_losses", "channel": "intercepted_losses", "unit": "元", "is_ledger": True, "area_id": "t1", "case_ref": "k"}
    return {**ledger, "measure": measure, "grade": grade, "value": value, "start": MONDAY + timedelta(days=day), "record_id": f"f!s!{row}", **more}


def test_more_returned_than_was_frozen_in_whatever_rows():
    frozen = money("frozen", "P4", 50e3, "a")
    odd = found(frozen, money("returned", "P5", 60e3, "b", 3, cell="H9"))
    assert odd.select("rule", "severity", "cell").rows() == [("returned_events_were_frozen", "error", "H9")]
    assert found(frozen, money("returned", "P5", 50e3, "b", 3)).is_empty()
    assert found(frozen, money("returned", "P5", 45e3, "b", 3, high=60e3, precision="about")).is_empty()


def activity(who: str, day: int = 2, **more):
    told = {"form": "activities", "channel": "leaflets", "measure": "distributed", "unit": "份", "value": 200.0, "is_ledger": True}
    start = MONDAY + timedelta(days=day)
    return {**told, "subject": who, "subject_id": who, "reporter_id": who, "area_id": "d", "start": start, "record_id": f"{who}!s!3", **more}


@pytest.mark.parametrize(
    ("one", "other", "is_asked"),
    [
        ({"venue": "人民广场"}, {"venue": "人民广场"}, True),
        ({"venue": "人民广场", "way": "现场宣传"}, {"venue": "人民广场", "way": "现场宣传"}, True),
        ({"venue": "人民广场", "way": "现场宣传"}, {"venue": "人民广场", "way": "讲座"}, False),
        ({"venue": "学校"}, {"venue": "学校"}, False),
        ({"area_id": "c1"}, {"area_id": "c1"}, True),
        ({"area_id": "c1", "venue": "学校"}, {"area_id": "c1", "venue": "集市"}, False),
        ({"area_id": "c1", "venue": "学校"}, {"area_id": "c2", "venue": "学校"}, False),
        ({"venue": "人民广场"}, {"venue": "人民广场", "start": MONDAY}, False),
        ({"venue": "人民广场"}, {"venue": "人民广场", "subject_id": "支行", "reporter_id": "支行"}, False),
        ({}, {}, False),
    ],
    ids=["a place of its own name", "in one form", "in two forms", "a kind of place", "one community", "two places in it", "two communities",
         "two days", "one reporter", "no place"],
)  # fmt: skip
def test_a_joint_activity_is_asked_about_by_date_place_and_form(one, other, is_asked):
    odd = found(activity("支行", **one), activity("派出所", **{"cell": "G9", **other}))
    assert odd.select("rule", "cell").rows() == ([("activities_are_told_once", "G9")] if is_asked else [])


@pytest.mark.parametrize("same", [True, False])
def test_two_rows_that_were_decided_upon_are_asked_about_no_more_and_a_third_still_is(same):
    told = [activity(name, venue="人民广场", cell=cell) for name, cell in (("支行", "G7"), ("派出所", "G8"), ("学校", "G9"))]
    said = {"reason": "电话核实", "owner": "张某", "date": date(2026, 3, 24), "same": same}
    cells = [{"file": "周报.xlsx", "sheet": "第12周", "cell": cell} for cell in ("B7", "C8")]
    decision = SameActivity.model_validate({**said, "cells": cells})
    odd = found(*told, decisions=Decisions(same_activities=(decision,)))
    assert odd["cell"].to_list() == ["G9"]
    assert found(*told)["cell"].to_list() == ["G8", "G9"]


BREACH = (number("warnings.high_risk", 9.0, cell="D7"), number("warnings.issued", 5.0))


def test_a_waived_finding_stays_listed_with_reason_owner_and_expiry():
    waiver = Waiver(
        rule="high_risk_warnings_are_among_warnings",
        file="周报.xlsx",
        reason="含上周转入",
        owner="张某",
        date=date(2026, 3, 1),
        expires=date(2026, 6, 1),
    )
    issue = found(*BREACH, decisions=Decisions(waivers=(waiver,))).row(0, named=True)
    assert issue["severity"] == "note"
    assert all(word in issue["zh"] for word in ("含上周转入", "张某", "2026-06-01"))
    expired = waiver.model_copy(update={"expires": date(2026, 3, 20)})
    assert found(*BREACH, decisions=Decisions(waivers=(expired,)))["severity"].to_list() == ["error"]
    elsewhere = waiver.model_copy(update={"file": "别的.xlsx"})
    assert found(*BREACH, decisions=Decisions(waivers=(elsewhere,)))["severity"].to_list() == ["error"]


def test_findings_become_points_of_the_returned_workbook():
    files = pl.DataFrame({"file_id": ["f", "g"], "path": ["周报.xlsx", "周报.xlsx"], "is_present": [True, False]})
    points = integrity.points(found(*BREACH), files)
    assert points.select("file_id", "sheet", "cell", "severity").rows() == [("f", "第12周", "D7", "error")]


def test_what_the_reader_returned_and_missing_populations_are_listed():
    returned = rows(
        "rejections",
        {"rejection_id": "r", "file_id": "f", "path": "a.xlsx", "sheet": "s", "cell": "C3", "severity": "error", "rule": "x", "message": "请改"},
    )
    areas = rows("areas", *({**area, "residents": None} if area["area_id"] == "c1" else area for area in AREAS))
    out = run("issues", rejections=returned, areas=areas)["issues"]
    assert out.select("severity", "rule", "zh").rows()[0] == ("error", "x", "请改")
    assert out["rule"].to_list() == ["x", "areas_have_a_population"]
