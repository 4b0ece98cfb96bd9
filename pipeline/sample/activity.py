"""What really happened, week by week: outreach per community and channel, and how many residents it really reached.

Here: true numbers before anybody writes them down. Not here: how a number is written (wording.py) and which sheet it
stands in (tally.py, ledgers.py). Arrays are communities × weeks; counts are whole numbers, hours are in halves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .district import BLIND, NEVER_REPORTED, RECENT, District

Grid = NDArray[np.float64]


@dataclass(frozen=True)
class Channel:
    """One column of the weekly sheet: its name in the channel registry, and its usual size in one community and week.

    `weekly` is a mean per 1000 residents for flows, a level per 1000 residents for stocks. `step` is the smallest amount
    people count in (leaflets come in packs of 10, hours in halves, reads in hundreds).
    """

    key: str
    channel: str
    measure: str
    unit: str
    kind: str
    weekly: float
    step: float = 1


CHANNELS = {
    c.key: c
    for c in (
        Channel("leaflets", "leaflets", "distributed", "份", "flow", 44, 10),
        Channel("banners", "banners", "in_place", "条", "stock", 2.6),
        Channel("screens", "displays", "screens", "块", "stock", 1.3),
        Channel("broadcast_hours", "broadcasts", "hours", "小时", "flow", 3.6, 0.5),
        Channel("drones", "drones", "sorties", "架次", "flow", 0.35),
        Channel("groups", "wechat_groups", "groups", "个", "stock", 2.4),
        Channel("pushes", "pushes", "messages", "条", "flow", 8),
        Channel("reads", "online_media", "reads", "次", "flow", 40, 100),
        Channel("sessions", "talks", "sessions", "场", "flow", 0.34),
        Channel("attendance", "talks", "attendance", "人", "flow", 11),
        Channel("visits", "home_visits", "visits", "户次", "flow", 18),
        Channel("contacts", "contacts", "contacts", "人次", "flow", 0),
        Channel("van_tours", "van_tours", "tours", "台次", "flow", 0.5),
        Channel("pledges", "pledges", "signed", "份", "flow", 5),
    )
}

REACHING = ("leaflets", "attendance", "visits", "reads")
"""Channels whose contacts are made with one resident each; a banner or a loudspeaker reaches nobody in particular."""

USUAL_CONTACTS = {"leaflets": 1.5, "attendance": 1.2, "visits": 1.3, "reads": 2.0}
"""Contacts of one reached resident in 13 weeks, about."""
MOST_CONTACTS = {"leaflets": 3, "attendance": 3, "visits": 3, "reads": 5}
"""Mean contacts of a reached resident never exceed this, however many leaflets arrive (while residents are left to reach)."""

TOWN_LEVEL = (1.0, 1.25, 1.1, 1.15, 1.05, 0.85, 0.6, 0.62, 0.6, 1.3, 0.7, 0.95)


@dataclass(frozen=True)
class Activity:
    """True numbers per channel key (communities × weeks) and true reach: residents reached at least once in the 13 weeks ending there."""

    numbers: Mapping[str, Grid]
    reached: Grid
    reached_by: Mapping[str, Grid]


def simulate(district: District, seed: int) -> Activity:
    """Two years of outreach with a rising trend, a holiday dip, two operations, weak towns and blind spots."""
    rng = np.random.default_rng([seed, 1])
    people = np.array([c.residents for c in district.communities], dtype=float)
    effort = _effort(district, rng)
    numbers: dict[str, Grid] = {}
    for channel in CHANNELS.values():
        size = people[:, None] / 1000 * channel.weekly
        if channel.kind == "stock":
            numbers[channel.key] = _standing(size, effort, rng)
        elif channel.key not in ("sessions", "attendance", "contacts"):
            numbers[channel.key] = _stepped(size * effort * rng.gamma(4, 1 / 4, effort.shape), channel.step)
    _parcel_actions(numbers["leaflets"], district, rng)
    sessions = rng.poisson(people[:, None] / 1000 * CHANNELS["sessions"].weekly * effort).astype(float)
    numbers["sessions"] = sessions
    numbers["attendance"] = np.where(sessions > 0, np.maximum(8, np.rint(sessions * rng.gamma(5, 8, effort.shape))), 0.0)
    numbers["contacts"] = np.rint(numbers["attendance"] + numbers["visits"] + 0.7 * numbers["leaflets"])
    reached, reached_by = _reach(numbers, people)
    return Activity(numbers, reached, reached_by)


def _effort(district: District, rng: np.random.Generator) -> Grid:
    """Relative activity, 1 = usual: community × week."""
    shape = (len(district.communities), len(district.weeks))
    level = np.array([TOWN_LEVEL[town.index] * (0.22 if c.name in BLIND else 1) for town in district.towns for c in town.communities])
    level = level * rng.lognormal(0, 0.28, shape[0])
    level[[c.index for c in district.communities if c.name == NEVER_REPORTED]] = 0.1
    season = np.linspace(0.72, 1.08, shape[1])
    for i, week in enumerate(district.weeks):
        season[i] *= {1: 0.9, 2: 0.7, 6: 1.15, 7: 0.95, 8: 0.9}.get(week.month, 1.0)
        if any(op.start <= week <= op.end for op in district.operations):
            season[i] *= 1.45
    return level[:, None] * season[None, :]


def _stepped(values: Grid, step: float) -> Grid:
    return np.rint(values / step) * step


def _standing(size: Grid, effort: Grid, rng: np.random.Generator) -> Grid:
    """A level that follows effort with some delay and changes in four weeks of ten."""
    target = size * (0.5 + 0.5 * effort) * rng.lognormal(0, 0.15, effort.shape)
    level = np.empty(effort.shape)
    level[:, 0] = target[:, 0]
    for week in range(1, effort.shape[1]):
        is_moved = rng.random(effort.shape[0]) < 0.4
        level[:, week] = np.where(is_moved, 0.5 * level[:, week - 1] + 0.5 * target[:, week], level[:, week - 1])
    return np.maximum(1, np.rint(level))


def _parcel_actions(leaflets: Grid, district: District, rng: np.random.Generator) -> None:
    """A few joint actions with parcel depots: ten thousands of leaflets in one week."""
    urban = [c.index for c in district.communities if c.town.endswith("街道")]
    for _ in range(8):
        leaflets[rng.choice(urban), rng.integers(4, leaflets.shape[1])] = float(rng.choice([11000, 20000, 24000, 40000, 13600]))


def _reach(numbers: Mapping[str, Grid], people: Grid) -> tuple[Grid, dict[str, Grid]]:
    """Expected residents reached at least once in 13 weeks, of any channel and of each.

    A third of residents are active and meet every channel more often than the rest, so channels overlap more than by
    chance; within a group who is met is chance. Per channel, contacts ÷ MOST_CONTACTS ≤ reached ≤ contacts (capped at
    residents), so the true share lies between the largest channel and the sum of channels.
    """
    share = np.array([1 / 3, 2 / 3])
    lean = np.array([0.5, -0.25])
    missed = np.ones((2, *numbers["leaflets"].shape))
    reached_by: dict[str, Grid] = {}
    for key in REACHING:
        mean = _window_sum(numbers[key]) / people[:, None]
        fullness = np.minimum(1, mean / MOST_CONTACTS[key])
        # The groups' difference fades as everybody is reached, which keeps the floor contacts ÷ MOST_CONTACTS.
        group = mean[None] * (1 + lean[:, None, None] * (1 - fullness[None]))
        none = np.clip(np.minimum(np.exp(-group / USUAL_CONTACTS[key]), 1 - group / MOST_CONTACTS[key]), 0, 1)
        missed *= none
        reached_by[key] = people[:, None] * np.tensordot(share, 1 - none, axes=1)
    return people[:, None] * np.tensordot(share, 1 - missed, axes=1), reached_by


def _window_sum(flow: Grid) -> Grid:
    """Sum over the RECENT weeks that end with each week (fewer at the beginning)."""
    total = np.cumsum(flow, axis=1)
    total[:, RECENT:] = total[:, RECENT:] - total[:, :-RECENT]
    return total
