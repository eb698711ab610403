"""Gives a unit its own workbook back: computed cells right, every finding marked."""

from __future__ import annotations

import os
from pathlib import Path

from perfxl.errors import RefusedEdit
from perfxl.findings_sheet import findings_sheet
from perfxl.intake import open_for_copy
from perfxl.marks import FILLS, by_cell, note
from perfxl.model import Repair, Report, row_col
from perfxl.package.patch import Patch


def correct(report: Report, target: str | os.PathLike[str], password: str | None = None) -> Path:
    """Write the corrected copy of the workbook that ``report`` is about to ``target``.

    The copy is a patch of the returned file: computed cells named in findings are put right,
    each marked cell gets a fill and a note, a sheet 校验结果 is added, and every other part
    stays byte for byte. Facts the unit typed are never changed. The copy of an encrypted
    workbook, opened with ``password``, is not encrypted. Raises RefusedEdit when the workbook
    was not recognised, changed since it was checked, or cannot be patched (CheckOnly when it
    is no .xlsx or .xlsm); EncryptedWorkbook without its password;
    UnwritableTarget when the copy cannot be written. The input is never touched.
    """
    if report.template is None:
        raise RefusedEdit(f"{report.path} 没有认出自评表，不能生成更正稿；请先用 -t 指定模板检查")
    package, sha256 = open_for_copy(report.path, password)
    if sha256 != report.sha256:
        raise RefusedEdit(f"{report.path} 在检查之后改动过；请重新检查，再生成更正稿")
    patch = Patch(package)
    made = _put_right(patch, report)
    if len(made) == len(report.repairs):
        for fresh in report.refreshed:
            patch.result(*fresh)
    sheet, rows = findings_sheet(report, made)
    name = patch.add_sheet(sheet)
    for (on, cell), findings in by_cell(report.findings).items():
        row, col = row_col(cell)
        patch.fill(on, row, col, FILLS[findings[0].level])
        patch.note(on, row, col, note(findings, made.get((on, cell))))
        patch.link(on, row, col, name, rows[on, cell])
    patch.save(target)
    return Path(target)


def _put_right(patch: Patch, report: Report) -> dict[tuple[str, str], Repair]:
    """Write the right values; the repairs that were made, by (sheet, address)."""
    made = {}
    for repair in report.repairs:
        at = (repair.sheet, repair.row, repair.col)
        if repair.text is not None:
            done = patch.text(*at, repair.text)
        else:
            done = patch.number(*at, repair.value, repair.formula, repair.number_format)
        if done:
            made[repair.sheet, repair.cell] = repair
    return made
