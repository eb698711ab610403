"""What a check found, as text for people and as data for programs."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from perfxl.model import Report

FORMATS = ("text", "json", "csv", "sarif", "junit")


def render(form: str, reports: Sequence[Report]) -> str:
    """All reports in one of the FORMATS, ending with a line break."""
    # Each format is imported when it is asked for: a check must start quickly.
    return str(import_module(f"perfxl.report.{form}").render(reports))
