"""Parity of charts: every point a figure holds, every class of a tile, every status and share is the one recomputed from the published tables."""

from __future__ import annotations

import bisect

import pytest

from pipeline.pages.model import Matrix, Page, Plot, Split, Table, Tile, Tiles
from tests.support.parity.drawn import DRAWN
from tests.support.parity.recomputed import Recomputed
from tests.support.parity.said import POLICY, Spot

FILLED = ("series:", "bars:")
"""Sources of charts that the page fills from embedded data: see test_parity.py."""


def near(values) -> list:
    return [v if v is None or isinstance(v, str) else pytest.approx(v, rel=1e-9, abs=1e-9) for v in values]


def spot(page: Page, where: str) -> Spot:
    scope = page.views[0].scope
    return Spot(page.kind, scope.area, scope.period, where, page.group or "all")


def test_every_point_of_every_figure_is_recomputed(built) -> None:
    o, pages = built
    n = 0
    for page in pages:
        for block, plot in ((b, piece) for b in page.blocks for piece in b.body if isinstance(piece, Plot)):
            if plot.source.startswith(FILLED) or plot.source == "map":  # a map's shapes are the office's; its words and colours: test_boundary_map.py
                assert all(trace.x is None and trace.y is None for trace in plot.figure.data) or plot.source == "map", (page.path, block.id)
                continue
            assert block.id in DRAWN, f"{page.path}: a function in tests/support/parity/drawn.py is wanted for {block.id}"
            expected = DRAWN[block.id](o, spot(page, block.id))
            drawn = {trace.name: (list(trace.x), list(trace.y)) for trace in plot.figure.data}
            assert set(drawn) == set(expected), (page.path, block.id)
            for name, (x, y) in expected.items():
                assert drawn[name] == ([str(v) if hasattr(v, "year") else v for v in x], near(y)), (page.path, block.id, name)
                n += len(x)
    assert n > 300


def test_every_tile_has_the_class_of_its_estimate(built) -> None:
    o, pages = built

    def of(tile: Tile, week, audience: str) -> None:
        row = o.cover.get((audience, tile.area, week))
        value = row["estimate"] if row else None
        assert (tile.estimate, tile.low, tile.high) == (value, *((row["low"], row["high"]) if row else (None, None))), tile.area
        assert tile.bin == (-1 if value is None else bisect.bisect_right(POLICY.coverage.bins, value)), tile.area
        assert tile.residents == o.people(tile.area, audience), tile.area

    seen = 0
    for page in pages:
        at = spot(page, "c3")
        last = o.periods[at.period][1]
        for grid in (piece for b in page.blocks for piece in b.body if isinstance(piece, Tiles)):
            for panel in grid.panels:
                assert panel.estimate == o.estimate(panel.area, last, at.audience)
                assert sorted(t.area for t in panel.tiles) == sorted(o.places(panel.area))
                assert [t.estimate or -1 for t in panel.tiles] == sorted(t.estimate or -1 for t in panel.tiles)
                for tile in panel.tiles:
                    of(tile, last, at.audience)
                    seen += 1
    assert seen > 30


def test_every_status_of_the_report_matrix_is_recomputed(built) -> None:
    o, pages = built
    for page in pages:
        for matrix in (piece for b in page.blocks for piece in b.body if isinstance(piece, Matrix)):
            assert list(matrix.weeks) == o.weeks[-len(matrix.weeks) :]
            assert [town for town, _ in matrix.rows] == ([page.views[0].scope.area] if page.kind == "area" else o.towns)
            for town, states in matrix.rows:
                assert list(states) == [o.of_week(town, week) for week in matrix.weeks], (page.path, town)


def test_every_part_of_a_whole_is_recomputed(built) -> None:
    o, pages = built
    for page in pages:
        at = spot(page, "c10")
        for whole in (piece for b in page.blocks for piece in b.body if isinstance(piece, Split)):
            known = {r["f"]: r["n"] for r in o.rows(f"SELECT firmness AS f, sum(n_cases) AS n FROM events WHERE {o.inside(at.period)} GROUP BY 1")}
            total = sum(known.values())
            shown = {part.css.removeprefix("f-"): (part.n, part.share) for part in whole.parts}
            assert shown == {f: (known.get(f, 0), pytest.approx(known.get(f, 0) / total)) for f in shown}
            assert set(known) <= set(shown)


def test_every_bar_and_sort_key_in_a_cell_is_its_number(built) -> None:
    """A bar beside a number draws that number; a column sorts by it."""
    _, pages = built
    for page in pages:
        for table in (piece for b in page.blocks for piece in (*b.body, b.data) if isinstance(piece, Table)):
            for cell in (cell for row in table.rows for cell in row.cells):
                if cell.bar:
                    value, low, high = cell.bar
                    assert cell.zh == f"{round(100 * value + 1e-9, 1):.1f}%", (page.path, table.id, cell.zh)
                    assert low <= value <= high
                    assert cell.sort == value


def test_every_value_of_the_bar_charts_is_recomputed(built) -> None:
    o, pages = built
    for page in pages:
        for view in page.views:
            area, period = view.scope.area, view.scope.period
            for chart, rows in view.bars.items():
                if chart == "c4":
                    for channel, row in zip(o.channels, rows, strict=True):
                        kpi = o.kpi(f"contacts.{channel}", area, period)
                        expected = [o.contacts(channel, area, period), kpi["previous"], kpi["change"]]
                        assert [row[k] for k in ("now", "previous", "change")] == near(expected), (page.path, view.scope, channel)
                    continue
                assert chart in ("c5", "c5w"), f"nothing recomputes the bars of {chart}"
                dimension = "way" if chart == "c5w" else "fraud_type"
                for category, row in zip(o.categories(dimension), rows, strict=True):
                    expected = o.by_category(dimension, area, period)[category]
                    fields = [k for k in row if k != "text"]
                    assert [row[k] for k in fields] == near([expected[k] for k in fields]), (page.path, view.scope, category)


def test_marks_stand_at_the_week_of_the_named_case(built) -> None:
    o, pages = built
    for page in pages:
        for view in page.views:
            assert set(view.marks) <= {"case"}, "nothing recomputes a mark"
            if "case" in view.marks:
                area, period = view.scope.area, view.scope.period
                scope = "true" if area == o.top else f"town_id = '{area}'"
                single = f"{scope} AND {o.inside(period)} AND value IS NOT NULL AND NOT is_aggregate"
                week = o.value(f"SELECT week FROM events WHERE {single} ORDER BY value DESC LIMIT 1")
                assert o.shown[view.marks["case"]] == week, view.scope  # type: ignore[index]


def test_the_recomputation_knows_the_whole_publication(built) -> None:
    o: Recomputed = built[0]
    assert all(o.tables[name].height for name in ("events", "coverage", "report_status", "measurements"))
    assert o.value("SELECT sum(value) FROM events") > 1e6
