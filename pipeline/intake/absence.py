"""Why a cell has no number: each way of writing nothing, with its own reason.

Here: whole cells that say nothing, and words left where a number was lost. Not here: text that does hold a number (phrases.py).
The reasons stay distinct up to the page; none of them is ever 0.
"""

from __future__ import annotations

import re
import unicodedata

from pipeline.intake.units import UNIT

_WHOLE_CELL = {
    reason: re.compile(pattern)
    for reason, pattern in {
        "blank": r"空|空白|空缺|\(空白?\)",
        "dash": r"[-–—―‐‑‒─━ー−\s]+",
        "not_applicable": r"[/\\\s]+|不适用|不涉及|无此项|[nN]/?[aA]",
        "stated_none": r"无|没有|暂无|零报告|(?:未|没有?)开展|未发生|暂(?:未|没有?)开展|无数据|无情况|没|本周无|本月无|本期无",
        "not_reported": r"(?:暂|尚)?未(?:上)?报送?|漏报|缺报|待报|待补报?|待统计|(?:暂|尚)?未统计|(?:暂|尚)?未填报?|未提供|迟报"
        r"|(?:正在)?(?:统计|汇总|填报)中",
        "refers_above": r"(?:数据)?(?:同上|同左|同右|同前|同下|同上行|同上周|同上月|如上|如前)|〃+|''|\"",
        "tick_only": r"[√✓✔☑☒✗✘×☐□○●●◯]|是|否|已完成|完成|已开展|已报|已发放?",
        "see_elsewhere": r"\(?略.{0,12}|\(?详?见.{1,20}|附后|另附|同附件.{0,6}|\(?参见.{1,20}|详情.{0,12}",
        "number_lost": rf"(?:共计|合计|总计|累计|共)*(?:(?:约|近|大约)?余?(?:{UNIT})|余?[万亿](?:{UNIT})|余万?)",
    }.items()
}

_NO_NUMBER = re.compile(
    rf"若干|大量|许多|众多|不少|很多|少量|少数|一些|一批|部分|无数|较多|多多|成千上万|成百上千|多(?:次|个|场|份|张|条|名|人|户|处|家|种|批|轮|期|台|块|起|笔)|数不[清胜]|(?:{UNIT})不等$"
)
_GOODS = (
    "横幅|条幅|标语|屏|屏幕|单|页|册|资料|传单|折页|手册|海报|群|宣传|播放|喇叭|广播|信息|知识|预警|通报|短信|车|机|活动|讲座|宣讲|培训|走访|入户"
    "|账户|警情|案件|电话|线索|群众|承诺书|告知书|受众|时长|次数|数量|金额|损失|参加|参与|组织|举办|召开|发放|张贴|悬挂|推送|签订|劝阻|接听|飞行|出动"
)
"""Words whose number stands right behind them: what was given out or done."""
_LOST_BEFORE_UNIT = re.compile(
    r"(?:共计|合计|总计|累计|计|共|约|近)(?:小时|[条块张次个份场幅台户起笔名家期篇]|人次?|架次|台次|户次|万?元)$"
    r"|余(?:万)?(?:小时|[条块张次个份场幅台户起笔名家期篇种]|人次?|架次|台次|户次|元)$"
    rf"|(?:{_GOODS})(?:小时|[条块张次个份幅台户起笔名家期篇]|人次|架次|台次|户次|场次?|万?元)$"
)
_CLAIM = re.compile(r"效果|全覆盖|无缝隙|好评|反响|知晓率|满意|意识|良好|显著|提高|提升|增强|到位|热烈|欢迎|圆满|成功|营造|氛围")
_MASK = r"[_?*×xX□■○●◯✕╳﹡]"
_MASKED = re.compile(
    rf"^{_MASK}+$|\d[_?□■○●◯]+|\d{_MASK}{{2,}}|\d{_MASK}(?![\dA-Za-z])"
    r"|\d[xX×*]0"  # 2×00份; a factor never begins with 0
    rf"|(?<![A-Za-z\d]){_MASK}+\d?[余多]?(?:[万千百亿]$|[万千百]?(?:{UNIT}|余))"
    rf"|(?:^|[约近共计达]){_MASK}+\d[\d.]*[余多]?(?:$|[万千百亿]|{UNIT}|余)"  # x60人; behind a thing (展板×12块) it multiplies
)
_CLAUSE = re.compile(r"[^,，、;；。\n]+")
_MASKED_DATE = re.compile(rf"(?:[\d]|{_MASK}){{2,4}}年(?:(?:[\d]|{_MASK}){{1,2}}月)?")
_LAST_UNIT = re.compile(rf"({UNIT})$")


def is_masked(plain: str) -> bool:
    """Digits replaced by _ ? * × x □: 202_余份, xx份, ？家. `plain` is NFKC text."""
    return bool(_MASKED.search(plain))


def find_lost(text: str) -> list[tuple[int, int, str, str | None]]:
    """The clauses of a text that lost their number or its digits: start, end, reason, unit word."""
    lost = []
    for clause in _CLAUSE.finditer(text):
        plain = _MASKED_DATE.sub("", unicodedata.normalize("NFKC", clause[0]).strip())
        unit = _LAST_UNIT.search(plain)
        if is_masked(plain):
            lost.append((*clause.span(), "masked_digits", unit[1] if unit else None))
        elif _LOST_BEFORE_UNIT.search(plain) or _WHOLE_CELL["number_lost"].fullmatch(plain):
            lost.append((*clause.span(), "number_lost", unit[1] if unit else None))
    return lost


def why_whole_cell(plain: str) -> str | None:
    """The reason of a cell that as a whole stands for nothing, or None. `plain` is stripped NFKC text."""
    if not plain:
        return "blank"
    if len(plain) > 24:
        return None
    plain = plain.rstrip(" 。.;,!") or plain
    if len(plain) > 2 and plain[0] == "(" and plain[-1] == ")" and _WHOLE_CELL["stated_none"].fullmatch(plain[1:-1]):
        return "stated_none"
    return next((reason for reason, pattern in _WHOLE_CELL.items() if pattern.fullmatch(plain)), None)


def why_no_number(plain: str) -> str:
    """The reason of words among which no number was found; `unreadable` when none fits."""
    plain = plain.rstrip("。.!;；,， ")
    if _LOST_BEFORE_UNIT.search(plain):
        return "number_lost"
    if _NO_NUMBER.search(plain):
        return "no_number"
    if _CLAIM.search(plain):
        return "claim_without_measure"
    return "unreadable"
