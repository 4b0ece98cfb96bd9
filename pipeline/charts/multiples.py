"""C6 and C8: small multiples, one panel a town or channel, all on one y-axis; the page sets the number of columns by its width.

Here: panels and their marks. Not here: what is drawn in them; C8's channels count different things, so each is given in % of its own mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from .theme import BAND_OPACITY, LIGHT, rgba

Values = Sequence[float | None]
FEW_WEEKS = 4
"""Below so many known weeks a line shows its points."""


@dataclass(frozen=True, slots=True)
class Facet:
    """One panel: name and latest value as texts; weekly values; band and grey reference line where there are any; `is_low`: drawn orange."""

    name: str
    value: str
    values: Values
    low: Values | None = None
    high: Values | None = None
    reference: Values | None = None
    is_low: bool = False


def figure(
    facets: Sequence[Facet],
    x: Sequence[str],
    *,
    ticks: Sequence[float],
    tickformat: str,
    operations: Sequence[tuple[str, str]],
    level: float | None = None,
) -> go.Figure:
    """x: week midpoints (ISO). `ticks`: of the shared axis, up to its upper end. `operations`: (first, last day) shaded in every panel.
    `level`: a grey line across every panel."""
    c = LIGHT
    traces: list[go.Scatter] = []
    layout = go.Layout(hovermode=False)
    shapes, notes = [], []
    for i, facet in enumerate(facets, start=1):
        is_known = any(v is not None for v in facet.values)
        axes = {"xaxis": f"x{i}" if i > 1 else "x", "yaxis": f"y{i}" if i > 1 else "y"}
        quiet = {"mode": "lines", "hoverinfo": "skip", "x": list(x), **axes}
        if is_known and facet.low is not None and facet.high is not None:
            traces.append(go.Scatter(name=f"low:{i}", line={"width": 0, "color": c["pri"]}, y=list(facet.low), **quiet))
            fill = rgba(c["pri"], BAND_OPACITY["light"])
            traces.append(
                go.Scatter(name=f"high:{i}", line={"width": 0, "color": c["pri"]}, fill="tonexty", fillcolor=fill, y=list(facet.high), **quiet)
            )
        if facet.reference is not None:
            traces.append(go.Scatter(name=f"district:{i}", line={"width": 1.4, "color": c["ink3"]}, y=list(facet.reference), **quiet))
        if level is not None:
            traces.append(go.Scatter(name=f"level:{i}", line={"width": 1.4, "color": c["ink3"]}, y=[level] * len(x), **quiet))
        if is_known:
            colour = c["att"] if facet.is_low else c["pri"]
            own = quiet | {"mode": "lines+markers"} if sum(v is not None for v in facet.values) < FEW_WEEKS else quiet
            traces.append(go.Scatter(name=f"own:{i}", line={"width": 2.2, "color": colour}, y=list(facet.values), **own))
        layout[f"xaxis{i if i > 1 else ''}"] = {"type": "date", "anchor": axes["yaxis"], "tickmode": "array", "range": [x[0], x[-1]]}
        scale = {"tickformat": tickformat, "tickvals": list(ticks), "range": [0, ticks[-1]]}
        layout[f"yaxis{i if i > 1 else ''}"] = {"anchor": axes["xaxis"], **scale}
        shapes += [
            {
                "type": "rect",
                "xref": axes["xaxis"],
                "yref": f"{axes['yaxis']} domain",
                "x0": a,
                "x1": b,
                "y0": 0,
                "y1": 1,
                "fillcolor": c["camp"],
                "line": {"width": 0},
                "layer": "below",
            }
            for a, b in operations
        ]
        domain = {"xref": f"{axes['xaxis']} domain", "yref": f"{axes['yaxis']} domain", "y": 1.0, "yanchor": "bottom"}
        notes.append({"name": f"name:{i}", "text": facet.name, "x": 0, "xanchor": "left", "font": {"size": 13, "color": c["ink"]}, **domain})
        notes.append({"name": f"value:{i}", "text": facet.value, "x": 1, "xanchor": "right", "font": {"size": 12, "color": c["ink2"]}, **domain})
    layout.update(shapes=shapes, annotations=notes)
    return go.Figure(traces, layout)
