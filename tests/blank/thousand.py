"""``python -m tests.blank.thousand [UNITS]``: many blanks from one roster, with the figures.

Times the command, then opens every file with openpyxl and python-calamine and, where there is
LibreOffice, converts them all with it.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import openpyxl
import python_calamine

from perfxl.pool import in_parallel
from tests.blank.rosters import Rows, many, write_roster
from tests.clients import SOFFICE

UNITS = 1000
LARGEST, FORMS = 60_000, 2
"""Bytes of a workbook with so many project forms; each carries the list of its own rules, and
zip packs every sheet by itself, so that each further one takes as much again."""
EACH_MORE = 12_500
_AT_ONCE = 50
_SHEET = re.compile(r"'([^']+)'!")


def make(roster: Path, folder: Path, *more: str) -> float:
    """Run the command as a bureau does; returns the seconds it took."""
    begun = time.perf_counter()
    command = [sys.executable, "-m", "perfxl", "blank", "hunan-2024", "--units", str(roster)]
    subprocess.run([*command, "-o", str(folder), *more], check=True)
    return time.perf_counter() - begun


def digests(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
    }


def listed(sheets: Mapping[str, Rows]) -> dict[str, list[str]]:
    """The projects of each unit of a roster."""
    found: dict[str, list[str]] = {}
    for row in sheets["项目"][1:]:
        found.setdefault(str(row[0]), []).append(str(row[1]))
    return found


def too_large(paths: Sequence[Path], projects: Mapping[str, Sequence[str]]) -> list[str]:
    """Files that are larger than their number of project forms allows."""
    found = []
    for path in paths:
        more = max(len(projects.get(path.name.partition("-")[0], ())) - FORMS, 0)
        if path.stat().st_size >= LARGEST + more * EACH_MORE:
            found.append(f"{path.name}: {path.stat().st_size} bytes")
    return found


def wrong_names(paths: Sequence[Path], projects: dict[str, list[str]]) -> Iterator[str]:
    """Files in which the unit, a project or a defined name is not what it should be."""
    for told in in_parallel(partial(_wrong, projects=projects), paths):
        yield from told


def _wrong(path: Path, projects: dict[str, list[str]]) -> list[str]:
    book = openpyxl.load_workbook(path)
    unit = book["附件3"]["B3"].value
    sheets = [sheet for sheet in book if sheet.title.startswith("附件4")]
    named = [sheet["C3"].value for sheet in sheets if sheet["C3"].value]
    at_home = all(
        {sheet.title} == set(_SHEET.findall(name.attr_text))
        for sheet in sheets
        for name in sheet.defined_names.values()
    )
    told = []
    if not path.name.startswith(f"{unit}-") or named != projects.get(unit, []):
        told.append(f"{path.name}: {unit}, {named}")
    if len({frozenset(sheet.defined_names) for sheet in sheets}) != 1 or not at_home:
        told.append(f"{path.name}: names of the project sheets differ")
    calamine = python_calamine.CalamineWorkbook.from_path(str(path))
    if calamine.sheet_names != book.sheetnames:
        told.append(f"{path.name}: sheets differ between readers")
    return told


def converted(paths: Sequence[Path], folder: Path) -> int:
    """How many files LibreOffice opened and wrote as .ods."""
    profile = (folder / "profile").as_uri()
    for start in range(0, len(paths), _AT_ONCE):
        subprocess.run(
            [
                SOFFICE or "soffice", "--headless", f"-env:UserInstallation={profile}",
                "--convert-to", "ods", "--outdir", str(folder),
                *map(str, paths[start : start + _AT_ONCE]),
            ],
            check=True, capture_output=True, timeout=1800,
        )  # fmt: skip
    return len(list(folder.glob("*.ods")))


def main(units: int) -> int:
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        sheets = many(units)
        roster = write_roster(home / "单位名册.xlsx", sheets)
        taken = make(roster, home / "下发", "-q")
        paths = sorted((home / "下发").iterdir())
        projects = listed(sheets)
        sizes: dict[int, list[int]] = {}
        for path in paths:
            forms = max(len(projects.get(path.name.partition("-")[0], ())), 1)
            sizes.setdefault(forms, []).append(path.stat().st_size)
        print(f"{len(paths)} files in {taken:.1f} s, {taken / units * 1000:.1f} ms each, "
              f"{os.cpu_count()} cores")  # fmt: skip
        print(f"project sheets: {len(sheets['项目']) - 1}")
        for forms, found in sorted(sizes.items()):
            print(f"bytes with {forms} project forms: {min(found)} to {max(found)}")
        print(f"file names: {len({path.name.casefold() for path in paths})} different")
        wrong = list(wrong_names(paths, projects))
        print(f"openpyxl and python-calamine: {len(paths) - len(wrong)} opened and right")
        again = make(roster, home / "再次", "-q")
        same = digests(home / "下发") == digests(home / "再次")
        print(f"the same roster again, {again:.1f} s: {'the same bytes' if same else 'DIFFERENT'}")
        opened = len(paths)
        if SOFFICE:
            (home / "ods").mkdir()
            opened = converted(paths, home / "ods")
            print(f"LibreOffice: {opened} opened")
        wrong += too_large(paths, projects)
        print(*wrong[:10], sep="\n")
        return 0 if len(paths) == units == opened and same and not wrong else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else UNITS))
