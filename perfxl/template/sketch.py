"""What a template's forms are called and labelled: enough to tell whether it may fit."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from perfxl.package import read_book
from perfxl.template.tables import ABOUT, FIELDS, read_wordings


@dataclass(frozen=True)
class Sketch:
    """A template workbook by its titles and labels; each label is all its wordings."""

    path: Path
    labels: frozenset[tuple[str, ...]]


def sketch(path: str | os.PathLike[str]) -> Sketch:
    """Read a template's titles and labels only, at a tenth of the cost of loading it.

    Raises TemplateError for a workbook that is no template, and what ``read_book`` raises.
    """
    wordings = read_wordings(read_book(path, only=(ABOUT, FIELDS)))
    return Sketch(Path(path), frozenset(filter(None, wordings)))
