"""Sharper bounds of coverage where people were asked which channels reached them, one by one and two by two.

Here: what a survey says of channels and pairs, from survey sheets (渠道: 宣传单, 宣传单+宣讲) and from [[overlap]] in outreach.toml; the
bounds it allows. Not here: bounds on unions from shares (reach.py), how contacts become shares (coverage.py), how far a share may have moved
since it was asked for (ageing.py), the share that any outreach reached (it gives coverage itself and goes first).

A survey speaks of the people it asked: it narrows the bounds of its own area and target group, never of the areas inside, in the windows
it ended in. Each of its shares has its own 95 % interval. A channel's share is what both tallies and survey allow; where these do not
meet the survey's stands, since it asked people and the tallies count paper. Of a pair nobody asked about anything is possible.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl

from pipeline.data_files import read_yaml
from pipeline.measures import geography, reach
from pipeline.measures.ageing import KEY, QUESTION
from pipeline.settings import Settings

METHOD = "overlaps"
JOINED = re.compile(r"[、+＋&/／和与及]")


@cache
def channels_named(words: str | None) -> tuple[str, ...] | None:
    """The channel or the two channels that a text of the column 渠道 names, in alphabetical order; None when it names anything else."""
    parts = [_channel_of().get(part.strip()) for part in JOINED.split(words or "")]
    found = tuple(sorted({part for part in parts if part}))
    return found if None not in parts and len(found) == len(parts) <= 2 else None


def exposures(samples: pl.DataFrame, areas: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """One row: what one survey says of a channel, a pair, or outreach as a whole: ageing.QUESTION, end, sampled, reached.

    `samples` as sql/survey_samples; a row whose `method` names no channel asked about all. Surveys of outreach.toml name their area;
    without one they are of the whole district.
    """
    schema = {**dict.fromkeys(QUESTION, pl.String), "end": pl.Date, "sampled": pl.Float64, "reached": pl.Float64}
    answered = samples.filter(pl.col("reached") <= pl.col("sampled"))
    rows = [
        (area, audience, *_question(channels_named(way) or ()), end, sampled, reached)
        for area, audience, end, way, sampled, reached in answered.select("area_id", "audience", "end", "method", "sampled", "reached").iter_rows()
    ]
    ids = dict(areas.select("zh", "area_id").iter_rows()) | {"": geography.district(areas)}
    for survey in settings.overlap:
        said = {(channel, None): n for channel, n in survey.reached.items()} | survey.pairs
        rows += [(ids[survey.area], survey.audience, *both, survey.end, survey.sampled, n) for both, n in said.items() if ids.get(survey.area)]
    return pl.DataFrame(rows, schema=schema, orient="row")


def _question(named: tuple[str, ...]) -> tuple[str | None, str | None]:
    first, second = (*named, None, None)[:2]
    return first, second


def narrowed(covered: pl.DataFrame, shares: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """`covered` (KEY, low, estimate, high, method, surveyed, drift) with narrower bounds where a survey asked by channel.

    `shares`: KEY, channel, low, high: what tallies allow for each channel; `asked`: what surveys still say of channels and pairs (as
    ageing.aged). Where no population has all these shares together, the bounds stay as they are.
    """
    if asked.is_empty():
        return covered
    tallied = shares.join(asked.select(KEY).unique(), on=KEY, how="semi").partition_by(KEY, as_dict=True)
    found = []
    for key, survey in asked.partition_by(KEY, as_dict=True, maintain_order=True).items():
        bounds = _bounds(survey, tallied.get(key, shares.clear()))
        if bounds:
            found.append((*key, bounds.low, bounds.high, survey["surveyed"].max(), survey["drift"].max()))
    new = {"new_low": pl.Float64, "new_high": pl.Float64, "new_surveyed": pl.Date, "new_drift": pl.Float64}
    sharper = pl.DataFrame(found, schema={**{name: covered.schema[name] for name in KEY}, **new}, orient="row")
    is_new = pl.col("new_low").is_not_null()
    low, high = pl.max_horizontal("low", "new_low"), pl.min_horizontal("high", "new_high")
    meets = low <= high
    return (
        covered.join(sharper, on=KEY, how="left")
        .with_columns(
            low=pl.when(meets).then(low).otherwise(pl.coalesce("new_low", "low")),
            high=pl.when(meets).then(high).otherwise(pl.coalesce("new_high", "high")),
            method=pl.when(is_new).then(pl.lit(METHOD)).otherwise("method"),
            surveyed=pl.when(is_new).then("new_surveyed").otherwise("surveyed"),
            drift=pl.when(is_new).then("new_drift").otherwise("drift"),
        )
        .with_columns(estimate=pl.when(is_new).then(pl.coalesce("estimate", "low").clip(pl.col("low"), pl.col("high"))).otherwise("estimate"))
        .select(covered.columns)
    )


@cache
def _channel_of() -> dict[str, str]:
    words = read_yaml(Path(__file__).with_name("exposure_words.yaml"))
    return {word: channel for channel, known in words.items() for word in known}


def _bounds(survey: pl.DataFrame, tallied: pl.DataFrame) -> reach.Bounds | None:
    """Bounds of one area, group and week: tallies and survey together, the survey alone where they contradict each other, else None."""
    singles = {first: (low, high) for first, second, low, high in survey.select("first", "second", "low", "high").iter_rows() if second is None}
    pairs = {(first, second): (low, high) for first, second, low, high in survey.select("first", "second", "low", "high").iter_rows() if second}
    tallies = {channel: (low, high) for channel, low, high in tallied.select("channel", "low", "high").iter_rows()}
    both = tallies | {name: _meet(tallies.get(name), said) for name, said in singles.items()}
    unknown = {name: (0.0, 1.0) for pair in pairs for name in pair}
    for known in (unknown | both, unknown | singles):
        try:
            return _union(known, pairs)
        except reach.InconsistentShares:
            continue
    return None


def _meet(tallied: tuple[float, float] | None, said: tuple[float, float]) -> tuple[float, float]:
    low, high = (max(tallied[0], said[0]), min(tallied[1], said[1])) if tallied else said
    return (low, high) if low <= high else said


def _union(shares: dict[str, tuple[float, float]], pairs: dict[tuple[str, str], tuple[float, float]]) -> reach.Bounds:
    names = sorted(shares)
    low, high = np.array([shares[name] for name in names]).T
    pair_low, pair_high = np.zeros((len(names), len(names))), np.ones((len(names), len(names)))
    for (first, second), (least, most) in pairs.items():
        i, j = names.index(first), names.index(second)
        pair_low[i, j] = pair_low[j, i] = least
        pair_high[i, j] = pair_high[j, i] = most
    return reach.between((low, high), (pair_low, pair_high))
