"""Good sheets and realistic damage to them, with the truth of every number carried along.

A `Page` is a grid of cells and a grid beside it that says what each number means (subject, measure, value, unit). Damage moves, rewrites or
blanks both together, so that whatever is read can be held against what was meant, wherever it ended up. All names and numbers are invented.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

Meaning = tuple[str, str, float | None, str]
"""subject, channel.measure, value in the kept unit (None: nothing may be read as a number here), unit."""

STATIONS = ["城关派出所", "东关派出所", "南郊派出所", "北桥镇派出所", "西湖派出所", "柳河镇派出所"]
TALLY_COLUMNS = [
    ("线下宣传", ["发放宣传单", "宣传单", "发放宣传资料", "宣传单发放数量"], "份", "leaflets.distributed"),
    ("线下宣传", ["悬挂横幅", "横幅", "条幅", "悬挂宣传横幅数"], "条", "banners.in_place"),
    ("线下宣传", ["LED屏", "电子屏", "LED显示屏"], "块", "displays.screens"),
    ("线下宣传", ["广播", "播放小音频", "广播时长"], "小时", "broadcasts.hours"),
    ("线上宣传", ["微信群", "建立微信群", "反诈微信群"], "个", "wechat_groups.groups"),
    ("线上宣传", ["推送信息", "推送预警信息", "信息推送"], "条", "pushes.messages"),
    ("线上宣传", ["阅读量", "阅读播放量", "浏览量"], "万次", "online_media.reads"),
    ("宣传活动", ["宣讲场次", "开展宣讲", "集中宣讲"], "场", "talks.sessions"),
    ("宣传活动", ["参与人数", "参加人数", "宣讲参与人数"], "人", "talks.attendance"),
]
STOP_COLUMNS = [
    ("", ["劝阻成功", "成功劝阻"], "人", "warnings.persons_dissuaded"),
    ("止付", ["账户数"], "个", "stop_payments.accounts"),
    ("止付", ["金额"], "万元", "intercepted_losses.stopped"),
    ("", ["避免损失", "避免经济损失"], "元", "intercepted_losses.averted"),
    ("", ["冻结金额", "冻结资金"], "万元", "intercepted_losses.frozen"),
]
FACTORS = {"万次": 10_000, "万元": 10_000}
NEWLY = {"banners.in_place": "banners.hung"}
"""What 新增 in front of a heading makes of its number, where that is a number of ours too; of any other it makes none."""


@dataclass
class Page:
    """`header` rows come after `top` lines; `truth` has the cells' meanings, None where a cell is no number of the table."""

    rows: list[list[object]]
    truth: list[list[Meaning | None]]
    n_top: int
    n_header: int
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    is_upright: bool = True
    log: list[str] = field(default_factory=list)

    @property
    def data(self) -> range:
        return range(self.n_top + self.n_header, len(self.rows))

    def insert(self, at: int, cells: list[object]) -> None:
        width = len(self.rows[0])
        self.rows.insert(at, (cells + [None] * width)[:width])
        self.truth.insert(at, [None] * width)
        self.merges = [(t + (t >= at), a, b + (b >= at), c) for t, a, b, c in self.merges]


def good_page(rng: random.Random) -> Page:
    """A clean two-row header tally of one of two kinds, three to six stations."""
    columns = rng.choice([TALLY_COLUMNS, STOP_COLUMNS])
    columns = rng.sample(columns, rng.randint(4, len(columns))) if rng.random() < 0.5 else list(columns)
    order = [parent for parent, *_ in columns]
    columns.sort(key=lambda c: order.index(c[0]) if c[0] else 99)
    title = "反诈宣传周统计表（2026年3月2日—3月8日）" if columns[0] in TALLY_COLUMNS else "2026年3月劝阻止付情况统计表"
    parents: list[object] = ["序号", "单位"]
    leaves: list[object] = [None, None]
    previous = None
    for parent, names, unit, _ in columns:
        heading = f"{names[0]}（{unit}）"
        parents.append(heading if not parent else parent if parent != previous else None)
        leaves.append(None if not parent else heading)
        previous = parent
    width = len(parents)
    rows: list[list[object]] = [[title] + [None] * (width - 1), ["填报单位：县反诈中心"] + [None] * (width - 1), parents, leaves]
    truth: list[list[Meaning | None]] = [[None] * width for _ in rows]
    merges = [(0, 0, 0, width - 1), (2, 0, 3, 0), (2, 1, 3, 1)]
    column = 2
    while column < width:
        end = column
        while end + 1 < width and parents[end + 1] is None:
            end += 1
        merges.append((2, column, 3, column) if leaves[column] is None else (2, column, 2, end))
        column = end + 1
    for i, station in enumerate(STATIONS[: rng.randint(3, 6)], start=1):
        written: list[object] = [i, station]
        meant: list[Meaning | None] = [None, None]
        for _, _, unit, measure in columns:
            factor = FACTORS.get(unit, 1)
            value = rng.randint(1, 400) / 10 if factor > 1 else rng.randint(1, 4000)
            written.append(value)
            meant.append((station, measure, round(value * factor, 4), unit.removeprefix("万")))
        rows.append(written)
        truth.append(meant)
    return Page(rows, truth, 2, 2, [m for m in merges if m[0] != m[2] or m[1] != m[3]])


# -- damage -----------------------------------------------------------------------------------------------------------------------------


def insert_rows(page: Page, rng: random.Random) -> None:
    at = rng.choice([0, page.n_top, *page.data])
    page.insert(at, [])
    page.n_top += at <= page.n_top


def insert_note(page: Page, rng: random.Random) -> None:
    page.insert(
        len(page.rows), [rng.choice(["注：数据含联合单位。", "填报人：张某某", "说明：1.每周一前报送；2.横幅为在用数。", "填报日期：2026年3月9日"])]
    )


def drop_merges(page: Page, rng: random.Random) -> None:
    page.merges = []


def rename_headings(page: Page, rng: random.Random) -> None:
    """A synonym, a longer form, or something nobody has heard of: then its numbers must come back."""
    known = {names[0]: names for _, names, _, _ in (*TALLY_COLUMNS, *STOP_COLUMNS)}
    for row in range(page.n_top, page.n_top + page.n_header):
        for column, text in enumerate(page.rows[row]):
            base = str(text).partition("（")[0]
            if base not in known or rng.random() < 0.6:
                continue
            unit = str(text)[len(base) :]
            choice = rng.random()
            name = rng.choice(known[base]) if choice < 0.6 else f"{base}情况" if choice < 0.7 else f"新增{base}" if choice < 0.8 else "网格巡查登记"
            if choice >= 0.7:
                for r in page.data:
                    if page.truth[r][column]:
                        subject, measure, value, kept = page.truth[r][column]  # pyright: ignore[reportGeneralTypeIssues]
                        newly = NEWLY.get(measure) if name.startswith("新增") else None
                        page.truth[r][column] = (subject, newly or measure, value if newly else None, kept)
            page.rows[row][column] = name + unit


def mix_units(page: Page, rng: random.Random) -> None:
    """The same number with its unit, or 万, in the cell."""
    for r, c in numbers_of(page):
        value, unit = page.truth[r][c][2], page.truth[r][c][3]  # pyright: ignore[reportOptionalSubscript]
        if value is None or rng.random() < 0.7:
            continue
        forms = [f"{value:g}{unit}"] if value < 1e6 and value == int(value) else []
        forms += [f"{value / 1e4:g}万{unit}"] if value >= 1000 else []
        if forms:
            page.rows[r][c] = rng.choice(forms)


def blank_cells(page: Page, rng: random.Random) -> None:
    for r, c in numbers_of(page):
        if rng.random() < 0.15:
            page.rows[r][c] = rng.choice([None, "/", "-", "无", "未报", "同上", "见附件1", "？份", "余个", "若干", "√"])
            subject, measure, _, unit = page.truth[r][c]  # pyright: ignore[reportGeneralTypeIssues]
            page.truth[r][c] = (subject, measure, None, unit)


def change_types(page: Page, rng: random.Random) -> None:
    """Numbers as text: plain, full-width, with separators, with spaces."""
    for r, c in numbers_of(page):
        value = page.rows[r][c]
        if isinstance(value, (int, float)) and rng.random() < 0.3:
            plain = f"{value:g}"
            page.rows[r][c] = rng.choice([plain, plain.translate(str.maketrans("0123456789", "０１２３４５６７８９")), f"{value:,}", f" {plain} "])


def approximate(page: Page, rng: random.Random) -> None:
    for r, c in numbers_of(page):
        value = page.rows[r][c]
        if isinstance(value, int) and value >= 20 and rng.random() < 0.15:
            page.rows[r][c] = rng.choice([f"{value}余", f"近{value}", f"约{value}"])


def shuffle_columns(page: Page, rng: random.Random) -> None:
    """Columns in another order; a two-row header keeps its parents by repeating them, merges are lost."""
    if not page.is_upright:
        return
    last = None
    for c in range(2, len(page.rows[0])):
        parent, leaf = page.rows[page.n_top][c], page.rows[page.n_top + 1][c]
        last = parent if parent is not None else last
        page.rows[page.n_top][c] = last if leaf is not None else parent
    order = [0, 1, *rng.sample(range(2, len(page.rows[0])), len(page.rows[0]) - 2)]
    for grid in (page.rows[page.n_top :], page.truth[page.n_top :]):
        for row in grid:
            row[:] = [row[c] for c in order]
    page.merges = []


def add_totals(page: Page, rng: random.Random) -> None:
    """A 合计 row first, last or in between; sometimes wrong. It must never load."""
    data = [r for r in page.data if page.truth[r][-1] is not None]
    if not data:
        return
    sums = [sum(v for r in data if isinstance(v := page.rows[r][c], (int, float))) for c in range(2, len(page.rows[0]))]
    label = rng.choice(["合计", "合  计", "总计", "全县", "小计", "共计"])
    at = rng.choice([data[0], data[-1] + 1, rng.choice(data)])
    cells = [label, None, *sums] if rng.random() < 0.5 else [None, label, *sums]
    page.insert(at, [c if c != 0 else None for c in cells])


def add_comparison(page: Page, rng: random.Random) -> None:
    page.insert(len(page.rows), [rng.choice(["同比", "环比"]), None, *[rng.choice(["+3%", "-1.2%", "持平", 0.12]) for _ in page.rows[0][2:]]])


def add_previous_column(page: Page, rng: random.Random) -> None:
    """A column of last week's or target numbers, or of a rate: never this week's."""
    heading = rng.choice(["上周宣传单（份）", "任务数", "完成率", "同比", "排名", "累计挽损（万元）"])
    for r, (row, meant) in enumerate(zip(page.rows, page.truth, strict=True)):
        is_data = r in page.data and row[1] in STATIONS
        row.append(heading if r == page.n_top else rng.randint(1, 900) if is_data else None)
        meant.append((str(row[1]), "none", None, "") if is_data else None)


def merge_numbers(page: Page, rng: random.Random) -> None:
    """One number over two rows: whose is it? Nobody's."""
    data = [r for r in page.data if page.truth[r][2] is not None]
    pairs = [r for r in data if r + 1 in data]
    if pairs:
        r, c = rng.choice(pairs), 2
        page.rows[r + 1][c] = None
        page.merges.append((r, c, r + 1, c))
        for row in (r, r + 1):
            subject, measure, _, unit = page.truth[row][c]  # pyright: ignore[reportGeneralTypeIssues]
            page.truth[row][c] = (subject, measure, None, unit)


def blank_subject(page: Page, rng: random.Random) -> None:
    """A row that no longer says whose it is: nothing of it may load."""
    r = rng.choice(list(page.data))
    if page.rows[r][1] in STATIONS:
        page.rows[r][1] = None
        page.truth[r] = [(m[0], m[1], None, m[3]) if m else None for m in page.truth[r]]


def turn(page: Page, rng: random.Random) -> None:
    """The table on its side: stations across, one heading row of joined paths first."""
    if not page.is_upright:
        return
    top, header, body = page.rows[: page.n_top], page.rows[page.n_top : page.n_top + page.n_header], page.rows[page.n_top + page.n_header :]
    parent, paths = None, []
    for c in range(len(header[0])):
        parent = header[0][c] if header[0][c] is not None else parent
        leaf = header[-1][c]
        paths.append(str(leaf) if leaf is not None and parent != "止付" else f"{parent or ''}{leaf or ''}")
    paths[1] = "项目"
    meant = page.truth[page.n_top + page.n_header :]
    upright = [[paths[c], *[row[c] for row in body]] for c in range(1, len(paths))]
    width = max(len(upright[0]), 2)
    page.rows = [[row[0]] + [None] * (width - 1) for row in top] + upright
    page.truth = [[None] * width for _ in top] + [[None, *[m[c] for m in meant]] for c in range(1, len(paths))]
    page.merges, page.n_header, page.is_upright = [], 1, False


Damage = Callable[[Page, random.Random], None]
DAMAGES: list[Damage] = [
    insert_rows,
    insert_note,
    drop_merges,
    rename_headings,
    mix_units,
    blank_cells,
    change_types,
    approximate,
    shuffle_columns,
    add_totals,
    add_comparison,
    add_previous_column,
    merge_numbers,
    blank_subject,
]


def numbers_of(page: Page) -> list[tuple[int, int]]:
    return [(r, c) for r, row in enumerate(page.truth) for c, meaning in enumerate(row) if meaning is not None and meaning[1] != "none"]


def damaged_page(seed: int) -> Page:
    """A good page with one to four kinds of damage; one in eight is turned on its side as well."""
    rng = random.Random(seed)
    page = good_page(rng)
    for damage in sorted(rng.sample(DAMAGES, rng.randint(1, 4)), key=lambda d: d is merge_numbers):  # its merge must not be dropped again
        damage(page, rng)
        page.log.append(damage.__name__)
    simple = {"insert_note", "mix_units", "blank_cells", "change_types", "approximate", "rename_headings"}
    if rng.random() < 0.125 and set(page.log) <= simple - {"insert_note"}:
        turn(page, rng)
        page.log.append("turn")
    return page
