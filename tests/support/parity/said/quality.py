"""The quality page, the glossary and what is to be urged."""

from __future__ import annotations

from pipeline.measures import registry

from ..recomputed import Recomputed
from .base import POLICY, Args, Spot, end_of, local, says


@says("changes.line", "changes.none")
def news(o: Recomputed, at: Spot, args: Args) -> Args:
    kinds = [r["kind"] for r in o.changed]
    return {"at": local(o.build["previous_published_at"]), **{k: kinds.count(k) for k in ("new", "revised", "withdrawn")}}


@says("changes.settings")
def settings(o: Recomputed, at: Spot, args: Args) -> Args:
    return {"n": len(o.settings_changed)}


@says("t.q2")
def revised_weeks(o: Recomputed, at: Spot, args: Args) -> Args:
    return {"n": min(12, o.value(f"SELECT count(*) FROM revisions WHERE metric = 'prevented' AND area_id = '{o.top}'"))}


@says("t.issues", "t.impossible", "t.confirmed")
def findings(o: Recomputed, at: Spot, args: Args) -> Args:
    rows = o.findings(at.where.split("/")[0])
    return {"n": len(rows), "groups": len({(r["severity"], r["rule"], r["unit"]) for r in rows})}


@says("t.returned")
def returned_files(o: Recomputed, at: Spot, args: Args) -> Args:
    return o.row("SELECT count(*) FILTER (status <> 'accepted') AS n, count(*) AS total FROM source_files WHERE NOT is_withdrawn")


@says("t.urge")
def towns_to_urge(o: Recomputed, at: Spot, args: Args) -> Args:
    last, edge = end_of(o, at), POLICY.coverage.blind_below
    return {"n": sum(o.of_week(t, o.last) in ("missing", "late", "partial") or bool(o.blind(t, last, edge)) for t in o.towns)}


@says("t.glossary")
def indicators(o: Recomputed, at: Spot, args: Args) -> Args:
    return {"n": len(registry.indicators())}
