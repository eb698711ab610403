"""Measure a call some times over."""

from __future__ import annotations

import gc
import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Timing:
    """``runs`` are seconds; ``missing`` says why there are none."""

    name: str
    runs: tuple[float, ...]
    missing: str = ""

    @property
    def best(self) -> float:
        return min(self.runs)

    @property
    def median(self) -> float:
        return statistics.median(self.runs)


def seconds(call: Callable[[], object], times: int, warm: int = 1) -> tuple[float, ...]:
    """How long each of ``times`` calls took, after ``warm`` that do not count."""
    for _ in range(warm):
        call()
    runs = []
    for _ in range(times):
        # What the last call left behind is not this one's cost.
        gc.collect()
        begin = time.perf_counter()
        call()
        runs.append(time.perf_counter() - begin)
    return tuple(runs)


def machine() -> str:
    """What the figures were measured on."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{python}, {platform.system()} {platform.machine()}, {usable} cores, {_processor()}"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown processor"
