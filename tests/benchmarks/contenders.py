"""What is measured: perfxl's own jobs, and other programs on the same workbook."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from perfxl import repair
from perfxl.audit import audit
from perfxl.check import check
from perfxl.correct import correct
from perfxl.intake import opened
from perfxl.locate import locate
from perfxl.model import Report
from perfxl.package import read_book
from perfxl.recognition import recognised
from perfxl.recompute import recompute
from perfxl.report import render
from perfxl.template import find
from tests.benchmarks.timing import Timing, seconds
from tests.clients import SOFFICE

ROOT = Path(__file__).parent.parent.parent


class _Clock:
    """Seconds since it was last asked."""

    def __init__(self) -> None:
        self._last = time.perf_counter()

    def lap(self) -> float:
        now = time.perf_counter()
        taken, self._last = now - self._last, now
        return taken


class Contenders:
    """Everything that runs on one filled workbook; what it writes is gone at the end."""

    def __init__(self, path: Path):
        self.path = path.resolve()
        self._folder = tempfile.TemporaryDirectory(
            prefix="perfxl-bench-", ignore_cleanup_errors=True
        )
        self.out = Path(self._folder.name)
        self.marked = sorted(
            {(f.sheet, f.cell) for f in check(self.path).findings if f.sheet and f.cell}
        )

    def __enter__(self) -> Contenders:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._folder.cleanup()

    def run(self, fast: int, slow: int) -> list[Timing]:
        """The race; perfxl's check is the first, its check with a copy the second."""
        template = find(str(check(self.path).template))
        return [
            Timing("perfxl: check", seconds(self._check, fast, warm=5)),
            Timing("perfxl: check + corrected copy", seconds(self._copy, fast, warm=5)),
            Timing("openpyxl: load", seconds(self._load, max(fast // 5, 3))),
            Timing("openpyxl: load, mark, save", seconds(self._mark, max(fast // 5, 3))),
            self._optional("formulas: ExcelModel, template loaded", self._model(template), slow),
            self._optional(
                "formulas: ExcelModel, template loaded and calculated",
                self._model(template, calculate=True),
                slow,
            ),
            self._soffice(slow),
        ]

    def steps(self, times: int) -> list[Timing]:
        """A check taken apart; each run begins with the file, so that no step finds its work
        done by the run before."""
        runs: dict[str, list[float]] = {}
        for run in range(times + 3):
            for name, taken in self._one_run():
                if run >= 3:
                    runs.setdefault(name, []).append(taken)
        return [Timing(name, tuple(taken)) for name, taken in runs.items()]

    def _one_run(self) -> Iterator[tuple[str, float]]:
        clock = _Clock()
        book = read_book(self.path)
        yield "read the workbook", clock.lap()
        template = recognised(book).template
        assert template is not None
        yield "recognise the template", clock.lap()
        binding = locate(book, template)
        yield "locate the fields", clock.lap()
        computed, final = recompute(binding)
        yield "recompute", clock.lap()
        found = audit(binding, computed, final).findings
        yield "run the rules", clock.lap()
        repair.repairs(binding, computed, found, final)
        yield "plan the corrections", clock.lap()
        report = self._check()
        clock.lap()
        correct(report, self.out / "step.xlsx")
        yield "write the corrected copy", clock.lap()
        render("text", [report])
        yield "render the text report", clock.lap()

    def cold(self) -> None:
        """One ``perfxl check`` in a new process, with byte code cached as after installing."""
        subprocess.run(
            [sys.executable, "-m", "perfxl", "check", str(self.path), "-q", "-o", str(self.out)],
            env=self._environment(),
            capture_output=True,
            check=False,
            timeout=120,
        )

    def _environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        return {
            **kept,
            "PYTHONPATH": str(ROOT),
            "PYTHONPYCACHEPREFIX": str(self.out / "pycache"),
        }

    def _check(self) -> Report:
        # A run must not find the file opened by the run before.
        opened.cache_clear()
        return check(self.path)

    def _copy(self) -> None:
        correct(self._check(), self.out / "copy.xlsx")

    def _load(self) -> Any:
        from openpyxl import load_workbook

        return load_workbook(self.path)

    def _mark(self) -> None:
        from openpyxl.comments import Comment
        from openpyxl.styles import PatternFill

        book = self._load()
        for sheet, address in self.marked:
            cell = book[sheet][address]
            cell.fill = PatternFill("solid", start_color="FFC7CE")
            cell.comment = Comment("x", "perfxl")
        book.save(self.out / "marked.xlsx")

    @staticmethod
    def _model(path: Path, calculate: bool = False) -> Callable[[], None]:
        def run() -> None:
            from formulas import ExcelModel

            model = ExcelModel().loads(str(path)).finish()
            if calculate:
                model.calculate()

        return run

    @staticmethod
    def _optional(name: str, call: Callable[[], None], times: int) -> Timing:
        """Timed, or why it could not run: a rival that fails is a result too."""
        try:
            # It shows a progress bar of its own.
            with contextlib.redirect_stderr(io.StringIO()):
                return Timing(name, seconds(call, times))
        except Exception as error:
            return Timing(name, (), f"fails: {type(error).__name__}")

    def _soffice(self, times: int) -> Timing:
        name = "LibreOffice: convert to xlsx, headless"
        if SOFFICE is None:
            return Timing(name, (), "not installed")
        source = self.out / "in.xlsx"
        shutil.copy(self.path, source)
        command = [
            SOFFICE,
            f"-env:UserInstallation={(self.out / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(self.out / "converted"),
            str(source),
        ]
        return Timing(
            name,
            seconds(
                lambda: subprocess.run(command, capture_output=True, check=True, timeout=180),
                times,
            ),
        )
