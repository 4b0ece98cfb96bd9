"""Columns of closed months and first-published against now: C9, C11, C12, Q2."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from .theme import LIGHT

Values = Sequence[float | None]


def columns(
    names: Sequence[str], values: Values, *, ticks: tuple[list[float], list[str]], colour: str = "teal", before: Values | None = None
) -> go.Figure:
    """One column a category (month). `before`: the year before, outlined beside it. Values in 元; `ticks`: values and texts of the axis."""
    traces = []
    if before is not None and any(before):
        outline = {"color": "rgba(0,0,0,0)", "line": {"width": 1.5, "color": LIGHT[colour]}}
        traces.append(go.Bar(name="before", x=list(names), y=list(before), marker=outline, hoverinfo="skip"))
    if any(values):
        traces.append(go.Bar(name="now", x=list(names), y=list(values), marker={"color": LIGHT[colour]}, hoverinfo="skip"))
    layout = go.Layout(
        barmode="group",
        hovermode=False,
        xaxis={"type": "category", "tickmode": "array", "tickvals": list(names)},
        yaxis={"range": [0, ticks[0][-1]], "tickmode": "array", "tickvals": ticks[0], "ticktext": ticks[1]},
    )
    return go.Figure(traces, layout)


def revisions(weeks: Sequence[str], first: Values, now: Values, *, ticks: tuple[list[float], list[str]]) -> go.Figure:
    """Q2: a ring where a week was first published, a dot where it stands now, joined by a line."""
    c = LIGHT
    joined_x = [v for week in weeks for v in (week, week, None)]
    joined_y = [v for a, b in zip(first, now, strict=True) for v in (a, b, None)]
    traces = [
        go.Scatter(name="change", mode="lines", x=joined_x, y=joined_y, line={"width": 2, "color": c["mute"]}, hoverinfo="skip"),
        go.Scatter(
            name="first",
            mode="markers",
            x=list(weeks),
            y=list(first),
            marker={"size": 9, "color": c["card"], "line": {"width": 2, "color": c["ink3"]}},
            hoverinfo="skip",
        ),
        go.Scatter(name="now", mode="markers", x=list(weeks), y=list(now), marker={"size": 9, "color": c["teal"]}, hoverinfo="skip"),
    ]
    layout = go.Layout(
        hovermode=False,
        xaxis={"type": "category", "tickmode": "array", "tickvals": list(weeks)},
        yaxis={"range": [0, ticks[0][-1]], "tickmode": "array", "tickvals": ticks[0], "ticktext": ticks[1]},
    )
    return go.Figure(traces, layout)
