"""How towns draw their weekly sheet: four layouts, and which columns a town's sheet has when.

Here: headings and where the dates stand, as data. Not here: what the cells say (tally.py).
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Literal

from .district import Town

LEDGER_TOWNS = {"leaflets": 3, "banners": 5, "broadcasts": 8}
"""Towns (by index) that keep a detail ledger. The first hands in the weekly column as well, the others leave it out."""
ADDED_LATER = ("screens", "drones", "groups", "pushes", "van_tours", "pledges")
"""Columns the form did not have in its first calendar year."""
LEFT_TO_LEDGER = {5: ("banners",), 8: ("broadcast_hours", "drones")}


@dataclass(frozen=True)
class Layout:
    """One way to draw the weekly sheet. Columns are (group heading or "", leaf heading, channel key).

    `where` is where the week's dates stand: the metadata line, the title, the title's year with the line's days, or the line
    with the year only in the footer's date.
    """

    subject: str
    columns: tuple[tuple[str, str, str], ...]
    where: Literal["line", "title", "title_year", "footer_year"]
    has_unit_row: bool = False
    has_serial: bool = True

    @property
    def head_rows(self) -> int:
        return 2 if self.has_unit_row or any(group for group, _, _ in self.columns) else 1


LAYOUTS = (
    Layout(
        "单位",
        (
            ("线下宣传", "发放宣传单（份）", "leaflets"),
            ("线下宣传", "悬挂横幅（条）", "banners"),
            ("线下宣传", "LED屏（块）", "screens"),
            ("线下宣传", "广播（小时）", "broadcast_hours"),
            ("线下宣传", "无人机（架次）", "drones"),
            ("线上宣传", "微信群（个）", "groups"),
            ("线上宣传", "推送信息（条）", "pushes"),
            ("线上宣传", "阅读量（万次）", "reads"),
            ("宣传活动", "宣讲场次（场）", "sessions"),
            ("宣传活动", "参与人数（人）", "attendance"),
            ("", "入户走访（户次）", "visits"),
            ("", "受众人次（人次）", "contacts"),
        ),
        "line",
    ),
    Layout(
        "社区（村）",
        (
            ("", "宣传单（份）", "leaflets"),
            ("", "横幅（条）", "banners"),
            ("", "广播（小时）", "broadcast_hours"),
            ("", "警民微信群（个）", "groups"),
            ("", "预警推送（条）", "pushes"),
            ("", "公众号阅读量（万次）", "reads"),
            ("", "宣讲（场）", "sessions"),
            ("", "参与人数（人）", "attendance"),
            ("", "入户走访（户次）", "visits"),
            ("", "受众人次（人次）", "contacts"),
        ),
        "title",
    ),
    Layout(
        "村（社区）",
        (
            ("宣传资料", "（份）", "leaflets"),
            ("横幅", "（条）", "banners"),
            ("大喇叭广播", "（小时）", "broadcast_hours"),
            ("推送信息", "（条）", "pushes"),
            ("阅读量", "（万次）", "reads"),
            ("宣讲场次", "（场）", "sessions"),
            ("参与人数", "（人）", "attendance"),
            ("入户走访", "（户次）", "visits"),
            ("承诺书", "（份）", "pledges"),
            ("受众人次", "（人次）", "contacts"),
        ),
        "title_year",
        has_unit_row=True,
        has_serial=False,
    ),
    Layout(
        "社区",
        (
            ("发放悬挂", "宣传资料（份）", "leaflets"),
            ("发放悬挂", "条幅（条）", "banners"),
            ("视听宣传", "LED屏（块）", "screens"),
            ("视听宣传", "小广播（小时）", "broadcast_hours"),
            ("视听宣传", "宣传车（台次）", "van_tours"),
            ("线上", "推送（条）", "pushes"),
            ("线上", "阅读量（万次）", "reads"),
            ("面对面", "讲座（场）", "sessions"),
            ("面对面", "参加人数（人）", "attendance"),
            ("面对面", "上门走访（户次）", "visits"),
            ("", "受众人次", "contacts"),
        ),
        "footer_year",
    ),
)


def layout_of(town: Town, *, is_early: bool) -> Layout:
    layout = LAYOUTS[town.index % len(LAYOUTS)]
    left_out = {*LEFT_TO_LEDGER.get(town.index, ()), *(ADDED_LATER if is_early else ())}
    return dataclasses.replace(layout, columns=tuple(c for c in layout.columns if c[2] not in left_out))
