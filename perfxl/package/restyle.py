"""The format a cell needs after an edit."""

from __future__ import annotations

from perfxl.package.cells import CellEdit, Number
from perfxl.package.stylesheet import Stylesheet


def restyled(style: int, edit: CellEdit, styles: Stylesheet) -> int:
    """The format the cell needs after the edit."""
    number_format = None
    numeric = isinstance(edit.change, Number)
    if isinstance(edit.change, Number):
        own = styles.number_format(style)
        if own == "@":
            # A formula in a text cell turns into text the next time someone touches it.
            number_format = edit.change.number_format or "General"
        elif own == "General":
            number_format = edit.change.number_format
    fill = edit.dark if edit.dark and styles.light_text(style) else edit.fill
    return styles.derive(style, fill=fill, number_format=number_format, numeric=numeric)
