"""Which share of residents outreach touched: contacts to intervals of people, communities to towns to the district.

Here: tables `place_activity` and `coverage`. Not here: bounds on unions (reach.py), what surveys add to them (overlaps.py) and for how long
(ageing.py), sums of cells (sql/), which assumptions an office makes (settings: [reach], each with its source).

A channel with c contacts reached, of N residents, a share between c_low × least local share ÷ most contacts a person ÷ N and
min(1, c_high × most people a contact ÷ N): an interval of its own. Over channels R lies between the largest lower end (full overlap)
and the capped sum of upper ends (no overlap): an interval of intervals. The estimate is Sainsbury's independence value at typical
contacts a person and the middle of the local share, held inside the bounds: a reference mark.

Decisions that the numbers depend on:
- A number that counts contacts over all channels (受众人次) overlaps the channels' own numbers. It counts as a channel only in weeks
  in which the area has no channel's own number.
- A town is the residents-weighted sum of its communities with data; only while none has any is it its own number. The district
  likewise. A number belongs to the level that states it and is never handed down.
- A community without any number so far is outside numerator and denominator and counted as never reported; from its first number on
  it stays in, with 0 when its window is empty.
- What a survey says stands beside the tallies for one window, in an interval that widens every week (ageing.py).
- A target group's coverage is by outreach addressed to that group; what was addressed to everybody is not in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import polars as pl

from pipeline.measures import ageing, geography, overlaps
from pipeline.settings import Settings

PLACE = ["area_id", "audience"]


def place_activity(frames: Mapping[str, pl.DataFrame], settings: Settings, clock: datetime) -> pl.DataFrame:
    """Recorded activity of every community (and of towns without communities) in every week."""
    grid = _places(frames["areas"]).select("area_id").join(frames["weeks"].select("week", "sunday"), how="cross").sort("area_id", "week")
    dense = grid.join(frames["place_records"], on=["area_id", "week"], how="left").with_columns(
        n_records=pl.col("n_records").fill_null(0).cast(pl.Int64), last_day=pl.col("last_day").forward_fill().over("area_id", order_by="week")
    )
    in_window = pl.col("n_records").rolling_sum(settings.coverage.window_weeks, min_samples=1).over("area_id", order_by="week")
    return dense.select(
        "area_id",
        "week",
        is_active=in_window > 0,
        # A week-long span belongs to the week with most of its days and may end after its Sunday.
        days_since_activity=(pl.col("sunday") - pl.col("last_day")).dt.total_days().clip(lower_bound=0),
        n_records="n_records",
    )


def coverage(frames: Mapping[str, pl.DataFrame], settings: Settings, clock: datetime) -> pl.DataFrame:
    """Every area, week and group with a denominator: low ≤ estimate ≤ high, null while never reported.

    Frames: areas, denominators, weeks, numbers (area_id, measure, audience, week, value, low, high), place_activity, report_status,
    survey_samples (may be empty).
    """
    people = _people(frames["areas"], frames["denominators"])
    known = _without_overlapping_totals(frames["numbers"].join(assumptions(settings), on="measure"))
    shares = _channel_shares(known, people, frames["weeks"], settings)
    key = ["area_id", "audience", "week"]
    leaves = _leaves(_own_coverage(shares), frames["areas"])
    rolled = (
        geography.roll_up(leaves, frames["areas"])
        .sort("own_area_id")  # sums of floats depend on their order
        .group_by(key)
        .agg(
            *((pl.col(end) * pl.col("n")).sum() / pl.col("n").sum() for end in ("low", "estimate", "high")),
            base_residents=pl.col("n").sum(),
            method=pl.lit("sainsbury"),
        )
    )
    grid = people.rename({"n": "residents"}).join(frames["weeks"].select("week"), how="cross")
    covered = grid.join(rolled, on=key, how="left").with_columns(surveyed=pl.lit(None, pl.Date), drift=pl.lit(None, pl.Float64))
    answers = overlaps.exposures(frames["survey_samples"], frames["areas"], settings)
    if answers.height:
        said = ageing.aged(answers, _persons(known), frames["areas"], people, frames["weeks"], settings.coverage.window_weeks)
        by_channel = _of_area(shares.join(leaves, on=key, how="semi"), rolled, frames["areas"])
        covered = overlaps.narrowed(covered, by_channel, said.filter(pl.col("first").is_not_null()))
        covered = _survey_where_asked(covered, said.filter(pl.col("first").is_null()))
    places = geography.roll_up(_places(frames["areas"]), frames["areas"]).group_by("area_id").agg(n_places=pl.len().cast(pl.Int64))
    return (
        covered.join(_place_counts(covered, frames["place_activity"], frames["areas"], settings), on=key, how="left")
        .join(_reports(frames["report_status"], frames["areas"]), on=["area_id", "week"], how="left")
        .join(places, on="area_id", how="left")
        .with_columns(
            pl.col("base_residents").fill_null(0.0),
            pl.col("n_places", "n_reported", "n_blind", "n_inactive", "reports_in", "reports_due").fill_null(0),
        )
        .with_columns(n_never=pl.col("n_places") - pl.col("n_reported"))
        .select(*key, "low", "estimate", "high", "residents", "base_residents", "n_places", "n_blind", "n_inactive", "n_never",
                "reports_in", "reports_due", "method", "surveyed", "drift")
        .sort(key)
    )  # fmt: skip


def numbers_sql(settings: Settings) -> str:
    """SELECT of the frame `numbers`: measures with a reach assumption, summed over subjects. Names come from settings, so they are quoted."""
    named = ", ".join("'" + reach.measure.replace("'", "''") + "'" for reach in settings.reach.values()) or "''"
    return f"""
        SELECT area_id, channel || '.' || measure AS measure, audience, week, fsum(value) AS value, fsum(low) AS low, fsum(high) AS high
        FROM cube_numbers JOIN cube_series USING (series_id)
        WHERE channel || '.' || measure IN ({named}) AND n_missing < n_cells
        GROUP BY ALL
    """


def assumptions(settings: Settings) -> pl.DataFrame:
    """The reach assumptions as a frame: what each measure's contacts say about people. Measures without one are not in it."""
    rows = [
        {
            "measure": reach.measure,
            "most": reach.most_contacts_a_person,
            "typical": reach.typical_contacts_a_person or reach.most_contacts_a_person**0.5,
            "people": reach.most_people_a_contact,
            "local": reach.least_local_share,
            "is_total": reach.counts_all_channels,
        }
        for reach in settings.reach.values()
        if reach.most_contacts_a_person is not None
    ]
    numbers = dict.fromkeys(("most", "typical", "people", "local"), pl.Float64)
    return pl.DataFrame(rows, schema={"measure": pl.String, **numbers, "is_total": pl.Boolean}).unique("measure", keep="first", maintain_order=True)


def _people(areas: pl.DataFrame, denominators: pl.DataFrame) -> pl.DataFrame:
    """(area_id, audience, n) of every area; the group `all` is there even without a population (n null)."""
    everybody = areas.select("area_id", audience=pl.lit("all"), n="residents")
    groups = denominators.filter(pl.col("audience") != "all").select("area_id", "audience", "n")
    return pl.concat([everybody, groups.join(areas.select("area_id"), on="area_id", how="semi")])


def _channel_shares(known: pl.DataFrame, people: pl.DataFrame, weeks: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Share that each area's own numbers of one measure reached, from its first number on: place (a number for area and audience), area_id,
    audience, measure, week, n, low, estimate, high, in this order.

    Keys are sorted and numbered while they are few; every step after keeps their order."""
    cells = _by_group(known)
    window = settings.coverage.window_weeks
    series = (
        cells.group_by(*PLACE, "measure")
        .agg(first=pl.col("week").min())
        .with_columns(pl.col("first").min().over(PLACE))
        .join(people.filter(pl.col("n") > 0), on=PLACE)
        .join(assumptions(settings), on="measure")
        .sort(*PLACE, "measure")
        .with_row_index("series")
        .with_columns(place=pl.struct(PLACE).rle_id())
    )
    numbered = cells.join(series.select(*PLACE, "measure", "series"), on=[*PLACE, "measure"]).select("series", "week", "value", "low", "high")
    return (
        series.join(weeks.select("week").sort("week"), how="cross", maintain_order="left_right")
        .join(numbered, on=["series", "week"], how="left", maintain_order="left")
        .with_columns(pl.col("value", "low", "high").fill_null(0.0).rolling_sum(window, min_samples=1).over("series").clip(lower_bound=0))
        .filter(pl.col("week") >= pl.col("first"))
        .select(
            "place", *PLACE, "measure", "week", "n",
            low=(pl.col("low") * pl.col("local") / pl.col("most") / pl.col("n")).clip(0, 1),
            estimate=(pl.col("value") * (1 + pl.col("local")) / 2 / pl.col("typical") / pl.col("n")).clip(0, 1),
            high=(pl.col("high") * pl.col("people") / pl.col("n")).clip(0, 1),
        )
    )  # fmt: skip


def _by_group(known: pl.DataFrame) -> pl.DataFrame:
    """Numbers of each group, those addressed to one being also everybody's: area_id, audience, measure, week, value, low, high."""
    addressed = known.filter(pl.col("audience") != "all")
    everybody = (
        known.with_columns(audience=pl.lit("all")).group_by("area_id", "audience", "measure", "week").agg(pl.col("value", "low", "high").sum())
    )
    return pl.concat([everybody, addressed.select(everybody.columns)])


def _persons(known: pl.DataFrame) -> pl.DataFrame:
    """At most so many persons were contacted in a week: area_id, audience, channel, week, persons (each contact another one)."""
    people = known.select("measure", "people").unique()
    return _by_group(known).join(people, on="measure").select(
        "area_id", "audience", "week", channel=pl.col("measure").str.split(".").list.first(), persons=pl.col("high") * pl.col("people")
    )  # fmt: skip


def _own_coverage(shares: pl.DataFrame) -> pl.DataFrame:
    """Coverage of each area by its own numbers alone: area_id, audience, week, n, low, estimate, high."""
    return (
        shares.group_by("place", "week")
        .agg(
            pl.col(*PLACE, "n").first(),
            low=pl.col("low").max(),
            high=pl.col("high").sum().clip(0, 1),
            estimate=1 - (1 - pl.col("estimate")).product(),
        )
        .select(*PLACE, "week", "n", "low", "high", estimate=pl.col("estimate").clip(pl.col("low"), pl.col("high")))
    )


def _of_area(shares: pl.DataFrame, rolled: pl.DataFrame, areas: pl.DataFrame) -> pl.DataFrame:
    """Share of each area that each channel reached, from the disjoint areas it is summed from: area_id, audience, week, channel, low, high.
    An area without the channel's numbers has nobody reached by it."""
    key = ["area_id", "audience", "week"]
    channel = pl.col("measure").str.split(".").list.first()
    by_channel = shares.group_by(*key, channel=channel).agg(pl.col("n").first(), pl.col("low").max(), high=pl.col("high").sum().clip(0, 1))
    return (
        geography.roll_up(by_channel, areas)
        .sort("own_area_id")
        .group_by(*key, "channel")
        .agg((pl.col(end) * pl.col("n")).sum() for end in ("low", "high"))
        .join(rolled.select(*key, "base_residents"), on=key)
        .with_columns(pl.col("low", "high") / pl.col("base_residents"))
    )


def _without_overlapping_totals(numbers: pl.DataFrame) -> pl.DataFrame:
    """Totals over all channels only where the area and week have no channel's own number."""
    own = numbers.filter(~pl.col("is_total"))
    alone = numbers.filter(pl.col("is_total")).join(own, on=["area_id", "week"], how="anti")
    return pl.concat([own, alone])


def _survey_where_asked(covered: pl.DataFrame, said: pl.DataFrame) -> pl.DataFrame:
    """A sample that asked "were you reached" gives R directly: its share is the estimate, and its interval narrows the bounds.

    Where the interval and the administrative bounds do not meet, the survey's stand: it asked people, the tallies count paper.
    """
    survey = said.select(*ageing.KEY, "share", said_low="low", said_high="high", new_surveyed="surveyed", new_drift="drift")
    low, high = pl.max_horizontal("low", "said_low"), pl.min_horizontal("high", "said_high")
    asked, meets = pl.col("share").is_not_null(), low <= high
    narrowed = covered.join(survey, on=ageing.KEY, how="left").with_columns(
        low=pl.when(~asked).then("low").when(meets).then(low).otherwise("said_low"),
        high=pl.when(~asked).then("high").when(meets).then(high).otherwise("said_high"),
        method=pl.when(asked).then(pl.lit("survey")).otherwise("method"),
        surveyed=pl.when(asked).then("new_surveyed").otherwise("surveyed"),
        drift=pl.when(asked).then("new_drift").otherwise("drift"),
    )
    return narrowed.with_columns(estimate=pl.when(asked).then(pl.col("share").clip(pl.col("low"), pl.col("high"))).otherwise("estimate")).select(
        covered.columns
    )


def _leaves(own: pl.DataFrame, areas: pl.DataFrame) -> pl.DataFrame:
    """The disjoint areas that an area's coverage is summed from: an area whose descendants have data that week gives way to them."""
    below = geography.closure(areas).filter(pl.col("ancestor_id") != pl.col("area_id"))
    covered = own.select("area_id", "audience", "week").join(below, on="area_id").select("audience", "week", area_id="ancestor_id")
    return own.join(covered.unique(), on=["area_id", "audience", "week"], how="anti")


def _places(areas: pl.DataFrame) -> pl.DataFrame:
    """The areas at the bottom of the register: communities, and towns or a district that have none."""
    return areas.filter(~pl.col("area_id").is_in(areas["parent_id"].drop_nulls().implode())).select("area_id")


def _place_counts(covered: pl.DataFrame, activity: pl.DataFrame, areas: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """By area, group and week: places with data, and of these the blind and the inactive ones."""
    reported = covered.filter(pl.col("low").is_not_null()).join(activity.select("area_id", "week", "is_active"), on=["area_id", "week"])
    return (
        geography.roll_up(reported, areas)
        .group_by("area_id", "audience", "week")
        .agg(
            n_reported=pl.len().cast(pl.Int64),
            n_blind=(pl.col("estimate") < settings.coverage.blind_below).sum().cast(pl.Int64),
            n_inactive=(~pl.col("is_active")).sum().cast(pl.Int64),
        )
    )


def _reports(status: pl.DataFrame, areas: pl.DataFrame) -> pl.DataFrame:
    """Reports in and due of the week itself, by area: the strip under the coverage trend."""
    due = status.filter(~pl.col("status").is_in(["not_due", "waived"]))
    return (
        geography.roll_up(due, areas)
        .group_by("area_id", "week")
        .agg(
            reports_in=(pl.col("status") != "missing").sum().cast(pl.Int64),
            reports_due=pl.len().cast(pl.Int64),
        )
    )
