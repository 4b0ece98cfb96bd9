from __future__ import annotations

from . import channels
from . import columns as c


class Online(c.RecordHead, channels.Online):
    """线上宣传: one row is one row of a sheet on groups, pushes, posts, messages, app registrations.

    Changed: 万次 is 次. Only numbers that stand.
    Not to be assumed: that reads or members are people, that cumulative reads reported again are new reads.
    """
