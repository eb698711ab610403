"""Checks and corrects budget performance self-evaluation annexes.

The public face: ``check``, ``check_many``, ``correct``, ``evaluate``, ``extract`` and
``make_blanks``. Each is loaded when it is first used, so that importing perfxl costs nothing.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perfxl.blank import make_blanks
    from perfxl.check import check, check_many
    from perfxl.correct import correct
    from perfxl.extract import extract
    from perfxl.formula import evaluate

__version__ = "0.1.0"
__all__ = ["__version__", "check", "check_many", "correct", "evaluate", "extract", "make_blanks"]

_HOME = {
    "check": "perfxl.check",
    "check_many": "perfxl.check",
    "correct": "perfxl.correct",
    "evaluate": "perfxl.formula",
    "extract": "perfxl.extract",
    "make_blanks": "perfxl.blank",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'perfxl' has no attribute '{name}'")
    found = getattr(import_module(_HOME[name]), name)
    globals()[name] = found
    return found


class _Package(ModuleType):
    def __setattr__(self, name: str, value: object) -> None:
        # Importing perfxl/check.py binds the module to perfxl.check; the function keeps the name.
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
