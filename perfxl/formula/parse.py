"""Tokens to a tree, with Excel's precedence.

From tight to loose: ``:`` space ``,`` (references), sign, ``%``, ``^``, ``* /``, ``+ -``,
``&``, comparison; all of them left to right. A run of operators of one precedence is one
node, so that the depth of a tree follows the parentheses and not the length of a formula.
"""

from __future__ import annotations

from ..errors import FormulaError
from ..model import ExcelError, Scalar
from .nodes import (
    REFERENCES,
    Area,
    ArrayLiteral,
    Call,
    Chain,
    Implicit,
    Joined,
    Literal,
    Missing,
    Name,
    Node,
    Outside,
    Percent,
    Signed,
)
from .tokens import Token, read_area, tokenize

MAX_DEPTH = 64
_PRECEDENCE = {
    "=": 1, "<>": 1, "<": 1, ">": 1, "<=": 1, ">=": 1,
    "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 5,
}  # fmt: skip
_PREFIXES = ("_XLFN.", "_XLWS.", "_XLPM.", "_XLUDF.")
_ERRORS = {error.value: error for error in ExcelError}


def bare(name: str) -> str:
    """A function or variable name without the prefixes files put before newer ones."""
    upper = name.upper()
    while upper.startswith(_PREFIXES):
        cut = next(len(prefix) for prefix in _PREFIXES if upper.startswith(prefix))
        name, upper = name[cut:], upper[cut:]
    return name


class Parser:
    """Reads one formula; ``parse`` gives its tree."""

    def __init__(self, text: str):
        self.tokens = tokenize(text)
        self.at = 0
        self.depth = 0

    def parse(self) -> Node:
        if self.tokens[0].kind == "end":
            raise FormulaError("公式是空的；请写出公式", self.tokens[0].start)
        tree = self.expression(1)
        if self.tokens[self.at].kind != "end":
            raise self.unexpected()
        return tree

    def unexpected(self) -> FormulaError:
        token = self.tokens[self.at]
        if token.kind == "end":
            return FormulaError("公式在末尾断了；请补上缺少的内容或右括号", token.start)
        before = self.tokens[self.at - 1] if self.at else None
        if token.text == ")":
            advice = "请检查括号是否成对，前面是否缺少内容"
        elif (
            before
            and before.kind in ("name", "area", "number", "string")
            and (token.kind not in ("operator",) or token.text == "(")
        ):
            advice = f"它与前面的“{before.text}”之间缺少运算符或逗号，请补上"
        else:
            advice = "请检查它前后是否缺少内容"
        return FormulaError(f"第 {token.start + 1} 个字符处是“{token.text}”；{advice}", token.start)

    def expect(self, text: str) -> None:
        if self.tokens[self.at].text != text or self.tokens[self.at].kind != "operator":
            raise self.unexpected()
        self.at += 1

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            start = self.tokens[self.at].start
            raise FormulaError(f"公式嵌套超过 {MAX_DEPTH} 层；请拆成几个公式", start)

    def expression(self, lowest: int) -> Node:
        left = self.signed()
        while True:
            token = self.tokens[self.at]
            level = _PRECEDENCE.get(token.text, 0) if token.kind == "operator" else 0
            if level < lowest or not level:
                return left
            rest = []
            while _PRECEDENCE.get(token.text, 0) == level and token.kind == "operator":
                self.at += 1
                rest.append((token.text, self.expression(level + 1)))
                token = self.tokens[self.at]
            left = Chain(left, tuple(rest))

    def signed(self) -> Node:
        minuses = 0
        implicit = False
        token = self.tokens[self.at]
        while token.kind == "operator" and token.text in "+-@":
            minuses += token.text == "-"
            implicit |= token.text == "@"
            self.at += 1
            token = self.tokens[self.at]
        operand = self.reference()
        if implicit:
            operand = Implicit(operand)
        if minuses:
            operand = Signed(minuses, operand)
        percents = 0
        while self.tokens[self.at].text == "%" and self.tokens[self.at].kind == "operator":
            percents += 1
            self.at += 1
        return Percent(operand, percents) if percents else operand

    def reference(self) -> Node:
        """An operand with the reference operators ``:`` and space."""
        node = self.range_()
        if not isinstance(node, REFERENCES):
            return node
        items: list[Node] = [node]
        while True:
            token = self.tokens[self.at]
            if not token.spaced or not (
                token.kind in ("area", "name") or (token.text == "(" and token.kind == "operator")
            ):
                break
            items.append(self.range_())
        return items[0] if len(items) == 1 else Joined(" ", tuple(items))

    def range_(self) -> Node:
        items = [self.operand()]
        while self.tokens[self.at].text == ":" and self.tokens[self.at].kind == "operator":
            if not isinstance(items[0], REFERENCES):
                raise self.unexpected()
            self.at += 1
            items.append(self.operand())
        return items[0] if len(items) == 1 else Joined(":", tuple(items))

    def operand(self) -> Node:
        token = self.tokens[self.at]
        kind, text = token.kind, token.text
        if kind in ("area", "name"):
            return self.named(token)
        if kind == "number":
            self.at += 1
            return Literal(_number(text))
        if kind == "string":
            self.at += 1
            inner = text[1:-1]
            return Literal(inner.replace('""', '"') if text[0] == '"' else inner)
        if kind == "error":
            self.at += 1
            return Literal(_ERRORS[text.upper()])
        if text == "(":
            self.at += 1
            self.deeper()
            node = self.expression(1)
            node = self.union(node)
            self.expect(")")
            self.depth -= 1
            return self.spilled(node)
        if text == "{":
            return self.array()
        raise self.unexpected()

    def named(self, token: Token) -> Node:
        following = self.tokens[self.at + 1]
        self.at += 1
        if (
            following.text == "("
            and following.kind == "operator"
            and (not following.spaced or token.kind == "name")
        ):
            return self.spilled(self.call(token))
        if token.kind == "area" and (area := read_area(token.text)):
            if token.sheet is not None and ("[" in token.sheet or ":" in token.sheet):
                return Outside(token.sheet)
            return self.spilled(Area(token.sheet, area))
        if token.sheet is not None and ("[" in token.sheet or ":" in token.sheet):
            return Outside(token.sheet)
        upper = token.text.upper()
        if upper in ("TRUE", "FALSE") and token.sheet is None:
            return Literal(upper == "TRUE")
        if ":" in token.text:
            raise FormulaError(
                f"第 {token.start + 1} 个字符处的“{token.text}”超出了工作表；"
                "行号最大 1048576，列最大 XFD，请改正",
                token.start,
            )
        name = bare(token.text)
        return self.spilled(Name(name if token.sheet is None else f"{token.sheet}!{name}"))

    def spilled(self, node: Node) -> Node:
        if self.tokens[self.at].text == "#" and not self.tokens[self.at].spaced:
            self.at += 1
        return node

    def union(self, node: Node) -> Node:
        items = [node]
        while self.tokens[self.at].text == "," and isinstance(node, REFERENCES):
            self.at += 1
            items.append(self.reference())
        return node if len(items) == 1 else Joined(",", tuple(items))

    def call(self, token: Token) -> Node:
        self.at += 1
        self.deeper()
        args: list[Node] = []
        if self.tokens[self.at].text == ")" and self.tokens[self.at].kind == "operator":
            self.at += 1
        else:
            while True:
                here = self.tokens[self.at]
                if here.kind == "operator" and here.text in ",)":
                    args.append(Missing())
                else:
                    args.append(self.expression(1))
                here = self.tokens[self.at]
                if here.kind != "operator" or here.text not in ",)":
                    raise self.unexpected()
                self.at += 1
                if here.text == ")":
                    break
        self.depth -= 1
        if token.sheet is not None:
            return Outside(f"{token.sheet}!{token.text}")
        return Call(bare(token.text).upper(), tuple(args), token.start)

    def array(self) -> Node:
        opening = self.tokens[self.at].start
        self.at += 1
        rows: list[list[Scalar]] = [[]]
        while True:
            rows[-1].append(self.constant())
            mark = self.tokens[self.at].text
            if mark not in (",", ";", "}") or self.tokens[self.at].kind != "operator":
                raise self.unexpected()
            self.at += 1
            if mark == "}":
                break
            if mark == ";":
                rows.append([])
        if len({len(row) for row in rows}) > 1:
            raise FormulaError(f"第 {opening + 1} 个字符起的数组常量各行长短不一；请补齐", opening)
        return ArrayLiteral(tuple(tuple(row) for row in rows))

    def constant(self) -> Scalar:
        sign = 1
        while self.tokens[self.at].text in ("-", "+"):
            sign = -sign if self.tokens[self.at].text == "-" else sign
            self.at += 1
        token = self.tokens[self.at]
        if token.kind == "number":
            self.at += 1
            value = _number(token.text)
            return value if isinstance(value, ExcelError) else sign * value
        if token.kind in ("string", "error") or token.text.upper() in ("TRUE", "FALSE"):
            node = self.operand()
            if isinstance(node, Literal):
                return node.value
        raise self.unexpected()


def _number(text: str) -> float | int | ExcelError:
    if text.isdigit() and len(text) <= 15:
        return int(text)
    value = float(text)
    return ExcelError.NUM if value in (float("inf"),) else value
