"""What stands over, beside and under the rows: whose they are where no column says so, groups above a header, pairs of labels, who signed."""

from __future__ import annotations

import pytest

from pipeline.intake.conservation import unaccounted
from pipeline.intake.records import Reading
from tests.support.sheets import Rows, numbers, read_rows, rules


def subjects(reading: Reading) -> set[str]:
    return {m.subject for m in reading.measurements}


MONTHS = (("工作内容", "1月", "2月"), ("宣讲（场）", 5, 2), ("发放折页（份）", 1000, 800))
BY_PLATFORM = (("平台", "发布数量（条）", "播放量（次）"), ("抖音号", 3, 900), ("微博", 2, 80))
BY_DAY = (("日期", "地点", "发放资料（份）"), ("2025年9月3日", "蔬菜大厅", 150), ("2025.9.10", "水产区", 80))
WITH_A_STRANGER = (("月份", "网络大事（件）", "公益短信（条）"), ("1月", 12.6, 3400), ("2月", "11万", 2950))
BY_TYPE = (("序号", "诈骗类型", "立案数（起）", "损失金额（万元）"), (1, "刷单返利", 21, 86.4), (2, "冒充客服", 9, 20))


@pytest.mark.parametrize(
    ("title", "rows", "whose"),
    [
        ("渤澜银行青岚分行2024年第一季度反诈工作情况表", MONTHS, "渤澜银行青岚分行"),
        ("碧湖县融媒体中心2024年12月反诈作品发布情况", BY_PLATFORM, "碧湖县融媒体中心"),
        ("县融媒体中心反诈作品发布情况（2024年12月）", BY_PLATFORM, "县融媒体中心"),
        ("南关农贸市场管理处2025年防骗宣传活动记录簿", BY_DAY, "南关农贸市场管理处"),
        ("梅溪司法所2026年反诈宣传情况", MONTHS, "梅溪司法所"),
        ("碧湖县通信分公司2025年反诈数据月报", WITH_A_STRANGER, "碧湖县通信分公司"),
        ("碧湖区2024年4月电信网络诈骗案件损失情况", BY_TYPE, "碧湖区"),
        ("碧湖区2024年4月宣传情况", (("单元", "宣传单（份）"), ("东片", 10), ("西片", 20)), {"东片", "西片"}),
    ],
)
def test_a_title_says_whose_the_rows_are_where_no_column_can(title: str, rows: Rows, whose: str | set[str]) -> None:
    reading = read_rows(((title,), *rows))
    assert subjects(reading) == ({whose} if isinstance(whose, str) else whose)
    assert {"subject_is_named_beside_the_title", "names_have_a_known_heading"} & set(rules(reading))  # and it is said


def test_events_of_a_whole_area_are_not_the_areas_own() -> None:
    reading = read_rows((("碧湖区2024年3月反诈活动台账",), ("日期", "活动名称", "发放宣传单（份）"), ("2024-03-05", "赶集宣传", 200)))
    assert not reading.measurements
    assert "sheet_names_its_subject" in rules(reading)


@pytest.mark.parametrize(("name", "is_somebody"), [("城关派出所：一中队", True), ("调查方式：随机入户", False)])
def test_a_remark_in_a_column_of_names_is_nobody(name: str, is_somebody: bool) -> None:
    reading = read_rows((("2024年6月反诈宣传",), ("社区", "宣传单（份）", "讲座（场）"), ("文昌社区", 10, 1), (name, 20, 2), ("学府社区", 5, 1)))
    assert (("row_has_a_subject" not in rules(reading)), len(reading.measurements)) == (is_somebody, 6 if is_somebody else 4)


def test_places_are_the_rows_of_a_tally_where_nobody_else_is_named() -> None:
    heads = ("场所", "张贴海报（张）", "告知书（份）")
    tally = read_rows((("网吧酒店反诈宣传（2024年5月）",), heads, ("城区网吧", 64, 32), ("民宿", 26, None)))
    assert subjects(tally) == {"城区网吧", "民宿"}
    ledger = read_rows((("网吧酒店反诈宣传（2024年5月）",), ("日期", *heads), ("5月3日", "城区网吧", 64, 32), ("5月4日", "民宿", 26, 3)))
    assert not ledger.measurements


BY_POINT = {
    "bodies": ("游客中心", "索道站", "古街管委会", "民宿联盟"),
    "corners": ("售票大厅", "候车厅", "检票口", "观景台"),
    "twice": ("游客中心", "索道站", "游客中心", "索道站"),
}


@pytest.mark.parametrize(
    ("heading", "names", "whose"),
    [
        ("点位", "bodies", set(BY_POINT["bodies"])),
        ("场所", "bodies", {"景区安全科"}),
        ("班组", "corners", set(BY_POINT["corners"])),
        ("点位", "corners", {"景区安全科"}),
        ("点位", "twice", {"景区安全科"}),
        ("活动地点", "bodies", {"景区安全科"}),
        ("悬挂位置", "bodies", {"景区安全科"}),
    ],
)
def test_places_that_are_somebody_are_the_rows_and_corners_are_the_reporters(heading: str, names: str, whose: set[str]) -> None:
    rows = [(name, 100 + i, i + 1) for i, name in enumerate(BY_POINT[names])]
    head = (("景区2025年7月反诈宣传统计",), ("报送部门：景区安全科",), (heading, "宣传单（份）", "宣讲（场）"))
    reading = read_rows((*head, *rows))
    assert subjects(reading) == whose
    assert ("names_have_a_known_heading" in rules(reading)) == (whose != {"景区安全科"})
    dated = read_rows((*head[:2], (heading, "日期", *head[2][1:]), *((name, f"7月{i + 1}日", *rest) for i, (name, *rest) in enumerate(rows))))
    assert heading == "班组" or subjects(dated) == {"景区安全科"}  # what was done at a place on a day is its reporter's


def test_a_name_column_of_any_kind_says_whose_the_rows_are() -> None:
    rows = (
        ("街道专业市场反诈活动台账（2024年）",),
        ("序号", "市场名称", "日期", "活动名称", "走访商户（家）", "传单（份）"),
        (1, "花卉市场", "2024.3.15", "反诈进市场", 66, 200),
        (2, "建材市场", "2024.3.21", "扫楼行动", 90, 150),
        (3, "花卉市场", "2024.4.16", "回访", 35, 80),
        ("街道综治办",),
    )
    reading = read_rows(rows)
    assert [(m.cell, m.subject) for m in reading.measurements if m.channel == "home_visits"] == [
        ("E3", "花卉市场"),
        ("E4", "建材市场"),
        ("E5", "花卉市场"),
    ]


@pytest.mark.parametrize(
    ("heading", "is_told"),
    [
        ("项目（小区）", True),
        ("名称（网点）", True),
        ("分社", True),
        ("科室", True),
        ("项目", False),
        ("项目（活动内容）", False),
        ("门店", False),  # where one has been, perhaps
    ],
)
def test_a_ledger_is_of_those_its_heading_or_the_brackets_in_it_name(heading: str, is_told: bool) -> None:
    rows = (
        ("2025年度反诈宣传活动登记台账",),
        ("序号", heading, "日期", "活动内容", "参加群众（人）", "发放资料（份）"),
        (1, "梧桐里", "2025年3月8日", "早晚高峰摆台", 85, 200),
        (2, None, "2025年4月19日", "反诈小剧场", 60, 150),
        (3, "锦程一期", "2025年5月11日", "银发课堂", 42, 50),
    )
    reading = read_rows(rows, ["B3:B4"])
    assert [m.subject for m in reading.measurements if m.channel == "leaflets"] == (["梧桐里", "梧桐里", "锦程一期"] if is_told else [])
    assert ("sheet_names_its_subject" in rules(reading)) == (not is_told)


def test_a_row_of_groups_belongs_to_the_header_its_neighbours_are_merged_down_to() -> None:
    rows = (
        ("涉案账户管控情况统计表（2024年6月）",),
        ("银行", "排查账户（户）", "本月管控涉案账户", None, "今年累计", None),
        (None, None, "止付账户（户）", "冻结账户（户）", "止付账户（户）", "冻结账户（户）"),
        ("湖滨农商行", 3120, 18, 14, 90, 77),
    )
    reading = read_rows(rows, ("A2:A3", "B2:B3", "C2:D2", "E2:F2"))
    this_month = {m.cell: m.measure for m in reading.measurements if not m.is_cumulative}
    assert this_month == {"C4": "accounts", "D4": "accounts_frozen"}
    assert {m.cell for m in reading.measurements if m.is_cumulative} == {"E4", "F4"}


def test_pairs_of_labels_are_no_header_where_a_value_is_written_in_words() -> None:
    rows = (
        ("反诈宣传情况月度报告表",),
        ("填报单位：松岭农商银行", None, "报告月份：2024年3月"),
        ("厅堂微课堂（场）", 26, "参与客户（人次）", "700余"),
        ("发放折页（份）", "4500", "张贴海报（张）", 62),
        ("入企走访（家）", "十余家", "注册国家反诈中心APP（人）", "无"),
    )
    found = numbers(read_rows(rows))
    assert {cell: value[0] for cell, value in found.items()} == {
        "B3": "talks.sessions",
        "D3": "talks.attendance",
        "B4": "leaflets.distributed",
        "D4": "posters.in_place",
        "B5": "home_visits.households",
        "D5": "app_registrations.registered",
    }


def test_keys_alone_in_their_cells_are_known_by_what_follows_them() -> None:
    rows = (
        ("校园反诈宣传月信息采集表",),
        ("学校名称", "望川县职教中心", None, "采集月份", "2024年10月"),
        ("讲座（场）", 7, "宣传单（张）", 3000, "横幅（条）", 8),
        ("班级群（个）", 46, "群发提示（条）", 184, "海报（张）", 50),
    )
    reading = read_rows(rows)
    assert subjects(reading) == {"望川县职教中心"}
    assert {(m.start.isoformat(), m.end.isoformat()) for m in reading.measurements} == {("2024-10-01", "2024-10-31")}


PLAIN = (("反诈宣传周报（2024年3月4日—3月10日）",), ("单位", "宣传单（份）", "横幅（条）"), ("城关所", 10, 1), ("河西所", 20, 2))


@pytest.mark.parametrize(
    "foot",
    [
        (("合计", 30, 3), ("学生科",)),
        (("政教处：        2024年9月9日",),),
        (("保卫处制  2023年11月3日",),),
        (("保管员：曹某", None, "库房电话"),),
        (("主要领导签字：", "分管领导签字："),),
        (("表二  城关所堵截情况", "单位：万元"), ("单位", "劝阻（起）"), ("城关所", 2)),
    ],
)
def test_who_signed_and_what_follows_are_no_rows(foot: Rows) -> None:
    reading = read_rows((*PLAIN, *([()] if foot[0][0].startswith("表") else []), *foot))  # pyright: ignore[reportAttributeAccessIssue, reportOptionalMemberAccess]
    first = {m.cell for m in reading.measurements if m.measure in ("distributed", "in_place")}
    assert first == {"B3", "C3", "B4", "C4"}
    assert not any(m.value is None for m in reading.measurements)
    assert all(unaccounted(count) == 0 for count in reading.counts)


def test_a_parent_that_is_a_thing_wins_over_the_neighbour() -> None:
    rows = (
        ("社区反诈宣传月报（2023年10月）",),
        ("社区", "LED（块）", "喇叭"),
        (None, None, "时长（小时）"),
        ("桃园社区", 2, 31),
        ("新港社区", 1, 20),
    )
    assert numbers(read_rows(rows, ("A2:A3", "B2:B3")))["C4"][0] == "broadcasts.hours"


def test_a_duration_beside_no_screen_or_loudspeaker_is_asked_about() -> None:
    rows = (("幼儿园防骗演练统计（2023年12月）",), ("园所", "演练场次", "参演幼儿人数", "时长"), ("中心幼儿园", 2, 246, "40分钟"))
    reading = read_rows(rows)
    assert "heading_is_known" in rules(reading)
    assert "hours" not in {m.measure for m in reading.measurements}


def test_two_ways_with_cases_and_money_in_one_cell() -> None:
    rows = (
        ("银行网点堵截情况（2024年6月3日—6月9日）",),
        ("网点名称", "柜面劝阻（笔/金额）", "自助机具劝阻（笔/金额）"),
        ("解放路支行", "3笔/7.5万元", "1笔、2000元"),
        ("湖滨支行", "2笔，共计20余万元", 0),
    )
    reading = read_rows(rows)
    found = [(m.cell, m.measure, m.value, m.attributes.get("way")) for m in reading.measurements]
    assert ("B3", "cases", 3, "柜面") in found
    assert ("B3", "averted", 75_000, "柜面") in found
    assert ("C3", "averted", 2_000, "自助机具") in found
    assert ("C4", "cases", 0, "自助机具") in found


def test_people_right_behind_talks_are_their_audience_and_that_is_asked() -> None:
    rows = (
        ("学校反诈宣传月报（2024年3月）",),
        ("学校", "反诈班会（节）", "受教育学生（人）", "受教育群众（人次）"),
        ("滨河小学", 36, 1502, 90),
    )
    reading = read_rows(rows)
    assert [value[0] for value in numbers(reading).values()] == ["talks.sessions", "talks.attendance", "contacts.contacts"]
    assert rules(reading) == {"heading_is_spelled_as_known": ["C2"]}
