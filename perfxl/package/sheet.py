"""A worksheet part as a Grid: the cells that hold something, the merges, what is hidden."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element

from perfxl.errors import DamagedWorkbook
from perfxl.model import Cell, ExcelError, Grid, Range, Scalar, a1
from perfxl.package import limits
from perfxl.package.archive import Package
from perfxl.package.layout import check_merged, hidden_columns_of, merges_of
from perfxl.package.reference import COLUMNS, cell_position
from perfxl.package.scalar import number_of, serial
from perfxl.package.shared import SharedFormula
from perfxl.package.strings import text_of, unescape
from perfxl.package.workbook import SheetEntry
from perfxl.package.xmlread import closed_elements, local, namespace, truth

_ADVICE = "请用 Excel 或 WPS 打开并修复，再另存为 .xlsx。"
_ERRORS = {error.value: error for error in ExcelError}
_KINDS = {"n": "数", "s": "工作簿里有的共享字符串编号"}
# A named tuple's own constructor takes twice as long, and it is most of what reading does.
_new = tuple.__new__


class Context:
    """What the sheets of one workbook share: strings, format codes, the date system."""

    def __init__(self, strings: Sequence[str], formats: Sequence[str], date1904: bool):
        self.strings = strings
        self.date1904 = date1904
        self.expanded = 0
        # By the text of a cell's ``s``, so that it need not be parsed a thousand times.
        self.looks = {str(index): (index, code) for index, code in enumerate(formats)}
        self.looks.setdefault("0", (0, "General"))


def read_sheet(package: Package, entry: SheetEntry, context: Context, room: int) -> Grid:
    """Read one worksheet into a Grid; ``room`` is how many cells the workbook may still have.

    Raises DamagedWorkbook, UnsafeWorkbook and LimitExceeded (cells, merges).
    """
    data = package.read(entry.part)
    reader = _Reader(entry.part, context, room)
    if len(data) > limits.STREAMED:
        _stream(reader, data)
    else:
        root = package.xml(entry.part)
        reader.use(namespace(root))
        if local(root.tag) != "worksheet":
            raise reader.damaged("不是工作表")
        for child in root:
            name = local(child.tag)
            if name == "sheetData":
                reader.read_rows(child)
            elif name == "mergeCells":
                reader.merges += merges_of(child, entry.part)
            elif name == "cols":
                reader.hidden_columns |= hidden_columns_of(child, entry.part)
    return reader.grid(entry)


def _stream(reader: _Reader, data: bytes) -> None:
    known = False
    held = 0
    for element in closed_elements(data, reader.part):
        held += 1
        if held > limits.HELD:
            limits.refuse(f"部件 {reader.part} 的内容太多", f"{limits.HELD:,} 项", limits.SUSPECT)
        name = local(element.tag)
        if not known and name in ("c", "row", "cols", "sheetData"):
            reader.use(namespace(element))
            known = True
        if element.tag == reader.row_tag:
            reader.read_rows((element,))
            element.clear()
            held = 0
        elif name == "mergeCells":
            reader.merges += merges_of(element, reader.part)
        elif name == "cols":
            reader.hidden_columns |= hidden_columns_of(element, reader.part)


class _Reader:
    """Gathers one sheet, row by row."""

    def __init__(self, part: str, context: Context, room: int):
        self.part = part
        self.context = context
        self.room = room
        self.cells: dict[tuple[int, int], Cell] = {}
        self.merges: list[Range] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: frozenset[int] = frozenset()
        self.last_row = 0
        self.shared: dict[str, SharedFormula] = {}
        self.waiting: list[tuple[int, int, str]] = []
        self.use("")

    def use(self, ns: str) -> None:
        """Fix the namespace of the sheet's elements."""
        self.row_tag, self.cell_tag = ns + "row", ns + "c"
        self.value_tag, self.formula_tag = ns + "v", ns + "f"
        self.inline_tag, self.text_tag, self.run_tag = ns + "is", ns + "t", ns + "r"

    def damaged(self, what: str) -> DamagedWorkbook:
        return DamagedWorkbook(f"部件 {self.part} {what}，文件已损坏。{_ADVICE}")

    def read_rows(self, rows: Iterable[Element]) -> None:
        """Take in the cells of rows; elements that are no rows are passed over."""
        row_tag, hidden = self.row_tag, self.hidden_rows
        for row in rows:
            if row.tag == row_tag:
                number = self.last_row = self._row_number(row.get("r"))
                if "hidden" in row.attrib and truth(row.get("hidden")):
                    hidden.add(number)
                self._read_cells(row, number)

    def _read_cells(self, row: Element, number: int) -> None:
        cells, columns = self.cells, COLUMNS
        looks, strings = self.context.looks, self.context.strings
        cell_tag, value_tag = self.cell_tag, self.value_tag
        value: Scalar
        digits, known = str(number), len(strings)
        col = 0
        for element in row:
            if element.tag != cell_tag:
                continue
            attributes = element.attrib
            at = number
            if "r" in attributes:
                # Nearly always letters that were met before, and the row's own number.
                column = columns.get(attributes["r"].removesuffix(digits))
                if column is None:
                    at, col = cell_position(attributes["r"], self.part)
                else:
                    col = column
            else:
                col += 1
                if col > limits.LAST_COLUMN:
                    raise self.damaged(f"第 {number} 行的单元格超过 {limits.LAST_COLUMN} 列")
            count = len(element)
            if not count:
                continue
            child = element[0]
            formula = None
            if count == 1 and child.tag == value_tag:
                text, kind = child.text, attributes.get("t", "n")
                # The two kinds that fill most sheets, at once; the rest in its own time.
                place = text if kind == "s" and text and len(text) < 10 else ""
                if place and place.isdecimal() and (nth := int(place)) < known:
                    value = strings[nth]
                elif kind != "n" or not text or (value := number_of(text)) is None:
                    value = self._value(kind, text, at, col)
            else:
                value, formula = self._whole_cell(element, at, col)
            if value is None and formula is None:
                continue
            style = attributes.get("s", "0")
            index, code = looks.get(style) or self._look(style)
            cells[at, col] = _new(Cell, (at, col, value, formula or None, code, index))
        if len(cells) > self.room:
            limits.refuse("工作簿里有内容的单元格太多", f"{limits.CELLS:,} 个", limits.SUSPECT)

    def _row_number(self, text: str | None) -> int:
        if text is None:
            number = self.last_row + 1
        elif text.isdecimal() and len(text) <= 7:
            number = int(text)
        else:
            number = 0
        if not 1 <= number <= limits.LAST_ROW:
            raise self.damaged(
                f"里的行号 {(text or number)!s:.20} 不在 1 到 {limits.LAST_ROW} 之间"
            )
        return number

    def _look(self, style: str) -> tuple[int, str]:
        if not (style.isascii() and style.isdigit() and len(style) <= 9):
            raise self.damaged(f"里的格式编号 {style[:20]} 不是数")
        look = self.context.looks[style] = (int(style), "General")
        return look

    def _whole_cell(self, element: Element, row: int, col: int) -> tuple[Scalar, str | None]:
        """Value and formula of a cell with more, or something else, than a bare value."""
        text = formula = None
        kind = element.get("t", "n")
        for child in element:
            tag = child.tag
            if tag == self.value_tag:
                text = child.text
            elif tag == self.formula_tag:
                formula = self._formula(child, row, col)
            elif tag == self.inline_tag and kind == "inlineStr":
                return text_of(child, self.text_tag, self.run_tag), formula
        return self._value(kind, text, row, col), formula

    def _value(self, kind: str, text: str | None, row: int, col: int) -> Scalar:
        if kind == "str":
            return unescape(text or "")
        text = text.strip() if text else ""
        if not text:
            return None
        value: Scalar
        if kind == "n":
            value = number_of(text)
        elif kind == "s":
            value = self._shared_string(text)
        elif kind == "b":
            value = truth(text)
        elif kind == "e":
            value = _ERRORS.get(text.upper(), ExcelError.VALUE)
        elif kind == "d":
            days = serial(text, self.context.date1904)
            value = text if days is None else days
        else:
            value = unescape(text) if kind == "inlineStr" else None
        if value is None:
            what = _KINDS.get(kind, f"类型 {kind[:20]}")
            raise self.damaged(f"的单元格 {a1(row, col)} 里的 {text[:30]} 不是{what}")
        return value

    def _shared_string(self, text: str) -> str | None:
        known = text.isdecimal() and len(text) < 10 and int(text) < len(self.context.strings)
        return self.context.strings[int(text)] if known else None

    def _formula(self, element: Element, row: int, col: int) -> str | None:
        text = (element.text or "").strip().removeprefix("=")
        if "_x" in text:
            text = unescape(text)
        if element.get("t") != "shared":
            return text or None
        index = element.get("si", "")
        if text:
            self.shared[index] = SharedFormula(text, row, col)
            return text
        if index in self.shared:
            return self._follow(self.shared[index], row, col)
        self.waiting.append((row, col, index))
        # Kept as an empty formula until its first cell has been met further down.
        return ""

    def _follow(self, first: SharedFormula, row: int, col: int) -> str:
        """The formula of a follower; a few bytes in the file must not become gigabytes."""
        text = first.at(row, col)
        self.context.expanded += len(text)
        limits.size(self.context.expanded, limits.EXPANDED, "展开后的共享公式", limits.SUSPECT)
        return text

    def grid(self, entry: SheetEntry) -> Grid:
        """The Grid of what was gathered."""
        for row, col, index in self.waiting:
            first, cell = self.shared.get(index), self.cells.get((row, col))
            if first and cell:
                self.cells[row, col] = cell._replace(formula=self._follow(first, row, col))
            elif cell and cell.value is None:
                del self.cells[row, col]
        found = Grid(
            sheet=entry.name,
            cells=self.cells,
            merges=tuple(self.merges),
            hidden_rows=frozenset(self.hidden_rows),
            hidden_columns=self.hidden_columns,
            visible=entry.state == "visible",
            part=entry.part,
        )
        check_merged(found)
        return found
