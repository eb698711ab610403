"""Taking our marks away again gives the unit's workbook back, part by part."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import copy
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perfxl.errors import PerfxlError
from perfxl.package import Package, book_of, open_package, package_of, save
from perfxl.package.lookcode import CellLook, parse_look
from perfxl.package.newsheet import NewCell, NewSheet, PrintSetup
from perfxl.package.patch import Patch
from perfxl.package.relook import Looks
from perfxl.package.stylesheet import BUILT_IN, Stylesheet
from perfxl.package.undo import without_marks
from tests.clients import convert, needs_soffice
from tests.package.samples import MAIN, form, handmade, loaded, sheet

ROOT = Path(__file__).parents[2]
LIGHT, DARK = "FFC7CE", "9C0006"
FILLS = {LIGHT, DARK, "FFEB9C"}
OWN = "校验结果"
NOTE = (
    "perfxl 校验\n【强制】执行率计算有误\n应为：98.05%\n\n"
    "详见“校验结果”第 7 行。\n（规则 C301、V205）"
)


def page() -> NewSheet:
    return NewSheet(
        OWN,
        [[NewCell("编码"), NewCell("位置")], [NewCell("C301"), NewCell("K4")]],
        printing=PrintSetup(title_rows=(1, 1)),
    )


def marked(
    package: Package, cells: list[tuple[str, int, int]], note: str = NOTE
) -> tuple[Package, dict[tuple[str, int, int], str]]:
    """The package with those cells marked, as the corrected copy does it, and their looks."""
    patch = Patch(package)
    looks = {at: patch.look_of(*at) for at in cells}
    name = patch.add_sheet(page())
    for at in cells:
        patch.fill(*at, LIGHT, DARK)
        patch.note(*at, note)
        patch.link(*at, name, "A2")
    return written(package, patch), looks


def written(package: Package, patch: Patch) -> Package:
    target = Path(package.path).with_suffix(".out.xlsx")
    save(package, patch.changes(), target)
    return package_of(package.path, target.read_bytes())


def content(package: Package) -> dict[str, bytes]:
    return {part: package.read(part) for part in package.parts}


def undone(package: Package, looks: Mapping[tuple[str, int, int], str]) -> Package:
    return without_marks(package, looks, OWN, FILLS)


def assert_undone(path: Path, cells: list[tuple[str, int, int]]) -> None:
    """Marks go and come again without a trace but appended formats and empty cells."""
    package = open_package(path)
    once, looks = marked(package, cells)
    clean = undone(once, looks)
    was, now = content(package), content(clean)
    styles = package.related(package.workbook_part, "styles")
    assert was.keys() == now.keys()
    for part in (entry.part for entry in package.sheets):
        now[part] = closed(without_new_cells(was[part], now[part]))
        was[part] = closed(was[part])
    assert [part for part in was if was[part] != now[part] and part != styles] == []
    again, looks_again = marked(clean, cells)
    assert looks_again == looks
    assert content(again) == content(once)


def without_new_cells(was: bytes, now: bytes) -> bytes:
    """The sheet without the empty cells and rows that marks had to make."""
    known = set(re.findall(rb'<(?:\w+:)?c [^>]*?r="([A-Z]+[0-9]+)"', was))
    for cell in re.findall(rb'<(?:\w+:)?c r="[A-Z]+[0-9]+"(?: s="[0-9]+")?/>', now):
        if re.search(rb'r="([A-Z]+[0-9]+)"', cell)[1] not in known:  # type: ignore[index]
            now = now.replace(cell, b"", 1)
    rows = set(re.findall(rb'<(?:\w+:)?row [^>]*?r="([0-9]+)"', was))
    for row, number in re.findall(rb'(<(?:\w+:)?row r="([0-9]+)"></(?:\w+:)?row>)', now):
        if number not in rows:
            now = now.replace(row, b"", 1)
    # The used area and the spans of rows may have grown with them.
    for wanted in (rb'<(?:\w+:)?dimension ref="[^"]*"', rb' spans="[^"]*"'):
        before, after = re.findall(wanted, was), re.findall(wanted, now)
        if len(before) == len(after):
            found = iter(before)
            now = re.sub(wanted, lambda _, found=found: next(found), now)
    return now


def closed(part: bytes) -> bytes:
    """The sheet with empty rows and an empty table written in one way."""
    part = re.sub(rb"<((?:\w+:)?(row|sheetData)\b[^>]*?) ?></(?:\w+:)?\2>", rb"<\1/>", part)
    return re.sub(rb"<((?:\w+:)?(?:row|sheetData)\b[^>]*?) />", rb"<\1/>", part)


SAMPLES = sorted(ROOT.glob("samples/*/*.xlsx"))


CELLS = st.lists(
    st.tuples(st.integers(0, 9), st.integers(1, 40), st.integers(1, 16)), min_size=1, max_size=12
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data(), cells=CELLS)
def test_marks_on_any_cells_of_a_sample_leave_no_trace(
    tmp_path: Path, data: st.DataObject, cells: list[tuple[int, int, int]]
) -> None:
    source = data.draw(st.sampled_from(SAMPLES))
    copy = tmp_path / "a.xlsx"
    copy.write_bytes(source.read_bytes())
    sheets = [entry.name for entry in open_package(copy).sheets]
    places = dict.fromkeys((sheets[at % len(sheets)], row, col) for at, row, col in cells)
    assert_undone(copy, list(places))


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(cells=CELLS, notes=st.booleans())
def test_marks_on_any_cells_of_a_form_leave_no_trace(
    tmp_path: Path, cells: list[tuple[int, int, int]], notes: bool
) -> None:
    source = form(tmp_path / "a.xlsx", notes=notes)
    sheets = ("基础数据表", "附件3")
    places = dict.fromkeys((sheets[at % 2], row, col) for at, row, col in cells)
    assert_undone(source, list(places))


CORPUS = ROOT.parent / "shared" / "corpus"


@pytest.mark.slow
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared corpus is not there")
def test_marks_on_workbooks_of_the_corpus_leave_no_trace(tmp_path: Path) -> None:
    tried = 0
    for source in sorted(CORPUS.glob("*.xls[xm]")):
        try:
            package = open_package(source)
            names = [entry.name for entry in package.sheets if content(package)]
        except PerfxlError:
            continue
        copy = tmp_path / source.name
        copy.write_bytes(source.read_bytes())
        assert_undone(copy, [(names[at % len(names)], at * 3 + 1, at + 1) for at in range(12)])
        tried += 1
    assert tried > 20


RICH_STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="1">'
    '<numFmt numFmtId="176" formatCode="0.0_ ;[Red]&quot;负&quot;0"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/></font>'
    '<font><b/><sz val="12"/><color rgb="FFFFFFFF"/></font></fonts>'
    '<fills count="6"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor theme="4" tint="-0.249977111117893"/>'
    '<bgColor indexed="64"/></patternFill></fill>'
    '<fill><gradientFill degree="90"><stop position="0"><color rgb="FFFF0000"/></stop>'
    '<stop position="1"><color theme="0"/></stop></gradientFill></fill>'
    '<fill><patternFill patternType="darkGrid"><fgColor auto="1"/><bgColor rgb="FF00B050"/>'
    '</patternFill></fill><fill><patternFill patternType="solid"><fgColor rgb="FFFFC7CE"/>'
    "</patternFill></fill></fills>"
    '<borders count="1"><border/></borders>'
    '<cellXfs count="7"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
    '<xf numFmtId="176" fontId="1" fillId="2" borderId="0" applyFill="1"/>'
    '<xf numFmtId="0" fontId="0" fillId="3" borderId="0" applyFill="1"/>'
    '<xf numFmtId="49" fontId="0" fillId="4" borderId="0" quotePrefix="1"><alignment/></xf>'
    '<xf numFmtId="0" fontId="0" fillId="5" borderId="0" applyFill="1"/>'
    '<xf numFmtId="14" fontId="1" fillId="0" borderId="0"/>'
    '<xf numFmtId="0" fontId="0" fillId="5" borderId="0" applyFill="1"/></cellXfs></styleSheet>'
)
RICH_ROWS = (
    '<row r="1"><c r="A1" s="1"><v>1</v></c><c r="B1" s="2"><v>2</v></c>'
    '<c r="C1" s="3" t="str"><v>3</v></c><c r="D1" s="6"><v>4</v></c><c r="E1" s="5"/>'
    '<c r="F1" t="str"><v>无格式</v></c><c r="G1" s="0"><v>7</v></c><c r="H1" /></row>'
)
RICH_CELLS = [("表", 1, col) for col in range(1, 9)]


def rich(path: Path) -> Path:
    """A workbook whose cells have fills of every kind, named and not."""
    return handmade(path, sheet(RICH_ROWS), styles=RICH_STYLES)


def test_fills_and_formats_of_every_kind_come_back(tmp_path: Path) -> None:
    source = rich(tmp_path / "a.xlsx")
    assert_undone(source, RICH_CELLS)
    package = open_package(source)
    once, looks = marked(package, RICH_CELLS)
    part = "xl/worksheets/sheet1.xml"
    assert undone(once, looks).read(part) == package.read(part)


def resaved(once: Package, styles: str) -> Package:
    """The package as a program writes it that orders cell formats in a way of its own."""
    path = Path(once.path).with_suffix(".again.xlsx")
    save(once, {"xl/styles.xml": styles.encode()}, path)
    return package_of(once.path, path.read_bytes())


def test_formats_are_found_again_where_another_program_renumbered_them(tmp_path: Path) -> None:
    once, looks = marked(open_package(rich(tmp_path / "a.xlsx")), RICH_CELLS[:4])
    raw = once.read("xl/styles.xml").decode()
    head, formats, tail = re.split(r"(?<=<cellXfs count=\"\d\d\">)|(?=</cellXfs>)", raw)
    listed = re.findall(r"<xf [^>]*?/>|<xf .*?</xf>", formats)
    order = list(reversed(range(len(listed))))
    again = resaved(once, head + "".join(listed[at] for at in order) + tail)
    moved = re.sub(
        r'(<c r="[A-Z]1" s=)"(\d+)"',
        lambda found: f'{found[1]}"{order.index(int(found[2]))}"',
        again.read("xl/worksheets/sheet1.xml").decode(),
    )
    path = tmp_path / "c.xlsx"
    save(again, {"xl/worksheets/sheet1.xml": moved.encode()}, path)
    clean = undone(open_package(path), looks)
    (tmp_path / "d.xlsx").write_bytes(clean.data)
    was, now = (loaded(tmp_path / name)["表"] for name in ("a.xlsx", "d.xlsx"))
    for address in ("A1", "B1", "C1", "D1"):
        for what in ("fill", "font", "number_format", "alignment"):
            expected, found = getattr(was[address], what), getattr(now[address], what)
            assert str(expected) == str(found), (address, what)


@pytest.mark.parametrize("row", [2, 4])
def test_a_row_put_in_beside_a_marked_cell_loses_the_fill_it_took_over(
    tmp_path: Path, row: int
) -> None:
    cells = [("附件3", 3, 3)]
    once, looks = marked(open_package(form(tmp_path / "a.xlsx")), cells)
    (tmp_path / "b.xlsx").write_bytes(once.data)
    book = loaded(tmp_path / "b.xlsx")
    book["附件3"].cell(row, 3, "新行")._style = copy(book["附件3"]["C3"]._style)
    book.save(tmp_path / "c.xlsx")
    clean = undone(open_package(tmp_path / "c.xlsx"), looks)
    (tmp_path / "d.xlsx").write_bytes(clean.data)
    now = loaded(tmp_path / "d.xlsx")["附件3"]
    assert [now.cell(at, 3).fill.fgColor.rgb for at in (3, row)] == ["00000000"] * 2


def test_a_fill_that_the_unit_changed_since_is_left(tmp_path: Path) -> None:
    once, looks = marked(open_package(rich(tmp_path / "a.xlsx")), RICH_CELLS[:1])
    styles = once.read("xl/styles.xml").decode()
    at = styles.rindex("FFFFC7CE") if "FFFFC7CE" in styles else -1
    assert "FF9C0006" in styles and at > 0
    clean = undone(resaved(once, styles.replace("FF9C0006", "FF00FF00")), looks)
    (tmp_path / "d.xlsx").write_bytes(clean.data)
    cell = loaded(tmp_path / "d.xlsx")["表"]["A1"]
    assert cell.fill.fgColor.rgb == "FF00FF00"
    assert cell.number_format == '0.0_ ;[Red]"负"0'


def test_without_a_look_our_fill_becomes_none_and_other_fills_stay(tmp_path: Path) -> None:
    once, _ = marked(open_package(rich(tmp_path / "a.xlsx")), RICH_CELLS[:2])
    clean = undone(once, {})
    (tmp_path / "d.xlsx").write_bytes(clean.data)
    page = loaded(tmp_path / "d.xlsx")["表"]
    assert [page[a].fill.patternType for a in ("A1", "B1", "C1")] == [None, None, "darkGrid"]
    assert page["A1"].font.b and page["A1"].number_format == '0.0_ ;[Red]"负"0'


@pytest.mark.parametrize(
    "line",
    [
        "", "s=1", "=1+1", "s=1;fill=none;num=14;", "s=1;fill=none;fmt=",
        's=1;fill=solid|rgb:FF00FF00"/><x|-;num=0', "s=1;fill=solid|rgb:00FF00|-;num=0",
        "s=-1;fill=none;num=0", "s=1;fill=loud|-|-;num=0", "s=1;fill=solid|theme:4:9e9999|-;num=0",
        "s=1;fill=none;fmt=\x00", "s=1;fill=none;num=x", "s=999999;fill=none;num=0",
    ],
)  # fmt: skip
def test_a_line_that_is_no_look_is_ignored(tmp_path: Path, line: str) -> None:
    assert parse_look(line) is None
    once, _ = marked(open_package(rich(tmp_path / "a.xlsx")), RICH_CELLS[:1])
    clean = undone(once, {RICH_CELLS[0]: line})
    assert content(clean) == content(undone(once, {}))


@given(style=st.none() | st.integers(0, 99_999), code=st.text(max_size=40), number=st.booleans())
def test_a_look_is_read_back_as_it_was_written(style: int | None, code: str, number: bool) -> None:
    look = CellLook(style, "solid|theme:4:-0.25|indexed:64", len(code) if number else code)
    assert parse_look(look.code) in (look, None)
    assert parse_look(look.code) == look or not code.isprintable() or not code


@given(code=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cn"]), min_size=1))
def test_no_format_code_of_a_look_breaks_out_of_the_styles(code: str) -> None:
    look = parse_look(CellLook(0, "solid|rgb:FF00B050|-", code).code)
    if look is None:
        return
    styles = Stylesheet(RICH_STYLES.encode())
    Looks(styles).back(4, look, {LIGHT})
    given_back = ElementTree.fromstring(styles.result())
    codes = [e.get("formatCode") for e in given_back.iter(f"{{{MAIN}}}numFmt")]
    assert code in (*codes, *BUILT_IN)


@pytest.mark.parametrize("line", ["s=0;fill=none;num=0", "s=77;fill=none;num=0"])
@pytest.mark.parametrize("place", [("表", 99, 1), ("没有", 1, 1), ("表", 0, 0), ("表", 1, 99)])
def test_looks_of_cells_that_are_not_there_change_nothing(
    tmp_path: Path, place: tuple[str, int, int], line: str
) -> None:
    package = open_package(rich(tmp_path / "a.xlsx"))
    assert content(undone(package, {place: line})) == content(package)


def test_values_put_right_get_their_format_back(tmp_path: Path) -> None:
    package = open_package(rich(tmp_path / "a.xlsx"))
    patch = Patch(package)
    place = ("表", 1, 3)
    looks = {place: patch.look_of(*place)}
    patch.number(*place, 0.9805, "A1/B1", "0.00%")
    patch.fill(*place, LIGHT)
    once = written(package, patch)
    clean = undone(once, looks)
    again = Patch(clean)
    again.restore(*place, "3")
    back = written(clean, again).read("xl/worksheets/sheet1.xml").decode()
    assert '<c r="C1" s="3" t="inlineStr"><is><t>3</t></is></c>' in back
    once_more = Patch(clean)
    once_more.number(*place, 0.9805, "A1/B1", "0.00%")
    once_more.fill(*place, LIGHT)
    assert content(written(clean, once_more)) == content(once)


def test_the_file_it_came_from_is_still_the_file(tmp_path: Path) -> None:
    package = open_package(form(tmp_path / "a.xlsx"))
    once, looks = marked(package, [("附件3", 4, 5)])
    clean = undone(once, looks)
    assert (clean.path, clean.sha256) == (once.path, once.sha256)
    assert [grid.sheet for grid in book_of(clean).grids] == ["基础数据表", "附件3"]


def test_a_workbook_without_marks_stays_as_it_is(tmp_path: Path) -> None:
    package = open_package(form(tmp_path / "a.xlsx", notes=True))
    assert undone(package, {}).data == package.data


def test_a_workbook_without_styles_keeps_only_those_it_got(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row>'
    package = open_package(handmade(tmp_path / "a.xlsx", sheet(rows), styles=None))
    once, looks = marked(package, [("表", 1, 1)])
    clean = undone(once, looks)
    assert content(clean).keys() - content(package).keys() == {"xl/styles.xml"}
    part = "xl/worksheets/sheet1.xml"
    assert clean.read(part) == package.read(part)
    again, _ = marked(clean, [("表", 1, 1)])
    assert content(again) == content(once)


@needs_soffice
def test_marks_go_after_libreoffice_has_saved_the_workbook(tmp_path: Path) -> None:
    cells = [("基础数据表", 4, 2), ("基础数据表", 4, 5), ("附件3", 5, 1), ("附件3", 13, 1)]
    once, looks = marked(open_package(form(tmp_path / "a.xlsx", notes=True)), cells)
    (tmp_path / "b.xlsx").write_bytes(once.data)
    saved = convert(tmp_path / "b.xlsx", "xlsx:Calc MS Excel 2007 XML", tmp_path / "lo")
    clean = undone(open_package(saved), looks)
    (tmp_path / "c.xlsx").write_bytes(clean.data)
    was, now = loaded(tmp_path / "a.xlsx"), loaded(tmp_path / "c.xlsx")
    assert now.sheetnames == was.sheetnames
    for page in was.worksheets:
        for row in page.iter_rows():
            for cell in row:
                found = now[page.title][cell.coordinate]
                assert (found.fill.patternType, found.hyperlink) == (None, None)
                assert found.number_format == cell.number_format
                text = cell.comment.text if cell.comment else None
                assert (found.comment.text if found.comment else None) == text
    again, _ = marked(clean, cells)
    assert again.read("xl/comments1.xml").count(b"C301") == 2


def test_marks_go_after_openpyxl_has_saved_the_workbook(tmp_path: Path) -> None:
    cells = [("基础数据表", 4, 2), ("基础数据表", 4, 5), ("附件3", 5, 1)]
    once, looks = marked(open_package(form(tmp_path / "a.xlsx", notes=True)), cells)
    (tmp_path / "b.xlsx").write_bytes(once.data)
    loaded(tmp_path / "b.xlsx").save(tmp_path / "c.xlsx")
    clean = undone(open_package(tmp_path / "c.xlsx"), looks)
    (tmp_path / "d.xlsx").write_bytes(clean.data)
    now = loaded(tmp_path / "d.xlsx")
    assert now.sheetnames == ["基础数据表", "附件3"]
    assert now["基础数据表"]["B4"].comment.text == "单位自己写的批注"
    for name, row, col in cells:
        cell = now[name].cell(row, col)
        assert (cell.fill.patternType, cell.hyperlink) == (None, None)
        assert cell.comment is None or "perfxl" not in cell.comment.text
