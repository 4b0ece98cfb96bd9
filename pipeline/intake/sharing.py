"""What tables of one sheet share of the lines around them: the sheet's title, a title merged across two, the date at the foot.

Here: which lines that stand over or under one table are said of another too. Not here: finding tables (blocks.py), what a line means (lines.py),
which of several times is a table's (metadata.py).
"""

from __future__ import annotations

import re

from pipeline.forms.wording import squeeze
from pipeline.intake.lines import LIST_MARK, PERIOD_PART, SAYS_WHEN, Line
from pipeline.intake.period import find_period, read_known_at, read_period, read_year_context
from pipeline.intake.regions import Grid, Table

LONGEST_CAPTION = 24
SAYS_NOTHING = re.compile(r"(?<=.)(?:反诈|宣传|工作|活动|开展|情况|数据|统计|汇总|报|表)+$")


def share_lines(grid: Grid, tables: list[Table]) -> None:
    """Give every table of a sheet the lines that stand over or under another one and are said of it too."""
    for table in tables:
        first = tables[0]
        if not table.above and first.top == table.top:
            table.above = first.above  # a title over tables that stand beside one another
        elif table is not first and not table.above and table.grid is grid:
            table.above = [line for line in first.above if "unit" not in line.fields]  # the one title of the sheet
        elif table is not first and _has_caption_only(table):
            table.above = [*_sheet_head(first), *table.above]
        elif table is not first and _says_only_when(table):
            table.above = [*table.above, *_titles_around(table, first)]
    _share_between_neighbours(grid, tables)


def _has_caption_only(table: Table) -> bool:
    """Nothing above but 二、劝阻情况 or 劝阻情况: a part of the sheet, whose period and reporter stand at the sheet's head."""
    return bool(table.above) and all("unit" in line.fields or _is_caption(line) for line in table.above)


def _is_caption(line: Line) -> bool:
    text = line.text.strip()
    is_short = line.kind == "text" and len(text) <= LONGEST_CAPTION // 2
    return not line.fields and not SAYS_WHEN.search(text) and (is_short or LIST_MARK.match(text) is not None)


def _sheet_head(first: Table) -> list[Line]:
    """The lines over the first part's caption, its own time and its unit left out."""
    captions = [i for i, line in enumerate(first.above) if LIST_MARK.match(line.text.strip()) or (i and (_is_caption(line) or _is_time(line)))]
    return [line for line in first.above[: captions[0] if captions else None] if "unit" not in line.fields]


def _says_only_when(table: Table) -> bool:
    """Nothing above but 8月中旬 or （二）第33周: a part of the sheet, told from the others by its time."""
    lines = [line for line in table.above if "unit" not in line.fields]
    return any(_is_time(line) for line in lines) and all(_is_time(line) or LIST_MARK.match(line.text.strip()) for line in lines)


def _is_time(line: Line) -> bool:
    """8月中旬, （二）第33周（8.12-8.18）, 8月中旬宣传情况: a time and nothing else, whatever its year."""
    text = SAYS_NOTHING.sub("", LIST_MARK.sub("", line.text.strip()).strip(" 、.．:："))
    return (
        not line.fields and len(text) <= LONGEST_CAPTION and (PERIOD_PART.fullmatch(squeeze(text)) is not None or read_period(text, 2000) is not None)
    )


def _titles_around(table: Table, first: Table) -> list[Line]:
    """Titles and reporter over the first part, without its own time; none where that time is not around this part's."""
    head = [line for line in first.above if not _is_time(line) and not {"unit", "period"}.intersection(line.fields)]
    year = read_year_context(*(line.text for line in head))
    whole = next(filter(None, (find_period(line.text, year) for line in head)), None)
    parts = [find_period(line.text, year) for line in table.above if _is_time(line)]
    is_around = whole is None or all(part is None or whole.start <= part.start <= part.end <= whole.end for part in parts)
    return head if is_around else []


def _share_between_neighbours(grid: Grid, tables: list[Table]) -> None:
    """Tables side by side share what stands over or under both: a title merged across, or above the captions of a table that says no period
    itself, and the date at the foot."""
    upright = [table for table in tables if table.grid is grid]
    for table in upright if len({table.left for table in upright}) > 1 else ():
        for other in upright:
            if other.right >= table.left or other.top > table.bottom or table.top > other.bottom:
                continue
            top = min([table.top, *(line.row for line in table.above)])
            says_when = any("period" in line.fields or SAYS_WHEN.search(line.text) for line in table.above)
            above = [
                line
                for line in other.above
                if "unit" not in line.fields and line.row < table.top and (_covers(grid, line, table.left) or (line.row < top and not says_when))
            ]
            table.above = [*table.above, *(line for line in above if line not in table.above)]
            dated = [line for line in other.below if line.row > table.bottom and read_known_at(line.text)]
            table.below = [*table.below, *(line for line in dated if line not in table.below)]


def _covers(grid: Grid, line: Line, column: int) -> bool:
    """Is this line merged across that column?"""
    return line.column <= column <= grid.spans.get((line.row, line.column), (0, -1))[1]
