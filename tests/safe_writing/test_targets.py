"""What may not be replaced stays as it is, is told, and the other files go on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from perfxl import batch, cli
from tests.safe_writing.told import files, refusals
from tests.test_writing import mounted


def test_on_a_full_disk_each_file_is_told_and_the_others_go_on(here, filled, perfxl):
    for name in ("a", "b"):
        shutil.copy(filled, here / f"{name}.xlsx")
    with mounted(here / "盘", "-o", "size=64k") as disk:
        (disk / "占").write_bytes(bytes(40_000))
        shutil.copy(filled, disk / "c.xlsx")
        status, out, _ = perfxl("check", "a.xlsx", disk / "c.xlsx", "b.xlsx", "-f", "json")
        assert sorted(os.listdir(disk)) == ["c.xlsx", "占"]
        assert (disk / "c.xlsx").read_bytes() == filled.read_bytes()
    found = files(out)
    assert status == 1
    assert found["a.xlsx"]["corrected"] and found["b.xlsx"]["corrected"]
    (told,) = refusals(found["c.xlsx"])
    assert found["c.xlsx"]["corrected"] is None
    assert "c.checked.xlsx" in told and "空间不足" in told


def test_whatever_a_target_is_the_other_files_go_on(here, filled, perfxl):
    for name in ["文件夹", "链接", "断链", "只读", "打开", "好"]:
        shutil.copy(filled, here / f"{name}.xlsx")
    (here / "文件夹.checked.xlsx").mkdir()
    ours = here / "好.checked.xlsx"
    assert perfxl("check", "好.xlsx")[0] == 1
    (here / "别处").mkdir()
    shutil.copy(ours, here / "别处" / "稿.xlsx")
    (here / "链接.checked.xlsx").symlink_to("别处/稿.xlsx")
    (here / "断链.checked.xlsx").symlink_to("没有")
    for name in ("只读", "打开"):
        shutil.copy(ours, here / f"{name}.checked.xlsx")
    (here / "只读.checked.xlsx").chmod(0o444)
    (here / "~$打开.checked.xlsx").touch()
    before = {path: path.read_bytes() for path in here.rglob("*") if path.is_file()}

    status, out, err = perfxl("check", ".", "-f", "json")

    found = files(out)
    assert status == 1 and "Traceback" not in err
    for name, words in (
        ("文件夹", "是文件夹"),
        ("链接", "链接"),
        ("断链", "链接"),
        ("只读", "只读"),
        ("打开", "打开"),
    ):
        (told,) = refusals(found[f"{name}.xlsx"])
        assert words in told and f"{name}.checked.xlsx" in told
        assert found[f"{name}.xlsx"]["corrected"] is None
        assert found[f"{name}.xlsx"]["verdict"] == "fail"
    assert found["好.xlsx"]["corrected"] == "好.checked.xlsx"
    assert {path: path.read_bytes() for path in before} == before
    assert not [path for path in here.iterdir() if path.name.startswith(".")]


def test_a_target_that_another_program_holds_is_told(here, filled, perfxl, monkeypatch):
    """What Windows answers when Excel has the copy open."""
    for name in ("a", "b"):
        shutil.copy(filled, here / f"{name}.xlsx")
    true_replace = os.replace

    def replace(source: str, target: str) -> None:
        if Path(target).name == "a.checked.xlsx":
            raise PermissionError(13, "The process cannot access the file")
        true_replace(source, target)

    monkeypatch.setattr(os, "replace", replace)
    status, out, _ = perfxl("check", ".", "-j", 1, "-f", "json")
    found = files(out)
    assert status == 1 and found["b.xlsx"]["corrected"]
    (told,) = refusals(found["a.xlsx"])
    assert "a.checked.xlsx" in told and "打开" in told and "关闭" in told
    assert sorted(os.listdir(here)) == ["a.xlsx", "b.checked.xlsx", "b.xlsx"]


def test_an_input_that_is_a_link_is_read_and_its_copy_lies_beside_the_link(here, filled, perfxl):
    (here / "原").mkdir()
    shutil.copy(filled, here / "原" / "真.xlsx")
    (here / "链.xlsx").symlink_to("原/真.xlsx")
    status, out, _ = perfxl("check", "链.xlsx", "-f", "json")
    assert status == 1 and files(out)["链.xlsx"]["corrected"] == "链.checked.xlsx"
    assert os.listdir(here / "原") == ["真.xlsx"]
    assert (here / "链.xlsx").is_symlink() and not (here / "链.checked.xlsx").is_symlink()


def test_no_input_is_harmed_by_a_second_name_of_it(here, filled, perfxl):
    """a's copy would take the name under which b, and a itself, can be reached too."""
    for name in ("a", "b"):
        shutil.copy(filled, here / f"{name}.xlsx")
    (here / "a.checked.xlsx").hardlink_to(here / "b.xlsx")
    (here / "b.checked.xlsx").hardlink_to(here / "b.xlsx")
    status, out, _ = perfxl("check", "a.xlsx", "b.xlsx", "-f", "json")
    assert status == 1
    assert [file["corrected"] for file in files(out).values()] == [
        "a-2.checked.xlsx",
        "b-2.checked.xlsx",
    ]
    for name in ("a.xlsx", "b.xlsx", "a.checked.xlsx", "b.checked.xlsx"):
        assert (here / name).read_bytes() == filled.read_bytes()


@pytest.mark.parametrize("way", ["a.xlsx", "./a.xlsx", "甲/../a.xlsx", "A.xlsx"])
def test_a_report_never_takes_the_place_of_a_file_that_was_named(here, filled, perfxl, way):
    (here / "甲").mkdir()
    shutil.copy(filled, here / "a.xlsx")
    status, out, err = perfxl("check", "a.xlsx", "-f", "json", "--report", way)
    assert (status, out) == (2, "") and "原件从不改动" in err
    assert (here / "a.xlsx").read_bytes() == filled.read_bytes()
    assert sorted(os.listdir(here)) == ["a.xlsx", "甲"]


def test_a_template_never_takes_the_place_of_what_it_is_made_from(here, perfxl):
    assert perfxl("template", "dump", "hunan-2024", "-o", "a.md")[0] == 0
    text = (here / "a.md").read_bytes()
    assert perfxl("template", "build", "a.md")[0] == 0
    made = (here / "a.xlsx").read_bytes()
    for line in (("build", "a.md", "-o", "./a.md"), ("dump", "a.xlsx", "-o", "A.xlsx")):
        status, out, err = perfxl("template", *line)
        assert (status, out) == (2, "") and "原件从不改动" in err
    assert (here / "a.md").read_bytes() == text and (here / "a.xlsx").read_bytes() == made


def test_a_report_that_cannot_be_written_is_told_and_leaves_the_old_one(here, filled, perfxl):
    shutil.copy(filled, here / "a.xlsx")
    (here / "r.json").write_text("old")
    (here / "l.json").symlink_to("r.json")
    for target, words in (("没有/r.json", "文件夹不存在"), ("l.json", "链接"), (".", "文件夹")):
        status, out, err = perfxl("check", "a.xlsx", "--no-write", "-f", "json", "--report", target)
        assert (status, out) == (2, "") and words in err and err.count("\n") == 1
    assert (here / "r.json").read_text() == "old"


def test_a_folder_for_copies_that_cannot_be_made_is_told(here, filled, perfxl):
    shutil.copy(filled, here / "a.xlsx")
    (here / "文件").touch()
    for folder in ("文件", "文件/夹", "长" * 90):
        status, out, err = perfxl("check", "a.xlsx", "-o", folder)
        assert (status, out) == (2, "") and folder in err and err.endswith("。\n")
        assert not [char for char in err.replace(folder, "") if "a" <= char.lower() <= "z"]


def test_jobs_know_their_places_before_any_is_written(here, filled):
    shutil.copy(filled, here / "a.xlsx")
    (job,) = batch.jobs_for(["a.xlsx"])
    assert job.target == "a.checked.xlsx" and os.listdir(here) == ["a.xlsx"]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full on this system")
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_screen_that_takes_no_more_is_told_in_words(filled: Path, form: str):
    line = [sys.executable, "-m", "perfxl", "check", str(filled), "--no-write", "-f", form]
    with open("/dev/full", "wb") as full:
        ran = subprocess.run(
            line,
            stdout=full,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(Path(cli.__file__).parent.parent)},
            timeout=60,
        )
    told = ran.stderr.decode()
    assert ran.returncode == 2 and "空间不足" in told and told.count("\n") == 1
