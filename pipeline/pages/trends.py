"""Small weekly frames for the trend charts: one row a shown week, one column a trace.

Here: which weeks are drawn, moving means, axis ranges and tick values. Not here: how they look (pipeline/charts).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import polars as pl

from pipeline.charts.series import Span
from pipeline.measures import registry

from . import format as fmt
from .amounts import COLUMNS, FIRM
from .district import District
from .messages import name_of
from .model import Period

MEAN_WEEKS = 4
MIDWEEK, SUNDAY = timedelta(days=3), timedelta(days=6)


DRAWN = ("coverage", "prevented")
"""Metrics that trend charts draw."""
CHANGED = "why:definition_break"
"""Name of the line where a definition changed."""


def span_of(district: District, period: Period) -> Span:
    """The period and the last firm week as places among the shown weeks."""
    shown = district.shown
    inside = [i for i, week in enumerate(shown) if period.first <= week <= period.last]
    firm = [i for i, week in enumerate(shown) if week not in district.provisional]
    return Span(inside[0] if inside else 0, inside[-1] if inside else 0, firm[-1] if firm else -1)


def coverage(district: District, area: str) -> pl.DataFrame:
    """The weeks of an area's coverage, put together once for all pages that show them: see `_coverage`."""
    return district.held(("coverage", area), lambda: _coverage(district, area))


def losses(district: District, area: str) -> pl.DataFrame:
    """The weeks of an area's prevented losses, put together once: see `_losses`."""
    return district.held(("losses", area), lambda: _losses(district, area))


def _coverage(district: District, area: str) -> pl.DataFrame:
    """x, estimate, low, high, n_in, n_due, strip_ok, strip_low, strip_none. A latest week with under half of its reports is not drawn."""
    rows = []
    policy = district.settings.reporting
    for week in district.shown:
        row = district.cover.get((area, week))
        n_in, n_due = district.received(area, week)
        share = n_in / n_due if n_due else None
        hidden = week == district.last and share is not None and share < policy.latest_week_rate
        row = None if hidden else row
        rows.append(
            {
                "x": week + MIDWEEK,
                "estimate": row["estimate"] if row else None,
                "low": row["low"] if row else None,
                "high": row["high"] if row else None,
                "n_in": n_in,
                "n_due": n_due,
                "strip_ok": share if share is not None and share >= policy.low_rate else None,
                "strip_low": share if share and share < policy.low_rate else None,
                "strip_none": 0.5 if share == 0 else None,
            }
        )
    floats = dict.fromkeys(("estimate", "low", "high", "strip_ok", "strip_low", "strip_none"), pl.Float64)
    return pl.DataFrame(
        rows,
        schema={
            "x": pl.Date,
            **{k: floats[k] for k in ("estimate", "low", "high")},
            "n_in": pl.Int64,
            "n_due": pl.Int64,
            **{k: floats[k] for k in ("strip_ok", "strip_low", "strip_none")},
        },
    )


def _losses(district: District, area: str) -> pl.DataFrame:
    """x, p5e … p2s, total, low, high, mean4 (元), n, unknown (起). A week without any report due-and-in is 0 only if reports came in."""
    arrays = district.prevented.weeks[area]
    size = len(district.shown)
    columns = {name: arrays[name][-size:] for name in (*COLUMNS, "value", "low", "high", "n", "n_without_value")}
    frame = pl.DataFrame({name: values.tolist() for name, values in columns.items()}).rename({"value": "total", "n_without_value": "unknown"})
    total = arrays["value"]
    means = [float(total[i - MEAN_WEEKS + 1 : i + 1].mean()) if i + 1 >= MEAN_WEEKS else None for i in range(len(total))][-size:]
    return frame.with_columns(pl.Series("mean4", means, dtype=pl.Float64), pl.Series("x", [w + MIDWEEK for w in district.shown]))


LEADS = 5
"""How many times the second week the largest must be to be looked at without its largest case."""


def lead(district: District, area: str) -> tuple[int, str, float, list[float]] | None:
    """(place of the week, its column, amount, axis without it) of the case that towers over the shown weeks; None where none does."""
    totals = district.prevented.weeks[area]["value"][-len(district.shown) :]
    if len(totals) < 2:
        return None
    place, second = int(totals.argmax()), float(np.sort(totals)[-2])
    found = district.prevented.single.filter(scope=area, week=district.shown[place]).sort("value", "event_id", descending=[True, False])
    if not second or totals[place] <= LEADS * second or not found.height:
        return None
    value, grade, firmness = found.select("value", "grade", "firmness").row(0)
    rest = totals.copy()
    rest[place] -= value
    return place, grade.lower() + ("e" if firmness == FIRM else "s"), value, nice_ticks(float(rest.max()))


def coverage_range(frame: pl.DataFrame, target: float) -> tuple[float, float]:
    """Axis range in whole tens: 10 points below the lowest bound, up to the highest bound or the target."""
    low, high = frame["low"].min(), frame["high"].max()
    if low is None or high is None:
        return 0.0, 1.0
    bottom = int(np.floor(float(low) * 10)) * 10 - 10  # type: ignore[arg-type]
    top = int(np.ceil(max(float(high), target) * 10)) * 10  # type: ignore[arg-type]
    return max(0, bottom) / 100, min(100, top + (5 if top - 100 * target < 5 else 0)) / 100


def nice_ticks(largest: float, steps: int = 4) -> list[float]:
    """0 and up to five round values; the last lies above `largest`."""
    if largest <= 0:
        return [0.0, 10_000.0]
    raw = Decimal(repr(largest)) / steps
    power = Decimal(10) ** raw.adjusted()
    step = next(m * power for m in (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10)) if m * power >= raw)
    count = int(Decimal(repr(largest)) // step) + 1
    return [float(step * i) for i in range(count + 1)]


def money_ticks(values: Sequence[float], lang: str) -> list[str]:
    """Axis texts: 万元 in Chinese, thousand CNY in English."""
    scaled = [fmt.rounded(v, -4 if lang == "zh" else -3, 2).normalize() for v in values]
    return [fmt.digits(v.quantize(Decimal(1)) if v == v.to_integral() else v) for v in scaled]


def months(weeks: Sequence[date], lang: str) -> tuple[list[str], list[str]]:
    """Tick places (ISO dates) and texts of a month axis: the year under the first month and under January."""
    places, texts = [], []
    seen: tuple[int, int] | None = None
    for week in weeks:
        middle = week + MIDWEEK
        month = (middle.year, middle.month)
        if month == seen:
            continue
        is_first = seen is None
        seen = month
        if is_first and middle.day > 15:
            continue
        places.append(str(middle))
        with_year = not texts or middle.month == 1
        if lang == "zh":
            texts.append(f"{middle.year}年<br>{middle.month}月" if with_year else f"{middle.month}月")
        else:
            name = fmt.MONTHS[middle.month - 1]
            texts.append(f"{name}<br>{middle.year}" if with_year else name)
    return places, texts


def markers(district: District, *metrics: str) -> list[dict]:
    """Campaigns, holidays and definition changes (the office's and those of `metrics`) inside the shown weeks, and the start of the provisional
    weeks."""
    start, end = district.shown[0], district.shown[-1] + SUNDAY
    out = []
    for row in district.campaigns:
        if row["end"] < start or row["start"] > end:
            continue
        key = f"op:{row['campaign_id']}"
        name = CHANGED if row["kind"] == "break" else key
        out.append(
            {
                "key": key,
                "kind": row["kind"],
                "start": str(max(row["start"], start)),
                "end": str(min(row["end"], end)),
                "text": name_of(name, "zh", district.names),
                "name": name,
            }
        )
    for code, since in registry.definition_breaks().iter_rows():
        if code in metrics and start <= since <= end:
            text = name_of(CHANGED, "zh", district.names)
            out.append({"key": f"break:{code}", "kind": "break", "start": str(since), "end": str(since), "text": text, "name": CHANGED})
    provisional = [week for week in district.shown if week in district.provisional]
    if provisional:
        out.append({"key": "provisional", "kind": "provisional", "start": str(end), "end": str(end), "text": "初步", "name": ""})
    return out


def edges(period: Period) -> tuple[str, str]:
    """First and last day of a period, for the bar in the lane."""
    return str(period.first), str(period.last + SUNDAY)


def heights(values: Sequence[float | None], height: int = 34) -> list[int | None] | None:
    """A sparkline's weekly heights in tenths of a pixel from the top; None with fewer than two known values."""
    known = [v for v in values if v is not None]
    if len(known) < 2:
        return None
    low, high = min(known), max(known)
    scale = (height - 8) / (high - low) if high > low else 0.0
    return [None if v is None else round(10 * (height - 4 - (v - low) * scale)) for v in values]


def sparkline(values: Sequence[float | None], width: int = 92, height: int = 34) -> tuple[str, float, float] | None:
    """SVG path through the known values (gaps where unknown) and its last point; None with fewer than two."""
    tenths = heights(values, height)
    if tenths is None:
        return None
    path, previous, x, y = "", -2, 0.0, 0.0
    for i, tenth in enumerate(tenths):
        if tenth is not None:
            x, y = int(20.5 + i * (width - 8) * 10 / (len(values) - 1)) / 10, tenth / 10
            path += f"{'L' if i == previous + 1 else 'M'}{x:g} {y:g}"
            previous = i
    return path, x, y
