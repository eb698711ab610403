"""Workbooks as units returned them last year."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from openpyxl import load_workbook

from perfxl import make_blanks

YEAR = 2024


def returned(
    folder: Path, unit: str, figures: Mapping[str, object], name: str = "", year: int = YEAR - 1
) -> Path:
    """A filled workbook of a unit for an earlier year: the form is the same but for its years.

    ``figures`` are by full name; a text is written as it stands.
    """
    made = make_blanks(
        "hunan-2024", [{"单位": unit}], folder, name_pattern=name or f"{unit}-{year}"
    )[0]
    book = load_workbook(made)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and not cell.value.startswith("="):
                    for shown in (YEAR - 1, YEAR):
                        earlier = str(shown + year - YEAR)
                        cell.value = cell.value.replace(f"{shown}年", f"{earlier}年")
    names = dict(book.defined_names)
    for full, value in figures.items():
        sheet, _, cell = names[full].attr_text.replace("$", "").partition("!")
        book[sheet.strip("'")][cell] = value
    book.save(made)
    return made
