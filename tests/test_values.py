"""What people type, and what it means for the field it is typed into."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.codes import CODES
from perfxl.model import ExcelError, Field, Kind, Value
from perfxl.values import format_as, parse, read


def a_field(kind: Kind, unit: str = "", decimals: int | None = None) -> Field:
    return Field("整体", "某栏", ("某栏",), kind=kind, unit=unit, decimals=decimals)


AMOUNT = a_field(Kind.AMOUNT, "万元", 2)
POINTS = a_field(Kind.POINTS, "分", 2)
COUNT = a_field(Kind.COUNT, "人", 0)
AREA = a_field(Kind.AREA, "平方米", 2)
RATIO = a_field(Kind.RATIO, decimals=4)
MEASURE = a_field(Kind.MEASURE)
TEXT = a_field(Kind.TEXT)


@pytest.mark.parametrize(
    ("typed", "field", "value", "decimals"),
    [
        ("110.71", AMOUNT, 110.71, 2),
        ("1,234.50", AMOUNT, 1234.5, 2),
        ("１１０．７１", AMOUNT, 110.71, 2),
        (" 719.99 ", AMOUNT, 719.99, 2),
        ("4753.66万元", AMOUNT, 4753.66, 2),
        ("864.2万", AMOUNT, 864.2, 1),
        (".32", AMOUNT, 0.32, 2),
        ("(3.50)", AMOUNT, -3.5, 2),
        ("三百", AMOUNT, 300, 0),
        ("100分", POINTS, 100, 0),
        ("32 名", COUNT, 32, 0),
        ("十二", COUNT, 12, 0),
        ("九分", POINTS, 9, 0),
        ("735人次", COUNT, 735, 0),
        ("1 234.50", AMOUNT, 1234.5, 2),
        ("－5", AMOUNT, -5, 0),
        ("6000平方米", AREA, 6000, 0),
        ("204.46㎡", AREA, 204.46, 2),
        ("98.05%", RATIO, 0.9805, 4),
        ("１００．００％", RATIO, 1, 4),
        ("0.958", RATIO, 0.958, 3),
        ("1", RATIO, 1, 0),
        ("100百分比", RATIO, 1, 2),
    ],
)
def test_numbers_as_text(typed: str, field: Field, value: float, decimals: int) -> None:
    reading = read(typed, field)
    assert (reading.value.value, reading.value.decimals) == (value, decimals)
    assert reading.value.problem is None
    assert reading.remark is None
    assert not reading.value.numeric


@pytest.mark.parametrize("typed", ["—", "——", "-", "/", "*", "无", "……", ".....", "\u00a0", " "])
@pytest.mark.parametrize("field", [AMOUNT, RATIO, MEASURE, TEXT], ids=lambda f: f.kind.value)
def test_ways_to_say_nothing(typed: str, field: Field) -> None:
    assert parse(typed, field) == Value(raw=typed)


@pytest.mark.parametrize(
    ("typed", "field", "value", "code"),
    [
        ("7.50.", AMOUNT, 7.5, "V204"),
        ("O万元", AMOUNT, 0, "V204"),
        ("IO", POINTS, 10, "V204"),
        ("1O", POINTS, 10, "V204"),
        ("1l", COUNT, 11, "V204"),
        ("1OO%", RATIO, 1, "V204"),
        ("98.05%%", RATIO, 0.9805, "V204"),
        ("l0.5万元", AMOUNT, 10.5, "V204"),
        ("98.05", RATIO, 0.9805, "V206"),
        ("100", RATIO, 1, "V206"),
        ("2026400元", AMOUNT, 202.64, "V207"),
        ("2.6亿元", AMOUNT, 26000, "V207"),
        ("二十五万", AMOUNT, 25, "V207"),
        ("三万二千元", AMOUNT, 3.2, "V207"),
    ],
)
def test_odd_notation_is_read_and_remarked_on(
    typed: str, field: Field, value: float, code: str
) -> None:
    reading = read(typed, field)
    assert (reading.value.value, reading.remark) == (value, code)
    assert reading.value.problem is None
    assert CODES[code].level == "note"


@pytest.mark.parametrize(
    ("typed", "field", "code"),
    [
        ("7,00.0,77", AMOUNT, "V201"),
        ("约3万", AMOUNT, "V201"),
        ("12,34.5", AMOUNT, "V201"),
        ("98,05%", RATIO, "V201"),
        ("5-6人", COUNT, "V201"),
        ("10/10", POINTS, "V201"),
        ("≥90%", RATIO, "V201"),
        ("12%", AMOUNT, "V201"),
        ("9" * 400, AMOUNT, "V201"),
        ("0." + "3" * 2000, AMOUNT, "V201"),
        ("(" + "9" * 305 + ")亿元", AMOUNT, "V201"),
        ("9" * 400 + "%", RATIO, "V201"),
        ("十" + "亿" * 60, AMOUNT, "V202"),
        ("98%", POINTS, "V201"),
        ("效果好", AMOUNT, "V202"),
        ("效果好", RATIO, "V202"),
        (True, POINTS, "V202"),
        (ExcelError.DIV0, RATIO, "V203"),
        (ExcelError.REF, TEXT, "V203"),
        ("#DIV/0!", RATIO, "V203"),
        ("#REF!", AMOUNT, "V203"),
    ],
)
def test_what_cannot_be_trusted_has_a_problem_and_no_value(
    typed: str | bool | ExcelError, field: Field, code: str
) -> None:
    value = parse(typed, field)
    assert (value.value, value.problem) == (None, code)


@pytest.mark.parametrize(
    ("typed", "number_format", "field", "raw", "value", "decimals"),
    [
        (0.9805, "0.00%", RATIO, "98.05%", 0.9805, 4),
        (0.980507, "0.00%", RATIO, "98.05%", 0.980507, 4),
        (1, "General", RATIO, "1", 1, 0),
        (98.05, "General", RATIO, "98.05", 0.9805, 4),
        (10, "General", POINTS, "10", 10, 0),
        (110.7, "0.00", AMOUNT, "110.70", 110.7, 2),
        (110.71, "General", AMOUNT, "110.71", 110.71, 2),
        (0.95, "0%", MEASURE, "95%", 0.95, 2),
    ],
)
def test_numeric_cells_keep_their_number_and_show_their_format(
    typed: float, number_format: str, field: Field, raw: str, value: float, decimals: int
) -> None:
    found = parse(typed, field, number_format)
    assert (found.raw, found.value, found.decimals) == (raw, value, decimals)
    assert found.numeric


@pytest.mark.parametrize(
    ("typed", "comparator", "number", "unit"),
    [
        ("≥95%", "≥", 0.95, "%"),
        (">=90%", "≥", 0.9, "%"),
        ("≧95%", "≥", 0.95, "%"),
        ("═100%", "=", 1, "%"),
        ("≤110.71 万元", "≤", 110.71, "万元"),
        ("60%及以上", "≥", 0.6, "%"),
        ("2天以内", "≤", 2, "天"),
        ("不低于90%", "≥", 0.9, "%"),
        ("不超过15万元", "≤", 15, "万元"),
        ("11500元", "", 1.15, "万元"),
        ("1.15万元", "", 1.15, "万元"),
        ("32 名", "", 32, "名"),
        ("一次", "", 1, "次"),
        ("8550万粒", "", 8550, "万粒"),
        ("3000元/人", "", 3000, "元/人"),
        ("每亩300", "", 300, "每亩"),
        ("百分之九十五", "", 0.95, "%"),
        ("6000m²", "", 6000, "平方米"),
    ],
)
def test_the_parts_of_a_target(typed: str, comparator: str, number: float, unit: str) -> None:
    found = parse(typed, MEASURE)
    assert (found.comparator, found.number, found.unit) == (comparator, number, unit)
    assert isinstance(found.value, str)


@pytest.mark.parametrize(
    ("typed", "year"),
    [
        ("2024年12月31日之前完成", 2024),
        ("2024 年 12 月", 2024),
        ("2021.1.1-12.31", 2021),
        ("2023年3月至2024年6月", 2024),
        ("18—54周岁", None),
        ("3500-4500", None),
        ("12月底之前完成", None),
        ("11月底完成100%", None),
        ("效果明显", None),
        ("一般", None),
    ],
)
def test_phrases_without_a_number_may_name_a_year(typed: str, year: int | None) -> None:
    found = parse(typed, MEASURE)
    assert (found.number, found.year) == (None, year)


def test_a_target_of_digits_without_end_is_text() -> None:
    value = parse("9" * 10**6, MEASURE)
    assert (value.number, value.problem) == (None, None)


@pytest.mark.parametrize("typed", ["100%%", "98%左右", "M.8万元", "^80%", "3～5次", "1O次"])
def test_a_target_that_may_mean_two_things_has_no_number(typed: str) -> None:
    assert parse(typed, MEASURE).number is None


@pytest.mark.parametrize(
    "typed",
    [
        "2024年12月31日",
        "2024 年 12 月 31 日",
        "2024-12-31",
        "2024/12/31",
        "2024.12.31",
        "20241231",
        "二〇二四年十二月三十一日",
        "二○二四年十二月",
        45657,
    ],
)
def test_a_day_however_it_is_written_has_its_year(typed: str | int) -> None:
    found = parse(typed, a_field(Kind.DATE))
    assert (found.year, found.problem) == (2024, None)


def test_a_date_cell_reads_as_the_day_it_shows() -> None:
    found = parse(45657, MEASURE, "yyyy年m月d日")
    assert (found.value, found.number, found.year) == ("2024年12月31日", None, 2024)
    assert parse(45657, AMOUNT, "yyyy年m月d日").problem == "V201"


@pytest.mark.parametrize(
    ("typed", "text", "points"),
    [
        ("成本指标（20分）", "成本指标（20分）", 20),
        ("成本指标(20 分)", "成本指标（20分）", 20),
        (" 洪江区 总\n工会 ", "洪江区总工会", None),
        ("第１项", "第1项", None),
        ("A B  C", "A B C", None),
        (f"甲{' ' * 10**6}乙 A{' ' * 10**6}B", "甲乙A B", None),
        (f"得（{'9' * 400}分）", f"得（{'9' * 400}分）", None),
    ],
)
def test_text_is_compared_without_stray_spaces(typed: str, text: str, points: float | None) -> None:
    found = parse(typed, TEXT)
    assert (found.value, found.points) == (text, points)
    assert found.raw == typed


@pytest.mark.parametrize(
    ("number", "field", "decimals", "shown"),
    [
        (0.980507, RATIO, 4, "98.05%"),
        (1, RATIO, None, "100.00%"),
        (0.5, RATIO, 2, "50%"),
        (9.80, POINTS, 2, "9.8"),
        (100, POINTS, 2, "100"),
        (85.5, AMOUNT, 2, "85.50"),
        (1.005, AMOUNT, None, "1.01"),
        (-0.001, AMOUNT, 2, "0.00"),
    ],
)
def test_expected_values_are_shown_as_the_field_prints_them(
    number: float, field: Field, decimals: int | None, shown: str
) -> None:
    assert format_as(number, field, decimals) == shown


@given(st.decimals(0, 99_999, places=2))
def test_an_amount_reads_the_same_however_it_is_written(amount: object) -> None:
    plain = parse(f"{amount:.2f}", AMOUNT)
    grouped = parse(f"{amount:,.2f}", AMOUNT)
    with_unit = parse(f" {amount:.2f} 万元", AMOUNT)
    assert plain.value == grouped.value == with_unit.value == float(f"{amount:.2f}")
    assert plain.decimals == grouped.decimals == with_unit.decimals == 2


@given(st.text(max_size=20), st.sampled_from(list(Kind)))
def test_no_text_breaks_the_reader(text: str, kind: Kind) -> None:
    value = parse(text, a_field(kind, "万元"))
    assert value.raw == text
    assert value.problem is None or value.value is None


@given(st.floats(-1e300, 1e300), st.integers(0, 300))
def test_any_number_is_shown_with_any_decimals(number: float, decimals: int) -> None:
    shown = format_as(number, AMOUNT, decimals)
    assert float(shown) == pytest.approx(number, rel=1e-14, abs=0.5000001 * 10.0**-decimals)
