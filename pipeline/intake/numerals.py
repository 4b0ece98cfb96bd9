"""Numerals as people write them → exact decimals and, for 几/数 and 二三十, the interval they span.

Here: digits with separators, 万/亿 and w/k, Chinese and 大写 numerals, and the vague ones without a figure. Not here: the words
around a numeral (近, 余, 以上), units, and what a cell as a whole means (quantity.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Context, Decimal

# 大写 and traditional characters fold one to one, so positions in the text stay true.
_PLAIN = str.maketrans("〇壹贰貳弍叁參叄肆伍陆陸柒捌玖拾佰仟萬億兩", "零一二二二三三三四五六六七八九十百千万亿两")
_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
_SCALE = _SMALL | _LARGE | {"w": 10**4, "W": 10**4, "k": 1000, "K": 1000}

SCALES = "十百千万亿拾佰仟萬億"
HAN = "零〇一二两三四五六七八九壹贰貳弍叁參叄肆伍陆陸柒捌玖兩廿卅" + SCALES

ARABIC = rf"\d[\d,.]*(?:[{SCALES}]+[零〇]?\d[\d,.]*)*(?:[{SCALES}]+|[wWkK](?![A-Za-z]))?"
"""A numeral that starts with a digit, as a pattern; it takes in malformed ones (1,23 · 12.3.4) so that they can be refused whole."""

_MAX_LENGTH = 30
_SPREADSHEET = Context(prec=15)
"""Spreadsheets keep 15 significant digits; 74.92000000000002 is arithmetic dust on 74.92."""
_GROUPED = re.compile(r"(?:0|[1-9]\d*|[1-9]\d{0,2}(?:,\d{3})+)(?:\.\d+)?")
_SEGMENT = re.compile(rf"([零〇]?)([\d.,]+)([wWkK]|[{SCALES}]*)")
_POINT = re.compile(r"([零一二三四五六七八九十]+)点([零一二三四五六七八九]+)([十百千万亿]*)")
_VAGUE = re.compile(r"好?[数几]([十百千万亿]*)")
_TENS_AND = re.compile(r"(?:([二三四五六七八九]?十)|([1-9]0))几([万亿]?)")


@dataclass(frozen=True, slots=True)
class Numeral:
    """What a numeral says: a figure (low == value == high), or only bounds (value None); `is_high_exclusive` marks [low, high)."""

    value: Decimal | None
    low: Decimal
    high: Decimal
    is_high_exclusive: bool = False
    has_large: bool = False
    """万 or 亿 stands in the numeral itself, so that a multiplier in the heading no longer applies."""


def fold(text: str) -> str:
    """大写 and traditional numerals as plain ones: 叁拾万 → 三十万."""
    return text.translate(_PLAIN)


def scale_of(text: str) -> int:
    """Product of scale characters: 十万 → 100 000; the empty text is 1."""
    product = 1
    for character in fold(text):
        product *= _SCALE[character]
    return product


def unit_step(value: Decimal) -> Decimal:
    """Place value of the last non-zero digit: 800 → 100, 2500 → 100, 12 000 → 1000. What 余 may add stays below it."""
    return Decimal(1).scaleb(int(value.normalize().as_tuple().exponent))


def read_arabic(text: str) -> Decimal | None:
    """1,234.50 · 4万 · 3百万 · 1亿2000万 · 2万5 · 3万零50 · 1.5w → an exact decimal; None where digits and separators do not add up to one."""
    if len(text) > _MAX_LENGTH:
        return None
    segments = _SEGMENT.findall(text)
    if "".join(map("".join, segments)) != text or (segments and segments[0][0]):
        return None
    total, ceiling = Decimal(0), None
    for position, (zero, digits, marks) in enumerate(segments):
        if not _GROUPED.fullmatch(digits):
            return None
        number = _SPREADSHEET.create_decimal(digits.replace(",", ""))
        scale = scale_of(marks)
        if marks and scale < 10_000 and number >= (10 if scale == 10 else 100):  # 2500十: a slip for 2500+
            return None
        if ceiling is not None:
            if "." in digits or "." in segments[position - 1][1]:
                return None
            if not marks and not zero and len(digits) == 1:  # 2万5 is 25 000, as spoken
                scale = ceiling // 10
            if number * scale >= (ceiling // 10 if zero else ceiling) or number == 0:  # 零 bridges at least one place
                return None
        total += number * scale
        ceiling = scale
    return total


def read_han(text: str, is_one_implied: bool = False) -> Decimal | None:
    """二百三十 · 三千五 · 一万二 · 叁拾万 → an exact decimal; None where the characters form no single number.

    With `is_one_implied` a leading 百, 千 or 万 counts as 一百 (百余人, 近千份); 十 always does.
    """
    plain = fold(text).replace("廿", "二十").replace("卅", "三十")
    if not plain or len(plain) > _MAX_LENGTH:
        return None
    if match := _POINT.fullmatch(plain):  # 三点五万
        whole = read_han(match[1])
        fraction = "".join(str(_DIGIT[digit]) for digit in match[2])
        return None if whole is None else (whole + Decimal(f"0.{fraction}")) * scale_of(match[3])
    total = 0
    for large in ("亿", "万"):
        head, mark, plain = plain.partition(large) if large in plain else ("", "", plain)
        if not mark:
            continue
        count = _below_ten_thousand(head, is_one_implied) if head else (1 if is_one_implied and total == 0 else None)
        if not count:
            return None
        total += count * _LARGE[large]
        if len(plain) == 1 and plain in _DIGIT and plain != "零":  # 一万二
            return Decimal(total + _DIGIT[plain] * _LARGE[large] // 10)
        if not plain:
            return Decimal(total)
        if plain[0] == "零" and len(plain) > 1:
            plain = plain[1:]
        is_one_implied = False
    rest = _below_ten_thousand(plain, is_one_implied)
    return None if rest is None else Decimal(total + rest)


def _below_ten_thousand(text: str, is_one_implied: bool) -> int | None:
    """A group without 万/亿. Digits must alternate with falling 千 百 十; 零 bridges a gap."""
    if text in _DIGIT:
        return _DIGIT[text]
    total, last_scale, digit, is_after_zero = 0, 10_000, None, False
    for position, character in enumerate(text):
        if character == "零":
            if digit is not None or position == 0 or is_after_zero:
                return None
            is_after_zero = True
        elif character in _DIGIT:
            if digit is not None:
                return None
            digit = _DIGIT[character]
        elif character in _SMALL:
            scale = _SMALL[character]
            if digit is None:
                if position > 0 and not (character == "十" and is_after_zero):
                    return None
                if position == 0 and character != "十" and not (is_one_implied and len(text) == 1):
                    return None
                digit = 1
            if scale >= last_scale:
                return None
            total, last_scale, digit, is_after_zero = total + digit * scale, scale, None, False
        else:
            return None
    if digit is not None:
        # 三千五 is 3500; 一百零五 is 105; 二十三 is 23.
        return total + digit * (1 if is_after_zero else last_scale // 10)
    return None if is_after_zero else total


def read_numeral(text: str, is_one_implied: bool = False) -> Numeral | None:
    """One numeral, with or without a figure of its own. None: the characters do not form one."""
    has_large = any(c in "万亿萬億wW" for c in text)
    if text[:1].isdigit() and "几" not in text:
        value = read_arabic(text)
        return None if value is None else Numeral(value, value, value, has_large=has_large)
    plain = fold(text)
    if match := _VAGUE.fullmatch(plain):
        scale = Decimal(scale_of(match[1])) if _is_falling_product(match[1]) else None
        return None if scale is None else Numeral(None, 2 * scale, 10 * scale, True, has_large)
    if match := _TENS_AND.fullmatch(plain):
        tens = Decimal(match[2]) if match[2] else read_han(match[1])
        scale = scale_of(match[3])
        return None if tens is None else Numeral(None, (tens + 1) * scale, (tens + 10) * scale, True, has_large)
    value = read_han(plain, is_one_implied)
    if value is not None:
        return Numeral(value, value, value, has_large=has_large)
    return _read_neighbours(plain, has_large)


def _is_falling_product(scales: str) -> bool:
    """十 百 千 万 亿, or one of 十 百 千 before 万 or 亿."""
    return len(scales) <= 1 or (len(scales) == 2 and scales[0] in _SMALL and scales[1] in _LARGE)


def _read_neighbours(plain: str, has_large: bool) -> Numeral | None:
    """二三十 · 十七八 · 三四百万: two neighbouring digits are the ends of a range."""
    for i in range(len(plain) - 1):
        first, second = _DIGIT.get(plain[i]), _DIGIT.get(plain[i + 1])
        if first and second and (second == first + 1 or plain[i : i + 2] == "三五"):
            low, high = read_han(plain[: i + 1] + plain[i + 2 :]), read_han(plain[:i] + plain[i + 1 :])
            if low is not None and high is not None and low < high:
                return Numeral(None, low, high, has_large=has_large)
    return None
