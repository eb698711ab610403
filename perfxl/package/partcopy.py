"""A sheet's own parts, copied for the copy of the sheet: notes, drawings, printer settings."""

from __future__ import annotations

import posixpath

from perfxl.errors import RefusedEdit
from perfxl.package.archive import Package, relationships_part
from perfxl.package.elements import set_attributes
from perfxl.package.markup import Markup
from perfxl.package.plumbing import Plumbing, read_xml

_SHARED = frozenset({"image", "media", "theme", "externalLink"})
_SINGLE = {
    "table": "“表格”（插入→表格）",
    "queryTable": "外部数据",
    "pivotTable": "数据透视表",
    "slicer": "切片器",
    "timeline": "日程表",
    "ctrlProp": "表单控件",
    "control": "控件",
}
"""What must be the only one of its kind in a workbook, as people call it."""


class PartCopies:
    """New parts that are copies of old ones, with everything that belongs to them alone."""

    def __init__(self, package: Package, plumbing: Plumbing):
        self._package, self._plumbing = package, plumbing
        self.changes: dict[str, bytes] = {}

    def add(self, part: str, content: bytes | None = None) -> str:
        """Copy a part, by default with the same content; returns the name of the copy.

        What it refers to is copied as well, except for pictures, which copies can share.
        Raises RefusedEdit for what a workbook can have only once.
        """
        copy = self._new(part)
        self.changes[copy] = self._package.read(part) if content is None else content
        if self._package.relationships(part):
            self._copy_relationships(part, copy)
        return copy

    def _new(self, part: str) -> str:
        folder, _, name = part.rpartition("/")
        stem, dot, suffix = name.partition(".")
        new = self._plumbing.new_part(
            f"{folder}/" if folder else "", stem.rstrip("0123456789") or "part", dot + suffix
        )
        self._plumbing.declare_like(new, part)
        return new

    def _copy_relationships(self, part: str, copy: str) -> None:
        moved = {}
        for link in self._package.relationships(part):
            if link.kind in _SINGLE:
                raise RefusedEdit(
                    f"要为每个项目复制的工作表里有{_SINGLE[link.kind]}，不能复制；"
                    "请在模板里去掉它（“表格”可转换为普通区域）后再试。"
                )
            own = not link.external and link.kind not in _SHARED
            if own and self._package.has(link.target_part):
                moved[link.id] = self.add(link.target_part)
        links = Markup(read_xml(self._package, relationships_part(part)))
        here = f"/{posixpath.dirname(copy)}"
        for child in links.children():
            target = moved.get(links.attributes(child).get(b"Id", ""))
            if target is not None:
                path = posixpath.relpath(f"/{target}", here)
                tag = set_attributes(links.tag(child), Target=path)
                links.replace(child.start, child.inner, tag)
        self.changes[relationships_part(copy)] = links.result()
