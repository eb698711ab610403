"""One workbook with everything that the other formats may lose, saved by LibreOffice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

from tests.clients import convert


@pytest.fixture(scope="session")
def varied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("varied") / "varied.xlsx"
    with xlsxwriter.Workbook(path) as book:
        shown = {code: book.add_format({"num_format": code}) for code in ("0.00%", "0.00", "d")}
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet("附件3")
        for row, (value, look) in enumerate(
            [(0.9805, shown["0.00%"]), (85.5, shown["0.00"]), (12, None), ("一次", None)]
        ):
            sheet.write(row, 0, value, look)
        sheet.write_datetime(4, 0, datetime(2024, 3, 5), day)
        sheet.write_formula(5, 0, "=1/0", None, "#DIV/0!")
        sheet.write_string(6, 0, "0012")
        sheet.merge_range("C2:D3", "合计")
        sheet.set_row(9, None, None, {"hidden": True})
        sheet.set_column("F:F", None, None, {"hidden": True})
        sheet.write("G12", "末")
        away = book.add_worksheet("备用")
        away.write("C3", 7)
        away.hide()
        book.add_worksheet("空")
    return path


@pytest.fixture(scope="session")
def saved_as(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[Path, str], Path]:
    """Save a workbook in another format, once a session."""
    made: dict[tuple[Path, str], Path] = {}

    def save(path: Path, suffix: str) -> Path:
        if (path, suffix) not in made:
            made[path, suffix] = convert(path, suffix, tmp_path_factory.mktemp("saved"))
        return made[path, suffix]

    return save
