"""Number phrases in Chinese text: a numeral, the words that bound it (近 约 余 以上), and its unit.

Here: where in a text a number stands and what it says by itself. Not here: what a cell with several numbers means, headings'
units (quantity.py), missing cells (absence.py), and digits that measure nothing (decoys.py; taken out before).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from pipeline.intake.numerals import ARABIC, HAN, SCALES, Numeral, read_numeral, scale_of, unit_step
from pipeline.intake.units import UNIT

_VAGUE_UNITS = "个|名|人|场|次|户|份|张|条|起|家|位|天|小时|分钟|元|台|块|处|期|件|笔|群|年|万|幅|架"
_SPAN_UNITS = r"(?:个?小时|个?钟头|个?月|个?星期|周|天|年)"
_PHRASE = re.compile(
    rf"""
    (?P<core>{ARABIC}
        |(?:[一二三四五六七八九]?十)几[万亿]?
        |(?:好?几|(?<![人户次份总件起笔条个场台字倍天期篇户群点批])数)(?:[十百千万亿]+|(?={_VAGUE_UNITS}))
        |[{HAN}]+(?:点[零一二三四五六七八九]+[十百千万亿]*)?
        |半(?={_SPAN_UNITS}))
    (?:(?P<more>[余多来几])(?P<scale>[{SCALES}]*)(?P<more_scaled>[余多]?))?
    (?P<plus>\+(?!\s?\d))?\s{{0,3}}
    (?P<half>个半|半)?
    (?:个(?P<more_between>[多余]?)(?=小时|钟头|月|星期|周|人(?!民|员)))?
    (?P<unit>\((?:{UNIT})\)|(?:{UNIT})|(?<=[个半余多])月)?
    (?P<more_after>(?<=[时年月天头元周])[余多半])?
    (?:(?<=元)(?P<jiao>[\d{HAN}])角)?(?:(?<=[元角])(?P<fen>[\d{HAN}])分)?(?:(?<=[元角])整)?
    (?:(?<=小时)(?P<minutes>\d{{1,2}})分钟?)?
    (?P<plus_after>\+(?!\s?\d))?\s?
    (?P<suffix>及?以上|左右|上下|不等|及?以[内下]|之内|不到|许)?
    """,
    re.VERBOSE,
)
_MARKERS = re.compile(
    r"""(?:
    (?P<about>(?<![签预节契合邀条违解履公特相制])(?:大约|约莫|约)[为有合计]?|大概|大致|差不多|≈)
    |(?P<nearly>将近|接近|(?<![附最临靠邻远就])近)
    |(?P<at_least>超过了?|超出|(?<![赶反])已?超|突破|不少于|不低于|不下于?|至少|最少|起码|不止|多于|大于|高于|≥|>=?|(?<![期])逾|(?<![线网路马以晚早车街身])上|(?:^|(?<=已)|(?<=突))过|破)
    |(?P<upper>不到|不足|未满|不满|低于|少于|小于|不超过?|不多于|不高于|至多|最多|≤|<=?|未达|未超|几乎)
    |(?P<yuan>¥|人民币|RMB|CNY|rmb)
    |(?P<foreign>[$€£])
    |(?P<wrong>[-−–—+±=.~^]|负|每|第|减)
    )\s?:?\s?$""",
    re.VERBOSE,
)
_SUFFIXES = {None: None, "以上": "at_least", "及以上": "at_least", "左右": "about", "上下": "about", "不等": None}
"""What may stand after the unit; any other suffix (以内, 不到) bounds the number in a way the grammar has no reading for."""
_SCALE_WORD = re.compile(r".*[十百千万亿数几]")
_LOOKS_LIKE_DIGITS = re.compile(r"(?:(?:^|[^A-Za-z])[lIoO]|\d。)$")
"""Slips before a number that belong to it: l2份, 5。5元."""
_RANGE_MARK = re.compile(r"\s?(?:[-–—―−~]{1,2}|至|到)\s?")
_RATE_AFTER = re.compile(
    r"\s?(?:/\s?(?:[天日周月年场次人户台个块条所辆起笔件家名份]|小时)|×|\*|\^|倍|成(?![功员立果人本交效群])|折(?!页)|[-−–—+=±]\s?\d)"
)
_ENDS_NUMBER = re.compile(r"\s*\.?\s*$|\s*\n|\s+(?!\d)|[;()\]】!\0]|。(?!\d)|[,、](?!\s*[\d一二三四五六七八九十])")
_FACTORS = {"about": (Decimal("0.9"), Decimal("1.1")), "nearly": (Decimal("0.9"), Decimal(1))}
_BOUNDING = {*_FACTORS, "at_least"}
_HALVED = frozenset({"小时", "钟头", "天", "个月", "星期", "年"})
_ARTICLE_UNITS = frozenset("个类种项位名家条次批支件段篇组回张把面部村所")
"""After 一 and before another word these make an article (一类新型犯罪), not a count."""
_HALF = Decimal("0.5")
_NOTHING = Decimal(0)
_ZERO = Numeral(_NOTHING, _NOTHING, _NOTHING)


@dataclass(frozen=True, slots=True)
class Phrase:
    """One number as written, before a heading's unit: `low`, `high` bound it; `unit` is the unit word or None.

    `is_certain` is False where a number clearly stands there but its meaning is open; its figures are then of no use.
    """

    start: int
    end: int
    value: Decimal | None
    low: Decimal
    high: Decimal
    precision: str
    unit: str | None = None
    is_high_exclusive: bool = False
    is_spread: bool = False
    has_large: bool = False
    has_thousand: bool = False
    is_dashed: bool = False
    """Two numbers joined by a dash: without a unit this may as well be a date."""
    is_certain: bool = True


def find_phrases(blanked: str) -> list[Phrase]:
    """Every number phrase of a blanked text, in order; two joined by a dash or 至 become one range."""
    phrases: list[Phrase] = []
    word_end = -1
    for match in _PHRASE.finditer(blanked):
        floor = phrases[-1].end if phrases else 0
        joint = _RANGE_MARK.fullmatch(blanked, floor, match.start()) if phrases else None
        phrase = _read_phrase(match, blanked, match.start() if joint else floor)
        if phrase is None:
            word_end = match.end() if _SCALE_WORD.match(match[0]) else -1
            continue
        if joint:
            phrases[-1] = _join(phrases[-1], phrase, is_dashed=joint[0].strip() not in ("至", "到", "~"))
        else:
            is_adjacent = bool(phrases) and phrases[-1].end == phrase.start
            if is_adjacent and None in (phrases[-1].unit, phrase.unit):  # 十余二十人, 5块5: neither says the number
                phrases[-1] = replace(phrases[-1], is_certain=False)
                phrase = replace(phrase, is_certain=False)
            elif word_end == phrase.start:  # 几十上百人
                phrase = replace(phrase, is_certain=False)
            phrases.append(phrase)
    return [_checked(phrase, blanked) for phrase in phrases]


def _read_phrase(match: re.Match[str], blanked: str, floor: int) -> Phrase | None:
    """A match as a phrase; None where its characters are part of ordinary words (一线, 数据)."""
    start, kinds = _markers_before(blanked, floor, match.start())
    end = match.start() + len(match[0].rstrip())
    core, unit = match["core"], match["unit"]
    if core[-1] in ".,":  # the end of a sentence, not of the number
        core, unit = core.rstrip(".,"), None
        end = match.start() + len(core)
    if "余" in _more(match) or "多" in _more(match):
        kinds.add("at_least")
    if match["more"] == "来":
        kinds.add("about")
    is_first_end = _RANGE_MARK.match(blanked, end)
    if not core[0].isdigit() and not unit and not is_first_end and _is_inside_word(blanked, match.start(), end, is_bounded=bool(kinds)):
        return None
    if core == "一" and unit in _ARTICLE_UNITS and blanked[end : end + 1].isalpha():
        return None
    suffix = match["suffix"]
    if marker := _SUFFIXES.get(suffix):
        kinds.add(marker)
    word = _unit_word(unit, kinds)
    numeral = _numeral(match, core, word, is_one_implied=bool(kinds & _BOUNDING))
    bounds = _bounds(numeral, kinds & _BOUNDING) if numeral else None
    if numeral is None or bounds is None or kinds & {"upper", "wrong"} or suffix not in _SUFFIXES:
        return Phrase(start, end, None, _NOTHING, _NOTHING, "missing", word, is_certain=False)
    value, low, high, precision, is_open = bounds
    return Phrase(
        start,
        end,
        value,
        low,
        high,
        precision,
        word,
        is_high_exclusive=is_open,
        is_spread=suffix == "不等",
        has_large=numeral.has_large,
        has_thousand=any(character in "千仟kK" for character in core),
    )


def _more(match: re.Match[str]) -> str:
    """All 余, 多 and + of a phrase, wherever they stand."""
    plus = "余" if match["plus"] or match["plus_after"] else ""
    return plus + "".join(match[name] or "" for name in ("more", "more_scaled", "more_between", "more_after"))


SCORES = re.compile(rf"十(?![{HAN[: -len(SCALES)]}])")
"""The numeral of 上十万, 上十余次 at the head of a cell; 上十二场 is none."""


def _markers_before(text: str, floor: int, end: int) -> tuple[int, set[str]]:
    """The bounding words that end right before a numeral, read leftwards: where they start, and their kinds."""
    kinds: set[str] = set()
    numeral = end
    while match := _MARKERS.search(text, max(floor, end - 6), end):
        if match[0].strip() in ("上", "过", "破") and not _begins_with_scale(text, numeral, match.start()):  # 上百, but 线上3场
            break
        kinds.add(match.lastgroup or "")
        end = match.start()
    return end, kinds


def _begins_with_scale(text: str, numeral: int, start: int) -> bool:
    """上百, 过万; 上十万 only at the head of a cell, as 街上十 and the like are no bounds."""
    return text[numeral] in "百千万亿" or (start == 0 and text[0] == "上" and SCORES.match(text, numeral) is not None)


def _is_inside_word(text: str, start: int, end: int, is_bounded: bool) -> bool:
    """Do Chinese numeral characters without a unit belong to a longer word? 百余 at the end of a clause does not."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return after.isalpha() or (before.isalpha() and not is_bounded)


def _unit_word(unit: str | None, kinds: set[str]) -> str | None:
    """The unit word of a phrase; a currency sign gives one where none is written."""
    word = unit.removeprefix("(").removesuffix(")") if unit and unit[0] == "(" else unit
    if word == "月":
        return "个月"
    if "yuan" in kinds and word in (None, "块"):
        return "元"
    return "美元" if "foreign" in kinds else word


def _numeral(match: re.Match[str], core: str, unit: str | None, is_one_implied: bool) -> Numeral | None:
    """The numeral of a phrase with everything that adds to it: 十几万, 80余万, 一个半, 两元五角, 1小时30分."""
    if core == "半":
        return Numeral(_HALF, _HALF, _HALF)
    if match["more"] == "几":
        return read_numeral(core + "几" + match["scale"])
    numeral = read_numeral(core, is_one_implied)
    if numeral is None:
        return None
    if match["scale"]:
        scale = scale_of(match["scale"])
        value = None if numeral.value is None else numeral.value * scale
        has_large = numeral.has_large or scale >= 10_000
        numeral = replace(numeral, value=value, low=numeral.low * scale, high=numeral.high * scale, has_large=has_large)
    extra = _NOTHING
    if match["half"] or match["more_after"] == "半":
        if unit not in _HALVED:
            return None
        extra += _HALF
    for name, parts in (("jiao", 10), ("fen", 100), ("minutes", 60)):
        if match[name]:
            extra += (read_numeral(match[name]) or _ZERO).low / parts
    if not extra:
        return numeral
    return None if numeral.value is None else replace(numeral, value=numeral.value + extra, low=numeral.low + extra, high=numeral.high + extra)


def _bounds(numeral: Numeral, kinds: set[str]) -> tuple[Decimal | None, Decimal, Decimal, str, bool] | None:
    """value, low, high, precision, is_high_exclusive of a numeral under its bounding words; None where these contradict.

    近N = [0.9 N, N]; 约N = N ± 10 %; N余 = [N, N + next unit step); several words: the union of their intervals.
    """
    value, low, high = numeral.value, numeral.low, numeral.high
    if value is None:
        precision = "vague" if numeral.is_high_exclusive else "range"
        if precision == "range" and kinds == {"about"}:
            return None, low * _FACTORS["about"][0], high * _FACTORS["about"][1], precision, False
        is_plain = not kinds or (precision == "vague" and kinds <= {"at_least", "about"})  # 数百余, 约数十 say no more than 数百, 数十
        return (None, low, high, precision, numeral.is_high_exclusive) if is_plain else None
    if not kinds:
        return value, low, high, "exact", False
    if value == 0:
        return None
    ends = [(value * _FACTORS[kind][0], value * _FACTORS[kind][1], False) for kind in kinds - {"at_least"}]
    if "at_least" in kinds:
        ends.append((value, value + unit_step(value), True))
    low = min(end[0] for end in ends)
    _, high, is_open = max(ends, key=lambda end: (end[1], not end[2]))
    return value, low, high, kinds.pop() if len(kinds) == 1 else "about", is_open


def _join(first: Phrase, second: Phrase, is_dashed: bool) -> Phrase:
    """3-5场, 5到8万, 数千元到数百万元不等: from the lower end of the first to the upper end of the second."""
    low, high = first.low, second.high
    if second.has_large and not first.has_large and first.high < second.low / 10_000:
        shift = Decimal(10_000) if second.low < 10**8 else Decimal(10**8)
        low *= shift
    elif second.has_thousand and not (second.has_large or first.has_thousand or first.has_large):
        low *= next((scale for scale in (1000, 100) if second.low % scale == 0 and first.high < second.low / scale), 1)  # 3-5百
    if "about" in (first.precision, second.precision):
        low, high = (
            (low if first.precision == "about" else low * _FACTORS["about"][0]),
            (high if second.precision == "about" else high * _FACTORS["about"][1]),
        )
    is_certain = first.is_certain and second.is_certain and low < high and first.unit in (None, second.unit) and first.precision != "nearly"
    return replace(
        second,
        start=first.start,
        value=None,
        low=low,
        high=high,
        precision="range" if is_certain else "missing",
        has_large=first.has_large or second.has_large,
        is_dashed=is_dashed,
        is_certain=is_certain,
    )


def _checked(phrase: Phrase, text: str) -> Phrase:
    """Refuses a number whose surroundings make its meaning uncertain: a rate, a fraction, a code, or digits without an end."""
    before, is_bare = text[phrase.start - 1 : phrase.start], phrase.unit is None
    is_code = is_bare and before.isascii() and (before.isalnum() or before in "_#@") and before != ""
    is_code = is_code or bool(_LOOKS_LIKE_DIGITS.search(text, max(0, phrase.start - 2), phrase.start))
    if is_code or _RATE_AFTER.match(text, phrase.end) or (is_bare and not _ENDS_NUMBER.match(text, phrase.end)):
        return replace(phrase, precision="missing", is_certain=False)
    return phrase
