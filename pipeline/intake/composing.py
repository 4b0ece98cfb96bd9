"""A heading that no form lists, understood from what it is composed of: 院坝会（场）, 紧急止付›止付额, 现场群众（人）.

Here: which measure the words of a heading name together with its unit, and how far that is certain. Not here: the words (forms/concepts.yaml),
headings known as they stand (matching.py), typed rates (lines.py), likeness of letters (likeness.py).

A heading is certain when all its letters are words we know; with letters left over it is read and the analyst is asked. A word that makes it
another number (印制, 未, 新增) is only read where a measure lists that word; two things of equal weight leave it unknown.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

from pipeline.forms.catalogue import Column, Measure, catalogue
from pipeline.forms.concepts import Count, Thing, concepts, words_of
from pipeline.forms.wording import Wording, sheet_words
from pipeline.intake.last_nouns import counts_something_else, is_open_to_doubt
from pipeline.intake.units import read_unit

MOST_LEFT_OVER = 4
"""So many letters nobody knows may stand beside a thing whose unit is written; without a unit half of that, and none where only a parent names
the thing."""
TELLING_UNITS = {"场": "talks.sessions", "场次": "talks.sessions", "架次": "drones.sorties", "台次": "van_tours.tours", "户次": "home_visits.visits"}
"""Units that only one measure has: 坝坝电影（场） is an event, whatever it is."""
MONEY = "元"
SAME_WORD = {"名": "人", "位": "人", "遍": "次"}
"""Units that are another word for one that a count names."""


@dataclass(frozen=True, slots=True)
class Composed:
    """The column a heading stands for; `is_certain`: every letter of it is accounted for."""

    column: Column
    is_certain: bool


@lru_cache(maxsize=4096)
def composed(parts: tuple[Wording, ...], form: str | None) -> Composed | None:
    """What a heading path means by its words and unit, in a form of that name (None: not chosen yet); None when they leave a choice."""
    if not parts:
        return None
    levels = [(_as_done(words), left_over) for words, left_over in (words_of(part.base) for part in reversed(parts))]
    words, left_over = levels[0]
    noted = tuple(word for note in parts[-1].notes for word in words_of(note)[0])
    explained = noted if left_over or not concepts().changed.isdisjoint(noted) else ()
    if explained:  # 答对5题及以上（知晓）人数
        words = (*explained, *words)
        levels[0] = (words, left_over)
    is_written = any(part.units for part in parts)
    if words and words[-1] in concepts().texts and not is_written:
        return None
    unit = _unit(parts, words)
    for depth, (said, _) in enumerate(levels):
        things = _things(said)
        is_said_of_others = all(thing.is_said_of_others for thing in things)
        if is_said_of_others and any(_things(said_above) for said_above, _ in levels[depth + 1 :]):
            continue  # LED屏›播放（次）: the parent names it
        whole = _words_around(levels, depth)
        above = frozenset(word for said_above, _ in levels[depth + 1 :] for word in said_above)
        found = _heaviest([(thing, count) for thing in things if (count := _count(thing, whole, unit, form, above))])
        if found is not None:
            thing, count = found
            is_of_leaf = not depth or count.words.intersection(words) or all(other.rank == 1 for other in _things(words))  # not 预警›劝阻
            most_left = 0 if depth else MOST_LEFT_OVER if is_written or explained else MOST_LEFT_OVER // 2
            if not is_of_leaf or counts_something_else(words, thing, count, unit, is_leaf=not depth) or len(left_over) > most_left:
                return None
            if count.beside:  # letters nobody knows may name a carrier of its own: 地铁灯箱播放（次）
                return Composed(_said_of_a_neighbour(count), True) if not left_over else None
            by_unit = (*_by_unit(thing, count), *_by_further_units(parts, thing, whole, form))
            is_certain = not left_over and not is_open_to_doubt(words, things, thing, unit)
            return Composed(_column(count.measure, _attributes(thing, words), by_unit), is_certain)
        if unit is None and depth == 0 and len(things) == 1 and (open_count := _left_to_its_cells(things[0], whole)):
            thing = things[0]
            if counts_something_else(words, thing, open_count, unit, is_leaf=True):
                return None
            return Composed(_column(open_count.measure, _attributes(thing, words), _by_every_unit(thing), needs_unit=True), not left_over)
        if things and unit is not None and any(thing.rank > 1 for thing in things):
            return None  # a thing in a unit that is none of its own: 横幅（场）
    changed = any(word in concepts().changed for said, _ in levels for word in said)
    if unit in TELLING_UNITS and not changed and is_written and len(left_over) < MOST_LEFT_OVER:
        return Composed(_column(TELLING_UNITS[unit]), False)
    return None


def _as_done(words: tuple[str, ...]) -> tuple[str, ...]:
    """印制发放宣传单 and 制作悬挂横幅 count what was handed out and hung: of two verbs in a row the last says what became of the thing."""
    making, doing = concepts().making, sheet_words().leading_verbs
    return tuple(word for word, following in zip_longest(words, words[1:]) if not (word in making and following in doing))


def _things(words: Sequence[str]) -> list[Thing]:
    """The things words name, once each; not in company that makes them another (短信拦截), nor what is said of a thing beside it (LED播放)."""
    found = {id(thing): thing for word in words if (thing := concepts().things.get(word)) and thing.without.isdisjoint(words)}
    is_named = any(thing.rank > 1 for thing in found.values())
    return [thing for thing in found.values() if not (is_named and thing.is_said_of_others)]


def kinds_of(parts: tuple[Wording, ...], measure: Measure) -> tuple[str, ...]:
    """What tells a heading's number from another of the same measure: whom, where, how, things of other measures (预警 in 预警短信), and letters
    nobody knows (自助机具 in 自助机具劝阻)."""
    vocabulary = concepts()
    found = [words_of(part.base) for part in parts]
    kinds = [w for words, _ in found for w in words if w in vocabulary.kinds or w in vocabulary.persons or _is_other_thing(w, measure)]
    return (*kinds, *(left_over for _, left_over in found if left_over))


def _is_other_thing(word: str, measure: Measure) -> bool:
    thing = concepts().things.get(word)
    if thing is None or thing.is_said_of_others:
        return False
    return all(catalogue().measures[count.measure].channel != measure.channel for count in thing.counts)


def _words_around(levels: Sequence[tuple[tuple[str, ...], str]], depth: int) -> tuple[str, ...]:
    """The words that bear on a thing named at a level (0: the leaf): all up to there, and of the parents above those that name no thing of their
    own: 印制 over 宣传单 makes it another number, 预警处置 over 预警指令 is the title of a group."""
    above = [said for said, _ in levels[depth + 1 :] if not any(word in concepts().things for word in said)]
    return tuple(word for said in (*(said for said, _ in levels[: depth + 1]), *above) for word in said)


def _unit(parts: tuple[Wording, ...], words: tuple[str, ...]) -> str | None:
    """The unit the heading states in brackets, else the one its words imply: 人数, 金额; persons are counted in 人."""
    written = next((part.units[0] for part in reversed(parts) if part.units), None)
    if written is not None:
        return read_unit(written).name or written
    vocabulary = concepts()
    implied = next((vocabulary.units[word] for word in reversed(words) if word in vocabulary.units), None)
    return implied or ("人" if words and words[-1] in vocabulary.persons else None)


def _count(thing: Thing, words: Sequence[str], unit: str | None, form: str | None, above: Set[str] = frozenset()) -> Count | None:
    """The first of the thing's numbers that the words, the parents' words `above` and the unit allow."""
    return next((count for count in thing.counts if _allows(count, words, unit, form, above)), None)


def _allows(count: Count, words: Sequence[str], unit: str | None, form: str | None, above: Set[str]) -> bool:
    said = count.words.intersection(words)
    if (count.words and not said) or (count.also and count.also.isdisjoint(words)) or (count.forms and form not in count.forms):
        return False
    if not concepts().changed.intersection(words) <= count.words | count.also:
        return False
    if count.under and count.under.isdisjoint(above) and count.under.isdisjoint(words):
        return False
    if unit is None:
        return bool(said) if count.stated or count.units else True
    measure = catalogue().measures[count.measure]
    return unit in count.units or SAME_WORD.get(unit) in count.units if count.units else _is_counted_in(measure, unit)


def _left_to_its_cells(thing: Thing, words: Sequence[str]) -> Count | None:
    """广播 without a unit may be hours, plays or loudspeakers, 劝阻 cases or money: each cell has to say. The count is the first that only a unit
    tells."""
    if concepts().changed.intersection(words):
        return None
    return next((count for count in thing.counts if (count.stated or count.units) and not count.words and not count.forms), None)


def _by_every_unit(thing: Thing) -> tuple[tuple[str, str], ...]:
    measures = catalogue().measures
    found: dict[str, str] = {}
    for count in (c for c in thing.counts if not c.forms and (c.stated or not c.words)):
        for unit in count.units or (measures[count.measure].unit, *measures[count.measure].units):
            found.setdefault(unit, count.measure)
    return tuple(found.items())


def _is_counted_in(measure: Measure, unit: str) -> bool:
    return unit in (measure.unit, *measure.units, *measure.apart)


def _heaviest(found: list[tuple[Thing, Count]]) -> tuple[Thing, Count] | None:
    """The one number of the highest rank; None where there is none, or two."""
    top = max((thing.rank for thing, _ in found), default=0)
    heaviest = [(thing, count) for thing, count in found if thing.rank == top]
    return heaviest[0] if len({count.measure for _, count in heaviest}) == 1 else None


def _attributes(thing: Thing, words: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Whom and where a heading speaks of, and the kind of thing where kinds differ in an attribute."""
    known = sheet_words()
    found = {"audience": next((w for w in words if w in known.audiences), None), "venue": next((w for w in words if w in known.venues), None)}
    if thing.says:
        found[thing.says] = next(w for w in words if w in thing.words) if any(w in thing.words for w in words) else None
    return tuple((name, word) for name, word in found.items() if word)


def _by_unit(thing: Thing, chosen: Count) -> tuple[tuple[str, str], ...]:
    """The thing's other numbers by their unit, for cells that write one: 参加42人 under 厅堂宣讲."""
    measures = catalogue().measures
    found = dict(chosen.by_unit)
    for other in thing.counts:
        measure = measures[other.measure]
        for unit in () if other.words or other.forms or other.stated else other.units or (measure.unit, *measure.apart):
            if not _is_counted_in(measures[chosen.measure], unit):
                found.setdefault(unit, other.measure)
    return tuple(found.items())


def _by_further_units(parts: tuple[Wording, ...], thing: Thing, words: Sequence[str], form: str | None) -> tuple[tuple[str, str], ...]:
    """劝阻（笔/金额）: what the thing's number is in the other units the heading itself names."""
    _, *further = next((part.units for part in reversed(parts) if part.units), ("",))
    counted = ((name, _count(thing, words, name, form)) for unit in further if (name := read_unit(unit).name))
    return tuple((name, count.measure) for name, count in counted if count)


def _said_of_a_neighbour(count: Count) -> Column:
    return _column(count.measure).model_copy(update={"beside": count.beside, "needs_neighbour": True})


@lru_cache(maxsize=4096)
def _column(
    measure: str, attributes: tuple[tuple[str, str], ...] = (), by_unit: tuple[tuple[str, str], ...] = (), *, needs_unit: bool = False
) -> Column:
    """One column per meaning, so that cells read alike are read once."""
    known = catalogue().measures[measure]
    return Column.model_validate(
        {
            "headings": [known.zh],
            "measure": measure,
            "with": dict(attributes),
            "by_unit": dict(by_unit),
            "needs_unit": needs_unit or known.unit == MONEY,
        }
    )
