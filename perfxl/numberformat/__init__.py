"""Cell values as a person sees them: Excel number formats rendered as text."""

from __future__ import annotations

from ..model import ExcelError, Scalar
from .digits import chinese_digits, chinese_number, general, plain
from .moments import render_date
from .numbers import TOO_WIDE, layout, mantissa_and_exponent, render_number
from .sections import choose, sections

__all__ = ["decimals", "is_date", "render"]


def render(value: Scalar, code: str, date1904: bool = False) -> str:
    """The value as Excel shows it with the format ``code`` in a cell that is wide enough.

    Numbers round half away from zero on their decimal digits; a date outside the calendar
    gives a row of ``#``. Text goes through the text section, an empty cell gives ``""``.
    """
    if value is None:
        return ""
    if isinstance(value, ExcelError):
        return value.value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return _render_text(value, code)
    section, negative = choose(code, value)
    if section is None:
        return TOO_WIDE
    if section.kind == "date":
        text = render_date(value, section, date1904)
        return TOO_WIDE if text is None else text
    if section.kind == "number":
        return render_number(value, section, negative)
    body = plain(value).lstrip("-") if section.kind == "text" else general(abs(value))
    if section.chinese:
        body = _chinese(body, section.chinese)
    marks = ("general",) if section.kind == "general" else ("sign",)
    return ("-" if negative else "") + "".join(
        body if kind in marks and (kind == "general" or text == "@") else text
        for kind, text in section.pieces
    )


def _chinese(body: str, style: int) -> str:
    if style == 3 or "E" in body:
        return chinese_digits(body, style) if style == 3 else body
    whole, point, rest = body.partition(".")
    return chinese_number(int(whole), style) + point + chinese_digits(rest, style)


def _render_text(value: str, code: str) -> str:
    parts = sections(code)
    section = parts[3] if len(parts) == 4 else next((p for p in parts if p.kind == "text"), None)
    if section is None:
        return value
    return "".join(value if piece == ("sign", "@") else piece.text for piece in section.pieces)


def decimals(code: str, value: float) -> int:
    """How many digits after the point are shown, counted in the value itself.

    ``0.00`` gives 2, ``0.00%`` gives 4; General gives what the value needs (110.71: 2).
    """
    section, _ = choose(code, value)
    if section is None or section.kind in ("general", "text"):
        shown = general(value)
        mantissa, _, exponent = shown.partition("E")
        return max(0, len(mantissa.partition(".")[2]) - int(exponent or 0))
    if section.kind == "date":
        return 0
    plan = layout(section)
    if plan.power:
        return max(0, plan.places - mantissa_and_exponent(value, plan)[1])
    optional = [piece.text for piece in plan.decimals if piece.kind == "digit"]
    places = len(optional)
    if "#" in optional or "?" in optional:
        shown = render_number(value, section, False)
        places = sum(letter.isdigit() for letter in shown.partition(".")[2])
    return max(0, places + 2 * plan.percents - 3 * plan.thousandths)


def is_date(code: str) -> bool:
    """Whether a number under this format is shown as a date or a time."""
    return sections(code)[0].kind == "date"
