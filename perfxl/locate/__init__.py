"""Template × workbook → Binding: which returned cell is which field, found by its labels."""

from perfxl.locate.locator import locate
from perfxl.locate.notices import ABSENT, NOT_FOUND
from perfxl.locate.recognise import Recognition, recognise
from perfxl.locate.shortlist import shortlist

__all__ = ["ABSENT", "NOT_FOUND", "Recognition", "locate", "recognise", "shortlist"]
