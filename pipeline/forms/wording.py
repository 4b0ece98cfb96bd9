"""How two headings are the same: what is left of a heading once its unit, its marks and its filler words are taken off.

Here: one heading part → `Wording`, and the key of a whole heading path. Both the aliases in the forms and the headings of a sheet go
through here, so that they meet. Not here: which key means which column (catalogue.py, intake/matching.py).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from pipeline.data_files import read_yaml

FOLDER = Path(__file__).parent

BRACKETS = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]")
PUNCTUATION = re.compile(r"[\s›:：、，,。.;；·\-—–_/\\《》<>“”\"'‘’|*#()\[\]【】〔〕!?~+]+")
SPACED_OUT = re.compile(r"(?<=^\w)\s+(?=\w(?:\s|$))|(?<=\s\w)\s+(?=\w(?:\s|$))")
"""The gaps of a heading set wide, 悬 挂 横 幅: its last letter is no unit."""
UNIT_SEPARATORS = re.compile(r"[/、,，;；+和及\s]+")


LISTED = re.compile(r"^\s*(?:[①-⑳]|\d{1,2}[.、．)）]|[（(]?[一二三四五六七八九十]{1,3}[)）、.．])\s*(?=[^\W\d_])")
"""1. 一、 （二） ① in front of a heading."""
GLOSS = re.compile(r"(?<=[\u4e00-\u9fff)）])\s+(?!(?:LED|APP|QQ|PC)(?![A-Za-z]))[A-Za-z][A-Za-z .'’&/-]*[A-Za-z]")
"""The same in another language behind a heading: 社区 Community."""


class SheetWords(BaseModel):
    """sheet_words.yaml: the words by which a sheet's anatomy is known. A key it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    totals: frozenset[str]
    whole_periods: frozenset[str]
    total_endings: tuple[str, ...]
    comparison_words: tuple[str, ...]
    comparison_endings: tuple[str, ...]
    target_words: tuple[str, ...]
    previous_words: tuple[str, ...]
    prevented_loss_words: tuple[str, ...]
    rates: dict[str, tuple[str, str]]
    changes: dict[str, tuple[str, str]]
    change_fillers: tuple[str, ...]
    uncounted: frozenset[str]
    stocks: tuple[str, ...]
    other_campaigns: tuple[str, ...]
    foreign_headings: frozenset[str]
    foreign_titles: tuple[str, ...]
    metadata: dict[str, tuple[str, ...]]
    footers: dict[str, tuple[str, ...]]
    ditto: frozenset[str]
    placeholders: tuple[str, ...]
    zero_report: tuple[str, ...]
    subset_marks: tuple[str, ...]
    cumulative_marks: tuple[str, ...]
    this_period_marks: tuple[str, ...]
    fillers: tuple[str, ...]
    leading_verbs: tuple[str, ...]
    trailing_words: tuple[str, ...]
    grouping: frozenset[str]
    grouping_of: dict[str, frozenset[str]]
    manners: frozenset[str]
    work_words: frozenset[str]
    audiences: frozenset[str]
    venues: frozenset[str]
    platforms: frozenset[str]
    places: frozenset[str]
    name_endings: tuple[str, ...]
    item_headings: frozenset[str]
    number_headings: frozenset[str]
    unit_headings: frozenset[str]
    rate_units: frozenset[str]
    ordinal_signs: frozenset[str]
    contrasts: tuple[str, ...]
    money_units: tuple[str, ...]
    other_units: tuple[str, ...]
    person_units: tuple[str, ...]
    case_units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """One heading part taken apart: `key` to compare by, `base` the same before trimming, `units` it states, marks it carries."""

    text: str
    base: str
    key: str
    units: tuple[str, ...] = ()
    is_subset: bool = False
    is_cumulative: bool = False
    notes: tuple[str, ...] = ()


def load_yaml(file: Path) -> dict[str, object]:
    """A YAML file whose top is a mapping. ValueError names the file otherwise."""
    content = read_yaml(file)
    if not isinstance(content, dict):
        raise ValueError(f"{file.name}: a mapping was expected, got {type(content).__name__}")
    return content


@cache
def sheet_words() -> SheetWords:
    return SheetWords.model_validate(load_yaml(FOLDER / "sheet_words.yaml"))


@cache
def known_units() -> frozenset[str]:
    """Every unit a heading, a corner or a cell may carry, with 万 and 亿 in front."""
    words = sheet_words()
    plain = {*words.money_units, *words.other_units, *words.person_units, *words.case_units}
    for channel in load_yaml(FOLDER / "channels.yaml").values():
        for measure in channel["measures"].values():  # pyright: ignore[reportIndexIssue]
            plain |= {measure["unit"], *measure.get("units", ()), *measure.get("apart", ())}
    return frozenset(plain | {"万", "亿"} | {f"{scale}{unit}" for unit in plain for scale in ("万", "亿", "千", "百")})


@lru_cache(maxsize=16384)
def squeeze(text: str) -> str:
    """NFKC, and no white space at all: 合　计 is 合计."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def without_gloss(text: str) -> str:
    """合计 Total is 合计; a text without Chinese stays as it is."""
    return GLOSS.sub("", text)


@lru_cache(maxsize=8192)
def units_in(text: str) -> tuple[str, ...]:
    """The units a short text consists of (笔/金额 → 笔, 元), or () when it says anything else."""
    tokens = [t for t in UNIT_SEPARATORS.split(unicodedata.normalize("NFKC", text).strip()) if t]
    if tokens and tokens[0].startswith(("单位:", "单位")) and len(tokens[0]) > 2:
        tokens[0] = tokens[0].removeprefix("单位").removeprefix(":")
    if not tokens or tokens == ["金额"] or not all(t in known_units() for t in tokens):
        return ()
    return tuple("元" if t == "金额" else t for t in tokens)


def is_unit(text: str) -> bool:
    """The unit of a count or of a rate, and nothing else: what stands in a column or row of units."""
    return bool(units_in(text)) or squeeze(text) in sheet_words().rate_units


@lru_cache(maxsize=8192)
def read_wording(text: str) -> Wording:
    """One heading part. `key` is never empty unless the text is."""
    words = sheet_words()
    folded = without_gloss(unicodedata.normalize("NFKC", LISTED.sub("", text)).strip())
    units: tuple[str, ...] = ()
    notes: list[str] = []
    is_cumulative = is_subset = False
    for content in BRACKETS.findall(folded):
        stated = units_in(content) or units_in(UNIT_SEPARATORS.split(content.strip())[0])
        if stated:
            units = stated  # （万元，含冻结）: what follows the unit is a note
        elif _is_unknown_unit(content.strip()):
            units = (content.strip(),)
        elif any(mark in content for mark in words.cumulative_marks):
            is_cumulative = True
        elif any(mark in content for mark in words.subset_marks):
            is_subset = True
        elif content and content not in words.this_period_marks:
            notes.append(content)
    base = SPACED_OUT.sub("", BRACKETS.sub("", folded))
    base, trailing = _trailing_unit(base)
    units = units or trailing
    base = PUNCTUATION.sub("", base).upper()
    for mark in words.subset_marks:
        if mark in base:
            base, is_subset = base.replace(mark, ""), True
    for mark in words.cumulative_marks:
        if mark in base:
            base, is_cumulative = base.replace(mark, ""), True
    for mark in words.this_period_marks:
        base = base.removeprefix(mark).removesuffix(mark) if base != mark else ""
    for filler in words.fillers:
        if filler in base and base != filler:
            base = base.replace(filler, "")
    return Wording(text, base, trimmed(base) or base, units, is_subset, is_cumulative, tuple(notes))


def _is_unknown_unit(content: str) -> bool:
    """（箱）, （块次）, （台天）: a unit nobody knows is one all the same."""
    return (len(content) == 1 and content.isalpha()) or (len(content) == 2 and content[0] in known_units() and content[1] in "次天日时")


WHO_WAS_COUNTED = frozenset(["人数", "人次", "户数", "户次"])
"""签订人数 counts who signed: without its verb it would be anybody."""


def trimmed(base: str) -> str:
    """Verb in front and 数量 behind taken off: 发放宣传单数量 and 宣传单 are the same; 印制 and 新增 stay."""
    words = sheet_words()
    for verb in words.leading_verbs:
        if base.startswith(verb) and len(base) > len(verb) and base.removeprefix(verb) not in WHO_WAS_COUNTED:
            base = base.removeprefix(verb)
            break
    for _ in range(2):
        base = next((base.removesuffix(ending) for ending in words.trailing_words if base.endswith(ending) and base != ending), base)
    for verb in words.leading_verbs:
        if base.endswith(verb) and len(base) > len(verb):
            return base.removesuffix(verb)
    return base


def path_key(parts: tuple[Wording, ...]) -> str:
    """The key of several parts read as one heading: 止付›金额 meets 止付金额."""
    joined = "".join(part.base for part in parts)
    return trimmed(joined) or joined


def alias_key(alias: str) -> str:
    """The key of an alias of a form, ›-joined when it is a path."""
    return path_key(tuple(read_wording(part) for part in alias.split("›")))


def _trailing_unit(text: str) -> tuple[str, tuple[str, ...]]:
    """宣传单/份 and 宣传单:份 carry their unit behind a separator; 止付金额万元 right behind the word."""
    for separator in ("/", ":", ",", "，", "\n", " "):
        head, found, tail = text.rpartition(separator)
        if found and head.strip():
            stated = units_in(tail)
            if stated:
                return head, stated
    for unit in ("亿元", "万元", "千元", "元"):
        if text.endswith(unit) and len(text) > len(unit) + 1:
            return text.removesuffix(unit), (unit,)
    return text, ()
