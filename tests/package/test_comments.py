"""Notes: ours beside theirs, hidden until hovered, and nothing of theirs lost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from perfxl.model import Range
from perfxl.package import open_package
from perfxl.package.geometry import Geometry
from perfxl.package.notebox import place, size_of
from perfxl.package.patch import Patch
from perfxl.package.vml import Drawing
from tests.package.samples import MAIN, OFFICE, changed, form, handmade, loaded, parts, sheet

COMMENTS_TYPE = (
    '<Override PartName="/xl/comments1.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"/>'
    '<Default Extension="vml" ContentType='
    '"application/vnd.openxmlformats-officedocument.vmlDrawing"/>'
)
COMMENTS_LINK = f'<Relationship Id="rId3" Type="{OFFICE}/comments" Target="../comments1.xml"/>'
PLAIN = Geometry((), {}, 64, 20)


def noted(source: Path, *cells: tuple[int, int], text: str = "应为 98.05%") -> Path:
    patch = Patch(open_package(source))
    for at in cells:
        assert patch.note(patch._package.sheets[0].name, *at, text)
    target = source.with_suffix(".out.xlsx")
    patch.save(target)
    return target


def shapes(path: Path, part: str = "xl/drawings/vmlDrawing1.vml") -> list[str]:
    return re.findall(r"<v:shape .*?</v:shape>", parts(path)[part].decode(), re.S)


def commented(path: Path, text: str, *, author: str = "某单位") -> Path:
    """A workbook with a comments part as given, and no drawing."""
    comments = (
        f'<comments xmlns="{MAIN}"><authors><author>{author}</author></authors><commentList>'
        f'<comment ref="A1" authorId="0"><text>{text}</text></comment></commentList></comments>'
    )
    return handmade(
        path, sheet('<row r="1"><c r="A1"/></row>'),
        parts={"xl/comments1.xml": comments}, types=COMMENTS_TYPE, links=COMMENTS_LINK,
    )  # fmt: skip


def test_a_first_note_is_read_back_and_hidden(tmp_path: Path) -> None:
    target = noted(form(tmp_path / "a.xlsx"), (4, 5))
    comment = loaded(target)["基础数据表"]["E4"].comment
    assert (comment.text, comment.author) == ("应为 98.05%", "perfxl")
    assert "visibility:hidden" in shapes(target)[0]


def test_the_units_own_notes_and_boxes_stay_byte_for_byte(tmp_path: Path) -> None:
    source = form(tmp_path / "a.xlsx", notes=True)
    target = noted(source, (4, 5), (5, 5))
    ends = {"xl/comments1.xml": "</commentList>", "xl/drawings/vmlDrawing1.vml": "</xml>"}
    for part, end in ends.items():
        was, now = (parts(path)[part].decode() for path in (source, target))
        start = was.index(end)
        if part == "xl/comments1.xml":
            now = now.replace("<author>perfxl</author>", "", 1)
        assert now.startswith(was[:start]) and now.endswith(was[start:]) and now != was
    page = loaded(target)["基础数据表"]
    assert page["B4"].comment.text == "单位自己写的批注"
    assert page["B4"].comment.author == "某单位"


def test_shape_ids_are_not_used_twice(tmp_path: Path) -> None:
    target = noted(form(tmp_path / "a.xlsx", notes=True), (4, 5), (5, 5))
    ids = re.findall(r'<v:shape id="_x0000_s(\d+)"', "".join(shapes(target)))
    assert ids == ["1025", "1026", "1027"]


def test_a_second_drawing_claims_a_block_of_its_own(tmp_path: Path) -> None:
    patch = Patch(open_package(form(tmp_path / "a.xlsx")))
    patch.note("基础数据表", 4, 5, "甲")
    patch.note("附件3", 4, 5, "乙")
    patch.save(tmp_path / "b.xlsx")
    assert 'data="1"' in parts(tmp_path / "b.xlsx")["xl/drawings/vmlDrawing1.vml"].decode()
    second = parts(tmp_path / "b.xlsx")["xl/drawings/vmlDrawing2.vml"].decode()
    assert 'data="2"' in second and 'id="_x0000_s2049"' in second
    assert parts(tmp_path / "b.xlsx")["[Content_Types].xml"].count(b'Extension="vml"') == 1


def test_a_full_block_of_ids_is_followed_by_another() -> None:
    drawing = Drawing(None, taken := set())
    taken.add(2)  # another sheet's
    for number in range(1030):
        drawing.add(number + 1, 1, place(PLAIN, Range(1, 1, 1, 1), 100, 50))
    text = drawing.result().decode()
    ids = [int(n) for n in re.findall(r'id="_x0000_s(\d+)"', text)]
    assert len(set(ids)) == 1030 and taken == {1, 2, 3}
    assert '<o:idmap v:ext="edit" data="1,3"/>' in text
    assert {n // 1024 for n in ids} == {1, 3}


def test_ours_goes_below_theirs_in_the_same_note_and_the_box_grows(tmp_path: Path) -> None:
    source = form(tmp_path / "a.xlsx", notes=True)
    target = noted(source, (4, 2))
    comment = loaded(target)["基础数据表"]["B4"].comment
    assert comment.text == "单位自己写的批注\n\n应为 98.05%"
    anchors = [
        [int(n) for n in re.search(r"<x:Anchor>(.*?)</x:Anchor>", shapes(path)[0])[1].split(",")]  # type: ignore[index]
        for path in (source, target)
    ]
    assert anchors[0][:6] == anchors[1][:6] and anchors[0][6] < anchors[1][6]
    assert len(shapes(target)) == 1


def test_rich_text_of_theirs_is_kept(tmp_path: Path) -> None:
    rich = '<r><rPr><b/><sz val="20"/></rPr><t xml:space="preserve">注意 </t></r><r><t>细节</t></r>'
    target = noted(commented(tmp_path / "a.xlsx", rich + '<phoneticPr fontId="1"/>'), (1, 1))
    now = parts(target)["xl/comments1.xml"].decode()
    assert f"<text>{rich}<r><rPr><sz " in now
    assert now.count('</r><phoneticPr fontId="1"/></text>') == 1


def test_plain_text_of_theirs_becomes_the_first_run(tmp_path: Path) -> None:
    target = noted(commented(tmp_path / "a.xlsx", '<t xml:space="preserve">原 文 </t>'), (1, 1))
    assert '<text><r><rPr></rPr><t xml:space="preserve">原 文 </t></r><r>' in (
        parts(target)["xl/comments1.xml"].decode()
    )


def test_comments_without_a_drawing_get_one(tmp_path: Path) -> None:
    source = commented(tmp_path / "a.xlsx", "<t>x</t>")
    target = noted(source, (1, 1), (2, 2))
    assert "xl/drawings/vmlDrawing1.vml" in changed(source, target)
    assert len(shapes(target)) == 2
    assert loaded(target)["表"]["A1"].comment.text == "x\n\n应为 98.05%"


def test_threaded_comments_are_left_alone(tmp_path: Path) -> None:
    source = commented(tmp_path / "a.xlsx", "<t>[线程批注]</t>", author="tc={A-1}")
    patch = Patch(open_package(source))
    assert not patch.note("表", 1, 1, "应为 98.05%")
    patch.fill("表", 1, 1, "FFC7CE")
    patch.save(tmp_path / "b.xlsx")
    assert "xl/comments1.xml" not in changed(source, tmp_path / "b.xlsx")


def test_pictures_in_the_page_header_keep_their_drawing(tmp_path: Path) -> None:
    picture = tmp_path / "dot.png"
    picture.write_bytes(PNG)
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet("表")
    page.set_header("&C&G", {"image_center": str(picture)})
    book.close()
    target = noted(path, (1, 1))
    assert "xl/drawings/vmlDrawing1.vml" not in changed(path, target)
    now = parts(target)["xl/worksheets/sheet1.xml"].decode()
    assert now.index('<legacyDrawing r:id="rId3"/>') < now.index("<legacyDrawingHF")
    assert 'data="2"' in parts(target)["xl/drawings/vmlDrawing2.vml"].decode()


def test_drawings_that_are_no_xml_are_still_spliced(tmp_path: Path) -> None:
    vml = (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office'
        ':office" xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit">'
        '<o:idmap v:ext="edit" data="3"/></o:shapelayout><v:shape id="_x0000_s3073">'
        "<v:textbox><div>一行<br>二行</div></v:textbox></v:shape></xml>"
    )
    source = handmade(
        tmp_path / "a.xlsx",
        sheet('<row r="1"><c r="A1"/></row>', after='<legacyDrawing r:id="rId5"/>'),
        parts={"xl/drawings/vmlDrawing1.vml": vml}, types=COMMENTS_TYPE.partition("/>")[2],
        links=f'<Relationship Id="rId5" Type="{OFFICE}/vmlDrawing"'
        ' Target="../drawings/vmlDrawing1.vml"/>',
    )  # fmt: skip
    target = noted(source, (1, 1))
    now = parts(target)["xl/drawings/vmlDrawing1.vml"].decode()
    assert now.startswith(vml.removesuffix("</xml>")) and 'id="_x0000_s3074"' in now
    assert now.count('id="_x0000_t202"') == 1
    assert "xl/worksheets/sheet1.xml" not in changed(source, target)


def test_two_notes_on_one_cell_become_one(tmp_path: Path) -> None:
    target = noted(form(tmp_path / "a.xlsx"), (4, 5), (4, 5))
    assert loaded(target)["基础数据表"]["E4"].comment.text == "应为 98.05%\n应为 98.05%"
    assert len(shapes(target)) == 1


def test_chinese_text_needs_twice_the_room() -> None:
    narrow, wide = size_of("a" * 40), size_of("中" * 40)
    assert wide[0] > narrow[0] or wide[1] > narrow[1]
    assert size_of("一行")[1] < size_of("一行\n二行")[1]
    assert size_of("任何", 200, 90) == (200, 90)


@given(
    top=st.integers(1, 1_048_000), left=st.integers(1, 16_300), wide=st.integers(0, 6),
    width=st.integers(40, 500), height=st.integers(20, 500), hidden=st.integers(1, 16_384),
)  # fmt: skip
def test_a_box_never_covers_its_own_cell(
    top: int, left: int, wide: int, width: int, height: int, hidden: int
) -> None:
    geometry = Geometry(((hidden, hidden, 0, 0),), {top + 1: 0}, 64, 20)
    span = Range(top, left, top + 1, left + wide)
    box = place(geometry, span, width, height)
    first, into, row, _, last, until, bottom, _ = box.anchor
    assert first >= span.right and row == span.top - 1
    assert (last, until) > (first, into) and bottom >= row
    assert sum(geometry.width(c) for c in range(first + 1, last + 1)) - into + until == width


@pytest.mark.parametrize("text", ["=cmd|'/c calc'!A1", "<b>&", "\x07", "_x0041_"])
def test_hostile_text_in_a_note_is_only_text(tmp_path: Path, text: str) -> None:
    target = noted(form(tmp_path / "a.xlsx"), (4, 5), text=text)
    read = loaded(target)["基础数据表"]["E4"].comment.text
    assert read.replace("_x005F_", "_").replace("_x0007_", "\x07") == text


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154"
    "789c63606060000000040001f61738550000000049454e44ae426082"
)
