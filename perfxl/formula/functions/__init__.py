"""The functions of the runtime, by the groups Excel's own help puts them in."""

from . import (  # noqa: F401  (importing registers them)
    arrays,
    averages,
    byte_text,
    conditions,
    dates,
    information,
    logic,
    lookup,
    maths,
    paired,
    ranking,
    reshape,
    rounding,
    search,
    text,
    textparts,
    totals,
    workdays,
    written,
)  # fmt: skip
from .registry import FUNCTIONS, Function, Special

_CHANGING = "的结果随时间或随机变化"
_INDIRECT = "的引用要到运行时才知道"
_OUTSIDE = "会访问工作簿以外"
_FILTERED = "的结果取决于筛选和嵌套的分类汇总"

REFUSED: dict[str, str] = {
    **dict.fromkeys(("TODAY", "NOW", "RAND", "RANDBETWEEN", "RANDARRAY"), _CHANGING),
    **dict.fromkeys(("SUBTOTAL", "AGGREGATE"), _FILTERED),
    **dict.fromkeys(("INDIRECT", "OFFSET", "GETPIVOTDATA", "EVALUATE"), _INDIRECT),
    **dict.fromkeys(
        ("WEBSERVICE", "HYPERLINK", "RTD", "CALL", "REGISTER", "REGISTER.ID", "EXEC", "IMAGE",
         "DDE", "SQL.REQUEST", "INFO", "CELL", "FILTERXML", "STOCKHISTORY", "PY",
         "CUBEVALUE", "CUBEMEMBER", "CUBESET", "CUBERANKEDMEMBER", "CUBESETCOUNT",
         "CUBEKPIMEMBER", "CUBEMEMBERPROPERTY"),
        _OUTSIDE,
    ),
}  # fmt: skip
"""Functions that never run on a returned workbook, with the reason in Chinese."""

__all__ = ["FUNCTIONS", "REFUSED", "Function", "Special"]
