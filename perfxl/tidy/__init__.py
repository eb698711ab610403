"""The values of many workbooks as one table, for people (xlsx, csv) and programs (json)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module

from perfxl.extract import Extract
from perfxl.model import Template

FORMATS = ("xlsx", "csv", "json")
BINARY = frozenset({"xlsx"})
"""Formats that only make sense in a file."""


def render(
    form: str, extracts: Iterable[Extract], templates: Sequence[Template]
) -> Iterator[bytes]:
    """The extracts in one of the FORMATS, piece by piece; the same extracts, the same bytes.

    ``templates`` are those that the extracts may name.
    """
    # Each format is imported when it is asked for: xlsxwriter takes its time.
    yield from import_module(f"perfxl.tidy.{form}").render(extracts, templates)
