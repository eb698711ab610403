"""The hidden sheets of a template workbook: their names, their columns, reading them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from perfxl.errors import TemplateError
from perfxl.model import Book, Cell, Grid, Scalar, a1
from perfxl.template.draft import (
    AT,
    FIELD_KEYS,
    FORM_KEYS,
    FURTHER_KEYS,
    RULE_KEYS,
    SHORTHAND_KEYS,
    TEMPLATE_KEYS,
    CaseDraft,
    Draft,
    FormDraft,
    RuleDraft,
    listed,
)

INSTRUCTIONS, SELF_CHECK = "填报说明", "自查"
ABOUT, FIELDS, SHORTHANDS, RULES, CASES = "_模板", "_字段", "_算式", "_规则", "_试例"
HIDDEN = (ABOUT, FIELDS, SHORTHANDS, RULES, CASES)
PROPERTIES = ("perfxl模板", "perfxl年度", "perfxl版本")
"""The custom document properties that hold the template's id, year and version."""

ABOUT_FORM = ("表", *FORM_KEYS)
ABOUT_SECTIONS = ("表", "行组", "分段标题")
FIELD_COLUMNS = ("表", *FIELD_KEYS, *FURTHER_KEYS)
RULE_COLUMNS = ("编码", "标题", *RULE_KEYS)
CASE_COLUMNS = ("编码", "判定", "输入")


class Record(NamedTuple):
    """One row of a hidden table: its row number, and its texts by column."""

    row: int
    values: dict[str, str]


def text_at(grid: Grid, row: int, col: int) -> str:
    """What the cell holds as text: "" for an empty one, ``2`` for 2.0."""
    cell = grid.cells.get((row, col))
    return _text(cell.value) if cell else ""


def _text(value: Scalar) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _entered(cell: Cell) -> str:
    """The text of a cell; a rule's formula that was typed with = is a formula to Excel."""
    return (cell.formula or _text(cell.value)).strip()


def _sheet(book: Book, name: str) -> Grid:
    grid = book.grid(name)
    if grid is None:
        raise TemplateError(
            f"{book.path} 里没有“{name}”工作表，不是 perfxl 模板；"
            "请选用模板工作簿，或用 perfxl template build 由文字稿生成"
        )
    return grid


def records(grid: Grid, columns: Sequence[str], header: int = 1) -> Iterator[Record]:
    """The rows of a table under its header, down to the first row that is empty."""
    for col, name in enumerate(columns, 1):
        found = text_at(grid, header, col)
        # A template from before there was help while typing lacks these columns.
        if found != name and not (name in FURTHER_KEYS and not found):
            raise TemplateError(
                f"{grid.sheet}!{a1(header, col)} 应为列名“{name}”，现在是“{found}”；请恢复表头"
            )
    row = header + 1
    while texts := {cell.col: _entered(cell) for cell in grid.row(row)}:
        yield Record(row, {name: texts.get(col, "") for col, name in enumerate(columns, 1)})
        row += 1
    below = [at for at in grid.cells if at[0] > row]
    if below and header == 1:
        raise TemplateError(
            f"{grid.sheet} 第 {row} 行是空行，{a1(*min(below))} 起的内容会读不到；请删去空行"
        )


def _header_row(grid: Grid, columns: Sequence[str]) -> int:
    for row in range(1, grid.extent.bottom + 1):
        if text_at(grid, row, 1) == columns[0] and text_at(grid, row, 2) == columns[1]:
            return row
    raise TemplateError(f"{grid.sheet} 里没有以“{columns[0]}、{columns[1]}”开头的表头，请恢复")


def _about(grid: Grid) -> dict[str, str]:
    facts = {}
    for row, name in enumerate(("标题", *TEMPLATE_KEYS), 1):
        if text_at(grid, row, 1) != name:
            raise TemplateError(f"{grid.sheet}!{a1(row, 1)} 应为“{name}”，请恢复")
        facts[name] = text_at(grid, row, 2).strip()
        if name in ("标题", "编号") and not facts[name]:
            raise TemplateError(f"{grid.sheet}!{a1(row, 2)} 的{name}是空的，请填写")
    return facts


def _instructions(book: Book) -> tuple[str, ...]:
    grid = book.grid(INSTRUCTIONS)
    if grid is None:
        return ()
    rows = range(2, grid.extent.bottom + 1)
    return tuple(text for row in rows if (text := text_at(grid, row, 2)))


def read_wordings(book: Book) -> Iterator[tuple[str, ...]]:
    """Every title, label and heading of the template, each as all its wordings.

    Needs the sheets ``_模板`` and ``_字段`` only; raises as ``read_draft`` does.
    """
    about = _sheet(book, ABOUT)
    for _, values in records(about, ABOUT_FORM, _header_row(about, ABOUT_FORM)):
        yield listed(values["标题"])
    for _, values in records(_sheet(book, FIELDS), FIELD_COLUMNS):
        yield (*listed(values["标签"]), *listed(values["别名"]))
        yield listed(values["列标题"])


def read_draft(book: Book) -> Draft:
    """What the workbook's own sheets say, without the layout of the forms.

    Raises TemplateError naming the sheet and the cell that is not as it should be.
    """
    about = _sheet(book, ABOUT)
    facts = _about(about)
    lines: dict[str, list[dict[str, str]]] = {}
    for row, values in records(_sheet(book, FIELDS), FIELD_COLUMNS):
        lines.setdefault(values["表"], []).append(values | {AT: f"{FIELDS} 第 {row} 行"})
    sections: dict[str, dict[str, tuple[str, ...]]] = {}
    for _, values in records(about, ABOUT_SECTIONS, _header_row(about, ABOUT_SECTIONS)):
        sections.setdefault(values["表"], {})[values["行组"]] = listed(values["分段标题"])
    forms = tuple(
        FormDraft(
            prefix=values["表"],
            facts=values,
            rows=(),
            fields=tuple(lines.pop(values["表"], ())),
            sections=sections.get(values["表"], {}),
        )
        for _, values in records(about, ABOUT_FORM, _header_row(about, ABOUT_FORM))
    )
    for prefix, unknown in lines.items():
        raise TemplateError(f"{unknown[0][AT]}的表“{prefix}”在 {ABOUT} 中没有登记，请补上或改正")
    return Draft(
        title=facts["标题"],
        facts=facts,
        instructions=_instructions(book),
        forms=forms,
        shorthands=tuple(
            values | {AT: f"{SHORTHANDS} 第 {row} 行"}
            for row, values in records(_sheet(book, SHORTHANDS), SHORTHAND_KEYS)
        ),
        rules=tuple(
            RuleDraft(values["编码"], values["标题"], values, f"{RULES} 第 {row} 行")
            for row, values in records(_sheet(book, RULES), RULE_COLUMNS)
        ),
        cases=tuple(
            CaseDraft(values["编码"], values["判定"], values["输入"], f"{CASES} 第 {row} 行")
            for row, values in records(_sheet(book, CASES), CASE_COLUMNS)
        ),
    )
