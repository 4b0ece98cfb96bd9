"""What the county office puts together from others' sheets: it repeats them, sometimes with a slip of its own.

Every number here has a better witness, the town's own sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from random import Random

from .activity import CHANNELS, Channel
from .district import CENTRE, NEVER_REPORTED, District
from .sheets import FICTIONAL, Fact, Page
from .tally import long_span
from .wording import exactly, missing, plain

COLUMNS = (
    ("宣传单（份）", "leaflets"),
    ("宣讲场次（场）", "sessions"),
    ("参与人数（人）", "attendance"),
    ("入户走访（户次）", "visits"),
    ("受众人次（人次）", "contacts"),
)
CODES = {key: (CHANNELS[key].channel, CHANNELS[key].measure) for _, key in COLUMNS}


def weekly_page(district: District, week: date, facts: Iterable[Fact], slips: int, seed: int) -> Page:
    """All communities of one week on one sheet that does not begin in A1. A town that did not report stands as 未报."""
    reported = {(f.community, f.channel, f.measure): f for f in facts if f.start == week}
    rng = Random(f"{seed}/compiled/{week}")
    page = Page(name="全区汇总", reporter=CENTRE, left=2, width=3 + len(COLUMNS), title_row=3, heads=(6, 6), widths={2: 6, 3: 12, 4: 14})
    page.put(3, 2, f"全区反诈宣传工作周汇总表（第{week.isocalendar().week}周）")
    page.merge(3, 2, 3, 9)
    page.put(4, 2, f"填报单位：{CENTRE}")
    page.put(4, 6, f"统计时间：{long_span(week)}")
    page.put_row(6, ["序号", "镇街", "社区（村）", *(text for text, _ in COLUMNS)], 2)
    communities = [(town, c) for town in district.towns for c in town.communities if c.name != NEVER_REPORTED]
    wrong = set(rng.sample(range(len(communities)), slips))
    row = 7
    for index, (town, community) in enumerate(communities):
        page.put_row(row, [index + 1, town.name, community.name], 2)
        for column, (_, key) in enumerate(COLUMNS, start=5):
            source = reported.get((community.name, *CODES[key]))
            page.state(_cell(row, column, CHANNELS[key], source, (town.name, community.name), week, index in wrong and key == "visits"))
        row += 1
    page.body = (7, row)
    page.put(row, 2, "合计")
    page.merge(row, 2, row, 4)
    for column in range(5, 5 + len(COLUMNS)):
        page.put(row, column, plain(sum(f.written.value or 0 for f in page.facts if f.column == column)))
    page.put(row + 1, 2, f"注：{FICTIONAL}；由各所周报汇总，未报单位待补。")
    return page


def _cell(row: int, column: int, channel: Channel, source: Fact | None, place: tuple[str, str], week: date, is_slip: bool) -> Fact:
    note = ""
    if source is None:
        written, true, expect = missing("未报", "not_reported"), None, "missing"
    elif source.written.value is None:
        written, true, expect = missing("/", "not_applicable"), None, "missing"
    else:
        value = source.written.value + (10 if is_slip else 0)
        written, true, expect = exactly(plain(value), value), source.true_value, "compilation"
        if is_slip:
            note = "differs from the town's own sheet"
        elif source.written.precision != "exact":
            note = "the office took the figure of an approximation for the number"
    return Fact(
        row, column, "weekly_tally", channel.channel, channel.measure, channel.unit, channel.kind, place[1], *place,
        week, week + timedelta(days=6), written, true, expect, note,
    )  # fmt: skip


def monthly_page(district: District, month: date, totals: Mapping[tuple[str, str], float], slips: int, seed: int) -> Page:
    """One row a station with the month's totals; `totals` is by (town, channel key). Some rows do not agree with the weekly sheets."""
    rng = Random(f"{seed}/month/{month}")
    last = (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    keys = [(text, key) for text, key in COLUMNS if key != "attendance"]
    page = Page(name=f"{month.month}月", reporter=CENTRE, width=2 + len(keys), heads=(3, 3), widths={2: 16})
    page.put(1, 1, f"{month.year}年{month.month}月反诈宣传工作汇总表")
    page.merge(1, 1, 1, page.width)
    page.put(2, 1, f"填报单位：{CENTRE}")
    page.put_row(3, ["序号", "单位", *(text for text, _ in keys)])
    wrong = set(rng.sample(range(len(district.towns)), slips))
    for index, town in enumerate(district.towns):
        page.put_row(4 + index, [index + 1, town.station_alias if index % 3 else town.station])
        for column, (_, key) in enumerate(keys, start=3):
            channel = CHANNELS[key]
            total = totals.get((town.name, key), 0)
            value = round(total * 1.2) if index in wrong else total
            note = "differs from the weekly sheets" if index in wrong else "sum of the figures in the weekly sheets"
            page.state(
                Fact(4 + index, column, "weekly_tally", channel.channel, channel.measure, channel.unit, channel.kind, town.station, town.name, None,
                     month, last, exactly(plain(value), value), None, "compilation", note)
            )  # fmt: skip
    row = 4 + len(district.towns)
    page.body = (4, row)
    page.put(row, 1, "合计")
    page.merge(row, 1, row, 2)
    for column in range(3, 3 + len(keys)):
        page.put(row, column, plain(sum(f.written.value or 0 for f in page.facts if f.column == column)))
    page.put(row + 1, 1, f"注：{FICTIONAL}；按周四所在月份归月。")
    return page
