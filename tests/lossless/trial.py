"""One feature put to the test: made, checked, corrected, and everything held against before."""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from perfxl.check import check
from perfxl.correct import correct
from perfxl.model import Report, row_col
from perfxl.package import open_package
from tests.lossless import annexes, readers
from tests.lossless.feature import Feature, found
from tests.lossless.judge import Cells, Comparison, area, as_parts, members
from tests.lossless.spans import spans, utf8
from tests.objections import objections

ADDED = "校验结果"
Found = frozenset[tuple[str, str, str]]


@dataclass(frozen=True)
class Attempt:
    """A feature's workbook, its corrected copy and what is wrong with the copy."""

    source: Path
    copy: Path
    report: Report
    faults: list[str]


def corrected(feature: Feature, folder: Path) -> Path:
    """The corrected copy of a feature's workbook."""
    source, copy = _paths(feature, folder)
    feature.write(source)
    return correct(check(source), copy)


def _paths(feature: Feature, folder: Path) -> tuple[Path, Path]:
    ends = (feature.suffix, f".checked{feature.suffix}")
    first, second = (folder / f"{feature.name}{end}" for end in ends)
    return first, second


def attempt(feature: Feature, folder: Path) -> Attempt:
    """Make → check → correct → compare."""
    source, copy = _paths(feature, folder)
    feature.write(source)
    report = check(source)
    if report.template is None:
        return Attempt(source, copy, report, ["the forms are no longer recognised"])
    correct(report, copy)
    return Attempt(source, copy, report, list(faults(feature, source, copy, report)))


def faults(feature: Feature, source: Path, copy: Path, report: Report) -> Iterator[str]:
    """What is wrong with a corrected copy of a workbook with that feature."""
    names = dict(feature.renamed)
    known = {(names.get(sheet, sheet), cell, code) for sheet, cell, code in known_mistakes()}
    if mistakes(report) != known:
        yield f"other mistakes are found: {sorted(mistakes(report) ^ known)}"
    before, after = members(source), members(copy)
    spelt = [name for name in before if name in after]
    if spelt != [name for name in after if name in before]:
        yield "the members of the zip are spelt or ordered otherwise"
    before, after = as_parts(before), as_parts(after)
    same_parts = {name: content for name, content in after.items() if name in before}
    for trace in feature.traces:
        was, now = found(trace, before), iter(found(trace, same_parts))
        if not was:
            yield f"never had the feature: {trace}"
        if not all(any(one == other for other in now) for one in was):
            yield f"lost the feature: {trace}"
    marked: dict[str, Cells] = {}
    noted: dict[str, Cells] = {}
    for finding in report.findings:
        if finding.sheet and finding.cell:
            cells = merged(source, finding.sheet, finding.cell)
            marked.setdefault(finding.sheet, set()).update(cells)
            noted.setdefault(finding.sheet, set()).add(min(cells))
    for one in (*report.refreshed, *report.repairs):
        marked.setdefault(one.sheet, set()).add((one.row, one.col))
    for sheet, cell in feature.rewritten:
        marked.setdefault(sheet, set()).add(row_col(cell))
    comparison = Comparison(before, after, marked)
    yield from comparison.judge()
    yield from comparison.unnoted(noted)
    yield from objections(copy, source)
    yield from values_changed(feature, source, copy, report)


def values_changed(feature: Feature, source: Path, copy: Path, report: Report) -> Iterator[str]:
    """Cells whose value differs though no finding names them, by each of the readers."""
    repaired = {(one.sheet, one.cell): one for one in report.repairs}
    fresh = {(one.sheet, readers.a1(one.row, one.col)): one.value for one in report.refreshed}
    wanted = set(repaired) - feature.fixed
    was, now = readers.by_perfxl(source), readers.by_perfxl(copy)
    added = {at[0] for at in now} - {at[0] for at in was}
    if len(added) != 1 or not min(added).startswith(ADDED):
        yield f"sheets were added: {added}"
    changed = readers.differing(was, now, added)
    changed -= set(fresh) | {at for at in feature.rewritten if was[at][0] == now[at][0]}
    if changed != wanted:
        yield f"perfxl reads other values in {sorted(changed ^ wanted)}"
    for at in wanted:
        one = repaired[at]
        right = one.value if one.text is None else one.text
        if now.get(at) != (right, one.formula):
            yield f"{at} holds {now.get(at)}, not {right} by {one.formula}"
    for at, value in fresh.items():
        if wanted == set(repaired) and now.get(at) != (value, was[at][1]):
            yield f"{at} holds {now.get(at)}, not the result {value}"
    for name, look in (("calamine", readers.by_calamine), ("openpyxl", readers.by_openpyxl)):
        if name in feature.beyond:
            continue
        try:
            seen = look(source)
        except Exception:
            # Some sound workbooks are beyond them; what they open they must open afterwards.
            continue
        differ = readers.differing(seen, look(copy), added) - set(fresh) - wanted
        differ -= feature.rewritten
        if differ:
            yield f"{name} reads other values in {sorted(differ)}"
    yield from looks_changed(source, copy, wanted)


def looks_changed(source: Path, copy: Path, repaired: set[readers.Cell]) -> Iterator[str]:
    """Cells whose font, border, alignment, protection or number format is another."""
    try:
        was = readers.looks(source)
    except Exception:
        return
    now = readers.looks(copy)
    differ = {at for at in was if was[at] != now.get(at)} - repaired
    if differ:
        yield f"the looks of {sorted(differ)} differ"


def merged(source: Path, sheet: str, cell: str) -> Cells:
    """The cells of the merged area that the cell belongs to, or the cell alone."""
    at = row_col(cell)
    return next((span for span in _merges(source, sheet) if at in span), {at})


@functools.lru_cache(maxsize=16)
def _merges(source: Path, sheet: str) -> tuple[Cells, ...]:
    package = open_package(source)
    part = next(entry.part for entry in package.sheets if entry.name == sheet)
    found = spans(utf8(package.read(part)))
    return tuple(area(one.given["ref"]) for one in found if one.name == "mergeCell")


def mistakes(report: Report) -> Found:
    """The findings of the forms by sheet, cell and rule."""
    return frozenset((one.sheet, one.cell, one.code) for one in report.findings)


@functools.cache
def known_mistakes() -> Found:
    """The findings of the workbook to which nothing was added."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plain.xlsx"
        path.write_bytes(annexes.plain())
        return mistakes(check(path))
