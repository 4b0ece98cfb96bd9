"""The optional map on the coverage page: when it is drawn, in which colours, and that a browser shows it like everything else."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest

from pipeline import boundaries, pages
from pipeline.charts.theme import DARK, LIGHT
from pipeline.pages.boundary_map import blocks_of
from pipeline.pages.district import District
from pipeline.pages.messages import plain
from pipeline.pages.model import Block, Notes, Plot, linked_numbers
from pipeline.settings import Map, Pages, Settings
from tests.support.boundaries import write
from tests.support.looks import AXE, AXE_RUN, faults, look, outside
from tests.support.page_budgets import weigh
from tests.support.pages import framed, frames

NUMBER = "审图号：示S（2026）001号"
WHOLE = Map(boundaries="towns.geojson", review_number=NUMBER)


@pytest.fixture(scope="module")
def mapped(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """The fictional district with boundaries of its towns."""
    given = frames()
    towns = given["areas"].filter(level="town").sort("position")["zh"].to_list()
    file = write(tmp_path_factory.mktemp("boundaries") / "towns.geojson", towns)
    return given | {"boundaries": framed("boundaries", boundaries.read(file, boundaries.levels_of(given["areas"]))[0].to_dicts())}


@pytest.fixture(scope="module")
def map_site(mapped: dict, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mapped")
    pages.build(mapped, Settings(map=WHOLE), folder, built_at=datetime(2026, 3, 24, 9, 0))
    return folder


def cards(given: dict, policy: Map, note: str = "") -> tuple[Block, ...]:
    build = given["build"] if not note else framed("build", [*given["build"].to_dicts(), {"key": "map_note", "value": note}])
    district = District(given | {"build": build}, Settings(map=policy))
    return blocks_of(district, district.default_period)


def test_without_a_file_there_is_no_card(mapped) -> None:
    assert cards(mapped, Map()) == ()
    assert cards(mapped, Map(review_number=NUMBER)) == ()


@pytest.mark.parametrize(
    ("policy", "has_shapes", "note", "said"),
    [
        (Map(boundaries="b.geojson"), True, "", ["没有 review_number（审图号）"]),
        (WHOLE, False, "边界文件 b.geojson 不能用：没有这个文件。 / The file cannot be used.", ["边界文件 b.geojson 不能用：没有这个文件。"]),
        (Map(boundaries="b.geojson"), False, "不能用。 / Cannot be used.", ["没有 review_number（审图号）", "不能用。"]),
    ],
)
def test_a_map_that_is_not_drawn_says_why(mapped, policy, has_shapes, note, said) -> None:
    given = mapped if has_shapes else mapped | {"boundaries": mapped["boundaries"].clear()}
    (card,) = cards(given, policy, note)
    (notes,) = card.body
    assert isinstance(notes, Notes)
    texts = [plain(text, "zh", {}) for _, text in notes.items]
    assert len(texts) == len(said)
    assert all(part in text for part, text in zip(said, texts, strict=True))


def test_each_town_has_its_colour_its_label_and_its_row(mapped) -> None:
    (card,) = cards(mapped, WHOLE, "图形 邻县 不是本辖区的。 / shapes of no area: 邻县.")
    (plot,) = card.body
    assert isinstance(plot, Plot)
    district = District(mapped, Settings(map=WHOLE))
    end, edges = district.default_period.last, (0.40, 0.50, 0.60, 0.75)
    for trace, note in zip(plot.figure.data, plot.figure.layout.annotations, strict=False):
        estimate = district.cover[trace.name, end]["estimate"]
        assert trace.fillcolor == LIGHT[f"bin{sum(estimate >= edge for edge in edges)}"]
        assert note.text == f"{district.area[trace.name]['zh']} {estimate:.0%}"
    assert sorted(t.name for t in plot.figure.data) == sorted(district.towns)
    assert plot.figure.layout.annotations[-1].text == NUMBER
    assert card.data is not None
    assert [row.key for row in card.data.rows] == list(district.towns)
    assert [num.area for num in linked_numbers(card)] == list(district.towns)
    assert plain(card.foot, "zh", {}) == "图形 邻县 不是本辖区的。"  # pyright: ignore[reportArgumentType]


def test_a_town_that_never_reported_is_hatched_and_unnumbered(mapped) -> None:
    gone = mapped | {"coverage": mapped["coverage"].filter(~mapped["coverage"]["area_id"].str.starts_with("03"))}
    (card,) = cards(gone, WHOLE)
    figure = card.body[0].figure  # pyright: ignore[reportAttributeAccessIssue]
    (trace,) = [t for t in figure.data if t.name == "03"]
    assert (trace.fillpattern.shape, trace.fillcolor) == ("/", LIGHT["never"])
    assert [n.text for n in figure.layout.annotations if n.name == "03"] == ["白鹭镇 —"]


def test_pages_with_a_map_keep_their_budgets(map_site) -> None:
    assert [w for w in weigh(map_site) if not w.is_kept] == []


def test_the_browser_draws_it_offline_without_collisions_in_both_themes(visit, map_site, tmp_path) -> None:
    opened = visit("coverage.html", folder=map_site)
    page = opened.page
    fills = "[...document.querySelectorAll('[data-plot=map] path.js-fill')].map(p => p.style.fill)"
    light = page.evaluate(fills)
    assert len(light) == 12
    assert page.evaluate("document.querySelector('[data-plot=map]').textContent").count(NUMBER) == 1
    for next in ({"width": 320, "lang": "zh"}, {"width": 390}, {"width": 768, "lang": "en"}, {"width": 1440}, {"width": 1920, "theme": "dark"}):
        look(page, open=True, **next)
        assert faults(page) == [], next
    shown = {tuple(int(DARK[f"bin{i}"][k : k + 2], 16) for k in (1, 3, 5)) for i in range(5)}
    drawn = {tuple(int(v) for v in fill[4:-1].split(", ")) for fill in page.evaluate(fills)}
    assert drawn <= shown, "the dark theme has colours of its own"
    assert outside(page) == []
    assert opened.complaints == []
    page.add_script_tag(content=AXE)
    assert page.evaluate(AXE_RUN) == []


def test_an_area_says_its_range_and_people_and_opens_its_page(visit, map_site) -> None:
    """By pointer on the map; by keyboard with the same links in its table."""
    page = visit("coverage.html", folder=map_site).page
    page.locator("[data-plot=map]").scroll_into_view_if_needed()
    x, y = page.evaluate(
        """() => { const box = document.querySelector('[data-plot=map]'), {xaxis, yaxis} = box._fullLayout, at = box.getBoundingClientRect();
            const note = box.layout.annotations.find((n) => n.name === '03');
            return [at.left + xaxis._offset + xaxis.d2p(note.x), at.top + yaxis._offset + yaxis.d2p(note.y)]; }"""
    )
    page.mouse.move(x, y + 24)
    page.wait_for_selector("[data-plot=map] .hovertext")
    said = page.locator("[data-plot=map] .hovertext").text_content()
    assert re.fullmatch(r"白鹭镇：\d+%–\d+%，常住 [\d.]+万?人", said), said
    page.mouse.click(x, y + 24)
    page.wait_for_url("**/area/03.html*")


def test_a_single_file_has_the_map_too_and_paper_keeps_its_colours(visit, map_site, tmp_path) -> None:
    opened = visit("single/coverage.html", folder=map_site)
    opened.page.emulate_media(media="print")
    opened.page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True, print_background=True)
    assert opened.page.evaluate("document.querySelectorAll('[data-plot=map] path.js-fill').length") == 12
    assert opened.complaints == []


def test_rankings_switched_off_name_no_town_in_the_title(mapped) -> None:
    district = District(mapped, Settings(map=WHOLE, pages=Pages(rankings="off")))
    (card,) = blocks_of(district, district.default_period)
    assert plain(card.title, "zh", district.names) == "各辖区的覆盖率"  # pyright: ignore[reportArgumentType]
