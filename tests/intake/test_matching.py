"""Headings to columns and tables to forms: what is matched, what is refused, and what is offered instead."""

from __future__ import annotations

import pytest

from pipeline.intake.columns import Match
from pipeline.intake.matching import match_table
from pipeline.settings import Reading as ReadingSettings

SCORE = ReadingSettings().heading_score


def match(*headings: str, title: str = "反诈宣传周统计表", contents: str | None = None) -> list[Match]:
    paths = tuple(tuple(h.split("›")) if h else () for h in ("单位", *headings))
    return list(match_table(paths, contents or "s" + "n" * len(headings), title, SCORE).columns[1:])


def one(heading: str, *others: str) -> Match:
    return match(heading, *(others or ("法制宣传专栏（期）", "劝阻警情（起）")))[0]


@pytest.mark.parametrize(
    ("heading", "measure", "unit"),
    [
        ("发放宣传单（份）", "leaflets.distributed", "份"),
        ("派发反诈宣传资料数量（张）", "leaflets.distributed", "张"),
        ("线下宣传›发放宣传单（份）", "leaflets.distributed", "份"),
        ("宣传单›数量（份）", "leaflets.distributed", "份"),
        ("宣传单份数", "leaflets.distributed", "份"),
        ("印制›宣传单（份）", "leaflets.printed", "份"),
        ("张贴海报（张）", "posters.in_place", "张"),
        ("悬挂横幅", "banners.in_place", None),
        ("新增横幅（条）", "banners.hung", "条"),
        ("LED屏（块）", "displays.screens", "块"),
        ("LED屏（次）", "displays.plays", "次"),
        ("广播（小时）", "broadcasts.hours", "小时"),
        ("大喇叭（个）", "broadcasts.devices", "个"),
        ("广播›次数", "broadcasts.plays", "次"),
        ("宣传车（台次）", "van_tours.tours", "台次"),
        ("宣传车（辆）", "van_tours.vehicles", "辆"),
        ("无人机喊话（架次）", "drones.sorties", "架次"),
        ("宣讲活动›场次", "talks.sessions", "场次"),
        ("宣讲活动›参与人数", "talks.attendance", "人"),
        ("参与人次", "talks.attendance", "人次"),
        ("受众（人次）", "contacts.contacts", "人次"),
        ("辐射人数", "claimed_reach.people", "人"),
        ("入户走访（户次）", "home_visits.visits", "户次"),
        ("入户走访（户）", "home_visits.households", "户"),
        ("微信群›人数", "wechat_groups.members", "人"),
        ("推送预警信息（条）", "pushes.messages", "条"),
        ("公众号阅读量（万次）", "online_media.reads", "万次"),
        ("短视频（条）", "online_media.posts", "条"),
        ("公益短信（万条）", "sms.messages", "万条"),
        ("签订承诺书（份）", "pledges.signed", "份"),
        ("国家反诈中心APP›注册（人）", "app_registrations.registered", "人"),
        ("96110接听量（个）", "hotline.calls", "个"),
        ("举报线索（条）", "hotline.tips", "条"),
        ("预警指令›高危（条）", "warnings.high_risk", "条"),
        ("见面劝阻（人）", "warnings.persons_met", "人"),
        ("止付›账户数（个）", "stop_payments.accounts", "个"),
        ("止付›金额（万元）", "intercepted_losses.stopped", "万元"),
        ("返还被害人资金（元）", "intercepted_losses.returned", "元"),
    ],
)
def test_headings_of_all_channels(heading: str, measure: str, unit: str | None) -> None:
    found = one(heading)
    assert found.role == "measure", found
    assert found.measure is not None
    assert (found.measure.code, found.unit) == (measure, unit)
    assert not found.is_fuzzy


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("劝阻成功率", "shadow"),
        ("占比", "shadow"),
        ("上周›宣传单", "shadow"),
        ("宣传单任务数", "shadow"),
        ("排名", "shadow"),
        ("挽损金额（万元）", "prevented_loss"),
        ("挽回经济损失", "prevented_loss"),
        ("合计", "total"),
        ("宣传资料›小计", "total"),
        ("网格员签到数", "unknown"),
        ("拦截短信（条）", "unknown"),
        ("国家反诈中心APP", "unknown"),
        ("金额", "unknown"),
        ("宣传单（小时）", "unit_clash"),
        ("备注", "remark"),
        ("联系电话", "personal"),
    ],
)
def test_headings_that_are_no_numbers_of_ours(heading: str, role: str) -> None:
    assert one(heading).role == role


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        # below a parent that sums up, an amount is one grade, and never a typed rate
        ("止损情况›止付金额（万元）", ("intercepted_losses.stopped", "万元")),
        ("止损情况（万元）›冻结金额", ("intercepted_losses.frozen", "万元")),
        ("追赃挽损›返还（万元）", ("intercepted_losses.returned", "万元")),
        ("挽损情况›避免损失（元）", ("intercepted_losses.averted", "元")),
        ("止损情况›止付账户（个）", ("stop_payments.accounts", "个")),
        ("挽回›损失金额（万元）", "prevented_loss"),
        ("止损›涉案金额（万元）", "prevented_loss"),
        ("上月止损›止付金额（万元）", "prevented_loss"),
        ("止损任务›止付金额（万元）", "prevented_loss"),
        ("拟止损›止付金额（万元）", "prevented_loss"),
        ("止损情况›未止付金额（万元）", "unknown"),
        ("止损情况›止付率", "shadow"),
        ("同比›止付金额（万元）", "shadow"),
        # what handling came to is said below it
        ("处置情况›劝阻成功", ("warnings.persons_dissuaded", None)),
        ("预警处置›见面劝阻（人）", ("warnings.persons_met", "人")),
        ("处置情况›已处置", ("warnings.handled", None)),
        ("处置情况›未劝阻成功", "unknown"),
    ],
)
def test_parents_that_sum_up_leave_their_columns_what_they_are(heading: str, expected: str | tuple[str, str | None]) -> None:
    found = one(heading)
    seen = (found.measure.code, found.unit) if found.role == "measure" and found.measure else found.role
    assert seen == expected
    assert one(heading.replace("›", "累计›", 1)).is_cumulative or found.role != "measure"


def test_an_unknown_heading_names_its_neighbours() -> None:
    assert "横幅" in one("横幅悬挂点位数（处）").nearest


def test_likeness_needs_the_same_telling_words() -> None:
    near = one("微信公众号的阅览量（万次）")
    assert near.measure is not None
    assert (near.measure.code, near.is_fuzzy) == ("online_media.reads", True)
    assert one("国家反诈中心APP卸载数（人）").role == "unknown"


def test_two_columns_for_one_number_are_both_refused() -> None:
    found = match("宣传单（份）", "发放宣传单", "横幅")
    assert [m.role for m in found] == ["ambiguous", "ambiguous", "measure"]
    assert found[0].nearest == ("发放宣传单",)


@pytest.mark.parametrize(
    ("headings", "constants"),
    [
        (("折页（份）", "手册（份）"), [{"material": "折页"}, {"material": "手册"}]),
        (("老年人›宣传单", "学生›宣传单"), [{"audience": "老年人"}, {"audience": "学生"}]),
        (("进校园›宣讲场次", "进社区›宣讲场次"), [{"venue": "校园"}, {"venue": "社区"}]),
    ],
)
def test_columns_told_apart_by_what_they_say(headings: tuple[str, ...], constants: list[dict[str, str]]) -> None:
    found = match(*headings)
    assert [m.role for m in found] == ["measure", "measure"]
    assert [dict(m.constants) for m in found] == constants


def test_this_week_and_so_far_are_two_columns() -> None:
    week, total = match("宣传单›本周", "宣传单›累计")
    assert (week.role, week.is_cumulative) == ("measure", False)
    assert (total.role, total.is_cumulative) == ("measure", True)


@pytest.mark.parametrize(
    ("title", "headings", "form"),
    [
        ("反诈宣传周统计表", ("宣传单（份）", "横幅（条）", "微信群（个）"), "weekly_tally"),
        ("宣传品发放统计表", ("宣传单（份）", "折页（份）", "海报（张）"), "leaflets"),
        ("横幅悬挂情况", ("在用横幅（条）", "新增（条）", "拆除（条）"), "banners"),
        ("大喇叭播放情况", ("喇叭数量（个）", "播放时长（小时）"), "broadcasts"),
        ("止付挽损情况表", ("预警指令（条）", "止付›金额（万元）", "冻结金额"), "intercepted_losses"),
        ("预警劝阻情况", ("预警指令（条）", "见面劝阻（人）", "入户走访（户次）", "承诺书（份）"), "response"),
        ("线上宣传统计", ("公众号（篇）", "公众号阅读量（次）", "短信（条）"), "online"),
        ("发案情况", ("立案数（起）", "损失金额（万元）"), "losses"),
        ("反诈知晓率抽样", ("抽样人数", "知晓人数"), "surveys"),
        ("辖区人口", ("常住人口（人）", "户数"), "areas"),
    ],
)
def test_forms(title: str, headings: tuple[str, ...], form: str) -> None:
    paths = tuple(tuple(h.split("›")) for h in ("单位", *headings))
    found = match_table(paths, "s" + "n" * len(headings), title, SCORE)
    assert found.form is not None
    assert found.form.name == form


def test_no_form_fits() -> None:
    found = match_table((("品种",), ("单价",), ("库存",)), "tnn", "食堂采购清单", SCORE)
    assert found.form is None


def test_equal_layouts_have_equal_fingerprints() -> None:
    one, other = (match_table((("单位",), (h,)), "sn", title, SCORE) for h, title in (("宣传单（份）", "第1周"), ("宣传单（份）", "第2周")))
    assert one.fingerprint == other.fingerprint
    assert one.fingerprint != match_table((("单位",), ("横幅（条）",)), "sn", "第1周", SCORE).fingerprint


@pytest.mark.parametrize(
    ("heading", "measure", "unit", "constants"),
    [
        ("校园广播（次）", "broadcasts.plays", "次", {"venue": "校园"}),
        ("参加学生（人）", "talks.attendance", "人", {"audience": "学生"}),
        ("参加家长（人次）", "talks.attendance", "人次", {"audience": "家长"}),
        ("走访商户（户）", "home_visits.households", "户", {"audience": "商户"}),
        ("社区新增横幅（条）", "banners.hung", "条", {"venue": "社区"}),
        ("民警入户走访工作（户次）", "home_visits.visits", "户次", {}),
        ("楼栋微信群（个）", "wechat_groups.groups", "个", {}),
        ("2026年3月发放宣传单（份）", "leaflets.distributed", "份", {}),
    ],
)
def test_a_heading_says_whom_where_and_how_in_one_word(heading: str, measure: str, unit: str, constants: dict[str, str]) -> None:
    found = one(heading)
    assert (found.role, found.measure and found.measure.code, found.unit, dict(found.constants)) == ("measure", measure, unit, constants)
    assert not found.is_fuzzy


@pytest.mark.parametrize(
    "heading",
    [
        "微信群新增（个）",
        "注销群（个）",
        "新增APP注册人数",
        "回收宣传单（份）",
        "横幅悬挂点位数（处）",
        "制作横幅（条）",
        "剩余横幅（条）",
        "未签订承诺书（份）",
        "拟开展宣讲（场）",
        "流动人口（人）",
        "拦截诈骗短信（条）",
    ],
)
def test_a_word_that_makes_it_another_number_is_never_left_out(heading: str) -> None:
    assert one(heading).role == "unknown"


def test_a_heading_that_leaves_out_what_it_is_about_is_said_of_its_neighbour() -> None:
    found = match("大喇叭（个）", "播放次数（次）", "播放时长（小时）", "电子屏（块）", "播放次数（次）", "播放时长（小时）")
    assert [m.measure and m.measure.code for m in found] == [
        *("broadcasts.devices", "broadcasts.plays", "broadcasts.hours"),
        *("displays.screens", "displays.plays", "displays.hours"),
    ]
    assert {m.role for m in found} == {"measure"}
    assert one("播放次数（次）").role == "unknown"


@pytest.mark.parametrize(
    ("before", "heading", "measure"),
    [
        ("LED屏（块）", "轮播（次）", "displays.plays"),
        ("LED屏（块）", "播放总时长（小时）", "displays.hours"),
        ("大喇叭（个）", "播放（小时）", "broadcasts.hours"),
        ("大喇叭（个）", "播放（次）", "broadcasts.plays"),
        ("短视频（条）", "播放量（次）", "online_media.reads"),
        ("大喇叭（个）", "循环播放（次）", "broadcasts.plays"),
        ("大喇叭（个）", "播报反诈提示（次）", "broadcasts.plays"),
        ("短视频（条）", "播放（万次）", "online_media.reads"),
        ("横幅（条）", "播放（次）", None),
        ("横幅（条）", "叫号屏插播（次）", "displays.plays"),
        ("大喇叭（个）", "LED屏›播放（次）", "displays.plays"),
        ("短信（条）", "播放（小时）", None),
    ],
)
def test_what_was_played_is_said_of_the_column_before(before: str, heading: str, measure: str | None) -> None:
    found = match(before, heading)[1]
    assert (found.measure.code if found.role == "measure" and found.measure else None) == measure


def test_twins_are_told_apart_by_the_column_before_them() -> None:
    found = match("公众号（篇）", "阅读量（次）", "抖音（条）", "播放量（次）")
    assert [(m.role, m.constants.get("platform")) for m in found] == [("measure", "微信公众号")] * 2 + [("measure", "抖音")] * 2
    assert [m.role for m in match("阅读量（次）", "播放量（次）")] == ["ambiguous"] * 2


def test_persons_are_no_money() -> None:
    assert [m.role for m in match("返还›人数", "返还›金额（万元）", title="止付冻结返还情况")] == ["unit_clash", "measure"]


def test_a_wider_base_is_not_loaded_for_a_narrower_one_nobody_knows() -> None:
    asked, answered, _ = match("发放问卷（份）", "收上来的纸质卷子（份）", "知晓人数（人）", title="知晓率测评")
    assert (asked.role, answered.role) == ("ambiguous", "unknown")


def test_a_total_is_the_number_where_no_part_counts_the_same() -> None:
    high, total = match("预警指令›高危（条）", "预警指令›合计（条）")
    assert (high.measure and high.measure.code, total.role, total.measure and total.measure.code, total.unit) == (
        *("warnings.high_risk", "measure", "warnings.issued"),
        "条",
    )
    assert match("宣传资料›手册（份）", "宣传资料›合计（份）")[1].role == "total"
