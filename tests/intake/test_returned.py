"""What comes back to the analyst: their own workbook, marked and safe, the same bytes every time, and known again when corrected."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pytest
from openpyxl import Workbook as Book
from openpyxl import load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.intake.records import Rejection
from pipeline.intake.returned import (
    COMMENT_MARK,
    RETURNED_SHEET,
    is_returned_copy,
    original_hash,
    our_sheets,
    returned_path,
    strip_our_comments,
    write_returned,
)
from pipeline.intake.workbook import open_workbook
from tests.support.workbooks import rewrite, write_sheet_xml, write_xlsx

FORMATS = Path(__file__).parent.parent / "spreadsheets" / "formats"
RED, AMBER = "FFFF9B9B", "FFFFD980"

ERROR = Rejection("第12周", "B3", "error", "cell_is_readable", "看到“若干份”，读不出数量；请写成数字，如 1200", text="若干份", suggestion="1200")
WARNING = Rejection("第12周", "C3", "warning", "unit_is_stated", "按“条”载入；若不对请写明单位", text="8")
NOTE = Rejection("第12周", "D3", "note", "column_is_recomputed", "完成率由系统重算，未载入", text="97%")
WHOLE = Rejection("", "", "warning", "heading_is_known", "“其他宣传”不是已知渠道；最接近“宣传单”", text="其他宣传")


@pytest.fixture
def original(tmp_path: Path) -> Path:
    """An analyst's workbook with formats, a formula, a comment, a merge and formula-like text."""
    book = Book()
    sheet = book.worksheets[0]
    sheet.title = "第12周"
    sheet.append(["示例区周统计表（虚构）"])
    sheet.append(["单位", "份数", "横幅", "完成率"])
    sheet.append(["一所", "若干份", 8, "97%"])
    sheet.append(["二所", 5, 6, 0.5])
    sheet["B5"] = "=SUM(B3:B4)"
    sheet["E3"] = "=cmd|' /C calc'!A0"
    sheet["E3"].data_type = "s"
    sheet["A1"].font = Font(bold=True, size=18)
    sheet["B4"].fill = PatternFill("solid", fgColor="FF00FF00")
    sheet["B3"].comment = Comment("含快递", "一所")
    sheet["C4"].comment = Comment("新挂", "一所")
    sheet.merge_cells("A1:D1")
    path = tmp_path / "raw" / "周报.xlsx"
    path.parent.mkdir()
    book.save(path)
    return path


def returned(original: Path, points: list[Rejection], tmp_path: Path, **more: object) -> tuple[Path, Worksheet, Worksheet | None]:
    to = tmp_path / "returned" / returned_path(Path(original.name))
    write_returned(original, points, to, **more)  # type: ignore[arg-type]
    book = load_workbook(to)
    assert book.sheetnames[0] == RETURNED_SHEET
    return to, book.worksheets[0], book.worksheets[1] if len(book.worksheets) > 1 else None


def words(sheet: Worksheet) -> str:
    return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)


def test_cells_are_marked_and_everything_else_stays(original: Path, tmp_path: Path) -> None:
    before = original.read_bytes()
    _, _, sheet = returned(original, [ERROR, WARNING, NOTE, WHOLE], tmp_path)
    assert sheet is not None
    assert original.read_bytes() == before
    assert [sheet[cell].fill.fgColor.rgb for cell in ("B3", "C3")] == [RED, AMBER]
    assert sheet["D3"].fill.fill_type is None
    assert sheet["B4"].fill.fgColor.rgb == "FF00FF00"
    assert (sheet["A1"].font.b, sheet["A1"].font.size) == (True, 18)
    assert sheet["B5"].value == "=SUM(B3:B4)"
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A1:D1"]
    assert sheet["B3"].comment.text == f"含快递\n{COMMENT_MARK}红色：未载入\n看到：若干份\n{ERROR.message}\n建议：1200"
    assert sheet["C3"].comment.text.startswith(f"{COMMENT_MARK}黄色")
    assert sheet["C4"].comment.text == "新挂"


def test_the_first_sheet_lists_every_point_with_a_link(original: Path, tmp_path: Path) -> None:
    _, listed, _ = returned(original, [ERROR, WARNING, NOTE, WHOLE], tmp_path, receipt="部分载入：载入 3 个数", losses=["宏"])
    rows = [[cell.value for cell in row] for row in listed.iter_rows()]
    start = next(number for number, row in enumerate(rows) if row[0] == "序号")
    assert [row[:6] for row in rows[start + 1 :]] == [
        ["1", "未载入", "第12周", "B3", "若干份", ERROR.message],
        ["2", "请确认", "第12周", "C3", "8", WARNING.message],
        ["3", "提示", "第12周", "D3", "97%", NOTE.message],
        ["4", "请确认", "（整个文件）", "—", "其他宣传", WHOLE.message],
    ]
    links = [listed.cell(start + 2 + n, 4).hyperlink for n in range(4)]
    assert [link and link.location for link in links] == ["'第12周'!B3", "'第12周'!C3", "'第12周'!D3", None]
    text = words(listed)
    for expected in ("部分载入：载入 3 个数", "1 处未载入", "2 处已载入，请确认", "本副本未能保留：宏", "红色：未载入", "放回原来的数据文件夹"):
        assert expected in text


def test_the_same_input_gives_the_same_bytes(original: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    for to in (first, second):
        write_returned(original, [ERROR, WARNING], to)
    assert first.read_bytes() == second.read_bytes()
    assert first.stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1.xlsx", "2.xlsx", "raw"]


def test_formula_like_text_stays_text(original: Path, tmp_path: Path) -> None:
    evil = Rejection("第12周", "E3", "error", "cell_is_readable", "=1+1", text='=HYPERLINK("http://x")', suggestion="@SUM(A1)")
    to, listed, sheet = returned(original, [evil], tmp_path)
    assert sheet is not None
    assert (sheet["E3"].value, sheet["E3"].data_type) == ("=cmd|' /C calc'!A0", "s")
    row = next(row for row in listed.iter_rows() if row[0].value == "1")
    assert {cell.data_type for cell in row if cell.value is not None} == {"s"}
    assert [cell.quotePrefix for cell in row][4:] == [True, True, True]
    assert [value for value in open_workbook(to).sheets[1].rows[2] if value][-1] == "=cmd|' /C calc'!A0"


@pytest.mark.parametrize("name", ["weekly.xls", "weekly.ods"])
def test_other_formats_come_back_as_xlsx(name: str, tmp_path: Path) -> None:
    to, listed, sheet = returned(FORMATS / name, [ERROR], tmp_path)
    assert sheet is not None
    assert to.name == f"{name}.xlsx"
    again, before = open_workbook(to), open_workbook(FORMATS / name)
    for copied, read in zip(again.sheets[1:], before.sheets, strict=True):
        assert (copied.name, copied.rows, copied.merges, copied.is_visible) == (read.name, read.rows, read.merges, read.is_visible)
    assert sheet["B3"].fill.fgColor.rgb == RED
    assert sheet["D4"].number_format == "0.0%" if name.endswith("xls") else "0%"
    assert sheet["B4"].comment.text == "另有垫餐纸"
    assert "公式（只保留结果）" in words(listed)


def test_csv_comes_back_with_its_text(tmp_path: Path) -> None:
    path = tmp_path / "一所[第12周]/周报.csv"
    path.parent.mkdir()
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows([["单位", "份数"], ["一所", "007"], ["二所", "=1+1"], ["三所\x07", "-3"]])
    point = Rejection("周报", "B3", "error", "cell_is_readable", "看到公式样的文字")
    to, _, sheet = returned(path, [point], tmp_path)
    assert sheet is not None
    assert to.name == "周报.csv.xlsx"
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [["单位", "份数"], ["一所", "007"], ["二所", "=1+1"], ["三所", "-3"]]
    assert sheet["B3"].data_type == "s"
    assert sheet["B3"].fill.fgColor.rgb == RED


def test_a_sheet_name_that_xlsx_cannot_carry(tmp_path: Path) -> None:
    path = tmp_path / f"{'很长的名字' * 9}[1].csv"
    path.write_text("单位,份数\n一所,x\n")
    _, listed, sheet = returned(path, [Rejection(path.stem, "B2", "error", "r", "m")], tmp_path)
    assert sheet is not None
    assert sheet["B2"].fill.fgColor.rgb == RED
    row = next(row for row in listed.iter_rows() if row[0].value == "1")
    assert row[3].hyperlink is not None
    assert row[3].hyperlink.location == f"'{sheet.title}'!B2"


def test_merged_cells_ranges_and_several_points_on_one_cell(original: Path, tmp_path: Path) -> None:
    points = [
        Rejection("第12周", "C1", "warning", "period", "标题没有年份"),
        Rejection("第12周", "A3:B4", "warning", "rows", "两行重复"),
        ERROR,
        Rejection("第12周", "B3", "warning", "more", "还有一处"),
        Rejection("第12周", "整行", "error", "odd", "没有单元格"),
        Rejection("不存在", "A1", "error", "odd", "没有这张表"),
    ]
    _, listed, sheet = returned(original, points, tmp_path)
    assert sheet is not None
    assert sheet["A1"].fill.fgColor.rgb == AMBER
    assert [sheet[cell].fill.fgColor.rgb for cell in ("A3", "B3", "A4", "B4")] == [AMBER, RED, AMBER, AMBER]
    assert ERROR.message in sheet["B3"].comment.text
    assert "还有一处" in sheet["B3"].comment.text
    assert "没有这张表" in words(listed)


def test_a_corrected_copy_is_known_and_its_marks_are_ignored(original: Path, tmp_path: Path) -> None:
    to, _, _ = returned(original, [ERROR, WARNING], tmp_path)
    corrected = load_workbook(to)
    corrected["第12周"]["B3"] = 1200
    corrected.save(to)
    book = open_workbook(to)
    assert is_returned_copy(book)
    assert original_hash(book) == hashlib.sha256(original.read_bytes()).hexdigest()
    assert our_sheets(book) == {RETURNED_SHEET}
    own = strip_our_comments(book)
    assert own.sheets[1].comments == open_workbook(original).sheets[0].comments
    assert own.sheets[1].rows[2][1] == 1200
    assert not is_returned_copy(open_workbook(original))


def test_a_copy_handed_back_again_carries_only_the_new_marks(original: Path, tmp_path: Path) -> None:
    once, _, _ = returned(original, [ERROR, WARNING], tmp_path)
    twice, listed, sheet = returned(once, [WARNING], tmp_path / "again")
    assert sheet is not None
    assert load_workbook(twice).sheetnames == [RETURNED_SHEET, "第12周"]
    assert sheet["B3"].fill.fill_type is None
    assert sheet["B3"].comment.text == "含快递"
    assert sheet["C3"].fill.fgColor.rgb == AMBER
    assert ERROR.message not in words(listed)
    assert original_hash(open_workbook(twice)) == hashlib.sha256(once.read_bytes()).hexdigest()


def test_an_analysts_own_sheet_of_that_name_is_kept(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {RETURNED_SHEET: [["货物退回", 3]], "第12周": [["单位"]]})
    assert not is_returned_copy(open_workbook(path))
    write_returned(path, [WHOLE], tmp_path / "b.xlsx")
    book = open_workbook(tmp_path / "b.xlsx")
    assert our_sheets(book) == {book.sheets[0].name}
    assert [(sheet.name, sheet.rows[0][0]) for sheet in book.sheets[1:]] == [(RETURNED_SHEET, "货物退回"), ("第12周", "单位")]


def test_what_the_copy_cannot_keep_is_named(original: Path, tmp_path: Path) -> None:
    book = load_workbook(original)
    chart = BarChart()
    sheet = book.worksheets[0]
    chart.add_data(Reference(sheet, min_col=3, min_row=3, max_row=4))
    sheet.add_chart(chart, "G2")
    book.save(original)

    def with_picture(xml: bytes) -> bytes:
        return xml.replace(b"</wsDr>", b"<pic/></wsDr>").replace(b"</xdr:wsDr>", b"<xdr:pic/></xdr:wsDr>")

    rewrite(original, {"xl/drawings/drawing1.xml": with_picture, "xl/vbaProject.bin": b"\0"})
    assert open_workbook(original).drawings == {"第12周": ("chart", "picture")}
    _, listed, _ = returned(original, [ERROR], tmp_path)
    assert "本副本未能保留：宏。" in words(listed), "pictures and charts are kept"


@pytest.mark.parametrize(
    ("name", "data", "rule"),
    [("locked.xlsx", b"PK\3\4 not a zip", "password_protected"), ("gone.xlsx", b"x", "timeout"), ("empty.xls", b"", "empty")],
)
def test_a_file_that_cannot_be_opened_comes_back_as_the_list_alone(tmp_path: Path, name: str, data: bytes, rule: str) -> None:
    (tmp_path / name).write_bytes(data)
    _, listed, sheet = returned(tmp_path / name, [Rejection("", "", "error", rule, "请取消密码后重新放入")], tmp_path)
    assert sheet is None
    assert "请取消密码后重新放入" in words(listed)


def test_a_merge_over_whole_columns_does_not_stop_the_copy(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="B2"><v>3</v></c></row>'
    path = write_sheet_xml(tmp_path / "a.xlsx", rows, '<mergeCells><mergeCell ref="A1:A1048576"/></mergeCells>')
    point = Rejection("Sheet1", "B2", "error", "r", "m")
    _, _, sheet = returned(path, [point], tmp_path)
    assert sheet is not None
    assert sheet["B2"].fill.fgColor.rgb == RED


def test_thousands_of_points_are_all_listed(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"大表": [[n] for n in range(3000)]})
    points = [Rejection("大表", f"A{n}", "error", "r", f"第 {n} 处") for n in range(1, 3001)]
    _, listed, sheet = returned(path, points, tmp_path)
    assert sheet is not None
    assert listed.cell(listed.max_row, 6).value == "第 3000 处"
    assert sheet["A3000"].fill.fgColor.rgb == RED
    assert sum(sheet.cell(row, 1).comment is not None for row in range(1, 3001)) == 2000
