"""A folder that is checked again: perfxl's own files in it are neither read nor doubled."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import openpyxl

from tests.clients import convert, needs_soffice
from tests.safe_writing.told import files


def test_a_folder_checked_again_gives_the_same_and_says_what_it_passed_over(here, filled, perfxl):
    (here / "甲").mkdir()
    for name in ("甲/a", "b"):
        shutil.copy(filled, here / f"{name}.xlsx")
    once = perfxl("check", ".", "-f", "json")
    assert once[2] == ""
    assert perfxl("extract", ".", "-q", "-o", "全部.xlsx")[0] == 0
    assert perfxl("check", ".", "-q", "-f", "csv", "--report", "报告.csv")[0] == 1
    listed = sorted(str(path) for path in here.rglob("*"))

    again = perfxl("check", ".", "-f", "json")

    assert again[:2] == once[:2]
    assert again[2] == "略过 perfxl 自己写出的 4 个文件（更正稿、汇总表）；要读取请写明文件名\n"
    assert sorted(str(path) for path in here.rglob("*")) == listed
    assert perfxl("check", ".", "-q")[2] == ""
    assert json.loads(perfxl("extract", ".", "-q")[1])["files"][0]["path"] == "b.xlsx"


def test_a_folder_checked_again_passes_over_the_copies_in_a_folder_below(here, filled, perfxl):
    (here / "甲").mkdir()
    shutil.copy(filled, here / "甲" / "a.xlsx")
    once = perfxl("check", ".", "-o", "稿", "-f", "json")
    for more in (["-o", "稿"], ["--no-write"]):
        status, out, err = perfxl("check", ".", *more, "-f", "json")
        assert status == 1 and list(files(out)) == ["a.xlsx"] and "1 个文件" in err
    assert files(once[1])["a.xlsx"]["corrected"] == str(Path("稿/a.checked.xlsx"))
    assert os.listdir(here / "稿") == ["a.checked.xlsx"]


@needs_soffice
def test_a_rebuilt_copy_is_known_again_too(here, filled, perfxl):
    for form in ("xls", "ods"):
        (here / form).mkdir()
        convert(filled, form, here / form)
    once = perfxl("check", ".", "-f", "json")
    assert all(file["corrected"] for file in files(once[1]).values())
    listed = sorted(str(path) for path in here.rglob("*"))
    assert len(listed) == 6

    again = perfxl("check", ".", "-f", "json")

    assert again[:2] == once[:2] and "2 个文件" in again[2]
    assert sorted(str(path) for path in here.rglob("*")) == listed


def test_a_copy_that_someone_saved_since_is_neither_read_nor_replaced(here, filled, perfxl):
    shutil.copy(filled, here / "a.xlsx")
    perfxl("check", ".")
    openpyxl.load_workbook("a.checked.xlsx").save("a.checked.xlsx")
    theirs = (here / "a.checked.xlsx").read_bytes()
    for _ in range(2):
        _, out, err = perfxl("check", ".", "-f", "json")
        assert files(out)["a.xlsx"]["corrected"] == "a-2.checked.xlsx"
        assert "a.checked.xlsx在写出之后又保存过" in err
    assert (here / "a.checked.xlsx").read_bytes() == theirs
    assert len(os.listdir(here)) == 3
    assert "a.checked.xlsx" in files(perfxl("check", "a.checked.xlsx", "-f", "json")[1])


def test_only_own_files_in_a_folder_is_told(here, filled, perfxl):
    shutil.copy(filled, here / "a.xlsx")
    perfxl("extract", "a.xlsx", "-q", "-o", "全部.xlsx")
    (here / "a.xlsx").unlink()
    status, out, err = perfxl("check", ".")
    assert (status, out) == (2, "")
    assert "只有 perfxl 自己写出的 1 个" in err
