"""What is measured: perfxl's own jobs, and other programs on the same workbook."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from perfxl import repair
from perfxl.audit import audit
from perfxl.check import check
from perfxl.correct import correct
from perfxl.locate import locate, recognise
from perfxl.package import read_book
from perfxl.recompute import recompute
from perfxl.report import render
from perfxl.template import available, shipped
from tests.benchmarks.timing import Timing, seconds
from tests.clients import SOFFICE

ROOT = Path(__file__).parent.parent.parent


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
        template = available()[0]
        return [
            Timing("perfxl: check", seconds(lambda: check(self.path), fast, warm=5)),
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
        """A check taken apart."""
        template = shipped(available()[0].stem)
        book = read_book(self.path)
        binding = locate(book, template)
        computed, final = recompute(binding)
        found = audit(binding, computed, final).findings
        report = check(self.path)
        steps: dict[str, Callable[[], object]] = {
            "read the workbook": lambda: read_book(self.path),
            "recognise the template": lambda: recognise(book, [template]),
            "locate the fields": lambda: locate(book, template),
            "recompute": lambda: recompute(binding),
            "run the rules": lambda: audit(binding, computed, final),
            "plan the corrections": lambda: repair.repairs(binding, computed, found),
            "write the corrected copy": lambda: correct(report, self.out / "step.xlsx"),
            "render the text report": lambda: render("text", [report]),
        }
        return [Timing(name, seconds(step, times, warm=3)) for name, step in steps.items()]

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

    def _copy(self) -> None:
        correct(check(self.path), self.out / "copy.xlsx")

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
