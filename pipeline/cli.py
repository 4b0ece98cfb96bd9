"""`outreach …`: what people type. Each command says in plain words what happened and what to do next.

Here: arguments, the terminal's words, exit codes (0 done, 1 something needs a person, 2 wrong use). Not here: any step of the run
(night/), any rule about numbers. Heavy imports stay inside the commands, so that a question is answered at once.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console

from pipeline.faults import MendableFault
from pipeline.settings import Places

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="反诈宣传统计 Anti-fraud outreach statistics. 根目录：当前文件夹，或 OUTREACH_ROOT。",
)
console = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)


def main() -> None:
    """Entry point. Faults that a person can mend are said without a trace; anything else keeps its trace."""
    try:
        app()
    except (MendableFault, FileNotFoundError, KeyError) as fault:
        errors.print(f"[bold red]×[/] {fault.args[0] if fault.args else fault}", markup=True)
        raise SystemExit(1) from None
    except ValidationError as fault:
        errors.print("[bold red]×[/] outreach.toml 或 OUTREACH_* 变量有误 / a setting is wrong:")
        for error in fault.errors():
            where = ".".join(str(part) for part in error["loc"])
            errors.print(f"  {where}: {error['msg']}", markup=False)
        raise SystemExit(1) from None


@app.command()
def run(
    as_known_on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="按该日所知重做网页 pages as known on that day")] = None,
    out: Annotated[Path | None, typer.Option(help="与 --as-known-on 合用：写到哪里 where those pages go")] = None,
) -> None:
    """读取 data/raw/，更新数据仓库，生成网页。 Read, settle, measure, publish: the nightly job, now."""
    if (as_known_on is None) != (out is None):
        errors.print("--as-known-on 与 --out 要一起用 / go together.")
        raise SystemExit(2)
    places = Places.here()
    if as_known_on is not None and out is not None:
        from pipeline.night.known import build_as_known_on

        built = build_as_known_on(places, as_known_on.date(), out)
        console.print(f"按 {as_known_on:%Y-%m-%d} 所知生成 {built} 个网页：{out / 'index.html'}。已发布的内容没有改动。")
        return
    from pipeline.night.terminal import run_job

    raise SystemExit(run_job(places, console))


@app.command()
def explain(
    file: Annotated[Path, typer.Argument(help="要看的表 a spreadsheet")],
    as_json: Annotated[bool, typer.Option("--json", help="给程序看 for programs")] = False,
) -> None:
    """入库之前，先看这张表会怎样被读取。 What a file would give, and what would come back; nothing is stored."""
    from pipeline.intake.explain import as_json as to_json
    from pipeline.intake.explain import as_text
    from pipeline.intake.isolation import read_isolated

    if not file.is_file():
        errors.print(f"[bold red]×[/] 找不到文件 no such file: {file}")
        raise SystemExit(2)
    one_worker = Places.here().settings().reading.model_copy(update={"workers": 1})
    reading = read_isolated(file, one_worker)
    if as_json:
        sys.stdout.write(json.dumps(to_json(reading), ensure_ascii=False, indent=1, default=str) + "\n")
    else:
        console.print(as_text(reading, file), markup=False)


@app.command()
def sample(
    remove: Annotated[bool, typer.Option("--remove", help="移除示例及其全部痕迹 take it away with its rows, archive and snapshots")] = False,
    if_empty: Annotated[bool, typer.Option("--if-empty", help="仅当没有任何表格和数据仓库时 only where there is nothing yet")] = False,
    seed: int = 20260323,
    end: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="结束日期，默认今天 last day, default today")] = None,
) -> None:
    """写入虚构的示例区，或移除它。 Write the fictional district into data/raw/示例/, or take it away."""
    from pipeline.night.sample import has_nothing_yet, put_sample, take_sample_away

    places = Places.here()
    if remove:
        console.print(take_sample_away(places))
        return
    if if_empty and not has_nothing_yet(places):
        return
    console.print(put_sample(places, seed=seed, end=end.date() if end else today(places)))


@app.command()
def report() -> None:
    """上一次运行的情况。 The last run in plain words."""
    from pipeline.night.summary import last_report

    console.print(last_report(Places.here()), markup=False)


@app.command()
def status() -> None:
    """现在发布的是什么。 What is published now, and whether anything waits for a person."""
    from pipeline.night.summary import status_text

    console.print(status_text(Places.here()), markup=False)


@app.command()
def check() -> None:
    """检查设置、表样、人工决定，不运行。 Settings, forms and decisions, without running anything."""
    from pipeline.night.check import check_all

    lines, is_good = check_all(Places.here())
    for line in lines:
        console.print(line, markup=False)
    raise SystemExit(0 if is_good else 1)


@app.command()
def withdraw(
    file: Annotated[str, typer.Argument(help="data/raw 下的路径 path below data/raw")],
    reason: Annotated[str, typer.Option(help="原因（必填） why")],
    by: Annotated[str, typer.Option(help="谁决定 who decided")] = "",
) -> None:
    """撤回一个文件的全部数字，记录在案；删除文件本身不撤回任何数。 Take a file's numbers out, on record."""
    from pipeline.journal import Journal

    places = Places.here()
    Journal(places).withdraw(file.removeprefix("data/raw/"), reason, by or os.environ.get("USER", "operator"))
    console.print(f"已记录撤回：{file}。下次运行后生效。 / Recorded; it takes effect with the next run.")


@app.command()
def confirm(by: Annotated[str, typer.Option(help="谁确认 who confirms")] = "") -> None:
    """确认那些不见的文件确实该不在；它们的数字保留。 Confirm that vanished files are meant to be gone; their numbers stay."""
    from pipeline.journal import Journal

    places = Places.here()
    journal = Journal(places)
    vanished = journal.vanished(journal.scan(), places.settings().safety.vanished_share)
    if not vanished.paths:
        console.print("没有不见的文件。 / Nothing has vanished.")
        return
    journal.confirm_vanished(vanished, by or os.environ.get("USER", "operator"))
    console.print(f"已确认 {len(vanished.paths)} 个文件不在；它们的数字保留，要去掉请用 outreach withdraw。 / Confirmed; their numbers stay.")


@app.command()
def serve(port: Annotated[int, typer.Option(help="本机端口 port on localhost")] = 3000) -> None:
    """在本机打开 Dagster 界面，定时和文件夹监测一并运行。 Dagster's UI on localhost, with schedule and sensor."""
    from pipeline.defs.instance import prepare_home

    places = Places.here()
    prepare_home(places)
    environment = os.environ | {"OUTREACH_ROOT": str(places.root), "DAGSTER_DISABLE_TELEMETRY": "yes"}
    console.print(f"http://127.0.0.1:{port} （Ctrl+C 结束 ends it）")
    command = [sys.executable, "-m", "dagster", "dev", "-h", "127.0.0.1", "-p", str(port), "-m", "pipeline.definitions"]
    raise SystemExit(subprocess.run(command, env=environment, check=False).returncode)


@app.command()
def restore() -> None:
    """由存档、日志和人工决定重建数据仓库。 Rebuild the warehouse from archive, journal and decisions."""
    from pipeline.night.terminal import restore_all

    raise SystemExit(restore_all(Places.here(), console))


def today(places: Places) -> date:
    """Today in the office's time zone; the only place where a command line default takes the clock."""
    from zoneinfo import ZoneInfo

    return datetime.now(ZoneInfo(places.settings().district.time_zone)).date()
