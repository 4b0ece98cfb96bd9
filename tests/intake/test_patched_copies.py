"""A marked copy of an xlsx is the analyst's own package: parts that need not change keep their bytes, whatever stands in them.

Every copy here is also checked against the rules by which spreadsheet programs decide to repair a file (tests/support/package_rules.py).
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from pipeline.intake.records import Rejection
from pipeline.intake.returned import COMMENT_MARK, RETURNED_SHEET, write_returned
from pipeline.intake.workbook import open_workbook
from tests.support import office_package as office
from tests.support.package_rules import MAIN, faults
from tests.support.workbooks import rewrite, write_sheet_xml, write_xlsx

pytestmark = pytest.mark.filterwarnings("ignore:Conditional Formatting extension")  # openpyxl on what it would drop
SPREADSHEETS = Path(__file__).parent.parent / "spreadsheets"
RED, AMBER = "FFFF9B9B", "FFFFD980"
SHEET = "xl/worksheets/sheet1.xml"
REBUILT = "公式（只保留结果）"


def point(cell: str, severity: str = "error", sheet: str = "第12周") -> Rejection:
    return Rejection(sheet, cell, severity, "a_rule", f"{cell} 请核对", text="若干份")  # type: ignore[arg-type]


POINTS = [point("B3"), point("C4", "warning"), point("B5", "warning"), point("F6"), point("D8"), point("B1", "warning")]


def copied(original: Path, points: list[Rejection] | None = None) -> Path:
    """The copy, beside the original; it breaks no rule of the format."""
    to = original.with_name(f"退回 {original.name}")
    write_returned(original, POINTS if points is None else points, to)
    assert faults(to) == []
    return to


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def words(path: Path) -> str:
    return "\n".join(str(value) for row in load_workbook(path).worksheets[0].iter_rows(values_only=True) for value in row if value)


def colours(sheet: Worksheet, *cells: str) -> list[str]:
    return [sheet[cell].fill.fgColor.rgb if sheet[cell].fill.fill_type else "" for cell in cells]


@pytest.fixture
def original(tmp_path: Path) -> Path:
    return office.write_office(tmp_path / "周报.xlsx")


def test_parts_that_need_not_change_keep_their_bytes(original: Path) -> None:
    before, after = parts(original), parts(copied(original))
    assert {name for name in before if after[name] != before[name]} == {
        "[Content_Types].xml",
        "xl/_rels/workbook.xml.rels",
        "xl/comments1.xml",
        "xl/drawings/vmlDrawing1.vml",
        "xl/styles.xml",
        "xl/workbook.xml",
        "xl/worksheets/sheet1.xml",
        "xl/worksheets/sheet2.xml",  # it was selected together with the other
    }
    assert after.keys() - before.keys() == {"xl/worksheets/sheet3.xml"}
    assert after["xl/worksheets/sheet2.xml"] == before["xl/worksheets/sheet2.xml"].replace(b' tabSelected="1"', b"")
    assert "未能保留：原有批注对话的格子上的说明" in words(original.with_name("退回 周报.xlsx"))


def test_a_sheet_without_points_keeps_its_bytes(tmp_path: Path) -> None:
    original = write_xlsx(tmp_path / "a.xlsx", {"第12周": [["单位"]], "其他": [["单位", 3]]})
    before, after = parts(original), parts(copied(original, [point("A1")]))
    assert after["xl/worksheets/sheet2.xml"] == before["xl/worksheets/sheet2.xml"]
    assert after["docProps/app.xml"] == before["docProps/app.xml"]


def test_of_a_marked_sheet_only_formats_of_cells_change(original: Path) -> None:
    before, after = (ElementTree.fromstring(parts(path)[SHEET]) for path in (original, copied(original)))
    expected = [child.tag for child in before if child.tag != MAIN + "dimension"]  # cells were added beyond what it says
    assert [child.tag for child in after] == expected
    for tag in set(expected) - {MAIN + "sheetData", MAIN + "sheetViews"}:
        assert canonical(after.find(tag)) == canonical(before.find(tag)), tag
    cells = {cell.get("r"): cell for cell in before.iter(MAIN + "c")}
    for cell in after.iter(MAIN + "c"):
        reference = cell.get("r")
        assert list(map(canonical, cell)) == list(map(canonical, cells.get(reference, ()))), reference
        assert reference in {"B1", "B3", "C4", "B5", "F6", "D8", "A1"} or cell.attrib == cells[reference].attrib


def canonical(element: ElementTree.Element | None) -> str:
    assert element is not None
    return ElementTree.canonicalize(ElementTree.tostring(element), strip_text=True)


def test_a_marked_cell_keeps_all_of_its_format_but_the_fill(original: Path) -> None:
    sheet = load_workbook(copied(original))["第12周"]
    assert colours(sheet, "B3", "C4", "B5", "F6", "D8", "A1", "B4") == [RED, AMBER, AMBER, RED, RED, AMBER, ""]
    assert (sheet["C4"].number_format, sheet["C4"].border.left.style) == ("0%", "thin")
    assert (sheet["A1"].font.b, sheet["A1"].alignment.horizontal) == (True, "center"), "a merged cell is its top left"
    assert sheet["B5"].font.b, "a cell that was not there has its row's format"
    assert (sheet["F6"].number_format, sheet["F6"].border.left.style) == ("0%", "thin"), "… else its column's"
    assert (sheet["C3"].fill.fgColor.theme, sheet["B6"].number_format) == (9, '0"份"')


def test_formulas_keep_their_results(original: Path) -> None:
    before, after = (open_workbook(path).sheets for path in (original, copied(original)))
    assert [sheet.name for sheet in after] == [RETURNED_SHEET, "第12周", "说明"]
    assert [row[:3] for row in after[1].rows[:6]] == before[0].rows
    assert after[1].rows[5][1] == 30
    assert load_workbook(original.with_name("退回 周报.xlsx"))["第12周"]["B6"].value == "=SUM(B3:B5)"


def test_names_of_sheets_move_with_them_and_ours_is_shown_first(original: Path) -> None:
    book = load_workbook(copied(original))
    assert book["说明"].print_area == "'说明'!$A$1:$B$9"
    assert book["第12周"].print_title_rows == "$2:$2"
    assert book[RETURNED_SHEET].print_title_rows
    assert book.active.title == RETURNED_SHEET
    assert [sheet.title for sheet in book if sheet.sheet_view.tabSelected] == [RETURNED_SHEET]
    workbook = ElementTree.fromstring(parts(original.with_name("退回 周报.xlsx"))["xl/workbook.xml"])
    assert [view.get("firstSheet") for view in workbook.iter(MAIN + "workbookView")] == [None]
    assert [sheet.get("sheetId") for sheet in workbook.iter(MAIN + "sheet")] == ["8", "3", "7"]


def test_our_comments_stand_below_the_analysts(original: Path) -> None:
    copy = copied(original)
    sheet = load_workbook(copy)["第12周"]
    assert sheet["B3"].comment.text.split("\n")[:3] == ["甲:", "含快递", f"{COMMENT_MARK}红色：未载入"]
    assert sheet["C4"].comment.text.startswith(f"[Threaded comment] 请核对\n{COMMENT_MARK}黄色")
    assert sheet["D8"].comment.text.startswith(COMMENT_MARK)
    listed = ElementTree.fromstring(parts(copy)["xl/comments1.xml"])
    assert listed.find(f".//{MAIN}rPr/{MAIN}b") is not None, "the analyst's runs keep their fonts"
    drawing = parts(copy)["xl/drawings/vmlDrawing1.vml"].decode()
    assert 'id="_x0000_s1025"' in drawing
    assert drawing.count('type="frame"') == 2, "a picture in a comment's box stays"
    assert ">2, 15, 1, 10, 4, 15, 9, 4<" in drawing, "the box grows downward by what ours takes"


@pytest.mark.parametrize(
    ("name", "is_kept", "content_type"),
    [("周报.xlsm", True, "application/vnd.ms-excel.sheet.macroEnabled.main+xml"), ("周报.xlsx", False, None)],
)
def test_macros_stay_where_the_name_allows_them(tmp_path: Path, name: str, is_kept: bool, content_type: str | None) -> None:
    def with_macros(content: office.Parts) -> None:
        content["xl/vbaProject.bin"] = b"\xd0\xcf\x11\xe0 macros"
        content["xl/_rels/workbook.xml.rels"] = content["xl/_rels/workbook.xml.rels"].replace(
            b"</Rel", f'<Relationship Id="rId9" Type="{office.MS}/2006/relationships/vbaProject" Target="vbaProject.bin"/></Rel'.encode()
        )
        for old, new in (
            (b"</Types>", b'<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'),
            (b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
        ):
            content["[Content_Types].xml"] = content["[Content_Types].xml"].replace(old, new)

    copy = copied(office.write_office(tmp_path / name, with_macros))
    after = parts(copy)
    assert after.get("xl/vbaProject.bin") == (b"\xd0\xcf\x11\xe0 macros" if is_kept else None)
    expected = content_type or "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    assert f'PartName="/xl/workbook.xml" ContentType="{expected}"' in after["[Content_Types].xml"].decode()
    assert ("、宏" in words(copy) or "：宏" in words(copy)) is not is_kept


def test_what_would_be_wrong_in_the_copy_is_left_out_and_named(tmp_path: Path) -> None:
    def signed_and_shared(content: office.Parts) -> None:
        kind = f"{office.PACKAGE}/relationships/digital-signature"
        content["_rels/.rels"] = content["_rels/.rels"].replace(
            b"</Rel", f'<Relationship Id="rId8" Type="{kind}/origin" Target="_xmlsignatures/origin.sigs"/></Rel'.encode()
        )
        content["_xmlsignatures/origin.sigs"] = b""
        content["_xmlsignatures/_rels/origin.sigs.rels"] = office._rels((f"{kind}/signature", "sig1.xml"))
        content["_xmlsignatures/sig1.xml"] = b"<Signature/>"
        content["xl/_rels/workbook.xml.rels"] = content["xl/_rels/workbook.xml.rels"].replace(
            b"</Rel", f'<Relationship Id="rId9" Type="{office.OFFICE}/revisionHeaders" Target="revisions/headers.xml"/></Rel'.encode()
        )
        content["xl/revisions/headers.xml"] = f'<headers xmlns="{office.MAIN}"/>'.encode()
        content["[Content_Types].xml"] = content["[Content_Types].xml"].replace(
            b"<Override", b'<Default Extension="sigs" ContentType="application/vnd.openxmlformats-package.digital-signature-origin"/><Override', 1
        )

    copy = copied(office.write_office(tmp_path / "a.xlsx", signed_and_shared))
    assert [name for name in parts(copy) if "sig" in name or "revisions" in name] == []
    assert "未能保留：数字签名（内容已有改动）、共享工作簿的修订记录" in words(copy)


@pytest.mark.parametrize(
    "written",
    [office.with_prefixes, office.in_utf16, office.elsewhere, office.without_styles, office.without_references, office.with_views_left_out],
    ids=lambda f: f.__name__,
)
def test_packages_written_in_other_ways_are_patched_too(tmp_path: Path, written: Callable[[office.Parts], None]) -> None:
    original = office.write_office(tmp_path / "a.xlsx", written)
    copy = copied(original)
    sheet = load_workbook(copy)["第12周"]
    assert colours(sheet, "B3", "C4", "B5", "D8", "A1", "B4") == [RED, AMBER, AMBER, RED, AMBER, ""]
    assert sheet["B3"].comment.text.startswith(f"甲:\n含快递\n{COMMENT_MARK}")
    assert open_workbook(copy).sheets[1].rows[5][1] == 30
    kept = {name for name, content in parts(original).items() if parts(copy).get(name) == content}
    assert {name.rpartition("/")[2] for name in kept} >= {"image1.png", "chart1.xml", "ctrlProp1.xml", "sharedStrings.xml", "calcChain.xml"}
    assert REBUILT not in words(copy)


@pytest.mark.parametrize("written", [office.strictly, office.with_a_broken_sheet, office.with_rows_out_of_order], ids=lambda f: f.__name__)
def test_what_cannot_be_patched_is_rebuilt(tmp_path: Path, written: Callable[[office.Parts], None]) -> None:
    original = office.write_office(tmp_path / "a.xlsx", written)
    copy = copied(original)
    assert REBUILT in words(copy)
    assert "图片" in words(copy)
    sheet = load_workbook(copy)["第12周"]
    assert colours(sheet, "B3", "C4", "B4") == [RED, AMBER, ""]
    assert sheet["B3"].comment.text.startswith(f"甲:\n含快递\n{COMMENT_MARK}")


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_package_comes_back_all_the_same(tmp_path: Path, seed: int) -> None:
    original = office.write_office(tmp_path / "a.xlsx", office.damaged(seed))
    to = tmp_path / "b.xlsx"
    write_returned(original, POINTS, to)
    listed = CalamineWorkbook.from_path(to).get_sheet_by_name(RETURNED_SHEET).to_python()
    assert [row[3] for row in listed if row[0] in {"1", "6"}] == ["B3", "B1"]


def test_a_copy_of_a_copy_is_the_original_again_but_for_the_new_marks(original: Path) -> None:
    once = copied(original)
    twice = copied(once, [point("B4", "warning")])
    book = load_workbook(twice)
    assert book.sheetnames == [RETURNED_SHEET, "第12周", "说明"]
    sheet, plain = book["第12周"], load_workbook(original)["第12周"]
    assert colours(sheet, "B3", "B4", "B5", "F6", "D8", "A1") == ["", AMBER, "", "", "", ""]
    texts = {cell: sheet[cell].comment and sheet[cell].comment.text for cell in ("B3", "C4", "D8", "F6")}
    assert texts == {cell: plain[cell].comment and plain[cell].comment.text for cell in texts}
    assert book["说明"].print_area == "'说明'!$A$1:$B$9"
    assert "xl/calcChain.xml" not in parts(twice), "it may name cells of the sheet that was taken out"
    assert ">2, 15, 1, 10, 4, 15, 5, 4<" in parts(twice)["xl/drawings/vmlDrawing1.vml"].decode(), "the box is as high as it was"


def test_comments_that_were_ours_alone_leave_nothing_behind(tmp_path: Path) -> None:
    original = write_xlsx(tmp_path / "a.xlsx", {"第12周": [["单位", "若干"]]})
    again = copied(copied(original, [point("B1"), point("C9")]), [Rejection("第12周", "", "warning", "r", "没有格子")])
    assert [name for name in parts(again) if "comments" in name or "vml" in name] == []
    assert b"legacyDrawing" not in parts(again)[SHEET]


def test_a_sheet_too_large_to_parse_stays_as_it_is_and_the_list_says_so(tmp_path: Path) -> None:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row>' + " " * (25 << 20)
    views = b'<sheetViews><sheetView tabSelected="1" workbookViewId="0"/></sheetViews><sheetData>'
    original = rewrite(write_sheet_xml(tmp_path / "a.xlsx", cells), {SHEET: lambda xml: xml.replace(b"<sheetData>", views)})
    copy = copied(original, [point("A1", sheet="Sheet1")])
    assert parts(copy)[SHEET] == parts(original)[SHEET].replace(b' tabSelected="1"', b""), "or what is typed into our sheet lands here too"
    assert "未能保留：很大的工作表上的颜色和批注" in words(copy)


def test_text_that_xml_cannot_carry_and_ranges_the_wrong_way_round(tmp_path: Path) -> None:
    original = write_xlsx(tmp_path / "a.xlsx", {"第12周": [["单位"]]})
    odd = Rejection("第12周", "C3:B2", "error", "r", "看到\x00\ud800\uffff" + "长" * 40_000, text="=1+1\x0b")
    copy = copied(original, [odd, point("ZZZ1"), point("A9999999")])
    sheet = load_workbook(copy)["第12周"]
    assert colours(sheet, "B2", "B3", "C2", "C3", "A1") == [RED, RED, RED, RED, ""]
    assert sheet["B2"].comment.text.startswith(f"{COMMENT_MARK}红色：未载入\n看到：=1+1\n看到长")
    assert len(sheet["B2"].comment.text) <= 32_767


@pytest.mark.parametrize("file", sorted(SPREADSHEETS.glob("*.xlsx")), ids=lambda file: file.stem)
def test_any_workbook_can_be_marked_anywhere(file: Path, tmp_path: Path) -> None:
    read = open_workbook(file)
    points = [
        point(area, severity, sheet.name) for sheet in read.sheets for area, severity in (("A1", "error"), ("C3:E7", "warning"), ("D5", "error"))
    ]
    to = tmp_path / file.name
    write_returned(file, points, to)
    assert faults(to) == []
    before, after = load_workbook(file), load_workbook(to)
    for sheet in before:
        marked = after[sheet.title]
        assert [[cell.value for cell in row] for row in marked.iter_rows(1, sheet.max_row, 1, sheet.max_column)] == [
            [cell.value for cell in row] for row in sheet.iter_rows(1, sheet.max_row, 1, sheet.max_column)
        ]
        assert str(marked.merged_cells) == str(sheet.merged_cells)
        assert marked["A1"].fill.fgColor.rgb == RED


def test_ids_resolve_in_every_package_the_rules_let_pass(original: Path) -> None:
    """The rules themselves: each finds what it is there to find."""
    copy = copied(original)
    content = parts(copy)
    sheet = content[SHEET]
    broken = {
        "out of order": {SHEET: sheet.replace(b"<drawing ", b"<legacyDrawing ").replace(b'<legacyDrawing r:id="rId3"', b'<drawing r:id="rId3"', 1)},
        "which is missing": {"xl/media/image1.png": None},
        "no content type": {"xl/new.odd": b""},
        "has no format": {SHEET: sheet.replace(b'<c r="C3" s="1"', b'<c r="C3" s="999"')},
        "counts wrongly": {"xl/styles.xml": content["xl/styles.xml"].replace(b"<fonts count=", b'<fonts count="9" old=')},
        "after row": {SHEET: sheet.replace(b'<row r="4"', b'<row r="2"')},
        "names the relationship": {SHEET: sheet.replace(b'<legacyDrawing r:id="rId3"', b'<legacyDrawing r:id="rId77"')},
        "comments in": {"xl/comments1.xml": content["xl/comments1.xml"].replace(b'ref="D8"', b'ref="D9"').replace(b'ref="B3"', b'ref="D9"')},
    }
    for expected, changes in broken.items():
        with zipfile.ZipFile(original, "w") as target:
            for name, data in (content | changes).items():
                if data is not None:
                    target.writestr(name, data)
        assert any(expected in fault for fault in faults(original)), (expected, faults(original))
