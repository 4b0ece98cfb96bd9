"""What a run did and what is published, in plain words for a person at a terminal.

Here: the sentences and the small record of the last run they are made from. Not here: any number of the pages (measures).
"""

from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import polars as pl

from pipeline.night.publish import published_build
from pipeline.night.receipts import LIST, SAID, receipts
from pipeline.settings import Places
from pipeline.warehouse import open_published

_LAST = "last_run.json"
_MOST_FILES = 12


def remember(places: Places, started_at: datetime, seconds: float, run_id: str, faults: list[str]) -> None:
    """Keep what the last run was, for `outreach report`. `started_at` is in the office's time zone."""
    record = {"started_at": started_at.isoformat(timespec="seconds"), "seconds": round(seconds, 1), "run_id": run_id, "faults": faults}
    file = places.warehouse / _LAST
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(record, ensure_ascii=False, indent=1), encoding="utf-8")


def last_report(places: Places) -> str:
    """The last run again; FileNotFoundError before the first."""
    if not (places.warehouse / _LAST).is_file():
        raise FileNotFoundError("还没有运行过：outreach run。 / No run yet: `outreach run`.")
    return report_text(places)


def report_text(places: Places) -> str:
    """What the last run did: failed and why, or files read, numbers loaded, what came back and where, what to open."""
    last = json.loads((places.warehouse / _LAST).read_text(encoding="utf-8"))
    lines = [f"运行 {_to_the_minute(datetime.fromisoformat(last['started_at']))}，用时 {last['seconds']} 秒。"]
    if last["faults"]:
        lines += ["× 没有发布：下面的问题需要处理。已发布的数据和网页保持上一次的样子。 / Not published; the last good pages stand."]
        lines += [f"  {fault}" for fault in last["faults"]]
        return "\n".join(lines)
    return "\n".join(lines + _published_lines(places))


def status_text(places: Places) -> str:
    """What is published now."""
    build = published_build(places)
    if not build:
        return "还没有发布过：outreach run。 / Nothing is published yet: `outreach run`."
    built = datetime.fromisoformat(build["built_at"]).astimezone(ZoneInfo(build["time_zone"]))
    head = f"版次 {build['build_id']}，{_to_the_minute(built)} 生成，数据截至 {build['data_to'] or '—'}。"
    return "\n".join([head, *_published_lines(places)])


def _to_the_minute(moment: datetime) -> str:
    """As the office's own clock shows it: people at a terminal do not read offsets."""
    return f"{moment:%Y-%m-%d %H:%M}"


def _published_lines(places: Places) -> list[str]:
    with open_published(places) as published:
        files = receipts(published.query)
        gone = published.query("SELECT count(*) FILTER (NOT is_present) AS n, coalesce(bool_or(is_sample), false) AS sample FROM source_files")
        numbers = published.query("""
            SELECT count(*) FILTER (stands AND precision <> 'missing') AS standing, count(*) FILTER (stands AND precision = 'missing') AS missing,
                   count(*) FILTER (NOT stands) AS superseded FROM measurements""").row(0, named=True)
        elsewhere = published.query("""
            SELECT severity, message FROM rejections WHERE path NOT IN (SELECT path FROM source_files) AND severity <> 'note' ORDER BY severity""")
    n_gone, has_sample = gone.row(0)
    n_of = {status: files.filter(status=status).height for status in SAID}
    others = "".join(f"，{n_of[status]} 个{SAID[status]}" for status in ("corrected", "withdrawn") if n_of[status])
    lines = [
        f"文件 {files.height} 个：{n_of['accepted']} 个全部载入，{n_of['remarks']} 个已载入但请确认，{n_of['returned']} 个有内容退回{others}。"
        + (f" 另有 {n_gone} 份旧内容已不在文件夹里，其数字保留。" if n_gone else ""),
        f"有效数 {numbers['standing']:,} 个；应填而没有数的 {numbers['missing']:,} 格（缺失，不当作 0）；"
        f"被更正或重复而落选的 {numbers['superseded']:,} 个。",
    ]
    if not files.height and not n_gone:
        lines = ["data/raw/ 里还没有表格。把表放进去，再运行 outreach run。 / data/raw/ is empty: drop spreadsheets there and run again."]
    asked = files.filter((pl.col("n_wrong") > 0) | (pl.col("n_asked") > 0)).sort("n_wrong", "path", descending=[True, False])
    if asked.height:
        wrong, doubtful = asked["n_wrong"].sum(), asked["n_asked"].sum()
        lines.append(f"退回 {wrong} 格、请确认 {doubtful} 格，涉及 {asked.height} 个文件，已标在 {places.returned}/ 的同名工作簿里：")
        shown = asked.head(_MOST_FILES).select("path", "n_wrong", "n_asked").iter_rows()
        lines += [f"  {path}：退回 {n_wrong}，请确认 {n_asked}" for path, n_wrong, n_asked in shown]
        if asked.height > _MOST_FILES:
            lines.append(f"  …… 另 {asked.height - _MOST_FILES} 个文件")
    if (places.returned / LIST).is_file():
        lines.append(f"每个文件的回执：{places.returned / LIST}")
    lines += [f"! {message}" for _, message in elsewhere.iter_rows()]
    n_pages = sum(1 for page in places.dashboards.rglob("*.html"))
    if has_sample:
        lines.append("以上含示例数据（虚构）；移除：outreach sample --remove")
    lines.append(f"网页 {n_pages} 个，打开：{places.dashboards / 'index.html'}")
    return lines
