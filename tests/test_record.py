"""Whether a cell that was put right still holds what was put there."""

from __future__ import annotations

import pytest

from perfxl.model import Cell, ExcelError, Original, Scalar
from perfxl.record import still_ours


@pytest.mark.parametrize(
    ("written", "value", "formula", "ours"),
    [
        ("0.9805", 0.9805, None, True),
        ("0.9805", "0.9805", None, True),
        ("0.9805", 0.98, None, False),
        ("0.9805", 0.9805, "G4/E4", False),
        ("0.9805", ExcelError.DIV0, None, False),
        ("=ROUND(G4/E4,4)", 0.9805, "ROUND(G4/E4,4)", True),
        ("=ROUND(G4/E4,4)", 0.9805, "ROUND( G6 / E6, 4)", True),
        ("=ROUND(G4/E4,4)", 0.9805, "ROUND(G4/E4,2)", False),
        ("=ROUND(G4/E4,4)", 0.9805, None, False),
        ("按支出性质分：85.53", "按支出性质分：85.53", None, True),
    ],
)
def test_a_cell_is_ours_until_someone_else_writes_into_it(
    written: str, value: Scalar, formula: str | None, ours: bool
) -> None:
    original = Original(value="89.05%", number_format="0.00%", formula=False, written=written)
    assert still_ours(Cell(4, 11, value, formula), original) is ours


def test_a_cell_that_was_emptied_is_not_ours() -> None:
    original = Original(value=None, number_format="General", formula=False, written="85.53")
    assert not still_ours(None, original)
    assert not still_ours(Cell(4, 11, None), original)
