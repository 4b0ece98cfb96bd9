"""C4 and C5: horizontal bars with a column of values at the right; the order of the categories never changes while filtering."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from .losses import stack
from .theme import LIGHT


def layout(categories: list[str], names: list[str], texts: list[str], *, largest: float) -> go.Layout:
    """Shared by both: names at the left, values (annotations `v:<category>`) at the right of the plot."""
    return go.Layout(
        hovermode="closest",
        barmode="stack",
        bargap=0.42,
        xaxis={"domain": [0, 0.74], "range": [0, largest or 1], "showgrid": False, "showline": False, "showticklabels": False, "ticks": ""},
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
                "y": category,
                "yref": "y",
                "text": text,
                "font": {"size": 13, "color": LIGHT["ink2"]},
            }
            for category, text in zip(categories, texts, strict=True)
        ],
    )


def channels(frame: pl.DataFrame, *, names: list[str], texts: list[str], largest: float) -> go.Figure:
    """One row a channel: category, now, previous (contacts or null)."""
    categories = frame["category"].to_list()
    traces = [
        go.Bar(
            name="now", orientation="h", y=categories, x=frame["now"].to_list(), marker={"color": LIGHT["pri"]}, hoverinfo="skip", meta={"x": "now"}
        ),
        go.Scatter(
            name="previous",
            mode="markers",
            y=categories,
            x=frame["previous"].to_list(),
            hoverinfo="skip",
            meta={"x": "previous"},
            marker={"symbol": "line-ns", "size": 20, "line": {"width": 2.5, "color": LIGHT["att"]}},
        ),
    ]
    return go.Figure(traces, layout(categories, names, texts, largest=largest))


def graded(frame: pl.DataFrame, *, names: list[str], texts: list[str], largest: float) -> go.Figure:
    """One row a category: category, p5e … p2s, low, high (元)."""
    categories = frame["category"].to_list()
    bars = stack(orientation="h", fade=False)
    for bar in bars:
        column = str(bar.name)
        bar.x, bar.y = frame[column].to_list(), categories
        bar.meta = {"x": column}
    whiskers = go.Scatter(
        name="range",
        mode="lines+markers",
        line={"width": 1.2, "color": LIGHT["ink2"]},
        marker={"symbol": "line-ns", "size": 7, "line": {"width": 1.2, "color": LIGHT["ink2"]}},
        hoverinfo="skip",
        meta={"x": "range"},
        x=[v for low, high in frame.select("low", "high").iter_rows() for v in (low, high, None)],
        y=[v for category in categories for v in (category, category, None)],
    )
    return go.Figure([*bars, whiskers], layout(categories, names, texts, largest=largest))
