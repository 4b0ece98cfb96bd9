"""What the rows of a table are told apart by where no heading says so: whose they are, and when.

Here: the column of names and the column of periods, known by what stands in them. A column whose heading nobody knows is taken for the names
of the rows where every row has one of its own and numbers follow; where they do not end as names of units do, that is said. Names of persons
are nobody's rows, and are masked. Not here: what a heading means (matching.py), the head of a single row (heads.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.forms.wording import read_wording, squeeze
from pipeline.intake.columns import Match, TableMatch
from pipeline.intake.grid import CellValue
from pipeline.intake.lines import PERIOD_PART, heading_kind
from pipeline.intake.names import look_like_people
from pipeline.intake.privacy import is_personal_heading
from pipeline.intake.quantity import read_quantity
from pipeline.intake.regions import Table, is_blank

MAY_NAME = frozenset(["unknown", "blank", "item", "remark", "attribute.way", "attribute.material"])
"""What a column of units' names may have been taken for by its heading."""
SAYS_NO_NUMBER = frozenset(["ordinal", "date", "until", "filed_at", "period", "known_at", "shadow"])
"""A number in such a column is a date, a place in a list, or a rank or rate; 排名 may stand before the names it ranks."""
MAY_BE_KEY = frozenset(["unknown", "blank", "item"])
DESCRIBES = ("类型", "类别", "种类", "形式", "方式", "主题", "内容", "措施", "情况", "事项", "渠道", "对象", "地点", "位置")
DESCRIBES += ("标题", "途径", "来源", "品种", "规格", "活动", "项目", "工作", "宣传")
"""A heading that ends so says what or how; nobody's name."""
THINGS = ("资料", "材料", "物品", "产品", "软件", "平台", "群", "账号", "节目", "课程", "案件", "银行卡")
IS_A_PERSON = ("人", "员", "者", "师", "长", "主任", "民警", "领导", "姓名")
POINT = "点位"
"""A place that is counted for itself; 场所, 活动地点 and 悬挂位置 say where somebody's work was done."""
NAMED = "名称"
"""市场名称, 楼盘名称: the rows are these, of whatever kind; 活动名称 only describes them."""
LONGEST_NAME = 20
COUNTED_GROUPS = ("班", "组", "队", "网格")
"""一（1）班 and 二组 read as numbers, and are names."""
NUMBERED_NAME = re.compile(r"[\u4e00-\u9fff]{2,}?[一二三四五六七八九十]{1,2}(?:期|区|组|队|班|院|厂|村|社|园|号)")
"""新城一期, 光明三村: the number tells one from its neighbours."""


def with_row_keys(matched: TableMatch, contents: str, table: Table) -> TableMatch:
    """The match with the columns that say whose and when; as it is where the headings say both."""
    if matched.form is None:
        return matched
    columns = list(matched.columns)
    if not any(m.role in ("date", "filed_at", "period") for m in columns):
        _find_periods(columns, table)
    subjects = [i for i, m in enumerate(columns) if m.role.startswith("subject") or m.role in ("field.zh", "reporter")]
    if not subjects:
        _find_names(columns, contents, table, is_tally=_is_tally(columns))
    elif _is_tally(columns):
        _find_finer_names(columns, contents, table, subjects)
    for i, match in enumerate(columns):
        if match.role == "unknown" and contents[i] == "t" and look_like_people(_texts(table, i)):
            columns[i] = replace(match, role="personal", nearest=())
    return matched if columns == list(matched.columns) else replace(matched, columns=tuple(columns))


def _is_tally(columns: list[Match]) -> bool:
    """No row is an activity of its own: there a text in every row may be anything."""
    return not any(m.role in ("date", "filed_at") for m in columns)


def _first_number(columns: list[Match], table: Table) -> int:
    """The first column of numbers, dates and ordinals apart; what names its rows stands before it."""
    rows = [table.grid.rows[row] for row in table.data_rows]
    return next(
        (
            i
            for i, m in enumerate(columns)
            if m.role == "measure" or (m.role not in SAYS_NO_NUMBER and any(type(cells[table.left + i]) is float for cells in rows))
        ),
        len(columns),
    )


def _find_periods(columns: list[Match], table: Table) -> None:
    """1月, 2月, 3月 down the side, under whatever heading."""
    for i, match in enumerate(columns[:3]):
        if match.role in MAY_BE_KEY or match.role.startswith("attribute."):
            texts = _texts(table, i)
            if texts and all(PERIOD_PART.fullmatch(squeeze(text)) for text in texts):
                columns[i] = replace(match, role="period", column=None, nearest=())
                return


def _find_names(columns: list[Match], contents: str, table: Table, *, is_tally: bool) -> None:
    """The column of units by their endings, the finest of several; else, in a tally, the first one with a name of its own in every row."""
    before = range(_first_number(columns, table))
    named = [i for i in before if contents[i] == "s" and (columns[i].role in MAY_NAME or (is_tally and columns[i].role == "attribute.institution"))]
    if named:
        finest = next((i for i in named if _is_distinct(_texts(table, i))), named[-1])
        for i in named[: named.index(finest)]:
            columns[i] = replace(columns[i], role="subject.area", column=None)
        columns[finest] = replace(columns[finest], role="subject.unit", column=None)
        return
    for i in before if is_tally else ():
        if contents[i] == "s" and _is_point(columns[i]) and _has_own_names(columns[i], table, i, _periods(columns)):
            columns[i] = replace(columns[i], role="subject.unit", column=None, is_fuzzy=True)
            return
    for i in before:
        titled = read_wording(columns[i].heading.rsplit("›", 1)[-1]).base
        if columns[i].role in MAY_BE_KEY and titled.endswith(NAMED) and not titled.removesuffix(NAMED).endswith((*DESCRIBES, *IS_A_PERSON, *THINGS)):
            texts = _texts(table, i)
            if len(texts) == len(table.data_rows) and all(map(_is_name, texts)):
                columns[i] = replace(columns[i], role="subject.unit", column=None, is_fuzzy=True)
                return
    for i in before if is_tally else ():
        is_open = columns[i].role in MAY_BE_KEY and (columns[i].role != "item" or table.grid.is_turned)  # upright, 项目 heads items
        if is_open and _has_own_names(columns[i], table, i, _periods(columns)):
            columns[i] = replace(columns[i], role="subject.unit", column=None, is_fuzzy=True)
            return


def _is_point(match: Match) -> bool:
    """点位 | 游客屏 over 游客中心, 索道站: places that are somebody count for themselves, whoever handed the table in."""
    return match.role == "attribute.venue" and read_wording(match.heading.rsplit("›", 1)[-1]).base == POINT


def _periods(columns: list[Match]) -> list[int]:
    return [i for i, m in enumerate(columns) if m.role == "period"]


def _find_finer_names(columns: list[Match], contents: str, table: Table, subjects: list[int]) -> None:
    """企业 over several rows, and in each of them a 网点 of its own, or a name under a heading nobody knows: the rows are these."""
    first, *others = subjects
    if columns[first].role != "subject.unit" and (others or columns[first].role not in ("subject.area", "subject.town", "subject.community")):
        return
    candidates = others or [i for i in range(first + 1, len(columns)) if columns[i].role in MAY_BE_KEY]
    if not candidates or not _covers_rows(table, first):
        return
    for i in others or [i for i in candidates if i < _first_number(columns, table)]:
        if columns[i].role == "subject.unit" and _is_distinct(_texts(table, i)):
            columns[first] = replace(columns[first], role="subject.area")
            return
        if columns[i].role in MAY_BE_KEY and _has_own_names(columns[i], table, i):
            columns[first] = replace(columns[first], role="subject.area" if columns[first].role == "subject.unit" else columns[first].role)
            columns[i] = replace(columns[i], role="subject.unit", column=None, is_fuzzy=contents[i] != "s")
            return


def _covers_rows(table: Table, index: int) -> bool:
    """Does a name here stand for several rows, merged or written again?"""
    grid, column = table.grid, table.left + index
    if any((row, column) in grid.anchors and grid.spans[grid.anchors[row, column]][0] > row for row in table.data_rows):
        return True
    return not _is_distinct(_texts(table, index))


def _has_own_names(match: Match, table: Table, index: int, periods: Sequence[int] = ()) -> bool:
    """Every row has a name of its own here, or one of its own in its period, and it is no person's."""
    is_corner = match.role == "item" and table.grid.is_turned  # 项目 over names speaks of the headings beside it
    base = "" if is_corner else read_wording(match.heading.rsplit("›", 1)[-1]).base
    if base.endswith((*DESCRIBES, *IS_A_PERSON)) or is_personal_heading(match.heading):
        return False
    texts = _texts(table, index)
    if len(texts) != len(table.data_rows) or len(texts) < 2 or not all(map(_is_name, texts)) or look_like_people(texts):
        return False
    whens = [[str(table.grid.value(row, table.left + i)) for i in periods] for row in table.data_rows]
    return len(set(texts)) > 1 and _is_distinct(["›".join((text, *when)) for text, when in zip(texts, whens, strict=True)])


def _texts(table: Table, index: int) -> list[str]:
    """The texts of data rows in this column, merged ones in each of their rows; none where anything else stands among them."""
    values: list[CellValue] = [table.grid.value(row, table.left + index) for row in table.data_rows]
    filled = [v for v in values if not is_blank(v)]
    texts = [v.strip() for v in filled if isinstance(v, str)]
    return texts if len(texts) == len(filled) else []


def _is_distinct(texts: list[str]) -> bool:
    return bool(texts) and len({squeeze(text) for text in texts}) == len(texts)


def are_numbered_names(texts: Sequence[str]) -> bool:
    """宏远御景, 新城一期, 新城二期: texts that read as numbers are names where the others in their column are."""
    numbered = [text for text in texts if NUMBERED_NAME.fullmatch(text.strip())]
    others = [text for text in texts if text not in numbered]
    return bool(numbered) and all(_is_name(text.strip()) for text in others) and len(numbered) <= max(len(others), 2)


def _is_name(text: str) -> bool:
    is_read_as_number = read_quantity(text).reason != "unreadable" and not text.endswith(COUNTED_GROUPS) and not NUMBERED_NAME.fullmatch(text)
    return 2 <= len(text) <= LONGEST_NAME and any(ch.isalpha() for ch in text) and heading_kind(text) is None and not is_read_as_number
