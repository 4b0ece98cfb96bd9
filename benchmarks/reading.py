"""How long reading a sheet takes, against the bare grid read of the same file: python benchmarks/reading.py

Prints, for a 300 × 12 and a 20 × 14 sheet, the processor time of python-calamine's to_python, of opening, and of read_file, each the best of
many rounds, with the ratio to the first. The workbooks are made here; nothing is kept.
"""

from __future__ import annotations

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


def best(task: Callable[[], object], rounds: int = 60) -> float:
    """Least processor time of one round, ms."""
    task()
    times = []
    for _ in range(rounds):
        start = time.process_time()
        task()
        times.append(time.process_time() - start)
    return min(times) * 1000


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for rows, columns in ((300, 12), (20, 14)):
            file = Path(folder) / f"{rows}.xlsx"
            make(file, rows, columns)
            grid, opened, read = (best(lambda f=f, file=file: f(file)) for f in (bare, open_workbook, read_file))
            print(f"{rows} × {columns}: grid {grid:.2f} ms, opened {opened:.2f} ms ({opened / grid:.1f}×), read {read:.2f} ms ({read / grid:.1f}×)")


if __name__ == "__main__":
    main()
