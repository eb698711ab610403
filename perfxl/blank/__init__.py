"""Blank workbooks for units: from a template and a roster, prefilled."""

from __future__ import annotations

from perfxl.blank.make import make_blanks

__all__ = ["make_blanks"]
