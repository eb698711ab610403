"""Sheet XML: cells, rows and links are spliced in and everything around them is kept."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.errors import DamagedWorkbook
from perfxl.model import ExcelError, Scalar
from perfxl.package import book_of, open_package
from perfxl.package.bookpart import BookPart
from perfxl.package.cells import CachedResult, CellEdit, Number, Text, cells_of
from perfxl.package.elements import set_attributes
from perfxl.package.patch import Patch
from perfxl.package.splice import Sheet
from perfxl.package.strings import unescape
from perfxl.package.stylesheet import Stylesheet
from tests.package.samples import MAIN, STRICT, handmade, loaded, parts, sheet, sheet_text, values

RED = "FFC7CE"


def spliced(text: str | bytes, **edits: CellEdit) -> str:
    """The sheet part after edits to cells of column A to Z, by address."""
    part = Sheet(text if isinstance(text, bytes) else text.encode())
    at = {(int(address[1:]), ord(address[0]) - 64): edit for address, edit in edits.items()}
    part.apply(at, Stylesheet(None))
    return part.markup.result().decode()


def rows_of(text: str) -> str:
    return text.partition("<sheetData>")[2].partition("</sheetData>")[0]


def test_a_missing_cell_goes_between_its_neighbours() -> None:
    was = sheet('<row r="2" spans="1:3" ht="20"><c r="A2"/><c r="C2"><v>1</v></c></row>')
    now = spliced(was, B2=CellEdit(fill=RED), Z2=CellEdit(fill=RED))
    assert rows_of(now) == (
        '<row r="2" spans="1:26" ht="20"><c r="A2"/><c r="B2" s="1"/>'
        '<c r="C2"><v>1</v></c><c r="Z2" s="1"/></row>'
    )


def test_missing_rows_go_between_theirs() -> None:
    now = spliced(
        sheet('<row r="2"/><row r="5" hidden="1"><c r="A5"/></row>'),
        A1=CellEdit(fill=RED), A4=CellEdit(fill=RED), B3=CellEdit(fill=RED), A9=CellEdit(fill=RED),
    )  # fmt: skip
    assert rows_of(now) == (
        '<row r="1"><c r="A1" s="1"/></row><row r="2"/><row r="3"><c r="B3" s="1"/></row>'
        '<row r="4"><c r="A4" s="1"/></row><row r="5" hidden="1"><c r="A5"/></row>'
        '<row r="9"><c r="A9" s="1"/></row>'
    )


def test_empty_rows_and_empty_sheets_are_opened() -> None:
    assert rows_of(spliced(sheet('<row r="2" ht="9"/>'), B2=CellEdit(fill=RED))) == (
        '<row r="2" ht="9"><c r="B2" s="1"/></row>'
    )
    empty = f'<worksheet xmlns="{MAIN}"><sheetData /></worksheet>'
    assert '<sheetData ><row r="7"><c r="A7" s="1"/></row></sheetData>' in spliced(
        empty, A7=CellEdit(fill=RED)
    )


def test_rows_and_cells_without_address_are_counted() -> None:
    now = spliced(sheet("<row><c/></row><row><c/><c><v>2</v></c></row>"), B2=CellEdit(fill=RED))
    assert rows_of(now) == '<row><c/></row><row><c/><c s="1"><v>2</v></c></row>'


def test_new_cells_take_the_format_of_row_or_column(tmp_path: Path) -> None:
    source = handmade(
        tmp_path / "a.xlsx",
        sheet('<row r="1" s="1" customFormat="1"/>',
              '<cols><col min="2" max="3" width="9" style="3"/></cols>'),
    )  # fmt: skip
    patch = Patch(open_package(source))
    for at in ((1, 1), (2, 3), (2, 4)):
        patch.fill("表", *at, RED)
    patch.save(tmp_path / "b.xlsx")
    page = loaded(tmp_path / "b.xlsx")["表"]
    assert [page[c].font.name for c in ("A1", "C2", "D2")] == ["黑体", "黑体", "等线"]
    assert page["A1"].number_format == "0.00%"


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A1" t="s"><v>0</v></c>',
        '<c r="A1" t="inlineStr"><is><t>89.05%</t></is></c>',
        '<c r="A1" t="str" cm="1" vm="2"><f t="array" ref="A1">1</f><v>x</v></c>',
        '<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
        '<c r="A1"/>',
    ],
)
def test_a_number_replaces_whatever_the_cell_held(cell: str) -> None:
    now = spliced(sheet(f'<row r="1">{cell}</row>'), A1=CellEdit(change=Number(0.9805, "B1&C1<2")))
    assert rows_of(now) == ('<row r="1"><c r="A1"><f>B1&amp;C1&lt;2</f><v>0.9805</v></c></row>')


def test_extensions_of_a_cell_are_kept() -> None:
    extra = '<extLst><ext uri="{1}"><a xmlns="u"/></ext></extLst>'
    now = spliced(
        sheet(f'<row r="1"><c r="A1"><v>1</v>{extra}</c></row>'), A1=CellEdit(change=Number(2))
    )
    assert rows_of(now) == f'<row r="1"><c r="A1"><v>2</v>{extra}</c></row>'


@given(st.text(max_size=60))
def test_any_text_comes_back_as_it_was_and_never_as_a_formula(text: str) -> None:
    now = spliced(sheet('<row r="1"><c r="A1"><f>1</f></c></row>'), A1=CellEdit(change=Text(text)))
    cell = ElementTree.fromstring(now).find(f".//{{{MAIN}}}c")
    assert cell is not None and cell.find(f"{{{MAIN}}}f") is None
    read = unescape(cell.findtext(f"{{{MAIN}}}is/{{{MAIN}}}t", ""))
    assert read == text.replace("\r\n", "\n")


def test_prefixed_sheets_get_prefixed_cells() -> None:
    was = sheet('<row r="1"><c r="A1"/></row>', prefix="x:")
    now = spliced(was, A1=CellEdit(fill=RED), B1=CellEdit(change=Text("说明")))
    assert '<x:c r="A1" s="1"/>' in now
    assert '<x:c r="B1" t="inlineStr"><x:is><x:t>说明</x:t></x:is></x:c>' in now


def test_what_looks_like_cells_in_comments_and_cdata_is_no_cell() -> None:
    hidden = (
        '<!-- <row r="1"><c r="A1"/></row> --><row r="1"><c r="A1" t="str">'
        '<f><![CDATA[IF("<c r=\'B1\'>"="",1)]]></f></c></row>'
    )
    now = spliced(sheet(hidden), A1=CellEdit(fill=RED), B1=CellEdit(fill=RED))
    assert rows_of(now) == hidden.replace('t="str">', 't="str" s="1">').replace(
        "</f></c></row>", '</f></c><c r="B1" s="1"/></row>'
    )


def test_utf16_sheets_stay_utf16() -> None:
    text = sheet('<row r="1"><c r="A1" t="str"><v>指标</v></c></row>').replace("UTF-8", "UTF-16")
    part = Sheet(b"\xff\xfe" + text.encode("utf-16-le"))
    part.apply({(1, 2): CellEdit(change=Text("说明"))}, Stylesheet(None))
    now = part.markup.result().decode("utf-16")
    assert now == text.replace(
        "</c></row>", '</c><c r="B1" t="inlineStr"><is><t>说明</t></is></c></row>'
    )


@pytest.mark.parametrize("number", ["9" * 5000, "²", "-1"])
def test_a_cell_that_points_at_no_text_is_named(tmp_path: Path, number: str) -> None:
    row = f'<row r="1"><c r="A1" t="s"><v>{number}</v></c></row>'
    with pytest.raises(DamagedWorkbook, match="A1"):
        book_of(open_package(handmade(tmp_path / "a.xlsx", sheet(row))))


def test_sheets_and_names_with_endless_numbers_count_for_none() -> None:
    many = "9" * 5000
    part = (
        f'<workbook xmlns="{MAIN}"><bookViews><workbookView activeTab="{many}"/></bookViews>'
        f'<sheets><sheet name="表" sheetId="{many}"/><sheet name="二" sheetId="7"/></sheets>'
        f'<definedNames><definedName name="甲" localSheetId="{many}">1</definedName>'
        "</definedNames></workbook>"
    )
    book = BookPart(part.encode(), strict=False)
    assert book.add_sheet("结果", "rId9") == 2
    book.drop_sheet(1)
    assert b' sheetId="8"' in book.result() and b"<definedName " in book.result()


def test_a_tag_of_letters_without_end_is_read_once() -> None:
    tag = b"<c " + b"r" * 10**6 + b">"
    assert set_attributes(tag, s=3) == tag[:-1] + b' s="3">'


def test_malformed_sheets_are_refused_not_patched() -> None:
    with pytest.raises(DamagedWorkbook):
        spliced(sheet('<row r="1"><c r="A1"><v>1</c></row>'), A1=CellEdit(fill=RED))


def test_of_a_merged_area_only_the_cell_that_decides_its_look_is_filled() -> None:
    rows = '<row r="1"><c r="A1"/><c r="B1"/><c r="C1"/></row><row r="2"><c r="A2"/></row>'
    merges = '<mergeCells count="1"><mergeCell ref="A1:B9"/></mergeCells>'
    now = spliced(sheet(rows, after=merges), A1=CellEdit(fill=RED))
    assert rows_of(now) == (
        '<row r="1"><c r="A1" s="1"/><c r="B1"/><c r="C1"/></row><row r="2"><c r="A2"/></row>'
    )


SHARED = (
    '<row r="1"><c r="A1"><f t="shared" ref="A1:A3" si="0">B1*$C$1+SUM(B$1:B1)</f>'
    "<v>1</v></c></row>"
    '<row r="2"><c r="A2"><f t="shared" si="0"/><v>2</v></c></row>'
    '<row r="3"><c r="A3"><f t="shared" si="0"/><v>3</v></c></row>'
)


def test_followers_of_an_overwritten_shared_formula_get_their_own() -> None:
    now = spliced(sheet(SHARED), A1=CellEdit(change=Number(9)), A3=CellEdit(fill=RED))
    assert rows_of(now) == (
        '<row r="1"><c r="A1"><v>9</v></c></row>'
        '<row r="2"><c r="A2"><f>B2*$C$1+SUM(B$1:B2)</f><v>2</v></c></row>'
        '<row r="3"><c r="A3" s="1"><f>B3*$C$1+SUM(B$1:B3)</f><v>3</v></c></row>'
    )


def test_a_follower_that_is_overwritten_too_needs_none() -> None:
    new = CellEdit(change=Number(9))
    now = rows_of(spliced(sheet(SHARED), A1=new, A2=new))
    assert now.startswith(
        '<row r="1"><c r="A1"><v>9</v></c></row><row r="2"><c r="A2"><v>9</v></c></row>'
    )
    assert "<f>B3*$C$1+SUM(B$1:B3)</f>" in now


def test_a_follower_that_is_overwritten_leaves_the_others_shared() -> None:
    now = spliced(sheet(SHARED), A2=CellEdit(change=Number(5, "1+1")))
    assert rows_of(now) == rows_of(sheet(SHARED)).replace(
        '<f t="shared" si="0"/><v>2</v>', "<f>1+1</f><v>5</v>"
    )


def test_array_cells_can_be_marked_but_not_changed(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1"><f t="array" ref="A1:A2">B1:B2</f><v>1</v></c>'
        '<c r="B1"><f t="array" ref="B1">1</f><v>1</v></c></row>'
        '<row r="2"><c r="A2"><v>2</v></c></row>'
    )
    source = handmade(tmp_path / "a.xlsx", sheet(rows))
    patch = Patch(open_package(source))
    assert not patch.number("表", 2, 1, 9)
    assert not patch.text("表", 1, 1, "x")
    assert patch.number("表", 1, 2, 9)
    patch.fill("表", 2, 1, RED)
    patch.save(tmp_path / "b.xlsx")
    now = sheet_text(tmp_path / "b.xlsx")
    assert '<f t="array" ref="A1:A2">B1:B2</f><v>1</v>' in now
    assert '<c r="A2" s="4"><v>2</v></c>' in now
    assert '<c r="B1"><v>9</v></c>' in now


def test_the_used_area_grows_with_new_cells() -> None:
    now = spliced(sheet("", '<dimension ref="B2:C3"/>'), A5=CellEdit(fill=RED))
    assert '<dimension ref="A2:C5"/>' in now


def test_links_and_drawings_go_where_the_schema_wants_them(tmp_path: Path) -> None:
    after = (
        '<dataValidations count="0"/><pageMargins left="1" right="1" top="1" bottom="1"'
        ' header="0" footer="0"/><drawing r:id="rId7"/><tableParts count="0"/>'
    )
    source = handmade(
        tmp_path / "a.xlsx", sheet('<row r="1"><c r="A1"><v>1</v></c></row>', after=after)
    )
    patch = Patch(open_package(source))
    assert patch.link("表", 1, 1, "表 '1'", "B2")
    patch.note("表", 1, 1, "说明")
    patch.save(tmp_path / "b.xlsx")
    assert sheet_text(tmp_path / "b.xlsx").partition("</sheetData>")[2] == (
        '<dataValidations count="0"/><hyperlinks><hyperlink ref="A1"'
        ' location="\'表 \'\'1\'\'\'!B2"/></hyperlinks><pageMargins left="1" right="1" top="1"'
        ' bottom="1" header="0" footer="0"/><drawing r:id="rId7"/>'
        '<legacyDrawing r:id="rId2"/><tableParts count="0"/></worksheet>'
    )


def test_a_cell_with_a_hyperlink_keeps_it(tmp_path: Path) -> None:
    links = '<hyperlinks><hyperlink ref="A1:B2" location="x"/></hyperlinks>'
    rows = '<row r="3"><c r="C3"><v>1</v></c></row>'
    source = handmade(tmp_path / "a.xlsx", sheet(rows, after=links))
    patch = Patch(open_package(source))
    assert not patch.link("表", 2, 2, "表", "A1")
    assert patch.link("表", 3, 3, "表", "A1")
    assert not patch.link("表", 3, 3, "表", "A9")
    patch.save(tmp_path / "b.xlsx")
    assert links.replace("</h", '<hyperlink ref="C3" location="\'表\'!A1"/></h', 1) in sheet_text(
        tmp_path / "b.xlsx"
    )


def test_what_alternate_content_wraps_decides_its_place(tmp_path: Path) -> None:
    controls = (
        '<mc:AlternateContent xmlns:mc="urn:mc"><mc:Choice Requires="x14"><controls/></mc:Choice>'
        "</mc:AlternateContent>"
    )
    source = handmade(tmp_path / "a.xlsx", sheet("", after=f"<pageMargins/>{controls}"))
    patch = Patch(open_package(source))
    patch.note("表", 1, 1, "说明")
    patch.save(tmp_path / "b.xlsx")
    assert f'<pageMargins/><legacyDrawing r:id="rId2"/>{controls}' in sheet_text(
        tmp_path / "b.xlsx"
    )


def test_a_result_without_a_formula_to_show_it_changes_nothing() -> None:
    was = sheet('<row r="1"><c r="A1"><v>1</v></c></row>')
    refreshed = CellEdit(change=CachedResult(5))
    assert spliced(was, A1=refreshed, B1=refreshed, A7=refreshed) == was


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (0.25, '<c r="A1"><f>B1</f><v>0.25</v></c>'),
        ("合格", '<c r="A1" t="str"><f>B1</f><v>合格</v></c>'),
        (True, '<c r="A1" t="b"><f>B1</f><v>1</v></c>'),
        (ExcelError.DIV0, '<c r="A1" t="e"><f>B1</f><v>#DIV/0!</v></c>'),
        (None, '<c r="A1"><f>B1</f></c>'),
    ],
)
def test_a_refreshed_result_has_the_type_of_its_value(value: Scalar, cell: str) -> None:
    was = sheet('<row r="1"><c r="A1" t="str"><f>B1</f><v>旧</v></c></row>')
    assert rows_of(spliced(was, A1=CellEdit(change=CachedResult(value)))) == (
        f'<row r="1">{cell}</row>'
    )


def test_strict_sheets_stay_strict() -> None:
    was = sheet('<row r="1"><c r="A1"/></row>').replace(MAIN, STRICT)
    now = spliced(was, A1=CellEdit(fill=RED))
    assert now == was.replace('<c r="A1"/>', '<c r="A1" s="1"/>')


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), max_size=12))
def test_filling_any_cells_keeps_rows_and_cells_in_order(cells: list[tuple[int, int]]) -> None:
    rows = '<row r="3"><c r="B3"/><c r="E3"/></row><row r="6"/><row r="8"><c r="H8"/></row>'
    part = Sheet(sheet(rows).encode())
    part.apply({at: CellEdit(fill=RED) for at in cells}, Stylesheet(None))
    again = Sheet(part.markup.result())
    numbers = [row.number for row in again.rows]
    assert numbers == sorted({3, 6, 8} | {row for row, _ in cells})
    for row in again.rows:
        columns = [cell.col for cell in cells_of(again.markup, again.row_element(row))]
        assert columns == sorted(set(columns))


def test_text_with_spaces_escapes_and_control_characters_survives(tmp_path: Path) -> None:
    texts = ["=1+1", " 前后空格 ", "a<b>&\"'", "_x000A_", "两\n行", "\x0b", "𠮷", "+86", "@x"]
    source = handmade(tmp_path / "a.xlsx", sheet(""))
    patch = Patch(open_package(source))
    for row, text in enumerate(texts, 1):
        patch.text("表", row, 1, text)
    patch.save(tmp_path / "b.xlsx")
    assert [row[0] for row in values(tmp_path / "b.xlsx")["表"]] == texts
    assert "<f>" not in sheet_text(tmp_path / "b.xlsx")
    assert "xl/sharedStrings.xml" not in parts(tmp_path / "b.xlsx")
