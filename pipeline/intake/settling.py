"""All readings together → the one number that stands for each fact, with registers, submissions and points that only show now.

Here: the order of the steps, and the frames that leave. Each step has its module: registers.py (who is who), corrections.py, identity.py (names,
areas, weeks), corrected_copies.py (returned copies that came again), superseding.py (which number stands), joint_activities.py (told by several
ledgers), decided_rows.py (rows decisions name), cumulative.py (running totals), finer_reports.py (compilations at another grain), absent.py (rows a
later sheet lacks), drift.py (layouts that changed), submissions.py (what each sheet hands in), waivers.py (which points are closed). Not here:
reading a file, storage, any indicator. Pure: same frames in, same frames out.

Sample and real data are never mixed: as soon as one real file has a number or a register row, files below 示例/ are left out on record.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

import polars as pl

from pipeline.decisions import Decisions, Withdrawal
from pipeline.forms.catalogue import catalogue
from pipeline.intake.absent import absent_rows
from pipeline.intake.area_register import area_frames
from pipeline.intake.corrected_copies import corrected_files, taking_place
from pipeline.intake.corrections import correct
from pipeline.intake.cumulative import difference
from pipeline.intake.decided_rows import events_without_rows
from pipeline.intake.drift import drifted
from pipeline.intake.findings import COLUMNS, DECISIONS, finding, with_ids
from pipeline.intake.finer_reports import prefer_finer
from pipeline.intake.frames import ReadFrames
from pipeline.intake.identity import identify
from pipeline.intake.joint_activities import count_once
from pipeline.intake.register_rows import with_years
from pipeline.intake.registers import merge_registers
from pipeline.intake.submissions import submit
from pipeline.intake.superseding import choose, with_facts
from pipeline.intake.waivers import closed_points
from pipeline.settings import Settings
from pipeline.tables.base import table


@dataclass(frozen=True)
class Settled:
    """What all files together say; each frame has the columns of the table of its name, in a fixed order of rows."""

    source_files: pl.DataFrame
    submissions: pl.DataFrame
    measurements: pl.DataFrame
    rejections: pl.DataFrame
    set_aside: pl.DataFrame
    total_checks: pl.DataFrame
    typed_changes: pl.DataFrame
    sheet_counts: pl.DataFrame
    areas: pl.DataFrame
    denominators: pl.DataFrame
    units: pl.DataFrame
    campaigns: pl.DataFrame

    def items(self) -> list[tuple[str, pl.DataFrame]]:
        """(table name, frame) pairs, in the order they are to be written."""
        return [(f.name, getattr(self, f.name)) for f in fields(self)]


def settle(read: ReadFrames, files: pl.DataFrame, decisions: Decisions, settings: Settings, district: str, today: date) -> Settled:
    """`files`: every content to be counted (columns of Journal.files); readings of other files are ignored, and a file without a reading
    is listed as not read. `district`: name of the top area, '' to take the register's. `today` decides which waivers are live, and nothing
    else. As known on day D: hand in the files received by D.
    """
    files, findings = _withdrawn(files.sort("path", "received_at", "sha256"), decisions.withdrawals)
    read, all_findings = _of_files(read, files), read.rejections
    counted, sample_findings = _without_sample_beside_real(read, files)
    about_files = files.select("file_id", "path", "received_at", "is_withdrawn")

    entries = with_years(_counting(counted.entries, files), counted.measurements)
    registers = merge_registers(entries.join(about_files, on="file_id"), district)
    measurements = counted.measurements.join(about_files, on="file_id").sort("received_at", "path", "file_id", "position")
    measurements, unfit = correct(measurements, decisions.corrections)
    nothing = (
        counted.zero_reports.join(about_files, on="file_id")
        .sort("received_at", "path", "file_id")
        .with_columns(position=pl.int_range(pl.len(), dtype=pl.Int64))
    )
    measurements, nothing, units, unknown = identify(_with_ids(measurements), nothing, registers)
    measurements = with_facts(measurements)
    copies, other_reports = taking_place(corrected_files(read.files, files), measurements)
    measurements, tied = choose(measurements, copies, registers, units, settings.district.time_zone)
    measurements, not_joint = count_once(measurements, decisions.same_activities)
    measurements, fallen = difference(measurements)
    measurements, compiled = prefer_finer(measurements, registers, units)
    untold = events_without_rows(measurements, decisions.same_events)
    layouts = _counting(counted.tables, files).join(about_files, on="file_id")
    measurements, submissions, at_odds = submit(measurements, nothing, units)

    findings += [*sample_findings, *registers.findings, *unfit, *unknown, *other_reports, *tied, *not_joint, *untold, *fallen, *compiled, *at_odds]
    findings += drifted(layouts, measurements) + absent_rows(measurements, copies)
    rejections = _rejections(_of_files_only(all_findings, files), findings, files)
    rejections = closed_points(rejections, files, copies, decisions.waivers, measurements, today)
    areas, denominators = area_frames(registers.areas.values())
    return Settled(
        source_files=_source_files(read, files, rejections, copies),
        submissions=submissions,
        measurements=measurements.select(*table("measurements").polars_schema),
        rejections=rejections.select(*table("rejections").polars_schema),
        set_aside=_with_path("set_aside", read.set_aside, files),
        total_checks=_with_path("total_checks", counted.totals, files),
        typed_changes=_with_path("typed_changes", counted.typed_changes, files),
        sheet_counts=_with_path("sheet_counts", read.counts, files),
        areas=areas,
        denominators=denominators,
        units=units.sort("is_provisional", "unit_id"),
        campaigns=registers.campaigns,
    )


# -- which files ------------------------------------------------------------------------------------------------------


def _withdrawn(files: pl.DataFrame, withdrawals: tuple[Withdrawal, ...]) -> tuple[pl.DataFrame, list[dict[str, Any]]]:
    """Files with withdrawals of data/decisions added to those of the journal; a withdrawal of an unknown file is an error."""
    findings = []
    for withdrawal in withdrawals:
        is_meant = pl.col("path") == withdrawal.file
        if withdrawal.sha256:
            is_meant &= pl.col("sha256") == withdrawal.sha256
        if files.filter(is_meant).is_empty():
            zh = f"撤回 {withdrawal.source} 指的文件 {withdrawal.file} 从未收到。请核对路径，或删除这条撤回。"
            en = f"Withdrawal {withdrawal.source} names {withdrawal.file}, which was never received. Check the path or delete it."
            findings.append(finding("withdrawals_find_their_file", "error", zh, en, path=f"decisions/{withdrawal.source}", text=withdrawal.file))
        files = files.with_columns(is_withdrawn=pl.col("is_withdrawn") | is_meant)
    return files, findings


def _of_files(read: ReadFrames, files: pl.DataFrame) -> ReadFrames:
    return ReadFrames(**{f.name: _of_files_only(getattr(read, f.name), files) for f in fields(read)})


def _of_files_only(frame: pl.DataFrame, files: pl.DataFrame) -> pl.DataFrame:
    return frame.join(files.select("file_id"), on="file_id", how="semi", maintain_order="left")


def _counting(frame: pl.DataFrame, files: pl.DataFrame) -> pl.DataFrame:
    return _of_files_only(frame, files.filter(~pl.col("is_withdrawn")))


def _without_sample_beside_real(read: ReadFrames, files: pl.DataFrame) -> tuple[ReadFrames, list[dict[str, Any]]]:
    """Readings without the sample's numbers and registers, if any real file has some of its own; said once."""
    telling = pl.concat([read.measurements["file_id"], read.entries["file_id"], read.zero_reports["file_id"]]).unique()
    real = files.filter(~pl.col("is_sample") & ~pl.col("is_withdrawn") & pl.col("file_id").is_in(telling.to_list()))
    sample = files.filter("is_sample")
    if real.is_empty() or sample.is_empty():
        return read, []
    kept = files.filter(~pl.col("is_sample"))
    counted = replace(
        read,
        measurements=_of_files_only(read.measurements, kept),
        entries=_of_files_only(read.entries, kept),
        totals=_of_files_only(read.totals, kept),
        typed_changes=_of_files_only(read.typed_changes, kept),
        zero_reports=_of_files_only(read.zero_reports, kept),
        tables=_of_files_only(read.tables, kept),
    )
    zh = f"已有真实数据，示例（{sample.height} 个文件）不再计入，也不发布。请运行 outreach sample --remove 清除示例。"
    en = f"Real data are here, so the sample ({sample.height} files) is neither counted nor published. Run `outreach sample --remove`."
    return counted, [finding("sample_and_real_data_are_apart", "warning", zh, en, path=sample["path"][0].split("/")[0])]


# -- ids and frames ---------------------------------------------------------------------------------------------------


def _with_ids(measurements: pl.DataFrame) -> pl.DataFrame:
    """measurement_id, warehouse-wide record_id and grade. Numbers that share a cell, measure and unit are numbered in order."""
    place = ["file_id", "sheet", "cell", "channel", "measure", "unit"]
    numbered = measurements.with_columns(nth=pl.int_range(pl.len()).over(place))
    written = numbered.select(pl.concat_str(pl.col(*place, "nth").cast(pl.String).fill_null("None"), separator="\x1f")).to_series()
    ids = [hashlib.sha256(text.encode()).hexdigest()[:20] for text in written]
    grades = [(m.channel, m.name, m.grade) for m in catalogue().measures.values() if m.grade]
    known = pl.DataFrame(grades, schema={"channel": pl.String, "measure": pl.String, "grade": pl.String}, orient="row")
    return (
        numbered.drop("nth")
        .with_columns(
            measurement_id=pl.Series(ids, dtype=pl.String),
            record_id=pl.concat_str("file_id", "record_id", separator="!"),
        )
        .join(known, on=["channel", "measure"], how="left", maintain_order="left")
        .with_columns(grade=pl.when(pl.col("unit") == "元").then("grade"))
    )


def _rejections(read: pl.DataFrame, findings: list[dict[str, Any]], files: pl.DataFrame) -> pl.DataFrame:
    """The reader's points and those of settling, each once."""
    of_files = read.join(files.select("file_id", "path"), on="file_id").select(COLUMNS)
    of_files = of_files.with_columns(pl.col(n).replace("", None) for n in ("text", "suggestion", "message_en"))
    of_all = pl.DataFrame(findings, schema=dict.fromkeys(COLUMNS, pl.String()), orient="row")
    return with_ids(pl.concat([of_files, of_all]))


def _with_path(name: str, frame: pl.DataFrame, files: pl.DataFrame) -> pl.DataFrame:
    joined = frame.join(files.select("file_id", "path"), on="file_id", maintain_order="left")
    return joined.select(*table(name).polars_schema).sort("path", "file_id", "sheet", maintain_order=True)


def _source_files(read: ReadFrames, files: pl.DataFrame, rejections: pl.DataFrame, copies: pl.DataFrame) -> pl.DataFrame:
    """One row a content. The receipt is the reader's, made worse by what only shows beside other files, and better by waivers."""
    severity, counts = pl.col("severity"), pl.col("closed_reason").ne_missing("waived")
    newest_copy = copies.sort("copied_at", "copy_id").unique("file_id", keep="last", maintain_order=True)
    counted = (
        files.join(read.files.select("file_id", "status"), on="file_id", how="left", maintain_order="left")
        .join(newest_copy.select("file_id", "copy_path", corrected_by="copy_id"), on="file_id", how="left", maintain_order="left")
        .join(read.measurements.group_by("file_id").agg(n_measurements=pl.len()), on="file_id", how="left", maintain_order="left")
        .join(read.set_aside.group_by("file_id").agg(n_set_aside=pl.len()), on="file_id", how="left", maintain_order="left")
        .join(
            rejections.filter(pl.col("file_id") != DECISIONS)
            .group_by("file_id")
            .agg(
                n_rejections=pl.len(),
                has_error=(counts & (severity == "error")).any(),
                has_warning=(counts & (severity == "warning")).any(),
                has_waived=(~counts).any(),
            ),
            on="file_id",
            how="left",
            maintain_order="left",
        )
    )
    is_unread = pl.col("status").is_null()
    # The reader's own receipt holds as long as no waiver took one of its reasons away.
    as_read = pl.when(~pl.col("has_waived").fill_null(False)).then("status").fill_null("accepted")
    is_returned = is_unread | (as_read == "returned") | pl.col("has_error").fill_null(False)
    is_remarked = (as_read == "remarks") | pl.col("has_warning").fill_null(False)
    return counted.with_columns(
        pl.col("n_measurements", "n_set_aside", "n_rejections").fill_null(0).cast(pl.Int64),
        status=pl.when(is_returned).then(pl.lit("returned")).when(is_remarked).then(pl.lit("remarks")).otherwise(pl.lit("accepted")),
        message=pl.when(is_unread)
        .then(pl.lit("尚未读取 / not read yet"))
        .when("is_withdrawn")
        .then(pl.lit("已撤回 / withdrawn"))
        .when(pl.col("corrected_by").is_not_null())
        .then(pl.format("已由更正件 {} 代替 / replaced by its corrected copy", "copy_path")),
    ).select(*table("source_files").polars_schema)
