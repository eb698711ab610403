"""Other programs that must be able to open what perfxl writes."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
PDFTOPPM = shutil.which("pdftoppm")


def needs_soffice(test):  # type: ignore[no-untyped-def]
    """Mark a test that opens files in LibreOffice; it is skipped where there is none."""
    skip = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")
    return pytest.mark.libreoffice(skip(test))


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


def _soffice(path: Path, to: str, outdir: Path) -> str:
    assert SOFFICE is not None
    with tempfile.TemporaryDirectory(prefix="perfxl-lo-", ignore_cleanup_errors=True) as profile:
        ran = subprocess.run(
            [
                SOFFICE,
                f"-env:UserInstallation={Path(profile).as_uri()}",
                "--headless",
                "--convert-to",
                to,
                "--outdir",
                str(outdir),
                str(path),
            ],
            capture_output=True,
            text=True,
            timeout=180,
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
