"""What the cells of a sheet hold, as a Grid."""

from __future__ import annotations

import json
import time
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.formula.translate import Translator

from perfxl.errors import DamagedWorkbook, PerfxlError
from perfxl.model import Cell, DefinedName, ExcelError, Range, a1
from perfxl.package import read_book
from perfxl.package.shared import SharedFormula
from tests.package.conftest import (
    MAIN,
    OFFICE,
    ONE_SHEET,
    link,
    links,
    minimal,
    strings,
    workbook_part,
)

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"


def row(cells: str) -> str:
    return f'<sheetData><row r="1">{cells}</row></sheetData>'


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("<c><v>12</v></c>", 12),
        ("<c><v>-12</v></c>", -12),
        ("<c><v>98.05</v></c>", 98.05),
        ("<c><v>0.98050000000000004</v></c>", 0.9805),
        ("<c><v>1.5E-3</v></c>", 0.0015),
        ("<c><v> 7 </v></c>", 7),
        ("<c><v>12345678901234567890</v></c>", 12345678901234567890.0),
        ('<c t="b"><v>1</v></c>', True),
        ('<c t="b"><v>0</v></c>', False),
        ('<c t="e"><v>#DIV/0!</v></c>', ExcelError.DIV0),
        ('<c t="e"><v>#N/A</v></c>', ExcelError.NA),
        ('<c t="e"><v>#BLOCKED!</v></c>', ExcelError.VALUE),
        ('<c t="str"><v>≤110.71 万元</v></c>', "≤110.71 万元"),
        ('<c t="str"><f>A2</f><v></v></c>', ""),
        ('<c t="inlineStr"><is><t>一次</t></is></c>', "一次"),
        ('<c t="inlineStr"><is><r><t>一</t></r><r><t>次</t></r></is></c>', "一次"),
        ('<c t="d"><v>2024-12-31</v></c>', 45657),
        ('<c t="d"><v>2024-12-31T18:00:00Z</v></c>', 45657.75),
        ('<c t="d"><v>1900-01-01</v></c>', 1),
        ('<c t="d"><v>去年底</v></c>', "去年底"),
        ('<c t="str"><v>上_x000D_下</v></c>', "上\r下"),
        ('<c t="str"><v>_x005F_x000D_</v></c>', "_x000D_"),
        ('<c t="str"><v>_xD83D__xDE00_</v></c>', "😀"),
        ('<c t="str"><v>_xD83D_</v></c>', "�"),
    ],
)
def test_each_kind_of_value_is_read(sheet, cell, value):
    found = sheet(row(cell)).cells[1, 1].value

    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("cell", ['<c s="1"/>', "<c><v/></c>", '<c t="s"><v></v></c>'])
def test_cells_that_hold_nothing_are_left_out(sheet, cell):
    assert not sheet(row(cell)).cells


@pytest.mark.parametrize(
    "cell",
    [
        "<c><v>1_000</v></c>",
        "<c><v>nan</v></c>",
        "<c><v>1e999</v></c>",
        "<c><v>１２</v></c>",
        '<c t="s"><v>1</v></c>',
        '<c t="s"><v>-1</v></c>',
        '<c t="?"><v>1</v></c>',
        '<c s="x"><v>1</v></c>',
    ],
)
def test_a_value_that_cannot_be_one_is_damage_at_a_named_part(sheet, cell):
    with pytest.raises(DamagedWorkbook, match=r"sheet1\.xml"):
        sheet(row(cell))


def test_rich_text_is_joined_without_its_phonetic_guide(sheet):
    text = (
        "<r><rPr><b/></rPr><t>全年</t></r><r><t xml:space='preserve'> 预算数</t></r>"
        "<rPh sb='0' eb='2'><t>quannian</t></rPh><phoneticPr fontId='1'/>"
    )
    grid = sheet(row('<c t="s"><v>0</v></c>'), sharedStrings=strings(text))

    assert grid.cells[1, 1].value == "全年 预算数"


def test_rows_and_cells_without_an_address_are_counted_on(sheet):
    grid = sheet(
        "<sheetData><row><c><v>1</v></c><c/><c><v>3</v></c></row>"
        '<row r="5"><c r="D5"><v>4</v></c><c><v>5</v></c></row>'
        "<row><c><v>6</v></c></row></sheetData>"
    )

    assert {a1(*at): cell.value for at, cell in grid.cells.items()} == {
        "A1": 1, "C1": 3, "D5": 4, "E5": 5, "A6": 6,
    }  # fmt: skip


def test_rows_out_of_order_and_a_wrong_dimension_do_not_matter(sheet):
    grid = sheet(
        '<dimension ref="A1:A1"/><sheetData><row r="9"><c r="B9"><v>9</v></c></row>'
        '<row r="2"><c r="$A$2"><v>2</v></c><c r="c2"><v>3</v></c></row></sheetData>'
    )

    assert {a1(*at) for at in grid.cells} == {"B9", "A2", "C2"}
    assert grid.extent == Range(1, 1, 9, 3)


def test_of_two_cells_at_one_address_the_last_wins(sheet):
    assert sheet(row('<c r="A1"><v>1</v></c><c r="A1"><v>2</v></c>')).cells[1, 1].value == 2


@pytest.mark.parametrize("reference", ["XFE1", "A1048577", "A0", "1", "AAAA1", ""])
def test_an_address_no_sheet_has_is_damage(sheet, reference):
    with pytest.raises(DamagedWorkbook):
        sheet(row(f'<c r="{reference}"><v>1</v></c>'))


def test_hidden_rows_columns_and_sheets_are_told(package_file, sheet):
    grid = sheet(
        '<cols><col min="2" max="3" hidden="1"/><col min="3" max="4" hidden="true"/>'
        '<col min="9" max="9" hidden="0"/></cols>'
        '<sheetData><row r="2" hidden="1"/><row r="3" hidden="0"/></sheetData>'
    )
    hidden = workbook_part('<sheet name="底稿" sheetId="1" state="hidden" r:id="rId1"/>')

    assert grid.hidden_columns == {2, 3, 4}
    assert grid.hidden_rows == {2}
    assert grid.visible
    assert not read_book(package_file({"xl/workbook.xml": hidden})).grids[0].visible


def test_merges_are_rectangles(sheet):
    grid = sheet(
        row('<c r="A1"><v>1</v></c><c r="D1"><v>1</v></c>')
        + '<mergeCells><mergeCell ref="A1:C2"/><mergeCell ref="E5"/></mergeCells>'
    )

    assert grid.merges == (Range(1, 1, 2, 3),)
    assert grid.at(1, 2) == grid.cells[1, 1]


def test_number_formats_are_resolved_to_codes(sheet):
    ids = (0, 10, 31, 57, 177, 999)
    styles = (
        f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="177" formatCode="0.00_ "/>'
        '</numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs>'
        + "".join(f'<xf numFmtId="{number}"/>' for number in ids)
        + "</cellXfs></styleSheet>"
    )
    cells = "".join(f'<c s="{n}"><v>1</v></c>' for n in range(7))
    grid = sheet(row(cells), styles=styles)

    assert [cell.number_format for cell in grid.row(1)] == [
        "General", "0.00%", 'yyyy"年"m"月"d"日"', 'yyyy"年"m"月"', "0.00_ ", "General", "General",
    ]  # fmt: skip
    assert [cell.style for cell in grid.row(1)] == list(range(7))


def test_without_a_styles_part_every_cell_is_general(sheet):
    assert sheet(row('<c s="3"><v>1</v></c>'), styles=None).cells[1, 1] == Cell(
        1, 1, 1, None, "General", 3
    )


def test_without_shared_strings_only_text_is_lost_and_that_is_damage(sheet):
    assert sheet(row("<c><v>1</v></c>"), sharedStrings=None).cells[1, 1].value == 1
    with pytest.raises(DamagedWorkbook, match="共享字符串"):
        sheet(row('<c t="s"><v>0</v></c>'), sharedStrings=None)


def test_formulas_keep_their_text_and_cached_value(sheet):
    grid = sheet(
        row(
            "<c><f>SUM(B1:C1)</f><v>5</v></c><c><f>=B2&amp;&quot;x&quot;</f></c>"
            '<c><f t="array" ref="C1:D1">B1:B2*2</f><v>4</v></c><c><v>6</v></c>'
        )
    )

    assert [(cell.value, cell.formula) for cell in grid.row(1)] == [
        (5, "SUM(B1:C1)"),
        (None, 'B2&"x"'),
        (4, "B1:B2*2"),
        (6, None),
    ]


@pytest.mark.parametrize("reverse", [False, True])
def test_a_shared_formula_reads_in_each_cell_as_its_own(sheet, reverse):
    rows = [
        '<row r="4"><c r="K4"><f t="shared" ref="K4:K6" si="0">G4/$E4*K$1</f><v>1</v></c></row>',
        '<row r="5"><c r="K5"><f t="shared" si="0"/><v>2</v></c></row>',
        '<row r="6"><c r="K6"><f t="shared" si="0"></f></c></row>',
    ]
    grid = sheet(f"<sheetData>{''.join(rows[::-1] if reverse else rows)}</sheetData>")

    assert {cell.address: cell.formula for cell in grid.cells.values()} == {
        "K4": "G4/$E4*K$1",
        "K5": "G5/$E5*K$1",
        "K6": "G6/$E6*K$1",
    }


def test_a_follower_whose_first_cell_is_lost_keeps_its_value(sheet):
    grid = sheet(row('<c><f t="shared" si="3"/><v>5</v></c><c><f t="shared" si="3"/></c>'))

    assert [(cell.value, cell.formula) for cell in grid.cells.values()] == [(5, None)]


@pytest.mark.parametrize(
    ("formula", "moved"),
    [
        ("A1+$A1+A$1+$A$1", "B3+$A3+B$1+$A$1"),
        ('IF(A1="A1",LOG10(A1),表A1)', 'IF(B3="A1",LOG10(B3),表A1)'),
        ("SUM('A1 表'!A1:B2)", "SUM('A1 表'!B3:C4)"),
        ("SUM(A:B)+SUM($A:$B)+SUM(1:2)+SUM($1:2)", "SUM(B:C)+SUM($A:$B)+SUM(3:4)+SUM($1:4)"),
        ("[1]表!A1+整体.A1", "[1]表!B3+整体.A1"),
        ("表1[[#This Row],[A1]]+A1", "表1[[#This Row],[A1]]+B3"),
        ("XFD1+A1048575+1E5", "#REF!+#REF!+1E5"),
    ],
)
def test_only_relative_references_move(formula, moved):
    assert SharedFormula(formula, 1, 1).at(3, 2) == moved


PIECES = st.sampled_from(
    ["A1", "$B$2", "C$3", "$D4", "A1:B9", "SUM(A1,C$3:D4)", '"A1""B2"', "LOG10(B7)", "1.5",
     "'表 A1'!C3", "Sheet2!A1", "B1&C1", "TRUE", "全年.执行数"]
)  # fmt: skip


@given(st.lists(PIECES, min_size=1, max_size=8), st.integers(0, 50), st.integers(0, 50))
def test_moving_agrees_with_openpyxl(pieces, down, right):
    formula = "+".join(pieces)
    expected = Translator("=" + formula, "A1").translate_formula(row_delta=down, col_delta=right)

    assert "=" + SharedFormula(formula, 1, 1).at(1 + down, 1 + right) == expected


def test_a_workbook_says_its_names_dates_and_properties(package_file):
    sheets = (
        '<sheet name="图" sheetId="2" r:id="rId4"/><sheet name="整体" sheetId="1" r:id="rId1"/>'
    )
    names = (
        "<definedNames><definedName name='整体.全年执行数'>整体!$G$4</definedName>"
        "<definedName name='_xlnm.Print_Area' localSheetId='1' hidden='1'>=整体!$A$1</definedName>"
        "<definedName name='无主' localSheetId='9'>整体!$A$1</definedName></definedNames>"
    )
    book = workbook_part(sheets, names).replace("<workbookPr/>", '<workbookPr date1904="1"/>')
    custom = (
        '<Properties xmlns="x" xmlns:vt="y"><property pid="2" name="perfxl.template">'
        "<vt:lpwstr>hunan-2024</vt:lpwstr></property></Properties>"
    )
    made = minimal()
    found = read_book(
        package_file(
            {
                "xl/workbook.xml": book,
                "xl/_rels/workbook.xml.rels": links(
                    link(1, "worksheet", "worksheets/sheet1.xml"),
                    link(2, "sharedStrings", "sharedStrings.xml"),
                    link(4, "chartsheet", "chartsheets/sheet1.xml"),
                ),
                "docProps/custom.xml": custom,
                "_rels/.rels": str(made["_rels/.rels"]).replace(
                    "</Rel", link(2, "custom-properties", "docProps/custom.xml") + "</Rel"
                ),
            }
        )
    )

    assert found.names == (
        DefinedName("整体.全年执行数", "整体!$G$4"),
        DefinedName("_xlnm.Print_Area", "整体!$A$1", "整体", True),
    )
    assert found.date1904
    assert found.properties == {"perfxl.template": "hunan-2024"}
    assert [grid.sheet for grid in found.grids] == ["整体"]


def _strict(text: str) -> str:
    return text.replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main").replace(
        OFFICE, "http://purl.oclc.org/ooxml/officeDocument/relationships"
    )


TAGS = (
    "workbook", "workbookPr", "sheets", "sheet", "worksheet", "sheetData", "row", "c", "v",
    "sst", "si", "t",
)  # fmt: skip


def _prefixed(text: str) -> str:
    if MAIN not in text:
        return text
    for tag in TAGS:
        for before, after in ((f"<{tag}", f"<x:{tag}"), (f"</{tag}", f"</x:{tag}")):
            for end in (" ", ">", "/"):
                text = text.replace(before + end, after + end)
    return text.replace("xmlns=", "xmlns:x=")


@pytest.mark.parametrize(
    "rewrite",
    [
        _strict,
        _prefixed,
        lambda text: "\ufeff" + text,
        lambda text: text.encode("utf-16"),
        lambda text: f'<?xml version="1.0" encoding="UTF-16"?>{text}'.encode("utf-16"),
        lambda text: f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n{text}',
    ],
    ids=["strict", "prefix", "bom", "utf-16", "utf-16 declared", "declared"],
)
def test_the_same_workbook_reads_the_same_however_its_xml_is_written(package_file, rewrite):
    plain = read_book(package_file()).grids
    rewritten = {name: rewrite(str(content)) for name, content in minimal().items()}

    assert read_book(package_file(rewritten)).grids == plain


def test_two_sheets_of_one_part_are_damage(package_file):
    twice = ONE_SHEET + '<sheet name="表2" sheetId="2" r:id="rId1"/>'

    with pytest.raises(DamagedWorkbook, match="同一个部件"):
        read_book(package_file({"xl/workbook.xml": workbook_part(twice)}))


def test_a_large_sheet_read_row_by_row_gives_the_same(sheet, monkeypatch):
    inside = (
        '<cols><col min="2" max="2" hidden="1"/></cols><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c><c><f>A1</f><v>2</v></c></row>'
        '<row hidden="1"><c><v>3</v></c></row></sheetData>'
        '<mergeCells><mergeCell ref="A1:A2"/></mergeCells>'
    )
    whole = sheet(inside)
    monkeypatch.setattr("perfxl.package.limits.STREAMED", 0)

    assert sheet(inside) == whole
    assert whole.cells[2, 1].value == 3
    shared = "<r><t>全年</t></r><r><t>预算数</t></r>"
    streamed = sheet(row('<c t="s"><v>1</v></c>'), sharedStrings=strings("<t>甲</t>", shared))
    assert streamed.cells[1, 1].value == "全年预算数"


def test_reading_agrees_with_openpyxl(tmp_path):
    path = tmp_path / "自评表.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        percent = book.add_format({"num_format": "0.00%", "border": 1})
        amount = book.add_format({"num_format": "#,##0.00"})
        for name in ("附件1", "附件2"):
            page = book.add_worksheet(name)
            page.merge_range("A1:F1", f"{name} 部门整体支出绩效自评表")
            for line in range(1, 40):
                page.write(line, 0, f"指标{line}")
                page.write(line, 1, line / 7, amount)
                page.write_blank(line, 2, None, percent)
                page.write_formula(line, 3, f"=B{line + 1}/100", percent, line / 700)
                page.write_boolean(line, 4, line % 2 == 0)
                page.write_rich_string(line, 5, "自", percent, "评", amount)
    values = openpyxl.load_workbook(path, data_only=True)
    formulas = openpyxl.load_workbook(path)

    book = read_book(path)

    assert [grid.sheet for grid in book.grids] == values.sheetnames
    for grid in book.grids:
        expected = {
            (cell.row, cell.column): (cell.value, cell.number_format)
            for line in values[grid.sheet].iter_rows()
            for cell in line
            if cell.value is not None
        }
        assert {at: (cell.value, cell.number_format) for at, cell in grid.cells.items()} == expected
        assert grid.cells[5, 4].formula == formulas[grid.sheet]["D5"].value[1:]
        merged = values[grid.sheet].merged_cells.ranges
        assert [str(area) for area in grid.merges] == [str(area) for area in merged]


def _corpus() -> list[dict[str, str]]:
    manifest = CORPUS / "manifest.json"
    return json.loads(manifest.read_text("utf-8")) if manifest.is_file() else []


@pytest.mark.skipif(not _corpus(), reason="the corpus of odd workbooks is not beside the project")
def test_odd_workbooks_of_the_world_are_read_or_refused_in_words():
    for entry in _corpus():
        began = time.monotonic()
        try:
            book = read_book(CORPUS / entry["file"])
        except PerfxlError as refusal:
            outcome = "refuse"
            assert str(refusal).endswith("。"), entry["file"]
        else:
            outcome = "read"
            assert book.grids, entry["file"]
        assert time.monotonic() - began < 5, entry["file"]
        if entry["kind"] not in ("xlsx", "xlsm"):
            assert outcome == "refuse", entry["file"]
        elif entry["expect"] != "either":
            assert outcome == entry["expect"], entry["file"]
