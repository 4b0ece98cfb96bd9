"""Personal data out of texts, before anything is kept: numbers become a tag of their kind, names a surname and 某.

Here: masking of text cells, footers, names, and of numbers stored as numbers; headings of columns that are personal as a whole; the
keyed hash that links equal numbers without keeping them. Not here: which sentence of a narrative is dropped, and areas for addresses.
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

ID, PHONE, LANDLINE, CARD, ACCOUNT = "身份证号", "手机号", "电话", "银行卡号", "账号"
WECHAT, QQ, PLATE, EMAIL, PASSPORT = "微信号", "QQ号", "车牌", "邮箱", "护照号"
NAME, ADDRESS, EMPLOYER = "姓名", "住址", "工作单位"

_NOT_A_UNIT = r"(?!\s?(?:[余多万亿]|元|份|条|次|人|户|个|张))"
_HIDDEN = "*×xX"
_PATTERNS = (
    (EMAIL, r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"),
    (PASSPORT, r"(?<=护照)(?:号码?)?\s?:?\s?[A-Z]{1,2}\d{7,8}"),
    (ID, r"(?<![\dA-Za-z.])[1-8]\d{5}[ -]?(?:18|19|20)\d\d[ -]?(?:0\d|1[0-2])[0-3]\d[ -]?\d{3}[\dXx](?![\dA-Za-z])"),
    (ID, r"(?<![\dA-Za-z.])[1-8]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?![\dA-Za-z.])"),
    (ID, rf"(?<![\dA-Za-z.])[1-8]\d{{2,9}}[{_HIDDEN}]{{6,14}}\d{{0,4}}[\dXx]?(?![\dA-Za-z])"),
    (PHONE, rf"(?<![\dA-Za-z.])(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{{4}}[ -]?\d{{4}}(?!\d){_NOT_A_UNIT}"),
    (
        PHONE,
        rf"(?<![\dA-Za-z.])(?:\+?86[ -]?)?1[3-9][\d{_HIDDEN}](?=[ -]?[\d -]*[{_HIDDEN}])[ -]?[\d{_HIDDEN}]{{4}}[ -]?[\d{_HIDDEN}]{{4}}(?![\d{_HIDDEN}])",
    ),
    (LANDLINE, r"(?<![\dA-Za-z.-])\(?0\d{2,3}\)?[ -]?\d{7,8}(?:[ -]\d{1,5})?(?![\d.])"),
    (LANDLINE, rf"(?:(?<=电话)|(?<=座机)|(?<=传真)|(?<=号码))\s?:?\s?\d{{7,8}}(?!\d){_NOT_A_UNIT}"),
    (CARD, r"(?<![\dA-Za-z.])\d{4}(?P<gap>[ -])\d{4}(?:(?P=gap)\d{4}){2}(?:(?P=gap)\d{1,3})?(?!\d)"),
    (CARD, rf"(?<![\dA-Za-z.])\d{{4,6}}[ -]?[{_HIDDEN} -]{{4,16}}[ -]?\d{{3,4}}(?!\d)"),
    (CARD, r"(?<![\dA-Za-z.])\d{16,19}(?![\d.])|(?<![\dA-Za-z.])\d\.\d{2,}[eE]\+?1[4-9]"),
    (PHONE, r"(?<![\dA-Za-z.])1\.[3-9]\d{2,}[eE]\+?10"),
    (ACCOUNT, r"(?<![\dA-Za-z.])(?:\d{15}|\d{20,40})(?![\d.])"),
    (
        ACCOUNT,
        rf"(?:(?<=账号)|(?<=帐号)|(?<=账户)|(?<=帐户)|(?<=卡号)|(?<=支付宝)|(?<=尾号))(?:号码|为|是)?\s?:?\s?\d[\d -]{{2,38}}\d(?!\d){_NOT_A_UNIT}",
    ),
    (
        WECHAT,
        r"(?:(?<=微信号)|(?<=微信)|(?<=[vV][xX])|(?<=微信ID))(?:号|为|是)?\s?:?\s?(?:[A-Za-z][\w-]{5,19}|(?<=[:号])\s?[\w-]{5,20}(?=[^\u4e00-\u9fff]|$))",
    ),
    (QQ, rf"(?:(?<=QQ)|(?<=qq)|(?<=扣扣)|(?<=QQ群)|(?<=QQ号))(?:号码?|为|是)?\s?:?\s?[1-9]\d{{4,11}}(?!\d){_NOT_A_UNIT}"),
    (
        PLATE,
        r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·•‧・ ]?(?=[A-Z\d]*\d)[A-HJ-NP-Z\d]{4,5}[A-HJ-NP-Z\d挂学警](?![A-Za-z\d])",
    ),
)
_PERSONAL = re.compile("|".join(f"(?P<k{i}>{pattern})" for i, (_, pattern) in enumerate(_PATTERNS)))
_KIND_OF = {f"k{i}": kind for i, (kind, _) in enumerate(_PATTERNS)}
_WORTH_A_LOOK = re.compile(r"\d(?:[\s.*×xX-]*[\d*×xX]){4}|@|微信|[vV][xX]|[\u4e00-\u9fff][A-Z][·•‧・ ]?[A-Z\d]{4}|[:：]")

_COMPOUND = ["欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "夏侯", "端木", "百里", "南宫", "独孤", "长孙", "宇文", "轩辕", "澹台", "公冶", "宗政", "濮阳", "太叔", "申屠", "钟离", "鲜于", "闾丘", "拓跋", "呼延", "第五", "东郭", "西门", "南门", "完颜", "耶律"]
_PERSON = "姓名|事主|受害人|被害人|当事人|报警人|户主|户名|持卡人|开户人|收款人|付款人|嫌疑人|联系人|填报人|填表人|制表人|报送人|上报人|审核人|复核人|审批人|负责人|经办人|统计员|统计人|校对|录入人|签发人|签收人|责任人|劝阻人|处置人|见证人"
_SIGNED = re.compile(rf"(?P<label>(?:单位|分管|主要)?(?:{_PERSON}|制表|填报|审核|审批|复核|签字|签名|局长|所长|行长|校长|分管领导|领导))\s*[:：]\s*")
_LABELLED_NAME = re.compile(rf"(?P<label>(?:{_PERSON})\s*[:：]\s*)(?P<name>[\u4e00-\u9fff·]{{2,4}})(?![\u4e00-\u9fff])")
_A_NAME = re.compile(
    r"[\u4e00-\u9fff](?:[ \u3000][\u4e00-\u9fff]{1,2}(?![\u4e00-\u9fff])|[\u4e00-\u9fff·]{0,3})(?=$|[\s,，、;；(（/\d])(?:[、/,，]\s*[\u4e00-\u9fff]{2,4}(?=$|[\s,，、;；/]))*"
)
_ORGANISATION = re.compile(
    r"(?:中心|派出所|大队|中队|支队|总队|分局|公安局|支行|分行|银行|办公室|社区|委会|学校|小学|中学|学院|大学|公司|政府|街道|信用社|营业部|[镇乡]|综合科|科室|专班|警务室)$"
)
_NOBODY = re.compile(r"[-–—―/\\\s]*|无|空|不详|未知|略|同上|未提供")

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
    (NAME, rf".*(?:姓名|户名|{_PERSON})(?:信息|签字|签名)?"),
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
    plain, positions = normalise(text)
    pieces: list[str] = []
    kinds: dict[str, None] = {}
    done = 0
    for match in _PERSONAL.finditer(plain):
        kind = _KIND_OF[match.lastgroup or ""] if match.lastgroup != "gap" else CARD
        start, end = (positions[match.start()], positions[match.end() - 1] + 1) if positions else match.span()
        pieces += [text[done:start], f"〔{kind}〕"]
        kinds[kind] = None
        done = end
    masked = "".join([*pieces, text[done:]])
    named = _LABELLED_NAME.sub(lambda match: match["label"] + mask_name(match["name"]), masked)
    if named != masked:
        kinds[NAME] = None
    return Masked(named, tuple(kinds))


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
    plain = unicodedata.normalize("NFKC", text).strip()
    if _NOBODY.fullmatch(plain):
        return text
    masked = mask_text(re.sub(r"[(（][^()（）]*[)）]", "", plain)).text
    pieces = re.split(
        r"(〔[^〕]*〕|\s*[、,;/]\s*|\s+和\s*|(?<=[\u4e00-\u9fff]{2})(?:和|及|与)(?=[\u4e00-\u9fff]{2})|\n|(?<=[\u4e00-\u9fff]{2})\s+(?=[\u4e00-\u9fff]{2}))",
        masked,
    )
    return "".join(piece if i % 2 else _surname(piece) for i, piece in enumerate(pieces))


def _surname(name: str) -> str:
    """One name as its surname and 某; 等3人 after it stays."""
    name = name.strip()
    if not name:
        return ""
    name, others = (name[: match.start()], match[0]) if (match := re.search(r"等\d*余?[人名户].*$|等$", name)) else (name, "")
    if not "\u4e00" <= name[:1] <= "\u9fff":
        return "某" + others
    surname = name[:2] if name[:2] in _COMPOUND and len(name) > 2 else name[:1]
    return surname.removesuffix("某") + "某" + others


def mask_footer(text: str) -> str:
    """A footer or signature line without its names: 填报人：李某某 联系电话：1380000XXXX → 填报人： 联系电话：〔手机号〕.

    Organisations (制表：反诈中心) and dates stay.
    """
    text = mask_text(text).text
    pieces: list[str] = []
    done = 0
    for match in _SIGNED.finditer(text):
        name = _A_NAME.match(text, match.end())
        if name and not _ORGANISATION.search(name[0]):
            pieces.append(text[done : match.end()])
            done = name.end()
    return "".join([*pieces, text[done:]])


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
