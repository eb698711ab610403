"""One workbook, or many: file → Grid → Binding → recomputed values → Findings → Report."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from perfxl import repair
from perfxl.audit import audit
from perfxl.choice import verdict_of
from perfxl.codes import CODES
from perfxl.edition import edition_finding
from perfxl.errors import PerfxlError
from perfxl.intake import read
from perfxl.locate import locate
from perfxl.model import (
    Binding,
    Book,
    Finding,
    FormBinding,
    Level,
    Record,
    Report,
    Template,
    in_reading_order,
)
from perfxl.page import read_record
from perfxl.pool import in_parallel
from perfxl.recognition import named, recognised
from perfxl.recompute import recompute
from perfxl.record import (
    REBUILT_FROM,
    as_filled_in,
    outdated,
    recalculated,
    standing,
    taken_back,
    without_lost,
    without_page,
)
from perfxl.replies import answered
from perfxl.unfilled import unfilled

if TYPE_CHECKING:
    from concurrent.futures import Executor

_ABSENT = "L106"
"""The notice that a form was not found."""


def check(
    path: str | os.PathLike[str],
    template: str | None = None,
    password: str | None = None,
    beside: Sequence[str | os.PathLike[str]] = (),
) -> Report:
    """Read one filled workbook, recompute it and run the rules of its template.

    ``template`` is an id or a path; without it the content decides. ``password`` opens an
    encrypted workbook. ``beside`` are the other workbooks of the same submission: rules
    between forms look into them, findings are about ``path`` alone. A workbook that cannot be
    read gives a Report with verdict ``unreadable`` and one F finding; nothing is written.
    Raises UnknownTemplate or TemplateError for a template that cannot be used, and what
    reading one ``beside`` it raises.
    """
    if template:
        named(template)
    try:
        book = read(path, password)
    except PerfxlError as error:
        return _unreadable(os.fspath(path), error)
    return check_book(book, template, [read(other, password) for other in beside])


def check_book(book: Book, template: str | None = None, beside: Sequence[Book] = ()) -> Report:
    """`check` for workbooks that have been read.

    Of a corrected copy the report is about the workbook as it is now; ``before`` is the one
    on what the unit itself filled in.
    """
    record = read_record(book)
    if record:
        book = recalculated(without_page(book, record), record)
    chosen = recognised(book, template)
    if chosen.template is None or chosen.finding is not None:
        findings = (chosen.finding,) if chosen.finding else ()
        return Report(book.path, book.sha256, verdict="unknown", findings=findings)
    others = [form for other in beside for form in _visiting(other, chosen.template)]
    if record:
        return _again(book, record, chosen.template, others)
    return report_of(book, locate(book, chosen.template), others)


def _again(book: Book, record: Record, template: Template, others: Sequence[FormBinding]) -> Report:
    """The report on a corrected copy, with the unit's replies and what went before."""
    filled = as_filled_in(book, record)
    before = _following(
        filled, report_of(filled, locate(filled, template), others), standing(book, record)
    )
    kept = without_lost(record, before.repairs)
    if kept is not record:
        return _again(book, kept, template, others)
    # A value of ours that is put in no more is the unit's mistake no more than it is ours.
    given_back = as_filled_in(book, taken_back(record, before.repairs))
    same = given_back.grids == filled.grids
    report = before if same else report_of(given_back, locate(given_back, template), others)
    known = {_identity(finding) for finding in before.findings}
    follows = set(outdated(given_back, record, before.repairs))
    # What only the values put right bring up; notes among it (other digits than a neighbour's),
    # and what is gone once they are put in anew, would make a second copy differ.
    newer = (
        finding
        for finding in report.findings
        if finding.level is not Level.NOTE
        and _identity(finding) not in known
        and (finding.sheet, finding.cell) not in follows
    )
    listed = _ordered(book, (*before.findings, *newer))
    replied = tuple(answered(listed, record, template))
    said = {_identity(finding): finding for finding in replied}
    findings = tuple(_with_reply(one, said.get(_identity(one))) for one in report.findings)
    return replace(
        report,
        findings=findings,
        verdict=verdict_of(findings),
        before=replace(before, findings=replied, verdict=verdict_of(replied)),
        record=standing(book, record),
    )


def _following(filled: Book, before: Report, ours: Record) -> Report:
    """The report in which no cell waits that holds a formula of ours already: it follows the
    facts as they are, and will when they are put right."""
    live = {
        (mark.sheet, mark.row, mark.col)
        for mark in ours.marks
        if mark.original and mark.original.written.startswith("=")
    }
    kept = tuple(
        made
        for one in before.waiting
        if (made := one.repair) and made.formula and (made.sheet, made.row, made.col) in live
    )
    if not kept:
        return before
    places = {(made.sheet, made.cell) for made in kept}
    repairs = (*before.repairs, *kept)
    return replace(
        before,
        repairs=repairs,
        refreshed=repair.refreshed(filled, repairs),
        waiting=tuple(one for one in before.waiting if (one.sheet, one.cell) not in places),
    )


def _identity(finding: Finding) -> tuple[str, str | None, str | None]:
    return finding.key, finding.sheet, finding.cell


def _with_reply(finding: Finding, said: Finding | None) -> Finding:
    if said is None or not said.explanation:
        return finding
    explained = said.explained and finding.level is Level.WARNING
    return replace(finding, message=said.message, explanation=said.explanation, explained=explained)


def _visiting(book: Book, template: Template) -> Iterator[FormBinding]:
    """The forms of another workbook, their cells named as Excel names those of other files."""
    name = Path(book.path).name
    for form in locate(book, template).forms:
        sheet = f"[{name}]{form.sheet}"
        fields = {key: bound._replace(sheet=sheet) for key, bound in form.fields.items()}
        groups = {
            key: tuple(
                replace(row, values={c: b._replace(sheet=sheet) for c, b in row.values.items()})
                for row in rows
            )
            for key, rows in form.groups.items()
        }
        yield replace(form, sheet=sheet, fields=fields, groups=groups)


def report_of(book: Book, own: Binding, others: Sequence[FormBinding] = ()) -> Report:
    """Recompute and audit a located workbook, with the forms that other files hold."""
    template = own.template
    found_elsewhere = {form.form.id for form in others}
    noticed = [
        one for one in own.findings if one.code != _ABSENT or one.form not in found_elsewhere
    ]
    if told := edition_finding(book, template):
        noticed.append(told)
    noticed += unfilled(own.forms)
    binding = replace(own, forms=(*own.forms, *others), findings=tuple(noticed))
    computed, final = recompute(binding)
    result = audit(binding, computed, final, len(own.forms))
    findings = _ordered(book, (*binding.findings, *result.findings))
    repairs, waiting = repair.repairs(binding, computed, findings, final)
    return Report(
        path=book.path,
        sha256=book.sha256,
        template=template.id,
        template_version=template.version,
        unit=_unit(own),
        year=next((form.year for form in own.forms if form.year), None),
        verdict=verdict_of(findings),
        forms=tuple(form.found for form in own.forms),
        findings=findings,
        rules_run=result.run,
        skipped=result.skipped,
        repairs=repairs,
        waiting=waiting,
        rebuilt_from=book.properties.get(REBUILT_FROM, ""),
        refreshed=repair.refreshed(book, repairs),
    )


def check_many(
    paths: Iterable[str | os.PathLike[str]],
    template: str | None = None,
    executor: Executor | None = None,
    jobs: int | None = None,
    password: str | None = None,
) -> Iterator[Report]:
    """Check workbooks in the order given, one Report each, in parallel.

    Any ``concurrent.futures`` executor will do; without one, a pool of ``jobs`` processes
    (all cores by default) is used where there is more than one file.
    """
    files = [os.fspath(path) for path in paths]
    work = partial(check, template=template, password=password)
    yield from in_parallel(work, files, executor, jobs)


def _unreadable(path: str, error: PerfxlError) -> Report:
    return Report(path, verdict="unreadable", findings=(failure(error),))


def failure(error: PerfxlError) -> Finding:
    """The F finding under which a batch reports what went wrong with one file."""
    code = CODES.get(error.code, CODES["F000"])
    return Finding(
        code=code.code,
        level=Level(code.level),
        message=str(error),
        advice=code.advice,
        basis=code.basis,
        name=code.title,
    )


def _unit(binding: Binding) -> str | None:
    for form in binding.forms:
        bound = form.fields.get(form.form.unit_field or "")
        if bound and bound.value.value:
            return str(bound.value.value)
    return None


def _ordered(book: Book, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return in_reading_order(findings, (grid.sheet for grid in book.grids))
