"""Our own sheet goes with all that belongs to it, wherever it stands by now."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName

from perfxl.package import open_package, save
from perfxl.package.newsheet import NewCell, NewSheet
from perfxl.package.patch import Patch
from perfxl.package.reference import linked_sheet
from perfxl.package.undo import without_marks
from tests.package.samples import MAIN, OFFICE, form, handmade, loaded, sheet
from tests.package.test_undo import FILLS, NOTE, OWN, content, marked, undone, written

CELLS = [("基础数据表", 4, 5), ("附件3", 5, 1)]
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


def rearranged(path: Path) -> openpyxl.Workbook:
    """A marked workbook that someone has open in another program."""
    once, _ = marked(open_package(form(path / "a.xlsx")), CELLS)
    (path / "b.xlsx").write_bytes(once.data)
    return loaded(path / "b.xlsx")


def test_sheets_and_names_behind_it_move_up(tmp_path: Path) -> None:
    book = rearranged(tmp_path)
    book.move_sheet(OWN, -1)
    book["附件3"].print_title_rows = "1:2"
    book["附件3"].defined_names["总数"] = DefinedName("总数", attr_text="附件3!$C$3")
    book.active = 2
    book.save(tmp_path / "c.xlsx")
    clean = undone(open_package(tmp_path / "c.xlsx"), {})
    (tmp_path / "d.xlsx").write_bytes(clean.data)
    now = loaded(tmp_path / "d.xlsx")
    assert now.sheetnames == ["基础数据表", "附件3"]
    assert (now["附件3"].print_title_rows, list(now["附件3"].defined_names)) == ("$1:$2", ["总数"])
    assert now.active.title == "附件3"


def test_the_last_sheet_in_front_leaves_another_in_front(tmp_path: Path) -> None:
    book = rearranged(tmp_path)
    book.active = 2
    book.save(tmp_path / "c.xlsx")
    clean = undone(open_package(tmp_path / "c.xlsx"), {})
    assert b'activeTab="1"' in clean.read("xl/workbook.xml")
    assert b"definedName " not in clean.read("xl/workbook.xml")


def test_links_to_it_by_a_name_it_has_no_longer_go_from_marked_cells(tmp_path: Path) -> None:
    once, looks = marked(open_package(form(tmp_path / "a.xlsx")), CELLS)
    (tmp_path / "b.xlsx").write_bytes(once.data)
    book = loaded(tmp_path / "b.xlsx")
    book[OWN].title = "单位改的名"
    book["附件3"]["C3"].hyperlink = "#'没有这张表'!A1"
    book.save(tmp_path / "c.xlsx")
    clean = without_marks(open_package(tmp_path / "c.xlsx"), looks, "单位改的名", FILLS)
    (tmp_path / "d.xlsx").write_bytes(clean.data)
    now = loaded(tmp_path / "d.xlsx")
    links = {c.coordinate for page in now for row in page.iter_rows() for c in row if c.hyperlink}
    assert (now.sheetnames, links) == (["基础数据表", "附件3"], {"C3"})


def test_a_copy_of_it_stays(tmp_path: Path) -> None:
    book = rearranged(tmp_path)
    book.copy_worksheet(book[OWN])
    book.save(tmp_path / "c.xlsx")
    clean = undone(open_package(tmp_path / "c.xlsx"), {})
    assert [entry.name for entry in clean.sheets] == ["基础数据表", "附件3", f"{OWN} Copy"]


def test_the_only_sheet_stays(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = OWN
    book.save(tmp_path / "a.xlsx")
    package = open_package(tmp_path / "a.xlsx")
    assert content(undone(package, {})) == content(package)


@pytest.mark.parametrize(("own", "stays"), [("2", False), ("1", True)])
def test_a_calculation_chain_goes_only_where_it_lists_the_sheet(
    tmp_path: Path, own: str, stays: bool
) -> None:
    chain = f'<calcChain xmlns="{MAIN}"><c r="A1" i="{own}"/><c r="A2"/></calcChain>'
    printer = f'<Relationship Id="rId1" Type="{OFFICE}/printerSettings" Target="../p.bin"/>'
    source = handmade(
        tmp_path / "a.xlsx",
        sheet('<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>'),
        parts={
            "xl/calcChain.xml": chain,
            "xl/worksheets/sheet2.xml": sheet('<row r="1"><c r="A1"><f>1</f></c></row>'),
            "xl/worksheets/_rels/sheet2.xml.rels": '<Relationships xmlns="http://schemas.'
            f'openxmlformats.org/package/2006/relationships">{printer}</Relationships>',
            "xl/p.bin": b"\0",
        },
        book_links=f'<Relationship Id="rId8" Type="{OFFICE}/calcChain" Target="calcChain.xml"/>'
        f'<Relationship Id="rId9" Type="{OFFICE}/worksheet" Target="worksheets/sheet2.xml"/>',
        types=f'<Override PartName="/xl/worksheets/sheet2.xml" ContentType="{SHEET}"/>',
    )
    text = open_package(source).read("xl/workbook.xml").decode()
    whole = tmp_path / "b.xlsx"
    save(
        open_package(source),
        {
            "xl/workbook.xml": text.replace(
                "</sheets>", f'<sheet name="{OWN}" sheetId="2" r:id="rId9"/></sheets>'
            ).encode()
        },
        whole,
    )
    clean = undone(open_package(whole), {})
    assert clean.has("xl/calcChain.xml") == stays
    assert (b"calcChain" in clean.read("xl/_rels/workbook.xml.rels")) == stays
    assert not any("sheet2" in part or part.endswith("p.bin") for part in clean.parts)
    assert b"sheet2" not in clean.read("[Content_Types].xml")


def test_marks_and_values_put_right_come_out_the_same_a_second_time(tmp_path: Path) -> None:
    package = open_package(form(tmp_path / "a.xlsx", notes=True))
    place = ("附件3", 4, 2)

    def corrected(source):  # type: ignore[no-untyped-def]
        patch = Patch(source)
        look = patch.look_of(*place)
        name = patch.add_sheet(NewSheet(OWN, [[NewCell("说明")]]))
        patch.number(*place, 0.9333, "C4/D4", "0.00%")
        patch.result("附件3", 4, 5, 0.25)
        patch.fill(*place, "FFC7CE")
        patch.note(*place, NOTE)
        patch.link(*place, name, "A1")
        return written(source, patch), {place: look}

    once, looks = corrected(package)
    again, looks_again = corrected(undone(once, looks))
    assert (content(again), looks_again) == (content(once), looks)


@pytest.mark.parametrize(
    ("location", "name"),
    [
        ("'校验结果'!A7", "校验结果"),
        ("校验结果!A7", "校验结果"),
        ("#校验结果.A7", "校验结果"),
        ("#$'校验结果'.$A$7", "校验结果"),
        ("'单位''s'!A1:B2", "单位's"),
        ("A.B!C3", "A.B"),
        ("某名称", None),
        ("", None),
        ("https://a.b/c.d", None),
    ],
)
def test_the_sheet_of_a_link_is_read_as_programs_write_it(location: str, name: str | None) -> None:
    assert linked_sheet(location) == name
