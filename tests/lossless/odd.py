"""What few programs write, but Excel reads: order, prefixes, encodings and zips out of the way."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from pathlib import Path

import xlsxwriter

from tests.lossless import annexes
from tests.lossless.annexes import LEDGER, OVERALL, Sheets
from tests.lossless.dialects import BOOK_LINKS, STYLES, worksheets
from tests.lossless.feature import WHOLE, added, drawn, written
from tests.lossless.noted import COMMENTS, NOTES, VML, legacy, note_box, vml
from tests.lossless.parts import BOOK, HEAD, MAIN, MICROSOFT, TYPES, Parts

PAGE = (OVERALL, "<pageSetup [^>]*>")


def _noted(parts: Parts, authors: str, notes: Iterable[str], *boxes: str) -> None:
    listed = f"{authors}<commentList>{''.join(notes)}</commentList>"
    text = f'{HEAD}<comments xmlns="{MAIN}">{listed}</comments>'
    parts.attach(OVERALL, "comments", "xl/comments9.xml", text, COMMENTS)
    legacy(parts, OVERALL, vml(*boxes))


def _note(cell: str, text: str) -> str:
    return f'<comment ref="{cell}" authorId="0"><text><t>{text}</t></text></comment>'


_AUTHOR = "<authors><author>张三</author></authors>"


@added("绘图部件用别的前缀", (VML, "<excel:Row>2</excel:Row>"), (NOTES, "<t>乙</t>"))
def other_prefixes(parts: Parts) -> None:
    notes = (_note("K4", "甲"), _note("B3", "乙"))
    _noted(parts, _AUTHOR, notes, note_box(2049, 3, 10), note_box(2050, 2, 1))
    part = "xl/drawings/vmlDrawing9.vml"
    text = parts[part].decode()
    for ours, theirs in (("v", "vml"), ("o", "office"), ("x", "excel")):
        text = re.sub(rf"(?<=[</\s]){ours}:(?=\w)", f"{theirs}:", text)
        text = text.replace(f"xmlns:{ours}=", f"xmlns:{theirs}=")
    parts[part] = text.encode()


@added("批注和页眉共用一个绘图部件", (OVERALL, "<legacyDrawingHF [^>]*>"), (NOTES, "<t>乙</t>"))
def shared_drawing(parts: Parts) -> None:
    _noted(parts, _AUTHOR, [_note("B3", "乙")], note_box(2050, 2, 1))
    found = re.search(rb'<legacyDrawing r:id="(\w+)"', parts[OVERALL])
    assert found
    parts.insert(OVERALL, f'<legacyDrawingHF r:id="{found[1].decode()}"/>')


@added("批注没有作者和文字", (NOTES, '<comment ref="B3".*?</comment>'))
def notes_that_say_nothing(parts: Parts) -> None:
    notes = ('<comment ref="K4" authorId="0"><text/></comment>', _note("B3", ""))
    _noted(parts, "<authors/>", notes, note_box(2049, 3, 10), note_box(2050, 2, 1))


@added("视图在备用内容里", (OVERALL, "<mc:AlternateContent>.*?</mc:AlternateContent>"))
def alternate_views(parts: Parts) -> None:
    parts.ignorable(OVERALL, x14=f"{MICROSOFT}/spreadsheetml/2009/9/main")
    parts.sub(
        OVERALL,
        "(<sheetViews>.*?</sheetViews>)",
        r'<mc:AlternateContent><mc:Choice Requires="x14">\1</mc:Choice>'
        r"<mc:Fallback>\1</mc:Fallback></mc:AlternateContent>",
    )


@added("一张表里混用前缀", (OVERALL, "<m:pageSetup [^>]*>"), (OVERALL, "<m:mergeCell [^>]*>"))
def mixed_prefixes(parts: Parts) -> None:
    parts.declare(OVERALL, m=MAIN)
    parts[OVERALL] = re.sub(rb"<(/?)(mergeCells?|pageSetup)\b", rb"<\1m:\2", parts[OVERALL])


@added("关系用别的前缀和编号", (BOOK, '<sheet [^>]*rel:id="R8f3ab[^"]*"'))
def other_relationship_ids(parts: Parts) -> None:
    for name in (BOOK, *worksheets(parts)):
        text = parts[name].replace(b"xmlns:r=", b"xmlns:rel=").replace(b" r:id=", b" rel:id=")
        parts[name] = re.sub(rb'rel:id="rId', b'rel:id="R8f3ab', text)
    for name in [one for one in parts if one.startswith("xl/") and one.endswith(".rels")]:
        parts[name] = parts[name].replace(b'Id="rId', b'Id="R8f3ab')


@added("UTF-16 的各个部件", (OVERALL, r"\A\xfe\xff"), beyond=frozenset({"calamine", "libreoffice"}))
def all_wide(parts: Parts) -> None:
    for name in (BOOK, BOOK_LINKS, STYLES, TYPES, *worksheets(parts)):
        text = parts[name].decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
        parts[name] = b"\xfe\xff" + text.encode("utf-16-be")


@added("样式只有单元格格式", PAGE)
def formats_alone(parts: Parts) -> None:
    """A styles part of a program that writes none of the lists that formats refer to."""
    formats = "<xf/>" * parts[STYLES].count(b"<xf ")
    parts[STYLES] = (
        f'{HEAD}<styleSheet xmlns="{MAIN}"><cellXfs count="{formats.count("<")}">{formats}'
        "</cellXfs></styleSheet>"
    ).encode()


@added(
    "自定义函数（LAMBDA）和 Python",
    (BOOK, "<definedName .*?</definedName>"),
    (LEDGER, '<c r="F2".*?</c>'),
    ("xl/python.xml", WHOLE),
    unknown=frozenset({("台账", "F2")}),
)
def functions_of_the_unit(parts: Parts) -> None:
    parts.insert(
        BOOK,
        '<definedNames><definedName name="折算" comment="自定义函数">_xlfn.LAMBDA(_xlpm.x,'
        "_xlfn.LET(_xlpm.y,_xlpm.x*2,_xlpm.y))</definedName></definedNames>",
    )
    parts.attach(
        BOOK,
        f"{MICROSOFT}/2023/09/relationships/Python",
        "xl/python.xml",
        f'{HEAD}<python xmlns="{MICROSOFT}/spreadsheetml/2023/python"/>',
        "application/vnd.ms-excel.python+xml",
    )
    cell = '<c r="F2"><f>_xlfn._xlws.PY(0,1,C2:C4)</f><v>49.5</v></c>'
    parts.sub(LEDGER, r'(<row r="2".*?)</row>', rf"\1{cell}</row>")


@drawn("叫“校验结果”的图表工作表", ("xl/charts/*", WHOLE), ("xl/chartsheets/*", WHOLE))
def chart_of_that_name(book: xlsxwriter.Workbook, sheets: Sheets) -> None:
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=台账!$C$2:$C$4"})
    book.add_chartsheet("校验结果").set_chart(chart)


@written("每个部件带 zip64 字段", ("xl/theme/theme1.xml", WHOLE))
def wide_sizes(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in Parts.of(annexes.plain()).items():
            with made.open(zipfile.ZipInfo(name), "w", force_zip64=True) as stream:
                stream.write(content)


@added("行和单元格的次序颠倒", (OVERALL, '<row r="1".*?</row>'))
def backwards(parts: Parts) -> None:
    """No program should, but readers take the addresses for it."""
    text = parts[OVERALL].decode()
    (body,) = re.findall("<sheetData>(.*)</sheetData>", text, re.S)
    rows = re.findall(r"<row [^>]*?/>|<row .*?</row>", body, re.S)
    parts[OVERALL] = text.replace(body, "".join(reversed(rows))).encode()
