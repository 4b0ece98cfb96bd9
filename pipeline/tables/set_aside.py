from __future__ import annotations

import dataframely as dy

from . import columns as c


class SetAside(dy.Schema):
    """搁置: one row is one range of a sheet that is neither a number nor wrong (title, totals, footer, placeholder sheet).

    Changed: nothing.
    Not to be assumed: that what is set aside was not looked at: the reason says what it was taken for.
    """

    file_id = c.text("文件编号", "the file in `source_files`")
    path = c.text("文件", "path below data/raw")
    sheet = c.text("工作表", "sheet name")
    range = c.text("区域", "range, A1 notation")
    reason = c.text("原因", "what the range was taken for")
