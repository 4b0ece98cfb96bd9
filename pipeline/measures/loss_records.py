"""Reports of intercepted losses as records: one row of a sheet, its amounts, its case, its place.

Here: cells grouped to records, the stable name of each. Not here: which records are one event (matching.py), what it amounts to (ledger.py).
"""

from __future__ import annotations

import hashlib

import polars as pl

from pipeline.measures import geography, taxonomy

LOST = ("no_number", "number_lost", "masked_digits", "see_elsewhere", "refers_above", "unreadable")
"""Reasons of a missing amount that say there was one; a blank cell or a dash says nothing."""


def records(cells: pl.DataFrame, areas: pl.DataFrame) -> pl.DataFrame:
    """One row per reported event or tally line, ordered by record_id.

    Out: record_id, key (content-derived: the same when the file comes back), form, subject_id, reporter_id, teller (who handed it in),
    area_id (the place the row names where the register has it, else the subject's area), town_id (null where only the district is
    known), start, end, week, n_cases, is_aggregate, fraud_type, way, institution, house (the institution, else the reporting unit
    itself), case_ref, amounts (list of low, high of its amounts above 0), has_lost_amount.
    A row without any number about losses is a record only in an interception ledger; one that says 0 cases is none. An event without a
    stated count is one case, a tally line without one at least one.
    """
    counts, has_number = pl.col("measure") == "cases", pl.col("high").is_not_null()
    grouped = (
        cells.sort("record_id", "measurement_id")
        .group_by("record_id", maintain_order=True)
        .agg(
            pl.col("form", "subject_id", "subject", "subject_kind", "reporter_id", "area_id", "start", "end", "week", "is_ledger").first(),
            pl.col("fraud_type", "way", "institution", "place", "case_ref").drop_nulls().first(),
            cases=pl.coalesce("value", "low").filter(counts & has_number).sum(),
            states_cases=(counts & has_number).any(),
            states_amount=(~counts & has_number).any(),
            has_lost_amount=(~counts & pl.col("reason").is_in(LOST)).any(),
            amounts=pl.struct("low", "high").filter(~counts & (pl.col("high") > 0) & (pl.col("low") > 0)),
            written=pl.concat_str("measure", "low", "high", separator=":", ignore_nulls=True).filter(has_number).str.join("|"),
        )
    )
    is_event = pl.when("states_cases").then((pl.col("cases") > 0) | (pl.col("states_amount") & ~pl.col("is_ledger")))
    bare_row = pl.col("is_ledger") & (pl.col("form") == "intercepted_losses")
    kept = grouped.filter(is_event.otherwise(pl.col("states_amount") | bare_row))
    placed = (
        _placed(kept, areas).join(geography.towns(areas), on="area_id", how="left").join(areas.select("area_id", "level"), on="area_id", how="left")
    )
    unit = pl.when(pl.col("subject_kind") == "unit").then("subject")
    return placed.with_columns(
        town_id=pl.when(pl.col("level") != "district").then("town_id"),
        n_cases=pl.col("cases").clip(lower_bound=1).round().cast(pl.Int64),
        is_aggregate=~pl.col("is_ledger"),
        fraud_type=taxonomy.fraud_type(placed["fraud_type"]),
        way=taxonomy.way(placed["way"]),
        house=pl.coalesce("institution", unit).str.normalize("NFKC").str.replace_all(r"\s|股份有限公司|有限责任公司", ""),
        teller=pl.coalesce("reporter_id", "subject_id"),
        key=_content_keys(placed),
    ).drop("cases", "states_cases", "states_amount", "level", "is_ledger", "written", "subject", "subject_kind", "place")


def _placed(found: pl.DataFrame, areas: pl.DataFrame) -> pl.DataFrame:
    """`found` with area_id narrowed to the place the row names: the one area of that name inside the subject's, else the one of the whole
    register (a branch tells of customers who live elsewhere). A name that several areas bear narrows nothing."""
    named = geography.closure(areas).join(areas.select("area_id", place="zh"), on="area_id")
    inside = named.filter(pl.len().over("ancestor_id", "place") == 1).rename({"area_id": "inner", "ancestor_id": "area_id"})
    anywhere = areas.select(outer="area_id", place="zh").filter(pl.len().over("place") == 1)
    joined = found.join(inside, on=["area_id", "place"], how="left").join(anywhere, on="place", how="left")
    return joined.with_columns(area_id=pl.coalesce("inner", "outer", "area_id")).drop("inner", "outer")


def _content_keys(grouped: pl.DataFrame) -> pl.Series:
    """A short name of each record from what it says, so that decisions outlive a file that comes back. Equal rows are numbered."""
    said = grouped.select(
        "record_id",
        text=pl.concat_str(
            "form",
            "subject_id",
            "area_id",
            "start",
            "end",
            "institution",
            "place",
            "case_ref",
            "fraud_type",
            "written",
            separator="¦",
            ignore_nulls=True,
        ),
    ).with_columns(text=pl.col("text") + "¦" + pl.int_range(pl.len()).over("text").cast(pl.String))
    return pl.Series("key", [hashlib.sha256(text.encode()).hexdigest()[:10] for text in said["text"]])
