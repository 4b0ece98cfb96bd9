"""Which form a table is, and which heading is which column.

Here: heading paths and the kind of content below them → form and column meanings, with the nearest known headings where there is none. In this
order: the form's own headings, columns every form may have, headings that mean one thing in every form, what a heading is composed of
(composing.py), then likeness (likeness.py).
Not here: what columns say about one another (columns.py, column_totals.py), positions (layout.py), cells (reading.py).
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import lru_cache

from pipeline.forms.catalogue import Column, Form, Measure, catalogue
from pipeline.forms.concepts import concepts, words_of
from pipeline.forms.wording import Wording, read_wording, sheet_words, squeeze, units_in
from pipeline.intake.column_totals import with_totals_of_nothing_else, with_totals_of_parents, without_totals_above
from pipeline.intake.columns import (
    Match,
    TableMatch,
    beside_neighbours,
    fits,
    told_by_others,
    with_audience_of_talks,
    with_date,
    with_media_accounts,
    without_bare_numbers,
    without_duplicates,
    without_subsets,
    without_words,
)
from pipeline.intake.composing import composed
from pipeline.intake.likeness import alike, nearest
from pipeline.intake.lines import is_shadow_heading, row_label
from pipeline.intake.listed_headings import counted_in, listed_column, parent_attribute, parts_of, says_it_counts
from pipeline.intake.units import read_unit

WELL_KNOWN = 9.0
"""The score of three of a form's own measures: then a 得分 beside them does not make the sheet somebody else's."""
LEVEL_ENDINGS = (("数量",), ("总数",), ("个数",), ("台数",))
COUNTED = "nb"
"""What stands below a heading that may be composed: numbers, or nothing yet."""


def match_table(paths: tuple[tuple[str, ...], ...], contents: str, title: str, heading_score: float) -> TableMatch:
    """Match a table. `contents` has one letter a column: n has numbers, t texts only, u units only, d dates, s names, b blank."""
    plain = squeeze(title)
    return _match_table(paths, contents, _title_words(plain), _is_foreign(plain), heading_score)


@lru_cache(maxsize=4096)
def _title_words(plain: str) -> frozenset[str]:
    """The forms' title words a title has: all of a title that matters here, so that equal layouts of different weeks are matched once."""
    return frozenset(word for form in catalogue().forms.values() for word in form.title_words if word in plain)


@lru_cache(maxsize=4096)
def _is_foreign(plain: str) -> bool:
    return any(word in plain for word in sheet_words().foreign_titles)


def _keeps_accounts(paths: tuple[tuple[str, ...], ...]) -> bool:
    return any(read_wording(path[-1]).base in sheet_words().foreign_headings for path in paths if path)


@lru_cache(maxsize=1024)
def _match_table(
    paths: tuple[tuple[str, ...], ...], contents: str, title_words: frozenset[str], is_foreign: bool, heading_score: float
) -> TableMatch:
    cat = catalogue()
    scored = sorted(((_score(form, paths, contents, title_words), -len(form.columns), form.name) for form in cat.forms.values()), reverse=True)
    best = cat.forms[scored[0][2]] if scored[0][0] > 0 else None
    if best and (is_foreign or (_keeps_accounts(paths) and not title_words.intersection(best.title_words) and scored[0][0] < WELL_KNOWN)):
        best = None
    columns = [_match(path, contents[i], best, heading_score) for i, path in enumerate(paths)]

    def whole(path: tuple[str, ...], index: int) -> Match:
        return _match(path, contents[index], best, heading_score)

    columns = without_totals_above(with_audience_of_talks(told_by_others(beside_neighbours(columns))), paths)
    columns = with_totals_of_parents(columns, paths, whole)
    if best and not title_words.intersection(best.title_words):
        columns = without_bare_numbers(columns)
    columns = with_date(with_media_accounts(without_words(columns, contents, best), contents), contents)
    columns = with_totals_of_nothing_else(without_subsets(columns), paths, whole)
    columns = without_duplicates(columns, contents)
    likeliest = tuple(cat.forms[name].zh for score, _, name in scored[:3] if score > 0) or tuple(_forms_by_title(title_words))
    digest = hashlib.sha256("\n".join("›".join(squeeze(part) for part in path) for path in paths).encode()).hexdigest()[:16]
    return TableMatch(best, tuple(columns), likeliest, digest)


# -- choice of form -------------------------------------------------------------------------------------------------------------------


def _score(form: Form, paths: tuple[tuple[str, ...], ...], contents: str, title_words: frozenset[str]) -> float:
    """3 per own measure, 2 per own field, ½ per common column, 3 for the title, 1 for dates in a form with a row an event; 0 unless the
    form's required columns are there. Of equals the form with fewer columns is the more telling."""
    found: list[Column] = []
    n_common = 0
    has_date = False
    for i, path in enumerate(paths):
        column, is_own = listed_column(path, contents[i], form)
        parts = parts_of(path)[0]
        if column is None and contents[i] in COUNTED and not any(is_shadow_heading(part.base) for part in parts):
            made = composed(parts, form.name)
            column, is_own = (made.column, made.column.measure in form.measures) if made and made.is_certain else (None, False)
        if column and is_own:
            found.append(column)
        elif column:
            n_common += 1
            has_date = has_date or column.role == "date"
    is_named = bool(title_words.intersection(form.title_words))
    present = {name for c in found for name in (c.measure, c.role) if name}
    if any(not present.intersection(group) for group in form.requires):
        return 0.0
    if not any(c.measure or c.role.startswith("field.") for c in found):
        return 1.0 if form.grain == "ledger" and is_named and has_date else 0.0
    if form.grain == "register" and len(found) + n_common < 0.7 * sum(bool(p) for p in paths):
        return 0.0
    return (
        3 * sum(c.measure is not None for c in found) + 2 * sum(c.role.startswith("field.") for c in found) + 0.5 * n_common + (3 if is_named else 0)
    )


def _forms_by_title(title_words: frozenset[str]) -> list[str]:
    return [form.zh for form in catalogue().forms.values() if title_words.intersection(form.title_words)][:3]


# -- one heading ----------------------------------------------------------------------------------------------------------------------


def _match(path: tuple[str, ...], content: str, form: Form | None, heading_score: float) -> Match:
    heading = "›".join(path)
    words = sheet_words()
    if not path:
        return Match(heading, "blank")
    if squeeze(path[-1]) in words.ordinal_signs:
        return Match(heading, "ordinal")
    parts, period = parts_of(path)
    joined = "".join(p.base for p in parts)
    if any(word in heading for word in words.other_campaigns):
        return Match(heading, "unknown" if any(word in heading for word in words.fillers) else "uncounted")
    if any(word in joined for word in words.prevented_loss_words):
        return Match(heading, "prevented_loss")
    if parts and parts[-1].base in words.uncounted:
        return Match(heading, "uncounted")
    if content == "u" and squeeze(path[-1]) in words.unit_headings:
        return Match(heading, "unit")
    if content == "t" and _is_somebody(parts):
        return Match(heading, "personal")
    column, is_own = (None, False) if _is_qualified(parts) else listed_column(path, content, form)
    if content in "st" and (named := _named_in_brackets(parts)):
        return Match(heading, named.role, named)
    if column is None and squeeze(path[-1]) in words.item_headings and content not in COUNTED:
        return Match(heading, "item")  # 指标 over words is no target
    if column is None or (not is_own and column.role == "remark" and content == "n"):
        if parts and row_label(parts[-1].text) == "total":
            return Match(heading, "total")
        if any(is_shadow_heading(p.base) for p in parts if p is parts[-1] or p.base not in words.grouping_of) or row_label(path[-1]) in (
            "comparison",
            "target",
            "previous",
        ):
            return Match(heading, "shadow")
    is_fuzzy = False
    if column is None and content in COUNTED and (found := composed(parts, form.name if form else None)):
        column, is_fuzzy = found.column, not found.is_certain
    if column is None:
        column, is_fuzzy = alike(parts, form, heading_score), True
        if column and not column.measure and content == "n" and says_it_counts(parts):
            column = None  # 参与单位（个） names nobody
    if column is None and squeeze(path[-1]) in words.item_headings and content != "n":
        return Match(heading, "item")
    if column is None:
        is_part = bool(parts) and parts[-1].is_subset
        return Match(heading, "unknown", is_subset=is_part, period_text=period, nearest=nearest(parts, form))
    match = _meaning(heading, path, parts, period, column, is_fuzzy=is_fuzzy)
    if match.role == "unit_clash" and content in COUNTED and (found := composed(parts, form.name if form else None)):
        other = _meaning(heading, path, parts, period, found.column, is_fuzzy=not found.is_certain)
        return other if other.role == "measure" else match  # 劝阻避免损失›起数 is no amount
    return match


def _is_qualified(parts: tuple[Wording, ...]) -> bool:
    """紧急（高危）预警: what stands in brackets makes it another number."""
    return bool(parts) and any(word in concepts().changed for note in parts[-1].notes for word in words_of(note)[0])


def _is_somebody(parts: tuple[Wording, ...]) -> bool:
    """走访人 over texts only is who visited, though 走访人数 is compared without its 数."""
    words, left_over = words_of(parts[-1].base) if parts else ((), "")
    return len(words) > 1 and words[-1] == "人" and not left_over and not parts[-1].units


def _named_in_brackets(parts: tuple[Wording, ...]) -> Column | None:
    """项目（小区）, 名称（派出所）: an item's heading whose brackets say whose the rows are."""
    notes = parts[-1].notes if parts and parts[-1].base in sheet_words().item_headings else ()
    found = [column for note in notes if (column := catalogue().common.get(read_wording(note).key)) and column.role.startswith("subject")]
    return found[0] if len(found) == 1 else None


def _meaning(heading: str, path: tuple[str, ...], parts: tuple[Wording, ...], period: str | None, column: Column, *, is_fuzzy: bool) -> Match:
    """The column in this heading: its unit picks the measure, its marks and parents add what they say."""
    units = next((p.units for p in reversed(parts) if p.units), ()) or _key_unit(parts) or _leaf_unit(parts, column)
    constants = dict(column.with_)
    for attribute in filter(None, map(parent_attribute, parts[:-1])):
        constants.setdefault(*attribute)
    match = Match(
        heading,
        column.role,
        column,
        unit=units[0] if units else None,
        constants=constants,
        is_subset=any(p.is_subset for p in parts),
        is_cumulative=any(p.is_cumulative for p in parts),
        is_fuzzy=is_fuzzy,
        period_text=period,
    )
    if column.measure is None:
        return match
    measures = catalogue().measures
    name = read_unit(units[0]).name if units else None
    measure = measures[column.by_unit.get(name or "", column.measure)]
    if name is None and (level := _level_of(parts, column)):
        return replace(match, measure=level)
    match = replace(match, measure=measure)
    if name is None and (implied := _implied_unit(parts)) and implied in (measure.unit, *measure.units, *measure.apart):
        return replace(match, unit=implied)
    if name and not fits(name, measure):
        return replace(match, role="unit_clash")
    return match


def _level_of(parts: tuple[Wording, ...], column: Column) -> Measure | None:
    """宣传车数量 and 无人机数 count what there is of them, not how often they went out."""
    measures = catalogue().measures
    nouns, left_over = words_of(parts[-1].base)
    if measures[column.measure or ""].kind != "flow" or left_over or nouns[-1:] not in LEVEL_ENDINGS or len(nouns) < 2:
        return None
    levels = {measures[name] for name in column.by_unit.values() if measures[name].kind == "stock"}
    thing = concepts().things.get(nouns[-2])
    return levels.pop() if len(levels) == 1 and thing is not None and thing.rank > 1 else None


def _leaf_unit(parts: tuple[Wording, ...], column: Column) -> tuple[str, ...]:
    """讲座›人数 was found as 讲座: its unit is what the leaf says. 返还›人数 is then no amount, as persons are no money."""
    named = [p for p in parts if p.base]
    unit = counted_in(named[-1]) if len(named) > 1 and column.measure else None
    return (unit,) if unit else ()


def _implied_unit(parts: tuple[Wording, ...]) -> str | None:
    """参与人次 counts 人次, 走访户数 counts 户: a heading's last word can name its unit."""
    base = next((p.base for p in reversed(parts) if p.base), "")
    for ending in ("数", ""):
        stem = base.removesuffix(ending) if ending else base
        if ending and stem == base:
            continue
        for size in (2, 1):
            if len(stem) >= size and units_in(stem[-size:]) and (ending or size == 2):
                return stem[-size:]
    return "场" if base.endswith("场次") else None


def _key_unit(parts: tuple[Wording, ...]) -> tuple[str, ...]:
    """宣传单份数 says 份; 播放次数 is a heading of its own and says nothing more."""
    key = parts[-1].key if parts else ""
    cat = catalogue()
    if not key or key in cat.anywhere or key in cat.common or any(key in form.by_key for form in cat.forms.values()):
        return ()
    noun = next(iter(words_of(key)[0][-1:]), "")
    is_noun = len(noun) > 1 and key.endswith(noun) and noun in concepts().things  # X展架 is no X展 in 架
    return () if is_noun else next((units for size in (2, 1) if len(key) > size + 1 and (units := units_in(key[-size:]))), ())
