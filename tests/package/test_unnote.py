"""Our part of a note is told from the unit's, whichever program wrote the note last."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.model import Range
from perfxl.package import open_package
from perfxl.package.geometry import Geometry
from perfxl.package.notebox import grown, place, shrunk
from perfxl.package.notetext import shortened, text_length
from perfxl.package.patch import Patch
from perfxl.package.unnote import OurNotes
from perfxl.package.vml import Drawing, blocks_of
from tests.package.samples import MAIN, OFFICE, form, handmade, loaded, sheet
from tests.package.test_undo import NOTE, content, marked, undone

OURS = NOTE.replace("\n", "&#10;")


def notes(*texts: str, authors: str = "<author>某单位</author>") -> OurNotes:
    """A comments part with notes on A1, A2 … from the inside of their ``<text>``."""
    listed = "".join(
        f'<comment ref="A{row}" authorId="0"><text>{text}</text></comment>'
        for row, text in enumerate(texts, 1)
    )
    return OurNotes(
        f'<comments xmlns="{MAIN}"><authors>{authors}</authors>'
        f"<commentList>{listed}</commentList></comments>".encode()
    )


def shown(found: OurNotes) -> list[str]:
    root = ElementTree.fromstring(found.markup.result())
    return [
        "".join(t.text or "" for t in e.iter(f"{{{MAIN}}}t"))
        for e in root.iter(f"{{{MAIN}}}comment")
    ]


@pytest.mark.parametrize(
    "text",
    [
        f"<t>{OURS}</t>",
        f"<r><t>{OURS}</t></r>",
        "".join(f"<r><t>{char}</t></r>" for char in NOTE.replace("\n", "\r\n")).replace(
            "\r", "&#13;"
        ),
        f"<t>{NOTE}</t>".replace("\n", "_x000D_\n"),
        f"<t>{NOTE}</t>".replace("\n", "_x000D__x000A_"),
        f"<r><rPr><b/></rPr><t>perfxl:</t></r><r><t>&#10;{OURS}</t></r>",
        f"<t>perfxl：&#10;{OURS}&#10;</t>",
        f"<t>{OURS}&#10;{OURS}</t>",
    ],
)
def test_a_note_that_is_ours_goes_as_a_whole(text: str) -> None:
    found = notes(text)
    assert (found.removed, found.cut, found.left) == ([(1, 1)], {}, False)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"<t>请核对。&#10;&#10;{OURS}</t>", "请核对。"),
        (
            f"<r><t>请核对。</t></r><r><t>&#10;&#10;{OURS}</t></r><r><t>&#10;已核对。</t></r>",
            "请核对。\n已核对。",
        ),
        (f"<t>请核对。&#13;&#10;&#13;&#10;{OURS}</t>", "请核对。"),
        (f"<t>{OURS}&#10;单位补充</t>", "\n单位补充"),
        (f"<t>甲&#10;&#10;{OURS}&#10;&#10;{OURS}&#10;乙</t>", "甲\n乙"),
        (f"<t>见 perfxl 校验&#10;&#10;{OURS}</t>", "见 perfxl 校验"),
    ],
)
def test_what_the_unit_wrote_around_ours_stays(text: str, left: str) -> None:
    found = notes(text)
    assert (found.removed, list(found.cut), shown(found)) == ([], [(1, 1)], [left])


@pytest.mark.parametrize(
    "text",
    ["<t>perfxl 校验</t>", "<t>perfxl 校验&#10;我们看过了</t>", "<t>（规则 C301）</t>", "<t/>", ""],
)
def test_notes_that_only_look_alike_are_left(text: str) -> None:
    found = notes(text)
    assert (found.removed, found.cut, found.left, found.markup.changed) == ([], {}, True, False)


def test_runs_that_are_the_units_keep_their_format() -> None:
    own = '<r><rPr><b/><sz val="20"/></rPr><t xml:space="preserve">注意 </t></r>'
    found = notes(f"{own}<r><t>细节&#10;&#10;{OURS[:20]}</t></r><r><t>{OURS[20:]}</t></r>")
    assert f"<text>{own}<r><t>细节</t></r></text>" in found.markup.result().decode()


def test_a_note_in_which_the_unit_wrote_nothing_is_empty_again() -> None:
    """Excel keeps a note whose text was deleted; ours came below it, in two runs."""
    head, _, rest = OURS.partition("&#10;")
    found = notes(f"<r><t>&#10;&#10;{head}&#10;</t></r><r><t>{rest}</t></r>")
    assert (shown(found), found.removed, list(found.cut)) == ([""], [], [(1, 1)])


def test_our_name_leaves_the_list_of_authors_only_with_our_last_note() -> None:
    both = "<author>某单位</author><author>perfxl</author>"
    mine = OURS.join(("<t>", "</t>"))
    assert "perfxl" not in notes("<t>原</t>", mine, authors=both).markup.result().decode()
    listed = (
        f'<comments xmlns="{MAIN}"><authors>{both}</authors><commentList>'
        f'<comment ref="A1" authorId="0"><text>{mine}</text></comment>'
        '<comment ref="A2" authorId="1"><text><t>留着</t></text></comment></commentList></comments>'
    )
    assert "<author>perfxl</author>" in OurNotes(listed.encode()).markup.result().decode()


@given(before=st.text("甲乙 \n_x<&", max_size=12), after=st.text("丙\n ", max_size=6))
def test_any_text_around_ours_comes_back(before: str, after: str) -> None:
    written = "".join(f"&#{ord(char)};" for char in f"{before}甲\n\n{NOTE}{after}")
    (left,) = shown(notes(f'<t xml:space="preserve">{written}</t>'))
    assert left.replace("_x005F_", "_") == f"{before}甲{after}"


GEOMETRY = st.builds(
    Geometry,
    st.just(()),
    st.dictionaries(st.integers(1, 60), st.integers(1, 90)),
    st.just(64),
    st.integers(8, 40),
)


@given(geometry=GEOMETRY, top=st.integers(0, 40), rows=st.integers(2, 20), into=st.integers(0, 90))
def test_a_box_shrinks_back_to_what_it_was(
    geometry: Geometry, top: int, rows: int, into: int
) -> None:
    bottom = top + rows
    anchor = (2, 15, top, 10, 4, 15, bottom, into % geometry.height(bottom + 1))
    larger, more = grown(geometry, anchor, f"\n{NOTE}")
    assert larger != anchor and more > 0
    assert shrunk(geometry, larger, f"\n{NOTE}") == (anchor, more)


def test_a_box_of_a_program_with_its_own_spacing_comes_back_byte_for_byte() -> None:
    vml = (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office'
        ':office" xmlns:x="urn:schemas-microsoft-com:office:excel">'
        "<v:shape id=\"_x0000_s1025\" style='position:absolute;width:108pt;height:59.25pt'>"
        '<x:ClientData ObjectType="Note"><x:Anchor>\n    1, 15, 0, 2,3 , 15,4 ,  16 </x:Anchor>'
        "<x:Row>0</x:Row><x:Column>0</x:Column></x:ClientData></v:shape></xml>"
    )
    geometry = Geometry((), {}, 64, 20)
    larger = Drawing(vml.encode(), set())
    assert larger.grow(1, 1, f"\n{NOTE}", geometry)
    again = Drawing(larger.result(), set())
    again.shrink(1, 1, f"\n{NOTE}", geometry)
    back = again.left()
    assert back is not None and larger.result() != vml.encode()
    assert back.decode().replace('style="', "style='").replace('pt">', "pt'>") == vml


def test_numbers_without_end_in_a_drawing_are_none() -> None:
    many = "1" * 10**6
    vml = (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office'
        f':office" xmlns:x="urn:schemas-microsoft-com:office:excel"><o:idmap data="1,{many}"/>'
        f'<v:shape id="s" style="height:60pt"><x:ClientData ObjectType="Note"><x:Anchor>1,{many}'
        "</x:Anchor><x:Row>0</x:Row><x:Column>0</x:Column></x:ClientData></v:shape></xml>"
    )
    drawing = Drawing(vml.encode(), blocks_of(vml.encode()))
    assert drawing.grow(1, 1, NOTE, Geometry((), {}, 64, 20))
    assert f",{many}</x:Anchor>" in drawing.result().decode()


def test_form_controls_keep_the_drawing_that_our_notes_shared(tmp_path: Path) -> None:
    vml = (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office'
        ':office" xmlns:x="urn:schemas-microsoft-com:office:excel">'
        '<v:shape id="按钮"><x:ClientData ObjectType="Button"/></v:shape></xml>'
    )
    source = handmade(
        tmp_path / "a.xlsx",
        sheet('<row r="1"><c r="A1"/></row>', after='<legacyDrawing r:id="rId5"/>'),
        parts={"xl/drawings/vmlDrawing1.vml": vml},
        types='<Default Extension="vml" ContentType='
        '"application/vnd.openxmlformats-officedocument.vmlDrawing"/>',
        links=f'<Relationship Id="rId5" Type="{OFFICE}/vmlDrawing"'
        ' Target="../drawings/vmlDrawing1.vml"/>',
    )  # fmt: skip
    package = open_package(source)
    once, looks = marked(package, [("表", 1, 1)])
    assert "_x0000_t202" in once.read("xl/drawings/vmlDrawing1.vml").decode()
    was, now = content(package), content(undone(once, looks))
    assert [p for p in was if was[p] != now[p]] == ["xl/styles.xml"] and was.keys() == now.keys()


def test_the_last_box_of_a_full_block_gives_its_block_back() -> None:
    drawing = Drawing(None, {2})
    drawing = Drawing(drawing.result().replace(b'data="3"', b'data="1"'), {1, 2})
    box = place(Geometry((), {}, 64, 20), Range(1, 1, 1, 1), 100, 50)
    for row in range(1, 1024):
        drawing.add(row, 1, box)
    raw = drawing.result()
    full = Drawing(raw, {1, 2})
    full.add(2000, 1, box)
    longer = full.result()
    assert b'data="1,3"' in longer
    again = Drawing(longer, set())
    again.remove(2000, 1)
    assert again.left() == raw


def test_our_part_begins_with_a_bold_line_below_a_blank_one(tmp_path: Path) -> None:
    once, _ = marked(open_package(form(tmp_path / "a.xlsx", notes=True)), [("基础数据表", 4, 2)])
    text = once.read("xl/comments1.xml").decode()
    runs = re.findall(r"<r>.*?</r>", text, re.S)
    assert [bool(re.search("<b/>", run)) for run in runs] == [False, True, False]
    assert "\n\nperfxl 校验\n</t>" in runs[1] and "perfxl：" not in text


@given(text=st.text("甲𠮷a\n", min_size=1, max_size=300), room=st.integers(0, 200))
def test_a_text_that_is_too_long_keeps_its_last_line(text: str, room: int) -> None:
    cut = shortened(text, room)
    assert text_length(cut) <= room
    if text_length(text) <= room:
        assert cut == text
    elif cut:
        assert cut.rpartition("\n")[2] == text.rpartition("\n")[2] and "未全部列出" in cut


def test_a_note_longer_than_excel_keeps_is_cut_and_still_known_as_ours(tmp_path: Path) -> None:
    head, _, tail = NOTE.partition("应为")
    long = f"{head}{'长' * 40_000}\n应为{tail}"
    package = open_package(form(tmp_path / "a.xlsx", notes=True))
    cells = [("基础数据表", 4, 2), ("基础数据表", 4, 5)]
    once, looks = marked(package, cells, long)
    (tmp_path / "b.xlsx").write_bytes(once.data)
    page = loaded(tmp_path / "b.xlsx")["基础数据表"]
    for address in ("B4", "E4"):
        text = page[address].comment.text
        assert text_length(text) <= 32_767 and text.endswith("（规则 C301、V205）")
    clean = undone(once, looks)
    assert clean.read("xl/comments1.xml") == package.read("xl/comments1.xml")


def test_a_note_that_leaves_no_room_gets_nothing_more(tmp_path: Path) -> None:
    comments = (
        f'<comments xmlns="{MAIN}"><authors><author>某</author></authors><commentList><comment'
        f' ref="A1" authorId="0"><text><t>{"满" * 32_760}</t></text></comment></commentList>'
        "</comments>"
    )
    source = handmade(
        tmp_path / "a.xlsx", sheet('<row r="1"><c r="A1"/></row>'),
        parts={"xl/comments1.xml": comments},
        links=f'<Relationship Id="rId3" Type="{OFFICE}/comments" Target="../comments1.xml"/>',
    )  # fmt: skip
    patch = Patch(open_package(source))
    assert not patch.note("表", 1, 1, NOTE)
    assert patch.note("表", 2, 1, NOTE)
