"""A workbook in a format that cannot be patched, rebuilt as an .xlsx from its template's forms."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from perfxl.errors import RefusedEdit
from perfxl.intake import read
from perfxl.locate import locate
from perfxl.locate.build import indexes
from perfxl.locate.region import is_filled
from perfxl.model import Binding, Book, Cell, FormBinding, Grid, Report
from perfxl.notation import fold, is_blank
from perfxl.package import Package, book_of, package_of
from perfxl.page import read_record
from perfxl.rebuild.extent import extents, filled_in
from perfxl.rebuild.face import Face, faces
from perfxl.rebuild.moved import Laid, moved_binding, moved_report
from perfxl.rebuild.sheet import FormSheet, lay_out
from perfxl.rebuild.write import FIRST_OF_REST, OURS, REST, Left, NewBook
from perfxl.recognition import named
from perfxl.record import without_page
from perfxl.template import form_part

_TEXT_TABLE, _BINARY = "csv", "xlsb"
_CONTENT_COLUMN = 3


class Rebuilt(NamedTuple):
    """The new workbook, and the report as it is about that one."""

    package: Package
    report: Report


def rebuilt(
    report: Report, password: str | None = None, template: str | os.PathLike[str] | None = None
) -> Rebuilt:
    """Lay out the values of the workbook that ``report`` is about in the forms of its template.

    ``template`` is an id or a path, by default the report's own id. Values are written as
    they were read, nothing is put right yet; what no form has a place for is kept on sheets
    of its own. Raises RefusedEdit for a file that is no longer the one that was checked, and
    what reading it or the template raises.
    """
    chosen = os.fspath(template or report.template or "")
    book = read(report.path, password)
    if book.sha256 != report.sha256:
        raise RefusedEdit(f"{report.path} 在检查之后改动过；请重新检查，再生成更正稿")
    return rebuilt_book(book, report, chosen)


def rebuilt_book(book: Book, report: Report, template: str) -> Rebuilt:
    """`rebuilt` for a workbook that has been read."""
    record = read_record(book)
    if record:
        book = without_page(book, record)
    binding = locate(book, named(template))
    made = _Rebuild(book, binding, faces(template))
    package = package_of(report.path, made.written())
    grids = {grid.sheet: grid for grid in book_of(package).grids}
    moved = moved_binding(binding, [Laid(name, one, grids[name]) for name, one in made.laid])
    about = moved_report(report.before or report, moved, made.places, tuple(grids))
    return Rebuilt(package, replace(about, rebuilt_from=Path(report.path).name))


class _Rebuild:
    """Writes one workbook; ``places`` then says where each cell has gone."""

    def __init__(self, book: Book, binding: Binding, faces: Mapping[str, Face]):
        self.book, self.binding, self.faces = book, binding, faces
        self.indexes = {one.form.prefix: one for one in indexes(binding.template)}
        self.laid: list[tuple[str, FormSheet]] = []
        self.places: dict[tuple[str, int, int], tuple[str, int, int]] = {}

    def written(self) -> bytes:
        out = NewBook(Path(self.book.path).name)
        self._forms(out)
        left = []
        for grid in self.book.grids:
            if any(form.sheet == grid.sheet for form in self.binding.forms):
                left += list(self._left(form_part(grid)))
            elif grid.cells and not _is_ours(grid):
                name = out.name(grid.sheet)
                out.copied(name, grid)
                self.places.update({(grid.sheet, *at): (name, *at) for at in grid.cells})
        if left:
            out.rest(left)
        for row, (sheet, cell) in enumerate(left, FIRST_OF_REST):
            self.places[sheet, cell.row, cell.col] = (REST, row, _CONTENT_COLUMN)
        return out.made()

    def _forms(self, out: NewBook) -> None:
        """The forms, in the order they came in; ``laid`` keeps the binding's own order."""
        forms = self.binding.forms
        made: dict[int, tuple[str, FormSheet]] = {}
        for grid in self.book.grids:
            on = [at for at, form in enumerate(forms) if form.sheet == grid.sheet]
            on.sort(key=lambda at: (forms[at].region.top, forms[at].region.left))
            if not on:
                continue
            grid = form_part(grid)
            areas = extents(grid, [forms[at] for at in on], self.faces)
            for at, area in zip(on, areas, strict=True):
                name = out.name(self._wanted(forms[at]), forms[at].form.sheet)
                made[at] = name, self._form(forms[at], filled_in(grid, area))
                out.form(*made[at])
                places = made[at][1].places
                self.places.update({(grid.sheet, *old): (name, *places[old]) for old in places})
        self.laid = [made[at] for at in range(len(forms))]

    def _form(self, form: FormBinding, cells: Mapping[tuple[int, int], Cell]) -> FormSheet:
        prefix, binary = form.form.prefix, self.book.kind == _BINARY
        return lay_out(self.faces[prefix], self.indexes[prefix], form, cells, binary)

    def _wanted(self, form: FormBinding) -> str:
        """The sheet's own name where it held one form; a table of text has none."""
        alone = sum(other.sheet == form.sheet for other in self.binding.forms) == 1
        return form.sheet if alone and self.book.kind != _TEXT_TABLE else form.form.sheet

    def _left(self, grid: Grid) -> Iterator[Left]:
        """The cells of a sheet with forms that no form has a place for.

        A label that is on the rebuilt forms already is no loss, nor is a category that the
        template printed and no row was written to.
        """
        own = [sheet for _, sheet in self.laid if sheet.form.sheet == grid.sheet]
        printed = {fold(str(c.value)) for sheet in own for c in sheet.cells if not c.entry}
        printed |= {fold(box.text) for sheet in own for box in sheet.face.layout.boxes if box.field}
        for at, cell in sorted(grid.cells.items()):
            if (grid.sheet, *at) in self.places or not is_filled(cell):
                continue
            text = fold(str(cell.value))
            if text not in printed and not is_blank(text):
                yield Left(grid.sheet, cell)


def _is_ours(grid: Grid) -> bool:
    """A sheet that a template or a check brought along, not the unit."""
    hidden = not grid.visible and grid.sheet.startswith("_")
    return hidden or grid.sheet.startswith(OURS)
