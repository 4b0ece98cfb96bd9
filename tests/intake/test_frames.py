from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.intake.frames import FileKey, ReadFrames, file_id, to_frames, to_rejections
from pipeline.intake.records import Reading, Rejection, SetAside, SheetCount, TableFound, TotalCheck, TypedChange, ZeroReport
from pipeline.tables.base import table
from tests.support.settling import MONDAY, area, number

KEY = FileKey("0" * 64, "a.xlsx", "reader 1")
POINT = Rejection("第12周", "C4", "error", "number_is_readable", "读不出", "四万？", "4万", "unreadable")
WHOLE = Reading(
    "remarks",
    measurements=(number("城关派出所", 40000, attributes={"material": "折页", "venue": "广场"}), number("东关所", None, row=5)),
    rejections=(POINT, replace(POINT, cell="D4", text="", suggestion="", message_en="")),
    set_aside=(SetAside("第12周", "A1:N1", "title"),),
    tables=(TableFound("第12周", "A3:N9", "weekly_tally", ("单位", "发放"), (("城关派出所", 40000),), "周统计表", "f" * 16),),
    entries=(area("东街社区", "城关镇", residents="1200"),),
    totals=(TotalCheck("第12周", "C9", "合计", "发放", 40000, 40000, 40000, 40000, 2, 1, True),),
    typed_changes=(TypedChange("第12周", "D4", "C4", "环比", "+20%", "previous", "any", 0.2, 0.005),),
    counts=(SheetCount("第12周", 9, {"measurement": 2, "title": 1, "header": 6}),),
    zero_reports=(ZeroReport("附", "A2", None, "城关派出所", MONDAY, MONDAY),),
)


def test_a_reading_becomes_rows_of_every_table() -> None:
    frames = to_frames([(KEY, WHOLE), (KEY._replace(path="空.xlsx"), Reading("accepted"))])
    for name, frame in frames.items():
        assert table(name).check(frame).equals(frame), name
    assert {name: frame.height for name, frame in frames.items()} == {
        "read_files": 2,
        "read_measurements": 2,
        "read_rejections": 2,
        "read_set_aside": 1,
        "read_tables": 1,
        "read_entries": 3,
        "read_totals": 1,
        "read_typed_changes": 1,
        "read_counts": 1,
        "read_zero_reports": 1,
    }
    row = frames.measurements.row(0, named=True)
    assert (row["file_id"], row["value"], row["material"], row["venue"], row["audience"]) == (KEY.file_id, 40000, "折页", "广场", None)
    assert (frames.counts["seen"].item(), frames.counts["disposed"].item()) == (9, 9)


def test_points_come_back_as_records() -> None:
    assert to_rejections(to_frames([(KEY, WHOLE)]).rejections) == WHOLE.rejections


def test_nothing_read_is_empty_frames_of_the_right_shape() -> None:
    for (name, frame), (_, empty) in zip(to_frames([]).items(), ReadFrames.empty().items(), strict=True):
        assert frame.equals(empty), name
        assert frame.schema == empty.schema, name


def test_an_attribute_without_a_column_is_never_dropped_silently() -> None:
    with pytest.raises(KeyError, match="colour"):
        to_frames([(KEY, Reading("accepted", (number("城关派出所", 1, attributes={"colour": "红"}),)))])


def test_a_file_is_its_bytes_at_its_place() -> None:
    ids = {file_id(path, sha256) for path in ("a.xlsx", "b.xlsx") for sha256 in ("0" * 64, "1" * 64)}
    assert len(ids) == 4
    assert all(len(i) == 16 for i in ids)
