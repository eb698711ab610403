"""``python -m tests.benchmarks [WORKBOOK]``: everything in one run, as Markdown tables."""

from __future__ import annotations

import argparse
from pathlib import Path

from perfxl.pool import collect_seldom
from tests.benchmarks import contenders
from tests.benchmarks.timing import Timing, machine, seconds

ROOT = Path(__file__).parent.parent.parent


def workbook() -> Path:
    """The seed's workbook in samples/, which is the input of every figure."""
    found = sorted((ROOT / "samples" / "hongjiang-2024").glob("*.xlsx"))
    if not found:
        raise SystemExit("samples/hongjiang-2024 holds no workbook; name one on the command line")
    return found[0]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("workbook", type=Path, nargs="?")
    parser.add_argument("-n", type=int, default=50, help="runs of what takes milliseconds")
    parser.add_argument("--slow", type=int, default=3, help="runs of what takes seconds")
    given = parser.parse_args()
    # As the command does; the other programs gain by it too.
    collect_seldom()
    path = given.workbook or workbook()
    print(f"{machine()}\n\n`{path.name}`, {path.stat().st_size / 1024:.0f} KB\n")
    with contenders.Contenders(path) as race:
        print_race(race.run(given.n, given.slow))
        print_steps(race.steps(given.n))
        cold = Timing("`perfxl check`, a new process", seconds(race.cold, given.slow + 2))
    print(f"\n{cold.name}: {cold.best:.2f} s (best), {cold.median:.2f} s (median)")


def print_race(timings: list[Timing]) -> None:
    """Each against a check in this process, and against a check with its copy."""
    check, copy = timings[0], timings[1]
    print("| what | best, ms | median, ms | ÷ check | ÷ check + copy |")
    print("|---|---:|---:|---:|---:|")
    for timing in timings:
        if not timing.runs:
            print(f"| {timing.name} | {timing.missing} | | | |")
            continue
        against = (f"{timing.median / base.median:.1f}" for base in (check, copy))
        cells = (timing.name, f"{timing.best * 1e3:.1f}", f"{timing.median * 1e3:.1f}", *against)
        print(f"| {' | '.join(cells)} |")


def print_steps(timings: list[Timing]) -> None:
    print("\n| step of a check | best, ms | median, ms |")
    print("|---|---:|---:|")
    for timing in timings:
        print(f"| {timing.name} | {timing.best * 1e3:.2f} | {timing.median * 1e3:.2f} |")


if __name__ == "__main__":
    main()
