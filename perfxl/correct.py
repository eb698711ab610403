"""Gives a unit its own workbook back: computed cells right, every finding marked."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from perfxl.check import failure
from perfxl.errors import CheckOnly, RefusedEdit
from perfxl.findings_sheet import Page, findings_sheet, rows_by_cell
from perfxl.intake import open_for_copy
from perfxl.marks import DARK_FILLS, FILLS, OUR_FILLS, PAGE, by_cell, note, tint
from perfxl.model import Finding, Mark, Place, Record, Repair, Report, row_col
from perfxl.package import Package
from perfxl.package.patch import Patch
from perfxl.record import keys

_OUR_NAME, _OUR_PAGE = b"perfxl", PAGE.encode()
"""What every note of ours begins with, and what links of ours lead to."""


def correct(
    report: Report,
    target: str | os.PathLike[str],
    password: str | None = None,
    template: str | os.PathLike[str] | None = None,
) -> Path:
    """Write the corrected copy of the workbook that ``report`` is about to ``target``.

    The copy is a patch of the returned file: computed cells named in findings are put right,
    each marked cell gets a fill and a note, a sheet 校验结果 is added, and every other part
    stays byte for byte. Facts the unit typed are never changed. The marks of an earlier check
    are taken away first, so that they never pile up. The copy of an encrypted
    workbook, opened with ``password``, is not encrypted. What is no .xlsx or .xlsm cannot be
    patched: its copy is an .xlsx rebuilt from the forms of ``template`` (an id or a path, by
    default that of the report). Raises RefusedEdit when the workbook was not recognised,
    changed since it was checked, or cannot be patched; EncryptedWorkbook without its password;
    UnwritableTarget when the copy cannot be written. The input is never touched.
    """
    corrected(report, target, password, template)
    return Path(target)


def corrected(
    report: Report,
    target: str | os.PathLike[str],
    password: str | None = None,
    template: str | os.PathLike[str] | None = None,
) -> Report:
    """`correct`; gives the report with the place of the copy, and a note if it was rebuilt."""
    if report.template is None:
        raise RefusedEdit(f"{report.path} 没有认出自评表，不能生成更正稿；请先用 -t 指定模板检查")
    done = replace(report, corrected=os.fspath(target))
    try:
        package, sha256 = open_for_copy(report.path, password)
    except CheckOnly as refused:
        # Only these need the printed layout of the forms, and what reads it.
        from perfxl.rebuild import rebuilt

        made = rebuilt(report, password, template)
        write(made.package, made.report, target)
        return replace(done, findings=(failure(refused), *report.findings))
    if sha256 != report.sha256:
        raise RefusedEdit(f"{report.path} 在检查之后改动过；请重新检查，再生成更正稿")
    write(package, report, target)
    return done


def write(package: Package, report: Report, target: str | os.PathLike[str]) -> None:
    """Write the corrected copy of an opened package."""
    record = report.record
    if record or _marked(package):
        package = _without_marks(package, record)
    patch = Patch(package)
    full = report.before or report
    shown = _settled_shown(report)
    marked = by_cell(full.findings if shown else report.findings)
    # Before anything is written: these are the looks to go back to.
    looks = {at: patch.look_of(at[0], *row_col(at[1])) for at in by_cell(full.findings)}
    made = _put_right(patch, full)
    if record:
        _give_back(patch, record, made)
    page = Page(
        report=full,
        repairs=made,
        waiting={one.place: one for one in full.waiting},
        looks=looks,
        had_formulas=_had_formulas(made, record),
        settled_shown=shown,
    )
    name = patch.add_sheet(findings_sheet(page))
    rows = rows_by_cell(full.findings)
    for at, findings in marked.items():
        if at in rows:
            _mark(patch, page, at, findings, name, rows[at])
    patch.save(target)


def _marked(package: Package) -> bool:
    """Whether notes or links may be ours although no record is there: the unit deleted
    校验结果, or copied a marked sheet into this workbook."""
    for entry in package.sheets:
        notes = package.related(entry.part, "comments")
        if notes and _OUR_NAME in package.read(notes):
            return True
        if _OUR_PAGE in package.read(entry.part):
            return True
    return False


def _without_marks(package: Package, record: Record | None) -> Package:
    # Only a workbook that was checked before needs this.
    from perfxl.package.undo import without_marks

    marks = record.marks if record else ()
    looks = {(mark.sheet, mark.row, mark.col): mark.look for mark in marks}
    return without_marks(package, looks, record.sheet if record else None, OUR_FILLS)


def _settled_shown(report: Report) -> bool:
    """Whether cells that were put right earlier are marked still: as long as anything is
    open, or nothing has changed since they were."""
    before, record = report.before, report.record
    if before is None or record is None or report.verdict != "pass":
        return True
    return record.settled_shown and record.keys == frozenset(keys(before.findings))


def _put_right(patch: Patch, report: Report) -> dict[Place, Repair]:
    """Write the right values; the repairs that were made."""
    made = {}
    for repair in report.repairs:
        at = (repair.sheet, repair.row, repair.col)
        if repair.text is not None:
            done = patch.text(*at, repair.text)
        else:
            done = patch.number(*at, repair.value, repair.formula, repair.number_format)
        if done:
            made[repair.place] = repair
    # They were worked out from all right values together.
    if len(made) == len(report.repairs):
        for fresh in report.refreshed:
            patch.result(*fresh)
    return made


def _give_back(patch: Patch, record: Record, made: Collection[Place]) -> None:
    """Put the unit's own values back where what they were taken for wrong by has changed."""
    for mark in record.marks:
        if mark.original and not mark.original.formula and _place(mark) not in made:
            patch.restore(mark.sheet, mark.row, mark.col, mark.original.value)


def _had_formulas(made: dict[Place, Repair], record: Record | None) -> frozenset[Place]:
    """The cells in which a formula of the unit's own was replaced, now or earlier."""
    marks = record.marks if record else ()
    earlier = {_place(mark) for mark in marks if mark.original and mark.original.formula}
    now = {at for at, repair in made.items() if repair.source and repair.source.formula}
    return frozenset(now | earlier)


def _place(mark: Mark) -> Place:
    return Place(mark.sheet, mark.cell)


def _mark(
    patch: Patch, page: Page, at: Place, findings: list[Finding], page_name: str, page_row: int
) -> None:
    sheet, cell = at
    row, col = row_col(cell)
    level = tint(findings[0])
    patch.fill(sheet, row, col, FILLS[level], DARK_FILLS[level])
    covered = patch.covered_by_conditional_format(sheet, row, col)
    text = note(findings, page.repairs.get(at), page.waiting.get(at), page_row, covered)
    patch.note(sheet, row, col, text)
    patch.link(sheet, row, col, page_name, f"A{page_row}")
