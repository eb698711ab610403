"""How many forms of one kind a workbook has room for."""

from __future__ import annotations

import os

from perfxl.model import Template
from perfxl.package import limits, open_package

_SHEETS = 200
"""Some 255 are what every program opens; the other forms are among them."""


def most_projects(template: Template, workbook: str | os.PathLike[str]) -> int:
    """How many forms of a project go into one workbook, so that it can be checked when it
    comes back: each brings its own names along, of which `perfxl.package` takes only so many.

    ``workbook`` is the template's; raises what opening it raises.
    """
    names = open_package(workbook).workbook.names
    repeated = {form.sheet for form in template.forms if form.repeatable}
    own = sum(name.sheet in repeated for name in names)
    return min(_SHEETS, (limits.NAMES - (len(names) - own)) // max(own, 1))
