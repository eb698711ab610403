"""The extract as CONTRACT.md fixes it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from perfxl.extract import Extract
from perfxl.model import Template

SCHEMA = 1


def render(extracts: Iterable[Extract], templates: Sequence[Template]) -> Iterator[bytes]:
    """One JSON document, a line a value or row, file by file: 10,000 need not be held at once."""
    yield f'{{"schema": {SCHEMA}, "files": ['.encode()
    comma = "\n "
    for extract in extracts:
        # What a damaged workbook has instead of a character must not stop the others.
        yield (comma + _file(extract.as_dict())).encode("utf-8", "replace")
        comma = ",\n "
    yield b"]}\n"


def _file(extract: Mapping[str, Any]) -> str:
    forms = _listed("[]", [_form(form) for form in extract["forms"]], 2)
    return _object(
        {name: forms if name == "forms" else _plain(value) for name, value in extract.items()}
    )


def _form(form: Mapping[str, Any]) -> str:
    groups = [
        f"{_plain(name)}: {_listed('[]', [_plain(row) for row in rows], 5)}"
        for name, rows in form["groups"].items()
    ]
    fields = [f"{_plain(name)}: {_plain(cell)}" for name, cell in form["fields"].items()]
    plain = {name: _plain(form[name]) for name in ("form", "sheet")}
    return _object(
        {**plain, "fields": _listed("{}", fields, 4), "groups": _listed("{}", groups, 4)}
    )


def _object(parts: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{_plain(name)}: {text}" for name, text in parts.items()) + "}"


def _listed(brackets: str, items: Sequence[str], depth: int) -> str:
    if not items:
        return brackets
    line = "\n" + " " * depth
    return brackets[0] + line + f",{line}".join(items) + brackets[1]


def _plain(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
