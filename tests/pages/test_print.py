"""The pages on paper: as many sheets as stated, each filled, nothing over something else."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.support.looks import look

pytestmark = pytest.mark.browser


def printed(page, to: Path) -> tuple[int, str]:
    page.pdf(path=to, prefer_css_page_size=True, print_background=True)
    facts = subprocess.run(["pdfinfo", to], capture_output=True, text=True, check=True).stdout
    text = subprocess.run(["pdftotext", "-layout", to, "-"], capture_output=True, text=True, check=True).stdout
    assert "A4" in facts
    return int(re.search(r"Pages:\s+(\d+)", facts).group(1)), text  # type: ignore[union-attr]


def picture_of(pdf: Path, number: int) -> list[bytes]:
    """Rows of a page's pixels, three bytes each."""
    ppm = subprocess.run(["pdftoppm", "-r", "40", "-f", str(number), "-l", str(number), pdf], capture_output=True, check=True).stdout
    width, height = map(int, ppm.split(b"\n", 2)[1].split())
    pixels = ppm[-3 * width * height :]
    return [pixels[3 * width * y : 3 * width * (y + 1)] for y in range(height)]


@pytest.mark.parametrize(
    ("path", "sheets", "looks"),
    [
        ("index.html", 2, ({}, {"lang": "en"}, {"lang": "zh", "theme": "dark", "area": "03", "period": "w13"})),
        ("report-2026W12.html", 2, ({}, {"lang": "en"})),
        ("area/03.html", 1, ({"theme": "dark"}, {"lang": "en"})),
    ],
)
def test_print_fills_the_stated_sheets(visit, tmp_path, path, sheets, looks) -> None:
    page = visit(path).page
    for next in looks:
        look(page, **next)
        n, text = printed(page, tmp_path / "page.pdf")
        assert n == sheets, next
        assert ("Data to" if next.get("lang") == "en" else "数据截至") in text
        assert ("Sample data" if next.get("lang") == "en" else "示例数据") in text
        is_filled(tmp_path / "page.pdf")


@pytest.mark.parametrize("path", ["coverage.html", "quality.html", "losses.html", "channels.html", "glossary.html"])
def test_nothing_printed_lies_over_something_else(visit, tmp_path, path) -> None:
    page = visit(path).page
    page.evaluate("""document.querySelectorAll(':is(#t2, #awareness, #issues, #returned, #glossary) tbody').forEach(body => {
        const row = body.rows[0]; while (body.rows.length && body.rows.length < 60) body.append(row.cloneNode(true)); })""")
    printed(page, tmp_path / "page.pdf")
    assert overlaps(tmp_path / "page.pdf") == []


def overlaps(pdf: Path) -> list[tuple[str, str]]:
    """Pairs of words of a sheet that cross: their boxes' middle 40 % meet (fonts' boxes are taller than their lines) over half of the shorter
    (punctuation is set closer than its boxes)."""
    out = subprocess.run(["pdftotext", "-bbox", pdf, "-"], capture_output=True, text=True, check=True).stdout
    found = []
    for sheet in out.split("<page")[1:]:
        boxes = re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>', sheet)
        placed = [(*map(float, box), text) for *box, text in boxes]
        words = sorted((0.7 * y + 0.3 * b, x, 0.3 * y + 0.7 * b, r, text) for x, y, r, b, text in placed)
        for n, (_, x, b, r, text) in enumerate(words):
            for y2, x2, _, r2, other in words[n + 1 :]:
                if y2 >= b:
                    break
                if min(r, r2) - max(x, x2) > min(r - x, r2 - x2) / 2 and re.search(r"\w", text) and re.search(r"\w", other):
                    found.append((text, other))
    return found


def is_filled(pdf: Path) -> None:
    """The first sheet is white at its corner and right margin, and at most a tenth of it is empty at the foot."""
    rows = picture_of(pdf, 1)
    assert rows[0][:3] == b"\xff\xff\xff"
    assert all(row[-6:] == b"\xff" * 6 for row in rows)
    inked = [y for y, row in enumerate(rows) if row.strip(b"\xff")]
    top, foot = len(rows) * 11 / 297, len(rows) * (297 - 13) / 297
    assert (foot - inked[-1]) / (foot - top) <= 0.1
