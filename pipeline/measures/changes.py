"""What a publication changed against the one before it.

Here: which weekly figures are new, revised or withdrawn, from table `publications`, and which settings differ. Not here: what is noted at a
publication and revisions against the first one (revisions.py), how changes are shown (pages/).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import polars as pl

from pipeline.measures.revisions import KEY, differs

BOUNDS = ("value", "low", "high")
SCHEMA = {"metric": pl.String, "area_id": pl.String, "week": pl.Date, "kind": pl.String} | dict.fromkeys(
    (*BOUNDS, *(f"old_{name}" for name in BOUNDS)), pl.Float64
)


def since(publications: pl.DataFrame, previous: datetime | None) -> pl.DataFrame:
    """Figures that the publications after `previous` (UTC without a zone) state differently: metric, area_id, week, kind (new, revised or
    withdrawn), value, low, high (now; null where withdrawn) and old_value, old_low, old_high. Newest week first. Empty without an earlier one.

    A figure that was changed and changed back is none of them.
    """
    if previous is None:
        return pl.DataFrame(schema=SCHEMA)
    ordered = publications.sort("published_at", "build_id")
    is_later = pl.col("published_at") > previous
    old = ordered.filter(~is_later).unique(KEY, keep="last").select(*KEY, *(pl.col(name).alias(f"old_{name}") for name in BOUNDS))
    met = ordered.filter(is_later).unique(KEY, keep="last").join(old, on=KEY, how="left")
    is_stated, was_stated = (pl.any_horizontal(pl.col(prefix + name).is_not_null() for name in BOUNDS) for prefix in ("", "old_"))
    is_other = pl.any_horizontal(differs(name) for name in BOUNDS)
    kind = pl.when(is_stated & was_stated).then(pl.lit("revised")).when(is_stated).then(pl.lit("new")).otherwise(pl.lit("withdrawn"))
    found = met.filter((is_stated | was_stated) & is_other).with_columns(kind=kind)
    return found.sort(["week", "metric", "area_id"], descending=[True, False, False]).select(*SCHEMA)


def of_settings(before: str | None, now: str | None) -> list[tuple[str, Any, Any]]:
    """(name as in outreach.toml, value before, value now) of every setting that differs; a setting that did not exist is None.
    `before`, `now`: the settings as JSON; without either nothing is known to differ."""
    if not before or not now:
        return []
    old, new = (dict(_leaves(json.loads(text), "")) for text in (before, now))
    return [(name, old.get(name), new.get(name)) for name in sorted({*old, *new}) if old.get(name) != new.get(name)]


def _leaves(value: Any, name: str) -> list[tuple[str, Any]]:
    if not isinstance(value, Mapping):
        return [(name, value)]
    return [leaf for key, inner in value.items() for leaf in _leaves(inner, f"{name}.{key}" if name else key)]
