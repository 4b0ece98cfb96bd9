"""How the columns of a small weekly frame become the traces of a figure, and how a trace says which column it shows.

Here: masks (which weeks a trace draws) and `fill`. A trace carries `meta = {"y": column, "mask": name}`: pages hand figures over empty and
the columns once, and the browser fills them for any area or period (html/charts.js has the same masks). Not here: colours and layout
(theme.py, the figures beside this module).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
import polars as pl

FADED, PROVISIONAL = 0.36, 0.60


@dataclass(frozen=True, slots=True)
class Span:
    """Places in a weekly frame: the period's first and last row, and the last row that is not provisional."""

    first: int
    last: int
    firm: int

    def holds(self, mask: str, i: int) -> bool:
        """Whether a mask draws row i. Line pieces share their end points, so that no gap shows between them."""
        return {
            "all": True,
            "before": i <= self.first,
            "period": self.first <= i <= min(self.last, self.firm),
            "after": min(self.last, self.firm) <= i <= self.firm and self.last < self.firm,
            "provisional": i >= self.firm,
            "end": i == self.last,
        }[mask]

    def opacity(self, i: int) -> float:
        if not self.first <= i <= self.last:
            return FADED
        return PROVISIONAL if i > self.firm else 1.0


Values = Sequence[float | None]


def masked(values: Values, mask: str, span: Span) -> list[float | None]:
    return [v if span.holds(mask, i) else None for i, v in enumerate(values)]


def fill(figure: go.Figure, frame: pl.DataFrame, span: Span) -> go.Figure:
    """`figure` with every trace that names a column filled from `frame` (one row a week, `x` the week's midpoint)."""
    x = [str(day) for day in frame["x"].to_list()]
    traces: Any = figure.data
    for trace in traces:
        meta = trace.meta
        if meta:
            trace.x, trace.y = x, masked(frame[meta["y"]].to_list(), meta["mask"], span)
            if meta.get("fade"):
                trace.marker.opacity = [span.opacity(i) for i in range(len(x))]
    return figure


def lane(markers: Sequence[dict], *, bottom: float, colours: dict[str, str]) -> dict:
    """Shapes and annotations of the lane above a trend chart: operations shaded behind, days and holidays as dotted lines.

    markers: dicts with key, start, end (ISO dates), kind and text. Annotation names are `lane:<key>`; the page drops the less important
    of two that would overlap, in the order operation, provisional, month, day, holiday.
    """
    shapes, notes = [], []
    for m in markers:
        if m["kind"] == "operation":
            shapes.append(
                {
                    "type": "rect",
                    "xref": "x",
                    "yref": "paper",
                    "x0": m["start"],
                    "x1": m["end"],
                    "y0": bottom,
                    "y1": 0.9,
                    "fillcolor": colours["camp"],
                    "line": {"width": 0},
                    "layer": "below",
                }
            )
        elif m["kind"] != "provisional":
            dash = "solid" if m["kind"] == "break" else "dot"
            shapes.append({"type": "line", "xref": "x", "yref": "paper", "x0": m["start"], "x1": m["start"], "y0": bottom, "y1": 0.9,
                           "line": {"width": 1, "dash": dash, "color": colours["mute"]}, "layer": "below"})  # fmt: skip
        colour = {"provisional": colours["att"], "operation": colours["ink"]}.get(m["kind"], colours["ink3"])
        notes.append(
            {
                "name": f"lane:{m['key']}",
                "x": m["start"],
                "xref": "x",
                "y": 0.912,
                "yref": "paper",
                "yanchor": "bottom",
                "xanchor": "right" if m["kind"] == "provisional" else "left",
                "text": m["text"],
                "font": {"size": 12, "color": colour},
            }
        )
    return {"shapes": shapes, "annotations": notes}


def period_bar(first: str, last: str, colour: str) -> dict:
    """The 3 px bar that marks the selected period in the lane."""
    return {
        "name": "period",
        "type": "line",
        "xref": "x",
        "yref": "paper",
        "x0": first,
        "x1": last,
        "y0": 0.903,
        "y1": 0.903,
        "line": {"width": 3, "color": colour},
    }
