"""Excel's own results, on the cells that returned workbooks are full of."""

from __future__ import annotations

import datetime
import json
import math
from pathlib import Path

import pytest

from perfxl.formula import evaluate

PARITY = Path(__file__).resolve().parents[3] / "shared" / "domain" / "parity.json"


def same(result: object, expected: object) -> bool:
    """Equal as a cell shows it: blank is blank, numbers agree in 12 digits."""
    if expected in (None, ""):
        return result in (None, "")
    if isinstance(expected, bool) or isinstance(result, bool):
        return result is expected
    if isinstance(expected, (int, float)) and isinstance(result, (int, float)):
        return math.isclose(result, expected, rel_tol=1e-12, abs_tol=1e-12)
    return result == expected


def _parity() -> dict:
    return json.loads(PARITY.read_text(encoding="utf-8")) if PARITY.is_file() else {"cases": []}


@pytest.mark.skipif(not PARITY.is_file(), reason="../shared/domain/parity.json is not here")
@pytest.mark.parametrize("case", _parity()["cases"], ids=lambda case: case["formula"])
def test_every_recorded_result_of_excel(case: dict) -> None:
    cells = {
        address: datetime.date.fromisoformat(value["date"]) if isinstance(value, dict) else value
        for address, value in _parity()["cells"].items()
    }
    assert same(evaluate(case["formula"], cells), case["expected"])


CELLS = {
    "A1": "洪江区总工会", "B1": 100, "C1": "87.50%", "D1": datetime.date(2024, 12, 31),
    "A2": "洪江区财政局", "B2": 0, "C2": "",
    "A3": "教育局", "C3": "—",
    "A4": "abc", "B4": "12.5", "C4": True,
    "A5": "x~*y", "B5": -3.456, "C5": "TRUE", "D5": 60,
}  # fmt: skip


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        # An empty cell is "" and 0 at once; a formula's "" is only "".
        ('=B3=""', True),
        ("=B3=0", True),
        ('=C2=""', True),
        ("=C2=0", False),
        ("=ISBLANK(B3)", True),
        ("=ISBLANK(C2)", False),
        ('=B3&"元"', "元"),
        ("=COUNTA(C1:C3)", 3),
        ("=COUNTBLANK(B1:C3)", 2),
        ("=B3", 0),
        # Numbers kept as text count only where a number is asked for directly.
        ("=SUM(B1:B5)", 96.544),
        ("=B4*2", 25),
        ('=SUM("12.5",1)', 13.5),
        ("=COUNT(B1:B5)", 3),
        ("=ISNUMBER(B4)", False),
        ("=B4>B1", True),
        ('="98.05%"*10', 9.805),
        ('=VALUE("1,234.50")', 1234.5),
        ('=VALUE("2024-12-31")', 45657),
        ('=VALUE("２０２４年12月31日")', 45657),
        ('=VALUE("—")', "#VALUE!"),
        # Fifteen digits, and ties away from zero.
        ("=0.1+0.2=0.3", True),
        ("=0.1+0.2-0.3=0", True),
        ("=ROUND(1.005,2)", 1.01),
        ("=ROUND(2.675,2)", 2.68),
        ("=ROUND(-2.5,0)", -3),
        ('=TEXT(9.805,"0.00")', "9.81"),
        ("=INT(-0.5)", -1),
        ("=MOD(-3,2)", 1),
        ("=MOD(5.3,0.1)=0", True),
        # Precedence.
        ("=-2^2", 4),
        ("=2^3^2", 64),
        ("=50%%", 0.005),
        ("=1+2&3", "33"),
        ("=--TRUE", 1),
        ("=2=1+1", True),
        # Order of kinds, and case.
        ('=9>"a"', False),
        ('=TRUE>"z"', True),
        ('="ABC"=A4', True),
        ('=EXACT("ABC",A4)', False),
        # Errors travel, IF and its kin do not look at the branch not taken.
        ("=B1/B2", "#DIV/0!"),
        ("=IF(TRUE,1,B1/B2)", 1),
        ("=OR(TRUE,B1/B2)", "#DIV/0!"),
        ('=IFERROR(B1/B2,"除零")', "除零"),
        ("=IFNA(B1/B2,0)", "#DIV/0!"),
        ("=NOFUNC(1)", "#NAME?"),
        ("=整体.得分(1)", "#NAME?"),
        ("=未知名称+1", "#NAME?"),
        # Criteria.
        ('=COUNTIF(A1:A5,"洪江区*")', 2),
        ('=COUNTIF(A1:A5,"??局")', 1),
        ('=COUNTIF(A1:A5,"x~~~*y")', 1),
        ('=COUNTIF(B1:B5,"<>")', 4),
        ('=COUNTIF(C1:C5,"<>")', 5),
        ('=COUNTIF(B1:B5,"")', 1),
        ('=COUNTIF(C1:C5,"=")', 0),
        ('=COUNTIF(B1:B5,"12.5")', 1),
        ('=COUNTIF(B1:B5,">=0")', 2),
        ('=SUMIF(A1:A5,"*工会",B1)', 100),
        ('=SUMIFS(B1:B5,A1:A5,"洪江区*",B1:B5,">0")', 100),
        # The calendar of 1900.
        ("=DAY(D5)", 29),
        ("=DATE(2024,14,1)", 45689),
        ("=EOMONTH(D1,2)", 45716),
        ('=TEXT(D1,"yyyy年m月d日")', "2024年12月31日"),
        ('=TEXT(D1,"aaaa")', "星期二"),
    ],
)
def test_results_are_excels(formula: str, expected: object) -> None:
    result = evaluate(formula, CELLS)
    assert same(result, expected), result
