"""LibreOffice as the unit: workbooks opened, typed into, grown, recalculated and saved."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.clients import SOFFICE, needs_soffice

DRIVER = Path(__file__).with_name("driver.py")
_PER_JOB = 60.0

Step = Sequence[Any]


@dataclass
class Job:
    """What is done to one workbook; the steps are those of driver.py."""

    path: Path
    steps: list[Step] = field(default_factory=list)

    def do(self, name: str, *arguments: Any) -> int:
        """Add a step; gives the place of its answer among the answers."""
        self.steps.append((name, *arguments))
        return len(self.steps) - 1


@cache
def python_with_uno() -> str | None:
    """The Python that can talk to LibreOffice: the system's, where python3-uno is installed."""
    for python in ("/usr/bin/python3", shutil.which("python3")):
        if python and Path(python).exists():
            ran = subprocess.run([python, "-c", "import uno"], capture_output=True, timeout=60)
            if ran.returncode == 0:
                return python
    return None


def needs_uno(test):  # type: ignore[no-untyped-def]
    """Mark a test that types into LibreOffice; it is skipped where that cannot be done."""
    missing = SOFFICE is not None and python_with_uno() is None
    skip = pytest.mark.skipif(missing, reason="LibreOffice's Python (python3-uno) is not installed")
    return needs_soffice(skip(test))


def carry_out(jobs: Iterable[Job]) -> Iterator[list[Any]]:
    """Do the jobs one after the other in one LibreOffice; the answers of each to its steps.

    Raises AssertionError with what LibreOffice said where a job cannot be done.
    """
    jobs = list(jobs)
    written = [{"open": str(job.path), "do": job.steps} for job in jobs]
    python = python_with_uno()
    assert SOFFICE is not None and python is not None
    with tempfile.TemporaryDirectory(prefix="perfxl-lo-", ignore_cleanup_errors=True) as profile:
        ran = subprocess.run(
            [python, str(DRIVER), SOFFICE, profile],
            input=json.dumps(written),
            capture_output=True,
            text=True,
            timeout=120 + _PER_JOB * len(jobs),
        )
    answers = [json.loads(line) for line in ran.stdout.splitlines()]
    assert len(answers) == len(jobs), ran.stderr
    for job, answer in zip(jobs, answers, strict=True):
        assert "gave" in answer, f"{job.path.name}: {answer}"
        yield answer["gave"]
