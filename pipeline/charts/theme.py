"""Colours, fonts, the two Plotly templates and the configuration every figure carries.

Here: the tokens that charts and the page's CSS share, so that one colour has one home. Not here: what a figure shows (the
other modules of this package) and how a page is laid out (pages/html/app.css).

Plotly receives resolved colours only: plotly.py accepts `var(--x)` in silence and the browser then draws its default blue.
"""

from __future__ import annotations

import plotly.graph_objects as go

FONT = (
    '"PingFang SC","HarmonyOS Sans SC","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC","Source Han Sans SC",'
    '"WenQuanYi Micro Hei",system-ui,-apple-system,"Segoe UI",sans-serif'
)

LIGHT = {
    "bg": "#F4F6F9", "card": "#FFFFFF", "ink": "#172033", "ink2": "#475467", "ink3": "#5F6B7E", "line": "#DDE3EC", "grid": "#E9EDF3",
    "pri": "#1F5FBF", "prisoft": "#C9DBF5", "teal": "#0B7A75", "g5": "#063F3C", "g4": "#0A6E69", "g3": "#4D9E97", "g2": "#C9E8E4",
    "att": "#B54708", "attsoft": "#FDE9D3", "crit": "#9B1C4A", "mute": "#98A2B3", "camp": "#EEF3FA", "focus": "#0B5FFF",
    "bin0": "#B94F08", "bin0ink": "#FFFFFF", "bin1": "#D6E4F7", "bin1ink": "#172033", "bin2": "#93BCEB", "bin2ink": "#172033",
    "bin3": "#2F70BD", "bin3ink": "#FFFFFF", "bin4": "#123F7D", "bin4ink": "#FFFFFF", "never": "#EEF1F5",
}  # fmt: skip
DARK = {
    "bg": "#0E1420", "card": "#172033", "ink": "#EDF1F7", "ink2": "#B8C2D1", "ink3": "#97A3B6", "line": "#2B3850", "grid": "#243047",
    "pri": "#77ADF7", "prisoft": "#2B4A78", "teal": "#4FC3B7", "g5": "#DDF7F3", "g4": "#4FC3B7", "g3": "#2A857D", "g2": "#1B4548",
    "att": "#F5A65B", "attsoft": "#46301A", "crit": "#F48FB1", "mute": "#66738A", "camp": "#1D2940", "focus": "#9CC3FF",
    "bin0": "#F5A65B", "bin0ink": "#20140A", "bin1": "#243B5E", "bin1ink": "#EDF1F7", "bin2": "#35609C", "bin2ink": "#FFFFFF",
    "bin3": "#5E97DD", "bin3ink": "#0E1420", "bin4": "#B4D3F8", "bin4ink": "#0E1420", "never": "#1C2636",
}  # fmt: skip
"""Token → colour. WCAG 2 contrast of each text pair ≥ 4.5, of marks ≥ 3 (tests/charts). binN: tiles from blind spot to target."""

THEMES = {"light": LIGHT, "dark": DARK}
BAND_OPACITY = {"light": 0.17, "dark": 0.28}
GRADES = ("P5", "P4", "P3", "P2")
"""Stacking order of evidence grades, strongest at the base."""

CONFIG = {
    "displayModeBar": False,
    "responsive": False,
    "doubleClick": False,
    "scrollZoom": False,
    "showTips": False,
    # plotly.js offers to upload a chart's data unless all three are set, even while the mode bar is hidden.
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "displaylogo": False,
}


def rgba(colour: str, alpha: float) -> str:
    """`#RRGGBB` as `rgba(r,g,b,alpha)`; 8-digit hex is not understood everywhere."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha:g})"


def template(theme: str) -> go.layout.Template:
    """The Plotly template of a theme ("light" or "dark"), validated by plotly.py."""
    c = THEMES[theme]
    axis = {
        "showgrid": True, "gridcolor": c["grid"], "gridwidth": 1, "zeroline": False, "linecolor": c["line"],
        "tickfont": {"size": 12, "color": c["ink3"]}, "automargin": False, "fixedrange": True,
        "title": {"text": ""}, "ticks": "", "ticklabelstandoff": 4,
        "ticklabeloverflow": "allow",  # else every label is measured at each drawing; the page keeps them inside (html/charts.js)
    }  # fmt: skip
    return go.layout.Template(
        layout=go.Layout(
            font={"family": FONT, "size": 13, "color": c["ink2"]},
            paper_bgcolor="rgba(0,0,0,0)",
            plot_bgcolor="rgba(0,0,0,0)",
            colorway=[c["pri"], c["att"], c["teal"], c["crit"], c["mute"]],
            margin={"l": 8, "r": 8, "t": 8, "b": 8, "pad": 0},
            showlegend=False,
            dragmode=False,
            bargap=0.28,
            barcornerradius=2,
            hoverlabel={"bgcolor": c["card"], "bordercolor": c["line"], "font": {"family": FONT, "size": 13, "color": c["ink"]}, "align": "left"},
            xaxis={**axis, "showgrid": False, "showline": True, "ticks": "outside", "ticklen": 4, "tickcolor": c["line"], "tickangle": 0},
            yaxis={**axis, "rangemode": "tozero", "nticks": 5},
            separators=".,",
            annotationdefaults={"font": {"size": 12, "color": c["ink2"]}, "showarrow": False},
        )
    )
