"""The registry of the engine's own codes."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from perfxl import errors
from perfxl.codes import CODES, Code
from perfxl.model import Level

ENTRIES = list(CODES.values())


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.code)
def test_every_code_says_what_and_advises(entry: Code) -> None:
    assert re.fullmatch(r"F0\d\d|L1\d\d|V2\d\d", entry.code)
    assert Level(entry.level).chinese
    assert entry.title and entry.message and entry.advice and entry.basis
    places = {name for _, name, _, _ in Formatter().parse(entry.message) if name}
    assert places, "a message names what was found"


def test_every_file_error_has_its_code() -> None:
    raised = {
        one.code
        for one in vars(errors).values()
        if isinstance(one, type) and issubclass(one, errors.PerfxlError)
    }
    assert {code for code in raised if code.startswith("F")} <= CODES.keys()
