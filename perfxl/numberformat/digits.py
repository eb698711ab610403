"""Decimal digits of binary numbers, as Excel counts them: fifteen, half away from zero."""

from __future__ import annotations

import math

_PLAIN_LIMIT = 20
_GENERAL_WIDTH = 11


def round_half_away(value: float, digits: int, mode: str = "half") -> float:
    """Round to ``digits`` places after the point (before it when negative).

    ``mode`` is half (ties away from zero), up (away from zero) or down (towards zero).
    The digits are those of the 15-digit decimal form, so 1.005 rounds to 1.01.
    """
    if not value or not math.isfinite(value):
        return value
    mantissa, exponent = f"{abs(value):.14e}".split("e")
    shift = int(exponent) - 14 + digits
    if shift >= 0:
        return value
    if shift < -16:
        quotient = 1 if mode == "up" else 0
    else:
        unit = 10**-shift
        quotient, rest = divmod(int(mantissa[0] + mantissa[2:]), unit)
        if rest and (mode == "up" or (mode == "half" and 2 * rest >= unit)):
            quotient += 1
    return math.copysign(float(f"{quotient}e{-digits}"), value) if quotient else 0.0


def fixed(value: float, digits: int) -> tuple[str, str]:
    """The integer digits and exactly ``digits`` decimals of the rounded absolute value."""
    size = abs(value)
    known = 14 - int(f"{size:.14e}".split("e")[1]) if size else digits
    places = min(digits, max(known, 0))
    text = f"{round_half_away(size, places):.{places}f}"
    whole, _, decimals = text.partition(".")
    if known < 0:
        whole = whole[:known] + "0" * -known
    return whole, decimals.ljust(digits, "0")


def _scientific(mantissa: str, exponent: int) -> str:
    sign = "-" if exponent < 0 else "+"
    return f"{mantissa}E{sign}{abs(exponent):02d}"


def plain(value: float) -> str:
    """A number as text, as Excel joins it with ``&``: 15 digits, 20 characters at most."""
    if isinstance(value, int) and -(10**15) < value < 10**15:
        return str(int(value))
    if not math.isfinite(value):
        return "#NUM!"
    if not value:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, exponent_text = f"{abs(value):.14e}".split("e")
    digits = (mantissa[0] + mantissa[2:]).rstrip("0")
    exponent = int(exponent_text)
    if exponent < 0:
        if 1 - exponent + len(digits) <= _PLAIN_LIMIT:
            return f"{sign}0.{'0' * (-exponent - 1)}{digits}"
    elif exponent <= _PLAIN_LIMIT:
        whole = digits[: exponent + 1].ljust(exponent + 1, "0")
        decimals = digits[exponent + 1 :]
        return f"{sign}{whole}.{decimals}" if decimals else sign + whole
    body = digits[0] + ("." + digits[1:] if digits[1:] else "")
    return sign + _scientific(body, exponent)


def general(value: float) -> str:
    """A number as the format General shows it in a wide cell: at most 11 characters."""
    if not value:
        return "0"
    sign = "-" if value < 0 else ""
    size = abs(value)
    exponent = int(f"{size:.14e}".split("e")[1])
    if -10 < exponent <= 10:
        decimals = min(_GENERAL_WIDTH - 2 - max(exponent, 0), 9)
        if exponent < -4:
            exact = f"{size:.15g}"
            decimals = -exponent + len(exact.split("e")[0].replace(".", "")) - 1
        if decimals <= 9:
            whole, rest = fixed(size, max(decimals, 0))
            rest = rest.rstrip("0")
            return f"{sign}{whole}.{rest}" if rest else sign + whole
    mantissa, exponent_text = f"{size:.5e}".split("e")
    mantissa = mantissa.rstrip("0").rstrip(".")
    return sign + _scientific(mantissa, int(exponent_text))


_NUMERALS = {1: "〇一二三四五六七八九", 2: "零壹贰叁肆伍陆柒捌玖"}
_TENS = {1: ("", "十", "百", "千"), 2: ("", "拾", "佰", "仟")}
_MYRIADS = ("", "万", "亿", "万亿")


def chinese_digits(text: str, style: int) -> str:
    """Digit for digit: 2024 → 二〇二四 (style 1) or 贰零贰肆 (style 2)."""
    if style == 3:
        return text.translate({48 + i: 0xFF10 + i for i in range(10)})
    return text.translate({48 + i: sign for i, sign in enumerate(_NUMERALS[style])})


def chinese_number(value: int, style: int) -> str:
    """A whole number in words: 123 → 一百二十三 (style 1), 壹佰贰拾叁 (style 2)."""
    numerals, tens = _NUMERALS[style], _TENS[style]
    zero = "〇" if style == 1 else "零"
    if not value:
        return zero
    words = ""
    gap = False
    text = str(value)
    groups = [text[max(0, end - 4) : end] for end in range(len(text), 0, -4)][::-1]
    for index, group in enumerate(groups):
        myriad = _MYRIADS[min(len(groups) - 1 - index, len(_MYRIADS) - 1)]
        for place, digit in enumerate(group):
            if digit == "0":
                gap = True
                continue
            if gap and words:
                words += zero
            gap = False
            words += numerals[int(digit)] + tens[len(group) - 1 - place]
        if int(group):
            words += myriad
    return words
