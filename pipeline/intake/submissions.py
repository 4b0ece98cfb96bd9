"""What each sheet hands in: one submission per file, sheet, form, reporter and period, and which of them a later one replaced.

Here: grouping numbers into submissions, cells due and missing, zero reports. Not here: whether a report was due or in time (measures/).
A tally's submission has the tally's period. A ledger's rows are grouped by ISO week, each row of a longer period stands by itself.
A sheet that says 零报告 is a submission even without a due cell; blanks beside the word are answered by it. Numbers beat it.
"""

from __future__ import annotations

import hashlib
from typing import Any

import polars as pl

from pipeline.forms.catalogue import catalogue
from pipeline.intake.findings import finding
from pipeline.tables.base import table

GROUP = ["file_id", "path", "sheet", "form", "by", "period"]
REGISTERS = tuple(form.name for form in catalogue().forms.values() if form.grain == "register")
"""The areas of a register do not report it: without a 填报单位 it has no reporter."""
REPLACED = ("superseded", "repeated", "withdrawn")
GENERAL_FORM = "weekly_tally"
"""The form of a zero report that names none, from somebody of whom no report is known: it has a column for every channel."""


def submit(measurements: pl.DataFrame, zero_reports: pl.DataFrame, units: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, list[dict[str, Any]]]:
    """(measurements with submission_id, rows of `submissions`, points on zero reports that numbers contradict).

    `zero_reports`: read_zero_reports with path, received_at, is_withdrawn, reporter_id. `units`: unit_id and forms of the register.
    """
    stated = pl.concat_str("start", "end", separator="…")
    grouped = measurements.with_columns(
        by=pl.when(pl.col("form").is_in(REGISTERS)).then("reporter_id").otherwise(pl.coalesce("reporter_id", "subject_id")),
        period=pl.when(pl.col("is_ledger") & pl.col("week").is_not_null()).then(pl.format("week {}", "week")).otherwise(stated),
    )
    groups = grouped.select(GROUP).unique(maintain_order=True)
    ids = [hashlib.sha256("\x1f".join(map(str, row)).encode()).hexdigest()[:16] for row in groups.iter_rows()]
    identified = grouped.join(groups.with_columns(submission_id=pl.Series(ids, dtype=pl.String)), on=GROUP, nulls_equal=True, maintain_order="left")
    stated = _submissions(identified)
    submissions, at_odds = _with_zero_reports(stated, _of_forms(zero_reports, stated, units)) if zero_reports.height else (stated, [])
    columns = list(table("submissions").polars_schema)
    return identified.drop("by", "period"), submissions.select(columns).sort("received_at", "path", "sheet", "start", "submission_id"), at_odds


def _submissions(measurements: pl.DataFrame) -> pl.DataFrame:
    is_missing = (pl.col("precision") == "missing") & (pl.col("reason") != "stated_none").fill_null(True)
    is_nothing = (pl.col("value") == 0).fill_null(False) | ((pl.col("precision") == "missing") & (pl.col("reason") == "stated_none").fill_null(False))
    replaced = pl.col("stands_reason").is_in(REPLACED)
    # Numbers that count for another reason (a claim, a tally beside its ledger) do not keep a replaced report alive.
    is_replaced = replaced.any() & ~pl.col("stands").any()
    by_submission = pl.col("winner_submission").filter(pl.col("winner_submission") != pl.col("submission_id")).drop_nulls().mode().sort().first()
    winners = measurements.select(superseded_by="measurement_id", winner_submission="submission_id").unique("superseded_by")
    return (
        measurements.join(winners, on="superseded_by", how="left", maintain_order="left")
        .group_by("submission_id", "file_id", "path", "sheet", "form", "by", maintain_order=True)
        .agg(
            reporter=pl.when(pl.col("by").is_not_null()).then(pl.coalesce("reporter", "subject")).first(),
            start=pl.col("start").min(),
            end=pl.col("end").max(),
            known_at=pl.col("known_at").max(),
            received_at=pl.col("received_at").first(),
            is_zero_report=is_nothing.all(),
            has_number=(pl.col("high") > 0).any(),
            n_due=pl.len().cast(pl.Int64),
            n_missing=is_missing.sum().cast(pl.Int64),
            superseded_by=pl.when(is_replaced).then(by_submission),
            superseded_reason=pl.when(is_replaced).then(pl.col("stands_reason").filter(replaced).mode().sort().first()),
        )
        .rename({"by": "reporter_id"})
    )


# -- sheets that say 零报告 -------------------------------------------------------------------------------------------


def _of_forms(zero_reports: pl.DataFrame, submissions: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """Zero reports with a form each. One that names none answers for what its unit usually hands in for such a span, else for the forms
    the register lists for it, else for the general tally."""
    usual = submissions.select("reporter_id", "form", span=_span()).unique()
    listed = units.select(reporter_id="unit_id", listed=pl.col("forms").str.json_decode(pl.List(pl.String)))
    by_span = usual.group_by("reporter_id", "span").agg(usual=pl.col("form").unique().sort())
    forms = (
        pl.when(pl.col("form").is_not_null())
        .then(pl.concat_list("form"))
        .when(pl.col("usual").is_not_null())
        .then("usual")
        .when(pl.col("listed").list.len() > 0)
        .then("listed")
        .otherwise(pl.concat_list(pl.lit(GENERAL_FORM)))
    )
    return (
        zero_reports.with_columns(span=_span())
        .join(by_span, on=["reporter_id", "span"], how="left", maintain_order="left")
        .join(listed, on="reporter_id", how="left", maintain_order="left")
        .with_columns(form=forms)
        .explode("form")
    )


def _span() -> pl.Expr:
    """Weekly, monthly, or between: reports of one span do not answer for another."""
    days = (pl.col("end") - pl.col("start")).dt.total_days() + 1
    return pl.when(days <= 7).then(pl.lit("week")).when(days >= 28).then(pl.lit("month")).otherwise(pl.lit("between"))


def _with_zero_reports(stated: pl.DataFrame, zero: pl.DataFrame) -> tuple[pl.DataFrame, list[dict[str, Any]]]:
    """(`stated` and a submission for each zero report of a sheet without any due cell of that form; points on contradictions)."""
    sheet = ["file_id", "sheet", "form", "reporter_id"]
    said = zero.select(sheet).unique().with_columns(says_zero=pl.lit(True))
    answers = pl.col("says_zero").fill_null(False) & ~pl.col("has_number").fill_null(False)
    answered = stated.join(said, on=sheet, how="left", nulls_equal=True, maintain_order="left").with_columns(
        is_zero_report=pl.col("is_zero_report") | answers,
        n_missing=pl.when(answers).then(0).otherwise("n_missing"),
    )
    alone = zero.join(stated, on=sheet, how="anti", nulls_equal=True).unique([*sheet, "start", "end"], keep="first", maintain_order=True)
    ids = [hashlib.sha256("\x1f".join(map(str, row)).encode()).hexdigest()[:16] for row in alone.select(*sheet, "start", "end").iter_rows()]
    added = alone.with_columns(submission_id=pl.Series(ids, dtype=pl.String))
    replaced = _replaced(added, answered)
    contradicted = replaced.filter((pl.col("superseded_reason") == "superseded") & (pl.col("other_received") <= pl.col("received_at")))
    rows = replaced.with_columns(is_zero_report=pl.lit(True), n_due=pl.lit(0, dtype=pl.Int64), n_missing=pl.lit(0, dtype=pl.Int64))
    columns = list(table("submissions").polars_schema)
    together = pl.concat([answered.select(columns), rows.select(columns)], how="vertical_relaxed")
    return together, [_contradicted(row) for row in contradicted.sort("path", "sheet").iter_rows(named=True)]


def _replaced(added: pl.DataFrame, stated: pl.DataFrame) -> pl.DataFrame:
    """Zero reports with what took their place: numbers of the period, else the earlier report that already said zero."""
    candidates = pl.concat(
        [
            stated.filter(pl.col("superseded_reason").is_null()).select(*_OTHER, is_zero="is_zero_report", has_number="has_number"),
            added.filter(~pl.col("is_withdrawn")).select(*_OTHER, is_zero=pl.lit(True), has_number=pl.lit(False)),
        ]
    ).rename({"submission_id": "other_id", "start": "other_start", "end": "other_end", "received_at": "other_received", "path": "other_path"})
    pairs = added.select("submission_id", "form", "reporter_id", "start", "end", "received_at").join(candidates, on=["form", "reporter_id"])
    is_inside = (pl.col("other_start") >= pl.col("start")) & (pl.col("other_end") <= pl.col("end"))
    is_same = (pl.col("other_start") == pl.col("start")) & (pl.col("other_end") == pl.col("end"))
    at_once = pl.col("other_received") == pl.col("received_at")
    before = (pl.col("other_received") < pl.col("received_at")) | (at_once & (pl.col("other_id") < pl.col("submission_id")))
    beats = pl.when(pl.col("has_number") & is_inside).then(0).when(pl.col("is_zero") & is_same & before).then(1)
    best = pairs.with_columns(beats=beats).filter(pl.col("beats").is_not_null()).sort("beats", "other_received", "other_id")
    best = best.unique("submission_id", keep="first", maintain_order=True).select(
        "submission_id", "beats", "other_id", "other_path", "other_received"
    )
    reason = pl.when("is_withdrawn").then(pl.lit("withdrawn")).when(pl.col("beats") == 0).then(pl.lit("superseded"))
    reason = reason.when(pl.col("beats") == 1).then(pl.lit("repeated"))
    return added.join(best, on="submission_id", how="left", maintain_order="left").with_columns(
        superseded_by=pl.when(~pl.col("is_withdrawn")).then("other_id"), superseded_reason=reason
    )


_OTHER = ("submission_id", "form", "reporter_id", "start", "end", "received_at", "path")


def _contradicted(row: dict[str, Any]) -> dict[str, Any]:
    return finding(
        "zero_reports_agree_with_own_numbers",
        "warning",
        f"{row['reporter']}这一期（{row['start']}—{row['end']}）已经报过数（{row['other_path']}），又报零报告，仍按已报的数统计。如应作废，请撤回该文件。",
        f"{row['reporter']} has handed in numbers for {row['start']} to {row['end']} ({row['other_path']}) and now a zero report; the numbers count. "
        "Withdraw that file if they should not.",
        file_id=row["file_id"],
        path=row["path"],
        sheet=row["sheet"],
        cell=row["cell"],
    )
