"""Data of other programs that a workbook carries along."""

from __future__ import annotations

from tests.lossless.annexes import BASIC, LEDGER, OVERALL
from tests.lossless.drawn import png
from tests.lossless.feature import WHOLE, added
from tests.lossless.parts import BOOK, HEAD, MAIN, MICROSOFT, Parts


@added(
    "customXml",
    ("customXml/*", WHOLE),
    ("xl/_rels/workbook.xml.rels", '<Relationship [^>]*customXml"[^>]*>'),
)
def custom_xml(parts: Parts) -> None:
    item = parts.add("customXml/item1.xml", '<b:Sources xmlns:b="urn:example:sources"/>')
    parts.attach(
        item,
        "customXmlProps",
        "customXml/itemProps1.xml",
        f'{HEAD}<ds:datastoreItem ds:itemID="{{1B0E2B5C-0000-4000-8000-1234567890AB}}" xmlns:ds='
        '"http://schemas.openxmlformats.org/officeDocument/2006/customXml"><ds:schemaRefs/>'
        "</ds:datastoreItem>",
        "application/vnd.openxmlformats-officedocument.customXmlProperties+xml",
    )
    parts.relate(BOOK, "customXml", item)


@added(
    "Power Query（DataMashup）和连接",
    ("customXml/*", WHOLE),
    ("xl/connections.xml", WHOLE),
    ("xl/queryTables/*", WHOLE),
)
def queries(parts: Parts) -> None:
    mashup = '<?xml version="1.0" encoding="utf-16"?><DataMashup xmlns="http://schemas.microsoft.com/DataMashup">AAAA</DataMashup>'
    parts.attach(BOOK, "customXml", "customXml/item2.xml", b"\xff\xfe" + mashup.encode("utf-16-le"))
    spreadsheet = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts.attach(
        BOOK,
        "connections",
        "xl/connections.xml",
        f'{HEAD}<connections xmlns="{MAIN}"><connection id="1" name="查询 - 预算" type="5"'
        ' refreshedVersion="6" background="1"><dbPr connection="Provider=Microsoft.Mashup.OleDb.1"'
        ' command="SELECT * FROM [预算]"/></connection></connections>',
        f"{spreadsheet}.connections+xml",
    )
    parts.attach(
        LEDGER,
        "queryTable",
        "xl/queryTables/queryTable1.xml",
        f'{HEAD}<queryTable xmlns="{MAIN}" name="预算" connectionId="1" autoFormatId="16"/>',
        f"{spreadsheet}.queryTable+xml",
    )


@added("打印机设置", ("xl/printerSettings/*", WHOLE), (OVERALL, '<pageSetup [^>]*r:id="[^>]*>'))
def printer_settings(parts: Parts) -> None:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.printerSettings"
    parts.suffix("bin", kind)
    for number, sheet in enumerate((BASIC, OVERALL), 1):
        name = f"xl/printerSettings/printerSettings{number}.bin"
        identity = parts.attach(sheet, "printerSettings", name, b"H\0P\0" * 55)
        parts.sub(sheet, "<pageSetup ", f'<pageSetup r:id="{identity}" ')


@added(
    "自定义功能区、缩略图、敏感度标签",
    ("customUI/*", WHOLE),
    ("docMetadata/*", WHOLE),
    ("docProps/thumbnail.png", WHOLE),
    ("_rels/.rels", "<Relationship [^>]*>"),
)
def package_level(parts: Parts) -> None:
    ribbon = '<customUI xmlns="http://schemas.microsoft.com/office/2009/07/customui"><ribbon/></customUI>'
    kind = f"{MICROSOFT}/2007/relationships/ui/extensibility"
    parts.attach("", kind, "customUI/customUI14.xml", ribbon)
    labels = "http://schemas.microsoft.com/office/2020"
    parts.attach(
        "",
        f"{labels}/02/relationships/classificationlabels",
        "docMetadata/LabelInfo.xml",
        f'{HEAD}<clbl:labelList xmlns:clbl="{labels}/mipLabelMetadata"/>',
        "application/vnd.ms-office.classificationlabels+xml",
    )
    parts.suffix("png", "image/png")
    thumbnail = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail"
    parts.attach("", thumbnail, "docProps/thumbnail.png", png().getvalue())


@added("加载项任务窗格", ("xl/webextensions/*", WHOLE))
def web_extensions(parts: Parts) -> None:
    base = f"{MICROSOFT}/2011/relationships/webextension"
    pane = parts.add(
        "xl/webextensions/taskpanes.xml",
        f'{HEAD}<wetp:taskpanes xmlns:wetp="{MICROSOFT}/webextensions/taskpanes/2010/11"/>',
        "application/vnd.ms-office.webextensiontaskpanes+xml",
    )
    parts.relate("", f"{base}taskpanes", pane)
    parts.attach(
        pane,
        base,
        "xl/webextensions/webextension1.xml",
        f'{HEAD}<we:webextension xmlns:we="{MICROSOFT}/webextensions/webextension/2010/11"'
        ' id="{AAAA0000-1111-4222-8333-444455556666}"/>',
        "application/vnd.ms-office.webextension+xml",
    )


@added("数据模型（Power Pivot）", ("xl/model/item.data", WHOLE))
def data_model(parts: Parts) -> None:
    parts.suffix("data", "application/vnd.openxmlformats-officedocument.model+data")
    kind = "http://schemas.microsoft.com/office/2011/relationships/powerPivotData"
    parts.attach(BOOK, kind, "xl/model/item.data", bytes(range(256)))


@added("不认识的部件和关系", ("xl/quark/*", WHOLE), (OVERALL, '<ext [^>]*uri="\\{0{8}.*?</ext>'))
def unknown_parts(parts: Parts) -> None:
    """What a program of the future may add must pass through."""
    kind = "application/vnd.example.quark+xml"
    part = "xl/quark/quark1.xml"
    identity = parts.attach(
        OVERALL, "urn:example:relations/quark", part, "<q:q xmlns:q='urn:q'/>", kind
    )
    parts.attach(part, "urn:example:relations/spin", "xl/quark/spin.dat", b"\0\1\2")
    parts.suffix("dat", "application/octet-stream")
    parts.insert(
        OVERALL,
        '<extLst><ext uri="{00000000-0000-4000-8000-00000000AAAA}" xmlns:q="urn:q">'
        f'<q:quark r:id="{identity}">未知 &amp; 保留</q:quark></ext></extLst>',
    )
