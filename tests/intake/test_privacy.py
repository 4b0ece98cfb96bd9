"""Masking at the door: personal numbers and names go, quantities and dates stay. All persons and numbers here are made up."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.intake.privacy import is_personal_heading, linking_hash, mask_footer, mask_name, mask_text, mask_value

REPEATABLE = settings(derandomize=True, deadline=None, max_examples=200)

PERSONAL = [
    ("电话13800001234", "电话〔手机号〕", "手机号"),
    ("138 0000 1234", "〔手机号〕", "手机号"),
    ("138-0000-1234", "〔手机号〕", "手机号"),
    ("+86 13800001234", "〔手机号〕", "手机号"),
    ("１３８００００１２３４", "〔手机号〕", "手机号"),
    ("1380000XXXX", "〔手机号〕", "手机号"),
    ("138****1234", "〔手机号〕", "手机号"),
    ("1.38E+10", "〔手机号〕", "手机号"),
    ("370902199001011234", "〔身份证号〕", "身份证号"),
    ("37090219900101123X", "〔身份证号〕", "身份证号"),
    ("37090219900101123x", "〔身份证号〕", "身份证号"),
    ("３７０９０２１９９００１０１１２３Ｘ", "〔身份证号〕", "身份证号"),
    ("370902 19900101 1234", "〔身份证号〕", "身份证号"),
    ("370902900101123", "〔身份证号〕", "身份证号"),
    ("370902********1234", "〔身份证号〕", "身份证号"),
    ("卡6228480012345678901转账", "卡〔银行卡号〕转账", "银行卡号"),
    ("6228 4800 1234 5678", "〔银行卡号〕", "银行卡号"),
    ("6228-4800-1234-5678-901", "〔银行卡号〕", "银行卡号"),
    ("6.22848E+18", "〔银行卡号〕", "银行卡号"),
    ("6228********1234", "〔银行卡号〕", "银行卡号"),
    ("账号：1234 5678 90", "账号：〔账号〕", "账号"),
    ("转入帐户 987654321", "转入帐户 〔账号〕", "账号"),
    ("微信号：abc_12345", "微信号：〔微信号〕", "微信号"),
    ("加微信abc12345", "加微信〔微信号〕", "微信号"),
    ("QQ：12345678", "QQ：〔QQ号〕", "QQ号"),
    ("qq12345678", "qq〔QQ号〕", "QQ号"),
    ("鲁F12345", "〔车牌〕", "车牌"),
    ("鲁F·D12345", "〔车牌〕", "车牌"),
    ("0535-6123456", "〔电话〕", "电话"),
    ("（0535）6123456", "〔电话〕", "电话"),
    ("电话：6123456", "电话：〔电话〕", "电话"),
    ("zhang_san@example.com", "〔邮箱〕", "邮箱"),
    ("事主：李小明，被骗", "事主：李某，被骗", "姓名"),
]
HARMLESS = [
    "4万份",
    "1380000元",
    "13800000000元",
    "阅读量12000000次",
    "12345678",
    "20230515",
    "20230515-20230521",
    "2023-05-15 09:30:00",
    "2023年5月15日—5月21日",
    "110",
    "96110",
    "拨打 96110 劝阻 138 人",
    "1,234,567.00",
    "微信群45个",
    "QQ群5个",
    "账户数14个",
    "止付账户 123456 元",
    "统计时间：5月15日",
    "填报单位：城关派出所（盖章）",
    "LED屏32块",
    "含快递包裹粘贴",
    "0.123456789012",
    "",
]


@pytest.mark.parametrize(("text", "masked", "kind"), PERSONAL)
def test_personal_data_becomes_a_tag(text, masked, kind):
    result = mask_text(text)
    assert (result.text, result.kinds) == (masked, (kind,))
    assert mask_text(result.text).text == result.text


@pytest.mark.parametrize("text", HARMLESS)
def test_quantities_dates_and_hotlines_stay(text):
    result = mask_text(text)
    assert (result.text, result.kinds) == (text, ())


def test_several_kinds_in_one_story():
    result = mask_text("李某（１３８００００１２３４）向6228480012345678901转账，身份证37090219900101123X，车牌鲁F12345。")
    assert result.text == "李某（〔手机号〕）向〔银行卡号〕转账，身份证〔身份证号〕，车牌〔车牌〕。"
    assert result.kinds == ("手机号", "银行卡号", "身份证号", "车牌")


@pytest.mark.parametrize(
    ("value", "masked"),
    [
        (13800001234, "〔手机号〕"),
        (13800001234.0, "〔手机号〕"),
        (6.22848e18, "〔银行卡号〕"),
        (3.70902e17, "〔身份证号〕"),
        ("13800001234", "〔手机号〕"),
        (38000.0, 38000.0),
        (20230515, 20230515),
        (0.5, 0.5),
        (96110, 96110),
        (None, None),
        (True, True),
        (float("inf"), float("inf")),
    ],
)
def test_numbers_stored_as_numbers_are_masked_too(value, masked):
    assert mask_value(value) == masked


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("李小明", "李某"),
        ("李某某", "李某"),
        ("李某", "李某"),
        ("王 五", "王某"),
        ("欧阳小明", "欧阳某"),
        ("欧阳", "欧某"),
        ("张三、李四", "张某、李某"),
        ("张三 李四", "张某李某"),
        ("张三和李四", "张某和李某"),
        ("李和平", "李某"),
        ("李女士", "李某"),
        ("李小明等3人", "李某等3人"),
        ("李小明（女，65岁）", "李某"),
        ("张三 13800001234", "张某〔手机号〕"),
        ("阿依古丽·买买提", "阿某"),
        ("John", "某"),
        ("无", "无"),
        ("/", "/"),
        ("", ""),
    ],
)
def test_a_name_is_a_surname_and_mou(name, masked):
    assert mask_name(name).replace(" ", "") == masked


@pytest.mark.parametrize(
    ("footer", "masked"),
    [
        ("填报人：李某某", "填报人："),
        ("审核人：", "审核人："),
        ("填报人:王 五", "填报人:"),
        ("填报人：李小明 联系电话：1380000XXXX", "填报人： 联系电话：〔手机号〕"),
        ("填报人：张三  审核人：李四  填报日期：2023.5.22", "填报人：  审核人：  填报日期：2023.5.22"),
        ("填表人：王某 2023年6月1日", "填表人： 2023年6月1日"),
        ("制表：反诈中心", "制表：反诈中心"),
        ("分管领导：张三、李四", "分管领导："),
        ("填报单位：城关派出所（盖章）", "填报单位：城关派出所（盖章）"),
        ("说明：1.受众人数按人次统计；2.每周一12时前报送。", "说明：1.受众人数按人次统计；2.每周一12时前报送。"),
    ],
)
def test_footers_lose_their_names(footer, masked):
    assert mask_footer(footer) == masked


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("姓名", "姓名"),
        ("事主", "姓名"),
        ("受害人姓名", "姓名"),
        ("事主信息›姓名", "姓名"),
        ("户名", "姓名"),
        ("填报人", "姓名"),
        ("身份证号码", "身份证号"),
        ("身份证", "身份证号"),
        ("联系电话", "手机号"),
        ("电话", "手机号"),
        ("手机号", "手机号"),
        ("联系方式", "手机号"),
        ("银行卡号", "银行卡号"),
        ("涉案账号", "账号"),
        ("收款账户", "账号"),
        ("微信号", "微信号"),
        ("QQ", "QQ号"),
        ("车牌号", "车牌"),
        ("家庭住址", "住址"),
        ("工作单位", "工作单位"),
        ("受害人数", None),
        ("受害人（人）", None),
        ("劝阻事主（人）", None),
        ("电话劝阻（人次）", None),
        ("报警电话", None),
        ("账户数（个）", None),
        ("止付›账户数（个）", None),
        ("止付账号（个）", None),
        ("微信群（个）", None),
        ("微信", None),
        ("单位", None),
        ("活动地点", None),
        ("备注", None),
    ],
)
def test_personal_columns_are_known_by_their_heading(heading, kind):
    assert is_personal_heading(heading) == kind


def test_equal_numbers_link_under_one_key_only():
    key = b"a key of this test"
    assert linking_hash("138 0000 1234", key) == linking_hash("１３８-００００-１２３４", key) == linking_hash(13800001234, key)
    assert linking_hash("13800001234", key) != linking_hash("13800001235", key)
    assert linking_hash("13800001234", key) != linking_hash("13800001234", b"another key")
    assert linking_hash("37090219900101123x", key) == linking_hash("37090219900101123X", key)
    for number, secret in (("", key), ("—", key), ("13800001234", b"")):
        with pytest.raises(ValueError, match="key and a number"):
            linking_hash(number, secret)


PHONES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
PHONE_FORMS = ["{}", "电话{}", "张某 {}（本人）", "{}、{}", "联系：{}。", "+86{}"]
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@REPEATABLE
@given(PHONES, st.sampled_from(PHONE_FORMS), st.booleans())
def test_no_telephone_number_survives(phone, form, is_full_width):
    text = form.format(phone, phone)
    masked = mask_text(text.translate(FULL_WIDTH) if is_full_width else text).text
    assert not re.search(r"\d{4,}", masked)
    assert "〔手机号〕" in masked


@REPEATABLE
@given(st.from_regex(r"[1-6][0-9]{5}(19[3-9][0-9]|20[01][0-9])(0[1-9]|1[0-2])(0[1-9]|[12][0-9])[0-9]{3}[0-9X]", fullmatch=True))
def test_no_id_number_survives(number):
    assert mask_text(f"身份证号：{number}，").text == "身份证号：〔身份证号〕，"


@REPEATABLE
@given(st.integers(min_value=0, max_value=10**9), st.sampled_from(["{}", "{}元", "{}份", "发放{}余份", "{:,}", "{}.50元"]))
def test_no_ordinary_number_is_masked(number, form):
    text = form.format(number)
    assert mask_text(text).text == text
    assert mask_value(number) == number


@REPEATABLE
@given(st.text(max_size=60))
def test_masking_twice_is_masking_once(text):
    once = mask_text(text).text
    assert mask_text(once).text == once
    mask_name(text), mask_footer(text), is_personal_heading(text)


@pytest.mark.parametrize(
    "piece", ["1", "1 ", "1*", "a.", "@", "138", "1380000X", "0", "事主：", "1-", "微信", "填报人:", "鲁F", "6228****", "李", "、", "("]
)
def test_long_texts_take_no_time_to_speak_of(piece):
    started = time.perf_counter()
    mask_text(piece * 10_000), mask_footer(piece * 10_000), mask_name(piece * 10_000)
    assert time.perf_counter() - started < 5
