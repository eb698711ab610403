"""The commands as other programs and people's habits rely on them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from perfxl import __version__, cli
from tests import seed_tables, shapes

ROOT = Path(cli.__file__).parent.parent


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clean") / "clean.xlsx"
    shapes.official(seed_tables.clean(), path)
    return path


def test_check_reports_and_writes_a_copy_beside_the_input(here, filled, perfxl):
    shutil.copy(filled, here / "a.xlsx")
    before = (here / "a.xlsx").read_bytes()
    status, out, err = perfxl("check", "a.xlsx")
    assert status == 1 and err == ""
    assert out.splitlines()[-1].startswith("结论：需改正（强制 3，")
    assert "更正稿：a.checked.xlsx" in out
    assert (here / "a.checked.xlsx").is_file()
    assert (here / "a.xlsx").read_bytes() == before


def test_a_clean_workbook_gives_0_and_a_copy_too(here, clean, perfxl):
    shutil.copy(clean, here / "a.xlsx")
    status, out, _ = perfxl("check", "a.xlsx")
    assert status == 0
    assert out.splitlines()[-1].startswith("结论：通过（强制 0，核实 0，")
    assert (here / "a.checked.xlsx").is_file()


def test_no_write_writes_nothing(here, filled, perfxl):
    shutil.copy(filled, here / "a.xlsx")
    perfxl("check", "a.xlsx", "--no-write")
    assert os.listdir(here) == ["a.xlsx"]


def test_copies_of_the_same_name_do_not_meet(here, filled, clean, perfxl):
    for folder, workbook in (("甲", filled), ("乙", clean)):
        (here / folder).mkdir()
        shutil.copy(workbook, here / folder / "表.xlsx")
    _, out, _ = perfxl("check", ".", "-o", "out", "-f", "json")
    corrected = {file["path"]: file["corrected"] for file in json.loads(out)["files"]}
    assert sorted(os.listdir(here / "out")) == ["表-2.checked.xlsx", "表.checked.xlsx"]
    assert len(set(corrected.values())) == 2


def test_a_copy_never_takes_the_place_of_an_input(here, filled, perfxl):
    shutil.copy(filled, here / "a.xlsx")
    shutil.copy(filled, here / "a.checked.xlsx")
    before = (here / "a.checked.xlsx").read_bytes()
    perfxl("check", "a.xlsx", "a.checked.xlsx", "-q")
    assert (here / "a.checked.xlsx").read_bytes() == before
    assert (here / "a-2.checked.xlsx").is_file()


def test_a_folder_is_searched_but_not_for_copies_and_lock_files(here, filled, perfxl):
    (here / "下" / "级").mkdir(parents=True)
    for name in ("下/级/a.xlsx", "下/级/a.checked.xlsx", "下/~$a.xlsx"):
        shutil.copy(filled, here / name)
    _, out, _ = perfxl("check", "下", "--no-write", "-f", "json")
    assert [file["path"] for file in json.loads(out)["files"]] == [str(Path("下/级/a.xlsx"))]


def test_an_unreadable_file_does_not_stop_the_others(here, filled, perfxl):
    shutil.copy(filled, here / "b.xlsx")
    (here / "a.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    status, out, _ = perfxl("check", ".", "-f", "json")
    report = json.loads(out)
    assert status == 1
    assert [file["verdict"] for file in report["files"]] == ["unreadable", "fail"]
    assert report["files"][0]["findings"][0]["code"].startswith("F")
    assert report["files"][0]["corrected"] is None
    assert report["summary"]["unreadable"] == 1


def test_when_nothing_can_be_read_the_status_is_2(here, perfxl):
    (here / "a.xlsx").write_bytes(b"no workbook")
    status, out, _ = perfxl("check", "a.xlsx", "b.xlsx")
    assert status == 2
    assert "2 个不能读取" in out.splitlines()[-1]


@pytest.mark.parametrize(
    "arguments", [("check", ""), ("extract", ""), ("check", "a.xlsx", "-o", "")], ids=" ".join
)
def test_an_empty_path_is_a_mistake_and_not_the_current_folder(here, filled, perfxl, arguments):
    """A script whose variable was not set would mark every workbook below where it runs."""
    shutil.copy(filled, here / "a.xlsx")
    status, out, err = perfxl(*arguments)
    assert (status, out) == (2, "") and "路径是空的" in err
    assert os.listdir(here) == ["a.xlsx"]


def test_an_empty_folder_is_said_and_gives_2(here, perfxl):
    status, out, err = perfxl("check", ".")
    assert (status, out) == (2, "")
    assert "没有工作簿" in err


def test_a_copy_that_cannot_be_written_is_a_finding(here, filled, perfxl):
    shutil.copy(filled, here / "a.xlsx")
    shutil.copy(filled, here / "b.xlsx")
    (here / "a.checked.xlsx").mkdir()
    status, out, _ = perfxl("check", "a.xlsx", "b.xlsx", "-f", "json")
    first, second = json.loads(out)["files"]
    assert status == 1
    assert first["findings"][0]["code"] == "F008" and first["corrected"] is None
    assert second["corrected"] == "b.checked.xlsx"


@pytest.mark.parametrize(
    ("fail_on", "status"), [("error", 0), ("warning", 1), ("note", 1), ("never", 0)]
)
def test_fail_on_sets_what_counts(here, filled, perfxl, fail_on, status):
    found, *_ = perfxl(
        "check", filled, "--no-write", "--fail-on", fail_on, "--select", "S513", "-q"
    )
    assert found == status


def test_select_and_ignore_take_codes_and_letters(filled, perfxl):
    def codes(*arguments: str) -> set[str]:
        _, out, _ = perfxl("check", filled, "--no-write", "-f", "json", *arguments)
        return {finding["code"] for finding in json.loads(out)["files"][0]["findings"]}

    every = codes()
    assert codes("--select", "S") == {code for code in every if code[0] == "S"}
    assert codes("--select", "S509,x") == {code for code in every if code[0] == "X"} | {"S509"}
    assert codes("--ignore", "S", "--ignore", "C335") == {
        code for code in every if code[0] != "S" and code != "C335"
    }


def test_a_verdict_follows_what_was_selected(filled, perfxl):
    status, out, _ = perfxl("check", filled, "--no-write", "--select", "S513", "-f", "json")
    assert status == 0
    assert json.loads(out)["files"][0]["verdict"] == "explain"


def test_the_report_goes_to_a_file_in_any_format(here, filled, perfxl):
    for form, begin in (("json", b"{"), ("csv", b"\xef\xbb\xbf"), ("text", b"/"), ("junit", b"<")):
        _, out, _ = perfxl("check", filled, "--no-write", "-f", form, "--report", "r")
        assert out == ""
        assert (here / "r").read_bytes().startswith(begin)


def test_one_process_and_many_say_the_same(here, filled, clean, perfxl):
    for number in range(3):
        shutil.copy(filled, here / f"{number}.xlsx")
        shutil.copy(clean, here / f"{number}-clean.xlsx")
    one = perfxl("check", ".", "--no-write", "-f", "json", "-j", 1)
    assert perfxl("check", ".", "--no-write", "-f", "json", "-j", 2) == one


def test_a_template_can_be_named_by_id_or_path(filled, perfxl):
    from perfxl.template import find

    for name in ("hunan-2024", find("hunan-2024")):
        assert perfxl("check", filled, "--no-write", "-q", "-t", name)[0] == 1
    status, _, err = perfxl("check", filled, "--no-write", "-t", "hunan-1999")
    assert status == 2 and "hunan-2024" in err


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["chekc"], "没有命令“chekc”"),
        (["check"], "缺少 PATH…"),
        (["check", "a", "--fromat", "json"], "没有选项 --fromat，是不是 --format"),
        (["check", "a", "-f", "xml"], "可用的有：text、json、csv、sarif、junit"),
        (["check", "a", "-j", "0"], "--jobs 的值不对，应是不小于 1 的整数"),
        (["check", "a", "-j", "两个"], "--jobs 的值不对，应是不小于 1 的整数"),
        (["blank", "hunan-2024", "我的", "名册.xlsx"], "多写了 我的、名册.xlsx；"),
        (["template", "lint", "a", "b"], "多写了 b；"),
        (["check", "a", "--select", "C30"], "“C30”不是编码"),
        (["check", "a", "--report"], "--report"),
        (["rules", "C000"], "没有编码为“C000”的规则"),
        (["rules", "-t", "none"], "没有编号为“none”的模板"),
        (["template", "test", "hunan-2024", "C000"], "没有规则 C000 的试例"),
        (["template", "build", "none.md"], "读不了 none.md"),
    ],
)
def test_wrong_usage_is_one_chinese_line_and_2(here, perfxl, line, said):
    status, out, err = perfxl(*line)
    assert (status, out) == (2, "")
    assert said in err and err.count("\n") == 1
    assert "？。" not in err


@pytest.mark.parametrize("line", [["--help"], [], ["check", "--help"], ["template"]])
def test_help_is_in_chinese(perfxl, line):
    status, out, _ = perfxl(*line)
    assert status == 0 and "用法：" in out and "选项" in out


def test_the_version_is_the_packages(perfxl):
    assert perfxl("--version")[1] == f"perfxl {__version__}\n"


def test_rules_lists_all_and_explains_one(perfxl):
    status, out, _ = perfxl("rules")
    assert status == 0 and "C301" in out and "F001" in out
    assert "正例" in perfxl("rules", "c301")[1]
    assert "已加密" in perfxl("rules", "F003")[1]


def test_the_shipped_template_is_listed_shown_linted_and_tested(perfxl):
    assert "hunan-2024" in perfxl("template", "list")[1]
    assert "表 整体" in perfxl("template", "show", "hunan-2024")[1]
    assert perfxl("template", "lint", "hunan-2024")[:2] == (0, "结论：没有问题\n")
    status, out, _ = perfxl("template", "test", "hunan-2024")
    assert status == 0 and out.endswith("0 个与预期不符\n")
    assert "✓ C301  应不通过，得不通过" in perfxl("template", "test", "hunan-2024", "C301")[1]


def test_a_dumped_template_builds_to_one_that_dumps_the_same(here, perfxl):
    perfxl("template", "dump", "hunan-2024", "-o", "a.md")
    assert perfxl("template", "build", "a.md")[0] == 0
    assert perfxl("template", "dump", "a.xlsx")[1] == (here / "a.md").read_text(encoding="utf-8")


def test_a_case_that_does_not_hold_gives_1(here, perfxl):
    perfxl("template", "dump", "hunan-2024", "-o", "a.md")
    text = (here / "a.md").read_text(encoding="utf-8")
    right = "- 不通过：本表.编制数=8；本表.实有人数=7；本表.控制率=85.70%"
    assert right in text
    (here / "a.md").write_text(text.replace(right, right.replace("85.70", "87.50")), "utf-8")
    perfxl("template", "build", "a.md")
    status, out, _ = perfxl("template", "test", "a.xlsx")
    assert status == 1 and "✗ C301  应不通过，得通过" in out


def test_a_fault_of_our_own_is_told_without_a_traceback(perfxl, monkeypatch):
    def broken(*_: object, **__: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr(cli.cli, "main", broken)
    status, out, err = perfxl("check", "a.xlsx")
    assert (status, out) == (2, "") and "Traceback" not in err and "KeyError" in err


def spawn(
    *arguments: object, cwd: Path | None = None, first: Callable[[], object] | None = None
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "perfxl", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        preexec_fn=first,
    )


def test_a_reader_that_leaves_early_hears_no_complaint(filled):
    process = spawn("check", filled, "--no-write")
    assert process.stdout and process.stderr
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(timeout=60) in (0, 1)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT to send")
def test_an_interrupt_ends_quietly_with_130(here, filled):
    (here / "in").mkdir()
    for number in range(300):
        os.link(filled, here / "in" / f"{number}.xlsx")

    def hear_interrupts() -> None:
        # What a shell runs in the background ignores them, and so does all that it starts.
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    process = spawn("check", "in", "-o", "out", "-j", 2, cwd=here, first=hear_interrupts)
    deadline = time.monotonic() + 60
    while not list(here.glob("out/*.xlsx")) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err.strip()) == (130, b"", b"")
