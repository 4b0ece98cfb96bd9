"""Which sentence and title a scope gets: ordered rules, each with the case that calls it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from pipeline.pages import comparisons, findings
from pipeline.pages.facts import METRICS, NOTHING, Facts, gather
from pipeline.pages.messages import plain
from pipeline.pages.model import Period, Scope, say
from pipeline.settings import Pages

WORDS = {
    "area:d": ("云麓区", "Yunlu"),
    "area:03": ("白鹭镇", "Bailu"),
    "area:07": ("柳溪镇", "Liuxi"),
    "label:previous": ("环比", "vs previous"),
    "label:year": ("同比", "vs last year"),
    "label:period_start": ("较期初", "vs start"),
    "why:no_previous": ("无上期数据", "no earlier data"),
    "why:low_reporting": ("报送不足八成", "under 80%"),
    "why:never": ("从未报送", "never reported"),
    "since:w13": ("13周前", "13 weeks before"),
    "span:w13": ("近13周", "13 weeks"),
    "grade:P5": ("返还", "returned"),
    "grade:P2": ("劝阻", "dissuaded"),
    "why:small_amount": ("基数不足10万元", "small base"),
    "ch:sms": ("短信", "SMS"),
    "ch:talks": ("宣讲活动", "Talks"),
    "type:x": ("刷单返利", "rebates"),
}


def row(**given: object) -> dict:
    return {**NOTHING, **given}


def facts(**changes: object) -> Facts:
    kpi = {
        "coverage": row(value=0.624, low=0.53, high=0.71, change=-0.003),
        "contacts": row(value=742_000.0, comparable=742_000.0, previous=740_000.0, change=0.003),
        "cases": row(value=471.0, comparable=471.0, previous=479.0, change=-0.017),
        "prevented": row(
            value=16_710_000.0,
            comparable=16_710_000.0,
            low=15_740_000.0,
            high=19_640_000.0,
            previous=14_000_000.0,
            change=0.19,
            share_largest=0.1,
            without_largest_change=-0.023,
        ),
        "on_time_rate": row(value=0.833, change=-0.013),
    }
    assert set(kpi) == set(METRICS)
    kpi |= changes.pop("kpi", {})  # type: ignore[arg-type]
    base = Facts(
        scope=Scope("d", "w13"),
        period=Period("w13", date(2025, 12, 22), date(2026, 3, 16), say("period.weeks", n=13)),
        level="district",
        kpi=kpi,
        target=0.75,
        blind=("a", "b"),
        blind_residents=77_000.0,
        blind_towns=("03", "07"),
        n_never=1,
        n_communities=60,
        grades={"P5": 2_100_000.0, "P4": 0.0, "P3": 0.0, "P2": 14_610_000.0},
        exact_amount=11_000_000.0,
        n_exact=310,
        n_unknown=0,
        n_vague=0,
        n_cases=471,
        largest=None,
        statuses={"on_time": 130, "late": 10, "partial": 5, "zero_report": 0, "missing": 11, "not_due": 0, "waived": 0},
        reaches_last=True,
        is_last_due=True,
        last=date(2026, 3, 16),
        last_statuses={"on_time": 9, "late": 0, "partial": 0, "zero_report": 0, "missing": 3, "not_due": 0, "waived": 0},
        late_towns=(),
        missing_towns=("03", "07"),
        policy=Pages(),
        is_provisional=True,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def zh(text: object) -> str:
    return plain(text, "zh", WORDS).replace("\u00a0", " ")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "now", "change", "low", "high", "expected"),
    [
        (0.0, 3.0, None, None, None, "环比 0起→3起"),
        (3.0, 5.0, None, None, None, "环比 3起→5起（基数小，不算百分比）"),
        (9.0, 4.0, None, None, None, "环比 9起→4起（基数小，不算百分比）"),
        (10.0, 15.0, 0.5, -0.3, 1.9, "环比 ▲ +50%（95%区间 −30%–\u2060+190%）"),
        (29.0, 27.0, -0.069, -0.47, 0.63, "环比 ▼ −6.9%（95%区间 −47%–\u2060+63%）"),
        (49.0, 49.0, 0.0, -0.4, 0.5, "环比 ≈ 持平"),
        (50.0, 60.0, 0.2, 0.0, 0.4, "环比 ▲ +20%"),
        (None, 5.0, None, None, None, "环比 —（无上期数据）"),
    ],
)
def test_counts_are_compared_in_the_form_their_base_allows(before, now, change, low, high, expected) -> None:
    cases = row(value=now, comparable=now, previous=before, change=change, change_low=low, change_high=high)
    assert zh(comparisons.compared(facts(kpi={"cases": cases}), "previous", "cases", "n", cases=before)) == expected


def test_low_reporting_says_why_there_is_no_percentage() -> None:
    found = facts(kpi={"cases": row(value=60.0, comparable=60.0, previous=80.0, change=None, note="low_reporting")})
    assert zh(comparisons.compared(found, "previous", "cases", "n", cases=80.0)) == "环比 —（报送不足八成）"


LARGE = {"value": 2_860_000.0, "fraud_type": "x", "week": date(2026, 1, 19), "event_id": "e"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"n_cases": 0, "kpi": {"prevented": row()}}, "近13周没有预防损失记录"),
        ({"n_cases": 7, "kpi": {"cases": row(value=7.0, previous=4.0)}}, "近13周劝阻止付 7 起、预防损失 1,671 万元，基数小"),
        ({"kpi": {"prevented": row(value=16_710_000.0, change=0.004, share_largest=0.4)}}, "近13周预防损失 1,671 万元，环比基本持平"),
        ({"kpi": {"prevented": row(value=16_710_000.0, change=0.2, share_largest=0.17)}}, "近13周预防损失 1,671 万元，单笔最大一起占 17%"),
        ({"kpi": {"prevented": row(value=16_710_000.0, change=0.2, share_largest=0.1)}}, "近13周预防损失 1,671 万元，环比 +20%"),
        ({"kpi": {"prevented": row(value=16_710_000.0, change=None, share_largest=0.1, note="low_reporting")}}, "近13周预防损失 1,671 万元"),
    ],
    ids=["no data", "small base", "flat", "one case", "change", "level"],
)
def test_loss_title_takes_the_first_rule_that_applies(changes, expected) -> None:
    assert zh(findings.loss_title(facts(**changes))) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "覆盖率 62.4%，距目标差 12.6 个百分点；2 个盲区社区，以白鹭镇、柳溪镇最多。"),
        ({"policy": Pages(rankings="off")}, "覆盖率 62.4%，距目标差 12.6 个百分点；2 个盲区社区。"),
        ({"level": "town", "blind": ("03",)}, "覆盖率 62.4%，距目标差 12.6 个百分点；1 个盲区社区（白鹭镇）。"),
        ({"kpi": {"coverage": row(value=0.8)}, "blind": ()}, "覆盖率 80.0%，已达到目标 75%；没有盲区社区。"),
        ({"kpi": {"coverage": row()}}, "覆盖率 —（从未报送）。"),
    ],
)
def test_coverage_sentence(changes, expected) -> None:
    assert zh(findings.coverage_sentence(facts(**changes))) == expected


def test_loss_sentence_always_has_its_split_and_names_a_dominant_case() -> None:
    text = zh(findings.loss_sentence(facts(largest=LARGE, n_unknown=25)))
    assert (
        text
        == "劝阻止付 471 起，预防损失 1,671 万元（返还 210 · 劝阻 1,461 万元），其中单笔 286.0 万元；扣除最大一笔后环比 −2.3%；另有 25 起金额不详。"
    )
    assert "其中单笔" not in zh(findings.loss_sentence(facts(largest={**LARGE, "value": 200_000.0})))


@pytest.mark.parametrize(
    ("low", "n_vague", "expected"),
    [
        (15_740_000.0, 0, "区间 1,574–1,964 万元；止付及以上 210.0 万元"),
        (15_740_000.0, 3, "区间 1,574–1,964 万元；止付及以上 210.0 万元"),
        (16_800_000.0, 3, "区间 1,680–1,964 万元（含未进合计的 3 起，只知范围，如“数十万元”）；止付及以上 210.0 万元"),
    ],
    ids=["exact total inside", "vague ones, total inside", "total below its range"],
)
def test_a_total_below_its_range_says_why(low, n_vague, expected) -> None:
    given = facts(kpi={"prevented": row(value=16_710_000.0, low=low, high=19_640_000.0, share_largest=0.1)}, n_vague=n_vague)
    assert zh(comparisons.loss_card(given)["firm"]) == expected


def test_amounts_within_bounds_are_counted_from_the_events(district) -> None:
    vague = district.frames["events"].filter(pl.col("value").is_null() & pl.col("low").is_not_null(), pl.col("week") >= district.default_period.first)
    assert vague.height > 0
    assert gather(district, Scope("d", "w13")).n_vague == vague.height
    assert gather(district, Scope("03", "w13")).n_vague == vague.filter(town_id="03").height


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "第12周 2 个镇街缺报；"),
        ({"missing_towns": ()}, "第12周报送齐全；"),
        (
            {"last_statuses": {"on_time": 9, "late": 0, "partial": 0, "zero_report": 0, "missing": 0, "not_due": 3, "waived": 0}},
            "第12周报送未截止，已报 9/12；",
        ),
        (
            {"level": "town", "last_statuses": {"on_time": 0, "late": 0, "partial": 0, "zero_report": 0, "missing": 1, "not_due": 0, "waived": 0}},
            "第12周缺报；",
        ),
    ],
)
def test_before_the_deadline_nobody_is_missing(changes, expected) -> None:
    assert zh(findings.trust_sentence(facts(**changes))).startswith(expected)


def test_a_period_that_ended_earlier_does_not_speak_of_the_latest_week() -> None:
    assert "第12周" not in zh(findings.trust_sentence(facts(reaches_last=False)))


def test_channels_are_compared_only_with_themselves() -> None:
    assert (
        zh(findings.channels_title({"sms": {"now": 10.0, "change": 0.05}, "talks": {"now": 3.0, "change": -0.4}}, facts()))
        == "宣讲活动变化最大，环比 −40%"
    )
    assert zh(findings.channels_title({"sms": {"now": None, "change": None}}, facts())) == "本期没有渠道数据"


def test_one_town_is_not_counted_in_towns() -> None:
    assert zh(findings.reports_title(facts(level="town", missing_towns=("03",)))) == "第12周缺报"


CHANNELS = {"ch:sms": ("短信", "texts"), "ch:talks": ("讲座", "talks")}


@pytest.mark.parametrize(
    ("weekly", "expected"),
    [
        ({"sms": [None] * 9, "talks": [0.0] * 9}, "各渠道近一年没有报送"),
        ({"sms": [1.0] * 5 + [None] * 4, "talks": [1.0] * 9}, "短信近4周没有报送触达"),
        ({"sms": [1.0] * 5 + [2.0] * 4, "talks": [2.0] * 5 + [1.0] * 4}, "1/2 个渠道近4周高于自身近一年的周均"),
    ],
)
def test_weekly_title_compares_each_channel_with_itself(weekly, expected) -> None:
    text = findings.weekly_title(weekly)
    assert plain(text, "zh", CHANNELS) == expected
    assert plain(text, "en", CHANNELS)


@pytest.mark.parametrize(
    ("rates", "rankings", "expected"),
    [
        ({"sms": {"03": None, "07": None}}, True, "近13周没有渠道触达数据"),
        ({"sms": {"03": 1.0, "07": 2.0}, "talks": {"03": 1.0, "07": None}}, True, "1/2 个镇街近13周至少有一个渠道没有触达"),
        ({"sms": {"03": 1.0, "07": 2.0}, "talks": {"03": 1.0, "07": 3.0}}, True, "讲座在镇街之间差距最大：每百名居民 1.0–3.0"),
        ({"sms": {"03": 1.0, "07": 2.0}, "talks": {"03": 1.0, "07": 3.0}}, False, "2 个渠道在各镇街都有触达"),
    ],
)
def test_towns_title_names_gaps_before_the_spread(rates, rankings, expected) -> None:
    text = findings.towns_title(rates, rankings=rankings)
    assert plain(text, "zh", CHANNELS) == expected
    assert plain(text, "en", CHANNELS)


def test_operation_title_counts_only_what_can_be_compared() -> None:
    names = {"op:x": ("行动", "Operation")}
    assert plain(findings.operation_title("op:x", [0.2, None, -0.1]), "zh", names) == "行动期间，1/2 个渠道的触达量多于此前同长时段"
    assert plain(findings.operation_title("op:x", [None]), "en", names) == "Operation: no channel can be compared"


def test_ranking_title_without_rankings_only_counts() -> None:
    assert zh(findings.ranking_title(("03", "07"), rankings=False)) == "2 个镇街区间上界低于全区"
    assert zh(findings.ranking_title(("03", "07"), rankings=True)) == "白鹭镇、柳溪镇明确低于全区水平"
