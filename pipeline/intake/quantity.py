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

from pipeline.intake.absence import is_masked, why_no_number, why_whole_cell
from pipeline.intake.decoys import BLANK, HOTLINES, blank_out, normalise
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


_EDGES = " \t\r\n:：,，、;；。.（）()[]【】-—/《》“”\"'"
_WITHOUT_VERBS = re.compile(r"(?:阅读|播放|浏览|点击|观看|转发|发布|推送|发放|派发|张贴|悬挂|开展|举办|共计|合计|累计|共|量|数|达|约|[:：])+$")
_CLAIM = re.compile(r"辐射|覆盖|受益|惠及")
_SUBSET = re.compile(r"其中|包括|包含|[(,，（]\s*含|^含")
_CUMULATIVE = re.compile(r"累计|截[止至](?:目前|到|\d)|今年以来|含上[期周月]|开展以来|行动以来")
_TOTAL = re.compile(r"共计|合计|总计|总共|一共|共$")
_OTHER_MEANING = re.compile(
    r"计划|拟|预计|预期|目标|力争|应发|任务|每[天日周月年场人次户家个]|人均|户均|场均|平均|日均|尚?未(?!成年|来|婚)|没有|还差|剩余|结余|库存|减少|下降|增长|上升|同比|环比"
    r"|较上|比上|占|拆除|撤下|取消|作废|退回|不足|不到|上限|估计"
)
_CLAUSE_END = re.compile(r"[,，、;；。\n/()（）]")
_ZERO_RISK_LIMIT = Decimal(10) ** 14


def read_quantity(text_or_number: object, unit: str | None = None) -> Quantity:
    """What one cell says, given the unit of its heading, corner or form ("份", "万次", "万元"; None: none known).

    A heading's multiplier applies to a bare number, not to one that writes 万, 亿 or its own unit. A unit in the cell wins; one of
    another kind than the heading's gives reason `unit_conflict`. Of several numbers the one in the heading's kind of unit is
    meant (without a heading: the first); where that leaves a choice, the cell is unreadable. Never raises.
    """
    if isinstance(text_or_number, str):
        return _read_short(text_or_number, unit) if len(text_or_number) <= 200 else _read_text(text_or_number, unit)
    if text_or_number is None:
        return _missing("blank", read_unit(unit))
    if isinstance(text_or_number, (int, float, Decimal)) and not isinstance(text_or_number, bool):
        return _read_number(text_or_number, read_unit(unit))
    return _missing("unreadable", read_unit(unit), str(text_or_number))


def read_quantities(text: str, unit: str | None = None) -> tuple[Quantity, ...]:
    """Every number phrase of a cell or sentence, in order; one that stands there but cannot be read is missing, unreadable."""
    return _scan(text, read_unit(unit)) if isinstance(text, str) else (read_quantity(text, unit),)


@lru_cache(maxsize=65536)
def _read_short(text: str, unit: str | None) -> Quantity:
    return _read_text(text, unit)


def _read_number(number: int | float | Decimal, unit: Unit) -> Quantity:
    """A number cell. Spreadsheets keep 15 significant digits; what lies beyond is arithmetic dust."""
    text = str(number) if isinstance(number, int) and abs(number) < 10**15 else f"{number:.15g}"
    if not math.isfinite(number) or number < 0 or text in HOTLINES or _looks_like_a_code(text):
        return _missing("unreadable", unit, text)
    phrase = Phrase(0, len(text), Decimal(text), Decimal(text), Decimal(text), "exact")
    return _settle(phrase, unit, text, "", "")


def _read_text(text: str, unit_text: str | None) -> Quantity:
    unit = read_unit(unit_text)
    plain, _ = normalise(text)
    plain = plain.strip()
    if reason := why_whole_cell(plain):
        return _missing(reason, unit, text)
    if share := re.fullmatch(r"(\d{1,3}(?:\.\d+)?)\s?%", plain):
        value = float(Decimal(share[1]) / 100)
        return Quantity(value, value, value, "%", "exact", None if unit.name in (None, "%") else "unit_conflict", text, 0, len(text))
    if plain.startswith("#") or plain in HOTLINES or _looks_like_a_code(plain):
        return _missing("unreadable", unit, text)
    if is_masked(blank_out(plain)):
        return _missing("masked_digits", unit, text)
    found = _scan(text, unit)
    if not found:
        return _missing(why_no_number(plain), unit, text)
    return _choose(found, unit) or _missing("unreadable", unit, text)


def _scan(text: str, unit: Unit) -> tuple[Quantity, ...]:
    plain, positions = normalise(text)
    phrases = find_phrases(blank_out(plain))
    found = []
    for i, phrase in enumerate(phrases):
        floor = phrases[i - 1].end if i else 0
        ceiling = phrases[i + 1].start if i + 1 < len(phrases) else len(plain)
        lead, tail = _words_around(plain, phrase, floor, ceiling, is_first=i == 0)
        quantity = _settle(phrase, unit, plain[phrase.start : phrase.end], lead, tail)
        if positions:
            start, end = positions[phrase.start], positions[phrase.end - 1] + 1
            quantity = replace(quantity, text=text[start:end], start=start, end=end)
        found.append(quantity)
    return tuple(found)


def _words_around(plain: str, phrase: Phrase, floor: int, ceiling: int, is_first: bool) -> tuple[str, str]:
    """The words before a phrase back to the previous one, and those after it to the end of its clause."""
    lead = plain[max(floor, phrase.start - 60) : phrase.start]
    if not is_first and (mark := _CLAUSE_END.search(lead)):
        lead = lead[mark.start() :]
    tail = plain[phrase.end : min(ceiling, phrase.end + 60)]
    mark = _CLAUSE_END.search(tail, 1) if tail[:1] in "（(" else _CLAUSE_END.search(tail)
    return lead.replace(BLANK, ""), (tail[: mark.start()] if mark else tail).replace(BLANK, "")


def _settle(phrase: Phrase, unit: Unit, text: str, lead: str, tail: str) -> Quantity:
    """A phrase in its kept unit, with the flags its words give it."""
    kept, is_certain = _kept_unit(phrase, unit)
    low, high = kept.convert(phrase.low), kept.convert(phrase.high)
    if kept.is_counting or kept.name is None:
        if phrase.value is not None and kept.name and kept.convert(phrase.value) % 1:
            is_certain = False  # 6.29份: no count, perhaps a date
        low, high = _inward(low, high)
    if phrase.problem or not is_certain or _OTHER_MEANING.search(lead) or _OTHER_MEANING.search(tail) or high >= _ZERO_RISK_LIMIT:
        return Quantity(None, None, None, kept.name, "missing", "unreadable", text, phrase.start, phrase.end, lead, tail)
    flags = {
        "unit_conflict": phrase.unit is not None and not is_same_kind(kept.name, unit.name),
        "spread": phrase.is_spread,
        "claim": bool(_CLAIM.search(lead)),
        "subset": bool(_SUBSET.search(lead)),
        "cumulative": bool(_CUMULATIVE.search(lead + tail)),
        "approximate": phrase.precision != "exact",
    }
    return Quantity(
        None if phrase.value is None else float(kept.convert(phrase.value)),
        float(low),
        float(high),
        kept.name,
        phrase.precision,
        next((reason for reason, holds in flags.items() if holds), None),
        text,
        phrase.start,
        phrase.end,
        lead,
        tail,
        is_high_exclusive=phrase.is_high_exclusive,
        is_cumulative=flags["cumulative"],
        is_subset=flags["subset"],
        is_claim=flags["claim"],
    )


def _kept_unit(phrase: Phrase, unit: Unit) -> tuple[Unit, bool]:
    """The unit a phrase is kept in, and whether that is certain: its own, else the heading's with or without its multiplier."""
    if phrase.unit is not None:
        return unit_of("元" if phrase.unit == "块" and unit.name == "元" else phrase.unit), True
    if phrase.is_dashed and (unit.name is None or _may_be_date(phrase)):
        return unit, False
    if unit.multiplier == 1:
        return unit, True
    # 5千 under 万元: 5 000 元 or 5 000 万元?
    return (replace(unit, multiplier=Decimal(1)), True) if phrase.has_large else (unit, not phrase.has_thousand)


def _may_be_date(phrase: Phrase) -> bool:
    """5.15-5.21 without a unit."""
    return bool(phrase.low % 1 and phrase.high % 1)


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
    same = [q for q in found if q.is_missing or is_same_kind(q.unit, wanted)]
    whole = [q for q in same if not q.is_subset] or same
    if len(whole) <= 1:
        return whole[0] if whole else replace(found[0], reason="unit_conflict")
    totals = [q for q in whole if _TOTAL.search(q.lead)]
    if len(totals) == 1 and all(q.precision == "exact" for q in whole):
        parts = sum(q.value or 0 for q in whole if q is not totals[0])
        return totals[0] if math.isclose(parts, totals[0].value or 0) else None
    return None


def _missing(reason: str, unit: Unit, text: str = "") -> Quantity:
    return Quantity(None, None, None, unit.name, "missing", reason, text, 0, len(text))
