"""Files of a build: repeatable, complete, safe to open in a spreadsheet, replaced one by one."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import warnings
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipeline import pages
from pipeline.pages import csvs, library
from pipeline.settings import Pages as PagePolicy
from pipeline.settings import Settings
from tests.support.page_budgets import packed, weigh
from tests.support.page_html import embedded
from tests.support.pages import frames

LATER = datetime(2026, 3, 24, 9, 0)
PERSONAL = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)\d{17}[\dXx](?!\d)")


def content(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def small_site(small, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    pages.build(small, Settings(), folder, built_at=LATER)
    return folder


def test_two_builds_differ_in_the_build_line_only(small, small_site, tmp_path) -> None:
    for name, at in (("same", LATER), ("later", LATER + timedelta(hours=1))):
        pages.build(small, Settings(), tmp_path / name, built_at=at)
    assert content(small_site) == content(tmp_path / "same")
    lines = {
        folder: [re.sub(r'<span class="built".*?</span>', "", p.read_text("utf-8")) for p in sorted(folder.rglob("*.html"))]
        for folder in (small_site, tmp_path / "later")
    }
    assert lines[small_site] == lines[tmp_path / "later"]


OTHER_PROCESS = """
import sys
from datetime import datetime
from pathlib import Path
from pipeline import pages
from pipeline.settings import Settings
from tests.support.pages import frames
pages.build(frames(n_weeks=30, n_towns=3), Settings(), Path(sys.argv[1]), built_at=datetime.fromisoformat(sys.argv[2]))
"""


def test_another_process_builds_the_same_bytes(small_site, tmp_path) -> None:
    """Hashes of texts differ from process to process: an order that depends on a set would show."""
    command = [sys.executable, "-c", OTHER_PROCESS, str(tmp_path / "there"), LATER.isoformat()]
    subprocess.run(command, check=True, cwd=Path(__file__).parents[2], env={**os.environ, "PYTHONHASHSEED": "12345"}, timeout=120)
    assert content(small_site) == content(tmp_path / "there")


def test_every_page_is_there_in_both_deliveries(site) -> None:
    names = {"index", "coverage", "coverage-elderly", "channels", "losses", "quality", "glossary", "report-2026W12"}
    assert {p.stem for p in site.glob("*.html")} == names
    assert len(list((site / "area").glob("*.html"))) == 12
    assert len(list((site / "single").glob("*.html"))) == len(names) - 1 + 12, "the single coverage page holds its groups"


def test_every_page_keeps_its_budget(site) -> None:
    weights = weigh(site)
    assert {w.path for w in weights} >= {p.relative_to(site).as_posix() for p in site.rglob("*.html")}
    assert [w for w in weights if not w.is_kept] == []


def test_all_scopes_of_the_overview_keep_its_budget(site) -> None:
    """In the folder the data of scopes not shown first lie in a script of their own: together they may weigh what a single file may carry."""
    assert packed(embedded((site / "index.html").read_text("utf-8"))) + (site / "data/index.js").stat().st_size <= 200_000


def test_csv_is_what_excel_expects(site) -> None:
    raw = (site / "data/coverage.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\r\n") == raw.count(b"\n")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
    assert {"low", "high", "provisional"} <= set(rows[0])
    assert all(float(r["low"]) <= float(r["estimate"]) <= float(r["high"]) for r in rows if r["estimate"])
    assert {"grade", "firmness", "low", "high"} <= set((site / "data/losses.csv").read_text("utf-8-sig").splitlines()[0].split(","))


def test_never_reported_is_empty_and_not_zero_in_csv(site) -> None:
    rows = [r for r in csv.DictReader(io.StringIO((site / "data/communities.csv").read_text("utf-8-sig"))) if r["area"] == "五福"]
    assert rows
    assert {r["estimate"] for r in rows} == {""}


@pytest.mark.parametrize("text", ["=1+1", "+86", "-x", "@cmd", "\tx"])
def test_text_that_looks_like_a_formula_is_neutralised(text) -> None:
    assert csvs.encoded(["a"], [[text]]).decode("utf-8-sig").splitlines()[1].strip('"').startswith("'")
    assert csvs.safe(-3.5) == -3.5


HOSTILE = {"白鹭镇": '<img src=x onerror=alert(1)>"', "柳溪镇": "</script><script>alert(2)</script>", "石泉镇": "=HYPERLINK(1)", "永安": "'\"><b>x"}


def test_names_from_sheets_never_become_markup(tmp_path) -> None:
    pages.build(frames(n_weeks=30, n_towns=9, rename=HOSTILE), Settings(), tmp_path, built_at=LATER)
    for path in [*tmp_path.glob("*.html"), *tmp_path.glob("single/*.html"), *tmp_path.glob("data/**/*.js")]:
        text = path.read_text("utf-8")
        assert "<img src=x" not in text, path
        assert "<script>alert(2)" not in text, path
    assert ",=HYPERLINK" not in (tmp_path / "data/coverage.csv").read_text("utf-8-sig")


def test_no_personal_data_in_any_file(site) -> None:
    found = {p.name: m.group() for p in site.rglob("*") if p.suffix in (".html", ".csv", ".js") and "plotly" not in p.name
             and "single" not in p.parts and (m := PERSONAL.search(re.sub(r"[0-9a-f]{16,}|\d+\.\d+", "", p.read_text("utf-8"))))}  # fmt: skip
    assert found == {}


@pytest.mark.parametrize("weeks", [1, 3, 14])
def test_a_short_history_still_makes_every_page(weeks, tmp_path) -> None:
    written = pages.build(frames(n_weeks=weeks, n_towns=3), Settings(), tmp_path, built_at=LATER)
    assert {"index.html", "losses.html", "quality.html", "manifest.json"} <= {w.path for w in written}


def test_library_is_the_recorded_one_and_falls_back_with_a_warning(tmp_path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        basic = library.library()
    assert len(basic) < 1_250_000
    assert library.version(basic) == "4.1.1"
    shutil.copytree(library.VENDOR, tmp_path / "vendor")
    (tmp_path / "vendor" / library.NAME).write_bytes(b"/* plotly.js v4.1.2 */")
    with pytest.warns(library.LibraryWarning, match="differs"):
        assert len(library.library(tmp_path / "vendor")) > 4_000_000
    (tmp_path / "vendor" / library.NAME).unlink()
    with pytest.warns(library.LibraryWarning, match="missing"):
        library.library(tmp_path / "vendor")


def test_publishing_replaces_file_by_file_and_keeps_side_files_one_round(small, tmp_path) -> None:
    target = tmp_path / "dashboards"
    rounds = []
    for n in range(3):
        temp = tmp_path / str(n)
        pages.build(small, Settings(pages=PagePolicy(delivery="both" if n == 0 else "folder")), temp, built_at=LATER + timedelta(days=n))
        pages.publish(temp, target)
        rounds.append((target / "single/index.html").is_file())
    assert rounds == [True, True, False]
    manifest = json.loads((target / "manifest.json").read_text("utf-8"))
    assert all((target / path).is_file() for path in manifest["files"])
    assert not list(target.rglob(".*"))
