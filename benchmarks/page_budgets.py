"""What built pages weigh and how fast a browser shows them, beside their budgets: `python benchmarks/page_budgets.py [dashboards]`.

Sizes and counts come from the files; times from a headless Chromium, each page opened from the disk, once as it is and once with its processor
slowed to a quarter. `tests/pages` asserts the sizes; times belong here, because they say as much about the machine as about the pages.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.support.page_budgets import weigh, worst


def weighed(folder: Path) -> Iterator[str]:
    """One line an item: the file that comes closest to the budget, and how many exceed it."""
    weights = weigh(folder)
    for w in worst(weights):
        above = sum(not x.is_kept for x in weights if (x.item, x.budget) == (w.item, w.budget))
        yield f"{w.item:22} {w.value:>10,} / {w.budget:>9,}  {w.path}" + (f"  ({above} files above)" if above else "")
    yield f"{'all files':22} {sum(f.stat().st_size for f in folder.rglob('*') if f.is_file()):>10,}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("dashboards"))
    folder = parser.parse_args().folder.resolve()
    print(*weighed(folder), sep="\n")


if __name__ == "__main__":
    main()
