"""Names of units and areas: when two ways of writing are the same name, what kind of thing a name is, and ids made from names.

Here: pure functions on one text, and a name with its dates. Not here: who bears a name (registers.py), whom a number is about (identity.py).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import Literal, NamedTuple

Level = Literal["district", "town", "community"]

DISTRICT_WORDS = ("本辖区", "全辖区", "辖区", "全县", "全区", "全市", "全旗")
"""What sheets call the whole district without naming it."""
STAMP = re.compile(r"\((?:盖章|公章|签章|章)\)|[\s:：、,，。.]+")
POLICE_PREFIX = re.compile(r"^.{0,12}?公安(?:分局|局)(?=.)")
ENDINGS = (
    (re.compile(r"派出所$"), "所"),
    (re.compile(r"社区(?:居民委员会|居委会)$"), "社区"),
    (re.compile(r"(?:居民委员会|居委会)$"), "社区"),
    (re.compile(r"(?:村村民委员会|村民委员会|村村委会|村委会|行政村)$"), "村"),
    (re.compile(r"街道办事处$|街道办$"), "街道"),
    (re.compile(r"(?<=镇|乡)(?:人民政府|政府)$"), ""),
)
LEVELS: tuple[tuple[Level, re.Pattern[str]], ...] = (
    ("community", re.compile(r"(?:社区|村|小区|嘎查|村屯)$")),
    ("town", re.compile(r"(?:镇|乡|街道|苏木|开发区|园区|高新区|林场|农场)$")),
    ("district", re.compile(r"(?:县|市|旗|州|(?<![校营厂景片务任院])区)$")),
)


class Name(NamedTuple):
    """Somebody's name: normalised, whose, and from when to when (None: without limit)."""

    key: str
    kind: str
    id: str
    valid_from: date | None
    valid_to: date | None


@lru_cache(maxsize=100_000)
def name_key(name: str) -> str:
    """The same text for two ways of writing one name: width, spaces, （盖章）, 派出所/所, 居委会/社区, 村委会/村, 县公安局 in front."""
    key = STAMP.sub("", unicodedata.normalize("NFKC", name).strip())
    key = POLICE_PREFIX.sub("", key)
    for ending, short in ENDINGS:
        shortened = ending.sub(short, key)
        if shortened != key and shortened:
            return shortened
    return key


@lru_cache(maxsize=100_000)
def level_of(name: str) -> Level | None:
    """The level a name's ending says, or None: 东街社区 community, 城关镇 town, 清河县 district; 城关派出所 none."""
    key = name_key(name)
    return next((level for level, ending in LEVELS if ending.search(key)), None)


def split_names(text: str) -> list[str]:
    """The names in one cell: 城关镇、东街社区；西街村."""
    return [part.strip() for part in re.split(r"[、,，;；/\n]+", text) if part.strip()]


def short_id(prefix: str, *parts: str) -> str:
    """A stable ASCII id of a name: prefix and 8 hex digits."""
    return prefix + hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:8]


def code_id(code: str | None) -> str | None:
    """A register's code as an id, if it is usable as one: ASCII letters, digits, - and _."""
    cleaned = unicodedata.normalize("NFKC", code or "").strip().removesuffix(".0")
    return cleaned if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}", cleaned) else None
