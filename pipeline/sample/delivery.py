"""Who hands in which workbook, when: on time, late, in part, never, twice, or again with corrections.

Here: `Book`, a workbook with its path and time of receipt, and the plan of deliveries. Not here: what a sheet says.
The district joined at the beginning of the last 13 weeks: on that Monday everybody handed in the years before (so those
weeks are backfilled, not late), and reports week by week since. Nothing arrives after 08:00 (Asia/Shanghai) of the end date.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from .activity import CHANNELS, Activity
from .compilations import COLUMNS, monthly_page, weekly_page
from .details import detail_page
from .district import RECENT, District, Town
from .events import LEDGER_BANK, Event
from .layouts import LEDGER_TOWNS
from .ledgers import bank_page, centre_page
from .outcomes import filed, losses_page, quarters, survey_page
from .registers import areas_page, campaigns_page, units_page
from .sheets import Fact, Page
from .tally import Mode, tally_page, with_slip, without_dates

UNRELIABLE = {6: 5, 8: 6, 10: 4, 2: 1, 5: 1, 9: 1, 11: 1}
"""Town index → weight when lapses are handed out; towns not named here always report on time."""
LAPSES = (("missing", 9), ("late", 8), ("partial", 7))
TWO_SHEET_TOWN = 7
"""This town's workbook always carries the week before as a second sheet."""


@dataclass(frozen=True)
class Book:
    """A workbook to be written. `expect`, where set, overrides what its facts would otherwise become."""

    path: str
    pages: tuple[Page, ...]
    received_at: datetime
    expect: str | None = None
    note: str = ""


def local(day: date, hour: int, minute: int = 0) -> datetime:
    """A clock time in the district (UTC+8, no daylight saving) as UTC."""
    return datetime.combine(day, time(hour, minute), UTC) - timedelta(hours=8)


def deliveries(district: District, activity: Activity, events: Sequence[Event], seed: int, end: date) -> list[Book]:
    """All workbooks that had arrived by the morning of `end`, in order of receipt."""
    joined = district.weeks[-RECENT]
    cutoff = local(end, 8)
    books = [*_past(district, activity, joined, seed), *_registers(district, joined)]
    books += _recent(district, activity, seed, cutoff)
    books += _compiled(district, books, seed)
    books += _centre(district, events, joined, cutoff, seed)
    books += _bank(district, events, joined, cutoff, seed)
    books += _details(district, activity, joined, cutoff, seed)
    books += _outcomes(district, activity, joined, cutoff, seed)
    arrived = [book for book in books if book.received_at <= cutoff]
    return sorted(arrived, key=lambda book: (book.received_at, book.path))


def plan(district: District, seed: int) -> dict[tuple[int, int], str]:
    """Lapses of the recent weeks by (town index, week index); whatever is not in it is on time."""
    rng = Random(f"{seed}/plan")
    found: dict[tuple[int, int], str] = {}
    last = len(district.weeks) - 1
    for town in rng.sample(sorted(UNRELIABLE)[-4:], 2):
        found[town, last] = "missing"
    for status, count in LAPSES:
        for _ in range(count):
            while True:
                town = rng.choices(list(UNRELIABLE), list(UNRELIABLE.values()))[0]
                week = rng.randrange(last - RECENT + 2, last + (status == "partial"))
                if (town, week) not in found:
                    break
            found[town, week] = status
    return found


def _past(district: District, activity: Activity, joined: date, seed: int) -> Iterator[Book]:
    """One workbook a town and year, a sheet a week, all handed in on the morning the district joined."""
    years: dict[int, list[int]] = defaultdict(list)
    for index, week in enumerate(district.weeks[:-RECENT]):
        years[week.isocalendar().year].append(index)
    for town in district.towns:
        for order, (year, weeks) in enumerate(sorted(years.items())):
            pages = tuple(tally_page(district, activity, town, week, "past", seed) for week in weeks)
            name = f"{town.name}{year}年反诈宣传周统计表.xlsx"
            yield Book(f"周报/{year}/{name}", pages, local(joined, 9, 3 * town.index + order))


def _recent(district: District, activity: Activity, seed: int, cutoff: datetime) -> Iterator[Book]:
    lapses = plan(district, seed)
    for town in district.towns:
        before: Page | None = None
        for week in range(len(district.weeks) - RECENT, len(district.weeks)):
            status = lapses.get((town.index, week), "on_time")
            mode: Mode = "partial" if status == "partial" else "recent"
            page = tally_page(district, activity, town, week, mode, seed)
            if status != "missing":
                yield from _delivered(district, town, week, page, before, status, cutoff, seed)
            before = page if town.index == TWO_SHEET_TOWN and status != "missing" else None


def _delivered(
    district: District, town: Town, week: int, page: Page, before: Page | None, status: str, cutoff: datetime, seed: int
) -> Iterator[Book]:
    """The week's workbook, and what goes with it: a second sheet, a correction, a copy, a first attempt without dates."""
    rng = Random(f"{seed}/delivery/{town.code}/{district.weeks[week]}")
    monday = district.weeks[week] + timedelta(days=7)
    received = local(monday, rng.randrange(8, 11), rng.randrange(5, 55))
    if status == "late":
        received = local(monday + timedelta(days=rng.randint(1, 5)), rng.randrange(9, 17), rng.randrange(60))
    elif received > cutoff >= local(monday, 8):  # the last week of a Monday build: those on time came early
        received = cutoff - timedelta(minutes=rng.randrange(5, 55))
    iso = district.weeks[week].isocalendar()
    folder, stem = f"周报/{iso.year}/第{iso.week:02}周", f"{town.name}反诈宣传周统计表"
    pages: tuple[Page, ...] = (page,)
    if before:
        again = [dataclasses.replace(f, expect="repeated", note="last week's sheet again") for f in before.facts]
        pages = (page, dataclasses.replace(before, facts=again))
    special = _SPECIAL.get((town.index, len(district.weeks) - week))
    if special == "corrected":
        yield Book(f"{folder}/{stem}.xlsx", (with_slip(page, rng),), received, "superseded", "corrected by a later file")
        yield Book(f"{folder}/{stem}（更正）.xlsx", pages, received + timedelta(days=1, hours=3))
    elif special == "undated":
        yield Book(f"{folder}/{stem}.xlsx", (without_dates(page, town),), received)
        yield Book(f"{folder}/{stem}（重报）.xlsx", pages, received + timedelta(days=2, hours=1))
    else:
        yield Book(f"{folder}/{stem}.xlsx", pages, received)
    if special == "copied":
        yield Book(f"{folder}/{stem}(1).xlsx", pages, received + timedelta(hours=2), "repeated", "the same file under another name")


# (town index, weeks before the end, 1 = last) → what happened to that delivery. Only towns that are never late are named.
_SPECIAL = {
    (0, 4): "corrected",
    (3, 7): "corrected",
    (4, 10): "corrected",
    (1, 5): "copied",
    (4, 2): "copied",
    (3, 9): "copied",
    (1, 8): "undated",
}


def _registers(district: District, joined: date) -> Iterator[Book]:
    year = joined.year - 1
    yield Book("登记表/辖区人口.xlsx", (areas_page(district, year),), local(joined, 8, 30))
    yield Book("登记表/报送单位名录.xlsx", (units_page(district, district.weeks[0]),), local(joined, 8, 31))
    yield Book("登记表/专项行动.xlsx", (campaigns_page(district),), local(joined, 8, 32))


def _months(district: District) -> list[date]:
    """First days of the calendar months that hold a day of the 104 weeks."""
    last = district.weeks[-1] + timedelta(days=6)
    days = (district.weeks[0] + timedelta(days=n) for n in range((last - district.weeks[0]).days + 1))
    return sorted({day.replace(day=1) for day in days})


def _next_month(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _centre(district: District, events: Sequence[Event], joined: date, cutoff: datetime, seed: int) -> Iterator[Book]:
    """The centre's ledger: past months at once, later ones on the 5th of the next month, the current one up to the last week.

    Three months come again later, with amounts that were frozen or returned in the meantime.
    """
    months = _months(district)
    told = [e for e in events if not e.is_bank_only]
    reopened = months[-7:-4]
    for number, month in enumerate(months):
        rows = [e for e in told if e.day.replace(day=1) == month]
        style = min(2, number * 3 // len(months))
        due = local(_next_month(month) + timedelta(days=4), 9, 20)
        received = max(local(joined, 10, number), due) if due < local(joined, 0) or due <= cutoff else cutoff - timedelta(minutes=20)
        known = (received + timedelta(hours=8)).date()
        stem = f"劝阻止付/{month.year}年{month.month}月劝阻止付台账"
        first = Book(f"{stem}.xlsx", (centre_page(rows, month, known, seed, style),), received)
        if month not in reopened:
            yield first
            continue
        again = cutoff - timedelta(days=3, minutes=number)
        yield dataclasses.replace(first, expect="superseded", note="the month's ledger came again with later amounts")
        yield Book(f"{stem}（更新）.xlsx", (centre_page(rows, month, (again + timedelta(hours=8)).date(), seed, style),), again)


def _bank(district: District, events: Sequence[Event], joined: date, cutoff: datetime, seed: int) -> Iterator[Book]:
    """The bank's ledger of its own interceptions: eight quarters of 13 weeks."""
    own = [e for e in events if e.bank == LEDGER_BANK]
    for number in range(len(district.weeks) // RECENT):
        first = district.weeks[number * RECENT]
        last = first + timedelta(weeks=RECENT, days=-1)
        received = min(max(local(joined, 11, number), local(last + timedelta(days=1), 7)), cutoff)
        rows = [e for e in own if first <= e.day <= last]
        yield Book(f"银行/{LEDGER_BANK}拦截台账{first:%Y%m%d}-{last:%m%d}.xlsx", (bank_page(rows, LEDGER_BANK, first, last, seed),), received)


def _details(district: District, activity: Activity, joined: date, cutoff: datetime, seed: int) -> Iterator[Book]:
    """Three towns' detail ledgers, 26 weeks a workbook."""
    names = {"leaflets": "宣传品发放台账", "banners": "横幅展板台账", "broadcasts": "广播宣传台账"}
    for order, (kind, town_index) in enumerate(LEDGER_TOWNS.items()):
        town = district.towns[town_index]
        for number in range(0, len(district.weeks), 2 * RECENT):
            weeks = range(number, number + 2 * RECENT)
            last = district.weeks[weeks[-1]] + timedelta(days=6)
            received = min(max(local(joined, 11, 20 + order), local(last + timedelta(days=1), 7, order)), cutoff)
            filed = (received + timedelta(hours=8)).date()
            yield Book(
                f"台账/{town.name}{names[kind]}{district.weeks[weeks[0]]:%Y%m}-{last:%Y%m}.xlsx",
                (detail_page(kind, district, activity, town, weeks, filed, seed),),
                received,
            )


def _outcomes(district: District, activity: Activity, joined: date, cutoff: datetime, seed: int) -> Iterator[Book]:
    """Case losses, a sheet a week and a workbook a quarter, and the survey of each quarter's last week."""
    for number, weeks in enumerate(quarters(district)):
        span = f"{district.weeks[weeks[0]]:%Y%m%d}-{filed(district, weeks) - timedelta(days=1):%m%d}"
        received = min(max(local(joined, 12, number), local(filed(district, weeks), 7, 10)), cutoff)
        pages = tuple(losses_page(district, index, seed) for index in weeks)
        yield Book(f"案件损失/电诈案件损失周报{span}.xlsx", pages, received)
        yield Book(f"知晓率/知晓率抽样{span}.xlsx", (survey_page(district, activity, weeks[-1], seed),), received)


def _compiled(district: District, books: Sequence[Book], seed: int) -> Iterator[Book]:
    """Two weekly and three monthly compilations by the centre, from the sheets it had by then."""
    for back, slips in ((3, 0), (6, 3)):
        week = district.weeks[-back]
        made = local(week + timedelta(days=9), 16)
        page = weekly_page(district, week, _standing(books, made), slips, seed)
        yield Book(f"汇总/全区反诈宣传周汇总（第{week.isocalendar().week}周）.xlsx", (page,), made)
    for month, slips in zip(_months(district)[-5:-2], (0, 0, 3), strict=True):
        made = max(local(_next_month(month) + timedelta(days=7), 15), local(district.weeks[-RECENT] + timedelta(days=1), 15))
        page = monthly_page(district, month, _month_totals(_standing(books, made), month), slips, seed)
        yield Book(f"汇总/{month.year}年{month.month}月反诈宣传汇总.xlsx", (page,), made)


def _standing(books: Sequence[Book], by: datetime) -> list[Fact]:
    """What the weekly sheets in hand at a time say, without copies and corrected ones."""
    sheets = (page for book in books if book.expect is None and book.received_at <= by for page in book.pages)
    return [fact for page in sheets for fact in page.facts if fact.form == "weekly_tally" and fact.expect in ("stands", "tally")]


def _month_totals(facts: Sequence[Fact], month: date) -> dict[tuple[str, str], float]:
    """Point sums by (town, channel key) over the weeks whose Thursday lies in the month."""
    keys = {key for _, key in COLUMNS}
    totals: dict[tuple[str, str], float] = defaultdict(float)
    for fact in facts:
        if (fact.start + timedelta(days=3)).replace(day=1) == month and fact.town:
            key = _key_of(fact)
            if key in keys:
                totals[fact.town, key] += fact.written.value or 0
    return totals


def _key_of(fact: Fact) -> str | None:
    return next((key for key, c in CHANNELS.items() if (c.channel, c.measure) == (fact.channel, fact.measure)), None)
