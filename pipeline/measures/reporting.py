"""Who owed a report, whose came, and when: seven statuses a unit, form and week.

Here: table `report_status`. Not here: rates over periods (kpis.py), what a submission is (intake/settling.py).

A unit is expected from its first accepted report of a form, or for the forms the units register lists, while the register says it
exists. Ledgers have rows only when something happened, so they are expected only where the register lists them, and once a month. A form
whose reports cover calendar months is likewise due once a month, in the week the month ends in. The first arrival decides about time; a
period that was over before the unit's first report ever arrived is a backfill and never late. The submission that stands decides about
completeness.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import polars as pl

from pipeline.measures.calendar import as_utc, deadline
from pipeline.settings import Settings

REPORT_IS_IN = "report_is_in"
"""The rule a waiver names to excuse a missing report."""
KEY = ["unit_id", "form", "week"]
LONGEST_WEEKLY, SHORTEST_MONTHLY = 7, 28
"""Days a report covers: up to a week it is a weekly one, from 28 on it is monthly or longer; between (旬) it is due with its last week."""


def report_status(frames: Mapping[str, pl.DataFrame], settings: Settings, clock: datetime) -> pl.DataFrame:
    """Every expected (unit, form, week) with its status.

    Frames: submissions, units, areas, weeks, ledger_forms (form), decided_waivers.
    """
    arrived = _arrivals(frames)
    expected = _expected(arrived, frames)
    due = _deadlines(expected, frames["weeks"], settings)
    waived = _waived(frames["decided_waivers"], frames)
    joined = due.join(arrived, on=KEY, how="left").join(waived, on=["unit_id", "week"], how="left")
    is_late = (pl.col("received_at") > pl.col("due_at")) & (pl.col("due_at") >= pl.col("first_ever"))
    status = (
        pl.when(pl.col("received_at").is_null() & pl.col("is_waived")).then(pl.lit("waived"))
        .when(pl.col("received_at").is_null() & (pl.col("due_at") > as_utc(clock))).then(pl.lit("not_due"))
        .when(pl.col("received_at").is_null()).then(pl.lit("missing"))
        .when(is_late).then(pl.lit("late"))
        .when(pl.col("is_zero_report")).then(pl.lit("zero_report"))
        .when((pl.col("n_missing") > 0) & (pl.col("n_missing") >= settings.reporting.partial_from * pl.col("n_due"))).then(pl.lit("partial"))
        .otherwise(pl.lit("on_time"))
    )  # fmt: skip
    days = (pl.col("received_at") - pl.col("due_at")).dt.total_seconds() / 86400
    return (
        joined.join(_homes(frames), on="unit_id", how="left")
        .filter(pl.col("area_id").is_not_null())
        .with_columns(status=status, days_late=pl.when(pl.col("due_at") >= pl.col("first_ever")).then(days))
        .select("unit_id", "area_id", "form", "week", "status", "received_at", "days_late", "submission_id", "items_due", "items_missing")
        .sort("unit_id", "area_id", "form", "week")
    )


def _arrivals(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """(unit, form, week) that something came for: first arrival, and what the submission that stands says."""
    is_ledger = pl.col("form").is_in(frames["ledger_forms"]["form"].implode())
    named = (
        frames["submissions"]
        .filter(pl.col("reporter_id").is_not_null())
        .with_columns(days=(pl.col("end") - pl.col("start")).dt.total_days() + 1, is_current=pl.col("superseded_by").is_null())
    )
    # A span of at most a week belongs to the week with most of its days (tie: the later); a longer one to the week of its last day.
    middle = pl.col("start") + pl.duration(days=(pl.col("days") / 2).floor().cast(pl.Int64))
    anchor = pl.when(is_ledger).then(pl.col("start").dt.month_end()).when(pl.col("days") <= LONGEST_WEEKLY).then(middle).otherwise("end")
    return (
        named.with_columns(week=anchor.dt.truncate("1w"), is_monthly=is_ledger | (pl.col("days") >= SHORTEST_MONTHLY))
        .join(frames["weeks"].select("week"), on="week", how="semi")
        .sort("is_current", "received_at", "submission_id")
        .group_by(unit_id="reporter_id", form="form", week="week")
        .agg(
            pl.col("received_at").min(),
            pl.col("submission_id", "is_zero_report", "n_due", "n_missing", "is_monthly").last(),
            pl.col("n_due", "n_missing").filter("is_current").sum().name.replace("^n_", "items_"),
        )
    )


def _expected(arrived: pl.DataFrame, frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Expected (unit, form, week), with when the unit's first report of the form ever arrived (far future if none did)."""
    units, weeks, ledgers = frames["units"], frames["weeks"], frames["ledger_forms"]
    listed = units.select("unit_id", form=pl.col("forms").str.json_decode(pl.List(pl.String))).explode("form").filter(pl.col("form").is_not_null())
    silent = units.filter(pl.col("forms").str.json_decode(pl.List(pl.String)).list.len() > 0).select("unit_id")
    seen = arrived.group_by("unit_id", "form").agg(
        since=pl.col("week").min(), first_ever=pl.col("received_at").min(), is_monthly=pl.col("is_monthly").mean() > 0.5
    )
    usual = seen.join(ledgers, on="form", how="anti").join(silent, on="unit_id", how="anti").select("unit_id", "form")
    # Of a form nobody has handed in yet the rhythm is unknown: weekly.
    owed = pl.concat([usual, listed.select("unit_id", "form")]).unique().join(seen, on=["unit_id", "form"], how="left")
    dated = owed.join(units.select("unit_id", "valid_from", "valid_to"), on="unit_id", how="left").join(weeks.select("week", "sunday"), how="cross")
    ends_here = pl.col("week").dt.offset_by("7d").dt.month() != pl.col("week").dt.month()
    is_alive = (pl.col("valid_from").is_null() | (pl.col("sunday") >= pl.col("valid_from"))) & (
        pl.col("valid_to").is_null() | (pl.col("week") <= pl.col("valid_to"))
    )
    begun = pl.coalesce("since", pl.col("valid_from").dt.truncate("1w"), pl.lit(weeks["week"].max() if weeks.height else None, dtype=pl.Date))
    return dated.filter(is_alive, pl.col("week") >= begun, ~pl.col("is_monthly").fill_null(False) | ends_here).select(*KEY, "first_ever")


def _deadlines(expected: pl.DataFrame, weeks: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """`expected` with due_at: the weekly rule, or the form's own number of days."""
    zone = settings.district.time_zone
    own = [
        {"form": form, "week": week, "own": deadline(week, settings.reporting, zone, form)}
        for form in settings.reporting.deadline_days
        for week in weeks["week"]
    ]
    frame = pl.DataFrame(own, schema={"form": pl.String, "week": pl.Date, "own": pl.Datetime("us")})
    return (
        expected.join(weeks.select("week", "deadline"), on="week")
        .join(frame, on=["form", "week"], how="left")
        .select(*KEY, "first_ever", due_at=pl.coalesce("own", "deadline"))
    )


def _waived(waivers: pl.DataFrame, frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """(unit_id, week) whose missing report is excused: waivers of the rule report_is_in name the unit (or area) and hold for weeks that
    end within the month before they were written, up to their expiry."""
    names = pl.concat([frames["units"].select(unit_id="unit_id", unit="zh"), frames["areas"].select(unit_id="area_id", unit="zh")])
    excused = waivers.filter(pl.col("rule") == REPORT_IS_IN).with_columns(unit=pl.coalesce("unit", "area")).join(names, on="unit")
    spans = excused.join(frames["weeks"].select("week", "sunday"), how="cross")
    held = spans.filter(pl.col("sunday") >= pl.col("date").dt.offset_by("-31d"), pl.col("sunday") <= pl.col("expires"))
    return held.select("unit_id", "week", is_waived=pl.lit(True)).unique()


def _homes(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """(unit_id, area_id) of whoever may report: units, and areas themselves."""
    areas = frames["areas"].select(unit_id="area_id", area_id="area_id")
    return pl.concat([frames["units"].select("unit_id", "area_id"), areas]).unique("unit_id", keep="first", maintain_order=True)
