"""A cell's value as the person who filled it in sees it."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.model import ExcelError
from perfxl.numberformat import decimals, is_date, render
from perfxl.numberformat.calendar import civil, serial_of, to_date, to_serial

MONEY = '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ '


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (85.53, "General", "85.53"),
        (1 / 3, "General", "0.333333333"),
        (0.1 + 0.2, "General", "0.3"),
        (12345678901, "General", "12345678901"),
        (123456789012, "General", "1.23457E+11"),
        (1e-10, "General", "1E-10"),
        (-1.5, "General", "-1.5"),
        (100, "G/通用格式", "100"),
        (100, 'General"万元"', "100万元"),
        (9.805, "0.00", "9.81"),
        (1.005, "0.00", "1.01"),
        (-0.001, "0.00", "0.00"),
        (0.9805, "0.00%", "98.05%"),
        (0.05, "0%", "5%"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (1234567.891, "#,##0,", "1,235"),
        (0, "#,##0.##", "0."),
        (0.5, "#.##", ".5"),
        (7, "000", "007"),
        (13800000000, "000-0000-0000", "138-0000-0000"),
        (12345, "0.00E+00", "1.23E+04"),
        (0.00012345, "0.0E+0", "1.2E-4"),
        (12345, "##0.0E+0", "12.3E+3"),
        (0.75, "# ?/?", " 3/4"),
        (3.25, "# ??/??", "3  1/4 "),
        (0, "# ?/?", "0    "),
        (2.5, "?/2", "5/2"),
        (-5, "0;(0)", "(5)"),
        (0, '0;-0;"零"', "零"),
        (-5, "0.0;[Red]0.0", "5.0"),
        (5, ";;;", ""),
        (150, '[>=100]"高"0;[<60]"低"0;0', "高150"),
        (50, '[>=100]"高"0;[<60]"低"0;0', "低50"),
        (80, '[>=100]"高"0;[<60]"低"0;0', "80"),
        (12.3, MONEY, " 12.30 "),
        (0, MONEY, " -   "),
        (5, "0\\x", "5x"),
        (5, '"约"0.0', "约5.0"),
        (-5, '"约"0.0', "-约5.0"),
        (1234.5, "[$¥-804]#,##0.00", "¥1,234.50"),
        (123, "[DBNum1]General", "一百二十三"),
        (10203.5, "[DBNum2]General", "壹万零贰佰零叁.伍"),
        (2024, "[DBNum1]0000", "二〇二四"),
        (45, "[DBNum3]0", "４５"),
        (123456789.1234567, "0.0000000000", "123456789.1234570000"),
    ],
)
def test_numbers(value: float, code: str, shown: str) -> None:
    assert render(value, code) == shown


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (45657, "yyyy-mm-dd", "2024-12-31"),
        (45657, 'yyyy"年"m"月"d"日"', "2024年12月31日"),
        (45657, "[$-804]yyyy年mm月", "2024年12月"),
        (45657, "m/d/yy", "12/31/24"),
        (45657, "mmm d, yyyy dddd", "Dec 31, 2024 Tuesday"),
        (45657, "aaaa", "星期二"),
        (45657, "[DBNum1]yyyy年m月d日", "二〇二四年十二月三十一日"),
        (45657.5625, "h:mm", "13:30"),
        (45657.5625, "h:mm AM/PM", "1:30 PM"),
        (45657.5625, "上午/下午h时mm分", "下午1时30分"),
        (1.5, "[h]:mm", "36:00"),
        (0.0005, "mm:ss.0", "00:43.2"),
        (45657.999999, "yyyy-mm-dd hh:mm:ss", "2025-01-01 00:00:00"),
        (60, "yyyy/m/d", "1900/2/29"),
        (0, "yyyy/m/d", "1900/1/0"),
        (-1, "yyyy/m/d", "########"),
        (2958466, "yyyy/m/d", "########"),
    ],
)
def test_dates_and_times(value: float, code: str, shown: str) -> None:
    assert render(value, code) == shown


def test_dates_of_a_1904_workbook() -> None:
    assert render(0, "yyyy-mm-dd", date1904=True) == "1904-01-01"
    assert render(44195, "yyyy-mm-dd", date1904=True) == "2024-12-31"


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        ("工会", "General", "工会"),
        ("工会", "0.00", "工会"),
        ("工会", '@"（盖章）"', "工会（盖章）"),
        ("工会", '0;0;0;"【"@"】"', "【工会】"),
        ("98.05%", "@", "98.05%"),
        (5, "@", "5"),
        (True, "0", "TRUE"),
        (None, "0.00", ""),
        (ExcelError.DIV0, "0.00", "#DIV/0!"),
    ],
)
def test_what_is_no_number(value: object, code: str, shown: str) -> None:
    assert render(value, code) == shown  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "code", "places"),
    [
        (0.98054, "0.00%", 4),
        (85.5, "0.00", 2),
        (110.71, "General", 2),
        (100, "General", 0),
        (0.98, "0%", 2),
        (85.53, MONEY, 2),
        (1234567, "#,##0,", 0),
        (1234567, "0.00,", 0),
        (12345, "0.00E+00", 0),
        (0.012345, "0.00E+00", 4),
        (1.5, "0.0##", 1),
        (45657, "yyyy-mm-dd", 0),
        (9.5, "@", 1),
    ],
)
def test_how_many_decimals_are_shown(value: float, code: str, places: int) -> None:
    assert decimals(code, value) == places


@pytest.mark.parametrize(
    "code", ["yyyy-mm-dd", "m/d/yy h:mm", "[h]:mm", "[$-804]yyyy年m月", "上午/下午h时"]
)
def test_date_formats_are_known_as_such(code: str) -> None:
    assert is_date(code)


@pytest.mark.parametrize(
    "code", ["General", "0.00", "[Red]0", '0"年"', "@", '"day"0', "0\\d", MONEY]
)
def test_number_formats_with_date_letters_in_quotes_are_no_dates(code: str) -> None:
    assert not is_date(code)


@pytest.mark.parametrize("code", ["0." + "0" * 2000, "[" * 10**6, "0;" * 200])
def test_a_code_longer_than_any_that_excel_reads_is_general(code: str) -> None:
    assert render(110.71, code) == "110.71"
    assert decimals(code, 110.71) == 2


@settings(max_examples=300, deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=20))
def test_any_code_gives_some_text(value: float, code: str) -> None:
    assert isinstance(render(value, code), str)
    assert decimals(code, value) >= 0


@settings(max_examples=1000, deadline=None)
@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(alphabet='0#?.,%/;[]>=<@"ymdhsaAPMEe+-_* 年$1DBNum', max_size=16),
)
def test_any_code_out_of_format_letters_gives_some_text(value: float, code: str) -> None:
    assert isinstance(render(value, code), str)
    assert decimals(code, value) >= 0


@given(st.integers(-(10**7), 10**7), st.integers(0, 4))
def test_fixed_decimals_round_half_away_from_zero(cents: int, places: int) -> None:
    value = cents / 100
    shown = render(value, "0." + "0" * places if places else "0")
    scale = 10 ** max(0, 2 - places)
    exact = (abs(cents) + scale // 2) // scale * scale if scale > 1 else abs(cents)
    assert abs(float(shown)) == pytest.approx(exact / 100, abs=1e-9)


@given(st.dates(min_value=datetime.date(1900, 1, 1)))
def test_serial_numbers_and_dates_translate_back(day: datetime.date) -> None:
    serial = to_serial(day)
    assert civil(serial) == (day.year, day.month, day.day)
    assert serial_of(day.year, day.month, day.day) == serial
    assert to_date(serial) == day
