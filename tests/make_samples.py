"""Writes what lies in samples/ besides the expected reports.

``python -m tests.make_samples`` writes the workbooks from the tables in seed_tables.py;
``python -m tests.make_samples picture`` renders the README's picture, with LibreOffice and
pdftoppm. Look at ``perfxl check`` before renewing an expected report.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from tests import (
    samples_chongqing_2022,
    samples_hubei_2020,
    samples_mof_2020,
    samples_ningxia_2021,
    samples_sichuan_2023,
    samples_sichuan_linkage_2022,
    samples_transfer_2022,
    samples_yunnan_2022,
    shapes,
)
from tests.clients import PDFTOPPM, convert
from tests.seed_tables import clean, seed

SAMPLES = Path(__file__).parent.parent / "samples"
WORKBOOKS = {
    "hongjiang-2024/洪江区总工会.xlsx": lambda path: shapes.official(seed(), path),
    "clean/洪江区总工会.xlsx": lambda path: shapes.official(clean(), path, amounts="0.00"),
    "extract/洪江区总工会.xlsx": lambda path: shapes.stacked(seed(), path),
    "mof-2020/某某县某某局.xlsx": samples_mof_2020.workbook,
    "transfer-2022/某某县某某局.xlsx": samples_transfer_2022.workbook,
    "chongqing-2022/某某区某某局.xlsx": samples_chongqing_2022.workbook,
    "yunnan-2022/某某县某某局.xlsx": samples_yunnan_2022.workbook,
    "sichuan-2023/某某县某某局.xlsx": samples_sichuan_2023.workbook,
    "sichuan-linkage-2022/某某镇人民政府.xlsx": samples_sichuan_linkage_2022.workbook,
    "ningxia-2021/某某市某某中学.xlsx": samples_ningxia_2021.workbook,
    "hubei-2020/某某县某某局.xlsx": samples_hubei_2020.workbook,
}
PICTURE = SAMPLES / "hongjiang-2024" / "checked.png"
_PAGE = "2"
_CROP = ("-r", "100", "-x", "60", "-y", "66", "-W", "1050", "-H", "640")


def workbooks() -> None:
    """The filled workbooks; the same tables give the same bytes."""
    for name, write in WORKBOOKS.items():
        path = SAMPLES / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path)


def picture() -> None:
    """附件3 of the corrected copy of the first sample, as it prints."""
    from perfxl import check, correct

    source = SAMPLES / next(iter(WORKBOOKS))
    with tempfile.TemporaryDirectory() as folder:
        copy = correct(check(source), Path(folder) / "checked.xlsx")
        pdf = convert(copy, "pdf", Path(folder))
        page = ("-f", _PAGE, "-l", _PAGE, "-singlefile", "-png")
        target = str(PICTURE.with_suffix(""))
        subprocess.run([str(PDFTOPPM), *page, *_CROP, str(pdf), target], check=True)


if __name__ == "__main__":
    picture() if sys.argv[1:] == ["picture"] else workbooks()
