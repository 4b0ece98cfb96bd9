"""A matched table with what its surroundings say, and everything that is the same for a column or the whole table.

Here: TableContext and the plan of each number column. Not here: single rows (heads.py, rows.py), lines and names around a table (metadata.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from pipeline.forms.catalogue import Column, Form, Measure
from pipeline.forms.concepts import concepts, words_of
from pipeline.forms.wording import read_wording, sheet_words, squeeze
from pipeline.intake.cells import ColumnReader, Seen, reader_for
from pipeline.intake.collecting import letters, masked_text
from pipeline.intake.columns import Match, TableMatch, in_corner_unit, unit_for
from pipeline.intake.grid import CellError, CellValue, UncachedFormula
from pipeline.intake.lines import LIST_NUMBER, PERIOD_PART, SIGNED
from pipeline.intake.metadata import Facts
from pipeline.intake.period import Period, PeriodRefused
from pipeline.intake.regions import Table, is_blank

AREA_ROLES = ("subject.community", "subject.town", "subject.area")


@dataclass(slots=True)
class ColumnPlan:
    """One measure column with everything that is the same for all its cells."""

    index: int
    letter: str
    """Column letters on the sheet; "" where each cell has its own place (tables on their side)."""
    match: Match
    measure: Measure
    unit: str | None
    """Stated by heading or corner, as written (万次); None when nobody states one."""
    is_due: bool
    period: Period | None
    attributes: Mapping[str, str]
    reader: ColumnReader


Step = tuple[int, str, str, Period | None, Mapping[str, str], Callable[[CellValue], Seen | None], ColumnPlan]
"""Of a plan what every one of its cells needs, unpacked once a table: index, letter, heading, period, attributes, what a known value states."""


@dataclass
class TableContext:
    """A matched table with what its surroundings say."""

    table: Table
    matched: TableMatch
    form: Form
    facts: Facts
    is_1904: bool
    prefix: str = ""
    """Put in front of record ids where tables stand beside one another."""
    periods: dict[object, Period | PeriodRefused] = field(default_factory=dict)

    @cached_property
    def roles(self) -> dict[str, list[int]]:
        """Role → grid columns, in order."""
        found: dict[str, list[int]] = {}
        for i, match in enumerate(self.matched.columns):
            found.setdefault(match.role, []).append(self.table.left + i)
        return found

    @cached_property
    def attribute_columns(self) -> list[tuple[str, list[int]]]:
        return [(role.removeprefix("attribute."), columns) for role, columns in self.roles.items() if role.startswith("attribute.")]

    @cached_property
    def has_subject_column(self) -> bool:
        return any(role.startswith("subject") for role in self.roles)

    @cached_property
    def may_name_its_rows(self) -> bool:
        """A column of words in front whose heading nobody knows: it may say whose the rows are, so nobody else is named for them. One in which a
        number stands (12.6 | 11万) names nobody."""
        first = min((plan.index for plan in self.plans), default=self.table.left)
        roles = ("unknown", "blank") if self.table.grid.is_turned else ("unknown", "blank", "item")
        strangers = [c for role in roles for c in self.roles.get(role, ()) if c < first and not self._says_what_happened(c)]
        cells = ([self.table.grid.rows[row][c] for row in self.table.data_rows] for c in strangers)
        return any(any(isinstance(v, str) for v in column) and not any(isinstance(v, (int, float)) for v in column) for column in cells)

    def _says_what_happened(self, column: int) -> bool:
        """堵截经过, 活动内容: texts, and nobody's name."""
        words, _ = words_of(read_wording(self.matched.columns[column - self.table.left].heading).base)
        return bool(words) and words[-1] in concepts().texts

    @cached_property
    def area_roles(self) -> list[str]:
        return [role for role in AREA_ROLES if role in self.roles]

    @cached_property
    def has_plain_heads(self) -> bool:
        """Rows say nothing but one unit's name, and the sheet says when: the commonest tally."""
        silent = {
            "measure",
            "ordinal",
            "remark",
            "total",
            "shadow",
            "subset",
            "wider",
            "uncounted",
            "prevented_loss",
            "personal",
            "narrative",
            "item",
        }
        return (
            self.facts.period is not None
            and not self.captions
            and len(self.roles.get("subject.unit", ())) == 1
            and set(self.roles) <= silent | {"subject.unit"}
        )

    @cached_property
    def captions(self) -> dict[int, str]:
        """Data row → the period that a line of its own above it states: 1月, over the rows of January."""
        found: dict[int, str] = {}
        stated = ""
        for row, kind in self.table.kinds.items():
            if kind == "caption":
                text = next((v for v in self.table.grid.rows[row] if isinstance(v, str) and v.strip()), "")
                stated = text if PERIOD_PART.fullmatch(squeeze(text)) else ""
            elif stated and kind == "data":
                found[row] = stated
        return found

    @cached_property
    def date_columns(self) -> list[int]:
        return [*self.roles.get("date", ())[:1], *self.roles.get("filed_at", ())[:1], *self.roles.get("period", ())]

    @cached_property
    def merged_rows(self) -> frozenset[int]:
        """Rows with any merged cell."""
        return frozenset(row for row, _ in self.table.grid.anchors)

    @cached_property
    def is_ledger(self) -> bool:
        if self.form.grain == "by_date":
            dates = [*self.roles.get("date", ()), *self.roles.get("filed_at", ())]
            return any(not is_blank(self.table.grid.value(row, c)) for c in dates[:1] for row in self.table.data_rows)
        return self.form.grain == "ledger"

    @cached_property
    def plans(self) -> list[ColumnPlan]:
        columns = enumerate(self.matched.columns)
        return [self._plan(self.table.left + i, match) for i, match in columns if match.role == "measure" and i not in self.undated]

    @cached_property
    def undated(self) -> dict[int, PeriodRefused]:
        """Columns of a time of their own that is not certain (第1周 in a sheet of a month), and why: the sheet's period is not theirs."""
        counted = {i: match.period_text for i, match in enumerate(self.matched.columns) if match.role in ("measure", "ambiguous")}
        texts = {i: text for i, text in counted.items() if text and self.matched.columns[i].role == "measure"}
        if self.facts.period is None or len(set(counted.values())) == 1:
            return {}  # the only time there is, and the sheet says which
        found = {i: self.facts.row_period(text) for i, text in texts.items()}
        return {i: period for i, period in found.items() if isinstance(period, PeriodRefused)}

    @cached_property
    def walk(self) -> list[Step]:
        return [(p.index, p.letter, p.match.heading, p.period, p.attributes, p.reader.known.get, p) for p in self.plans]

    @property
    def walk_of_flows(self) -> list[Step]:
        """The walk without levels, which have no running total."""
        return [step for step in self.walk if step[-1].measure.kind == "flow"]

    def _plan(self, index: int, match: Match) -> ColumnPlan:
        match = in_corner_unit(match, self.facts.corner)
        column, measure = match.column, match.measure
        assert column is not None
        assert measure is not None
        unit = unit_for(match, self.facts.corner)
        period = self.facts.row_period(match.period_text) if match.period_text else None
        return ColumnPlan(
            index=index,
            letter="" if self.table.grid.positions else letters(index),
            match=match,
            measure=measure,
            unit=unit,
            is_due=self._is_due(column, measure, index),
            period=period if isinstance(period, Period) else None,
            attributes=match.constants,
            reader=reader_for(match, unit),
        )

    def _is_due(self, column: Column, measure: Measure, index: int) -> bool:
        """Every number of a tally, and of one that has a row a day; of a ledger of events what its form marks, by whatever heading, but not in a
        column nobody has written in."""
        if not self.is_ledger or self.is_by_days:
            return True
        if column.due is not None:
            return column.due
        marked = any(c.due for c in self.form.columns if c.measure == measure.code)
        return marked and any(not is_blank(self.table.grid.rows[row][index]) for row in self.table.data_rows)

    @cached_property
    def is_by_days(self) -> bool:
        """日期 | 来电 | 线索, a row a day of one reporter and nothing else said of it: a tally whose rows are days, not a ledger of events."""
        return self.form.grain == "by_date" and not any(role.startswith(("subject", "attribute", "narrative", "personal")) for role in self.roles)

    def period_of(self, value: CellValue) -> Period | PeriodRefused:
        key = (type(value), value)
        if key not in self.periods:
            self.periods[key] = self.facts.row_period(value, is_1904=self.is_1904)
        return self.periods[key]

    def cell(self, row: int, column: int) -> CellValue:
        """A cell of a row's head; inside a merged range that of the range."""
        return self.table.grid.value(row, column) if row in self.merged_rows else self.table.grid.rows[row][column]

    def text(self, row: int, role: str) -> str | None:
        """The first text of a role in this row, masked; None when it says nothing."""
        for column in self.roles.get(role, ()):
            value = self.cell(row, column)
            if value is not None and (name := name_in(value)):
                return name
        return None

    def count_numbers(self) -> int:
        """Cells with content in the number columns of data rows."""
        rows = self.table.grid.rows
        return sum(not is_blank(rows[row][plan.index]) for row in self.table.data_rows for plan in self.plans)

    def says_something(self, row: int) -> bool:
        """Does the row hold more than its ordinal: a date, a place, a text?"""
        silent = set(self.roles.get("ordinal", ()))
        cells = self.table.grid.rows[row]
        return any(not is_blank(cells[c]) for c in range(self.table.left, self.table.right + 1) if c not in silent)


@lru_cache(maxsize=16384)
def name_in(value: CellValue) -> str:
    """A name as written, masked, without the list number before it (1、城关派出所); "" for what names nobody: 同上, 数量, dashes, error cells,
    remarks (调查方式：随机入户)."""
    if isinstance(value, (CellError, UncachedFormula)):
        return ""
    name = LIST_NUMBER.sub("", masked_text(value))
    words, plain = sheet_words(), squeeze(name)
    is_nobody = plain in words.ditto or plain in words.number_headings or not any(ch.isalnum() for ch in name) or _is_remark(plain)
    return "" if is_nobody else name


def _is_remark(plain: str) -> bool:
    """调查方式:随机入户 in a column of names says something of the sheet; 城关派出所:张某 names a unit."""
    key, colon, _ = plain.partition(":")
    return bool(colon) and not key.endswith(sheet_words().name_endings) and SIGNED.match(plain) is not None
