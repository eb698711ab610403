"""Other programs that must be able to open what perfxl writes."""

from __future__ import annotations

import functools
import importlib.util
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
PDFTOPPM = shutil.which("pdftoppm")


def needs_soffice(test):  # type: ignore[no-untyped-def]
    """Mark a test that opens files in LibreOffice; it is skipped where there is none."""
    skip = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")
    return pytest.mark.libreoffice(skip(test))


VALIDATOR = importlib.util.find_spec("openxml_audit") is not None
TASTE = frozenset(
    {("Excel_InlineStrCells", ""), ("Sem_MissingRelationshipType", "/relationships/theme'")}
)
"""Remarks, by id and by what they are about, that say nothing against a workbook. Text in cells
is sound without a table of texts: the standard has both, and every program reads both. A theme
is optional (ECMA-376 part 1, 14.2.7: zero or one), and Microsoft's own validator asks for
none."""


def needs_validator(test):  # type: ignore[no-untyped-def]
    """Mark a test that asks for Excel's rules; it is skipped where openxml-audit is missing."""
    return pytest.mark.skipif(not VALIDATOR, reason="openxml-audit is not installed")(test)


def breaches(path: Path) -> list[str]:
    """What a validator with the rules of Microsoft's Open XML SDK objects to.

    It knows the order and kind of elements, relationships and double names of sheets; it does
    not see formats, content types, lengths or XML that is not well-formed.
    """
    found = _validator().validate(str(path)).errors
    return [f"{one.part_uri}: {one.description}" for one in found if not _taste(one)]


def _taste(remark) -> bool:  # type: ignore[no-untyped-def]
    return any(remark.id == kind and about in remark.description for kind, about in TASTE)


@functools.cache
def _validator():  # type: ignore[no-untyped-def]
    # Optional, and slow to import.
    from openxml_audit import OpenXmlValidator

    return OpenXmlValidator()


def convert(path: Path, to: str, outdir: Path) -> Path:
    """Let LibreOffice open ``path`` and save it as ``to`` (xlsx, pdf, csv) into ``outdir``.

    Each call has a profile of its own, so that calls can run side by side.
    """
    said = _soffice(path, to, outdir)
    made = outdir / f"{path.stem}.{to.split(':')[0]}"
    assert made.is_file(), said
    return made


def convert_sheets(path: Path, outdir: Path) -> dict[str, Path]:
    """Let LibreOffice save each sheet as a CSV file in GB18030; the files by sheet."""
    # Comma, double quote, GB18030, from the first row, as shown, every sheet.
    said = _soffice(
        path, "csv:Text - txt - csv (StarCalc):44,34,85,1,,0,false,true,false,,,-1", outdir
    )
    made = {one.stem.removeprefix(f"{path.stem}-"): one for one in outdir.glob("*.csv")}
    assert made, said
    return made


def recalculate(paths: Sequence[Path], outdir: Path) -> dict[Path, Path]:
    """Let one LibreOffice open all the workbooks, compute every formula anew and save as .xlsx.

    Gives the saved copies of those it could open; their names without suffix must differ.
    """
    said = _soffice(paths, "xlsx:Calc MS Excel 2007 XML", outdir, settings=_ALWAYS, seconds=600)
    made = {path: outdir / f"{path.stem}.xlsx" for path in paths}
    assert any(copy.is_file() for copy in made.values()), said
    return {path: copy for path, copy in made.items() if copy.is_file()}


_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
"""The option “recalculate when a file is opened: always”."""


def _soffice(
    path: Path | Sequence[Path], to: str, outdir: Path, settings: str = "", seconds: int = 180
) -> str:
    assert SOFFICE is not None
    with tempfile.TemporaryDirectory(prefix="perfxl-lo-", ignore_cleanup_errors=True) as profile:
        if settings:
            user = Path(profile) / "user"
            user.mkdir()
            (user / "registrymodifications.xcu").write_text(settings, encoding="utf-8")
        ran = subprocess.run(
            [
                SOFFICE,
                f"-env:UserInstallation={Path(profile).as_uri()}",
                "--headless",
                "--convert-to",
                to,
                "--outdir",
                str(outdir),
                *map(str, [path] if isinstance(path, Path) else path),
            ],
            capture_output=True,
            text=True,
            timeout=seconds,
        )
    return ran.stdout + ran.stderr


def render_pages(path: Path, outdir: Path, dpi: int = 60) -> list[Path]:
    """The printed pages of a workbook as PNG files, in order."""
    if PDFTOPPM is None:
        pytest.skip("pdftoppm is not installed")
    pdf = convert(path, "pdf", outdir)
    prefix = outdir / path.stem
    subprocess.run(
        [PDFTOPPM, "-png", "-r", str(dpi), str(pdf), str(prefix)], check=True, timeout=180
    )
    return sorted(outdir.glob(f"{path.stem}-*.png"))
