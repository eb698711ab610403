"""What XlsxWriter draws: pictures, shapes, charts, and what Excel's ribbon puts on a sheet."""

from __future__ import annotations

import io
import struct
import zlib

import xlsxwriter

from tests.lossless.annexes import Sheets
from tests.lossless.feature import WHOLE, drawn

Book = xlsxwriter.Workbook
DRAWING = "xl/drawings/drawing*.xml"
SHEET = "xl/worksheets/sheet*.xml"


def png(width: int = 24, height: int = 16) -> io.BytesIO:
    """A plain picture."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">L", len(body)) + kind + body + struct.pack(">L", zlib.crc32(kind + body))
        )

    row = b"\0" + bytes((200, 30, 30)) * width
    return io.BytesIO(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">2L5B", width, height, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(row * height))
        + chunk(b"IEND", b"")
    )


@drawn("图片", ("xl/media/*", WHOLE), (DRAWING, r"<xdr:pic>.*?</xdr:pic>"))
def picture(book: Book, sheets: Sheets) -> None:
    """A seal over a cell that gets marked, and one that moves with its cells."""
    sheets["附件3"].insert_image("K4", "seal.png", {"image_data": png(), "object_position": 2})
    sheets["附件4-1"].insert_image("C6", "seal2.png", {"image_data": png(48, 48)})


@drawn("带链接的图片", (DRAWING, r"<a:hlinkClick [^>]*>"), ("xl/drawings/_rels/*", WHOLE))
def linked_picture(book: Book, sheets: Sheets) -> None:
    given = {"image_data": png(), "url": "https://www.mof.gov.cn/", "tip": "财政部"}
    sheets["附件3"].insert_image("O4", "seal.png", given)


@drawn("形状和文本框", (DRAWING, r"<xdr:sp .*?</xdr:sp>"))
def shapes_and_text(book: Book, sheets: Sheets) -> None:
    sheets["附件3"].insert_textbox(
        "O2",
        "填表说明：金额保留两位小数。",
        {"width": 200, "fill": {"color": "#FFFFCC"}, "font": {"name": "宋体", "bold": True}},
    )
    sheets["附件4-2"].insert_textbox("K6", "已核对", {"line": {"dash_type": "dash"}})


@drawn(
    "图表", ("xl/charts/chart*.xml", WHOLE), (DRAWING, r"<xdr:graphicFrame.*?</xdr:graphicFrame>")
)
def chart(book: Book, sheets: Sheets) -> None:
    bars = book.add_chart({"type": "column"})
    bars.add_series({"values": "=附件3!$E$4:$G$4", "name": "预算与执行"})
    sheets["附件3"].insert_chart("O6", bars)
    pie = book.add_chart({"type": "pie"})
    pie.add_series({"values": "=台账!$D$2:$D$4", "categories": "=台账!$C$2:$C$4"})
    sheets["台账"].insert_chart("F2", pie)


@drawn(
    "图表工作表（在中间）",
    ("xl/chartsheets/*.xml", WHOLE),
    ("xl/workbook.xml", '<sheet name="图"[^>]*>'),
)
def chartsheet(book: Book, sheets: Sheets) -> None:
    own = book.add_chartsheet("图")
    line = book.add_chart({"type": "line"})
    line.add_series({"values": "=台账!$D$2:$D$4"})
    own.set_chart(line)
    after = book.add_worksheet("图后")
    after.write_formula("A1", "=附件3!K4", None, 0.8905)
    book.define_name("图后!本表率", "=图后!$A$1")


@drawn("迷你图", (SHEET, r"<x14:sparklineGroup .*?</x14:sparklineGroup>"))
def sparklines(book: Book, sheets: Sheets) -> None:
    sheets["附件3"].add_sparkline("O4", {"range": "附件3!C4:G4", "markers": True})
    sheets["台账"].add_sparkline("E2", {"range": "台账!C2:D2", "type": "column"})


@drawn(
    "x14 条件格式（数据条、图标集）",
    (SHEET, r"<x14:conditionalFormatting.*?</x14:conditionalFormatting>"),
    (SHEET, r"<conditionalFormatting.*?</conditionalFormatting>"),
)
def bars_and_icons(book: Book, sheets: Sheets) -> None:
    rules = {"type": "data_bar", "data_bar_2010": True, "bar_solid": True}
    sheets["附件3"].conditional_format("K12:K22", rules)
    sheets["附件3"].conditional_format("K4", {"type": "icon_set", "icon_style": "5_arrows"})


@drawn(
    "条件格式（在标记的单元格上）",
    (SHEET, "<conditionalFormatting.*?</conditionalFormatting>"),
    ("xl/styles.xml", "<dxfs.*?</dxfs>"),
)
def conditional(book: Book, sheets: Sheets) -> None:
    red = book.add_format({"bg_color": "#FFC7CE", "font_color": "#9C0006", "bold": True})
    sheets["附件3"].conditional_format(
        "K4:K22", {"type": "cell", "criteria": "<", "value": 0.9, "format": red}
    )
    sheets["附件4-1"].conditional_format("D6:F6", {"type": "blanks", "format": red})
    sheets["附件4-1"].conditional_format("H24", {"type": "2_color_scale"})


@drawn("数据有效性（在标记的单元格上）", (SHEET, "<dataValidations.*?</dataValidations>"))
def validation(book: Book, sheets: Sheets) -> None:
    rate = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1}
    sheets["附件3"].data_validation("K4", {**rate, "input_message": "填执行率，如 0.98"})
    sheets["附件3"].data_validation("F12:F22", {"validate": "list", "source": ["≥96%", "=100%"]})


@drawn("富文本", ("xl/sharedStrings.xml", r"<si><r>.*?</si>"))
def rich_text(book: Book, sheets: Sheets) -> None:
    bold, red = book.add_format({"bold": True}), book.add_format({"font_color": "red"})
    sheets["附件3"].write_rich_string("A27", "执行率", bold, "必须", "填", red, "百分数")
    sheets["台账"].write_rich_string("C8", bold, "合", red, "计")


@drawn(
    "超链接（在标记的单元格上）",
    (SHEET, "<hyperlink .*?/>"),
    ("xl/worksheets/_rels/*", 'Target="(http|mailto)[^"]*"'),
)
def hyperlinks(book: Book, sheets: Sheets) -> None:
    sheets["附件3"].write_url("A27", "https://www.mof.gov.cn/", None, "财政部", "打开网站")
    sheets["附件3"].write_url("A28", "mailto:cz@example.org", None, "来信")
    sheets["附件3"].write_url("A29", "internal:'附件4-1'!A1", None, "项目表")
    rate = book.add_format({"num_format": "0.00%", "align": "center", "border": 1})
    sheets["附件3"].write_url("K4", "internal:台账!A2", None, "89.05%", "见台账")
    sheets["附件3"].write_number("K4", 0.8905, rate)


@drawn(
    "页眉页脚和页眉图片",
    (SHEET, "<headerFooter.*?</headerFooter>"),
    (SHEET, "<legacyDrawingHF[^>]*>"),
    ("xl/drawings/vmlDrawing*.vml", 'id="LH".*?</v:shape>'),
    ("xl/media/*", WHOLE),
)
def header_and_footer(book: Book, sheets: Sheets) -> None:
    given = {"image_left": "seal.png", "image_data_left": png()}
    sheets["附件3"].set_header('&L&[Picture]&C&"宋体,Bold"整体支出绩效自评表', given)
    sheets["附件3"].set_footer("&C第 &P 页，共 &N 页&R&D")


@drawn("工作表背景图", (SHEET, "<picture [^>]*>"), ("xl/media/*", WHOLE))
def background(book: Book, sheets: Sheets) -> None:
    sheets["附件3"].set_background(png())


@drawn(
    "表格（列表对象）",
    ("xl/tables/*.xml", WHOLE),
    (SHEET, "<tableParts.*?</tableParts>"),
    unknown=frozenset({("台账", "D5")}),
)
def tables(book: Book, sheets: Sheets) -> None:
    columns = [
        {"header": "上年"},
        {"header": "本年", "total_function": "sum", "total_value": 50.25},
    ]
    sheets["台账"].add_table("C1:D5", {"columns": columns, "total_row": True, "name": "金额"})
    sheets["附件3"].add_table("B27:C30", {"style": "Table Style Light 11"})


@drawn(
    "工作表保护（无密码）",
    (SHEET, "<sheetProtection[^>]*>"),
    (SHEET, "<protectedRanges.*?</protectedRanges>"),
)
def protection(book: Book, sheets: Sheets) -> None:
    for sheet in sheets.values():
        sheet.protect(options={"format_cells": False, "objects": True})
    sheets["附件3"].unprotect_range("C4:M6", "填报区")


@drawn("工作表保护（有密码）", (SHEET, '<sheetProtection [^>]*password="[^>]*>'))
def protection_with_password(book: Book, sheets: Sheets) -> None:
    for sheet in sheets.values():
        sheet.protect("2024", {"autofilter": True})


@drawn("定义的名称", ("xl/workbook.xml", "<definedName .*?</definedName>"))
def names(book: Book, sheets: Sheets) -> None:
    book.define_name("执行率", "=附件3!$K$4")
    book.define_name("折合元", "=执行率*10000")
    book.define_name("附件3!本表预算", "=附件3!$E$4")
    book.define_name("附件4-1!本表预算", "='附件4-1'!$E$6")
    sheets["附件3"].print_area("A1:M24")
    sheets["附件3"].repeat_rows(1, 2)
    sheets["台账"].write_formula("A4", "=折合元", None, 8905)
    sheets["附件3"].write_formula("B27", "=本表预算+1", None, 88.23)


@drawn(
    "单元格里的复选框",
    ("xl/featurePropertyBag/*.xml", WHOLE),
    ("xl/styles.xml", "<xfpb:xfComplement[^>]*>"),
)
def checkboxes(book: Book, sheets: Sheets) -> None:
    sheets["附件3"].insert_checkbox("B27", True)
    sheets["台账"].insert_checkbox("E2", False)


@drawn(
    "单元格里的图片（Excel）",
    ("xl/richData/*", WHOLE),
    ("xl/metadata.xml", WHOLE),
    (SHEET, r'<c [^>]*vm="1"[^>]*>'),
)
def picture_in_cell(book: Book, sheets: Sheets) -> None:
    sheets["附件3"].embed_image("B27", "seal.png", {"image_data": png()})
