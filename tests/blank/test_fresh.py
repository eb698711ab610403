"""A blank that was just made, prefilled or not, finds nothing wrong with itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfxl import cli
from perfxl.package import read_book
from perfxl.template import available
from perfxl.template.live import EMPTY, FAILED
from tests.clients import convert, needs_soffice

TEMPLATES = sorted(path.stem for path in available())


@pytest.mark.slow
@needs_soffice
@pytest.mark.parametrize("template", TEMPLATES)
def test_what_the_bureau_fills_in_breaks_no_rule(
    template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    assert cli.run(["blank", template, "--example", "-q"]) == 0
    (roster,) = tmp_path.glob("*.xlsx")
    assert cli.run(["blank", template, "--units", str(roster), "-o", "out", "-q"]) == 0
    blanks = list((tmp_path / "out").iterdir())
    assert len(blanks) == 2
    for blank in blanks:
        book = read_book(convert(blank, "xlsx", tmp_path / "opened"))
        marks: dict[object, list[str]] = {}
        for grid in book.grids:
            for cell in grid.cells.values():
                marks.setdefault(cell.value, []).append(f"{grid.sheet}!{cell.address}")
        assert marks[EMPTY] and marks.get(FAILED, []) == []
