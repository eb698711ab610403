"""What holds for all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from perfxl import cli

# The validator brings lxml, which perfxl is installed without; openpyxl writes otherwise with it.
os.environ["OPENPYXL_LXML"] = "False"


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published report with errors in it."""
    from tests import seed_tables, shapes

    path = tmp_path_factory.mktemp("filled") / "seed.xlsx"
    shapes.official(seed_tables.seed(), path)
    return path


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def perfxl(capfdbinary: pytest.CaptureFixture[bytes]):
    """Run a command line in this process: its status, standard output and standard error."""

    def run(*arguments: object) -> tuple[int, str, str]:
        status = cli.run([str(argument) for argument in arguments])
        out, err = capfdbinary.readouterr()
        return status, out.decode(), err.decode()

    return run
