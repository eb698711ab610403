"""Formula text cut into tokens; full-width punctuation counts as its half-width twin."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from ..errors import FormulaError
from ..model import Range

LAST_ROW = 1048576
LAST_COLUMN = 16384
MAX_LENGTH = 8192

_TWINS = str.maketrans("，（）：；！＋－＊／＾＝＜＞％＆｛｝＠＃＇　", ",():;!+-*/^=<>%&{}@#' ")
_FULL_WIDTH = re.compile("[，（）：；！＋－＊／＾＝＜＞％＆｛｝＠＃＇＂　]")
_QUOTED = re.compile(r'"(?:[^"]|"")*"?|“[^”]*”?|＂[^＂]*＂?|\'(?:[^\']|\'\')*\'?')

_CELL = r"\$?[A-Za-z]{1,3}\$?[0-9]{1,7}"
_SHEET = r"(?:(?P<sheet>'(?:[^']|'')+'|(?:\[[^\[\]']*\])?[\w.]+(?::[\w.]+)?|\[[^\[\]']*\])!)?"
_TOKEN = re.compile(
    rf"""
    (?P<space>[ \t\r\n\u00a0]+)
  | (?P<string>"(?:[^"]|"")*"|“[^”]*”|＂[^＂]*＂)
  | {_SHEET}(?:
      (?P<area>(?:{_CELL}(?::{_CELL})?
        |\$?[A-Za-z]{{1,3}}:\$?[A-Za-z]{{1,3}}
        |\$?[0-9]{{1,7}}:\$?[0-9]{{1,7}})(?![\w.(\[!\\]))
    | (?P<error>\#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A|GETTING_DATA|SPILL!|CALC!))
    | (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)(?![\w.])
    | (?P<name>(?:[^\W\d]|\\)[\w.\\?]*)
    )
  | (?P<operator><=|>=|<>|[-+*/^&=<>%:(),;{{}}@\#])
    """,
    re.X | re.I,
)
_CORNER = re.compile(r"(\$?)([A-Za-z]*)(\$?)([0-9]*)")


class Token(NamedTuple):
    """A piece of a formula; ``kind`` is string, area, error, number, name, operator or end.

    ``start`` and ``end`` count characters from 0; ``sheet`` is the part before ``!``, with
    its quotes taken off; ``spaced`` says that white space stands before it.
    """

    kind: str
    text: str
    start: int
    end: int
    spaced: bool = False
    sheet: str | None = None


def column_number(letters: str) -> int:
    """A → 1, AA → 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def half_width(text: str) -> str:
    """The formula with full-width punctuation outside quotes replaced, length unchanged."""
    if not _FULL_WIDTH.search(text):
        return text
    pieces = []
    at = 0
    for match in _QUOTED.finditer(text):
        pieces += [text[at : match.start()].translate(_TWINS), match[0]]
        at = match.end()
    pieces.append(text[at:].translate(_TWINS))
    return "".join(pieces)


def unquote(sheet: str) -> str:
    """A sheet name without the quotes a formula puts round it."""
    return sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet


_ADVICE = {
    "'": "工作表名的单引号没有成对，请补上",
    '"': "文本的双引号没有成对，请补上",
    "“": "文本的引号没有成对，请补上",
    "≥": "请写成“>=”",
    "≤": "请写成“<=”",
    "≠": "请写成“<>”",
    "×": "请写成“*”",
    "÷": "请写成“/”",
    "[": "公式引擎不支持结构化引用和外部工作簿，请改用单元格引用或定义的名称",
    "!": "请检查“!”前的工作表名",
}


def tokenize(text: str) -> list[Token]:
    """The tokens of a formula without its leading ``=``, ending with one of kind ``end``.

    Raises FormulaError for what is too long or no part of a formula.
    """
    if len(text) > MAX_LENGTH:
        raise FormulaError(
            f"公式有 {len(text)} 个字符，超过 Excel 的上限 {MAX_LENGTH} 个；请拆成几个公式",
            MAX_LENGTH,
        )
    source = half_width(text)
    tokens = []
    at = 0
    spaced = False
    match_at = _TOKEN.match
    length = len(source)
    while at < length:
        match = match_at(source, at)
        if match is None:
            found = source[at]
            advice = _ADVICE.get(found, "请删去或改成公式里能用的写法")
            raise FormulaError(f"第 {at + 1} 个字符“{found}”不能出现在这里；{advice}", at)
        kind = match.lastgroup
        end = match.end()
        if kind == "space":
            spaced = True
        else:
            sheet = match["sheet"]
            body = match[0] if sheet is None else match[kind]  # type: ignore[index]
            tokens.append(
                Token(kind, body, at, end, spaced, None if sheet is None else unquote(sheet))  # type: ignore[arg-type]
            )
            spaced = False
        at = end
    tokens.append(Token("end", "", length, length, spaced))
    return tokens


def read_area(text: str) -> Range | None:
    """``B2``, ``$A$1:B2``, ``A:C`` or ``1:3`` as a range; None when outside the sheet."""
    first, _, last = text.partition(":")
    corners = [_corner(first), _corner(last or first)]
    (top, left), (bottom, right) = corners
    top, bottom = (1, LAST_ROW) if not top else sorted((top, bottom))
    left, right = (1, LAST_COLUMN) if not left else sorted((left, right))
    if bottom > LAST_ROW or right > LAST_COLUMN or top < 1:
        return None
    return Range(top, left, bottom, right)


def _corner(text: str) -> tuple[int, int]:
    _, letters, _, digits = _CORNER.fullmatch(text).groups()  # type: ignore[union-attr]
    return int(digits) if digits else 0, column_number(letters) if letters else 0


@lru_cache(maxsize=8192)
def areas(text: str) -> tuple[tuple[tuple[str | None, Range], ...], tuple[str, ...]]:
    """The cells, as (sheet or None, range), and the names a formula mentions.

    A fast look at many formulas: nothing is parsed, and what is no formula is no error.
    """
    source = half_width(text[: MAX_LENGTH + 1])
    found: list[tuple[str | None, Range]] = []
    names = []
    for match in _TOKEN.finditer(source):
        kind = match.lastgroup
        if kind not in ("area", "name"):
            continue
        sheet = match["sheet"]
        sheet = None if sheet is None else unquote(sheet)
        area = read_area(match["area"]) if kind == "area" else None
        if area:
            found.append((sheet, area))
        elif source[match.end() : match.end() + 1] != "(":
            name = match[kind]
            names.append(name if sheet is None else f"{sheet}!{name}")
    return tuple(found), tuple(names)
