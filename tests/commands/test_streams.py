"""What is written to standard output can be read, whatever the system writes text in."""

from __future__ import annotations

import errno
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from perfxl.commands import output, streams

ROOT = Path(__file__).parent.parent.parent
RARE = "㙓𠮷县✓"


def run(*arguments: object, encoding: str = "", shell: str = "") -> subprocess.CompletedProcess:
    line = [sys.executable, "-m", "perfxl", *map(str, arguments)]
    given = {"PYTHONIOENCODING": encoding} if encoding else {}
    return subprocess.run(
        ["sh", "-c", f'exec "$@" {shell}', "sh", *line] if shell else line,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **given},
    )


@pytest.fixture
def rare(filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(filled, tmp_path / f"{RARE}.xlsx"))


@pytest.mark.parametrize(
    ("system", "written"),
    [("gbk", "gb18030"), ("gb2312", "gb18030"), ("ascii", "utf-8"), ("cp1252", "utf-8")],
)
def test_a_report_is_written_as_the_system_writes_text_and_nothing_is_lost(rare, system, written):
    told = run("check", rare, "--no-write", encoding=system)
    assert RARE in told.stdout.decode(written)
    assert "结论：" in told.stdout.decode(written)
    refused = run("check", rare, "--report", rare, encoding=system)
    assert refused.returncode == 2 and f"{RARE}.xlsx 就是要读取的文件" in refused.stderr.decode(
        written
    )


@pytest.mark.parametrize("line", [["--help"], ["check", "--help"], ["rules", "C301"]])
@pytest.mark.parametrize(("system", "written"), [("gbk", "gb18030"), ("cp1252", "utf-8")])
def test_help_can_be_read_wherever_it_is_sent(line, system, written):
    told = run(*line, encoding=system)
    assert (told.returncode, told.stderr) == (0, b"")
    assert "查" in told.stdout.decode(written)


@pytest.mark.parametrize("line", [["check", "-f", "json", "--no-write"], ["extract"]])
def test_what_programs_read_is_utf8_everywhere(rare, line):
    told = run(*line, rare, encoding="gbk")
    assert RARE in json.loads(told.stdout.decode("utf-8"))["files"][0]["path"]


def test_what_is_dumped_can_be_built_again_on_every_system():
    assert run("template", "dump", "hunan-2024", encoding="gbk").stdout.decode("utf-8")


@pytest.mark.parametrize(("system", "written"), [("gbk", "gb18030"), ("cp1252", "utf-8")])
def test_a_program_that_calls_ours_need_not_prepare_its_streams(monkeypatch, system, written):
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out, encoding=system))
    output.tell(f"{RARE} 需改正")
    assert out.getvalue().decode(written) == f"{RARE} 需改正"


@pytest.mark.skipif(os.name == "nt", reason="no sh to close a stream with")
@pytest.mark.parametrize("line", [["--help"], ["rules"], ["--version"]])
def test_a_program_without_a_console_does_its_work(line):
    told = run(*line, shell=">&-")
    assert (told.returncode, told.stderr) == (0, b"")
    assert run(*line, shell="2>&-").returncode == 0


@pytest.mark.skipif(os.name == "nt", reason="no sh to close a stream with")
def test_a_check_without_a_console_gives_its_status(filled):
    assert run("check", filled, "--no-write", shell=">&- 2>&-").returncode == 1


@pytest.mark.parametrize("number", [errno.EPIPE, errno.EINVAL])
def test_a_reader_that_left_is_known_in_the_words_of_windows_too(monkeypatch, number):
    monkeypatch.setattr(streams, "_GONE", (errno.EPIPE, errno.EINVAL))
    with pytest.raises(BrokenPipeError), streams.to_a_reader():
        raise OSError(number, "")
    with pytest.raises(OSError, match="full"), streams.to_a_reader():
        raise OSError(errno.ENOSPC, "full")


def test_no_bar_where_there_is_nothing_to_do(monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert list(output.with_bar(iter([]), 0, "合并检查")) == []
    assert list(output.with_bar(iter([1]), 1, "合并检查")) == [1]
    assert capsys.readouterr().err == ""
    list(output.with_bar(iter([1, 2]), 2, "检查"))
    assert "检查" in capsys.readouterr().err
