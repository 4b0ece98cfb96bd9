"""concepts.yaml as frozen data: things, how they are counted, and the words that change a number or say nothing about it.

Here: loading and checking, and a text taken apart into these words. Not here: what a heading made of them means (intake/composing.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain

from pydantic import BaseModel, ConfigDict, Field

from pipeline.forms.catalogue import FormFault, catalogue
from pipeline.forms.wording import FOLDER, load_yaml, sheet_words


class Count(BaseModel):
    """One number a thing may stand for. `words` and `units`: only where the heading has one of these; `also`: and one of these besides; `under`:
    only where the heading or a parent says one of these; `stated`: only where a unit or one of the
    words says so; `forms`: only in these forms; `by_unit`: cells in that unit are another measure;
    `beside`: by channel, what it is said of the nearest column of that channel."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    measure: str
    words: frozenset[str] = frozenset()
    also: frozenset[str] = frozenset()
    under: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    stated: bool = False
    forms: frozenset[str] = frozenset()
    by_unit: dict[str, str] = Field(default_factory=dict)
    beside: dict[str, str] = Field(default_factory=dict)


class Thing(BaseModel):
    """What is counted: its words, the numbers they may stand for in order, and the attribute its kinds differ in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: frozenset[str] = Field(min_length=1)
    counts: tuple[Count, ...] = Field(min_length=1)
    rank: int = 2
    says: str | None = None
    without: frozenset[str] = frozenset()
    """In the company of these words it is another thing: 短信拦截."""

    @property
    def is_said_of_others(self) -> bool:
        """播放 is of a screen or a loudspeaker, and names neither."""
        return all(count.beside for count in self.counts)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    things: tuple[Thing, ...]
    aspects: Mapping[str, frozenset[str]]
    persons: frozenset[str]
    staff: frozenset[str]
    changed: frozenset[str]
    making: frozenset[str]
    kinds: frozenset[str]
    plain: frozenset[str]
    counting: frozenset[str]
    texts: frozenset[str]


@dataclass(frozen=True)
class Concepts:
    """By word: `things`, `units` (aspect word → unit), and the sets of the file. `pattern` finds the longest word at each place of a text."""

    things: Mapping[str, Thing]
    units: Mapping[str, str]
    persons: frozenset[str]
    staff: frozenset[str]
    changed: frozenset[str]
    making: frozenset[str]
    kinds: frozenset[str]
    texts: frozenset[str]
    counting: frozenset[str]
    """Words that say that or how something is counted: the noun before them is what counts."""
    pattern: re.Pattern[str]


@cache
def concepts() -> Concepts:
    """Loaded once; FormFault names a word of two things or a measure that the registry does not know."""
    content = _File.model_validate(load_yaml(FOLDER / "concepts.yaml"))
    things: dict[str, Thing] = {}
    for thing in content.things:
        for count in thing.counts:
            if count.measure not in catalogue().measures:
                raise FormFault(f"concepts.yaml: measure {count.measure!r} is not in channels.yaml")
        for word in thing.words:
            if things.setdefault(word, thing) is not thing:
                raise FormFault(f"concepts.yaml: {word!r} belongs to two things")
    units = {word: unit for unit, words in content.aspects.items() for word in words}
    sheet = sheet_words()
    counted = {word for thing in content.things for count in thing.counts for word in count.words | count.also | count.under}
    silent = chain(
        content.making,
        content.plain,
        content.kinds,
        content.counting,
        sheet.places,
        sheet.manners,
        sheet.work_words,
        sheet.leading_verbs,
        sheet.trailing_words,
        sheet.audiences,
        sheet.venues,
    )
    known = {*things, *units, *content.persons, *content.staff, *content.changed, *content.texts, *counted, *silent}
    longest_first = sorted(known, key=lambda word: (-len(word), word))
    return Concepts(
        things,
        units,
        content.persons | sheet.audiences,
        content.staff,
        content.changed,
        content.making,
        content.kinds | sheet.audiences | sheet.venues | sheet.places,
        content.texts,
        frozenset(content.counting) | {*units, *sheet.trailing_words},
        re.compile("|".join(map(re.escape, longest_first))),
    )


def words_of(text: str) -> tuple[tuple[str, ...], str]:
    """(the known words of a text in order, the longest at each place; what is left between them)."""
    pattern = concepts().pattern
    return tuple(match[0] for match in pattern.finditer(text)), pattern.sub("", text)
