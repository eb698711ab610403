"""Colours as styles.xml writes them, and whether a text in one needs a dark ground."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Callable, Mapping, Sequence

# ECMA-376 Part 1, 18.8.27: the palette of a workbook that brings none of its own.
_FIRST = (
    "000000", "FFFFFF", "FF0000", "00FF00", "0000FF", "FFFF00", "FF00FF", "00FFFF",
)  # fmt: skip
_REST = (
    "800000", "008000", "000080", "808000", "800080", "008080", "C0C0C0", "808080", "9999FF",
    "993366", "FFFFCC", "CCFFFF", "660066", "FF8080", "0066CC", "CCCCFF", "000080", "FF00FF",
    "FFFF00", "00FFFF", "800080", "800000", "008080", "0000FF", "00CCFF", "CCFFFF", "CCFFCC",
    "FFFF99", "99CCFF", "FF99CC", "CC99FF", "FFCC99", "3366FF", "33CCCC", "99CC00", "FFCC00",
    "FF9900", "FF6600", "666699", "969696", "003366", "339966", "003300", "333300", "993300",
    "993366", "333399", "333333",
)  # fmt: skip
PALETTE = (*_FIRST, *_FIRST, *_REST)
_SYSTEM = {64: "000000", 65: "FFFFFF"}
# The order in which styles.xml counts a theme's colours, which is not the theme's own.
_THEME = (
    "lt1", "dk1", "lt2", "dk2", "accent1", "accent2", "accent3", "accent4", "accent5", "accent6",
    "hlink", "folHlink",
)  # fmt: skip
_OFFICE = {"lt1": "FFFFFF", "dk1": "000000", "lt2": "EEECE1", "dk2": "1F497D"}
_SCHEME = re.compile(
    rb"<(?:\w+:)?((?:dk|lt)[12]|accent[1-6]|(?:folH|h)link)>\s*<"
    rb"(?:[^<>]*?\slastClr=\"([0-9A-Fa-f]{6})\"|[^<>]*?\sval=\"([0-9A-Fa-f]{6})\")"
)
_LIGHT = 0.6
_COLOUR = re.compile(
    r"(?P<none>-)|(?P<auto>auto)|"
    r"(?:rgb:(?P<rgb>[0-9A-F]{8})|theme:(?P<theme>[0-9]{1,2})|indexed:(?P<indexed>[0-9]{1,3}))"
    r"(?::(?P<tint>-?[0-9]{1,2}(?:\.[0-9]{1,20})?(?:E-?[0-9]{1,3})?))?"
)


def colour_token(given: Mapping[bytes, str] | None) -> str | None:
    """The colour that an element's attributes name, in one word: ``theme:4:-0.25``.

    ``-`` where there is no element; None for a colour that has no such word.
    """
    if given is None:
        return "-"
    if given.get(b"auto") in ("1", "true"):
        return "auto"
    kind = next((name for name in ("rgb", "theme", "indexed") if name.encode() in given), None)
    if kind is None:
        return None
    tint = f":{given[b'tint'].upper()}" if b"tint" in given else ""
    token = f"{kind}:{given[kind.encode()].upper()}{tint}"
    return token if _COLOUR.fullmatch(token) else None


def colour_xml(tag: str, token: str) -> str:
    """The element for such a word, empty for ``-``. Raises ValueError for any other text."""
    found = _COLOUR.fullmatch(token)
    if found is None:
        raise ValueError(f"not a colour: {token}")
    if found["none"]:
        return ""
    if found["auto"]:
        return f'<{tag} auto="1"/>'
    kind = next(name for name in ("rgb", "theme", "indexed") if found[name])
    tint = f' tint="{found["tint"]}"' if found["tint"] else ""
    return f'<{tag} {kind}="{found[kind]}"{tint}/>'


def theme_colours(raw: bytes) -> list[str]:
    """The colours (RRGGBB) of a theme part, in the order in which styles.xml counts them."""
    found = dict(_OFFICE)
    for name, last, value in _SCHEME.findall(raw):
        found[name.decode()] = (last or value).decode()
    return [found.get(name, "808080") for name in _THEME]


def is_light(
    token: str | None, theme: Callable[[], Sequence[str]], palette: Callable[[], Sequence[str]]
) -> bool:
    """Whether text of that colour asks for a dark ground.

    ``theme`` and ``palette`` give the colours (RRGGBB) that a number stands for.
    """
    found = _COLOUR.fullmatch(token or "-")
    if found is None:
        return False
    digits = found["rgb"][2:] if found["rgb"] else "000000"
    if found["theme"]:
        number, colours = int(found["theme"]), theme()
        digits = colours[number] if number < len(colours) else digits
    elif found["indexed"]:
        number, colours = int(found["indexed"]), palette()
        digits = _SYSTEM.get(number, colours[number] if number < len(colours) else digits)
    if not re.fullmatch("[0-9A-Fa-f]{6}", digits):
        return False
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    if found["tint"]:
        red, green, blue = _tinted((red, green, blue), float(found["tint"]))
    return 0.299 * red + 0.587 * green + 0.114 * blue > _LIGHT


def _tinted(rgb: tuple[float, float, float], tint: float) -> tuple[float, float, float]:
    """ECMA-376 Part 1, 18.8.19: a tint moves the luminance towards black or white."""
    hue, light, saturation = colorsys.rgb_to_hls(*rgb)
    tint = max(-1.0, min(1.0, tint))
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    return colorsys.hls_to_rgb(hue, light, saturation)
