"""Numbers written out by a number section of a number format."""

from __future__ import annotations

import math
from typing import NamedTuple

from .digits import chinese_digits, chinese_number, fixed, round_half_away
from .sections import Piece, Section

TOO_WIDE = "########"
"""What stands in a cell whose value cannot be shown."""


class Layout(NamedTuple):
    """Where the digits of a section go."""

    whole: tuple[Piece, ...]
    decimals: tuple[Piece, ...]
    exponent: tuple[Piece, ...]
    denominator: tuple[Piece, ...]
    point: bool
    thousands: bool
    percents: int
    thousandths: int
    power: str

    @property
    def places(self) -> int:
        return sum(piece.kind == "digit" for piece in self.decimals)


def layout(section: Section) -> Layout:
    """Sort the pieces of a section into the parts of a number."""
    parts: dict[str, list[Piece]] = {"whole": [], "decimals": [], "exponent": [], "under": []}
    at = "whole"
    point = thousands = False
    percents = thousandths = 0
    power = ""
    commas = 0
    for piece in section.pieces:
        if piece.kind == "digit":
            if commas and at == "whole":
                thousands = True
            commas = 0
            parts[at].append(piece)
        elif piece == ("sign", ".") and not point and at == "whole":
            thousandths += commas
            commas = 0
            point, at = True, "decimals"
        elif piece == ("sign", ",") and any(p.kind == "digit" for p in parts[at]):
            commas += 1
        elif piece == ("sign", "/") and any(p.kind == "digit" for p in parts["whole"]):
            at = "under"
        elif piece.kind == "exponent":
            power, at = piece.text, "exponent"
        else:
            percents += piece == ("sign", "%")
            if piece.kind == "literal" and piece.text.isdigit() and at == "under":
                piece = Piece("divisor", piece.text)
            parts[at].append(piece)
    thousandths += commas
    return Layout(
        tuple(parts["whole"]), tuple(parts["decimals"]), tuple(parts["exponent"]),
        tuple(parts["under"]), point, thousands, percents, thousandths, power,
    )  # fmt: skip


def _fill_right(pieces: tuple[Piece, ...], digits: str, grouped: bool) -> str:
    """Put integer digits into their places from the right; the first place takes the rest."""
    digits = digits.lstrip("0")
    places = sum(piece.kind == "digit" for piece in pieces)
    out: list[str] = []
    used = seen = 0
    for kind, text in reversed(pieces):
        if kind != "digit":
            out.append(text)
            continue
        seen += 1
        last = seen == places
        take = max(len(digits) - used, 0) if last else min(1, max(len(digits) - used, 0))
        chunk = [digits[len(digits) - used - i - 1] for i in range(take)]
        if not chunk and text in "0?":
            chunk = ["0" if text == "0" else " "]
        for digit in chunk:
            if grouped and used and used % 3 == 0 and digit != " ":
                out.append(",")
            out.append(digit)
            used += 1
    return "".join(reversed(out))


def _fill_left(pieces: tuple[Piece, ...], digits: str) -> str:
    """Put decimal digits into their places; trailing zeros give way to # and ?."""
    kept = len(digits.rstrip("0"))
    out = []
    index = 0
    for kind, text in pieces:
        if kind != "digit":
            out.append(text)
            continue
        digit = digits[index]
        index += 1
        if index > kept and text != "0":
            digit = " " if text == "?" else ""
        out.append(digit)
    return "".join(out)


def mantissa_and_exponent(value: float, plan: Layout) -> tuple[float, int]:
    """The rounded mantissa and the power of ten a scientific format shows.

    The exponent is a multiple of the number of places before the point.
    """
    step = max(1, sum(piece.kind == "digit" for piece in plan.whole))
    digits, power = f"{value:.14e}".split("e")
    exponent = int(power) // step * step if value else 0
    mantissa = round_half_away(float(digits) * 10.0 ** (int(power) - exponent), plan.places)
    if abs(mantissa) >= 10**step:
        exponent += step
        mantissa /= 10**step
    return mantissa, exponent


def _scientific(value: float, plan: Layout) -> str:
    mantissa, exponent = mantissa_and_exponent(value, plan)
    whole, decimals = fixed(mantissa, plan.places)
    sign = "-" if exponent < 0 else ("+" if plan.power[1] == "+" else "")
    tail = _fill_right(plan.exponent, str(abs(exponent)), False)
    point = "." if plan.point else ""
    return (
        _fill_right(plan.whole, whole, False) + point + _fill_left(plan.decimals, decimals)
        + plan.power[0].upper() + sign + tail
    )  # fmt: skip


def _best_fraction(value: float, largest: int) -> tuple[int, int]:
    """The closest fraction with a denominator up to ``largest`` (continued fractions)."""
    before, now = (0, 1), (1, 0)
    rest = value
    for _ in range(40):
        whole = math.floor(rest)
        after = (whole * now[0] + before[0], whole * now[1] + before[1])
        if after[1] > largest:
            break
        before, now = now, after
        if rest - whole < 1e-10:
            break
        rest = 1 / (rest - whole)
    return now if now[1] else (round(value), 1)


def _fraction(value: float, plan: Layout) -> str:
    pieces = plan.whole
    last = max(i for i, piece in enumerate(pieces) if piece.kind == "digit")
    start = last
    while start and pieces[start - 1].kind == "digit":
        start -= 1
    head, over = pieces[:start], pieces[start : last + 1]
    mixed = any(piece.kind == "digit" for piece in head)
    whole = math.floor(value) if mixed else 0
    rest = value - whole
    fixed_divisor = "".join(p.text for p in plan.denominator if p.kind == "divisor")
    width = sum(piece.kind == "digit" for piece in plan.denominator)
    if fixed_divisor:
        divisor = int(fixed_divisor) or 1
        numerator = int(round_half_away(rest * divisor, 0))
    else:
        numerator, divisor = _best_fraction(rest, 10 ** max(width, 1) - 1)
    if mixed and numerator == divisor:
        whole, numerator = whole + 1, 0
    front = _fill_right(head, str(whole), plan.thousands) if mixed else ""
    if mixed and not numerator:
        if not whole and "0" not in front:
            front = "0" + front
        return front + " " * (len(over) + 1 + max(width, len(fixed_divisor)))
    under = fixed_divisor or str(divisor).ljust(width)
    return f"{front}{str(numerator).rjust(len(over))}/{under}"


def render_number(value: float, section: Section, negative: bool) -> str:
    """The text of a number by a number section; ``negative`` asks for a minus sign."""
    plan = layout(section)
    value = abs(value) * 10.0 ** min(2 * plan.percents - 3 * plan.thousandths, 308)
    if math.isinf(value):
        return TOO_WIDE
    if not any(p.kind == "digit" for p in (*plan.whole, *plan.decimals)):
        return ("-" if negative and plan.whole else "") + "".join(p.text for p in plan.whole)
    if plan.power:
        return ("-" if negative else "") + _scientific(value, plan)
    if plan.denominator:
        return ("-" if negative else "") + _fraction(value, plan)
    whole, decimals = fixed(value, plan.places)
    shown_zero = not whole.strip("0") and not decimals.strip("0")
    if section.chinese in (1, 2) and len(plan.whole) == 1:
        body = chinese_number(int(whole), section.chinese)
    else:
        body = _fill_right(plan.whole, whole, plan.thousands)
        if section.chinese:
            body = chinese_digits(body, section.chinese)
    if plan.point:
        tail = _fill_left(plan.decimals, decimals)
        body += "." + (chinese_digits(tail, section.chinese) if section.chinese else tail)
    return ("-" if negative and not shown_zero else "") + body
