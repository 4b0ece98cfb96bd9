"""What was played is of the carrier its heading names, of the nearest screen or loudspeaker where it names none, unknown where it may name one."""

from __future__ import annotations

import pytest

from tests.support.sheets import numbers, read_rows, rules


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("语音播报（万次）", "broadcasts.plays"),
        ("语音循环播放（次）", "broadcasts.plays"),
        ("到站语音报站（次）", "broadcasts.plays"),
        ("录音播放（小时）", "broadcasts.hours"),
        ("播放（次）", "displays.plays"),
        ("滚动播放次数", "displays.plays"),
        ("播报（次）", "displays.plays"),
        # letters nobody knows may name a carrier of its own
        ("灯箱播放（次）", None),
        ("玻璃幕墙播放（次）", None),
    ],
)
def test_plays_beside_a_screen(heading: str, code: str | None) -> None:
    rows = [["公交集团2026年3月反诈宣传情况"], ["车队", "车载屏（块）", heading], ["一车队", 64, 5], ["二车队", 58, 7]]
    reading = read_rows(rows)
    assert {found for cell, (found, *_) in numbers(reading).items() if cell.startswith("C")} == ({code} if code else set())
    assert (rules(reading).get("heading_is_known") == ["C2"]) == (code is None)
