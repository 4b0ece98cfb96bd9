"""Units of a number: which words are units, which mean the same kind of thing, and how a heading's unit applies to a bare number.

Here: the measure words after a number and their conversion to the kept unit (money 元, time 小时, counts in single units).
Not here: which unit a measure is kept in (forms/channels.yaml), and how a cell with two units is decided (quantity.py).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from pipeline.intake.numerals import scale_of

# A measure word is not one where it begins another word: 5场所, 300家庭, 3本周. The pattern after "!" must not follow.
_COUNTING = """
人次 户次 家次 台次 辆次 车次 架次 条次 场次 班次 批次 人!民|们|员|均|数 名!单|称|册|额|义 位!置|于 户!外|籍|主|名|均|数 家!庭|长|属|园|校|中|里|访
份!额 张!贴|挂|某 册 本!周|月|年|行|所|市|县|区|院|校|级|人|期|次|日|地|辖|季 页!面 枚 封 套!路 件!数 幅 面!向|对|临|上|积|试|谈|授|粉|前
块!钱 个!人|别|性|体|案|百 台!账|风|阶 只!要|有|是|能 部!门|分|署|队|级|委 处!理|置|罚|于|在 条!件|例|款 篇!幅 则 期!间|望|限|末
辆 架!设 场!所|地|馆|景|面 次!日|数|要|生|序|月|年 遍!布|及 回!访|复|收|应|馈|答|落|头|家 趟
轮!流|换|岗 批!评|示|准|量|发 起!来|到|草|步|诉|因|源|止|居|飞
笔!记|试|录 宗!旨|教 例!如|会|行|外 通!知|过|报|告|信|话|讯|道|常
群!众|发|主|聊|里|内|友|体|组 所!有|长|属|在|内|辖|以(?!上)|谓 支!行|付|队|持|部|援|撑
组!织|长|成|建|合 班!会|级|主|长|子 校!园|区|长|内|外|方 村!民|居|委|口|庄|村|镇 箱 包!括|含|裹|干|联|保 盒 捆 袋 瓶 种!植 类!型|似|别 项!目
款!项 集!中|体|市|团|合 堂 节!日|约|目|省|假|庆|点|气 课!堂|件|程|题 课时 单!位|独|页|元 间!隔|接 艘 人天 人日 队!员|伍|长
"""
_MEASURING = {"公里", "千米", "米", "平方米", "吨", "公斤", "千克"}
_CALENDAR = {"天": "天", "年": "年", "个月": "月", "周": "周", "星期": "周", "个周": "周", "个星期": "周"}
_HOURS = {
    "小时": Decimal(1),
    "h": Decimal(1),
    "H": Decimal(1),
    "个小时": Decimal(1),
    "钟头": Decimal(1),
    "个钟头": Decimal(1),
    "分钟": Decimal(60),
    "秒钟": Decimal(3600),
    "秒": Decimal(3600),
}
_FOREIGN = {"美元", "美金", "港元", "港币", "欧元", "英镑", "日元"}
_YUAN = {"元", "块钱", "圆", "元人民币", "人民币", "RMB", "CNY"}

# Units that count the same kind of thing in some channel; any other pair is a conflict to hand back.
_SAME_KIND = [
    set(group.split())
    for group in (
        "份 张 册 本 页 枚 幅 封 套 个 件",
        "张 幅 份 处 个",
        "条 幅 处 个 面",
        "块 个 台 面 张 处",
        "个 只 台 套 部",
        "次 条次 遍 回",
        "台次 辆次 车次 次 趟",
        "辆 台 部",
        "架次 次",
        "架 台",
        "场 场次 次 期 回 堂 节",
        "人 名 位 个",
        "人次 次",
        "户次 次 家次",
        "户 家 个",
        "个 群",
        "条 次 期 篇 则 个 件",
        "起 件 笔 例 宗 个",
        "个 次 通",
    )
]


def _word_pattern(entry: str) -> str:
    word, _, forbidden = entry.partition("!")
    return word + (f"(?!{forbidden})" if forbidden else "")


COUNTING = frozenset(entry.partition("!")[0] for entry in _COUNTING.split())
"""Units that count: a value in them is a whole number."""

UNIT = "|".join(
    [
        *sorted({*_HOURS, *_FOREIGN, *_YUAN, *_MEASURING, *_CALENDAR} - {"元", "天", "周", "年", "h", "H"}, key=len, reverse=True),
        r"人\(次\)",
        r"[hH](?![A-Za-z])",
        r"元(?!旦|月|素|宵)",
        "天(?!气|然|猫)",
        "周(?!边|期|知|围|密|岁|年|一|二|三|四|五|六|日)",
        "年(?!度|级|龄|底|初|月|第)",
        *(_word_pattern(entry) for entry in sorted(_COUNTING.split(), key=lambda e: -len(e.partition("!")[0]))),
    ]
)
"""A unit word after a number, as a pattern (longest first)."""

_HEADING = re.compile(rf"([十百千万亿]*)({UNIT}|时|月|%|)")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as kept: its name, and the factor from the written number (万元 → 元 × 10 000; 分钟 → 小时 ÷ 60)."""

    name: str | None
    multiplier: Decimal = Decimal(1)
    divisor: Decimal = Decimal(1)

    @property
    def is_plain(self) -> bool:
        """A number written in this unit is kept as it is."""
        return self.multiplier == 1 and self.divisor == 1

    @property
    def is_counting(self) -> bool:
        return self.name in COUNTING

    def convert(self, number: Decimal) -> Decimal:
        """The written number in the kept unit; exact, except where minutes do not divide into hours."""
        return number if self.is_plain else number * self.multiplier / self.divisor


def unit_of(word: str) -> Unit:
    """The kept unit of a unit word: 块钱 → 元, 分钟 → 小时 ÷ 60, 个月 → 月; other words stand for themselves."""
    if word in _YUAN:
        return Unit("元")
    if word == "人(次)":
        return Unit("人次")
    if word in _HOURS:
        return Unit("小时", divisor=_HOURS[word])
    return Unit(_CALENDAR.get(word, word))


@lru_cache(maxsize=1024)
def read_unit(text: str | None) -> Unit:
    """A unit as a heading, a corner or a form gives it: 万次 · （万元） · 单位：份 · 小时. Several (起、人、万元) name none for a bare number."""
    if not text:
        return Unit(None)
    plain = re.sub(r"^\s*(?:计量)?单位\s*:|人民币|\s", "", unicodedata.normalize("NFKC", text))
    joined = re.sub(r"[()\[\]〔〕【】]", "", plain)
    match = _HEADING.fullmatch(joined)
    if not match:
        return _alternatives([part for part in re.split(r"[、,/;或()\[\]]", plain) if part], joined)
    scale, word = match.groups()
    unit = unit_of("小时" if word == "时" else word) if word else Unit(None)
    return Unit(unit.name, Decimal(scale_of(scale)), unit.divisor)


def _alternatives(words: list[str], joined: str) -> Unit:
    """条（幅）, 份/册: the first of several words for one kind of thing; 笔/金额 and 起、人、万元 name no unit for a bare number."""
    if len(words) < 2:
        return Unit(joined or None)
    units = [read_unit(word) if _HEADING.fullmatch(word) else Unit(None) for word in words]
    is_one_kind = all(unit.name and is_same_kind(unit.name, units[0].name) and unit.multiplier == units[0].multiplier for unit in units)
    return units[0] if is_one_kind else Unit(None)


@lru_cache(maxsize=4096)
def is_same_kind(one: str | None, other: str | None) -> bool:
    """May numbers in the two units stand in one column? An unknown unit (None) never contradicts."""
    return one is None or other is None or one == other or any(one in group and other in group for group in _SAME_KIND)
