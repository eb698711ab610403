"""Odd workbooks of the world, marked through the package layer: nothing else changes in them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from perfxl.model import a1
from perfxl.package import open_package, read_book
from perfxl.package.newsheet import NewCell, NewSheet
from perfxl.package.patch import Patch
from tests.clients import needs_soffice, recalculate
from tests.lossless import readers
from tests.lossless.judge import Cells, Comparison, as_parts, members
from tests.lossless.sound import unsound
from tests.lossless.trial import merged
from tests.test_corpus import CORPUS, FILES

READ = [entry for entry in FILES if entry["expect"] == "read" and entry["kind"] in ("xlsx", "xlsm")]
MARKS = 20
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not READ, reason="the corpus of odd workbooks is not beside the project"),
]


def chosen(source: Path) -> list[tuple[str, int, int]]:
    """Some twenty cells of the workbook: cells that hold something, and one beyond them."""
    grids = [grid for grid in read_book(source).grids]
    held = [(grid.sheet, *grid.anchor(*at)) for grid in grids for at in sorted(grid.cells)]
    step = max(1, len(held) // MARKS)
    beyond = [(g.sheet, g.extent.bottom + 3, g.extent.right + 2) for g in grids[:2]]
    return [*dict.fromkeys(held[::step][:MARKS]), *beyond]


def marked(source: Path, target: Path) -> dict[str, Cells]:
    """Fills, notes and links on those cells and a sheet more; the marked cells by sheet."""
    patch = Patch(open_package(source))
    name = patch.add_sheet(NewSheet("校验结果", [[NewCell("要点")]]))
    held = {grid.sheet: grid.cells for grid in read_book(source).grids}
    found: dict[str, Cells] = {}
    for number, (sheet, row, col) in enumerate(chosen(source)):
        patch.fill(sheet, row, col, ("FFC7CE", "FFEB9C", "DDEBF7")[number % 3])
        patch.note(sheet, row, col, f"perfxl 校验\n第 {number} 处\n（规则 C301）")
        if (row, col) in held[sheet]:
            patch.link(sheet, row, col, name, "A1")
        found.setdefault(sheet, set()).update(merged(source, sheet, a1(row, col)))
    patch.save(target)
    return found


@pytest.mark.parametrize("entry", READ, ids=lambda entry: entry["file"])
def test_marks_change_nothing_else(entry: dict[str, Any], tmp_path: Path) -> None:
    source = CORPUS / entry["file"]
    copy = tmp_path / source.name
    cells = marked(source, copy)
    before, after = as_parts(members(source)), as_parts(members(copy))
    objections = unsound(before)
    wrong = Comparison(before, after, cells).judge(recalculated=False)
    wrong += [said for said in unsound(after) if said not in objections]
    assert wrong == []
    for look in (readers.by_perfxl, readers.by_calamine, readers.by_openpyxl, readers.looks):
        try:
            seen = look(source)
        except Exception as error:
            # perfxl must read them all; the others need only open what they could open.
            assert look is not readers.by_perfxl, error
            continue
        now = look(copy)
        assert {at for at in seen if not readers.alike(seen[at], now.get(at))} == set()
        assert {at[0] for at in now.keys() - seen.keys()} <= {"校验结果", *cells}


@needs_soffice
def test_libreoffice_opens_the_marked_ones_that_it_could_open_before(tmp_path: Path) -> None:
    short = {tmp_path / f"before{n}{Path(e['file']).suffix}": e for n, e in enumerate(READ)}
    copies = {path: path.with_name(path.name.replace("before", "after")) for path in short}
    for path, entry in short.items():
        shutil.copyfile(CORPUS / entry["file"], path)
        marked(path, copies[path])
    opened = recalculate([*copies, *copies.values()], tmp_path / "anew")
    could = [path for path in copies if path in opened]
    assert len(could) > len(READ) // 2
    assert [short[path]["file"] for path in could if copies[path] not in opened] == []
