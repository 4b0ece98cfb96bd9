"""csv and tsv as people export them: find the encoding and the delimiter, keep every cell as text.

Here: bytes → rows. Not here: what a cell means; "1,234" and "007" stay text for quantity.py.
"""

from __future__ import annotations

import csv
import io
from collections import Counter

from pipeline.intake.grid import CellValue, Sheet, Workbook
from pipeline.intake.refusals import WorkbookRefused

DELIMITERS = ",\t;|"
_SAMPLE_ROWS = 200
_BINARY = {"seen": "无法识别的二进制内容", "seen_en": "unknown binary content"}
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def read_delimited(data: bytes, name: str, max_cells: int) -> Workbook:
    """A text file as a workbook of one sheet called `name`. Raises WorkbookRefused: empty, truncated, unknown_encoding,
    not_a_spreadsheet, too_many_cells."""
    text, encoding = decode(data)
    if not text.strip("\x1a\r\n\t ,;\0"):
        raise WorkbookRefused("empty")
    declared, text = _declared_delimiter(text)
    delimiter = declared or _delimiter(text)
    rows: list[list[CellValue]] = [[cell.strip("\x1a") or None for cell in row] for row in _rows(text, delimiter)]
    width = max(map(len, rows))
    if len(rows) * width > max_cells:
        raise WorkbookRefused("too_many_cells", sheet=name, seen=f"{len(rows)}×{width}", limit=f"{max_cells:,}")
    for row in rows:
        row.extend([None] * (width - len(row)))
    return Workbook(kind="tsv" if delimiter == "\t" else "csv", sheets=(Sheet(name, rows),), encoding=encoding)


def decode(data: bytes) -> tuple[str, str]:
    """(text, encoding): UTF-8 strictly, UTF-16 by its mark or its zero bytes, else GB18030. No guessing beyond that."""
    encoding = next((encoding for mark, encoding in _BOMS if data.startswith(mark)), None) or _unmarked_encoding(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise WorkbookRefused("unknown_encoding") from error
    head = text[:4000]
    if sum(ord(letter) < 32 and letter not in "\t\r\n\f\v\x1a" for letter in head) * 20 > len(head):
        raise WorkbookRefused("not_a_spreadsheet", **_BINARY)
    return text, encoding


def _unmarked_encoding(data: bytes) -> str:
    if b"\0" in data:  # ASCII characters in UTF-16 have a zero byte, always on the same side
        sample = data[:4000]
        even, odd = sample[0::2].count(0), sample[1::2].count(0)
        if min(even, odd) * 4 > max(even, odd) or max(even, odd) * 100 < len(sample):
            raise WorkbookRefused("not_a_spreadsheet", **_BINARY)
        return "utf-16-be" if even > odd else "utf-16-le"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and not data[: error.start].isascii():
            # UTF-8 but for half a character at the very end; GB18030 would turn the whole file into nonsense.
            raise WorkbookRefused("truncated") from error
        return "gb18030"
    return "utf-8"


def _declared_delimiter(text: str) -> tuple[str | None, str]:
    """Excel's own first line "sep=;" is an instruction: it is no row on anyone's screen."""
    first, _, rest = text.partition("\n")
    first = first.strip()
    if len(first) == 5 and first.lower().startswith("sep=") and rest:
        return first[4], rest
    return None, text


def _delimiter(text: str) -> str:
    """The delimiter under which most rows have the same number of fields; a comma when none divides anything."""

    def consistency(delimiter: str) -> tuple[float, int]:
        widths = Counter(len(row) for row in _rows(text, delimiter, _SAMPLE_ROWS) if any(row))
        divided = {width: n for width, n in widths.items() if width > 1}
        if not divided:
            return 0.0, 0
        width, n = max(divided.items(), key=lambda item: (item[1], item[0]))
        return n / widths.total(), width

    return max(DELIMITERS, key=consistency)


def _rows(text: str, delimiter: str, limit: int | None = None) -> list[list[str]]:
    try:
        return _parsed(text, delimiter, limit, is_quoted=True)
    except csv.Error:
        # A quotation mark that is never closed would swallow the rest of the file into one cell: then marks are plain characters.
        return _parsed(text, delimiter, limit, is_quoted=False)


def _parsed(text: str, delimiter: str, limit: int | None, *, is_quoted: bool) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=csv.QUOTE_MINIMAL if is_quoted else csv.QUOTE_NONE, strict=True)
    return [row for row, _ in zip(reader, range(limit or len(text) + 1), strict=False)]
