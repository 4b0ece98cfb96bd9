from __future__ import annotations

import dataframely as dy

from . import columns as c


class Boundaries(dy.Schema):
    """辖区边界: one row is the outline of one area, from the office's own file; empty when outreach.toml names none.

    Changed: degrees to units of the map (north up, both directions one scale), corners left out where no screen shows them.
    Not to be assumed: that this is a survey of the land, or fit for anything but colouring the coverage page's map.
    """

    area_id = c.text("辖区编号", "as in areas", key=True)
    shape = c.text("图形", "MULTIPOLYGON in well-known text; outer rings anticlockwise, holes clockwise")
    label_x = c.whole("注记横坐标", "where the name stands, from the west", unit="格")
    label_y = c.whole("注记纵坐标", "where the name stands, from the south", unit="格")
