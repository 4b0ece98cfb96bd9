"""The optional map: areas as filled outlines in the colours of the tiles; no base map, no axes, nothing fetched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from .theme import LIGHT

Ring = Iterable[tuple[float, float]]
BINS = tuple(token for token in LIGHT if token.startswith("bin") and not token.endswith("ink"))


@dataclass(frozen=True, slots=True)
class Outline:
    """One area: its closed `rings` of (x, y), `bin` of its coverage (negative: never reported), where its `label` stands."""

    area: str
    rings: Sequence[Ring]
    bin: int
    label: str
    at: tuple[float, float]


def figure(outlines: Sequence[Outline], review_number: str) -> go.Figure:
    """One trace an area, the label of each beside it in the same order: of labels that would overlap the page leaves out the later ones.
    `review_number`: 审图号, printed below the map."""
    c = LIGHT
    traces, notes = [], []
    for each in outlines:
        points = [point for ring in each.rings for point in (*ring, (None, None))][:-1]
        hatch = {"shape": "/", "size": 6, "solidity": 0.25, "fgcolor": c["ink3"], "bgcolor": c["never"]}
        fill = {"fillcolor": c[BINS[min(each.bin, len(BINS) - 1)]]} if each.bin >= 0 else {"fillcolor": c["never"], "fillpattern": hatch}
        line = {"width": 1.2, "color": c["card"]}
        x, y = zip(*points, strict=True)
        traces.append(go.Scatter(name=each.area, mode="lines", fill="toself", x=x, y=y, hoveron="fills", hoverinfo="text", line=line, **fill))
        box = {"bgcolor": c["card"], "borderpad": 2, "opacity": 0.92, "font": {"size": 12, "color": c["ink"]}}
        notes.append({"name": each.area, "x": each.at[0], "y": each.at[1], "text": each.label, **box})
    x, y = ([p[i] for each in outlines for ring in each.rings for p in ring] for i in (0, 1))
    number = {"name": "review", "text": review_number, "xref": "paper", "yref": "paper", "x": 1, "y": 0, "xanchor": "right", "yanchor": "top"}
    notes.append({**number, "yshift": -6, "font": {"size": 12, "color": c["ink2"]}})
    flat = {"visible": False, "fixedrange": True}
    xaxis, yaxis = ({**flat, "range": [min(values), max(values)]} for values in (x, y))
    return go.Figure(traces, go.Layout(hovermode="closest", annotations=notes, xaxis=xaxis, yaxis={**yaxis, "scaleanchor": "x"}))
