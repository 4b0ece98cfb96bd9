"""Headings as offices type them, each in a small sheet of its office: the whole way from the cell to the number's name and unit.

The tables are in headings/. Not here: what single words mean (test_composing.py).
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.support.sheets import read_rows

OFFICES = yaml.safe_load((Path(__file__).parent / "headings/offices.yaml").read_text(encoding="utf-8"))
CASES = [(office["title"], office["beside"], heading, expected) for office in OFFICES.values() for heading, expected in office["headings"].items()]


@pytest.mark.parametrize(("title", "beside", "heading", "expected"), CASES, ids=[case[2] for case in CASES])
def test_a_heading_is_read_as_its_office_means_it_or_handed_back(title: str, beside: str, heading: str, expected: str) -> None:
    reading = read_rows([(title,), ("单位", beside, heading), ("城关一单位", 4, 12), ("东街二单位", 9, 7), ("西街三单位", 6, 31)])
    loaded = {f"{m.channel}.{m.measure} {m.unit}" for m in reading.measurements if m.cell.startswith("C") and m.value is not None}
    if expected != "returned":
        assert loaded == {expected}
        return
    assert not loaded
    said = [r for r in reading.rejections if (r.cell or "").startswith("C") and r.severity in ("error", "warning")]
    assert said or any(a.range.startswith("C") for a in reading.set_aside)
