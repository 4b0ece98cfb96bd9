"""Coverage that a survey gives or narrows: which areas, and the answers it rests on.

Here: the cells behind such coverage, as lineage takes them, and what is said of the method. Not here: how answers become coverage
(measures/awareness.py, measures/overlaps.py), samples of what people know (awareness.py).
"""

from __future__ import annotations

from datetime import date

import polars as pl

from pipeline.measures import overlaps

from .district import ALL, District
from .model import Text, say

SURVEY = "survey"
METHODS = (SURVEY, overlaps.METHOD)
"""Methods of coverage that rest on answers: a share that says it was reached; bounds narrowed by what was said of channels and pairs."""


def method_of(district: District, area: str, week: date) -> str | None:
    row = district.cover.get((area, week))
    return row["method"] if row else None


def method_text(district: District, area: str, week: date) -> Text:
    """What the estimate is: the value if channels were independent, or calibrated by people's answers."""
    method = method_of(district, area, week)
    return say(f"c1.method.{method}") if method in METHODS else say("c1.method.sainsbury")


def answers(district: District) -> pl.DataFrame:
    """One row a sample that says how many were reached: area_id, audience, way, end, path, sheet, cells, reached, sampled."""
    given = district.frames["measurements"].filter("stands", pl.col("value").is_not_null(), channel="surveys")
    by = ["record_id", "area_id"]
    asked = given.filter(measure="sampled").group_by(by).agg(pl.col("value").sum().alias("sampled"), pl.col("cell").first().alias("of"))
    reached = given.filter(measure="reached").group_by(by, maintain_order=True).agg(
        pl.col("audience", "way", "path", "sheet", "cell").first(), pl.col("start").min(), pl.col("end").max(), pl.col("value").sum().alias("reached")
    )  # fmt: skip
    found = reached.join(asked, on=by).filter(pl.col("sampled") > 0, pl.col("reached") <= pl.col("sampled"))
    return found.with_columns(pl.col("audience").fill_null(ALL), cells=pl.concat_str("cell", pl.lit(" ÷ "), "of"))


def names_channels(way: pl.Expr) -> pl.Expr:
    return way.map_elements(lambda words: bool(overlaps.channels_named(words)), return_dtype=pl.Boolean, skip_nulls=True).fill_null(False)


def cells(district: District, audience: str) -> pl.DataFrame:
    """Answers by the weeks whose coverage they give: value is their share, weight those asked, bounds the published ones.

    Where answers only narrow the bounds, the first row carries the estimate and counts; the shares that narrowed it are listed uncounted.
    """
    window = pl.duration(weeks=district.settings.coverage.window_weeks)
    weeks = district.frames["coverage"].filter(pl.col("method").is_in(METHODS), audience=audience)
    ended = (
        weeks.select("area_id", "week", "method", "estimate", "low", "high", "residents")
        .join(answers(district).filter(audience=audience), on="area_id")
        .with_columns(sunday=pl.col("week") + pl.duration(days=6), is_named=names_channels(pl.col("way")))
        .filter(pl.col("end") <= pl.col("sunday"), pl.col("end") > pl.col("sunday") - window)
        .filter(pl.col("is_named") == (pl.col("method") == overlaps.METHOD))
        .sort("area_id", "week", "record_id")
    )
    is_first = pl.int_range(pl.len()).over("area_id", "week") == 0
    narrows = pl.col("method") == overlaps.METHOD
    share = pl.col("reached") / pl.col("sampled")
    whole = pl.col("area_id").replace_strict({a: district.town_of(a) for a in district.area}, default=district.top, return_dtype=pl.String)
    counts = [pl.col(name).cast(pl.Int64).cast(pl.String) for name in ("reached", "sampled")]
    return ended.with_columns(
        value=pl.when(narrows & is_first).then("estimate").otherwise(share),
        low=pl.when(narrows & ~is_first).then(share).otherwise("low"),
        high=pl.when(narrows & ~is_first).then(share).otherwise("high"),
        is_counted=~narrows | is_first,
        weight=pl.when(narrows).then(pl.col("residents").fill_null(1.0)).otherwise("sampled"),
        text=pl.concat_str(counts[0], pl.lit(" ÷ "), counts[1]),
        cell="cells",
        town=whole,
        parts=pl.concat_list("method"),
    )  # fmt: skip
