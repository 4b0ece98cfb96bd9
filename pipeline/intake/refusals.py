"""Why a file was not opened, in words an analyst can act on.

Here: the reason codes, each with its Chinese sentence and English twin, the exception that carries one, and the reading such a
file gets. Not here: how
trouble is noticed (workbook.py, packages.py, biff.py, isolation.py) and what is wrong with a single cell (records.Rejection).
"""

from __future__ import annotations

from pipeline.intake.records import Reading, Rejection, Severity, Status

RESAVE_ZH = "请用 WPS 或 Excel 打开，另存为 .xlsx 后重新放入"
RESAVE_EN = "open it in WPS or Excel, save it as .xlsx and drop it again"

REASONS: dict[str, tuple[str, str]] = {
    "lock_file": (
        "这是表格打开时自动产生的临时文件，不是数据；关闭表格后会自行消失，不必处理",
        "a lock file left by an open workbook, not data; it goes away when the workbook is closed",
    ),
    "missing": ("文件已不在原处；请确认后重新放入", "the file is no longer there; check and drop it again"),
    "empty": ("文件是空的（0 字节或没有内容）；请重新导出或发送", "the file is empty; export or send it again"),
    "still_copying": ("文件还在拷贝中；拷完后会自动读取", "the file is still being copied; it will be read once it rests"),
    "too_large": (
        "文件有 {seen}，超过上限 {limit}；请删去图片或拆成几个文件后重新放入",
        "the file has {seen}, more than the limit of {limit}; remove pictures or split it and drop it again",
    ),
    "links_outside": (
        "这是指向数据文件夹之外的链接，不予读取；请把文件本身复制进来",
        "a link that leads outside the data folder; copy the file itself instead",
    ),
    "password_protected": (
        "文件设有打开密码；请取消密码（文件→保护→清空密码）后重新放入",
        "the file needs a password; remove the password and drop it again",
    ),
    "truncated": (
        f"文件不完整（多半是没有传完）；请重新发送或拷贝。若原件能打开，{RESAVE_ZH}",
        f"the file is incomplete, most likely cut off in transfer; send it again. If the original opens, {RESAVE_EN}",
    ),
    "unreadable": (f"文件内部已损坏，读不出来；{RESAVE_ZH}", f"the file is damaged inside; {RESAVE_EN}"),
    "not_a_spreadsheet": (
        "内容不是表格，而是{seen}；请放入表格文件（xlsx、xls、et、ods、csv）",
        "the content is not a spreadsheet but {seen}; drop a spreadsheet (xlsx, xls, et, ods, csv)",
    ),
    "exported_markup": (
        f"扩展名像表格，内容其实是系统导出的{{seen}}；{RESAVE_ZH}",
        f"named like a spreadsheet, but the content is {{seen}} exported by a system; {RESAVE_EN}",
    ),
    "unknown_encoding": (
        f"文字编码无法辨认（不是 UTF-8、UTF-16 或 GB18030）；{RESAVE_ZH}",
        f"the text encoding is none of UTF-8, UTF-16, GB18030; {RESAVE_EN}",
    ),
    "zip_bomb": (
        f"文件展开后大得不正常（{{seen}}），为安全起见未读取；{RESAVE_ZH}",
        f"the file unpacks to an abnormal size ({{seen}}) and was not read; {RESAVE_EN}",
    ),
    "entity_bomb": (
        f"文件里含有表格不该有的 DOCTYPE 声明，为安全起见未读取；{RESAVE_ZH}",
        f"the file contains a DOCTYPE, which no spreadsheet needs, and was not read; {RESAVE_EN}",
    ),
    "too_many_cells": (
        "工作表“{sheet}”一直延伸到 {seen}，超过上限（{limit} 格）；请删除数据以外的多余内容，或拆成几个文件",
        "sheet “{sheet}” reaches as far as {seen}, beyond the limit of {limit} cells; delete what lies outside the data, or split the file",
    ),
    "timeout": (
        "读取超过 {limit} 秒仍未完成，已停止；请删去多余的工作表和格式，或拆成几个文件",
        "reading took more than {limit} s and was stopped; remove surplus sheets and formats, or split the file",
    ),
    "memory": (
        "读取所需内存超过上限（{limit} MiB），已停止；请删去多余的行列和格式，或拆成几个文件",
        "reading needed more memory than the limit ({limit} MiB) and was stopped; remove surplus rows, columns and formats, or split the file",
    ),
    "crashed": (f"文件使读取程序中断，其他文件不受影响；{RESAVE_ZH}", f"the file made the reader stop; other files are unaffected; {RESAVE_EN}"),
    "reader_failed": (
        "读取程序出错（{seen}），本文件未载入；请把文件交给系统维护人员",
        "the reader failed ({seen}) and nothing was loaded; hand the file to whoever maintains the system",
    ),
}
"""Reason code → (Chinese, English); {seen}, {limit} and {sheet} are filled in by whoever refuses."""


class WorkbookRefused(Exception):
    """A file that is not opened: `reason` (a key of REASONS), `message` (Chinese) and `message_en`, both repair instructions."""

    def __init__(self, reason: str, **details: object) -> None:
        zh, en = REASONS[reason]
        english = {key.removesuffix("_en"): value for key, value in details.items() if key.endswith("_en")}
        self.reason = reason
        self.details = details
        self.message = zh.format(**details)
        self.message_en = en.format(**{**details, **english})
        super().__init__(f"{reason}: {self.message_en}")

    def __reduce__(self) -> tuple[object, ...]:
        return _revive, (self.reason, self.details)


def refused_reading(refusal: WorkbookRefused) -> Reading:
    """The whole file handed back: one rejection without sheet and cell, its rule the reason code."""
    point = Rejection("", "", Severity.ERROR.value, refusal.reason, refusal.message, message_en=refusal.message_en)
    return Reading(Status.RETURNED.value, rejections=(point,))


def _revive(reason: str, details: dict[str, object]) -> WorkbookRefused:
    return WorkbookRefused(reason, **details)
