"""Fillings typed into a blank in LibreOffice, and how the two verdicts on each compare."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from perfxl.blank.make import plain, run
from perfxl.model import Report, Role, Template
from tests import seed_tables, shapes
from tests.make_samples import SAMPLES
from tests.unit_at_work.actions import Job, carry_out
from tests.unit_at_work.fillings import Filling, filling_of, mistakes, tidy, with_two_more_rows
from tests.unit_at_work.placing import Placed, fill
from tests.unit_at_work.verdicts import Verdict, compared

MISTAKES = 20
SEED = 2024


@dataclass
class Trial:
    """One filled workbook: where its forms are, what its computed cells show, the verdicts."""

    name: str
    template: Template
    path: Path
    placed: list[Placed]
    shown: Mapping[tuple[str, str], str] = field(default_factory=dict)
    refused: tuple[tuple[str, str], ...] = ()
    inserted: tuple[bool, ...] = ()
    deleted: tuple[bool, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    report: Report | None = None

    @property
    def agreements(self) -> int:
        return sum(one.agrees for one in self.verdicts)

    def on(self, prefix: str, number: int = 1) -> Placed:
        """The ``number``-th form of that prefix."""
        return [one for one in self.placed if one.form.prefix == prefix][number - 1]

    def computed(self, prefix: str, name: str, number: int = 1) -> str:
        """What a computed cell shows."""
        return self.shown[self.on(prefix, number).sheet, name]


def bases(template: Template) -> dict[str, Filling]:
    """What there is to type into a template's blank: published tables, or its sample."""
    if template.id != "hunan-2024":
        (path,) = (SAMPLES / template.id).glob("*.xlsx")
        return {"sample": filling_of(path, template)}
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, tables in (("seed", seed_tables.seed()), ("clean", seed_tables.clean())):
            path = Path(folder) / f"{name}.xlsx"
            shapes.official(tables, path)
            found[name] = filling_of(path, template)
    return found


def fillings(template: Template, wrong: int = MISTAKES, seed: int = SEED) -> dict[str, Filling]:
    """The bases, as they are, with two more rows, without the rows that stay empty, and
    ``wrong`` with one mistake each."""
    found = bases(template)
    *_, base = found.values()
    grown = {f"{name} with rows": with_two_more_rows(one, template) for name, one in found.items()}
    tidied = {f"{name} tidied": tidy(one) for name, one in found.items()}
    spoilt = {
        f"mistake {number}": one
        for number, one in enumerate(mistakes(base, template, seed, wrong), 1)
    }
    return found | grown | tidied | spoilt


def blank_of(template: Template, folder: Path) -> Path:
    """The blank that ``perfxl blank`` makes for nobody in particular."""
    (made,) = run(plain(template.id, folder / f"{template.id}.xlsx"))
    return Path(made)


def tried(template: Template, filled: Mapping[str, Filling], folder: Path) -> Iterator[Trial]:
    """Fill the blank as often as there are fillings, all in one LibreOffice, and compare."""
    blank = blank_of(template, folder)
    jobs, trials, places = [], [], []
    for number, (name, filling) in enumerate(filled.items()):
        job = Job(blank)
        path = folder / f"{template.id}-{number}.xlsx"
        trials.append(Trial(name, template, path, fill(job, template, filling)))
        job.do("recalculate")
        places.append(list(_computed(trials[-1].placed)))
        job.do("shown", [[placed.sheet, placed.cell(name)] for placed, name in places[-1]])
        job.do("save", str(path))
        jobs.append(job)
    for job, trial, at, answers in zip(jobs, trials, places, carry_out(jobs), strict=True):
        given = [(step, answer) for (step, *_), answer in zip(job.steps, answers, strict=True)]
        (refused,) = (answer for step, answer in given if step == "type_cells")
        (texts,) = (answer for step, answer in given if step == "shown")
        trial.refused = tuple((sheet, cell) for sheet, cell in refused)
        trial.inserted = tuple(answer for step, answer in given if step == "insert_rows")
        trial.deleted = tuple(answer for step, answer in given if step == "delete_rows")
        cells = [(placed.sheet, name) for placed, name in at]
        trial.shown = dict(zip(cells, texts, strict=True))
        verdicts, trial.report = compared(trial.path, template)
        trial.verdicts = tuple(verdicts)
        yield trial


def _computed(placed: Iterable[Placed]) -> Iterator[tuple[Placed, str]]:
    for one in placed:
        for name, each in one.form.fields.items():
            if each.role is Role.COMPUTED and each.area is not None:
                yield one, name
