"""A roster to start from: two invented units, their projects, and what columns there can be."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

from xlsxwriter import Workbook

from perfxl.batch import prepare
from perfxl.blank.columns import Target, match, targets
from perfxl.blank.lastyear import wanted
from perfxl.blank.sheet import SAMPLE
from perfxl.blank.tables import NOTES
from perfxl.errors import TargetExists
from perfxl.model import Form, Kind, Role, Template
from perfxl.template import available, find, load
from perfxl.writing import write_whole

FILE_NAME = "单位名册.xlsx"
_UNITS = (f"甲县教育局{SAMPLE}", f"乙县水务局{SAMPLE}")
_PROJECTS = (f"农村学校食堂改造{SAMPLE}", f"教师培训{SAMPLE}")
_SAMPLES = {Kind.COUNT: 25, Kind.AREA: 1200, Kind.POINTS: 10, Kind.RATIO: 1}
_AMOUNT = 110.71
_WIDTH = 16


def write_example(
    template: str | None, target: str | os.PathLike[str] | None, overwrite: bool = False
) -> Path:
    """Write a roster for the template, by default for the latest one shipped.

    ``target`` is its file, or the folder it goes to. Raises TargetExists, UnknownTemplate,
    TemplateError, UnwritableTarget.
    """
    model = load(find(template)) if template else _latest()
    path = Path(target or ".")
    if path.suffix.lower() != ".xlsx":
        path /= FILE_NAME
    if path.exists() and not overwrite:
        raise TargetExists(f"{path} 已经有了；请用 -o 换一个位置，或加 --overwrite 改写")
    prepare(str(path.parent))
    write_whole(str(path), [_workbook(model)])
    return path


def _latest() -> Template:
    return max(map(load, available()), key=lambda one: (one.year, one.id))


def listed(model: Template, projects: bool) -> list[Target]:
    """The columns of the example: what the template says a bureau knows beforehand."""
    return [
        target
        for target in targets(form for form in model.forms if form.repeatable is projects)
        if (target.field.in_roster or target.field.role is Role.PREFILLED)
        and target.field.name not in _names(target.form)
    ]


def _names(form: Form) -> tuple[str | None, ...]:
    """The fields that the columns 单位 and 项目名称 fill."""
    return form.unit_field, form.name_field


def heading(model: Template, target: Target, projects: bool) -> str:
    """The shortest heading that means this field and no other, with its unit of measure."""
    field = target.field
    unit = f"（{field.unit}）" if field.kind is Kind.AMOUNT and field.unit else ""
    for text in (field.name, target.label, target.name):
        if match(model, text + unit, projects) == target:
            return text + unit
    return target.name


def _workbook(model: Template) -> bytes:
    made = BytesIO()
    book = Workbook(made, {"in_memory": True})
    head = book.add_format(
        {"bold": True, "bg_color": "#DDEBF7", "border": 1, "text_wrap": True, "valign": "vcenter"}
    )
    columns = listed(model, False)
    headings = ["单位", *(heading(model, one, False) for one in columns)]
    rows: list[list[str | float]] = [
        [unit, *(_sample(one, place) for one in columns)] for place, unit in enumerate(_UNITS)
    ]
    _sheet(book, "单位", headings, rows, head)
    if any(form.repeatable for form in model.forms):
        columns = listed(model, True)
        headings = ["单位", "项目名称", *(heading(model, one, True) for one in columns)]
        rows = [
            [_UNITS[0], name, *(_sample(one, place) for one in columns)]
            for place, name in enumerate(_PROJECTS)
        ]
        _sheet(book, "项目", headings, rows, head)
    _notes(book, model, head)
    book.close()
    return made.getvalue()


def _sheet(
    book: Workbook, name: str, headings: Sequence[str], rows: Sequence[Sequence], head: object
) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 1)
    sheet.set_row(0, 32)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, max(len(headings) - 1, 1), _WIDTH)
    if "项目名称" in headings:
        sheet.set_column(1, 1, 34)
    for col, text in enumerate(headings):
        sheet.write_string(0, col, text, head)
    for row, values in enumerate(rows, 1):
        for col, value in enumerate(values):
            write = sheet.write_string if isinstance(value, str) else sheet.write_number
            write(row, col, value)


def _sample(target: Target, place: int) -> str | float:
    field = target.field
    if field.kind is Kind.AMOUNT:
        return _AMOUNT * (place + 1)
    if field.kind in _SAMPLES:
        return _SAMPLES[field.kind]
    return SAMPLE if field.role is Role.PREFILLED else ""


def _notes(book: Workbook, model: Template, head: object) -> None:
    sheet = book.add_worksheet(NOTES)
    sheet.set_column(0, 0, 100)
    lines = [
        f"这份名册配合模板 {model.id}（{model.title}）使用。",
        "“单位”表一行一个单位；样例的两行请改写或删去。“单位”一列必须有，名称不能重复。",
        "其他的列可以不要，也可以加：列名写表样上的栏目名称，或下面列出的全称（同名的栏目必须写"
        "全称）；表格里的栏目也可以写行名和列名。空格表示留给单位填。",
        "“项目”表一行一个项目，单位名称与“单位”表一致；每个项目在工作簿里有一张自己的表。",
        "列名不认识、单位重复、名称不能用、金额写成文字的，会逐处指出，改正以前不写出任何文件。",
    ]
    if wanted(model):
        lines.append(
            "上年的数可以不填：用 --last-year 指定上年报回的工作簿所在的文件夹，自动取数。"
        )
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line, wrapped)
    row = len(lines) + 1
    for projects, title in ((False, "“单位”表可用的列"), (True, "“项目”表可用的列")):
        named = list(_columns(model, projects))
        if named:
            sheet.write_string(row, 0, title, head)
            for below, line in enumerate(named, row + 1):
                sheet.write_string(below, 0, line)
            row += len(named) + 2


def _columns(model: Template, projects: bool) -> Iterator[str]:
    for target in targets(form for form in model.forms if form.repeatable is projects):
        if target.field.name in _names(target.form):
            continue
        measure = f"，{target.field.unit}" if target.field.unit else ""
        yield f"{target.name}　（{target.form.sheet}：{target.label.strip()}{measure}）"
