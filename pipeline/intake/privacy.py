"""Personal data out of texts, before anything is kept: numbers become a tag of their kind, names a surname and 某.

Here: masking of text cells, footers, names, and of numbers stored as numbers; headings of columns that are personal as a whole; the
keyed hash that links equal numbers without keeping them. Not here: what a name looks like (names.py), which sentence of a narrative is
dropped, and areas for addresses.
Check digits are not required: what looks like a personal number is masked, unless a unit makes it a quantity.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import re
import unicodedata
from dataclasses import dataclass

from pipeline.intake.decoys import normalise
from pipeline.intake.names import PERSON, drop_signatures, shorten_labelled_names, shorten_names

ID, PHONE, LANDLINE, CARD, ACCOUNT = "身份证号", "手机号", "电话", "银行卡号", "账号"
WECHAT, QQ, PLATE, EMAIL, PASSPORT = "微信号", "QQ号", "车牌", "邮箱", "护照号"
NAME, ADDRESS, EMPLOYER = "姓名", "住址", "工作单位"

_NOT_A_UNIT = r"(?!\s?(?:[余多万亿]|元|份|条|次|人|户|个|张))"
_HIDDEN = "*×xX"
_APART = r"(?<![\dA-Za-z.])"
_NUMBERS = (
    (EMAIL, r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"),
    (ID, _APART + r"[1-8]\d{5}[ -]?(?:18|19|20)\d\d[ -]?(?:0\d|1[0-2])[0-3]\d[ -]?\d{3}[\dXx](?![\dA-Za-z])"),
    (ID, _APART + r"[1-8]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?![\dA-Za-z.])"),
    (CARD, _APART + rf"6\d{{3,5}}[ -]?(?:[{_HIDDEN}]{{4}}[ -]?){{1,3}}[{_HIDDEN}]{{0,3}}[ -]?\d{{3,4}}(?!\d)"),
    (ID, _APART + rf"[1-8]\d{{2,9}}[{_HIDDEN}]{{6,14}}\d{{0,4}}[\dXx]?(?![\dA-Za-z])"),
    (PHONE, _APART + rf"(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{{4}}[ -]?\d{{4}}(?!\d){_NOT_A_UNIT}"),
    (PHONE, _APART + rf"(?:\+?86[ -]?)?1[3-9][\d{_HIDDEN}](?=[ \d-]{{0,10}}[{_HIDDEN}])(?:[ -]?[\d{_HIDDEN}]{{4}}){{2}}(?![\d{_HIDDEN}])"),
    (LANDLINE, r"(?<![\dA-Za-z.-])\(?0\d{2,3}\)?[ -]?\d{7,8}(?:[ -]\d{1,5})?(?![\d.])"),
    (CARD, _APART + r"(?!(?:19|20)\d\d-[01]\d[0-3]\d-(?:19|20))\d{4}(?:(?: \d{4}){3}(?: \d{1,3})?|(?:-\d{4}){3}(?:-\d{1,3})?)(?![\d-])"),
    (CARD, _APART + r"\d{16,19}(?![\d.])|" + _APART + r"\d\.\d{2,17}[eE]\+?1[4-9]"),
    (PHONE, _APART + r"1\.[3-9]\d{1,17}[eE]\+?10"),
    (ACCOUNT, _APART + r"(?:\d{15}|\d{20,40})(?![\d.])"),
    (
        PLATE,
        r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·•‧・ ]?"
        r"(?=[A-Z\d]{0,5}\d)[A-HJ-NP-Z\d]{4,5}[A-HJ-NP-Z\d挂学警](?![A-Za-z\d])",
    ),
)
_AFTER_WORDS = (
    (LANDLINE, r"电话|座机|传真|号码", r"\d{7,8}(?!\d)"),
    (ACCOUNT, r"账号|帐号|账户|帐户|卡号|支付宝|尾号", r"\d[\d -]{2,38}\d(?!\d)"),
    (WECHAT, r"微信号?|微信ID|[vV][xX]", r"[A-Za-z][\w-]{5,19}|(?<=[:号] )[\w-]{5,20}|(?<=[:号])[A-Za-z\d_-]{5,20}"),
    (QQ, r"QQ群?|qq群?|扣扣", r"[1-9]\d{4,11}(?!\d)"),
    (PASSPORT, r"护照", r"[A-Z]{1,2}\d{7,8}(?!\d)"),
)
"""Numbers that only the word before them makes personal: kind, word, number."""


def _any_of(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


_FOUND = _any_of([f"(?P<n{i}>{number})" for i, (_, number) in enumerate(_NUMBERS)])
_FOUND_AFTER = _any_of([f"(?:{word})(?:号码?|为|是)?\\s?:?\\s?(?P<n{i}>{number}){_NOT_A_UNIT}" for i, (_, word, number) in enumerate(_AFTER_WORDS)])
_WORTH_A_LOOK = re.compile(
    r"\d(?:[\s.*×xX-]{0,3}[\d*×xX]){4}|\d[eE]\+?1\d|@|微信|[vV][xX]|[\u4e00-\u9fff][A-Z][·•‧・ ]?[A-Z\d]{4}|[人名主员对]\s?[:：]"
)

_HEADINGS = (
    (ID, r".*(?:身份证|证件)(?:号码?|件号码?)?"),
    (PHONE, r"(?:联系|固定|手机|办公|本人|事主|受害人|被害人|家庭)*(?:电话|手机)(?:号码?)?|(?:手机|电话|联系)号码?|联系方式"),
    (CARD, r".*(?:银行卡|卡)号码?|银行卡"),
    (ACCOUNT, r".*(?:账号|帐号)|(?:收款|付款|对方|转入|转出|开户)(?:账户|帐户)(?:号码?)?"),
    (WECHAT, r".*微信(?:号|ID|账号)"),
    (QQ, r".*(?:QQ|qq)(?:号码?)?"),
    (PLATE, r".*车牌(?:号码?)?"),
    (ADDRESS, r".*(?:住址|家庭地址|居住地址?|户籍地址?|户籍所在地|联系地址|详细地址)"),
    (EMPLOYER, r"(?:工作|事主|受害人|被害人)单位"),
    (NAME, rf".*(?:姓名|户名|{PERSON})(?:信息|签字|签名)?"),
)
_COUNTED = re.compile(r"\((?:万|千)?(?:人次?|个|名|起|户|次|条|元|份|张|位)\)$|数量?$|人数|金额")


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with its personal parts replaced, and the kinds that were found (each once, in order of appearance)."""

    text: str
    kinds: tuple[str, ...] = ()

    @property
    def has_personal_data(self) -> bool:
        return bool(self.kinds)


def mask_text(text: str) -> Masked:
    """Any text with personal numbers as 〔手机号〕 and the like, and names after 事主： or 联系人： as surname and 某.

    Full-width, spaced, hyphenated and part-masked numbers are found; a text without any comes back unchanged.
    """
    if not _WORTH_A_LOOK.search(text):
        return Masked(text)
    kinds: dict[str, None] = {}
    masked = _mask_numbers(text, kinds)
    named = shorten_labelled_names(masked)
    if named != masked:
        kinds[NAME] = None
    return Masked(named, tuple(kinds))


def _mask_numbers(text: str, seen: dict[str, None]) -> str:
    masked = _tagged(text, _FOUND, [kind for kind, _ in _NUMBERS], seen)
    return _tagged(masked, _FOUND_AFTER, [kind for kind, _, _ in _AFTER_WORDS], seen)


def _tagged(text: str, pattern: re.Pattern[str], kinds: list[str], seen: dict[str, None]) -> str:
    """The text with each number the pattern names n0, n1 … replaced by its kind's tag; the kinds met are added to `seen`."""
    plain, positions = normalise(text)
    pieces: list[str] = []
    done = 0
    for match in pattern.finditer(plain):
        name = match.lastgroup or ""
        start, end = match.span(name)
        if positions:
            start, end = positions[start], positions[end - 1] + 1
        kind = kinds[int(name[1:])]
        pieces += [text[done:start], f"〔{kind}〕"]
        seen[kind] = None
        done = end
    return "".join([*pieces, text[done:]])


def mask_value(value: object) -> object:
    """A cell's value safe to keep: text as `mask_text` gives it, a number that is a telephone, ID, card or account number as its
    tag (spreadsheets keep them as 13800001234 or 6.22848E+18), anything else as it is.
    """
    if isinstance(value, str):
        return mask_text(value).text
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value) or value != int(value):
        return value
    digits = str(int(value))
    if len(digits) == 11 and digits[0] == "1" and digits[1] in "3456789":
        return f"〔{PHONE}〕"
    if len(digits) == 18:
        return f"〔{ID}〕"
    if len(digits) >= 15:
        return f"〔{CARD if 16 <= len(digits) <= 19 else ACCOUNT}〕"
    return value


def mask_name(text: str) -> str:
    """李小明 → 李某, 欧阳某某 → 欧阳某, 张三、李四 → 张某、李某; numbers beside a name become tags, 无 and dashes stay."""
    return shorten_names(_mask_numbers(text, {}))


def mask_footer(text: str) -> str:
    """A footer or signature line without its names: 填报人：李某某 联系电话：1380000XXXX → 填报人： 联系电话：〔手机号〕.

    Organisations (制表：反诈中心) and dates stay.
    """
    return drop_signatures(_mask_numbers(text, {}))


def is_personal_heading(heading: str) -> str | None:
    """The kind of personal data a column holds by its heading (its last step, when given as a ›-joined path), or None.

    Counts are not personal: 受害人数, 止付账户（个）, 电话劝阻（人次）.
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", heading.rsplit("›", 1)[-1]))
    if _COUNTED.search(plain):
        return None
    plain = re.sub(r"\([^()]*\)|[*:]", "", plain)
    return next((kind for kind, pattern in _HEADINGS if re.fullmatch(pattern, plain)), None)


def linking_hash(number: str | int, key: bytes) -> str:
    """A keyed hash (HMAC-SHA-256, hex) of a personal number, equal for equal numbers however they are spaced or hyphenated.

    `key` stays outside the repository and the warehouse. Raises ValueError for an empty key or a number without characters.
    """
    plain = re.sub(r"[^0-9A-Za-z]", "", unicodedata.normalize("NFKC", str(number))).upper()
    if not key or not plain:
        raise ValueError("a linking hash needs a key and a number")
    return hmac.new(key, plain.encode(), hashlib.sha256).hexdigest()
