"""The same heading below two platforms is two numbers; below words that may mean all of them it is asked about."""

from __future__ import annotations

import pytest

from tests.support.sheets import Rows, read_rows, rules


@pytest.mark.parametrize(
    ("parents", "is_told"),
    [
        (("抖音号", "视频号"), True),
        (("快手", "抖音"), True),
        (("新媒体", "抖音号"), False),
        (("官方抖音号", "视频号"), False),
        (("抖音号", "抖音号"), False),
    ],
)
def test_numbers_below_platforms(parents: tuple[str, str], is_told: bool) -> None:
    rows: Rows = [
        ["云崖市公安局反诈新媒体宣传发布情况（2026年2月）"],
        ["单位", "横幅（条）", parents[0], None, parents[1], None],
        [None, None, "短视频（条）", "播放量（万次）", "短视频（条）", "播放量（万次）"],
        ["云台分局", 3, 5, 3.2, 4, "0.9万次"],
    ]
    reading = read_rows(rows, ["A2:A3", "B2:B3", "C2:D2", "E2:F2"])
    media = [m for m in reading.measurements if m.channel == "online_media"]
    assert [(m.cell, m.value) for m in media] == ([("C4", 5), ("D4", 32000), ("E4", 4), ("F4", 9000)] if is_told else [])
    assert len({(m.measure, m.attributes.get("platform")) for m in media}) == len(media)
    assert ("heading_is_unambiguous" in rules(reading)) == (not is_told)


def test_a_column_of_all_platforms_beside_them_leaves_a_doubt() -> None:
    rows: Rows = [
        ["新媒体宣传发布情况（2026年2月）"],
        ["单位", "抖音号", "视频号", "短视频（条）"],
        [None, "短视频（条）", "短视频（条）", None],
        ["云台分局", 5, 4, 9],
    ]
    reading = read_rows(rows, ["A2:A3", "D2:D3"])
    assert not reading.measurements or {m.cell for m in reading.measurements} == {"B4", "C4"}
