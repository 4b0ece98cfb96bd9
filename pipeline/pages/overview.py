"""总览: the page leaders open first. Three sentences, five cards, C1, C2, C3, T1, C4, C5, Q1, for every town and period."""

from __future__ import annotations

from dataclasses import replace

from . import blocks, changes, comparisons, findings, towns
from .district import District
from .facts import Facts, gather
from .model import Block, Matrix, Notes, Page, Scope, Table, Text, View, say
from .parts import bars, cards, ranking, reports, tiles


def view(district: District, scope: Scope) -> tuple[Facts, View]:
    """Every text and bar of the page that depends on the scope."""
    facts = gather(district, scope)
    channels = bars.channel_rows(district, scope)
    types = bars.loss_values(district, "fraud_type", scope)
    shown = {"c4": channels, "c5": bars.loss_rows(district, "fraud_type", types)}
    low = ranking.clearly_low(district, facts.period)
    texts: dict[str, Text] = {
        "s.coverage": findings.coverage_sentence(facts),
        "s.loss": findings.loss_sentence(facts),
        "s.trust": findings.trust_sentence(facts),
        **comparisons.card_texts(facts),
        "c1.title": findings.coverage_title(facts),
        "c2.title": findings.loss_title(facts),
        "c3.title": findings.tiles_title(facts),
        "t1.title": findings.ranking_title(low, rankings=facts.policy.rankings == "on"),
        "c4.title": findings.channels_title(dict(zip(district.channels, channels, strict=True)), facts),
        "c5.title": findings.types_title({c: row["value"] for c, row in types.items()}, "type"),
        "c1.end": blocks.end_label(district, scope),
        "c1.foot": blocks.coverage_foot(district, scope),
        "c2.case": blocks.case_label(facts),
        "c2.foot": blocks.loss_foot(district, scope),
        **blocks.nothing_drawn(district, scope, facts),
        **blocks.no_bars(district, scope, **shown),
        **reports.fact_texts(facts),
    }
    return facts, View(scope, texts, blocks.marks(district, facts), shown)


def page(district: District) -> Page:
    default = Scope(district.top, district.default_period.id)
    scopes = [default, *(s for p in district.periods for a in district.scopes if (s := Scope(a, p.id)) != default)]
    whole = described(district, tuple(view(district, scope)[1] for scope in scopes))
    return replace(
        whole,
        data={
            **whole.data,
            "series": blocks.series(district, district.scopes),
            "sparks": cards.all_trends(district),
            "residents": {a: district.area[a]["residents"] for town, places in district.communities.items() for a in (town, *places)},
            "blindBelow": district.settings.coverage.blind_below,
            "ranked": district.settings.pages.rankings == "on",
            "tiles": {str(p.last): tiles.values(district, p) for p in district.periods},
            "standing": {str(p.last): ranking.at_end(district, p) for p in district.periods},
            "ranking": {p.id: ranking.over(district, p) for p in district.periods},
        },
    )


def described(district: District, views: tuple[View, ...]) -> Page:
    """The page's parts for the scope of the first view, without the data of filters."""
    scope = views[0].scope
    facts = gather(district, scope)
    return Page(
        path="index.html",
        kind="index",
        title=say("ui.title", area=f"area:{district.top}"),
        views=views,
        sentences=(("s.coverage", say("label.coverage")), ("s.loss", say("label.loss")), ("s.trust", say("label.trust"))),
        cards=cards.five(district),
        news=changes.line(district),
        blocks=(
            blocks.coverage_trend(district, scope),
            blocks.loss_trend(district, scope, facts),
            towns.tile_grid(district, facts.period),
            replace(towns.ranking_table(district, facts.period), opens_sheet=True),
            blocks.channel_bars(district, scope),
            blocks.type_bars(district, scope),
            report_block(district, facts),
        ),
        data={"series": blocks.series(district, [scope.area])},
    )


def report_block(district: District, facts: Facts) -> Block:
    matrix: Matrix = reports.matrix(district, district.weeks[-reports.WEEKS :])
    issues: Notes | Table = reports.issue_notes(district)
    return Block(
        "q1",
        12,
        findings.reports_title(facts),
        say("q1.sub", n=len(matrix.weeks)),
        (matrix, issues),
        key=reports.KEY,
        foot=say("q1.foot"),
        metric="on_time_rate",
    )
