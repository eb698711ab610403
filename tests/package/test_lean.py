"""A sheet in fewer words has the same cells, formulas and results."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.formula.translate import Translator

from perfxl.package import read_book
from perfxl.package.lean import lean
from tests.clients import convert, needs_soffice
from tests.package.samples import handmade, sheet

LIKE = ('IF($A{row}<1,"",A{row}&"A1!{{")', "SUM(A$1:$A{row})*B{next}", "LOOKUP(A{row},名.称)")
UNLIKE = ("'表'!A{row}*2", "SUM({{1,2}})+A{row}", "SUM(A{row}:INDEX(A:A,{row}))", "A{row}+#REF!")


def rows(formula: str, count: int, first: int = 3) -> str:
    """Rows with a number, and the formula in column C."""
    made = ""
    for row in range(first, first + count):
        text = formula.format(row=row, next=row + 1)
        text = text.replace("&", "&amp;").replace("<", "&lt;")
        made += f'<row r="{row}" spans="1:3"><c r="A{row}"><v>{row}</v></c>'
        made += f'<c r="C{row}" s="0" t="str"><f>{text}</f><v></v></c></row>'
    return made


def formulas(xml: bytes, folder: Path) -> dict[str, str | None]:
    path = handmade(folder / "表.xlsx", xml.decode())
    (grid, *_) = read_book(path).grids
    return {cell.address: cell.formula for cell in grid.cells.values()}


@pytest.mark.parametrize("formula", LIKE)
def test_formulas_that_differ_in_their_row_alone_are_shared(formula: str, tmp_path: Path):
    xml = sheet(rows(formula, 9)).encode()
    made = lean(xml)
    assert made.count(b't="shared"') == 9 and made.count(b'ref="C3:C11"') == 1
    assert formulas(made, tmp_path) == formulas(xml, tmp_path)
    assert len(made) < len(xml)


@pytest.mark.parametrize("formula", UNLIKE)
def test_what_excel_never_shares_stays_as_it_is(formula: str):
    assert b"shared" not in lean(sheet(rows(formula, 9)).encode())


def test_a_few_formulas_are_not_worth_it_and_other_shapes_stand_apart(tmp_path: Path):
    assert b"shared" not in lean(sheet(rows(LIKE[0], 5)).encode())
    xml = sheet(rows(LIKE[0], 7) + rows(LIKE[1], 3, 10) + rows(LIKE[0], 2, 13)).encode()
    made = lean(xml)
    assert made.count(b't="shared"') == 9 and b'ref="C3:C14"' in made
    assert formulas(made, tmp_path) == formulas(xml, tmp_path)


def test_formulas_that_are_shared_already_keep_their_numbers(tmp_path: Path):
    old = '<row r="1"><c r="D1"><f t="shared" ref="D1:E1" si="4">A1+1</f></c>'
    old += '<c r="E1"><f t="shared" si="4"/></c></row>'
    made = lean(sheet(old + rows(LIKE[0], 6)).encode())
    assert {int(number) for number in re.findall(rb'si="(\d+)"', made)} == {4, 5}
    assert formulas(made, tmp_path)["E1"] == "B1+1"


def test_empty_results_and_hints_of_width_go_and_nothing_else(tmp_path: Path):
    xml = sheet(rows(LIKE[0], 2)).encode()
    made = lean(xml)
    assert b"<v></v>" not in made and b"spans" not in made and b't="str"' not in made
    assert made == xml.replace(b"<v></v>", b"").replace(b' spans="1:3"', b"").replace(
        b' t="str"', b""
    )
    assert lean(made) == made


@given(
    st.lists(
        st.sampled_from(["A{row}", "$A{row}", "A$1", "B{next}", '"A1"', "SUM(A1:A{row})", "1"]),
        min_size=1,
        max_size=4,
    ),
    st.integers(6, 12),
)
def test_any_column_reads_the_same(parts: list[str], count: int):
    xml = sheet(rows("+".join(parts), count)).encode()
    made = lean(xml)
    assert _followed(made) == _followed(xml)


def _followed(xml: bytes) -> list[str]:
    """The formula of each cell in column C, as openpyxl carries shared ones along."""
    masters: dict[bytes, tuple[str, str]] = {}
    found = []
    for cell in re.finditer(rb'<c r="(C\d+)"[^>]*>(<f[^>]*?(?:/>|>[^<]*</f>))', xml):
        at, group = cell[1].decode(), re.search(rb'si="(\d+)"', cell[2])
        text = re.sub(rb"<[^>]*>", b"", cell[2]).decode()
        if group and text:
            masters[group[1]] = (text, at)
        elif group:
            source, origin = masters[group[1]]
            text = Translator(f"={source}", origin).translate_formula(at)[1:]
        found.append(text)
    return found


@needs_soffice
def test_libreoffice_works_them_out_as_before(tmp_path: Path):
    results = []
    for name, made in (("前", lambda xml: xml), ("后", lean)):
        (tmp_path / name).mkdir()
        xml = made(sheet(rows(LIKE[1], 8)).encode())
        path = handmade(tmp_path / f"{name}.xlsx", xml.decode())
        (grid, *_) = read_book(convert(path, "xlsx", tmp_path / name)).grids
        results.append({cell.address: cell.value for cell in grid.cells.values()})
    assert results[0] == results[1] and len(results[0]) == 16
