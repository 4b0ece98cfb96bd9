"""`outreach check`: everything that can be found wrong without running: settings, forms, decisions, folders."""

from __future__ import annotations

from pydantic import ValidationError

from pipeline.decisions import DecisionFault, load_decisions
from pipeline.forms.catalogue import catalogue
from pipeline.journal import Journal
from pipeline.settings import Places, Settings


def check_all(places: Places) -> tuple[list[str], bool]:
    """Lines to show, and whether all is well."""
    lines: list[str] = [f"根目录 root: {places.root}"]
    is_good = True
    try:
        settings = places.settings()
        lines.append(f"✓ 设置 settings: {'outreach.toml' if (places.root / 'outreach.toml').is_file() else '默认 defaults'}")
    except ValidationError as fault:
        return [*lines, *(f"× 设置 settings {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in fault.errors())], False
    lines.append(f"✓ 表样 forms: {'、'.join(form.zh for form in catalogue().forms.values())}")
    try:
        decisions = load_decisions(places.decisions)
        n = sum(len(getattr(decisions, kind)) for kind in ("corrections", "waivers", "same_events", "same_activities", "approvals", "withdrawals"))
        lines.append(f"✓ 人工决定 decisions: {n}")
    except DecisionFault as fault:
        lines.append(f"× 人工决定 decisions: {fault}")
        is_good = False
    lines += _map_lines(places, settings)
    journal = Journal(places)
    scan = journal.scan()
    vanished = journal.vanished(scan, settings.safety.vanished_share)
    if scan.is_raw_missing:
        lines.append(f"× data/raw 不在 is not there: {places.raw}")
        is_good = False
    else:
        lines.append(f"✓ data/raw: {len(scan.files)} 个文件 files, {len(scan.waiting)} 个还在写入 still being copied")
        lines += [f"  拒收 refused {path}: {why}" for path, why in scan.refused]
    if vanished.paths:
        lines.append(f"{'×' if vanished.is_blocking else '!'} {vanished.message}")
        is_good = is_good and not vanished.is_blocking
    return lines, is_good


def _map_lines(places: Places, settings: Settings) -> list[str]:
    """What stands in the way of the map, none of which stops a run. Names are compared with the areas by the run itself."""
    file = places.boundaries(settings)
    if file is None:
        return []
    from pipeline import boundaries

    lines = []
    try:
        n = len({name for name, _ in boundaries.polygons(file)})
        lines.append(f"✓ 边界 boundaries: {file.name}，{n} 个名称 names")
    except boundaries.BoundaryFault as fault:
        lines.append(f"! {fault}")
    if not settings.map.review_number:
        lines.append("! outreach.toml [map] 没有 review_number（审图号），边界图不画。 / no review_number, so the map is not drawn.")
    return lines
