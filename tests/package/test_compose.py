"""A workbook made from another: hidden sheets gone, one sheet repeated, nothing else touched."""

from __future__ import annotations

import struct
from pathlib import Path
from zlib import compress, crc32

import openpyxl
import pytest
import xlsxwriter

from perfxl.errors import RefusedEdit
from perfxl.model import ExcelError
from perfxl.package import open_package
from perfxl.package.compose import Composed, compose
from perfxl.package.fill import Filler
from perfxl.package.resheet import carried
from tests.clients import convert, needs_soffice

FORM = "项目表"


@pytest.fixture
def master(tmp_path: Path) -> Path:
    """A form with everything a sheet can own, sheets around it, and two hidden ones."""
    path = tmp_path / "模板.xlsx"
    book = xlsxwriter.Workbook(path)
    first, form = book.add_worksheet("说明"), book.add_worksheet(FORM)
    check, rules, lists = (book.add_worksheet(name) for name in ("自查", "_规则", "_选项"))
    first.write("A1", "给单位看的话")
    form.write("A1", "项目名称")
    form.write_formula("B3", "=SUM(项目.金额)", None, 0)
    form.write_formula("B4", f"={FORM}!B3+'自查'!A1", None, 0)
    form.write_url("A5", f"internal:'{FORM}'!B3", None, f"{FORM}!B3")
    form.write_comment("A1", "写全称")
    form.insert_image("D1", str(_picture(tmp_path)))
    form.merge_range("B1:C1", "")
    form.data_validation("B2", {"validate": "list", "source": "=_选项!$A$1:$A$2"})
    form.conditional_format(
        "B2", {"type": "formula", "criteria": f"='{FORM}'!$B$2>1", "format": book.add_format()}
    )
    form.repeat_rows(0)
    form.print_area("A1:C5")
    form.set_footer("&C第 &P 页")
    form.protect()
    # LibreOffice reads a range of sheets only without quotes.
    check.write_formula("A1", f"=SUM({FORM}:自查!B3)", None, 0)
    check.write_formula("A2", f"='{FORM}'!B3", None, 0)
    check.write_formula("A3", f"=\"共 \"&'{FORM}'!B2", None, "共")
    check.activate()
    rules.write("A1", "内部的规则")
    lists.write_column("A1", ["定量", "定性"])
    for hidden in (rules, lists):
        hidden.hide()
    book.define_name(f"'{FORM}'!项目.金额", f"='{FORM}'!$B$2")
    book.define_name("规则区", "=_规则!$A$1")
    book.close()
    return path


def _picture(folder: Path) -> Path:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc32(kind + data))

    path = folder / "点.png"
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", compress(b"\0\xff\0\0")) + chunk(b"IEND", b"")
    )
    return path


def composed(path: Path, times: int = 3) -> Composed:
    return compose(open_package(path), {FORM: times})


def saved(made: Composed, path: Path) -> Path:
    Filler(made.package).save(path, {}, {})
    return path


def text_of(made: Composed) -> str:
    package = made.package
    return "\n".join(
        package.read(part).decode() for part in package.parts if not part.endswith(".png")
    )


def test_the_copies_stand_behind_their_sheet_and_the_hidden_sheets_are_gone(master: Path):
    made = composed(master)
    assert made.sheets[FORM] == (FORM, f"{FORM}-2", f"{FORM}-3")
    assert [entry.name for entry in made.package.sheets] == [
        "说明", FORM, f"{FORM}-2", f"{FORM}-3", "自查", "_选项",
    ]  # fmt: skip
    assert "内部的规则" not in text_of(made)
    assert "规则区" not in {name.name for name in made.package.workbook.names}


def test_a_hidden_sheet_that_another_one_needs_stays(master: Path):
    made = composed(master)
    assert "定性" in text_of(made)
    assert next(e for e in made.package.sheets if e.name == "_选项").state == "hidden"


def test_each_copy_points_at_itself_and_others_point_where_they_did(master: Path, tmp_path: Path):
    book = openpyxl.load_workbook(saved(composed(master), tmp_path / "新.xlsx"))
    copy = book[f"{FORM}-3"]
    assert copy["B4"].value == f"='{FORM}-3'!B3+'自查'!A1"
    assert copy["A5"].hyperlink.location == f"'{FORM}-3'!B3"
    assert copy["A5"].value == f"{FORM}!B3", "what a cell shows is text"
    assert copy.defined_names["项目.金额"].attr_text == f"'{FORM}-3'!$B$2"
    assert copy.print_title_rows == "$1:$1" and copy.print_area == f"'{FORM}-3'!$A$1:$C$5"
    (rule,) = next(iter(copy.conditional_formatting)).rules
    assert rule.formula == [f"'{FORM}-3'!$B$2>1"]
    check = book["自查"]
    assert check["A1"].value == f"=SUM({FORM}:自查!B3)"
    assert check["A2"].value == f"='{FORM}'!B3"


def test_each_copy_has_notes_and_pictures_of_its_own(master: Path, tmp_path: Path):
    made = composed(master)
    book = openpyxl.load_workbook(saved(made, tmp_path / "新.xlsx"))
    for name in made.sheets[FORM]:
        assert book[name]["A1"].comment.text.strip().endswith("写全称")
        assert book[name].protection.sheet
        assert str(book[name].merged_cells) == "B1:C1"
        assert book[name].oddFooter.center.text == "第 &P 页"
    owned = [
        link.target_part
        for entry in made.package.sheets
        for link in made.package.relationships(entry.part)
    ]
    assert len(owned) == len(set(owned))
    drawings = [part for part in owned if part.endswith(".xml") and "/drawings/" in part]
    pictures = {made.package.related(drawing, "image") for drawing in drawings}
    assert len(drawings) == 3 and len(pictures) == 1


def test_the_window_opens_on_the_same_sheet_and_on_one_only(master: Path, tmp_path: Path):
    made = composed(master)
    book = openpyxl.load_workbook(saved(made, tmp_path / "新.xlsx"))
    assert book.active.title == "自查"
    assert [sheet.title for sheet in book if sheet.sheet_view.tabSelected] == ["自查"]


def test_a_sheet_that_occurs_once_is_left_as_it_is(master: Path):
    made = composed(master, times=1)
    package = open_package(master)
    for before, after in zip(package.sheets, made.package.sheets, strict=False):
        if before.name == FORM:
            assert before.part == after.part
            cells = [one.read(after.part).count(b"<c ") for one in (package, made.package)]
            assert cells[0] == cells[1]


def test_a_theme_stays_where_something_looks_at_it_and_nowhere_else(tmp_path: Path):
    themes = []
    for name, coloured in (("主题色", True), ("自动", False)):
        path = tmp_path / f"{name}.xlsx"
        with xlsxwriter.Workbook(path) as book:
            book.formats[0].set_theme(-1)
            book.formats[0].set_font_scheme("none")
            look = book.add_format({} if coloured else {"theme": -1, "font_scheme": "none"})
            book.add_worksheet(FORM).write("A1", "甲", look)
        made = composed(path, times=1).package
        themes.append([part for part in made.parts if "theme" in part])
        assert openpyxl.load_workbook(saved(composed(path), tmp_path / "新.xlsx"))[FORM]["A1"].value
    assert themes == [["xl/theme/theme1.xml"], []]
    assert "theme" not in text_of(composed(tmp_path / "自动.xlsx")).replace(
        "defaultThemeVersion", ""
    )


def test_nothing_says_which_program_made_it_or_lists_sheets_that_are_gone(master: Path):
    made = composed(master).package
    assert "docProps/app.xml" in open_package(master).parts
    assert "docProps/app.xml" not in made.parts
    assert "extended" not in text_of(composed(master))


def test_names_of_the_copies_stand_with_that_of_their_sheet(master: Path):
    names = [name.name for name in composed(master).package.workbook.names]
    assert names == sorted(names, key=str.casefold) and names.count("项目.金额") == 3


def test_composing_is_the_same_every_time(master: Path):
    assert composed(master).package.data == composed(master).package.data


def test_a_long_name_is_shortened_for_its_copies(tmp_path: Path):
    long = "很长的工作表名称" * 3 + "共三十一个字了吧"[:7]
    book = openpyxl.Workbook()
    book.active.title = long
    book.create_sheet(f"{long[:29]}-2")
    book.save(tmp_path / "长.xlsx")
    made = compose(open_package(tmp_path / "长.xlsx"), {long: 3})
    assert made.sheets[long][1:] == (f"{long[:29]}-3", f"{long[:29]}-4")


def test_a_sheet_with_a_table_is_refused_in_words(tmp_path: Path):
    path = tmp_path / "表格.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet(FORM).add_table("A1:B3")
    book.close()
    with pytest.raises(RefusedEdit, match="“表格”"):
        compose(open_package(path), {FORM: 2})
    assert compose(open_package(path), {FORM: 1}).sheets == {FORM: (FORM,)}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<f>表!A1+'表'!B2</f>", "<f>'表-2'!A1+'表-2'!B2</f>"),
        ("<f>'甲表'!A1+甲表!A1</f>", "<f>'甲表'!A1+甲表!A1</f>"),
        ("<f>SUM('表:自查'!A1,表:自查!A1,[1]表!A1)</f>", None),
        ('<v>表!A1</v><t xml:space="preserve">见 表!A1</t>', None),
        (
            '<hyperlink location="表!A1" display="x"/>',
            '<hyperlink location="\'表-2\'!A1" display="x"/>',
        ),
    ],
)
def test_only_references_to_the_sheet_itself_are_carried(before: str, after: str | None):
    assert carried(before.encode(), "表", "表-2").decode() == (after or before)


def test_values_and_results_go_into_cells_and_nothing_else_changes(master: Path, tmp_path: Path):
    made = composed(master)
    path = tmp_path / "新.xlsx"
    Filler(made.package).save(
        path,
        {f"{FORM}-2": {(1, 2): "=HYPERLINK(1)", (2, 2): 12.5}},
        {f"{FORM}-2": {(3, 2): 12.5, (4, 2): ExcelError.DIV0}},
        "标题",
        "甲局",
    )
    sheet = openpyxl.load_workbook(path)[f"{FORM}-2"]
    assert (sheet["B1"].value, sheet["B1"].data_type) == ("=HYPERLINK(1)", "s")
    assert sheet["B2"].value == 12.5 and sheet["B3"].value == "=SUM(项目.金额)"
    shown = openpyxl.load_workbook(path, data_only=True)
    assert [shown[f"{FORM}-2"][cell].value for cell in ("B3", "B4")] == [12.5, "#DIV/0!"]
    assert (shown.properties.title, shown.properties.subject) == ("标题", "甲局")
    before, after = made.package, open_package(path)
    differing = {part for part in after.parts if after.read(part) != before.read(part)}
    (changed,) = {e.part for e in after.sheets if e.name == f"{FORM}-2"}
    assert differing == {changed, "docProps/core.xml"}


@needs_soffice
def test_libreoffice_computes_each_copy_by_itself_and_trusts_no_stored_text(
    master: Path, tmp_path: Path
):
    made = composed(master)
    path = tmp_path / "新.xlsx"
    values = {name: {(2, 2): float(10**n)} for n, name in enumerate(made.sheets[FORM])}
    # Without a stored result there is none that could be out of date.
    unknown = {name: {(3, 2): None} for name in made.sheets[FORM]} | {"自查": {(1, 1): None}}
    Filler(made.package).save(path, values, unknown)
    (tmp_path / "out").mkdir()
    book = openpyxl.load_workbook(convert(path, "xlsx", tmp_path / "out"), data_only=True)
    assert [book[name]["B3"].value for name in made.sheets[FORM]] == [1, 10, 100]
    assert book["自查"]["A1"].value == 111
    assert book["自查"]["A3"].value == "共 1"
