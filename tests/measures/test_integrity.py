from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from pipeline.decisions import Decisions, Waiver
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

    odd = found(*counted("c1", 5), *counted("c2", 1))
    assert odd.filter(pl.col("rule") == "counts_end_like_the_peers_do")["zh"].to_list()[0].startswith("c1")
    assert found(*counted("c1", 5), *counted("c2", 5)).is_empty()


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
