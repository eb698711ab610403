"""Notes, threads, and whatever else shares the old drawing of a sheet with them."""

from __future__ import annotations

import xlsxwriter

from tests.lossless.annexes import OVERALL, Sheets
from tests.lossless.drawn import png
from tests.lossless.feature import WHOLE, added, drawn
from tests.lossless.parts import BOOK, HEAD, MAIN, MICROSOFT, OFFICE, SPREADSHEET, Parts

Book = xlsxwriter.Workbook
NOTES = "xl/comments*.xml"
VML = "xl/drawings/vmlDrawing*.vml"
COMMENTS = f"{SPREADSHEET}.comments+xml"
THREADS = f"{MICROSOFT}/2018/threadedcomments"
SHAPES = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_XML = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit">'
    '<o:idmap v:ext="edit" data="{block}"/></o:shapelayout>{shapes}</xml>'
)


def vml(*shapes: str, block: int = 2) -> str:
    return _XML.format(block=block, shapes="".join(shapes))


def legacy(parts: Parts, sheet: str, drawing: str, block: int = 2) -> None:
    """A sheet's old drawing with those shapes in it."""
    name = f"xl/drawings/vmlDrawing{7 + block}.vml"
    parts.suffix("vml", SHAPES)
    identity = parts.attach(sheet, "vmlDrawing", name, drawing)
    parts.insert(sheet, f'<legacyDrawing r:id="{identity}"/>')


def note_box(number: int, row: int, col: int) -> str:
    return (
        f'<v:shape id="_x0000_s{number}" type="#_x0000_t202" style=\'position:absolute;'
        "margin-left:200pt;margin-top:50pt;width:150pt;height:80pt;z-index:1;visibility:hidden'"
        ' fillcolor="infoBackground [80]" strokecolor="none [81]" o:insetmode="auto">'
        "<v:fill color2=\"infoBackground [80]\"/><v:textbox style='mso-direction-alt:auto'>"
        "<div style='text-align:left'></div></v:textbox><x:ClientData ObjectType=\"Note\">"
        "<x:MoveWithCells/><x:SizeWithCells/>"
        "<x:Anchor>\n    11, 15, 3, 10, 14, 31, 7, 9</x:Anchor><x:AutoFill>False</x:AutoFill>"
        f"<x:Row>{row}</x:Row><x:Column>{col}</x:Column></x:ClientData></v:shape>"
    )


@drawn(
    "批注（位置、大小、作者、颜色）",
    (NOTES, "<t[^>]*>[^<]*财务股[^<]*</t>"),
    (VML, r"<x:Row>2</x:Row><x:Column>1</x:Column>"),
    (VML, 'fillcolor="#[cC]{2}[fF]{4}"'),
)
def notes(book: Book, sheets: Sheets) -> None:
    """On cells that get marked (K4, E5, B16 of 附件4-1) and on one that does not."""
    given = {"author": "张三", "x_scale": 1.6, "y_scale": 2, "color": "#CCFFFF", "visible": True}
    sheets["附件3"].write_comment("K4", "财务股：按决算数填。", given)
    sheets["附件3"].write_comment("B3", "财务股：单位全称。", {"width": 300, "height": 90})
    sheets["附件3"].write_comment("E5", "财务股：尚未填写。", {"start_cell": "N2", "font_size": 12})
    sheets["附件4-1"].write_comment("B16", "财务股：分值待定。")
    sheets["台账"].write_comment("C2", "财务股：台账旁注。")
    sheets["附件3"].show_comments()


@drawn(
    "批注和页眉图片在一张表上",
    (NOTES, "<comment .*?</comment>"),
    (VML, 'id="CF".*?</v:shape>'),
    ("xl/worksheets/sheet2.xml", "<legacyDrawingHF[^>]*>"),
)
def notes_and_header(book: Book, sheets: Sheets) -> None:
    given = {"image_center": "seal.png", "image_data_center": png()}
    sheets["附件3"].set_footer("&C&[Picture]", given)
    sheets["附件3"].write_comment("B3", "财务股：单位全称。")


@drawn("按钮（旧式窗体控件）", (VML, 'ObjectType="Button".*?</x:ClientData>'))
def buttons(book: Book, sheets: Sheets) -> None:
    sheets["附件3"].insert_button("O4", {"macro": "核对", "caption": "核对", "width": 80})
    sheets["附件3"].write_comment("B3", "财务股：单位全称。")


@added(
    "批注文字带拼音和换行",
    (NOTES, "<rPh .*?</rPh>"),
    (NOTES, "<r><rPr><b/>.*?</r>"),
    over=lambda book, sheets: None,
)
def note_with_hints(parts: Parts) -> None:
    text = (
        '<text><r><rPr><b/><sz val="9"/><rFont val="宋体"/></rPr><t xml:space="preserve">张三:\n'
        '</t></r><r><rPr><sz val="9"/></rPr><t>执行率</t></r><rPh sb="0" eb="3">'
        '<t>zhixinglü</t></rPh><phoneticPr fontId="1" type="noConversion"/></text>'
    )
    parts.attach(
        OVERALL,
        "comments",
        "xl/comments9.xml",
        f'{HEAD}<comments xmlns="{MAIN}"><authors><author>张三</author><author/></authors>'
        f'<commentList><comment ref="K4" authorId="0" shapeId="0">{text}</comment>'
        f'<comment ref="B3" authorId="1" shapeId="0">{text}</comment></commentList></comments>',
        COMMENTS,
    )
    legacy(parts, OVERALL, vml(note_box(2049, 3, 10), note_box(2050, 2, 1)))


@added("批注没有绘图部件", (NOTES, '<comment ref="B3".*?</comment>'))
def notes_without_boxes(parts: Parts) -> None:
    """As some generators write them; Excel draws default boxes."""
    parts.attach(
        OVERALL,
        "comments",
        "xl/comments/comment2.xml",
        f'{HEAD}<comments xmlns="{MAIN}"><authors><author>系统</author></authors><commentList>'
        '<comment ref="B3" authorId="0"><text><t>由报表系统导出</t></text></comment>'
        '<comment ref="K4" authorId="0"><text><t>系统算出</t></text></comment>'
        "</commentList></comments>",
        COMMENTS,
    )


@added("绘图部件没有批注", (VML, 'ObjectType="Pict".*?</x:ClientData>'))
def boxes_without_notes(parts: Parts) -> None:
    shape = (
        '<v:shape id="_x0000_s2051" type="#_x0000_t75" style="position:absolute"><v:imagedata '
        'o:relid="rId1" o:title="seal"/><x:ClientData ObjectType="Pict"><x:SizeWithCells/>'
        "<x:Anchor>1, 0, 25, 0, 2, 0, 27, 0</x:Anchor></x:ClientData></v:shape>"
    )
    legacy(parts, OVERALL, vml(shape))
    parts.suffix("png", "image/png")
    parts.attach("xl/drawings/vmlDrawing9.vml", "image", "xl/media/image7.png", png().getvalue())


@added("绘图部件里的 HTML 不是 XML", (VML, r"合计<br>请核对"))
def html_in_drawing(parts: Parts) -> None:
    """Excel writes the text of a control as HTML with unclosed tags."""
    shape = (
        '<v:shape id="_x0000_s2052" type="#_x0000_t201" style="position:absolute"><v:textbox>'
        "<div style='text-align:center'><font face=\"宋体\" size=220>合计<br>请核对</font></div>"
        '</v:textbox><x:ClientData ObjectType="GBox"><x:Anchor>1, 0, 25, 0, 3, 0, 29, 0'
        "</x:Anchor><x:NoThreeD/></x:ClientData></v:shape>"
    )
    legacy(parts, OVERALL, vml(shape))


@added(
    "批注串（线程批注）和人员",
    ("xl/threadedComments/*", WHOLE),
    ("xl/persons/*", WHOLE),
    (NOTES, "<author>tc=[^<]*</author>"),
    (NOTES, '<comment ref="K4".*?</comment>'),
)
def threads(parts: Parts) -> None:
    """On a cell that gets marked and on one that does not."""
    person = "{5B7C2C55-0E7B-4A3B-9B64-2C1E6B0F0A11}"
    made, old = "", ""
    for number, (ref, said) in enumerate((("K4", "请核对"), ("B3", "全称？")), 1):
        identity = f"{{00{number:02}0D5E-6B1C-4D55-8B77-1C2D3E4F5A6B}}"
        made += (
            f'<threadedComment ref="{ref}" dT="2025-04-28T08:00:00.00" personId="{person}"'
            f' id="{identity}"><text>{said}</text></threadedComment><threadedComment ref="{ref}"'
            f' dT="2025-04-28T09:00:00.00" personId="{person}" parentId="{identity}"'
            f' id="{identity.replace("00", "11", 1)}"><text>好的</text></threadedComment>'
        )
        old += (
            f'<comment ref="{ref}" authorId="{number - 1}" shapeId="0" xr:uid="{identity}"><text>'
            f"<t>[线程批注]\n\n注释:\n    {said}\n答复:\n    好的</t></text></comment>"
        )
    people = f'{HEAD}<personList xmlns="{THREADS}" xmlns:x="{MAIN}">'
    parts.attach(
        BOOK,
        f"{MICROSOFT}/2017/10/relationships/person",
        "xl/persons/person.xml",
        f'{people}<person displayName="张三" id="{person}" userId="S::zs@example.org"'
        ' providerId="AD"/></personList>',
        "application/vnd.ms-excel.person+xml",
    )
    parts.attach(
        OVERALL,
        f"{MICROSOFT}/2017/10/relationships/threadedComment",
        "xl/threadedComments/threadedComment1.xml",
        f'{HEAD}<ThreadedComments xmlns="{THREADS}" xmlns:x="{MAIN}">{made}</ThreadedComments>',
        "application/vnd.ms-excel.threadedcomments+xml",
    )
    parts.attach(
        OVERALL,
        "comments",
        "xl/comments2.xml",
        f'{HEAD}<comments xmlns="{MAIN}" xmlns:xr="{MICROSOFT}/spreadsheetml/2014/revision">'
        "<authors><author>tc={0001}</author><author>tc={0002}</author></authors>"
        f"<commentList>{old}</commentList></comments>",
        COMMENTS,
    )
    legacy(parts, OVERALL, vml(note_box(2049, 3, 10), note_box(2050, 2, 1)))


@added("签名行（未签名）", (VML, "<o:signatureline .*?/>"), ("xl/media/*", WHOLE))
def signature_line(parts: Parts) -> None:
    shape = (
        '<v:shape id="_x0000_s2053" type="#_x0000_t75" alt="Microsoft Office 签名行..."'
        ' style="position:absolute;width:192pt;height:96pt"><v:imagedata o:relid="rId1"/>'
        '<o:lock v:ext="edit" ungrouping="t" rotation="t" cropping="t" verticies="t" text="t"/>'
        '<o:signatureline v:ext="edit" id="{8C9A2E0B-3F53-4B29-9E0A-1A2B3C4D5E6F}"'
        ' provid="{00000000-0000-0000-0000-000000000000}" o:suggestedsigner="负责人"'
        ' issignatureline="t"/><x:ClientData ObjectType="Pict"><x:SizeWithCells/>'
        "<x:Anchor>1, 0, 25, 0, 4, 0, 30, 0</x:Anchor><x:CF>Pict</x:CF></x:ClientData></v:shape>"
    )
    legacy(parts, OVERALL, vml(shape))
    parts.suffix("emf", "image/x-emf")
    content = b"\x01\0\0\0" + bytes(104)
    parts.attach("xl/drawings/vmlDrawing9.vml", "image", "xl/media/image9.emf", content)


@added("绘图关系指向不存在的部件", (OVERALL, "<pageSetup [^>]*>"))
def dangling_drawing(parts: Parts) -> None:
    """Left behind by a program that dropped the notes."""
    legacy(parts, OVERALL, vml())
    del parts["xl/drawings/vmlDrawing9.vml"]


@added(
    "扫描的图形在备用内容里",
    (OVERALL, "<mc:AlternateContent>.*?</mc:AlternateContent>"),
    ("xl/drawings/drawing9.xml", WHOLE),
)
def alternate_drawing(parts: Parts) -> None:
    """A shape only newer versions can show, with a picture for the others."""
    drawing = "http://schemas.openxmlformats.org/drawingml/2006"
    shape = (
        '<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="{n}" name="{name}"/><xdr:cNvSpPr/>'
        '</xdr:nvSpPr><xdr:spPr><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:sp>'
    )
    anchor = (
        "<xdr:twoCellAnchor><xdr:from><xdr:col>1</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>25"
        "</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>3</xdr:col><xdr:colOff>0"
        "</xdr:colOff><xdr:row>28</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>"
    )
    choice = (
        f'<mc:Choice xmlns:a14="{MICROSOFT}/drawing/2010/main" Requires="a14">{anchor}'
        f"{shape.format(n=2, name='新图形')}<xdr:clientData/></xdr:twoCellAnchor></mc:Choice>"
        f"<mc:Fallback>{anchor}{shape.format(n=3, name='旧图形')}<xdr:clientData/>"
        "</xdr:twoCellAnchor></mc:Fallback>"
    )
    identity = parts.attach(
        OVERALL,
        "drawing",
        "xl/drawings/drawing9.xml",
        f'{HEAD}<xdr:wsDr xmlns:xdr="{drawing}/spreadsheetDrawing" xmlns:a="{drawing}/main"'
        ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<mc:AlternateContent>{choice}</mc:AlternateContent></xdr:wsDr>",
        "application/vnd.openxmlformats-officedocument.drawing+xml",
    )
    parts.ignorable(OVERALL, x14=f"{MICROSOFT}/spreadsheetml/2009/9/main")
    inside = f'<drawing r:id="{identity}" xmlns:r="{OFFICE}"/>'
    parts.insert(
        OVERALL,
        f'<mc:AlternateContent><mc:Choice Requires="x14">{inside}</mc:Choice><mc:Fallback>{inside}'
        "</mc:Fallback></mc:AlternateContent>",
        like="drawing",
    )
