"""What a leader sees: pages described first (model.py, one file a page), rendered after (render.py, html/).

`build` writes the complete tree into a fresh folder; `publish` moves it into dashboards/. Frames of the published warehouse come in; nothing
here reads a file of the warehouse, computes an indicator or knows Dagster.
"""

from .build import build, publish
from .model import PageWritten

__all__ = ["PageWritten", "build", "publish"]
