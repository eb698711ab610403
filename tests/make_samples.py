"""Writes the workbooks of samples/ from the tables in tests/seed_tables.py.

Run ``python -m tests.make_samples`` after changing the tables, then look at the results of
``perfxl check`` before renewing the expected reports beside them.
"""

from __future__ import annotations

from pathlib import Path

from tests import shapes
from tests.seed_tables import clean, seed

SAMPLES = Path(__file__).parent.parent / "samples"
WORKBOOKS = {
    "hongjiang-2024/洪江区总工会.xlsx": lambda path: shapes.official(seed(), path),
    "clean/洪江区总工会.xlsx": lambda path: shapes.official(clean(), path, amounts="0.00"),
}


def main() -> None:
    for name, write in WORKBOOKS.items():
        path = SAMPLES / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path)


if __name__ == "__main__":
    main()
