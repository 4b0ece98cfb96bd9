"""Which area lies in which: closures over the areas register.

Here: ancestors, the town of an area, the district. Not here: names to areas (intake/settling.py).
"""

from __future__ import annotations

import polars as pl

MOST_LEVELS = 8
"""Registers are three levels deep; a cycle in parent_id must end all the same."""


def closure(areas: pl.DataFrame) -> pl.DataFrame:
    """Every (ancestor_id, area_id) pair, each area being its own ancestor. In: area_id, parent_id."""
    parents = dict(areas.select("area_id", "parent_id").iter_rows())
    pairs = []
    for area in parents:  # a few thousand at most, and asked for often: a walk upwards is quicker than a chain of joins
        above, levels = area, 0
        while above is not None and levels <= MOST_LEVELS:
            pairs.append((above, area))
            above, levels = parents.get(above), levels + 1
    schema = {"ancestor_id": pl.String, "area_id": pl.String}
    return pl.DataFrame(pairs, schema=schema, orient="row").unique().sort("ancestor_id", "area_id")


def towns(areas: pl.DataFrame) -> pl.DataFrame:
    """(area_id, town_id) of every area; an area that lies in no town is its own (the district is the town of its own numbers)."""
    of_level = areas.filter(pl.col("level") == "town").select(ancestor_id="area_id")
    inside = closure(areas).join(of_level, on="ancestor_id").select("area_id", town_id="ancestor_id").unique("area_id", keep="first")
    return areas.select("area_id").join(inside, on="area_id", how="left").with_columns(pl.col("town_id").fill_null(pl.col("area_id")))


def district(areas: pl.DataFrame) -> str | None:
    """Id of the top area, or None while no area is known."""
    top = areas.filter(pl.col("level") == "district").sort("position", "area_id")
    return top["area_id"][0] if top.height else None


def roll_up(frame: pl.DataFrame, areas: pl.DataFrame) -> pl.DataFrame:
    """`frame` once for every area and each of its ancestors: area_id becomes the ancestor; the original stays as `own_area_id`."""
    return frame.rename({"area_id": "own_area_id"}).join(
        closure(areas).rename({"ancestor_id": "area_id", "area_id": "own_area_id"}), on="own_area_id"
    )
