"""Opening any file: what it really is, where each cell stands, what must not look blank. Not here: refusals (test_refused_workbooks.py)."""

from __future__ import annotations

import struct
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook as Book
from openpyxl.comments import Comment

from pipeline.intake.grid import CellError, UncachedFormula
from pipeline.intake.workbook import open_workbook
from tests.support.workbooks import (
    CALCULATED,
    FORMATS,
    biff,
    brt,
    brt_cell,
    brt_row,
    rewrite,
    sheet_xml,
    wide,
    write_sheet_xml,
    write_xls,
    write_xlsb,
    write_xlsx,
)

# ---- positions and values -----------------------------------------------------------------------------------------------------


def test_cells_stand_where_they_stand_on_screen(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [[], [], [None, None, "单位"], [None, None, 12, "4万余", True, date(2026, 3, 18)]])
    (sheet,) = open_workbook(path).sheets
    assert sheet.rows[0] == [None] * 6
    assert sheet.rows[2][2] == "单位"
    assert sheet.rows[3][2:] == [12, "4万余", True, date(2026, 3, 18)]
    assert {len(row) for row in sheet.rows} == {6}


def test_merges_keep_their_own_range_only(tmp_path: Path) -> None:
    rows = [["标题", None, "x"], ["一所", 1, 2], [None, 3, 4]]
    (sheet,) = open_workbook(write_xlsx(tmp_path / "a.xlsx", rows, merges=["A1:B1", "A2:A3"])).sheets
    assert sheet.merges == ((0, 0, 0, 1), (1, 0, 2, 0))
    assert sheet.rows[2][0] is None


def test_a_merge_over_whole_columns_ends_with_the_data(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row><row r="2"><c r="B2"><v>3</v></c></row>'
    path = write_sheet_xml(tmp_path / "a.xlsx", rows, '<mergeCells><mergeCell ref="A1:A1048576"/><mergeCell ref="C1:D9"/></mergeCells>')
    (sheet,) = open_workbook(path).sheets
    assert sheet.merges == ((0, 0, 1, 0),)


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_other_formats_tell_as_much(kind: str) -> None:
    book = open_workbook(FORMATS / f"weekly.{kind}")
    sheet, hidden = book.sheets
    assert book.kind == kind
    assert (sheet.name, sheet.is_visible, hidden.name, hidden.is_visible) == ("第12周", True, "旧表", False)
    assert sheet.merges == ((0, 0, 0, 5), (1, 0, 2, 0), (1, 1, 1, 2))
    assert sheet.rows[3] == ["示例一所", "4万余", 12, 0.972, date(2026, 3, 18), "含快递"]
    assert sheet.rows[5][1] == "#DIV/0!"
    assert isinstance(sheet.rows[5][1], CellError)
    assert sheet.rows[6][:3] == ["合计", 350, None]
    assert sheet.comments == {(3, 1): "另有垫餐纸"}
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({4}, {5})
    assert sheet.percent_cells == {(3, 3), (4, 3)}
    assert hidden.rows[4][2] == "隐藏"


def test_xlsb(tmp_path: Path) -> None:
    number = struct.pack("<d", 7.5)
    rows = brt_row(0) + brt_cell(6, 0, wide("标题")) + brt_row(2, is_hidden=True) + brt_cell(5, 1, number) + brt_cell(3, 2, b"\x17")
    merge = brt(177, struct.pack("<I", 1)) + brt(176, struct.pack("<4I", 0, 0, 0, 2)) + brt(178)
    comment = brt(635, struct.pack("<IIIII", 0, 2, 2, 1, 1) + bytes(16)) + brt(637, b"\0" + wide("另计"))
    book = open_workbook(write_xlsb(tmp_path / "a.xlsb", rows, after=merge, is_1904=True, comments=comment))
    (sheet,) = book.sheets
    assert (book.kind, book.is_1904) == ("xlsb", True)
    assert sheet.rows == [["标题", None, None], [None, None, None], [None, 7.5, "#REF!"]]
    assert isinstance(sheet.rows[2][2], CellError)
    assert (sheet.merges, sheet.comments, sheet.hidden_rows) == (((0, 0, 0, 2),), {(2, 1): "另计"}, {2})


@pytest.mark.parametrize("epoch", ["1900", "1904"])
def test_epoch_of_serial_dates(tmp_path: Path, epoch: str) -> None:
    record = biff(0x22, b"\1\0" if epoch == "1904" else b"\0\0")
    xls = write_xls(tmp_path / "a.xls", biff(0x203, struct.pack("<HHHd", 0, 0, 0, 45000.0)), workbook_records=record)
    xlsx = write_xlsx(tmp_path / "a.xlsx", [[1]])
    if epoch == "1904":
        rewrite(xlsx, {"xl/workbook.xml": lambda xml: xml.replace(b"<workbookPr", b'<workbookPr date1904="1"', 1)})
    assert [open_workbook(path).is_1904 for path in (xls, xlsx)] == [epoch == "1904"] * 2


def test_an_xls_of_another_name_is_still_an_xls(tmp_path: Path) -> None:
    (tmp_path / "wps.et").write_bytes((FORMATS / "weekly.xls").read_bytes())
    (tmp_path / "misnamed.csv").write_bytes((FORMATS / "weekly.xls").read_bytes())
    assert [open_workbook(tmp_path / name).kind for name in ("wps.et", "misnamed.csv")] == ["et", "xls"]


def test_macros_comments_and_visibility_of_an_xlsx(tmp_path: Path) -> None:
    book = Book()
    sheet = book.worksheets[0]
    sheet["B2"] = 1
    sheet["B2"].comment = Comment("含快递\n另计", "示例")
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["C"].hidden = True
    sheet["C2"] = "x"
    book.create_sheet("旧表").sheet_state = "veryHidden"
    book.save(tmp_path / "a.xlsx")
    rewrite(tmp_path / "a.xlsx", {"xl/vbaProject.bin": b"\0"}, tmp_path / "a.xlsm")
    read = open_workbook(tmp_path / "a.xlsm")
    assert read.kind == "xlsm"
    assert [sheet.is_visible for sheet in read.sheets] == [True, False]
    assert read.sheets[0].comments == {(1, 1): "含快递\n另计"}
    assert (read.sheets[0].hidden_rows, read.sheets[0].hidden_columns) == ({1}, {2})


@pytest.mark.parametrize(
    ("code", "is_told"),
    [("0.0%", True), ('yyyy"年"m"月"', True), ('0"万元"', True), ("#,##0.00", False), ("General", False), ("0_);[Red](0)", False)],
)
def test_number_formats_that_say_something(tmp_path: Path, code: str, is_told: bool) -> None:
    book = Book()
    book.worksheets[0]["B2"] = 0.972
    book.worksheets[0]["B2"].number_format = code
    book.save(tmp_path / "a.xlsx")
    (sheet,) = open_workbook(tmp_path / "a.xlsx").sheets
    assert sheet.number_formats == ({(1, 1): code} if is_told else {})
    assert sheet.percent_cells == ({(1, 1)} if "%" in code else set())


def test_built_in_date_format_of_a_chinese_office(tmp_path: Path) -> None:
    book = Book()
    book.worksheets[0]["A1"] = 45062
    book.worksheets[0]["A1"].number_format = 'yyyy"x"m'
    book.save(tmp_path / "a.xlsx")
    rewrite(tmp_path / "a.xlsx", {"xl/styles.xml": lambda xml: xml.replace(b'<xf numFmtId="164"', b'<xf numFmtId="57"')})
    (sheet,) = open_workbook(tmp_path / "a.xlsx").sheets
    assert sheet.rows == [[date(2023, 5, 16)]]
    assert sheet.number_formats == {(0, 0): 'yyyy"年"m"月"'}


# ---- what must not look blank -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "kind", "text"),
    [
        ('<c r="B2" t="e"><v>#DIV/0!</v></c>', CellError, "#DIV/0!"),
        ('<c r="B2" s="0" t="e"><f>1/0</f><v>#REF!</v></c>', CellError, "#REF!"),
        ("<c t='e' r='B2'><v>#N/A</v></c>", CellError, "#N/A"),
        ('<c r="B2"><f>SUM(A1:A9)</f></c>', UncachedFormula, "=SUM(A1:A9)"),
        ('<c r="B2"><f>SUM(A1:A9)</f><v></v></c>', UncachedFormula, "=SUM(A1:A9)"),
        ('<c r="B2"><f>SUM(A1:A9)</f><v/></c>', UncachedFormula, "=SUM(A1:A9)"),
        ('<c r="B2"><f>SUM(A1:A9)</f>\n  <v />\n</c>', UncachedFormula, "=SUM(A1:A9)"),
        ('<c r="B2"><f t="shared" si="9"/></c>', UncachedFormula, "="),
        ('<c r="B2" t="str"><f>IF(TRUE,"","x")</f><v></v></c>', type(None), "None"),
        ('<c r="B2"><f>1+1</f><v>2</v></c>', float, "2.0"),
        ('<c r="B2" t="inlineStr"><is><t>=1+1</t></is></c>', str, "=1+1"),
        ('<c r="B2" s="0"/>', type(None), "None"),
    ],
)
def test_errors_and_formulas_without_results(tmp_path: Path, cell: str, kind: type, text: str) -> None:
    path = write_sheet_xml(tmp_path / "a.xlsx", f'{CALCULATED}<row r="2">{cell}<c r="C2"><v>9</v></c></row>')
    value = open_workbook(path).sheets[0].rows[1][1]
    assert type(value) is kind
    assert str(value) == text


def test_an_error_beyond_the_last_value_is_still_seen(tmp_path: Path) -> None:
    path = write_sheet_xml(tmp_path / "a.xlsx", CALCULATED + '<row r="4"><c r="C4" t="e"><v>#NAME?</v></c></row>')
    (sheet,) = open_workbook(path).sheets
    assert (len(sheet.rows), sheet.rows[3]) == (4, [None, None, "#NAME?"])


def test_shared_formula_is_translated_to_its_cell(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="0">SUM(B1:C1)</f></c></row><row r="2"><c r="A2"><f t="shared" si="0"/></c></row>'
    (sheet,) = open_workbook(write_sheet_xml(tmp_path / "a.xlsx", rows)).sheets
    assert [row[0] for row in sheet.rows] == ["=SUM(B1:C1)", "=SUM(B2:C2)"]


def test_errors_are_found_however_the_sheet_is_written(tmp_path: Path) -> None:
    """The quick search and the full pass over the same cells agree."""
    cells = '<row r="1"><c r="A1" t="e"><v>#N/A</v></c><c r="B1"><f>A1+1</f></c><c r="C1"><f>1+1</f><v>2</v></c>'
    cells += '<c r="D1" s="0"/><c r="E1" t="e"><f>A1</f><v>#N/A</v></c></row>'
    quick = open_workbook(write_sheet_xml(tmp_path / "a.xlsx", cells)).sheets[0].rows
    unusual = sheet_xml(cells).replace(b"<", b"<x:").replace(b"<x:/", b"</x:").replace(b"<x:?", b"<?").replace(b"xmlns=", b"xmlns:x=")
    full = open_workbook(rewrite(tmp_path / "a.xlsx", {"xl/worksheets/sheet1.xml": unusual})).sheets[0].rows
    assert quick == full == [["#N/A", "=A1+1", 2, None, "#N/A"]]
    assert [type(value) for value in quick[0]] == [type(value) for value in full[0]]


def test_cells_without_references_stand_one_after_another(tmp_path: Path) -> None:
    rows = "<row><c><v>1</v></c><c t='e'><v>#NUM!</v></c></row><row><c><v>2</v></c><c><f>A1</f></c></row>"
    (sheet,) = open_workbook(write_sheet_xml(tmp_path / "a.xlsx", rows)).sheets
    assert sheet.rows == [[1, "#NUM!"], [2, "=A1"]]


# ---- text files ---------------------------------------------------------------------------------------------------------------

TEXT = "单位,份数\n一所,4万余\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "utf-8-sig"),
        (TEXT.encode("gb18030"), "gb18030"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), "utf-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.replace("\n", "\r\n").encode(), "utf-8"),
        (TEXT.replace("\n", "\r").encode(), "utf-8"),
        (TEXT.replace(",", "\t").encode(), "utf-8"),
        (TEXT.replace(",", ";").encode("gb18030"), "gb18030"),
        (TEXT.replace(",", "|").encode(), "utf-8"),
        (b"sep=;\r\n" + TEXT.replace(",", ";").encode(), "utf-8"),
        ((TEXT + "\x1a").encode(), "utf-8"),
    ],
)
def test_text_in_every_encoding_and_with_every_delimiter(tmp_path: Path, data: bytes, encoding: str) -> None:
    (tmp_path / "a.csv").write_bytes(data)
    book = open_workbook(tmp_path / "a.csv")
    assert [row for row in book.sheets[0].rows if any(row)] == [["单位", "份数"], ["一所", "4万余"]]
    assert (book.encoding, book.kind) == (encoding, "tsv" if b"\t" in data else "csv")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('a,"第一行\n第二行",1\nb,x,2\n', [["a", "第一行\n第二行", "1"], ["b", "x", "2"]]),
        ('a,"说""好""",1\n', [["a", '说"好"', "1"]]),
        ("标题\n\n单位,份数\n一所,007\n", [["标题", None], [None, None], ["单位", "份数"], ["一所", "007"]]),
        ('a,b\n"没有合上,1\nc,2\n', [["a", "b"], ['"没有合上', "1"], ["c", "2"]]),
        ("a;b\n1,5;2\n3,5;4\n", [["a", "b"], ["1,5", "2"], ["3,5", "4"]]),
        ("=1+1,@x\n", [["=1+1", "@x"]]),
        ("只有一列\n一所\n", [["只有一列"], ["一所"]]),
    ],
)
def test_text_rows(tmp_path: Path, text: str, rows: list[list[str | None]]) -> None:
    (tmp_path / "a.csv").write_bytes(text.encode())
    assert open_workbook(tmp_path / "a.csv").sheets[0].rows == rows
