"""Which cells a published number was made of: one store of cells for every metric whose numbers the pages link to their origin.

Here: the rows of the warehouse that count into a metric, each with the parts of a total it belongs to. Not here: the panel and the CSV made
of them (lineage.py), how the number was computed (measures).

The counted cells reproduce the number: those of its area, weeks and parts add up to it; of coverage the communities' estimates weighted by
`weight` do (where a survey gives an area its coverage, the answers weighted by those asked), of the on-time rate the reports on time ÷ due.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from pipeline.measures import registry
from pipeline.measures.averages import MEAN, MEDIAN
from pipeline.measures.calendar import WEEK
from pipeline.measures.sql import NO_ACTIVITY, NO_ACTIVITY_FORMS

from . import groups, surveyed
from .district import ALL, RECEIVED, District

COLUMNS = ("town", "area_id", "week", "path", "sheet", "cell", "text", "value", "low", "high", "is_counted", "weight", "parts")
NO_PARTS = pl.lit([], dtype=pl.List(pl.String))
BY_COMMUNITY = frozenset({"coverage", "residents", "activity"})
"""Metrics whose lineage may name a community: the others count cases or persons, which may be one or two there, and name the town."""
MEANS = frozenset({"coverage", "on_time_rate", "reporting_rate", MEAN})
"""Metrics (or their families) that are weighted means of their cells; the median is its cells' median, the others are sums."""

TAKEN = {
    "residents": ("登记的常住人口，照原表读取", "residents as registered, read as they stand"),
    "activity": ("社区最近一次活动的记录，一条一个单元格", "records of a community's last activity, one cell each"),
    "reports": ("应报报表按状态计数，一份一条", "reports due, counted by their status"),
}
"""Stores of numbers that are no indicators: how each is counted, zh and en."""

ON_TIME = ("on_time", "zero_report")


def family(metric: str) -> str:
    """The metric that another is a case of: coverage of coverage.elderly, contacts of contacts.sms."""
    return metric.split(".", maxsplit=1)[0]


def averaging(metric: str) -> int:
    """How the cells make the number: 0 their sum, 1 their weighted mean, 2 their median."""
    return 2 if metric == MEDIAN else int(metric in MEANS or family(metric) in MEANS)


@dataclass(frozen=True)
class Store:
    """Cells of one metric: COLUMNS. `parts`: what splits of the total a cell counts in, as type:<word>, way:<word>, grade:P4, month:2026-03,
    until:2026-02."""

    metric: str
    cells: pl.DataFrame

    @property
    def described_by(self) -> str:
        """The registered indicator whose formula holds for these cells."""
        return {"returned": "prevented.P5"}.get(self.metric, self.metric)

    @property
    def formula(self) -> tuple[str, str]:
        if self.metric in TAKEN:
            return TAKEN[self.metric]
        entry = registry.describing(self.described_by)
        return entry.formula_zh, entry.formula_en


def stores(district: District) -> list[Store]:
    channels = [Store(f"contacts.{c}", channel_cells(district, c)) for c in district.channels]
    covered = [Store("coverage" if g == ALL else f"coverage.{g}", coverage_cells(district, g)) for g in groups.offered(district)]
    events = [Store("cases", case_cells(district)), Store("prevented", loss_cells(district)), Store("returned", returned_cells(district))]
    events += [Store(MEAN, amounts_per_case(district)), Store(MEDIAN, amounts_per_case(district, is_single=True))]
    reports = [Store("on_time_rate", report_rows(district, ON_TIME)), Store("reporting_rate", report_rows(district, RECEIVED))]
    reports += [Store("reports", report_counts(district)), Store("residents", resident_cells(district)), Store("activity", last_activities(district))]
    contacts = Store("contacts", contact_cells(district))
    return [*covered, contacts, *events, *grade_stores(district), *actual_stores(district), *reports, *channels]


def shaped(frame: pl.DataFrame, district: District, *, parts: pl.Expr | None = None, **columns: pl.Expr | str) -> pl.DataFrame:
    """`frame` with COLUMNS; columns not given are taken as they are, a cell counts fully unless said otherwise."""
    towns = {area: district.town_of(area) for area in frame["area_id"].unique().to_list()}
    town = pl.col("area_id").replace_strict(towns, default=district.top, return_dtype=pl.String)
    given = {"is_counted": pl.lit(True), "weight": pl.lit(1.0), "town": town, **columns}
    return frame.with_columns(**given, parts=NO_PARTS if parts is None else parts).select(COLUMNS)  # pyright: ignore[reportArgumentType]


# -- contacts ---------------------------------------------------------------------------------------------------------
COUNTING = (
    ("leaflets", "distributed", "份"),
    ("talks", "attendance", "人次"),
    ("talks", "attendance", "人"),
    ("home_visits", "visits", "户次"),
    ("home_visits", "households", "户"),
    ("pushes", "messages", "条"),
    ("online_media", "reads", "次"),
    ("sms", "messages", "条"),
    ("pledges", "signed", "份"),
    ("van_tours", "tours", "台次"),
    ("drones", "sorties", "架次"),
    ("broadcasts", "hours", "小时"),
    ("displays", "hours", "小时"),
    ("hotline", "calls", "个"),
    ("warnings", "phone_dissuasions", "人次"),
    ("contacts", "contacts", "人次"),
)
"""(channel, measure, unit) of the cells that a channel's contacts are made of. Rule: measures/sql/contacts.sql."""
PERSONAL = ("contacts", "talks", "warnings")
"""Channels that count person-occasions."""


def counting_cells(district: District) -> pl.DataFrame:
    """Standing weekly cells that count contacts; households only where the same subject gave no visits."""
    counted = pl.any_horizontal(*((pl.col("channel") == c) & (pl.col("measure") == m) & (pl.col("unit") == u) for c, m, u in COUNTING))
    cells = district.frames["measurements"].filter("stands", counted, pl.col("kind") == "flow", pl.col("week").is_not_null())
    visits = (pl.col("measure") == "visits") & (pl.col("precision") != "missing")
    has_visits = visits.any().over("channel", "area_id", "subject_id", "audience", "week")
    return cells.filter((pl.col("measure") != "households") | ~has_visits)


def channel_cells(district: District, channel: str) -> pl.DataFrame:
    return shaped(counting_cells(district).filter(channel=channel), district)


def contact_cells(district: District) -> pl.DataFrame:
    """Stated contacts; in an area and week without them the channels that count person-occasions. Rule: measures/sql/gross_contacts.sql."""
    cells = counting_cells(district).filter(pl.col("channel").is_in(PERSONAL))
    is_total = pl.col("channel") == "contacts"
    stated = (is_total & (pl.col("precision") != "missing")).any().over("area_id", "week")
    return shaped(cells.filter(is_total == stated), district)


# -- prevented losses -------------------------------------------------------------------------------------------------
def events(district: District) -> pl.DataFrame:
    """Events that fall in a week, with the parts of a total each belongs to."""

    def word(dimension: str, prefix: str) -> pl.Expr:
        """Category as the pages show it: small ones are gathered in `other`."""
        kept = [c for c in district.prevented.categories(dimension) if c != "other"]
        known = pl.col(dimension).fill_null("unknown")
        return pl.lit(f"{prefix}:") + pl.when(known.is_in(kept)).then(known).otherwise(pl.lit("other"))

    parts = pl.concat_list(
        word("fraud_type", "type"),
        word("way", "way"),
        pl.lit("grade:") + pl.col("grade").fill_null("none"),
        pl.lit("firmness:") + pl.col("firmness"),
        pl.lit("month:") + pl.col("first_date").dt.strftime("%Y-%m"),
    )
    listed = district.prevented.listed["event_id"].to_list()
    own = pl.when(pl.col("event_id").is_in(listed)).then(pl.concat_list(pl.lit("event:") + pl.col("event_id")))
    found = district.frames["events"].filter(pl.col("week").is_not_null())
    all_parts = pl.concat_list(parts, own.otherwise(NO_PARTS), *same_days(district))
    return found.select("event_id", "town_id", "area_id", "week", "n_cases", "is_aggregate", all_parts.alias("parts"))


def same_days(district: District) -> list[pl.Expr]:
    """Parts until:2026-02, until:2025-03: events of the days that the month to date is compared with, of the towns that are compared."""
    return [
        pl.when(pl.col("first_date").is_between(first, last) & ~pl.col("town_id").is_in(left_out))
        .then(pl.concat_list(pl.lit(f"until:{first:%Y-%m}")))
        .otherwise(NO_PARTS)
        for first, last, left_out in district.compared_days
    ]


def legs(district: District) -> pl.DataFrame:
    """Every leg of every event with its cell and the event's place, week and parts."""
    cells = district.frames["measurements"].select("measurement_id", "path", "sheet", "cell", "text")
    return district.frames["event_legs"].join(cells, on="measurement_id").join(events(district), on="event_id")


def loss_cells(district: District) -> pl.DataFrame:
    """Legs with a grade; only the counted leg of an event is its amount."""
    found = legs(district).filter(pl.col("grade").is_not_null())
    return shaped(found, district, town=pl.col("town_id"), is_counted=pl.col("is_counted"), parts=pl.col("parts"))


def amounts_per_case(district: District, *, is_single: bool = False) -> pl.DataFrame:
    """Written amounts a case, weighted by the cases they are of; `is_single`: of single cases only, which a median can be made of."""
    found = legs(district).filter("is_counted", pl.col("grade").is_not_null() & pl.col("value").is_not_null())
    found = found.filter(~pl.col("is_aggregate")) if is_single else found
    each, months = pl.col("value") / pl.col("n_cases"), pl.element().str.contains("^(month|until):")
    kept = pl.col("parts").list.eval(pl.element().filter(months))
    return shaped(found, district, town=pl.col("town_id"), value=each, low=each, high=each, weight=pl.col("n_cases").cast(pl.Float64), parts=kept)


def grade_stores(district: District) -> list[Store]:
    """Prevented losses of P3 and above, of which the narrower prevention rate is made; only where that rate is shown."""
    if not district.frames["actual_losses"].height:
        return []
    strong = pl.col("parts").list.eval(pl.element().is_in(["grade:P3", "grade:P4", "grade:P5"])).list.any()
    return [Store("prevented.P3plus", loss_cells(district).filter(strong))]


def lost_cases(district: District) -> pl.DataFrame:
    """Recorded cases of the weeks they are counted in: cases, else cases filed; a ledger row that states neither is one. Parts op:<id>:before
    and op:<id>:during: the weeks that an operation's change is told from."""
    told = district.frames["measurements"].filter("stands", pl.col("week").is_not_null(), channel="losses")
    stated = pl.col("measure").is_in(["cases", "filed"]) & pl.col("high").is_not_null()
    order = pl.when(stated & (pl.col("measure") == "cases")).then(0).when(stated).then(1).otherwise(2)
    ordered = told.with_columns(order=order).sort("record_id", "order", "cell")
    first = ordered.unique(["record_id", "area_id", "week"], keep="first", maintain_order=True)
    n = pl.when(pl.col("order") < 2).then(pl.col("value").fill_null(0.0)).otherwise(pl.col("is_ledger").cast(pl.Float64))
    spans = [span for row in district.frames["campaign_effects"].iter_rows(named=True) if row["start"] for span in effect_spans(row)]
    parts = [pl.when(pl.col("week").is_between(a, b)).then(pl.concat_list(pl.lit(part))).otherwise(NO_PARTS) for part, a, b in spans]
    return shaped(first, district, value=n, low=n, high=n, parts=pl.concat_list(*parts) if parts else None)


def effect_spans(row: Mapping[str, Any]) -> list[tuple[str, date, date]]:
    """(part, first week, last week) before and during an operation of campaign_effects."""
    name = f"op:{row['campaign_id']}"
    return [(f"{name}:before", row["start"] - row["n_before"] * WEEK, row["start"] - WEEK), (f"{name}:during", row["start"], row["end"])]


def actual_stores(district: District) -> list[Store]:
    """Amounts and cases of losses that did happen, of the weeks they are counted in."""
    if not district.frames["actual_losses"].height:
        return []
    lost = district.frames["measurements"].filter("stands", pl.col("week").is_not_null(), channel="losses", measure="amount")
    return [Store("losses.amount", shaped(lost, district)), Store("losses.cases", lost_cases(district))]


def returned_cells(district: District) -> pl.DataFrame:
    """Returned money by the month it came back in: legs, whether or not they are an event's amount."""
    found = legs(district).filter((pl.col("grade") == "P5") & pl.col("value").is_not_null())
    month = pl.concat_list(pl.lit("month:") + pl.col("leg_date").dt.strftime("%Y-%m"))
    return shaped(found, district, town=pl.col("town_id"), parts=month)


def case_cells(district: District) -> pl.DataFrame:
    """One row an event: the cell of its counted leg, else of its first; its value is the number of its cases."""
    first = legs(district).sort("event_id", "is_counted", "measurement_id", descending=[False, True, False]).unique("event_id", keep="first")
    found = events(district).join(first.select("event_id", "path", "sheet", "cell", "text"), on="event_id", how="left")
    n = pl.col("n_cases").cast(pl.Float64)
    return shaped(found, district, town=pl.col("town_id"), value=n, low=n, high=n, parts=pl.col("parts"))


# -- coverage, reports ------------------------------------------------------------------------------------------------
def coverage_cells(district: District, audience: str) -> pl.DataFrame:
    """One row a community: its estimate and, as the cell, where its people of the audience were read; areas whose coverage a survey gives
    have rows of their own, see surveyed.py."""
    origin = {name: pl.col(f"population_{name}") for name in ("path", "sheet", "cell")}
    areas = district.frames["areas"].filter(level="community").select("area_id", text="residents", **origin)
    if audience != ALL:
        counted = district.frames["denominators"].filter(audience=audience).select("area_id", "path", "sheet", "cell", text="n")
        areas = areas.select("area_id").join(counted, on="area_id")
    people = areas.with_columns(pl.col("text").cast(pl.Int64).cast(pl.String))
    rows = district.frames["coverage"].filter(pl.col("estimate").is_not_null(), audience=audience).join(people, on="area_id")
    told = shaped(rows, district, value=pl.col("estimate"), weight=pl.col("base_residents"))
    return pl.concat([told, surveyed.cells(district, audience).select(COLUMNS)])


def resident_cells(district: District) -> pl.DataFrame:
    """One row a community: its residents and where they were read; they are of no week and stand in the last."""
    origin = {name: pl.col(f"population_{name}") for name in ("path", "sheet", "cell")}
    areas = district.frames["areas"].filter(pl.col("residents").is_not_null(), level="community")
    n, text = pl.col("residents").cast(pl.Float64), pl.col("residents").cast(pl.Int64).cast(pl.String)
    return shaped(areas, district, week=pl.lit(district.last), text=text, value=n, low=n, high=n, **origin)


def last_activities(district: District) -> pl.DataFrame:
    """The records of each community's last activity, each 1 with its first cell, its last day as text: which day it was, not whom it reached,
    which may be one or two. Rule: measures/sql/place_records.sql. Like residents they stand in the last week."""
    told = pl.col("high") > 0
    told |= pl.col("is_ledger") & ~pl.col("form").is_in(NO_ACTIVITY_FORMS)
    places = district.frames["areas"].filter(level="community").select("area_id")
    found = district.frames["measurements"].filter("stands", pl.col("week").is_not_null(), pl.col("kind") == "flow", told.fill_null(False))
    found = found.filter(~pl.col("channel").is_in(NO_ACTIVITY)).join(places, on="area_id", how="semi")
    last = found.filter(pl.col("end") == pl.col("end").max().over("area_id")).sort("record_id", "cell").unique("record_id", keep="first")
    one = pl.lit(1.0)
    return shaped(last, district, week=pl.lit(district.last), text=pl.col("end").cast(pl.String), value=one, low=one, high=one)


def report_rows(district: District, counting: Sequence[str]) -> pl.DataFrame:
    """One row a report due: 1 when its status counts (came on time, or came at all)."""
    counts = pl.col("status").is_in(counting).cast(pl.Float64)
    return report_cells(district, counts, pl.col("status") != "waived")


def report_counts(district: District) -> pl.DataFrame:
    """One row a report due or waived, each 1, with its status as part; those due are one part too."""
    status = pl.col("status")
    parts = pl.concat_list(pl.lit("status:") + status, pl.when(status == "waived").then(pl.lit("status:not_asked")).otherwise(pl.lit("status:due")))
    return report_cells(district, pl.lit(1.0), pl.lit(True), parts)


def report_cells(district: District, value: pl.Expr, kept: pl.Expr, parts: pl.Expr | None = None) -> pl.DataFrame:
    """Reports of the weeks that are due, each with the file it came in; its text is its status, when it came and how much is blank:
    `status|received`, with `|missing|due` where cells are blank."""
    files = district.frames["submissions"].select("submission_id", "path", "sheet", "n_due", "n_missing")
    rows = district.frames["report_status"].filter(pl.col("status") != "not_due", kept).join(files, on="submission_id", how="left")
    received = pl.col("received_at").dt.replace_time_zone("UTC").dt.convert_time_zone(district.settings.district.time_zone)
    blanks = pl.when(pl.col("n_missing") > 0).then(pl.concat_str(pl.lit("|"), "n_missing", pl.lit("|"), "n_due")).otherwise(pl.lit(""))
    text = pl.concat_str("status", pl.lit("|"), received.dt.strftime("%Y-%m-%dT%H:%M").fill_null(""), blanks)
    return shaped(rows, district, cell=pl.lit(None, dtype=pl.String), text=text, value=value, low=value, high=value, parts=parts)
