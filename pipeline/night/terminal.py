"""`outreach run` on the terminal: the same job in the same Dagster instance as the schedule's, with a progress bar and plain words.

Here: executing the job in this process, what went wrong in words, exit codes. Not here: the steps, what the summary says (summary.py).
"""

from __future__ import annotations

import os
import time
from datetime import datetime

import dagster as dg
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from pipeline.journal import Journal, Scan
from pipeline.night.progress import Progress as Told
from pipeline.night.progress import listening
from pipeline.night.summary import remember, report_text
from pipeline.settings import Places

_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def run_job(places: Places, console: Console) -> int:
    """Run everything once. Returns 0, or 1 when something needs a person: then the last good pages stand."""
    from pipeline.decisions import load_decisions

    places.settings()
    load_decisions(places.decisions)
    from pipeline.defs.automation import JOB_NAME
    from pipeline.defs.instance import open_instance

    os.environ["OUTREACH_ROOT"] = str(places.root)
    began, started_at = time.monotonic(), datetime.now().astimezone()
    with _bar(console) as bar, listening(_moving(bar)), open_instance(places) as instance:
        from pipeline.definitions import defs

        job = defs().resolve_job_def(JOB_NAME)
        result = job.execute_in_process(instance=instance, raise_on_error=False, run_config=_QUIET)
        faults = [] if result.success else _faults(result)
    remember(places, started_at, time.monotonic() - began, result.run_id, faults)
    console.print(report_text(places), markup=False)
    return 0 if result.success else 1


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


def _faults(result: dg.ExecuteInProcessResult) -> list[str]:
    """Why a run stopped, in words: each blocking check that failed with what it found, then each step's own error."""
    lines = []
    for check in result.get_asset_check_evaluations():
        if not check.passed and check.severity == dg.AssetCheckSeverity.ERROR:
            found = check.metadata.get("first")
            lines.append(f"{check.check_name}: {check.description or (found.value if found else '')}")
    for event in result.all_events:
        if event.is_step_failure and (error := event.step_failure_data.error) is not None:
            told = error.cause or error  # Dagster wraps what the step raised; causes further down are a library's words
            if told.cls_name != "DagsterAssetCheckFailedError":
                lines.append(f"{event.step_key}: {told.message.strip().removeprefix(f'{told.cls_name}: ')}")
    return lines
