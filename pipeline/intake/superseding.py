"""The one number that stands: of all that say the same thing, which counts, and why the others do not.

Here: what makes two numbers the same fact, the order in which they beat each other, ties, ledger against tally. Not here: names and weeks
(identity.py), running totals (cumulative.py), rows that a later sheet lacks (absent.py). Pure and vectorised: no loop over numbers.

The order, weakest first. A cell that says nothing (blank) never beats one that says something. What a corrected returned copy states anew
beats its original, whatever dates the two carry (corrected_copies.py says which). The subject's own report beats a
compilation, the nearer level the farther. The later date on the sheet (the receipt where it has none), then the later receipt. The same
content again changes nothing: the earlier stays. What is still equal and differs is a tie: none stands, all go back to the analyst.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from pipeline.intake.corrected_copies import restated
from pipeline.intake.findings import finding
from pipeline.intake.frames import ATTRIBUTES
from pipeline.intake.registers import Registers

SEPARATOR = "\x1f"
RECORD_IDENTITY = ("subject_id", "start", "end", "venue", "within", "way", "institution", "case_ref")
"""What makes a ledger's row the same activity or event when it comes again. Its numbers and descriptive words may have changed."""
OF_KIND = ("within", *(name for name in ATTRIBUTES if name != "place"))
"""Attributes that make numbers of a tally different facts."""
NUMBER_IDENTITY = ("channel", "measure", "unit")
FARTHEST = 9


def choose(
    measurements: pl.DataFrame, copies: pl.DataFrame, registers: Registers, units: pl.DataFrame, time_zone: str
) -> tuple[pl.DataFrame, list[dict[str, Any]]]:
    """(measurements with stands, stands_reason, superseded_by, superseded_at, closeness; points on ties and compilations).

    Needs the columns of `measurements` up to received_at, position and is_withdrawn, and those of with_facts. `copies`: as
    corrected_copies.taking_place gives them. Row order is kept.
    """
    ordered = restated(measurements.with_row_index("row"), copies)
    set_apart = (
        pl.when("is_withdrawn")
        .then(pl.lit("withdrawn"))
        .when(_is_claim())
        .then(pl.lit("claim"))
        .when(pl.col("rewritten_by").is_not_null())
        .then(pl.lit("superseded"))
    )
    keyed = ordered.with_columns(closeness=_closeness(ordered, registers, units), apart=set_apart)
    rivals = keyed.filter(pl.col("apart").is_null())
    judged = _against_tallies(_judge(rivals, time_zone))
    outcome = ["row", "stands", "stands_reason", "superseded_by", "superseded_at"]
    is_rewritten = (pl.col("apart") == "superseded").fill_null(False)
    settled = keyed.join(judged.select(outcome), on="row", how="left", maintain_order="left").with_columns(
        stands=pl.col("stands").fill_null(False),
        stands_reason=pl.coalesce("apart", "stands_reason"),
        superseded_by=pl.when(is_rewritten).then("rewritten_by").otherwise("superseded_by"),
        superseded_at=pl.when(is_rewritten).then("rewritten_at").otherwise("superseded_at"),
    )
    return settled.drop("row", "apart", "is_corrected", "rewritten_by", "rewritten_at"), _findings(settled)


def _is_claim() -> pl.Expr:
    return (pl.col("channel") == "claimed_reach") | (pl.col("reason") == "claim").fill_null(False)


# -- sameness ---------------------------------------------------------------------------------------------------------


def with_facts(frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` with fact and row_fact: one text per fact, and one per row of a sheet.

    In tallies a fact is whom, what, when, of what kind. In ledgers it is which record (and which of several alike on one sheet), and
    which of its numbers. Columns of one row that say the same thing are different numbers.
    """
    record = pl.when("is_ledger").then(_joined(*RECORD_IDENTITY)).otherwise(_joined("subject_id", "start", "end"))
    kind = pl.when("is_ledger").then(pl.lit("")).otherwise(_joined(*OF_KIND, "is_cumulative"))
    place = ["file_id", "sheet", "record_id"]
    named = frame.select(*place, "position", "is_ledger", *NUMBER_IDENTITY, record=record, kind=kind)
    records = (
        named.filter("is_ledger")
        .group_by(*place, "record")
        .agg(pl.col("position").min())
        .sort("position")
        .with_columns(nth_record=pl.int_range(pl.len()).over("file_id", "sheet", "record"))
        .drop("position")
    )
    facts = (
        named.join(records, on=[*place, "record"], how="left", maintain_order="left")
        .with_columns(nth_number=pl.int_range(pl.len()).over(*place, "record", "kind", *NUMBER_IDENTITY))
        .select(
            fact=_joined("is_ledger", "record", "nth_record", "kind", *NUMBER_IDENTITY, "nth_number"),
            row_fact=_joined("is_ledger", "record", "nth_record"),
        )
    )
    return frame.hstack(facts)


def _joined(*names: str) -> pl.Expr:
    return pl.concat_str([pl.col(n).cast(pl.String).str.strip_chars().fill_null("") for n in names], separator=SEPARATOR)


def _closeness(frame: pl.DataFrame, registers: Registers, units: pl.DataFrame) -> pl.Series:
    """How far the reporter stands from the subject: 0 itself, else levels up to the reporter's area; a stranger is farthest.

    A sheet that names no reporter is its subject's own when it has one subject, and a compilation one level up when it has several.
    Of a provisional subject nobody knows where it lies: there the reporter of the smaller area is the nearer one.
    """
    unit_areas: dict[str, str] = dict(units.select("unit_id", "area_id").iter_rows())
    provisional = {*units.filter("is_provisional")["unit_id"], *(a.id for a in registers.areas.values() if a.is_provisional)}

    def distance(subject: str, reporter: str | None, n_subjects: int) -> int:
        if reporter is None:
            return 0 if n_subjects == 1 else 1
        if reporter == subject:
            return 0
        area = unit_areas.get(reporter, reporter)
        if subject in provisional:
            return FARTHEST - len(registers.ancestors(area))
        chain = registers.ancestors(unit_areas.get(subject, subject))
        return 1 + chain.index(area) if area in chain else FARTHEST

    asked = frame.select("subject_id", "reporter_id", n_subjects=pl.col("subject_id").n_unique().over("file_id", "sheet", "form"))
    pairs = asked.unique(maintain_order=True)
    answered = pairs.with_columns(closeness=pl.Series([distance(*row) for row in pairs.iter_rows()], dtype=pl.Int64))
    return asked.join(answered, on=asked.columns, how="left", nulls_equal=True, maintain_order="left")["closeness"]


# -- the better one ---------------------------------------------------------------------------------------------------


def _judge(rivals: pl.DataFrame, time_zone: str) -> pl.DataFrame:
    """Rivals with their outcome. Within each fact rows are sorted from the weakest to the best."""
    local_day = pl.col("received_at").dt.replace_time_zone("UTC").dt.convert_time_zone(time_zone).dt.date()
    rank = ["speaks", "is_corrected", "closeness", "known", "received_at"]
    prepared = rivals.with_columns(
        speaks=(pl.col("reason") != "blank").fill_null(True) | pl.col("value").is_not_null(),
        known=pl.coalesce("known_at", local_day),
        said=_joined("value", "low", "high", "precision"),
        fact_number=pl.col("fact").rank("dense"),
    ).sort("fact_number", "speaks", ~pl.col("is_corrected"), pl.col("closeness").neg(), "known", "received_at", "path", "sheet", "position")
    fact = "fact_number"
    at_top = pl.all_horizontal(pl.col(name) == pl.col(name).last().over(fact) for name in rank)
    compared = prepared.with_columns(
        at_top=at_top,
        agrees=pl.all_horizontal(pl.col(name) == pl.col(name).last().over(fact) for name in ("speaks", "is_corrected", "closeness", "said")).cast(
            pl.Int8
        ),
        better_since=pl.col("received_at").shift(-1).cum_min(reverse=True).over(fact),
    ).with_columns(
        in_run=pl.col("agrees").cum_min(reverse=True).over(fact).cast(pl.Boolean),
        is_tied=pl.col("said").filter(pl.col("at_top")).n_unique().over(fact) > 1,
    )
    is_first = pl.col("in_run") & (pl.col("in_run").cast(pl.Int32).cum_sum().over(fact) == 1)
    chosen = compared.with_columns(stands=is_first & ~pl.col("is_tied"))
    winner = pl.col("stands")
    return chosen.with_columns(
        superseded_by=pl.when(~winner).then(pl.col("measurement_id").filter(winner).first().over(fact)),
        stands_reason=pl.when(winner)
        .then(None)
        .when(pl.col("is_tied") & pl.col("at_top"))
        .then(pl.lit("tied"))
        .when(pl.col("in_run"))
        .then(pl.lit("repeated"))
        .when(pl.col("speaks") & ~pl.col("is_corrected") & (pl.col("closeness") > pl.col("closeness").last().over(fact)))
        .then(pl.lit("compilation"))
        .otherwise(pl.lit("superseded")),
        superseded_at=pl.when(~winner & ~(pl.col("is_tied") & pl.col("at_top"))).then(
            pl.when("in_run").then("received_at").otherwise(pl.max_horizontal("received_at", "better_since"))
        ),
    )


def _against_tallies(judged: pl.DataFrame) -> pl.DataFrame:
    """Flows of a tally that the same subject details in a ledger inside the same period no longer stand: the detail counts."""
    whom = ["subject_id", *NUMBER_IDENTITY]
    flows = judged.filter(pl.col("stands") & (pl.col("kind") == "flow"))
    ledger = flows.filter(pl.col("is_ledger") & (pl.col("precision") != "missing"))
    tally = flows.filter(~pl.col("is_ledger"))
    if ledger.is_empty() or tally.is_empty():
        return judged
    # Of all ledger rows that start on or after a day, the one that ends first decides whether any lies inside the tally's period.
    # Day and row number in one integer, so that the running minimum carries the row along.
    numbered = ledger.sort("start", "end", "row").with_columns(packed=pl.col("end").cast(pl.Int64) * (1 << 32) + pl.col("row").cast(pl.Int64))
    earliest_end = numbered.with_columns(packed=pl.col("packed").cum_min(reverse=True).over(whom)).select(*whom, "start", "packed")
    asked = tally.select("row", *whom, "start", "end").sort("start")
    met = asked.join_asof(earliest_end, on="start", by=whom, strategy="forward", check_sortedness=False)
    inside = met.filter((pl.col("packed") // (1 << 32)) <= pl.col("end").cast(pl.Int64))
    inside = inside.select("row", detail_row=(pl.col("packed") % (1 << 32)).cast(pl.UInt32))
    details = ledger.select(detail_row="row", detail="measurement_id", detail_received="received_at")
    beaten = inside.join(details, on="detail_row").drop("detail_row")
    is_beaten = pl.col("detail").is_not_null()
    return (
        judged.join(beaten, on="row", how="left", maintain_order="left")
        .with_columns(
            stands=pl.col("stands") & ~is_beaten,
            stands_reason=pl.when(is_beaten).then(pl.lit("tally")).otherwise("stands_reason"),
            superseded_by=pl.when(is_beaten).then("detail").otherwise("superseded_by"),
            superseded_at=pl.when(is_beaten).then(pl.max_horizontal("received_at", "detail_received")).otherwise("superseded_at"),
        )
        .drop("detail", "detail_received")
    )


def _findings(settled: pl.DataFrame) -> list[dict[str, Any]]:
    return _tie_findings(settled) + _compilation_findings(settled)


def _tie_findings(settled: pl.DataFrame) -> list[dict[str, Any]]:
    tied = settled.filter(pl.col("stands_reason") == "tied").sort("fact", "path", "sheet", "position")
    where = pl.format("{}›{}›{}：{}", "path", "sheet", "cell", pl.col("text").fill_null("（空）"))
    listed = tied.with_columns(all_said=where.str.join("；").over("fact"), n=pl.len().over("fact"))
    return [
        finding(
            "equal_reports_agree",
            "error",
            f"同一数字有 {row['n']} 个不同说法，都未采用：{row['all_said']}。请改成一致后重新放入，或撤回其中一份（outreach withdraw）。",
            f"{row['n']} cells state the same fact differently and none was taken: {row['all_said']}. Make them agree, or withdraw one.",
            file_id=row["file_id"],
            path=row["path"],
            sheet=row["sheet"],
            cell=row["cell"],
            text=row["text"],
        )
        for row in listed.iter_rows(named=True)
    ]


def _compilation_findings(settled: pl.DataFrame) -> list[dict[str, Any]]:
    """A compilation that says another number than the subject's own report: the own one counts, and somebody should know."""
    place = pl.format("{}›{}›{}：{}", "path", "sheet", "cell", pl.col("text").fill_null("（空）"))
    own = settled.filter("stands").select(superseded_by="measurement_id", own=place, own_value="value", own_low="low", own_high="high")
    compiled = settled.filter(pl.col("stands_reason") == "compilation").join(own, on="superseded_by")
    differs = (pl.col("value") != pl.col("own_value")) | (pl.col("low") > pl.col("own_high")) | (pl.col("high") < pl.col("own_low"))
    return [
        finding(
            "compilations_agree_with_own_reports",
            "warning",
            f"汇总表写“{row['text']}”，与{row['subject']}自己上报的不同（{row['own']}），采用本单位的数。请核对，有误请更正。",
            f"The compilation says {row['text']!r}, the subject's own report says otherwise ({row['own']}) and counts. Check which is right.",
            file_id=row["file_id"],
            path=row["path"],
            sheet=row["sheet"],
            cell=row["cell"],
            text=row["text"],
        )
        for row in compiled.filter(differs).sort("path", "sheet", "position").iter_rows(named=True)
    ]
