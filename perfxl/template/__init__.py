"""Template workbooks: load, build from text, dump to text, lint, expand their rules.

What a check needs is here; ``build``, ``dump`` and ``lint`` are imported from their own
modules, because they bring xlsxwriter, openpyxl and the formula parser with them.
"""

from __future__ import annotations

from perfxl.template.expand import (
    RuleInstance,
    expand,
    expand_rule,
    expanded,
    folded,
    shorthand,
)
from perfxl.template.formpart import form_part
from perfxl.template.load import load
from perfxl.template.names import (
    PARTS,
    SHORTHAND,
    YEAR,
    Name,
    field_of,
    fill_places,
    names_in,
    resolve,
)
from perfxl.template.sketch import Sketch
from perfxl.template.store import available, find, shipped, sketches
from perfxl.template.tables import PROPERTIES, RULES

__all__ = [
    "PARTS",
    "PROPERTIES",
    "RULES",
    "SHORTHAND",
    "YEAR",
    "Name",
    "RuleInstance",
    "Sketch",
    "available",
    "expand",
    "expand_rule",
    "expanded",
    "field_of",
    "fill_places",
    "find",
    "folded",
    "form_part",
    "load",
    "names_in",
    "resolve",
    "shipped",
    "shorthand",
    "sketches",
]
