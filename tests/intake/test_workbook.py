"""Opening any file: what it really is, where each cell stands, what must not look blank, and why a file is refused."""

from __future__ import annotations

import struct
import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook as Book
from openpyxl.comments import Comment

from pipeline.intake.grid import CellError, UncachedFormula
from pipeline.intake.workbook import WorkbookRefused, check_inside, open_workbook
from tests.support.workbooks import (
    biff,
    biff_workbook,
    brt,
    brt_cell,
    brt_row,
    compound_file,
    rewrite,
    sheet_xml,
    wide,
    write_sheet_xml,
    write_xls,
    write_xlsb,
    write_xlsx,
    write_zip,
)

FORMATS = Path(__file__).parent.parent / "spreadsheets" / "formats"
"""The same fictional sheet, saved once as xls and as ods by an office program."""

CALCULATED = '<row r="1"><c r="A1"><v>1</v></c></row>'


def refusal(path: Path, **limits: int) -> WorkbookRefused:
    with pytest.raises(WorkbookRefused) as caught:
        open_workbook(path, **limits)
    return caught.value


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


# ---- refusals -----------------------------------------------------------------------------------------------------------------


def encrypted() -> bytes:
    return compound_file({"EncryptionInfo": b"\4\0\4\0", "EncryptedPackage": bytes(100)})


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("~$周报.xlsx", b"\0" * 165, "lock_file"),
        (".~周报.xlsx", b"x", "lock_file"),
        ("empty.xlsx", b"", "empty"),
        ("blank.csv", b" \r\n\t\r\n", "empty"),
        ("commas.csv", b"\xef\xbb\xbf,,,\r\n,,,\r\n", "empty"),
        ("picture.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(50), "not_a_spreadsheet"),
        ("scan.xls", b"%PDF-1.4\n", "not_a_spreadsheet"),
        ("packed.xlsx", b"Rar!\x1a\x07\0", "not_a_spreadsheet"),
        ("noise.csv", bytes(range(256)) * 9, "not_a_spreadsheet"),
        ("control.csv", b"a,b\n\x01\x02\x03,4\n", "not_a_spreadsheet"),
        ("half.csv", ("单位,份数\n一所,1\n" + "备注").encode()[:-1], "truncated"),
        ("neither.csv", b"\xff\xff\xff,\xfe\xff\n", "unknown_encoding"),
        ("web.xls", "<html><table><tr><td>单位</td></tr></table></html>".encode("gb18030"), "exported_markup"),
        ("web2.xls", b"\xef\xbb\xbf\r\n<TABLE><tr><td>1</td></tr></TABLE>", "exported_markup"),
        ("old.xml", b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "exported_markup"),
        ("mail.xls", b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n", "exported_markup"),
        ("locked.xlsx", encrypted(), "password_protected"),
        ("locked.xls", compound_file({"Workbook": biff_workbook(b"", workbook_records=biff(0x2F, bytes(6)))}), "password_protected"),
        ("letter.xls", compound_file({"WordDocument": b"\0"}), "not_a_spreadsheet"),
        ("garbage.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xab" * 3000, "unreadable"),
        ("stub.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "truncated"),
        ("loop.xls", compound_file({"Workbook": bytes(5000)}, is_looping=True), "truncated"),
        ("headless.xls", compound_file({"Workbook": bytes(5000)}), "empty"),
    ],
)  # fmt: skip
def test_refused(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(data)
    refused = refusal(tmp_path / name)
    assert refused.reason == reason
    assert refused.message
    assert refused.message_en


def test_every_cut_of_a_workbook_is_refused_as_truncated(tmp_path: Path) -> None:
    whole = write_xlsx(tmp_path / "whole.xlsx", [["单位", "份数"]] + [[f"{n}所", n] for n in range(50)]).read_bytes()
    path = tmp_path / "cut.xlsx"
    for share in (0.1, 0.5, 0.9, 0.99):
        path.write_bytes(whole[: int(len(whole) * share)])
        assert refusal(path).reason == "truncated"


def test_a_cut_xls_is_refused(tmp_path: Path) -> None:
    whole = (FORMATS / "weekly.xls").read_bytes()
    path = tmp_path / "cut.xls"
    for share in (0.2, 0.5, 0.8):
        path.write_bytes(whole[: int(len(whole) * share)])
        assert refusal(path).reason == "truncated"


@pytest.mark.parametrize(("part", "word"), [("word/document.xml", "Word"), ("ppt/presentation.xml", "演示"), ("周报.xlsx", "压缩包")])
def test_other_packages_are_named(tmp_path: Path, part: str, word: str) -> None:
    relations = f'<Relationships xmlns="x"><Relationship Id="1" Type="a/officeDocument" Target="{part}"/></Relationships>'
    parts = {part: b"<x/>"} if part.endswith(".xlsx") else {"[Content_Types].xml": b"<Types/>", "_rels/.rels": relations.encode(), part: b"<x/>"}
    refused = refusal(write_zip(tmp_path / "a.xlsx", parts))
    assert refused.reason == "not_a_spreadsheet"
    assert word in refused.message


def test_a_workbook_of_blank_sheets_is_refused_as_empty(tmp_path: Path) -> None:
    assert refusal(write_xlsx(tmp_path / "a.xlsx", {"Sheet1": [[]], "Sheet2": [[None]]})).reason == "empty"


def test_limits_are_named(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"大表": [[1] * 60 for _ in range(60)]})
    refused = refusal(path, max_cells=3000)
    assert refused.reason == "too_many_cells"
    assert "BH60" in refused.message
    assert "大表" in refused.message
    (tmp_path / "big.csv").write_bytes(b"1,2\n" * 300_000)
    assert refusal(tmp_path / "big.csv", max_file_mib=1).reason == "too_large"
    assert refusal(tmp_path / "big.csv", max_cells=10_000).reason == "too_many_cells"


# ---- hostile files ------------------------------------------------------------------------------------------------------------


def test_two_cells_a_sheet_apart_allocate_nothing(tmp_path: Path) -> None:
    path = write_sheet_xml(tmp_path / "a.xlsx", CALCULATED + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    refused = refusal(path)
    assert refused.reason == "too_many_cells"
    assert "XFD1048576" in refused.message


@pytest.mark.parametrize("cell", ["<c r='XFD1048576'><v>1</v></c>", '<x:c r="XFD1048576"><x:v>1</x:v></x:c>', "<c><v>1</v></c>"])
def test_far_cells_in_unusual_notation_are_found_too(tmp_path: Path, cell: str) -> None:
    xml = sheet_xml(f'{CALCULATED}<row r="1048576">{cell}</row>').replace(
        b"<worksheet ", b'<worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    )
    path = rewrite(write_xlsx(tmp_path / "a.xlsx", [[1]]), {"xl/worksheets/sheet1.xml": xml})
    assert refusal(path, max_cells=1_000_000).reason == "too_many_cells"  # fmt: skip


def test_formatted_blank_cells_far_away_do_not_count(tmp_path: Path) -> None:
    path = write_sheet_xml(tmp_path / "a.xlsx", CALCULATED + '<row r="1048576"><c r="XFD1048576" s="0"/></row>')
    assert open_workbook(path).sheets[0].rows == [[1]]


def test_dimensions_are_not_believed(tmp_path: Path) -> None:
    xml = sheet_xml(CALCULATED).replace(b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>')
    path = rewrite(write_xlsx(tmp_path / "a.xlsx", [[1]]), {"xl/worksheets/sheet1.xml": xml})
    assert open_workbook(path).sheets[0].rows == [[1]]


@pytest.mark.parametrize(
    ("dimensions", "reason"), [((0, 0xFFFFFFFF, 0, 0xFFFF), "too_many_cells"), ((0xC0000000, 3, 0, 3), "unreadable"), ((0, 1, 0, 1), None)]
)
def test_impossible_dimensions_of_a_small_xls(tmp_path: Path, dimensions: tuple[int, int, int, int], reason: str | None) -> None:
    record = biff(0x200, struct.pack("<IIHHH", *dimensions, 0))
    path = write_xls(tmp_path / "a.xls", record + biff(0x203, struct.pack("<HHHd", 0, 0, 0, 5.0)))
    if reason is None:
        assert open_workbook(path).sheets[0].rows == [[5.0]]
    else:
        assert refusal(path).reason == reason


def test_far_cells_of_xlsb_and_ods(tmp_path: Path) -> None:
    number = struct.pack("<d", 1.0)
    far = brt_row(0) + brt_cell(5, 0, number) + brt_row(1048575) + brt_cell(5, 16383, number)
    assert refusal(write_xlsb(tmp_path / "a.xlsb", far)).reason == "too_many_cells"

    def repeat(xml: bytes) -> bytes:
        return xml.replace(
            b'<table:table-cell office:value-type="float" office:value="12"',
            b'<table:table-cell table:number-columns-repeated="999999999" office:value-type="float" office:value="12"',
        )

    assert refusal(rewrite(FORMATS / "weekly.ods", {"content.xml": repeat}, tmp_path / "a.ods")).reason == "too_many_cells"  # fmt: skip


def test_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    rewrite(write_xlsx(path, [[1]]), {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData>" + b" " * (64 << 20)})
    assert path.stat().st_size < 200_000
    assert refusal(path).reason == "zip_bomb"


def test_a_part_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    rewrite(write_xlsx(path, [[1]]), {"xl/worksheets/sheet1.xml": sheet_xml(CALCULATED + " " * 50_000)})
    data = path.read_bytes()
    with zipfile.ZipFile(path) as package:
        size = package.getinfo("xl/worksheets/sheet1.xml").file_size
    path.write_bytes(data.replace(struct.pack("<I", size), struct.pack("<I", 100)))
    assert refusal(path).reason == "unreadable"


LAUGHS = b'<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"])
def test_entity_bombs_are_not_expanded(tmp_path: Path, part: str) -> None:
    path = rewrite(write_xlsx(tmp_path / "a.xlsx", [["&b;"]]), {part: lambda xml: LAUGHS + xml.partition(b"?>")[2] if b"?>" in xml else LAUGHS + xml})
    assert refusal(path).reason == "entity_bomb"


def test_entity_bomb_in_an_ods(tmp_path: Path) -> None:
    path = rewrite(FORMATS / "weekly.ods", {"content.xml": lambda xml: xml.replace(b"?>", b"?>" + LAUGHS, 1)}, tmp_path / "a.ods")
    assert refusal(path).reason == "entity_bomb"


@pytest.mark.parametrize("error", ["#CALC!", "#SPILL!"])
def test_what_the_main_reader_refuses_gets_a_second_reader(tmp_path: Path, error: str) -> None:
    """calamine knows the errors of old; one cell with a newer one makes it refuse the file."""
    cells = f'<row r="2"><c r="B2" t="e"><v>{error}</v></c><c r="C2"><v>12</v></c></row>'
    path = write_sheet_xml(tmp_path / "a.xlsx", CALCULATED + cells, '<mergeCells><mergeCell ref="A1:B1"/></mergeCells>')
    (sheet,) = open_workbook(path).sheets
    assert sheet.rows == [[1, None, None], [None, error, 12]]
    assert isinstance(sheet.rows[1][1], CellError)
    assert sheet.merges == ((0, 0, 0, 1),)


def test_what_no_reader_can_read_is_refused(tmp_path: Path) -> None:
    assert refusal(write_sheet_xml(tmp_path / "a.xlsx", '<row r="1"><c r="A1" t="s"><v>99</v></c></row>')).reason == "unreadable"


# ---- links ----------------------------------------------------------------------------------------------------------------------


def test_links_may_not_lead_outside(tmp_path: Path) -> None:
    root, outside = tmp_path / "raw", tmp_path / "outside.csv"
    (root / "一所").mkdir(parents=True)
    outside.write_text("secret")
    (root / "inside.csv").write_text("a,b")
    (root / "good.csv").symlink_to(root / "inside.csv")
    (root / "bad.csv").symlink_to(outside)
    (root / "folder").symlink_to(tmp_path)
    (root / "itself.csv").symlink_to(root / "itself.csv")
    check_inside(root / "inside.csv", root)
    check_inside(root / "good.csv", root)
    for name in ("bad.csv", "folder/outside.csv", "itself.csv", "../outside.csv"):
        with pytest.raises(WorkbookRefused) as caught:
            check_inside(root / name, root)
        assert caught.value.reason == "links_outside"


def test_a_refusal_survives_the_way_between_processes() -> None:
    import pickle

    refused = WorkbookRefused("too_large", seen="70 MiB", limit="64 MiB")
    copy = pickle.loads(pickle.dumps(refused))
    assert (copy.reason, copy.message, copy.message_en) == (refused.reason, refused.message, refused.message_en)
