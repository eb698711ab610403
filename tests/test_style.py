"""The style that ruff and the type checker hold."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "perfxl", "tests"),
        ("ruff", "format", "--check", "perfxl", "tests"),
        ("mypy",),
    ],
    ids=" ".join,
)
def test_the_code_is_clean(command: tuple[str, ...]):
    ran = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
