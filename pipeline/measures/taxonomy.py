"""One name for each kind of fraud and each way of interception, whatever the sheet calls it.

Here: the words of taxonomy.yaml applied to columns. Not here: what a heading may be called (forms/). A text that holds no known word
keeps its own wording: a new kind of fraud must show up on the page before anybody teaches it to the list.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

import polars as pl

from pipeline.data_files import read_yaml


def fraud_type(column: pl.Series) -> pl.Series:
    """Names of the taxonomy for what was written; null stays null."""
    return _named(column, "fraud_type")


def way(column: pl.Series) -> pl.Series:
    """Way of interception by the taxonomy for what was written; null stays null."""
    return _named(column, "way")


def english(kind: str, name: str) -> str:
    """English name of a category (`kind` is fraud_type or way); unknown wordings stay as they are."""
    entry = _taxonomy()[kind].get(name)
    return entry["en"] if entry else name


def _named(column: pl.Series, kind: str) -> pl.Series:
    written = column.drop_nulls().unique().to_list()
    return column.replace_strict({text: _name(text, kind) for text in written}, return_dtype=pl.String, default=None)


@cache
def _name(text: str, kind: str) -> str:
    plain = unicodedata.normalize("NFKC", text).strip()
    found = [(len(word), -plain.find(word), name) for word, name in _words(kind) if word in plain]
    return max(found)[2] if found else plain


@cache
def _words(kind: str) -> tuple[tuple[str, str], ...]:
    return tuple((word, name) for name, entry in _taxonomy()[kind].items() for word in (name, *entry["words"]))


@cache
def _taxonomy() -> dict[str, dict[str, dict]]:
    return read_yaml(Path(__file__).with_name("taxonomy.yaml"))
