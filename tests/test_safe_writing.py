"""Whatever goes wrong while results are written, every file is as before or as it should be."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import resource
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest

import perfxl
from perfxl import batch, cli, writing
from perfxl.inputs import find_inputs
from perfxl.model import Report
from perfxl.package import read_book
from tests import seed_tables, shapes
from tests.clients import convert, needs_soffice
from tests.test_writing import in_a_child, mounted

OLD = b"old" * 30_000


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("filled") / "a.xlsx"
    shapes.official(seed_tables.seed(), path)
    return path


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes]):  # type: ignore[no-untyped-def]
    """Run a command line in this process: its status, standard output and standard error."""

    def run(*arguments: object) -> tuple[int, str, str]:
        status = cli.run([str(argument) for argument in arguments])
        out, err = capfdbinary.readouterr()
        return status, out.decode(), err.decode()

    return run


def files(out: str) -> dict[str, dict[str, object]]:
    return {Path(file["path"]).name: file for file in json.loads(out)["files"]}


def refusals(file: dict[str, object]) -> list[str]:
    findings = file["findings"]
    assert isinstance(findings, list)
    return [one["message"] for one in findings if one["code"] == "F008"]


class Ground:
    """A workbook with known mistakes, what its copy must be, and the copy's place."""

    def __init__(self, folder: Path, source: Path, old: bytes | None):
        self.folder, self.old = folder, old
        self.input, self.target = folder / "甲.xlsx", folder / "甲.checked.xlsx"
        shutil.copy(source, self.input)
        self.content = source.read_bytes()
        self.stamp = self.input.stat().st_mtime_ns
        self.report: Report = perfxl.check(self.input)
        perfxl.correct(self.report, self.target)
        self.new = self.target.read_bytes()
        self.reset()

    def reset(self) -> None:
        for path in self.folder.iterdir():
            if path != self.input:
                path.unlink()
        if self.old is not None:
            self.target.write_bytes(self.old)

    def write(self) -> None:
        perfxl.correct(self.report, self.target)

    def trickle(self) -> None:
        """Write the same in many small pieces."""
        writing._BLOCK = 64
        pieces = (self.new[at : at + 64] for at in range(0, len(self.new), 64))
        writing.write_whole(self.target, pieces)

    def state(self) -> str:
        """What the target is; the input must be as it was, and the rest hidden."""
        assert self.input.read_bytes() == self.content
        assert self.input.stat().st_mtime_ns == self.stamp
        left = {path.name for path in self.folder.iterdir()} - {"甲.xlsx", "甲.checked.xlsx"}
        assert all(name.startswith(".perfxl-") and name.endswith(".tmp") for name in left), left
        assert len(left) <= 1
        read = find_inputs([self.folder]).files
        assert {Path(path).name for path in read} <= {"甲.xlsx", "甲.checked.xlsx"}
        if not self.target.exists():
            return "absent"
        found = self.target.read_bytes()
        assert found in (self.old, self.new), f"{len(found)} bytes"
        return "new" if found == self.new else "old"

    def leftover(self) -> bool:
        return any(path.name.startswith(".") for path in self.folder.iterdir())

    def recovers(self) -> None:
        """The next writing gives the whole copy and clears up."""
        self.write()
        assert self.state() == "new" and not self.leftover()


@pytest.fixture(params=[None, OLD], ids=["no copy yet", "a copy to replace"])
def ground(request: pytest.FixtureRequest, tmp_path: Path, filled: Path) -> Ground:
    return Ground(tmp_path, filled, request.param)


def test_the_copy_that_the_kill_tests_look_for_is_whole(ground: Ground):
    ground.write()
    assert ground.state() == "new"
    assert read_book(ground.target).grids[-1].sheet == "校验结果"


KILLS = 50


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("way", ["correct", "write"])
def test_killed_at_random_moments_of_writing_nothing_is_lost_or_half_written(
    tmp_path: Path, filled: Path, record_property: Callable[[str, object], None], way: str
):
    """50 processes that correct, or do nothing but write, are killed after 0 to 30 ms each."""
    dice = random.Random(20241231)
    grounds = []
    for name, old in (("无", None), ("有", OLD)):
        (tmp_path / name).mkdir()
        grounds.append(Ground(tmp_path / name, filled, old))
    states: dict[str, int] = {}
    torn = 0
    for number in range(KILLS):
        ground = grounds[number % 2]
        ground.reset()
        _kill_while(ground.write if way == "correct" else ground.trickle, dice.uniform(0, 0.03))
        state = ground.state()
        states[state] = states.get(state, 0) + 1
        torn += ground.leftover()
    for ground in grounds:
        ground.recovers()
    assert sum(states.values()) == KILLS
    assert len(states) > 1, states
    assert torn or way == "correct", "not one was killed in the middle of a file"
    record_property("kills", {**states, "in the middle of a file": torn})


def _kill_while(work: Callable[[], object], after: float) -> None:
    """Kill a process that does the work over and over, so long after it began."""
    begun, tell = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.write(tell, b".")
            while True:
                work()
        finally:
            os._exit(1)
    try:
        assert select.select([begun], [], [], 20)[0]
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
    finally:
        os.waitpid(child, 0)
        os.close(begun)
        os.close(tell)


STEPS = ("open", "lstat", "fstat", "stat", "write", "fsync", "replace", "close", "unlink")


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_each_call_of_the_system_nothing_is_lost_or_half_written(
    ground: Ground, when: str
):
    """The process ends before, or after, its first call, its second, and so on."""

    def write_until(last: int) -> None:
        calls = 0

        def counted(true: Callable[..., object]) -> Callable[..., object]:
            def call(*given: object, **named: object) -> object:
                nonlocal calls
                calls += 1
                if calls == last and when == "before":
                    os._exit(9)
                try:
                    return true(*given, **named)
                finally:
                    if calls == last:
                        os._exit(9)

            return call

        for step in STEPS:
            setattr(os, step, counted(getattr(os, step)))
        assert writing.fcntl is not None
        writing.fcntl.flock = counted(writing.fcntl.flock)
        ground.write()

    reached, states = 0, []
    while True:
        ground.reset()
        status = in_a_child(lambda last=reached + 1: write_until(last))
        states.append(ground.state())
        if status == 0:
            break
        assert status == 9
        reached += 1
        ground.recovers()
    assert reached >= 10
    first = "absent" if ground.old is None else "old"
    turn = states.index("new")
    assert states == [first] * turn + ["new"] * (len(states) - turn) and turn > 5


def test_killed_at_each_part_of_the_file_nothing_is_lost_or_half_written(ground: Ground):
    """The system kills the process as soon as its file has so many bytes."""

    def write_at_most(size: int) -> None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        ground.write()

    whole = len(ground.new)
    for size in (0, 1, 100, *range(1000, whole, whole // 12), whole - 1):
        ground.reset()
        assert in_a_child(lambda size=size: write_at_most(size)) == -signal.SIGXFSZ
        assert ground.state() == ("absent" if ground.old is None else "old")
        assert ground.leftover()
        ground.recovers()
    ground.reset()
    assert in_a_child(lambda: write_at_most(whole)) == 0
    assert ground.state() == "new"


def test_on_a_full_disk_each_file_is_told_and_the_others_go_on(here, filled, run):
    for name in ("a", "b"):
        shutil.copy(filled, here / f"{name}.xlsx")
    with mounted(here / "盘", "-o", "size=64k") as disk:
        (disk / "占").write_bytes(bytes(40_000))
        shutil.copy(filled, disk / "c.xlsx")
        status, out, _ = run("check", "a.xlsx", disk / "c.xlsx", "b.xlsx", "-f", "json")
        assert sorted(os.listdir(disk)) == ["c.xlsx", "占"]
        assert (disk / "c.xlsx").read_bytes() == filled.read_bytes()
    found = files(out)
    assert status == 1
    assert found["a.xlsx"]["corrected"] and found["b.xlsx"]["corrected"]
    (told,) = refusals(found["c.xlsx"])
    assert found["c.xlsx"]["corrected"] is None
    assert "c.checked.xlsx" in told and "空间不足" in told


def test_whatever_a_target_is_the_other_files_go_on(here, filled, run):
    for name in ["文件夹", "链接", "断链", "只读", "打开", "好"]:
        shutil.copy(filled, here / f"{name}.xlsx")
    (here / "文件夹.checked.xlsx").mkdir()
    ours = here / "好.checked.xlsx"
    assert run("check", "好.xlsx")[0] == 1
    (here / "别处").mkdir()
    shutil.copy(ours, here / "别处" / "稿.xlsx")
    (here / "链接.checked.xlsx").symlink_to("别处/稿.xlsx")
    (here / "断链.checked.xlsx").symlink_to("没有")
    for name in ("只读", "打开"):
        shutil.copy(ours, here / f"{name}.checked.xlsx")
    (here / "只读.checked.xlsx").chmod(0o444)
    (here / "~$打开.checked.xlsx").touch()
    before = {path: path.read_bytes() for path in here.rglob("*") if path.is_file()}

    status, out, err = run("check", ".", "-f", "json")

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


def test_a_target_that_another_program_holds_is_told(here, filled, run, monkeypatch):
    """What Windows answers when Excel has the copy open."""
    for name in ("a", "b"):
        shutil.copy(filled, here / f"{name}.xlsx")
    true_replace = os.replace

    def replace(source: str, target: str) -> None:
        if Path(target).name == "a.checked.xlsx":
            raise PermissionError(13, "The process cannot access the file")
        true_replace(source, target)

    monkeypatch.setattr(os, "replace", replace)
    status, out, _ = run("check", ".", "-j", 1, "-f", "json")
    found = files(out)
    assert status == 1 and found["b.xlsx"]["corrected"]
    (told,) = refusals(found["a.xlsx"])
    assert "a.checked.xlsx" in told and "打开" in told and "关闭" in told
    assert sorted(os.listdir(here)) == ["a.xlsx", "b.checked.xlsx", "b.xlsx"]


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


def test_files_with_odd_names_are_checked_and_copied_in_every_format(oddly_named, run):
    for form in ("json", "text", "csv", "sarif", "junit"):
        status, out, err = run("check", "in", "-f", form)
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


def test_files_with_odd_names_are_extracted_in_every_format(oddly_named, run, here):
    for form in ("json", "csv", "xlsx"):
        status, _, err = run("extract", "in", "-o", f"全部.{form}")
        assert status == 0 and "Traceback" not in err and "出错" not in err, (form, err)
        assert (here / f"全部.{form}").stat().st_size > 1000
    assert len(json.loads((here / "全部.json").read_text("utf-8"))["files"]) == len(ODD) + 1


def test_an_oddly_named_file_that_cannot_be_copied_is_told(here, filled, run):
    name = os.fsdecode(b"\xc4\xe3\n.xlsx")
    shutil.copy(filled, here / name)
    (here / name.replace(".xlsx", ".checked.xlsx")).mkdir()
    for form in ("json", "text", "csv", "sarif", "junit"):
        status, out, err = run("check", ".", "-f", form)
        assert status == 1 and "F008" in out and "Traceback" not in err and "出错" not in err


def test_a_name_that_begins_with_a_dash_can_be_named(here, filled, run):
    shutil.copy(filled, here / "-q.xlsx")
    status, out, _ = run("check", "-f", "json", "--", "-q.xlsx")
    assert status == 1 and files(out)["-q.xlsx"]["corrected"] == "-q.checked.xlsx"


def test_an_input_that_is_a_link_is_read_and_its_copy_lies_beside_the_link(here, filled, run):
    (here / "原").mkdir()
    shutil.copy(filled, here / "原" / "真.xlsx")
    (here / "链.xlsx").symlink_to("原/真.xlsx")
    status, out, _ = run("check", "链.xlsx", "-f", "json")
    assert status == 1 and files(out)["链.xlsx"]["corrected"] == "链.checked.xlsx"
    assert os.listdir(here / "原") == ["真.xlsx"]
    assert (here / "链.xlsx").is_symlink() and not (here / "链.checked.xlsx").is_symlink()


def test_no_input_is_harmed_by_a_second_name_of_it(here, filled, run):
    """a's copy would take the name under which b, and a itself, can be reached too."""
    for name in ("a", "b"):
        shutil.copy(filled, here / f"{name}.xlsx")
    (here / "a.checked.xlsx").hardlink_to(here / "b.xlsx")
    (here / "b.checked.xlsx").hardlink_to(here / "b.xlsx")
    status, out, _ = run("check", "a.xlsx", "b.xlsx", "-f", "json")
    assert status == 1
    assert [file["corrected"] for file in files(out).values()] == [
        "a-2.checked.xlsx",
        "b-2.checked.xlsx",
    ]
    for name in ("a.xlsx", "b.xlsx", "a.checked.xlsx", "b.checked.xlsx"):
        assert (here / name).read_bytes() == filled.read_bytes()


def test_a_folder_checked_again_gives_the_same_and_says_what_it_passed_over(here, filled, run):
    (here / "甲").mkdir()
    for name in ("甲/a", "b"):
        shutil.copy(filled, here / f"{name}.xlsx")
    once = run("check", ".", "-f", "json")
    assert once[2] == ""
    assert run("extract", ".", "-q", "-o", "全部.xlsx")[0] == 0
    assert run("check", ".", "-q", "-f", "csv", "--report", "报告.csv")[0] == 1
    listed = sorted(str(path) for path in here.rglob("*"))

    again = run("check", ".", "-f", "json")

    assert again[:2] == once[:2]
    assert again[2] == "略过 perfxl 自己写出的 4 个文件（更正稿、汇总表）；要读取请写明文件名\n"
    assert sorted(str(path) for path in here.rglob("*")) == listed
    assert run("check", ".", "-q")[2] == ""
    assert json.loads(run("extract", ".", "-q")[1])["files"][0]["path"] == "b.xlsx"


def test_a_folder_checked_again_passes_over_the_copies_in_a_folder_below(here, filled, run):
    (here / "甲").mkdir()
    shutil.copy(filled, here / "甲" / "a.xlsx")
    once = run("check", ".", "-o", "稿", "-f", "json")
    for more in (["-o", "稿"], ["--no-write"]):
        status, out, err = run("check", ".", *more, "-f", "json")
        assert status == 1 and list(files(out)) == ["a.xlsx"] and "1 个文件" in err
    assert files(once[1])["a.xlsx"]["corrected"] == str(Path("稿/a.checked.xlsx"))
    assert os.listdir(here / "稿") == ["a.checked.xlsx"]


@needs_soffice
def test_a_rebuilt_copy_is_known_again_too(here, filled, run):
    for form in ("xls", "ods"):
        (here / form).mkdir()
        convert(filled, form, here / form)
    once = run("check", ".", "-f", "json")
    assert all(file["corrected"] for file in files(once[1]).values())
    listed = sorted(str(path) for path in here.rglob("*"))
    assert len(listed) == 6

    again = run("check", ".", "-f", "json")

    assert again[:2] == once[:2] and "2 个文件" in again[2]
    assert sorted(str(path) for path in here.rglob("*")) == listed


def test_a_copy_that_someone_saved_since_is_neither_read_nor_replaced_silently(here, filled, run):
    import openpyxl

    shutil.copy(filled, here / "a.xlsx")
    run("check", ".")
    openpyxl.load_workbook("a.checked.xlsx").save("a.checked.xlsx")
    theirs = (here / "a.checked.xlsx").read_bytes()
    for _ in range(2):
        _, out, err = run("check", ".", "-f", "json")
        assert files(out)["a.xlsx"]["corrected"] == "a-2.checked.xlsx"
        assert "a.checked.xlsx在写出之后又保存过" in err
    assert (here / "a.checked.xlsx").read_bytes() == theirs
    assert len(os.listdir(here)) == 3
    assert "a.checked.xlsx" in files(run("check", "a.checked.xlsx", "-f", "json")[1])


def test_only_own_files_in_a_folder_is_told(here, filled, run):
    shutil.copy(filled, here / "a.xlsx")
    run("extract", "a.xlsx", "-q", "-o", "全部.xlsx")
    (here / "a.xlsx").unlink()
    status, out, err = run("check", ".")
    assert (status, out) == (2, "")
    assert "只有 perfxl 自己写出的 1 个" in err


@pytest.mark.parametrize("way", ["a.xlsx", "./a.xlsx", "甲/../a.xlsx", "A.xlsx"])
def test_a_report_never_takes_the_place_of_a_file_that_was_named(here, filled, run, way):
    (here / "甲").mkdir()
    shutil.copy(filled, here / "a.xlsx")
    status, out, err = run("check", "a.xlsx", "-f", "json", "--report", way)
    assert (status, out) == (2, "") and "原件从不改动" in err
    assert (here / "a.xlsx").read_bytes() == filled.read_bytes()
    assert sorted(os.listdir(here)) == ["a.xlsx", "甲"]


def test_a_template_never_takes_the_place_of_what_it_is_made_from(here, run):
    assert run("template", "dump", "hunan-2024", "-o", "a.md")[0] == 0
    text = (here / "a.md").read_bytes()
    assert run("template", "build", "a.md")[0] == 0
    made = (here / "a.xlsx").read_bytes()
    for line in (("build", "a.md", "-o", "./a.md"), ("dump", "a.xlsx", "-o", "A.xlsx")):
        status, out, err = run("template", *line)
        assert (status, out) == (2, "") and "原件从不改动" in err
    assert (here / "a.md").read_bytes() == text and (here / "a.xlsx").read_bytes() == made


def test_a_report_that_cannot_be_written_is_told_and_leaves_the_old_one(here, filled, run):
    shutil.copy(filled, here / "a.xlsx")
    (here / "r.json").write_text("old")
    (here / "l.json").symlink_to("r.json")
    for target, words in (("没有/r.json", "文件夹不存在"), ("l.json", "链接"), (".", "文件夹")):
        status, out, err = run("check", "a.xlsx", "--no-write", "-f", "json", "--report", target)
        assert (status, out) == (2, "") and words in err and err.count("\n") == 1
    assert (here / "r.json").read_text() == "old"


def test_a_folder_for_copies_that_cannot_be_made_is_told(here, filled, run):
    shutil.copy(filled, here / "a.xlsx")
    (here / "文件").touch()
    for folder in ("文件", "文件/夹", "长" * 90):
        status, out, err = run("check", "a.xlsx", "-o", folder)
        assert (status, out) == (2, "") and folder in err and err.endswith("。\n")
        assert not [char for char in err.replace(folder, "") if "a" <= char.lower() <= "z"]


def test_an_option_that_is_not_there_yet_is_wrong_usage(run):
    status, out, err = run("check", "a.xlsx", "--summary", "b.xlsx")
    assert (status, out) == (2, "") and "没有选项 --summary" in err


def test_a_worker_that_dies_while_writing_harms_no_other_file(here, filled, run):
    for name in "abcd":
        shutil.copy(filled, here / f"{name}.xlsx")
    true_replace = os.replace
    here_pid = os.getpid()

    def replace(source: str, target: str) -> None:
        if Path(target).name == "b.checked.xlsx" and os.getpid() != here_pid:
            os._exit(9)
        true_replace(source, target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "replace", replace)
        status, out, _ = run("check", ".", "-j", 2, "-f", "json")
    found = files(out)
    assert status == 1 and found["b.xlsx"]["verdict"] == "unreadable"
    assert found["b.xlsx"]["findings"][0]["code"] == "F000"
    assert all(found[f"{name}.xlsx"]["corrected"] for name in "acd")
    assert [path.suffix for path in here.iterdir() if path.name.startswith(".")] == [".tmp"]
    run("check", ".", "-q")
    assert not [path for path in here.iterdir() if path.name.startswith(".")]


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
