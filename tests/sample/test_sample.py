"""The sample district as files: repeatable, countable, true to its own record, and removable."""

from __future__ import annotations

import ast
import hashlib
import re
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from openpyxl import Workbook, load_workbook

import pipeline.sample
from pipeline.sample import SAMPLE_FOLDER, is_sample_path, remove_sample

HOUSE = Path(pipeline.sample.__file__).parent
CHANNELS = yaml.safe_load((HOUSE.parent / "forms" / "channels.yaml").read_text(encoding="utf-8"))
FIRST_RECENT = date(2025, 12, 22)


def digests(folder: Path) -> dict[str, str]:
    return {str(f.relative_to(folder)): hashlib.sha256(f.read_bytes()).hexdigest() for f in sorted(folder.rglob("*")) if f.is_file()}


def opened(sample: Any, path: str) -> Workbook:
    return load_workbook(sample.raw / path)


@pytest.fixture(scope="module")
def some_workbooks(sample, truth) -> dict[str, Workbook]:
    """Every workbook but the large yearly ones, and two of those."""
    yearly = [path for path, _ in sample.written.files if "年反诈宣传周统计表" in path]
    return {path: opened(sample, path) for path, _ in sample.written.files if path not in yearly[2:]}


def test_nothing_of_the_reader_is_imported():
    imported = set()
    for file in HOUSE.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add("." * node.level + (node.module or ""))
    assert len(imported) > 5
    assert not [name for name in imported if name.startswith(("pipeline", "..")) or "import_module" in name]


def test_same_seed_and_end_give_the_same_bytes(sample):
    ours, theirs = digests(sample.root), digests(sample.twin)
    assert ours == theirs
    assert len(ours) == sample.written.counts["workbooks"] + 3


def test_size_and_time(sample, record_testsuite_property, capsys):
    counts = sample.written.counts
    record_testsuite_property("sample_seconds", round(sample.seconds, 1))
    with capsys.disabled():
        print(f"\nsample written in {sample.seconds:.1f} s of processor time: {counts}")
    assert (counts["towns"], counts["communities"]) == (12, 60)
    assert counts["weeks"] == 104
    assert 180 <= counts["workbooks"] <= 260
    assert 100_000 <= counts["cells"] <= 170_000
    assert sample.seconds < 30


def test_files_are_listed_in_order_of_receipt_and_none_comes_from_the_future(sample):
    times = [received for _, received in sample.written.files]
    assert times == sorted(times)
    assert all(received.utcoffset() == timedelta(0) for received in times)
    assert times[-1] <= datetime.fromisoformat("2026-03-23T00:00+00:00")
    assert {path for path, _ in sample.written.files} == {f.relative_to(sample.raw).as_posix() for f in sample.raw.rglob("*.xlsx")}


def test_every_truth_line_points_at_a_cell_that_says_so(truth, some_workbooks):
    compared = 0
    for line in truth:
        if line["path"] in some_workbooks:
            cell = some_workbooks[line["path"]][line["sheet"]][line["cell"]]
            assert cell.value == line["text"], line
            compared += 1
    assert compared > 15_000


def test_written_values_lie_in_their_bounds_and_hold_the_truth(truth):
    for line in truth:
        if line["precision"] == "missing":
            assert (line["value"], line["low"], line["high"]) == (None, None, None)
            assert line["reason"]
            continue
        is_open = line["precision"] in ("at_least", "vague")
        assert (line["reason"] == "approximate") == (line["precision"] != "exact"), line
        for number in (line["value"], None if line["note"] else line["true_value"]):
            if number is not None:
                assert line["low"] <= number, line
                assert number < line["high"] if is_open else number <= line["high"], line
        assert (line["value"] is None) == (line["precision"] == "vague"), line


def test_codes_are_those_of_the_channel_registry(truth):
    for channel, measure, unit, kind in {(f["channel"], f["measure"], f["unit"], f["kind"]) for f in truth}:
        entry = CHANNELS[channel]["measures"][measure]
        assert (entry["unit"], entry["kind"]) == (unit, kind)


def test_each_number_stands_once(truth):
    """Among the facts that stand, (subject, channel, measure, period, ledger record) never occurs twice."""
    keys = Counter(
        (f["subject"], f["channel"], f["measure"], f["start"], f["end"], f["event_id"], *sorted(f["attributes"].items()), f["form"])
        for f in truth
        if f["expect"] == "stands"
    )
    assert [key for key, n in keys.items() if n > 1] == []


@pytest.mark.parametrize(
    ("expect", "at_least"),
    [("stands", 50_000), ("missing", 800), ("rejected", 40), ("superseded", 400), ("repeated", 400), ("compilation", 500), ("tally", 300)],
)
def test_every_fate_occurs(truth, expect, at_least):
    assert sum(f["expect"] == expect for f in truth) >= at_least


def test_repeated_and_compiled_numbers_have_their_witness(truth):
    standing = {(f["subject"], f["channel"], f["measure"], f["start"]) for f in truth if f["expect"] == "stands" and f["form"] == "weekly_tally"}
    ledger_weeks = {(f["subject"], date.fromisoformat(f["start"]).isocalendar()[:2]) for f in truth if f["form"] == "leaflets"}
    for fact in truth:
        if fact["form"] != "weekly_tally":
            continue
        is_week = fact["end"] == (date.fromisoformat(fact["start"]) + timedelta(days=6)).isoformat()
        if fact["expect"] == "tally":
            assert (fact["subject"], date.fromisoformat(fact["start"]).isocalendar()[:2]) in ledger_weeks
        elif fact["expect"] in ("repeated", "compilation") and is_week and fact["channel"] != "leaflets" and fact["value"] is not None:
            assert (fact["subject"], fact["channel"], fact["measure"], fact["start"]) in standing


def test_copies_are_equal_files_and_corrections_are_not(sample):
    for path, received in sample.written.files:
        file = sample.raw / path
        for mark, is_equal in (("(1).xlsx", True), ("（更正）.xlsx", False), ("（更新）.xlsx", False), ("（重报）.xlsx", False)):
            if path.endswith(mark):
                original = path.removesuffix(mark) + ".xlsx"
                assert (file.read_bytes() == (sample.raw / original).read_bytes()) is is_equal
                assert dict(sample.written.files)[original] < received
    marks = Counter(mark for path, _ in sample.written.files for mark in ("(1)", "更正", "更新", "重报") if mark in path)
    assert all(marks[mark] for mark in ("(1)", "更正", "更新", "重报"))


def test_report_matrix_of_the_recent_weeks_is_realistic(truth, sample):
    """Town × week: the first acceptable sheet's time against Monday noon (04:00 UTC)."""
    received = dict(sample.written.files)
    first: dict[tuple[str, str], datetime] = {}
    blanks: dict[tuple[str, str], int] = defaultdict(int)
    for fact in truth:
        if fact["form"] == "weekly_tally" and fact["start"] >= FIRST_RECENT.isoformat() and fact["expect"] not in ("compilation", "rejected"):
            key = (fact["reporter"], fact["start"])
            if fact["reason"] != "not_reported":
                if key not in first or received[fact["path"]] < first[key]:
                    first[key] = received[fact["path"]]
                blanks[key] += fact["reason"] == "blank"
    stations = {reporter for reporter, _ in first}
    assert len(stations) == 12
    statuses = Counter()
    for number in range(13):
        monday = FIRST_RECENT + timedelta(weeks=number)
        deadline = datetime.fromisoformat(f"{monday + timedelta(days=7)}T04:00+00:00")
        for station in stations:
            key = (station, monday.isoformat())
            status = "missing" if key not in first else "late" if first[key] > deadline else "partial" if blanks[key] else "on_time"
            statuses[status] += 1
    assert sum(statuses.values()) == 156
    assert 120 <= statuses["on_time"] <= 140
    assert all(5 <= statuses[s] <= 15 for s in ("missing", "late", "partial")), statuses


def test_the_past_was_handed_in_before_the_recent_weeks_began(sample):
    for path, received in sample.written.files:
        if "年反诈宣传周统计表" in path:
            assert received.date() == FIRST_RECENT


def test_every_sheet_says_that_it_is_fictional(some_workbooks):
    for path, book in some_workbooks.items():
        for sheet in book.worksheets:
            texts = [str(v) for row in sheet.iter_rows(values_only=True) for v in row if isinstance(v, str)]
            assert any("示例数据（虚构）" in text for text in texts), (path, sheet.title)


def test_no_personal_data(some_workbooks):
    """Persons are placeholders; no run of digits could be a telephone, identity or card number."""
    for path, book in some_workbooks.items():
        for sheet in book.worksheets:
            for row in sheet.iter_rows(values_only=True):
                for value in row:
                    assert not re.search(r"\d{11}", str(value)), (path, value)
                    for name in re.findall(r"(?:填报人|审核人)：(\S+)", str(value)):
                        assert re.fullmatch(r".某某?", name)
    ledger = some_workbooks["示例/劝阻止付/2026年2月劝阻止付台账.xlsx"].worksheets[0]
    victims = [ledger.cell(row, 6).value for row in range(4, 40)]
    assert all(re.fullmatch(r".某某", str(v)) for v in victims)


def test_the_habits_of_real_sheets_occur(truth, some_workbooks):
    texts = {f["text"] for f in truth if isinstance(f["text"], str)}
    for pattern in (
        "余份",
        "近.*人",
        "余万元",
        "数十?万元",
        "约",
        "百余",
        "^[０-９，]+$",
        r"^\d+$",
        "万$",
        "条$",
        "^／$",
        "^-$",
        "^无$",
        "余条",
        "￥",
    ):
        assert any(re.search(pattern, text) for text in texts), pattern
    sheets = [sheet for book in some_workbooks.values() for sheet in book.worksheets]
    assert any(isinstance(c.value, str) and c.value.startswith("=SUM(") for s in sheets for row in s.iter_rows() for c in row)
    assert all("A1:" in str(s.merged_cells) for s in sheets if s["A1"].value)
    assert any(s["A1"].value is None for s in sheets)
    assert any(c.value == "单位：万元" for s in sheets for row in s.iter_rows(max_row=2) for c in row)
    assert {s["C3"].value for s in sheets} >= {"线下宣传", "宣传单（份）"}


def test_removal_takes_the_sample_and_nothing_else(tmp_path):
    own = tmp_path / "data" / "raw" / "城关" / "周报.xlsx"
    example = tmp_path / "data" / "raw" / SAMPLE_FOLDER / "周报" / "a.xlsx"
    lines = tmp_path / "data" / "warehouse" / "sample" / "truth.jsonl"
    database = tmp_path / "data" / "warehouse" / "working.duckdb"
    for file in (own, example, lines, database):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x")
    remove_sample(tmp_path)
    assert (own.exists(), database.exists()) == (True, True)
    assert not example.parent.parent.exists()
    assert not lines.parent.exists()
    remove_sample(tmp_path)


@pytest.mark.parametrize(
    ("path", "is_sample"),
    [("示例/周报/a.xlsx", True), ("示例/a.xlsx", True), ("示例2/a.xlsx", False), ("城关/示例/a.xlsx", False), ("示例.xlsx", False), ("", False)],
)
def test_sample_paths(path, is_sample):
    assert is_sample_path(path) is is_sample
