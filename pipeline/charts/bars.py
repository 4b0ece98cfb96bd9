"""C4 and C5: horizontal bars with a column of values at the right; the order of the categories never changes while filtering."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from .losses import stack
from .theme import LIGHT


def layout(categories: list[str], names: list[str], texts: Sequence[str] = ()) -> go.Layout:
    """Names at the left, values (annotations `v:<category>`) at the right of the plot. Without `texts` the page writes the values; it also sets
    the range of the amounts."""
    return go.Layout(
        hovermode="closest",
        barmode="stack",
        bargap=0.42,
        xaxis={"domain": [0, 0.74], "showgrid": False, "showline": False, "showticklabels": False, "ticks": ""},
        yaxis={
            "type": "category",
            "categoryorder": "array",
            "categoryarray": categories,
            "range": [len(categories) - 0.5, -0.5],
            "tickmode": "array",
            "tickvals": categories,
            "ticktext": names,
            "showgrid": False,
            "tickfont": {"size": 13, "color": LIGHT["ink2"]},
        },
        annotations=[
            {
                "name": f"v:{category}",
                "xref": "paper",
                "x": 0.765,
                "xanchor": "left",
                "y": place,  # a category that looks like a number, as an area's code may, would be taken for a place
                "yref": "y",
                "text": text,
                "font": {"size": 13, "color": LIGHT["ink2"]},
            }
            for place, (category, text) in enumerate(zip(categories, texts or [""] * len(categories), strict=True))
        ],
    )


def channels(categories: list[str], names: list[str]) -> go.Figure:
    """To be filled with one row a channel: now, previous (contacts or null)."""
    traces = [
        go.Bar(name="now", orientation="h", marker={"color": LIGHT["pri"]}, hoverinfo="skip", meta={"x": "now"}),
        go.Scatter(
            name="previous",
            mode="markers",
            hoverinfo="skip",
            meta={"x": "previous"},
            marker={"symbol": "line-ns", "size": 20, "line": {"width": 2.5, "color": LIGHT["att"]}},
        ),
    ]
    return go.Figure(traces, layout(categories, names))


def graded(categories: list[str], names: list[str]) -> go.Figure:
    """To be filled with one row a category: p5e … p2s, low, high (元)."""
    bars = stack(orientation="h", fade=False)
    for bar in bars:
        bar.meta = {"x": str(bar.name)}
    whiskers = go.Scatter(
        name="range",
        mode="lines+markers",
        line={"width": 1.2, "color": LIGHT["ink2"]},
        marker={"symbol": "line-ns", "size": 7, "line": {"width": 1.2, "color": LIGHT["ink2"]}},
        hoverinfo="skip",
        meta={"x": "range"},
    )
    return go.Figure([*bars, whiskers], layout(categories, names))
