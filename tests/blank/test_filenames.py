"""File names are safe on every system, and never two the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.blank.filenames import DEFAULT, Naming, safe
from perfxl.blank.units import Unit
from perfxl.errors import RosterError
from perfxl.template import shipped

HUNAN = shipped("hunan-2024")


def name(pattern: str, unit: str = "甲局", number: int = 7, **texts: str) -> str:
    naming = Naming(pattern, HUNAN, tuple(texts))
    return naming.of(Unit(unit, 1, {}, texts), number)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (DEFAULT, "甲局-2024年度绩效自评.xlsx"),
        ("{序号:03d}-{单位}", "007-甲局.xlsx"),
        ("{序号}{单位}.XLSX", "7甲局.xlsx"),
        ("{模板} {版本} {编码}", "hunan-2024 {0} A01.xlsx"),
    ],
)
def test_places_are_filled(pattern: str, expected: str):
    assert name(pattern, 编码="A01") == expected.format(HUNAN.version)


@pytest.mark.parametrize("pattern", ["{局}", "{单位", "子文件夹/{单位}", "{单位.__class__}"])
def test_a_pattern_that_gives_no_name_is_refused(pattern: str):
    with pytest.raises(RosterError, match="文件名样式"):
        name(pattern)


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("甲/乙:局?", "甲／乙：局？"),
        ("CON", "_CON"),
        ("com1.表", "_com1.表"),
        ("甲局 . ", "甲局"),
        (".甲", "甲"),
        ("~$甲", "甲"),
    ],
)
def test_what_windows_forbids_is_written_otherwise(stem: str, expected: str):
    assert safe(stem) == expected


@pytest.mark.parametrize("stem", ["", " . ", "\n", "长" * 90])
def test_an_empty_or_endless_name_is_refused(stem: str):
    with pytest.raises(ValueError, match="文件名"):
        safe(stem)


@given(st.text(max_size=60))
def test_a_name_that_is_given_has_nothing_that_a_system_forbids(stem: str):
    try:
        made = safe(stem)
    except ValueError:
        return
    assert not set(made) & set('\\/:*?"<>|\n\r\t\0')
    assert made == made.strip() and not made.endswith(".") and not made.startswith((".", "~$"))
    assert len(made.encode()) <= 250
