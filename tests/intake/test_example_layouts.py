"""Three sheets as offices really lay them out (invented values), every number, bound, reason and total as it must be read."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from pipeline.intake.reading import read_file
from pipeline.intake.records import Reading
from tests.support.sheets import rules, write_workbook

TALLY = (
    [
        ["某县公安局反诈宣传工作周统计表（第21周）"],
        ["填报单位：城关派出所（盖章）", *[None] * 7, "统计时间：5月15日—5月21日"],
        ["序号", "单位", "线下宣传", None, None, None, None, "线上宣传", None, None, "宣传活动", None, "受众人数（人次）", "备注"],
        [
            *(None, None, "发放宣传单（份）", "悬挂横幅（条）", "LED屏（块）", "广播（小时）", "无人机（架次）", "微信群（个）", "推送信息（条）"),
            *("阅读量（万次）", "场次", "参与人数", None, None),
        ],
        [1, "城关派出所", "4万", 32, 18, 126, 6, 45, 210, 1.2, 5, "近500人", "2万余", "含快递包裹粘贴"],
        [2, "东关所", 3200, "15条", 9, 80.5, None, 22, 98, "0.35", 3, 260, 3460],
        [3, "南郊派出所", "２，５００", "／", "7", "约60", 2, "18", "77", 0.2, 2, 180, "2500+"],
        [4, "乃棠镇派出所", "800余份", 6, "-", "36小时", 0, 12, "40余", None, 1, "百余人", 900, "赶集日宣传"],
        [None, "小计", 46500],
        ["合计", None, "=SUM(C5:C8)", 53, 34, 302.5, 8, 97, 425, 1.75, 11, 1040, 26860],
        ["填报人：李某某", None, None, None, "审核人：", None, None, None, "联系电话：1380000XXXX"],
        ["填报日期：2023.5.22"],
        ["说明：1.受众人数按人次统计；2.每周一12时前报送。"],
    ],
    ["A1:N1", "A2:H2", "I2:N2", "A3:A4", "B3:B4", "C3:G3", "H3:J3", "K3:L3", "M3:M4", "N3:N4", "A10:B10", "A13:N13"],
)
STOPPED = (
    [
        ["2023年5月预警劝阻及止付挽损情况统计表"],
        [*[None] * 9, "单位：起、人、万元"],
        [
            *("单位", "预警指令（条）", "其中：高危", "电话劝阻（人次）", "见面劝阻（人）", "劝阻成功（人）", "避免损失（元）", "止付", None),
            *("冻结金额（万元）", "返还金额（万元）", "挽损金额", "劝阻成功率"),
        ],
        [*[None] * 7, "账户数（个）", "金额"],
        ["城关派出所", 412, 36, "398", 36, 35, "80余万元", 14, 56.3, 41.2, 3.5, "80余万", "97.2%"],
        ["东关所", 265, 19, 251, 19, 18, 125000, 6, "12.8万元", 9.1, 0, 21.6, 0.947],
        ["南郊派出所", 188, "—", 180, "11（次）", 9, "数十万元", 3, "5.02", None, None, "约10万", "81.8%"],
        ["乃棠镇所", 73, 2, 70, 2, 2, "￥38,000.00", 1, 0.8, 0.8, "无", "3.8", "100%"],
        ["金融机构（银行拦截）", None, None, None, 14, 14, "80余万元", None, None, None, None, "80余万"],
        ["总计", 938, 57, 899, 82, 78, None, 24, 74.92, 51.1, 3.5],
        ["同比", "+12.3%", "↓5%", None, None, "上升8%", None, None, "-3.1%"],
        ["环比", "4.1%", None, None, None, "下降2个百分点", None, None, "持平"],
        ["注：挽损金额含止付、冻结及劝阻避免损失；数据截至5月31日24时，6月2日更新。"],
        ["制表：反诈中心", *[None] * 8, "审核："],
    ],
    ["A1:M1", "H3:I3", *(f"{c}3:{c}4" for c in "ABCDEFGJKLM")],
)
LEDGER = (
    [
        ["某农商银行2023年“全民反诈在行动”宣传活动台账"],
        ["序号", "网点", "活动时间", "活动地点", "宣传形式", "对象", "发放资料", "受众", "堵截（笔/金额）", "媒体报道", "图片"],
        [1, "营业部", date(2023, 5, 15), "人民广场", "现场宣传、有奖答题", "老年人", 200, "300余人次", "0", "县融媒1篇", "见附件1"],
        [2, None, 45062, "厅堂", "厅堂微沙龙", "客户", "50份", "20", "1笔/2.98万元"],
        [3, None, "5.17", "学校", "讲座", "学生", "/", "近500人"],
        [4, "东街支行", "2023年5月中旬", "集市", "摆摊+LED", "村民", "2000余份", "辐射3000余人", "2笔、共计8万元", "微信公众号阅读1.1万"],
        [5, None, "20230522-0526", "企业", "入企宣讲", "财务人员", "《一封信》800余份", "80"],
        [6, "城西支行", "5/28（端午前）", "社区", "入户", None, None, "十几户"],
        ["合计", None, None, None, None, None, 3050, "3900余人次", "3笔"],
        ["填表人：王某", *[None] * 5, "2023年6月1日"],
    ],
    ["A1:K1", "B3:B5", "B6:B7"],
)


@pytest.fixture(scope="module")
def tally(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    file = write_workbook(
        tmp_path_factory.mktemp("l1") / "周统计表.xlsx", {"第21周": TALLY, "第20周": ([["（略，同格式）"]], []), "Sheet3": ([], [])}
    )
    _comment(file)
    return read_file(file)


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    return read_file(write_workbook(tmp_path_factory.mktemp("l2") / "止付.xlsx", {"5月": STOPPED}))


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    return read_file(write_workbook(tmp_path_factory.mktemp("l3") / "台账.xlsx", {"活动台账": LEDGER}))


def _comment(file: Path) -> None:
    book = openpyxl.load_workbook(file)
    book["第21周"]["C5"].comment = openpyxl.comments.Comment("与外卖平台合作的垫餐纸另计", "某人")
    book.save(file)


def column(reading: Reading, letter: str) -> list[tuple[float | None, float | None, float | None, str | None]]:
    """(value, low, high, reason of a missing cell) down one column of the sheet."""
    found = sorted((m for m in reading.measurements if m.cell.rstrip("0123456789") == letter), key=lambda m: int(m.cell[len(letter) :]))
    return [(m.value, m.low, m.high, m.reason if m.precision == "missing" else None) for m in found]


def exact(*values: float) -> list[tuple[float | None, float | None, float | None, str | None]]:
    return [(v, v, v, None) for v in values]


def missing(reason: str) -> tuple[None, None, None, str]:
    return (None, None, None, reason)


@pytest.mark.parametrize(
    ("letter", "measure", "unit", "kind", "expected"),
    [
        ("C", "leaflets.distributed", "份", "flow", [*exact(40000, 3200, 2500), (800, 800, 900, None)]),
        ("D", "banners.in_place", "条", "stock", [*exact(32, 15), missing("not_applicable"), *exact(6)]),
        ("E", "displays.screens", "块", "stock", [*exact(18, 9, 7), missing("dash")]),
        ("F", "broadcasts.hours", "小时", "flow", [*exact(126, 80.5), (60, 54, 66, None), *exact(36)]),
        ("G", "drones.sorties", "架次", "flow", [*exact(6), missing("blank"), *exact(2, 0)]),
        ("H", "wechat_groups.groups", "个", "stock", exact(45, 22, 18, 12)),
        ("I", "pushes.messages", "条", "flow", [*exact(210, 98, 77), (40, 40, 50, None)]),
        ("J", "online_media.reads", "次", "flow", [*exact(12000, 3500, 2000), missing("blank")]),
        ("K", "talks.sessions", "场", "flow", exact(5, 3, 2, 1)),
        ("L", "talks.attendance", "人", "flow", [(500, 450, 500, None), *exact(260, 180), (100, 100, 200, None)]),
        ("M", "contacts.contacts", "人次", "flow", [(20000, 20000, 30000, None), *exact(3460), (2500, 2500, 2600, None), *exact(900)]),
    ],
)
def test_weekly_tally(tally: Reading, letter: str, measure: str, unit: str, kind: str, expected: list) -> None:
    assert column(tally, letter) == expected
    of_column = [m for m in tally.measurements if m.cell[0] == letter]
    assert {(f"{m.channel}.{m.measure}", m.unit, m.kind) for m in of_column} == {(measure, unit, kind)}


def test_weekly_tally_as_a_whole(tally: Reading) -> None:
    assert len(tally.measurements) == 44
    assert sum(m.precision != "missing" for m in tally.measurements) == 40
    assert sum(m.precision not in ("missing", "exact") for m in tally.measurements) == 7
    assert {(m.start, m.end, m.period_precision, m.period_label) for m in tally.measurements} == {
        (date(2023, 5, 15), date(2023, 5, 21), "week", "第21周")
    }
    assert {m.reporter for m in tally.measurements} == {"城关派出所"}
    assert Counter(m.subject for m in tally.measurements) == dict.fromkeys(["城关派出所", "东关所", "南郊派出所", "乃棠镇派出所"], 11)
    assert {m.known_at for m in tally.measurements} == {date(2023, 5, 22)}
    assert {m.form for m in tally.measurements} == {"weekly_tally"}
    assert rules(tally) == {"year_is_written": ["A3"]}
    assert tally.status == "accepted"


def test_weekly_tally_totals_agree(tally: Reading) -> None:
    totals = {t.cell: (t.typed, t.computed, t.low, t.high, t.n_parts, t.n_missing, t.is_ok) for t in tally.totals}
    assert totals["C9"] == (46500, 46500, 46500, 46600, 4, 0, True)
    assert totals["C10"] == (None, 46500, 46500, 46600, 4, 0, True)  # a formula nobody has computed
    assert totals["D10"] == (53, 53, 53, 53, 3, 1, True)
    assert totals["J10"] == (17500, 17500, 17500, 17500, 3, 1, True)
    assert totals["L10"] == (1040, 1040, 990, 1140, 4, 0, True)
    assert totals["M10"] == (26860, 26860, 26860, 36960, 4, 0, True)
    assert len(totals) == 12


def test_weekly_tally_sets_the_rest_aside(tally: Reading) -> None:
    aside = {(s.sheet, s.range): s.reason for s in tally.set_aside}
    assert aside[("第21周", "A1")] == "title"
    assert aside[("第21周", "A5:A8")] == "ordinal"
    assert aside[("第21周", "N5")] == "remark"
    assert aside[("第21周", "A13")] == "note"
    assert aside[("第20周", "A1")] == "placeholder_sheet"
    assert aside[("Sheet3", "A1")] == "empty_sheet"
    assert "李" not in str(tally)
    assert "1380000" not in str(tally)


YUAN = 10_000


@pytest.mark.parametrize(
    ("letter", "measure", "unit", "expected"),
    [
        ("B", "warnings.issued", "条", [*exact(412, 265, 188, 73), missing("blank")]),
        ("C", "warnings.high_risk", "条", [*exact(36, 19), missing("dash"), *exact(2), missing("blank")]),
        ("D", "warnings.phone_dissuasions", "人次", [*exact(398, 251, 180, 70), missing("blank")]),
        ("F", "warnings.persons_dissuaded", "人", exact(35, 18, 9, 2, 14)),
        (
            "G",
            "intercepted_losses.averted",
            "元",
            [
                (80 * YUAN, 80 * YUAN, 90 * YUAN, None),
                *exact(125000),
                (None, 20 * YUAN, 100 * YUAN, None),
                *exact(38000),
                (80 * YUAN, 80 * YUAN, 90 * YUAN, None),
            ],
        ),
        ("H", "stop_payments.accounts", "个", [*exact(14, 6, 3, 1), missing("blank")]),
        ("I", "intercepted_losses.stopped", "元", [*exact(563000, 128000, 50200, 8000), missing("blank")]),
        ("J", "intercepted_losses.frozen", "元", [*exact(412000, 91000), missing("blank"), *exact(8000), missing("blank")]),
        ("K", "intercepted_losses.returned", "元", [*exact(35000, 0), missing("blank"), missing("stated_none"), missing("blank")]),
    ],
)
def test_stop_payment_tally(stopped: Reading, letter: str, measure: str, unit: str, expected: list) -> None:
    assert column(stopped, letter) == expected
    of_column = [m for m in stopped.measurements if m.cell[0] == letter]
    assert {(f"{m.channel}.{m.measure}", m.unit) for m in of_column} == {(measure, unit)}


def test_stop_payment_tally_as_a_whole(stopped: Reading) -> None:
    assert len(stopped.measurements) == 50
    assert sum(m.precision != "missing" for m in stopped.measurements) == 39
    assert {m.cell[0] for m in stopped.measurements} == set("BCDEFGHIJK")
    odd = next(m for m in stopped.measurements if m.cell == "E7")
    assert (odd.value, odd.unit, odd.reason) == (11, "次", "unit_conflict")
    assert {m.reason for m in stopped.measurements if m.cell[0] == "C" and m.precision != "missing"} == {"subset"}
    assert {(m.start, m.end, m.period_precision) for m in stopped.measurements} == {(date(2023, 5, 1), date(2023, 5, 31), "month")}
    assert {(m.as_of, m.known_at) for m in stopped.measurements} == {(date(2023, 5, 31), date(2023, 6, 2))}
    assert rules(stopped) == {
        "typed_prevented_loss_is_not_a_fact": ["L3"],
        "unit_agrees_with_the_heading": ["E7"],
        "change_of_a_count_is_a_percentage": ["F12"],
    }
    assert stopped.status == "remarks"
    typed = {t.cell: t.typed for t in stopped.totals}
    assert typed["I10"] == 749200
    assert typed["E10"] == 82  # by face: the office adds 次 to 人
    assert all(t.is_ok for t in stopped.totals)


def test_activity_ledger(ledger: Reading) -> None:
    found = {
        (m.cell, f"{m.channel}.{m.measure}"): (m.value, m.low, m.high, m.unit, m.reason) for m in ledger.measurements if m.precision != "missing"
    }
    assert found == {
        ("G3", "leaflets.distributed"): (200, 200, 200, "份", "unit_assumed"),
        ("G4", "leaflets.distributed"): (50, 50, 50, "份", None),
        ("G6", "leaflets.distributed"): (2000, 2000, 3000, "份", "approximate"),
        ("G7", "leaflets.distributed"): (800, 800, 900, "份", "approximate"),
        ("H3", "contacts.contacts"): (300, 300, 400, "人次", "approximate"),
        ("H4", "talks.attendance"): (20, 20, 20, "人", "unit_assumed"),
        ("H5", "talks.attendance"): (500, 450, 500, "人", "approximate"),
        ("H6", "claimed_reach.people"): (3000, 3000, 4000, "人", "claim"),
        ("H7", "talks.attendance"): (80, 80, 80, "人", "unit_assumed"),
        ("H8", "home_visits.households"): (None, 11, 20, "户", "approximate"),
        ("I3", "intercepted_losses.cases"): (0, 0, 0, "起", None),
        ("I4", "intercepted_losses.cases"): (1, 1, 1, "起", None),
        ("I4", "intercepted_losses.averted"): (29800, 29800, 29800, "元", None),
        ("I6", "intercepted_losses.cases"): (2, 2, 2, "起", None),
        ("I6", "intercepted_losses.averted"): (80000, 80000, 80000, "元", None),
        ("J3", "online_media.posts"): (1, 1, 1, "篇", None),
        ("J6", "online_media.reads"): (11000, 11000, 11000, "次", "unit_assumed"),
    }
    assert {(m.cell, m.reason) for m in ledger.measurements if m.precision == "missing"} == {("G5", "not_applicable"), ("G8", "blank")}


def test_activity_ledger_rows(ledger: Reading) -> None:
    rows = {int(m.record_id.partition("!")[2]): (m.subject, m.start, m.end, m.period_precision) for m in ledger.measurements}
    assert rows == {
        3: ("营业部", date(2023, 5, 15), date(2023, 5, 15), "day"),
        4: ("营业部", date(2023, 5, 16), date(2023, 5, 16), "day"),
        5: ("营业部", date(2023, 5, 17), date(2023, 5, 17), "day"),
        6: ("东街支行", date(2023, 5, 11), date(2023, 5, 20), "xun"),
        7: ("东街支行", date(2023, 5, 22), date(2023, 5, 26), "span"),
        8: ("城西支行", date(2023, 5, 28), date(2023, 5, 28), "day"),
    }
    assert all(m.is_ledger for m in ledger.measurements)
    assert {m.known_at for m in ledger.measurements} == {date(2023, 6, 1)}
    by_cell = {m.cell: m for m in ledger.measurements}
    assert by_cell["G7"].attributes["material"] == "一封信"
    assert by_cell["J3"].attributes["platform"] == "县融媒"
    assert by_cell["G3"].attributes["venue"] == "人民广场"
    assert by_cell["G3"].attributes["audience"] == "老年人"
    assert by_cell["H8"].period_label == "端午前"


def test_activity_ledger_totals(ledger: Reading) -> None:
    assert {t.cell: (t.typed, t.computed, t.is_ok) for t in ledger.totals} == {"G9": (3050, 3050, True), "I9": (3, 3, True)}
    assert rules(ledger) == {"total_adds_one_kind": ["H9"]}
    assert {s.range: s.reason for s in ledger.set_aside}["K3"] == "see_elsewhere"
