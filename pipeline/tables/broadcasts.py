from __future__ import annotations

from . import columns as c
from .channels import Aired


class Broadcasts(c.RecordHead, Aired):
    """广播宣传车无人机: one row is one row of a sheet on loudspeakers, vans or drones.

    Changed: minutes and days are 小时. Only numbers that stand.
    Not to be assumed: that hours are hours × devices: both are kept and the product is a measure.
    """
