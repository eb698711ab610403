"""Workbooks made for the tests of the patch, and how to look into them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import python_calamine
import xlsxwriter

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OFFICE_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

STYLES = (
    f'{DECLARATION}<styleSheet xmlns="{MAIN}">'
    '<fonts count="2"><font><sz val="11"/><name val="等线"/></font>'
    '<font><b/><sz val="12"/><name val="黑体"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="2"><border/><border><left style="thin"/><right style="thin"/>'
    '<top style="thin"/><bottom style="thin"/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="10" fontId="1" fillId="0" borderId="1" xfId="0" applyFont="1">'
    '<alignment horizontal="center" wrapText="1"/><protection locked="0"/></xf>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<dxfs count="2"><dxf><fill><patternFill><bgColor rgb="FF00FF00"/></patternFill></fill></dxf>'
    "<dxf><font><b/></font></dxf></dxfs></styleSheet>"
)


def sheet(rows: str, before: str = "", after: str = "", *, prefix: str = "") -> str:
    """A worksheet part around the rows; ``prefix`` (``x:``) puts every tag in it."""
    text = f"<worksheet>{before}<sheetData>{rows}</sheetData>{after}</worksheet>"
    if prefix:
        text = re.sub(r"<(/?)(?=\w)", rf"<\1{prefix}", text)
    bound = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    head = f'{prefix}worksheet {bound}="{MAIN}" xmlns:r="{OFFICE}"'
    return DECLARATION + text.replace(f"{prefix}worksheet", head, 1)


def handmade(
    path: Path,
    sheet_xml: str | bytes,
    *,
    styles: str | None = STYLES,
    parts: Mapping[str, str | bytes] | None = None,
    links: str = "",
    book: str = "",
    book_links: str = "",
    types: str = "",
) -> Path:
    """A workbook of one sheet (表) from XML as given.

    ``links`` are relationships of the sheet, ``book_links`` of the workbook, ``book`` goes
    after its sheets, ``types`` into the content types, ``parts`` are further parts.
    """
    entries = {
        "[Content_Types].xml": f'{DECLARATION}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        + (f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>' * bool(styles))
        + f"{types}</Types>",
        "_rels/.rels": _links(
            f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        ),
        "xl/workbook.xml": f'{DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
        f'<sheets><sheet name="表" sheetId="1" r:id="rId1"/></sheets>{book}</workbook>',
        "xl/_rels/workbook.xml.rels": _links(
            f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
            + f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/>' * bool(styles)
            + book_links
        ),
        "xl/worksheets/sheet1.xml": sheet_xml,
        **({"xl/styles.xml": styles} if styles else {}),
        **({"xl/worksheets/_rels/sheet1.xml.rels": _links(links)} if links else {}),
        **(parts or {}),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def _links(text: str) -> str:
    return f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">{text}</Relationships>'


def form(path: Path, *, notes: bool = False) -> Path:
    """A form as a unit sends it: merges, borders, formulas, a header picture on request."""
    book = xlsxwriter.Workbook(path)
    title = book.add_format({"bold": True, "align": "center", "font_size": 16})
    box = book.add_format({"border": 1, "text_wrap": True})
    rate = book.add_format({"border": 1, "num_format": "0.00%"})
    for name in ("基础数据表", "附件3"):
        page = book.add_worksheet(name)
        page.merge_range("A1:E1", "2024年度部门整体支出绩效自评表", title)
        for at in range(2, 12):
            page.write(at, 0, f"三级指标{at}", box)
            page.write(at, 1, "≥95%", box)
            page.write_number(at, 2, 80 + at, box)
            page.write_number(at, 3, 90 + at, box)
            page.write_formula(at, 4, f"=C{at + 1}/D{at + 1}", rate, (80 + at) / (90 + at))
        page.merge_range("A13:A15", "合计", box)
        if notes:
            page.write_comment("B4", "单位自己写的批注", {"author": "某单位"})
        page.data_validation("C3:C12", {"validate": "decimal", "criteria": ">", "value": 0})
    book.close()
    return path


def parts(path: Path) -> dict[str, bytes]:
    """Every part of a package."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def changed(before: Path, after: Path) -> set[str]:
    """The parts that differ, were added or are gone."""
    old, new = parts(before), parts(after)
    return {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}


def sheet_text(path: Path, name: str = "xl/worksheets/sheet1.xml") -> str:
    return parts(path)[name].decode()


def values(path: Path) -> dict[str, list[list[Any]]]:
    """All values as python-calamine reads them."""
    book = python_calamine.CalamineWorkbook.from_path(path)
    return {
        name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in book.sheet_names
    }


def loaded(path: Path, **options: Any) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(path.read_bytes()), **options)
