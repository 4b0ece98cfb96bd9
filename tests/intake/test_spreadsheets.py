"""Every spreadsheet in tests/spreadsheets with an .expected.json beside it: dropping a pair there is a test.

The JSON holds what must be found, each part optional: status; measurements as {cell or sheet!cell: [channel.measure, subject, value, unit]} (all of
them, value null where a due cell has none); periods as {cell: start/end}, or one for all; rules as {rule: [cells]} (all of them); forms (of the
tables, in order); entries (their fields).
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.intake.conservation import unaccounted
from pipeline.intake.reading import read_file
from pipeline.intake.records import Reading
from tests.support.sheets import rules

FOLDER = Path(__file__).parent.parent / "spreadsheets"
PAIRS = sorted(FOLDER.glob("*.expected.json"))


def test_there_are_spreadsheets() -> None:
    assert PAIRS


@pytest.mark.parametrize("expected_file", PAIRS, ids=lambda file: file.name.removesuffix(".expected.json"))
def test_spreadsheet(expected_file: Path) -> None:
    name = expected_file.name.removesuffix(".expected.json")
    (sheet_file,) = (file for file in FOLDER.glob(f"{name}.*") if file != expected_file)
    expected = json.loads(expected_file.read_text(encoding="utf-8"))
    reading = read_file(sheet_file)
    has_sheets = len({m.sheet for m in reading.measurements}) > 1
    found = {
        "status": reading.status,
        "measurements": {
            (f"{m.sheet}!{m.cell}" if has_sheets else m.cell): [f"{m.channel}.{m.measure}", m.subject, m.value, m.unit] for m in reading.measurements
        },
        "periods": _periods(reading, expected.get("periods"), has_sheets=has_sheets),
        "rules": rules(reading),
        "forms": [table.form for table in reading.tables],
        "entries": [dict(entry.fields) for entry in reading.entries],
    }
    assert {key: found[key] for key in expected} == expected
    assert all(unaccounted(count) == 0 for count in reading.counts)


def _periods(reading: Reading, expected: object, *, has_sheets: bool) -> object:
    found = {(f"{m.sheet}!{m.cell}" if has_sheets else m.cell): f"{m.start}/{m.end}" for m in reading.measurements}
    return expected if isinstance(expected, str) and set(found.values()) == {expected} else found
