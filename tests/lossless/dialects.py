"""Packages as other programs write them: the same annexes, stored in another way."""

from __future__ import annotations

import io
import re
from pathlib import Path

import openpyxl
import xlsxwriter

from tests.clients import convert
from tests.lossless import annexes
from tests.lossless.annexes import OVERALL, Sheets
from tests.lossless.drawn import png
from tests.lossless.feature import WHOLE, added, written
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


@added(
    "前缀命名空间（Open XML SDK）",
    (OVERALL, "<x:pageSetup [^>]*>"),
    (BOOK, "<x:sheet [^>]*>"),
    ("xl/comments*", "<x:t[^>]*>[^<]*财务股[^<]*</x:t>"),
    over=_rich,
)
def prefixed(parts: Parts) -> None:
    notes = [name for name in parts if name.startswith("xl/comments")]
    for name in (*worksheets(parts), *notes, BOOK, STYLES, STRINGS):
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
