"""The tables behind the charts as CSV, each with a _meta.csv that explains its columns.

Here: writing (UTF-8 with BOM, CRLF, full precision, ASCII minus) and the neutralising of text that a spreadsheet would take for a formula.
Not here: what is computed. Counts of cases or persons at community level do not occur here; communities have coverage only.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

import polars as pl

from . import changes
from .district import District
from .messages import name_of

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe(value: object) -> object:
    """A cell that no spreadsheet program runs: text that begins like a formula gets an apostrophe."""
    if isinstance(value, str) and value.startswith(FORMULA):
        return "'" + value
    return "" if value is None else value


def encoded(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([safe(v) for v in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def encoded_frame(frame: pl.DataFrame) -> bytes:
    """`encoded` for a whole frame of plain columns."""
    text = pl.selectors.string()
    neutral = frame.with_columns(pl.when(text.str.contains(f"^[{re.escape(''.join(FORMULA))}]")).then(pl.lit("'") + text).otherwise(text).name.keep())
    return b"\xef\xbb\xbf" + neutral.write_csv(line_terminator="\r\n").encode("utf-8")


COLUMNS = {
    "area": ("镇街或社区", "area"),
    "week": ("周（周一）", "Monday of the ISO week"),
    "estimate": ("估计值，0–1", "estimate, 0–1"),
    "low": ("下界", "lower bound"),
    "high": ("上界", "upper bound"),
    "reports_in": ("已报份数", "reports received"),
    "reports_due": ("应报份数", "reports due"),
    "provisional": ("初步=1", "provisional = 1"),
    "dimension": ("分类维度", "dimension"),
    "category": ("类别", "category"),
    "grade": ("证据等级 P2–P5", "evidence grade"),
    "firmness": ("可靠程度", "firmness"),
    "n": ("起数", "cases"),
    "n_without_value": ("金额不详起数", "cases without an amount"),
    "value": ("数值", "value"),
    "channel": ("渠道", "channel"),
    "unit": ("单位", "unit"),
    "residents": ("常住人口", "residents"),
    "metric": ("指标", "indicator"),
    "period": ("期间", "period"),
    "start": ("起", "first day"),
    "end": ("止", "last day"),
    "previous": ("上期", "previous period"),
    "change": ("变化", "change"),
    "change_low": ("变化下界", "lower bound of change"),
    "change_high": ("变化上界", "upper bound of change"),
    "note": ("不算百分比的原因", "why no percentage"),
    "status": ("报送状态", "report status"),
    "form": ("表样", "form"),
    "unit_name": ("单位名称", "reporting unit"),
    "days_late": ("迟报天数", "days late"),
    "kind": ("新增 new、更正 revised、撤回 withdrawn", "new, revised or withdrawn"),
    "severity": ("程度", "error, warning or note"),
    "rule": ("规则", "rule that speaks"),
    "path": ("文件", "file"),
    "sheet": ("工作表", "sheet"),
    "cell": ("单元格", "cell"),
    "zh": ("说明（中文）", "what was seen and what to do, in Chinese"),
    "en": ("说明（英文）", "the same in English"),
    "is_to_date": ("截至本月=1", "the running month = 1"),
    "year_before": ("去年同期", "year before"),
    "year_change": ("比去年同期", "change on the year before"),
    "year_note": ("同比不算的原因", "why no change on the year before"),
    "n_left_out": ("未参与比较的镇街", "towns left out of the comparison"),
    "operation": ("行动", "operation"),
    "n_before": ("行动前周数", "weeks before"),
    "n_after": ("行动周数", "weeks of it"),
    "mean": ("行动前周均", "cases a week before"),
    "power": ("检验功效", "power"),
    "weeks_needed": ("所需周数", "weeks needed before and after"),
    "effect": ("同期变化", "change at the same time, never an effect caused"),
    "verdict": ("判断", "verdict"),
    "first_value": ("首次发布", "as first published"),
    "first_published_at": ("首次发布时间", "first published at"),
    "way": ("途径", "way"),
    "fraud_type": ("类型", "kind of fraud"),
    "end_day": ("调查结束日", "last day asked"),
    "audience": ("对象人群", "group asked"),
    "method": ("方法", "how asked"),
    "sampled": ("有效样本", "valid answers"),
    "aware": ("知晓", "aware"),
    "rate": ("知晓率", "rate"),
    "old_value": ("上次发布的数值", "value as published before"),
    "old_low": ("上次发布的下界", "lower bound as published before"),
    "old_high": ("上次发布的上界", "upper bound as published before"),
}
"""Column → (Chinese, English) meaning, for the _meta files. Money is in 元, shares are 0–1."""


def tables(district: District) -> dict[str, pl.DataFrame]:
    """Name → its rows."""
    provisional = pl.col("week").is_in(list(district.provisional)).alias("provisional")
    names = {area: name_of(f"area:{area}", "zh", district.names) for area in district.area}
    named = pl.col("area_id").replace_strict(names, default=pl.col("area_id"))
    in_order = list(district.area)

    def ordered(frame: pl.DataFrame, column: str) -> pl.DataFrame:
        place = pl.col(column).replace_strict({a: i for i, a in enumerate(in_order)}, default=len(in_order), return_dtype=pl.Int64)
        return frame.with_columns(place.alias("_place"))

    cover = ordered(district.frames["coverage"].filter(audience="all"), "area_id").sort("_place", "week")
    large = cover.filter(pl.col("area_id").is_in(list(district.scopes)))
    small = cover.filter(~pl.col("area_id").is_in(list(district.scopes)))
    weekly = ["area", "week", "estimate", "low", "high", "reports_in", "reports_due", "residents", "provisional"]
    losses = ordered(district.frames["loss_cube"], "town_id").sort("_place", "week", "dimension", "category", "grade", "firmness")
    contacts = ordered(district.frames["kpis"].filter(pl.col("metric").str.starts_with("contacts")), "area_id").filter(
        pl.col("area_id").is_in(list(district.scopes))
    )
    headline = ordered(district.frames["kpis"].filter(pl.col("area_id").is_in(list(district.scopes))), "area_id").sort("metric", "_place", "period")
    kpi = [
        "metric",
        "area",
        "period",
        "start",
        "end",
        "value",
        "low",
        "high",
        "unit",
        "previous",
        "change",
        "change_low",
        "change_high",
        "note",
        "provisional",
    ]
    frames = {
        "coverage": large.select(
            named.alias("area"), "week", "estimate", "low", "high", "reports_in", "reports_due", "residents", provisional
        ).select(weekly),
        "communities": small.select(
            named.alias("area"), "week", "estimate", "low", "high", "reports_in", "reports_due", "residents", provisional
        ).select(weekly),
        "losses": losses.select(
            pl.col("town_id").replace_strict(names, default=pl.col("town_id")).alias("area"),
            "week",
            "dimension",
            "category",
            "grade",
            "firmness",
            "n",
            "n_without_value",
            "value",
            "low",
            "high",
            provisional,
        ),
        "channels": contacts.sort("metric", "_place", "period").select(
            "metric",
            named.alias("area"),
            "period",
            "start",
            "end",
            "value",
            "low",
            "high",
            "unit",
            "previous",
            "change",
            pl.col("is_provisional").alias("provisional"),
        ),
        "towns": headline.with_columns(named.alias("area"), pl.col("is_provisional").alias("provisional")).select(kpi),
        "changes": changes.found(district).select(
            "kind", "metric", named.alias("area"), "week", "old_value", "old_low", "old_high", "value", "low", "high"
        ),
        "issues": district.frames["issues"]
        .sort("severity", "rule", "path", "sheet", "cell", "issue_id", nulls_last=True)
        .select("severity", "rule", named.alias("area"), "week", "path", "sheet", "cell", "zh", "en"),
        "reports": district.frames["report_status"]
        .sort("week", "area_id", "unit_id", "form")
        .select(named.alias("area"), "form", "week", "status", "days_late"),
    }
    frames |= behind_tables(district, named, provisional)
    return frames


def rolled_weeks(district: District) -> pl.DataFrame:
    """The areas' own weekly numbers added up to towns and the district."""
    own = district.frames["weekly_series"].filter(pl.col("kind") != "level", pl.col("value").is_not_null())
    town = pl.col("area_id").replace_strict({a: district.town_of(a) for a in district.area}, default=district.top, return_dtype=pl.String)
    towns = own.with_columns(area_id=town).filter(pl.col("area_id") != district.top)
    whole = pl.concat([towns, own.with_columns(area_id=pl.lit(district.top))])
    order = {a: i for i, a in enumerate(district.scopes)}
    summed = whole.group_by("metric", "area_id", "week", "unit").agg(pl.col("value", "low", "high").sum())
    return summed.sort("metric", pl.col("area_id").replace_strict(order, return_dtype=pl.Int64), "week")


def behind_tables(district: District, named: pl.Expr, provisional: pl.Expr) -> dict[str, pl.DataFrame]:
    """What stands behind cards of the further pages: months, weekly channels, operations, revisions, listed cases, actual losses."""
    area, tables = named.alias("area"), district.frames
    large = pl.col("area_id").is_in(list(district.scopes))
    months = ["metric", area, "period", "start", "end", "is_to_date", "value", "low", "high", "unit", "previous", "change", "note", "year_before",
              "year_change", "year_note", "n_left_out", pl.col("is_provisional").alias("provisional")]  # fmt: skip
    weekly = ["metric", area, "week", "unit", "value", "low", "high", provisional]
    effects = ["operation", "start", "end", "n_before", "n_after", "mean", "power", "weeks_needed", "effect", "low", "high", "verdict"]
    operations = {row["campaign_id"]: row["zh"] for row in district.campaigns}
    told = tables["campaign_effects"].with_columns(operation=pl.col("campaign_id").replace(operations))
    listed = district.prevented.listed if district.settings.pages.case_list == "on" else district.prevented.listed.clear()
    town = pl.col("town_id").replace({a: name_of(f"area:{a}", "zh", district.names) for a in district.scopes}).alias("area")
    weeks = rolled_weeks(district)
    return {
        "months": tables["month_kpis"].filter(large).sort("metric", "area_id", "period").select(months),
        "channel_weeks": weeks.filter(pl.col("metric").str.starts_with("contacts")).select(weekly),
        "actual": weeks.filter(pl.col("metric").str.starts_with("losses")).select(weekly),
        "effects": told.sort("start", "campaign_id").select(effects),
        "revisions": tables["revisions"].sort("metric", "area_id", "week").select(
            "metric", area, "week", "first_published_at", "first_value", "value", "low", "high"
        ),
        "cases": listed.select("week", town, "fraud_type", "way", "grade", "value", "low", "high", "firmness"),
    }  # fmt: skip


def files(district: District) -> dict[str, bytes]:
    """data/<name>.csv and data/<name>_meta.csv."""
    out = {}
    for name, frame in tables(district).items():
        out[f"data/{name}.csv"] = encoded_frame(
            frame.with_columns(pl.selectors.boolean().cast(pl.Int8), pl.selectors.datetime().dt.strftime("%Y-%m-%d %H:%M:%S"))
        )
        meta = [(c, *COLUMNS.get(c, (c, c))) for c in frame.columns]
        facts = [("data_to", str(district.data_to), ""), ("build_id", district.build["build_id"], ""), ("is_sample", int(district.is_sample), "")]
        out[f"data/{name}_meta.csv"] = encoded(("column", "zh", "en"), [*meta, *facts])
    return out
