"""C1: coverage over time, with its band, target, provisional weeks and the strip of reports received."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from .series import lane, period_bar
from .theme import BAND_OPACITY, LIGHT, rgba


def line(colour: str, column: str, mask: str, *, width: float = 2.0, opacity: float = 1.0, dash: str = "solid", name: str = "") -> go.Scatter:
    return go.Scatter(
        name=name or mask,
        mode="lines",
        line={"color": colour, "width": width, "dash": dash},
        opacity=opacity,
        hoverinfo="skip",
        connectgaps=False,
        meta={"y": column, "mask": mask},
    )


def figure(*, target: float, markers: Sequence[dict], texts: dict[str, str], edges: tuple[str, str], reference: bool = False) -> go.Figure:
    """The same for every area; to be filled (series.fill) from a frame with one row a week: x (midpoint), estimate, low, high (shares or null),
    strip_ok, strip_low, strip_none (share of reports in, one of the three set). The page also sets the axis range and where and what the end
    label is. `edges`: first and last day of the period. `reference`: also draw column `district` as a grey line."""
    c = LIGHT
    traces: list[go.Scatter | go.Bar] = [
        go.Scatter(name="low", mode="lines", line={"width": 0, "color": c["pri"]}, hoverinfo="skip", meta={"y": "low", "mask": "all"}),
        go.Scatter(
            name="high",
            mode="lines",
            line={"width": 0, "color": c["pri"]},
            fill="tonexty",
            fillcolor=rgba(c["pri"], BAND_OPACITY["light"]),
            hoverinfo="skip",
            meta={"y": "high", "mask": "all"},
        ),
    ]
    if reference:
        traces.append(line(c["ink3"], "district", "all", width=1.5, name="district"))
    traces += [
        line(c["pri"], "estimate", "before", opacity=0.55),
        line(c["pri"], "estimate", "period", width=2.8),
        line(c["pri"], "estimate", "after", opacity=0.55),
        line(c["pri"], "estimate", "provisional", width=2.8, dash="dot"),
        go.Scatter(
            name="end",
            mode="markers",
            marker={"size": 9, "color": c["card"], "line": {"width": 2.5, "color": c["pri"]}},
            cliponaxis=False,  # whole at the edge of a narrow chart
            hoverinfo="skip",
            meta={"y": "estimate", "mask": "end"},
        ),
        go.Bar(name="strip_ok", yaxis="y2", marker={"color": c["mute"]}, opacity=0.55, hoverinfo="skip", meta={"y": "strip_ok", "mask": "all"}),
        go.Bar(name="strip_low", yaxis="y2", marker={"color": c["att"]}, hoverinfo="skip", meta={"y": "strip_low", "mask": "all"}),
        go.Scatter(
            name="strip_none",
            yaxis="y2",
            mode="markers",
            marker={"symbol": "x-thin", "size": 7, "line": {"width": 1.8, "color": c["crit"]}},
            hoverinfo="skip",
            meta={"y": "strip_none", "mask": "all"},
        ),
        go.Scatter(
            name="hover",
            mode="lines",  # one path; markers would be an element a week
            line={"width": 0, "color": "rgba(0,0,0,0)"},
            hovertemplate="%{text}<extra></extra>",
            meta={"y": "estimate", "mask": "all", "hover": True},
        ),
    ]
    drawn = lane(markers, bottom=0.13, colours=c)
    layout = go.Layout(
        hovermode="x",
        barmode="overlay",
        bargap=0.22,
        xaxis={"type": "date", "hoverformat": "%Y-%m-%d", "tickmode": "array", "anchor": "y2"},
        yaxis={"domain": [0.13, 0.9], "tickformat": ".0%", "dtick": 0.2},
        yaxis2={"domain": [0, 0.07], "range": [0, 1], "showgrid": False, "tickmode": "array", "tickvals": [0.5], "ticktext": [texts["strip"]]},
        shapes=[
            *drawn["shapes"],
            {
                "name": "target",
                "type": "line",
                "xref": "x domain",
                "x0": 0,
                "x1": 1,
                "y0": target,
                "y1": target,
                "line": {"width": 1, "dash": "dash", "color": c["ink3"]},
            },
            period_bar(*edges, c["pri"]),
        ],
        annotations=[
            *drawn["annotations"],
            {
                "name": "target",
                "xref": "x domain",
                "x": 0,
                "xanchor": "left",
                "y": target,
                "yanchor": "bottom",
                "text": texts["target"],
                "font": {"size": 12, "color": c["ink3"]},
            },
            {
                "name": "end",
                "x": edges[1],
                "y": target,
                "xanchor": "left",
                "xshift": 9,
                "text": "",
                "font": {"size": 14, "color": c["pri"]},
            },
        ],
    )
    return go.Figure(traces, layout)
