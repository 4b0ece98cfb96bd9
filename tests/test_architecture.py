"""The house rules that no single module can see: who may import whom, and that forms, tables and the registry agree."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import pipeline
from pipeline.forms.catalogue import Form, catalogue
from pipeline.tables.base import all_tables, table
from pipeline.tables.wide import wide_tables

PACKAGE = Path(pipeline.__file__).parent
ROOT = PACKAGE.parent
FORMS = list(catalogue().forms.values())
COUNTING_FORMS = [form for form in FORMS if form.grain != "register"]
MOST_LINES = 500
"""Not a measure to aim at: a file longer than this has two subjects."""

FORBIDDEN = {
    "forms": ("dagster", "duckdb", "pipeline.intake", "pipeline.tables", "pipeline.measures", "pipeline.pages"),
    "intake": ("dagster", "duckdb", "pipeline.measures", "pipeline.pages", "pipeline.warehouse"),
    "tables": ("dagster", "duckdb", "pipeline.forms", "pipeline.intake", "pipeline.measures", "pipeline.warehouse"),
    "measures": ("dagster", "duckdb", "pipeline.intake", "pipeline.pages", "pipeline.charts", "pipeline.warehouse"),
    "charts": ("dagster", "duckdb", "pipeline.intake", "pipeline.measures", "pipeline.warehouse"),
    "pages": ("dagster", "duckdb", "pipeline.intake", "pipeline.warehouse"),
    "sample": ("dagster", "duckdb", "pipeline.intake", "pipeline.forms"),
}


def modules(room: str = "") -> list[Path]:
    return sorted((PACKAGE / room).rglob("*.py"))


@cache
def imported(file: Path) -> frozenset[str]:
    """Full names of what a file imports, wherever in it."""
    package = ".".join(file.relative_to(ROOT).with_suffix("").parts[:-1])
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            names |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    return frozenset(names)


def uses(file: Path, forbidden: tuple[str, ...]) -> set[str]:
    return {name for name in imported(file) for f in forbidden if name == f or name.startswith(f + ".")}


@pytest.mark.parametrize("room", FORBIDDEN)
def test_no_room_imports_what_it_must_not(room: str) -> None:
    assert modules(room), room
    faults = {str(file.relative_to(ROOT)): sorted(found) for file in modules(room) if (found := uses(file, FORBIDDEN[room]))}
    assert faults == {}


def test_the_warehouse_alone_opens_duckdb() -> None:
    assert [file.name for file in modules() if uses(file, ("duckdb",))] == ["warehouse.py"]


def test_dagster_is_wiring_only() -> None:
    outside = [str(file.relative_to(PACKAGE)) for file in modules() if uses(file, ("dagster",)) and "defs" not in file.parts]
    assert set(outside) <= {"definitions.py", "cli.py", "night/launch.py"}


def test_pandas_is_used_nowhere() -> None:
    assert [file for file in modules() if uses(file, ("pandas",))] == []


def test_a_question_about_one_file_loads_no_engine() -> None:
    """An analyst waits for `outreach explain`."""
    question = "import sys, pipeline.cli, pipeline.intake.explain, pipeline.intake.isolation, pipeline.intake.reading; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", question], capture_output=True, text=True, check=True).stdout.split()
    assert {"dagster", "dataframely", "duckdb", "openpyxl", "pandas", "plotly", "polars", "scipy", "statsmodels"}.isdisjoint(loaded)


@pytest.mark.parametrize("file", modules(), ids=lambda f: str(f.relative_to(PACKAGE)))
def test_a_module_is_short(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("file", [f for f in modules() if f.parent.name not in ("defs", "tables")], ids=lambda f: str(f.relative_to(PACKAGE)))
def test_a_module_says_what_belongs_in_it(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert not text.strip() or ast.get_docstring(ast.parse(text))


# -- forms, tables, registry ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS, ids=lambda f: f.name)
def test_every_form_names_a_table_that_exists(form: Form) -> None:
    assert form.table in all_tables()
    assert form.zh[:2] in table(form.table).title or form.grain != "register"


@pytest.mark.parametrize("form", COUNTING_FORMS, ids=lambda f: f.name)
def test_every_number_of_a_form_has_a_column_in_its_unit(form: Form) -> None:
    columns = {c.name: c.unit for c in table(form.table).columns}
    codes = {code for c in form.columns for code in (c.measure, *c.by_unit.values(), *c.by_word.values()) if code}
    lacking = {
        code for code in codes if code != "claimed_reach.people" and columns.get(code.replace(".", "_")) != catalogue().measures[code].unit
    }  # a claim never stands, so it has no column
    assert lacking == set()


def test_every_wide_table_has_its_form() -> None:
    assert {spec.name for spec in wide_tables()} == {form.table for form in COUNTING_FORMS}


@pytest.mark.parametrize("spec", wide_tables(), ids=lambda s: s.name)
def test_every_number_column_is_a_measure_of_the_registry(spec) -> None:
    measures = {f"{m.channel}_{m.name}": m for m in catalogue().measures.values()}
    values = [c for c in spec.columns if f"{c.name}_low" in spec.polars_schema]
    assert values
    for column in values:
        measure = measures[column.name.removesuffix("_occasions")]
        allowed = measure.apart if column.name.endswith("_occasions") else (measure.unit,)
        assert column.unit in allowed, column.name


def test_every_table_is_in_the_house_book() -> None:
    book = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    published = [name for name, spec in all_tables().items() if spec.is_published]
    assert [name for name in published if f"`{name}`" not in book] == []
