"""The forms and the channel registry as frozen data: what an analyst may write, and what it means.

Here: loading and checking of the YAML beside this module. A file that is not in NOT_FORMS is a form, named after the file; its table is
pipeline/tables/<table>.py. Unknown keys, unknown measures and headings claimed twice are errors that name file and
key. Not here: how a sheet's heading finds its column (intake/matching.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipeline.forms.wording import FOLDER, SheetWords, alias_key, load_yaml, sheet_words

T = TypeVar("T", bound=BaseModel)

NOT_FORMS = ("channels", "common", "concepts", "sheet_words")
ROLES = frozenset(["ordinal", "reporter", "date", "until", "filed_at", "period", "known_at", "unit", "remark", "narrative", "personal"])
SUBJECTS = frozenset(f"subject.{kind}" for kind in ("unit", "community", "town", "area"))
ATTRIBUTES = frozenset(["material", "audience", "fraud_type", "way", "institution", "venue", "place", "partner", "platform", "case_ref"])


class FormFault(ValueError):
    """A form that contradicts itself or the registry; the message names file and key."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Column(_Strict):
    """One column an analyst may have: its headings and what it holds, a role or a measure.

    `unit` is the default where nobody states one (the measure's own if absent). `by_unit` and `by_word` name another measure when the heading
    or cell carries that unit, or the cell that word. `with` gives attributes every number of the column has. `needs_unit`: without a stated
    unit the number could be several things and goes back. `yields`: where another column has the same number, this one is its wider base (asked
    beside answered) and not loaded. `beside`: channel of the nearest column that decides which measure this heading, which leaves that out,
    is; with `needs_neighbour` it is none without such a column. `told_by`: channels, a column of which makes
    `needs_unit` unnecessary. `due`: a blank cell counts as missing (None: yes in tallies, no in ledgers).
    """

    headings: tuple[str, ...] = Field(min_length=1)
    role: str = "measure"
    measure: str | None = None
    unit: str | None = None
    with_: dict[str, str] = Field(default_factory=dict, alias="with")
    by_unit: dict[str, str] = Field(default_factory=dict)
    by_word: dict[str, str] = Field(default_factory=dict)
    needs_unit: bool = False
    yields: bool = False
    beside: dict[str, str] = Field(default_factory=dict)
    needs_neighbour: bool = False
    told_by: tuple[str, ...] = ()
    due: bool | None = None

    @model_validator(mode="after")
    def _one_meaning(self) -> Column:
        if (self.role == "measure") != (self.measure is not None):
            raise ValueError(f"column {self.headings[0]}: give either a measure or a role")
        known = self.role == "measure" or self.role in ROLES | SUBJECTS or self.role.startswith(("attribute.", "field."))
        if not known or (self.role.startswith("attribute.") and self.role.removeprefix("attribute.") not in ATTRIBUTES):
            raise ValueError(f"column {self.headings[0]}: unknown role {self.role!r}")
        if unknown := set(self.with_) - ATTRIBUTES:
            raise ValueError(f"column {self.headings[0]}: unknown attributes {sorted(unknown)}")
        return self


@dataclass(frozen=True, slots=True)
class Measure:
    """One (channel, measure) with its standard unit. `units` are read as the standard one, `apart` are kept as they are and never added to it."""

    channel: str
    name: str
    zh: str
    en: str
    unit: str
    units: tuple[str, ...]
    apart: tuple[str, ...]
    kind: str
    over_time: bool
    over_units: bool
    grade: str | None
    subset_of: str | None

    @property
    def code(self) -> str:
        return f"{self.channel}.{self.name}"


@dataclass(frozen=True)
class Form:
    """One kind of sheet. `grain`: tally (a row a subject), ledger (a row an activity), by_date (a ledger when its rows have dates), register."""

    name: str
    zh: str
    en: str
    table: str
    grain: Literal["tally", "ledger", "by_date", "register"]
    title_words: tuple[str, ...]
    requires: tuple[tuple[str, ...], ...]
    """A sheet is this form only if, of each group, one measure or role is there."""
    columns: tuple[Column, ...]
    by_key: Mapping[str, Column] = field(repr=False)
    """Normalised heading → column, the form's own only."""

    @cached_property
    def measures(self) -> frozenset[str]:
        """The codes of all measures its columns may hold."""
        return frozenset(code for column in self.columns for code in (column.measure, *column.by_unit.values()) if code)


@dataclass(frozen=True)
class Catalogue:
    """Everything the forms folder says. `common` holds columns every form may have; `anywhere` headings that mean one measure in every form."""

    measures: Mapping[str, Measure]
    channels: Mapping[str, tuple[str, str]]
    forms: Mapping[str, Form]
    common: Mapping[str, Column] = field(repr=False)
    anywhere: Mapping[str, Column] = field(repr=False)
    words: SheetWords = field(repr=False)
    fingerprint: str = ""


class _FormFile(_Strict):
    zh: str
    en: str
    table: str
    grain: Literal["tally", "ledger", "by_date", "register"]
    title_words: tuple[str, ...]
    requires: tuple[tuple[str, ...], ...] = ()
    columns: tuple[Column, ...]


class _CommonFile(_Strict):
    columns: tuple[Column, ...]


class _MeasureEntry(_Strict):
    zh: str
    en: str
    unit: str
    units: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    kind: Literal["flow", "stock"]
    over_time: bool
    over_units: bool
    grade: str | None = None
    subset_of: str | None = None


class _ChannelEntry(_Strict):
    zh: str
    en: str
    measures: dict[str, _MeasureEntry]


@cache
def catalogue() -> Catalogue:
    """The forms of this package, loaded once."""
    return load_catalogue(FOLDER)


def fingerprint() -> str:
    """A hash of every word the forms folder holds: part of the reading cache's key."""
    return catalogue().fingerprint


def load_catalogue(folder: Path) -> Catalogue:
    """Load and check a forms folder. FormFault names file and key of the first contradiction."""
    entries = {name: _checked(folder / "channels.yaml", _ChannelEntry, value) for name, value in load_yaml(folder / "channels.yaml").items()}
    measures = {m.code: m for channel, entry in entries.items() for m in _measures(channel, entry)}
    common_file = folder / "common.yaml"
    common = _by_key(common_file, _checked(common_file, _CommonFile, load_yaml(common_file)).columns, measures)
    forms = {f.stem: _form(f, measures) for f in sorted(folder.glob("*.yaml")) if f.stem not in NOT_FORMS}
    digest = hashlib.sha256()
    for file in sorted(folder.glob("*.yaml")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return Catalogue(
        measures=measures,
        channels={name: (entry.zh, entry.en) for name, entry in entries.items()},
        forms=forms,
        common=common,
        anywhere=_anywhere(forms),
        words=sheet_words(),
        fingerprint=digest.hexdigest()[:16],
    )


def _measures(channel: str, entry: _ChannelEntry) -> list[Measure]:
    return [
        Measure(channel, name, m.zh, m.en, m.unit, m.units, m.apart, m.kind, m.over_time, m.over_units, m.grade, m.subset_of)
        for name, m in entry.measures.items()
    ]


def _form(file: Path, measures: Mapping[str, Measure]) -> Form:
    content = _checked(file, _FormFile, load_yaml(file))
    by_key = _by_key(file, content.columns, measures)
    return Form(file.stem, content.zh, content.en, content.table, content.grain, content.title_words, content.requires, content.columns, by_key)


def _by_key(file: Path, columns: tuple[Column, ...], measures: Mapping[str, Measure]) -> dict[str, Column]:
    """Normalised heading → column. Two columns claiming one heading, or a measure the registry does not know, are faults."""
    found: dict[str, Column] = {}
    for column in columns:
        for code in (column.measure, *column.by_unit.values(), *column.by_word.values(), *column.beside.values()):
            if code is not None and code not in measures:
                raise FormFault(f"{file.name}: column {column.headings[0]}: measure {code!r} is not in channels.yaml")
        for heading in column.headings:
            key = alias_key(heading)
            if found.setdefault(key, column) is not column:
                raise FormFault(
                    f"{file.name}: heading {heading!r} (read as {key!r}) belongs to two columns: {found[key].headings[0]}, {column.headings[0]}"
                )
    return found


def _anywhere(forms: Mapping[str, Form]) -> dict[str, Column]:
    """Headings that mean the same measure wherever they appear, so that a form may hold a column of another."""
    meanings: dict[str, dict[str, Column]] = {}
    for form in forms.values():
        if form.grain != "register":
            for key, column in form.by_key.items():
                meanings.setdefault(key, {}).setdefault(column.measure or column.role, column)
    return {key: next(iter(columns.values())) for key, columns in meanings.items() if len(columns) == 1}


def _checked(file: Path, model: type[T], value: object) -> T:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        raise FormFault(f"{file.name}: {'.'.join(str(p) for p in first['loc'])}: {first['msg']}") from error
