"""Excel formulas: parsed, compiled and run by Excel's rules."""

from ..errors import FormulaError
from .calculate import Calculator, Recomputed
from .coerce import Array, Reference
from .formula import Formula, compile, evaluate
from .scope import DictScope, GridScope, Scope
from .shelf import Memo, Shelf

__all__ = [
    "Array", "Calculator", "DictScope", "Formula", "FormulaError", "GridScope", "Memo",
    "Recomputed", "Reference", "Scope", "Shelf", "compile", "evaluate",
]  # fmt: skip
