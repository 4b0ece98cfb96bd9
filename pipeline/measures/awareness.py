"""What residents know: awareness from samples with intervals, pass or fail by lot quality assurance.

Here: table `awareness`, Wilson intervals, LQAS plans. Not here: reach as people say it themselves (overlaps.py, ageing.py), typed rates
without a sample; they are claims and never loaded. A sample of volunteers (QR quiz) is a sample of volunteers: its method is shown beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl
import scipy
from numpy.typing import ArrayLike, NDArray

from pipeline.settings import Settings

LOT_SIZE, ERROR = 19, 0.10
"""Sample per unit and largest error of either kind in LQAS (Valadez 1991: n = 19 keeps both at or below .10 for 30-point spreads)."""
LOT_TARGETS = ((0.80, 0.50), (0.90, 0.60), (0.95, 0.70))
"""(target, level that must not pass), shares."""


@dataclass(frozen=True, slots=True)
class LotPlan:
    """Pass when at least `threshold` of `n` answer correctly. The errors: a good lot fails, a bad lot passes."""

    n: int
    threshold: int
    good_fails: float
    bad_passes: float


def wilson(successes: ArrayLike, n: ArrayLike, level: float = 0.95) -> tuple[NDArray, NDArray]:
    """Wilson (1927) score interval of a share; NaN where n is 0. Arrays of equal shape, shares out."""
    k, size = np.asarray(successes, dtype=float), np.asarray(n, dtype=float)
    z = scipy.special.ndtri(0.5 + level / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = k / size
        centre = (p + z**2 / (2 * size)) / (1 + z**2 / size)
        half = z / (1 + z**2 / size) * np.sqrt(p * (1 - p) / size + z**2 / (4 * size**2))
    return np.clip(centre - half, 0, 1), np.clip(centre + half, 0, 1)


def lot_plan(high: float, low: float, n: int = LOT_SIZE) -> LotPlan:
    """The threshold with the smallest sum of errors, for a target share against a level that must not pass (binomial tails)."""
    thresholds = np.arange(1, n + 1)
    good_fails, bad_passes = scipy.special.bdtr(thresholds - 1, n, high), scipy.special.bdtrc(thresholds - 1, n, low)
    best = int(np.argmin(np.maximum(good_fails, bad_passes)))
    return LotPlan(n, int(thresholds[best]), float(good_fails[best]), float(bad_passes[best]))


def passes(aware: int, n: int, high: float, low: float) -> bool | None:
    """Whether a unit's sample passes; None when no plan of this size keeps both errors within ERROR."""
    plan = lot_plan(high, low, n)
    return aware >= plan.threshold if max(plan.good_fails, plan.bad_passes) <= ERROR else None


def awareness(frames: Mapping[str, pl.DataFrame], settings: Settings, clock: datetime) -> pl.DataFrame:
    """The `awareness` table: one row a sample that asked what people know, with rate and interval, and the LQAS verdict on the target.

    Frames: survey_samples (record_id, area_id, subject_id, audience, method, start, end, sampled, aware, reached).
    """
    samples = frames["survey_samples"].filter(pl.col("aware") <= pl.col("sampled"))
    low, high = wilson(samples["aware"].cast(pl.Float64).to_numpy(), samples["sampled"].to_numpy())
    target, against = settings.awareness.target, settings.awareness.must_not_pass
    verdicts = [passes(round(aware), round(n), target, against) for aware, n in samples.select("aware", "sampled").iter_rows()]
    return samples.select(
        "record_id", "area_id", "subject_id", "audience", "method", "start", "end", "sampled", "aware",
        rate=pl.col("aware") / pl.col("sampled"), low=pl.Series(low, dtype=pl.Float64).fill_nan(None),
        high=pl.Series(high, dtype=pl.Float64).fill_nan(None),
        is_passed=pl.Series(verdicts, dtype=pl.Boolean),
    ).sort("record_id")  # fmt: skip
