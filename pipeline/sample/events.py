"""Prevented losses as they really happened: one event a victim, with the amounts each step of evidence later showed.

Here: true events. Not here: which ledger tells of them and how the amounts are written (ledgers.py).
Amounts are whole yuan; grades are P2 dissuaded, P3 stopped, P4 frozen, P5 returned, ordered by evidence.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from .district import BANKS, Community, District

FRAUD_TYPES = {
    "刷单返利": (26, 9.6),
    "冒充客服退款": (18, 9.3),
    "虚假投资理财": (14, 10.9),
    "虚假贷款": (13, 9.7),
    "冒充公检法": (10, 10.6),
    "冒充熟人领导": (8, 10.4),
    "保健品养老": (6, 9.3),
    "购物退税中奖": (3, 8.9),
    "招聘保证金": (2, 8.7),
}
"""Fraud type → (share in per cent, mean of ln yuan)."""
WAYS = {"预警电话劝阻": 34, "上门见面劝阻": 28, "银行柜面拦截": 20, "96110劝阻": 10, "亲友或群众报警": 8}
SPREAD = 1.6
"""Standard deviation of ln yuan: with it one event often carries a fifth of a quarter's total."""
LEDGER_BANK = BANKS[0]
"""The branch that hands in a ledger of its own."""
A_FORTNIGHT = 3
"""Mean events of one town in two weeks."""
LARGE = 2_860_000
"""The one interception that dominates the recent quarter, yuan."""


@dataclass(frozen=True)
class Leg:
    """One step of evidence: the amount it showed and the day it became known."""

    grade: str
    yuan: int
    day: date


@dataclass(frozen=True)
class Event:
    """One attempted or completed transfer that was prevented. `bank` is the branch where it happened; a few the bank alone told of."""

    event_id: str
    day: date
    community: Community
    station: str
    fraud_type: str
    way: str
    institution: str
    bank: str | None
    is_bank_only: bool
    legs: tuple[Leg, ...]
    victim: str

    def known(self, grade: str, on: date) -> int | None:
        """Amount of this grade as known on a day; None when the step was not taken, or not yet."""
        return next((leg.yuan for leg in self.legs if leg.grade == grade and leg.day <= on), None)


def simulate_events(district: District, seed: int) -> list[Event]:
    """All events of the 104 weeks in order of day; numbers run on within the year."""
    rng = Random(f"{seed}/events")
    drafts: list[tuple[date, Community, str]] = []
    for town in district.towns:
        weights = [c.residents for c in town.communities]
        for index, week in enumerate(district.weeks):
            rate = A_FORTNIGHT / 2 * (0.75 + 0.5 * index / len(district.weeks)) * (1.3 if _is_in_operation(district, week) else 1)
            for _ in range(poisson(rate, rng)):
                drafts.append((week + timedelta(days=rng.randrange(7)), rng.choices(town.communities, weights)[0], town.station))
    large_day = district.weeks[-6] + timedelta(days=2)
    large_town = district.towns[0]
    drafts.append((large_day, large_town.communities[1], large_town.station))
    drafts.sort(key=lambda d: (d[0], d[1].index))
    serial: dict[int, int] = {}
    events = []
    is_large_placed = False
    for day, community, station in drafts:
        serial[day.year] = serial.get(day.year, 0) + 1
        is_large = not is_large_placed and day == large_day and community is large_town.communities[1]
        is_large_placed |= is_large
        events.append(_event(f"示案{day.year}-{serial[day.year]:04}", day, community, station, is_large, rng))
    return events


def _event(event_id: str, day: date, community: Community, station: str, is_large: bool, rng: Random) -> Event:
    fraud_type = "虚假投资理财" if is_large else rng.choices(list(FRAUD_TYPES), [share for share, _ in FRAUD_TYPES.values()])[0]
    way = "银行柜面拦截" if is_large else rng.choices(list(WAYS), list(WAYS.values()))[0]
    branch = rng.choice(BANKS) if way == "银行柜面拦截" else ""
    institution = branch or rng.choice(["", "", "示例支付", "某商业银行", "某电商平台"])
    said = LARGE if is_large else _round_amount(min(1_100_000, max(600, math.exp(rng.gauss(FRAUD_TYPES[fraud_type][1], SPREAD)))), rng)
    highest = 4 if is_large else rng.choices([2, 3, 4, 5], [45, 24, 19, 12])[0]
    is_bank_only = branch == LEDGER_BANK and not is_large and rng.random() < 0.12
    legs = _legs(said, day, 2 if is_bank_only else highest, bool(branch), is_large, rng)
    victim = rng.choice("赵钱孙李周吴郑王冯陈") + "某某"
    return Event(event_id, day, community, station, fraud_type, way, institution, branch or None, is_bank_only, legs, victim)


def _legs(said: int, day: date, highest: int, is_at_counter: bool, is_large: bool, rng: Random) -> tuple[Leg, ...]:
    """Each step shows at most what the one before did; the first may be missing when money was stopped without anybody being talked to."""
    legs = [Leg("P2", said, day)] if highest == 2 or is_at_counter or rng.random() < 0.7 else []
    amount = said
    for grade, delay in ((3, (0, 1)), (4, (1, 3)), (5, (40, 150))):
        if grade > highest:
            break
        amount = said if is_large else min(amount, _round_amount(max(300, amount * rng.uniform(0.45, 1.0)), rng))
        legs.append(Leg(f"P{grade}", amount, day + timedelta(days=rng.randint(*delay))))
    return tuple(legs)


def _round_amount(yuan: float, rng: Random) -> int:
    """People ask for round sums; what an account holds is less round."""
    place = rng.choice([1, 100, 100, 1000, 1000, 1000])
    rounded = round(yuan / place) * place
    return rounded or round(yuan)


def _is_in_operation(district: District, week: date) -> bool:
    return any(op.start <= week <= op.end for op in district.operations)


def poisson(mean: float, rng: Random) -> int:
    """Knuth's multiplication method; fine for small means."""
    limit, product, count = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count
