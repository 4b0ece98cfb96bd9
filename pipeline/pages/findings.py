"""What is said about a scope: titles and sentences, chosen by ordered rules; the first that applies wins.

Here: thresholds and choices, each a pure function of Facts. Not here: cards and comparisons (comparisons.py), the words (messages.yaml),
the numbers (facts.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .comparisons import label_of, no_coverage, say_label
from .facts import Facts
from .model import Clause, Text, say

LATE_WEEKS = 4
"""Weeks in which a channel without contacts counts as silent."""


# -- sentences --------------------------------------------------------------------------------------------------------
def coverage_sentence(facts: Facts) -> Text:
    value = facts.kpi["coverage"]["value"]
    if value is None:
        return say("s.coverage.none", why=no_coverage(facts))
    gap = facts.target - value
    first = say("s.coverage.below", value=value, gap=gap) if gap > 0 else say("s.coverage.reached", value=value, target=facts.target)
    n = len(facts.blind)
    if n == 0:
        return (*first, *say("s.blind.none"))
    if facts.level == "town":
        return (*first, *say("s.blind.town", n=n, areas=[f"area:{a}" for a in facts.blind[:3]])) if n <= 3 else (*first, *say("s.blind.count", n=n))
    named = facts.blind_towns[:3]
    if facts.policy.rankings == "off" or len(facts.blind_towns) > 3:
        return (*first, *say("s.blind.count", n=n))
    return (*first, *say("s.blind.most", n=n, areas=[f"area:{a}" for a in named]))


def is_dominant(facts: Facts) -> bool:
    """Whether the largest single case must be named."""
    largest, total = facts.largest, facts.kpi["prevented"]["value"]
    if largest is None or not total or facts.n_cases < 2:
        return False
    return largest["value"] > facts.policy.single_case_yuan or largest["value"] / total > facts.policy.single_case_share


def loss_sentence(facts: Facts) -> Text:
    row = facts.kpi["prevented"]
    if row["value"] is None or facts.n_cases == 0:
        return say("s.loss.none")
    out: list[Clause] = [*say("s.loss.total", n=facts.n_cases, value=row["value"]), *split(facts)]
    if is_dominant(facts) and facts.largest is not None:
        without = row["without_largest_change"]
        out += say("s.loss.largest", value=facts.largest["value"])
        if without is not None and (facts.kpi["cases"]["previous"] or 0) >= facts.policy.small_base_cases:
            out += (
                say("s.loss.without_flat")
                if abs(without) < facts.policy.flat
                else say("s.loss.without", change=without, label=say_label(label_of(facts)))
            )
    if facts.n_unknown:
        out += say("s.loss.unknown", n=facts.n_unknown)
    return (*out, *say("stop"))


def split(facts: Facts) -> Text:
    """Evidence grades that hold money, strongest first: always beside a total."""
    held = [[f"grade:{grade}", amount] for grade, amount in facts.grades.items() if amount]
    return say("s.split", grades=held) if held else ()


def trust_sentence(facts: Facts) -> Text:
    out: list[Clause] = []
    if facts.reaches_last:
        out += last_week(facts)
        out += say("s.trust.provisional") if facts.is_provisional else ()
    else:
        n = facts.statuses
        out += say("s.trust.period", n=n["missing"]) if n["missing"] else say("s.trust.period_all")
    total = facts.kpi["prevented"]["value"]
    if total:
        share = facts.exact_amount / total
        out += say("s.trust.exact_all") if share >= 1 else say("s.trust.exact", share=share)
    else:
        out += say("s.trust.no_amount")
    return (*out, *say("stop"))


def last_week(facts: Facts) -> Text:
    """The latest week's reports; before the deadline nobody is called missing."""
    n, week = facts.last_statuses, facts.last
    came = n["on_time"] + n["late"] + n["partial"] + n["zero_report"]
    if n["not_due"]:
        return say("s.last.open", week=week, n=came, total=came + n["not_due"] + n["missing"])
    if facts.level == "town":
        if n["missing"]:
            return say("s.last.town_missing", week=week) if came == 0 else say("s.last.town_some", week=week, n=n["missing"])
        return say("s.last.town_in", week=week)
    if facts.missing_towns:
        return say("s.last.missing", week=week, n=len(facts.missing_towns))
    return say("s.last.all", week=week)


# -- titles -----------------------------------------------------------------------------------------------------------
def coverage_title(facts: Facts) -> Text:
    row, area = facts.kpi["coverage"], f"area:{facts.scope.area}"
    if row["value"] is None:
        return say("t.coverage.none", area=area, why=no_coverage(facts))
    head = say("t.coverage.level", area=area, value=row["value"])
    if row["change"] is None:
        tail: Text = ()
    elif abs(row["change"]) < facts.policy.flat:
        tail = say("t.coverage.flat", since=span_of(facts), change=row["change"])
    else:
        tail = say("t.coverage.up" if row["change"] > 0 else "t.coverage.down", since=span_of(facts), change=row["change"])
    return (*head, *tail, *(say("t.provisional") if facts.reaches_last and facts.missing_towns and facts.is_last_due else ()))


def span_of(facts: Facts) -> str:
    return "since:operation" if facts.period.is_operation else f"since:{facts.period.id}"


def loss_title(facts: Facts) -> Text:
    row, cases = facts.kpi["prevented"], facts.kpi["cases"]
    span = facts.period.id if facts.period.is_operation else f"span:{facts.period.id}"
    if row["value"] is None or facts.n_cases == 0:
        return say("t.loss.none", span=span)
    if (cases["previous"] or 0) < facts.policy.small_base_cases:
        return say("t.loss.small", span=span, n=facts.n_cases, value=row["value"])
    if row["change"] is not None and abs(row["change"]) < facts.policy.flat:
        return say("t.loss.flat", span=span, value=row["value"], label=say_label(label_of(facts)))
    if row["share_largest"] is not None and row["share_largest"] > facts.policy.single_case_share:
        return say("t.loss.single", span=span, value=row["value"], share=row["share_largest"])
    if row["change"] is not None and row["note"] is None:
        return say("t.loss.change", span=span, value=row["value"], label=say_label(label_of(facts)), change=row["change"])
    return say("t.loss.level", span=span, value=row["value"])


def tiles_title(facts: Facts, never: str = "t.tiles.never", **group: str) -> Text:
    """`never`: what is said of communities without data; a group's page names the group."""
    if facts.n_never == facts.n_communities:
        return say("t.tiles.none")
    head = (
        say(f"t.tiles.blind{'_group' if group else ''}", n=len(facts.blind), residents=facts.blind_residents, **group)
        if facts.blind
        else say("t.tiles.clear", n=facts.n_communities - facts.n_never)
    )
    return (*head, *(say(never, n=facts.n_never, **group) if facts.n_never else ()))


def ranking_title(low: tuple[str, ...], *, rankings: bool) -> Text:
    if not low:
        return say("t.ranking.none")
    if not rankings or len(low) > 4:
        return say("t.ranking.count", n=len(low))
    return say("t.ranking.low", areas=[f"area:{a}" for a in low])


def channels_title(rows: Mapping[str, Mapping[str, Any]], facts: Facts) -> Text:
    """Channel → row of the chart (now, change). Channels count in different units, so the title compares each only with itself."""
    known = sorted(((abs(change), channel) for channel, row in rows.items() if (change := row["change"]) is not None), reverse=True)
    if not any(row["now"] for row in rows.values()):
        return say("t.channels.none")
    if not known:
        return say("t.channels.first")
    if known[0][0] < facts.policy.flat:
        return say("t.channels.flat", label=say_label(label_of(facts)))
    change = rows[known[0][1]]["change"]
    return say("t.channels.change", first=f"ch:{known[0][1]}", label=say_label(label_of(facts)), change=change)


def weekly_title(weekly: Mapping[str, Sequence[float | None]]) -> Text:
    """Channel → its weeks of the last year, each compared with itself: no data → silent of late → above its own mean."""
    known = {channel: [v for v in weeks if v is not None] for channel, weeks in weekly.items()}
    known = {channel: values for channel, values in known.items() if any(values)}
    if not known:
        return say("t.c8.none")
    late = {channel: [v for v in weekly[channel][-LATE_WEEKS:] if v is not None] for channel in known}
    if silent := [f"ch:{channel}" for channel, values in late.items() if not any(values)]:
        return say("t.c8.silent", channels=silent)
    up = sum(sum(late[c]) / len(late[c]) > sum(values) / len(values) for c, values in known.items())
    return say("t.c8.above", up=up, n=len(known))


def towns_title(rates: Mapping[str, Mapping[str, float | None]], *, rankings: bool) -> Text:
    """Channel → town → contacts per 100 residents: no data → towns without some channel → the widest spread (with rankings only)."""
    towns = sorted({town for row in rates.values() for town in row})
    if not any(v for row in rates.values() for v in row.values()):
        return say("t.t3.none")
    if gaps := sum(any(not row[town] for row in rates.values()) for town in towns):
        return say("t.t3.gaps", n=gaps, total=len(towns))
    spans = [(max(row.values()) / min(row.values()), channel) for channel, row in rates.items()]  # pyright: ignore[reportArgumentType, reportOperatorIssue]
    if not rankings or len(towns) < 2:
        return say("t.t3.all", n=len(rates))
    row = rates[max(spans)[1]]
    return say("t.t3.spread", channel=f"ch:{max(spans)[1]}", low=min(row.values()), high=max(row.values()))  # pyright: ignore[reportArgumentType]


def operation_title(op: str, changes: Sequence[float | None]) -> Text:
    known = [change for change in changes if change is not None]
    return say("t.ops", op=op, up=sum(change > 0 for change in known), n=len(known)) if known else say("t.ops_none", op=op)


def types_title(amounts: dict[str, float], prefix: str) -> Text:
    known = sorted(((v, c) for c, v in amounts.items() if v and c not in ("other", "unknown")), reverse=True)
    total = sum(amounts.values())
    if not known or not total:
        return say("t.types.none")
    return say("t.types.first", first=f"{prefix}:{known[0][1]}", share=known[0][0] / total)


def reports_title(facts: Facts) -> Text:
    """The latest week's reports: over all towns, or of the one town."""
    if facts.last_statuses["not_due"]:
        n = facts.last_statuses
        came = sum(n[s] for s in ("on_time", "late", "partial", "zero_report"))
        return say("t.reports.open", week=facts.last, n=came, total=came + n["not_due"] + n["missing"])
    missing, late = len(facts.missing_towns), len(facts.late_towns)
    if facts.level == "town":
        return say("t.reports.town_missing" if missing else "t.reports.town_late" if late else "t.reports.town_in", week=facts.last)
    if missing and late:
        return say("t.reports.both", week=facts.last, missing=missing, late=late)
    if missing:
        return say("t.reports.missing", week=facts.last, n=missing)
    return say("t.reports.late", week=facts.last, n=late) if late else say("t.reports.all", week=facts.last)
