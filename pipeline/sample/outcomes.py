"""What outreach is for: cases that happened all the same, week by week, and what residents know when they are asked.

Here: the centre's weekly sheet of case losses and its quarterly awareness survey, with the true numbers behind both. Not here: what was
prevented (events.py). Losses are told by the same stations as interceptions, so that both sides of a prevention rate have one scope.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from .activity import Activity
from .district import CENTRE, RECENT, District, Town
from .events import FRAUD_TYPES, SPREAD, poisson
from .sheets import FICTIONAL, Fact, Page
from .wording import exactly, plain, write_money

CASES_A_WEEK = 3.2
"""Mean cases of one town in the first week; they fall by a third over the two years."""
ASKED = (150, 300)
"""People asked in one town and quarter, least and most: enough that a quarter's change is more than luck."""

KNOWS_WHEN_REACHED, KNOWS_ANYHOW = 0.93, 0.55
"""Chance of knowing the rules for a resident who was reached, and for one who was not."""


@dataclass(frozen=True)
class Answers:
    """One town's survey: how many were asked, knew the rules, and said they had been reached."""

    sampled: int
    aware: int
    reached: int


def losses_page(district: District, index: int, seed: int) -> Page:
    """案件损失周报: one row a station; `index` counts the district's weeks. Now and then a station rounds its amount."""
    monday = district.weeks[index]
    sunday = monday + timedelta(days=6)
    page = Page(name=f"{monday.month}.{monday.day}", reporter=CENTRE, width=4, heads=(4, 4), widths={1: 16, 3: 16, 4: 14})
    page.put(1, 1, "云麓区电信网络诈骗案件损失周报")
    page.merge(1, 1, 1, 4)
    page.put(2, 1, f"填报单位：{CENTRE}")
    page.put(3, 1, f"统计时间：{monday.year}年{monday.month}月{monday.day}日—{sunday.year}年{sunday.month}月{sunday.day}日")
    page.put_row(4, ["派出所", "发案数（起）", "损失金额（万元）", "备注"])
    for row, town in enumerate(district.towns, start=5):
        amounts = true_losses(town, index, len(district.weeks), seed)
        page.put(row, 1, town.station)
        where = ("flow", town.station, town.name, None, monday, sunday)
        page.state(Fact(row, 2, "losses", "losses", "cases", "起", *where, exactly(len(amounts), len(amounts)), len(amounts)))
        total = sum(amounts)
        rng = Random(f"{seed}/losses/written/{town.code}/{index}")
        written = write_money(total, rng, rough=0.04, heading="万元") if total else exactly(0, 0)
        page.state(Fact(row, 3, "losses", "losses", "amount", "元", *where, written, total))
    last = 5 + len(district.towns)
    page.body = (5, last)
    page.put(last, 1, "合计")
    page.put(last, 2, plain(sum(f.written.value or 0 for f in page.facts if f.measure == "cases")))
    page.put(last, 3, plain(round(sum(f.written.value or 0 for f in page.facts if f.measure == "amount") / 10000, 4)))
    page.put(last + 1, 1, f"注：{FICTIONAL}；损失为被骗金额，未扣除返还。")
    page.merge(last + 1, 1, last + 1, 4)
    return page


def true_losses(town: Town, index: int, n_weeks: int, seed: int) -> list[int]:
    """Yuan lost in each case of one town and week."""
    rng = Random(f"{seed}/losses/{town.code}/{index}")
    kinds = list(FRAUD_TYPES.values())
    cases = poisson(CASES_A_WEEK * (1 - index / n_weeks / 3), rng)
    means = rng.choices([mean for _, mean in kinds], [share for share, _ in kinds], k=cases)
    return [max(200, round(min(900_000, math.exp(rng.gauss(mean, SPREAD * 0.7))) / 100) * 100) for mean in means]


def survey_page(district: District, activity: Activity, index: int, seed: int) -> Page:
    """知晓率抽样 of the week `index`, the last of a quarter: one row a town. The typed rate is the office's own sum."""
    monday = district.weeks[index]
    sunday = monday + timedelta(days=6)
    page = Page(name="抽样调查", reporter=CENTRE, width=6, heads=(3, 3), widths={1: 14, 4: 16, 6: 14})
    page.put(
        1, 1, f"云麓区反诈知识知晓率抽样调查统计表（{monday.year}年{monday.month}月{monday.day}日至{sunday.year}年{sunday.month}月{sunday.day}日）"
    )
    page.merge(1, 1, 1, 6)
    page.put(2, 1, f"填报单位：{CENTRE}")
    page.put_row(3, ["镇街", "抽样人数（人）", "知晓人数（人）", "接触过宣传（人）", "知晓率", "备注"])
    for row, town in enumerate(district.towns, start=4):
        answers = true_answers(town, activity, index, seed)
        page.put(row, 1, town.name)
        where = ("flow", town.name, town.name, None, monday, sunday)
        for column, (measure, n) in enumerate((("sampled", answers.sampled), ("aware", answers.aware), ("reached", answers.reached)), start=2):
            page.state(Fact(row, column, "surveys", "surveys", measure, "人", *where, exactly(n, n), n))
        page.put(row, 5, f"{answers.aware / answers.sampled:.1%}")
    last = 4 + len(district.towns)
    page.body = (4, last - 1)
    page.put(last, 1, f"注：{FICTIONAL}；入户随机抽样，答对五题中的四题为知晓。")
    page.merge(last, 1, last, 6)
    return page


def true_answers(town: Town, activity: Activity, index: int, seed: int) -> Answers:
    """A random sample of the town's residents: those reached in the 13 weeks to `index` say so; most of them know, and some others do."""
    rng = Random(f"{seed}/survey/{town.code}/{index}")
    share = sum(float(activity.reached[c.index, index]) for c in town.communities) / sum(c.residents for c in town.communities)
    people = [rng.random() < share for _ in range(rng.randint(*ASKED))]
    aware = sum(rng.random() < (KNOWS_WHEN_REACHED if is_reached else KNOWS_ANYHOW) for is_reached in people)
    return Answers(len(people), aware, sum(people))


def quarters(district: District) -> Sequence[range]:
    """Week indices by quarter of 13 weeks, oldest first."""
    return [range(first, first + RECENT) for first in range(0, len(district.weeks) - RECENT + 1, RECENT)]


def filed(district: District, weeks: range) -> date:
    """The day after a span of weeks."""
    return district.weeks[weeks[-1]] + timedelta(days=7)
