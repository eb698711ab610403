"""What computes: formulas of every kind, names, pivots, links to other workbooks."""

from __future__ import annotations

import xlsxwriter

from tests.lossless.annexes import LEDGER, OVERALL, Sheets
from tests.lossless.feature import WHOLE, added, drawn
from tests.lossless.parts import BOOK, HEAD, MAIN, MICROSOFT, OFFICE, SPREADSHEET, Parts

Book = xlsxwriter.Workbook
RATE = r'<c r="K4" s="(\d+)"><v>0\.8905</v></c>'
SHEET = "xl/worksheets/sheet*.xml"
METADATA = (
    f'{HEAD}<metadata xmlns="{MAIN}" xmlns:xda="{MICROSOFT}/spreadsheetml/2017/dynamicarray">'
    '<metadataTypes count="1"><metadataType name="XLDAPR" minSupportedVersion="120000" copy="1"'
    ' pasteAll="1" pasteValues="1" merge="1" splitFirst="1" rowColShift="1" clearFormats="1"'
    ' clearComments="1" assign="1" coerce="1" cellMeta="1"/></metadataTypes>'
    '<futureMetadata name="XLDAPR" count="1"><bk><extLst><ext uri='
    '"{bdbb8cdc-fa1e-496e-a857-3c3f30c029c3}"><xda:dynamicArrayProperties fDynamic="1"'
    ' fCollapsed="0"/></ext></extLst></bk></futureMetadata><cellMetadata count="1"><bk>'
    '<rc t="1" v="0"/></bk></cellMetadata></metadata>'
)


def rate(parts: Parts, formula: str, more: str = "", value: str = "0.8905") -> None:
    """Another 执行率: the wrong one, by a formula of the unit's."""
    parts.sub(OVERALL, RATE, rf'<c r="K4" s="\1"{more}>{formula}<v>{value}</v></c>')


def rows(parts: Parts, sheet: str, xml: str) -> None:
    """Rows after all others."""
    parts.sub(sheet, "</sheetData>", f"{xml}</sheetData>")


@added("公式写错的执行率", ("xl/worksheets/sheet5.xml", "<f>附件3!K4\\*100</f>"))
def own_formula(parts: Parts) -> None:
    rate(parts, "<f>G4/E4-0.09</f>")


@added(
    "共享公式（主公式在被改正的单元格）",
    (OVERALL, '<f t="shared" si="1"/>'),
    rewritten=frozenset({("附件3", "K30"), ("附件3", "K31")}),
)
def shared_master(parts: Parts) -> None:
    """The master is replaced, so its followers must get formulas of their own."""
    rate(parts, '<f t="shared" ref="K4:K31" si="0">G4-E4+2.5905</f>')
    rows(
        parts,
        OVERALL,
        '<row r="30"><c r="K30"><f t="shared" si="0"/><v>2.5905</v></c></row>'
        '<row r="31"><c r="A31"><f t="shared" ref="A31:A32" si="1">1+1</f><v>2</v></c>'
        '<c r="K31"><f t="shared" si="0"/><v>2.5905</v></c></row>'
        '<row r="32"><c r="A32"><f t="shared" si="1"/><v>2</v></c></row>',
    )


@added(
    "共享公式（从公式在被改正的单元格）",
    (OVERALL, '<c r="K1" [^>]*>.*?</c>'),
    (OVERALL, '<c r="K30">.*?</c>'),
)
def shared_follower(parts: Parts) -> None:
    parts.sub(
        OVERALL,
        r'<c r="K1" s="(\d+)"/>',
        r'<c r="K1" s="\1"><f t="shared" ref="K1:K30" si="0">0.8905+0*R1</f><v>0.8905</v></c>',
    )
    rate(parts, '<f t="shared" si="0"/>')
    rows(parts, OVERALL, '<row r="30"><c r="K30"><f t="shared" si="0"/><v>0.8905</v></c></row>')


@added("数组公式（单格，在被改正的单元格）", ("xl/worksheets/sheet5.xml", "<f>附件3!K4\\*100</f>"))
def array_of_one(parts: Parts) -> None:
    rate(parts, '<f t="array" ref="K4">SUM(G4/E4)-0.09</f>')


@added(
    "数组公式（多格，包括计算格）",
    (OVERALL, '<f t="array" ref="K4:K5">.*?</f>'),
    fixed=frozenset({("附件3", "K4")}),
)
def array_of_several(parts: Parts) -> None:
    """Excel changes such an array only as a whole: the cell is marked and not changed."""
    rate(parts, '<f t="array" ref="K4:K5">0.8905+0*R4:R5</f>')


@drawn(
    "数组公式（别处）",
    (LEDGER, '<f t="array" ref="E2:E4">.*?</f>'),
    (LEDGER, '<f t="array" ref="F2">.*?</f>'),
)
def arrays(book: Book, sheets: Sheets) -> None:
    sheets["台账"].write_array_formula("E2:E4", "{=C2:C4*D2:D4}", None, 162.5)
    sheets["台账"].write_number("E3", 64.75)
    sheets["台账"].write_number("E4", 840)
    sheets["台账"].write_array_formula("F2", "{=SUM(C2:C4*D2:D4)}", None, 1067.25)


@drawn(
    "动态数组（cm 和 metadata.xml）",
    ("xl/metadata.xml", WHOLE),
    (SHEET, '<c r="[^"]*"[^>]* cm="1".*?</c>'),
)
def dynamic_arrays(book: Book, sheets: Sheets) -> None:
    sheets["台账"].write_dynamic_array_formula("E2:E4", "=C2:C4+D2:D4", None, 25.5)
    sheets["台账"].write_number("E3", 16.25)
    sheets["台账"].write_number("E4", 58)
    sheets["附件3"].write_dynamic_array_formula("B28", "=LEN(B3)", None, 6)


@added(
    "动态数组（在被改正的单元格）", ("xl/metadata.xml", WHOLE), (LEDGER, '<c r="F2" cm="1">.*?</c>')
)
def dynamic_rate(parts: Parts) -> None:
    parts.attach(
        BOOK, "sheetMetadata", "xl/metadata.xml", METADATA, f"{SPREADSHEET}.sheetMetadata+xml"
    )
    rate(parts, '<f t="array" ref="K4">G4/E4-0.09</f>', ' cm="1"')
    parts.sub(
        LEDGER,
        r'(<row r="2".*?)</row>',
        r'\1<c r="F2" cm="1"><f t="array" ref="F2">C2+D2</f><v>25.5</v></c></row>',
    )


@added(
    "模拟运算表",
    (LEDGER, '<f t="dataTable" .*?/>'),
    unknown=frozenset({("台账", "F2"), ("台账", "F3")}),
)
def data_table(parts: Parts) -> None:
    parts.sub(
        LEDGER,
        r'(<row r="2".*?)</row>',
        r'\1<c r="F2"><f t="dataTable" ref="F2:F3" dt2D="0" dtr="0" r1="C2"/><v>1</v></c></row>',
    )
    parts.sub(LEDGER, r'(<row r="3".*?)</row>', r'\1<c r="F3"><v>2</v></c></row>')


@added(
    "单元格自己的扩展",
    (OVERALL, '<c r="A28".*?</c>'),
    (OVERALL, '<extLst><ext uri="\\{KEEP\\}".*?</extLst>'),
)
def cell_extensions(parts: Parts) -> None:
    """Also on the cell whose value is put right."""
    kept = '<extLst><ext uri="{KEEP}" xmlns:q="urn:q"><q:mark/></ext></extLst>'
    parts.sub(OVERALL, RATE, rf'<c r="K4" s="\1" ph="1"><v>0.8905</v>{kept}</c>')
    rows(parts, OVERALL, f'<row r="28"><c r="A28" vm="9"><v>1</v>{kept}</c></row>')


@added("定义的名称（隐藏的、函数、坏的）", (BOOK, "<definedName .*?</definedName>"))
def odd_names(parts: Parts) -> None:
    names = (
        '<definedName name="_xlnm._FilterDatabase" localSheetId="4" hidden="1">台账!$C$1:$D$4'
        '</definedName><definedName name="_xlnm.Print_Area" localSheetId="1">附件3!$A$1:$M$24'
        '</definedName><definedName name="_xlfn.XLOOKUP" hidden="1">#NAME?</definedName>'
        '<definedName name="坏引用">#REF!$A$1</definedName>'
        '<definedName name="税率" comment="常数">0.13</definedName>'
        '<definedName name="下一格" function="1" vbProcedure="1" xlm="1">宏名</definedName>'
    )
    parts.insert(BOOK, f"<definedNames>{names}</definedNames>")


EXTERNAL = ("xl/externalLinks/*", WHOLE)


@added(
    "外部链接",
    EXTERNAL,
    ("xl/externalLinks/_rels/*", WHOLE),
    (BOOK, "<externalReferences>.*?</externalReferences>"),
)
def external_links(parts: Parts) -> None:
    name = "xl/externalLinks/externalLink1.xml"
    identity = parts.attach(
        BOOK,
        "externalLink",
        name,
        f'{HEAD}<externalLink xmlns="{MAIN}"><externalBook xmlns:r="{OFFICE}" r:id="rId1">'
        '<sheetNames><sheetName val="预算"/></sheetNames><sheetDataSet><sheetData sheetId="0">'
        '<row r="1"><cell r="A1"><v>87.23</v></cell></row></sheetData></sheetDataSet>'
        "</externalBook></externalLink>",
        f"{SPREADSHEET}.externalLink+xml",
    )
    parts.relate(name, "externalLinkPath", "file:///D:/%E9%A2%84%E7%AE%97.xlsx", "External")
    reference = f'<externalReference r:id="{identity}"/>'
    parts.insert(BOOK, f"<externalReferences>{reference}</externalReferences>")
    parts.sub(
        LEDGER, r'(<row r="2".*?)</row>', r"\1<c r='F2'><f>[1]预算!$A$1</f><v>87.23</v></c></row>"
    )


@added("DDE 链接", EXTERNAL)
def dde_links(parts: Parts) -> None:
    identity = parts.attach(
        BOOK,
        "externalLink",
        "xl/externalLinks/externalLink1.xml",
        f'{HEAD}<externalLink xmlns="{MAIN}"><ddeLink ddeService="Excel" ddeTopic="a.xls">'
        '<ddeItems><ddeItem name="R1C1" advise="1"/></ddeItems></ddeLink></externalLink>',
        f"{SPREADSHEET}.externalLink+xml",
    )
    reference = f'<externalReference r:id="{identity}"/>'
    parts.insert(BOOK, f"<externalReferences>{reference}</externalReferences>")


@added(
    "计算设置和计算链",
    (BOOK, '<calcPr [^>]*iterate="1"[^>]*calcMode="manual"'),
    ("xl/worksheets/sheet5.xml", "<f>附件3!K4\\*100</f>"),
)
def calculation_settings(parts: Parts) -> None:
    parts.sub(
        BOOK,
        "<calcPr [^>]*/>",
        '<calcPr calcId="191029" iterate="1" calcMode="manual" fullPrecision="0"/>',
    )


@added("按 1904 日期系统", (BOOK, '<workbookPr [^>]*date1904="1"'))
def other_epoch(parts: Parts) -> None:
    parts.sub(BOOK, "<workbookPr ", '<workbookPr date1904="1" ')


@added("易失的函数和相关部件", ("xl/volatileDependencies.xml", WHOLE))
def volatile(parts: Parts) -> None:
    parts.attach(
        BOOK,
        "volatileDependencies",
        "xl/volatileDependencies.xml",
        f'{HEAD}<volTypes xmlns="{MAIN}"><volType type="realTimeData"><main first="rtd.server">'
        '<tp t="e"><v>#N/A</v><stp/><stp>A</stp><tr r="A9" s="5"/></tp></main></volType>'
        "</volTypes>",
        f"{SPREADSHEET}.volatileDependencies+xml",
    )
