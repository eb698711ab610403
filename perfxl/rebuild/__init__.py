"""A workbook that cannot be patched (.xls, .et, .xlsb, .ods, text), rebuilt as an .xlsx."""

from perfxl.rebuild.copy import Rebuilt, rebuilt

__all__ = ["Rebuilt", "rebuilt"]
