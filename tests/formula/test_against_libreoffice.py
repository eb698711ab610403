"""LibreOffice opens a workbook full of formulas; its results are ours, cell by cell.

Left out is where LibreOffice differs from Excel: logicals counted as numbers, some error
codes, PERCENTRANK rounded instead of cut, FIXED of 1.005.
"""

from __future__ import annotations

import datetime
import math
import random
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from perfxl.formula import DictScope, compile
from perfxl.formula.scope import scalar
from perfxl.model import ExcelError

from ..clients import convert, needs_soffice

SEED = 20241231
PER_TEMPLATE = 4

TEMPLATES = """
{n}+{n}-{n} | {n}*{n} | {n}/{n} | {n}^{k} | -{n}^2 | {n}% | {n}&{t} | {t}&{t}
ROUND({n},{d}) | ROUNDUP({n},{d}) | ROUNDDOWN({n},{d}) | TRUNC({n},{k}) | INT({n}) | ABS({n})
CEILING({n},{k}) | FLOOR({n},{k}) | MOD({n},{n}) | QUOTIENT({n},{n}) | SIGN({n}) | EVEN({n})
ODD({n}) | SQRT({n}) | EXP({k}) | FACT({k}) | COMBIN(9,{k}) | GCD({k},12) | LCM({k},6)
SUM({ab},{n}) | PRODUCT({f}) | SUMSQ({ab}) | SUMPRODUCT(A1:A12,B1:B12) | COUNT({ab},{n})
SUMPRODUCT((A1:A12>{n})*(B1:B12<{n})) | SUMPRODUCT(--(LEN(C1:C12)>3),B1:B12)
SUMPRODUCT(COUNTIF(C1:C12,C1:C12)) | SUMPRODUCT(1/COUNTIF(F1:F12,F1:F12)) | COUNTA({c})
SUM(IF(A1:A12>{n},B1:B12)) | SUM(LARGE(B1:B12,{{1,2,3}})) | MAX((A1:A12>0)*B1:B12)
SUMPRODUCT((MONTH(E1:E12)={k})*A1:A12) | INDEX(FREQUENCY(B1:B12,{{-10,0,50}}),3)
AVERAGE({ab}) | MEDIAN({ab}) | MIN({ab}) | MAX({ab}) | STDEV({ab}) | VARP({ab}) | DEVSQ({ab})
MODE(F1:F12) | SMALL(B1:B12,2) | RANK(A{r},A1:A12,1) | PERCENTILE({ab},0.3) | QUARTILE({ab},3)
TRIMMEAN(B1:B12,0.3) | GEOMEAN(F1:F12) | HARMEAN(F1:F12) | CORREL(A1:A12,B1:B12)
SUBTOTAL(9,{f}) | SUBTOTAL(1,{f}) | SUMXMY2(A1:A12,B1:B12) | AVEDEV({ab}) | COUNTBLANK(D1:D12)
COUNTIF(C1:C12,{q}) | COUNTIF(A1:A12,{q}) | SUMIF(C1:C12,{q},B1:B12) | SUMIF(A1:A12,{q})
AVERAGEIF(A1:A12,{q},B1:B12) | COUNTIFS(C1:C12,{q},B1:B12,">0") | SUMIFS(A1:A12,C1:C12,{q})
_xlfn.MAXIFS(A1:A12,B1:B12,">0") | _xlfn.MINIFS(A1:A12,C1:C12,{q})
VLOOKUP({t},C1:F12,4,FALSE) | MATCH({t},C1:C12,0) | INDEX(A1:C12,{r},2) | MATCH({n},A1:A12,0)
LOOKUP(2,1/(A1:A12>5),B1:B12) | CHOOSE({k},1,"b",{n}) | ROWS({ab}) | ADDRESS({r},{r},4)
LEFT({t},{k}) | RIGHT({t},{k}) | MID({t},2,{k}) | LEN({t}) | LEN({n}) | FIND("工",{t})
SEARCH("b",{t}) | SUBSTITUTE({t},"b","##") | REPLACE({t},2,{k},"新") | TRIM({t}) | UPPER({t})
PROPER({t}) | REPT({t},{k}) | EXACT({t},{t}) | T({t}) | N({t}) | LENB({t}) | VALUE({t})
_xlfn.TEXTJOIN("、",TRUE,{c}) | _xlfn.CONCAT({c}) | ASC("ＡＢ１") | CLEAN({t}) | ROMAN({r})
TEXT({n},"0.00") | TEXT({n},"#,##0.0") | TEXT({n},"0.0%") | TEXT({n},"0.00E+00") | TEXT({n},"000")
TEXT({n},"0;(0);零") | TEXT({e},"yyyy-mm-dd") | TEXT({e},"yyyy/m/d") | TEXT({e},"yyyymmdd")
YEAR({e}) | MONTH({e}) | DAY({e}) | WEEKDAY({e},2) | WEEKNUM({e},2)
EDATE({e},{d}) | EOMONTH({e},{d}) | NETWORKDAYS({e},{e})
{e}-{e} | DAYS360({e},{e}) | DAYS360({e},{e},TRUE) | DATEDIF(E1,E1+{r}*100,"YM")
DATEDIF(E1,E1+{r}*77,"MD") | DATEDIF(E1,E1+{r}*77,"YD") | WORKDAY({e},{d}) | YEARFRAC({e},{e},0)
YEARFRAC({e},{e},1) | YEARFRAC({e},{e},3) | NETWORKDAYS.INTL({e},{e},11) | WORKDAY.INTL({e},{d},7)
DATE(2024,{d},{r}*9) | TIME({r},{r}*7,{r}*11) | HOUR({e}+0.3) | DATEVALUE("2024-2-29")
IF({n}>{n},{t},{n}) | IFERROR({n}/{n},{t}) | _xlfn.IFNA(MATCH({n},A1:A12,0),0) | ISNUMBER({t})
_xlfn.IFS({n}>5,1,TRUE,{t}) | _xlfn.SWITCH({k},1,"a",2,"b","c") | ISTEXT({t}) | ISEVEN({n})
AND({n}>0,{n}<5) | OR({n}>0,{t}={t}) | NOT({n}>1) | _xlfn.XOR({n}>0,{n}>1) | {t}={t} | {n}<{n}
"""


def written(choose: random.Random) -> list[str]:
    """The formulas of the workbook, each template filled a few times."""
    numbers = ("85.53", "0", "-3.456", "2.675", "12.5", "0.5", "3", "9.805", "1234567.891")
    texts = ('"ABC"', '"12.5"', '"总工会经费"', '"x1"', '""')
    criteria = ('">0"', '"<>"', '"总*"', '"*会"', '"ABC"', '"<>ABC"', '">=2.675"', "100", '"?BC"')

    def run(columns: str) -> str:
        first, last = sorted(choose.sample(range(1, 13), 2))
        column = choose.choice(columns)
        return f"{column}{first}:{column}{last}"

    def fill(template: str) -> str:
        row = choose.randint(1, 12)
        parts = {
            "n": lambda: choose.choice([f"A{choose.randint(1, 12)}", f"B{row}", *numbers[:5]]),
            "t": lambda: choose.choice([f"C{choose.randint(1, 12)}", *texts]),
            "e": lambda: f"E{choose.randint(1, 12)}",
            "k": lambda: choose.choice([f"F{row}", str(choose.randint(1, 4))]),
            "d": lambda: str(choose.randint(-3, 5)),
            "r": lambda: str(row),
            "q": lambda: choose.choice(criteria),
            "ab": lambda: run("AB"),
            "c": lambda: run("C"),
            "f": lambda: run("F"),
        }
        text = template.replace("{{", "\0").replace("}}", "\1")
        for key, make in parts.items():
            while f"{{{key}}}" in text:
                text = text.replace(f"{{{key}}}", make(), 1)
        return text.replace("\0", "{").replace("\1", "}")

    templates = [
        part.strip() for line in TEMPLATES.strip().splitlines() for part in line.split("|")
    ]
    return sorted({fill(template) for template in templates for _ in range(PER_TEMPLATE)})


def sheet(choose: random.Random) -> dict[str, object]:
    """Twelve rows: numbers, numbers, texts, a gap, dates, small numbers."""
    cells: dict[str, object] = {}
    for row in range(1, 13):
        cells[f"A{row}"] = choose.choice([85.53, 87.23, 0, -3.456, 2.675, 1.005, 100, 1e-9, 7])
        cells[f"B{row}"] = round(choose.uniform(-100, 100), choose.randint(0, 3))
        cells[f"C{row}"] = choose.choice(["洪江区总工会", "ABC", "abc", "12.5", "≥95%", " 空 格 "])
        if row % 3:
            cells[f"D{row}"] = choose.choice([1, "甲"])
        cells[f"E{row}"] = datetime.date(2020, 1, 1) + datetime.timedelta(choose.randint(0, 2500))
        cells[f"F{row}"] = choose.randint(1, 6)
    return cells


def same(ours: object, theirs: object) -> bool:
    if isinstance(ours, ExcelError) or (isinstance(theirs, str) and theirs.startswith("#")):
        # LibreOffice writes #VALUE! for several of its own error codes.
        return isinstance(ours, ExcelError) and isinstance(theirs, str) and theirs.startswith("#")
    if theirs in (None, "") or ours in (None, ""):
        return (theirs or 0) == (ours or 0)
    if isinstance(ours, (int, float)) and isinstance(theirs, (int, float)):
        return math.isclose(ours, theirs, rel_tol=1e-10, abs_tol=1e-12)
    return ours == theirs


@needs_soffice
@pytest.mark.slow
def test_hundreds_of_formulas_give_what_libreoffice_gives(tmp_path: Path) -> None:
    choose = random.Random(SEED)
    cells, formulas = sheet(choose), written(choose)
    assert len(formulas) > 400
    path = tmp_path / "formulas.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("表")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for address, value in cells.items():
            if isinstance(value, datetime.date):
                page.write_datetime(address, datetime.datetime(*value.timetuple()[:3]), day)
            elif isinstance(value, str):
                page.write_string(address, value)
            else:
                page.write_number(address, value)
        for row, formula in enumerate(formulas):
            page.write_array_formula(row, 9, row, 9, f"{{={formula}}}")
    made = convert(path, "xlsx", tmp_path / "out")
    theirs = openpyxl.load_workbook(made, data_only=True)["表"]
    scope = DictScope(cells, here=(None, 1, 10))
    different = {}
    for row, formula in enumerate(formulas, start=1):
        ours = compile(formula).evaluate(scope)
        if isinstance(ours, list):
            ours = ours[0][0]
        value = theirs.cell(row, 10).value
        if not isinstance(value, (str, int, float, type(None))):
            value = scalar(value)
        if not same(ours, value):
            different[formula] = (ours, value)
    assert different == {}
