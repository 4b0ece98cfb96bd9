"""Colours that can be read, figures that plotly accepts, traces that say which column they show."""

from __future__ import annotations

from datetime import date, timedelta

import plotly.graph_objects as go
import polars as pl
import pytest

from pipeline.charts import bars, coverage, history, losses, multiples, pace, panels, theme
from pipeline.charts.pace import Pace
from pipeline.charts.series import FADED, PROVISIONAL, Span, fill, masked
from pipeline.pages.embed import recolouring

WEEKS = [date(2025, 3, 27) + timedelta(weeks=i) for i in range(52)]
SPAN = Span(39, 51, 49)
GRADES = ("p5e", "p5s", "p4e", "p4s", "p3e", "p3s", "p2e", "p2s")
MARKERS = [
    {"key": "op:x", "kind": "operation", "start": "2025-11-03", "end": "2026-02-10", "text": "行动"},
    {"key": "d", "kind": "day", "start": "2025-06-29", "end": "2025-06-29", "text": "宣传日"},
]
EDGES = ("2025-12-22", "2026-03-22")


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a: str, b: str) -> float:
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


PAIRS = [
    *((ink, ground) for ink in ("ink2", "ink3") for ground in ("card", "bg")),
    *((text, "card") for text in ("ink", "pri", "att", "crit")),
    *(("att", "attsoft"), ("ink2", "camp"), ("ink2", "never")),
    *((f"bin{i}ink", f"bin{i}") for i in range(5)),
]


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_is_readable(name: str, text: str, ground: str) -> None:
    assert contrast(theme.THEMES[name][text], theme.THEMES[name][ground]) >= 4.5


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("mark", ["pri", "teal", "att", "crit", "g5", "g4", "g3", "focus"])
def test_marks_stand_out_from_the_card(name: str, mark: str) -> None:
    assert contrast(theme.THEMES[name][mark], theme.THEMES[name]["card"]) >= 3


def weekly() -> pl.DataFrame:
    rising = [0.4 + 0.004 * i for i in range(52)]
    columns = {
        "estimate": rising,
        "low": [v - 0.1 for v in rising],
        "high": [v + 0.1 for v in rising],
        "strip_ok": [1.0] * 51 + [None],
        "strip_low": [None] * 51 + [0.5],
        "strip_none": [None] * 51 + [0.5],
    }
    return pl.DataFrame({"x": WEEKS, **columns})


def money() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "x": WEEKS,
            **{g: [1e5] * 52 for g in GRADES},
            "total": [8e5] * 52,
            "mean4": [None, None, None, *[8e5] * 49],
            "low": [8e5] * 52,
            "high": [9e5] * 52,
        }
    )


def c1() -> go.Figure:
    texts = {"strip": "报送率", "target": "目标 75%"}
    return fill(coverage.figure(target=0.75, markers=MARKERS, texts=texts, edges=EDGES), weekly(), SPAN)


def c2() -> go.Figure:
    return fill(losses.figure(markers=MARKERS, edges=EDGES), money(), SPAN)


def c5() -> go.Figure:
    return bars.graded(["a", "b"], ["甲", "乙"])


def c4() -> go.Figure:
    return bars.channels(["a"], ["短信"])


def c6() -> go.Figure:
    facets = [multiples.Facet("甲", "60%", [0.5, 0.6], [0.4, 0.5], [0.6, 0.7], [0.5, 0.5], is_low=True), multiples.Facet("乙", "—", [None, None])]
    return multiples.figure(
        facets, ["2026-03-12", "2026-03-19"], ticks=[0, 0.5, 1], tickformat=".0%", operations=[("2026-03-12", "2026-03-15")], level=0.5
    )


def c9() -> go.Figure:
    return history.columns(["2026-01", "2026-02"], [1e5, 2e5], before=[None, 1e5], ticks=([0.0, 2e5], ["0", "20"]))


def q2() -> go.Figure:
    return history.revisions(["2026-03-16"], [1e5], [2e5], ticks=([0.0, 2e5], ["0", "20"]))


def c7() -> go.Figure:
    paces = [Pace("a", 0, 0, None), Pace("b", 3, 9, 20), Pace("c", None, None, None)]
    return pace.figure(paces, names=["甲", "乙", "丙"], texts=["已达到", "约 9 周", "无法在一年内达到"])


def c11() -> go.Figure:
    shown = (("案件损失", "ink3", [1e5, None]), ("预防损失", "teal", [2e5, 3e5]))
    return panels.figure(["2026-03-12", "2026-03-19"], shown, ticks=([0.0, 4e5], ["0", "40"]), provisional=[False, True])


def test_the_pace_of_a_town_that_gets_nowhere_has_no_mark() -> None:
    by = {t.name: t for t in c7().data}
    assert list(by["likely"].y) == ["a", "b"]
    assert list(by["range"].x) == [0, 52, None, 3, 20, None]
    assert list(by["beyond"].y) == ["a"]


def test_both_panels_have_one_scale_and_a_gap_where_nothing_was_reported() -> None:
    figure = c11()
    assert figure.layout.yaxis.range == figure.layout.yaxis2.range
    assert figure.data[0].y == (1e5, None)
    assert figure.data[1].marker.opacity == (1.0, PROVISIONAL)


def colours(value: object) -> set[str]:
    if isinstance(value, str):
        return {value} if value.startswith(("#", "rgb")) else set()
    if isinstance(value, dict):
        return set().union(*map(colours, value.values())) if value else set()
    return set().union(*map(colours, value)) if isinstance(value, (list, tuple)) and value else set()


@pytest.mark.parametrize("make", [c1, c2, c4, c5, c6, c7, c9, c11, q2])
def test_every_colour_of_a_figure_has_a_dark_twin(make) -> None:
    plain = make().to_plotly_json()
    plain["layout"].pop("template", None)
    assert colours(plain) - set(recolouring()) <= {"rgba(0,0,0,0)"}


@pytest.mark.parametrize("make", [c1, c2, c4, c5, c6, c7, c9, c11, q2])
def test_no_trace_is_empty(make) -> None:
    # Traces with `meta` are refilled by the page, which drops those that a scope leaves empty.
    for trace in (t for t in make().data if not t.meta):
        values = trace.x if trace.orientation == "h" else trace.y
        assert any(v is not None for v in values), trace.name


def test_grades_are_stacked_from_the_strongest_and_approximate_ones_hatched() -> None:
    names = [t.name for t in c2().data if t.type == "bar"]
    assert names == list(GRADES)
    by = {t.name: t for t in c2().data}
    assert [by[n].marker.pattern.shape for n in ("p5s", "p2s")] == ["/", "/"]
    assert by["p5e"].marker.pattern.shape is None
    assert by["p2e"].marker.line.width == 1


def test_outside_the_period_is_faded_and_provisional_half() -> None:
    opacity = c2().data[0].marker.opacity
    assert (opacity[0], opacity[45], opacity[51]) == (FADED, 1.0, PROVISIONAL)


@pytest.mark.parametrize(
    ("mask", "drawn"),
    [("before", range(40)), ("period", range(39, 50)), ("after", []), ("provisional", range(49, 52)), ("end", [51]), ("all", range(52))],
)
def test_masks_share_their_end_points(mask, drawn) -> None:
    found = masked([1.0] * 52, mask, SPAN)
    assert [i for i, v in enumerate(found) if v is not None] == list(drawn)


def test_a_period_inside_the_year_is_drawn_on_both_sides() -> None:
    span = Span(31, 44, 49)
    assert [i for i, v in enumerate(masked([1.0] * 52, "after", span)) if v is not None] == list(range(44, 50))


def test_sharing_is_off_in_the_configuration() -> None:
    assert (theme.CONFIG["showSendToCloud"], theme.CONFIG["plotlyServerURL"], theme.CONFIG["displaylogo"]) == (False, "", False)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_templates_hold_resolved_colours_only(name: str) -> None:
    assert "var(" not in str(theme.template(name).to_plotly_json())
