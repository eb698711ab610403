"""The patched copy: what changes is what was asked for, and nothing else."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from perfxl.errors import RefusedEdit, UnwritableTarget
from perfxl.package import open_package
from perfxl.package.newsheet import NewCell, NewSheet
from perfxl.package.patch import Patch
from tests.clients import convert, needs_soffice
from tests.lossless.parts import BOOK, SPREADSHEET, TYPES, Parts
from tests.package.samples import (
    MAIN,
    OFFICE,
    changed,
    form,
    handmade,
    loaded,
    parts,
    sheet,
    sheet_text,
    values,
)

RED = "FFC7CE"
EXCEL = "application/vnd.ms-excel"
SIGNATURE = "application/vnd.openxmlformats-package.digital-signature"
CHAIN = f'<calcChain xmlns="{MAIN}"><c r="A1" i="1"/></calcChain>'
CHAIN_TYPE = (
    '<Override PartName="/xl/calcChain.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"/>'
)
CHAIN_LINK = f'<Relationship Id="rId9" Type="{OFFICE}/calcChain" Target="calcChain.xml"/>'


def patched(source: Path, *edits: tuple[object, ...]) -> Path:
    """The source with edits such as ("fill", "表", 1, 1, RED), beside it."""
    patch = Patch(open_package(source))
    for name, *given in edits:
        getattr(patch, str(name))(*given)
    target = source.with_suffix(".out.xlsx")
    patch.save(target)
    return target


def test_a_fill_changes_the_sheet_and_the_styles_only(tmp_path: Path) -> None:
    source = form(tmp_path / "a.xlsx")
    target = patched(source, ("fill", "附件3", 4, 5, RED))
    assert changed(source, target) == {"xl/worksheets/sheet2.xml", "xl/styles.xml"}


def test_a_note_changes_only_what_notes_need(tmp_path: Path) -> None:
    source = form(tmp_path / "a.xlsx")
    target = patched(source, ("note", "附件3", 4, 5, "应为 93.33%"))
    assert changed(source, target) == {
        "[Content_Types].xml",
        "xl/worksheets/sheet2.xml",
        "xl/worksheets/_rels/sheet2.xml.rels",
        "xl/comments1.xml",
        "xl/drawings/vmlDrawing1.vml",
    }


def test_taking_the_splices_out_gives_the_sheet_back(tmp_path: Path) -> None:
    source = form(tmp_path / "a.xlsx")
    target = patched(source, ("fill", "附件3", 4, 5, RED), ("note", "附件3", 4, 5, "请核实"))
    was = sheet_text(source, "xl/worksheets/sheet2.xml")
    now = sheet_text(target, "xl/worksheets/sheet2.xml")
    restored = now.replace('<c r="E4" s="4">', '<c r="E4" s="3">', 1)
    assert restored.replace('<legacyDrawing r:id="rId2"/>', "", 1) == was != now


def test_every_other_value_survives(tmp_path: Path) -> None:
    source = form(tmp_path / "a.xlsx", notes=True)
    target = patched(
        source,
        ("fill", "附件3", 4, 5, RED),
        ("note", "附件3", 4, 5, "请核实"),
        ("number", "附件3", 4, 5, 0.5, "C4/D4"),
        ("add_sheet", NewSheet("核对结果", [[NewCell("说明")]])),
    )
    before, after = values(source), values(target)
    after["附件3"][3][4] = before["附件3"][3][4]
    assert after == before | {"核对结果": [["说明"]]}


def test_a_corrected_cell_holds_a_live_formula(tmp_path: Path) -> None:
    source = form(tmp_path / "a.xlsx")
    target = patched(source, ("number", "附件3", 4, 2, 0.9333, "=C4/D4", "0.00%"))
    cell = loaded(target)["附件3"]["B4"]
    assert (cell.value, cell.number_format, cell.data_type) == ("=C4/D4", "0.00%", "f")
    assert loaded(target, data_only=True)["附件3"]["B4"].value == 0.9333


def test_changed_values_drop_the_calculation_chain_and_ask_for_a_calculation(
    tmp_path: Path,
) -> None:
    source = handmade(
        tmp_path / "a.xlsx",
        sheet('<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>'),
        parts={"xl/calcChain.xml": CHAIN}, types=CHAIN_TYPE, book_links=CHAIN_LINK,
        book='<definedNames><definedName name="a">1</definedName></definedNames>'
        '<oleSize ref="A1"/>',
    )  # fmt: skip
    target = patched(source, ("number", "表", 1, 1, 3))
    now, was = parts(target), parts(source)
    assert "xl/calcChain.xml" not in now
    assert now["[Content_Types].xml"].decode() == was["[Content_Types].xml"].decode().replace(
        CHAIN_TYPE, ""
    )
    rels = "xl/_rels/workbook.xml.rels"
    assert now[rels].decode() == was[rels].decode().replace(CHAIN_LINK, "")
    assert now["xl/workbook.xml"].decode() == was["xl/workbook.xml"].decode().replace(
        "<oleSize", '<calcPr fullCalcOnLoad="1"/><oleSize'
    )


def test_marks_alone_leave_the_calculation_chain(tmp_path: Path) -> None:
    source = handmade(
        tmp_path / "a.xlsx",
        sheet('<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>'),
        parts={"xl/calcChain.xml": CHAIN}, types=CHAIN_TYPE, book_links=CHAIN_LINK,
    )  # fmt: skip
    target = patched(source, ("fill", "表", 1, 1, RED))
    assert changed(source, target) == {"xl/worksheets/sheet1.xml", "xl/styles.xml"}


def test_calculation_settings_keep_their_other_attributes(tmp_path: Path) -> None:
    source = handmade(
        tmp_path / "a.xlsx",
        sheet('<row r="1"><c r="A1"><v>2</v></c></row>'),
        book='<calcPr calcMode="manual" calcId="191029" fullCalcOnLoad="0"/>',
    )
    target = patched(source, ("number", "表", 1, 1, 3))
    assert (
        '<calcPr calcMode="manual" calcId="191029" fullCalcOnLoad="1"/>'
        in parts(target)["xl/workbook.xml"].decode()
    )


def test_a_stored_result_is_refreshed_and_the_formula_kept(tmp_path: Path) -> None:
    source = form(tmp_path / "a.xlsx")
    target = patched(source, ("result", "附件3", 4, 5, 0.25), ("result", "附件3", 4, 3, 7))
    assert loaded(target)["附件3"]["E4"].value == "=C4/D4"
    kept = loaded(target, data_only=True)["附件3"]
    assert (kept["E4"].value, kept["C4"].value) == (0.25, 83)


def test_a_result_gives_way_to_a_value_of_its_own(tmp_path: Path) -> None:
    source = form(tmp_path / "a.xlsx")
    target = patched(source, ("number", "附件3", 4, 5, 0.5), ("result", "附件3", 4, 5, 0.25))
    assert loaded(target)["附件3"]["E4"].value == 0.5


def test_protection_of_sheet_and_workbook_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet("表")
    page.write("A1", 1)
    page.protect("secret")
    book.close()
    target = patched(path, ("fill", "表", 1, 1, RED), ("add_sheet", NewSheet("结果", [])))
    assert loaded(target)["表"].protection.sheet
    assert not loaded(target)["结果"].protection.sheet


def test_signed_and_shared_workbooks_are_refused_in_words(tmp_path: Path) -> None:
    plain = form(tmp_path / "a.xlsx")
    for part, word in (("_xmlsignatures/sig1.xml", "数字签名"), ("xl/revisions/r.xml", "修订")):
        path = tmp_path / "b.xlsx"
        shutil.copy(plain, path)
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(part, "<a/>")
        with pytest.raises(RefusedEdit, match=word):
            Patch(open_package(path))


def test_signatures_are_known_wherever_they_are_kept(tmp_path: Path) -> None:
    made = Parts.of(form(tmp_path / "a.xlsx"))
    kind = f"{SIGNATURE}-xmlsignature+xml"
    made.add("package/services/digital-signature/a.psdsxs", "<Signature/>", kind)
    made.write(tmp_path / "b.xlsx")
    with pytest.raises(RefusedEdit, match="数字签名"):
        Patch(open_package(tmp_path / "b.xlsx"))


def test_a_workbook_whose_signatures_were_taken_away_is_marked(tmp_path: Path) -> None:
    made = Parts.of(form(tmp_path / "a.xlsx"))
    made.add("_xmlsignatures/origin.sigs", b"", f"{SIGNATURE}-origin")
    made.write(tmp_path / "b.xlsx")
    Patch(open_package(tmp_path / "b.xlsx")).fill("附件3", 1, 1, RED)


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (f"{SPREADSHEET}.template.main+xml", f"{SPREADSHEET}.sheet.main+xml"),
        (f"{EXCEL}.template.macroEnabled.main+xml", f"{EXCEL}.sheet.macroEnabled.main+xml"),
        (f"{EXCEL}.addin.macroEnabled.main+xml", f"{EXCEL}.sheet.macroEnabled.main+xml"),
        (f"{EXCEL}.sheet.macroEnabled.main+xml", f"{EXCEL}.sheet.macroEnabled.main+xml"),
    ],
)
def test_the_copy_of_a_template_or_an_add_in_is_a_workbook(
    was: str, now: str, tmp_path: Path
) -> None:
    """Excel opens a template by the suffix of a workbook as little as the other way round."""
    made = Parts.of(form(tmp_path / "a.xlsx"))
    made.sub(TYPES, f"{SPREADSHEET}.sheet.main", was.removesuffix("+xml"))
    made.write(tmp_path / "b.xltx")
    patch = Patch(open_package(tmp_path / "b.xltx"))
    patch.fill("附件3", 1, 1, RED)
    patch.save(tmp_path / "c.xlsx")
    assert open_package(tmp_path / "c.xlsx").content_type(BOOK) == now.lower()


def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    patch = Patch(open_package(form(tmp_path / "a.xlsx")))
    with pytest.raises(RefusedEdit, match=r"附件9.*基础数据表、附件3"):
        patch.fill("附件9", 1, 1, RED)


def test_the_units_own_file_is_never_written(tmp_path: Path) -> None:
    source = form(tmp_path / "a.xlsx")
    was = source.read_bytes()
    patch = Patch(open_package(source))
    patch.fill("附件3", 1, 1, RED)
    with pytest.raises(UnwritableTarget):
        patch.save(source)
    assert source.read_bytes() == was


def test_the_same_edits_give_the_same_bytes(tmp_path: Path) -> None:
    source = form(tmp_path / "a.xlsx", notes=True)
    edits = (("fill", "附件3", 4, 5, RED), ("note", "附件3", 4, 2, "请核实"))
    first = patched(source, *edits).read_bytes()
    assert patched(source, *edits).read_bytes() == first


def test_conditional_formats_that_colour_the_cell_are_known(tmp_path: Path) -> None:
    rule = '<cfRule type="expression" dxfId="{}" priority="1"><formula>TRUE</formula></cfRule>'
    scale = '<cfRule type="colorScale" priority="2"><colorScale/></cfRule>'
    areas = (("A1:B2 D4", rule.format(0)), ("A5", rule.format(1)), ("A6", scale))
    source = handmade(
        tmp_path / "a.xlsx",
        sheet(
            "",
            after="".join(
                f'<conditionalFormatting sqref="{a}">{r}</conditionalFormatting>' for a, r in areas
            ),
        ),
    )
    patch = Patch(open_package(source))
    cells = {(2, 2): True, (4, 4): True, (3, 3): False, (5, 1): False, (6, 1): True}
    assert {at: patch.covered_by_conditional_format("表", *at) for at in cells} == cells


@needs_soffice
def test_libreoffice_opens_the_copy_with_its_values(tmp_path: Path) -> None:
    source = form(tmp_path / "a.xlsx", notes=True)
    target = patched(
        source,
        ("fill", "附件3", 4, 5, RED),
        ("note", "附件3", 4, 5, "应为 93.33%"),
        ("note", "附件3", 4, 2, "请核实"),
        ("number", "附件3", 5, 5, 42 / 94, "C5/D5/2", "0.00%"),
        ("text", "附件3", 6, 1, "=1+1"),
        ("add_sheet", NewSheet("核对结果", [[NewCell("说明"), NewCell(3)]])),
    )
    opened = convert(target, "xlsx:Calc MS Excel 2007 XML", tmp_path / "lo")
    after, page = values(opened), loaded(opened)
    before = values(source)
    before["附件3"][4][4], before["附件3"][5][0] = 42 / 94, "=1+1"
    for row, was in zip(after["附件3"], before["附件3"], strict=True):
        # LibreOffice writes 15 digits.
        assert row == [pytest.approx(v) if isinstance(v, float) else v for v in was]
    assert after["核对结果"] == [["说明", 3.0]]
    assert page["附件3"]["E4"].fill.fgColor.rgb == "FF" + RED
    assert page["附件3"]["E4"].comment.text == "应为 93.33%"
    assert "单位自己写的批注" in page["附件3"]["B4"].comment.text
    assert "请核实" in page["附件3"]["B4"].comment.text
