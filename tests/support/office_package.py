"""A workbook as office programs save it after years of use, part by part: everything a copy might lose or upset.

Here: fictional content, the parts, and the same workbook written in other ways or damaged. Not here: what must become of them (the tests say that).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.support.workbooks import write_zip

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MS = "http://schemas.microsoft.com/office"
STRICT = {MAIN: "http://purl.oclc.org/ooxml/spreadsheetml/main", OFFICE: "http://purl.oclc.org/ooxml/officeDocument/relationships"}
THREAD = "{7A1E3C54-0000-4000-8000-000000000001}"
Parts = dict[str, bytes]


def _rels(*items: tuple[str, str]) -> bytes:
    """(type, target); a type without scheme is one of the office's own."""
    inner = "".join(
        f'<Relationship Id="rId{number}" Type="{kind if ":" in kind else f"{OFFICE}/{kind}"}" Target="{target}"/>'
        for number, (kind, target) in enumerate(items, 1)
    )
    return f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE}/relationships">{inner}</Relationships>'.encode()


def _xml(text: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n{text}'.encode()


def office_parts() -> Parts:
    """第12周 (a tally with a button, a picture, a chart, rules, comments) and 说明, both selected, the second one shown."""
    overrides = {
        "xl/workbook.xml": "spreadsheetml.sheet.main",
        "xl/worksheets/sheet1.xml": "spreadsheetml.worksheet",
        "xl/worksheets/sheet2.xml": "spreadsheetml.worksheet",
        "xl/styles.xml": "spreadsheetml.styles",
        "xl/sharedStrings.xml": "spreadsheetml.sharedStrings",
        "xl/calcChain.xml": "spreadsheetml.calcChain",
        "xl/comments1.xml": "spreadsheetml.comments",
        "xl/drawings/drawing1.xml": "drawing",
        "xl/charts/chart1.xml": "drawingml.chart",
    }
    office = "application/vnd.openxmlformats-officedocument."
    types = "".join(f'<Override PartName="/{name}" ContentType="{office}{kind}+xml"/>' for name, kind in overrides.items())
    types += "".join(
        f'<Override PartName="/xl/{name}" ContentType="application/vnd.ms-excel.{kind}+xml"/>'
        for name, kind in (("threadedComments/threadedComment1.xml", "threadedcomments"), ("persons/person.xml", "person"))
    )
    types += '<Override PartName="/xl/ctrlProps/ctrlProp1.xml" ContentType="application/vnd.ms-excel.controlproperties+xml"/>'
    defaults = {
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xml": "application/xml",
        "png": "image/png",
        "bin": f"{office}spreadsheetml.printerSettings",
        "vml": f"{office}vmlDrawing",
    }
    types = "".join(f'<Default Extension="{extension}" ContentType="{kind}"/>' for extension, kind in defaults.items()) + types
    return {
        "[Content_Types].xml": _xml(f'<Types xmlns="{PACKAGE}/content-types">{types}</Types>'),
        "_rels/.rels": _rels(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": _xml(_WORKBOOK),
        "xl/_rels/workbook.xml.rels": _rels(
            ("worksheet", "worksheets/sheet1.xml"),
            ("worksheet", "worksheets/sheet2.xml"),
            ("styles", "styles.xml"),
            ("sharedStrings", "sharedStrings.xml"),
            ("calcChain", "calcChain.xml"),
            (f"{MS}/2017/10/relationships/person", "persons/person.xml"),
        ),
        "xl/worksheets/sheet1.xml": _xml(_SHEET),
        "xl/worksheets/_rels/sheet1.xml.rels": _rels(
            ("printerSettings", "../printerSettings/printerSettings1.bin"),
            ("drawing", "../drawings/drawing1.xml"),
            ("vmlDrawing", "../drawings/vmlDrawing1.vml"),
            ("ctrlProp", "../ctrlProps/ctrlProp1.xml"),
            ("comments", "../comments1.xml"),
            (f"{MS}/2017/10/relationships/threadedComment", "../threadedComments/threadedComment1.xml"),
        ),
        "xl/worksheets/sheet2.xml": _xml(
            f'<worksheet xmlns="{MAIN}"><sheetViews><sheetView tabSelected="1" workbookViewId="0"/></sheetViews>'
            '<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData></worksheet>'
        ),
        "xl/styles.xml": _xml(_STYLES),
        "xl/sharedStrings.xml": _xml(
            f'<sst xmlns="{MAIN}" count="9" uniqueCount="8">'
            + "".join(f"<si><t>{text}</t></si>" for text in ("示例区周统计表（虚构）", "单位", "份数", "占比", "一所", "若干份", "二所", "合计"))
            + "</sst>"
        ),
        "xl/calcChain.xml": _xml(f'<calcChain xmlns="{MAIN}"><c r="B6" i="3"/></calcChain>'),
        "xl/comments1.xml": _xml(_COMMENTS),
        "xl/threadedComments/threadedComment1.xml": _xml(
            f'<ThreadedComments xmlns="{MS}/spreadsheetml/2018/threadedcomments"><threadedComment ref="C4" dT="2026-03-20T08:00:00.00" '
            f'personId="{{B0000000-0000-4000-8000-000000000002}}" id="{THREAD}"><text>请核对</text></threadedComment></ThreadedComments>'
        ),
        "xl/persons/person.xml": _xml(
            f'<personList xmlns="{MS}/spreadsheetml/2018/threadedcomments"><person displayName="甲" id="{{B0000000-0000-4000-8000-000000000002}}" '
            'userId="a" providerId="None"/></personList>'
        ),
        "xl/drawings/vmlDrawing1.vml": _VML.encode(),
        "xl/drawings/drawing1.xml": _xml(_DRAWING),
        "xl/drawings/_rels/drawing1.xml.rels": _rels(("image", "../media/image1.png"), ("chart", "../charts/chart1.xml")),
        "xl/charts/chart1.xml": _xml(_CHART),
        "xl/media/image1.png": b"\x89PNG\r\n\x1a\n<!DOCTYPE is only a word here>",
        "xl/printerSettings/printerSettings1.bin": bytes(range(256)),
        "xl/ctrlProps/ctrlProp1.xml": _xml(f'<formControlPr xmlns="{MS}/spreadsheetml/2009/9/main" objectType="Button" lockText="1"/>'),
    }


def write_office(path: Path, change: Callable[[Parts], object] | None = None) -> Path:
    """The workbook as a file; `change` edits its parts before."""
    parts = office_parts()
    if change is not None:
        change(parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    return write_zip(path, parts)


# ---- the same workbook, written in another way ------------------------------------------------------------------------------------


def _edited(parts: Parts, name: str, *changes: tuple[str, str]) -> None:
    text = parts[name].decode()
    for old, new in changes:
        assert re.search(old, text), (name, old)
        text = re.sub(old, new, text)
    parts[name] = text.encode()


def with_prefixes(parts: Parts) -> None:
    """SpreadsheetML under a prefix, as some exporters write it."""
    for name in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/styles.xml", "xl/comments1.xml"):
        _edited(parts, name, (r"<(/?)(?=[A-Za-z]+[\s/>])", r"<\1x:"), (f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"'))


def in_utf16(parts: Parts) -> None:
    for name in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/styles.xml", "xl/comments1.xml"):
        parts[name] = parts[name].decode().replace("UTF-8", "UTF-16").encode("utf-16")


def elsewhere(parts: Parts) -> None:
    """All but the parts that readers look for by name lie in another folder; targets are absolute."""
    known = ("xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels")
    for name in [name for name in parts if name.startswith("xl/")]:
        absolute = re.sub(rb'Target="(\.\./)?(?!styles|sharedS)(?=[a-zA-Z])', b'Target="/content/', parts.pop(name))
        parts[name if name in known else name.replace("xl/", "content/", 1)] = absolute
    _edited(parts, "[Content_Types].xml", ("/xl/(?!workbook|styles|sharedS)", "/content/"))


def without_styles(parts: Parts) -> None:
    del parts["xl/styles.xml"]
    _edited(parts, "[Content_Types].xml", (r'<Override PartName="/xl/styles.xml"[^>]*>', ""))
    _edited(parts, "xl/_rels/workbook.xml.rels", (r'<Relationship Id="rId3"[^>]*>', ""))
    _edited(parts, "xl/worksheets/sheet1.xml", (r' (s|style|customFormat|dxfId)="\d"', ""))


def without_references(parts: Parts) -> None:
    """Rows and cells that do not say where they stand: each follows the one before."""
    _edited(parts, "xl/worksheets/sheet1.xml", (r'(<c|<row) r="(?!B6)[A-F]?\d+"', r"\1"))


def with_views_left_out(parts: Parts) -> None:
    _edited(parts, "xl/workbook.xml", ("<bookViews>.*</bookViews>", ""), ("<definedNames>.*</definedNames>", ""))


def strictly(parts: Parts) -> None:
    """Strict Open XML: the same words in other namespaces."""
    for name in parts:
        if name.endswith((".xml", ".rels")):
            for old, new in STRICT.items():
                parts[name] = parts[name].replace(old.encode(), new.encode())


def with_a_broken_sheet(parts: Parts) -> None:
    """A sheet that is not well-formed after its cells: readers of values do not notice."""
    _edited(parts, "xl/worksheets/sheet1.xml", ("</worksheet>", "<oddity></worksheet>"))


def with_rows_out_of_order(parts: Parts) -> None:
    _edited(parts, "xl/worksheets/sheet1.xml", ('(<row r="5".*?</row>)(<row r="6".*?</row>)', r"\2\1"))


def damaged(seed: int) -> Callable[[Parts], None]:
    """A change that breaks one or two things in the package's XML: an attribute, an element, a value, a stretch of text, a whole part."""
    random = Random(seed)

    def damage(parts: Parts) -> None:
        for _ in range(random.randint(1, 2)):
            name = random.choice([name for name in parts if name.endswith((".xml", ".rels", ".vml"))])
            text = parts[name].decode()
            kind = random.randrange(6)
            pattern = r"<[\w:]+[^<>]*/>" if kind < 2 else r'(?<==")[^"]*(?=")' if kind == 2 else r' [\w:]+="[^"]*"'
            found = list(re.finditer(pattern, text))
            first, last = random.choice(found).span() if found else (0, 0)
            if kind == 4:
                first = random.randrange(len(text))
                last = first + random.randrange(40)
            put = text[first:last] * 2 if kind == 0 else random.choice(["", "x", "-1", "99999", "A1:B2"]) if kind == 2 else ""
            parts[name] = (text[:first] + put + text[last:]).encode()
            if kind == 5:
                del parts[name]

    return damage


_WORKBOOK = (
    f"""<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
 xmlns:x15="{MS}/spreadsheetml/2010/11/main" mc:Ignorable="x15"><fileVersion appName="xl"/><workbookPr/><bookViews>
<workbookView xWindow="0" yWindow="0" windowWidth="20000" windowHeight="9000" firstSheet="1" activeTab="1"/></bookViews>
<sheets><sheet name="第12周" sheetId="3" r:id="rId1"/><sheet name="说明" sheetId="7" r:id="rId2"/></sheets>
<definedNames><definedName name="_xlnm.Print_Area" localSheetId="1">说明!$A$1:$B$9</definedName>
<definedName name="_xlnm.Print_Titles" localSheetId="0">'第12周'!$2:$2</definedName>
<definedName name="总数">'第12周'!$B$6</definedName></definedNames>
<calcPr calcId="191029"/><extLst><ext uri="{{140A7094-0E35-4892-8432-C4D2E57EDEB5}}"><x15:workbookPr chartTrackingRefBase="1"/></ext></extLst>
</workbook>""".replace("<bookViews>\n", "<bookViews>")
    .replace("</sheets>\n", "</sheets>")
    .replace("</definedName>\n", "</definedName>")
)

_SHEET = f"""<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
 xmlns:x14="{MS}/spreadsheetml/2009/9/main" xmlns:xr="{MS}/spreadsheetml/2014/revision" mc:Ignorable="xr"
 xr:uid="{{00000000-0001-0000-0000-000000000000}}"><sheetPr codeName="Sheet1"/><dimension ref="A1:C6"/>
<sheetViews><sheetView tabSelected="1" workbookViewId="0"><selection activeCell="B4" sqref="B4"/></sheetView></sheetViews>
<sheetFormatPr defaultRowHeight="15"/><cols><col min="1" max="1" width="22" customWidth="1"/><col min="5" max="6" width="9" style="1"/></cols>
<sheetData><row r="1" spans="1:3"><c r="A1" s="2" t="s"><v>0</v></c></row>
<row r="2" spans="1:3"><c r="A2" t="s"><v>1</v></c><c r="B2" t="s"><v>2</v></c><c r="C2" t="s"><v>3</v></c></row>
<row r="3" spans="1:3"><c r="A3" t="s"><v>4</v></c><c r="B3" t="s"><v>5</v></c><c r="C3" s="1"><v>0.25</v></c></row>
<row r="4" spans="1:3"><c r="A4" t="s"><v>6</v></c><c r="B4"><v>30</v></c><c r="C4" s="1"><v>0.75</v></c></row>
<row r="5" spans="1:3" s="2" customFormat="1"><c r="A5" s="2"/></row>
<row r="6" spans="1:3"><c r="A6" t="s"><v>7</v></c><c r="B6" s="3"><f>SUM(B3:B5)</f><v>30</v></c></row></sheetData>
<mergeCells count="1"><mergeCell ref="A1:C1"/></mergeCells>
<conditionalFormatting sqref="B3:B6"><cfRule type="cellIs" dxfId="0" priority="1" operator="greaterThan"><formula>99</formula></cfRule>
</conditionalFormatting>
<dataValidations count="1"><dataValidation type="whole" sqref="B3:B5"><formula1>0</formula1><formula2>9</formula2></dataValidation></dataValidations>
<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/><pageSetup paperSize="9" r:id="rId1"/>
<drawing r:id="rId2"/><legacyDrawing r:id="rId3"/><mc:AlternateContent><mc:Choice Requires="x14"><controls><mc:AlternateContent>
<mc:Choice Requires="x14"><control shapeId="1025" r:id="rId4" name="按钮"><controlPr defaultSize="0"/></control></mc:Choice></mc:AlternateContent>
</controls></mc:Choice></mc:AlternateContent><extLst><ext uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}"><x14:conditionalFormattings>
<x14:conditionalFormatting><x14:cfRule type="dataBar" id="{{1}}"/></x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst>
</worksheet>""".replace("</row>\n", "</row>")

_STYLES = f"""<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="170" formatCode="0&quot;份&quot;"/></numFmts>
<fonts count="2"><font><sz val="11"/><name val="宋体"/></font><font><b/><sz val="16"/><name val="黑体"/></font></fonts>
<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>
<fill><patternFill patternType="solid"><fgColor theme="9" tint="0.4"/></patternFill></fill></fills>
<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>
<border><left style="thin"/><right style="thin"/><top style="thin"/><bottom style="thin"/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
<xf numFmtId="9" fontId="0" fillId="2" borderId="1" xfId="0" applyNumberFormat="1"/>
<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"><alignment horizontal="center"/></xf>
<xf numFmtId="170" fontId="0" fillId="0" borderId="1" xfId="0" applyNumberFormat="1"/></cellXfs>
<cellStyles count="1"><cellStyle name="常规" xfId="0" builtinId="0"/></cellStyles>
<dxfs count="1"><dxf><fill><patternFill><bgColor rgb="FFFF0000"/></patternFill></fill></dxf></dxfs></styleSheet>"""

_COMMENTS = f"""<comments xmlns="{MAIN}"><authors><author>甲</author><author>tc={THREAD}</author></authors><commentList>
<comment ref="B3" authorId="0" shapeId="0"><text><r><rPr><b/><sz val="9"/></rPr><t>甲:</t></r><r><rPr><sz val="9"/></rPr>
<t xml:space="preserve">
含快递</t></r></text></comment>
<comment ref="C4" authorId="1" shapeId="0"><text><t>[Threaded comment] 请核对</t></text></comment></commentList></comments>"""

_BOX = """<v:shape id="_x0000_s{id}" type="#_x0000_t202" style='position:absolute;margin-left:80pt;width:108pt;height:59.25pt;visibility:hidden'
 fillcolor="#ffffe1" o:insetmode="auto"><v:fill o:relid="rId9" type="frame"/><x:ClientData ObjectType="Note"><x:MoveWithCells/>
<x:Anchor>
    2, 15, 1, 10, 4, 15, 5, 4</x:Anchor><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"""

_VML = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout>'
    '<v:shapetype id="_x0000_t201" coordsize="21600,21600" o:spt="201" path="m,l,21600r21600,l21600,xe"/>'
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"/>'
    '<v:shape id="_x0000_s1025" type="#_x0000_t201" o:button="t"><v:textbox><div><font>汇总<br>本周</font></div></v:textbox>'
    '<x:ClientData ObjectType="Button"><x:Anchor>6, 0, 1, 0, 8, 0, 3, 0</x:Anchor></x:ClientData></v:shape>'
    f"{_BOX.format(id=1026, row=2, column=1)}{_BOX.format(id=1027, row=3, column=2)}</xml>"
)

_XDR = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PLACE = "<xdr:from><xdr:col>{0}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>8</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>"
_EXTENT = '<xdr:ext cx="900000" cy="900000"/>'
_DRAWING = (
    f'<xdr:wsDr xmlns:xdr="{_XDR}" xmlns:a="{_A}" xmlns:r="{OFFICE}"><xdr:oneCellAnchor>{_PLACE.format(0)}{_EXTENT}<xdr:pic><xdr:nvPicPr>'
    '<xdr:cNvPr id="2" name="图片"/><xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill><a:blip r:embed="rId1"/><a:stretch/></xdr:blipFill>'
    f"<xdr:spPr/></xdr:pic><xdr:clientData/></xdr:oneCellAnchor><xdr:oneCellAnchor>{_PLACE.format(4)}{_EXTENT}<xdr:graphicFrame>"
    '<xdr:nvGraphicFramePr><xdr:cNvPr id="3" name="图表"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/>'
    '<a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
    '<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" r:id="rId2"/></a:graphicData></a:graphic></xdr:graphicFrame>'
    "<xdr:clientData/></xdr:oneCellAnchor></xdr:wsDr>"
)
_CHART = (
    '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart><c:plotArea><c:layout/><c:barChart>'
    '<c:barDir val="col"/><c:ser><c:idx val="0"/><c:order val="0"/><c:val><c:numRef><c:f>第12周!$B$3:$B$4</c:f></c:numRef></c:val></c:ser>'
    '<c:axId val="1"/><c:axId val="2"/></c:barChart><c:catAx><c:axId val="1"/><c:scaling/><c:delete val="0"/><c:axPos val="b"/><c:crossAx val="2"/>'
    '</c:catAx><c:valAx><c:axId val="2"/><c:scaling/><c:delete val="0"/><c:axPos val="l"/><c:crossAx val="1"/></c:valAx></c:plotArea></c:chart>'
    "</c:chartSpace>"
)
