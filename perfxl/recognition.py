"""From a workbook to the template it follows, and back to its fields."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from perfxl.locate import Recognition, recognise, shortlist
from perfxl.model import Book, Template
from perfxl.template import available, find, load, shipped, sketches


def recognised(book: Book, template: str | None = None) -> Recognition:
    """The template that the workbook follows: the one that is named, or what its content
    says.

    ``template`` is an id or a path; a named one is held to the same test. Raises
    UnknownTemplate or TemplateError for a template that cannot be used.
    """
    if template:
        return recognise(book, [named(template)])
    return recognise(book, [shipped(one.path.stem) for one in shortlist(book, sketches())])


def named(template: str) -> Template:
    """The template of that id, or of the workbook at that path."""
    path = find(template)
    return _loaded(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _loaded(path: Path, changed: int) -> Template:
    """Loaded once in a batch, and anew when the file has changed."""
    return shipped(path.stem) if path in available() else load(path)
