"""A cell's fill and number format in one line of text, to be kept and given back.

The line comes back from a workbook that others had in hand: whatever does not have exactly
this form is no look, and nothing of it gets into a part but what its pattern lets through.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from perfxl.package.colours import colour_token, colour_xml
from perfxl.package.elements import Element, local
from perfxl.package.markup import Markup

NO_FILL = "none"
UNSAID = "gradient"
"""A fill that one line cannot say, such as a gradient."""
_PATTERNS = (
    "solid|gray125|gray0625|darkGray|mediumGray|lightGray|darkHorizontal|darkVertical|darkDown|"
    "darkUp|darkGrid|darkTrellis|lightHorizontal|lightVertical|lightDown|lightUp|lightGrid|"
    "lightTrellis"
)
_WORD = r"[A-Za-z0-9:.\-]{1,48}"
_FILL = re.compile(rf"(?P<pattern>{_PATTERNS})\|(?P<fg>{_WORD})\|(?P<bg>{_WORD})")
_LOOK = re.compile(
    r"s=(?P<style>[0-9]{0,5});fill=(?P<fill>[A-Za-z0-9:.|\-]{1,120});"
    r"(?:num=(?P<number>[0-9]{1,5})|fmt=(?P<code>[^\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]{1,255}))"
)


class CellLook(NamedTuple):
    """What a cell looked like before it was marked.

    ``style`` is the index of its format, None where the cell named none; ``fill`` is ``none``,
    ``gradient`` or ``solid|rgb:FFFFFF00|indexed:64`` (pattern, fore- and background);
    ``number_format`` is a code, or the number of a built-in format.
    """

    style: int | None
    fill: str
    number_format: int | str

    @property
    def code(self) -> str:
        """The look as one line."""
        style = "" if self.style is None else self.style
        kind = "num" if isinstance(self.number_format, int) else "fmt"
        return f"s={style};fill={self.fill};{kind}={self.number_format}"


def parse_look(text: str) -> CellLook | None:
    """The look that a line stands for; None for any other text."""
    found = _LOOK.fullmatch(text)
    if found is None or not _is_fill(found["fill"]):
        return None
    style = int(found["style"]) if found["style"] else None
    number = int(found["number"]) if found["number"] else found["code"]
    return CellLook(style, found["fill"], number)


def _is_fill(text: str) -> bool:
    if text in (NO_FILL, UNSAID):
        return True
    try:
        return bool(fill_element("", text))
    except ValueError:
        return False


def fill_of(markup: Markup, fill: Element) -> str:
    """The word for a ``<fill>``."""
    inside = next(markup.children(fill), None)
    if inside is None:
        return NO_FILL
    if local(inside.tag) != "patternFill":
        return UNSAID
    pattern = markup.attributes(inside).get(b"patternType", NO_FILL)
    if pattern == NO_FILL:
        return NO_FILL
    colours = {local(child.tag): markup.attributes(child) for child in markup.children(inside)}
    words = [colour_token(colours.get(name)) for name in ("fgColor", "bgColor")]
    text = "|".join((pattern, *(word or "" for word in words)))
    return text if _FILL.fullmatch(text) else UNSAID


def fill_element(prefix: str, text: str) -> str:
    """The ``<fill>`` for such a word. Raises ValueError where it stands for no pattern."""
    found = _FILL.fullmatch(text)
    if found is None:
        raise ValueError(f"not a fill: {text}")
    colours = colour_xml(f"{prefix}fgColor", found["fg"]) + colour_xml(
        f"{prefix}bgColor", found["bg"]
    )
    tag = f"{prefix}patternFill"
    return (
        f'<{prefix}fill><{tag} patternType="{found["pattern"]}"'
        + (f">{colours}</{tag}>" if colours else "/>")
        + f"</{prefix}fill>"
    )


def is_one_of(text: str, colours: frozenset[str]) -> bool:
    """Whether a fill is plain and of one of these colours (RRGGBB in upper case)."""
    found = _FILL.fullmatch(text)
    return bool(
        found
        and found["pattern"] == "solid"
        and found["fg"].startswith("rgb:")
        and found["fg"][6:12] in colours
        and len(found["fg"]) == 12
    )
