"""Columns that only say when or how many, under a title that says of what: 宣传单发放情况 over 单位 | 1月 | 2月 | 3月.

Here: which one measure a title names, and header paths completed with it. A title that names two (预警劝阻) completes nothing. Not here: what
a path means (matching.py), which period 1月 is (metadata.py).
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from pipeline.forms.catalogue import catalogue
from pipeline.forms.wording import BRACKETS, read_wording, sheet_words, units_in
from pipeline.intake.lines import heading_kind, period_said, row_label

SHORTEST_NAME = 2


@lru_cache(maxsize=1024)
def with_measure_of_title(paths: tuple[tuple[str, ...], ...], title: str) -> tuple[tuple[str, ...], ...]:
    """The paths, those that say only a period or 数量 under the heading their title names; as they are where a column names a measure itself."""
    bare = [i for i, path in enumerate(paths) if path and all(map(_only_counts, path))]
    others = [path for i, path in enumerate(paths) if path and i not in bare]
    if not bare or any(map(_names_a_measure, others)):
        return paths
    if not any(period_said(part) for i in bare for part in paths[i]) and (len(bare) > 1 or not all(map(_names_whose, others))):
        return paths  # 品名 | 数量: what is counted stands in the row
    heading = measure_of_title(title)
    if heading is None:
        return paths
    return tuple((heading, *path) if i in bare else path for i, path in enumerate(paths))


@lru_cache(maxsize=4096)
def _only_counts(part: str) -> bool:
    """1月, 数量, 本周数（份）, 人数: when, or that something is counted and in which unit, not what."""
    words, wording = sheet_words(), read_wording(part)
    is_unit = wording.base.endswith("数") and bool(units_in(wording.base.removesuffix("数")))
    return bool(period_said(part)) or wording.base in words.number_headings or is_unit or not wording.base


def _names_a_measure(path: tuple[str, ...]) -> bool:
    return row_label(path[-1]) is None and any(heading_kind(part) == "measure" for part in path) if path else False


def _names_whose(path: tuple[str, ...]) -> bool:
    """A column of units, ordinals or remarks."""
    column = catalogue().common.get(read_wording(path[-1]).key)
    return column is not None and (column.role.startswith("subject") or column.role in ("ordinal", "remark", "reporter", "period"))


@lru_cache(maxsize=1024)
def measure_of_title(title: str) -> str | None:
    """The heading of the one measure a title names, with the unit the title states: 宣传单（份）; None where it names none or several."""
    anywhere = catalogue().anywhere
    title = unicodedata.normalize("NFKC", title)
    plain = read_wording(BRACKETS.sub("", title)).base
    named = [key for key, column in anywhere.items() if column.measure and len(key) >= SHORTEST_NAME and key in plain and not units_in(key)]
    longest = [key for key in named if not any(key in other for other in named if other != key)]
    if len({anywhere[key].measure for key in longest}) != 1:
        return None
    heading = anywhere[max(longest, key=len)].headings[0]
    unit = next((content for content in BRACKETS.findall(title) if units_in(content)), "")
    return f"{heading}（{unit.removeprefix('单位').lstrip(':：')}）" if unit else heading
