"""A compilation at another grain than its subject's own numbers: the own ones count, and the two are compared where they can be.

Here: which standing numbers of a tally were put together by somebody else (a county's monthly summary with a row a station), which own numbers
lie inside their span, also of other kinds (by audience or material), what they add up to. Not here: compilations of one and the same fact
(superseding.py, before this).

Own is what the subject itself, or anybody nearer to it, reports of it, what it reports of the areas below it, and what those areas report
themselves; where several units serve an area, its own numbers do not say whose they are and speak for the area alone. A compilation stands
where nothing finer exists.
"""

from __future__ import annotations

import json
from typing import Any

import polars as pl

from pipeline.intake.findings import finding
from pipeline.intake.registers import Registers

NUMBER = ("channel", "measure", "unit")
KIND = ("within", "material", "audience", "fraud_type", "way", "institution", "venue", "partner", "platform", "case_ref")


def prefer_finer(measurements: pl.DataFrame, registers: Registers, units: pl.DataFrame) -> tuple[pl.DataFrame, list[dict[str, Any]]]:
    """(measurements in which compilations lose to finer own numbers, one point per compilation that these contradict).

    Needs stands, stands_reason, superseded_by, superseded_at and closeness (superseding.choose). Row order is kept.
    """
    counted = measurements.with_row_index("row").filter(pl.col("stands") & (pl.col("precision") != "missing")).select(*_NEEDED)
    compiled = counted.filter((pl.col("closeness") > 0) & ~pl.col("is_ledger") & (pl.col("start") < pl.col("end")))
    beaten = _first_inside(compiled, pl.concat([_of_same_subject(counted), _of_others(counted, compiled, registers, units)]))
    if beaten.is_empty():
        return measurements, []
    frame = measurements.with_row_index("row").join(beaten, on="row", how="left", maintain_order="left")
    is_beaten = pl.col("own_id").is_not_null()
    settled = frame.with_columns(
        stands=pl.col("stands") & ~is_beaten,
        stands_reason=pl.when(is_beaten).then(pl.lit("compilation")).otherwise("stands_reason"),
        superseded_by=pl.when(is_beaten).then("own_id").otherwise("superseded_by"),
        superseded_at=pl.when(is_beaten).then(pl.max_horizontal("received_at", "own_received")).otherwise("superseded_at"),
    )
    losers = compiled.join(beaten, on="row", how="semi")
    return settled.drop("row", "own_id", "own_received"), [_contradicts(row) for row in _contradicted(losers, counted).iter_rows(named=True)]


_WHOSE = ("subject_id", "subject_kind", "area_id", "reporter_id", "closeness")
_NEEDED = (
    *("row", "measurement_id", "file_id", "path", "sheet", "cell", "subject", "text", "kind", "start", "end", "low", "high", "is_ledger"),
    *("received_at", *_WHOSE, *NUMBER, *KIND),
)
_OWN = ("of", *NUMBER, "own_start", "own_end", "own_reporter", "own_closeness", "own_id", "own_received")


def _as_own(numbers: pl.DataFrame) -> pl.DataFrame:
    """Numbers that speak for the subject `of`; own_closeness null where they are about another subject than it."""
    return numbers.select(
        *("of", *NUMBER),
        own_start="start",
        own_end="end",
        own_reporter="reporter_id",
        own_closeness=pl.when(pl.col("of") == pl.col("subject_id")).then("closeness"),
        own_id="measurement_id",
        own_received="received_at",
    ).select(_OWN)


def _of_same_subject(counted: pl.DataFrame) -> pl.DataFrame:
    """Only of numbers that some reporters are nearer to than others: everything else has no rival."""
    closeness = pl.col("closeness")
    rivals = (
        counted.group_by("subject_id", *NUMBER).agg(nearest=closeness.min(), farthest=closeness.max()).filter(pl.col("nearest") < pl.col("farthest"))
    )
    return _as_own(counted.join(rivals, on=["subject_id", *NUMBER], how="semi").with_columns(of="subject_id"))


def _of_others(counted: pl.DataFrame, compiled: pl.DataFrame, registers: Registers, units: pl.DataFrame) -> pl.DataFrame:
    """Numbers of areas and units that speak for a larger area, or for the unit that serves it."""
    subjects = set(compiled["subject_id"].unique())
    homes = dict(units.select("unit_id", "area_id").iter_rows())
    served = {unit: json.loads(serves) for unit, serves in units.select("unit_id", "serves").iter_rows()}
    alone = {areas[0]: unit for unit, areas in served.items() if len(areas) == 1 and sum(areas[0] in other for other in served.values()) == 1}

    def speaks_for(subject: str, kind: str, area: str, reporter: str | None, closeness: int) -> list[str]:
        chain = registers.ancestors(area) if area in registers.areas else []
        home = homes.get(reporter, reporter) if reporter else area
        found: set[str] = set()
        if closeness == 0:
            found = {*chain, *(alone[a] for a in chain if kind == "area" and a in alone)}
        elif home in chain and home != registers.district_id:
            # Whoever reports from inside an area speaks for it and for those above; a compilation from the top speaks for nobody.
            found = {*chain[chain.index(home) :], *([reporter] if reporter and kind == "area" else [])}
        return sorted((found & subjects) - {subject})

    asked = counted.select(_WHOSE).unique(maintain_order=True)
    answered = asked.with_columns(of=pl.Series([speaks_for(*row) for row in asked.iter_rows()], dtype=pl.List(pl.String)))
    said = counted.join(answered.filter(pl.col("of").list.len() > 0), on=list(_WHOSE), nulls_equal=True)
    return _as_own(said.explode("of"))


def _first_inside(compiled: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """(row, own_id, own_received) of each compilation with an own number, handed in by another reporter, inside its span: the first received."""
    pairs = compiled.select("row", "start", "end", *NUMBER, "reporter_id", "closeness", of="subject_id").join(own, on=["of", *NUMBER])
    inside = pairs.filter(
        (pl.col("own_start") >= pl.col("start"))
        & (pl.col("own_end") <= pl.col("end"))
        & pl.col("reporter_id").ne_missing(pl.col("own_reporter"))
        & (pl.col("own_closeness") < pl.col("closeness")).fill_null(True)
    )
    first = inside.sort("own_received", "own_start", "own_id").unique("row", keep="first", maintain_order=True)
    return first.select("row", "own_id", "own_received")


def _contradicted(compiled: pl.DataFrame, counted: pl.DataFrame) -> pl.DataFrame:
    """Flows whose subject's own tallies cover every day of the span, once, and add up to something else: with own_low, own_high, n_own."""
    same = ["subject_id", *NUMBER, *KIND]
    tallies = counted.filter(~pl.col("is_ledger")).join(compiled, on=["subject_id", *NUMBER], how="semi")
    own = tallies.select(*same, own_start="start", own_end="end", own_low="low", own_high="high", nearness="closeness")
    pairs = compiled.filter(pl.col("kind") == "flow").join(own, on=same, nulls_equal=True).filter(pl.col("nearness") < pl.col("closeness"))
    inside = pairs.filter((pl.col("own_start") >= pl.col("start")) & (pl.col("own_end") <= pl.col("end"))).sort("row", "own_start")
    sums = inside.group_by("row").agg(
        first=pl.col("own_start").min(),
        last=pl.col("own_end").max(),
        follows=((pl.col("own_start").shift(-1) - pl.col("own_end")).dt.total_days() == 1).all(),
        own_low=pl.col("own_low").sum(),
        own_high=pl.col("own_high").sum(),
        n_own=pl.len(),
    )
    covered = compiled.join(sums, on="row").filter((pl.col("first") == pl.col("start")) & (pl.col("last") == pl.col("end")) & pl.col("follows"))
    return covered.filter((pl.col("own_high") < pl.col("low")) | (pl.col("own_low") > pl.col("high"))).sort("path", "sheet", "row")


def _contradicts(row: dict[str, Any]) -> dict[str, Any]:
    low, high = (f"{row[name]:,.10g}" for name in ("own_low", "own_high"))
    between = low if low == high else f"{low}—{high}"
    return finding(
        "compilations_agree_with_own_reports",
        "warning",
        f"汇总表写“{row['text']}”，{row['subject']}自己同期的 {row['n_own']} 份报表合计为 {between}，采用本单位的数。请核对，有误请更正。",
        f"The compilation says {row['text']!r}; the subject's own {row['n_own']} reports of these days add up to {between} and count. "
        "Check which is right.",
        file_id=row["file_id"],
        path=row["path"],
        sheet=row["sheet"],
        cell=row["cell"],
        text=row["text"],
    )
