"""A value that shared a cell with its label, in a cell of its own."""

import pytest

from perfxl.model import Bound, Field, Kind
from perfxl.rebuild.typed import apart
from perfxl.values import parse


@pytest.mark.parametrize(
    ("raw", "kind", "unit", "value", "shown"),
    [
        ("84.38", Kind.AMOUNT, "万元", 84.38, "0.00"),
        ("８４．３８", Kind.AMOUNT, "万元", 84.38, "0.00"),
        ("1,234.50", Kind.AMOUNT, "万元", 1234.5, "#,##0.00"),
        ("98.05%", Kind.RATIO, "", 0.9805, "0.00%"),
        ("612.48万", Kind.AMOUNT, "万元", 612.48, '0.00"万"'),
        ("99分", Kind.POINTS, "分", 99, 'General"分"'),
        ("8", Kind.COUNT, "人", 8, "General"),
        # In the unit of the field it is another number.
        ("6124800元", Kind.AMOUNT, "万元", "6124800元", "General"),
        ("0012", Kind.TEXT, "", "0012", "General"),
        ("—", Kind.AMOUNT, "万元", "—", "General"),
        ("约 85", Kind.AMOUNT, "万元", "约 85", "General"),
    ],
)
def test_a_plain_number_is_one_with_the_digits_and_the_unit_it_showed(
    raw, kind, unit, value, shown
):
    field = Field("整体", "栏", ("栏",), kind=kind, unit=unit)
    bound = Bound(field, "附件3", 1, 1, parse(raw, field), "同格", f"栏：{raw}")
    assert apart(bound) == (value, shown)
