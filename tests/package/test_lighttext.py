"""Cells that write in a light colour get a dark tint, so that their text stays legible."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from perfxl.package import open_package
from perfxl.package.colours import colour_token, colour_xml, is_light
from perfxl.package.patch import Patch
from tests.package.samples import MAIN, OFFICE, handmade, loaded, parts, sheet

LIGHT, DARK = "FFC7CE", "9C0006"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
THEME = (
    f'<a:theme xmlns:a="{DRAWING}"><a:themeElements><a:clrScheme name="o">'
    '<a:dk1><a:sysClr val="windowText" lastClr="000000"/></a:dk1>'
    '<a:lt1><a:sysClr val="window" lastClr="FFFFFF"/></a:lt1>'
    '<a:dk2><a:srgbClr val="44546A"/></a:dk2><a:lt2><a:srgbClr val="E7E6E6"/></a:lt2>'
    '<a:accent1><a:srgbClr val="4472C4"/></a:accent1></a:clrScheme></a:themeElements></a:theme>'
)


def filled(path: Path, color: str, *, theme: bool = True, more: str = "") -> str:
    """The fill of a cell whose font has that colour."""
    styles = (
        f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/>{color}</font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/>'
        '</borders><cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
        f"</cellXfs>{more}</styleSheet>"
    )
    source = handmade(
        path / "a.xlsx", sheet('<row r="1"><c r="A1"><v>1</v></c></row>'), styles=styles,
        parts={"xl/theme/theme1.xml": THEME} if theme else {},
        book_links=f'<Relationship Id="rId7" Type="{OFFICE}/theme" Target="theme/theme1.xml"/>',
    )  # fmt: skip
    patch = Patch(open_package(source))
    patch.fill("表", 1, 1, LIGHT, DARK)
    patch.save(path / "b.xlsx")
    styles = parts(path / "b.xlsx")["xl/styles.xml"].decode()
    (fill,) = re.findall(r'fgColor rgb="FF(\w+)"', styles)
    return fill


@pytest.mark.parametrize(
    ("color", "fill"),
    [
        ("", LIGHT),
        ('<color auto="1"/>', LIGHT),
        ('<color rgb="FF000000"/>', LIGHT),
        ('<color rgb="FFFF0000"/>', LIGHT),
        ('<color rgb="FFFFFFFF"/>', DARK),
        ('<color rgb="FFFFFF00"/>', DARK),
        ('<color theme="1"/>', LIGHT),
        ('<color theme="0"/>', DARK),
        ('<color theme="0" tint="-0.499984740745262"/>', LIGHT),
        ('<color theme="4"/>', LIGHT),
        ('<color theme="4" tint="0.79998168889431442"/>', DARK),
        ('<color theme="99"/>', LIGHT),
        ('<color indexed="9"/>', DARK),
        ('<color indexed="8"/>', LIGHT),
        ('<color indexed="64"/>', LIGHT),
        ('<color indexed="65"/>', DARK),
        ('<color rgb="bad"/>', LIGHT),
    ],
)
def test_the_tint_follows_the_colour_of_the_text(tmp_path: Path, color: str, fill: str) -> None:
    assert filled(tmp_path, color) == fill


def test_without_a_theme_white_is_still_white(tmp_path: Path) -> None:
    assert filled(tmp_path, '<color theme="0"/>', theme=False) == DARK


def test_the_workbooks_own_palette_counts(tmp_path: Path) -> None:
    own = '<colors><indexedColors><rgbColor rgb="00FFFFFF"/></indexedColors></colors>'
    assert filled(tmp_path, '<color indexed="0"/>', more=own) == DARK
    assert filled(tmp_path, '<color indexed="0"/>') == LIGHT


def test_one_tint_is_used_on_every_text_where_no_other_is_given(tmp_path: Path) -> None:
    source = handmade(tmp_path / "a.xlsx", sheet('<row r="1"><c r="A1"/></row>'))
    patch = Patch(open_package(source))
    patch.fill("表", 1, 1, LIGHT)
    patch.save(tmp_path / "b.xlsx")
    assert loaded(tmp_path / "b.xlsx")["表"]["A1"].fill.fgColor.rgb[2:] == LIGHT


@pytest.mark.parametrize(
    "token", ["-", "auto", "rgb:FFC7CE00", "theme:4:-0.25", "theme:10", "indexed:64:0.5"]
)
def test_a_colour_word_gives_the_colour_back(token: str) -> None:
    written = colour_xml("c", token)
    given = {k.encode(): v for k, v in re.findall(r'(\w+)="([^"]*)"', written)}
    assert colour_token(given or None) == token


@pytest.mark.parametrize("token", ["", "rgb:12", 'rgb:"/><x', "theme:4:1e99999", "auto:1", "x"])
def test_other_words_are_no_colours(token: str) -> None:
    with pytest.raises(ValueError, match="not a colour"):
        colour_xml("c", token)
    assert not is_light(token, tuple, tuple)
