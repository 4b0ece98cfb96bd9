"""What was published and what the same number is now.

Here: rows for `publications` at each publication, table `revisions`. Not here: when a publication happens (defs/).
Only numbers that leave the house as a weekly figure are kept: the district's and towns' cases, prevented loss, contacts, coverage.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import polars as pl

from pipeline.measures import geography
from pipeline.settings import Settings

KEY = ["metric", "area_id", "week"]
PUBLISHED = ("cases", "prevented", "contacts")
SHIFT = 1e-9
"""Relative difference below which two numbers are the same: sums of floats."""


def published_numbers(series: pl.DataFrame, coverage: pl.DataFrame, areas: pl.DataFrame) -> pl.DataFrame:
    """metric, area_id, week, value, low, high of every weekly figure of the district and its towns as of now."""
    large = areas.filter(pl.col("level") != "community").select("area_id")
    added = (
        geography.roll_up(series.filter(pl.col("metric").is_in(PUBLISHED)), areas)
        .group_by(KEY)
        .agg(pl.when(pl.col(name).is_not_null().any()).then(pl.col(name).sum()).alias(name) for name in ("value", "low", "high"))
    )
    covered = coverage.filter((pl.col("audience") == "all") & pl.col("estimate").is_not_null())
    shares = covered.select(pl.lit("coverage").alias("metric"), "area_id", "week", "low", "high", value="estimate").select(added.columns)
    return pl.concat([added, shares]).join(large, on="area_id", how="semi").sort(KEY)


def new_publications(now: pl.DataFrame, published: pl.DataFrame, build_id: str, published_at: datetime) -> pl.DataFrame:
    """Rows to add to `publications`: numbers published for the first time, different from when they were last published, or gone since
    (all three bounds null). `published_at` is UTC without a zone. Publishing the same numbers again adds nothing."""
    last = published.sort("published_at", "build_id").unique(KEY, keep="last", maintain_order=True)
    met = now.join(last.select(*KEY, "build_id", old_value="value", old_low="low", old_high="high"), on=KEY, how="full", coalesce=True)
    changed = pl.any_horizontal(differs(name) for name in ("value", "low", "high"))
    fresh = met.filter(pl.col("build_id").is_null() | changed).sort(KEY)
    stamped = fresh.with_columns(build_id=pl.lit(build_id), published_at=pl.lit(published_at, dtype=pl.Datetime("us")))
    return stamped.select("build_id", "published_at", *KEY, "value", "low", "high")


def revisions(frames: Mapping[str, pl.DataFrame], settings: Settings, clock: datetime) -> pl.DataFrame:
    """Published numbers that are different now. Frames: publications, weekly_series, coverage, areas. n_changes counts publications that
    differed from the one before. A number that is gone now is a revision to null."""
    now = published_numbers(frames["weekly_series"], frames["coverage"], frames["areas"])
    history = frames["publications"].sort("published_at", "build_id").group_by(KEY, maintain_order=True).agg(
        first_build_id=pl.col("build_id").first(), first_published_at=pl.col("published_at").first(), first_value=pl.col("value").first(),
        first_low=pl.col("low").first(), first_high=pl.col("high").first(), n_changes=pl.len().cast(pl.Int64) - 1,
    )  # fmt: skip
    met = history.join(now, on=KEY, how="left")
    changed = [differs(name, "first_") for name in ("value", "low", "high")]
    return met.filter(pl.any_horizontal(changed)).sort(KEY)


def revision_rates(frames: Mapping[str, pl.DataFrame], settings: Settings, clock: datetime) -> pl.DataFrame:
    """How many of an area's published weekly figures changed since: metric, area_id, period, n_published, n_revised, rate.

    Frames: publications, revisions, areas, periods (period, start, end). A figure is one metric, area and week that was ever published with
    a number; it is revised when a later publication stated it differently or it is different now.
    """
    is_stated = pl.any_horizontal(pl.col(name).is_not_null() for name in ("value", "low", "high"))
    figures = frames["publications"].group_by(KEY).agg(is_stated=is_stated.any(), is_again=pl.len() > 1).filter("is_stated")
    now = frames["revisions"].select(*KEY, is_different=pl.lit(True))
    told = figures.join(now, on=KEY, how="left").with_columns(is_revised=pl.col("is_again") | pl.col("is_different").fill_null(False))
    inside = told.join_where(frames["periods"], pl.col("week") >= pl.col("start"), pl.col("week") <= pl.col("end"))
    counts = geography.roll_up(inside, frames["areas"]).group_by("metric", "area_id", "period").agg(
        n_published=pl.len().cast(pl.Int64), n_revised=pl.col("is_revised").sum().cast(pl.Int64)
    )  # fmt: skip
    return counts.with_columns(rate=pl.col("n_revised") / pl.col("n_published")).sort("metric", "area_id", "period")


def differs(name: str, prefix: str = "old_") -> pl.Expr:
    """Whether a number and its earlier self (`prefix` + name) are two numbers: one of them is missing, or they are further apart than SHIFT."""
    new, old = pl.col(name), pl.col(prefix + name)
    apart = (new - old).abs() > SHIFT * pl.max_horizontal(new.abs(), old.abs(), pl.lit(1.0))
    return (new.is_null() != old.is_null()) | apart.fill_null(False)
