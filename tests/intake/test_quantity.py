"""The quantity grammar: what each written form says, and that a doubtful one says nothing."""

from __future__ import annotations

import math
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.intake.quantity import Quantity, Ratio, read_quantities, read_quantity, read_ratio

REPEATABLE = settings(derandomize=True, deadline=None, max_examples=300)

EXACT = [
    ("32", None, 32, None),
    ("80.5", None, 80.5, None),
    ("398", "人次", 398, "人次"),
    ("２，５００", "份", 2500, "份"),
    ("1,234.50", "元", 1234.5, "元"),
    ("1，234", "份", 1234, "份"),
    ("￥38,000.00", "万元", 38_000, "元"),
    ("¥500", None, 500, "元"),
    ("RMB 5000", None, 5000, "元"),
    ("4万份", "份", 40_000, "份"),
    ("4 万 份", "份", 40_000, "份"),
    ("1.1万", "次", 11_000, "次"),
    ("3.2亿元", None, 320_000_000, "元"),
    ("1亿2000万元", "元", 120_000_000, "元"),
    ("1万5千份", "份", 15_000, "份"),
    ("2万5", "份", 25_000, "份"),
    ("3万零50", "份", 30_050, "份"),
    ("2万零5百", "份", 20_500, "份"),
    ("1千〇8人", "人", 1008, "人"),
    ("3万零5", "份", 30_005, "份"),
    ("2w", "份", 20_000, "份"),
    ("1.5W", "次", 15_000, "次"),
    ("5k", "次", 5000, "次"),
    ("十二", "场", 12, "场"),
    ("两万", "份", 20_000, "份"),
    ("二百三十", "份", 230, "份"),
    ("一百零八", "份", 108, "份"),
    ("一千零五十", "份", 1050, "份"),
    ("三千五", "份", 3500, "份"),
    ("一万二", "份", 12_000, "份"),
    ("两千三", "份", 2300, "份"),
    ("二十三万五千", "元", 235_000, "元"),
    ("三点五万", "次", 35_000, "次"),
    ("人民币叁拾万元整", "元", 300_000, "元"),
    ("壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分", "元", 1_234_567.89, "元"),
    ("半小时", "小时", 0.5, "小时"),
    ("一个半小时", "小时", 1.5, "小时"),
    ("两年半", None, 2.5, "年"),
    ("1.5个小时", "小时", 1.5, "小时"),
    ("1小时30分", "小时", 1.5, "小时"),
    ("90分钟", "小时", 1.5, "小时"),
    ("90", "分钟", 1.5, "小时"),
    ("36小时", "小时", 36, "小时"),
    ("15条", "条", 15, "条"),
    ("50份", "份", 50, "份"),
    ("300个人", "人", 300, "人"),
    ("20人（次）", "人次", 20, "人次"),
    ("共14起", "起", 14, "起"),
    ("合计：300", "份", 300, "份"),
    ("0", "份", 0, "份"),
    ("０", "份", 0, "份"),
    ("零", "份", 0, "份"),
    ("0份", "份", 0, "份"),
    ("《一封信》800份", "份", 800, "份"),
    ("5月15日发放300份", "份", 300, "份"),
    ("第一批300份", "份", 300, "份"),
    ("①300份", "份", 300, "份"),
    ("一线民警20人", "人", 20, "人"),
    ("附近群众300人", "人", 300, "人"),
    ("签约20户", "户", 20, "户"),
    ("线上3场", "场", 3, "场"),
    ("LED屏32块", "块", 32, "块"),
    ("A4纸300张", "张", 300, "张"),
    ("500块", "元", 500, "元"),
    ("500块", "块", 500, "块"),
    ("200（计划300）", "份", 200, "份"),
    ("120（含快递）", "份", 120, "份"),
    ("300份（含上周50份）", "份", 300, "份"),
    ("群45个（成员8000人）", "个", 45, "个"),
    ("群45个（成员8000人）", "人", 8000, "人"),
    ("3-5岁儿童200人", "人", 200, "人"),
    ("3号楼发放20份", "份", 20, "份"),
    ("一中师生1200人", "人", 1200, "人"),
    ("八里庄村120户", "户", 120, "户"),
    ("“1200”", "份", 1200, "份"),
    ("35000人民币", "万元", 35_000, "元"),
    ("12345热线受理30件", "件", 30, "件"),
    ("6·29宣传日发放500份", "份", 500, "份"),
    ("传单300份，海报50份，共计350份", "份", 350, "份"),
    ("传单300份、海报50张", "张", 50, "张"),
]

INTERVALS = [
    # at_least: [N, N + next unit step)
    ("800余份", "份", 800, 800, 900, "at_least"),
    ("800 余 份", "份", 800, 800, 900, "at_least"),
    ("2万余份", "份", 20_000, 20_000, 30_000, "at_least"),
    ("80余万元", "元", 800_000, 800_000, 900_000, "at_least"),
    ("80万余元", "元", 800_000, 800_000, 900_000, "at_least"),
    ("130余万户", "户", 1_300_000, 1_300_000, 1_400_000, "at_least"),
    ("1000余万元", "元", 10_000_000, 10_000_000, 20_000_000, "at_least"),
    ("3900余人次", "人次", 3900, 3900, 4000, "at_least"),
    ("1.2万余", "次", 12_000, 12_000, 13_000, "at_least"),
    ("36余", "份", 36, 36, 37, "at_least"),
    ("1千余份", "份", 1000, 1000, 2000, "at_least"),
    ("5百多", "份", 500, 500, 600, "at_least"),
    ("百余人", "人", 100, 100, 200, "at_least"),
    ("参加人数百余人", "人", 100, 100, 200, "at_least"),
    ("十余次", "次", 10, 10, 20, "at_least"),
    ("百余万元", "元", 1_000_000, 1_000_000, 2_000_000, "at_least"),
    ("120左右", "人", 120, 108, 132, "about"),
    ("110上下", "人", 110, 99, 121, "about"),
    ("万余份", "份", 10_000, 10_000, 20_000, "at_least"),
    ("播放量破万", "次", 10_000, 10_000, 20_000, "at_least"),
    ("千余", "份", 1000, 1000, 2000, "at_least"),
    ("300多台次", "台次", 300, 300, 400, "at_least"),
    ("2500+", "人次", 2500, 2500, 2600, "at_least"),
    ("3.5万+", "次", 35_000, 35_000, 36_000, "at_least"),
    ("500人以上", "人", 500, 500, 600, "at_least"),
    ("逾千万元", "元", 10_000_000, 10_000_000, 20_000_000, "at_least"),
    ("超3000人", "人", 3000, 3000, 4000, "at_least"),
    ("至少20场", "场", 20, 20, 30, "at_least"),
    ("不少于20场", "场", 20, 20, 30, "at_least"),
    ("≥500", "人", 500, 500, 600, "at_least"),
    ("上百", "人", 100, 100, 200, "at_least"),
    ("上百万元", "元", 1_000_000, 1_000_000, 2_000_000, "at_least"),
    ("上十万元", "元", 100_000, 100_000, 200_000, "at_least"),
    ("上十余次", "次", 10, 10, 20, "at_least"),
    ("3万零50余份", "份", 30_050, 30_050, 30_060, "at_least"),
    ("过万次", "次", 10_000, 10_000, 20_000, "at_least"),
    ("两个多小时", "小时", 2, 2, 3, "at_least"),
    # nearly: [0.9 N, N]
    ("近500人", "人", 500, 450, 500, "nearly"),
    ("近80万元", "元", 800_000, 720_000, 800_000, "nearly"),
    ("近百人", "人", 100, 90, 100, "nearly"),
    ("将近25人", "人", 25, 23, 25, "nearly"),
    ("近一个半小时", "小时", 1.5, 1.35, 1.5, "nearly"),
    # about: ± 10 %
    ("约60", "小时", 60, 54, 66, "about"),
    ("约75份", "份", 75, 68, 82, "about"),
    ("约10万", "元", 100_000, 90_000, 110_000, "about"),
    ("3000人左右", "人", 3000, 2700, 3300, "about"),
    ("十来个", "个", 10, 9, 11, "about"),
    ("约800余份", "份", 800, 720, 900, "about"),
    ("近20余场", "场", 20, 18, 30, "about"),
    # vague: bounds only
    ("数十个", "个", None, 20, 100, "vague"),
    ("几十人", "人", None, 20, 100, "vague"),
    ("数百余份", "份", None, 200, 1000, "vague"),
    ("数千", "份", None, 2000, 10_000, "vague"),
    ("数十万元", "元", None, 200_000, 1_000_000, "vague"),
    ("数百万元", "元", None, 2_000_000, 10_000_000, "vague"),
    ("几万元", "元", None, 20_000, 100_000, "vague"),
    ("十几户", "户", None, 11, 20, "vague"),
    ("二十几", "人", None, 21, 30, "vague"),
    ("20几户", "户", None, 21, 30, "vague"),
    ("十几万", "元", None, 110_000, 200_000, "vague"),
    ("几个", "个", None, 2, 10, "vague"),
    # range
    ("3-5场", "场", None, 3, 5, "range"),
    ("10～15人", "人", None, 10, 15, "range"),
    ("三至五家", "家", None, 3, 5, "range"),
    ("5到8万", "份", None, 50_000, 80_000, "range"),
    ("5000-1万元", "元", None, 5000, 10_000, "range"),
    ("约30-50人", "人", None, 27, 55, "range"),
    ("二三十人", "人", None, 20, 30, "range"),
    ("十七八个", "个", None, 17, 18, "range"),
    ("三五百人", "人", None, 300, 500, "range"),
]

HEADINGS = [
    ("0.35", "万次", 3500, "次", None),
    (0.35, "万次", 3500, "次", None),
    (1.2, "（万次）", 12_000, "次", None),
    (56.3, "万元", 563_000, "元", None),
    (5.02, "万元", 50_200, "元", None),
    (74.92000000000002, "万元", 749_200, "元", None),
    ("5.02", "单位：万元", 50_200, "元", None),
    ("2.98万", "万元", 29_800, "元", None),
    ("80万", "万元", 800_000, "元", None),
    ("12.8万元", "元", 128_000, "元", None),
    ("38000元", "万元", 38_000, "元", None),
    ("500份", "万份", 500, "份", None),
    ("300", "条（幅）", 300, "条", None),
    ("300", "人（次）", 300, "人次", None),
    ("300", "起、人、万元", 300, None, None),
    ("11（次）", "人", 11, "次", "unit_conflict"),
    ("300人次", "人", 300, "人次", "unit_conflict"),
    ("14起", "元", 14, "起", "unit_conflict"),
    ("3天", "小时", 3, "天", "unit_conflict"),
    ("5000美元", "元", 5000, "美元", "unit_conflict"),
    ("200张", "份", 200, "张", None),
    ("3次", "架次", 3, "次", None),
    ("97.2%", "%", 0.972, "%", None),
    (97.2, "%", 0.972, "%", None),
    (0.947, "%", 0.947, "%", None),
    ("97.2%", "人", 0.972, "%", "unit_conflict"),
]

MISSING = [
    ("", "blank"),
    ("　 ", "blank"),
    ("空", "blank"),
    (None, "blank"),
    ("-", "dash"),
    ("—", "dash"),
    ("——", "dash"),
    ("－", "dash"),
    ("／", "not_applicable"),
    ("/", "not_applicable"),
    ("\\", "not_applicable"),
    ("不适用", "not_applicable"),
    ("无", "stated_none"),
    ("（无）", "stated_none"),
    ("统计中", "not_reported"),
    ("未报", "not_reported"),
    ("同上", "refers_above"),
    ('"', "refers_above"),
    ("√", "tick_only"),
    ("✓", "tick_only"),
    ("见附件1", "see_elsewhere"),
    ("详见附表", "see_elsewhere"),
    ("略", "see_elsewhere"),
    ("202_余份", "masked_digits"),
    ("xx份", "masked_digits"),
    ("？家", "masked_digits"),
    ("＊＊", "masked_digits"),
    ("××", "masked_digits"),
    ("300?", "masked_digits"),
    ("x60人", "masked_digits"),
    ("约×600余份", "masked_digits"),
    ("横幅条", "number_lost"),
    ("共计小时", "number_lost"),
    ("余个", "number_lost"),
    ("余条", "number_lost"),
    ("万元", "number_lost"),
    ("用无人机参与宣传次", "number_lost"),
    ("动用各种显示屏块", "number_lost"),
    ("社区、村居微信群余个", "number_lost"),
    ("若干", "no_number"),
    ("多次", "no_number"),
    ("大量", "no_number"),
    ("成千上万", "no_number"),
    ("取得良好效果", "claim_without_measure"),
    ("全覆盖", "claim_without_measure"),
]

UNREADABLE = [
    *("各100份", "每村100份", "(500)", "1200份（约）", "30份（待核）", "3场（延期）", "10场余"),
    *("-5", "－5份", "负5", "1,23", "3万零5千", "零3万", "12,34,567", "12.3.4", "12/15", "#DIV/0!", "#REF!", "nan", "inf", "1e5", "007", "一", "百"),
    *("1 200", "3、5个", "三、五个", "1/2", "½", "三分之一", "八成", "两倍", "500±20", "5+3", "20×3", "3场×20人", "百十来人"),
    *("不到500人", "不足100人", "≤500", "最多500人", "500人以内", "0余", "近0份", "8-5场", "1.234.567", "3.5份", "6.29", "1'234"),
    *("6·29", "5.15-5.21", "5-21", "20230515", "2023年5月", "5月15日", "15日", "第21周", "第一辆", "24时", "12时许", "9:30", "三年级", "5楼"),
    *("13812345678", "138 1234 5678", "1380000XXXX", "37090219800101123X", "6228480012345678901", "6.22848E+18", "96110", "110报警服务台"),
    *("百日行动", "三不一要", "两卡", "一起参加", "十分重视", "四川", "近年来", "近一年来", "下降2个百分点", "上升8%", "同比+5", "3篇/周"),
    *(
        "每场50人",
        "每天8小时",
        "8小时/天",
        "24小时滚动播放",
        "人均3份",
        "计划发放5000份",
        "未发放300份",
        "较上周增加30份",
        "剩余200份",
        "发放传单300份，海报50份",
    ),
]


def bounds(quantity: Quantity) -> tuple[float | None, float | None, float | None]:
    return quantity.value, quantity.low, quantity.high


@pytest.mark.parametrize(("text", "heading", "value", "unit"), EXACT)
def test_exact_forms_are_read_as_written(text, heading, value, unit):
    quantity = read_quantity(text, heading)
    assert (*bounds(quantity), quantity.unit, quantity.precision) == (value, value, value, unit, "exact")


@pytest.mark.parametrize(("text", "heading", "value", "low", "high", "precision"), INTERVALS)
def test_approximate_forms_keep_the_figure_and_its_bounds(text, heading, value, low, high, precision):
    quantity = read_quantity(text, heading)
    assert (*bounds(quantity), quantity.unit, quantity.precision) == (value, low, high, heading, precision)
    assert quantity.reason == "approximate"
    if precision in ("at_least", "vague"):
        assert quantity.is_high_exclusive
    if precision in ("nearly", "range"):
        assert not quantity.is_high_exclusive


@pytest.mark.parametrize(("written", "heading", "value", "unit", "reason"), HEADINGS)
def test_a_heading_unit_applies_to_bare_numbers_and_the_cell_wins(written, heading, value, unit, reason):
    quantity = read_quantity(written, heading)
    assert (*bounds(quantity), quantity.unit, quantity.reason) == (value, value, value, unit, reason)


@pytest.mark.parametrize("heading", [None, "份", "万元"])
@pytest.mark.parametrize(("text", "reason"), MISSING)
def test_nothing_has_its_own_reason_and_is_never_zero(text, reason, heading):
    quantity = read_quantity(text, heading)
    assert (*bounds(quantity), quantity.precision, quantity.reason) == (None, None, None, "missing", reason)


@pytest.mark.parametrize("text", UNREADABLE)
def test_what_is_not_certain_is_unreadable(text):
    quantity = read_quantity(text, "份")
    assert (*bounds(quantity), quantity.reason) == (None, None, None, "unreadable")


@pytest.mark.parametrize("number", [True, -1, -0.5, math.nan, math.inf, 13812345678, 6.22848e18, 20230515, 96110, date(2023, 5, 15)])
def test_number_cells_that_are_no_count_are_unreadable(number):
    assert read_quantity(number, "份").reason == "unreadable"


@pytest.mark.parametrize("text", ["百余", "上百"])
def test_a_hundred_under_a_heading_of_ten_thousands_is_a_hundred_of_them(text):
    assert bounds(read_quantity(text, "万元"))[:3] == (1_000_000, 1_000_000, 2_000_000)


@pytest.mark.parametrize("text", ["5千", "5k", "数千", "千余"])
def test_a_thousand_under_a_heading_of_ten_thousands_is_ambiguous(text):
    assert read_quantity(text, "万元").reason == "unreadable"
    assert not read_quantity(text, "元").is_missing


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("2笔、共计8万元", "笔", 2),
        ("2笔、共计8万元", "起", 2),
        ("2笔、共计8万元", "元", 80_000),
        ("2笔、共计8万元", "万元", 80_000),
        ("2笔、共计8万元", None, 2),
        ("1笔/2.98万元", "笔", 1),
        ("1笔/2.98万元", "元", 29_800),
        ("14起（80余万元）", "元", 800_000),
        ("3场20人", "人", 20),
    ],
)
def test_of_several_numbers_the_one_in_the_wanted_unit_is_meant(text, unit, value):
    assert read_quantity(text, unit).value == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2笔、共计8万元", [(2, "笔", ""), (80_000, "元", "")]),
        ("300余份 传单，50条横幅", [(300, "份", "传单"), (50, "条", "横幅")]),
        ("发放传单300份，海报50张", [(300, "份", "发放传单"), (50, "张", "海报")]),
        ("《致企业财务人员的一封信》800余份", [(800, "份", "致企业财务人员的一封信")]),
        ("微信公众号阅读1.1万", [(11_000, None, "微信公众号")]),
        ("县融媒1篇", [(1, "篇", "县融媒")]),
        ("发放宣传单张，用无人机参与宣传次", [(None, "张", ""), (None, "次", "")]),
    ],
)
def test_every_number_of_a_cell_with_what_it_is_of(text, expected):
    assert [(q.value, q.unit, q.attribute) for q in read_quantities(text)] == expected


@pytest.mark.parametrize(
    ("text", "flag", "reason"),
    [
        ("累计发放1200份", "is_cumulative", "cumulative"),
        ("累计（含上期）1200", "is_cumulative", "cumulative"),
        ("截止目前，共推送300条", "is_cumulative", "cumulative"),
        ("其中劝阻60余个", "is_subset", "subset"),
        ("其中：高危36", "is_subset", "subset"),
        ("辐射3000余人", "is_claim", "claim"),
        ("覆盖群众5000人", "is_claim", "claim"),
    ],
)
def test_words_before_a_number_set_its_flag_and_reason(text, flag, reason):
    quantity = read_quantity(text)
    assert getattr(quantity, flag)
    assert quantity.reason == reason


def test_a_spread_over_items_is_no_total():
    quantity = read_quantity("数千元到数百万元不等", "元")
    assert (*bounds(quantity), quantity.reason) == (None, 2000, 10_000_000, "spread")
    assert quantity.is_high_exclusive


def test_a_bulletin_gives_each_number_once_with_its_place_and_none_of_the_digits_that_measure_nothing():
    text = (
        "截止到11月10日，5天时间有效阻止了14起交易，避免损失共计８０余万元。10日当天，110报警服务台已接到报警电400余个，其中劝阻警情60余个，"
        "涉案金额数十万元，举报线索300余个；现场发放矿泉水202_余份，期间共拉横幅条，深入开展“三不一要”宣传，同比上升8%。"
    )
    found = read_quantities(text)
    assert [(q.value, q.unit, q.reason) for q in found] == [
        (5, "天", None),
        (14, "起", None),
        (800_000, "元", "approximate"),
        (400, "个", "approximate"),
        (60, "个", "subset"),
        (None, "元", "subset"),
        (300, "个", "subset"),
        (None, "份", "masked_digits"),
        (None, "条", "number_lost"),
    ]
    assert all(text[q.start : q.end] == q.text for q in found)


@pytest.mark.parametrize(
    "piece", ["1", "一", "1 ", "十百", "1,", "(", "约", "1-", "个", "　", "x", "《", "1万", "余", "1/1", "“", "·1", "_", "1_", "５", "3场", "1."]
)
def test_long_texts_are_refused_at_once(piece):
    assert read_quantity(piece * 50_000, "份").reason == "unreadable"
    read_quantities(piece * 2000, "份")


@REPEATABLE
@given(st.text(max_size=40), st.sampled_from([None, "份", "万元", "小时", "万人次", "?"]))
def test_any_text_is_read_without_error_and_bounds_hold(text, unit):
    quantity = read_quantity(text, unit)
    assert (quantity.precision == "missing") == (quantity.low is None)
    if quantity.low is not None and quantity.high is not None:
        assert 0 <= quantity.low <= quantity.high
        assert quantity.value is None or quantity.low <= quantity.value <= quantity.high


GRAMMAR = "0123456789.,-+~/ 余多来几数半近约超十百千万亿一二三两零个份人次元小时笔共计其中（）、，。至到%?x年月日第"


@REPEATABLE
@given(st.text(alphabet=GRAMMAR, max_size=16), st.sampled_from([None, "份", "万元", "小时"]))
def test_scrambled_grammar_never_breaks_the_contract(text, unit):
    for quantity in (read_quantity(text, unit), *read_quantities(text, unit)):
        assert (quantity.precision == "missing") == (quantity.low is None)
        assert quantity.precision != "missing" or quantity.reason
        assert quantity.precision not in ("exact", "at_least", "nearly", "about") or quantity.value is not None
        if quantity.value is not None and quantity.low is not None and quantity.high is not None:
            assert 0 <= quantity.low <= quantity.value <= quantity.high


def write_han(number: int) -> str:
    """An independent writer of Chinese numerals below 10^8, for the round trip."""
    digits, small = "零一二三四五六七八九", ["", "十", "百", "千"]

    def group(part: int) -> str:
        text, is_gap = "", False
        for power in (3, 2, 1, 0):
            digit = part // 10**power % 10
            if digit == 0:
                is_gap = bool(text)
                continue
            text += ("零" if is_gap else "") + digits[digit] + small[power]
            is_gap = False
        return text

    if number == 0:
        return "零"
    high, low = divmod(number, 10_000)
    if not high:
        return group(low)
    return group(high) + "万" + (("零" if low < 1000 else "") + group(low) if low else "")


@REPEATABLE
@given(st.integers(min_value=0, max_value=10**8 - 1))
def test_chinese_numerals_are_read_back(number):
    assert read_quantity(write_han(number) + "份").value == number


@REPEATABLE
@given(st.integers(min_value=0, max_value=10**10), st.sampled_from(["{}份", "{:,}份", "发放{}份", "共计{}份", "{}（份）", "{} 份"]))
def test_digits_are_read_back_however_they_are_dressed(number, form):
    quantity = read_quantity(form.format(number), "份")
    assert (*bounds(quantity), quantity.unit) == (number, number, number, "份")


@REPEATABLE
@given(st.decimals(min_value="0.0001", max_value="99999", places=4), st.sampled_from([("万元", "{}"), ("元", "{}万元"), ("万元", "{}万")]))
def test_ten_thousands_are_exact_wherever_they_are_written(number, form):
    heading, text = form
    assert read_quantity(text.format(number), heading).value == float(number * 10_000)
    assert read_quantity(float(number), "万元").value == float(number * 10_000)


@REPEATABLE
@given(st.integers(min_value=1, max_value=99), st.integers(min_value=0, max_value=6))
def test_more_than_stays_below_the_next_unit_step(figure, zeros):
    number = figure * 10**zeros
    step = 10**zeros * (10 if figure % 10 == 0 else 1)
    for text in (f"{number}余份", f"{number}多份", f"{number}+", f"{number}份以上", f"超{number}份"):
        quantity = read_quantity(text, "份")
        assert (*bounds(quantity), quantity.precision) == (number, number, number + step, "at_least"), text


@pytest.mark.parametrize(
    ("text", "ratio"),
    [
        ("97.2%", Ratio(0.972)),
        ("100％", Ratio(1.0)),
        ("0.947", Ratio(0.947)),
        (0.947, Ratio(0.947)),
        ("+12.3%", Ratio(0.123)),
        ("4.1%", Ratio(0.041)),
        ("↓5%", Ratio(-0.05)),
        ("5%↓", Ratio(-0.05)),
        ("上升8%", Ratio(0.08)),
        ("同比上升8%", Ratio(0.08)),
        ("-3.1%", Ratio(-0.031)),
        ("－3.1％", Ratio(-0.031)),
        ("下降2个百分点", Ratio(-0.02, is_points=True)),
        ("持平", Ratio(0.0)),
        ("与上月持平", Ratio(0.0)),
        ("", Ratio(None, reason="blank")),
        (None, Ratio(None, reason="blank")),
        ("—", Ratio(None, reason="dash")),
        ("/", Ratio(None, reason="not_applicable")),
        ("97.2", Ratio(None, reason="unreadable")),
        (97.2, Ratio(None, reason="unreadable")),
        ("翻了2倍", Ratio(None, reason="unreadable")),
        ("上升下降5%", Ratio(None, reason="unreadable")),
        ("很多", Ratio(None, reason="unreadable")),
        (True, Ratio(None, reason="unreadable")),
    ],
)
def test_typed_ratios_and_changes(text, ratio):
    assert read_ratio(text) == ratio


def test_a_times_sign_behind_a_thing_masks_no_digit() -> None:
    assert read_quantity("展板×12块").value == 12
