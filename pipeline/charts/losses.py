"""C2: prevented losses over time, stacked by evidence grade; approximate amounts hatched inside their grade."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from .series import lane, period_bar
from .theme import GRADES, LIGHT


def marker(grade: str, firmness: str, c: dict[str, str] = LIGHT) -> dict:
    """Fill of one grade: solid for exact amounts (e), hatched for approximate ones (s); P2 always with a teal outline."""
    shade = c["g" + grade[1]]
    out: dict = {"color": shade, "line": {"width": 1 if grade == "P2" else 0, "color": c["teal"]}}
    if firmness == "s":
        out["pattern"] = {"shape": "/", "size": 5, "solidity": 0.35, "bgcolor": shade, "fgcolor": c["teal"] if grade == "P2" else c["card"]}
    return out


def stack(*, orientation: str = "v", fade: bool = True) -> list[go.Bar]:
    """The eight bars of a stack, strongest evidence at the base."""
    return [
        go.Bar(
            name=grade.lower() + firmness,
            orientation=orientation,
            marker=marker(grade, firmness),
            hoverinfo="skip",
            meta={"y": grade.lower() + firmness, "mask": "all", **({"fade": True} if fade else {})},
        )
        for grade in GRADES
        for firmness in "es"
    ]


def figure(*, markers: Sequence[dict], edges: tuple[str, str]) -> go.Figure:
    """The same for every area; to be filled (series.fill) from a frame with one row a week: x (midpoint), p5e … p2s, total, mean4 (元 or null).
    The page also sets range and ticks of the amounts. `edges`: first and last day of the period."""
    c = LIGHT
    traces: list[go.Scatter | go.Bar] = [
        *stack(),
        go.Scatter(
            name="mean4",
            mode="lines",
            line={"color": c["ink"], "width": 1.8},
            hoverinfo="skip",
            connectgaps=False,
            meta={"y": "mean4", "mask": "all"},
        ),
        go.Scatter(
            name="hover",
            mode="lines",  # one path; markers would be an element a week
            line={"width": 0, "color": "rgba(0,0,0,0)"},
            hovertemplate="%{text}<extra></extra>",
            meta={"y": "total", "mask": "all", "hover": True},
        ),
    ]
    drawn = lane(markers, bottom=0, colours=c)
    layout = go.Layout(
        hovermode="x",
        barmode="stack",
        xaxis={"type": "date", "hoverformat": "%Y-%m-%d", "tickmode": "array"},
        yaxis={"domain": [0, 0.9], "tickmode": "array"},
        shapes=[*drawn["shapes"], period_bar(*edges, c["pri"])],
        annotations=[
            *drawn["annotations"],
            {
                "name": "case",
                "x": edges[0],
                "y": 0,
                "text": "",
                "xanchor": "right",
                "xshift": -8,
                "align": "right",
                "yanchor": "top",
                "font": {"size": 12, "color": c["ink"]},
            },
        ],
    )
    return go.Figure(traces, layout)
