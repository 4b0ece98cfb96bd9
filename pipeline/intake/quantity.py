"""One cell → Quantity: what a written number says, how firmly, and why when it says none.

Here: the reading of a whole cell: which number of several is meant, how the heading's unit applies, and the reason of every reading
that is not plain. Not here: numerals (numerals.py), number phrases (phrases.py), units (units.py), words for nothing (absence.py),
percentages of change (ratio.py). A meaning that is not certain is refused as `unreadable`: a wrong number is worse than none.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import lru_cache

from pipeline.intake.absence import find_lost, is_masked, why_no_number, why_whole_cell
from pipeline.intake.decoys import BLANK, HOTLINES, blank_out, normalise
from pipeline.intake.numerals import HAN
from pipeline.intake.phrases import Phrase, find_phrases
from pipeline.intake.ratio import Ratio, read_ratio
from pipeline.intake.units import Unit, is_same_kind, read_unit, unit_of

__all__ = ["Quantity", "Ratio", "read_quantities", "read_quantity", "read_ratio"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number as reported, in its kept unit (money 元, time 小时, counts in single units; "%" is a share of 1).

    `value` is a figure that somebody wrote, or None. `low`, `high` bound the truth; `high` is exclusive when
    `is_high_exclusive`. `precision`: exact, at_least, nearly, about, vague, range, missing. `reason`: None for a plain exact
    reading, else why it is not (the flags below may hold besides). `text` is the phrase as written, text[start:end] of the cell;
    `lead` and `tail` are the words before and after it in its clause.
    """

    value: float | None
    low: float | None
    high: float | None
    unit: str | None
    precision: str
    reason: str | None = None
    text: str = ""
    start: int = 0
    end: int = 0
    lead: str = ""
    tail: str = ""
    is_high_exclusive: bool = False
    is_cumulative: bool = False
    is_subset: bool = False
    is_claim: bool = False
    is_remark: bool = False
    """Stands in brackets behind words, beside another number: 200（含上周30）."""

    @property
    def is_missing(self) -> bool:
        return self.precision == "missing"

    @property
    def attribute(self) -> str:
        """What the number is of, as far as the cell says: the book title, else the words before it, else those after it."""
        title = re.search(r"[《“「『]([^》”」』]+)[》”」』]", self.lead)
        if title:
            return title[1]
        return _WITHOUT_VERBS.sub("", self.lead).strip(_EDGES) or self.tail.strip(_EDGES)


_QUOTES = "'\"“”‘’"
_EDGES = " \t\r\n:：,，、;；。.（）()[]【】-—/《》“”\"'"
_WITHOUT_VERBS = re.compile(
    r"(?:(?:阅读|播放|浏览|点击|观看|转发|推送|发放)(?:量|数|次数)?|发布|派发|张贴|悬挂|开展|举办|共计|合计|累计|共|达到?|多达|高达|仅|只|[:：])+$|^\d{1,2}[.、)]"
)
_CLAIM = re.compile(r"辐射|覆盖|受益|惠及")
_SUBSET = re.compile(r"其中|包括|包含|含(?!上[期周月])|内有")
_CUMULATIVE = re.compile(r"累计|截[止至](?:到)?目前|今年以来|含上[期周月]|开展以来|行动以来")
_TOTAL = re.compile(r"共计|合计|总计|总共|一共|共$")
_OTHER_MEANING = re.compile(
    r"计划|(?<![模虚比])拟|预计|预期|目标|力争|应发|任务|每(?!逢)|各(?![类种项级界]).{0,4}$|人手|[人户周月年季]均|场均|平均|日均|尚?未(?!成年|来|婚|遂)|没有|还差|剩余|结余|库存"
    r"|减少(?!.{0,6}损失)|下降|增长|上升|同比|环比|较上|比上|占比?|拆除|撤下|取消|作废|上限|估[计摸算]|好像|似乎|可能|单笔|最[近高低大小]|^[上下]$|不足|不到|\?"
)
_DOUBT_AFTER = re.compile(r"^\s?[余多约]|^约$|左右|上下|以[上下内]|不到|未|待|延期|推迟|估|暂")
"""Words behind a number, or in brackets behind it, that take its certainty away."""
_CLAUSE_END = re.compile(r"[,，、;；。\n/()（）]")
_SENTENCE_END = re.compile(r"[;。\n]")
_TOO_LARGE = 1e14
_NUMBER = re.compile(r"(?:0|[1-9]\d{0,14})(?:\.\d{1,10})?", re.ASCII)
_NO_MEANING = re.compile(rf"#.*|一|\([\d.,]+\)|\([{HAN}]+\)", re.DOTALL)
"""An error of the sheet; 一, as often a dash; (500), which bookkeepers write for -500; (三), a list's marker."""
_SHARE = re.compile(r"(\d{1,3}(?:\.\d+)?)\s?%")
_LONGEST_CELL = 500
"""Characters; a longer cell is a story, not a number."""


def read_quantity(text_or_number: object, unit: str | None = None) -> Quantity:
    """What one cell says, given the unit of its heading, corner or form ("份", "万次", "万元"; None: none known).

    A heading's multiplier applies to a bare number, not to one that writes 万, 亿 or its own unit. A unit in the cell wins; one of
    another kind than the heading's gives reason `unit_conflict`. Of several numbers the one in the heading's kind of unit is
    meant (without a heading: the first); where that leaves a choice, the cell is unreadable. Never raises.
    """
    if isinstance(text_or_number, str):
        if len(text_or_number) > _LONGEST_CELL:
            return _missing("unreadable", read_unit(unit), text_or_number)
        return _read_text(text_or_number, unit)
    if text_or_number is None:
        return _missing("blank", read_unit(unit))
    if isinstance(text_or_number, (int, float, Decimal)) and not isinstance(text_or_number, bool):
        return _read_number(text_or_number, unit)
    return _missing("unreadable", read_unit(unit), str(text_or_number))


def read_quantities(text: str, unit: str | None = None) -> tuple[Quantity, ...]:
    """Every number phrase of a cell or a sentence, in order, with its positions in the text.

    A number that stands there but cannot be read is missing, `unreadable`; a clause that lost its number (共拉横幅条) or its digits
    (202_余份) is missing with that reason, and spans the clause.
    """
    if not isinstance(text, str):
        return (read_quantity(text, unit),)
    plain, positions = normalise(text)
    found = _scan(text, plain, blank_out(plain), positions, read_unit(unit))
    lost = [_missing(reason, unit_of(word) if word else Unit(None), text[start:end], start) for start, end, reason, word in find_lost(text)]
    masked = [q for q in lost if q.reason == "masked_digits"]
    kept = [q for q in found if not any(m.start <= q.start < m.end for m in masked)]
    return tuple(sorted([*kept, *(q for q in lost if not any(q.start <= f.start < q.end for f in kept))], key=lambda q: q.start))


@lru_cache(maxsize=65536)
def _read_text(text: str, unit_text: str | None) -> Quantity:
    """The whole-cell meanings first, then the number phrases, then why there is none."""
    unit = read_unit(unit_text)
    plain, positions = normalise(text)
    stripped = plain.strip()
    if len(stripped) > 2 and stripped[0] in _QUOTES:
        stripped = stripped.strip(_QUOTES)
    if _NUMBER.fullmatch(stripped):
        return replace(_read_figure(stripped, unit), text=text, end=len(text))
    if reason := why_whole_cell(stripped):
        return _missing(reason, unit, text)
    if share := _SHARE.fullmatch(stripped):
        value = float(Decimal(share[1]) / 100)
        return Quantity(value, value, value, "%", "exact", None if unit.name in (None, "%") else "unit_conflict", text, 0, len(text))
    if _NO_MEANING.fullmatch(stripped):
        return _missing("unreadable", unit, text)
    blanked = blank_out(plain)
    if is_masked(blanked.strip()):
        return _missing("masked_digits", unit, text)
    found = _scan(text, plain, blanked, positions, unit)
    if not found:
        return _missing(why_no_number(stripped), unit, text)
    return _choose(found, unit) or _missing("unreadable", unit, text)


@lru_cache(maxsize=65536, typed=True)
def _read_number(number: int | float | Decimal, unit_text: str | None) -> Quantity:
    """A number cell. Spreadsheets keep 15 significant digits, and nobody counts billionths; what lies beyond is arithmetic dust."""
    unit = read_unit(unit_text)
    if not math.isfinite(number) or number < 0:
        return _missing("unreadable", unit, str(number))
    return _read_figure(f"{round(number, 9):.15g}", unit)


def _read_figure(text: str, unit: Unit) -> Quantity:
    """Digits alone, as exactly that number in the heading's unit; unreadable where they are a hotline, a telephone number or a date."""
    if text in HOTLINES or _looks_like_a_code(text):
        return _missing("unreadable", unit, text)
    value = float(text) if unit.is_plain else float(unit.convert(Decimal(text)))
    if unit.name == "%" and value > 1:
        value = float(Decimal(text) / 100)
    if (unit.is_counting and value % 1) or value >= _TOO_LARGE:  # 6.29份 is no count; perhaps a date
        return _missing("unreadable", unit, text)
    return Quantity(value, value, value, unit.name, "exact", None, text, 0, len(text))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The words around a phrase: its own clause before and after it, and the sentence before it."""

    lead: str = ""
    tail: str = ""
    sentence: str = ""
    is_in_brackets: bool = False


def _scan(text: str, plain: str, blanked: str, positions: list[int] | None, unit: Unit) -> tuple[Quantity, ...]:
    """Every phrase of a text as a quantity, with positions in the text as written."""
    phrases = find_phrases(blanked)
    found: list[Quantity] = []
    for i, phrase in enumerate(phrases):
        around = _surroundings(plain, phrase, phrases[i - 1].end if i else 0, phrases[i + 1].start if i + 1 < len(phrases) else len(plain))
        start, end = (positions[phrase.start], positions[phrase.end - 1] + 1) if positions else (phrase.start, phrase.end)
        found.append(_settle(phrase, unit, around, text[start:end], start))
    return tuple(found)


def _surroundings(plain: str, phrase: Phrase, floor: int, ceiling: int) -> Surroundings:
    """The words around a phrase, no further than the neighbouring phrases."""
    before = plain[max(0, phrase.start - 80) : phrase.start]
    sentence = _SENTENCE_END.split(before)[-1]
    lead = _CLAUSE_END.split(plain[max(floor, phrase.start - 60) : phrase.start])[-1]
    tail = plain[phrase.end : min(ceiling, phrase.end + 60)]
    if tail[:1] == "(":  # a remark; one with a number of its own explains that number
        tail = tail[1 : tail.find(")")] if ")" in tail else ""
    tail = _CLAUSE_END.split(tail, maxsplit=1)[0]
    return Surroundings(lead.replace(BLANK, ""), tail.replace(BLANK, ""), sentence, before.count("(") > before.count(")"))


def _settle(phrase: Phrase, unit: Unit, around: Surroundings, text: str, start: int) -> Quantity:
    """A phrase in its kept unit, with the flags its words give it; missing where they leave a doubt."""
    kept, is_certain = _kept_unit(phrase, unit)
    value = None if phrase.value is None else kept.convert(phrase.value)
    low, high = kept.convert(phrase.low), kept.convert(phrase.high)
    if kept.is_counting and value is not None and value % 1:
        is_certain = False  # 6.29份 is no count; perhaps a date
    if kept.is_counting or kept.name is None:
        low, high = _inward(low, high)
    is_remark = around.is_in_brackets and bool(around.lead)
    if not (phrase.is_certain and is_certain) or high >= _TOO_LARGE or _is_doubtful(around):
        return Quantity(
            None, None, None, kept.name, "missing", "unreadable", text, start, start + len(text), around.lead, around.tail, is_remark=is_remark
        )
    flags = {
        "unit_conflict": phrase.unit is not None and not is_same_kind(kept.name, unit.name),
        "spread": phrase.is_spread,
        "claim": bool(_CLAIM.search(around.lead + around.tail)),
        "subset": bool(_SUBSET.search(around.sentence)) and not _TOTAL.search(around.lead),
        "cumulative": bool(_CUMULATIVE.search(around.sentence + around.tail)),
        "approximate": phrase.precision != "exact",
    }
    return Quantity(
        None if value is None else float(value),
        float(low),
        float(high),
        kept.name,
        phrase.precision,
        next((reason for reason, holds in flags.items() if holds), None),
        text,
        start,
        start + len(text),
        around.lead,
        around.tail,
        is_high_exclusive=phrase.is_high_exclusive,
        is_cumulative=flags["cumulative"],
        is_subset=flags["subset"],
        is_claim=flags["claim"],
        is_remark=is_remark,
    )


def _is_doubtful(around: Surroundings) -> bool:
    return bool(_OTHER_MEANING.search(around.lead) or _OTHER_MEANING.search(around.tail) or _DOUBT_AFTER.search(around.tail))


def _kept_unit(phrase: Phrase, unit: Unit) -> tuple[Unit, bool]:
    """The unit a phrase is kept in, and whether that is certain: its own, else the heading's with or without its multiplier."""
    if phrase.unit is not None:
        return unit_of("元" if phrase.unit == "块" and unit.name == "元" else phrase.unit), True
    if phrase.is_dashed and not phrase.has_large and (unit.name is None or _may_be_date(phrase)):
        return unit, False
    if unit.multiplier == 1:
        return unit, True
    # 5千 under 万元: 5 000 元 or 5 000 万元? 百余 is 百余万: nobody reports a hundred 元 there.
    return (replace(unit, multiplier=Decimal(1)), True) if phrase.has_large else (unit, not phrase.has_thousand)


def _may_be_date(phrase: Phrase) -> bool:
    """5-21, 1-5 (月) or 5.15-5.21 without a unit. The ends of an estimate lie closer together (3-5)."""
    is_estimate = phrase.high <= 2 * phrase.low
    return (phrase.low <= 12 and phrase.high <= 31 and not is_estimate) or bool(phrase.low % 1 or phrase.high % 1)


def _inward(low: Decimal, high: Decimal) -> tuple[Decimal, Decimal]:
    """Bounds of a count as whole numbers, rounded towards each other; left alone where nothing whole lies between."""
    whole_low, whole_high = low.to_integral_value(ROUND_CEILING), high.to_integral_value(ROUND_FLOOR)
    return (whole_low, whole_high) if whole_low <= whole_high else (low, high)


def _looks_like_a_code(text: str) -> bool:
    """A telephone, ID or card number, or a date written as 20230515: digits alone that are no count."""
    if not text.isdecimal():
        return False
    if len(text) == 11:
        return text[0] == "1" and text[1] in "3456789"
    if len(text) == 8:
        return text[:2] in ("19", "20") and "01" <= text[4:6] <= "12" and "01" <= text[6:] <= "31"
    return len(text) >= 15


def _choose(found: tuple[Quantity, ...], unit: Unit) -> Quantity | None:
    """The number a cell means, or None where that is not certain."""
    if len(found) == 1:
        return found[0]
    wanted = unit.name or found[0].unit
    same = [q for q in found if is_same_kind(q.unit, wanted)]
    named = [q for q in same if q.unit == wanted]
    if len(named) == 1 and not any(q.is_missing for q in same):
        return named[0]
    candidates = [q for q in same if not (q.is_subset or q.is_remark)] or same
    if not candidates:
        return found[0]
    if len(candidates) == 1:
        return candidates[0]
    if all(q.precision == "exact" and (q.value, q.unit) == (candidates[0].value, candidates[0].unit) for q in candidates):
        return candidates[0]  # 38000元（叁万捌仟元整）
    totals = [q for q in candidates if _TOTAL.search(q.lead)]
    if len(totals) == 1 and all(q.precision == "exact" for q in candidates):
        parts = sum(q.value or 0 for q in candidates if q is not totals[0])
        return totals[0] if math.isclose(parts, totals[0].value or 0) else None
    return None


def _missing(reason: str, unit: Unit, text: str = "", start: int = 0) -> Quantity:
    return Quantity(None, None, None, unit.name, "missing", reason, text, start, start + len(text))
