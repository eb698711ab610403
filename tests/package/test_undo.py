"""Taking our marks away again gives the unit's workbook back, part by part."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perfxl.package import Package, open_package, package_of, save
from perfxl.package.newsheet import NewCell, NewSheet, PrintSetup
from perfxl.package.patch import Patch
from perfxl.package.undo import without_marks
from tests.package.samples import form

ROOT = Path(__file__).parents[2]
LIGHT, DARK = "FFC7CE", "9C0006"
FILLS = {LIGHT, DARK, "FFEB9C"}
OWN = "校验结果"
NOTE = (
    "perfxl 校验\n【强制】执行率计算有误\n应为：98.05%\n\n"
    "详见“校验结果”第 7 行。\n（规则 C301、V205）"
)


def page() -> NewSheet:
    return NewSheet(
        OWN,
        [[NewCell("编码"), NewCell("位置")], [NewCell("C301"), NewCell("K4")]],
        printing=PrintSetup(title_rows=(1, 1)),
    )


def marked(
    package: Package, cells: list[tuple[str, int, int]], note: str = NOTE
) -> tuple[Package, dict[tuple[str, int, int], str]]:
    """The package with those cells marked, as the corrected copy does it, and their looks."""
    patch = Patch(package)
    looks = {at: patch.look_of(*at) for at in cells}
    name = patch.add_sheet(page())
    for at in cells:
        patch.fill(*at, LIGHT, DARK)
        patch.note(*at, note)
        patch.link(*at, name, "A2")
    return written(package, patch), looks


def written(package: Package, patch: Patch) -> Package:
    target = Path(package.path).with_suffix(".out.xlsx")
    save(package, patch.changes(), target)
    return package_of(package.path, target.read_bytes())


def content(package: Package) -> dict[str, bytes]:
    return {part: package.read(part) for part in package.parts}


def undone(package: Package, looks: Mapping[tuple[str, int, int], str]) -> Package:
    return without_marks(package, looks, OWN, FILLS)


def assert_undone(path: Path, cells: list[tuple[str, int, int]]) -> None:
    """Marks go and come again without a trace but appended formats and empty cells."""
    package = open_package(path)
    once, looks = marked(package, cells)
    clean = undone(once, looks)
    was, now = content(package), content(clean)
    styles = package.related(package.workbook_part, "styles")
    assert was.keys() == now.keys()
    for entry in package.sheets:
        now[entry.part] = without_new_cells(was[entry.part], now[entry.part])
    assert [part for part in was if was[part] != now[part] and part != styles] == []
    again, looks_again = marked(clean, cells)
    assert looks_again == looks
    assert content(again) == content(once)


def without_new_cells(was: bytes, now: bytes) -> bytes:
    """The sheet without the empty cells and rows that marks had to make."""
    known = set(re.findall(rb'<(?:\w+:)?c [^>]*?r="([A-Z]+[0-9]+)"', was))
    for cell in re.findall(rb'<(?:\w+:)?c r="[A-Z]+[0-9]+"(?: s="[0-9]+")?/>', now):
        if re.search(rb'r="([A-Z]+[0-9]+)"', cell)[1] not in known:  # type: ignore[index]
            now = now.replace(cell, b"", 1)
    rows = set(re.findall(rb'<(?:\w+:)?row [^>]*?r="([0-9]+)"', was))
    for row, number in re.findall(rb'(<(?:\w+:)?row r="([0-9]+)"></(?:\w+:)?row>)', now):
        if number not in rows:
            now = now.replace(row, b"", 1)
    # The used area and the spans of rows may have grown with them.
    for wanted in (rb'<(?:\w+:)?dimension ref="[^"]*"', rb' spans="[^"]*"'):
        before, after = re.findall(wanted, was), re.findall(wanted, now)
        if len(before) == len(after):
            found = iter(before)
            now = re.sub(wanted, lambda _, found=found: next(found), now)
    for tag in re.findall(rb"<(?:\w+:)?row [^>]*/>", was):
        opened = tag[:-2].rstrip() + b"></" + re.match(rb"<([\w:]+)", tag)[1] + b">"  # type: ignore[index]
        now = now.replace(opened, tag) if tag not in now else now
    return now


def samples() -> list[Path]:
    return sorted(ROOT.glob("samples/*/*.xlsx"))


CELLS = st.lists(
    st.tuples(st.integers(0, 9), st.integers(1, 40), st.integers(1, 16)), min_size=1, max_size=12
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data(), cells=CELLS)
def test_marks_on_any_cells_of_a_sample_leave_no_trace(
    tmp_path: Path, data: st.DataObject, cells: list[tuple[int, int, int]]
) -> None:
    source = data.draw(st.sampled_from(samples()))
    copy = tmp_path / "a.xlsx"
    copy.write_bytes(source.read_bytes())
    sheets = [entry.name for entry in open_package(copy).sheets]
    places = dict.fromkeys((sheets[at % len(sheets)], row, col) for at, row, col in cells)
    assert_undone(copy, list(places))


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(cells=CELLS, notes=st.booleans())
def test_marks_on_any_cells_of_a_form_leave_no_trace(
    tmp_path: Path, cells: list[tuple[int, int, int]], notes: bool
) -> None:
    source = form(tmp_path / "a.xlsx", notes=notes)
    sheets = ("基础数据表", "附件3")
    places = dict.fromkeys((sheets[at % 2], row, col) for at, row, col in cells)
    assert_undone(source, list(places))
