"""Packages as other programs write them: the same annexes, stored in another way."""

from __future__ import annotations

import io
import re
from pathlib import Path

import openpyxl
import xlsxwriter

from tests.clients import convert
from tests.lossless import annexes
from tests.lossless.annexes import LEDGER, OVERALL, Sheets
from tests.lossless.drawn import png
from tests.lossless.feature import WHOLE, added, written
from tests.lossless.judge import place
from tests.lossless.parts import BOOK, HEAD, MICROSOFT, OFFICE, TYPES, Parts

BOOK_LINKS = "xl/_rels/workbook.xml.rels"
STRINGS, STYLES = "xl/sharedStrings.xml", "xl/styles.xml"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_STRICT = (
    ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "spreadsheetml/main"),
    (OFFICE + "/extended-properties", "officeDocument/relationships/extendedProperties"),
    (OFFICE, "officeDocument/relationships"),
    (OFFICE.replace("relationships", "extended-properties"), "officeDocument/extendedProperties"),
    (OFFICE.replace("relationships", "docPropsVTypes"), "officeDocument/docPropsVTypes"),
    (f"{DRAWING}/spreadsheetDrawing", "drawingml/spreadsheetDrawing"),
    (f"{DRAWING}/main", "drawingml/main"),
    (f"{DRAWING}/chart", "drawingml/chart"),
)


def worksheets(parts: Parts) -> list[str]:
    return [name for name in parts if name.startswith("xl/worksheets/sheet")]


def drop(parts: Parts, *names: str) -> None:
    """Takes parts out, with all that leads to them."""
    for name in names:
        del parts[name]
        text = parts[TYPES].decode()
        parts[TYPES] = re.sub(f'<Override PartName="/{name}"[^>]*/>', "", text).encode()
        tail = re.escape(name.removeprefix("xl/"))
        for rels in [one for one in parts if one.endswith(".rels")]:
            text = parts[rels].decode()
            text = re.sub(f'<Relationship [^>]*Target="(?:/?xl/)?{tail}"[^>]*/>', "", text)
            parts[rels] = text.encode()


def inline_strings(parts: Parts) -> None:
    """Every text in its cell, no part for strings."""
    texts = re.findall(r"<si>(.*?)</si>", parts[STRINGS].decode(), re.S)
    for name in worksheets(parts):
        parts[name] = re.sub(
            r' t="s"><v>(\d+)</v>',
            lambda hit: f' t="inlineStr"><is>{texts[int(hit[1])]}</is>',
            parts[name].decode(),
        ).encode()
    drop(parts, STRINGS)


def _rows(parts: Parts, name: str) -> list[tuple[int, str, dict[int, str]]]:
    """Row number, its attributes, and its cells by column."""
    found = []
    for row in re.finditer(r"<row ([^>]*?)(?:/>|>(.*?)</row>)", parts[name].decode(), re.S):
        cells = re.findall(r"<c (?:[^>]*?/>|.*?</c>)", row[2] or "", re.S)
        by_column = {place(re.search(r'r="(\w+)"', one)[1])[1]: one for one in cells}  # type: ignore[index]
        found.append((int(re.search(r'\br="(\d+)"', row[1])[1]), row[1], by_column))  # type: ignore[index]
    return found


def without_references(parts: Parts, name: str) -> None:
    """Rows and cells that are counted, not named."""
    made, at = "", 0
    for number, given, cells in _rows(parts, name):
        made += "<row/>" * (number - at - 1)
        at = number
        body = "".join(cells.get(col, "<c/>") for col in range(1, max(cells, default=0) + 1))
        made += f"<row {given}>{body}</row>"
    made = re.sub(r'(<(?:row|c)) r="\w+"', r"\1", made)
    made = re.sub(r' spans="[^"]*"', "", made)
    body = f"<sheetData>{made}</sheetData>".replace("\\", r"\\")
    parts.sub(name, "<sheetData>.*</sheetData>", body)


def _rich(book: xlsxwriter.Workbook, sheets: Sheets) -> None:
    """What a workbook that travels between programs usually has."""
    sheets["附件3"].insert_image("O4", "seal.png", {"image_data": png()})
    sheets["附件3"].write_comment("K4", "财务股：按决算数填。")
    sheets["附件3"].write_url("A27", "https://www.mof.gov.cn/", None, "财政部")
    red = book.add_format({"bg_color": "#FFC7CE"})
    given = {"type": "cell", "criteria": "<", "value": 0.9, "format": red}
    sheets["附件3"].conditional_format("K4", given)


@added(
    "Strict OOXML",
    (BOOK, '<workbook [^>]*conformance="strict"'),
    ("xl/media/*", WHOLE),
    ("xl/comments*", "财务股"),
    (OVERALL, "<hyperlink .*?/>"),
    over=_rich,
)
def strict(parts: Parts) -> None:
    for name in parts:
        if name.endswith((".xml", ".rels")):
            text = parts[name].decode()
            for transitional, path in _STRICT:
                text = text.replace(transitional, f"http://purl.oclc.org/ooxml/{path}")
            parts[name] = text.encode()
    parts.sub(BOOK, "<workbook ", '<workbook conformance="strict" ')


def _in_cell_pictures(parts: Parts) -> None:
    identity = "ID_0F1E2D3C4B5A69788796A5B4C3D2E1F0"
    parts.suffix("png", "image/png")
    part = parts.add(
        "xl/cellimages.xml",
        f'{HEAD}<etc:cellImages xmlns:xdr="{DRAWING}/spreadsheetDrawing" xmlns:r="{OFFICE}"'
        f' xmlns:a="{DRAWING}/main" xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData">'
        f'<etc:cellImage><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="{identity}" descr="公章"/>'
        '<xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill><a:blip r:embed="rId1"/><a:stretch>'
        '<a:fillRect/></a:stretch></xdr:blipFill><xdr:spPr><a:prstGeom prst="rect"><a:avLst/>'
        "</a:prstGeom></xdr:spPr></xdr:pic></etc:cellImage></etc:cellImages>",
        "application/vnd.wps-officedocument.cellimage+xml",
    )
    parts.relate(BOOK, "http://www.wps.cn/officeDocument/2020/cellImage", part)
    parts.attach(part, "image", "xl/media/image1.png", png().getvalue())
    formula = f'_xlfn.DISPIMG("{identity}",1)'
    cell = f'<c r="B28" t="str"><f>{formula}</f><v>={formula.removeprefix("_xlfn.")}</v></c>'
    parts.sub(OVERALL, "</sheetData>", f'<row r="28">{cell}</row></sheetData>')


WPS_PICTURES = (
    ("xl/cellimages.xml", WHOLE),
    ("xl/_rels/cellimages.xml.rels", WHOLE),
    ("xl/media/*", WHOLE),
    (OVERALL, '<c r="B28".*?</c>'),
)


@added("WPS 单元格图片（DISPIMG）", *WPS_PICTURES, unknown=frozenset({("附件3", "B28")}))
def wps_pictures(parts: Parts) -> None:
    _in_cell_pictures(parts)


@written(
    "WPS 的压缩包（文件夹条目、金山属性）",
    ("*/", WHOLE),
    ("docProps/custom.xml", WHOLE),
    *WPS_PICTURES,
    unknown=frozenset({("附件3", "B28")}),
)
def wps_package(path: Path) -> None:
    parts = Parts.of(annexes.plain())
    _in_cell_pictures(parts)
    properties = OFFICE.replace("relationships", "custom-properties")
    parts.attach(
        "",
        "custom-properties",
        "docProps/custom.xml",
        f'{HEAD}<Properties xmlns="{properties}" xmlns:vt='
        f'"{properties.replace("custom-properties", "docPropsVTypes")}"><property fmtid='
        '"{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="KSOProductBuildVer"><vt:lpwstr>'
        "2052-12.1.0.16929</vt:lpwstr></property></Properties>",
        "application/vnd.openxmlformats-officedocument.custom-properties+xml",
    )
    folders = Parts()
    for folder in ("_rels/", "docProps/", "xl/", "xl/_rels/", "xl/worksheets/", "xl/media/"):
        folders[folder] = b""
    Parts({**folders, **parts}).write(path)


@added("前缀命名空间（Open XML SDK）", (OVERALL, "<x:pageSetup [^>]*>"), (BOOK, "<x:sheet [^>]*>"))
def prefixed(parts: Parts) -> None:
    for name in (*worksheets(parts), BOOK, STYLES, STRINGS):
        text = re.sub(r"<(/?)([A-Za-z])", r"<\1x:\2", parts[name].decode())
        parts[name] = text.replace("xmlns=", "xmlns:x=").encode()


def google(parts: Parts) -> None:
    """No properties, no dimension, an empty drawing on every sheet, metadata without suffix."""
    drop(parts, "docProps/core.xml", "docProps/app.xml", "xl/calcChain.xml")
    for number, name in enumerate(worksheets(parts), 1):
        parts.sub(name, "<dimension [^>]*/>", "")
        parts[name] = re.sub(rb' spans="[^"]*"', b"", parts[name])
        parts.declare(name, mx=f"{MICROSOFT}/mac/excel/2008/main", xdr=f"{DRAWING}/main")
        drawing = parts.attach(
            name,
            "drawing",
            f"xl/drawings/drawing{number}.xml",
            f'{HEAD}<xdr:wsDr xmlns:xdr="{DRAWING}/spreadsheetDrawing"/>',
            "application/vnd.openxmlformats-officedocument.drawing+xml",
        )
        parts.insert(name, f'<drawing r:id="{drawing}"/>')
    identity = parts.attach(
        BOOK,
        "http://customschemas.google.com/relationships/workbookmetadata",
        "xl/metadata",
        b"\x08\x01\x12\x00",
        "application/binary",
    )
    parts.sub(BOOK, "<calcPr [^>]*/>", "<definedNames/><calcPr/>")
    parts.sub(BOOK, '<sheet name="', '<sheet state="visible" name="', count=0)
    parts.insert(
        BOOK,
        '<extLst><ext uri="GoogleSheetsCustomDataVersion2"><go:sheetsCustomData xmlns:go='
        f'"http://customooxmlschemas.google.com/" r:id="{identity}"'
        ' roundtripDataChecksum="9Zk0="/></ext></extLst>',
    )


added(
    "谷歌表格导出",
    ("xl/metadata", WHOLE),
    (BOOK, "<go:sheetsCustomData [^>]*>"),
    ("xl/drawings/*", WHOLE),
)(google)


@added(
    "Numbers 导出（无主题、无属性、内联文本）",
    (OVERALL, '<c r="A4"[^>]*t="inlineStr"><is>.*?</is>'),
    (OVERALL, "<sheetFormatPr [^>]*>"),
)
def numbers(parts: Parts) -> None:
    drop(parts, "docProps/core.xml", "docProps/app.xml", "xl/calcChain.xml", "xl/theme/theme1.xml")
    inline_strings(parts)
    for name in worksheets(parts):
        parts.sub(
            name,
            "<sheetFormatPr [^>]*/>",
            '<sheetFormatPr defaultColWidth="16.3333" defaultRowHeight="19.9" customHeight="1"/>',
        )
        parts.sub(name, "<dimension [^>]*/>", "")


@added("绝对的关系目标", (BOOK_LINKS, 'Target="/xl/w[^"]*"'))
def absolute_targets(parts: Parts) -> None:
    parts.sub(BOOK_LINKS, 'Target="', 'Target="/xl/', count=0)
    parts.sub("_rels/.rels", 'Target="', 'Target="/', count=0)


@written("古怪的部件名", ("content/表/*", "<pageSetup [^>]*>"), beyond=frozenset({"libreoffice"}))
def odd_part_names(path: Path) -> None:
    """Not in xl/, in Chinese, with blanks; the relationships say where they are."""
    parts = Parts.of(annexes.plain())
    spelt = {
        BOOK: "content/main book.xml",
        BOOK_LINKS: "content/_rels/main book.xml.rels",
        STYLES: "content/looks.XML",
        STRINGS: "content/文字.xml",
        **{name: f"content/表/第{n}张.xml" for n, name in enumerate(worksheets(parts), 1)},
    }
    drop(parts, "xl/calcChain.xml", "xl/theme/theme1.xml")
    made = Parts({spelt.get(name, name): content for name, content in parts.items()})
    for rels in ("_rels/.rels", spelt[BOOK_LINKS], TYPES):
        text = made[rels].decode()
        for old, new in spelt.items():
            escaped = new.replace(" ", "%20")
            text = text.replace(f'"/{old}"', f'"/{escaped}"').replace(f'"{old}"', f'"{escaped}"')
            inside = old.removeprefix("xl/")
            text = text.replace(f'Target="{inside}"', f'Target="/{escaped}"')
        made[rels] = text.encode()
    made.write(path)


@written("部件名用反斜线", ("xl/theme/*", WHOLE), beyond=frozenset({"libreoffice"}))
def backslashes(path: Path) -> None:
    parts = Parts.of(annexes.plain())
    Parts({name.replace("/", "\\"): content for name, content in parts.items()}).write(path)


@written(
    "部件名大小写不一", ("XL/Worksheets/*", "<pageSetup [^>]*>"), beyond=frozenset({"libreoffice"})
)
def other_case(path: Path) -> None:
    parts = Parts.of(annexes.plain())
    made = {}
    for name, content in parts.items():
        folder = name.startswith("xl/worksheets/")
        made[name.replace("xl/worksheets/sheet", "XL/Worksheets/Sheet") if folder else name] = (
            content
        )
    Parts(made).write(path)


@added("没有行号和单元格地址", (OVERALL, "<row ht[^>]*>"))
def counted(parts: Parts) -> None:
    for name in worksheets(parts):
        without_references(parts, name)


@added("没有样式部件", (OVERALL, "<pageSetup [^>]*>"))
def no_styles(parts: Parts) -> None:
    drop(parts, STYLES)
    for name in worksheets(parts):
        parts[name] = re.sub(rb'(<c [^>]*?) s="\d+"', rb"\1", parts[name])


@added("只有必需的部件", ("_rels/.rels", "<Relationship [^>]*>"))
def bare(parts: Parts) -> None:
    no_styles(parts)
    numbers(parts)


@added("空的样式部件", (OVERALL, "<pageSetup [^>]*>"))
def empty_styles(parts: Parts) -> None:
    no_styles(parts)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
    content = '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" />'
    parts.attach(BOOK, "styles", STYLES, content, kind)


@added(
    "UTF-16 的工作表",
    (OVERALL, r"\A\xff\xfe"),
    beyond=frozenset({"calamine"}),
)
def wide(parts: Parts) -> None:
    text = parts[OVERALL].decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    parts[OVERALL] = b"\xff\xfe" + text.encode("utf-16-le")


@added("带 BOM、单引号属性和空白", (OVERALL, r"\A\xef\xbb\xbf"), (OVERALL, "<pageSetup [^>]*>"))
def byte_order_mark(parts: Parts) -> None:
    for name in (*worksheets(parts), BOOK, STYLES, BOOK_LINKS, TYPES):
        text = re.sub(r'="([^"\']*)"', r"='\1'", parts[name].decode())
        text = text.replace("><", ">\r\n <").replace("/>", " />")
        parts[name] = b"\xef\xbb\xbf" + text.encode()


@added(
    "XML 注释、CDATA 和处理指令",
    (OVERALL, "<!-- .*? -->"),
    (OVERALL, r"<\?report .*?\?>"),
    (LEDGER, r"<!\[CDATA\[.*?\]\]>"),
)
def comments_in_xml(parts: Parts) -> None:
    parts.sub(OVERALL, '<c r="K4"', '<!-- <c r="K4"/> --><c r="K4"')
    hidden = '<?report v1 <row r="4"> ?><!-- <sheetData/> <c r="K4"/> -->'
    parts.sub(OVERALL, "<sheetData>", f"{hidden}<sheetData>".replace("?", r"?"))
    parts.sub(OVERALL, "</sheetData>", "</sheetData><!-- <legacyDrawing/> -->")
    parts.sub(LEDGER, r"<f>附件3!K4\*100</f>", "<f><![CDATA[附件3!K4*100]]></f>")


@added(
    "修订标识和 x14ac 属性",
    (OVERALL, 'xr:uid="[^"]*"'),
    (OVERALL, 'x14ac:dyDescent="[^"]*"'),
    (BOOK, "<mc:AlternateContent.*?</mc:AlternateContent>"),
    (BOOK, "<xr:revisionPtr [^>]*>"),
)
def modern_attributes(parts: Parts) -> None:
    """As Excel 365 writes any workbook."""
    ac, base = f"{MICROSOFT}/spreadsheetml/2009/9/ac", f"{MICROSOFT}/spreadsheetml"
    revision = f"{base}/2014/revision"
    for name in worksheets(parts):
        parts.ignorable(name, x14ac=ac, xr=revision)
        parts.sub(
            name, "(<worksheet [^>]*)>", r'\1 xr:uid="{00000000-0001-0000-0100-000000000000}">'
        )
        parts[name] = re.sub(rb"(<row [^>]*?)(/?)>", rb'\1 x14ac:dyDescent="0.3"\2>', parts[name])
    parts.ignorable(BOOK, x15=f"{base}/2010/11/main", xr=revision)
    parts.sub(
        BOOK,
        "(<workbookPr [^>]*/>)",
        r'\1<mc:AlternateContent><mc:Choice Requires="x15"><x15ac:absPath url="D:\\自评\\" '
        f'xmlns:x15ac="{base}/2010/11/ac"/></mc:Choice></mc:AlternateContent>'
        '<xr:revisionPtr revIDLastSave="0" documentId="8_{0}" xr6:coauthVersionLast="47"'
        f' xmlns:xr6="{base}/2016/revision6"/>',
    )


@added("文本公式、日期和错误值的单元格", (LEDGER, '<c r="F[2-5]".*?</c>'))
def other_types(parts: Parts) -> None:
    for row, cell in enumerate(
        (
            '<c r="F2" t="str"><f>"a"&amp;"b"</f><v>ab</v></c>',
            '<c r="F3" t="d"><v>2025-04-30T00:00:00</v></c>',
            '<c r="F4" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
        ),
        2,
    ):
        parts.sub(
            LEDGER, rf'(<row r="{row}".*?)</row>', lambda hit, new=cell: f"{hit[1]}{new}</row>"
        )  # type: ignore[arg-type]


class _OneWay(io.RawIOBase):
    """A file that cannot be sought, so that zipfile writes sizes after the data."""

    def __init__(self, path: Path):
        self._stream = path.open("wb")

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        return self._stream.write(data)  # type: ignore[arg-type]

    def close(self) -> None:
        self._stream.close()
        super().close()


@written("流式写出的压缩包（Java）", ("xl/theme/theme1.xml", WHOLE))
def streamed(path: Path) -> None:
    with _OneWay(path) as stream:
        Parts.of(annexes.plain()).write(stream)  # type: ignore[arg-type]


@written("不压缩、目录在最后、带注释的压缩包", ("xl/theme/theme1.xml", WHOLE))
def stored(path: Path) -> None:
    import zipfile

    parts = Parts.of(annexes.plain())
    types = parts.pop(TYPES)
    parts[TYPES] = types
    parts.write(path, zipfile.ZIP_STORED)
    with zipfile.ZipFile(path, "a") as packed:
        packed.comment = "报送".encode()


@written("openpyxl 保存的工作簿", ("xl/comments/*", "财务股"))
def by_openpyxl(path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(annexes.workbook(_rich)))
    book.save(path)


def _libre(path: Path, data: bytes) -> None:
    source = path.with_name(f"before {path.stem}.xlsx")
    source.write_bytes(data)
    made = convert(source, "xlsx", path.parent / "libreoffice")
    made.rename(path)


@written(
    "LibreOffice 保存的工作簿",
    ("docProps/app.xml", "LibreOffice"),
    ("xl/comments*", "财务股"),
    ("xl/media/*", WHOLE),
    needs_soffice=True,
)
def by_libreoffice(path: Path) -> None:
    _libre(path, annexes.workbook(_rich))
