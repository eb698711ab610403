"""Many workbooks: checked, and each one's corrected copy written, in parallel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from perfxl.check import check, failure
from perfxl.choice import chosen
from perfxl.errors import PerfxlError
from perfxl.inputs import places
from perfxl.model import Level, Report
from perfxl.pool import in_parallel
from perfxl.submission import companions
from perfxl.template import available, shipped
from perfxl.writing import in_words

if TYPE_CHECKING:
    from concurrent.futures import Executor


class Job(NamedTuple):
    """One file to check; ``target`` is where its corrected copy goes, None for no copy;
    ``beside`` are the other files of its submission."""

    path: str
    target: str | None = None
    beside: tuple[str, ...] = ()


def jobs_for(paths: Sequence[str], write: bool = True, folder: str | None = None) -> list[Job]:
    """A job for each file, with a place of its own for the copy (as `places` has it)."""
    targets = places(paths, folder) if write else [None] * len(paths)
    return [Job(path, target) for path, target in zip(paths, targets, strict=True)]


def check_and_correct(
    job: Job,
    template: str | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    password: str | None = None,
) -> Report:
    """Check one file and write its corrected copy, where a form in it was recognised.

    A copy that cannot be made is an F finding of the file: a note where its format never has
    one. Raises as `check` does.
    """
    try:
        report = chosen(check(job.path, template, password, job.beside), select, ignore)
    except PerfxlError:
        raise
    except Exception as fault:
        return _failed(Report(job.path), unforeseen(fault))
    if job.target is None or report.template is None:
        return report
    # Only a check that writes needs the room above.
    from perfxl.correct import corrected

    try:
        return corrected(report, job.target, password, template)
    except PerfxlError as error:
        return _failed(report, error)
    except Exception as fault:
        return _failed(report, unforeseen(fault))


def _failed(report: Report, error: PerfxlError) -> Report:
    finding = failure(error)
    verdict = report.verdict
    if finding.level is Level.ERROR:
        verdict = "fail" if report.template else "unreadable"
    return replace(report, verdict=verdict, findings=(finding, *report.findings))


def unforeseen(fault: Exception) -> PerfxlError:
    """A fault of perfxl's own: it must not stop the other files of a batch."""
    return PerfxlError(
        f"perfxl 处理这个文件时出错（{type(fault).__name__}：{fault}）；"
        "这是程序的问题，请把文件发给 perfxl 的维护者"
    )


def run(
    jobs: Sequence[Job],
    template: str | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    executor: Executor | None = None,
    workers: int | None = None,
    password: str | None = None,
) -> Iterator[Report]:
    """`check_and_correct` for each job, in the order given, in parallel."""
    work = partial(
        check_and_correct, template=template, select=select, ignore=ignore, password=password
    )
    yield from in_parallel(work, jobs, executor, workers, _lost)


def as_submissions(jobs: Sequence[Job], reports: Sequence[Report]) -> dict[int, Job]:
    """The jobs to do again, by their place: files that turned out to be one submission are
    checked once more with the others at hand."""
    again: dict[int, Job] = {}
    for together in companions(reports, _repeatable(reports)):
        for place in together:
            others = tuple(jobs[other].path for other in together if other != place)
            again[place] = jobs[place]._replace(beside=others)
    return again


def _repeatable(reports: Sequence[Report]) -> frozenset[str]:
    templates = {report.template for report in reports if report.template}
    known = [shipped(path.stem) for path in available() if path.stem in templates]
    return frozenset(form.id for one in known for form in one.forms if form.repeatable)


def _lost(job: Job) -> Report:
    return _failed(Report(job.path), died())


def died() -> PerfxlError:
    """The fault of a file that took its process down."""
    return PerfxlError("处理这个文件的进程意外中止（可能是内存不足）；请单独检查这个文件")


def prepare(folder: str) -> None:
    """Make the folder for the copies; UnwritableTarget where that is not possible."""
    with in_words(folder):
        Path(folder).mkdir(parents=True, exist_ok=True)
