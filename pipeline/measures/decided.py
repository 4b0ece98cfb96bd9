"""What people decided, as the frames measures take: same events, same activities, waivers, approvals.

Here: decisions to columns. Not here: loading and checking the YAML (decisions.py), corrections and withdrawals (intake/settling.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from pipeline.decisions import Decision, Decisions, SameActivity, SameEvent

TEXT, DAY = pl.String, pl.Date
SCHEMAS: Mapping[str, Mapping[str, type[pl.DataType]]] = {
    "decided_same_events": {"source": TEXT, "is_same": pl.Boolean, "path": TEXT, "sheet": TEXT, "cell": TEXT, "reason": TEXT},
    "decided_activities": {"source": TEXT, "is_same": pl.Boolean, "path": TEXT, "sheet": TEXT, "cell": TEXT, "reason": TEXT},
    "decided_waivers": {
        "source": TEXT, "rule": TEXT, "path": TEXT, "sheet": TEXT, "cell": TEXT, "unit": TEXT, "area": TEXT,
        "reason": TEXT, "owner": TEXT, "date": DAY, "expires": DAY,
    },
    "decided_approvals": {"source": TEXT, "area": TEXT, "start": DAY, "end": DAY, "reason": TEXT, "owner": TEXT, "date": DAY},
}  # fmt: skip


def frames(decisions: Decisions) -> dict[str, pl.DataFrame]:
    """The frames, empty where nothing was decided. One row of same events or activities is one cell of a decision; `source` keeps them
    together."""
    rows = {
        "decided_same_events": _of_cells(decisions.same_events),
        "decided_activities": _of_cells(decisions.same_activities),
        "decided_waivers": [{**decision.model_dump(exclude={"file"}), **_said(decision), "path": decision.file} for decision in decisions.waivers],
        "decided_approvals": [{**decision.model_dump(), **_said(decision)} for decision in decisions.approvals],
    }
    return {name: pl.DataFrame([{key: row.get(key) for key in SCHEMAS[name]} for row in found], schema=SCHEMAS[name]) for name, found in rows.items()}


def _of_cells(decisions: Iterable[SameEvent | SameActivity]) -> list[dict[str, object]]:
    return [
        {**_said(decision), "is_same": decision.same, "path": cell.file, "sheet": cell.sheet, "cell": cell.cell}
        for decision in decisions
        for cell in decision.cells
    ]


def _said(decision: Decision) -> dict[str, object]:
    return {"source": decision.source, "reason": decision.reason, "owner": decision.owner, "date": decision.date}
