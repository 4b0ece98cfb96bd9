"""Headings that no form lists: read by their words and unit, asked about where letters are left over, unknown where they leave a choice."""

from __future__ import annotations

import pytest

from pipeline.forms.wording import read_wording
from pipeline.intake.columns import Match
from pipeline.intake.composing import composed
from pipeline.intake.matching import match_table


def made(heading: str, form: str | None = None) -> tuple[str, bool] | None:
    found = composed(tuple(map(read_wording, heading.split("›"))), form)
    return (found.column.measure or "", found.is_certain) if found else None


@pytest.mark.parametrize(
    ("heading", "measure"),
    [
        ("院坝会（场）", "talks.sessions"),
        ("主题团日（次）", "talks.sessions"),
        ("集中宣讲›到场群众（人）", "talks.attendance"),
        ("参演幼儿（人）", "talks.attendance"),
        ("志愿者宣讲（场）", "talks.sessions"),
        ("主题班会（节）", "talks.sessions"),
        ("返还被骗资金（万元）", "intercepted_losses.returned"),
        ("观众（人次）", "talks.attendance"),
        ("讲座参加人数", "talks.attendance"),
        ("被“骗走”幼儿（人）", "talks.deceived_in_drill"),
        ("走访住户（户）", "home_visits.households"),
        ("业主群（个）", "wechat_groups.groups"),
        ("业主群成员（人）", "wechat_groups.members"),
        ("群内预警转发（条）", "pushes.messages"),
        ("短视频作品（个）", "online_media.posts"),
        ("公益短信（万条）", "sms.messages"),
        ("学生签订（份）›纸质", "pledges.signed"),
        ("实名注册人数", "app_registrations.registered"),
        ("接听咨询电话（个）", "hotline.calls"),
        ("指导装国家反诈中心APP", "app_registrations.installed"),
        ("已装反诈APP（户）", "app_registrations.installed"),
        ("被骗情况›起数/损失", "losses.cases"),
        ("劝住（人）", "warnings.persons_dissuaded"),
        ("反馈预警指令（条）", "warnings.handled"),
        ("劝停转账（名）", "warnings.persons_dissuaded"),
        ("电影放映前宣讲", "talks.sessions"),
        ("课前宣讲（次）", "talks.sessions"),
        ("科室早会宣讲（次）", "talks.sessions"),
        ("到课人数", "talks.attendance"),
        ("出席学生（名）", "talks.attendance"),
        ("同步发单（份）", "leaflets.distributed"),
        ("印制发放宣传单（份）", "leaflets.distributed"),
        ("定制发放反诈围裙（份）", "leaflets.distributed"),
        ("制作悬挂横幅（条）", "banners.in_place"),
        ("拍摄发布短视频（部）", "online_media.posts"),
        ("叫号机滚动播放（次）", "displays.plays"),
        ("走访沿街商铺（家次）", "home_visits.visits"),
        ("入户见面群众（人）", "home_visits.persons"),
        ("劝阻方式›电话（人次）", "warnings.phone_dissuasions"),
        ("宣传车›投入车辆（辆）", "van_tours.vehicles"),
        ("无人机›投入（架）", "drones.aircraft"),
        ("墙体标语（幅）", "posters.in_place"),
        ("公交车载屏播放（次）", "displays.plays"),
        ("月末在用（条）", "banners.in_place"),
        ("群内居民（人）", "wechat_groups.members"),
        ("外呼劝阻（人次）", "warnings.phone_dissuasions"),
        ("参与演练", "talks.attendance"),
        ("包裹粘贴宣传单（份）", "leaflets.distributed"),
        ("剩余宣传单（份）", "leaflets.closing_stock"),
        ("柜面堵截（起）", "intercepted_losses.cases"),
        ("柜面劝阻›笔数", "intercepted_losses.cases"),
        ("紧急止付›账户数（个）", "stop_payments.accounts"),
        ("紧急止付›止付额", "intercepted_losses.stopped"),
        ("冻结›冻结额", "intercepted_losses.frozen"),
        ("资金返还›返还额", "intercepted_losses.returned"),
        ("1、发放宣传资料（份）", "leaflets.distributed"),
        ("①应急广播播发（次）", "broadcasts.plays"),
        ("（一）广播次数", "broadcasts.plays"),
        ("上月结存宣传资料（份）", "leaflets.opening_stock"),
        ("期初结存›宣传手册（册）", "leaflets.opening_stock"),
        ("月末结存›宣传手册（本）", "leaflets.closing_stock"),
        ("印数›宣传单页", "leaflets.printed"),
        ("张贴反诈贴纸（张）", "posters.in_place"),
        ("滚动播放宣传标语（条次）", "displays.plays"),
        ("取下破损横幅（条）", "banners.removed"),
        ("配备无人机（架）", "drones.aircraft"),
        ("反诈倡议书签名（份）", "pledges.signed"),
        ("推送阅读量（次）", "online_media.reads"),
        ("转发推文（次）", "pushes.messages"),
        ("国家反诈中心APP实名认证（人）", "app_registrations.registered"),
        ("群众举报涉诈线索（条）", "hotline.tips"),
        ("紧急（高危）预警（条）", "warnings.high_risk"),
        ("面对面劝阻（人）", "warnings.persons_met"),
        ("见面劝阻›成功（人）", "warnings.persons_dissuaded"),
        ("入户走访›见面（人）", "home_visits.persons"),
        ("劝阻›见面（人）", "warnings.persons_met"),
        ("避免受骗（人）", "warnings.persons_dissuaded"),
        ("劝阻（元）", "intercepted_losses.averted"),
        ("减少群众损失（万元）", "intercepted_losses.averted"),
        ("止付涉诈账户数", "stop_payments.accounts"),
        ("冻结涉诈资金（元）", "intercepted_losses.frozen"),
        ("发生电诈案件（起）", "losses.cases"),
        ("厅堂宣传（人次）", "contacts.contacts"),
        ("辖区常住人口（人）", "population.residents"),
        ("辖区总户数（户）", "population.households"),
        ("在校学生（人）", "population.students"),
        ("随件粘贴防诈提示（份）", "leaflets.distributed"),
        ("推送防诈提示（条）", "pushes.messages"),
        ("受训人数（人）", "talks.attendance"),
        ("户外大屏滚播（次）", "displays.plays"),
    ],
)
def test_a_heading_of_known_words_is_certain(heading: str, measure: str) -> None:
    assert made(heading, "activities" if "deceived" in measure else None) == (measure, True)


@pytest.mark.parametrize(
    ("heading", "measure"),
    [
        ("坝坝电影（场）", "talks.sessions"),
        ("拉入微信群（人）", "wechat_groups.members"),
        ("张贴警示标识（张）", "posters.in_place"),
        ("展馆电子屏播放（小时）", "displays.hours"),
        ("培训民警（人）", "talks.attendance"),
        ("志愿服务（人次）", "talks.attendance"),
        ("走访学校", "home_visits.visits"),
        ("群内发预警（条）", "pushes.messages"),
        ("警民群内发预警（条）", "pushes.messages"),
        ("业主群里发预警（条）", "pushes.messages"),
    ],
)
def test_letters_left_over_and_other_nouns_are_asked_about(heading: str, measure: str) -> None:
    assert made(heading) == (measure, False)


@pytest.mark.parametrize(
    "heading",
    [
        "账户（个）",
        "横幅（场）",
        "制作横幅（条）",
        "未安装人数",
        "拦截诈骗短信（条）",
        "涉诈电话（个）",
        "参与民警（人）",
        "短信微信",
        "预警线索推送（条）",
        "宣讲内容",
        "进校园时间",
        "涉案损失（元）",
        "民生实事（件）",
        "参与民警",
        "走访民警",
        "广播覆盖村（个）",
        "覆盖小区数",
        "惠及企业",
        "短信拦截（条）",
        "推送群数（个）",
        "播放场次",
        "应参加人数",
        "公众号粉丝",
        "培训合格人数",
    ],
)
def test_a_choice_stays_unknown(heading: str) -> None:
    assert made(heading) is None


def test_a_number_that_only_a_unit_tells_is_left_to_its_cells() -> None:
    column = columns("店内喇叭播放")[0].column
    assert column is not None
    assert column.needs_unit
    assert (column.by_unit["次"], column.by_unit["个"], column.by_unit["小时"]) == ("broadcasts.plays", "broadcasts.devices", "broadcasts.hours")


def test_what_a_leaf_leaves_open_is_not_said_by_its_parent() -> None:
    column = columns("预警›劝阻")[0].column
    assert column is not None
    assert column.needs_unit


def test_people_who_take_part_are_no_people_deceived() -> None:
    column = columns("参加")[0].column
    assert column is not None
    assert column.by_unit["人"] == "talks.attendance"


@pytest.mark.parametrize(
    ("heading", "measure"),
    [
        ("签订人数", None),
        ("签订户数", None),
        ("志愿者人数", None),
        ("咨询台（个）", None),
        ("LED（块次）", None),
        ("库存", None),
        ("新增", None),
        ("户数", None),
        ("APP›新增", None),
        ("横幅›新增", "banners.hung"),
        ("走访商户", "home_visits.households"),
        ("劝阻人数", "warnings.persons_dissuaded"),
        ("劝阻›电话", "warnings.phone_dissuasions"),
        ("劝阻›上门", "warnings.persons_met"),
        ("学校数", None),
    ],
)
def test_a_heading_that_names_nothing_counts_nothing(heading: str, measure: str | None) -> None:
    found = columns("讲座（场）", heading)[1]
    assert (found.measure.code if found.measure and found.role == "measure" else None) == measure
    assert not found.role.startswith(("subject", "personal"))


def test_a_heading_that_names_nothing_is_of_the_column_beside_it() -> None:
    assert [m.measure and m.measure.code for m in columns("宣传单（份）", "库存")] == ["leaflets.distributed", "leaflets.closing_stock"]
    assert [m.measure and m.measure.code for m in columns("走访（户次）", "户数")] == ["home_visits.visits", "home_visits.households"]


def test_an_amount_is_what_its_form_says() -> None:
    assert made("涉案损失（元）", "losses") == ("losses.amount", True)
    assert made("涉案损失（元）", "intercepted_losses") == ("intercepted_losses.averted", True)
    assert made("接警›损失金额（万元）", "intercepted_losses") == ("losses.amount", True)


def columns(*headings: str) -> tuple[Match, ...]:
    return match_table((("单位",), *(tuple(h.split("›")) for h in headings)), "s" + "n" * len(headings), "反诈宣传周统计表", 88).columns[1:]


def test_kinds_of_one_number_are_told_apart_and_a_whole_beside_its_part_is_not() -> None:
    assert [dict(m.constants) for m in columns("公益短信（条）", "预警短信（条）")] == [{"material": "公益"}, {"material": "预警"}]
    assert [m.role for m in columns("短信（条）", "预警短信（条）")] == ["ambiguous", "ambiguous"]
    assert [m.role for m in columns("宣传单（份）", "派发宣传单页（份）")] == ["ambiguous", "ambiguous"]


def test_what_a_unit_contradicts_is_read_by_its_words() -> None:
    found = columns("劝阻避免损失›起数", "村村响大喇叭›播放（小时）", "广播 Broadcasts（小时）")
    assert [m.measure and m.measure.code for m in found] == ["intercepted_losses.cases", "broadcasts.hours", "broadcasts.hours"]


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("禁毒宣传单（份）", "uncounted"),
        ("消防宣传›参与人数", "uncounted"),
        ("反诈禁毒宣传单（份）", "unknown"),
        ("志愿者人数", "unknown"),
        ("预计受众（人次）", "unknown"),
        ("日均推送（条）", "unknown"),
    ],
)
def test_what_is_not_outreach_against_fraud_is_not_loaded(heading: str, role: str) -> None:
    assert match_table((("单位",), tuple(heading.split("›")), ("悬挂横幅（条）",)), "snn", "宣传周报", 88).columns[1].role == role
