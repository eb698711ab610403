"""Files with odd names are checked, copied, extracted and told of like any other."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest

from perfxl.inputs import find_inputs
from perfxl.package import read_book
from tests.safe_writing.told import files

ODD = [
    "换\n行",
    "引'号\"",
    "-q",
    "--help",
    "😀",
    "空格 ",
    "点.",
    "#1",
    "100%",
    "%41",
    "=1+1",
    "<b>&amp;",
    "\x1b[31m红",
    "\u202e反",
    "长" * 83,
    "x" * 250,
    os.fsdecode(b"\xc4\xe3\xba\xc3"),
    os.fsdecode(b"\xff" * 250),
]


@pytest.fixture
def oddly_named(here: Path, filled: Path) -> Path:
    folder = here / "in"
    folder.mkdir()
    for name in ODD:
        shutil.copy(filled, folder / f"{name}.xlsx")
    (folder / os.fsdecode(b"\xb2\xbb\xca\xc7.xlsx")).write_bytes(b"no workbook")
    return folder


def test_files_with_odd_names_are_checked_and_copied_in_every_format(oddly_named, perfxl):
    for form in ("json", "text", "csv", "sarif", "junit"):
        status, out, err = perfxl("check", "in", "-f", form)
        assert status == 1 and "Traceback" not in err and "出错" not in err, (form, err)
        assert "F000" not in out
        copies = [path for path in oddly_named.iterdir() if ".checked" in path.name]
        assert len(copies) == len(ODD)
        assert all(read_book(path).grids[-1].sheet == "校验结果" for path in copies)
        for path in copies:
            path.unlink()
        if form == "json":
            report = json.loads(out)
            assert report["summary"]["files"] == len(ODD) + 1
            assert sum(bool(file["corrected"]) for file in report["files"]) == len(ODD)
        elif form == "csv":
            rows = list(csv.DictReader(io.StringIO(out.removeprefix("\ufeff"))))
            assert {"in/换\n行.xlsx", "in/=1+1.xlsx"} < {row["文件"] for row in rows}
            assert {"不能读取", "需改正"} == {row["结论"] for row in rows}
        elif form == "sarif":
            artifacts = json.loads(out)["runs"][0]["artifacts"]
            uris = [one["location"]["uri"] for one in artifacts]
            assert all(uri.isascii() and "\n" not in uri for uri in uris)
            told = {os.fsencode(unquote(uri, errors="surrogateescape")) for uri in uris}
            there = {os.fsencode(path) for path in find_inputs(["in"]).files}
            assert told == there
        elif form == "junit":
            assert len(ET.fromstring(out)) == len(ODD) + 1
        else:
            assert "\x1b" not in out and "\u202e" not in out
            assert out.splitlines()[-1].startswith("结论：")


def test_files_with_odd_names_are_extracted_in_every_format(oddly_named, perfxl, here):
    for form in ("json", "csv", "xlsx"):
        status, _, err = perfxl("extract", "in", "-o", f"全部.{form}")
        assert status == 0 and "Traceback" not in err and "出错" not in err, (form, err)
        assert (here / f"全部.{form}").stat().st_size > 1000
    assert len(json.loads((here / "全部.json").read_text("utf-8"))["files"]) == len(ODD) + 1


def test_an_oddly_named_file_that_cannot_be_copied_is_told(here, filled, perfxl):
    name = os.fsdecode(b"\xc4\xe3\n.xlsx")
    shutil.copy(filled, here / name)
    (here / name.replace(".xlsx", ".checked.xlsx")).mkdir()
    for form in ("json", "text", "csv", "sarif", "junit"):
        status, out, err = perfxl("check", ".", "-f", form)
        assert status == 1 and "F008" in out and "Traceback" not in err and "出错" not in err


def test_a_name_that_begins_with_a_dash_can_be_named(here, filled, perfxl):
    shutil.copy(filled, here / "-q.xlsx")
    status, out, _ = perfxl("check", "-f", "json", "--", "-q.xlsx")
    assert status == 1 and files(out)["-q.xlsx"]["corrected"] == "-q.checked.xlsx"
