"""What one file says, as plain data: the types that leave the reader.

Here: dataclasses without behaviour beyond small properties, picklable and JSON-able, so that a reading can cross a
process boundary and be cached. Not here: how a cell is read (quantity.py, period.py), how a table is found (layout.py), what
happens when several files say the same thing (settling.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """How a point is marked in the returned workbook: red cells were not loaded, amber ones were and want a confirmation."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Status(StrEnum):
    """A file's receipt: everything loaded; loaded, with remarks to confirm; something (or all of it) was not loaded."""

    ACCEPTED = "accepted"
    REMARKS = "remarks"
    RETURNED = "returned"


class Measurement(NamedTuple):
    """One reported number, or one due cell without a number (value, low, high null; precision "missing"; a reason).

    `high` is exclusive for precision at_least and vague, inclusive otherwise. `value` is a figure somebody wrote, in `unit`
    (money 元, time 小时, counts in single units). `record_id` is shared by the numbers of one row: sheet!row within the file.
    `start`, `end` are inclusive dates. `text` is the cell as written, masked. `attributes` holds only keys that apply:
    material, audience, fraud_type, way, institution, venue, place (a finer area named in the row), partner, platform, case_ref.

    A tuple, unlike the rest: a sheet has thousands, and a tuple is built, sent from worker to pipeline and turned into columns several times faster.
    """

    sheet: str
    cell: str
    record_id: str
    form: str
    channel: str
    measure: str
    unit: str
    kind: str
    subject: str
    reporter: str | None
    start: date
    end: date
    period_precision: str
    period_label: str | None
    value: float | None
    low: float | None
    high: float | None
    precision: str
    reason: str | None
    text: str
    header: str
    attributes: Mapping[str, str]
    as_of: date | None = None
    known_at: date | None = None
    is_cumulative: bool = False
    is_ledger: bool = False
    """True when each row is one activity or event of its own (its identity is the record's), False in tallies by subject."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a register (areas, units, campaigns): field name → text as written (masked), and each field's cell."""

    sheet: str
    record_id: str
    form: str
    fields: Mapping[str, str]
    cells: Mapping[str, str]
    known_at: date | None = None


@dataclass(frozen=True, slots=True)
class Rejection:
    """One point to hand back. `message` says in Chinese what was seen, what was expected, what to do; `message_en` the same."""

    sheet: str
    cell: str
    severity: str
    rule: str
    message: str
    text: str = ""
    suggestion: str = ""
    message_en: str = ""


@dataclass(frozen=True, slots=True)
class SetAside:
    """A range that is neither a number nor wrong, with the reason it was not loaded (title, footer, placeholder sheet …)."""

    sheet: str
    range: str
    reason: str


@dataclass(frozen=True, slots=True)
class TotalCheck:
    """A typed 合计 cell against the point sum of its parts. Typed and computed share a unit; `is_ok` allows for rounding."""

    sheet: str
    cell: str
    label: str
    header: str
    typed: float | None
    computed: float
    low: float
    high: float
    n_parts: int
    n_missing: int
    is_ok: bool


@dataclass(frozen=True, slots=True)
class TypedChange:
    """A typed 环比 or 同比 beside the number it is of (`of_cell`): `against` previous or year_before, `span` week, month, quarter or any.

    `typed` is a fraction (5 % → 0.05), `slack` half of its last place.
    """

    sheet: str
    cell: str
    of_cell: str
    header: str
    text: str
    against: str
    span: str
    typed: float
    slack: float


@dataclass(frozen=True, slots=True)
class TableFound:
    """A table as it stands on its sheet; `header` is one ›-joined path per column, `rows` the raw cells of its data rows."""

    sheet: str
    range: str
    form: str | None
    header: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    title: str | None = None
    fingerprint: str = ""
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class SheetCount:
    """Conservation of one sheet: cells seen (non-empty, plus blank but due) and how each was disposed of; the two must agree."""

    sheet: str
    seen: int
    disposed: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ZeroReport:
    """A sheet saying that its reporter had nothing to report in a period; `form` None when nothing on it says which form it is."""

    sheet: str
    cell: str
    form: str | None
    reporter: str
    start: date
    end: date
    known_at: date | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that can be known from one file alone."""

    status: str
    measurements: tuple[Measurement, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    tables: tuple[TableFound, ...] = ()
    entries: tuple[Entry, ...] = ()
    totals: tuple[TotalCheck, ...] = ()
    typed_changes: tuple[TypedChange, ...] = ()
    counts: tuple[SheetCount, ...] = ()
    zero_reports: tuple[ZeroReport, ...] = ()
    corrects: str | None = None
    """sha256 of the file this one is a returned copy of, handed in again; None for any other file."""
