"""Pivots and what filters them."""

from __future__ import annotations

from tests.lossless.annexes import CANCELLED
from tests.lossless.feature import WHOLE, added
from tests.lossless.parts import BOOK, HEAD, MAIN, MICROSOFT, OFFICE, SPREADSHEET, Parts


def pivot(parts: Parts) -> str:
    """A pivot over 台账!C1:D4 on 附件4-1, below the form; returns the cache's part."""
    fields = "".join(
        f'<cacheField name="{name}" numFmtId="0"><sharedItems containsSemiMixedTypes="0"'
        ' containsString="0" containsNumber="1" minValue="1" maxValue="30"/></cacheField>'
        for name in ("上年", "本年")
    )
    cache = "xl/pivotCache/pivotCacheDefinition1.xml"
    identity = parts.attach(
        BOOK,
        "pivotCacheDefinition",
        cache,
        f'{HEAD}<pivotCacheDefinition xmlns="{MAIN}" xmlns:r="{OFFICE}" r:id="rId1"'
        ' refreshOnLoad="0" recordCount="3"><cacheSource type="worksheet"><worksheetSource'
        f' ref="C1:D4" sheet="台账"/></cacheSource><cacheFields count="2">{fields}</cacheFields>'
        "</pivotCacheDefinition>",
        f"{SPREADSHEET}.pivotCacheDefinition+xml",
    )
    records = "".join(f'<r><n v="{a}"/><n v="{b}"/></r>' for a, b in ((12.5, 13), (7, 9), (30, 28)))
    parts.attach(
        cache,
        "pivotCacheRecords",
        "xl/pivotCache/pivotCacheRecords1.xml",
        f'{HEAD}<pivotCacheRecords xmlns="{MAIN}" count="3">{records}</pivotCacheRecords>',
        f"{SPREADSHEET}.pivotCacheRecords+xml",
    )
    table = "xl/pivotTables/pivotTable1.xml"
    parts.attach(
        CANCELLED,
        "pivotTable",
        table,
        f'{HEAD}<pivotTableDefinition xmlns="{MAIN}" name="透视表1" cacheId="7" dataOnRows="1"'
        ' dataCaption="值"><location ref="B40:B41" firstHeaderRow="1" firstDataRow="1"'
        ' firstDataCol="0"/><pivotFields count="2"><pivotField showAll="0"/><pivotField'
        ' dataField="1" showAll="0"/></pivotFields><dataFields count="1"><dataField'
        ' name="求和项:本年" fld="1"/></dataFields></pivotTableDefinition>',
        f"{SPREADSHEET}.pivotTable+xml",
    )
    parts.relate(table, "pivotCacheDefinition", cache)
    parts.insert(BOOK, f'<pivotCaches><pivotCache cacheId="7" r:id="{identity}"/></pivotCaches>')
    return cache


PIVOT = (
    ("xl/pivotCache/*", WHOLE),
    ("xl/pivotTables/*", WHOLE),
    (BOOK, "<pivotCaches>.*?</pivotCaches>"),
)


@added("数据透视表和缓存", *PIVOT)
def pivots(parts: Parts) -> None:
    pivot(parts)


@added(
    "切片器",
    *PIVOT,
    ("xl/slicer*/*", WHOLE),
    (BOOK, "<extLst>.*?</extLst>"),
    (CANCELLED, "<extLst>.*?</extLst>"),
)
def slicers(parts: Parts) -> None:
    pivot(parts)
    x14 = f"{MICROSOFT}/spreadsheetml/2009/9/main"
    kind = f"{MICROSOFT}/2007/relationships/slicer"
    cache = parts.attach(
        BOOK,
        f"{kind}Cache",
        "xl/slicerCaches/slicerCache1.xml",
        f'{HEAD}<slicerCacheDefinition xmlns="{x14}" name="切片器_本年" sourceName="本年"/>',
        "application/vnd.ms-excel.slicerCache+xml",
    )
    parts.insert(
        BOOK,
        f'<extLst><ext uri="{{BBE1A952-AA13-448e-AADC-164F8A28A991}}" xmlns:x14="{x14}">'
        f'<x14:slicerCaches><x14:slicerCache r:id="{cache}"/></x14:slicerCaches></ext></extLst>',
    )
    slicer = parts.attach(
        CANCELLED,
        kind,
        "xl/slicers/slicer1.xml",
        f'{HEAD}<slicers xmlns="{x14}"><slicer name="本年" cache="切片器_本年"/></slicers>',
        "application/vnd.ms-excel.slicer+xml",
    )
    parts.insert(
        CANCELLED,
        f'<extLst><ext uri="{{A8765BA9-456A-4dab-B4F3-ACF838C121DE}}" xmlns:x14="{x14}">'
        f'<x14:slicerList><x14:slicer r:id="{slicer}"/></x14:slicerList></ext></extLst>',
    )
