"""The warehouse tables as plain data: for validation, CREATE TABLE, comments with units, page footnotes and Dagster's column schema.

Here: TableSpec and ColumnSpec, the list of all tables, SQL text that creates and comments them, and the check of a frame against its
table. Not here: what a table holds (one file each beside this one), who fills it (intake, measures), who runs the SQL (warehouse.py).
A file beside this one is a table when it defines a dataframely schema of its own name in CamelCase; nothing is registered by hand. With
`IS_VIEW = True` it is a view: read like any table, kept nowhere, since it only joins or sums rows that others keep.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from dataclasses import dataclass, field
from functools import cache

import dataframely as dy
import polars as pl
from dataframely.exc import SchemaError, ValidationError

SQL_TYPES: dict[pl.DataType, str] = {
    pl.String(): "VARCHAR",
    pl.Int64(): "BIGINT",
    pl.Float64(): "DOUBLE",
    pl.Date(): "DATE",
    pl.Datetime("us"): "TIMESTAMP",
    pl.Boolean(): "BOOLEAN",
}


class TableFault(ValueError):
    """A frame that is not what its table says: wrong columns or types, a broken rule. A fault of the program, never of one sheet."""


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """One column. `unit` is None exactly where the column is no number; "…" after a unit's name points to the column that holds it."""

    name: str
    dtype: pl.DataType
    unit: str | None
    description: str
    nullable: bool
    is_key: bool
    zh: str = ""

    @property
    def sql_type(self) -> str:
        return SQL_TYPES[self.dtype]

    @property
    def comment(self) -> str:
        """Chinese name, what it is, unit: what DuckDB shows beside the column."""
        return f"{self.zh}: {self.description}" + (f" [{self.unit}]" if self.unit else "") + (" (key)" if self.is_key else "")


@dataclass(frozen=True, slots=True)
class TableSpec:
    """One table. `doc` says what one row is, what was changed and what must not be assumed; `rules` are true statements about its rows."""

    name: str
    doc: str
    columns: tuple[ColumnSpec, ...]
    rules: tuple[str, ...]
    is_published: bool
    is_view: bool
    schema: type[dy.Schema] = field(repr=False)

    @property
    def title(self) -> str:
        """The first line of `doc`: Chinese name and one row."""
        return self.doc.splitlines()[0]

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns if c.is_key)

    @property
    def polars_schema(self) -> dict[str, pl.DataType]:
        return {c.name: c.dtype for c in self.columns}

    def empty(self) -> pl.DataFrame:
        return pl.DataFrame(schema=self.polars_schema)

    def create_sql(self, name: str | None = None) -> str:
        """CREATE OR REPLACE TABLE with types and NOT NULL.

        Without PRIMARY KEY: `check` has compared the keys of every row already, and an index that DuckDB would build over text keys at
        each nightly replacement costs more than everything else about writing. Which columns are the key, their comments say.
        """
        lines = [f'"{c.name}" {c.sql_type}{"" if c.nullable else " NOT NULL"}' for c in self.columns]
        return f"CREATE OR REPLACE TABLE {quoted(name or self.name)} (\n  " + ",\n  ".join(lines) + "\n)"

    def comment_sql(self) -> list[str]:
        """COMMENT ON statements, the table's first."""
        table = f"COMMENT ON {'VIEW' if self.is_view else 'TABLE'} {quoted(self.name)} IS {literal(self.doc)}"
        return [table, *(f"COMMENT ON COLUMN {quoted(self.name)}.{quoted(c.name)} IS {literal(c.comment)}" for c in self.columns)]

    def check(self, frame: pl.DataFrame) -> pl.DataFrame:
        """`frame` with this table's columns in this table's order and types, every rule checked.

        Types are only widened (null → any, int → float, milli- → microseconds); anything else, a missing or unknown column, a null or
        duplicate key, or a broken rule raises TableFault with the rule's name and how many rows break it.
        """
        missing = [c.name for c in self.columns if c.name not in frame.columns]
        unknown = [name for name in frame.columns if name not in self.polars_schema]
        if missing or unknown:
            raise TableFault(f"table {self.name}: missing columns {missing}, unknown columns {unknown}")
        try:
            return self.schema.validate(_widened(self, frame.select(*self.polars_schema)))
        except (SchemaError, ValidationError) as error:
            raise TableFault(f"table {self.name}: {error}") from error


@cache
def all_tables() -> dict[str, TableSpec]:
    """Every table of the warehouse by name, in alphabetical order. `read_*` are the pipeline's own and are not published."""
    package = importlib.import_module("pipeline.tables")
    modules = (importlib.import_module(f"{package.__name__}.{m.name}") for m in pkgutil.iter_modules(package.__path__))
    found = ((m.__name__.rpartition(".")[2], m) for m in modules)
    return {
        name: _spec(name, vars(m)[camel(name)], getattr(m, "IS_VIEW", False))
        for name, m in sorted(found, key=lambda pair: pair[0])
        if camel(name) in vars(m)
    }


def table(name: str) -> TableSpec:
    """One table. KeyError with the known names when there is none."""
    tables = all_tables()
    if name not in tables:
        raise KeyError(f"no table {name!r}; there are {', '.join(tables)}")
    return tables[name]


def published_tables() -> dict[str, TableSpec]:
    """Every table others may read, views included."""
    return {name: spec for name, spec in all_tables().items() if spec.is_published}


def kept_tables() -> dict[str, TableSpec]:
    """Published tables that keep rows of their own: all but the views."""
    return {name: spec for name, spec in published_tables().items() if not spec.is_view}


def camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def _spec(name: str, schema: type[dy.Schema], is_view: bool) -> TableSpec:
    columns = tuple(_column(column_name, column) for column_name, column in schema.columns().items())
    rules = sorted(rule for rule in _rule_names(schema))
    return TableSpec(name, inspect.cleandoc(schema.__doc__ or ""), columns, tuple(rules), not name.startswith("read_"), is_view, schema)


def _column(name: str, column: dy.Column) -> ColumnSpec:
    meta = column.metadata or {}
    return ColumnSpec(name, column.dtype, meta.get("unit"), column.description or "", column.nullable, column.primary_key, meta.get("zh", ""))


def _rule_names(schema: type[dy.Schema]) -> set[str]:
    """Rules written on the schema itself and the named checks of its columns."""
    checks = {name for column in schema.columns().values() if isinstance(column.check, dict) for name in column.check}
    return checks | {name for name in schema._schema_validation_rules() if name != "primary_key"}


def _widened(spec: TableSpec, frame: pl.DataFrame) -> pl.DataFrame:
    seen = frame.schema  # made anew at each access, which two hundred columns would feel
    casts = {c.name: c.dtype for c in spec.columns if seen[c.name] != c.dtype and _is_widening(seen[c.name], c.dtype)}
    return frame.cast(casts) if casts else frame  # pyright: ignore[reportArgumentType]


def _is_widening(seen: pl.DataType, wanted: pl.DataType) -> bool:
    return (
        seen == pl.Null()
        or (seen.is_integer() and wanted.is_numeric())
        or (seen.is_float() and wanted.is_float())
        or (isinstance(seen, pl.Datetime) and isinstance(wanted, pl.Datetime) and seen.time_zone is None)
    )
