"""Digits and numeral characters that measure nothing, and how they are taken out of a text before numbers are looked for.

Here: NFKC with positions kept, and the patterns of dates, clock times, ordinals, hotlines, telephone and ID numbers, quotations,
percentages, list markers and set phrases. Not here: reading dates (period.py), masking personal numbers (privacy.py).
"""

from __future__ import annotations

import re
import unicodedata

from pipeline.intake.numerals import HAN
from pipeline.intake.units import UNIT

BLANK = "\0"
"""Filler for what was taken out; one for each character, so that positions stay true."""

HOTLINES = frozenset({"96110", "12340", "12381"})
"""Numbers that are a hotline even when they are all that a cell holds (110 may be a count)."""

_DAY = r"\d{1,2}[日号]"
_HAN_DIGITS = "[一二两三四五六七八九十]"
_PATTERNS = (
    r"《[^《》]{0,60}》|“[^“”]{0,60}”|\"[^\"]{1,60}\"|‘[^‘’]{0,60}’|「[^「」]{0,60}」|『[^『』]{0,60}』",
    rf"(?<!\d)(?:19|20)\d\d年(?:度|第?[一二三四]季度|[上下]半年)?(?:\d{{1,2}}月份?(?:{_DAY})?)?|(?<!\d)\d\d年\d{{1,2}}月份?(?:{_DAY})?",
    rf"(?<!\d)\d{{1,2}}月(?:份|底|初|末|[上中下]旬)?(?:{_DAY})?(?:[-–—~至到](?:\d{{1,2}}月)?{_DAY})?|(?<!\d){_DAY}(?!线)",
    rf"{_HAN_DIGITS}{{1,3}}月(?:份|底|初|末|[上中下]旬)?(?:{_HAN_DIGITS}{{1,3}}[日号])?",
    r"(?<![\d.])(?:19|20)\d\d(?P<dot>[-./])\d{1,2}(?P=dot)\d{1,2}(?![\d.])",
    r"(?<!\d)\d{1,2}:\d\d(?::\d\d)?(?!\d)|(?<!\d)\d{1,2}点(?:\d{1,2}分?|半|整)?|(?<!\d)\d{1,2}时(?:\d{1,2}分|许|整|前|后|起|止)|(?<!\d)24时",
    r"(?<!\d)\d{1,2}[·•‧・]\d{1,2}(?!\d)|(?<!\d)\d{1,2}\.\d{1,2}(?=[\u4e00-\u9fff]{0,4}(?:宣传日|活动日|宣传月|专项|节))",
    # 5.15-5.21发放2000份: a date that opens a clause; 1.5小时 and 1.2万 are no dates.
    rf"(?:^|(?<=[,;。(\n]))\s?(?:0?[1-9]|1[0-2])\.(?:[12]\d|3[01]|0?[1-9])(?:[-–—~至到](?:\d{{1,2}}\.)?\d{{1,2}})?(?!\d)"
    rf"(?=[\u4e00-\u9fff])(?![余多来几十百千万亿左上以不]|{UNIT})",
    rf"第\s?(?:\d{{1,5}}|[{HAN}]{{1,5}})|(?<![此以之目])前(?:\d{{1,3}}|{_HAN_DIGITS}{{1,3}})(?=[名位强])",
    rf"(?:附件|附表|附|表|图|No\.?|编号|序号|电话|热线|拨打|号码|版本|[Vv])\s?:?\s?\d[\d.-]{{0,30}}(?![\d.]|\s?[余多万千]?(?:{UNIT}))",
    r"(?<!\d)(?:110|96110|12340|12381|12321|12337|12345|12377|119|120|122|10000|10010|10086)"
    rf"(?=[、/和及与·]|(?![余多来万千百左上])[\u4e00-\u9fff])(?!{UNIT})",
    rf"(?:(?<![\d.,¥$])(?:96110|12340|12381|12321|12337|12377)|(?<=[打拨警线])\s?1(?:10|19|20|22))(?![\d.]|\s?[余多]?(?:{UNIT}))",
    r"(?<![\d.])(?:\+?86[- ]?)?1[3-9]\d[- ]?[\dXx*]{4}[- ]?[\dXx*]{4}(?![\d.]|\s*(?:元|万))|(?<![\d.])\d{15,19}[Xx]?(?![\d.])",
    r"(?<![\d.])[-+]?\d{1,9}(?:\.\d{1,9})?(?:%|‰|个?百分点)|[一二三四五六七八九十两]{1,3}个百分点"
    r"|百分之(?:百|\d{1,3}(?:\.\d{1,4})?|[一二三四五六七八九十点]{1,6})|百分百",
    r"(?:^|(?<=[;。\n]))\s{0,3}\(?\d{1,2}(?:[、)]|\.(?!\d))(?=\s*[^\d\s\0])",
    rf"(?:^|(?<=[;。,\n>])){_HAN_DIGITS}{{1,2}}(?:是|要|、(?![{HAN}]))",
    r"\d{1,3}(?:[-–~至]\d{1,3})?(?:周?岁|年级|号楼|栋|单元|号线|路公交)",
    rf"A[345]纸?|[45]G(?![A-Za-z])|4S店|7×24小时|24小时(?=[\u4e00-\u9fff])|近(?:\d{{1,3}}|{_HAN_DIGITS}{{1,3}})年(?:来|以来|内)?|近(?:\d{{1,3}}|{_HAN_DIGITS}{{1,3}})(?:个?月|天|周)(?:来|以来|内)",
    rf"(?<![{HAN}\d])(?:千家万户|[百千万]日(?:行动|会?战|攻坚)|三不一[要多]|[两三四五六七八九]个一(?=$|[^\u4e00-\u9fff])|三个一|十户联防|两卡|[五六七八九]进|老?百姓|万一|千万(?=不|要|别)|十分(?!钟)|一定|统一|一线"
    r"|一把手|一对一|一体化?|一封信|一站式|万众|一张网|一条龙|一系列|四川|九江|一律|一致|一直|一同|一并|一般|唯一|之一|一户一\w|一人一\w|一企一\w|一老一小"
    r"|一卡通|成[百千]上[千万]|一次性|每一|某一|同一|另一|逐一|一起(?![涉案电诈冒刷网警虚典成])(?=[\u4e00-\u9fff])|零距离|零容忍|零星|半年报)",
)
_DECOYS = re.compile("|".join(_PATTERNS))
_ENCLOSED = re.compile("[\u2460-\u24ff\u2776-\u2793\u00b2\u00b3\u00b9\u2070-\u209f\u3220-\u3243\u3280-\u32b0\ufe0f\u20e3]")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_GAP = re.compile(
    r"(?<=[\d余多来几近约超逾共十百千万亿])[ \t\u00a0\u3000]+(?=[\u4e00-\u9fff])|(?<=[近约超逾共])[ \t\u00a0\u3000]+(?=[\d\uff10-\uff19])"
)
"""Spaces inside one number phrase (4 万份, 近 500 余人). Those between two digits stay: 1 200 may be two numbers."""


def normalise(text: str) -> tuple[str, list[int] | None]:
    """NFKC text without invisible characters and gaps inside numbers, and the position in `text` of each of its characters.

    The positions have one entry more than the text, for its end; they are None where nothing changed. Circled and raised digits
    (①, m²) are numbering, and become filler.
    """
    if text.isascii():
        return text, None
    gaps = {position for match in _GAP.finditer(text) for position in range(*match.span())}
    if not gaps and unicodedata.is_normalized("NFKC", text) and not _INVISIBLE.search(text) and not _ENCLOSED.search(text):
        return text, None
    characters: list[str] = []
    positions: list[int] = []
    for position, character in enumerate(text):
        if position in gaps or _INVISIBLE.match(character):
            continue
        plain = BLANK if _ENCLOSED.match(character) else unicodedata.normalize("NFKC", character)
        characters.append(plain)
        positions.extend([position] * len(plain))
    positions.append(len(text))
    return "".join(characters), positions


def blank_out(plain: str) -> str:
    """`plain` with every decoy replaced by filler of the same length."""
    return _DECOYS.sub(lambda match: BLANK * len(match[0]), plain)
