"""What stands around a table, line by line: titles, 填报单位 and 统计时间, unit corners, notes, signatures.

Here: what one text outside a table says, and what one label at the head of a row says. Not here: where tables begin and end (layout.py), what
a period or a unit means (period.py, units.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import zip_longest

from pipeline.forms.catalogue import catalogue
from pipeline.forms.wording import BRACKETS, read_wording, sheet_words, squeeze, units_in, without_gloss
from pipeline.intake.composing import composed

LIST_MARK = re.compile(r"^(?:[（(]?[一二三四五六七八九十]{1,3}[)）、.．]|附?表\s?[\d一二三四五六七八九十]{1,2}(?!\d)(?!份|张|格))")
"""The head of a part: 二、劝阻情况, 表2 柜面堵截."""
LIST_NUMBER = re.compile(r"^(?:\d{1,3}[、.．)）]|[（(]\d{1,3}[)）]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）])\s*(?=\D)")
"""1、 （二） in front of a name or a label."""
PERIOD_PART = re.compile(
    r"(?:(?:\d{4}年)?(?:\d{1,2}月份?|(?:\d{1,2}月)?[上中下]旬|(?:\d{1,2}月)?[上下]半月|第?[一二三四]季度|[上下]半年|第[\d一二三四五六七八九十]+[周天日]"
    r"|\d{1,2}\s*[-—–~～至到]\s*\d{1,2}月份?|\d{1,2}月\d{1,2}日)|\d{4}年度?|\d{1,2}[日号]|(?:周|星期)[一二三四五六日天]"
    r"|(?:\d{4}[年.])?\d{1,2}[月.]\d{1,2}日?\s*[-—–~～至到]\s*(?:\d{1,2}[月.])?\d{1,2}日?)(?:[(（].*[)）])?"
)
"""A heading part that says when: 3月, 第12周, 3月2日, 3月2日—3月8日, 上半月, 周一."""
SAYS_WHEN = re.compile(r"\d\s*[年月日号.]|周|季度|半年|旬")
DATED = re.compile(r"\d{4}\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}(?!\d)")
"""A whole date within a text: below a table, who made it and when."""
SIGNED = re.compile(r"[\u4e00-\u9fff]{2,6}\s*[:：]\s*[\u4e00-\u9fff]")
"""收集：王某 alone in its row: who did something, whatever the word, and nobody's row of numbers."""
TABLE_WORDS = ("表", "台账", "统计", "情况", "清单", "名册", "汇总", "名录", "登记")


@dataclass(frozen=True, slots=True)
class Line:
    """One text outside the tables. `fields`: metadata key (reporter, period, known_at, as_of, unit) → what was written after it."""

    row: int
    column: int
    text: str
    kind: str
    """title, metadata, people, note or text."""
    fields: Mapping[str, str] = field(default_factory=dict)


@cache
def _keys() -> tuple[dict[str, str], re.Pattern[str]]:
    """Line key → what it introduces, and the pattern that finds a key with its colon."""
    words = sheet_words()
    meaning = {key: name for name, keys in words.metadata.items() for key in keys}
    meaning |= {key: name for name, keys in words.footers.items() for key in keys}
    longest_first = sorted(meaning, key=len, reverse=True)
    pattern = re.compile(
        "(" + "|".join(r"\s*".join(map(re.escape, key)) for key in longest_first) + r")\s*[（(]?(?:签字|盖章|签章|公章)?[)）]?\s*[:：]"
    )
    return meaning, pattern


@lru_cache(maxsize=4096)
def read_line(text: str) -> tuple[str, Mapping[str, str]]:
    """(kind, fields) of one text outside a table. 单位： introduces a unit when units follow it, a reporter otherwise."""
    meaning, pattern = _keys()
    folded = unicodedata.normalize("NFKC", text).strip()
    found = [m for m in pattern.finditer(folded) if m.start() == 0 or not folded[m.start() - 1].isalnum() or meaning[squeeze(m[1])] != "unit"]
    fields: dict[str, str] = {}
    kinds: list[str] = []
    for match, following in zip_longest(found, found[1:]):
        name = meaning[squeeze(match[1])]
        value = folded[match.end() : following.start() if following else None].strip(" \t\n;；,，|")
        if value.count(")") > value.count("("):
            value = value.rstrip(")")  # （单位：万元） at the end of a title
        if name == "unit":
            name = "unit" if units_in(value) else "reporter"
        if name in ("reporter", "period", "known_at", "as_of", "unit"):
            kinds.append("metadata")
            if value:
                fields.setdefault(name, value)
        else:
            kinds.append("people" if name == "people" else "note")
    if found and found[0].start() == 0:
        return kinds[0], fields
    if len(folded) > 2 and folded[0] in "(（" and folded[-1] in ")）" and units_in(folded[1:-1]):
        return "metadata", {"unit": folded[1:-1]}
    if folded.startswith(("数据截至", "数据截止", "截至", "截止")):
        return "note", fields
    if found and found[0].start() >= 4 and looks_like_title(folded[: found[0].start()]):
        return "title", fields  # 2026年3月止付情况表（单位：万元）
    return ("metadata" if fields else "text"), fields


@lru_cache(maxsize=1024)
def bare_key(text: str) -> str | None:
    """What a key alone in its cell introduces (填报单位 | 城关派出所): a metadata name, people, notes, or None."""
    return _keys()[0].get(squeeze(text).rstrip(":"))


PERIOD_KEY = re.compile(r".{0,6}(?:月份|时段|周期|期间|周次|季度|年月)")


@lru_cache(maxsize=4096)
def key_before(text: str, following: str) -> str | None:
    """The same of a key nobody lists, by what stands behind it: 学校名称 | 望川县职教中心, 采集月份 | 2024年10月."""
    if key := bare_key(text):
        return key
    plain, value = squeeze(text).rstrip(":"), squeeze(following)
    if PERIOD_KEY.fullmatch(plain) and PERIOD_PART.fullmatch(value):
        return "period"
    is_name = value.endswith(sheet_words().name_endings) and heading_kind(value) is None
    return "reporter" if plain.endswith("名称") and heading_kind(plain) == "identity" and is_name else None


@lru_cache(maxsize=8192)
def row_label(text: str) -> str | None:
    """What a row so labelled is: total, comparison, target, previous, cumulative; None for a row of data."""
    words = sheet_words()
    plain = squeeze(without_gloss(text)).strip(":*")
    if plain[:1] + plain[-1:] in ("()", "【】", "[]"):
        plain = plain[1:-1]
    if not plain or len(plain) > 16:
        return None
    base = re.sub(r"[(（].*?[)）]", "", plain).removesuffix("数")
    for mark in words.this_period_marks:
        base = base.removeprefix(mark) if base != mark else base
    if base in words.totals or base.endswith(words.total_endings):
        return "total"
    if base in words.cumulative_marks or (base.endswith("累计") and len(base) <= 6):
        return "cumulative"
    if base in words.target_words or f"{base}数" in words.target_words:
        return "target"
    if any(base.startswith(w) or base.endswith(w) for w in words.comparison_words) or base in words.comparison_endings:
        return "comparison"
    if base in words.previous_words:
        return "previous"
    return None


@cache
def _vocabulary() -> dict[str, str]:
    """Normalised heading → "measure", "identity" or "text": what a heading row is recognised by."""
    known: dict[str, str] = {}
    cat = catalogue()
    for form in cat.forms.values():
        for key, column in form.by_key.items():
            known[key] = "measure" if column.measure and known.get(key) != "identity" else known.get(key, "text")
    for key, column in cat.common.items():
        is_identity = column.role.startswith("subject") or column.role in ("ordinal", "date", "until", "filed_at", "period", "reporter")
        if known.get(key) != "measure" or is_identity:
            known[key] = "identity" if is_identity else "text"
    return known


@lru_cache(maxsize=4096)
def period_said(part: str) -> str | None:
    """What a heading part that only says when says: 3月, and 6月3日—9日 of 本周（6月3日—9日）."""
    plain = squeeze(part)
    if PERIOD_PART.fullmatch(plain):
        return part
    mark = next((mark for mark in sheet_words().this_period_marks if plain.startswith(f"{mark}(") and plain.endswith(")")), None)
    dates = plain.removeprefix(f"{mark}(").removesuffix(")") if mark else ""
    return dates if PERIOD_PART.fullmatch(dates) else None


def _says_only_when(text: str) -> bool:
    """Of this period or since its beginning, and at most that it is counted: 当日, 本月累计, 本月完成数."""
    words, wording, plain = sheet_words(), read_wording(text), squeeze(text)
    if plain in words.number_headings:
        return not wording.key
    is_marked = wording.is_cumulative or plain.startswith(words.this_period_marks)
    return (
        is_marked
        and any(ch.isalpha() for ch in BRACKETS.sub("", plain))
        and (not wording.key or wording.base in words.number_headings)
        and not wording.is_subset
    )


@lru_cache(maxsize=16384)
def heading_kind(text: str) -> str | None:
    """What a text would be as a heading: measure, identity, text, group, number, item, period, shadow; None: not a known heading."""
    words = sheet_words()
    wording = read_wording(text)
    if squeeze(text) in words.ordinal_signs:
        return "identity"
    if _says_only_when(text):
        return "number"  # 本月, 今年累计, 当日数
    if not wording.key and wording.is_subset:
        return "group"  # 其中, over the parts of the column before it
    if not wording.key or len(wording.key) > 20:
        return None
    if kind := _vocabulary().get(wording.key):
        return kind
    plain = squeeze(text)
    if PERIOD_PART.fullmatch(plain):
        return "period"
    if plain in words.item_headings:
        return "item"
    if wording.base in words.number_headings or plain in words.number_headings:
        return "number"
    if wording.base in words.grouping or plain in words.grouping:
        return "group"
    if is_shadow_heading(wording.base) or row_label(text):
        return "shadow"
    return "measure" if wording.units and not is_shadow_heading(wording.base) and composed((wording,), None) else None


def measure_of_heading(text: str) -> str | None:
    """The measure a heading means wherever it stands; None where it depends on the form, or means none."""
    wording = read_wording(text)
    if column := catalogue().anywhere.get(wording.key):
        return column.measure
    made = composed((wording,), None) if wording.key and not is_shadow_heading(wording.base) else None
    return made.column.measure if made and made.is_certain else None


def is_shadow_heading(base: str) -> bool:
    """A rate, rank, comparison, target or 挽损: typed, never loaded."""
    words = sheet_words()
    if base.endswith(words.stocks):
        return False  # 上月结存
    return bool(base) and (
        base.endswith(words.comparison_endings)
        or any(word in base for word in words.comparison_words)
        or any(word in base for word in words.target_words)
        or (any(base.startswith(word) for word in words.previous_words) and not any(word in base for word in words.stocks))
        or any(word in base for word in words.prevented_loss_words)
    )


def says_zero_report(text: str) -> bool:
    return any(word in squeeze(text) for word in sheet_words().zero_report)


@lru_cache(maxsize=4096)
def looks_like_title(text: str) -> bool:
    plain = squeeze(text)
    return len(plain) >= 6 and any(word in plain for word in TABLE_WORDS) and not LIST_MARK.match(plain)
