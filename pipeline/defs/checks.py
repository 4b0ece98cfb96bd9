"""What must hold before a run goes on, counted by SQL that shares no code with what it checks.

A blocking check that fails stops the run there: yesterday's pages stand. Row faults never block; they went back to the analyst.
"""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg
import polars as pl

from pipeline.warehouse import Warehouse

CHECKS = {
    spec.name: spec
    for spec in (
        dg.AssetCheckSpec(
            "files_have_not_vanished",
            asset="received_files",
            blocking=True,
            description="data/raw 在，且已知文件没有成批消失（`outreach confirm` 可确认）。The folder is there, its files too.",
        ),
        dg.AssetCheckSpec(
            "every_cell_has_one_disposition",
            asset="sheet_counts",
            blocking=True,
            description="每个单元格有且只有一个去处。Cells seen = cells disposed of, on every sheet.",
        ),
        dg.AssetCheckSpec(
            "one_number_stands",
            asset="measurements",
            blocking=True,
            description="同一事实最多一个有效数。At most one current number for a fact.",
        ),
        dg.AssetCheckSpec(
            "totals_agree_with_their_parts",
            asset="total_checks",
            description="填报的合计等于各行之和。Typed totals equal the sum of their rows; those that do not went back.",
        ),
        dg.AssetCheckSpec(
            "coverage_bounds_enclose_the_estimate",
            asset="coverage",
            blocking=True,
            description="下界 ≤ 估计 ≤ 上界，都在 0 和 1 之间。low ≤ estimate ≤ high, all within 0–1.",
        ),
        dg.AssetCheckSpec(
            "every_event_is_counted_once",
            asset="loss_cube",
            blocking=True,
            description="每个事件在每个维度里恰好计一次。Each event stands once in each dimension of the cube.",
        ),
    )
}

_FAULTS = {
    "every_cell_has_one_disposition": "SELECT path, sheet, seen, disposed FROM sheet_counts WHERE seen <> disposed",
    "one_number_stands": """
        SELECT subject_id, channel, measure, unit, start, "end", count(*) AS n FROM measurements WHERE stands AND NOT is_ledger
        GROUP BY subject_id, channel, measure, unit, start, "end", material, audience, fraud_type, way, institution, venue, place, partner,
                 platform, case_ref HAVING count(*) > 1""",
    "totals_agree_with_their_parts": "SELECT path, sheet, cell, typed, computed FROM total_checks WHERE NOT is_ok",
    "coverage_bounds_enclose_the_estimate": """
        SELECT area_id, audience, week, low, estimate, high FROM coverage
        WHERE NOT (0 <= low AND low <= estimate + 1e-9 AND estimate <= high + 1e-9 AND high <= 1 + 1e-9)""",
    "every_event_is_counted_once": """
        SELECT dimension, sum(n) AS counted, (SELECT count(*) FROM events) AS events FROM loss_cube GROUP BY dimension
        HAVING sum(n) <> (SELECT count(*) FROM events)""",
}
_SHOWN = 20


def results(warehouse: Warehouse, tables: tuple[str, ...]) -> Iterator[dg.AssetCheckResult]:
    """The checks on these tables, each with the first rows that break it."""
    for name, spec in CHECKS.items():
        table_name = spec.asset_key.to_user_string()
        if table_name not in tables or name not in _FAULTS:
            continue
        faults = warehouse.query(_FAULTS[name])
        yield dg.AssetCheckResult(
            check_name=name,
            asset_key=table_name,
            passed=faults.is_empty(),
            severity=dg.AssetCheckSeverity.ERROR if spec.blocking else dg.AssetCheckSeverity.WARN,
            metadata={"faults": faults.height, "first": dg.MetadataValue.json(_shown(faults))},
        )


def _shown(faults: pl.DataFrame) -> list[dict[str, str]]:
    return [{key: str(value) for key, value in row.items()} for row in faults.head(_SHOWN).iter_rows(named=True)]
