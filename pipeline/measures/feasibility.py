"""What cannot be: rules between two numbers of one unit and period, as data (feasibility.yaml).

Here: the rules, the SELECT that finds what breaks them, the question to the unit. Not here: numbers that are merely odd (slips.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl
import yaml

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
    entries = yaml.safe_load((Path(__file__).with_name("feasibility.yaml")).read_text(encoding="utf-8"))
    return tuple(
        Rule(**{**entry, "right": tuple(entry["right"]), "factor": None if entry.get("factor") == "none" else entry.get("factor", 1.0)})
        for entry in entries
    )


def sql() -> str:
    """A SELECT of every breach: rule, the left number with its cell, the bounds of both sides.

    Numbers of a tally are summed over one subject and period; rows of a ledger are compared within themselves.
    """
    values = ", ".join(
        f"('{r.rule}', '{r.left}', '{right}', {len(r.right)}, {'NULL' if r.factor is None else r.factor}, {r.per_day}, {r.ledger_only})"
        for r in rules()
        for right in r.right
    )
    names = ", ".join(sorted({f"'{name}'" for r in rules() for name in (r.left, *r.right) if not name.startswith(AREA)}))
    return f"""
        WITH rules(rule, left_name, right_name, n_right, factor, per_day, ledger_only) AS (VALUES {values}),
        numbers AS (
            SELECT channel || '.' || measure AS name, subject_id, area_id, start, "end", is_ledger,
                   CASE WHEN is_ledger THEN record_id ELSE '' END AS record, fsum(low) AS low, fsum(high) AS high, min(measurement_id) AS first_cell
            FROM measurements
            WHERE stands AND high IS NOT NULL AND channel || '.' || measure IN ({names})
            GROUP BY ALL
        ),
        limits AS (
            SELECT name, subject_id, start, "end", record, low, high FROM numbers WHERE name IN (SELECT right_name FROM rules)
        ),
        compared AS (
            SELECT rules.rule, n_right, factor, per_day, numbers.*, limits.low AS right_low, limits.high AS right_high
            FROM numbers JOIN rules ON name = left_name AND (is_ledger OR NOT ledger_only)
            JOIN limits ON limits.name = right_name AND limits.subject_id = numbers.subject_id AND limits.start = numbers.start
                       AND limits."end" = numbers."end" AND limits.record = numbers.record
            UNION ALL
            SELECT rules.rule, n_right, factor, per_day, numbers.*, n, n
            FROM numbers JOIN rules ON name = left_name
            JOIN (UNPIVOT (SELECT area_id, residents AS "area.residents", households AS "area.households" FROM areas)
                  ON "area.residents", "area.households" INTO NAME register_name VALUE n) AS register
              ON register_name = right_name AND register.area_id = numbers.area_id
        ),
        summed AS (
            SELECT rule, subject_id, area_id, start, "end", record, first_cell, low, high, factor, n_right, per_day,
                   sum(right_low) AS right_low, sum(right_high) AS right_high, count(*) AS n_found
            FROM compared GROUP BY ALL
        )
        SELECT rule, summed.area_id, week, summed.start, summed."end", summed.low, summed.high, right_low, right_high, path, sheet, cell, subject
        FROM summed JOIN measurements ON measurement_id = first_cell
        WHERE n_found = n_right
          AND CASE WHEN factor IS NULL THEN summed.low > 0 AND right_high = 0
                   ELSE summed.low > right_high * factor * CASE WHEN per_day THEN summed."end" - summed.start + 1 ELSE 1 END END
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
