"""What Dagster loads: everything in defs/, run by the in-process executor.

In-process because the steps share one DuckDB file that only one process may write, and because starting a process per step
costs several times what the steps themselves do; reading, the expensive part, fans out to its own limited worker processes.
Named here rather than found by a search of the folder, which also describes every component that Dagster could offer and so cost every
run more than all of this.
"""

import dagster as dg

from pipeline.defs import assets, automation
from pipeline.defs.resources import Office


@dg.definitions
def defs() -> dg.Definitions:
    return dg.Definitions(
        assets=dg.load_assets_from_modules([assets]),
        jobs=[automation.job],
        schedules=[automation.nightly],
        sensors=[automation.folder],
        resources={"office": Office()},
        executor=dg.in_process_executor,
    )
