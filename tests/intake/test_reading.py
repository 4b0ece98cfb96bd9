"""Sheets as they are handed in → numbers, points and what was set aside. Invented names and values."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from pipeline.intake.explain import as_json, as_text
from pipeline.intake.grid import CellError, UncachedFormula
from pipeline.intake.reading import read_file, reader_fingerprint
from pipeline.settings import Settings
from tests.support.sheets import Rows, at, numbers, read_rows, rules, write_workbook

TITLE = ["某镇反诈宣传周统计表（2026年3月2日—3月8日）"]
HEADER = ["单位", "宣传单（份）", "横幅（条）"]
N = None


def tally(*rows: list[object], title: list[object] | None = None, **options: object):
    return read_rows([title or TITLE, HEADER, *rows], **options)  # pyright: ignore[reportArgumentType]


# -- whose --------------------------------------------------------------------------------------------------------------------------


def test_the_reporter_is_not_the_subject() -> None:
    reading = read_rows([TITLE, ["填报单位：县反诈中心（盖章）"], HEADER, ["甲派出所", 5, 6]])
    assert (at(reading, "B4").subject, at(reading, "B4").reporter) == ("甲派出所", "县反诈中心")


def test_without_a_unit_column_the_reporter_is_the_subject() -> None:
    reading = read_rows([TITLE, ["填报单位：甲派出所"], ["宣传单（份）", "横幅（条）"], [5, 6]])
    assert {m.subject for m in reading.measurements} == {"甲派出所"}


@pytest.mark.parametrize("blank", [None, " ", "同上", "〃", "-"])
def test_a_row_without_a_name_goes_back(blank: object) -> None:
    reading = tally(["甲派出所", 5, 6], [blank, 7, 8])
    assert set(numbers(reading)) == {"B3", "C3"}
    assert rules(reading)["row_has_a_subject"] == ["A4"]
    assert reading.status == "returned"


def test_a_merged_name_fills_its_own_range_only() -> None:
    rows = [["活动台账（2026年3月）"], ["网点", "日期", "发放资料"], ["甲支行", "3月2日", 5], [N, "3月3日", 6], [N, "3月4日", 7]]
    reading = read_rows(rows, ["A3:A4"])
    assert {m.cell: m.subject for m in reading.measurements} == {"C3": "甲支行", "C4": "甲支行"}


def test_a_community_is_named_with_its_town() -> None:
    reading = read_rows([TITLE, ["镇街", "社区", "宣传单（份）"], ["甲镇", "东社区", 5], [N, "西社区", 6]], ["A3:A4"])
    assert [(m.subject, m.attributes) for m in reading.measurements] == [("东社区", {"place": "甲镇"}), ("西社区", {"place": "甲镇"})]


# -- when ---------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "line", "name", "stem", "days"),
    [
        ("某镇反诈宣传统计表（2026年3月2日—3月8日）", "", "Sheet1", "表", (date(2026, 3, 2), date(2026, 3, 8))),
        ("2026年反诈宣传统计表", "统计时间：3月2日—3月8日", "Sheet1", "表", (date(2026, 3, 2), date(2026, 3, 8))),
        ("2026年反诈宣传统计表", "", "3.2-3.8", "表", (date(2026, 3, 2), date(2026, 3, 8))),
        ("反诈宣传统计表", "", "Sheet1", "某所周报2026年3月2日-3月8日", (date(2026, 3, 2), date(2026, 3, 8))),
        ("2026年3月反诈宣传统计表", "", "3月", "3月15日报送", (date(2026, 3, 1), date(2026, 3, 31))),
        ("反诈宣传统计表（12月25日—12月31日）", "填报日期：2026年1月4日", "Sheet1", "表", (date(2025, 12, 25), date(2025, 12, 31))),
    ],
)
def test_the_period_of_a_sheet(title: str, line: str, name: str, stem: str, days: tuple[date, date]) -> None:
    reading = read_rows([[title], [line], HEADER, ["甲派出所", 5, 6]], name=name, stem=stem)
    assert {(m.start, m.end) for m in reading.measurements} == {days}


@pytest.mark.parametrize(
    "title", ["反诈宣传统计表", "反诈宣传统计表（3月2日—3月8日）", "20xx年3月反诈宣传统计表", "第9周反诈宣传统计表", "反诈宣传统计表（本周）"]
)
def test_a_period_that_is_not_certain_goes_back(title: str) -> None:
    reading = tally(["甲派出所", 5, 6], title=[title])
    assert reading.measurements == ()
    assert rules(reading) == {"period_is_stated": ["A2"]}


@pytest.mark.parametrize("name", ["4月", "2026年2月"])
def test_a_sheet_named_against_its_period_goes_back(name: str) -> None:
    reading = tally(["甲派出所", 5, 6], title=["2026年3月反诈宣传统计表"], name=name)
    assert reading.measurements == ()
    assert "sheet_name_agrees_with_its_period" in rules(reading)


def test_each_row_may_have_its_own_period() -> None:
    reading = read_rows([["2026年反诈宣传统计表"], ["单位", "统计时间", "宣传单（份）"], ["甲所", "3月2日-3月8日", 5], ["甲所", "3月9日-3月15日", 6]])
    assert [(m.start, m.end) for m in reading.measurements] == [(date(2026, 3, 2), date(2026, 3, 8)), (date(2026, 3, 9), date(2026, 3, 15))]


def test_columns_may_have_their_own_month() -> None:
    reading = read_rows(
        [["2026年反诈宣传统计"], ["单位", "1月", N, "2月", N], [N, *HEADER[1:], *HEADER[1:]], ["甲所", 1, 2, 3, 4]], ["A2:A3", "B2:C2", "D2:E2"]
    )
    assert [(m.value, m.start.month) for m in reading.measurements] == [(1, 1), (2, 1), (3, 2), (4, 2)]


def test_a_date_outside_the_sheet_is_kept_and_remarked() -> None:
    reading = read_rows([["2026年3月宣传品发放台账"], ["日期", "单位", "宣传品名称", "数量"], ["4月2日", "甲所", "折页", 5]])
    assert at(reading, "D3").start == date(2026, 4, 2)
    assert rules(reading)["date_is_inside_the_sheet_period"] == ["A3"]


# -- units --------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "corner", "cell", "value", "unit", "reason"),
    [
        ("止付金额（万元）", "", 3.5, 35000, "元", None),
        ("止付金额（元）", "单位：万元", 35000, 35000, "元", None),
        ("止付金额", "单位：起、人、万元", 3.5, 35000, "元", None),
        ("止付金额（元）", "", "3.5万元", 35000, "元", None),
        ("止付金额（万元）", "", "80余万元", 800000, "元", "approximate"),
        ("止付金额（万元，含冻结）", "", 3.5, 35000, "元", None),
        ("止付金额（万）", "", 3.5, 35000, "元", None),
        ("止付金额", "", 35000, 35000, "元", "unit_assumed"),
        ("阅读量（万次）", "", 1.2, 12000, "次", None),
        ("阅读量（万次）", "", "3500次", 3500, "次", None),
        ("宣传单（张）", "", 5, 5, "份", None),
        ("宣传单", "", 5, 5, "份", "unit_assumed"),
        ("见面劝阻（人）", "", "11（次）", 11, "次", "unit_conflict"),
        ("宣传单（份）", "", "5小时", None, "份", "unit_conflict"),
    ],
)
def test_unit_precedence(heading: str, corner: str, cell: object, value: float | None, unit: str, reason: str | None) -> None:
    reading = read_rows([["2026年3月反诈统计"], [corner], ["单位", heading, "微信群（个）"], ["甲派出所", cell, 1]])
    found = at(reading, "B4")
    assert (found.value, found.unit, found.reason) == (value, unit, reason)


@pytest.mark.parametrize(
    ("heading", "cell", "value", "rule"),
    [
        ("受众人数（万人次）", "3000余", None, "count_fits_the_multiplier"),
        ("受众人数（万人次）", 2500, None, "count_fits_the_multiplier"),
        ("受众人数（万人次）", "3000余人次", 3000, None),
        ("受众人数（万人次）", "1200万", 12_000_000, None),
        ("受众人数（万人次）", 0.35, 3500, None),
        ("阅读量（万次）", 1500, 15_000_000, None),
        ("阅读量（万次）", 15000, None, "count_fits_the_multiplier"),
        ("止付金额（万元）", 38000, 380_000_000, "amount_fits_the_multiplier"),
        ("止付金额（万元）", "38000元", 38000, None),
        ("止付金额（万元）", 3800, 38_000_000, None),
    ],
)
def test_what_a_heading_multiplies_stays_believable(heading: str, cell: object, value: float | None, rule: str | None) -> None:
    """A count of ten million in one cell is not loaded; an amount of a hundred million 元 is, and asked about."""
    reading = read_rows([TITLE, ["单位", heading, "微信群（个）"], ["甲派出所", cell, 1]])
    assert at(reading, "B3").value == value
    assert rules(reading) == ({rule: ["B3"]} if rule else {})


def test_a_bare_number_that_could_be_hours_or_plays_goes_back() -> None:
    reading = read_rows([TITLE, ["单位", "广播", "横幅"], ["甲派出所", 36, 1], ["乙派出所", "36小时", 2]])
    assert (at(reading, "B3").value, at(reading, "B4").value) == (None, 36)
    assert rules(reading)["unit_is_stated"] == ["B3"]


@pytest.mark.parametrize(
    ("header", "cell", "expected"),
    [
        # one of three: persons, cases, or nothing without a unit; another number of the warnings decides
        (("成功劝阻",), "2起", ("intercepted_losses.cases", 2, "起")),
        (("成功劝阻",), "3人", ("warnings.persons_dissuaded", 3, "人")),
        (("成功劝阻",), 7, None),
        (("成功劝阻",), 0, None),
        (("劝阻成功", "见面劝阻"), 7, ("warnings.persons_dissuaded", 7, "人")),
        (("劝阻成功", "见面劝阻"), "2起", ("intercepted_losses.cases", 2, "起")),
        (("成功劝阻", "预警指令（条）"), 0, ("warnings.persons_dissuaded", 0, "人")),
        (("成功劝阻", "避免损失（元）"), 7, None),
        (("成功劝阻（起）", "见面劝阻"), 7, ("intercepted_losses.cases", 7, "起")),
        (("成功劝阻（人）",), 7, ("warnings.persons_dissuaded", 7, "人")),
        (("成功劝阻人数",), 7, ("warnings.persons_dissuaded", 7, "人")),
    ],
)
def test_who_was_kept_from_paying_is_persons_or_cases(header: tuple[str, ...], cell: object, expected: tuple[str, float, str] | None) -> None:
    reading = read_rows([TITLE, ["单位", *header, "横幅（条）"], ["甲派出所", cell, *(9 for _ in header[1:]), 1]])
    found = at(reading, "B3")
    assert rules(reading).get("unit_is_stated") == (None if expected else ["B3"])
    assert (found.value is None) if expected is None else (f"{found.channel}.{found.measure}", found.value, found.unit) == expected


def test_a_missing_unit_is_asked_for_by_what_it_could_be() -> None:
    reading = read_rows([TITLE, ["单位", "广播", "成功劝阻"], ["甲派出所", 36, 4]])
    said = {r.cell: r.message for r in reading.rejections if r.rule == "unit_is_stated"}
    assert "可能是小时、个、次" in said["B3"]
    assert "可能是人、起，" in said["C3"]


def test_two_rows_of_one_unit_and_time_are_asked_about() -> None:
    header = ["单位", "宣传单（份）", "微信群（个）"]
    said = read_rows([TITLE, header, ["甲派出所", 5, 1], ["乙派出所", 7, 2], ["甲派出所", 6, 1]])
    assert rules(said) == {"rows_are_told_apart": ["B5"]}
    repeated = read_rows([TITLE, header, ["甲派出所", 5, 1], ["甲派出所", 5, ""]])
    assert rules(repeated) == {}


# -- what is missing, and what goes back ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "reason", "rule"),
    [
        (None, "blank", None),
        ("—", "dash", None),
        ("／", "not_applicable", None),
        ("无", "stated_none", None),
        ("未报", "not_reported", "answer_is_given"),
        ("同上", "refers_above", "value_does_not_refer_above"),
        ("√", "tick_only", "number_is_written"),
        ("见附件1", "see_elsewhere", "number_is_written"),
        ("若干", "no_number", "number_is_written"),
        ("余份", "number_lost", "number_is_not_lost"),
        ("2_余份", "masked_digits", "digits_are_not_masked"),
        ("12.3.4", "unreadable", "number_is_readable"),
        (-5, "unreadable", "number_is_readable"),
        (CellError("#DIV/0!"), "unreadable", "cell_has_no_error"),
        (UncachedFormula("=SUM(B4:B5)"), "unreadable", "formula_has_a_result"),
    ],
)
def test_nothing_is_never_zero(cell: object, reason: str, rule: str | None) -> None:
    reading = tally(["甲派出所", cell, 6])
    found = at(reading, "B3")
    assert (found.value, found.precision, found.reason) == (None, "missing", reason)
    assert rules(reading) == ({rule: ["B3"]} if rule else {})


def test_zero_is_zero() -> None:
    assert at(tally(["甲派出所", 0, "0"]), "B3").value == 0


def test_a_zero_report_answers_every_cell() -> None:
    reading = tally(["甲派出所", "零报告", None])
    assert {m.reason for m in reading.measurements if m.cell == "C3"} == {"stated_none"}


def test_points_say_what_to_do_in_two_languages() -> None:
    (point,) = tally(["甲派出所", "12.3.4", 6]).rejections
    assert "12.3.4" in point.message
    assert "甲派出所" in point.message
    assert "份" in point.message
    assert "12.3.4" in point.message_en


@pytest.mark.parametrize("heading", ["网格巡查登记", ""])
def test_numbers_without_a_known_heading_go_back(heading: str) -> None:
    reading = read_rows([TITLE, [*HEADER, heading], ["甲派出所", 5, 6, 7]])
    assert set(numbers(reading)) == {"B3", "C3"}
    assert reading.status == "returned"
    assert any(s.range == "D3" and s.reason == "unknown_heading" for s in reading.set_aside)


def test_an_unknown_table_is_still_shown() -> None:
    reading = read_rows([["食堂采购清单"], ["品种", "单价", "库存量"], ["大米", 5, 6], ["面粉", 7, 8]])
    (table,) = reading.tables
    assert (table.form, table.range, table.rows) == (None, "A2:C4", (("大米", 5, 6), ("面粉", 7, 8)))
    assert rules(reading) == {"form_is_known": ["A2"]}


def test_a_number_over_two_rows_is_nobodys() -> None:
    reading = read_rows([TITLE, HEADER, ["甲派出所", 5, 6], ["乙派出所", N, 7]], ["B3:B4"])
    assert set(numbers(reading)) == {"C3", "C4"}
    assert rules(reading)["number_stands_in_one_row"] == ["B3"]


def test_a_sum_beside_its_parts_is_not_counted_again() -> None:
    rows = [TITLE, ["单位", "宣传资料（份）", "宣传单（份）", "折页（份）"], ["甲所", 9, 4, 5], ["乙所", 3, 1, 2]]
    assert set(numbers(read_rows(rows))) == {"C3", "D3", "C4", "D4"}
    rows[2] = ["甲所", 10, 4, 5]
    assert "heading_is_unambiguous" in rules(read_rows(rows))


def test_typed_prevented_loss_is_never_a_fact() -> None:
    reading = read_rows([["2026年3月劝阻止付情况"], ["单位", "止付金额（万元）", "挽损金额（万元）"], ["甲派出所", 3, 8]])
    assert set(numbers(reading)) == {"B3"}
    assert rules(reading) == {"typed_prevented_loss_is_not_a_fact": ["C2"]}
    assert "C3 填“8”，与各项及其和都不符（止付 30000元）" in reading.rejections[0].message


def test_typed_prevented_loss_is_held_against_the_legs_of_its_row() -> None:
    """The rows of the domain rules' second layout: each adds up other legs, and one adds up none."""
    header = ["单位", "避免损失（元）", "止付金额（万元）", "冻结金额（万元）", "返还金额（万元）", "挽损金额（万元）"]
    rows = [
        ["城关派出所", "80余万元", 56.3, 41.2, 3.5, "80余万"],
        ["东关所", 125000, 12.8, 9.1, 0, 21.6],
        ["南郊派出所", "数十万元", 5.02, N, N, "约10万"],
        ["乃棠镇所", 38000, 0.8, 0.8, N, 3.8],
    ]
    reading = read_rows([["2023年5月劝阻止付情况"], header, *rows])
    (said,) = [r for r in reading.rejections if r.rule == "typed_prevented_loss_is_not_a_fact"]
    assert "逐行比对：F3、F6＝劝阻；F4＝劝阻＋冻结；F5 填“约10万”，与各项及其和都不符（劝阻 200000–1000000元、止付 50200元）。" in said.message


@pytest.mark.parametrize(
    ("met", "dissuaded", "typed", "is_same"),
    [(36, 35, "97.2%", True), (19, 18, 0.947, True), (11, 9, "81.8%", True), (2, 2, "100%", True), (36, 35, "98%", False), (36, 30, 0.9, False),
     (36, 35, "97%", True), ("30余", 35, "100%", True), (36, 35, "好", True), (0, 0, "100%", True)],
)  # fmt: skip
def test_typed_rates_are_compared_with_the_counts_of_their_row(met: object, dissuaded: object, typed: object, is_same: bool) -> None:
    header = ["单位", "见面劝阻（人）", "劝阻成功（人）", "劝阻成功率"]
    reading = read_rows([["2023年5月预警劝阻情况统计表"], header, ["城关派出所", met, dissuaded, typed]])
    assert rules(reading).get("typed_rate_is_the_counted_one", []) == ([] if is_same else ["D3"])
    if not is_same:
        said = next(r for r in reading.rejections if r.rule == "typed_rate_is_the_counted_one")
        assert f"{dissuaded} ÷ 见面劝阻 {met} 计算为 {dissuaded / met:.1%}" in said.message  # pyright: ignore[reportOperatorIssue]


# -- totals -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("typed", "is_ok"), [(12, True), ("12份", True), (13, False), ("12余", True), (None, None)])
def test_totals_are_checks(typed: object, is_ok: bool | None) -> None:
    reading = tally(["甲派出所", 5, 1], ["乙派出所", 7, 1], ["合  计", typed, 2])
    assert "B5" not in numbers(reading)
    assert {t.cell: t.is_ok for t in reading.totals}.get("B5") is is_ok
    assert ("total_equals_its_parts" in rules(reading)) is (is_ok is False)


def test_subtotals_add_their_own_group() -> None:
    reading = tally(["甲所", 5, 1], ["乙所", 7, 1], ["城区小计", 12, 2], ["丙所", 1, 1], ["丁所", 2, 1], ["农村小计", 3, 2], ["合计", 15, 4])
    assert [(t.label, t.computed, t.is_ok) for t in reading.totals if t.cell[0] == "B"] == [
        ("城区小计", 12, True),
        ("农村小计", 3, True),
        ("合计", 15, True),
    ]


def test_rounding_of_a_total_is_allowed_for() -> None:
    rows = [["2026年3月劝阻止付情况"], ["单位", "止付金额（万元）"], ["甲所", 1.234], ["乙所", 2.233], ["合计", 3.47]]
    assert all(t.is_ok for t in read_rows(rows).totals)


# -- ledgers and registers ------------------------------------------------------------------------------------------------------------


def test_interceptions_are_events_without_stories_or_names() -> None:
    rows = [
        ["劝阻止付登记表"],
        ["填报单位：甲派出所", *[N] * 5, "填报日期：2026年3月10日"],
        ["序号", "劝阻时间", "受害人", "联系电话", "诈骗类型", "避免损失（万元）", "简要案情", "备注"],
        [1, "3月3日", "王小明", 13800001234, "刷单返利", "8余", "3月3日王小明在某支行转账", "电话13900001234"],
    ]
    reading = read_rows(rows)
    found = at(reading, "F4")
    assert (found.value, found.low, found.high, found.is_ledger) == (80000, 80000, 90000, True)
    assert found.attributes == {"fraud_type": "刷单返利"}
    assert (found.start, found.known_at, found.record_id) == (date(2026, 3, 3), date(2026, 3, 10), "Sheet1!4")
    kept = json.dumps(as_json(reading), ensure_ascii=False)
    for private in ("王小明", "13800001234", "13900001234", "在某支行转账"):
        assert private not in kept
    assert reading.tables[0].rows[0][2] == "王某"


def test_units_and_campaigns_become_entries() -> None:
    units = read_rows([["报送单位名录"], ["单位名称", "类别", "服务辖区", "别名"], ["甲派出所", "派出所", "甲镇", "甲所"]])
    assert [dict(e.fields) for e in units.entries] == [{"zh": "甲派出所", "kind": "派出所", "serves": "甲镇", "aliases": "甲所"}]
    assert dict(units.entries[0].cells)["serves"] == "C3"
    campaigns = read_rows([["专项行动安排"], ["行动名称", "开始日期", "结束日期"], ["百日行动", date(2026, 3, 1), "2026年6月8日"]])
    assert [dict(e.fields) for e in campaigns.entries] == [{"zh": "百日行动", "start": "2026-03-01", "end": "2026年6月8日"}]


def test_people_of_an_area_are_entries_and_measurements() -> None:
    reading = read_rows([["2025年辖区人口情况（单位：万人）"], ["镇街", "社区", "常住人口", "户数（户）"], ["甲镇", "东社区", 0.52, 2100]])
    assert dict(reading.entries[0].fields) == {"town": "甲镇", "community": "东社区", "residents": "0.52万人", "households": "2100"}
    assert numbers(reading) == {"C3": ("population.residents", "东社区", 5200, "人"), "D3": ("population.households", "东社区", 2100, "户")}


# -- files --------------------------------------------------------------------------------------------------------------------------


def test_hidden_and_placeholder_sheets_are_set_aside(tmp_path: Path) -> None:
    good: tuple[Rows, list[str]] = ([TITLE, HEADER, ["甲派出所", 5, 6]], [])
    file = write_workbook(tmp_path / "周报.xlsx", {"本周": good, "上周": ([["（略，同格式）"]], []), "空": ([], []), "旧": good})
    _hide(file, "旧")
    reading = read_file(file, Settings())
    assert {m.sheet for m in reading.measurements} == {"本周"}
    assert {s.sheet: s.reason for s in reading.set_aside if s.sheet != "本周"} == {
        "上周": "placeholder_sheet",
        "空": "empty_sheet",
        "旧": "hidden_sheet",
    }


def _hide(file: Path, name: str) -> None:
    import openpyxl

    book = openpyxl.load_workbook(file)
    book[name].sheet_state = "hidden"
    book.save(file)


def test_a_file_that_is_no_spreadsheet_is_a_reading_with_one_point(tmp_path: Path) -> None:
    (tmp_path / "周报.xlsx").write_bytes(b"%PDF-1.7")
    reading = read_file(tmp_path / "周报.xlsx")
    assert (reading.status, [r.rule for r in reading.rejections]) == ("returned", ["not_a_spreadsheet"])


def test_a_csv_reads_like_its_sheet(tmp_path: Path) -> None:
    file = tmp_path / "周报.csv"
    file.write_text(f"{TITLE[0]},,\n单位,宣传单（份）,横幅（条）\n甲派出所,4万,6\n合计,40000,6\n", encoding="gb18030")
    assert numbers(read_file(file)) == {"B3": ("leaflets.distributed", "甲派出所", 40000, "份"), "C3": ("banners.in_place", "甲派出所", 6, "条")}


def test_explanations_name_cells() -> None:
    reading = tally(["甲派出所", "4万余", None], ["合计", 40000, None])
    text = as_text(reading, "data/raw/周报.xlsx")
    assert "周报.xlsx" in text
    assert "B3" in text
    assert "40000 份 [40000, 50000)" in text
    assert "缺（空白）" in text
    data = as_json(reading)
    assert set(data) >= {"status", "measurements", "rejections", "set_aside", "tables"}
    first = data["measurements"][0]  # pyright: ignore[reportIndexIssue]
    assert first["start"] == "2026-03-02"
    assert data["tables"][0]["header"] == HEADER  # pyright: ignore[reportIndexIssue]


def test_the_reader_has_a_fingerprint() -> None:
    assert len(reader_fingerprint()) == 16


def test_reading_twice_is_reading_once() -> None:
    rows = [TITLE, HEADER, ["甲派出所", "4万余", "／"], ["合计", 40000, None]]
    assert as_json(read_rows(rows)) == as_json(read_rows(rows))


def test_a_second_number_of_a_cell_is_loaded_or_asked_about() -> None:
    title = ["2026年5月银行堵截电信诈骗情况"]
    both = read_rows([title, ["银行", "堵截（笔/万元）"], ["工商银行", "3笔/12.6万元"]])
    assert [(m.measure, m.value, m.unit) for m in both.measurements] == [("cases", 3, "起"), ("averted", 126_000, "元")]
    one = read_rows([title, ["银行", "止付金额（万元）"], ["工商银行", "3个账户、12.6万元"]])
    assert [(m.measure, m.value) for m in one.measurements] == [("stopped", 126_000)]
    assert rules(one) == {"cell_states_one_number": ["B3"]}


def test_rows_of_numbers_without_headings_go_back_once() -> None:
    reading = read_rows([["反诈宣传统计（2026年3月2日-3月8日）"], [], ["城关所", 12, 5], ["东关所", 8, 2]])
    assert not reading.measurements
    assert rules(reading) == {"numbers_have_headings": ["B3"]}


def test_days_may_be_headings_as_true_dates() -> None:
    title, days = "2026年8月96110来电量统计（个）", [date(2026, 8, 3), date(2026, 8, 4)]
    reading = read_rows([[title], ["派出所", *days, "合计"], ["城关派出所", 31, 28, 59], ["东关派出所", 19, 25, 44]])
    found = {m.cell: (f"{m.channel}.{m.measure}", m.start, m.value) for m in reading.measurements}
    assert found == {
        "B3": ("hotline.calls", days[0], 31),
        "C3": ("hotline.calls", days[1], 28),
        "B4": ("hotline.calls", days[0], 19),
        "C4": ("hotline.calls", days[1], 25),
    }


@pytest.mark.parametrize("title", ["2026年3月微信群推送预警和劝阻情况", "2026年3月情况"])
def test_a_title_that_names_two_measures_or_none_completes_no_heading(title: str) -> None:
    reading = read_rows([[title], ["单位", "1日至10日", "数量"], ["城关派出所", 1, 31]])
    assert not [m for m in reading.measurements if m.value is not None]


def test_a_bare_year_in_the_files_name_is_a_year() -> None:
    cells = [["反诈宣传情况（3月2日-3月8日）"], ["单位", "宣传单（份）", "横幅（条）"], ["城关派出所", 100, 2]]
    assert {m.start for m in read_rows(cells, stem="周报汇总2026").measurements} == {date(2026, 3, 2)}
    assert not read_rows(cells, stem="宣传单2026份").measurements


@pytest.mark.parametrize(
    ("title", "heading", "measure", "unit"),
    [
        ("2026年3月各单位见面劝阻人数（人）", "人数", "persons_met", "人"),
        ("2026年3月无人机宣传情况", "数量（架次）", "sorties", "架次"),
        ("2026年3月悬挂横幅统计（条）", "本月", "in_place", "条"),
    ],
)
def test_a_title_says_what_a_bare_heading_counts(title: str, heading: str, measure: str, unit: str) -> None:
    reading = read_rows([[title], ["单位", heading], ["城关派出所", 12], ["东关派出所", "近20"]])
    assert [(m.measure, m.value, m.unit) for m in reading.measurements] == [(measure, 12, unit), (measure, 20, unit)]


def test_a_bare_number_in_a_column_of_months_is_a_month() -> None:
    reading = read_rows(
        [["2026年反诈宣传统计"], ["月份", "单位", "宣传单（份）"], [3, "城关派出所", 100], ["4", "城关派出所", 50], [13, "城关派出所", 9]]
    )
    assert {m.cell: (m.start, m.end) for m in reading.measurements} == {
        "C3": (date(2026, 3, 1), date(2026, 3, 31)),
        "C4": (date(2026, 4, 1), date(2026, 4, 30)),
    }
    assert rules(reading) == {"row_date_is_readable": ["A5"]}


@pytest.mark.parametrize(
    ("below", "is_table"),
    [
        (("前桑园", "4个", "三百余份", "12处", "200多户"), True),
        (("前桑园", "4个", "三百余份", "12处", "全覆盖"), True),
        (("前桑园", "坏了", "三百余份", "12处", "全覆盖"), False),  # but said
        (("前桑园", "坏了", "发了", "贴了不少", "全覆盖"), False),
    ],
)
def test_headings_nobody_lists_are_known_by_the_numbers_and_units_below(below: tuple[str, ...], is_table: bool) -> None:
    header = ["村名", "村口的喇叭", "发的明白纸", "墙上的标语", "挨家走"]
    reading = read_rows([["桑园镇防诈宣传各村上报数（2026年一季度）"], [], header, below, ["后桑园", "坏了", "没发", "没贴", "没走"]])
    assert bool(reading.tables) == is_table
    loaded = {m.cell: (f"{m.channel}.{m.measure}", m.value) for m in reading.measurements if m.value is not None}
    assert loaded.get("C4") == (("leaflets.distributed", 300) if is_table else None)
    assert is_table or ("numbers_have_headings" in rules(reading)) == ("三百余份" in below)


@pytest.mark.parametrize(
    ("row", "is_said"),
    [
        (("片花", "30多块"), True),
        (("片花", "30多块", "小结", "约120小时"), True),
        (("片花", "三十余场"), True),
        (("片花", 30), False),  # one bare number may be a page's
        (("片花", "30"), False),
        (("片花", "第2页"), False),
        (("片花", "另附照片6张及说明材料"), False),
        (("片花", "已完成"), False),
    ],
)
def test_a_number_with_its_unit_beside_a_table_is_never_passed_over(row: tuple[object, ...], is_said: bool) -> None:
    table = [TITLE, ["单位", "宣传单（份）", "横幅（条）"], ["甲派出所", 5, 1], ["合计", 5, 1], ["填表人：王某"], [], ["", "", "", "", *row]]
    reading = read_rows(table)
    assert len(reading.measurements) == 2
    assert rules(reading) == ({"numbers_have_headings": ["F7"]} if is_said else {})


def test_numbers_in_words_without_a_known_heading_are_said_too() -> None:
    reading = read_rows([["反诈宣传统计（2026年3月2日-3月8日）"], ["单位", "网格巡查/人数"], ["城关所", "2场/120人"]])
    assert not reading.measurements
    assert rules(reading) == {"numbers_have_headings": ["B3"]}
