"""The values of filled workbooks as they were read: nothing computed, nothing corrected."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from perfxl.batch import died, unforeseen
from perfxl.errors import PerfxlError
from perfxl.intake import read
from perfxl.locate import locate
from perfxl.model import Binding, Book, Bound, Finding, FormBinding, Kind, Level, Template
from perfxl.notation import fold
from perfxl.numberformat import is_date
from perfxl.numberformat.calendar import civil
from perfxl.pool import in_parallel
from perfxl.recognition import named, recognised
from perfxl.template import available, shipped

if TYPE_CHECKING:
    from concurrent.futures import Executor

_CALCULABLE = frozenset(Kind) - {Kind.TEXT, Kind.DATE}
_DAY = re.compile(r"(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})日?|(\d{4})(\d\d)(\d\d)")
_EXACT = 2**53


class Item(NamedTuple):
    """One value that was found.

    ``value`` is a number (ratio for a percentage), text, a date as ISO text, or None for
    blank. ``number`` is what can be calculated with: ``value`` itself, or the number of a
    phrase (``≤110.71 万元``) whose unit of measure is ``unit``. A ``doubtful`` value is None.
    """

    cell: str
    raw: str
    value: float | int | str | None
    number: float | int | None = None
    unit: str = ""
    doubtful: bool = False


class RowItems(NamedTuple):
    """One row of a row group, under the heading ``section`` that the form prints."""

    row: int
    section: str
    values: Mapping[str, Item]


class FormItems(NamedTuple):
    """One form; ``name`` tells it from its siblings (a project's name), or is empty.

    ``unit`` and ``year`` are the form's own, or else those of its workbook.
    """

    form: str
    sheet: str
    unit: str | None
    year: int | None
    name: str
    fields: Mapping[str, Item]
    groups: Mapping[str, Sequence[RowItems]]


@dataclass(frozen=True)
class Extract:
    """What one file gave; ``template`` is None and ``error`` set where that is nothing.

    ``error`` is a finding code and a sentence. ``doubts`` are short remarks on what is
    missing or could not be read.
    """

    path: str
    template: str | None = None
    unit: str | None = None
    year: int | None = None
    forms: tuple[FormItems, ...] = ()
    doubts: tuple[str, ...] = ()
    error: tuple[str, str] | None = None

    def as_dict(self) -> dict[str, Any]:
        """The file as ``perfxl extract -f json`` has it."""
        found: dict[str, Any] = {
            "path": self.path,
            "template": self.template,
            "unit": self.unit,
            "year": self.year,
            "forms": [_form_dict(form) for form in self.forms],
        }
        if self.error:
            found["error"] = {"code": self.error[0], "message": self.error[1]}
        return found


def extract(
    paths: Iterable[str | os.PathLike[str]],
    template: str | None = None,
    executor: Executor | None = None,
    jobs: int | None = None,
    password: str | None = None,
) -> list[dict[str, Any]]:
    """The values of filled workbooks, one dict a file, as in the JSON of ``perfxl extract``.

    ``template`` is an id or a path; without it the content decides. ``password`` opens
    encrypted workbooks. A file that gives nothing has ``error``. Raises UnknownTemplate or
    TemplateError.
    """
    return [one.as_dict() for one in extract_many(paths, template, executor, jobs, password)]


def extract_many(
    paths: Iterable[str | os.PathLike[str]],
    template: str | None = None,
    executor: Executor | None = None,
    jobs: int | None = None,
    password: str | None = None,
) -> Iterator[Extract]:
    """One Extract a file, in the order given, in parallel; raises as `extract` does."""
    candidates(template)
    files = [os.fspath(path) for path in paths]
    work = partial(extract_one, template=template, password=password)
    yield from in_parallel(work, files, executor, jobs, _lost)


def extract_one(path: str, template: str | None = None, password: str | None = None) -> Extract:
    """The values of one workbook; whatever is wrong with the file is its ``error``.

    ``password`` opens an encrypted one. Raises UnknownTemplate or TemplateError.
    """
    if template:
        named(template)
    try:
        return _extract(read(path, password), template)
    except PerfxlError as error:
        return _failed(path, error)
    except Exception as fault:
        return _failed(path, unforeseen(fault))


def candidates(template: str | None) -> tuple[Template, ...]:
    """The templates that files may turn out to follow: the one named, or all shipped."""
    if template is None:
        return tuple(shipped(path.stem) for path in available())
    return (named(template),)


def _extract(book: Book, template: str | None) -> Extract:
    chosen = recognised(book, template)
    if chosen.template is None or chosen.finding is not None:
        return Extract(book.path, error=_told(chosen.finding))
    binding = locate(book, chosen.template)
    if not binding.forms:
        return Extract(book.path, error=_told(next(iter(binding.findings), None)))
    unit = next(filter(None, map(_unit, binding.forms)), None)
    year = next((form.year for form in binding.forms if form.year), None)
    return Extract(
        path=book.path,
        template=binding.template.id,
        unit=unit,
        year=year,
        forms=tuple(_form(form, unit, year, book.date1904) for form in binding.forms),
        doubts=tuple(_doubts(binding)),
    )


def _failed(path: str, error: PerfxlError) -> Extract:
    return Extract(path, error=(error.code, str(error)))


def _lost(path: str) -> Extract:
    return _failed(path, died())


def _told(finding: Finding | None) -> tuple[str, str]:
    if finding is None:
        return "F009", "没有可用的模板；请用 -t 指定模板"
    return finding.code, finding.message


def _form(form: FormBinding, unit: str | None, year: int | None, date1904: bool) -> FormItems:
    named = form.fields.get(form.form.name_field or "")
    return FormItems(
        form=form.form.id,
        sheet=form.sheet,
        unit=_unit(form) or unit,
        year=form.year or year,
        name=str(named.value.value or "") if named else "",
        fields={name: _item(bound, date1904) for name, bound in form.fields.items()},
        groups={
            name: tuple(
                RowItems(
                    row.row,
                    "".join(row.section.split()),
                    {column: _item(bound, date1904) for column, bound in row.values.items()},
                )
                for row in rows
            )
            for name, rows in form.groups.items()
        },
    )


def _unit(form: FormBinding) -> str | None:
    bound = form.fields.get(form.form.unit_field or "")
    return str(bound.value.value) if bound and bound.value.value else None


def _item(bound: Bound, date1904: bool) -> Item:
    value, kind = bound.value, bound.field.kind
    if value.problem:
        return Item(bound.cell, value.raw, None, doubtful=True)
    if kind is Kind.DATE:
        return Item(bound.cell, value.raw, _iso(bound, date1904))
    number = _number(value.number) if kind in _CALCULABLE else None
    meant = value.value if isinstance(value.value, str) else _number(value.value)
    # 98.05% is 0.9805 of nothing in particular: a ratio has no unit of measure.
    unit = "" if value.unit == "%" else value.unit
    return Item(bound.cell, value.raw, meant, number, unit if number is not None else "")


def _number(number: float | int | None) -> float | int | None:
    """The number, a whole one without a decimal point; None for what JSON cannot hold."""
    if number is None or not math.isfinite(number):
        return None
    whole = isinstance(number, float) and number.is_integer() and abs(number) < _EXACT
    return int(number) if whole else number


def _iso(bound: Bound, date1904: bool) -> str | float | int | None:
    """2024-03-05 from a serial day number or one of the ways to write a date; or as typed."""
    source = bound.source
    if source and isinstance(source.value, (int, float)) and is_date(source.number_format):
        day = civil(int(source.value), date1904)
        return "{:04}-{:02}-{:02}".format(*day) if day else bound.value.value
    found = _DAY.fullmatch(fold(bound.value.raw))
    if found is None:
        return bound.value.value
    year, month, day_of_month = (int(part) for part in found.groups() if part)
    return f"{year:04}-{month:02}-{day_of_month:02}"


def _doubts(binding: Binding) -> Iterator[str]:
    """What is missing or unreadable, each kind once with its places."""
    places: dict[str, list[str]] = {}
    for finding in binding.findings:
        if finding.level is not Level.NOTE:
            where = "!".join(filter(None, (finding.sheet, finding.cell)))
            places.setdefault(finding.name, []).append(where)
    for name, cells in places.items():
        known = "、".join(filter(None, cells))
        yield f"{name}（{known}）" if known else name


def _form_dict(form: FormItems) -> dict[str, Any]:
    return {
        "form": form.form,
        "sheet": form.sheet,
        "fields": {name: _cell_dict(item) for name, item in form.fields.items()},
        "groups": {name: [_row_dict(row) for row in rows] for name, rows in form.groups.items()},
    }


def _row_dict(row: RowItems) -> dict[str, Any]:
    section = {"section": row.section} if row.section else {}
    columns = {name: _cell_dict(item) for name, item in row.values.items()}
    return {"row": row.row, **section, **columns}


def _cell_dict(item: Item) -> dict[str, Any]:
    return {"cell": item.cell, "raw": item.raw, "value": item.value}
