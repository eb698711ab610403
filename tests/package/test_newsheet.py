"""A sheet of our own, appended to a workbook that is not ours."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.model import Range
from perfxl.package import open_package
from perfxl.package.looks import Look
from perfxl.package.newsheet import NewCell, NewSheet, PrintSetup
from perfxl.package.patch import Patch
from perfxl.package.sheetname import unique_sheet_name
from tests.package.samples import (
    MAIN,
    OFFICE,
    OFFICE_STRICT,
    STRICT,
    changed,
    form,
    handmade,
    loaded,
    parts,
    sheet,
    values,
)

HEAD = Look(bold=True, size=12, font="黑体", color="FFFFFF", fill="1F4E78", border="thin")
BODY = Look(border="thin", wrap=True, vertical="top", number_format="0.00%", locked=False)
RESULT = NewSheet(
    name="核对结果",
    rows=[
        [NewCell("核对结果", HEAD), None],
        [NewCell("位置", HEAD), NewCell("应为", HEAD)],
        [NewCell("=附件3!E4", BODY), NewCell(0.9805, BODY)],
    ],
    widths=(14, None, 30.5),
    heights={1: 30},
    merges=(Range(1, 1, 1, 2),),
    links={(3, 1): ("附件3", "E4")},
    freeze=2,
    autofilter=Range(2, 1, 3, 2),
    printing=PrintSetup(title_rows=(1, 2), footer="&C第 &P 页"),
    tab_color="C00000",
)


def appended(source: Path, *sheets: NewSheet) -> tuple[Path, list[str]]:
    patch = Patch(open_package(source))
    names = [patch.add_sheet(new) for new in sheets]
    target = source.with_suffix(".out.xlsx")
    patch.save(target)
    return target, names


def test_the_sheet_comes_last_and_the_others_are_untouched(tmp_path: Path) -> None:
    source = form(tmp_path / "a.xlsx")
    target, names = appended(source, RESULT)
    assert names == ["核对结果"]
    assert loaded(target).sheetnames == ["基础数据表", "附件3", "核对结果"]
    assert changed(source, target) == {
        "[Content_Types].xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/workbook.xml",
        "xl/worksheets/sheet3.xml",
    }


def test_text_is_text_numbers_are_numbers_and_looks_are_kept(tmp_path: Path) -> None:
    page = loaded(appended(form(tmp_path / "a.xlsx"), RESULT)[0])["核对结果"]
    assert (page["A3"].value, page["A3"].data_type) == ("=附件3!E4", "s")
    assert (page["B3"].value, page["B3"].number_format) == (0.9805, "0.00%")
    head, body = page["A2"], page["B3"]
    assert (head.font.b, head.font.sz, head.font.name) == (True, 12, "黑体")
    assert (head.font.color.rgb, head.fill.fgColor.rgb) == ("FFFFFFFF", "FF1F4E78")
    assert (body.border.left.style, body.alignment.wrap_text) == ("thin", True)
    assert not body.protection.locked and head.protection.locked


def test_layout_print_setup_links_and_filters_are_there(tmp_path: Path) -> None:
    page = loaded(appended(form(tmp_path / "a.xlsx"), RESULT)[0])["核对结果"]
    assert [str(area) for area in page.merged_cells.ranges] == ["A1:B1"]
    assert (page.column_dimensions["A"].width, page.row_dimensions[1].height) == (14, 30)
    assert (page.freeze_panes, page.auto_filter.ref) == ("A3", "A2:B3")
    assert page["A3"].hyperlink.location == "'附件3'!E4"
    assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, "landscape")
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.print_title_rows == "$1:$2"
    assert page.oddFooter.center.text == "第 &P 页"
    assert page.sheet_properties.tabColor.rgb == "FFC00000"


def test_two_sheets_get_names_ids_and_parts_of_their_own(tmp_path: Path) -> None:
    target, names = appended(form(tmp_path / "a.xlsx"), RESULT, RESULT)
    assert names == ["核对结果", "核对结果(2)"]
    book = loaded(target)
    assert book.sheetnames[-2:] == names
    assert book["核对结果(2)"].print_title_rows == "$1:$2"


def test_existing_names_of_sheets_keep_meaning_what_they_meant(tmp_path: Path) -> None:
    names = (
        '<definedNames><definedName name="_xlnm.Print_Titles" localSheetId="0">表!$1:$1'
        "</definedName></definedNames>"
    )
    source = handmade(tmp_path / "a.xlsx", sheet('<row r="1"><c r="A1"/></row>'), book=names)
    target, _ = appended(source, RESULT)
    book = loaded(target)
    assert book["表"].print_title_rows == "$1:$1"
    assert book["核对结果"].print_title_rows == "$1:$2"
    assert names.removesuffix("</definedNames>") in parts(target)["xl/workbook.xml"].decode()


def test_prefixed_workbook_parts_get_prefixed_entries(tmp_path: Path) -> None:
    source = handmade(
        tmp_path / "a.xlsx",
        sheet('<row r="1"><c r="A1"><v>7</v></c></row>', prefix="x:"),
        parts={
            "xl/workbook.xml": f'<x:workbook xmlns:x="{MAIN}"><x:sheets><x:sheet name="表"'
            f' sheetId="4" q:id="rId1" xmlns:q="{OFFICE}"/></x:sheets></x:workbook>'
        },
    )
    target, _ = appended(source, NewSheet("结果", [[NewCell(1)]]))
    assert values(target) == {"表": [[7.0]], "结果": [[1.0]]}
    assert f'<x:sheet xmlns:r="{OFFICE}" name="结果" sheetId="5" r:id="rId3"/>' in (
        parts(target)["xl/workbook.xml"].decode()
    )


def test_strict_workbooks_get_a_strict_sheet(tmp_path: Path) -> None:
    book = (
        f'<workbook xmlns="{STRICT}" xmlns:r="{OFFICE_STRICT}" conformance="strict"><sheets>'
        '<sheet name="表" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    text = sheet('<row r="1"><c r="A1"><v>7</v></c></row>').replace(MAIN, STRICT)
    source = handmade(
        tmp_path / "a.xlsx", text.replace(OFFICE, OFFICE_STRICT), parts={"xl/workbook.xml": book}
    )
    patch = Patch(open_package(source))
    patch.add_sheet(NewSheet("结果", [[NewCell(1)]]))
    patch.note("表", 1, 1, "请核实")
    patch.save(tmp_path / "b.xlsx")
    now = parts(tmp_path / "b.xlsx")
    assert f'xmlns="{STRICT}"'.encode() in now["xl/worksheets/sheet2.xml"]
    assert f'xmlns="{STRICT}"'.encode() in now["xl/comments1.xml"]
    assert f'Type="{OFFICE_STRICT}/worksheet"'.encode() in now["xl/_rels/workbook.xml.rels"]
    again = Patch(open_package(tmp_path / "b.xlsx"))
    assert again.add_sheet(NewSheet("结果", [])) == "结果(2)"


@given(
    st.text(max_size=45) | st.text("甲𐀀 '/", max_size=45),
    st.lists(st.text(max_size=31), max_size=3),
)
def test_any_sheet_name_becomes_one_excel_accepts(wanted: str, others: list[str]) -> None:
    first = unique_sheet_name(wanted, others)
    second = unique_sheet_name(wanted, [*others, first])
    for name, taken in ((first, others), (second, [*others, first])):
        assert 0 < len(name.encode("utf-16-le")) <= 62
        assert not set(name) & set("[]:*?/\\") and name == name.strip()
        assert "'" not in (name[0], name[-1])
        assert name.casefold() not in {other.casefold() for other in taken}


@pytest.mark.parametrize(
    ("wanted", "taken", "given"),
    [
        ("Result", ["RESULT"], "Result(2)"),
        ("结果", ["结果", "结果(2)"], "结果(3)"),
        ("长" * 40, ["长" * 31], "长" * 28 + "(2)"),
        ("a/b:c", [], "a_b_c"),
        ("History", [], "History_"),
        ("'", [], "Sheet"),
        (f"{'表' * 29} '末", [], "表" * 29),
        ("' '甲' '", [], "甲"),
    ],
)
def test_sheet_names_are_unique_whatever_their_case(
    wanted: str, taken: list[str], given: str
) -> None:
    assert unique_sheet_name(wanted, taken) == given
