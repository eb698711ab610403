"""Odd workbooks of the world: read, or refused in words, whatever is in them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
CORPUS = ROOT.parent / "shared" / "corpus"
SECONDS = 20
MEMORY = 1024 * 1024 * 1024
_READ = {"pass", "explain", "fail", "unknown"}

FILES: list[dict[str, Any]] = (
    json.loads((CORPUS / "manifest.json").read_text("utf-8"))
    if (CORPUS / "manifest.json").is_file()
    else []
)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not FILES, reason="the corpus of odd workbooks is not beside the project"),
]


def limited() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


@pytest.mark.parametrize("entry", FILES, ids=lambda entry: entry["file"])
def test_a_file_is_read_or_refused_in_words(entry: dict[str, Any], tmp_path: Path):
    began = time.monotonic()
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "perfxl",
            "check",
            CORPUS / entry["file"],
            "--no-write",
            "-f",
            "json",
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=2 * SECONDS,
        preexec_fn=limited if os.name == "posix" else None,
    )
    assert time.monotonic() - began < SECONDS
    assert b"Traceback" not in ran.stderr and ran.stderr == b""
    (report,) = json.loads(ran.stdout)["files"]
    refused = report["verdict"] == "unreadable"
    assert ran.returncode == 2 if refused else ran.returncode in (0, 1)
    assert refused or report["verdict"] in _READ
    if refused:
        (finding,) = report["findings"]
        assert finding["code"] in {"F002", "F003", "F004", "F005", "F006"}
        assert finding["message"].endswith("。") and finding["advice"]
    if entry["expect"] != "either":
        assert refused == (entry["expect"] == "refuse"), report["findings"]
    if entry["kind"].endswith("encrypted"):
        assert report["findings"][0]["code"] == "F003"
