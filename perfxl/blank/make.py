"""Blank workbooks for the units of a roster."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from perfxl.batch import prepare
from perfxl.blank import filenames, tables
from perfxl.blank.columns import is_owner, is_project, targets
from perfxl.blank.lastyear import carry, wanted
from perfxl.blank.press import Blank, Page, write
from perfxl.blank.renewed import Master, up_to_date
from perfxl.blank.room import most_projects
from perfxl.blank.units import Project, Unit, Values, read_units, refused, same
from perfxl.errors import TargetExists, TemplateError, UnreadableFile, UnwritableTarget
from perfxl.extract import extract_many
from perfxl.inputs import find_inputs, same_place
from perfxl.model import Form, Kind, Template
from perfxl.pool import in_parallel
from perfxl.template import find, load
from perfxl.writing import refuse_kept

if TYPE_CHECKING:
    from concurrent.futures import Executor

Units = Iterable[Mapping[str, object]] | str | os.PathLike[str]
_MOST_SHOWN = 5


@dataclass(frozen=True)
class Options:
    """What can be chosen beside the template, the units and the folder.

    ``projects`` is a file of projects beside a .csv roster; ``last_year`` a folder of returned
    workbooks; ``pattern`` the names of the files.
    """

    projects: str | None = None
    last_year: str | None = None
    pattern: str = filenames.DEFAULT
    overwrite: bool = False
    jobs: int | None = None


@dataclass(frozen=True)
class Plan:
    """The workbooks to write, what they are made from, and remarks on what was left blank."""

    blanks: tuple[Blank, ...]
    master: Master
    remarks: tuple[str, ...] = ()


def make_blanks(
    template: str | os.PathLike[str],
    units: Units,
    target: str | os.PathLike[str],
    *,
    projects: str | os.PathLike[str] | None = None,
    last_year: str | os.PathLike[str] | None = None,
    name_pattern: str = filenames.DEFAULT,
    overwrite: bool = False,
    executor: Executor | None = None,
    jobs: int | None = None,
) -> list[Path]:
    """Write one blank, prefilled workbook per unit into the folder ``target``.

    ``units`` is the path of a roster, or mappings by heading: ``{"单位": "…", "编制数": 8,
    "项目": [{"项目名称": "…"}]}``. Returns the paths in that order. Raises RosterError with all
    that is wrong with the units, TargetExists, UnknownTemplate, TemplateError, UnwritableTarget;
    nothing is written then, but for an UnwritableTarget halfway.
    """
    options = Options(
        os.fspath(projects) if projects else None,
        os.fspath(last_year) if last_year else None,
        name_pattern,
        overwrite,
        jobs,
    )
    made = plan(template, units, target, options)
    for _ in run(made, executor, jobs):
        pass
    return [Path(blank.target) for blank in made.blanks]


def plan(
    template: str | os.PathLike[str],
    units: Units,
    target: str | os.PathLike[str],
    options: Options | None = None,
) -> Plan:
    """What there is to write; nothing is written yet. Raises as ``make_blanks`` does."""
    options = options or Options()
    workbook = find(template)
    model = load(workbook)
    source = _source(model, units, options)
    extra = filenames.places(options.pattern)
    naming = filenames.Naming(options.pattern, model, tuple(source.units.headings.values()))
    listed, problems, remarks = read_units(model, source, most_projects(model, workbook), extra)
    paths = _paths(listed, naming, Path(target), source, problems)
    if problems:
        raise refused(problems)
    returned = _returned(model, options)
    given = [str(workbook), *returned, *(p for p in (units, options.projects) if _is_path(p))]
    _check_targets(paths, map(str, given), options.overwrite)
    master = up_to_date(workbook, model)
    remarks = [*filter(None, [master.remark]), *source.remarks, *remarks]
    if options.last_year is not None:
        remarks += carry(model, listed, extract_many(returned, jobs=options.jobs))
    blanks = (
        _blank(model, str(master.workbook), unit, path)
        for unit, path in zip(listed, paths, strict=True)
    )
    return Plan(tuple(blanks), master, tuple(remarks))


def plain(
    template: str | os.PathLike[str], target: str | os.PathLike[str], overwrite: bool = False
) -> Plan:
    """One blank without a unit: ``target`` is its file, or the folder it goes to."""
    workbook = find(template)
    model = load(workbook)
    path = Path(target)
    if path.suffix.lower() != ".xlsx":
        path /= f"{filenames.safe(model.id)}-空白表.xlsx"
    _check_targets([path], [str(workbook)], overwrite)
    master = up_to_date(workbook, model)
    made = _blank(model, str(master.workbook), Unit("", 0, {}, {}), path)
    return Plan((made,), master, tuple(filter(None, [master.remark])))


def run(plan: Plan, executor: Executor | None = None, jobs: int | None = None) -> Iterator[str]:
    """Write the workbooks of a plan, in parallel; the path of each that is written.

    Raises UnwritableTarget; what was written before that stays.
    """
    for folder in sorted({str(Path(blank.target).parent) for blank in plan.blanks}):
        prepare(folder)
    # What workbooks of one number of sheets share is made once where they follow each other.
    alike = sorted(plan.blanks, key=lambda blank: blank.repeat)
    yield from in_parallel(write, alike, executor, jobs)


def _is_path(given: object) -> bool:
    return isinstance(given, (str, os.PathLike))


def _source(model: Template, units: Units, options: Options) -> tables.Source:
    if not isinstance(units, (str, os.PathLike)):
        return tables.from_mappings(units)
    return tables.from_files(
        units,
        options.projects,
        lambda text: is_owner(model, text),
        lambda text: is_project(model, text),
        any(form.repeatable for form in model.forms),
    )


def _paths(
    units: Sequence[Unit],
    naming: filenames.Naming,
    folder: Path,
    source: tables.Source,
    problems: list[str],
) -> list[Path]:
    """Where each unit's workbook goes; what is wrong with the names joins ``problems``."""
    known: set[str] = set()
    seen: dict[str, Unit] = {}
    paths = []
    for number, unit in enumerate(units, 1):
        # A unit without a name, or there twice, has been told of already.
        if not unit.name or same(unit.name) in known:
            continue
        known.add(same(unit.name))
        place = source.units.place(unit.row, 0)
        try:
            name = naming.of(unit, number)
        except ValueError as problem:
            problems.append(f"{place}：{problem}")
            continue
        other = seen.setdefault(filenames.same_file(name), unit)
        if other is not unit:
            earlier = source.units.place(other.row, 0)
            problems.append(
                f"{place}：“{unit.name}”与{earlier}的“{other.name}”同用文件名 {name}；"
                "请改名称，或在 --name-pattern 里加上 {序号}"
            )
        paths.append(folder / name)
    return paths


def _check_targets(paths: Sequence[Path], given: Iterable[str], overwrite: bool) -> None:
    inputs = {same_place(path) for path in given}
    for path in paths:
        if same_place(path) in inputs:
            raise UnwritableTarget(
                f"{path} 是读取用的文件，不能改写；请用 -o 换一个文件夹，或换 --name-pattern"
            )
    there = [path for path in paths if os.path.lexists(path)]
    if overwrite:
        for path in there:
            refuse_kept(str(path))
    elif there:
        names = "、".join(path.name for path in there[:_MOST_SHOWN])
        more = f"等 {len(there)} 个文件" if len(there) > _MOST_SHOWN else ""
        raise TargetExists(
            f"{there[0].parent} 里已有 {names}{more}；请换一个文件夹，或加 --overwrite 改写"
        )


def _returned(model: Template, options: Options) -> list[str]:
    if options.last_year is None:
        return []
    if not wanted(model):
        raise TemplateError(
            f"模板 {model.id} 没有写明哪些栏目取自上年；请在栏目表的“上年取自”一列补上"
        )
    files = find_inputs([options.last_year]).files
    if not files:
        raise UnreadableFile(f"{options.last_year} 里没有工作簿，请核对上年文件夹的位置")
    return files


def _blank(model: Template, workbook: str, unit: Unit, path: Path) -> Blank:
    pages: list[Page] = []
    repeat: list[tuple[str, int]] = []
    for form in model.forms:
        projects: Sequence[Project | None] = unit.projects or (None,)
        if not form.repeatable:
            projects = (None,)
        elif len(projects) > 1:
            repeat.append((form.sheet, len(projects)))
        for copy, project in enumerate(projects):
            cells = _cells(form, _own(model, form, unit, project))
            cells |= {} if form.repeatable else unit.rows.get(form.prefix, {})
            if cells:
                pages.append(Page(form.sheet, copy, cells))
    return Blank(workbook, str(path), model.title, unit.name, tuple(repeat), tuple(pages))


def _own(model: Template, form: Form, unit: Unit, project: Project | None) -> Values:
    """Everything known for one form: the year, the names, the unit's values, the project's."""
    values: Values = {
        f"{form.prefix}.{field.name}": float(model.year)
        for field in form.fields.values()
        if field.kind is Kind.YEAR
    }
    if unit.name and form.unit_field:
        values[f"{form.prefix}.{form.unit_field}"] = unit.name
    values |= unit.values
    if project and form.name_field:
        values[f"{form.prefix}.{form.name_field}"] = project.name
    return values | (project.values if project else {})


def _cells(form: Form, values: Values) -> dict[tuple[int, int], float | str]:
    return {
        target.field.area[:2]: values[target.name]
        for target in targets([form])
        if target.field.area and target.name in values
    }
