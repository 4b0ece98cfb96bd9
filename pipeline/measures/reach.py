"""How many people a mix of channels reaches: bounds on a union from what is known of its parts.

Here: formulas on shares of a population, nothing of areas or weeks. Not here: how contacts become shares (coverage.py).
a_i is the share of the population reached by channel i, D_ij the share reached by both, S1 = Σ a_i, S2 = Σ_{i<j} D_ij, n channels.
All shares lie in [0, 1]; arrays are one-dimensional (a) or symmetric n × n (D, diagonal ignored).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

MOST_PROGRAMMED = 10
"""The linear programme has 2ⁿ variables: exact up to this many channels, beyond it the best closed-form bounds are given."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the union lies between, and which formulas gave the two ends."""

    low: float
    high: float
    low_by: str
    high_by: str


class InconsistentShares(ValueError):
    """No population has these shares and overlaps together: the survey and the channel totals contradict each other."""


def frechet(shares: ArrayLike) -> Bounds:
    """Without any assumption: max a_i ≤ R ≤ min(1, S1). Fréchet (1935); the lower end is full overlap, the upper none."""
    a = _shares(shares)
    return Bounds(float(a.max(initial=0)), float(min(1.0, a.sum())), "max", "sum")


def sainsbury(shares: ArrayLike) -> float:
    """Independence, 1 − Π(1 − a_i): a reference mark, no estimate. Too high where the active attend everything, too low where
    channels address different groups. Sainsbury's formula of media planning (Agostini 1961 discusses it)."""
    return float(1 - np.prod(1 - _shares(shares)))


def dawson_sankoff(shares: ArrayLike, overlaps: ArrayLike) -> float:
    """Lower bound 2 S1/(k+1) − 2 S2/(k(k+1)), k = 1 + ⌊2 S2/S1⌋. Dawson & Sankoff (1967)."""
    a, s2 = _shares(shares), _pair_sum(overlaps)
    s1 = a.sum()
    if s1 == 0:
        return 0.0
    k = 1 + np.floor(2 * s2 / s1)
    return float(2 * s1 / (k + 1) - 2 * s2 / (k * (k + 1)))


def best_pair(shares: ArrayLike, overlaps: ArrayLike) -> float:
    """Lower bound: the largest union of two channels, max (a_i + a_j − D_ij); of a single channel, itself."""
    a, d = _shares(shares), np.asarray(overlaps, dtype=float)
    unions = a[:, None] + a[None, :] - d
    np.fill_diagonal(unions, a)
    return float(unions.max(initial=0))


def kwerel(shares: ArrayLike, overlaps: ArrayLike) -> float:
    """Upper bound S1 − 2 S2/n. Kwerel (1975)."""
    a = _shares(shares)
    return float(a.sum() - 2 * _pair_sum(overlaps) / len(a)) if len(a) else 0.0


def hunter_worsley(shares: ArrayLike, overlaps: ArrayLike) -> float:
    """Upper bound S1 − Σ D over a maximum spanning tree of the overlaps. Hunter (1976), Worsley (1982)."""
    a, d = _shares(shares), np.asarray(overlaps, dtype=float)
    # scipy's tree is minimal and takes 0 for "no edge": 2 − D keeps every edge and turns the order round.
    rows, columns = scipy.sparse.csgraph.minimum_spanning_tree(np.triu(2 - d, k=1)).nonzero()
    return float(a.sum() - d[rows, columns].sum())


def linear_programme(shares: ArrayLike, overlaps: ArrayLike) -> Bounds:
    """The sharpest bounds that exactly known shares and overlaps allow. Raises as `between`, ValueError beyond MOST_PROGRAMMED channels."""
    a, d = _shares(shares), np.asarray(overlaps, dtype=float)
    return _programmed((a, a), (d, d))


def with_pairs(shares: ArrayLike, overlaps: ArrayLike) -> Bounds:
    """The best known bounds from exactly known shares and overlaps; as `between` with both ends equal."""
    return between((shares, shares), (overlaps, overlaps))


def between(shares: tuple[ArrayLike, ArrayLike], overlaps: tuple[ArrayLike, ArrayLike]) -> Bounds:
    """The best known bounds from intervals (low, high) of shares and of overlaps: the linear programme, beyond its size the best closed form
    of each side at the ends that make it widest (every form rises with the shares and falls with the overlaps).

    A pair nobody asked about has the overlap [0, 1]. Raises InconsistentShares when no population fits.
    """
    low, high = (_shares(end) for end in shares)
    if len(low) <= MOST_PROGRAMMED:
        return _programmed((low, high), overlaps)
    least, most = (np.asarray(end, dtype=float) for end in overlaps)
    most = np.minimum(most, np.minimum(high[:, None], high[None, :]))
    lows = {"max": float(low.max()), "best pair": best_pair(low, most), "Dawson–Sankoff": dawson_sankoff(low, most)}
    highs = {"1": 1.0, "Kwerel": kwerel(high, least), "Hunter–Worsley": hunter_worsley(high, least)}
    low_by, high_by = max(lows, key=lambda name: lows[name]), min(highs, key=lambda name: highs[name])
    return Bounds(lows[low_by], highs[high_by], low_by, high_by)


def _programmed(shares: tuple[ArrayLike, ArrayLike], overlaps: tuple[ArrayLike, ArrayLike]) -> Bounds:
    """Minimise and maximise R over the 2ⁿ patterns of exposure (HiGHS), each share and overlap within its interval. Hailperin (1965)."""
    (low, high), (least, most) = shares, (np.asarray(end, dtype=float) for end in overlaps)
    n = len(np.asarray(low))
    if n > MOST_PROGRAMMED:
        raise ValueError(f"the linear programme has 2^{n} variables; at most {MOST_PROGRAMMED} channels")
    patterns = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
    i, j = np.triu_indices(n, k=1)
    sums = np.vstack([np.ones(2**n), patterns.T, (patterns[:, i] * patterns[:, j]).T])
    within = scipy.optimize.LinearConstraint(sums, np.concatenate([[1.0], low, least[i, j]]), np.concatenate([[1.0], high, most[i, j]]))
    reached = (patterns.sum(axis=1) > 0).astype(float)
    # Without integer variables milp is the linear programme; unlike linprog it takes both ends of a constraint at once.
    ends = [scipy.optimize.milp(sign * reached, constraints=within, bounds=scipy.optimize.Bounds(0, 1)) for sign in (1, -1)]
    if not all(end.success for end in ends):
        raise InconsistentShares("no population has these shares and overlaps together")
    return Bounds(float(ends[0].fun), float(-ends[1].fun), "linear programme", "linear programme")


def _shares(shares: ArrayLike) -> NDArray[np.float64]:
    a = np.asarray(shares, dtype=float)
    if a.size and (a.min() < 0 or a.max() > 1 or np.isnan(a).any()):
        raise ValueError(f"shares lie between 0 and 1, seen {a.min()} … {a.max()}")
    return a


def _pair_sum(overlaps: ArrayLike) -> float:
    return float(np.triu(np.asarray(overlaps, dtype=float), k=1).sum())
