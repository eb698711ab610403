"""The safety limits, and the refusals that name their number."""

from __future__ import annotations

from typing import NoReturn

from perfxl.errors import LimitExceeded

MB = 1024 * 1024

FILE_BYTES = 20 * MB
PARTS = 2_000
PART_BYTES = 64 * MB
TOTAL_BYTES = 256 * MB
RATIO = 200
RATIO_FROM = 10 * MB
# What a million cells need, and what may stand in memory at once.
TAGS = 8_000_000
HELD = 1_000_000
EXPANDED = 64 * MB
CELLS = 1_000_000
MERGES = 10_000
SHEETS = 255
FORMATS = 64_000
NAMES = 20_000
"""A form of a project brings some 80 to 120 of its own."""

# Past this size a part is read piece by piece, so that its tree never stands whole in memory.
STREAMED = 4 * MB

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384


def refuse(what: str, limit: str, advice: str) -> NoReturn:
    """Raise LimitExceeded: what was found, the limit it passes, what to do next."""
    raise LimitExceeded(f"{what}，超过上限 {limit}。{advice}")


def count(found: int, limit: int, thing: str, unit: str, advice: str) -> None:
    """Raise LimitExceeded when ``found`` things are more than ``limit``."""
    if found > limit:
        refuse(f"{thing}有 {found:,} {unit}", f"{limit:,} {unit}", advice)


def size(found: int, limit: int, thing: str, advice: str) -> None:
    """Raise LimitExceeded when ``found`` bytes are more than ``limit`` bytes."""
    if found > limit:
        refuse(f"{thing}有 {found / MB:.1f} MB", f"{limit // MB} MB", advice)


SUSPECT = "正常的自评表不会这样大，请向报送单位核实文件来源，或删去无关内容后另存为 .xlsx 再试。"
