"""One exception class for each cause a user can meet.

Every message is Chinese, names what was found, and ends with what to do next.
``code`` is the finding code (CONTRACT: F0xx file, T9xx template) under which a batch
reports the failure of one file.
"""

from __future__ import annotations

from collections.abc import Sequence


class PerfxlError(Exception):
    """Base of every error that perfxl raises on purpose."""

    code = "F000"


class UnreadableFile(PerfxlError):
    """The file cannot be opened at all: missing, a folder, no permission, empty."""

    code = "F001"


class NotAWorkbook(PerfxlError):
    """The content is no workbook perfxl reads, whatever the suffix says."""

    code = "F002"


class OtherFormat(NotAWorkbook):
    """A workbook, but none of the xlsx family; ``kind`` is xls, xlsb, ods or csv."""

    def __init__(self, message: str, kind: str):
        super().__init__(message)
        self.kind = kind


class PlainText(NotAWorkbook):
    """Text that nothing parts into columns: no form, though it may be a list."""


class EncryptedWorkbook(PerfxlError):
    """The workbook asks for a password that was not given, or the wrong one was."""

    code = "F003"


class DamagedWorkbook(PerfxlError):
    """The package or one of its parts is broken."""

    code = "F004"


class LimitExceeded(PerfxlError):
    """One of the safety limits is passed; the message names the number."""

    code = "F005"


class UnsafeWorkbook(PerfxlError):
    """The package holds something perfxl never follows: a DTD, `..` in a part name."""

    code = "F006"


class RefusedEdit(PerfxlError):
    """The workbook can be read, but a patch would break it: signed, revisions."""

    code = "F007"


class CheckOnly(RefusedEdit):
    """The workbook can be checked, but its format cannot be patched: .xls, .ods, .csv."""

    code = "F010"


class UnwritableTarget(PerfxlError):
    """The output cannot be written; the input is untouched and no half file is left."""

    code = "F008"


class TargetExists(UnwritableTarget):
    """The output is there already, and nobody said that it may be replaced."""


class RosterError(PerfxlError):
    """A roster of units cannot be used as it is; nothing was written.

    ``problems`` are all of them, one sentence each, in the order of the roster.
    """

    code = "F013"

    def __init__(self, message: str, problems: Sequence[str] = ()):
        super().__init__(message)
        self.problems = tuple(problems)


class FormulaError(PerfxlError):
    """A formula does not parse, or uses what the engine does not allow.

    ``position`` counts characters from 0 in the formula as given.
    """

    code = "T901"

    def __init__(self, message: str, position: int | None = None):
        super().__init__(message)
        self.position = position


class TemplateError(PerfxlError):
    """A template workbook or its text face says something the engine cannot use."""

    code = "T902"


class UnknownTemplate(PerfxlError):
    """No template has that id, and no file that path."""

    code = "T903"
