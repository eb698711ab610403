"""The number format of each cell format, as a format code; reading only."""

from __future__ import annotations

from collections.abc import Sequence

from perfxl.package import limits
from perfxl.package.archive import Package
from perfxl.package.xmlread import namespace

_MONEY = '"¥"#,##0'
_ACCOUNTS = '_ * {0}#,##0{1}_ ;_ * {2}\\-#,##0{1}_ ;_ * {0}"-"{3}_ ;_ @_ '

# ECMA-376 Part 1, 18.8.30, with its zh-CN column: Excel stores these by number alone.
BUILTIN = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: f"{_MONEY};{_MONEY[:3]}\\-#,##0",
    6: f"{_MONEY};[Red]{_MONEY[:3]}\\-#,##0",
    7: f"{_MONEY}.00;{_MONEY[:3]}\\-#,##0.00",
    8: f"{_MONEY}.00;[Red]{_MONEY[:3]}\\-#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "yyyy/m/d",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy/m/d h:mm",
    27: 'yyyy"年"m"月"',
    28: 'm"月"d"日"',
    29: 'm"月"d"日"',
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"',
    34: '上午/下午h"时"mm"分"',
    35: '上午/下午h"时"mm"分"ss"秒"',
    36: 'yyyy"年"m"月"',
    37: "#,##0;\\-#,##0",
    38: "#,##0;[Red]\\-#,##0",
    39: "#,##0.00;\\-#,##0.00",
    40: "#,##0.00;[Red]\\-#,##0.00",
    41: _ACCOUNTS.format("", "", "", ""),
    42: _ACCOUNTS.format('"¥"* ', "", '"¥"* ', ""),
    43: _ACCOUNTS.format("", ".00", "", "??"),
    44: _ACCOUNTS.format('"¥"* ', ".00", '"¥"* ', "??"),
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
    50: 'yyyy"年"m"月"',
    51: 'm"月"d"日"',
    52: 'yyyy"年"m"月"',
    53: 'm"月"d"日"',
    54: 'm"月"d"日"',
    55: '上午/下午h"时"mm"分"',
    56: '上午/下午h"时"mm"分"ss"秒"',
    57: 'yyyy"年"m"月"',
    58: 'm"月"d"日"',
}


_BUILTIN = {str(number): code for number, code in BUILTIN.items()}


def read_formats(package: Package) -> Sequence[str]:
    """The format code of each ``cellXfs`` entry; empty without a styles part.

    Raises LimitExceeded for more than 64,000 cell formats.
    """
    part = package.related(package.workbook_part, "styles")
    if part is None:
        return ()
    root = package.xml(part)
    ns = namespace(root)
    codes = _BUILTIN.copy()
    for element in root.iterfind(f"{ns}numFmts/{ns}numFmt"):
        codes[element.get("numFmtId", "")] = element.get("formatCode", "General")
    formats = root.find(ns + "cellXfs")
    if formats is None:
        return ()
    limits.count(len(formats), limits.FORMATS, "单元格格式", "种", limits.SUSPECT)
    return [codes.get(element.get("numFmtId", "0"), "General") for element in formats]
