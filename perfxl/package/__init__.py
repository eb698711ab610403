"""The xlsx package: open it safely, read sheets into Grids, copy it with some parts changed."""

from __future__ import annotations

from perfxl.package.archive import Package, Relationship, open_package, package_of, read_file
from perfxl.package.book import book_of, read_book
from perfxl.package.workbook import SheetEntry
from perfxl.package.zipwrite import save

__all__ = [
    "Package",
    "Relationship",
    "SheetEntry",
    "book_of",
    "open_package",
    "package_of",
    "read_book",
    "read_file",
    "save",
]
