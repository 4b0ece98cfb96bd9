"""User stories as whole runs: real sheets, the real job in a real Dagster instance, the real published warehouse and pages."""

from __future__ import annotations

import csv
import io
import json
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
import yaml
from openpyxl import load_workbook

from pipeline.intake import reading
from pipeline.journal import Journal
from pipeline.night.known import build_as_known_on
from pipeline.night.receipts import HEADINGS, LIST
from pipeline.night.sample import has_nothing_yet, put_sample, take_sample_away
from pipeline.night.summary import status_text
from pipeline.settings import Places
from pipeline.warehouse import Warehouse
from tests.support.office import Office, materialized
from tests.support.workbooks import write_xlsx

MONDAY = date(2023, 5, 15)
WEEK = {"城关派出所": ("4万", 32, 18, 5, "近500人"), "东关派出所": (3200, "15条", 9, 3, 260)}


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    (tmp_path / "data" / "raw").mkdir(parents=True)
    monkeypatch.setenv("OUTREACH_ROOT", str(tmp_path))
    return Office(Places(tmp_path))


def page(office: Office) -> str:
    return (office.places.dashboards / "index.html").read_text(encoding="utf-8")


def test_day_one_with_a_single_sheet_and_no_register(office: Office) -> None:
    office.drop("周报.xlsx", WEEK, MONDAY)
    assert office.run().success
    assert office.standing()[("城关派出所", "leaflets", "distributed", "2023-05-15")] == 40_000
    low, high = office.published("SELECT low, high FROM measurements WHERE subject = '城关派出所' AND measure = 'attendance'").row(0)
    assert (low, high) == (450, 500)
    assert office.value("SELECT bool_and(is_provisional) FROM units"), "an unknown name waits for no register: it is provisional"
    assert office.value("SELECT count(*) FROM coverage WHERE estimate IS NOT NULL") == 0, "no residents known, so no rate"
    assert "<h1" in page(office)


def test_an_empty_folder_publishes_an_empty_state_and_no_number(office: Office) -> None:
    assert office.run().success
    assert office.value("SELECT count(*) FROM measurements") == 0
    assert "<h1" in page(office)


def test_an_unmounted_folder_after_a_good_run_leaves_the_last_good_pages(office: Office) -> None:
    office.drop("周报.xlsx", WEEK, MONDAY)
    assert office.run().success
    before, build = page(office), office.value("SELECT value FROM build WHERE key = 'build_id'")
    shutil.move(office.places.raw, office.places.root / "elsewhere")
    assert not office.run().success
    assert page(office) == before
    assert office.value("SELECT value FROM build WHERE key = 'build_id'") == build
    shutil.move(office.places.root / "elsewhere", office.places.raw)
    assert office.run().success
    assert page(office) == before, "the folder is back as it was: nothing to do"


def test_a_vanished_file_withdraws_nothing_and_blocks_until_confirmed(office: Office) -> None:
    office.drop("一.xlsx", WEEK, MONDAY)
    kept = office.drop("二.xlsx", WEEK, MONDAY + timedelta(days=7))
    assert office.run().success
    kept.unlink()
    assert not office.run().success, "half of all known files gone: a person must say so"
    journal = Journal(office.places)
    journal.confirm_vanished(journal.vanished(journal.scan(), 0.2), by="值班员")
    assert office.run().success
    assert len(office.standing()) == 20, "the numbers of the vanished file stay"


def test_three_years_of_old_sheets_dropped_at_once_are_never_late(office: Office) -> None:
    weeks = [date(2021, 1, 4) + timedelta(weeks=n) for n in range(0, 156, 12)]
    for monday in weeks:
        office.drop(f"{monday.year}/{monday}.xlsx", WEEK, monday)
    assert office.run().success
    assert len(office.standing()) == len(weeks) * 10
    statuses = office.published("SELECT DISTINCT status FROM report_status")["status"].to_list()
    assert "late" not in statuses


def test_a_run_with_nothing_changed_reads_nothing_and_publishes_nothing(office: Office) -> None:
    office.drop("周报.xlsx", WEEK, MONDAY)
    first = office.run()
    stamp = office.places.published.stat().st_mtime_ns
    second = office.run()
    assert second.success
    assert "dashboards" in materialized(first)
    assert materialized(second) == {"received_files"}
    assert office.places.published.stat().st_mtime_ns == stamp


def test_a_changed_alias_moves_the_numbers_to_the_unit_it_names(office: Office) -> None:
    office.drop("周报.xlsx", {"老城站": WEEK["城关派出所"]}, MONDAY)
    heading = ("单位名称", "类别", "别名")
    office.register("单位.xlsx", [("城关派出所", "派出所", "")], heading, "报送单位名录")
    assert office.run().success
    subject = "SELECT DISTINCT u.zh FROM measurements m JOIN units u ON u.unit_id = m.subject_id WHERE m.form = 'weekly_tally'"
    assert office.value(subject) == "老城站"
    office.register("单位.xlsx", [("城关派出所", "派出所", "老城站")], heading, "报送单位名录")
    assert office.run().success
    assert office.value(subject) == "城关派出所"


def test_a_changed_setting_publishes_anew_without_reading_again(office: Office) -> None:
    office.drop("周报.xlsx", WEEK, MONDAY)
    assert office.run().success
    office.settings('[district]\nname = "青山区"\n')
    result = office.run()
    assert result.success
    assert office.value("SELECT value FROM build WHERE key = 'district_zh'") == "青山区"
    assert "青山区" in page(office)
    assert "没有数字变化" in page(office)
    assert "district.name" in (office.places.dashboards / "quality.html").read_text("utf-8")
    read = next(e for e in result.get_asset_materialization_events() if e.asset_key and e.asset_key.to_user_string() == "readings")
    assert read.materialization.metadata["read"].value == 0


def test_an_upgraded_reader_reads_again_and_leaves_the_time_of_receipt(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.drop("周报.xlsx", WEEK, MONDAY)
    assert office.run().success
    received = office.value("SELECT received_at FROM source_files")
    monkeypatch.setattr("pipeline.night.receive.reader_fingerprint", lambda: "a later reader")
    result = office.run()
    assert result.success
    assert office.value("SELECT received_at FROM source_files") == received
    assert office.value("SELECT count(*) FROM measurements WHERE stands_reason IS NOT NULL") == 0, "an upgrade is no revision"
    assert reading.reader_fingerprint() != "a later reader"


def test_a_corrected_sheet_supersedes_and_the_loser_keeps_its_reason(office: Office) -> None:
    office.drop("周报.xlsx", WEEK, MONDAY)
    assert office.run().success
    office.drop("周报（更正）.xlsx", {**WEEK, "东关派出所": (3500, "15条", 9, 3, 260)}, MONDAY)
    assert office.run().success
    assert office.standing()[("东关派出所", "leaflets", "distributed", "2023-05-15")] == 3500
    loser = office.published("SELECT value, stands_reason, superseded_by FROM measurements WHERE NOT stands AND value = 3200").row(0)
    assert loser[1] == "superseded"
    assert loser[2] is not None


def test_a_wrong_cell_comes_back_marked_and_the_copy_goes_when_all_is_well(office: Office) -> None:
    office.drop("一所/周报.xlsx", {"城关派出所": ("同上", 32, 18, 5, 500)}, MONDAY)
    assert office.run().success
    copy = office.places.returned / "一所" / "周报.xlsx"
    assert copy.is_file()
    office.drop("一所/周报.xlsx", {"城关派出所": (4000, 32, 18, 5, 500)}, MONDAY)
    assert office.run().success
    assert not copy.exists()
    assert office.standing()[("城关派出所", "leaflets", "distributed", "2023-05-15")] == 4000


def test_the_returned_workbook_itself_is_corrected_and_dropped_under_another_name(office: Office) -> None:
    office.drop("一所/周报.xlsx", {"城关派出所": ("同上", 32, 18, 5, 500), "东关派出所": (3200, 15, 9, 3, 260)}, MONDAY)
    assert office.run().success
    copy = office.places.returned / "一所" / "周报.xlsx"
    book = load_workbook(copy)
    assert book["周报"]["B5"].comment is not None
    book["周报"]["B5"] = 4000
    book.save(office.places.raw / "改好了.xlsx")
    assert office.run().success
    numbers = office.published("SELECT path, value FROM measurements WHERE stands AND subject = '城关派出所' AND measure = 'distributed'").rows()
    assert numbers == [("改好了.xlsx", 4000)]
    assert len(office.standing()) == 10, "every other number stands once too"
    assert office.value("SELECT count(*) FROM measurements WHERE stands") == 10
    assert office.value("SELECT DISTINCT stands_reason FROM measurements WHERE path = '一所/周报.xlsx'") == "superseded"
    assert not list(office.places.returned.rglob("*.xlsx"))


def test_a_sheet_that_only_says_zero_counts_as_the_weeks_report(office: Office) -> None:
    office.drop("一.xlsx", {"城关派出所": WEEK["城关派出所"]}, MONDAY)
    rows = [["反诈宣传周统计表"], ["填报单位：城关派出所"], ["统计时间：2023年5月22日—5月28日"], ["本周零报告"]]
    write_xlsx(office.places.raw / "二.xlsx", {"周报": rows})
    assert office.run().success
    submission = office.published("SELECT form, is_zero_report, n_due, n_missing FROM submissions WHERE path = '二.xlsx'").rows()
    assert submission == [("weekly_tally", True, 0, 0)]
    statuses = office.published("SELECT week::VARCHAR, status FROM report_status WHERE form = 'weekly_tally' AND week < DATE '2023-06-01'").rows()
    assert dict(statuses)["2023-05-22"] == "zero_report"
    assert len(office.standing()) == 5, "no number was made of it"


def decide(office: Office, kind: str, **decision: object) -> None:
    file = office.places.decisions / f"{kind}.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    told = {"reason": "已核实", "owner": "王分析", "date": date(2023, 5, 23), **decision}
    file.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")


def told(office: Office) -> dict[str, list[str]]:
    """The receipt list: file → the rest of its line."""
    text = (office.places.returned / LIST).read_text(encoding="utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text))
    assert tuple(head) == HEADINGS
    return {row[0]: row[1:] for row in rows}


IMPOSSIBLE = {"城关派出所": (4000, 32, 18, 0, 500)}
"""500 people at no talk."""


def test_what_only_measures_see_is_asked_at_the_cell_and_confirmed_by_a_waiver(office: Office) -> None:
    office.drop("周报.xlsx", IMPOSSIBLE, MONDAY)
    assert office.run().success
    ((rule, cell),) = office.published("SELECT rule, cell FROM issues WHERE cell IS NOT NULL AND severity = 'error'").rows()
    sheet = load_workbook(office.places.returned / "周报.xlsx")["周报"]
    assert sheet[cell].comment is not None
    assert "黄色" in sheet[cell].comment.text, "the number was loaded: it is a question, not a refusal"
    assert told(office)["周报.xlsx"][1:] == ["已载入，有几处请确认", "5", "0", "0", "1", "周报.xlsx"]
    decide(office, "waivers", rule=rule, file="周报.xlsx", expires=date(2999, 1, 1))
    assert office.run().success
    assert not (office.places.returned / "周报.xlsx").exists()
    assert told(office)["周报.xlsx"][1:] == ["全部载入", "5", "0", "0", "0", ""]
    assert "王分析" in office.value(f"SELECT zh FROM issues WHERE rule = '{rule}'")


def test_a_typed_change_that_two_sheets_do_not_give_is_asked_at_its_cell(office: Office) -> None:
    """April: 1000 leaflets. May: 1200, which is +20% and not the +30% typed beside it; the number counts all the same."""
    heads = ("单位", "发放宣传单（份）", "环比", "悬挂横幅（条）")
    for month, rows in (("4月", ("城关派出所", 1000, None, 30)), ("5月", ("城关派出所", 1200, "+30%", 32))):
        write_xlsx(office.places.raw / f"{month}.xlsx", {"月报": [[f"2023年{month}反诈宣传统计表"], heads, rows]}, merges=("A1:D1",))
    assert office.run().success
    assert office.value("SELECT typed FROM typed_changes") == pytest.approx(0.3)
    assert office.value("SELECT sum(value) FROM measurements WHERE stands AND measure = 'distributed'") == 2200
    sheet = load_workbook(office.places.returned / "5月.xlsx")["月报"]
    assert sheet["C3"].comment is not None
    assert "应为 +20.0%" in sheet["C3"].comment.text
    assert "黄色" in sheet["C3"].comment.text
    assert told(office)["4月.xlsx"][1] == "全部载入"
    write_xlsx(office.places.raw / "5月.xlsx", {"月报": [["2023年5月反诈宣传统计表"], heads, ("城关派出所", 1200, "+20%", 32)]}, merges=("A1:D1",))
    assert office.run().success
    assert not (office.places.returned / "5月.xlsx").exists()


def test_a_waived_point_of_the_reader_is_listed_and_not_asked_again(office: Office) -> None:
    office.drop("周报.xlsx", {"城关派出所": ("若干", 32, 18, 5, 500)}, MONDAY)
    assert office.run().success
    rule, cell = office.published("SELECT rule, cell FROM rejections WHERE severity = 'error'").row(0)
    decide(office, "waivers", rule=rule, file="周报.xlsx", sheet="周报", cell=cell, expires=date(2999, 1, 1))
    assert office.run().success
    assert not list(office.places.returned.glob("*.xlsx"))
    assert office.value("SELECT status FROM source_files") == "accepted"
    assert office.value("SELECT closed_reason FROM rejections WHERE severity = 'error'") == "waived"
    assert office.published(f"SELECT severity FROM issues WHERE rule = '{rule}'")["severity"].to_list() == ["note"]
    decide(office, "waivers", rule=rule, file="周报.xlsx", expires=date(2023, 6, 1))
    assert office.run().success
    assert list(office.places.returned.glob("*.xlsx")), "the waiver has ended: asked again"


def test_a_correction_that_no_longer_applies_is_said_aloud(office: Office) -> None:
    office.drop("周报.xlsx", {"城关派出所": WEEK["城关派出所"]}, MONDAY)
    decide(office, "corrections", file="周报.xlsx", sheet="周报", cell="B5", expected="5万", new=4000)
    assert office.run().success
    (severity,) = office.published("SELECT severity FROM issues WHERE rule = 'corrections_find_what_they_expect'")["severity"]
    assert severity == "error"
    assert any(line.startswith("! ") and "5万" in line for line in status_text(office.places).splitlines())
    assert office.standing()[("城关派出所", "leaflets", "distributed", "2023-05-15")] == 40_000


def test_every_file_has_a_receipt_line_and_no_name_becomes_a_formula(office: Office) -> None:
    office.drop("=1+1.xlsx", {"城关派出所": WEEK["城关派出所"]}, MONDAY)
    office.drop("二/周报.xlsx", {"东关派出所": ("同上", "", 9, 3, 260)}, MONDAY)
    (office.places.raw / "坏.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    assert office.run().success
    lines = told(office)
    assert list(lines) == ["'=1+1.xlsx", "二/周报.xlsx", "坏.xlsx"]
    assert [line[1:] for line in lines.values()] == [
        ["全部载入", "5", "0", "0", "0", ""],
        ["有内容没有载入，请看标出的单元格", "3", "2", "1", "0", "二/周报.xlsx"],
        ["有内容没有载入，请看标出的单元格", "0", "0", "1", "0", "坏.xlsx"],
    ]
    received = office.value("SELECT received_at FROM source_files WHERE path = '坏.xlsx'")
    assert lines["坏.xlsx"][0] == f"{received + timedelta(hours=8):%Y-%m-%d %H:%M}", "the office's time"
    raw = (office.places.returned / LIST).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert LIST in status_text(office.places)
    built = datetime.fromisoformat(office.value("SELECT value FROM build WHERE key = 'built_at'")).replace(tzinfo=None)
    assert f"{built + timedelta(hours=8):%Y-%m-%d %H:%M} 生成" in status_text(office.places), "the office's time here, too"


def test_a_kill_between_the_two_swaps_is_rolled_forward(office: Office) -> None:
    office.drop("周报.xlsx", WEEK, MONDAY)
    assert office.run().success
    manifest = office.places.dashboards / "manifest.json"
    old = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps(old | {"build_id": "of the build before"}), encoding="utf-8")
    assert office.run().success
    assert json.loads(manifest.read_text(encoding="utf-8"))["build_id"] == office.value("SELECT value FROM build WHERE key = 'build_id'")


def test_pages_as_known_on_a_day_leave_the_published_state_alone(office: Office, tmp_path: Path) -> None:
    file = office.drop("周报.xlsx", WEEK, MONDAY)
    journal = Journal(office.places)
    sha256 = journal.scan().files[0].sha256
    assert office.run().success
    corrected = office.drop("周报（更正）.xlsx", {**WEEK, "东关派出所": (3500, "15条", 9, 3, 260)}, MONDAY)
    assert office.run().success
    before, published = page(office), office.places.published.read_bytes()
    received = office.published("SELECT path, received_at FROM source_files").sort("received_at")["received_at"].to_list()
    assert {file.name, corrected.name} == {"周报.xlsx", "周报（更正）.xlsx"}
    assert sha256
    with pytest.raises(ValueError, match="Nothing had been received"):
        build_as_known_on(office.places, received[0].date() - timedelta(days=2), tmp_path / "before")
    assert build_as_known_on(office.places, received[-1].date() + timedelta(days=1), tmp_path / "known") >= 1
    assert (tmp_path / "known" / "index.html").is_file()
    assert page(office) == before
    assert office.places.published.read_bytes() == published


def test_the_sample_comes_only_where_nothing_is_and_leaves_no_trace(office: Office) -> None:
    assert has_nothing_yet(office.places)
    put_sample(office.places, seed=7, end=date(2026, 3, 23))
    raw = office.places.raw / "示例"
    for folder in sorted(p for p in raw.iterdir() if p.is_dir())[1:]:
        shutil.rmtree(folder)
    assert not has_nothing_yet(office.places)
    assert office.run().success
    assert "示例数据：地名与数字均为虚构" in page(office)
    take_sample_away(office.places)
    assert not raw.exists()
    assert not office.places.published.exists()
    assert not list(office.places.dashboards.iterdir())
    assert not [p for p in office.places.archive.rglob("*") if p.is_file()]
    with Warehouse(office.places) as warehouse:
        assert warehouse.query("SELECT count(*) AS n FROM read_files")["n"].item() == 0
        assert warehouse.query("SELECT count(*) AS n FROM publications")["n"].item() == 0


def test_real_and_sample_data_are_never_published_together(office: Office) -> None:
    put_sample(office.places, seed=7, end=date(2026, 3, 23))
    for folder in sorted(p for p in (office.places.raw / "示例").iterdir() if p.is_dir())[1:]:
        shutil.rmtree(folder)
    office.drop("周报.xlsx", WEEK, MONDAY)
    assert office.run().success
    subjects = office.published("SELECT DISTINCT path FROM measurements WHERE stands")
    assert subjects.filter(pl.col("path").str.starts_with("示例")).is_empty()
    assert office.value("SELECT value FROM build WHERE key = 'is_sample'") == "false"
    assert "示例数据：地名与数字均为虚构" not in page(office)
