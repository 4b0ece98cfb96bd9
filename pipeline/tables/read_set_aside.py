from __future__ import annotations

import dataframely as dy

from . import columns as c


class ReadSetAside(dy.Schema):
    """读取缓存·搁置: one row is one range set aside by the reader, with its reason.

    Changed: nothing.
    Not to be assumed: that it was not looked at.
    """

    file_id = c.text("文件编号", "hash of path and content", key=False)
    sheet = c.text("工作表", "sheet name")
    range = c.text("区域", "range, A1 notation")
    reason = c.text("原因", "what the range was taken for")
