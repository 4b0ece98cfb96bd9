"""`outreach run` and `outreach restore` on the terminal: a progress bar while it works, plain words after, an exit code.

Here: what people see. Not here: running the job (launch.py), the steps, what the summary says (summary.py).
"""

from __future__ import annotations

import time
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from pipeline.journal import Journal, Scan
from pipeline.night.ahead import start_ahead
from pipeline.night.progress import Progress as Told
from pipeline.night.progress import listening
from pipeline.night.summary import remember, report_text
from pipeline.settings import Places


def run_job(places: Places, console: Console) -> int:
    """Run everything once. Returns 0, or 1 when something needs a person: then the last good pages stand."""
    from pipeline.decisions import load_decisions

    settings = places.settings()
    office_time = ZoneInfo(settings.district.time_zone)
    load_decisions(places.decisions)
    began, started_at = time.monotonic(), datetime.now(office_time)
    with _bar(console) as bar, listening(_moving(bar)):
        start_ahead(places, settings)
        from pipeline.night.launch import launch

        outcome = launch(places)
    remember(places, started_at, time.monotonic() - began, outcome.run_id, list(outcome.faults))
    console.print(report_text(places), markup=False)
    return 0 if outcome.is_success else 1


def restore_all(places: Places, console: Console) -> int:
    """The working warehouse made anew from archive, journal and decisions; then a run. The old file is kept beside until then."""
    if not places.journal.is_file():
        console.print(
            "[bold red]×[/] 没有日志 journal.jsonl，无从重建。请先从备份恢复 data/warehouse/。 / No journal to rebuild from; restore the backup."
        )
        return 1
    n_files = Journal(places).files(Scan(())).height
    if places.working.is_file():
        places.working.replace(places.working.with_suffix(".duckdb.before-restore"))
    for leftover in (places.working.with_name(places.working.name + ".wal"),):
        leftover.unlink(missing_ok=True)
    console.print(f"由存档重建：{n_files} 份文件内容。 / Rebuilding from {n_files} archived contents.")
    outcome = run_job(places, console)
    if outcome == 0:
        places.working.with_suffix(".duckdb.before-restore").unlink(missing_ok=True)
    return outcome


def _bar(console: Console) -> Progress:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[count]}"), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True)


def _moving(bar: Progress):
    task = bar.add_task("开始 starting", total=None, count="")

    def move(told: Told) -> None:
        count = f"{told.done}/{told.total}" if told.total else ""
        bar.update(task, description=told.step, total=told.total or None, completed=told.done, count=count)

    return move
