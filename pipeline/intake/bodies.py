"""Which body or area a title or a line above a table names: whose the numbers are where no column and no 填报单位 says so.

Here: texts only. Not here: names in columns (row_keys.py), who is taken for the subject (heads.py), lines with 填报单位 (lines.py).
"""

from __future__ import annotations

import re

from pipeline.forms.wording import sheet_words, squeeze

UNIT_ENDINGS = (
    *("派出所", "支行", "分行", "分理处", "营业部", "农商行", "农商银行", "信用社", "营业厅"),
    *("小学", "中学", "学院", "大学", "幼儿园", "职教中心", "居委会", "村委会", "警务站", "融媒体中心", "服务中心", "反诈中心"),
    *("公司", "集团", "医院", "卫生院", "养老院", "敬老院", "车站", "客运站", "商场", "超市", "市场", "管理处", "物业"),
    *("公安局", "公安分局", "教育局", "民政局", "文旅局", "邮政管理局", "村镇银行"),
    *("司法所", "法院", "检察院", "管委会", "工会", "妇联", "图书馆", "文化站", "综治中心"),
)
AREA_ENDINGS = ("街道", "社区", "镇", "乡", "县", "区", "市")


def _at_the_head(endings: tuple[str, ...], shortest: int) -> re.Pattern[str]:
    return re.compile(
        rf"(?P<name>(?![各全本我该])[^各及和与、,:《“\d]{{{shortest},20}}?(?:{'|'.join(endings)}))(?=\d|关于|反|防|电|宣传|本|第|开展|活动|预警|劝阻|周|月|《|“|全民)"
    )


ORGANISATION, AREA = _at_the_head(UNIT_ENDINGS, 1), _at_the_head(AREA_ENDINGS, 2)
"""县融媒体中心 is one; 我县 and 我公安局 are nobody's names."""
SEVERAL = re.compile(r"各(?![类项种级])")
"""各网点, 各成员单位: the numbers are theirs."""
FILLED_IN = re.compile(r"(?:填报|填表|填写|上报|报送)[:：](?P<who>[\u4e00-\u9fff]{5,24})")
DEPARTMENTS = ("部", "科", "处", "室", "股", "组", "委", "联社")
"""What a part of a body ends in, besides the endings of bodies themselves."""


def organisation_of(title: str) -> str | None:
    """The one unit a title begins with (城东支行2025年…台账); None where it names an authority over several, or more than one."""
    return _named(title, ORGANISATION)


def area_of(title: str) -> str | None:
    """The area a title begins with (碧湖区2024年4月…); None where it goes on to a unit."""
    return _named(title, AREA)


def _named(title: str, known: re.Pattern[str]) -> str | None:
    match = known.match(squeeze(title))
    rest = squeeze(title)[match.end() :] if match else ""
    return match["name"] if match and not SEVERAL.search(rest) and not any(word in rest for word in UNIT_ENDINGS) else None


def reporting_body(line: str) -> str | None:
    """填报：永宁村镇银行合规部 names a body where 填报：王某 names a person; None of a person, and of whoever only drew the table up (制表)."""
    found = FILLED_IN.fullmatch(squeeze(line))
    return found["who"] if found and found["who"].endswith((*sheet_words().name_endings, *UNIT_ENDINGS, *DEPARTMENTS)) else None
