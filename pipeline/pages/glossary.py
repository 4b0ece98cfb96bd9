"""口径: every indicator's definition, formula, caveat and version, as the registry of the measures states them."""

from __future__ import annotations

from pipeline.measures import registry

from .district import District
from .messages import both_names, plain
from .model import Block, Cell, Column, Page, Row, Scope, Table, View, say


def page(district: District) -> Page:
    rows = [
        Row(
            code,
            (
                Cell(i.zh, i.en, css="name wrap"),
                Cell(i.formula_zh, i.formula_en, css="wrap"),
                Cell(*(both_names(f"unit:{i.unit}", district.names) if f"unit:{i.unit}" in district.names else (i.unit, i.unit))),
                Cell(i.caveat_zh, i.caveat_en, css="wrap"),
                Cell(f"v{i.version}", f"v{i.version}"),
            ),
        )
        for code, i in registry.indicators().items()
    ]
    heads = tuple(Column(say(k)) for k in ("th.metric", "panel.formula", "th.unit", "th.caveat", "th.version"))
    table = Table("glossary-table", say("glossary.sub"), heads, tuple(rows), stacks=True)
    return Page(
        path="glossary.html",
        kind="glossary",
        title=say("page.titled", area=f"area:{district.top}", page="page:glossary"),
        views=(View(Scope(district.top, district.default_period.id), {}),),
        blocks=(Block("glossary", 12, say("t.glossary", n=len(rows)), say("glossary.sub"), (table,)), rules_block()),
    )


RULES = ("missing", "grades", "unknown", "small", "provisional", "ranks", "precision", "suppressed", "cause")


def rules_block() -> Block:
    """How to read the pages: the rules that every number follows."""
    heads = (Column(say("th.topic")), Column(say("th.rule")))

    rows = tuple(
        Row(
            r,
            (
                Cell(plain(say(f"rule.{r}.name"), "zh", {}), plain(say(f"rule.{r}.name"), "en", {}), css="name"),
                Cell(plain(say(f"rule.{r}.text"), "zh", {}), plain(say(f"rule.{r}.text"), "en", {}), css="wrap"),
            ),
        )
        for r in RULES
    )
    return Block("rules", 12, say("t.rules"), say("rules.sub"), (Table("rules-table", say("t.rules"), heads, rows),))
