"""Every sample does what its folder says: ``cmd.txt`` and ``expected.*``.

Each line of ``cmd.txt`` is one command; ``# exit 1`` after a command is its expected exit
status (0 where it says nothing). ``expected.txt`` is what they print, together; when it is
``expected.json``, the JSON value is compared. They run in a copy of the folder.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest

from perfxl import cli
from perfxl.package import read_book
from tests.make_samples import WORKBOOKS

SAMPLES = Path(__file__).parent.parent / "samples"
COMMANDS = sorted(SAMPLES.glob("*/cmd.txt"))
_EXIT = re.compile(r"\s+#\s*exit\s+(\d+)\s*$")


def test_there_are_samples():
    assert COMMANDS, "samples/*/cmd.txt: none found"


def test_every_sample_folder_has_a_command_and_what_to_expect():
    for folder in (path for path in SAMPLES.iterdir() if path.is_dir()):
        assert (folder / "cmd.txt").is_file(), folder.name
        assert list(folder.glob("expected.*")), folder.name


@pytest.mark.parametrize("commands", COMMANDS, ids=lambda path: path.parent.name)
def test_a_sample_gives_what_it_promises(
    commands: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
):
    folder = tmp_path / commands.parent.name
    shutil.copytree(commands.parent, folder)
    monkeypatch.chdir(folder)
    lines = [line for line in commands.read_text("utf-8").splitlines() if line.strip()]
    assert lines, "cmd.txt is empty"
    for line in lines:
        expected = _EXIT.search(line)
        program, *arguments = shlex.split(_EXIT.sub("", line), comments=True)
        assert program == "perfxl", line
        assert cli.run(arguments) == int(expected[1] if expected else 0), line
    printed = capfdbinary.readouterr().out.decode("utf-8")
    for promise in folder.glob("expected.*"):
        assert promise.suffix in (".txt", ".json"), promise.name
        if promise.suffix == ".json":
            assert json.loads(printed) == json.loads(promise.read_text("utf-8"))
        else:
            assert printed == promise.read_text("utf-8")


@pytest.mark.parametrize("name", WORKBOOKS)
def test_the_shipped_workbooks_are_what_the_tables_in_the_tests_give(name: str, tmp_path: Path):
    WORKBOOKS[name](tmp_path / "made.xlsx")
    made, shipped = read_book(tmp_path / "made.xlsx"), read_book(SAMPLES / name)
    assert made.grids == shipped.grids
