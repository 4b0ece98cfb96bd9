"""What Dagster loads: everything in defs/, run by the in-process executor.

In-process because the steps share one DuckDB file that only one process may write, and because starting a process per step
costs several times what the steps themselves do; reading, the expensive part, fans out to its own limited worker processes.
"""

from pathlib import Path

import dagster as dg


@dg.definitions
def defs() -> dg.Definitions:
    return dg.Definitions.merge(
        dg.load_from_defs_folder(path_within_project=Path(__file__).parent),
        dg.Definitions(executor=dg.in_process_executor),
    )
