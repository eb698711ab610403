"""Drawings that newer Excels make and XlsxWriter cannot: SmartArt, new charts, groups, SVG."""

from __future__ import annotations

import xlsxwriter

from tests.lossless.annexes import OVERALL, Sheets
from tests.lossless.drawn import png
from tests.lossless.feature import WHOLE, added
from tests.lossless.parts import HEAD, MICROSOFT, OFFICE, Parts

DRAWINGML = "http://schemas.openxmlformats.org/drawingml/2006"
COMPATIBLE = "http://schemas.openxmlformats.org/markup-compatibility/2006"
DRAWING = "xl/drawings/drawing1.xml"
DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.drawing+xml"


def canvas(parts: Parts, content: str) -> None:
    """A drawing on 附件3 with one anchor, below the form."""
    identity = parts.attach(
        OVERALL,
        "drawing",
        DRAWING,
        f'{HEAD}<xdr:wsDr xmlns:xdr="{DRAWINGML}/spreadsheetDrawing" xmlns:a="{DRAWINGML}/main">'
        "<xdr:twoCellAnchor><xdr:from><xdr:col>1</xdr:col><xdr:colOff>0</xdr:colOff>"
        "<xdr:row>26</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>5</xdr:col>"
        "<xdr:colOff>0</xdr:colOff><xdr:row>33</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>"
        f"{content}<xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>",
        DRAWING_TYPE,
    )
    parts.insert(OVERALL, f'<drawing r:id="{identity}"/>')


def framed(name: str, uri: str, content: str) -> str:
    return (
        f'<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="2" name="{name}"/>'
        '<xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/>'
        f'<a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic><a:graphicData uri="{uri}">{content}'
        "</a:graphicData></a:graphic></xdr:graphicFrame>"
    )


@added(
    "SmartArt", ("xl/diagrams/*", WHOLE), ("xl/drawings/*", WHOLE), ("xl/drawings/_rels/*", WHOLE)
)
def smart_art(parts: Parts) -> None:
    kinds = ("diagramData", "diagramLayout", "diagramQuickStyle", "diagramColors")
    uri = f"{DRAWINGML}/diagram"
    canvas(
        parts,
        framed(
            "组织图",
            uri,
            f'<dgm:relIds xmlns:dgm="{uri}" xmlns:r="{OFFICE}" r:dm="rId1" r:lo="rId2" r:qs="rId3"'
            ' r:cs="rId4"/>',
        ),
    )
    for kind in kinds:
        short = kind.removeprefix("diagram")
        short = short[0].lower() + short[1:]
        parts.attach(
            DRAWING,
            kind,
            f"xl/diagrams/{short}1.xml",
            f'{HEAD}<dgm:{short} xmlns:dgm="{uri}"/>',
            f"application/vnd.openxmlformats-officedocument.drawingml.{kind}+xml",
        )


@added("瀑布图（chartex）", ("xl/charts/*", WHOLE), ("xl/drawings/*", WHOLE))
def new_chart(parts: Parts) -> None:
    space = f"{MICROSOFT}/drawing/2014/chartex"
    frame = framed(
        "瀑布图", space, f'<cx:chart xmlns:cx="{space}" xmlns:r="{OFFICE}" r:id="rId1"/>'
    )
    canvas(
        parts,
        f'<mc:AlternateContent xmlns:mc="{COMPATIBLE}"><mc:Choice xmlns:cx1="{MICROSOFT}/drawing/'
        f'2015/9/8/chartex" Requires="cx1">{frame}</mc:Choice><mc:Fallback><xdr:sp macro=""'
        ' textlink=""><xdr:nvSpPr><xdr:cNvPr id="0" name=""/><xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:sp></mc:Fallback>'
        "</mc:AlternateContent>",
    )
    parts.attach(
        DRAWING,
        f"{MICROSOFT}/2014/relationships/chartEx",
        "xl/charts/chartEx1.xml",
        f'{HEAD}<cx:chartSpace xmlns:cx="{space}"><cx:chartData><cx:data id="0"><cx:numDim'
        ' type="val"><cx:f>附件3!$E$4:$G$4</cx:f></cx:numDim></cx:data></cx:chartData>'
        "</cx:chartSpace>",
        "application/vnd.ms-office.chartex+xml",
    )


def _chart(book: xlsxwriter.Workbook, sheets: Sheets) -> None:
    bars = book.add_chart({"type": "bar"})
    bars.add_series({"values": "=附件3!$E$4:$G$4"})
    sheets["附件3"].insert_chart("B27", bars)


@added(
    "图表的样式、颜色和图上的形状",
    ("xl/charts/*", WHOLE),
    ("xl/charts/_rels/*", WHOLE),
    ("xl/drawings/*", WHOLE),
    over=_chart,
)
def chart_styles(parts: Parts) -> None:
    chart = "xl/charts/chart1.xml"
    for kind, name in (("chartStyle", "style"), ("chartColorStyle", "colors")):
        parts.attach(
            chart,
            f"{MICROSOFT}/2011/relationships/{kind}",
            f"xl/charts/{name}1.xml",
            f'{HEAD}<cs:{kind} xmlns:cs="{MICROSOFT}/drawing/2012/chartStyle" id="201"/>',
            f"application/vnd.ms-office.{kind.lower()}+xml",
        )
    shapes = parts.attach(
        chart,
        "chartUserShapes",
        "xl/drawings/drawing7.xml",
        f'{HEAD}<c:userShapes xmlns:c="{DRAWINGML}/chart"/>',
        "application/vnd.openxmlformats-officedocument.drawingml.chartshapes+xml",
    )
    parts.sub(chart, "</c:chartSpace>", f'<c:userShapes r:id="{shapes}"/></c:chartSpace>')


@added("组合、连接线和指定了宏的形状", ("xl/drawings/*", WHOLE))
def groups(parts: Parts) -> None:
    shape = (
        '<xdr:sp macro="[0]!核对" textlink="附件3!$K$4"><xdr:nvSpPr><xdr:cNvPr id="4" name="框"/>'
        '<xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr><a:prstGeom prst="flowChartProcess"><a:avLst/>'
        "</a:prstGeom></xdr:spPr></xdr:sp>"
    )
    line = (
        '<xdr:cxnSp macro=""><xdr:nvCxnSpPr><xdr:cNvPr id="5" name="线"/><xdr:cNvCxnSpPr>'
        '<a:stCxn id="4" idx="2"/></xdr:cNvCxnSpPr></xdr:nvCxnSpPr><xdr:spPr><a:prstGeom'
        ' prst="line"><a:avLst/></a:prstGeom></xdr:spPr></xdr:cxnSp>'
    )
    canvas(
        parts,
        '<xdr:grpSp><xdr:nvGrpSpPr><xdr:cNvPr id="3" name="组合 3"/><xdr:cNvGrpSpPr/>'
        f"</xdr:nvGrpSpPr><xdr:grpSpPr/>{shape}{line}</xdr:grpSp>",
    )


@added("SVG 图标", ("xl/media/*", WHOLE), ("xl/drawings/*", WHOLE), ("xl/drawings/_rels/*", WHOLE))
def vector_picture(parts: Parts) -> None:
    parts.suffix("svg", "image/svg+xml")
    parts.suffix("png", "image/png")
    space = f"{MICROSOFT}/drawing/2016/SVG/main"
    canvas(
        parts,
        '<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="图标"/><xdr:cNvPicPr/></xdr:nvPicPr>'
        f'<xdr:blipFill><a:blip xmlns:r="{OFFICE}" r:embed="rId1"><a:extLst><a:ext'
        ' uri="{96DAC541-7B7A-43D3-8B79-37D633B846F1}"><asvg:svgBlip'
        f' xmlns:asvg="{space}" r:embed="rId2"/></a:ext></a:extLst></a:blip><a:stretch/>'
        '</xdr:blipFill><xdr:spPr><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr>'
        "</xdr:pic>",
    )
    parts.attach(DRAWING, "image", "xl/media/image1.png", png().getvalue())
    picture = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0L9 9"/></svg>'
    parts.attach(DRAWING, "image", "xl/media/image2.svg", picture)


@added("墨迹（contentPart）", ("xl/ink/*", WHOLE), ("xl/drawings/*", WHOLE))
def ink(parts: Parts) -> None:
    canvas(
        parts,
        f'<mc:AlternateContent xmlns:mc="{COMPATIBLE}"><mc:Choice xmlns:xdr14="{MICROSOFT}/excel/'
        f'2010/spreadsheetDrawing" Requires="xdr14"><xdr:contentPart xmlns:r="{OFFICE}"'
        ' r:id="rId1"><xdr14:nvContentPartPr><xdr14:cNvPr id="2" name="墨迹 1"/>'
        '<xdr14:cNvContentPartPr/></xdr14:nvContentPartPr><xdr14:nvPr macro=""/>'
        "</xdr:contentPart></mc:Choice></mc:AlternateContent>",
    )
    parts.attach(
        DRAWING,
        "customXml",
        "xl/ink/ink1.xml",
        '<inkml:ink xmlns:inkml="http://www.w3.org/2003/InkML"><inkml:trace>1 2, 3 4'
        "</inkml:trace></inkml:ink>",
        "application/inkml+xml",
    )
