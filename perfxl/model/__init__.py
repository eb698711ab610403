"""The frozen data that flows through perfxl: Grid → Binding → Findings → Report.

Rows and columns are counted from 1, as Excel shows them. Ratios are numbers between 0
and 1 (98.05% is 0.9805); amounts keep the unit of their form (mostly 万元).
"""

from __future__ import annotations

from perfxl.model.bindings import Binding, Bound, FormBinding, GroupRow, Value
from perfxl.model.cells import (
    Book,
    Cell,
    DefinedName,
    ExcelError,
    Grid,
    Range,
    Scalar,
    a1,
    column_letters,
    quoted,
    row_col,
)
from perfxl.model.findings import (
    VERDICTS,
    Finding,
    FormFound,
    Place,
    Refreshed,
    Repair,
    Report,
    Waiting,
    in_reading_order,
    place_key,
)
from perfxl.model.forms import (
    Case,
    Field,
    Form,
    Kind,
    Level,
    Role,
    RowGroup,
    Rule,
    Shorthand,
    Template,
)
from perfxl.model.record import Mark, Original, Record

__all__ = [
    "VERDICTS",
    "Binding",
    "Book",
    "Bound",
    "Case",
    "Cell",
    "DefinedName",
    "ExcelError",
    "Field",
    "Finding",
    "Form",
    "FormBinding",
    "FormFound",
    "Grid",
    "GroupRow",
    "Kind",
    "Level",
    "Mark",
    "Original",
    "Place",
    "Range",
    "Record",
    "Refreshed",
    "Repair",
    "Report",
    "Role",
    "RowGroup",
    "Rule",
    "Scalar",
    "Shorthand",
    "Template",
    "Value",
    "Waiting",
    "a1",
    "column_letters",
    "in_reading_order",
    "place_key",
    "quoted",
    "row_col",
]
