"""How sheets are shown and printed: panes, pages, views, what is hidden."""

from __future__ import annotations

from datetime import datetime

import xlsxwriter

from tests.lossless.annexes import LEDGER, OVERALL, Sheets
from tests.lossless.drawn import SHEET
from tests.lossless.feature import WHOLE, added, drawn
from tests.lossless.parts import Parts

Book = xlsxwriter.Workbook


@drawn(
    "冻结窗格、筛选和分级显示",
    (SHEET, "<pane [^>]*>"),
    (SHEET, "<autoFilter.*?(?:/>|</autoFilter>)"),
    (SHEET, 'outlineLevel="[12]"'),
    (SHEET, "<outlinePr[^>]*>"),
)
def panes(book: Book, sheets: Sheets) -> None:
    sheets["附件3"].freeze_panes(3, 2)
    sheets["附件3"].set_column("O:Q", 9, None, {"level": 1})
    sheets["附件3"].set_column("R:R", 9, None, {"level": 2, "hidden": True})
    sheets["附件3"].outline_settings(True, False, False, True)
    sheets["附件4-1"].set_row(29, 15, None, {"level": 1, "collapsed": True})
    sheets["附件4-2"].split_panes(30, 20)
    sheets["台账"].autofilter("C1:D4")
    sheets["台账"].filter_column("D", "x > 9")


@drawn(
    "分页符和打印设置",
    (SHEET, "<rowBreaks.*?</rowBreaks>"),
    (SHEET, "<colBreaks.*?</colBreaks>"),
    (SHEET, "<(?:pageSetup|printOptions|pageMargins)[^>]*>"),
)
def pages(book: Book, sheets: Sheets) -> None:
    sheets["附件3"].set_h_pagebreaks([10, 20])
    sheets["附件3"].set_v_pagebreaks([7])
    sheets["附件3"].set_margins(0.4, 0.4, 0.6, 0.6)
    sheets["附件3"].set_print_scale(85)
    sheets["附件3"].print_row_col_headers()


@drawn("文档属性（含自定义）", ("docProps/*.xml", WHOLE))
def properties(book: Book, sheets: Sheets) -> None:
    book.set_properties({"title": "部门整体支出绩效自评", "company": "某某单位", "manager": "张三"})
    book.set_custom_property("报送批次", 2)
    book.set_custom_property("已复核", True)
    book.set_custom_property("报送日期", datetime(2025, 4, 30))


@drawn(
    "隐藏的和深度隐藏的工作表", ("xl/workbook.xml", r'<sheet [^>]*state="(?:h|veryH)idden"[^>]*>')
)
def hidden_sheets(book: Book, sheets: Sheets) -> None:
    listed = book.add_worksheet("字典")
    listed.write_column("A1", ["是", "否"])
    listed.very_hidden()
    book.add_worksheet("旧表").hide()


@drawn("从右到左的工作表", (SHEET, '<sheetView [^>]*rightToLeft="1"[^>]*>'))
def right_to_left(book: Book, sheets: Sheets) -> None:
    sheets["附件3"].right_to_left()


@drawn("忽略的错误", (SHEET, "<ignoredErrors.*?</ignoredErrors>"))
def ignored_errors(book: Book, sheets: Sheets) -> None:
    sheets["附件3"].ignore_errors({"number_stored_as_text": "C4:K6", "formula_differs": "K4"})


@drawn(
    "隐藏的行列和标签颜色",
    (SHEET, '<row [^>]*hidden="1"[^>]*>'),
    (SHEET, '<col [^>]*hidden="1"[^>]*>'),
    (SHEET, "<tabColor[^>]*>"),
)
def hidden_rows(book: Book, sheets: Sheets) -> None:
    sheets["附件3"].set_row(25, None, None, {"hidden": True})
    sheets["附件3"].set_column("T:V", 9, None, {"hidden": True})
    sheets["附件3"].set_tab_color("#C00000")
    sheets["附件4-1"].set_default_row(18, True)


@drawn("缩放、选区和视图", (SHEET, "<sheetView .*?</sheetView>"))
def views(book: Book, sheets: Sheets) -> None:
    sheets["附件3"].set_zoom(85)
    sheets["附件3"].set_selection("E4:G6")
    sheets["附件3"].set_pagebreak_view()
    sheets["台账"].hide_zero()
    sheets["台账"].activate()


@drawn("单位自己的“校验结果”表", ("xl/workbook.xml", '<sheet name="校验结果"[^>]*>'))
def own_results(book: Book, sheets: Sheets) -> None:
    """Ours gets another name, and theirs is not taken for one of ours."""
    own = book.add_worksheet("校验结果")
    own.write_column("A1", ["科室自查", "执行率已核", "perfxl 校验"])
    own.write_formula("B2", "=附件3!K4", None, 0.8905)


@drawn(
    "单元格原有的底纹（渐变、图案、深色）",
    ("xl/styles.xml", "<fill>.*?</fill>"),
    (LEDGER, '<c r="A2" s="[1-9][^"]*">'),
)
def own_fills(book: Book, sheets: Sheets) -> None:
    """On cells that get marked: a hatch, and white text on dark blue."""
    given = {"num_format": "0.00%", "border": 2, "italic": True}
    hatch = book.add_format({**given, "pattern": 14, "fg_color": "#808080", "bg_color": "#FFFF00"})
    dark = book.add_format({"bg_color": "#1F3864", "font_color": "white", "border": 1})
    sheets["附件3"].write_number("K4", 0.8905, hatch)
    sheets["附件3"].write_number("C4", 110.71, dark)
    sheets["附件4-1"].write_number("D6", 15.3, dark)
    sheets["台账"].write_formula("A2", "=附件3!K4*100", hatch, 89.05)


@added("一个链接盖住整张表", (OVERALL, '<hyperlink ref="A1:M24"[^>]*>'))
def wide_link(parts: Parts) -> None:
    link = '<hyperlink ref="A1:M24" location="台账!A1" display="台账"/>'
    parts.insert(OVERALL, f"<hyperlinks>{link}</hyperlinks>")


@drawn(
    "表格右边的旁注", ("xl/sharedStrings.xml", "<t>请财务股核对</t>"), (OVERALL, '<c r="O5".*?</c>')
)
def remarks_beside(book: Book, sheets: Sheets) -> None:
    """In the rows of totals that are put right, past the last column of the form."""
    sheets["附件3"].write_string("O5", "请财务股核对")
    sheets["附件3"].write_number("O6", 12.5)
    sheets["附件4-1"].write_string("M6", "去年同口径")
