"""A whole workbook as values."""

from __future__ import annotations

import os
from collections.abc import Collection

from perfxl.model import Book
from perfxl.package import limits
from perfxl.package.archive import Package, open_package
from perfxl.package.formats import read_formats
from perfxl.package.sheet import Context, read_sheet
from perfxl.package.strings import read_strings


def read_book(
    path: str | os.PathLike[str],
    without: Collection[str] = (),
    only: Collection[str] | None = None,
) -> Book:
    """Read an .xlsx or .xlsm file. Raises as ``open_package`` and ``book_of`` do."""
    return book_of(open_package(path), without, only)


def book_of(
    package: Package, without: Collection[str] = (), only: Collection[str] | None = None
) -> Book:
    """Read the worksheets of an opened package: all but those named in ``without``, or those
    named in ``only``.

    Raises DamagedWorkbook, UnsafeWorkbook or LimitExceeded, naming the part.
    """
    workbook = package.workbook
    context = Context(read_strings(package), read_formats(package), workbook.date1904)
    grids = []
    room = limits.CELLS
    for entry in workbook.sheets:
        if entry.name in without or (only is not None and entry.name not in only):
            continue
        grid = read_sheet(package, entry, context, room)
        room -= len(grid.cells)
        grids.append(grid)
    return Book(
        path=package.path,
        sha256=package.sha256,
        kind=package.kind,
        grids=tuple(grids),
        names=workbook.names,
        date1904=workbook.date1904,
        properties=_custom_properties(package),
    )


def _custom_properties(package: Package) -> dict[str, str]:
    part = package.related("", "custom-properties")
    if part is None:
        return {}
    return {
        element.get("name", ""): "".join(element.itertext()).strip()
        for element in package.xml(part)
        if element.get("name")
    }
