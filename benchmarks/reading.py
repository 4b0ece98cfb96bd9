"""How long reading a sheet takes, against the bare grid read of the same file: python benchmarks/reading.py [--rounds 200]

For a 300 × 12 and a 20 × 14 sheet: milliseconds of python-calamine's to_python, of opening, and of read_file, with the ratio to the first.
Every round runs the three after one another, so that whatever else the machine does falls on all of them, and the ratio is the median of the
rounds' own ratios: of processor time, and of time on the clock in brackets. The interpreter's collector runs as it does for everybody.
Everything was read before once, as in a worker that has seen the office's sheets. The workbooks are made here; nothing is kept.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl
from python_calamine import CalamineWorkbook

sys.path.insert(0, str(Path(__file__).parent.parent))

from pipeline.intake.reading import read_file
from pipeline.intake.workbook import open_workbook

HEADINGS = [
    *(
        "发放宣传单（份）",
        "悬挂横幅（条）",
        "LED屏（块）",
        "广播（小时）",
        "无人机（架次）",
        "微信群（个）",
        "推送信息（条）",
        "阅读量（万次）",
        "场次",
    ),
    *("参与人数", "受众人数（人次）", "短信（条）", "承诺书（份）"),
]


def make(file: Path, rows: int, columns: int) -> None:
    """A weekly tally: mostly plain numbers, every fifth column approximate ones as text."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["反诈宣传周统计表（2026年3月2日—3月8日）"])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=columns)
    sheet.append(["单位", *HEADINGS[: columns - 1]])
    for row in range(rows):
        sheet.append([f"虚构{row}派出所", *((row * 7 + c) % 913 if c % 5 else f"{row + 1}余" for c in range(columns - 1))])
    book.save(file)


def bare(file: Path) -> object:
    book = CalamineWorkbook.from_path(file)
    return [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names]


def rounds(tasks: list[Callable[[Path], object]], file: Path, n: int) -> list[list[tuple[float, float]]]:
    """For each round and task, (processor, clock) milliseconds. What a task gives is let go within its own time."""
    for task in tasks * 3:
        task(file)
    found = []
    for _ in range(n):
        times = []
        for task in tasks:
            processor, clock = time.process_time(), time.perf_counter()
            task(file)
            times.append(((time.process_time() - processor) * 1000, (time.perf_counter() - clock) * 1000))
        found.append(times)
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=200)
    n = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        for rows, columns in ((300, 12), (20, 14)):
            file = Path(folder) / f"{rows}.xlsx"
            make(file, rows, columns)
            found = rounds([bare, open_workbook, read_file], file, n)
            said = [f"grid {statistics.median(times[0][0] for times in found):.2f} ms"]
            for i, name in enumerate(("opened", "read"), 1):
                ms = statistics.median(times[i][0] for times in found)
                processor, clock = (statistics.median(times[i][kind] / times[0][kind] for times in found) for kind in (0, 1))
                said.append(f"{name} {ms:.2f} ms, {processor:.2f}× ({clock:.2f}×)")
            print(f"{rows} × {columns}: {'; '.join(said)}")


if __name__ == "__main__":
    main()
