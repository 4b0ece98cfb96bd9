"""What the columns of one table are, and what they say about one another: wholes and parts, twins, a number said of its neighbour.

Here: `Match` and `TableMatch`, and what follows from columns standing together. Not here: what one heading means (matching.py), sums found
by their numbers (wholes.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property

from pipeline.forms.catalogue import Column, Form, Measure, catalogue
from pipeline.forms.concepts import concepts, words_of
from pipeline.forms.wording import read_wording, sheet_words, squeeze
from pipeline.intake.composing import kinds_of
from pipeline.intake.lines import heading_kind
from pipeline.intake.units import is_same_kind, read_unit


@dataclass(frozen=True, slots=True)
class Match:
    """What one column is. `role` is measure, a role of the forms, or: shadow (typed, never loaded), prevented_loss, total, unknown, ambiguous,
    uncounted (点赞), wider (asked beside answered),
    unit_clash (the heading's unit is of another kind than its number), item (项目), subset (其中 of a number that is
    loaded whole), blank (no heading). `unit` is the heading's own."""

    heading: str
    role: str
    column: Column | None = None
    measure: Measure | None = None
    unit: str | None = None
    constants: Mapping[str, str] = field(default_factory=dict)
    is_subset: bool = False
    is_cumulative: bool = False
    is_fuzzy: bool = False
    period_text: str | None = None
    nearest: tuple[str, ...] = ()
    is_told: bool = False
    """Another column says which number it is, so that it needs no unit for that."""


LEAD_ATTRIBUTES = {"leaflets": "material", "posters": "material", "online_media": "platform"}
"""Channel → what words in front of its number name: 《一封信》800余份, 县融媒1篇."""


PERSONS = ("人", "名")
SAYS_OF_WHAT = ("attribute.material", "item", "attribute.way")
"""Columns of things that a number beside them may be of."""


@dataclass(frozen=True)
class TableMatch:
    """The form of a table (None: none fits) and one Match a column. `nearest_forms`: Chinese names of the likeliest forms."""

    form: Form | None
    columns: tuple[Match, ...]
    nearest_forms: tuple[str, ...]
    fingerprint: str

    @cached_property
    def addends(self) -> tuple[list[int], ...]:
        """Columns of one measure, two at least, one of which may be the sum of the others. Sheets of one layout share their match, and this."""
        groups: dict[str, list[int]] = {}
        for i, match in enumerate(self.columns):
            if match.measure and match.role in ("measure", "ambiguous") and not match.is_cumulative and match.period_text is None:
                groups.setdefault(match.measure.code, []).append(i)
        return tuple(indexes for indexes in groups.values() if len(indexes) > 1)


def unit_for(match: Match, corner: tuple[str, ...]) -> str | None:
    """The unit a bare number in this column carries: the heading's, else the corner's unit of the measure's kind, else None."""
    if match.unit or match.measure is None:
        return match.unit
    measure = match.measure
    fitting = {measure.unit, *measure.units, *measure.apart}
    return next((u for u in corner if read_unit(u).name in fitting or (measure.unit == "元" and u in ("万", "亿"))), None)


def in_corner_unit(match: Match, corner: tuple[str, ...]) -> Match:
    """The match where its heading states no unit and the corner names one its column counts something else in: 入户 under 单位：场、户 counts
    households. Of several the one the heading has a letter of."""
    if match.unit or match.column is None or not match.column.by_unit or unit_for(match, corner):
        return match
    named = [unit for unit in corner if read_unit(unit).name in match.column.by_unit]
    named = [unit for unit in named if unit in match.heading] or named
    code = match.column.by_unit[read_unit(named[0]).name or ""] if len(named) == 1 else None
    return replace(match, measure=catalogue().measures[code], unit=named[0]) if code else match


def fits(unit: str, measure: Measure) -> bool:
    """May a number in this unit stand for this measure?"""
    return unit in (measure.unit, *measure.units, *measure.apart) or (
        not measure.apart and is_same_kind(unit, measure.unit) and "个" not in (unit, measure.unit)
    )


def with_date(columns: list[Match], contents: str) -> list[Match]:
    """演练日期 in a table without a known column of dates: the first unknown heading that ends so says when. A last day (截止日期) without a
    column of first days may be anything, and is said."""
    if any(m.role in ("date", "filed_at", "period") for m in columns):
        return columns
    for i, match in enumerate(columns):
        if match.role == "unknown" and match.heading.endswith(("日期", "时间")) and contents[i] in "dtbn":
            return [*columns[:i], replace(match, role="date", nearest=()), *columns[i + 1 :]]
    return [replace(m, role="unknown") if m.role == "until" else m for m in columns]


def without_words(columns: list[Match], contents: str, form: Form | None) -> list[Match]:
    """媒体报道 with 市电视台, 抖音直播 and no number in any row of a ledger: it says through what, and counts nothing."""
    if form is None or form.grain != "ledger":
        return columns
    due = {column.measure for column in form.columns if column.due}
    return [
        replace(m, role=f"attribute.{LEAD_ATTRIBUTES[m.measure.channel]}")
        if m.role == "measure" and m.measure and contents[i] in "ts" and m.measure.channel in LEAD_ATTRIBUTES and m.measure.code not in due
        else m
        for i, m in enumerate(columns)
    ]


def without_bare_numbers(columns: list[Match]) -> list[Match]:
    """数量 beside nothing that says of what, neither a column of things nor, as the caller knows, the title: it may count anything."""
    if any(m.role in SAYS_OF_WHAT for m in columns):
        return columns
    bare = sheet_words().number_headings
    return [replace(m, role="unknown", nearest=()) if m.role == "measure" and m.unit is None and squeeze(m.heading) in bare else m for m in columns]


def with_whole(matched: TableMatch, index: int) -> TableMatch:
    """The match with one column known to be the sum of others: it is no number of its own, and no rival of theirs."""
    columns = [
        replace(m, role="total") if i == index else replace(m, role="measure") if m.role == "ambiguous" else m for i, m in enumerate(matched.columns)
    ]
    return replace(matched, columns=tuple(without_duplicates(columns)))


def without_subsets(columns: list[Match]) -> list[Match]:
    """其中：手册 beside the whole it is part of: adding it again would count it twice, so it is not loaded. A subset with a measure of its own
    (其中：高危) is."""
    whole = {m.measure.code for m in columns if m.role == "measure" and m.measure and not m.is_subset}
    found: list[Match] = []
    for m in columns:
        is_part = m.role == "measure" and m.is_subset and m.measure and m.measure.code in whole
        is_part_of_left = m.role == "unknown" and m.is_subset and found and found[-1].role in ("measure", "subset") and _says_only_of_whom(m)
        found.append(replace(m, role="subset") if is_part or is_part_of_left else m)
    return found


def _says_only_of_whom(match: Match) -> bool:
    """其中：校园 and 其中：老年人 are parts of the column before them; 其中：高危 or 其中：答对 may be another number."""
    words, left_over = words_of(read_wording(match.heading.rpartition("›")[2]).base)
    known = concepts()
    return not left_over and all(word in known.kinds or word in known.persons or word in known.counting or word in known.units for word in words)


def _steps_back(match: Match, firm: set[str]) -> bool:
    return match.role == "measure" and bool(match.column and match.column.yields and match.measure and match.measure.code in firm)


def beside_neighbours(columns: list[Match]) -> list[Match]:
    """播放时长 behind LED屏 is the screens', behind 大喇叭 the loudspeakers': a heading that leaves out what it is about is said of the nearest
    column before it, else of the only one behind it."""
    found: list[Match] = []
    for i, match in enumerate(columns):
        found.append(_beside(match, match.column, found, columns[i + 1 :]) if match.role == "measure" and match.column else match)
    return found


def _beside(match: Match, column: Column, before: list[Match], after: list[Match]) -> Match:
    if not column.beside:
        return match
    left = [m.measure.channel for m in reversed(before) if m.role == "measure" and m.measure and m.measure.channel in column.beside]
    right = {m.measure.channel for m in after if m.measure and m.column and not m.column.beside and m.measure.channel in column.beside}
    channel = left[0] if left else right.pop() if len(right) == 1 else None
    if channel:
        return replace(match, measure=catalogue().measures[column.beside[channel]])
    return replace(match, role="unknown", nearest=column.headings[:1]) if column.needs_neighbour else match


def told_by_others(columns: list[Match]) -> list[Match]:
    """成功劝阻 beside 见面劝阻 counts persons as that does; by itself it could be cases, and needs its unit."""
    channels = {m.measure.channel for m in columns if m.role == "measure" and m.measure and not (m.column and m.column.told_by)}
    return [replace(m, is_told=True) if m.column and not channels.isdisjoint(m.column.told_by) else m for m in columns]


def with_media_accounts(columns: list[Match], contents: str) -> list[Match]:
    """账号 over 城关反诈（抖音）, beside 播放量: an account of the office's own, through which it speaks; nobody's bank account. Where the headings
    name the platforms (抖音›播放量 beside 公众号›阅读量), 账号 names whose numbers they are: 平安松河, 小河镇派出所."""
    media = [m for m in columns if m.role == "measure" and m.measure and m.measure.channel == "online_media"]
    if not media:
        return columns
    over = {m.heading.split("›")[0] for m in media if "›" in m.heading and "platform" in m.constants}
    named = {"role": "subject.unit", "column": None, "is_fuzzy": True} if len(over) > 1 else {"role": "attribute.platform"}
    return [
        replace(m, **named) if m.role == "personal" and contents[i] in "ts" and read_wording(m.heading).base == "账号" else m
        for i, m in enumerate(columns)
    ]


def with_audience_of_talks(columns: list[Match]) -> list[Match]:
    """班会（节） | 受教育学生（人）: people, not 人次, right behind the talks and no other attendance: who was educated there, to be confirmed."""
    codes = [m.measure.code if m.role == "measure" and m.measure else "" for m in columns]
    if "talks.attendance" in codes:
        return columns
    attendance = catalogue().measures["talks.attendance"]
    return [
        replace(m, measure=attendance, is_fuzzy=True) if before == "talks.sessions" and code == "contacts.contacts" and m.unit in PERSONS else m
        for m, code, before in zip(columns, codes, ["", *codes], strict=False)
    ]


def without_duplicates(columns: list[Match], contents: str = "") -> list[Match]:
    """Two columns that claim the same number (same measure, unit kept apart, attributes, period, cumulative or not) are both ambiguous."""
    firm = {m.measure.code for m in columns if m.role == "measure" and m.measure and m.column and not m.column.yields}
    columns = [replace(m, role="wider") if _steps_back(m, firm) else m for m in columns]
    columns = _told_apart_by_kind(_told_apart([_beside_periods(_beside_a_stranger(m, columns, contents), columns) for m in columns]))
    return [replace(m, role="ambiguous", nearest=tuple(t.heading for t in twins)) if (twins := _twins(m, columns)) else m for m in columns]


def _beside_periods(match: Match, columns: list[Match]) -> Match:
    """前三周›宣传单 beside 5月›宣传单: what a parent nobody knows says there is a time too, and not the whole sheet's."""
    if match.role != "measure" or match.period_text or all(map(heading_kind, match.heading.split("›")[:-1])):
        return match
    dated = [m for m in columns if m.role == "measure" and m.period_text and m.measure is match.measure and m.constants == match.constants]
    return replace(match, role="ambiguous", nearest=tuple(m.heading for m in dated)) if dated else match


def _identity(match: Match) -> object:
    assert match.measure is not None
    unit = read_unit(match.unit).name
    apart = unit if unit in match.measure.apart else None
    return match.measure.code, apart, tuple(sorted(match.constants.items())), match.period_text, match.is_cumulative


def _twins(match: Match, columns: list[Match]) -> list[Match]:
    if match.role != "measure":
        return []
    return [m for m in columns if m.role == "measure" and m is not match and _identity(m) == _identity(match)]


def _told_apart(columns: list[Match]) -> list[Match]:
    """公众号 阅读量 抖音 播放量: twins without attributes of their own have those of the column of their channel right before them."""
    found = list(columns)
    for i, match in enumerate(columns[1:], 1):
        before = found[i - 1]
        is_of_it = before.role == "measure" and before.measure and match.measure and before.measure.channel == match.measure.channel
        if is_of_it and before.constants and not match.constants and before.measure is not match.measure and _twins(match, columns):
            found[i] = replace(match, constants=before.constants)
    return found


KIND_ATTRIBUTES = {
    "online_media": "platform",
    "pushes": "platform",
    "wechat_groups": "audience",
    "hotline": "way",
    "warnings": "way",
    "intercepted_losses": "way",
}
"""Channel → the attribute in which kinds of its numbers differ; of all others the material."""


def _told_apart_by_kind(columns: list[Match]) -> list[Match]:
    """公益短信 beside 预警短信, 纸质 beside 电子: twins whose headings each name another kind are two numbers, to be added. 短信 beside 预警短信
    may be the whole and its part, and stays ambiguous."""
    found = list(columns)
    for i, match in enumerate(columns):
        twins = _twins(match, columns)
        if not twins or match.measure is None:
            continue
        kinds = [kinds_of(tuple(map(read_wording, m.heading.split("›"))), match.measure) for m in (match, *twins)]
        name = KIND_ATTRIBUTES.get(match.measure.channel, "material")
        platforms = [_platform_above(m) for m in (match, *twins)]
        if name == "platform" and all(platforms) and len(set(platforms)) == len(platforms):
            said = filter(None, (platforms[0], match.constants.get(name)))
            found[i] = replace(match, constants={**match.constants, name: "、".join(dict.fromkeys(said))})
        elif all(kinds) and len(set(kinds)) == len(kinds) and name not in match.constants:
            found[i] = replace(match, constants={**match.constants, name: "".join(kinds[0])})
    return found


def _platform_above(match: Match) -> str:
    """抖音号 over 短视频 and 播放量: the one platform its parents name, as written; "" where they name none, or words besides."""
    platforms = [parent for parent in match.heading.split("›")[:-1] if read_wording(parent).base.removesuffix("号") in _platforms()]
    return platforms[0] if len(platforms) == 1 else ""


@cache
def _platforms() -> frozenset[str]:
    return frozenset(word.removesuffix("号") for word in sheet_words().platforms)


def _beside_a_stranger(match: Match, columns: list[Match], contents: str) -> Match:
    """发放问卷 beside an unknown 收上来问卷: that may be the narrower base, so the wider one is not loaded in its place."""
    if match.role != "measure" or not (match.column and match.column.yields and match.measure):
        return match
    cat = catalogue()
    strangers = [m for m, content in zip(columns, contents, strict=False) if m.role == "unknown" and content == "n"]
    rivals = {form_column.headings[0] for form in cat.forms.values() for form_column in form.columns if form_column.measure == match.measure.code}
    twins = tuple(m.heading for m in strangers if rivals.intersection(m.nearest))
    return replace(match, role="ambiguous", nearest=twins) if twins else match
