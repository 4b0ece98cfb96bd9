"""A heading that the forms list: the parts of its path, the keys it may be found by, and whether the parents it leaves out may be.

Here: a path → the column it means exactly, or none. Not here: headings nobody listed (composing.py, likeness.py), the choice of a form and what
else a heading says (matching.py).
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache, lru_cache

from pipeline.forms.catalogue import Column, Form, catalogue
from pipeline.forms.concepts import concepts, words_of
from pipeline.forms.wording import Wording, path_key, read_wording, sheet_words, squeeze, trimmed, units_in
from pipeline.intake.composing import TELLING_UNITS
from pipeline.intake.lines import is_shadow_heading, period_said
from pipeline.intake.taking_apart import period_and_rest, taken_apart

LEFT_AT = re.compile(r"(?P<before>上(?:季度|[期周旬月季年])|(?:季度|[期周旬月季年])初)|(?:季度|[期周旬月季年])[末底]")
"""上季结余, 月初库存 and 季末库存: how much was left before or after, whatever the period and the word for it."""


@lru_cache(maxsize=4096)
def parts_of(path: tuple[str, ...]) -> tuple[tuple[Wording, ...], str | None]:
    """The heading parts that say what a column is, and the part that says when (3月, 第12周), if any."""
    words = sheet_words()
    split = [piece for part in path for piece in period_and_rest(part)]
    when = next((part for part in split if period_said(part)), None)
    period = period_said(when) if when else None
    parts = [piece for part in split if part != when for piece in taken_apart(read_wording(part))]
    if len(parts) > 1 and (units := units_in(squeeze(parts[-1].text))):  # 厅堂宣讲›场: a row of units that is not one throughout
        parts = [*parts[:-2], replace(parts[-2], units=units)]
    if any(p.base not in words.number_headings for p in parts):  # 宣传单›数量（份）: the last part says only its unit
        parts = [replace(p, base="", key="") if p.base in words.number_headings else p for p in parts]
    if parts and _is_graded(parts[-1]):
        parts = [p if p is parts[-1] or not _only_sums_up(p) else replace(p, base="", key="") for p in parts]
    return tuple(parts), period


def _only_sums_up(part: Wording) -> bool:
    """止损情况 and 追赃挽损, and nothing of another time or kind (上月止损, 止损任务)."""
    rest = part.base
    for word in sheet_words().prevented_loss_words:
        rest = rest.replace(word, "")
    return rest != part.base and not is_shadow_heading(rest) and concepts().changed.isdisjoint(words_of(rest)[0])


def _is_graded(leaf: Wording) -> bool:
    """追赃挽损›返还（万元）, 止损情况›止付金额: below a parent that sums up, the leaf names the one grade it counts, and no more is said of it above.
    挽回›损失金额 may be what was lost."""
    things = [concepts().things[word] for word in words_of(leaf.base)[0] if word in concepts().things]
    top = max((thing.rank for thing in things), default=0)
    measures = [catalogue().measures[count.measure] for thing in things if thing.rank == top for count in thing.counts]
    amounts = [measure.grade is not None for measure in measures if measure.unit == "元"]
    return bool(amounts) and all(amounts) and not any(word in leaf.base for word in sheet_words().prevented_loss_words)


@lru_cache(maxsize=8192)
def _keys(parts: tuple[Wording, ...]) -> tuple[tuple[str, tuple[Wording, ...]], ...]:
    """Keys to try, best first, each with the parents it leaves out: the whole path, 讲座›人数 as 讲座 counted in 人, shorter ends of the path."""
    found: dict[str, tuple[Wording, ...]] = {}
    named = tuple(p for p in parts if p.base)
    if named:
        found.setdefault(path_key(named), ())
        found.setdefault("".join(p.key for p in named), ())  # 发案情况›损失 meets 发案损失
    if named and (level := _stock_level(named[-1].base)):
        found.setdefault(level, named[:-1])
    if len(named) > 1 and counted_in(named[-1]):
        found.setdefault(path_key(named[:-1]), ())
        found.setdefault(path_key(named[-2:-1]), named[:-2])
    for start in range(1, len(named)):
        found.setdefault(path_key(named[start:]), named[:start])
    for key, left_out in tuple(found.items()):
        if (when := LEFT_AT.match(key)) and key[when.end() :] in sheet_words().stocks:
            found.setdefault("上期结余" if when["before"] else "期末结存", left_out)
    return tuple(found.items())


def _stock_level(base: str) -> str | None:
    """上季结余, 年初库存 and 季末存量 are 上期结余 and 期末结存, whatever the period and the word for what is left."""
    sheet = sheet_words()
    words, left_over = words_of(base.removesuffix("数"))
    if left_over or len(words) != 2 or words[1] not in sheet.stocks:
        return None
    if words[0] in sheet.previous_words or words[0] == "前期" or words[0].endswith("初"):
        return "上期结余"
    return "期末结存" if words[0].endswith("末") else None


@lru_cache(maxsize=8192)
def _keys_without_unit(parts: tuple[Wording, ...]) -> tuple[tuple[str, str, tuple[Wording, ...]], ...]:
    """宣传单份数 without its unit: the key, that unit, the parents it leaves out."""
    named = tuple(p for p in parts if p.base)
    key = named[-1].key if named else ""
    cut = [(key[:-size], key[-size:]) for size in (2, 1) if len(key) > size + 1 and units_in(key[-size:])]
    return tuple((trimmed(rest) or rest, unit, named[:-1]) for rest, unit in cut)


def counted_in(part: Wording) -> str | None:
    """人数, 篇数, 场次, 人次: a leaf that says nothing but how the parent is counted; its unit."""
    stem = part.base.removesuffix("数")
    return stem if units_in(stem) and stem not in ("金额",) else None


def listed_column(path: tuple[str, ...], content: str, form: Form | None) -> tuple[Column | None, bool]:
    """The column a path means exactly, and whether it is the form's own. Content decides where one heading has two meanings."""
    parts, _ = parts_of(path)
    for key, left_out in _keys(parts):
        found = _column_of(key, left_out, parts, content, form)
        if found[0] and not _is_another_word(parts[-1].base, found[0]):
            return found
    for key, unit, left_out in _keys_without_unit(parts):
        found = _column_of(key, left_out, parts, content, form)
        if found[0] and found[0].measure and _is_counted_in(unit, found[0]):
            return found
    return None, False


def _is_another_word(base: str, column: Column) -> bool:
    """播放（次） is no 播放量, though both are compared by 播放: what was played is of the column beside it."""
    thing = concepts().things.get(base)
    return thing is not None and thing.is_said_of_others and base not in column.headings


def _is_counted_in(unit: str, column: Column) -> bool:
    """Is this unit one the column's number has by name? 咨询台 is no 咨询 counted in 台."""
    measure = catalogue().measures[column.measure or ""]
    return unit in (measure.unit, *measure.units, *measure.apart, *column.by_unit)


TEXT_ROLES = ("remark", "narrative", "subject", "personal", "attribute")


def says_it_counts(parts: tuple[Wording, ...]) -> bool:
    """劝阻情况 is a story, 劝阻（起） is counted; so are 社区（个）, 劝阻人数 and 参与部门数."""
    return any(p.units for p in parts) or (bool(parts) and parts[-1].base.endswith(("数", "人次", "总量")))


def _column_of(key: str, left_out: tuple[Wording, ...], parts: tuple[Wording, ...], content: str, form: Form | None) -> tuple[Column | None, bool]:
    """The column of one key, and whether it is the form's own."""
    cat = catalogue()
    own = form.by_key.get(key) if form else None
    common = cat.common.get(key)
    if common and content == "n" and common.role.startswith(TEXT_ROLES) and says_it_counts(parts):
        common = None
    if left_out and (own or common) and not _may_leave_out(left_out, key, own or common):
        return None, False
    if own and own.measure and content in "ts" and common and not common.measure:
        return common, False
    if own:
        return own, True
    if common:
        return common, False
    other = cat.anywhere.get(key) if form and form.grain != "register" and content not in "td" else None
    if other and (not left_out or _may_leave_out(left_out, key, other)):
        is_named = not _names_nothing(key, other) or any(_channel(other) in _channels_of(parent.base) for parent in left_out)
        return (other if is_named and not other.beside else _beside_its_own(key)), False  # means the same measure wherever it appears
    return None, False


def _channel(column: Column) -> str | None:
    return catalogue().measures[column.measure].channel if column.measure else None


@lru_cache(maxsize=4096)
def _channels_of(text: str) -> frozenset[str]:
    """The channels whose things a text names."""
    things = [concepts().things[word] for word in words_of(text)[0] if word in concepts().things]
    return frozenset(catalogue().measures[count.measure].channel for thing in things for count in thing.counts if not count.beside)


def _names_nothing(key: str, column: Column) -> bool:
    """库存, 新增, 户数 say how or how many, not of what; with 宣传 in it a heading speaks of outreach itself."""
    words, left_over = words_of(key)
    is_about_something = "宣传" in words or (left_over and not units_in(left_over)) or _channel(column) in _channels_of(key)
    return column.measure is not None and column.measure not in TELLING_UNITS.values() and not is_about_something


def _is_of_others(parent: Wording, column: Column) -> bool:
    """APP›新增 hangs no banners; 风险等级›高危 leaves it to the column beside it."""
    named = _channels_of(parent.base)
    return _channel(column) not in named and (bool(named) or not words_of(parent.base)[1])


@cache
def _beside_its_own(key: str) -> Column:
    """A heading that names nothing, taken out of the form that lists it: of that form's channel only beside a column of it."""
    column = catalogue().anywhere[key]
    return column.model_copy(update={"beside": column.beside or {_channel(column): column.measure}, "needs_neighbour": True})


def _may_leave_out(parents: tuple[Wording, ...], key: str, column: Column | None) -> bool:
    """A parent may be left out when it only groups, names an audience or a place, or is the whole its child is part of (预警指令›处置); never
    when it changes what is counted (印制, 上周 …) or is a number of its own (短视频›条数)."""
    words = sheet_words()
    for parent in parents:
        if column is not None and column.beside and concepts().things.get(parent.base):
            return False  # 喇叭›时长 is the loudspeaker's, whatever stands beside it
        if _is_another_under(key, parent):
            return False
        if parent.base in words.grouping or parent_attribute(parent) or _only_groups(parent, column):
            continue
        known = catalogue().anywhere.get(parent.key)
        if known is not None and known.measure and column is not None and column.measure:
            whole = catalogue().measures[known.measure]
            part = catalogue().measures[column.measure]
            if whole.channel != part.channel:
                return False
            if whole.name in (part.name, part.subset_of):
                continue
        if column is not None and _names_nothing(key, column) and _is_of_others(parent, column):
            return False
        if is_shadow_heading(parent.base) or any(word in parent.base and word not in key for word in words.contrasts):
            return False
    return True


def _is_another_under(key: str, parent: Wording) -> bool:
    """入户›见面人数: a thing that is another number below such a parent."""
    things = concepts().things
    said = frozenset(words_of(parent.base)[0])
    return any(count.under & said for word in words_of(key)[0] if word in things for count in things[word].counts)


def _only_groups(parent: Wording, column: Column | None) -> bool:
    channels = sheet_words().grouping_of.get(parent.base)
    return bool(channels and column and column.measure and not channels.isdisjoint((column.measure, catalogue().measures[column.measure].channel)))


def parent_attribute(parent: Wording) -> tuple[str, str] | None:
    words = sheet_words()
    for base in (parent.base, parent.base.removeprefix("进")):
        if base in words.audiences:
            return "audience", base
        if base in words.venues:
            return "venue", base
    return None
