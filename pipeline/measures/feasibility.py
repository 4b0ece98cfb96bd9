"""What cannot be: rules between two numbers of one unit and period, as data (feasibility.yaml); days and money that contradict themselves.

Here: the rules, the SELECT that finds what breaks them, the questions to the unit. Not here: numbers that are merely odd (slips.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl

from pipeline.data_files import read_yaml

OTHER_RULES = (
    "periods_are_not_in_the_future",
    "events_lie_before_the_data_end",
    "data_end_before_the_sheet_was_written",
    "returned_events_were_frozen",
)
"""Rules that are no comparison of two numbers of one row."""
AREA = "area."
"""Right numbers with this prefix come from the areas register."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`left` ≤ factor × Σ `right` (× days of the period where per_day). factor None: a left above 0 needs a right above 0."""

    rule: str
    left: str
    right: tuple[str, ...]
    zh: str
    en: str
    factor: float | None = 1.0
    per_day: bool = False
    ledger_only: bool = False


@cache
def rules() -> tuple[Rule, ...]:
    """All rules of feasibility.yaml, in its order."""
    entries = read_yaml(Path(__file__).with_name("feasibility.yaml"))
    return tuple(
        Rule(**{**entry, "right": tuple(entry["right"]), "factor": None if entry.get("factor") == "none" else entry.get("factor", 1.0)})
        for entry in entries
    )


def sql() -> str:
    """A SELECT of every breach: rule, the left number with its cell, the bounds of both sides.

    Numbers of a tally are summed over one subject and period; rows of a ledger are compared within themselves.
    """
    names = sorted({name for r in rules() for name in (r.left, *r.right)})
    measures = ", ".join(
        f"({n}, '{name.partition('.')[0]}', '{name.partition('.')[2]}')" for n, name in enumerate(names) if not name.startswith(AREA)
    )
    values = ", ".join(
        f"({n}, '{r.rule}', {names.index(r.left)}, {names.index(right)}, {len(r.right)}, {'NULL' if r.factor is None else r.factor}, "
        f"{r.per_day}, {r.ledger_only}, {right.startswith(AREA)})"
        for n, r in enumerate(rules())
        for right in r.right
    )
    registered = ", ".join(f"({n}, {name.removeprefix(AREA)})" for n, name in enumerate(names) if name.startswith(AREA))
    # A sheet row is known by the hash of what makes it one, rules and names by their numbers: ten million text keys would cost more than
    # everything else here.
    return f"""
        WITH rules(rule_number, rule, left_name, right_name, n_right, factor, per_day, ledger_only, by_area) AS (VALUES {values}),
        named(name, channel, measure) AS (VALUES {measures}),
        numbers AS MATERIALIZED (
            SELECT name, hash(subject_id, start, "end", CASE WHEN is_ledger THEN record_id END) AS sheet_row,
                   any_value("end" - start + 1) AS days, any_value(is_ledger) AS is_ledger, fsum(low) AS low, fsum(high) AS high,
                   min(measurements.rowid) AS first_cell
            FROM measurements JOIN named USING (channel, measure)
            WHERE stands AND high IS NOT NULL
            GROUP BY name, sheet_row
        ),
        lefts AS (
            SELECT rule_number, n_right, right_name, by_area, factor * CASE WHEN per_day THEN days ELSE 1 END AS times, first_cell, low, high,
                   sheet_row
            FROM numbers JOIN rules ON name = left_name AND (is_ledger OR NOT ledger_only)
        ),
        compared AS (
            SELECT rule_number, n_right, times, lefts.first_cell, lefts.low, lefts.high, numbers.low AS right_low, numbers.high AS right_high
            FROM lefts JOIN numbers ON numbers.sheet_row = lefts.sheet_row AND numbers.name = right_name
            UNION ALL
            SELECT rule_number, n_right, times, first_cell, lefts.low, lefts.high, number.n, number.n
            FROM (FROM lefts WHERE by_area) AS lefts JOIN measurements ON measurements.rowid = first_cell JOIN areas USING (area_id),
                 LATERAL (VALUES {registered}) AS number(name, n)
            WHERE number.name = right_name AND number.n IS NOT NULL
        ),
        summed AS (
            SELECT rule_number, first_cell, any_value(times) AS times, any_value(low) AS low, any_value(high) AS high, sum(right_low) AS right_low,
                   sum(right_high) AS right_high
            FROM compared
            -- What is above the sum of the right numbers is above each of them: few rows are left to be summed.
            WHERE CASE WHEN times IS NULL THEN low > 0 AND right_high = 0 ELSE low > right_high * times END
            GROUP BY rule_number, first_cell
            HAVING count(*) = any_value(n_right)
        )
        SELECT rule, area_id, week, start, "end", summed.low, summed.high, right_low, right_high, path, sheet, cell, subject
        FROM summed JOIN (SELECT DISTINCT rule_number, rule FROM rules) USING (rule_number) JOIN measurements ON measurements.rowid = first_cell
        WHERE times IS NULL OR summed.low > right_high * times
        ORDER BY rule, path, sheet, cell
    """


def findings(breaches: pl.DataFrame) -> pl.DataFrame:
    """Breaches as questions to the unit: severity, rule, zh, en, area_id, week, path, sheet, cell."""
    said = pl.DataFrame([{"rule": r.rule, "said_zh": r.zh, "said_en": r.en} for r in rules()])
    numbers = [pl.col(name).map_elements(lambda n: f"{n:,.10g}", return_dtype=pl.String) for name in ("low", "right_high")]
    return breaches.join(said, on="rule").select(
        "rule", "area_id", "week", "path", "sheet", "cell", severity=pl.lit("error"),
        zh=pl.format("{}：{}（{}至{}）本格 {}，对应数 {}。请核对两个数，改正后重报；确属实情请写明原因。",
                     "said_zh", "subject", "start", "end", *numbers),
        en=pl.format("{}: {} ({} to {}) says {} here against {}. Check both numbers and hand in again; if true, say why.",
                     "said_en", "subject", "start", "end", *numbers),
    )  # fmt: skip


def impossible_dates(found: pl.DataFrame) -> pl.DataFrame:
    """Periods and days that cannot be; columns as in sql/impossible_dates.sql. A day's grace is given for time zones."""
    rule = pl.col("rule")
    is_future, is_event = rule == "periods_are_not_in_the_future", rule == "events_lie_before_the_data_end"
    zh = (
        pl.when(is_future).then(pl.format("时间始于 {}，而本表 {} 已收到：尚未发生的不能统计", "start", "received"))
        .when(is_event).then(pl.format("日期 {} 晚于本表数据截至日 {}", "start", "as_of"))
        .otherwise(pl.format("数据截至 {} 晚于填报（更新）日期 {}", "as_of", "known_at"))
    )  # fmt: skip
    en = (
        pl.when(is_future).then(pl.format("begins on {}, but came in on {}: what has not happened cannot be counted", "start", "received"))
        .when(is_event).then(pl.format("{} lies after {}, the day its data reach to", "start", "as_of"))
        .otherwise(pl.format("data to {}, but the sheet was written on {}", "as_of", "known_at"))
    )  # fmt: skip
    return found.select(
        "rule", "area_id", "week", "path", "sheet", "cell", severity=pl.lit("error"),
        zh=pl.format("{}：{}（本表 {} 行）。请核对日期后重报。", "subject", zh, "n_rows"),
        en=pl.format("{}: {} ({} rows of the sheet). Check the dates and hand in again.", "subject", en, "n_rows"),
    )  # fmt: skip


def returned_beyond_frozen(found: pl.DataFrame) -> pl.DataFrame:
    """Events of which more was returned than frozen, over all their rows; columns as in sql/returned_beyond_frozen.sql."""
    numbers = [pl.col(name).map_elements(lambda n: f"{n:,.10g}", return_dtype=pl.String) for name in ("returned", "frozen")]
    return found.select(
        "area_id", "week", "path", "sheet", "cell", severity=pl.lit("error"), rule=pl.lit("returned_events_were_frozen"),
        zh=pl.format("{}：同一事件（{}）累计返还 {} 元，多于冻结 {} 元。请核对两个数；确属实情请写明原因。", "subject", "event_id", *numbers),
        en=pl.format("{}: of one event ({}) {} yuan were returned, more than the {} frozen. Check both numbers; if true, say why.",
                     "subject", "event_id", *numbers),
    )  # fmt: skip
