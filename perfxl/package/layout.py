"""What a sheet part says beside its cells: merged areas and hidden columns."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from perfxl.errors import DamagedWorkbook
from perfxl.model import Grid, Range
from perfxl.package import limits
from perfxl.package.reference import area
from perfxl.package.xmlread import truth


def merges_of(element: Element, part: str) -> list[Range]:
    """The rectangles of a ``mergeCells`` element. Raises LimitExceeded, DamagedWorkbook."""
    limits.count(len(element), limits.MERGES, f"部件 {part} 的合并单元格", "处", limits.SUSPECT)
    merged = [area(child.get("ref", ""), part) for child in element]
    return [one for one in merged if one[:2] != one[2:]]


def hidden_columns_of(element: Element, part: str) -> frozenset[int]:
    """The columns that a ``cols`` element hides. Raises DamagedWorkbook."""
    spans = []
    for child in element:
        if truth(child.get("hidden")):
            first, last = child.get("min", ""), child.get("max", "")
            if not (first.isdecimal() and last.isdecimal() and len(first + last) <= 12):
                raise DamagedWorkbook(
                    f"部件 {part} 里的列宽范围 {first[:12]} 到 {last[:12]} 不是列号，文件已损坏。"
                    "请用 Excel 或 WPS 打开并修复，再另存为 .xlsx。"
                )
            spans.append((int(first), min(int(last), limits.LAST_COLUMN)))
    columns: set[int] = set()
    done = 0
    # In order, so that spans that repeat each other cost nothing.
    for low, high in sorted(spans):
        columns.update(range(max(low, done + 1, 1), high + 1))
        done = max(done, high)
    return frozenset(columns)


def check_merged(grid: Grid) -> None:
    """Refuse merges that overlap so much that looking through them would take for ever."""
    total = 0
    for top, left, bottom, right in grid.merges:
        total += (bottom - top + 1) * (right - left + 1)
    if total <= limits.CELLS:
        return
    end = grid.extent
    covered = sum(
        _size(area._replace(bottom=min(area.bottom, end.bottom), right=min(area.right, end.right)))
        for area in grid.merges
        if area.top <= end.bottom and area.left <= end.right
    )
    name = f"工作表“{grid.sheet}”的合并单元格覆盖的格子"
    limits.count(covered, limits.CELLS, name, "个", limits.SUSPECT)


def _size(area: Range) -> int:
    return (area.bottom - area.top + 1) * (area.right - area.left + 1)
