"""What a heading's last noun says against the thing it names: 广播覆盖村（个） counts villages, 走访民警 policemen.

Here: places and staff that are counted in place of the thing, and company that leaves a doubt. Not here: what the thing and its unit mean
(composing.py), the words (forms/concepts.yaml, places in forms/sheet_words.yaml).
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.forms.catalogue import catalogue
from pipeline.forms.concepts import Count, Thing, concepts
from pipeline.forms.wording import sheet_words

PERSON_UNITS = frozenset(["人", "名", "人次"])
PLACE_UNITS = frozenset([None, "个", "家", "所", "处", "户"])
"""Units in which places are counted; 场 or 份 behind a place say that the thing is."""


def counts_something_else(words: Sequence[str], thing: Thing, count: Count, unit: str | None, *, is_leaf: bool) -> bool:
    """Are places or staff counted here, and not the thing? A visit may be counted by the places visited (走访企业); a heading below
    the thing's own (横幅›农村) says only where."""
    nouns = [word for word in words if word not in concepts().counting]
    head = nouns[-1] if nouns else ""
    if is_leaf and head in sheet_words().places and unit in PLACE_UNITS and not _may_count_places(thing, count):
        return True
    return _speaks_of_staff(words, head, unit) and (thing.rank == 1 or unit not in PERSON_UNITS)  # 参与民警, 走访民警


def is_open_to_doubt(words: Sequence[str], things: Sequence[Thing], thing: Thing, unit: str | None) -> bool:
    """Does something else in the heading weigh against the thing: staff among its people (讲座讲师), places visited that are no households
    (走访学校), a thing of more weight that is not counted in this unit (劝阻电话（个）)?"""
    nouns = [word for word in words if word not in concepts().counting]
    head = nouns[-1] if nouns else ""
    is_outweighed = any(other.rank > thing.rank and _channels(other).isdisjoint(_channels(thing)) for other in things)
    is_place = head in sheet_words().places and unit in PLACE_UNITS and not _counts_households(head, thing)
    return is_outweighed or is_place or _speaks_of_staff(words, head, unit)


def _speaks_of_staff(words: Sequence[str], head: str, unit: str | None) -> bool:
    staff = concepts().staff
    return head in staff or (unit in PERSON_UNITS and not staff.isdisjoint(words))


def _may_count_places(thing: Thing, count: Count) -> bool:
    return catalogue().measures[count.measure].channel == "home_visits" or "home_visits" in _channels(thing)


def _counts_households(head: str, thing: Thing) -> bool:
    """商户 and 企业 are visited as households are; and a thing may be a place itself (进校园)."""
    return head in thing.words or any(head in count.words for count in thing.counts)


def _channels(thing: Thing) -> frozenset[str]:
    return frozenset(catalogue().measures[count.measure].channel for count in thing.counts)
