"""The cards that set towns side by side: C3 (tiles of their communities) and T1 (coverage with rank ranges)."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from . import format as fmt
from . import trends
from .blocks import both, of_group, population
from .district import District
from .messages import both_names
from .model import Block, Cell, Column, KeyItem, Num, Period, Row, Spark, Table, Text, say
from .parts import ranking, tiles


def tile_key(district: District) -> tuple[KeyItem, ...]:
    edges = district.settings.coverage.bins
    inner = [KeyItem(f"bin{i}", say("c3.bin", low=low, high=high)) for i, (low, high) in enumerate(itertools.pairwise(edges), start=1)]
    return (
        KeyItem("bin0", say("c3.blind", x=edges[0])),
        *inner,
        KeyItem(f"bin{len(edges)}", say("c3.target", x=edges[-1])),
        KeyItem("never", of_group(district, "c3.never")),
    )


def tile_grid(district: District, period: Period, *, title: Text | str = "c3.title", span: int = 7) -> Block:
    years = {row["population_year"] for row in district.area.values() if row["population_year"]}
    foot = of_group(district, "c3.foot", year=str(max(years))) if years else say("c3.foot_plain")
    return Block(
        "c3",
        span,
        title,
        population(district, "c3.sub"),
        (tiles.grid(district, period),),
        key=tile_key(district),
        foot=foot,
        csv="communities",
        metric=district.coverage_metric,
    )


def spark_of(values: Sequence[float | None], colour: str) -> Spark | None:
    drawn = trends.sparkline(values)
    return Spark(*drawn, colour) if drawn else None


RANKING_HEADS = (
    ("th.rank", "r rank"),
    ("th.town", ""),
    ("th.coverage", "cov"),
    ("th.change", "r"),
    ("th.blind", "r"),
    ("th.loss", "r"),
    ("th.per_resident", "r wide"),
    ("th.trend", "r wide"),
)


def changed(district: District, s: ranking.Standing) -> Cell:
    """The change of a town's coverage over the period, made of its two ends."""
    shown = both(district, say("cell.pp", x=s.change))
    if s.change is None or s.estimate is None:
        return Cell(*shown, s.change, "r")
    how = say("how.change", now=s.estimate, before=s.estimate - s.change, x=s.change)
    return Cell(*shown, s.change, "r", num=Num("coverage", s.area), how=how)


def per_resident(district: District, s: ranking.Standing) -> Cell:
    shown = both(district, say("cell.fixed1", x=s.per_resident))
    if not s.per_resident:
        return Cell(*shown, s.per_resident, "r wide")
    how = say("how.head", loss=s.loss, people=district.area[s.area]["residents"], x=s.per_resident)
    return Cell(*shown, s.per_resident, "r wide", num=Num("prevented", s.area), how=how)


def ranking_row(district: District, s: ranking.Standing) -> Row:
    name = f"area:{s.area}"
    rank = "—" if s.best is None else str(s.best) if s.best == s.worst else f"{s.best}–{s.worst}"
    trend = spark_of([row["estimate"] if (row := district.cover.get((s.area, week))) else None for week in district.shown[::-3][::-1]], "pri")
    bar = None if s.estimate is None else (s.estimate, s.low or 0.0, s.high or 0.0)
    cover, edge = Num("coverage", s.area) if bar else None, district.settings.coverage.blind_below
    shown = {kind: (fmt.show(v, kind, "zh"), fmt.show(v, kind, "en")) for kind, v in (("pct", s.estimate), ("money", s.loss))}
    return Row(
        s.area,
        (
            Cell(rank, rank, s.best, "r rank"),
            Cell(
                *both_names(name, district.names),
                district.towns.index(s.area),
                "name",
                tag=say("tag.low") if s.is_low else (),
                href=f"area/{s.area}.html",
            ),
            Cell(*shown["pct"], s.estimate, "cov", bar=bar, num=cover),
            changed(district, s),
            Cell(str(s.blind), str(s.blind), s.blind, "r", num=cover if s.blind else None, how=say("how.blind", n=s.blind, edge=edge)),
            Cell(*shown["money"], s.loss, "r", num=Num("prevented", s.area)),
            per_resident(district, s),
            Cell("", "", css="r wide", spark=trend),
        ),
        "low" if s.is_low else "",
    )


def ranking_table(district: District, period: Period, *, title: Text | str = "t1.title", span: int = 5) -> Block:
    is_ranked = district.settings.pages.rankings == "on"
    keep = [i for i, _ in enumerate(RANKING_HEADS) if is_ranked or i != 0]
    columns = tuple(Column(say(RANKING_HEADS[i][0]), RANKING_HEADS[i][1], is_ranked and 1 <= i <= 6) for i in keep)
    rows = [ranking_row(district, s) for s in ranking.ordered(district, period)]
    rows = [Row(r.key, tuple(r.cells[i] for i in keep), r.css) for r in rows]
    table = Table("t1-table", say("t1.caption"), columns, tuple(rows), sorted_by=2 if is_ranked else None)
    return Block("t1", span, title, say("t1.sub"), (table,), foot=say("t1.foot") if is_ranked else (), csv="towns", metric="coverage")
