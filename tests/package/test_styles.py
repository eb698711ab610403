"""styles.xml: a cell's own format is derived from, appended to, never renumbered."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from perfxl.errors import LimitExceeded
from perfxl.package import open_package
from perfxl.package.looks import Look
from perfxl.package.patch import Patch
from perfxl.package.stylesheet import Stylesheet
from tests.package.samples import (
    MAIN,
    STRICT,
    STYLES,
    changed,
    form,
    handmade,
    loaded,
    parts,
    sheet,
    sheet_text,
)

RED = "FFC7CE"


def test_a_fill_keeps_font_border_format_alignment_and_protection(tmp_path: Path) -> None:
    source = handmade(tmp_path / "a.xlsx", sheet('<row r="1"><c r="A1" s="1"><v>1</v></c></row>'))
    patch = Patch(open_package(source))
    patch.fill("表", 1, 1, RED)
    patch.save(tmp_path / "b.xlsx")
    was, now = loaded(source)["表"]["A1"], loaded(tmp_path / "b.xlsx")["表"]["A1"]
    assert now.fill.fgColor.rgb == "FF" + RED and now.fill.patternType == "solid"
    for what in ("font", "border", "number_format", "alignment", "protection"):
        assert str(getattr(now, what)) == str(getattr(was, what)), what


def test_a_fill_changes_no_other_cell_of_the_same_format(tmp_path: Path) -> None:
    source = form(tmp_path / "a.xlsx")
    patch = Patch(open_package(source))
    patch.fill("附件3", 4, 3, RED)
    patch.save(tmp_path / "b.xlsx")
    filled = [
        (page.title, cell.coordinate)
        for page in loaded(tmp_path / "b.xlsx").worksheets
        for row in page.iter_rows()
        for cell in row
        if cell.fill.patternType
    ]
    assert filled == [("附件3", "C4")]


def test_what_was_in_styles_stays_and_counts_are_right() -> None:
    styles = Stylesheet(STYLES.encode())
    assert styles.derive(1, fill=RED) == 4
    assert styles.derive(1, fill=RED) == 4
    assert styles.derive(0, fill=RED) == 5
    now = styles.result().decode()
    fill = (
        '<fill><patternFill patternType="solid"><fgColor rgb="FFFFC7CE"/>'
        '<bgColor indexed="64"/></patternFill></fill>'
    )
    first = (
        '<xf numFmtId="10" fontId="1" fillId="2" borderId="1" xfId="0" applyFont="1"'
        ' applyFill="1"><alignment horizontal="center" wrapText="1"/>'
        '<protection locked="0"/></xf>'
    )
    second = '<xf numFmtId="0" fontId="0" fillId="2" borderId="0" xfId="0" applyFill="1"/>'
    assert now.count(fill) == now.count(first) == now.count(second) == 1
    restored = now.replace(fill, "").replace(first + second, "")
    restored = restored.replace('<fills count="3">', '<fills count="2">')
    assert restored.replace('<cellXfs count="6">', '<cellXfs count="4">') == STYLES


def test_numbers_in_text_cells_become_numbers(tmp_path: Path) -> None:
    source = handmade(
        tmp_path / "a.xlsx",
        sheet(
            '<row r="1"><c r="A1" s="2"/><c r="B1" s="3"/><c r="C1" s="1"/><c r="D1" s="2"/></row>'
        ),
    )
    patch = Patch(open_package(source))
    for col, code in ((1, "0.000%"), (2, "0.000%"), (3, "0.000%"), (4, None)):
        patch.number("表", 1, col, 0.5, None, code)
    patch.save(tmp_path / "b.xlsx")
    page = loaded(tmp_path / "b.xlsx")["表"]
    shown = [page.cell(1, col).number_format for col in (1, 2, 3, 4)]
    assert shown == ["0.000%", "0.000%", "0.00%", "General"]
    assert not page["A1"].quotePrefix and page["B1"].font.name == "黑体"


def test_custom_formats_get_numbers_of_their_own() -> None:
    own = '<numFmts count="1"><numFmt numFmtId="176" formatCode="0.0_ "/></numFmts>'
    styles = Stylesheet(STYLES.replace("<fonts", own + "<fonts", 1).encode())
    styles.derive(0, number_format="0.000")
    styles.derive(0, number_format="0.0000")
    styles.derive(0, number_format="0.0_ ")
    now = styles.result().decode()
    assert '<numFmts count="3"><numFmt numFmtId="176" formatCode="0.0_ "/>' in now
    assert '<numFmt numFmtId="177" formatCode="0.000"/>' in now
    assert '<numFmt numFmtId="178" formatCode="0.0000"/></numFmts>' in now
    assert re.findall(r'numFmtId="(\d+)"[^>]*applyNumberFormat', now) == ["177", "178", "176"]


def test_a_workbook_without_styles_gets_them(tmp_path: Path) -> None:
    source = handmade(
        tmp_path / "a.xlsx", sheet('<row r="1"><c r="A1"><v>1</v></c></row>'), styles=None
    )
    patch = Patch(open_package(source))
    patch.fill("表", 1, 1, RED)
    patch.save(tmp_path / "b.xlsx")
    assert changed(source, tmp_path / "b.xlsx") == {
        "[Content_Types].xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/worksheets/sheet1.xml",
    }
    assert loaded(tmp_path / "b.xlsx")["表"]["A1"].fill.fgColor.rgb == "FF" + RED


def test_sections_that_are_missing_are_made_in_order() -> None:
    bare = f'<x:styleSheet xmlns:x="{MAIN}"><x:dxfs/><x:colors/></x:styleSheet>'
    styles = Stylesheet(bare.encode())
    index = styles.derive(0, fill=RED)
    now = styles.result().decode()
    assert re.findall(r"<x:(\w+) count", now) == ["fills", "cellXfs"]
    assert (index, now.index("<x:cellXfs") < now.index("<x:dxfs/>")) == (1, True)
    assert now.count("<x:fill>") == 3 and 'fillId="2"' in now


def test_sections_that_are_missing_at_one_place_are_in_order_too() -> None:
    bare = f'<styleSheet xmlns="{MAIN}"><cellXfs count="1"><xf/></cellXfs></styleSheet>'
    styles = Stylesheet(bare.encode())
    styles.derive(0, fill=RED)
    styles.look(Look(bold=True, border="thin", number_format="0.000"))
    now = styles.result().decode()
    order = ["numFmts", "fonts", "fills", "borders", "cellXfs"]
    assert re.findall(r"<(\w+) count", now) == order
    # There is no style that a format could be based on.
    assert "xfId" not in now


def test_a_format_that_styles_do_not_have_counts_as_plain() -> None:
    styles = Stylesheet(STYLES.encode())
    assert styles.number_format(99) == "General"
    assert styles.derive(99, fill=RED) == 4


def test_looks_are_entered_once_and_use_the_workbooks_font() -> None:
    styles = Stylesheet(STYLES.encode())
    head = Look(bold=True, color="C00000", border="thin", wrap=True, horizontal="center")
    assert styles.look(head) == styles.look(head) == 4
    assert styles.look(Look()) == 5
    now = styles.result().decode()
    assert '<font><b/><sz val="11"/><color rgb="FFC00000"/><name val="等线"/></font>' in now
    assert '<alignment horizontal="center" wrapText="1"/>' in now
    assert '<cellXfs count="6">' in now


def test_too_many_formats_are_refused_with_the_limit() -> None:
    many = "".join(f'<xf numFmtId="{number}"/>' for number in range(64_000))
    text = f'<styleSheet xmlns="{STRICT}"><cellXfs>{many}</cellXfs></styleSheet>'
    with pytest.raises(LimitExceeded, match="64000"):
        Stylesheet(text.encode()).derive(1, fill=RED)


def test_a_colour_that_is_none_is_refused_at_once(tmp_path: Path) -> None:
    patch = Patch(open_package(form(tmp_path / "a.xlsx")))
    with pytest.raises(ValueError, match="red"):
        patch.fill("附件3", 1, 1, "red")


def test_cells_in_sheets_refer_to_the_derived_format(tmp_path: Path) -> None:
    source = form(tmp_path / "a.xlsx")
    patch = Patch(open_package(source))
    patch.fill("基础数据表", 4, 5, RED)
    patch.fill("附件3", 4, 5, RED)
    patch.save(tmp_path / "b.xlsx")
    found = {
        re.search(r'<c r="E4" s="(\d+)"', sheet_text(tmp_path / "b.xlsx", name))[1]  # type: ignore[index]
        for name in parts(source)
        if name.startswith("xl/worksheets/sheet")
    }
    assert len(found) == 1
