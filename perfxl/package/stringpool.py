"""The shared strings of a workbook some sheets of which are gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from perfxl.errors import DamagedWorkbook
from perfxl.package.cells import cell_element, cells_of, rows_of
from perfxl.package.elements import Element, element_at, local, parse_attributes, set_attributes
from perfxl.package.markup import Markup
from perfxl.package.xmltext import integer


def without_unused(strings: bytes, sheets: Mapping[str, bytes]) -> tuple[bytes, dict[str, bytes]]:
    """The strings that the worksheet parts still use, in order, and the parts renumbered.

    Raises DamagedWorkbook for a string that is not there.
    """
    pool = Markup(strings)
    items = [child for child in pool.children() if local(child.tag) == "si"]
    opened = {part: Markup(raw) for part, raw in sheets.items()}
    used = {part: list(_used(markup)) for part, markup in opened.items()}
    wanted = sorted({index for uses in used.values() for _, _, index in uses})
    if wanted and wanted[-1] >= len(items):
        raise DamagedWorkbook(
            "工作簿的单元格用到了没有的共享文字，文件已损坏。"
            "请用 Excel 或 WPS 打开并修复，再另存为 .xlsx。"
        )
    renumbered = {old: new for new, old in enumerate(wanted)}
    changed = {}
    for part, markup in opened.items():
        for start, end, old in used[part]:
            if renumbered[old] != old:
                markup.replace(start, end, str(renumbered[old]))
        if markup.changed:
            changed[part] = markup.result()
    total = sum(map(len, used.values()))
    return _kept(pool, items, set(wanted), total), changed


def _kept(pool: Markup, items: list[Element], wanted: set[int], total: int) -> bytes:
    for index, item in enumerate(items):
        if index not in wanted:
            pool.replace(item.start, item.end, b"")
    tag = set_attributes(pool.tag(pool.root), count=total, uniqueCount=len(wanted))
    pool.replace(pool.root.start, pool.root.inner, tag)
    return pool.result()


def _used(markup: Markup) -> Iterator[tuple[int, int, int]]:
    """Where each index of a shared string stands in the part, and the index."""
    data = markup.child("sheetData")
    if data is None:
        return
    name, value = markup.qualified("row"), markup.qualified("v")
    for row in rows_of(markup, data):
        whole = element_at(markup.data, row.opening, name, data.close)
        for cell in cells_of(markup, whole):
            if b"t=" not in cell.opening[0] or _kind(cell.opening[2]) != "s":
                continue
            for child in markup.children(cell_element(markup, cell, whole)):
                if child.tag == value and not child.empty:
                    index = integer(markup.data[child.inner : child.close])
                    yield child.inner, child.close, index


def _kind(attributes: bytes) -> str:
    return parse_attributes(attributes).get(b"t", "")
