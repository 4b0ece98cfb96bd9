"""专项行动同期变化: how recorded cases moved while an operation ran, said only where its weeks have the power to show it.

Here: the card of the losses page. Not here: the regression and its power (measures/effects.py), what channels did meanwhile (channels.py).
Nothing here says that an operation caused anything: there is no control series.
"""

from __future__ import annotations

from . import format as fmt
from .contributions import effect_spans
from .district import ROW, District
from .messages import both, both_names
from .model import Block, Cell, Column, Num, Row, Table, Text, say

HEADS = (
    ("th.operation", ""),
    ("th.before", "r"),
    ("th.during", "r"),
    ("th.same_time", "r"),
    ("th.interval", "r"),
    ("th.power", "r"),
    ("th.verdict", ""),
)


def told(district: District) -> list[ROW]:
    """Operations of which recorded cases say anything, the latest first."""
    rows = district.frames["campaign_effects"].sort("start", "campaign_id", descending=[True, False], nulls_last=True).iter_rows(named=True)
    return [row for row in rows if row["verdict"] != "no_losses"]


def verdict(row: ROW, policy_change: float) -> Text:
    if row["verdict"] == "too_short":
        return say("effect.too_short")
    if row["verdict"] == "low_power":
        if row["weeks_needed"] is None:
            return say("effect.never", power=row["power"], change=policy_change)
        return say("effect.low_power", power=row["power"], change=policy_change, n=row["weeks_needed"])
    return say("effect.unclear" if row["low"] <= 0 <= row["high"] else "effect.up" if row["effect"] > 0 else "effect.down")


def title_of(row: ROW) -> Text:
    name = f"op:{row['campaign_id']}"
    if row["verdict"] == "stated":
        head = say("t.effect", op=name, change=row["effect"], low=row["low"], high=row["high"])
        return (*head, *(say("t.effect_unclear") if row["low"] <= 0 <= row["high"] else ()))
    if row["verdict"] == "low_power" and row["weeks_needed"] is not None:
        return say("t.effect_low_power", op=name, n=row["weeks_needed"])
    return say("t.effect_untold", op=name)


def effect_row(district: District, row: ROW) -> Row:
    before, during = (Num("losses.cases", week="all", part=part) for part, _, _ in effect_spans(row)) if row["start"] else (None, None)
    spans = {part.rsplit(":", 1)[1]: (a, b) for part, a, b in effect_spans(row)} if row["start"] else {}

    def counted(which: str, num: Num | None) -> Cell:
        if which not in spans or row["n_before" if which == "before" else "n_after"] == 0:
            return Cell("—", "—", css="r")
        first, last = spans[which]
        at = [district.at.get(first, 0), district.at.get(last, len(district.weeks) - 1)]
        n = sum(v or 0 for v in district.weekly("losses.cases", district.top)[at[0] : at[1] + 1])
        weeks = row["n_before" if which == "before" else "n_after"]
        return Cell(*both(say("effect.cases", n=n, weeks=weeks), district.names), css="r", num=num if n else None)

    is_stated = row["verdict"] == "stated"
    change = both(say("effect.change", x=row["effect"]), district.names) if is_stated else ("—", "—")
    span = both(say("effect.range", low=row["low"], high=row["high"]), district.names) if is_stated else ("—", "—")
    power = fmt.show(row["power"], "pct0", "zh")
    return Row(
        row["campaign_id"],
        (
            Cell(*both_names(f"op:{row['campaign_id']}", district.names), css="name"),
            counted("before", before),
            counted("during", during),
            Cell(*change, css="r"),
            Cell(*span, css="r"),
            Cell(power, power, css="r"),
            Cell(*both(verdict(row, district.settings.effects.change), district.names), css="wrap"),
        ),
    )


def blocks_of(district: District) -> tuple[Block, ...]:
    """The card, where cases are handed in and an operation has begun."""
    rows = told(district)
    if not rows:
        return ()
    heads = tuple(Column(say(k), css) for k, css in HEADS)
    table = Table("effects-table", say("effects.sub"), heads, tuple(effect_row(district, row) for row in rows), stacks=True)
    foot = say("effects.foot", least=district.settings.effects.least_power)
    return (Block("effects", 12, title_of(rows[0]), say("effects.sub"), (table,), foot=foot, csv="effects", metric="losses.cases"),)
