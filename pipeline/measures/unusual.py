"""Numbers that chance does not explain: a count far beyond its own history, a rate that never misses.

Here: the negative-binomial tail and the questions raised. Not here: wrong units and digits (slips.py), what cannot be (feasibility.py), how
candidates are found (sql/). Outreach comes in bursts, so a count is held against the spread of its own series, not against a normal one.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import scipy
from numpy.typing import ArrayLike, NDArray

from pipeline.measures.slips import FIELDS

CHANCE = 0.001
"""A finding's probability over a whole series of unchanged numbers: each of its n + 1 counts is tested at this ÷ (n + 1) (Bonferroni)."""


def upper_tail(counts: ArrayLike, means: ArrayLike, variances: ArrayLike) -> NDArray:
    """P(X ≥ count) of a negative binomial with this mean and variance (method of moments: size m²/(v − m)); Poisson where v ≤ m.

    Zeros in the history are part of its variance, so a series with many zeros has a heavier tail. Counts ≥ 0, means > 0.
    """
    x, m, v = (np.asarray(given, dtype=float) for given in (counts, means, variances))
    is_spread = v > m * (1 + 1e-9)
    size = (m**2 / (v - m).clip(min=1e-12)).clip(max=1e12)
    spread = scipy.special.betainc(x, size, m / (size + m))
    return is_spread * spread + ~is_spread * scipy.special.pdtrc(x - 1, m)


def outliers(candidates: pl.DataFrame) -> pl.DataFrame:
    """Counts whose tail probability against the unit's own other periods is below CHANCE; the frame's columns as in sql/outliers.sql."""
    tail = upper_tail(candidates["value"], candidates["mean"], candidates["variance"])
    odd = candidates.filter(pl.Series(tail, dtype=pl.Float64) < CHANCE / (candidates["n"] + 1))
    value, mean = (pl.col(name).map_elements(lambda n: f"{n:,.4g}" if n < 1e4 else f"{n:,.0f}", return_dtype=pl.String) for name in ("value", "mean"))
    return odd.select(
        "area_id", "week", "path", "sheet", "cell", severity=pl.lit("note"), rule=pl.lit("counts_are_within_their_history"),
        zh=pl.format("{}本格 {}{}，其余 {} 期平均 {}{}，按自身波动几乎不会出现：是集中行动，还是累计数、重复计数？",
                     "subject", value, "unit", "n", mean, "unit"),
        en=pl.format("{}: {} {} here, {} on average in its {} other periods; its own spread hardly ever gives that. A special action, or a "
                     "cumulative or repeated count?", "subject", value, "unit", mean, "n"),
    ).select(FIELDS)  # fmt: skip


def saturated(runs: pl.DataFrame) -> pl.DataFrame:
    """Rates of at least 99 % period after period; the frame's columns as in sql/saturated.sql."""
    return runs.select(
        "area_id", "week", "path", "sheet", "cell", severity=pl.lit("note"), rule=pl.lit("rates_have_misses"),
        zh=pl.format("{}的 {}.{} 连续 {} 期不低于 99%（共 {} 中 {}）：请列明未完成的个案，或说明统计口径。",
                     "subject", "channel", "measure", "n_periods", pl.col("whole").cast(pl.Int64), pl.col("value").cast(pl.Int64)),
        en=pl.format("{}: {}.{} has been at 99 % or more for {} periods ({} of {}). List the misses, or say how it is counted.",
                     "subject", "channel", "measure", "n_periods", pl.col("value").cast(pl.Int64), pl.col("whole").cast(pl.Int64)),
    ).select(FIELDS)  # fmt: skip
