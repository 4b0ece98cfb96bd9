"""Units side by side without spurious ranking: funnel limits, shrunken rates, rank intervals.

Here: table `unit_comparison`: prevented and lost cases per resident of every town over the default window. Not here: coverage by bounds
(coverage.py), whether ranks are shown (settings: pages.rankings). Activity volume is never ranked.
After Spiegelhalter (2005), funnel plots for comparing institutional performance.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import numpy as np
import polars as pl
import scipy
from numpy.typing import ArrayLike, NDArray

from pipeline.settings import Settings
from pipeline.tables.base import table

SEED, DRAWS = 20260323, 10_000
METRICS = ("cases", "losses.cases")
NARROW, WIDE = 0.95, 0.998


def funnel_limits(exposure: ArrayLike, rate: float, level: float, dispersion: float = 1.0) -> tuple[NDArray, NDArray]:
    """Exact Poisson limits of a unit's rate around `rate`, by exposure: quantiles of the count ÷ exposure; with dispersion φ > 1 their
    distance from `rate` is widened by √φ. Rates per unit of exposure."""
    e = np.asarray(exposure, dtype=float)
    tail = (1 - level) / 2
    low, high = (poisson_quantile(p, e * rate) / e for p in (tail, 1 - tail))
    widen = np.sqrt(max(dispersion, 1.0))
    return np.maximum(rate + (low - rate) * widen, 0), rate + (high - rate) * widen


def poisson_quantile(probability: float, means: NDArray) -> NDArray[np.float64]:
    """The smallest counts that are not exceeded with at least this probability, by mean (means above 0)."""
    above = np.ceil(scipy.special.pdtrik(probability, means))  # the inverse in real numbers, which rounding may lift over a whole one
    below = np.maximum(above - 1, 0)
    return np.where(scipy.special.pdtr(below, means) >= probability, below, above)


def dispersion(counts: ArrayLike, exposure: ArrayLike, winsorised: float = 0.10) -> float:
    """Over-dispersion φ: mean squared z-score of √-transformed counts, the outer 10 % on either side pulled in."""
    x, e = np.asarray(counts, dtype=float), np.asarray(exposure, dtype=float)
    z = 2 * (np.sqrt(x) - np.sqrt(e * x.sum() / e.sum()))
    return float(np.mean(np.clip(z, *np.quantile(z, [winsorised, 1 - winsorised])) ** 2))


def shrunken(counts: ArrayLike, exposure: ArrayLike) -> tuple[NDArray, float, float]:
    """Gamma–Poisson rates (x + α)/(e + β) with α, β by maximum marginal likelihood (negative binomial) over all units."""
    x, e = np.asarray(counts, dtype=float), np.asarray(exposure, dtype=float)
    mean = max(x.sum() / e.sum(), 1e-12)

    def loss(log_alpha: float) -> float:
        alpha = np.exp(log_alpha)
        beta = alpha / mean
        return -float(
            np.sum(scipy.special.gammaln(x + alpha) - scipy.special.gammaln(alpha) + alpha * np.log(beta / (beta + e)) + x * np.log(e / (beta + e)))
        )

    best = scipy.optimize.minimize_scalar(loss, bounds=(-4, 12), method="bounded")
    alpha = float(np.exp(best["x"]))
    return (x + alpha) / (e + alpha / mean), alpha, alpha / mean


def rank_interval(counts: ArrayLike, exposure: ArrayLike) -> tuple[NDArray, NDArray]:
    """5 % and 95 % of each unit's rank (1 = highest rate) over draws from the Gamma posteriors; the seed is fixed, so pages repeat."""
    _, alpha, beta = shrunken(counts, exposure)
    x, e = np.asarray(counts, dtype=float), np.asarray(exposure, dtype=float)
    draws = np.random.default_rng(SEED).gamma(x + alpha, 1 / (e + beta), size=(DRAWS, len(x)))
    ranks = len(x) - draws.argsort(axis=1).argsort(axis=1)
    return np.quantile(ranks, 0.05, axis=0), np.quantile(ranks, 0.95, axis=0)


def unit_comparison(frames: Mapping[str, pl.DataFrame], settings: Settings, clock: datetime) -> pl.DataFrame:
    """By metric and town over w13: rate per 10 000 residents, its limits, the shrunken rate, the rank interval, whether it stands out.

    Frames: kpis, areas. Towns without residents are left out; fewer than three towns are not compared.
    """
    towns = frames["areas"].filter((pl.col("level") == "town") & (pl.col("residents") > 0)).select("area_id", "residents")
    parts = [table("unit_comparison").empty()]
    for metric in METRICS:
        known = frames["kpis"].filter((pl.col("metric") == metric) & (pl.col("period") == "w13")).select("area_id", "value")
        units = towns.join(known, on="area_id").sort("area_id")
        if units.height >= 3 and units["value"].sum() > 0:
            parts.append(_compared(metric, units))
    return pl.concat(parts)


def _compared(metric: str, units: pl.DataFrame) -> pl.DataFrame:
    x, e = units["value"].to_numpy(), units["residents"].to_numpy() / 10_000
    rate, spread = float(x.sum() / e.sum()), dispersion(x, e)
    narrow, wide = (funnel_limits(e, rate, level, spread) for level in (NARROW, WIDE))
    best, worst = rank_interval(x, e)
    own = x / e
    verdict = np.where(own > wide[1], "high", np.where(own < wide[0], "low", "usual"))
    columns = {
        "metric": [metric] * len(x), "area_id": units["area_id"], "n": x, "exposure": e, "rate": own, "expected": np.full(len(x), rate),
        "low_95": narrow[0], "high_95": narrow[1], "low_998": wide[0], "high_998": wide[1], "shrunken": shrunken(x, e)[0],
        "rank_best": np.floor(best).astype(int), "rank_worst": np.ceil(worst).astype(int), "dispersion": np.full(len(x), spread), "verdict": verdict,
    }  # fmt: skip
    return pl.DataFrame({name: list(values) for name, values in columns.items()}, schema=table("unit_comparison").polars_schema)
