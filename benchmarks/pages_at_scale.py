"""Time, memory and sizes of all pages of a large office: `python benchmarks/pages_at_scale.py [--areas 100] [--towns 12] [--weeks 260]`.

A fictional county with weekly tallies of eight channels and a ledger of prevented losses goes as standing numbers into a warehouse of its own,
through the real measures, and is published as a real DuckDB file. Then the pages are built from that file as a night does it. Prints wall and
processor seconds, peak memory and what the pages weigh against their budgets. Aim: 100 areas × 260 weeks × 8 channels in at most 60 s.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
from page_budgets import weighed

from pipeline.decisions import Decisions
from pipeline.night import chain, publish
from pipeline.settings import Places, Settings
from pipeline.tables.base import table
from pipeline.warehouse import Warehouse

LAST = date(2026, 3, 16)
CHANNELS = (
    ("leaflets", "distributed", "份"), ("broadcasts", "hours", "小时"), ("talks", "attendance", "人"), ("home_visits", "visits", "户次"),
    ("pushes", "messages", "条"), ("sms", "messages", "条"), ("pledges", "signed", "份"), ("contacts", "contacts", "人次"),
)  # fmt: skip
TYPES = ("刷单返利", "冒充客服", "虚假投资理财", "虚假贷款", "冒充公检法", "网络游戏交易", "杀猪盘", "冒充熟人")
WAYS = ("银行劝阻", "电话劝阻", "上门劝阻", "预警短信")
RECEIVED = datetime(2026, 3, 23, 1)
CLOCK = datetime(2026, 3, 24, 2, tzinfo=ZoneInfo("Asia/Shanghai"))


@dataclass(frozen=True)
class Size:
    """`areas` counts the district, its `towns`, and the communities spread evenly over them; `cases` are interceptions a town and week."""

    areas: int
    towns: int
    weeks: int
    cases: float

    def town_of(self, place: int) -> int:
        return place % self.towns

    @property
    def places(self) -> int:
        return self.areas - 1 - self.towns


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--areas", type=int, default=100)
    parser.add_argument("--towns", type=int, default=12)
    parser.add_argument("--weeks", type=int, default=260)
    parser.add_argument("--cases", type=float, default=1.5, help="interceptions a town and week")
    parser.add_argument("--keep", type=Path, help="write the office here and keep it")
    options = parser.parse_args()
    size = Size(options.areas, options.towns, options.weeks, options.cases)
    with tempfile.TemporaryDirectory() as folder:
        places = Places((options.keep or Path(folder)).resolve())
        rows = filled(places, size)
        print(f"{size.areas} areas ({size.towns} towns) × {size.weeks} weeks × {len(CHANNELS)} channels: {rows:,} measurements published")
        built(places)


def built(places: Places) -> None:
    before, wall, cpu = peak(), time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    n = publish.publish_pages(places, Settings())
    after = resource.getrusage(resource.RUSAGE_SELF)
    print(
        f"{n} pages: {time.perf_counter() - wall:.1f} s wall, {after.ru_utime - cpu.ru_utime:.1f} s user, "
        f"{after.ru_stime - cpu.ru_stime:.1f} s system; peak {peak():.2f} GiB ({before:.2f} before)"
    )
    print(*weighed(places.dashboards), sep="\n")


def filled(places: Places, size: Size) -> int:
    """The office's published warehouse, written through the measures. Returns how many numbers stand in it."""
    settings, decisions = Settings(), Decisions()
    random = np.random.default_rng(2026)
    with Warehouse(places) as warehouse:
        cells = pl.concat([tallies(size, random), ledger(size, random)], how="diagonal")
        frames = {
            "areas": areas(size), "units": units(size), "campaigns": campaigns(), "measurements": cells, "submissions": submissions(cells),
            "source_files": files(cells),
        }  # fmt: skip
        for name, frame in frames.items():
            warehouse.replace(name, whole(name, frame))
        chain.measure_all(warehouse, decisions, settings, CLOCK)
        build_id = publish.write_build(warehouse, settings, CLOCK, "benchmark")
        publish.note_publication(warehouse, build_id, CLOCK)
        publish.publish_warehouse(warehouse, build_id)
    return cells.height


def whole(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """A frame with the columns of its table it does not have, empty."""
    columns = table(name).polars_schema
    return frame.with_columns(pl.lit(None, dtype=t).alias(c) for c, t in columns.items() if c not in frame.columns).select(
        pl.col(c).cast(t) for c, t in columns.items()
    )


def areas(size: Size) -> pl.DataFrame:
    rows = [("d", None, "district", "样例县", 0, 0.0, None, None)]
    rows += [(f"t{t:02}", "d", "town", f"样例{t + 1}镇", t, 0.0, t // 4 + 1, t % 4 + 1) for t in range(size.towns)]
    rows += [(f"c{p:04}", f"t{size.town_of(p):02}", "community", f"样例{p + 1}社区", p, 2000.0 + p % 7 * 500, None, None) for p in range(size.places)]
    columns = ("area_id", "parent_id", "level", "zh", "position", "residents", "grid_row", "grid_col")
    found = pl.DataFrame(rows, schema=columns, orient="row").with_columns(
        is_provisional=False, population_year=2025, population_path=pl.lit("人口.xlsx"), population_sheet=pl.lit("人口"), population_cell=pl.lit("B2")
    )
    people = found.filter(level="community")
    of_towns = people.group_by("parent_id").agg(pl.col("residents").sum()).rename({"parent_id": "area_id"})
    sums = pl.concat([of_towns, pl.DataFrame({"area_id": ["d"], "residents": [people["residents"].sum()]})])
    own = people.select("area_id", "residents")
    return found.drop("residents").join(pl.concat([sums, own]), on="area_id", how="left").with_columns(pl.col("residents").fill_null(9000.0))


def units(size: Size) -> pl.DataFrame:
    towns = [f"t{t:02}" for t in range(size.towns)]
    return pl.DataFrame(
        {
            "unit_id": [f"u{t}" for t in towns], "zh": [f"样例{i + 1}派出所" for i in range(size.towns)], "kind": "派出所", "area_id": towns,
            "serves": [json.dumps([t]) for t in towns], "aliases": "[]", "forms": '["weekly_tally"]', "is_provisional": False,
        }
    )  # fmt: skip


def campaigns() -> pl.DataFrame:
    spans = [("op1", "春季行动", date(2025, 3, 10), date(2025, 4, 27)), ("op2", "百日行动", date(2025, 11, 3), date(2026, 2, 8))]
    return pl.DataFrame(spans, schema=["campaign_id", "zh", "start", "end"], orient="row").with_columns(
        en=pl.lit(None, pl.String), kind=pl.lit("operation")
    )


def tallies(size: Size, random: np.random.Generator) -> pl.DataFrame:
    """One number a community (of a town without any: the town itself), week and channel; one in twenty approximate, one report in fifty absent."""
    subjects = [(f"c{p:04}", size.town_of(p)) for p in range(size.places)] + [(f"t{t:02}", t) for t in range(size.places, size.towns)]
    own = pl.DataFrame([(a, f"t{t:02}", i + 4) for i, (a, t) in enumerate(subjects)], schema=["area_id", "town", "row"], orient="row")
    weeks = pl.DataFrame({"week": [LAST - timedelta(weeks=w) for w in range(size.weeks)]})
    columns = pl.DataFrame(CHANNELS, schema=["channel", "measure", "unit"], orient="row").with_columns(letter=pl.Series(list("CDEFGHIJ")))
    reports = own.select("town").unique().sort("town").join(weeks, how="cross")
    reports = reports.filter(pl.Series(random.random(reports.height) > 0.02))
    grid = own.join(reports, on="town", how="inner", maintain_order="left_right").join(columns, how="cross", maintain_order="left_right")
    value = np.floor(random.lognormal(3.2, 0.8, grid.height))
    about = random.random(grid.height) < 0.05
    path = pl.format("{}/{}年周报.xlsx", "town", pl.col("week").dt.year())
    return grid.with_columns(
        measurement_id=pl.format("m-{}-{}-{}", "area_id", "week", "channel"), submission_id=pl.format("s-{}-{}", "town", "week"), path=path,
        file_id=path, sheet=pl.col("week").dt.strftime("W%V"), cell=pl.format("{}{}", "letter", "row"),
        record_id=pl.format("{}!{}!{}", path, "week", "row"), form=pl.lit("weekly_tally"), kind=pl.lit("flow"), subject="area_id",
        subject_id="area_id", subject_kind=pl.lit("area"), reporter="town", reporter_id=pl.format("u{}", "town"), start="week",
        end=pl.col("week") + timedelta(days=6), period_precision=pl.lit("week"), value=pl.Series(value), low=pl.Series(value),
        high=pl.Series(np.where(about, np.ceil(value * 1.1), value)), precision=pl.Series(np.where(about, "at_least", "exact")),
        header="channel", text=pl.Series([f"{v:.0f}" for v in value]), is_ledger=False, is_cumulative=False, received_at=RECEIVED, stands=True,
    )  # fmt: skip


def ledger(size: Size, random: np.random.Generator) -> pl.DataFrame:
    """Interceptions, each an amount of one grade; a fifth approximate."""
    n = round(size.cases * size.towns * size.weeks)
    first = LAST - timedelta(weeks=size.weeks - 1)
    amount = np.round(random.lognormal(10.2, 1.1, n), -2)
    soft = random.random(n) < 0.2
    frame = pl.DataFrame(
        {
            "area_id": [f"t{t:02}" for t in random.integers(0, size.towns, n)], "day": random.integers(0, 7 * size.weeks, n), "value": amount,
            "high": np.where(soft, amount * 1.25, amount), "precision": np.where(soft, "at_least", "exact"),
            "grade": random.choice(["P2", "P3", "P4", "P5"], n, p=[0.45, 0.3, 0.18, 0.07]),
            "fraud_type": random.choice(TYPES, n), "way": random.choice(WAYS, n),
        }
    ).with_row_index("i")  # fmt: skip
    start = pl.lit(first) + pl.duration(days="day")
    path = pl.format("劝阻台账_{}.xlsx", pl.col("area_id"))
    return frame.with_columns(
        measurement_id=pl.format("e{}", "i"), submission_id=pl.format("se-{}", "area_id"), path=path, file_id=path, sheet=pl.lit("台账"),
        cell=pl.format("F{}", pl.col("i") + 2), record_id=pl.format("{}!台账!{}", path, "i"), form=pl.lit("intercepted_losses"),
        channel=pl.lit("intercepted_losses"), measure=pl.lit("averted"), unit=pl.lit("元"), kind=pl.lit("flow"), subject="area_id",
        subject_id=pl.format("u{}", "area_id"), subject_kind=pl.lit("unit"), reporter="area_id", reporter_id=pl.format("u{}", "area_id"),
        start=start, end=start, period_precision=pl.lit("day"), week=start.dt.truncate("1w"), low="value", header=pl.lit("劝阻金额"),
        text=pl.format("{}元", "value"), is_ledger=True, is_cumulative=False, received_at=RECEIVED, stands=True,
    )  # fmt: skip


def submissions(cells: pl.DataFrame) -> pl.DataFrame:
    handed = cells.group_by("submission_id").agg(
        pl.col("file_id", "path", "sheet", "form", "reporter", "reporter_id").first(), pl.col("start").min(), pl.col("end").max(), n_due=pl.len()
    )
    return handed.sort("submission_id").with_columns(
        received_at=pl.col("end").cast(pl.Datetime("us")) + timedelta(hours=33), is_zero_report=False, n_missing=0
    )


def files(cells: pl.DataFrame) -> pl.DataFrame:
    found = cells.group_by("file_id", "path").agg(n_measurements=pl.len()).sort("path")
    return found.with_columns(
        sha256=pl.col("path").hash(1).cast(pl.String), size=20_000, received_at=RECEIVED, first_seen_at=RECEIVED, status=pl.lit("accepted"),
        n_rejections=0, n_set_aside=0, is_sample=False, is_present=True, is_withdrawn=False,
    )  # fmt: skip


def peak() -> float:
    """Largest memory of this process so far, GiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


if __name__ == "__main__":
    main()
