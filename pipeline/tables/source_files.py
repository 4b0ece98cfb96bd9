from __future__ import annotations

import dataframely as dy

from . import columns as c


class SourceFiles(dy.Schema):
    """来源文件: one row is one version (content) of one file below data/raw that was ever seen.

    Changed: nothing; the bytes lie in the archive under `sha256`.
    Not to be assumed: that a file with is_present false was withdrawn: a vanished file withdraws nothing.
    """

    file_id = c.text("文件编号", "first 16 hex digits of the hash of path and content", key=True)
    path = c.text("文件", "path below data/raw, / as separator")
    sha256 = c.text("内容指纹", "SHA-256 of the bytes")
    size = c.whole("大小", "size of the file", unit="字节")
    received_at = c.moment("收到时间", "when the office received this content: the file's ctime when first seen")
    first_seen_at = c.moment("首次发现", "when a run first saw it")
    status = c.text("回执", "receipt of the file", among=("accepted", "remarks", "returned"), rule="status_is_a_receipt")
    n_measurements = c.whole("读入数", "numbers and due cells read")
    n_rejections = c.whole("退回点数", "points handed back, of any severity")
    n_set_aside = c.whole("搁置区域数", "ranges set aside with a reason")
    is_sample = c.flag("示例", "lies below 示例/: fictional")
    is_present = c.flag("仍在", "this content is in data/raw now")
    is_withdrawn = c.flag("已撤回", "withdrawn by a recorded decision")
    corrected_by = c.text("被何文件更正", "file_id of the corrected returned copy that took its place", null=True)
    message = c.text("说明", "what the analyst should know", null=True)
