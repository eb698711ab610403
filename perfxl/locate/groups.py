"""Binds the rows of one group, block by block."""

from __future__ import annotations

from collections.abc import Iterator

from perfxl.locate.align import Alignment
from perfxl.locate.bounds import Bounds, Sign
from perfxl.locate.headers import Block, Header, Headings, end_of_rows
from perfxl.locate.index import GroupIndex
from perfxl.locate.notices import NO_COLUMN, NO_HEADER
from perfxl.locate.pairs import Layout
from perfxl.locate.region import Region
from perfxl.locate.rows import RowReader
from perfxl.model import Field, GroupRow

_ROWS = "行组"


class GroupBinder:
    """The work of binding one group, once the labels around it are aligned."""

    def __init__(
        self,
        region: Region,
        group: GroupIndex,
        headings: Headings,
        alignment: Alignment,
        layout: Layout,
        bounds: Bounds,
    ):
        self.region, self.group, self.headings = region, group, headings
        self.alignment, self.layout, self.bounds = alignment, layout, bounds
        self.missing: dict[str, str] = {}

    def rows(self, blocks: list[Block]) -> Iterator[GroupRow]:
        """The rows that count; ``missing`` then says which columns were not found."""
        name = self.group.group.name
        if self.group.inner:
            blocks = self._inner_block()
        if not blocks:
            for column in self.group.group.columns:
                self.missing[f"{name}.{column.name}"] = NO_HEADER
            return
        known = {column for block in blocks for column in block.header.cells}
        for column in self.group.group.columns:
            if column.name not in known:
                self.missing[f"{name}.{column.name}"] = NO_COLUMN
        for block in blocks:
            columns = self._columns(block.header)
            reader = RowReader(self.region, self.group, columns, self.headings)
            prepared = {column: self._prepared(block.header, column) for column in columns}
            for row in reader.read(block.header.bottom + 1, block.end, block.section):
                bounds = {}
                for column_name, at in row.cells.items():
                    field, full_name, sign = prepared[column_name]
                    bounds[column_name] = self.bounds.bound(field, full_name, *at, _ROWS, sign)
                yield GroupRow(row.row, bounds, row.section)

    def _columns(self, header: Header) -> dict[str, tuple[int, int]]:
        columns = {
            name: self.layout.columns(cell)
            for name, cell in sorted(header.cells.items(), key=lambda item: item[1].col)
        }
        if self.group.inner:
            key = header.cells[self.group.group.key]
            span = self.region.grid.span(key.row, key.col)
            columns[self.group.group.key] = (span.left, span.right)
        return columns

    def _prepared(self, header: Header, name: str) -> tuple[Field, str, Sign]:
        slot = self.group.slots.get(name)
        sure = self.alignment.confidence.get(slot.order, 1.0) if slot else 1.0
        sign = Sign.of(header.cells[name], sure)
        return self.group.fields[name], f"{self.group.group.name}.{name}", sign

    def _inner_block(self) -> list[Block]:
        """The headings of a group inside a matrix: its key column's label, and the matrix's.

        Its rows end at the next label of the form.
        """
        matches = self.alignment.matches
        cells = {
            name: matches[slot.order].cell
            for name, slot in self.group.slots.items()
            if slot.order in matches
        }
        key = cells.get(self.group.group.key)
        if key is None or len(cells) < 2:
            return []
        bottom = self.region.grid.span(key.row, key.col).bottom
        header = Header(key.row, bottom, cells)
        end = end_of_rows(self.region, self.group, header)
        end = min([end, *(row - 1 for row in self.layout.label_rows if row > bottom)])
        return [Block(header, end)]
