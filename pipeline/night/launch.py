"""Launch the one job in this process, in the same Dagster instance as the schedule's, so that the run shows in the UI.

Here: the run and why it stopped. Not here: the steps (defs/ wraps them), what people are told (terminal.py, summary.py).
"""

from __future__ import annotations

import gc
import logging
import os
from dataclasses import dataclass

import dagster as dg

from pipeline.settings import Places

_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a run; `faults` says in words why it stopped, and is empty when it did not."""

    is_success: bool
    run_id: str
    faults: tuple[str, ...]


def launch(places: Places) -> Outcome:
    """Run everything once."""
    # A skipped step (nothing changed) is no warning: what people are told stands in terminal.py, what happened in the run's own log.
    logging.getLogger("dagster._core.execution.plan").setLevel(logging.ERROR)
    from pipeline.definitions import defs
    from pipeline.defs.automation import JOB_NAME
    from pipeline.defs.instance import open_instance

    os.environ["OUTREACH_ROOT"] = str(places.root)
    with open_instance(places) as instance:
        job = defs().resolve_job_def(JOB_NAME)
        gc.freeze()  # What is loaded by now lives to the end; looking through it again and again took a twentieth of the run.
        result = job.execute_in_process(instance=instance, raise_on_error=False, run_config=_QUIET)
        gc.freeze()  # The process ends soon, and takes a second longer when it first looks through all that the run has left behind.
        return Outcome(result.success, result.run_id, () if result.success else tuple(_faults(result)))


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
