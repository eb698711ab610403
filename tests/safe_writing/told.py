"""What a JSON report tells of each file."""

from __future__ import annotations

import json
from pathlib import Path


def files(out: str) -> dict[str, dict[str, object]]:
    return {Path(file["path"]).name: file for file in json.loads(out)["files"]}


def refusals(file: dict[str, object]) -> list[str]:
    findings = file["findings"]
    assert isinstance(findings, list)
    return [one["message"] for one in findings if one["code"] == "F008"]
