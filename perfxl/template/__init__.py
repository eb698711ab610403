"""Template workbooks: load, build from text, dump to text, lint, expand their rules.

What a check needs is here; ``build``, ``dump`` and ``lint`` are imported from their own
modules, because they bring xlsxwriter, openpyxl and the formula parser with them.
"""

from __future__ import annotations

from perfxl.template.expand import RuleInstance, expand, expand_rule
from perfxl.template.load import load
from perfxl.template.names import Name, field_of, resolve
from perfxl.template.store import available, find, shipped

__all__ = [
    "Name",
    "RuleInstance",
    "available",
    "expand",
    "expand_rule",
    "field_of",
    "find",
    "load",
    "resolve",
    "shipped",
]
