"""What is said about a scope: titles, sentences and the small print of cards, chosen by ordered rules; the first that applies wins.

Here: thresholds and choices, each a pure function of Facts. Not here: the words (messages.yaml), the numbers (facts.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .facts import Facts
from .model import Clause, Text, say

HIDING = ("low_reporting", "definition_break", "small_amount", "outside_data")
"""Notes of kpis that leave no comparison at all to show."""


# -- comparisons ------------------------------------------------------------------------------------------------------
def compared(facts: Facts, label: str, metric: str, kind: str, *, cases: float | None) -> Text:
    """A comparison of counts or amounts in the form its base allows. `label`: "year" for the year before, else the period before.
    `cases`: cases in the earlier period, for the small-base rule; None where it does not apply."""
    row, year = facts.kpi[metric], "year_" if label == "year" else ""
    now, before, change = row[f"{year}comparable"], row["year_before" if year else "previous"], row[f"{year}change"]
    low, high, note = row[f"{year}change_low"], row[f"{year}change_high"], row["year_note" if year else "note"]
    name = say_label(label)
    if now is None or before is None or note in HIDING:
        return say("change.none", label=name, why=why(note if note in HIDING else "no_previous"))
    if cases is not None and cases < facts.policy.small_base_cases:
        return say(f"{'change.from_zero' if before == 0 else 'change.small'}.{kind}", label=name, before=before, now=now)
    if change is None:
        return say("change.none", label=name, why=why(note))
    if abs(change) < facts.policy.flat:
        return say("change.flat", label=name)
    key = "change.up" if change > 0 else "change.down"
    if cases is not None and metric == "cases" and cases < facts.policy.interval_base_cases and low is not None and high is not None:
        return say(f"{key}.interval", label=name, change=change, low=low, high=high)
    return say(key, label=name, change=change)


def say_label(label: str) -> str:
    return f"label:{label}"


def why(note: str | None) -> str:
    return f"why:{note or 'no_previous'}"


def label_of(facts: Facts) -> str:
    return "before_operation" if facts.period.is_operation else "previous"


def in_points(facts: Facts, label: str, change: float | None, *, good_up: bool, note: str | None) -> Text:
    """A change of a share, in percentage points."""
    if change is None:
        return say("change.none", label=say_label(label), why=why(note))
    if abs(change) < facts.policy.flat:
        return say("change.flat_pp", label=say_label(label), change=change)
    tone = "good" if good_up and change > 0 else "bad" if good_up else "plain"
    return say(f"pp.{tone}.{'up' if change > 0 else 'down'}", label=say_label(label), change=change)


# -- cards ------------------------------------------------------------------------------------------------------------
def card_texts(facts: Facts) -> dict[str, Text]:
    """Slots kpi.<metric>.value, .unit, .change, .firm, .tag of the five cards."""
    out: dict[str, Text] = {}
    for metric, card in (
        ("coverage", coverage_card),
        ("contacts", contacts_card),
        ("cases", cases_card),
        ("prevented", loss_card),
        ("on_time_rate", reports_card),
    ):
        for part, text in card(facts).items():
            out[f"kpi.{metric}.{part}"] = text
        row = facts.kpi[metric]
        tagged = bool(row.get("is_provisional")) or facts.is_provisional
        out[f"kpi.{metric}.tag"] = say("tag.provisional") if tagged and row["value"] is not None else ()
    return out


def coverage_card(facts: Facts) -> dict[str, Text]:
    row = facts.kpi["coverage"]
    if row["value"] is None:
        return {"value": say("value.none"), "unit": (), "change": say("coverage.none", why=why(row["note"] or "never")), "firm": ()}
    return {
        "value": say("value.pct", x=row["value"]),
        "unit": say("unit.pct"),
        "change": in_points(facts, "period_start", row["change"], good_up=True, note=row["note"]),
        "firm": say("firm.exact") if row["low"] == row["high"] else say("firm.range_pct", low=row["low"], high=row["high"]),
    }


def contacts_card(facts: Facts) -> dict[str, Text]:
    row = facts.kpi["contacts"]
    missing = facts.statuses["missing"]
    value = (
        {"value": say("value.none"), "unit": ()}
        if row["value"] is None
        else {"value": say("value.count", x=row["value"]), "unit": say("unit.contacts", x=row["value"])}
    )
    return value | {
        "change": both_changes(facts, "contacts", "count", is_case_based=False),
        "firm": say("firm.contacts_missing", n=missing) if missing else say("firm.contacts"),
    }


def cases_card(facts: Facts) -> dict[str, Text]:
    row = facts.kpi["cases"]
    value = (
        {"value": say("value.none"), "unit": ()}
        if row["value"] is None
        else {"value": say("value.n", x=row["value"]), "unit": say("unit.cases", n=row["value"])}
    )
    return value | {"change": both_changes(facts, "cases", "n", is_case_based=True), "firm": say("firm.exact_cases", n=facts.n_exact)}


def loss_card(facts: Facts) -> dict[str, Text]:
    row = facts.kpi["prevented"]
    if row["value"] is None:
        return {"value": say("value.none"), "unit": (), "change": say("loss.no_data"), "firm": ()}
    strong = sum(facts.grades[g] for g in ("P5", "P4", "P3"))
    bounds = say("firm.exact") if row["low"] == row["high"] else say("firm.range_money", low=row["low"], high=row["high"])
    return {
        "value": say("value.money", x=row["value"]),
        "unit": say("unit.money", x=row["value"]),
        "change": both_changes(facts, "prevented", "money", is_case_based=True),
        "firm": (*bounds, *(say("firm.vague", n=facts.n_vague) if is_below_its_range(facts) else ()), *say("firm.strong", x=strong)),
    }


def is_below_its_range(facts: Facts) -> bool:
    """Whether amounts that are known only within bounds lift the lower bound above the total of the others."""
    row = facts.kpi["prevented"]
    return facts.n_vague > 0 and row["low"] is not None and row["value"] < row["low"]


def reports_card(facts: Facts) -> dict[str, Text]:
    row, n = facts.kpi["on_time_rate"], facts.statuses
    value = {"value": say("value.none"), "unit": ()} if row["value"] is None else {"value": say("value.pct", x=row["value"]), "unit": say("unit.pct")}
    firm: list[Clause] = [
        *say("firm.missing" if n["missing"] else "firm.missing_none", n=n["missing"]),
        *say("firm.late", n=n["late"] + n["partial"]),
    ]
    if n["not_due"]:
        firm += say("firm.not_due", n=n["not_due"])
    return value | {"change": in_points(facts, label_of(facts), row["change"], good_up=True, note=row["note"]), "firm": tuple(firm)}


def both_changes(facts: Facts, metric: str, kind: str, *, is_case_based: bool) -> Text:
    """On the period before, then on the year before. Without a year of data the second is left out."""
    cases = facts.kpi["cases"]
    text = compared(facts, label_of(facts), metric, kind, cases=cases["previous"] if is_case_based else None)
    if facts.kpi[metric]["year_before"] is None:
        return text
    return (*text, *say("gap"), *compared(facts, "year", metric, kind, cases=cases["year_before"] if is_case_based else None))


# -- sentences --------------------------------------------------------------------------------------------------------
def coverage_sentence(facts: Facts) -> Text:
    value = facts.kpi["coverage"]["value"]
    if value is None:
        return say("s.coverage.none", why=why(facts.kpi["coverage"]["note"] or "never"))
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
        return say("t.coverage.none", area=area, why=why(row["note"] or "never"))
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


def tiles_title(facts: Facts) -> Text:
    if facts.n_never == facts.n_communities:
        return say("t.tiles.none")
    head = (
        say("t.tiles.blind", n=len(facts.blind), residents=facts.blind_residents)
        if facts.blind
        else say("t.tiles.clear", n=facts.n_communities - facts.n_never)
    )
    return (*head, *(say("t.tiles.never", n=facts.n_never) if facts.n_never else ()))


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
