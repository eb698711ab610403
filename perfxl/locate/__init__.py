"""Template × workbook → Binding: which returned cell is which field, found by its labels."""

from perfxl.locate.locator import locate
from perfxl.locate.recognise import Recognition, recognise

__all__ = ["Recognition", "locate", "recognise"]
