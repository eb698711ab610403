"""What a sheet or the workbook says about itself: protection, views, scenarios, extensions."""

from __future__ import annotations

import xlsxwriter

from tests.lossless.annexes import BASIC, CANCELLED, LEDGER, OVERALL, RUN, Sheets
from tests.lossless.feature import WHOLE, added
from tests.lossless.parts import BOOK, HEAD, MAIN, MICROSOFT, Parts

X14 = f"{MICROSOFT}/spreadsheetml/2009/9/main"
XM = f"{MICROSOFT}/excel/2006/main"
STYLES = "xl/styles.xml"
HASH = (
    'algorithmName="SHA-512" hashValue="c2hhNTEyIG9mIG5vdGhpbmcgaW4gcGFydGljdWxhcg=="'
    ' saltValue="c2FsdHNhbHRzYWx0c2E=" spinCount="100000"'
)


RARE = (
    "scenarios", "dataConsolidate", "cellWatches", "smartTags", "sortState", "webPublishItems",
)  # fmt: skip


def extension(parts: Parts, sheet: str, uri: str, content: str) -> None:
    parts.insert(
        sheet,
        f'<extLst><ext uri="{{{uri}}}" xmlns:x14="{X14}" xmlns:xm="{XM}">{content}</ext></extLst>',
    )


@added("x14 数据有效性", (OVERALL, "<x14:dataValidations .*?</x14:dataValidations>"))
def x14_validations(parts: Parts) -> None:
    """A list on another sheet, as Excel 2010 and later store it, on a cell that gets marked."""
    extension(
        parts,
        OVERALL,
        "CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF",
        '<x14:dataValidations count="1"><x14:dataValidation type="list" allowBlank="1"'
        ' showErrorMessage="1"><x14:formula1><xm:f>台账!$C$2:$C$4</xm:f></x14:formula1>'
        "<xm:sqref>K4:K5</xm:sqref></x14:dataValidation></x14:dataValidations>",
    )


@added(
    "x14 条件格式（引用别的表）",
    (OVERALL, "<x14:conditionalFormattings>.*?</x14:conditionalFormattings>"),
)
def x14_conditional(parts: Parts) -> None:
    extension(
        parts,
        OVERALL,
        "78C0D931-6437-407d-A8EE-F0AAD7539E65",
        '<x14:conditionalFormattings><x14:conditionalFormatting><x14:cfRule type="expression"'
        ' priority="1" id="{1E1E1E1E-0000-4000-8000-000000000001}"><xm:f>台账!$A$2&lt;90</xm:f>'
        '<x14:dxf><fill><patternFill><bgColor rgb="FF92D050"/></patternFill></fill></x14:dxf>'
        "</x14:cfRule><xm:sqref>K4</xm:sqref></x14:conditionalFormatting>"
        "</x14:conditionalFormattings>",
    )


@added(
    "工作表保护（SHA-512）",
    ("xl/worksheets/sheet*.xml", "<sheetProtection [^>]*>"),
    ("xl/worksheets/sheet*.xml", "<protectedRanges>.*?</protectedRanges>"),
)
def hashed_protection(parts: Parts) -> None:
    for sheet in (BASIC, OVERALL, CANCELLED, RUN, LEDGER):
        parts.insert(sheet, f'<sheetProtection {HASH} sheet="1" objects="1" scenarios="1"/>')
    parts.insert(
        OVERALL,
        f'<protectedRanges><protectedRange {HASH} sqref="C4:M4" name="填报区"'
        ' securityDescriptor="O:WDG:WDD:(A;;CC;;;WD)"/></protectedRanges>',
    )


@added("工作簿保护（结构，无密码）", (BOOK, "<workbookProtection [^>]*>"))
def workbook_protection(parts: Parts) -> None:
    parts.insert(BOOK, '<workbookProtection lockStructure="1" lockWindows="1"/>')


@added(
    "工作簿保护（SHA-512）和只读建议",
    (BOOK, "<workbookProtection [^>]*>"),
    (BOOK, "<fileSharing [^>]*>"),
)
def hashed_workbook_protection(parts: Parts) -> None:
    given = HASH.replace('algorithmName="', 'workbookAlgorithmName="')
    for name in ("hashValue", "saltValue", "spinCount"):
        given = given.replace(f" {name}", f" workbook{name[0].upper()}{name[1:]}")
    parts.insert(BOOK, f'<workbookProtection {given} lockStructure="1"/>')
    parts.insert(BOOK, f'<fileSharing readOnlyRecommended="1" userName="张三" {HASH}/>')


@added(
    "自定义视图",
    (BOOK, "<customWorkbookViews>.*?</customWorkbookViews>"),
    (OVERALL, "<customSheetViews>.*?</customSheetViews>"),
)
def custom_views(parts: Parts) -> None:
    guid = "{A1B2C3D4-0000-4000-8000-00000000C0DE}"
    parts.insert(
        BOOK,
        f'<customWorkbookViews><customWorkbookView name="领导看" guid="{guid}" xWindow="0"'
        ' yWindow="0" windowWidth="800" windowHeight="600" activeSheetId="2"/>'
        "</customWorkbookViews>",
    )
    parts.insert(
        OVERALL,
        f'<customSheetViews><customSheetView guid="{guid}" hiddenRows="1"><pageMargins left="0.7"'
        ' right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/></customSheetView>'
        "</customSheetViews>",
    )


@added("拼音", ("xl/sharedStrings.xml", "<rPh .*?</rPh>"), (OVERALL, "<phoneticPr [^>]*>"))
def phonetic(parts: Parts) -> None:
    """On labels the forms are recognised by."""
    hint = '<rPh sb="0" eb="3"><t>zhi xing lü</t></rPh><phoneticPr fontId="1" type="noConversion"/>'
    parts.sub("xl/sharedStrings.xml", "<si><t>执行率</t></si>", f"<si><t>执行率</t>{hint}</si>")
    parts.insert(OVERALL, '<phoneticPr fontId="1" type="fullwidthKatakana"/>')


@added(
    "方案、合并计算、监视和智能标记",
    *((OVERALL, f"<{name}[ >].*?</{name}>") for name in RARE),
)
def rare_children(parts: Parts) -> None:
    for element in (
        '<scenarios current="0"><scenario name="乐观" locked="1" count="1" user="张三">'
        '<inputCells r="E4" val="90"/></scenario></scenarios>',
        '<dataConsolidate function="sum"><dataRefs count="1"><dataRef ref="C2:D4" sheet="台账"/>'
        "</dataRefs></dataConsolidate>",
        '<cellWatches><cellWatch r="K4"/></cellWatches>',
        '<smartTags><cellSmartTags r="K4"><cellSmartTag type="0"/></cellSmartTags></smartTags>',
        '<sortState ref="A12:M22"><sortCondition ref="K12:K22"/></sortState>',
        '<webPublishItems count="1"><webPublishItem id="1" divId="附件3_1" sourceType="sheet"'
        ' destinationFile="D:\\附件3.htm"/></webPublishItems>',
    ):
        parts.insert(OVERALL, element)


@added(
    "工作表自定义属性",
    ("xl/customProperty*", WHOLE),
    (OVERALL, "<customProperties>.*?</customProperties>"),
)
def custom_properties(parts: Parts) -> None:
    parts.suffix(
        "bin",
        f"{MICROSOFT}.customProperty".replace("http://schemas.microsoft.com", "application/vnd"),
    )
    identity = parts.attach(
        OVERALL, "customProperty", "xl/customProperty1.bin", "报表系统".encode("utf-16-le")
    )
    element = f'<customPr name="SourceSystem" r:id="{identity}"/>'
    parts.insert(OVERALL, f"<customProperties>{element}</customProperties>")


@added(
    "样式表的扩展、调色板和表样式",
    (STYLES, "<(?:colors|tableStyles|extLst)[ >].*?</(?:colors|tableStyles|extLst)>"),
    (STYLES, "mc:Ignorable"),
)
def style_extensions(parts: Parts) -> None:
    parts.ignorable(STYLES, x14ac=f"{X14[:-4]}ac", x16r2=f"{MICROSOFT}/spreadsheetml/2015/02/main")
    colours = '<colors><indexedColors><rgbColor rgb="00112233"/></indexedColors></colors>'
    own = (
        '<tableStyles count="1"><tableStyle name="本单位" pivot="0" count="1"><tableStyleElement'
        ' type="wholeTable" dxfId="0"/></tableStyle></tableStyles>'
    )
    slicer = (
        f'<extLst><ext uri="{{EB79DEF2-80B8-43e5-95BD-54CBDDF9020C}}" xmlns:x14="{X14}">'
        '<x14:slicerStyles defaultSlicerStyle="SlicerStyleLight1"/></ext></extLst>'
    )
    parts.sub(STYLES, "<tableStyles [^>]*/>", f"{own}{colours}{slicer}")
    parts.sub(STYLES, "<dxfs [^>]*/>", '<dxfs count="1"><dxf><font><b/></font></dxf></dxfs>')


@added(
    "命名的单元格样式",
    (STYLES, "<cellStyles .*?</cellStyles>"),
    (STYLES, "<cellStyleXfs .*?</cellStyleXfs>"),
)
def named_styles(parts: Parts) -> None:
    """The wrong rate has the style 百分比, so its format is inherited."""
    parts.sub(
        STYLES,
        r'<cellStyleXfs count="1">(.*?)</cellStyleXfs>',
        r'<cellStyleXfs count="2">\1<xf numFmtId="10" fontId="0" fillId="0" borderId="0"'
        ' applyFont="0"/></cellStyleXfs>',
    )
    parts.sub(
        STYLES,
        r'<cellStyles count="1">(.*?)</cellStyles>',
        r'<cellStyles count="2">\1<cellStyle name="百分比" xfId="1" builtinId="5"/></cellStyles>',
    )
    parts.sub(STYLES, '(<xf numFmtId="164"[^>]*?) xfId="0"', r'\1 xfId="1"')


@added(
    "带样式的行和列",
    (OVERALL, '<row [^>]*customFormat="1"[^>]*>'),
    (OVERALL, '<col [^>]*style="2"[^>]*>'),
)
def styled_rows(parts: Parts) -> None:
    parts.sub(OVERALL, r'<row r="5" ', '<row r="5" s="2" customFormat="1" thickBot="1" ')
    parts.sub(OVERALL, r'<col min="12" max="12" ', '<col min="12" max="12" style="2" ')


@added(
    "图例说明的主题颜色",
    ("xl/theme/theme1.xml", WHOLE),
    (STYLES, '<color theme="\\d" tint="-0.25"/>'),
)
def theme_colours(parts: Parts) -> None:
    parts.sub(STYLES, '<color theme="1"/>', '<color theme="3" tint="-0.25"/>')


def _filtered(book: xlsxwriter.Workbook, sheets: Sheets) -> None:
    sheets["台账"].autofilter("C1:D4")


@added(
    "扩展里的筛选和时间线",
    (BOOK, "<extLst>.*?</extLst>"),
    ("xl/timelineCaches/*", WHOLE),
    over=_filtered,
)
def timelines(parts: Parts) -> None:
    x15 = f"{MICROSOFT}/spreadsheetml/2010/11/main"
    identity = parts.attach(
        BOOK,
        f"{MICROSOFT}/2011/relationships/timelineCache",
        "xl/timelineCaches/timelineCache1.xml",
        f'{HEAD}<timelineCacheDefinition xmlns="{x15}" name="时间线" sourceName="日期"/>',
        "application/vnd.ms-excel.timelineCache+xml",
    )
    parts.insert(
        BOOK,
        f'<extLst><ext uri="{{D0CA8CA8-9F24-4464-BF8E-62219DCF47F9}}" xmlns:x15="{x15}">'
        f'<x15:timelineCacheRefs><x15:timelineCacheRef r:id="{identity}"/></x15:timelineCacheRefs>'
        "</ext></extLst>",
    )


@added(
    "修复记录和网页发布设置",
    (BOOK, "<(?:fileRecoveryPr|webPublishing|smartTagPr|oleSize|functionGroups)[ >][^>]*>"),
)
def rare_book_children(parts: Parts) -> None:
    for element in (
        '<functionGroups builtInGroupCount="17"/>',
        '<oleSize ref="A1:M24"/>',
        '<smartTagPr show="none"/>',
        '<webPublishing codePage="936"/>',
        '<fileRecoveryPr repairLoad="1"/>',
    ):
        parts.insert(BOOK, element)


@added("XML 映射", ("xl/xmlMaps.xml", WHOLE), ("xl/tables/tableSingleCells1.xml", WHOLE))
def xml_maps(parts: Parts) -> None:
    """Budget systems bind cells to their own XML this way."""
    spreadsheet = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts.attach(
        BOOK,
        "xmlMaps",
        "xl/xmlMaps.xml",
        f'{HEAD}<MapInfo xmlns="{MAIN}" SelectionNamespaces=""><Schema ID="S1"/><Map ID="1"'
        ' Name="自评" RootElement="r" SchemaID="S1" ShowImportExportValidationErrors="false"'
        ' AutoFit="true" Append="false" PreserveSortAFLayout="true" PreserveFormat="true"/>'
        "</MapInfo>",
    )
    parts.attach(
        OVERALL,
        "tableSingleCells",
        "xl/tables/tableSingleCells1.xml",
        f'{HEAD}<singleXmlCells xmlns="{MAIN}"><singleXmlCell id="1" r="K4" connectionId="0">'
        '<xmlCellPr id="1" uniqueName="rate"><xmlPr mapId="1" xpath="/r/rate"'
        ' xmlDataType="double"/></xmlCellPr></singleXmlCell></singleXmlCells>',
        f"{spreadsheet}.tableSingleCells+xml",
    )


ODD_NAME = "附件3 '整体'&“表”!"


@added(
    "表名里有引号、空格和符号",
    (BOOK, '<sheet name="附件3 &apos;整体&apos;&amp;“表”!"[^>]*>'),
    renamed=(("附件3", ODD_NAME),),
)
def odd_sheet_name(parts: Parts) -> None:
    parts.sub(BOOK, 'name="附件3"', 'name="附件3 &apos;整体&apos;&amp;“表”!"')
    parts.sub(LEDGER, "附件3!K4", "'附件3 ''整体''&amp;“表”!'!K4")
