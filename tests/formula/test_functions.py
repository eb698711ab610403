"""The functions of the runtime, one statement each or a few where they surprise."""

from __future__ import annotations

import datetime
import subprocess
import sys

import pytest

from perfxl.formula import evaluate
from perfxl.formula.functions import FUNCTIONS, REFUSED

from .test_parity import same

CELLS = {
    "A1": 3, "A2": 1, "A3": 2, "A4": 3, "A5": None, "A6": "甲",
    "B1": "甲", "B2": "乙", "B3": "丙", "B4": "甲",
    "C1": 10, "C2": 20, "C3": 30, "C4": 40,
    "D1": datetime.date(2024, 1, 31), "D2": datetime.date(2024, 12, 31),
    "E1": datetime.datetime(2024, 5, 6, 13, 45, 30),
}  # fmt: skip

CASES = [
    ("ROUNDUP(-1.21,1)", -1.3), ("ROUNDDOWN(-1.29,1)", -1.2), ("ROUND(1234.5,-2)", 1200),
    ("TRUNC(-8.9)", -8), ("MROUND(10,3)", 9), ("MROUND(-10,3)", "#NUM!"),
    ("CEILING(2.5,1)", 3), ("CEILING(-2.5,-1)", -3), ("FLOOR(2.5,0)", "#DIV/0!"),
    ("CEILING.MATH(-2.5)", -2), ("FLOOR.MATH(-2.5)", -3), ("CEILING(0.3,0.1)", 0.3),
    ("EVEN(3)", 4), ("ODD(0)", 1), ("QUOTIENT(-7,2)", -3), ("MOD(7,0)", "#DIV/0!"),
    ("GCD(12,18)", 6), ("LCM(4,6)", 12), ("FACT(5)", 120), ("COMBIN(5,2)", 10),
    ("SUMPRODUCT(A1:A3,C1:C3)", 110), ("SUMPRODUCT(A1:A3,C1:C2)", "#VALUE!"),
    ('SUMPRODUCT((B1:B4="甲")*C1:C4)', 50), ("SUBTOTAL(9,C1:C4)", 100),
    ("AGGREGATE(9,6,A1:A3/{1;0;1})", 5), ("AGGREGATE(14,6,C1:C4,2)", 30),
    ("MMULT({1,2;3,4},{1;1})", [[3], [7]]), ("TRANSPOSE({1,2;3,4})", [[1, 3], [2, 4]]),
    ('COUNT(A1:A6,"7",TRUE)', 6), ("COUNTA(A1:A6)", 5), ("AVERAGE(A1:A6)", 2.25),
    ("AVERAGEA(A1:A6)", 1.8), ("AVERAGE(B1:B4)", "#DIV/0!"), ("MEDIAN(A1:A4)", 2.5),
    ("MODE(A1:A4)", 3), ("MODE(A1:A3)", "#N/A"), ("LARGE(A1:A4,{1,3})", [[3, 2]]),
    ("SMALL(A1:A4,9)", "#NUM!"), ("RANK(1,A1:A4)", 4), ("RANK(3,A1:A4,0)", 1),
    ("STDEV.S(A1:A3)", 1), ("VAR.P(A1:A3)", 2 / 3), ("STDEV(1)", "#DIV/0!"),
    ("PERCENTILE(C1:C4,0.25)", 17.5), ("QUARTILE(C1:C4,2)", 25), ("TRIMMEAN(C1:C4,0.5)", 25),
    ("GEOMEAN(4,9)", 6), ("FREQUENCY(A1:A4,{1,2})", [[1], [1], [2]]), ("MAXA(TRUE,0)", 1),
    ('MAXIFS(C1:C4,B1:B4,"甲")', 40), ('MINIFS(C1:C4,B1:B4,"丁")', 0),
    ('AVERAGEIFS(C1:C4,B1:B4,"甲",C1:C4,">10")', 40), ('AVERAGEIF(B1:B4,"丁",C1:C4)', "#DIV/0!"),
    ("COUNTIF(B1:B4,B1:B2)", [[2], [1]]), ('SUMIFS(C1:C4,B1:B3,"甲")', "#VALUE!"),
    ('VLOOKUP("乙",B1:C4,2,FALSE)', 20), ('VLOOKUP("丁",B1:C4,2,0)', "#N/A"),
    ('VLOOKUP("乙",B1:C4,3,0)', "#REF!"), ("VLOOKUP(25,C1:C4,1)", 20),
    ('VLOOKUP("乙",CHOOSE({1,2},B1:B4,A1:A4),2,0)', 1), ("HLOOKUP(2,{1,2;5,6},2,0)", 6),
    ('MATCH("丙",B1:B4,0)', 3), ("MATCH(25,C1:C4)", 2), ("MATCH(25,{40,30,20},-1)", 2),
    ("LOOKUP(35,C1:C4,B1:B4)", "丙"), ("LOOKUP(5,C1:C4)", "#N/A"),
    ('XLOOKUP("丁",B1:B4,C1:C4,"无")', "无"), ("XLOOKUP(25,C1:C4,B1:B4,,-1)", "乙"),
    ("XLOOKUP(25,C1:C4,B1:B4,,1)", "丙"), ('XMATCH("甲",B1:B4,0,-1)', 4),
    ('XLOOKUP("乙",B1:B4,B1:C4)', [["乙", 20]]), ("INDEX({1,2;3,4},2,1)", 3),
    ("ADDRESS(2,28)", "$AB$2"), ('ADDRESS(1,1,4,TRUE,"附件 3")', "'附件 3'!A1"),
    ('FILTER(C1:C4,B1:B4="甲")', [[10], [40]]), ('FILTER(C1:C4,B1:B4="丁","无")', "无"),
    ('FILTER(C1:C4,B1:B4="丁")', "#CALC!"), ("UNIQUE(B1:B4)", [["甲"], ["乙"], ["丙"]]),
    ("SORT(A1:A3)", [[1], [2], [3]]), ("SORT(A1:A3,1,-1)", [[3], [2], [1]]),
    ("SORTBY(B1:B3,C1:C3,-1)", [["丙"], ["乙"], ["甲"]]), ("SEQUENCE(2,2)", [[1, 2], [3, 4]]),
    ("TAKE(C1:C4,-2)", [[30], [40]]), ("DROP(C1:C4,3)", [[40]]), ("DROP(C1:C4,4)", "#CALC!"),
    ("VSTACK(1,{2,3})", [[1, "#N/A"], [2, 3]]), ("HSTACK(1,2)", [[1, 2]]),
    ("TOCOL({1,2;3,4})", [[1], [2], [3], [4]]), ("TOROW({1,2;3,4},0,TRUE)", [[1, 3, 2, 4]]),
    ("CHOOSECOLS({1,2,3},-1,1)", [[3, 1]]), ("CHOOSEROWS({1;2;3},2)", [[2]]),
    ("WRAPROWS({1,2,3},2,0)", [[1, 2], [3, 0]]), ("EXPAND(1,1,2,0)", [[1, 0]]),
    ('LEFT("洪江区",2)', "洪江"), ('RIGHT("洪江区",0)', ""), ('MID("洪江区",2,9)', "江区"),
    ('MID("洪江区",0,1)', "#VALUE!"), ('LENB("a洪")', 3), ('LEFTB("洪江",3)', "洪 "),
    ('MIDB("a洪江",2,2)', "洪"), ('FIND("b","aBb")', 3), ('SEARCH("B","abb",3)', 3),
    ('SEARCH("江?总","洪江区总工会")', 2), ('FIND("",1)', 1), ('SEARCH("x","abc")', "#VALUE!"),
    ('SUBSTITUTE("a-b-c","-","+",2)', "a-b+c"), ('REPLACE("2023年",4,1,"4")', "2024年"),
    ('TRIM("  a  b ")', "a b"), ('PROPER("an o\'neil 2b")', "An O'Neil 2B"),
    ('TEXTJOIN("、",TRUE,"a","",B1:B2)', "a、甲、乙"), ('CONCAT(B1:B4,1)', "甲乙丙甲1"),
    ('TEXTBEFORE("a-b-c","-",2)', "a-b"), ('TEXTAFTER("a-b-c","-",-1)', "c"),
    ('TEXTAFTER("abc","-")', "#N/A"), ('TEXTSPLIT("a,b;c",",",";")', [["a", "b"], ["c", "#N/A"]]),
    ('REPT("工",3)', "工工工"), ('EXACT("a","A")', False), ("CHAR(65)", "A"),
    ('CODE("洪")', 0xBAE9),
    ("UNICHAR(24037)", "工"), ('UNICODE("工")', 24037), ('ASC("ＡＢ　１")', "AB 1"),
    ('WIDECHAR("AB1")', "ＡＢ１"), ("FIXED(1234.567,1)", "1,234.6"), ("RMB(1234.5)", "¥1,234.50"),
    ("NUMBERSTRING(10203,1)", "一万〇二百〇三"), ("NUMBERSTRING(123,2)", "壹佰贰拾叁"),
    ('NUMBERVALUE("1.234,5%",",",".")', 12.345), ('TEXT("0.5","0%")', "50%"), ("T(1)", ""),
    ('TEXT(1234567.891,"#,##0.00,")', "1,234.57"), ('TEXT(-1,"0;0")', "1"), ("N(TRUE)", 1),
    ('VALUE("12:00")', 0.5), ('VALUE("¥1,200")', 1200), ('VALUE("(5)")', -5),
    ("VALUE(TRUE)", "#VALUE!"),
    ("YEAR(D2)", 2024), ("HOUR(E1)", 13), ("MINUTE(E1)", 45), ("SECOND(E1)", 30),
    ("EDATE(D1,1)", 45351), ("EOMONTH(D1,0)", 45322), ("WEEKDAY(D2,2)", 2), ("WEEKNUM(D2)", 53),
    ("ISOWEEKNUM(D2)", 1), ('DATEDIF(D1,D2,"M")', 11), ('DATEDIF(D1,D2,"YD")', 335),
    ('DATEDIF(D2,D1,"D")', "#NUM!"), ("DAYS(D2,D1)", 335), ("DAYS360(D1,D2)", 330),
    ("NETWORKDAYS(D1,D1+7)", 6), ("NETWORKDAYS.INTL(D1,D1+7,11)", 7), ("WORKDAY(D1,1)", 45323),
    ("WORKDAY(D1,-1,D1-1)", 45320), ("YEARFRAC(D1,D2,1)", 335 / 366), ("TIME(25,0,0)", 1 / 24),
    ('DATEVALUE("2024年2月29日")', 45351), ('DATEVALUE("2023-2-29")', "#VALUE!"),
    ("DATE(124,1,1)", 45292), ("DATE(2024,1,-400000)", "#NUM!"), ("MONTH(-1)", "#NUM!"),
    ("SORT(A1:A3,,-1)", [[3], [2], [1]]), ("TAKE({1,2;3,4},,1)", [[1], [3]]),
    ("SEQUENCE(,3)", [[1, 2, 3]]), ("SEQUENCE(2,,5,)", [[5], [6]]),
    ('TEXTAFTER("a-b","-",,1)', "b"), ("CEILING.MATH(-5.5,,1)", -6), ('LEFT("甲乙",)', ""),
    ('XLOOKUP("乙",B1:B4,C1:C4,,0,)', 20), ("MATCH(25,C1:C4,)", "#N/A"),
    ("IFS(FALSE,1,TRUE,2)", 2), ("IFS(FALSE,1)", "#N/A"), ('SWITCH(3,1,"a",3,"c","d")', "c"),
    ("SWITCH(9,1,2)", "#N/A"), ("CHOOSE(3,1,2)", "#VALUE!"), ("XOR(TRUE,TRUE)", False),
    ("AND(B1:B4)", "#VALUE!"), ('AND("x",TRUE)', "#VALUE!"), ("NOT(A1:A2>2)", [[False], [True]]),
    ('IF("x",1,2)', "#VALUE!"), ("IF(A1:A3>2,B1:B3,0)", [["甲"], [0], [0]]),
    ("IFERROR(1/{1,0},9)", [[1, 9]]), ("IF(FALSE,1)", False), ("TYPE({1,2})", 64),
    ("ISODD(-3)", True), ("ISERR(NA())", False), ("ERROR.TYPE(1)", "#N/A"), ("ISNONTEXT(A5)", True),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "expected"), CASES, ids=[case[0] for case in CASES])
def test_a_function_gives_what_excel_gives(formula: str, expected: object) -> None:
    result = evaluate(formula, CELLS)
    if isinstance(expected, list):
        flat = [cell for row in result for cell in row] if isinstance(result, list) else [result]
        wanted = [cell for row in expected for cell in row]
        assert len(flat) == len(wanted)
        assert all(map(same, flat, wanted)), result
    else:
        assert same(result, expected), result


def test_the_runtime_has_the_functions_that_rules_are_written_with() -> None:
    assert len(FUNCTIONS) >= 200
    wanted = (
        "SUM IF IFERROR ROUND SUMPRODUCT COUNTIF SUMIFS VLOOKUP INDEX MATCH XLOOKUP TEXT VALUE "
        "LEN LEFT MID FIND SUBSTITUTE DATE EOMONTH NETWORKDAYS AND OR NOT LET ISNUMBER FILTER"
    )
    assert set(wanted.split()) <= set(FUNCTIONS)


def test_volatile_functions_run_in_templates_only() -> None:
    today = evaluate("=TODAY()", {})
    assert today == evaluate(f"=DATE({datetime.date.today():%Y,%m,%d})", {})
    assert {"TODAY", "NOW", "INDIRECT", "OFFSET"} <= set(REFUSED)


def test_a_function_of_the_package_formulas_fills_the_gap() -> None:
    assert "BIN2DEC" not in FUNCTIONS
    assert evaluate('=BIN2DEC("101")+1', {}) == 6
    assert same(evaluate("=NPV(0.1,A1:A2)", {"A1": 100, "A2": 200}), 256.198347107438)
    assert evaluate("=BIN2DEC(1/0)", {}) == "#DIV/0!"


def test_the_check_path_stays_light() -> None:
    code = (
        "import sys, perfxl.formula as f\n"
        "f.evaluate('=SUM(A1:A2)&TEXT(A1,\"0.00\")', {'A1': 1})\n"
        "print([m for m in ('numpy', 'formulas', 'openpyxl', 'scipy') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
