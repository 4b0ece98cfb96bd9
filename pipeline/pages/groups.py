"""对象人群: the coverage pages of target groups (the elderly, students …) beside that of all residents.

Here: which groups can be shown, and the district as a group sees it: coverage and people of the group in place of all residents'. Not here:
the page (coverage.py). Groups overlap; nothing adds them up.
"""

from __future__ import annotations

import polars as pl

from .district import ALL, District

SAME_FOR_ALL = ("names", "statuses", "prevented")
"""What a group's view need not work out again: nothing of it depends on whose coverage is looked at."""


def offered(district: District) -> tuple[str, ...]:
    """Groups with people and with coverage of the district at the default period's end, all residents first."""
    end = district.default_period.last
    known = district.frames["coverage"].filter(pl.col("estimate").is_not_null(), area_id=district.top, week=end)["audience"].to_list()
    counted = district.frames["denominators"].filter(pl.col("n") > 0)["audience"].unique().to_list()
    return (ALL, *sorted((set(known) & set(counted)) - {ALL}))


def narrowed(district: District, audience: str) -> District:
    """The district as one group sees it."""
    if audience == ALL:
        return district
    frames = dict(district.frames)
    people = frames["denominators"].filter(audience=audience).select("area_id", residents="n", population_year="year")
    frames["areas"] = frames["areas"].drop("residents", "population_year").join(people, on="area_id", how="left", maintain_order="left")
    metric = pl.col("metric")
    renamed = pl.when(metric == f"coverage.{audience}").then(pl.lit("coverage")).otherwise(metric)
    frames["kpis"] = frames["kpis"].filter(metric != "coverage").with_columns(metric=renamed)
    found = District(frames, district.settings, audience)
    vars(found).update({name: getattr(district, name) for name in SAME_FOR_ALL})
    return found
