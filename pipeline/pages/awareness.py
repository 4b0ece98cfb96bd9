"""知晓率: what survey samples say of how many people know, each with its interval and verdict.

Here: the card of the coverage page. Not here: rates, intervals and the lot test (measures/awareness.py). Samples are never averaged.
"""

from __future__ import annotations

import polars as pl

from . import format as fmt
from .blocks import both
from .district import ROW, District
from .messages import both_names
from .model import Block, Cell, Column, Row, Table, say

LISTED = 40
HEADS = (
    ("th.area", ""),
    ("th.days", ""),
    ("th.method", ""),
    ("th.aware", "r"),
    ("th.sampled", "r"),
    ("th.rate", "cov"),
    ("th.interval", "r"),
    ("th.verdict", ""),
    ("th.where", ""),
)
VERDICTS = {True: "passed", False: "failed", None: "unclear"}


def samples(district: District) -> pl.DataFrame:
    """Samples of the page's audience, the newest first, each with the cells it was read from."""
    found = district.frames["awareness"].filter(audience=district.audience)
    own = district.frames["measurements"].filter("stands").join(found, on="record_id", how="semi")
    cells = own.sort("path", "sheet", "cell").group_by("record_id", maintain_order=True)
    places = cells.agg(pl.col("path", "sheet").first(), cells="cell")
    return found.join(places, on="record_id", how="left").sort(["end", "area_id", "record_id"], descending=[True, False, False])


def is_small(district: District, r: ROW) -> bool:
    """Whether a community's sample would single out one or two people, those who know or those who do not."""
    level = district.area[r["area_id"]]["level"] if r["area_id"] in district.area else "community"
    counts = (r["sampled"], r["aware"] or 0, r["sampled"] - (r["aware"] or 0))
    return level == "community" and any(0 < n < district.settings.pages.suppress_below for n in counts)


def sample_row(district: District, r: ROW) -> Row:
    if is_small(district, r):
        r = {**r, "aware": None, "rate": None, "low": None, "high": None, "is_passed": None}
    rate, low, high = r["rate"], r["low"], r["high"]
    bar = None if rate is None else (rate, rate if low is None else low, rate if high is None else high)
    span = ("—", "—") if low is None else both(district, say("cell.range", low=low, high=high))
    place = " › ".join(filter(None, (r["path"], r["sheet"], "、".join(r["cells"] or ()))))
    area = f"area:{r['area_id']}"
    return Row(
        r["record_id"],
        (
            Cell(*(both_names(area, district.names) if area in district.names else (r["area_id"], r["area_id"])), css="name"),
            Cell(*both(district, say("awareness.days", start=str(r["start"]), end=str(r["end"])))),
            Cell(r["method"] or "—", r["method"] or "—", css="wrap"),
            *(Cell(fmt.show(r[name], "n", "zh"), fmt.show(r[name], "n", "en"), css="r") for name in ("aware", "sampled")),
            Cell(fmt.show(rate, "pct", "zh"), fmt.show(rate, "pct", "en"), rate, "cov", bar=bar),
            Cell(*span, css="r"),
            Cell(*both(district, say(f"awareness.{VERDICTS[r['is_passed']]}"))),
            Cell(place, place, css="wrap place"),
        ),
    )


def blocks_of(district: District) -> tuple[Block, ...]:
    """The card, where anybody asked."""
    found = samples(district)
    if not found.height:
        return ()
    # A method is shown where one was written down.
    keep = [i for i, (key, _) in enumerate(HEADS) if key != "th.method" or found["method"].is_not_null().any()]
    heads = tuple(Column(say(HEADS[i][0]), HEADS[i][1]) for i in keep)
    listed = [sample_row(district, r) for r in found.head(LISTED).iter_rows(named=True)]
    rows = tuple(Row(row.key, tuple(row.cells[i] for i in keep)) for row in listed)
    small = any(is_small(district, r) for r in found.iter_rows(named=True))
    counts = {word: found.filter(pl.col("is_passed").eq_missing(verdict)).height for verdict, word in VERDICTS.items()}
    unclear, policy = counts.pop("unclear"), district.settings.awareness
    more = say("awareness.listed", n=LISTED) if found.height > LISTED else ()
    return (
        Block(
            "awareness",
            12,
            (*say("t.awareness", n=found.height, **counts), *(say("t.awareness_unclear", n=unclear) if unclear else ())),
            say("awareness.sub"),
            (Table("awareness-table", say("awareness.sub"), heads, rows, stacks=True),),
            foot=(*say("awareness.foot", target=policy.target, floor=policy.must_not_pass), *more, *(say("awareness.small") if small else ())),
        ),
    )
