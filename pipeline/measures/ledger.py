"""What prevented-loss events amount to: each event once, with the amount of the highest evidence grade known.

Here: tables `event_legs` and `events`, cohorts of frozen money. Not here: which records are one event (matching.py), the weekly cubes of
events and of their legs (sql/loss_cube.sql, sql/leg_cube.sql).

Grades by evidence: P2 劝阻 < P3 止付 < P4 冻结 < P5 返还. Amounts of one event are never added across grades. Of several reports of the
same grade the narrowest interval counts. A line of a tally has no events: its grades may overlap fully or not at all, so its bounds run
from the largest grade to the sum, and its largest written amount stands for it.

A stop (P3) holds for 48 hours: one that no freezing (P4) follows within two days has lapsed, unless the money was returned all the same. It
is shown, not taken away. A sheet that gives several days leaves the benefit of the doubt; of a tally's line nobody knows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import scipy

from pipeline.measures.loss_records import records
from pipeline.settings import Settings

STOP_HOLDS = timedelta(days=2)
"""An emergency stop of payment holds for 48 hours; sheets state days."""
FIRMNESS = {
    "exact": "exact",
    "at_least": "approximate",
    "nearly": "approximate",
    "about": "approximate",
    "vague": "range",
    "range": "range",
    "missing": "missing",
}
"""Precision of the counted amount → how a page draws it."""


def event_legs(frames: Mapping[str, pl.DataFrame], settings: Settings, clock: datetime) -> pl.DataFrame:
    """Every reported amount of every event, the counted one marked; a count of cases is a leg without amount (it proves the event).

    Frames: loss_cells, areas, event_pairs. A record without any number keeps its missing cells as legs, so that no event is without origin.
    """
    owned = frames["loss_cells"].join(_records_of_events(frames).select("record_id", "event_id", "is_aggregate"), on="record_id")
    said = pl.col("high").is_not_null()
    legs = owned.filter(said | ~said.any().over("record_id")).with_columns(
        pl.when(pl.col("grade").is_not_null()).then(pl.col("value", "low", "high")), leg_date="start", width=pl.col("high") - pl.col("low")
    )
    rank = pl.col("grade").str.slice(1).cast(pl.Float64)
    counted = (
        legs.filter(pl.col("low").is_not_null())
        .with_columns(is_money=pl.col("high") > 0, evidence=pl.when("is_aggregate").then(pl.coalesce("value", "low")).otherwise(rank))
        .sort(
            "event_id", "is_money", "evidence", pl.col("value").is_null(), "width", "measurement_id",
            descending=[False, True, True, False, False, False], nulls_last=True,
        )
        .unique("event_id", keep="first", maintain_order=True)
        .select("measurement_id", is_counted=pl.lit(True))
    )  # fmt: skip
    return (
        legs.join(counted, on="measurement_id", how="left")
        .join(_held_until(legs), on="event_id", how="left")
        .with_columns(pl.col("is_counted").fill_null(False), is_lapsed=_is_lapsed(clock.astimezone(ZoneInfo(settings.district.time_zone)).date()))
        .select("event_id", "measurement_id", "grade", "value", "low", "high", "precision", "leg_date", "is_counted", "is_lapsed")
        .sort("event_id", "measurement_id")
    )


def _held_until(legs: pl.DataFrame) -> pl.DataFrame:
    """event_id, frozen_on (first day its money may have been frozen), is_returned."""
    money = legs.filter(pl.col("high") > 0)
    return money.group_by("event_id").agg(
        frozen_on=pl.col("start").filter(pl.col("grade") == "P4").min(), is_returned=(pl.col("grade") == "P5").any()
    )  # fmt: skip


def _is_lapsed(today: date) -> pl.Expr:
    """Of a stop by a ledger: did it run out? False while it still holds; null for every other leg."""
    until = pl.col("end") + STOP_HOLDS
    is_followed = (pl.col("frozen_on") <= until).fill_null(False) | pl.col("is_returned").fill_null(False)
    is_stop = (pl.col("grade") == "P3") & (pl.col("high") > 0) & ~pl.col("is_aggregate")
    return pl.when(is_stop).then(~is_followed & (until < today))


def events(frames: Mapping[str, pl.DataFrame], settings: Settings, clock: datetime) -> pl.DataFrame:
    """Each event once. Frames: loss_cells, areas, event_pairs, event_legs.

    Area, kind, way and institution come from the earliest report that states them; the area from the finest one. A doubtful event may be
    the twin of `doubtful_with`: it is the weaker of the two, counts, and is left out of lower bounds.
    """
    owned = _records_of_events(frames)
    fine = {"community": 0, "town": 1, "district": 2}
    levels = frames["areas"].select("area_id", fineness=pl.col("level").replace_strict(fine, return_dtype=pl.Int64))
    top = frames["areas"].filter(pl.col("level") == "district")["area_id"].first()
    merged = (
        owned.join(levels, on="area_id", how="left")
        .sort("event_id", "start", "record_id")
        .group_by("event_id", maintain_order=True)
        .agg(
            pl.col("area_id", "town_id").sort_by("fineness", maintain_order=True).first(),
            week=pl.col("week").drop_nulls().first(), first_date=pl.col("start").min(), last_date=pl.col("end").max(),
            n_cases=pl.col("n_cases").max(), is_aggregate=pl.col("is_aggregate").any(), n_reporters=pl.col("subject_id").n_unique().cast(pl.Int64),
            **{name: pl.col(name).drop_nulls().first() for name in ("fraud_type", "way", "institution")},
        )
        .with_columns(pl.col("town_id").fill_null(pl.coalesce(pl.lit(top), "area_id")))
    )  # fmt: skip
    amounts = _amounts(frames["event_legs"], merged)
    doubtful = _weaker_twins(frames["event_pairs"], owned, amounts)
    return (
        merged.join(amounts, on="event_id", how="left")
        .join(doubtful, on="event_id", how="left")
        .with_columns(
            pl.col("firmness", "precision").fill_null("missing"), is_doubtful=pl.col("doubtful_with").is_not_null()
        )
        .select(
            "event_id", "area_id", "town_id", "week", "first_date", "last_date", "fraud_type", "way", "institution", "grade", "value", "low", "high",
            "precision", "firmness", "n_cases", "n_legs", "n_reporters", "is_aggregate", "is_doubtful", "doubtful_with", "is_lapsed",
        )
        .sort("event_id")
    )  # fmt: skip


def event_cohorts(frames: Mapping[str, pl.DataFrame], settings: Settings, clock: datetime) -> pl.DataFrame:
    """Return rate by month of freezing. Frames: event_legs, events. Of several legs of one grade in one event the narrowest counts.

    The rate's bounds pair returned low with frozen high; a returned amount above the frozen one stays visible (a rate above 1).
    """
    single = frames["events"].filter(~pl.col("is_aggregate")).select("event_id")
    legs = frames["event_legs"].join(single, on="event_id", how="semi").filter(pl.col("high") > 0, pl.col("grade").is_in(["P4", "P5"]))
    best = (
        legs.with_columns(width=pl.col("high") - pl.col("low"))
        .sort("event_id", "grade", "width", "measurement_id")
        .unique(["event_id", "grade"], keep="first")
    )
    frozen, returned = (best.filter(pl.col("grade") == grade) for grade in ("P4", "P5"))
    met = frozen.join(returned.select("event_id", back="value", back_low="low", back_high="high"), on="event_id", how="left")
    sums = met.group_by(month=pl.col("leg_date").dt.month_start()).agg(
        n_frozen=pl.len().cast(pl.Int64), n_returned=pl.col("back_high").is_not_null().sum().cast(pl.Int64), frozen=pl.col("value").sum(),
        returned=pl.col("back").sum(), frozen_low=pl.col("low").sum(), frozen_high=pl.col("high").sum(), back_low=pl.col("back_low").sum(),
        back_high=pl.col("back_high").sum(),
    )  # fmt: skip
    return sums.select(
        "month", "n_frozen", "n_returned", "frozen", "returned", value=_share("returned", "frozen"), low=_share("back_low", "frozen_high"),
        high=_share("back_high", "frozen_low"),
    ).sort("month")  # fmt: skip


def _share(part: str, whole: str) -> pl.Expr:
    return pl.when(pl.col(whole) > 0).then(pl.col(part) / pl.col(whole))


def _records_of_events(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Records with the event they belong to: connected components of the pairs that are one event. The id comes from its first record's key."""
    found = records(frames["loss_cells"], frames["areas"])
    rows = found.select("record_id").with_row_index("row")
    same = frames["event_pairs"].filter(pl.col("verdict").is_in(["certain", "merged"]))
    linked = same.join(rows, left_on="record_a", right_on="record_id").join(rows, left_on="record_b", right_on="record_id", suffix="_b")
    n = found.height
    graph = scipy.sparse.coo_array((np.ones(linked.height), (linked["row"].to_numpy(), linked["row_b"].to_numpy())), shape=(n, n)) if n else None
    component = scipy.sparse.csgraph.connected_components(graph, directed=False)[1] if graph is not None else np.empty(0, dtype=np.int32)
    grouped = found.with_columns(component=pl.Series(component)).with_columns(first_key=pl.col("key").min().over("component"))
    ids = ["e" + hashlib.sha256(key.encode()).hexdigest()[:12] for key in grouped["first_key"]]
    return grouped.with_columns(pl.Series("event_id", ids, dtype=pl.String)).drop("component", "first_key")


def _amounts(legs: pl.DataFrame, merged: pl.DataFrame) -> pl.DataFrame:
    """Amount, grade and firmness of each event from its legs."""
    money = pl.col("high").is_not_null() & pl.col("grade").is_not_null()
    by_event = legs.sort("event_id", "measurement_id").group_by("event_id", maintain_order=True).agg(
        **{name: pl.col(name).filter("is_counted").first() for name in ("grade", "value", "low", "high", "precision")},
        n_legs=pl.len().cast(pl.Int64), sum_high=pl.col("high").filter(money).sum(), max_low=pl.col("low").filter(money).max(),
        n_grades=pl.col("grade").filter(money & (pl.col("high") > 0)).n_unique(), is_lapsed=pl.col("is_lapsed").drop_nulls().all(),
    )  # fmt: skip
    spread = pl.col("is_aggregate") & (pl.col("n_grades") > 1)
    return (
        by_event.join(merged.select("event_id", "is_aggregate"), on="event_id")
        .with_columns(
            low=pl.when(spread).then("max_low").otherwise("low"),
            high=pl.when(spread).then("sum_high").otherwise("high"),
            firmness=pl.when(spread).then(pl.lit("range")).otherwise(pl.col("precision").replace_strict(FIRMNESS, return_dtype=pl.String)),
        )
        .with_columns(is_lapsed=pl.when((pl.col("grade") == "P3") & ~pl.col("is_aggregate")).then("is_lapsed"))
        .select("event_id", "grade", "value", "low", "high", "precision", "firmness", "n_legs", "is_lapsed")
    )


def _weaker_twins(pairs: pl.DataFrame, owned: pl.DataFrame, amounts: pl.DataFrame) -> pl.DataFrame:
    """(event_id, doubtful_with) of the weaker event of every doubtful pair: lower grade, then smaller amount, then later id."""
    of_record = owned.select("record_id", "event_id")
    strength = amounts.select(
        "event_id", rank=pl.struct(pl.col("grade").fill_null(""), pl.col("value").fill_null(0.0), pl.col("event_id")).rank("dense")
    )
    met = (
        pairs.filter(pl.col("verdict") == "doubtful")
        .join(of_record, left_on="record_a", right_on="record_id")
        .join(of_record, left_on="record_b", right_on="record_id", suffix="_b")
        .filter(pl.col("event_id") != pl.col("event_id_b"))
        .join(strength, on="event_id", how="left")
        .join(strength.rename({"event_id": "event_id_b", "rank": "rank_b"}), on="event_id_b", how="left")
    )
    weaker = pl.col("rank").fill_null(0) < pl.col("rank_b").fill_null(0)
    return (
        met.select(
            event_id=pl.when(weaker).then("event_id").otherwise("event_id_b"),
            doubtful_with=pl.when(weaker).then("event_id_b").otherwise("event_id"),
            probability="probability",
        )
        .sort("event_id", "probability", "doubtful_with", descending=[False, True, False])
        .unique("event_id", keep="first", maintain_order=True)
        .select("event_id", "doubtful_with")
    )
