"""What Excel would find wrong with a workbook, by all who know its rules."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.clients import VALIDATOR, breaches
from tests.lossless.judge import as_parts, members
from tests.lossless.limits import beyond_limits
from tests.lossless.sound import unsound


def objections(path: Path, original: Path | None = None) -> list[str]:
    """Everything that is wrong with a workbook, but what was wrong with ``original``.

    The rules of Microsoft's validator apply where it is installed.
    """
    said = _all(path)
    if said and original:
        said = list((Counter(said) - Counter(_all(original))).elements())
    return said


def _all(path: Path) -> list[str]:
    parts = as_parts(members(path))
    return [*unsound(parts), *beyond_limits(parts), *(breaches(path) if VALIDATOR else ())]
