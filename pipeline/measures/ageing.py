"""What a survey still says weeks after it was made: shares that people stated, with intervals that widen while the window moves on.

Here: answers of one question (any outreach, one channel, two channels) by area and week, and how their intervals age. Not here: Wilson
intervals (awareness.py), what the shares are used for (coverage.py, overlaps.py).

A survey speaks of the window that ended with it. Later windows share ever fewer weeks with that one, and two things bound the share then:

- Turnover, without any assumption: it lost at most the people whose contacts left the window and gained at most those whose contacts
  entered it. Recorded contacts bound both, each taken for another person. Where they are not recorded, this says nothing.
- Drift, measured: shares of earlier samples moved from one to the next. The move is taken for a random walk (local level model: Harvey
  1989, § 2.3), its variance a week is what the squared moves between successive samples of one area and question exceed their sampling
  variance by, at the upper end of its one-sided 95 % χ² interval: few samples make it wide, none leaves turnover alone. Only samples that had
  ended by a week are used for it, so that later ones revise no earlier week.

Sampling and drift are combined by the limits' own squares (MOVER: Zou & Donner 2008; with two Wilson intervals Newcombe's 1998 method 10).
Several samples of a window are added up, and count with their mean age.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
import scipy
from numpy.typing import ArrayLike, NDArray

from pipeline.measures import geography
from pipeline.measures.awareness import wilson

KEY = ["area_id", "audience", "week"]
QUESTION = ["area_id", "audience", "first", "second"]
"""One question: first and second name channels; both null for outreach as a whole, second null for one channel."""
LEVEL, CERTAINTY = 0.95, 0.95
Z = float(scipy.special.ndtri(0.5 + LEVEL / 2))


def aged(answers: pl.DataFrame, cells: pl.DataFrame, areas: pl.DataFrame, people: pl.DataFrame, weeks: pl.DataFrame, window: int) -> pl.DataFrame:
    """Shares by week and question: KEY, first, second, share, low, high, surveyed (last day of the newest sample), drift.

    `answers`: QUESTION, end, sampled, reached: samples with an answer. `cells`: area_id, audience, channel, week, persons: at most that
    many were contacted. `people`: area_id, audience, n. A sample counts in the `window` weeks from its end on. `drift`: standard
    deviation of a week's move as used, null where no two samples tell it.
    """
    samples = answers.group_by(*QUESTION, "end").agg(pl.col("sampled", "reached").sum()).sort(*QUESTION, "end")
    sundays = weeks.select("week", "sunday").sort("week")
    ended = samples.join(sundays, how="cross").filter(
        (pl.col("end") <= pl.col("sunday")) & (pl.col("end") > pl.col("sunday") - pl.duration(weeks=window))
    )
    known = _with_turnover(ended, cells, areas, people, sundays, window).with_columns(
        age=(pl.col("sunday") - pl.col("end")).dt.total_days() / 7, is_whole=pl.col("first").is_null()
    )
    weight = pl.col("sampled") / pl.col("sampled").sum()
    # A sum over samples of which one is unknown is unknown: null would leave it out.
    means = [(pl.col(name).fill_null(float("inf")) * weight).sum().alias(name) for name in ("age", "lost", "gained")]
    pooled = known.group_by(*KEY, "first", "second", "sunday", "is_whole").agg(
        *means, share=pl.col("reached").sum() / pl.col("sampled").sum(), n=pl.col("sampled").sum(), surveyed=pl.col("end").max()
    )
    told = pooled.sort("sunday").join_asof(_drift(samples), left_on="sunday", right_on="end", by="is_whole", check_sortedness=False)
    dated = told.sort(*KEY, "first", "second")
    share, n, age, lost, gained = (dated[name].to_numpy() for name in ("share", "n", "age", "lost", "gained"))
    low, high = wilson(share * n, n, LEVEL)
    drift = dated["drift"].fill_null(float("inf")).to_numpy()
    moved = Z * np.where(age > 0, drift * np.sqrt(np.where(age > 0, age, 1)), 0)
    least, most = summed_limits((low, share, high), (-moved, np.zeros_like(moved), moved))
    limits = {"low": np.maximum(least, low - lost).clip(0, 1), "high": np.minimum(most, high + gained).clip(0, 1)}
    return dated.select(
        *KEY, "first", "second", "share", *(pl.Series(name, end, dtype=pl.Float64) for name, end in limits.items()), "surveyed", "drift"
    )


def summed_limits(*parts: tuple[ArrayLike, ArrayLike, ArrayLike]) -> tuple[NDArray, NDArray]:
    """Limits of a sum of independent estimates, each (low, estimate, high): the distances to each end add by their squares. MOVER."""
    lows, middles, highs = (np.array([np.asarray(part[i], dtype=float) for part in parts]) for i in range(3))
    total = middles.sum(axis=0)
    return total - np.sqrt(((middles - lows) ** 2).sum(axis=0)), total + np.sqrt(((highs - middles) ** 2).sum(axis=0))


def weekly_variance(squares: ArrayLike, noises: ArrayLike, spans: ArrayLike, n: ArrayLike) -> NDArray:
    """Upper limit of the variance a week of a random walk that was seen only through samples.

    Sums over n moves between successive samples: of squared moves, of both samples' variances, of the weeks between them. A sum of n
    squared normal moves lies at or above its expectation × χ²(n, 1 − CERTAINTY) ÷ n with probability CERTAINTY.
    """
    total, noise, weeks, moves = (np.asarray(given, dtype=float) for given in (squares, noises, spans, n))
    return np.maximum(total * moves / scipy.special.chdtri(moves, CERTAINTY) - noise, 0) / weeks


def _drift(samples: pl.DataFrame) -> pl.DataFrame:
    """(is_whole, end, drift): after each day on which a sample ended, the drift that all samples so far tell. Questions about outreach as
    a whole and about channels have one each."""
    low, high = wilson(samples["reached"].to_numpy(), samples["sampled"].to_numpy(), LEVEL)
    earlier = {"then": "share", "noise_then": "noise", "day": "end"}
    moves = (
        samples.with_columns(share=pl.col("reached") / pl.col("sampled"), noise=pl.Series((high - low) / 2 / Z, dtype=pl.Float64) ** 2)
        .with_columns(pl.col(name).shift(1).over(QUESTION, order_by="end").alias(then) for then, name in earlier.items())
        .filter(pl.col("then").is_not_null())
        .group_by("end", is_whole=pl.col("first").is_null())
        .agg(
            squares=((pl.col("share") - pl.col("then")) ** 2).sum(), noises=(pl.col("noise") + pl.col("noise_then")).sum(),
            spans=((pl.col("end") - pl.col("day")).dt.total_days() / 7).sum(), n=pl.len().cast(pl.Float64),
        )
        .sort("end", "is_whole")
        .with_columns(pl.col("squares", "noises", "spans", "n").cum_sum().over("is_whole", order_by="end"))
    )  # fmt: skip
    variance = weekly_variance(moves["squares"], moves["noises"], moves["spans"], moves["n"])
    return moves.select("is_whole", "end", drift=pl.Series(np.sqrt(variance), dtype=pl.Float64))


def _with_turnover(
    ended: pl.DataFrame, cells: pl.DataFrame, areas: pl.DataFrame, people: pl.DataFrame, sundays: pl.DataFrame, window: int
) -> pl.DataFrame:
    """`ended` with lost and gained: the largest share whose contacts left and entered the window since the sample; null where a week of
    either was before the first recorded contact, or a channel has none that count people."""
    # A sample that ended within a week has not heard of all of it, nor of all of the first week of its window.
    heard = (pl.col("end") - timedelta(days=6)).dt.truncate("1w")
    span = timedelta(weeks=window - 1)
    ends = {
        "entered_from": heard + timedelta(weeks=1), "entered_to": pl.col("week") + timedelta(weeks=1), "left_from": heard - span,
        "left_to": pl.col("week") - span,
    }  # fmt: skip
    moving = ended.with_columns(**ends)
    before = _contacted_before(ended, cells, areas, people, sundays)
    by = ["area_id", "audience", "channel"]
    for channel in ("first", "second"):
        for name in ends:
            at = before.select(*by, pl.col("week").alias(name), pl.col("before").alias(f"{channel}_{name}"))
            keyed = moving.with_columns(channel=pl.col(channel).fill_null("") if channel == "first" else pl.col(channel))
            moving = keyed.join(at, on=[*by, name], how="left").drop("channel")
    nothing_left = pl.col("left_from") >= pl.col("left_to")

    def turned(channel: str, way: str) -> pl.Expr:
        return pl.col(f"{channel}_{way}_to") - pl.col(f"{channel}_{way}_from")

    def of_both(way: str) -> pl.Expr:
        return turned("first", way) + pl.when(pl.col("second").is_null()).then(0.0).otherwise(turned("second", way))

    return moving.select(
        ended.columns, lost=pl.when(nothing_left).then(0.0).otherwise(of_both("left")),
        gained=pl.when(pl.col("entered_from") >= pl.col("entered_to")).then(0.0).otherwise(of_both("entered")),
    )  # fmt: skip


def _contacted_before(ended: pl.DataFrame, cells: pl.DataFrame, areas: pl.DataFrame, people: pl.DataFrame, sundays: pl.DataFrame) -> pl.DataFrame:
    """area_id, audience, channel ("" for all), week, before: people contacted in all weeks before, at most, ÷ people; from the first
    recorded week to the one after the last."""
    asked = ended.select("area_id", "audience").unique()
    by = ["area_id", "audience", "channel"]
    own = pl.concat([cells, cells.with_columns(channel=pl.lit(""))]).group_by(*by, "week").agg(pl.col("persons").sum())
    capped = own.join(people, on=["area_id", "audience"]).with_columns(pl.min_horizontal("persons", "n"))
    rolled = geography.roll_up(capped.drop("n"), areas).join(asked, on=["area_id", "audience"], how="semi")
    summed = rolled.sort("own_area_id", "week").group_by(*by, "week").agg(pl.col("persons").sum())
    days = pl.concat([sundays.select("week"), sundays.select(pl.col("week").max() + timedelta(weeks=1))])
    grid = summed.group_by(by).agg(begun=pl.col("week").min()).join(days, how="cross").filter(pl.col("week") >= pl.col("begun"))
    dense = grid.join(summed, on=[*by, "week"], how="left").join(people, on=["area_id", "audience"]).sort(*by, "week")
    so_far = pl.col("persons").fill_null(0.0).cum_sum().over(by, order_by="week")
    return dense.select(*by, "week", before=(so_far - pl.col("persons").fill_null(0.0)) / pl.col("n"))
