"""Whether two numbers differ, said no more firmly than they allow: exact intervals of count ratios, words for small bases.

Here: the arithmetic of 环比 and 同比 on columns. Not here: which spans are compared (calendar.py, kpis.py), how it is worded (pages/).
A change is relative, 0.1 = +10 %; of shares it is a difference, 0.021 = +2.1 个百分点.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import scipy
from numpy.typing import ArrayLike, NDArray

from pipeline.settings import Settings

NO_PREVIOUS, LOW_REPORTING, BASE_ZERO, SMALL_BASE, SMALL_AMOUNT, BREAK = (
    "no_previous", "low_reporting", "base_zero", "small_base", "small_amount", "definition_break",
)  # fmt: skip
"""Why no percentage is given: the earlier span lies outside the data; under 80 % of reports in either span; an earlier count of 0;
one of 1 to 9; fewer than 10 cases or under 10 万元 behind an amount; a definition changed in between."""


def ratio_interval(now: ArrayLike, before: ArrayLike, exposure: float = 1.0, level: float = 0.95) -> tuple[NDArray, NDArray]:
    """Exact interval of the ratio of two Poisson rates from counts `now` and `before`; `exposure` is before's exposure ÷ now's.

    Given now + before, now is binomial: Clopper & Pearson (1934) limits p on now ÷ (now + before) become p/(1 − p) × exposure
    (Przyborowski & Wilenski 1940). Infinite above where before is 0; both ends NaN where both counts are 0.
    """
    x1, x0 = np.asarray(now, dtype=float), np.asarray(before, dtype=float)
    tail = (1 - level) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        low = np.where(x1 > 0, scipy.special.betaincinv(x1, x0 + 1, tail), 0.0)
        high = np.where(x0 > 0, scipy.special.betaincinv(x1 + 1, x0, 1 - tail), 1.0)
        ends = [np.where(x1 + x0 > 0, p / (1 - p) * exposure, np.nan) for p in (low, high)]
    return ends[0], ends[1]


def chance_of_swing(mean: float, swing: float = 0.5) -> float:
    """Chance that two counts of the same Poisson mean differ by at least `swing` of the first (given that one is above 0) though nothing
    changed: why small bases get words. Exact sum over the joint distribution; 0.60 at 3 cases a period, 0.29 at 10."""
    most = int(scipy.stats.poisson.ppf(1 - 1e-9, mean)) + 1
    counts = np.arange(most + 1)
    chances = scipy.stats.poisson.pmf(counts, mean)
    before, now = np.meshgrid(counts[1:], counts, indexing="ij")
    is_swing = np.abs(now / before - 1) >= swing
    return float((chances[1:, None] * chances[None, :] * is_swing).sum() / chances[1:].sum())


def count_changes(frame: pl.DataFrame, now: str, before: str) -> pl.DataFrame:
    """`frame` (kind, and two columns of counts) with change, change_low, change_high; null where `before` is null or 0. Only counts of cases
    are Poisson: amounts, contacts and levels have no interval."""
    known = pl.col(before).is_not_null() & pl.col(now).is_not_null()
    is_cases = (frame["kind"] == "cases").to_numpy()
    x1, x0 = (frame[name].fill_null(0).to_numpy().astype(float)[is_cases] for name in (now, before))
    low, high = np.full((2, frame.height), np.nan)
    low[is_cases], high[is_cases] = ratio_interval(x1, x0)
    ends = pl.DataFrame({"change_low": low - 1, "change_high": high - 1}, nan_to_null=True)
    has_base = known & (pl.col(before) > 0)
    return pl.concat([frame, ends], how="horizontal").with_columns(
        change=pl.when(has_base).then(pl.col(now) / pl.col(before) - 1),
        change_low=pl.when(has_base).then("change_low"),
        change_high=pl.when(has_base).then("change_high"),
    )


def why_no_percentage(
    settings: Settings, *, kind: pl.Expr, before: pl.Expr, cases: pl.Expr, reporting: pl.Expr, is_outside: pl.Expr, is_broken: pl.Expr
) -> pl.Expr:
    """The note code of each row, null where a percentage may be given; the first reason that holds.

    `kind` is count, cases, money, average (money per case) or share; `before` the earlier value; `cases` the earlier number of cases
    behind it (of averages the smaller one of both spans); `reporting` the lower reporting rate of the two spans (null: nothing was due).
    Small bases: counts of cases, money and averages only, and zero of anything.
    """
    pages = settings.pages
    return (
        pl.when(is_outside | before.is_null()).then(pl.lit(NO_PREVIOUS))
        .when(is_broken).then(pl.lit(BREAK))
        .when(reporting < settings.reporting.comparable_rate).then(pl.lit(LOW_REPORTING))
        .when(kind == "share").then(None)
        .when(before == 0).then(pl.lit(BASE_ZERO))
        .when((kind == "cases") & (before < pages.small_base_cases)).then(pl.lit(SMALL_BASE))
        .when(kind.is_in(["money", "average"]) & (cases < pages.small_base_cases)).then(pl.lit(SMALL_BASE))
        .when((kind == "money") & (before < pages.small_base_yuan)).then(pl.lit(SMALL_AMOUNT))
    )  # fmt: skip
