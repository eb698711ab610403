"""The house is a strict ladder (DESIGN §2): a room imports only from rooms below it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import perfxl

HOME = Path(perfxl.__file__).parent
FLOORS = {
    "words that all share": {"errors", "model", "codes"},
    "numbers, names, notes and files by themselves": {
        "notation", "numberformat", "choice", "pool", "marks", "named", "writing",
    },
    "what a cell, a package, a formula says": {"values", "package", "formula", "submission"},
    "workbooks of other formats": {"legacy", "plaintext"},
    "any file as a Book; which files": {"intake", "inputs"},
    "what forms and rules there are": {"template"},
    "which cell is which field": {"locate", "routes"},
    "which template a workbook follows; whether it was filled in": {
        "recognition", "edition", "unfilled",
    },
    "what the names in rules stand for": {"facts"},
    "when two values agree; what an earlier check left": {"agreement", "record"},
    "what computed cells should hold; words; replies": {"recompute", "wording", "replies", "page"},
    "the rules, run": {"audit", "dependence"},
    "what is put right": {"repair"},
    "one workbook checked; what is written of it": {
        "check", "trials", "findings_sheet", "rebuild",
    },
    "one workbook given back": {"correct"},
    "many workbooks; reports": {"batch", "report"},
    "values as they were read": {"extract"},
    "tables over many; blanks": {"tidy", "blank"},
    "the commands": {"commands"},
    "the command line": {"cli"},
    "the public face": {"__init__", "__main__"},
}  # fmt: skip
"""From the ground up, each with what it is about; what shares a floor does not import each
other. The first line of every module says what it does."""
SEES_ONLY = {"report": {"model", "codes"}, "marks": {"model"}, "errors": set(), "model": set()}
"""Rooms that could reach everything below them but must not."""
TENANTS = {
    "formulas": {"formula/fallback.py"},
    "numpy": {"formula/fallback.py"},
    "scipy": set(),
    "lxml": set(),
    "openpyxl": {"template/"},
    "xlsxwriter": {"template/", "tidy/xlsx.py", "blank/example.py", "rebuild/"},
    "zipfile": {"package/"},
    "zlib": {"package/"},
    "xml": {"package/", "report/junit.py"},
    "click": {"cli.py", "commands/"},
    "python_calamine": {"legacy/"},
    "msoffcrypto": {"legacy/"},
    "subprocess": {"legacy/"},
}
"""Packages that only these may import."""
MOST_LINES = 300

MODULES = sorted(HOME.rglob("*.py"))
each_module = pytest.mark.parametrize(
    "module", MODULES, ids=[path.relative_to(HOME).as_posix() for path in MODULES]
)


def room(module: Path) -> str:
    first = module.relative_to(HOME).parts[0]
    return first.removesuffix(".py")


def imported(module: Path) -> Iterator[str]:
    """The full names of the modules it imports, wherever in the file."""
    package = ("perfxl", *module.relative_to(HOME).parts[:-1])
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join((*above, *filter(None, [node.module])))
            names = (f"{base}.{alias.name}" for alias in node.names)
            yield from names if base == "perfxl" else (base,)


def rooms_used(module: Path) -> set[str]:
    names = (name.split(".") for name in imported(module) if name.startswith("perfxl."))
    return {name[1] for name in names if name[1] != "__version__"} - {room(module)}


def floor(name: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS.values()) if name in rooms)


def test_every_room_has_a_floor_and_every_floor_its_rooms():
    declared = [name for rooms in FLOORS.values() for name in rooms]
    assert sorted(declared) == sorted({room(module) for module in MODULES})


@each_module
def test_a_room_imports_only_from_below(module: Path):
    own = floor(room(module))
    assert [used for used in rooms_used(module) if floor(used) >= own] == []


@each_module
def test_a_room_with_a_narrow_view_keeps_to_it(module: Path):
    allowed = SEES_ONLY.get(room(module))
    if allowed is not None:
        assert rooms_used(module) <= allowed


@each_module
def test_a_package_is_imported_by_its_tenants_alone(module: Path):
    where = module.relative_to(HOME).as_posix()
    for name in {name.split(".")[0] for name in imported(module)} & set(TENANTS):
        assert any(where.startswith(tenant) for tenant in TENANTS[name]), name


@each_module
def test_a_module_says_in_its_first_line_what_it_does(module: Path):
    told = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or ""
    assert told.splitlines()[:1] and len(told.splitlines()[0]) > 10


@each_module
def test_no_module_is_two_things(module: Path):
    assert len(module.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@each_module
def test_no_text_is_ever_run_as_python(module: Path):
    calls = (
        node.func.id
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    )
    assert {"eval", "exec", "__import__"}.isdisjoint(calls)
