"""The wide tables as SQL over `measurements`: one row a record, one column a channel's measure, only numbers that stand.

Here: the SELECT that fills a wide table, derived from its columns alone. Not here: the columns (channels.py and one file a table), who runs
the SQL (warehouse.py).
"""

from __future__ import annotations

from .base import ColumnSpec, TableSpec, all_tables, literal, quoted
from .columns import RecordHead

ATTRIBUTES = ("material", "audience", "fraud_type", "way", "institution", "venue", "place", "partner", "platform", "case_ref")
SAME_IN_RECORD = ("form", "path", "sheet", "subject", "subject_id", "area_id", "reporter", "reporter_id", "week")


def wide_tables() -> list[TableSpec]:
    """The tables with one wide row a record, one for each form with numbers."""
    return [spec for spec in all_tables().values() if issubclass(spec.schema, RecordHead)]


def wide_sql(spec: TableSpec, forms: tuple[str, ...]) -> str:
    """SELECT over `measurements` with the columns of a wide table, for the records of these forms.

    Several numbers of one column in a record are summed, those without a value counting in the bounds only; an attribute that differs
    within the record is null. ValueError for a table that has no record per row.
    """
    if not issubclass(spec.schema, RecordHead):
        raise ValueError(f"{spec.name} has no record per row; wide tables are {', '.join(s.name for s in wide_tables())}")
    head = [
        "record_id",
        *(f"any_value({c}) AS {c}" for c in SAME_IN_RECORD),
        "arg_min(cell, lpad(cell, 12, ' ')) AS first_cell",
        'min("start") AS "start"',
        'max("end") AS "end"',
        *(f"CASE WHEN count(DISTINCT {a}) = 1 THEN any_value({a}) END AS {a}" for a in ATTRIBUTES),
        "count(*) AS n_cells",
        "count(*) FILTER (precision = 'missing') AS n_missing",
    ]
    values = _values(spec)
    columns = ", ".join(f"({literal(c.name)}, {_code_and_unit(c)})" for c in values)
    names = ", ".join(literal(c.name) for c in values)
    chosen = ", ".join(f"{quoted(c.name + '_value')} AS {quoted(c.name)}" if c in values else quoted(c.name) for c in spec.columns)
    # PIVOT groups the numbers once; an aggregate with a FILTER for each of two hundred columns would pass over every row as often.
    return f"""
WITH numbers AS (SELECT * FROM measurements WHERE stands AND form IN ({", ".join(map(literal, forms))})),
records AS (SELECT {", ".join(head)} FROM numbers GROUP BY record_id),
named AS (
  SELECT record_id, column_name, value, low, high FROM numbers
  JOIN (VALUES {columns}) held (column_name, code, of_unit) ON channel || '_' || measure = code AND unit = of_unit
),
summed AS (
  PIVOT named ON column_name IN ({names}) USING sum(value) AS value, sum(low) AS low, sum(high) AS high GROUP BY record_id
)
SELECT {chosen} FROM records LEFT JOIN summed USING (record_id)
ORDER BY path, sheet, lpad(first_cell, 12, ' '), record_id"""


def _values(spec: TableSpec) -> list[ColumnSpec]:
    names = set(spec.polars_schema)
    return [c for c in spec.columns if f"{c.name}_low" in names]


def _code_and_unit(column: ColumnSpec) -> str:
    """Which measurements a column holds: its name is channel_measure, its unit theirs."""
    return f"{literal(column.name.removesuffix('_occasions'))}, {literal(column.unit or '')}"
