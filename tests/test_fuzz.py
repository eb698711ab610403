"""A damaged workbook is checked or refused; nothing but a Report ever comes out."""

from __future__ import annotations

import io
import json
import random
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from perfxl import report
from perfxl.batch import Job, check_and_correct
from perfxl.check import check
from perfxl.model import Report

SAMPLE = Path(__file__).parent.parent / "samples" / "hongjiang-2024" / "洪江区总工会.xlsx"
MUTATIONS, PORTIONS = 2000, 8
COPIED = 10
"""Of so many mutations one also gets its corrected copy."""

WHOLE = SAMPLE.read_bytes()
with zipfile.ZipFile(io.BytesIO(WHOLE)) as _package:
    PARTS = {name: _package.read(name) for name in _package.namelist()}
READ = [
    name
    for name in PARTS
    if re.search(r"sheet\d+\.xml$|sharedStrings|styles|workbook|rels$|Content_Types", name)
]
SHEETS = [name for name in READ if "worksheets/sheet" in name]
TEXTS = [name for name in READ if name.endswith("sharedStrings.xml")]

ODD = [
    "", "0", "-1", "1", "1e999", "-1e-300", "nan", "99999999999999999999", "1048577", "XFE1",
    "A0", "A1:", "A1:XFD1048576", "$A$1", "#REF!", "#DIV/0!", "TRUE", "e", "s", "str", "b", "d",
    "inlineStr", "=1+1", "SUM(A:XFD)", "A1", "INDIRECT(A1)", "&#1;", "&amp;", "&undefined;",
    "\ud7ff\uffff", "〇", "Ⅷ", "一百二十", "，", "９８．０５％", "98.05%%", "1/0", "2024-13-40",
    "x" * 5000, "9" * 400, "0." + "1" * 400, "(" * 300, "../../etc", "rId999", "rId1",
    "http://example.org", "xl/workbook.xml",
]  # fmt: skip

DIGITS = ["", "0", "1", "2", "7", "16384", "1048576", "4294967296", "-1", "0.5", "1e9", "9" * 30]


def bytes_changed(fate: random.Random) -> bytes:
    """The file with some bytes changed, lost or doubled, as by a bad disk."""
    data = bytearray(WHOLE)
    for _ in range(fate.choice((1, 1, 3, 20))):
        at = fate.randrange(len(data))
        how = fate.randrange(4)
        if how == 0:
            data[at] = fate.randrange(256)
        elif how == 1:
            data[at] ^= 1 << fate.randrange(8)
        elif how == 2:
            del data[at : at + fate.choice((1, 4, 200))]
        else:
            data[at:at] = data[at : at + fate.choice((1, 4, 200))]
    return bytes(data)


def xml_changed(fate: random.Random) -> bytes:
    """A sound package whose parts say something else, as by a bad or a hostile program."""
    parts = dict(PARTS)
    for _ in range(fate.choice((1, 1, 2, 5))):
        name = fate.choice(READ + 3 * SHEETS + 8 * TEXTS)
        text = parts[name].decode("utf-8", "replace")
        parts[name] = fate.choice(WAYS)(text, fate).encode("utf-8", "replace")
    if fate.random() < 0.05:
        parts.pop(fate.choice(READ))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


_VALUE = re.compile(r'="([^"]*)"')
_TEXT = re.compile(r">([^<]+)<")
_ELEMENT = re.compile(r"<(\w+)\b[^>]*?(?:/>|>[^<]*</\1>)")


def _other_value(text: str, fate: random.Random) -> str:
    return _put(text, _VALUE, 1, lambda old: fate.choice(ODD), fate)


def _other_text(text: str, fate: random.Random) -> str:
    return _put(text, _TEXT, 1, lambda old: fate.choice(ODD), fate)


def _other_digits(text: str, fate: random.Random) -> str:
    return _put(text, re.compile(r"\d+"), 0, lambda old: fate.choice(DIGITS), fate)


def _other_name(text: str, fate: random.Random) -> str:
    names = re.findall(r"<(\w+)", text) or ["c"]
    return _put(text, _ELEMENT, 0, lambda old: old.replace(_name(old), fate.choice(names)), fate)


def _lost(text: str, fate: random.Random) -> str:
    return _put(text, _ELEMENT, 0, lambda old: "", fate)


def _doubled(text: str, fate: random.Random) -> str:
    return _put(text, _ELEMENT, 0, lambda old: old * fate.choice((2, 3, 50)), fate)


def _cut(text: str, fate: random.Random) -> str:
    return text[: fate.randrange(len(text) + 1)]


def _name(element: str) -> str:
    return re.findall(r"\w+", element)[0]


def _put(
    text: str,
    wanted: re.Pattern[str],
    group: int,
    new: Callable[[str], str],
    fate: random.Random,
) -> str:
    found = list(wanted.finditer(text))
    if not found:
        return text
    begin, end = fate.choice(found).span(group)
    return text[:begin] + new(text[begin:end]) + text[end:]


WAYS: list[Callable[[str, random.Random], str]] = [
    *[_other_text] * 6, *[_other_digits] * 4, *[_other_value] * 3, *[_lost] * 2,
    *[_doubled] * 2, _other_name, _cut,
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("portion", range(PORTIONS))
def test_only_reports_come_out(portion: int, tmp_path: Path):
    path = tmp_path / "a.xlsx"
    read = 0
    for number in range(portion, MUTATIONS, PORTIONS):
        fate = random.Random(number)
        path.write_bytes((bytes_changed, xml_changed, xml_changed)[number % 3](fate))
        if number % COPIED:
            found = check(path)
        else:
            found = check_and_correct(Job(str(path), str(tmp_path / "a.checked.xlsx")))
        assert isinstance(found, Report), number
        read += found.verdict != "unreadable"
        codes = {finding.code for finding in found.findings}
        assert "F000" not in codes, (number, found.findings)
        assert (found.verdict == "unreadable") <= bool(codes), number
        json.loads(report.render("json", [found]).encode())
    assert read > MUTATIONS / PORTIONS / 5, "damage must get past the reader"
