"""The folder of copies is brought in step with the points, and no more is written than that needs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pipeline.journal import Journal
from pipeline.night import hand_back as handing
from pipeline.warehouse import Warehouse
from tests.support.office import Office


def test_a_copy_is_written_anew_when_how_copies_are_made_changed_and_only_then(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.drop("一所/周报.xlsx", {"城关派出所": ("同上", 32, 18, 5, 500)}, date(2023, 5, 15))
    assert office.run().success
    copy = office.places.returned / "一所" / "周报.xlsx"
    written = copy.read_bytes()

    def again() -> None:
        with Warehouse(office.places) as warehouse:
            assert handing.hand_back(warehouse, Journal(office.places), office.places.settings()) == 1

    copy.write_bytes(b"as it was")
    again()
    assert copy.read_bytes() == b"as it was"
    newer = tmp_path / "newer"
    newer.mkdir()
    (newer / "patched.py").write_text("# another way\n")
    monkeypatch.setattr(handing, "MAKERS", newer)
    again()
    assert copy.read_bytes() == written
    assert load_workbook(copy)["周报"]["B5"].fill.fgColor.rgb == "FFFF9B9B"
