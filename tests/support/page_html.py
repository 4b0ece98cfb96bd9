"""What a page says, read out of its HTML: cells of a table, linked numbers, embedded data (packed.py unpacks those)."""

from __future__ import annotations

import json
import re


def embedded(html: str) -> dict:
    return json.loads(re.search(r'id="data">(.*?)</script>', html, re.S).group(1))  # type: ignore[union-attr]


def linked(html: str) -> set[tuple[str, ...]]:
    found = re.findall(r'data-num="([^"]+)"(?: data-area="([^"]*)")?(?: data-week="([^"]*)")?(?: data-part="([^"]*)")?', html)
    return set(found)


def cells_of(html: str, table: str) -> dict[str, list[str]]:
    """Row key → texts of a table's cells."""
    found = html[html.index(f'id="{table}"') :].split("</table>", maxsplit=1)[0]
    rows = re.findall(r'<tr data-row="([^"]*)">(.*?)</tr>', found, re.S)
    return {key: [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td.*?</td>", row, re.S)] for key, row in rows}
