"""What each file in data/raw is told: its open points, and one receipt line (收件回执.csv) with counts.

Here: which points are still to be answered, also those of measures that name a cell, what a file's receipt is, the receipt list. Not here: the
marked workbooks (hand_back.py), rules (intake, measures). Works on the working warehouse and on the published one alike.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import polars as pl

from pipeline.intake.returned import returned_path
from pipeline.measures import integrity
from pipeline.pages.csvs import encoded

Query = Callable[[str], pl.DataFrame]

LIST = "收件回执.csv"
SAID = {
    "accepted": "全部载入",
    "remarks": "已载入，有几处请确认",
    "returned": "有内容没有载入，请看标出的单元格",
    "corrected": "已由更正件代替",
    "withdrawn": "已撤回，不计入",
}
HEADINGS = ("文件", "收到时间", "回执", "载入数", "缺失格", "退回格", "请确认格", "退回件路径")
POINT = ("rejection_id", "file_id", "path", "sheet", "cell", "severity", "rule", "message", "message_en", "text", "suggestion")


def open_points(query: Query) -> pl.DataFrame:
    """Every point that files in data/raw are still asked about, in order of place: columns POINT.

    A finding of measures is about a number that was loaded, so it is a question (warning) whatever its weight; it is asked at a cell only if the
    number standing there comes from this content of the file; a typed change, which is no number of its own, if the change it names does.
    """
    returned = query(f"""
        SELECT {", ".join(POINT)} FROM rejections SEMI JOIN (SELECT file_id FROM source_files WHERE is_present) USING (file_id)
        WHERE severity <> 'note' AND closed_reason IS NULL""")
    files = query("SELECT file_id, path, is_present FROM source_files WHERE is_present AND NOT is_withdrawn AND corrected_by IS NULL")
    loaded = query("SELECT DISTINCT file_id, sheet, cell FROM measurements WHERE stands UNION SELECT file_id, sheet, cell FROM typed_changes")
    asked = integrity.points(query("SELECT * FROM issues"), files).join(loaded, on=["file_id", "sheet", "cell"], how="semi")
    both = pl.concat([returned, asked.with_columns(severity=pl.lit("warning")).select(returned.columns)])
    once = both.unique(["file_id", "sheet", "cell", "rule", "message"], keep="first", maintain_order=True)
    return once.sort("path", "sheet", pl.col("cell").str.len_chars(), "cell", "rejection_id")


def receipts(query: Query) -> pl.DataFrame:
    """One row a file in data/raw, in order of path: file_id, path, sha256, received_at (UTC), status (a key of SAID), n_loaded, n_missing (due
    cells without a number), n_wrong and n_asked (cells to correct, cells to confirm)."""
    cells = (
        open_points(query)
        .group_by("file_id")
        .agg(
            n_wrong=_places().filter(pl.col("severity") == "error").n_unique().cast(pl.Int64),
            n_asked=_places().filter(pl.col("severity") == "warning").n_unique().cast(pl.Int64),
        )
    )
    files = query("""
        SELECT f.file_id, path, sha256, received_at, status, is_withdrawn, corrected_by IS NOT NULL AS is_corrected,
               coalesce(n_loaded, 0) AS n_loaded, coalesce(n_missing, 0) AS n_missing
        FROM source_files AS f LEFT JOIN (
            SELECT file_id, count(*) FILTER (precision <> 'missing') AS n_loaded, count(*) FILTER (precision = 'missing') AS n_missing
            FROM measurements GROUP BY file_id
        ) AS m ON m.file_id = f.file_id
        WHERE is_present ORDER BY path""")
    counted = files.join(cells, on="file_id", how="left", maintain_order="left").with_columns(pl.col("n_wrong", "n_asked").fill_null(0))
    status = (
        pl.when("is_withdrawn")
        .then(pl.lit("withdrawn"))
        .when("is_corrected")
        .then(pl.lit("corrected"))
        .when((pl.col("status") == "accepted") & (pl.col("n_asked") > 0))
        .then(pl.lit("remarks"))
        .otherwise("status")
    )
    return counted.with_columns(status=status).drop("is_withdrawn", "is_corrected")


def _places() -> pl.Expr:
    """A place to look at: a cell, a sheet, or the whole file."""
    return pl.struct("sheet", "cell")


def write_list(found: pl.DataFrame, folder: Path, time_zone: str) -> Path:
    """The receipt list, put in place in one step: UTF-8 with BOM, times of the office, no text that a spreadsheet would take for a formula."""
    local = found["received_at"].dt.replace_time_zone("UTC").dt.convert_time_zone(time_zone).dt.strftime("%Y-%m-%d %H:%M")
    rows = [
        (
            row["path"],
            received,
            SAID[row["status"]],
            *(row[name] for name in ("n_loaded", "n_missing", "n_wrong", "n_asked")),
            str(returned_path(Path(row["path"]))) if (folder / returned_path(Path(row["path"]))).is_file() else "",
        )
        for row, received in zip(found.iter_rows(named=True), local, strict=True)
    ]
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".receipts-", delete=False) as file:
        file.write(encoded(HEADINGS, rows))
    os.replace(file.name, folder / LIST)
    return folder / LIST
