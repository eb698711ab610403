"""A folder of filled workbooks to take values out of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl

from perfxl import tidy
from perfxl.extract import candidates, extract_many
from tests import seed_tables, shapes

FORMULA_LIKE = "=1+1"
MENTION = "@某人"


def fill(home: Path) -> Path:
    """Two units, a file that is no workbook, a workbook of another sort, one with doubts."""
    shapes.official(seed_tables.seed(), home / "a.xlsx")
    shapes.official(replace(seed_tables.clean(), unit="某县文化馆"), home / "b.xlsx")
    (home / "c.xlsx").write_bytes(b"no workbook")
    book = openpyxl.Workbook()
    book.active.append(["食堂", "菜单"])
    book.save(home / "d.xlsx")
    _damaged(home / "a.xlsx", home / "e.xlsx")
    return home


def _damaged(source: Path, target: Path) -> None:
    """The first workbook with what people do to cells: no number, an error, a formula as text."""
    book = openpyxl.load_workbook(source)
    sheet = book["附件3"]
    sheet["G4"] = "约八九十万"
    sheet["E4"] = "#REF!"
    sheet["L12"] = FORMULA_LIKE
    sheet["L12"].data_type = "s"
    sheet["L13"] = MENTION
    book.save(target)


def rendered(folder: Path, form: str) -> bytes:
    """All workbooks of the folder in one of the formats."""
    extracts = extract_many(sorted(folder.glob("*.xlsx")))
    return b"".join(tidy.render(form, extracts, candidates(None)))
