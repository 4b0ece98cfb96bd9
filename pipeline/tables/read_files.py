from __future__ import annotations

import dataframely as dy

from . import columns as c


class ReadFiles(dy.Schema):
    """读取缓存·文件: one row is the cached reading of one file.

    Changed: nothing. The reading is good as long as its fingerprint (reader code, forms, reading settings) is today's.
    Not to be assumed: that the file is still there or stands: see `source_files`.
    """

    file_id = c.text("文件编号", "hash of path and content", key=True)
    sha256 = c.text("内容指纹", "SHA-256 of the bytes")
    path = c.text("文件", "path below data/raw, / as separator")
    fingerprint = c.text("读取器指纹", "reader code, forms and reading settings")
    status = c.text("回执", "receipt of the file", among=("accepted", "remarks", "returned"), rule="status_is_a_receipt")
    corrects = c.text("更正的文件", "SHA-256 of the file this one is a corrected returned copy of", null=True)
