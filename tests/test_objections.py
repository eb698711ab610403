"""Those who judge what perfxl writes: harm that makes Excel repair a workbook is noticed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.clients import breaches, needs_validator
from tests.lossless import annexes
from tests.lossless.annexes import OVERALL
from tests.lossless.parts import BOOK, SPREADSHEET, TYPES, Parts
from tests.objections import objections

STYLES, LINKS_OF_BOOK = "xl/styles.xml", "xl/_rels/workbook.xml.rels"
CELL = r'(<c r="C4"[^>]*?)(?: t="\w+")?(?:/>|>.*?</c>)'
TITLE = "字" * 33
PROMPT = "字" * 256
ONE_RULE = (
    '<dataValidations count="1"><dataValidation type="whole" sqref="A1" {}>'
    "<formula1>1</formula1></dataValidation></dataValidations>"
)
TWO_NAMES = "".join(f'<definedName name="{one}">1</definedName>' for one in ("甲_a", "甲_A"))
SHEET_2 = '<Override PartName="/xl/worksheets/sheet2.xml"[^>]*>'

OF_THE_SCHEMA: dict[str, tuple[str, str, str]] = {
    "children of a sheet in another order": (
        OVERALL, "(<sheetData>.*</sheetData>)(.*?)(<mergeCells.*</mergeCells>)", r"\3\1\2"),
    "a list twice": (OVERALL, "</sheetData>", "</sheetData><sheetData/>"),
    "an element that is not known": (OVERALL, "</sheetData>", "<row2/></sheetData>"),
    "a kind of cell that is not known": (OVERALL, 't="s"', 't="zz"'),
    "a link that leads nowhere": (OVERALL, "(<pageMargins)", r'<drawing r:id="rId99"/>\1'),
    "two sheets of one name": (BOOK, 'name="附件3"', 'name="附件2"'),
    "two sheets of one number": (BOOK, 'sheetId="2"', 'sheetId="1"'),
    "children of the styles in another order": (
        STYLES, "(<fills.*</fills>)(.*</cellXfs>)", r"\2\1"),
    "a part that is not there": (LINKS_OF_BOOK, "worksheets/sheet2.xml", "worksheets/s2.xml"),
}  # fmt: skip
OF_EXCEL: dict[str, tuple[str, str, str]] = {
    "a format out of range": (OVERALL, r'<c r="(\w+)" s="\d+"', r'<c r="\1" s="9999"'),
    "a font out of range": (STYLES, r'(<cellXfs.*?fontId=")\d+', r"\g<1>999"),
    "a fill out of range": (STYLES, r'(<cellXfs.*?fillId=")\d+', r"\g<1>999"),
    "a text out of range": (OVERALL, r'(<c r="\w+" s="\d+" t="s"><v>)\d+', r"\g<1>99999"),
    "letters for a number": (OVERALL, CELL, r"\1><v>abc</v></c>"),
    "a text too long": (OVERALL, CELL, rf'\1 t="inlineStr"><is><t>{"字" * 32768}</t></is></c>'),
    "a formula too long": (OVERALL, CELL, rf"\1><f>{'1+' * 4096}1</f></c>"),
    "rows out of order": (OVERALL, '<row r="3"', '<row r="99"'),
    "cells out of order": (OVERALL, '<c r="C4"', '<c r="ZZ4"'),
    "a cell twice": (OVERALL, '<c r="C4"', '<c r="B4"'),
    "merges that overlap": (OVERALL, "(<mergeCells[^>]*>)", r'\1<mergeCell ref="A1:B40"/>'),
    "a prompt too long": (
        OVERALL, "(<pageMargins)", ONE_RULE.format(f'prompt="{PROMPT}"') + r"\1"),
    "a prompt's title too long": (
        OVERALL, "(<pageMargins)", ONE_RULE.format(f'promptTitle="{TITLE}"') + r"\1"),
    "a footer too long": (
        OVERALL, r"(<pageSetup[^>]*/>)",
        rf"\1<headerFooter><oddFooter>{PROMPT}</oddFooter></headerFooter>"),
    "a conditional format's look out of range": (
        OVERALL, "(<pageMargins)",
        r'<conditionalFormatting sqref="A1"><cfRule type="expression" dxfId="99" priority="1">'
        r"<formula>1</formula></cfRule></conditionalFormatting>\1"),
    "a sheet's name too long": (BOOK, 'name="附件3"', f'name="{TITLE}"'),
    "a sheet's name that is none": (BOOK, 'name="附件3"', 'name="a/b"'),
    "two names but for case": (
        BOOK, "(<calcPr)", rf"<definedNames>{TWO_NAMES}</definedNames>\1"),
    "a name of no sheet": (
        BOOK, "(<calcPr)",
        r'<definedNames><definedName name="a_b" localSheetId="9">1</definedName></definedNames>\1'),
    "a sheet in front that is not there": (BOOK, "<workbookView", '<workbookView activeTab="9"'),
    "a sheet that is not declared": (TYPES, SHEET_2, ""),
    "a sheet declared as something else": (
        TYPES, SHEET_2, f'<Override PartName="/xl/worksheets/sheet2.xml"'
        f' ContentType="{SPREADSHEET}.styles+xml"/>'),
    "a part declared twice": (TYPES, f"({SHEET_2})", r"\1\1"),
}  # fmt: skip


def harmed(harm: tuple[str, str, str], folder: Path) -> Path:
    part, pattern, to = harm
    parts = Parts.of(annexes.plain())
    parts.sub(part, pattern, to)
    parts.write(folder / "harmed.xlsx")
    return folder / "harmed.xlsx"


def test_nothing_is_said_against_a_sound_workbook(tmp_path: Path):
    path = tmp_path / "sound.xlsx"
    path.write_bytes(annexes.plain())
    assert objections(path) == []


@needs_validator
@pytest.mark.parametrize("harm", OF_THE_SCHEMA)
def test_what_the_schema_forbids_is_noticed_by_the_validator(harm: str, tmp_path: Path):
    assert breaches(harmed(OF_THE_SCHEMA[harm], tmp_path))


@pytest.mark.parametrize("harm", OF_EXCEL)
def test_what_only_excel_repairs_is_noticed_by_our_own_rules(
    harm: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("tests.objections.VALIDATOR", False)
    assert objections(harmed(OF_EXCEL[harm], tmp_path))


def test_notes_without_an_author_or_twice_on_a_cell_are_noticed(tmp_path: Path):
    parts = Parts.of(annexes.workbook(lambda _, sheets: sheets["附件3"].write_comment("B3", "注")))
    note = next(name for name in parts if name.startswith("xl/comments"))
    one = re.search(rb"<comment .*</comment>", parts[note], re.S)
    assert one
    for times, author in ((2, b"0"), (1, b"7")):
        wrong = one[0].replace(b'authorId="0"', b'authorId="%s"' % author) * times
        told = Parts(parts | {note: parts[note].replace(one[0], wrong)})
        told.write(tmp_path / "told.xlsx")
        assert any(note in said for said in objections(tmp_path / "told.xlsx"))


def test_only_what_was_not_there_before_counts(tmp_path: Path):
    path = harmed(OF_EXCEL["a sheet that is not declared"], tmp_path)
    assert objections(path) and objections(path, original=path) == []
