"""What hangs on a workbook beside its cells: controls, objects, macros, data of other programs."""

from __future__ import annotations

import io
import zipfile

import xlsxwriter

from tests.lossless.annexes import OVERALL, Sheets
from tests.lossless.feature import WHOLE, added, drawn
from tests.lossless.noted import legacy, note_box, vml
from tests.lossless.parts import BOOK, HEAD, MAIN, MICROSOFT, OFFICE, Parts

Book = xlsxwriter.Workbook
COMPATIBLE = "http://schemas.openxmlformats.org/markup-compatibility/2006"
X14 = f"{MICROSOFT}/spreadsheetml/2009/9/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
"""The head of an OLE compound file, which is all that nobody needs to open here."""
ANCHOR = (
    "<from><xdr:col>1</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>25</xdr:row><xdr:rowOff>0"
    "</xdr:rowOff></from><to><xdr:col>3</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>28</xdr:row>"
    "<xdr:rowOff>0</xdr:rowOff></to>"
)


def alternating(parts: Parts, sheet: str, wrapper: str, inside: str, fallback: str = "") -> None:
    """Controls and objects as Excel 2010 and later write them into a sheet."""
    parts.ignorable(sheet, x14=X14, xdr=f"{DRAWING}/spreadsheetDrawing")
    choice = (
        f'<mc:AlternateContent xmlns:mc="{COMPATIBLE}"><mc:Choice Requires="x14">{inside}'
        f"</mc:Choice>{fallback}</mc:AlternateContent>"
    )
    parts.insert(
        sheet,
        f'<mc:AlternateContent xmlns:mc="{COMPATIBLE}"><mc:Choice Requires="x14"><{wrapper}>'
        f"{choice}</{wrapper}></mc:Choice></mc:AlternateContent>",
        like=wrapper,
    )


def _shape(number: int, kind: str, more: str = "") -> str:
    return (
        f'<v:shape id="_x0000_s{number}" type="#_x0000_t201" style=\'position:absolute;width:90pt;'
        f'height:20pt\'>{more}<x:ClientData ObjectType="{kind}"><x:SizeWithCells/>'
        "<x:Anchor>1, 0, 25, 0, 3, 0, 28, 0</x:Anchor></x:ClientData></v:shape>"
    )


@added(
    "窗体控件（复选框、下拉框）",
    ("xl/ctrlProps/*", WHOLE),
    (OVERALL, "<controls>.*?</controls>"),
    ("xl/drawings/vmlDrawing*.vml", 'ObjectType="(?:Checkbox|Drop)".*?</x:ClientData>'),
)
def form_controls(parts: Parts) -> None:
    controls = ""
    for number, kind in ((2054, "CheckBox"), (2055, "Drop")):
        identity = parts.attach(
            OVERALL,
            "ctrlProp",
            f"xl/ctrlProps/ctrlProp{number - 2053}.xml",
            f'{HEAD}<formControlPr xmlns="{X14}" objectType="{kind}" checked="Checked"'
            ' fmlaLink="$O$9" lockText="1" noThreeD="1"/>',
            "application/vnd.ms-excel.controlproperties+xml",
        )
        controls += (
            f'<control shapeId="{number}" r:id="{identity}" name="控件 {number}"><controlPr'
            f' defaultSize="0" autoFill="0" autoLine="0" autoPict="0"><anchor moveWithCells="1">'
            f"{ANCHOR}</anchor></controlPr></control>"
        )
    legacy(parts, OVERALL, vml(_shape(2054, "Checkbox"), _shape(2055, "Drop")))
    alternating(parts, OVERALL, "controls", controls)


@added(
    "ActiveX 控件和批注共用绘图",
    ("xl/activeX/*", WHOLE),
    (OVERALL, "<controls>.*?</controls>"),
    ("xl/drawings/vmlDrawing*.vml", "<x:Row>2</x:Row>"),
)
def active_x(parts: Parts) -> None:
    parts.suffix("bin", "application/vnd.ms-office.activeX")
    parts.suffix("emf", "image/x-emf")
    control = parts.attach(
        OVERALL,
        "control",
        "xl/activeX/activeX1.xml",
        f'{HEAD}<ax:ocx ax:classid="{{D7053240-CE69-11CD-A777-00DD01143C57}}"'
        f' ax:persistence="persistStreamInit" r:id="rId1" xmlns:ax="{MICROSOFT}/2006/activeX"'
        f' xmlns:r="{OFFICE}"/>',
        "application/vnd.ms-office.activeX+xml",
    )
    parts.attach(
        "xl/activeX/activeX1.xml",
        f"{MICROSOFT}/2006/relationships/activeXControlBinary",
        "xl/activeX/activeX1.bin",
        COMPOUND,
    )
    image = parts.attach(OVERALL, "image", "xl/media/image8.emf", bytes(88))
    shape = _shape(2056, "Pict", '<v:imagedata o:relid="rId1" o:title=""/>')
    legacy(parts, OVERALL, vml(shape, note_box(2057, 2, 1)))
    parts.relate("xl/drawings/vmlDrawing9.vml", "image", "xl/media/image8.emf")
    alternating(
        parts,
        OVERALL,
        "controls",
        f'<control shapeId="2056" r:id="{control}" name="CommandButton1"><controlPr'
        f' defaultSize="0" autoLine="0" r:id="{image}"><anchor>{ANCHOR}</anchor></controlPr>'
        "</control>",
        f'<mc:Fallback><control shapeId="2056" r:id="{control}" name="CommandButton1"/>'
        "</mc:Fallback>",
    )


def _object(parts: Parts, kind: str, name: str, content: bytes, program: str) -> None:
    identity = parts.attach(OVERALL, kind, name, content)
    parts.suffix("emf", "image/x-emf")
    image = parts.attach(OVERALL, "image", "xl/media/image8.emf", bytes(88))
    legacy(parts, OVERALL, vml(_shape(2058, "Pict", '<v:imagedata o:relid="rId1"/>')))
    parts.relate("xl/drawings/vmlDrawing9.vml", "image", "xl/media/image8.emf")
    alternating(
        parts,
        OVERALL,
        "oleObjects",
        f'<oleObject progId="{program}" dvAspect="DVASPECT_ICON" shapeId="2058" r:id="{identity}">'
        f'<objectPr defaultSize="0" autoPict="0" r:id="{image}"><anchor moveWithCells="1">{ANCHOR}'
        "</anchor></objectPr></oleObject>",
        f'<mc:Fallback><oleObject progId="{program}" shapeId="2058" r:id="{identity}"/>'
        "</mc:Fallback>",
    )


OBJECT = (
    ("xl/embeddings/*", WHOLE),
    (OVERALL, "<oleObjects>.*?</oleObjects>"),
    ("xl/media/*", WHOLE),
)


@added("嵌入对象（OLE）", *OBJECT)
def embedded_object(parts: Parts) -> None:
    parts.suffix("bin", "application/vnd.openxmlformats-officedocument.oleObject")
    _object(parts, "oleObject", "xl/embeddings/oleObject1.bin", COMPOUND, "Package")


@added("嵌入的 Word 文档", *OBJECT)
def embedded_document(parts: Parts) -> None:
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    parts.suffix("docx", word)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as document:
        document.writestr(zipfile.ZipInfo("word/document.xml"), "<w/>")
    name = "xl/embeddings/Microsoft_Word_Document.docx"
    _object(parts, "package", name, packed.getvalue(), "Word.Document.12")


def _with_button(book: Book, sheets: Sheets) -> None:
    book.set_vba_name("ThisWorkbook")
    book.add_vba_project(io.BytesIO(COMPOUND + "核对".encode("gbk")), is_stream=True)
    for number, sheet in enumerate(sheets.values(), 1):
        sheet.set_vba_name(f"Sheet{number}")
    sheets["附件3"].insert_button("O4", {"macro": "核对", "caption": "核对"})


@drawn(
    "宏（.xlsm）",
    ("xl/vbaProject.bin", WHOLE),
    ("?Content_Types?.xml", "macroEnabled"),
    (OVERALL, '<sheetPr [^>]*codeName="[^"]*"'),
    (BOOK, '<workbookPr [^>]*codeName="[^"]*"'),
    suffix=".xlsm",
)
def macros(book: Book, sheets: Sheets) -> None:
    _with_button(book, sheets)


@added(
    "签了名的宏和 Excel 4 宏表（.xlsm）",
    ("xl/vbaProject*.bin", WHOLE),
    ("xl/macrosheets/*", WHOLE),
    (BOOK, '<sheet name="宏1"[^>]*>'),
    over=_with_button,
    suffix=".xlsm",
)
def signed_macros(parts: Parts) -> None:
    """The signature of a project is about its code only: marks do not break it."""
    signature = f"{MICROSOFT}/2006/relationships/vbaProjectSignature"
    kind = "application/vnd.ms-office.vbaProjectSignature"
    parts.attach("xl/vbaProject.bin", signature, "xl/vbaProjectSignature.bin", b"\x30\x82", kind)
    identity = parts.attach(
        BOOK,
        f"{MICROSOFT}/2006/relationships/xlMacrosheet",
        "xl/macrosheets/sheet1.xml",
        f'{HEAD}<xm:macrosheet xmlns="{MAIN}" xmlns:xm="{MICROSOFT}/excel/2006/main">'
        '<sheetData><row r="1"><c r="A1"><f>RETURN()</f><v>0</v></c></row></sheetData>'
        "</xm:macrosheet>",
        "application/vnd.ms-excel.macrosheet+xml",
    )
    sheet = f'<sheet name="宏1" sheetId="9" state="veryHidden" r:id="{identity}"/>'
    parts.sub(BOOK, "</sheets>", f"{sheet}</sheets>")
