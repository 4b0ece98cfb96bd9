"""Files that are refused, and why: damaged, hostile, too large, no workbooks at all, or with links that lead outside."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest

from pipeline.intake.grid import CellError
from pipeline.intake.workbook import WorkbookRefused, check_inside, open_workbook
from tests.support.workbooks import (
    CALCULATED,
    FORMATS,
    biff,
    biff_workbook,
    brt_cell,
    brt_row,
    compound_file,
    rewrite,
    sheet_xml,
    write_sheet_xml,
    write_xls,
    write_xlsb,
    write_xlsx,
    write_zip,
)


def refusal(path: Path, **limits: int) -> WorkbookRefused:
    with pytest.raises(WorkbookRefused) as caught:
        open_workbook(path, **limits)
    return caught.value


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
