"""What comes back to the analyst: marked copies, the receipt list, and how a decision or a corrected copy answers them."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta

import pytest
import yaml
from openpyxl import load_workbook

from pipeline.night.receipts import HEADINGS, LIST
from pipeline.night.summary import status_text
from tests.support.office import MONDAY, WEEK, Office
from tests.support.workbooks import write_xlsx


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
