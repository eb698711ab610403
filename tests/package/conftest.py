"""Packages made from strings, so that a test shows the very XML it is about."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from perfxl.model import Grid
from perfxl.package import read_book

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"

Content = str | bytes | None


def link(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'


def links(*each: str) -> str:
    return f'<Relationships xmlns="{LINKS}">{"".join(each)}</Relationships>'


def worksheet(inside: str) -> str:
    return f'<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}">{inside}</worksheet>'


def strings(*items: str) -> str:
    return f'<sst xmlns="{MAIN}">{"".join(f"<si>{item}</si>" for item in items)}</sst>'


ONE_SHEET = '<sheet name="表" sheetId="1" r:id="rId1"/>'


def workbook_part(sheets: str = ONE_SHEET, more: str = "") -> str:
    return (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><workbookPr/>'
        f"<sheets>{sheets}</sheets>{more}</workbook>"
    )


def minimal() -> dict[str, Content]:
    """The parts of the smallest workbook: one sheet, one shared string."""
    return {
        "[Content_Types].xml": (
            f'<Types xmlns="{TYPES}"><Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{SPREADSHEET}.sheet.main+xml"/>'
            "</Types>"
        ),
        "_rels/.rels": links(link(1, "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": workbook_part(),
        "xl/_rels/workbook.xml.rels": links(
            link(1, "worksheet", "worksheets/sheet1.xml"),
            link(2, "sharedStrings", "sharedStrings.xml"),
            link(3, "styles", "styles.xml"),
        ),
        "xl/worksheets/sheet1.xml": worksheet(
            '<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>98.05</v></c></row>'
            "</sheetData>"
        ),
        "xl/sharedStrings.xml": strings("<t>执行率</t>"),
    }


def zip_bytes(parts: Mapping[str, Content], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The parts as a zip, in order; those that are None are left out."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in parts.items():
            if content is not None:
                archive.writestr(zipfile.ZipInfo(name), content, method)
    return made.getvalue()


def declare(data: bytes, part: str, size: int) -> bytes:
    """The zip with another unpacked size written into its directory for one part."""
    name = part.encode()
    changed = bytearray(data)
    at = data.index(b"PK\1\2")
    while data[at : at + 4] == b"PK\1\2":
        lengths = struct.unpack_from("<3H", data, at + 28)
        if data[at + 46 : at + 46 + lengths[0]] == name:
            struct.pack_into("<L", changed, at + 24, size)
        at += 46 + sum(lengths)
    return bytes(changed)


@pytest.fixture
def package_file(tmp_path: Path) -> Callable[..., Path]:
    """Write the minimal workbook with some parts changed; None leaves a part out."""

    def write(
        changes: Mapping[str, Content] | None = None, method: int = zipfile.ZIP_DEFLATED
    ) -> Path:
        path = tmp_path / "自评表.xlsx"
        path.write_bytes(zip_bytes({**minimal(), **(changes or {})}, method))
        return path

    return write


@pytest.fixture
def sheet(package_file: Callable[..., Path]) -> Callable[..., Grid]:
    """Read the Grid of a workbook whose only sheet has that XML inside."""

    def read(inside: str, **more: Content) -> Grid:
        changes: dict[str, Content] = {"xl/worksheets/sheet1.xml": worksheet(inside)}
        for name, content in more.items():
            changes[f"xl/{name}.xml"] = content
        return read_book(package_file(changes)).grids[0]

    return read
