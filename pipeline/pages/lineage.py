"""本数怎么来的: what the panel of a number is filled from, and the CSV of all its cells.

Here: the cells of a metric as a script beside the pages (the page's script picks those of the number that was asked for), the largest cells
of every number of a page for its single file, the CSV. Not here: which cells count into a metric (contributions.py), how the panel looks and
how it picks (html/panel.js; `picked` is its twin, a browser test holds the two together).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import polars as pl

from pipeline.measures.averages import MEDIAN
from pipeline.measures.calendar import WEEK

from .contributions import BY_COMMUNITY, Store, averaging, family
from .csvs import encoded_frame
from .district import District
from .model import Matrix, Num, Page, Scope, linked_numbers
from .packing import dumped
from .surveyed import METHODS

NAMES_OF_FILES = 45
"""Bytes that the name of a further file may take."""
TOP_SINGLE = 5
"""Cells a single file lists of a number; the panel of the folder lists ten."""
EVERY_WEEK, BEFORE = "all", "before:"
HEADS = ("area", "week", "file", "sheet", "cell", "text", "value", "low", "high", "counted", "weight", "parts")
OF_REPORTS = frozenset({"on_time_rate", "reporting_rate", "reports"})
"""Metrics of reports: a cell's text is its status, see contributions.report_cells."""
OF_EVENTS = frozenset({"cases", "prevented", "returned"})
"""Metrics of events: their numbers by month reach further back than the weeks that charts show."""


def span_of(district: District, num: Num, scope: Scope) -> tuple[date, date]:
    """First and last Monday of a number. Coverage is that of the window at the period's end."""
    if num.week == EVERY_WEEK:
        return district.weeks[0], district.weeks[-1]
    named = {p.id: p for p in district.periods}
    if num.week.startswith(BEFORE):
        period = named[num.week.removeprefix(BEFORE)]
        return period.first - (period.last - period.first) - WEEK, period.first - WEEK
    if num.week and num.week not in named:
        day = date.fromisoformat(num.week)
        return day, day
    period = named[num.week or scope.period]
    return (period.last if family(num.metric) == "coverage" else period.first), period.last


def within(store: Store, district: District, num: Num, scope: Scope) -> pl.DataFrame:
    """Cells of one published number."""
    area = num.area or scope.area
    in_span = pl.col("week").is_between(*span_of(district, num, scope))
    if family(num.metric) in BY_COMMUNITY:
        rows = of_area(store.cells.filter(in_span), area, district)
    else:
        of_town = (pl.col("town") == area) | (pl.col("area_id") == area)
        rows = store.cells.filter(in_span if area == district.top else in_span & of_town)
    if num.week.startswith(BEFORE):
        rows = rows.filter(~pl.col("town").is_in(district.left_out(num.week.removeprefix(BEFORE))))
    return rows.filter(pl.col("parts").list.contains(part) for part in num.part.split("+")) if num.part else rows


def of_area(rows: pl.DataFrame, area: str, district: District) -> pl.DataFrame:
    """Cells of an area's coverage: those that state the area itself (a community, or an area that a survey asked), else its communities'."""
    own = rows.filter(pl.col("area_id") == area)
    if own.height:
        return own
    below = rows.filter(pl.col("area_id") != pl.col("town"))
    return below if area == district.top else below.filter(pl.col("town") == area)


# -- every cell of a metric: the folder's scripts ---------------------------------------------------------------------
class Lists:
    """Values that occur again and again, each stored once under its place."""

    def __init__(self, *names: str) -> None:
        self.held: dict[str, dict[Any, int]] = {name: {} for name in names}

    def at(self, name: str, value: Any) -> int:
        return self.held[name].setdefault(value, len(self.held[name]))

    def all(self) -> dict[str, list[Any]]:
        return {name: list(values) for name, values in self.held.items()}


def described(store: Store, places: Lists | None = None) -> dict[str, Any]:
    """What a store says of its metric in either delivery. `places`: texts that several metrics share, then only their places."""
    bounds = BOUNDS.get(store.metric) or BOUNDS[family(store.metric)]
    said = {"formula": tuple(store.formula), "bounds": bounds}
    return {**({name: places.at("said", text) for name, text in said.items()} if places else said), "average": averaging(store.metric)}


def by_pieces(lists: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """`files` as places of their folders and names in `pieces`: weekly reports repeat them."""
    pieces = Lists("pieces")
    files = [path and [pieces.at("pieces", piece) for piece in path.split("/")] for path in lists["files"]]
    return {**lists, **pieces.all(), "files": files}


def every_cell(store: Store, district: District, since: date, places: Lists | None = None) -> dict[str, Any]:
    """All cells since a week, by column. A column of one value is that value; `low` and `high` say only where they differ from the value.
    `places`: files and sheets that several metrics share."""
    rows = store.cells.filter(pl.col("week") >= since).sort("week", "town", "area_id", "path", "cell", nulls_last=True)
    own = "area_id" if family(store.metric) in BY_COMMUNITY else "town"
    lists, shared = Lists("areas", "weeks", "parts", *(["statuses"] if store.metric in OF_REPORTS else [])), places or Lists("files", "sheets")
    told = rows.with_columns(pl.col("week").cast(pl.String), pl.col("is_counted").cast(pl.Int8)).to_dict(as_series=False)
    columns: dict[str, list[Any]] = {
        "area": [lists.at("areas", pair) for pair in zip(told[own], told["town"], strict=True)],
        "week": [lists.at("weeks", week) for week in told["week"]],
        "file": [shared.at("files", path) for path in told["path"]],
        "sheet": [shared.at("sheets", sheet) for sheet in told["sheet"]],
        "cell": told["cell"],
        "text": [arrival(text, week, lists) for text, week in zip(told["text"], told["week"], strict=True)]
        if store.metric in OF_REPORTS
        else [written(text, value) for text, value in zip(told["text"], told["value"], strict=True)],
        "value": told["value"],
        "counted": told["is_counted"],
        "weight": told["weight"],
        "parts": [[lists.at("parts", part) for part in parts] for parts in told["parts"]],
    }
    cells: dict[str, Any] = {name: values[0] if values and all(v == values[0] for v in values) else values for name, values in columns.items()}
    for bound in ("low", "high"):
        cells[bound] = {i: b for i, (v, b) in enumerate(zip(told["value"], told[bound], strict=True)) if b != v}
    return {**described(store, places), **lists.all(), **({} if places else shared.all()), "n": rows.height, "cells": cells}


def arrival(text: str, week: str, lists: Lists) -> str:
    """A report's text `status|received…` with the status as its place and the moment in minutes since the week began."""
    status, received, *blanks = text.split("|")
    minutes = int((datetime.fromisoformat(received) - datetime.fromisoformat(week)).total_seconds() // 60) if received else ""
    return "|".join(map(str, (lists.at("statuses", status), minutes, *blanks)))


def script_data(store: Store, district: District) -> dict[str, Any]:
    """The cells that any number of the pages can be made of."""
    since = district.weeks[0] if store.metric in OF_EVENTS else min(district.shown[0], *(p.first for p in district.periods))
    return every_cell(store, district, since)


# -- the largest cells of every number a page shows: the single files -------------------------------------------------
def numbers(page: Page) -> Iterator[Num]:
    """The numbers a page links to their cells, in its default period; headline numbers for every area it can show."""
    for view in page.views:
        for metric in sorted({card.metric for card in page.cards} | {b.metric for b in page.blocks if b.metric}):
            yield Num(metric, view.scope.area)
    for block in page.blocks:
        yield from (num for num in linked_numbers(block) if not num.is_fine)


def largest_first(store: Store) -> Store:
    """The store with its cells in the order in which `picked` lists them: counted ones by size. Sorted once, every number only filters."""
    size = pl.max_horizontal(pl.col("value").fill_null(0), pl.col("high").fill_null(0)) * pl.col("weight").fill_null(0)
    order = ["is_counted", size, "week", "town", "area_id", "path", "cell"]
    return replace(store, cells=store.cells.sort(order, descending=[True, True, *[False] * 5], nulls_last=True))


SHOWN = ("path", "sheet", "cell", "text", "value", "low", "high", "is_counted", "weight")
_COUNTED, _WEIGHT = pl.col("is_counted"), pl.col("weight").fill_null(0)
_FACTS = (
    pl.len(),
    pl.col("value").null_count().alias("without"),
    _COUNTED.sum().alias("counted"),
    (pl.col("value", "low", "high").fill_null(0) * _WEIGHT).filter(_COUNTED).sum(),
    _WEIGHT.cast(pl.Float64).filter(_COUNTED).sum(),
    pl.col("value").filter(_COUNTED).median().alias("median"),
    pl.col("parts").first(),
)
_LARGEST = tuple(pl.col(name).head(TOP_SINGLE).implode().alias(f"largest_{name}") for name in SHOWN)
"""One look at a number's cells for all that is said of it: there are over a thousand numbers, and each look costs more than what it does."""


def picked(store: Store, district: District, num: Num, scope: Scope) -> tuple[list[Any], list[tuple[Any, ...]]]:
    """[records, without a figure, counted, total, low, high, weight (of a median: itself three times, and 1), and the method where a survey
    gives it] of a number's cells, and the largest of them as (file, sheet, cell, text, value, low, high, counted, weight). `store`: as
    largest_first gives it."""
    *stated, median, parts = (found := within(store, district, num, scope).select(*_FACTS, *_LARGEST).row(0))[: -len(SHOWN)]
    if store.metric == MEDIAN:
        stated[3:] = [median] * 3 + [1.0]
    methods = [m for m in METHODS if m in (parts or ())]
    return [*stated, *methods], [short(*cell) for cell in zip(*found[-len(SHOWN) :], strict=True)]


def written(text: str | None, value: float | None) -> str | int | None:
    """The original text; 0 where it is just the digits of the value, which most cells hold."""
    return 0 if value is not None and value == int(value) and text == str(int(value)) else text


def short(
    path: Any, sheet: Any, cell: Any, text: str | None, value: float | None, low: Any, high: Any, is_counted: bool, weight: Any
) -> tuple[Any, ...]:
    """A listed cell, given as SHOWN; bounds, counted and weight are left out where they are the value, yes and 1."""
    head = (path, sheet, cell, written(text, value), value)
    if low == value == high and is_counted and weight == 1:
        return head
    return (*head, low, high, int(is_counted), weight)


class Carrier:
    """Picks for the single files, each made once for all pages."""

    def __init__(self, stores: list[Store], district: District) -> None:
        self.stores, self.district = {store.metric: largest_first(store) for store in stores}, district
        self.made: dict[tuple[str, str], tuple[list[Any], list[tuple[Any, ...]]]] = {}

    def pick(self, num: Num, scope: Scope) -> tuple[list[Any], list[tuple[Any, ...]]]:
        key = (num.metric, num.key(scope))
        if key not in self.made:
            self.made[key] = picked(self.stores[num.metric], self.district, num, scope)
        return self.made[key]

    def of(self, page: Page, room: int = 0) -> dict[str, Any]:
        """Metric → what a single file knows of its numbers: {rows, picks: {area|week|part: [facts, places of rows]}}; of the reports every cell
        of the weeks it shows, because each cell of a matrix is a number. Under "": the files, sheets and sayings of all of them."""
        scope = page.views[0].scope
        asked: dict[str, dict[str, Num]] = {}
        for num in numbers(page):
            asked.setdefault(num.metric, {}).setdefault(num.key(scope), num)
        weeks = [week for block in page.blocks for piece in block.body if isinstance(piece, Matrix) for week in piece.weeks]
        out, places = {}, Lists("files", "sheets", "said")
        for metric, nums in asked.items():
            if metric == "on_time_rate" and weeks:
                out[metric] = every_cell(self.own(page, metric), self.district, min(self.district.default_period.first, *weeks), places)
                continue
            lists = Lists("rows")
            picks = {}
            for key, num in nums.items():
                facts, rows = self.pick(num, scope)
                picks[key] = [facts, [lists.at("rows", (places.at("files", r[0]), places.at("sheets", r[1]), *r[2:])) for r in rows]]
            out[metric] = {**described(self.stores[metric], places), **lists.all(), "picks": picks}
        self.add_periods(page, out, places, room)
        return {**out, "": by_pieces(places.all())}

    def add_periods(self, page: Page, out: dict[str, Any], places: Lists, room: int) -> None:
        """Headline numbers of the district in the other periods that the page can show, as far as `room` bytes go."""
        area = page.views[0].scope.area
        periods = dict.fromkeys(view.scope.period for view in page.views if view.scope.area == area)
        for period, card in itertools.product(periods, page.cards):
            store, key = out[card.metric], Num(card.metric, area, period).key(page.views[0].scope)
            if "picks" not in store or key in store["picks"]:
                continue
            facts, rows = self.pick(Num(card.metric, area, period), page.views[0].scope)
            lists = Lists("rows")
            lists.held["rows"] = {tuple(row): i for i, row in enumerate(store["rows"])}
            pick = [facts, [lists.at("rows", (places.at("files", r[0]), places.at("sheets", r[1]), *r[2:])) for r in rows]]
            room -= len(dumped(pick)) + len(dumped(lists.all()["rows"][len(store["rows"]) :])) + NAMES_OF_FILES * len(rows)
            if room < 0:
                return
            store["picks"][key], store["rows"] = pick, lists.all()["rows"]

    def own(self, page: Page, metric: str) -> Store:
        """A metric's cells of the areas a page can show."""
        areas = {view.scope.area for view in page.views}
        store = self.stores[metric]
        return store if self.district.top in areas else Store(metric, store.cells.filter(pl.col("town").is_in(list(areas))))


# -- all cells --------------------------------------------------------------------------------------------------------
def csv_of(store: Store) -> bytes:
    """All cells of a metric. Only coverage is told by community: counts there may be of one or two cases or persons, so the others name the
    town."""
    rows = store.cells.sort("week", "town", "area_id", "path", "cell", nulls_last=True)
    own = "area_id" if family(store.metric) in BY_COMMUNITY else "town"
    parts = pl.col("parts").list.join(" ")
    counted = pl.col("is_counted").cast(pl.Int8)
    kept = rows.select(own, "week", "path", "sheet", "cell", "text", "value", "low", "high", counted, "weight", parts)
    return encoded_frame(kept.rename(dict(zip(kept.columns, HEADS, strict=True))))


BOUNDS = {
    "coverage": (
        "下界：各渠道触达人群完全重叠；上界：互不重叠，不超过 100%",
        "low: channels reach the same people; high: different people, at most 100%",
    ),
    "contacts": ("约数（如 2万余、近500人）按其上下界相加", "approximate figures enter with their bounds"),
    "cases": ("按登记起数，无区间", "as registered, no range"),
    "prevented": (
        "约数和区间按上下界相加；“数十万元”只进区间；金额不详不估计",
        "approximate amounts and ranges enter with their bounds; vague ones only there; unknown amounts are not estimated",
    ),
    "prevented.mean": ("每起金额的下端、上端各算一次案均", "the mean of the low ends and that of the high ends of all stated amounts"),
    "prevented.median": ("每起金额的下端、上端各取一次中位数", "the median of the low ends and that of the high ends"),
    "losses.cases": ("按所报起数，无区间", "as reported, no range"),
    "losses": ("约数和区间按上下界相加；金额不详不估计", "approximate amounts and ranges enter with their bounds; unknown ones are not estimated"),
    "returned": ("按返还凭证金额", "as on the return slips"),
    "reporting_rate": ("无区间", "no range"),
    "on_time_rate": ("无区间", "no range"),
    "reports": ("无区间", "no range"),
    "residents": ("无区间", "no range"),
    "activity": ("无区间", "no range"),
}
