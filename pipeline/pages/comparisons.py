"""What the five cards say, and the forms in which an earlier and a later number may be compared.

Here: values, comparisons on the period and the year before, firmness lines, each a pure function of Facts; the first form that applies wins.
Not here: sentences and titles (findings.py), the words (messages.yaml), the numbers (facts.py).
"""

from __future__ import annotations

from .district import ROW
from .facts import Facts
from .model import Clause, Text, say
from .surveyed import METHODS

HIDING = ("low_reporting", "definition_break", "small_amount", "outside_data", "no_figure")
"""Notes of kpis that leave no comparison at all to show."""


# -- comparisons ------------------------------------------------------------------------------------------------------
def compared(facts: Facts, label: str, metric: str, kind: str, *, cases: float | None) -> Text:
    """A comparison of counts or amounts in the form its base allows. `label`: "year" for the year before, else the period before.
    `cases`: cases in the earlier period, for the small-base rule; None where it does not apply."""
    return compared_row(facts, facts.kpi[metric], label, metric, kind, cases=cases)


def compared_row(facts: Facts, row: ROW, label: str, metric: str, kind: str, *, cases: float | None) -> Text:
    """`compared` for a row of kpis that is not one of the five cards'."""
    year = "year_" if label == "year" else ""
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


def left_out(row: ROW) -> Text:
    """How many towns are in neither side of a comparison."""
    n = row["n_left_out"] if row["change"] is not None else 0
    return say("change.left_out", n=n) if n else ()


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
        return {"value": say("value.none"), "unit": (), "change": say("coverage.none", why=no_coverage(facts)), "firm": ()}
    bounds = say("firm.exact") if row["low"] == row["high"] else say("firm.range_pct", low=row["low"], high=row["high"])
    return {
        "value": say("value.pct", x=row["value"]),
        "unit": say("unit.pct"),
        "change": in_points(facts, "period_start", row["change"], good_up=True, note=row["note"]),
        "firm": (*bounds, *(say("firm.surveyed") if facts.method in METHODS else ()), *towns_in(facts)),
    }


def no_coverage(facts: Facts) -> str:
    """Why there is no coverage rate: nobody to divide by, what the measures note, or that nothing ever came."""
    return why((facts.kpi["coverage"]["note"] or "never") if facts.has_residents else "no_residents")


def towns_in(facts: Facts) -> Text:
    """How many towns' reports of the latest week are in, where some are missing after the deadline."""
    if not (facts.level == "district" and facts.reaches_last and facts.is_last_due and facts.missing_towns):
        return ()
    return say("firm.towns_in", n=facts.n_towns - len(facts.missing_towns), total=facts.n_towns)


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
    text = (*text, *left_out(facts.kpi[metric]))
    if facts.kpi[metric]["year_before"] is None:
        return text
    return (*text, *say("gap"), *compared(facts, "year", metric, kind, cases=cases["year_before"] if is_case_based else None))
