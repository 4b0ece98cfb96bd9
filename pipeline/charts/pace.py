"""C7: weeks until each town reaches the target at its recent pace, a dot with its range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from .bars import layout
from .theme import LIGHT

YEAR = 52
"""Weeks the axis shows; nothing further off is drawn as a number."""
MARKS = (0, 13, 26, 39, 52)


@dataclass(frozen=True, slots=True)
class Pace:
    """One town: weeks from the upper bound, from the estimate, and from the lower bound of coverage (None: not within a year)."""

    category: str
    soon: int | None
    likely: int | None
    late: int | None


def figure(paces: Sequence[Pace], *, names: Sequence[str], texts: Sequence[str]) -> go.Figure:
    """A town whose pace does not lead to the target within a year has its text only; a range that leaves the year ends in an arrow."""
    c = LIGHT
    drawn = [p for p in paces if p.likely is not None]
    ends = [(p, YEAR if p.late is None else p.late) for p in drawn]
    quiet = {"hoverinfo": "skip"}
    whole = quiet | {"cliponaxis": False}
    traces: list[go.Scatter] = []
    if drawn:
        x = [v for p, end in ends for v in (p.soon or 0, end, None)]
        y = [v for p in drawn for v in (p.category, p.category, None)]
        traces.append(go.Scatter(name="range", mode="lines", x=x, y=y, line={"width": 2, "color": c["ink3"]}, **quiet))
        dot = {"size": 10, "color": c["pri"]}
        traces.append(go.Scatter(name="likely", mode="markers", x=[p.likely for p in drawn], y=[p.category for p in drawn], marker=dot, **whole))
    if beyond := [p for p in drawn if p.late is None]:
        arrow = {"symbol": "triangle-right", "size": 9, "color": c["ink3"]}
        traces.append(go.Scatter(name="beyond", mode="markers", x=[YEAR] * len(beyond), y=[p.category for p in beyond], marker=arrow, **quiet))
    described = layout([p.category for p in paces], list(names), texts)
    axis = {
        "range": [-1, YEAR + 1],
        "showgrid": True,
        "showticklabels": True,
        "tickmode": "array",
        "tickvals": list(MARKS),
        "ticktext": list(map(str, MARKS)),
    }
    described.update(xaxis=axis, barmode=None, bargap=None)
    return go.Figure(traces, described)
