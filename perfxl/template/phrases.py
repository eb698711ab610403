"""Excel formulas that take typed phrases apart: ``≤110.71 万元`` → ≤, 110.71, 万元.

They are plain formulas of Excel 2010 over a column, one value per row, and say what
`perfxl.values` says of the phrases that forms hold. Each part becomes a defined name, and
builds on the parts before it: ``文`` the text made even, ``体`` without comparator, ``长`` the
length of its number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

_SIGNS = "≥≤><="
_BEGINNINGS = {
    "≥": "≧ >= => 不低于 不少于 不小于 大于等于 大于或等于 至少",
    "≤": "≦ <= =< 不超过 不高于 不大于 不多于 小于等于 小于或等于 至多 控制在",
    ">": "超过 大于 高于 多于",
    "<": "小于 低于 少于",
    "=": "== 等于 达到",
}
_ENDINGS = {"↑": "及以上 以上", "↓": "及以下 以下 之内 以内 内"}
_HEADS = "约 共计 共 合计 完成 发放"
_NO_UNITS = (*"()、､;；,。｡:～~-+*“”", "前", "后", "完成", "及时", "年度", "左右", "不等")
_LONGEST_UNIT = 8
_DIGITS = "一二三四五六七八九十"
_MARKS = "-—–.。…·/\\、"
_NOTHING = ("无", "暂无", "空")
_COUNTED = (
    "个 名 人 人次 次 场 场次 期 批 批次 项 件 户 家 套 台 座 起 份 本 册 篇 处 所 条 辆 支 块 "
    "部 门 课 节 天 日 周 年 小时 村 校 亩 米 公里 吨 公斤 元 万元 亿元 分 %"
)
_LONGEST_NUMBER = 15


def _row(texts: Iterable[str]) -> str:
    return "{" + ",".join(f'"{text}"' for text in texts) + "}"


WORDS: Mapping[str, str] = {
    "自查.量词": _row(_COUNTED.split()),
    "自查.非单位": _row(_NO_UNITS),
    "自查.位数": "{" + ",".join(str(at + 1) for at in range(_LONGEST_NUMBER)) + "}",
}
"""What the formulas look up, under the names that hold it once for the whole workbook."""
_COUNTERS, _STRANGERS, _PLACES = WORDS


def _each(text: str, changes: Iterable[tuple[str, str]]) -> str:
    for old, new in changes:
        text = f'SUBSTITUTE({text},"{old}","{new}")'
    return text


def _even(column: str) -> str:
    """^ before and $ behind, so that a word is met at the beginning or the end only."""
    plain = _each(f'ASC({column}&"")', ((" ", ""), (",", ""), ("％", "%"), ("＝", "=")))
    text = f'"^"&SUBSTITUTE({plain},CHAR(10),"")&"$"'
    starts = [
        (f"^{word}", f"^{sign}") for sign, words in _BEGINNINGS.items() for word in words.split()
    ]
    starts.sort(key=lambda change: -len(change[0]))
    ends = [(f"{word}$", sign) for sign, words in _ENDINGS.items() for word in words.split()]
    return _each(text, (*starts, *ends))


def _sign(of: Callable[[str], str]) -> str:
    text = of("文")
    return (
        f'IF(ISNUMBER(FIND(MID({text},2,1),"{_SIGNS}")),MID({text},2,1),'
        f'IF(RIGHT({text})="↑","≥",IF(RIGHT({text})="↓","≤","")))'
    )


def _body(of: Callable[[str], str]) -> str:
    text = of("文")
    inner = f'MID({text},2+ISNUMBER(FIND(MID({text},2,1),"{_SIGNS}")),99)'
    bare = _each(inner, (("$", ""), ("↑", ""), ("↓", "")))
    heads = [(f"^{word}", "^") for word in _HEADS.split()]
    return f"MID({_each(f'{chr(34)}^{chr(34)}&{bare}', heads)},2,99)"


def _length(of: Callable[[str], str]) -> str:
    # "12月" alone is a date to Excel; with 0e0 behind it only a number is a number.
    numbers = f'ISNUMBER(VALUE(LEFT({of("体")},{_PLACES})&"0e0"))*1'
    return f"MMULT({numbers},TRANSPOSE({_PLACES}^0))*(LEN({of('体')})>0)"


def _in_words(of: Callable[[str], str]) -> str:
    body = of("体")
    digit = f'IFERROR(FIND(LEFT({body}&" "),"{_DIGITS}"),2*(LEFT({body})="两"))'
    return f"{digit}*ISNUMBER(MATCH(MID({body},2,20),{_COUNTERS},0))"


def _behind(of: Callable[[str], str]) -> str:
    return f"MID({of('体')},{of('长')}+({of('汉')}>0)+1,20)"


def _is_number(of: Callable[[str], str]) -> str:
    body, unit = of("体"), of("后")
    # A minus sign is one only right before a digit: elsewhere it is a dash, or nothing.
    below = f'(LEFT({body})="-")*ISNUMBER(FIND(MID({body}&" ",2,1),"0123456789"))'
    body = f"MID({body},1+{below},99)"
    strange = f"MMULT(ISNUMBER(FIND({_STRANGERS},{body}))*1,TRANSPOSE(LEN({_STRANGERS})))"
    return (
        f"({of('长')}+{of('汉')}>0)*(1-ISNUMBER({of('年')}))*({strange}=0)"
        f'*(LEN({unit})<={_LONGEST_UNIT})*(LEFT({unit})<>"月")*(LEFT({unit})<>"日")'
    )


def _number(of: Callable[[str], str]) -> str:
    unit = of("后")
    scale = f'IF({unit}="%",0.01,IF({unit}="元",0.0001,IF({unit}="亿元",10000,1)))'
    digits = f"IF({of('汉')}>0,{of('汉')},VALUE(LEFT({of('体')},{of('长')})))"
    return f'IF({of("是")},ROUND({digits}*{scale},12),"")'


def _unit(of: Callable[[str], str]) -> str:
    unit = of("后")
    money = f'({unit}="元")+({unit}="亿元")'
    area = f'({unit}="㎡")+({unit}="m2")+({unit}="平米")'
    return f'IF({of("是")},IF({money},"万元",IF({area},"平方米",{unit})),"")'


def _year_before(text: str, at: str) -> str:
    return f"IFERROR(VALUE(MID({text},{at}-4,4)),0)"


def year_in(text: str, rows: bool = True) -> str:
    """The year that a text names last, as a formula; "" where there is none.

    ``rows`` says that there may be several texts, and each has a year of its own.
    """
    first = f'FIND("年",{text})'
    one = _year_before(text, first)
    two = _year_before(text, f'FIND("年",{text},{first}+1)')
    latest = f"IF({two}>{one},{two},{one})" if rows else f"MAX({one},{two})"
    return f'IF(ABS({latest}-1999.5)<100,{latest},"")'


def _year(of: Callable[[str], str]) -> str:
    text = of("文")
    day = f'IF(ISNUMBER(FIND(MID({text},6,1),"./-")),IFERROR(VALUE(MID({text},2,4)),0),0)'
    return f"IF(ABS({day}-1999.5)<100,{day},{year_in(text)})"


_STEPS: Mapping[str, Callable[[Callable[[str], str]], str]] = {
    "文": lambda of: _even(of("")),
    "符": _sign,
    "体": _body,
    "长": _length,
    "汉": _in_words,
    "后": _behind,
    "年": _year,
    "是": _is_number,
    "数": _number,
    "单位": _unit,
}
_NEEDS = {
    "文": "", "符": "文", "体": "文", "长": "体", "汉": "体", "后": "体 长 汉", "年": "文",
    "是": "长 汉 年 后 体", "数": "是 汉 后 体 长", "单位": "是 后",
}  # fmt: skip
READ = frozenset({"数", "符", "单位", "年"})
"""The parts of a phrase that these formulas give."""


def steps(part: str) -> tuple[str, ...]:
    """The parts that a part builds on, and itself, in order."""
    found: dict[str, None] = {}
    for one in _NEEDS[part].split():
        found.update(dict.fromkeys(steps(one)))
    return (*found, part)


def formula(part: str, column: str) -> str:
    """The formula of a part; ``column`` is the name of the cells with the phrases."""
    return _STEPS[part](lambda other: f"{column}.{other}" if other else column)


def without_nothing(text: str) -> str:
    """The text, or "" where it is one of the ways to say that there is nothing."""
    bare = _each(f"TRIM({text})", ((mark, "") for mark in _MARKS))
    return f'IF((LEN({bare})=0)+ISNUMBER(MATCH({bare},{_row(_NOTHING)},0)),"",{text}&"")'


def points(text: str) -> str:
    """The points printed behind a heading, as a formula: 成本指标（20分） → 20."""
    even = _each(text, (("（", "("), ("）", ")"), (" ", "")))
    start = f'FIND("(",{even})'
    return f'IFERROR(VALUE(MID({even},{start}+1,FIND("分)",{even})-{start}-1)),"")'
