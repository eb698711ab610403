"""Takes a workbook apart into one file per sheet."""

from __future__ import annotations

from pathlib import Path

import openpyxl


def split_by_sheet(path: Path, folder: Path) -> None:
    """Write ``<sheet>.xlsx`` for each sheet into the folder."""
    for name in openpyxl.load_workbook(path).sheetnames:
        book = openpyxl.load_workbook(path)
        for other in book.sheetnames:
            if other != name:
                del book[other]
        book.save(folder / f"{name}.xlsx")
