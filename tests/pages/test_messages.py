"""The catalogue of sentences: complete, bilingual, with the same arguments in both languages."""

from __future__ import annotations

import re

import pytest

from pipeline.pages import messages
from pipeline.pages.model import say

CJK = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
NAMES = {"area:1": ("白鹭镇", "Bailu"), "area:2": ("五福", None)}


def test_english_has_no_chinese_but_the_name_of_the_other_language_and_quoted_words() -> None:
    quoted = {"ui.language", "c5.foot", "rule.precision.text"}
    assert [key for key, (_, en) in messages.catalogue().items() if CJK.search(en) and key not in quoted] == []


def test_both_languages_use_known_arguments() -> None:
    for key, (zh, en) in messages.catalogue().items():
        names = [{m.group(1) for m in messages.PLACEHOLDER.finditer(text)} for text in (zh, en)]
        assert names[1] <= names[0] | {"n", "now", "en", "missing", "towns"}, key


@pytest.mark.parametrize(("n", "expected"), [(1, "1 blind spot."), (2, "2 blind spots.")])
def test_english_plurals(n: int, expected: str) -> None:
    assert messages.plain(say("s.blind.count", n=n), "en", NAMES) == expected


def test_place_without_english_name_keeps_its_own() -> None:
    text = say("s.blind.town", n=2, areas=["area:1", "area:2"])
    assert messages.plain(text, "en", NAMES) == "2 blind spots (Bailu, 五福)."
    assert messages.plain(text, "zh", NAMES) == "2 个盲区社区（白鹭镇、五福）。"


def test_what_comes_from_sheets_is_escaped() -> None:
    names = {"area:1": ("<img onerror=alert(1)>", None)}
    assert "<img" not in messages.html(say("area.name", x="area:1"), "zh", names)
    assert messages.html(say("s.last.missing", week="2026-03-16", n=3), "zh", names) == "第12周 <b>3</b> 个镇街缺报；"
