"""How people write numbers: full-width digits, units, Chinese numerals, comparators, dates.

Everything here works on *folded* text (see `fold`): NFKC, no white space at all.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

BLANKS = frozenset({"", "无", "*", "/", "//", "\\", "、", "暂无", "空"})
"""What people type to say that there is nothing; dashes and rows of dots come on top."""

_DASHES = re.compile(r"[-‐-―−─━_﹣~]+|[.。·•⋯]+")
_SPACE = re.compile(r"\s+")
_BRACKETED_POINTS = re.compile(r"[(](\d{1,9}(?:\.\d{1,9})?)分[)]")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?=年|[./-]\d{1,2}(?!\d))")
_YEAR_IN_WORDS = re.compile(r"(?:一九|二[〇○零])[〇○零一二三四五六七八九]{2}(?=年)")
_YEAR_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_EIGHT_DIGITS = re.compile(r"((?:19|20)\d{2})(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_MISREAD = str.maketrans({"O": "0", "o": "0", "〇": "0", "l": "1", "I": "1", "|": "1"})

NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
_NUMBER = re.compile(rf"[+-]?(?:{NUMBER})")
_LONGEST_NUMBER = 36
"""Characters: more than any program writes of a number, and so few that even 亿 after 亿 stays
far below what a float holds."""

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10_000, "亿": 100_000_000}
_BELOW_MYRIAD = "[零〇一二两三四五六七八九十百千]"
_CHINESE = re.compile(rf"{_BELOW_MYRIAD}+(?:[万亿]{_BELOW_MYRIAD}*)*")

MONEY = {
    "元": 1.0,
    "块": 1.0,
    "千元": 1e3,
    "万": 1e4,
    "万元": 1e4,
    "百万元": 1e6,
    "千万元": 1e7,
    "亿": 1e8,
    "亿元": 1e8,
}
"""What each unit of money is in 元."""

UNIT_NAMES = {
    "m2": "平方米",
    "㎡": "平方米",
    "平米": "平方米",
    "平方": "平方米",
    "平方公尺": "平方米",
    "km": "公里",
    "千米": "公里",
    "百分比": "%",
    "百分点": "%",
    "RMB": "元",
    "人民币": "元",
    "元整": "元",
    "万元整": "万元",
}
"""Other spellings of a unit."""


class Amount(NamedTuple):
    """A number as written: its value, the digits shown after its point, what follows it."""

    number: float
    decimals: int
    rest: str


def fold(text: str) -> str:
    """Text without what does not matter in a number or a label: width, form, white space."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text))


def is_blank(folded: str) -> bool:
    """True for the ways of saying "nothing here": —, /, 无, ……"""
    return folded in BLANKS or _DASHES.fullmatch(folded) is not None


def points_in_brackets(folded: str) -> float | None:
    """The points printed behind a heading: 成本指标（20分） → 20."""
    found = _BRACKETED_POINTS.search(folded)
    return float(found[1]) if found else None


def latest_year(folded: str) -> int | None:
    """The latest year that a phrase mentions: 2021.1.1-12.31 → 2021, 二〇二四年 → 2024."""
    years = [int(year) for year in _YEAR.findall(folded)]
    if "年" in folded:
        years += [int(year.translate(_YEAR_DIGITS)) for year in _YEAR_IN_WORDS.findall(folded)]
    return max(years, default=None)


def year_of_day(folded: str) -> int | None:
    """The year of a day written as eight digits: 20241231."""
    found = _EIGHT_DIGITS.fullmatch(folded)
    return int(found[1]) if found else None


def unit_name(unit: str) -> str:
    """One spelling for each unit."""
    return UNIT_NAMES.get(unit, unit)


def leading_number(folded: str) -> Amount | None:
    """The number at the beginning of the text, in Arabic or Chinese digits; None where there
    is none, or more digits than anyone means."""
    found = _NUMBER.match(folded) or _CHINESE.match(folded)
    if found is None or found.end() > _LONGEST_NUMBER:
        return None
    if found.re is _CHINESE:
        return _chinese_amount(found[0], folded)
    digits = found[0].replace(",", "")
    return Amount(float(digits), len(digits.partition(".")[2]), folded[found.end() :])


def _chinese_amount(digits: str, folded: str) -> Amount:
    """十二万元 is 12 with the unit 万元: the last 万 or 亿 belongs to a unit of money."""
    if digits[-1] in _MYRIADS and folded[len(digits) :].startswith("元"):
        digits = digits[:-1]
    return Amount(float(chinese_number(digits)), 0, folded[len(digits) :])


def chinese_number(digits: str) -> int:
    """一 → 1, 十二 → 12, 三百二十 → 320, 一万二千 → 12000."""
    total = section = digit = 0
    for char in digits:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in _TENS:
            section += (digit or 1) * _TENS[char]
            digit = 0
        else:
            total = (total + section + digit) * _MYRIADS[char]
            section = digit = 0
    return total + section + digit


def repair(folded: str) -> str | None:
    """The text with slips of the keyboard or of a scanner put right, None if there are none.

    Letters O and l among digits (``O万元``, ``IO``), a stop behind a number (``7.50.``), a
    second per cent sign.
    """
    mended = folded.rstrip(".。,、;")
    mended = mended.replace("%%", "%")
    head = re.match(r"[-+(]?[\dOolI|〇.,]+", mended)
    if head:
        mended = head[0].translate(_MISREAD) + mended[head.end() :]
    return mended if mended != folded else None


_WORDS = {
    "≥": "≥ ≧ ⩾ >= => 不低于 不少于 不小于 大于等于 大于或等于 至少",
    "≤": "≤ ≦ ⩽ <= =< 不超过 不高于 不大于 不多于 小于等于 小于或等于 至多 控制在",
    ">": "> 超过 大于 高于 多于",
    "<": "< 小于 低于 少于",
    "=": "= ═ == 等于 达到",
}
_COMPARATORS = sorted(
    ((word, sign) for sign, words in _WORDS.items() for word in words.split()),
    key=lambda pair: -len(pair[0]),
)
_SUFFIXES = (
    ("及以上", "≥"),
    ("以上", "≥"),
    ("及以下", "≤"),
    ("以下", "≤"),
    ("之内", "≤"),
    ("以内", "≤"),
    ("内", "≤"),
)


def split_comparator(folded: str) -> tuple[str, str]:
    """The comparator of a phrase and the rest: ≧95% → ("≥", "95%"), 2天以内 → ("≤", "2天")."""
    for word, sign in _COMPARATORS:
        if folded.startswith(word):
            rest = folded[len(word) :]
            for suffix, _ in _SUFFIXES:
                if rest.endswith(suffix):
                    return sign, rest[: -len(suffix)]
            return sign, rest
    for suffix, sign in _SUFFIXES:
        if folded.endswith(suffix):
            return sign, folded[: -len(suffix)]
    return "", folded


_WIDE_ALNUM = {
    **{wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F) if chr(wide - 0xFEE0).isalnum()},
    **{ord(wide): ord(wide) - 0xFEE0 for wide in "．％＝＞＜＋－／＊"},
    0x3000: 0x20,
    0xA0: 0x20,
}
_WIDE_BRACKETS = str.maketrans("()", "（）")


def is_character(letter: str) -> bool:
    """Whether it is a Chinese character."""
    # To compile a pattern that names them all takes as long as to read a small workbook.
    return "\u3400" <= letter <= "\u9fff"


def _is_wide(letter: str) -> bool:
    """Whether it stands in Chinese text without spaces beside it: a character, or a sign."""
    sign = "\u3000" <= letter <= "\u303f" or "\uff00" <= letter <= "\uffef" or letter in "“”‘’"
    return sign or is_character(letter)


def tidy(text: str) -> str:
    """Text as rules compare it: no stray spaces, ASCII digits, full-width brackets.

    White space beside Chinese characters means nothing (it comes from justified cells and
    line breaks), so ``洪江区 总工会`` and ``洪江区总工会`` are the same name.
    """
    folded = ""
    for word in text.translate(_WIDE_ALNUM).split():
        apart = folded and not (_is_wide(folded[-1]) or _is_wide(word[0]))
        folded += f" {word}" if apart else word
    return folded.translate(_WIDE_BRACKETS) if any(map(is_character, folded)) else folded
