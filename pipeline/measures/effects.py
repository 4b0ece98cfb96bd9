"""Whether recorded cases moved while an operation ran, said only where the weeks can tell.

Here: table `campaign_effects`: power first, estimate after. Not here: changes of periods (kpis.py), which say what happened and nothing of
why. A whole district has no control series, so even a stated step is 同期变化, never an effect caused.

Prevented cases are no outcome: more of them may only mean more fraud. The model is fixed beforehand: intercept, trend, level step at the
operation's first week; up to a year before, the operation's own weeks after, provisional weeks left out because cases are filed late.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import numpy as np
import polars as pl
import scipy
from numpy.typing import NDArray

from pipeline.measures import geography
from pipeline.measures.calendar import WEEK
from pipeline.measures.periods import operations
from pipeline.settings import Settings
from pipeline.tables.base import table

OUTCOME = "losses.cases"
FEWEST_WEEKS, MOST_BEFORE, MOST_NEEDED = 12, 52, 260
LEVEL = 0.95


def power(mean: float, dispersion: float, n_before: int, n_after: int, change: float, level: float = LEVEL) -> float:
    """Chance that the two-sided test of the step sees a relative `change` in weekly counts of this mean and dispersion.

    Quasi-Poisson with log link: the step's variance is φ·(XᵀWX)⁻¹ at the true means, the test statistic noncentral t with n − 3 degrees of
    freedom. Within .02 of simulated power over the range of weekly counts in question. 0 where the step cannot be told from the trend.
    """
    design = _design(n_before, n_after)
    means = mean * np.where(design[:, 2] > 0, 1 + change, 1.0)
    freedom = len(means) - design.shape[1]
    information = design.T @ (design * means[:, None])
    if freedom < 1 or min(n_before, n_after) < 1 or mean <= 0 or np.linalg.cond(information) > 1e12:
        return 0.0
    shift = np.log1p(change) / np.sqrt(dispersion * np.linalg.inv(information)[2, 2])
    limit = scipy.special.stdtrit(freedom, 0.5 + level / 2)
    return float(scipy.special.nctdtr(freedom, shift, -limit) + 1 - scipy.special.nctdtr(freedom, shift, limit))


def weeks_needed(mean: float, dispersion: float, change: float, least: float) -> int | None:
    """The smallest number of weeks before, and as many after, with at least this power; None beyond MOST_NEEDED."""
    enough = (n for n in range(FEWEST_WEEKS // 2, MOST_NEEDED + 1) if power(mean, dispersion, n, n, change) >= least)
    return next(enough, None)


def step(counts: NDArray, n_before: int) -> tuple[float, float, float]:
    """(change, low, high) of the level step after `n_before` weekly counts: quasi-Poisson regression, 95 % interval by Student's t."""
    # Loading statsmodels takes longer than everything else measured: only for an operation whose step is stated.
    from statsmodels.genmod.families import Poisson
    from statsmodels.genmod.generalized_linear_model import GLM

    fit = GLM(counts, _design(n_before, len(counts) - n_before), family=Poisson()).fit(scale="X2")
    reach = scipy.special.stdtrit(len(counts) - 3, 0.5 + LEVEL / 2) * fit.bse[2]
    change, low, high = np.expm1([fit.params[2], fit.params[2] - reach, fit.params[2] + reach])
    return float(change), float(low), float(high)


def campaign_effects(frames: Mapping[str, pl.DataFrame], settings: Settings, clock: datetime) -> pl.DataFrame:
    """One row an operation that has begun. Frames: weekly_series, weeks, campaigns, areas."""
    weeks = frames["weeks"].filter(~pl.col("is_provisional")).sort("week")
    recorded = frames["weekly_series"].filter(pl.col("metric") == OUTCOME).group_by("week").agg(pl.col("value").sum())
    known = weeks.join(recorded, on="week", how="left").with_columns(pl.col("value").fill_null(0.0))
    if recorded.height:
        known = known.filter(pl.col("week") >= recorded["week"].min())
    counts = dict(known.select("week", "value").iter_rows()) if recorded.height else {}
    begun = operations(frames["campaigns"], weeks["week"].min(), weeks["week"].max()) if weeks.height else []  # pyright: ignore[reportArgumentType]
    top = geography.district(frames["areas"])
    rows = [
        {"campaign_id": period.removeprefix("op:"), "area_id": top, "start": first, "end": last, **_effect(counts, first, last, settings)}
        for period, first, last in begun
        if top
    ]
    return pl.DataFrame(rows, schema=table("campaign_effects").polars_schema)


def _effect(counts: Mapping[date, float], first: date, last: date, settings: Settings) -> dict[str, object]:
    before = np.array([n for week, n in counts.items() if first - MOST_BEFORE * WEEK <= week < first])
    after = np.array([n for week, n in counts.items() if first <= week <= last])
    found: dict[str, object] = {"n_before": len(before), "n_after": len(after)}
    if not counts:
        return found | {"verdict": "no_losses"}
    if len(before) + len(after) < FEWEST_WEEKS or not len(after) or len(before) < 2 or before.mean() == 0:
        return found | {"verdict": "too_short"}
    mean, spread = float(before.mean()), max(1.0, float(before.var(ddof=1) / before.mean()))
    policy = settings.effects
    strength = power(mean, spread, len(before), len(after), policy.change)
    found |= {"mean": mean, "dispersion": spread, "power": strength, "weeks_needed": weeks_needed(mean, spread, policy.change, policy.least_power)}
    if strength < policy.least_power:
        return found | {"verdict": "low_power"}
    change, low, high = step(np.concatenate([before, after]), len(before))
    return found | {"effect": change, "low": low, "high": high, "verdict": "stated"}


def _design(n_before: int, n_after: int) -> NDArray:
    """Columns: intercept, trend over the whole span (0 … 1), step."""
    n = n_before + n_after
    return np.column_stack([np.ones(n), np.arange(n) / max(n - 1, 1), np.arange(n) >= n_before]).astype(float)
