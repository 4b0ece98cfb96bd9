"""Cells that a single file carries, and what it says of those it does not."""

from __future__ import annotations

import pytest

from pipeline.pages import overview
from pipeline.pages.contributions import stores
from pipeline.pages.lineage import Carrier
from pipeline.pages.packing import dumped


def test_other_periods_are_carried_as_far_as_there_is_room(district) -> None:
    """With room each headline number of the district in every period, of the number the card states; without, only the default period."""
    page = overview.page(district)
    carrier = Carrier(stores(district), district)
    base, more = carrier.of(page), carrier.of(page, 100_000)
    some = carrier.of(page, 1_500)
    assert len(dumped(base)) < len(dumped(some)) < len(dumped(base)) + 1_500
    for period in (p.id for p in district.periods if p.id != district.default_period.id):
        for metric in ("cases", "prevented", "contacts"):
            key = f"d|{period}|"
            assert key not in base[metric]["picks"]
            facts, rows = more[metric]["picks"][key]
            assert facts[3] == pytest.approx(district.kpi[metric, "d", period]["value"]), (metric, period)
            assert rows
            assert all(0 <= row < len(more[metric]["rows"]) for row in rows)


@pytest.mark.browser
def test_a_single_file_says_what_it_does_not_carry_and_whom_to_ask(visit) -> None:
    page = visit("single/index.html", "t=03&p=26").page
    page.locator('[data-card="cases"] .value').click()
    text = page.locator("#panel[open] #panel-body").inner_text()
    assert "本文件没有带上这个范围的单元格" in text
    assert "近13周的在本文件里" in text
    assert "请向发送人索取文件夹版的 data/lineage/cases.csv" in text
    assert "没有可列出" not in text
    page.keyboard.press("Escape")
    page.evaluate("OUTREACH.show({period: 'w13'})")
    page.locator('[data-card="cases"] .value').click()
    page.locator("#panel[open] tbody tr").first.wait_for()
    assert "没有随本文件附上，请向发送人索取" in page.locator("#panel-body").inner_text()
