"""Returned copies that came back corrected: which content takes the place of which, and what of the older one is thereby settled.

Here: the line from a copy to its original, and the numbers of the original whose fact or cell the copy states anew. Not here: recognising a
copy (returned.py), which of the rest stands (superseding.py), rows the copy no longer has (absent.py: they stay and are reported).
A copy was made from what had been received, so it counts from its receipt on; an original handed in again after that is a new statement.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import polars as pl

from pipeline.intake.findings import finding

LINKS = {"file_id": pl.String, "copy_id": pl.String, "copy_path": pl.String, "copied_at": pl.Datetime("us")}
REPEATS_FROM = 0.5
"""Share of an original's rows that a copy must repeat to be its correction. With fewer it is another report in the copy's clothes:
somebody wrote next week's numbers into last week's returned workbook."""


def corrected_files(read_files: pl.DataFrame, files: pl.DataFrame) -> pl.DataFrame:
    """(file_id, copy_id, copy_path, copied_at): each content with every copy that says it corrects it, also by way of other copies.

    `read_files`: file_id, sha256, corrects; `files`: the journal's, of which withdrawn ones correct nothing.
    """
    known = read_files.join(files.select("file_id", "path", "received_at", "is_withdrawn"), on="file_id").sort("received_at", "path", "file_id")
    copies: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in known.filter(pl.col("corrects").is_not_null() & ~pl.col("is_withdrawn")).iter_rows(named=True):
        copies[row["corrects"]].append(row)
    originals = known.filter(pl.col("sha256").is_in(list(copies)))
    links = [
        (original["file_id"], copy["file_id"], copy["path"], copy["received_at"])
        for original in originals.iter_rows(named=True)
        for copy in _descendants(original["sha256"], copies)
        if copy["received_at"] >= original["received_at"]
    ]
    return pl.DataFrame(links, schema=LINKS, orient="row")


def _descendants(sha256: str, copies: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    waiting = [sha256]
    while waiting:
        for copy in copies.get(waiting.pop(), []):
            if copy["file_id"] not in found:
                found[copy["file_id"]] = copy
                waiting.append(copy["sha256"])
    return list(found.values())


def taking_place(links: pl.DataFrame, measurements: pl.DataFrame) -> tuple[pl.DataFrame, list[dict[str, Any]]]:
    """(the links whose copy does take its original's place, a point on each copy that says it corrects a file and speaks of other things).

    `measurements` need row_fact. An original without any number is replaced by whatever its copy says.
    """
    if links.is_empty():
        return links, []
    rows = measurements.select("file_id", "row_fact").unique()
    repeated = (
        links.join(rows, on="file_id")
        .join(rows.select(copy_id="file_id", row_fact="row_fact", is_repeated=pl.lit(True)), on=["copy_id", "row_fact"], how="left")
        .group_by("file_id", "copy_id")
        .agg(share=pl.col("is_repeated").fill_null(False).mean())
    )
    shares = links.join(repeated, on=["file_id", "copy_id"], how="left", maintain_order="left")
    repeats = pl.col("share").fill_null(1.0) >= REPEATS_FROM
    others = shares.filter(~repeats).unique("copy_id", keep="first", maintain_order=True)
    return shares.filter(repeats).drop("share"), [_other_report(row) for row in others.iter_rows(named=True)]


def _other_report(row: dict[str, Any]) -> dict[str, Any]:
    return finding(
        "corrected_copies_repeat_their_original",
        "warning",
        "本文件带着一份退回件的“退回说明”，内容却与原件大多不同，按新的报表计入，原件仍然有效。"
        "如是新一期报表，请删去“退回说明”页；如是更正，请撤回原件。",
        "This file carries the note of a returned copy, yet says mostly other things than its original: taken as a report of its own, the original "
        "stands. Remove the note from a new report; for a correction, withdraw the original.",
        file_id=row["copy_id"],
        path=row["copy_path"],
    )


def restated(keyed: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """`keyed` with is_corrected (a copy states the row's fact anew) and rewritten_by, rewritten_at (a copy has another, new fact in its cell).

    `keyed` needs row, fact, file_id, sheet, cell, reason, measurement_id. A cell that was only blanked corrects nothing.
    """
    if links.is_empty():
        return keyed.with_columns(
            is_corrected=pl.lit(False), rewritten_by=pl.lit(None, dtype=pl.String), rewritten_at=pl.lit(None, dtype=pl.Datetime("us"))
        )
    speaking = keyed.filter((pl.col("reason") != "blank").fill_null(True))
    old = keyed.join(links, on="file_id").select("row", "file_id", "fact", "sheet", "cell", "copy_id", "copied_at")
    corrected = old.join(speaking.select(copy_id="file_id", fact="fact"), on=["copy_id", "fact"], how="semi")
    stated = keyed.select("file_id", "fact").unique()
    new = (
        links.join(speaking.select("fact", "sheet", "cell", "measurement_id", copy_id="file_id"), on="copy_id")
        .join(stated, on=["file_id", "fact"], how="anti")
        .select("file_id", "copy_id", "sheet", "cell", rewritten_by="measurement_id", rewritten_at="copied_at")
    )
    rewritten = (
        old.join(corrected.select("row").unique(), on="row", how="anti")
        .join(new, on=["file_id", "copy_id", "sheet", "cell"])
        .sort("row", "rewritten_at", "rewritten_by")
        .unique("row", keep="last", maintain_order=True)
        .select("row", "rewritten_by", "rewritten_at")
    )
    marked = keyed.join(corrected.select("row", is_corrected=pl.lit(True)).unique("row"), on="row", how="left", maintain_order="left")
    return marked.join(rewritten, on="row", how="left", maintain_order="left").with_columns(pl.col("is_corrected").fill_null(False))
