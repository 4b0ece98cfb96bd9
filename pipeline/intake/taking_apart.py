"""One heading part → what it says of when, whom, where and how, apart from what it counts.

Here: splitting of a text that is no known heading as it stands, as long as a known one is left. Words that make it another number (新增, 剩余,
未, 拦截) are never split off. Not here: which heading is which column (matching.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from pipeline.forms.concepts import concepts
from pipeline.forms.wording import LISTED, Wording, read_wording, sheet_words, squeeze, trimmed, units_in
from pipeline.intake.lines import heading_kind

PERSONS_ALONE = ("人数", "人次")
PERIOD_IN_FRONT = re.compile(r"(?:\d{4}年度?)?(?:\d{1,2}月份?|第?[一二三四]季度|[上下]半年)|\d{4}年度?")


def period_and_rest(part: str) -> tuple[str, ...]:
    """2025年常住人口 as 2025年›常住人口: when, said in one word with what is counted."""
    plain = squeeze(LISTED.sub("", part))
    when = PERIOD_IN_FRONT.match(plain)
    rest = plain[when.end() :] if when else ""
    return (plain[: len(plain) - len(rest)], rest) if rest and heading_kind(rest) == "measure" else (part,)


def taken_apart(part: Wording) -> tuple[Wording, ...]:
    """校园广播 as 校园›广播, 参加学生 as 学生›参加人数, 日常入户走访工作 as 入户走访: whom or where a number is about and how the work was done,
    said in one word with it."""
    if heading_kind(part.text) is not None:
        return (part,)
    words = sheet_words()
    for base in (part.base, part.key):
        stem = base.removesuffix("人数")
        whom = next((w for w in _longest_first(words.audiences) if stem.endswith(w) and stem != w), "")
        counted = "户数" if whom in words.places or (part.units and part.units[0] in ("户", "家")) else "人数"
        if whom and _is_counted(rest := stem.removesuffix(whom) + counted):
            return read_wording(whom), _said(part, rest)
        plain = base.removeprefix("进")
        who = next((w for w in _longest_first(words.audiences | words.venues) if plain.startswith(w) and plain != w), "")
        if who and _is_counted(rest := plain.removeprefix(who)) and not (who in concepts().staff and rest in PERSONS_ALONE):
            return read_wording(who), _said(part, rest)
        for rest in _unadorned(base):
            if _is_counted(rest) and rest not in PERSONS_ALONE:  # 志愿者人数 is no audience
                return (_said(part, rest),)
    return (part,)


@cache
def _longest_first(words: frozenset[str]) -> list[str]:
    return sorted(words, key=lambda word: (-len(word), word))


def _unadorned(base: str) -> Iterator[str]:
    """A heading without the words that say how or by whom the work was done, in front, behind, or both."""
    words = sheet_words()
    front = next((w for w in _longest_first(words.manners) if base.startswith(w) and base != w), "")
    back = next((w for w in _longest_first(words.work_words) if base.endswith(w) and base != w), "")
    for rest in (base.removeprefix(front), base.removesuffix(back), base.removeprefix(front).removesuffix(back)):
        if rest != base:
            yield rest


def _is_counted(heading: str) -> bool:
    """A heading of a number that says what is counted: 入户, not 数量, 次 or 人数."""
    is_bare = heading in sheet_words().number_headings or units_in(heading.removesuffix("数"))
    return len(heading) > 1 and heading_kind(heading) == "measure" and not is_bare


def _said(part: Wording, base: str) -> Wording:
    return replace(part, base=base, key=trimmed(base) or base)
