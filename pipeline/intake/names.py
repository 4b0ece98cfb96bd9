"""Names of persons in sheets: what one looks like, and how it is shortened to a surname and 某.

Here: name columns, names behind a label (事主：), signatures in footers. Not here: numbers of persons and which columns are personal
(privacy.py).
"""

from __future__ import annotations

import re
import unicodedata

_COMPOUND_SURNAMES = re.compile(
    "欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|夏侯|端木|百里|南宫|独孤|长孙|宇文|轩辕|澹台|公冶|宗政|濮阳|太叔|申屠|钟离|鲜于|闾丘"
    "|拓跋|呼延|东郭|西门|南门|完颜|耶律"
)
PERSON = (
    "姓名|事主|受害人|被害人|当事人|报警人|户主|户名|持卡人|开户人|收款人|付款人|嫌疑人|联系人|填报人|填表人|制表人|报送人|上报人|审核人|复核人|审批人"
    "|负责人|经办人|统计员|统计人|校对|录入人|签发人|签收人|责任人|劝阻人|处置人|见证人"
    "|调查员|调查人|值班员|值班人|登记人|登记员|记录人|记录员|报告人|核对人|采集人|采集员|联络员|信息员|网格员|班主任|辅导员"
)
"""Words that name a person by a role, as a pattern."""

SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史"
    "陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温施牛洪樊葛齐伍庞颜倪"
)
"""The commonest ones; enough to doubt a column of texts nobody has headed."""

_END = r"(?=$|[\s,，、;；/])"
_SIGNED = re.compile(
    rf"(?:单位|分管|主要)?(?:{PERSON}|制表|填报|填表|经办|审核|审批|复核|核对|签字|签名|局长|所长|行长|校长|分管领导|领导)\s*[:：]\s*"
)
_SIGNATURE = re.compile(
    r"[\u4e00-\u9fff](?:[ \u3000][\u4e00-\u9fff]{1,2}(?![\u4e00-\u9fff])|[\u4e00-\u9fff·]{0,3})(?=$|[\s,，、;；(（/\d])"
    rf"(?:[、/,，]\s*[\u4e00-\u9fff]{{2,4}}{_END})*"
)
_LABELLED = re.compile(rf"(?P<label>(?:{PERSON})\s*[:：]\s*)(?P<name>[\u4e00-\u9fff·]{{2,4}})(?![\u4e00-\u9fff:：])")
_ORGANISATION = re.compile(
    r"(?:中心|派出所|大队|中队|支队|总队|分局|公安局|支行|分行|银行|办公室|社区|委会|学校|小学|中学|学院|大学|公司|政府|街道|信用社|营业部|[镇乡]|科室|专班|警务室)$"
)
_NOBODY = re.compile(r"[-–—―/\\\s]*|无|空|不详|未知|略|同上|未提供")
_BETWEEN = re.compile(
    r"(〔[^〕]*〕|\s*[、,;/]\s*|\n|(?<=[\u4e00-\u9fff]{2})(?:和|及|与)(?=[\u4e00-\u9fff]{2})|(?<=[\u4e00-\u9fff]{2})\s+(?=[\u4e00-\u9fff]{2}))"
)
_AND_OTHERS = re.compile(r"等\d{0,5}余?[人名户].{0,20}$|等$")


def shorten_names(text: str) -> str:
    """One or several names, each as its surname and 某; tags 〔…〕 and words for nobody stay, remarks in brackets go."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if _NOBODY.fullmatch(plain):
        return text
    pieces = _BETWEEN.split(re.sub(r"[(（][^()（）]*[)）]", "", plain))
    return "".join(piece if position % 2 else _shorten(piece) for position, piece in enumerate(pieces))


def _shorten(name: str) -> str:
    name = name.strip()
    if not name:
        return ""
    others = _AND_OTHERS.search(name)
    name, rest = (name[: others.start()], others[0]) if others else (name, "")
    if not "\u4e00" <= name[:1] <= "\u9fff":
        return "某" + rest
    surname = name[:2] if len(name) > 2 and _COMPOUND_SURNAMES.match(name) else name[:1]
    return surname.removesuffix("某") + "某" + rest


def shorten_labelled_names(text: str) -> str:
    """事主：李小明，… → 事主：李某，…"""
    return _LABELLED.sub(lambda match: match["label"] + _shorten(match["name"]), text)


def drop_signatures(text: str) -> str:
    """Names behind 填报人： and the like are dropped; an organisation there stays."""
    pieces: list[str] = []
    done = 0
    for match in _SIGNED.finditer(text):
        name = _SIGNATURE.match(text, match.end())
        if name and not _ORGANISATION.search(name[0]):
            pieces.append(text[done : match.end()])
            done = name.end()
    return "".join([*pieces, text[done:]])


def look_like_people(texts: list[str]) -> bool:
    """Two or three characters behind a surname, in most of the texts: a column that must not become anybody's name in the warehouse."""
    named = sum(2 <= len(text) <= 3 and text[0] in SURNAMES for text in texts)
    return bool(texts) and 3 * named >= 2 * len(texts)
