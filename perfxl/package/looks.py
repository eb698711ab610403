"""How a cell of one of our own sheets looks, and the pieces of styles.xml that say so."""

from __future__ import annotations

from typing import NamedTuple

from perfxl.package.xmltext import escape


class Look(NamedTuple):
    """The format of a cell; colours are RRGGBB, sizes in points, None is the default.

    ``border`` is a line style (thin, medium, dotted …) on all four sides.
    """

    bold: bool = False
    size: float | None = None
    font: str | None = None
    color: str | None = None
    underline: bool = False
    fill: str | None = None
    border: str | None = None
    border_color: str = "BFBFBF"
    horizontal: str | None = None
    vertical: str | None = None
    wrap: bool = False
    number_format: str = "General"
    locked: bool = True


def fill_xml(prefix: str, rgb: str) -> str:
    """A solid ``<fill>``."""
    return (
        f'<{prefix}fill><{prefix}patternFill patternType="solid">'
        f'<{prefix}fgColor rgb="{argb(rgb)}"/><{prefix}bgColor indexed="64"/>'
        f"</{prefix}patternFill></{prefix}fill>"
    )


def font_xml(prefix: str, look: Look, name: str, size: str) -> str | None:
    """A ``<font>`` for the look, with the workbook's own name and size where the look
    leaves them open; None where the default font will do."""
    if not (look.bold or look.size or look.font or look.color or look.underline):
        return None
    bold = f"<{prefix}b/>" if look.bold else ""
    underline = f"<{prefix}u/>" if look.underline else ""
    sized = f'<{prefix}sz val="{f"{look.size:g}" if look.size else size}"/>'
    color = f'<{prefix}color rgb="{argb(look.color)}"/>' if look.color else ""
    named = f'<{prefix}name val="{escape(look.font or name)}"/>'
    return f"<{prefix}font>{bold}{underline}{sized}{color}{named}</{prefix}font>"


def border_xml(prefix: str, look: Look) -> str | None:
    """A ``<border>`` for the look, None for no border."""
    if not look.border:
        return None
    color = f'<{prefix}color rgb="{argb(look.border_color)}"/>'
    sides = "".join(
        f'<{prefix}{side} style="{escape(look.border)}">{color}</{prefix}{side}>'
        for side in ("left", "right", "top", "bottom")
    )
    return f"<{prefix}border>{sides}<{prefix}diagonal/></{prefix}border>"


def alignment_xml(prefix: str, look: Look) -> str:
    """``<alignment>`` and ``<protection>`` of the look, empty where it asks for neither."""
    parts = ""
    if look.horizontal or look.vertical or look.wrap:
        horizontal = f' horizontal="{escape(look.horizontal)}"' if look.horizontal else ""
        vertical = f' vertical="{escape(look.vertical)}"' if look.vertical else ""
        wrap = ' wrapText="1"' if look.wrap else ""
        parts += f"<{prefix}alignment{horizontal}{vertical}{wrap}/>"
    if not look.locked:
        parts += f'<{prefix}protection locked="0"/>'
    return parts


def argb(rgb: str) -> str:
    """RRGGBB, with or without ``#``, as styles.xml writes it: opaque."""
    digits = rgb.lstrip("#").upper()
    if len(digits) != 6 or set(digits) - set("0123456789ABCDEF"):
        raise ValueError(f"not a colour: {rgb}")
    return "FF" + digits
