"""README.md and the command line say the same."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import perfxl
from perfxl.cli import cli

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")


def walk(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, with the words that call it."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from walk(found, (*path, name))
    else:
        yield " ".join(path), command


COMMANDS = dict(walk(cli, ("perfxl",)))
OPTIONS = [
    (name, option)
    for name, command in COMMANDS.items()
    for param in command.params
    if isinstance(param, click.Option)
    for option in param.opts
]


def examples() -> list[str]:
    """What README shows of perfxl's command lines, in blocks and in running text."""
    lines = [line for block in _BLOCK.findall(README) for line in block.splitlines()]
    parts = [part.strip() for line in lines for part in line.split("&&")]
    parts += _SPAN.findall(_BLOCK.sub("", README))
    parts = [part.removeprefix(".venv/bin/") for part in parts]
    return sorted({part for part in parts if re.match(r"perfxl [a-z]", part)})


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme(name: str):
    assert any(example.startswith(name) for example in examples())


@pytest.mark.parametrize(("name", "option"), OPTIONS, ids=map(" ".join, OPTIONS))
def test_every_option_is_in_the_readme(name: str, option: str):
    assert re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", README)


@pytest.mark.parametrize("example", examples())
def test_every_command_of_the_readme_exists(example: str):
    words = shlex.split(example)
    name = max((name for name in COMMANDS if f"{example} ".startswith(f"{name} ")), key=len)
    command = COMMANDS[name]
    arguments = words[len(name.split()) :]
    known = {option for param in command.params for option in param.opts}
    assert [word for word in arguments if word.startswith("-") and word not in known] == []
    command.make_context(name, arguments or [], resilient_parsing=not arguments)


@pytest.mark.parametrize("name", [n for n in perfxl.__all__ if n != "__version__"])
def test_every_public_function_is_in_the_readme(name: str):
    assert f"perfxl.{name}(" in README


def test_every_format_and_exit_status_is_explained():
    for word in ("text", "json", "csv", "sarif", "junit", "error", "warning", "note", "never"):
        assert f"`{word}`" in README, word


def test_the_figures_say_which_command_gives_them():
    section = README.split("\n## 性能\n")[1].split("\n## ")[0]
    assert "`python -m tests.benchmarks`" in section
    assert "| perfxl: check |" in section, "fill in what the command prints"


def test_ci_runs_the_readmes_second_command():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    first, second = _BLOCK.findall(README)[:2]
    assert "perfxl check samples/" in first
    assert README.index("<!-- tests -->") < README.index(second)
    assert "'.[test]'" in second and second.strip().endswith("pytest")
    assert "<!-- tests -->" in script and 'eval "$command"' in script


def test_the_changelog_has_this_version():
    assert f"\n## {perfxl.__version__}\n" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
