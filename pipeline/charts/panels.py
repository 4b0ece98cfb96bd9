"""C11: actual and prevented losses in two panels over the same weeks, in the same unit and on the same scale."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from .series import PROVISIONAL
from .theme import LIGHT

Values = Sequence[float | None]
DOMAINS = ((0.56, 0.94), (0.0, 0.38))


def figure(
    x: Sequence[str],
    panels: Sequence[tuple[str, str, Values]],
    *,
    ticks: tuple[list[float], list[str]],
    provisional: Sequence[bool],
) -> go.Figure:
    """x: week midpoints (ISO). `panels`: (text, colour token, weekly amounts in 元 or null where nothing was reported), top panel first."""
    opacity = [PROVISIONAL if flag else 1.0 for flag in provisional]
    traces, notes = [], []
    figure_layout = go.Layout(hovermode=False, xaxis={"type": "date", "tickmode": "array", "anchor": f"y{len(panels)}"})
    for i, (text, colour, values) in enumerate(panels, start=1):
        suffix = str(i) if i > 1 else ""
        if any(values):
            traces.append(go.Bar(name=f"panel:{i}", x=list(x), y=list(values), yaxis=f"y{suffix}", hoverinfo="skip",
                                 marker={"color": LIGHT[colour], "opacity": opacity}))  # fmt: skip
        scale = {"range": [0, ticks[0][-1]], "tickmode": "array", "tickvals": ticks[0], "ticktext": ticks[1]}
        figure_layout[f"yaxis{suffix}"] = {"domain": list(DOMAINS[i - 1]), **scale}
        notes.append({"name": f"name:{i}", "text": text, "xref": "paper", "yref": "paper", "x": 0, "xanchor": "left", "y": DOMAINS[i - 1][1],
                      "yanchor": "bottom", "font": {"size": 13, "color": LIGHT["ink"]}})  # fmt: skip
    figure_layout.update(annotations=notes)
    return go.Figure(traces, figure_layout)
