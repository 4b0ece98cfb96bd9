"""When the pipeline runs by itself: the one job, every night at 02:00 Asia/Shanghai, and soon after a spreadsheet was dropped.

The sensor's cursor is a fingerprint of (path, size, modification time) of everything below data/raw, never a run key alone: a
run key is remembered for ever and would ignore a corrected file that comes back under its old name.
"""

import hashlib
from pathlib import Path

import dagster as dg

from pipeline.settings import Places

JOB_NAME = "outreach"
CRON = "0 2 * * *"
TIME_ZONE = "Asia/Shanghai"

job = dg.define_asset_job(
    JOB_NAME,
    selection=dg.AssetSelection.all(),
    description="读取 data/raw/ 的表格，更新数据仓库，生成网页。Reads what was dropped, settles it, measures, publishes.",
)

nightly = dg.ScheduleDefinition(
    name="nightly",
    job=job,
    cron_schedule=CRON,
    execution_timezone=TIME_ZONE,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="每天凌晨两点。Every night at two.",
)


def folder_fingerprint(raw: Path) -> str:
    """Changes whenever a file below `raw` appears, vanishes, grows or is written again; "missing" when the folder is not there."""
    if not raw.is_dir():
        return "missing"
    digest = hashlib.sha256()
    for file in sorted(raw.rglob("*")):
        if file.name.startswith(("~$", ".")) or not file.is_file():
            continue
        about = file.stat()
        digest.update(f"{file.relative_to(raw)}\0{about.st_size}\0{about.st_mtime_ns}\n".encode())
    return digest.hexdigest()


@dg.sensor(
    name="folder",
    job=job,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="data/raw/ 有变化并静止一分钟后运行。Runs once data/raw/ has changed and then rested for a minute.",
)
def folder(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Two looks: a change is acted on only when the next look, a minute later, finds the folder as it was: copies must be finished."""
    seen = folder_fingerprint(Places.here().raw)
    acted, _, waiting = (context.cursor or "|").partition("|")
    if seen == "missing":
        return dg.SkipReason("data/raw 不在：没有挂载？ data/raw is not there; nothing is run until it is back.")
    if seen == acted:
        return dg.SkipReason("没有变化 Nothing has changed.")
    if seen != waiting:
        return dg.SensorResult(cursor=f"{acted}|{seen}", skip_reason=dg.SkipReason("有变化，等文件写完 Changed; waiting for copies to finish."))
    return dg.SensorResult(cursor=f"{seen}|", run_requests=[dg.RunRequest()])
