"""Load a template workbook: what the engine reads, always."""

from __future__ import annotations

import os
from collections.abc import Mapping

from perfxl.errors import TemplateError
from perfxl.model import Book, Grid, Range, Template
from perfxl.named import named_area
from perfxl.package import read_book
from perfxl.template import assemble
from perfxl.template.draft import Draft
from perfxl.template.formpart import form_part
from perfxl.template.tables import SELF_CHECK, read_draft


def named_areas(book: Book, draft: Draft) -> dict[str, dict[str, Range]]:
    """The places of all fields by the prefix of their form, as the defined names give them.

    A name that lost its cells (#REF!) is left out. Merged cells give their whole area.
    """
    sheets = {form.prefix: form.facts["工作表"] for form in draft.forms}
    merged = {
        (grid.sheet, area.top, area.left): area for grid in book.grids for area in grid.merges
    }
    areas: dict[str, dict[str, Range]] = {prefix: {} for prefix in sheets}
    for defined in book.names:
        prefix, _, name = defined.name.partition(".")
        found = named_area(defined.refers_to)
        if prefix not in sheets or not name or found is None or found[0] != sheets[prefix]:
            continue
        sheet, area = found
        first = merged.get((sheet, area.top, area.left), area)
        bottom = max(area.bottom, first.bottom)
        areas[prefix][name] = Range(area.top, area.left, bottom, first.right)
    return areas


def _grids(book: Book, draft: Draft) -> Mapping[str, Grid]:
    grids = {}
    for form in draft.forms:
        grid = book.grid(form.facts["工作表"])
        if grid is None:
            raise TemplateError(
                f"模板里没有表 {form.prefix} 的工作表“{form.facts['工作表']}”；"
                "请核对 _模板 中登记的工作表名"
            )
        grids[form.prefix] = form_part(grid)
    return grids


def load(path: str | os.PathLike[str]) -> Template:
    """Read a template workbook.

    Raises TemplateError, naming the sheet and the cell, for a workbook that is no template or
    says something the engine cannot use; and what ``read_book`` raises for a file that cannot
    be read.
    """
    book = read_book(path, without=(SELF_CHECK,))
    draft = read_draft(book)
    return assemble.template(draft, named_areas(book, draft), _grids(book, draft))
