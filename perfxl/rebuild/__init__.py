"""A workbook that cannot be patched (.xls, .et, .xlsb, .ods, text), rebuilt as an .xlsx."""

from perfxl.rebuild.copy import Rebuilt, rebuilt, rebuilt_book

__all__ = ["Rebuilt", "rebuilt", "rebuilt_book"]
