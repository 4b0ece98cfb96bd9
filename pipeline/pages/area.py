"""镇街详情: one town against the district and its own past."""

from __future__ import annotations

from dataclasses import replace

from . import blocks, comparisons, findings, towns
from .district import District
from .facts import Facts, gather
from .model import Block, Matrix, Notes, Page, Scope, Text, Tiles, View, say
from .parts import bars, cards, reports, tiles

WEEKS = 26


def page(district: District, town: str) -> Page:
    scope = Scope(town, district.default_period.id)
    facts, whole = gather(district, scope), gather(district, Scope(district.top, scope.period))
    channels = bars.channel_rows(district, scope)
    types = bars.loss_values(district, "fraud_type", scope)
    shown = {"c4": channels, "c5": bars.loss_rows(district, "fraud_type", types)}
    texts: dict[str, Text] = {
        "s.coverage": findings.coverage_sentence(facts),
        "s.loss": findings.loss_sentence(facts),
        "s.trust": findings.trust_sentence(facts),
        **with_district(comparisons.card_texts(facts), whole),
        "c1.title": findings.coverage_title(facts),
        "c2.title": findings.loss_title(facts),
        "c3.title": findings.tiles_title(facts),
        "c4.title": findings.channels_title(dict(zip(district.channels, channels, strict=True)), facts),
        "c5.title": findings.types_title({c: row["value"] for c, row in types.items()}, "type"),
        "c1.end": blocks.end_label(district, scope),
        "c1.foot": blocks.coverage_foot(district, scope),
        "c2.case": blocks.case_label(facts),
        "c2.foot": blocks.loss_foot(district, scope),
        **blocks.nothing_drawn(district, scope, facts),
        **blocks.no_bars(district, scope, **shown),
    }
    view = View(scope, texts, blocks.marks(district, facts), shown)
    return Page(
        path=f"area/{town}.html",
        kind="area",
        is_listed=False,
        title=say("page.area_title", area=f"area:{town}"),
        views=(view,),
        sentences=(("s.coverage", say("label.coverage")), ("s.loss", say("label.loss")), ("s.trust", say("label.trust"))),
        cards=cards.five(district),
        blocks=(
            blocks.coverage_trend(district, scope),
            blocks.loss_trend(district, scope, facts),
            own_tiles(district, facts, town),
            report_block(district, facts, town),
            blocks.channel_bars(district, scope),
            blocks.type_bars(district, scope),
        ),
        data={"series": blocks.series(district, [district.top, town])},
    )


def with_district(texts: dict[str, Text], whole: Facts) -> dict[str, Text]:
    """The firmness lines with the district's value of rates added; counts of a town and of the district do not compare."""
    for metric in ("coverage", "on_time_rate"):
        value = whole.kpi[metric]["value"]
        if value is not None:
            key = f"kpi.{metric}.firm"
            texts[key] = (*texts[key], *say("firm.district" if texts[key] else "firm.district_alone", x=value))
    return texts


def own_tiles(district: District, facts: Facts, town: str) -> Block:
    block = towns.tile_grid(district, facts.period, span=12)
    panel = next(p for p in tiles.grid(district, facts.period).panels if p.area == town)
    alone = Tiles((replace(panel, row=1, column=1),), 1)
    return Block(
        "c3",
        12,
        block.title,
        say("c3.sub_plain", n=district.settings.coverage.window_weeks),
        (alone,),
        key=block.key,
        foot=block.foot,
        csv=block.csv,
        metric=block.metric,
    )


def report_block(district: District, facts: Facts, town: str) -> Block:
    """The town's report calendar and what is to be followed up."""
    weeks = district.weeks[-WEEKS:]
    matrix = Matrix(tuple(weeks), ((town, tuple(district.week_status(town, week) for week in weeks)),))
    issues: Notes = reports.issue_notes(district, town)
    return Block(
        "q1",
        12,
        findings.reports_title(facts),
        say("q1.sub_town", n=len(weeks)),
        (matrix, issues),
        key=reports.KEY,
        foot=say("q1.contact"),
        metric="on_time_rate",
    )
