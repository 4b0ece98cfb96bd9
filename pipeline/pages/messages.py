"""The sentences of the pages: one catalogue in two languages, filled with numbers.

Here: messages.yaml read once, the small grammar of its placeholders, and how a Text becomes plain text or HTML. The browser has the same
grammar (html/format.js). Not here: how a number is written (format.py) and which sentence is chosen (findings.py).

Placeholders: {x:kind} the value of argument x, {x:kind!} the same as a key number (bold), {x:kind!metric} a key number that opens the panel
本数怎么来的 of that metric, {lo~hi:kind} a range in one unit, {x:name} the name of an area, channel, fraud type or campaign, {x:names} several,
{x:grades} amounts by evidence
grade in one unit, {n|case|cases} the English word for one or for several.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from pipeline.data_files import read_yaml

from . import format as fmt
from .model import Clause, Text

LANGUAGES = ("zh", "en")
PLACEHOLDER = re.compile(r"\{([a-z_0-9]+)(?:~([a-z_0-9]+))?(?::([a-z0-9_]+)(!([a-z_]*))?|\|([^|}]*)\|([^|}]*))\}")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a rendered sentence: plain, strong, or strong and opening the panel of `metric`."""

    text: str
    is_strong: bool = False
    metric: str = ""


Names = Mapping[str, tuple[str, str | None]]
"""`area:03` → (zh, en or None). Without an English name the Chinese one is shown."""


@cache
def catalogue() -> Mapping[str, tuple[str, str]]:
    """Every message: key → (zh, en)."""
    raw = read_yaml(Path(__file__).with_name("messages.yaml"))
    return {key: (both["zh"], both["en"]) for key, both in raw.items()}


@cache
def arguments(key: str) -> tuple[str, ...]:
    """Names of a message's arguments in order of first appearance, Chinese first."""
    found: dict[str, None] = {}
    for text in catalogue()[key]:
        for match in PLACEHOLDER.finditer(text):
            found |= {name: None for name in match.group(1, 2) if name}
    return tuple(found)


def name_of(key: str, lang: str, names: Names) -> str:
    zh, en = names[key]
    return (en or zh) if lang == "en" else zh


def both_names(key: str, names: Names) -> tuple[str, str]:
    """A name in Chinese and in English."""
    return name_of(key, "zh", names), name_of(key, "en", names)


def value_of(clause: Clause, match: re.Match[str], lang: str, names: Names) -> str:
    first, second, kind, _, _, one, many = match.groups()
    value: Any = clause.args[first]
    if kind is None:
        return one if value == 1 else many
    if kind == "name":
        return name_of(str(value), lang, names)
    if kind == "names":
        return ("、" if lang == "zh" else ", ").join(name_of(key, lang, names) for key in value)
    if kind == "grades":
        return fmt.split([(name_of(key, lang, names), amount) for key, amount in value], lang)
    if second:
        high: Any = clause.args[second]
        return fmt.span(value, high, kind, lang)
    return fmt.show(value, kind, lang)


def pieces(text: Text, lang: str, names: Names) -> Iterator[Piece]:
    """The sentence in a language, cut where emphasis changes."""
    for clause in text:
        template = catalogue()[clause.key][LANGUAGES.index(lang)]
        position = 0
        for match in PLACEHOLDER.finditer(template):
            if match.start() > position:
                yield Piece(template[position : match.start()])
            yield Piece(value_of(clause, match, lang, names), match.group(4) is not None, match.group(5) or "")
            position = match.end()
        if position < len(template):
            yield Piece(template[position:])


def plain(text: Text, lang: str, names: Names) -> str:
    return "".join(piece.text for piece in pieces(text, lang, names))


def both(text: Text, names: Names) -> tuple[str, str]:
    """The sentence in Chinese and in English."""
    return plain(text, "zh", names), plain(text, "en", names)


def html(text: Text, lang: str, names: Names) -> Markup:
    """The sentence as HTML: key numbers in <b>, those with a metric as buttons. Everything from outside is escaped."""
    out = []
    for piece in pieces(text, lang, names):
        if piece.metric:
            out.append(Markup('<button class="num" data-num="{}">{}</button>').format(piece.metric, piece.text))
        elif piece.is_strong:
            out.append(Markup("<b>{}</b>").format(piece.text))
        else:
            out.append(escape(piece.text))
    return Markup("").join(out)


@cache
def name_arguments(key: str) -> frozenset[str]:
    """Arguments of a message that are keys of names (alone, in a list, or in a list of graded amounts)."""
    found = (m for text in catalogue()[key] for m in PLACEHOLDER.finditer(text))
    return frozenset(m.group(1) for m in found if m.group(3) in ("name", "names", "grades"))


def packed(text: Text, place: Callable[[str, str], int | str]) -> list[list[object]]:
    """A Text for the page's embedded data: [[message, argument, …], …], arguments in the order of `arguments`. Messages and names are
    places in the page's lists; `place("message" | "name", key)` gives them."""
    return [
        [place("message", c.key), *(named(c.args[a], place) if a in name_arguments(c.key) else c.args[a] for a in arguments(c.key))] for c in text
    ]


def named(value: object, place: Callable[[str, str], int | str]) -> object:
    if isinstance(value, str):
        return place("name", value)
    return [named(v, place) if isinstance(v, (str, list)) else v for v in value]  # type: ignore[union-attr]
