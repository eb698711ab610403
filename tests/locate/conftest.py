"""The shipped template, loaded once."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfxl.model import Template
from perfxl.template.load import load

SHIPPED = Path(__file__).parents[2] / "xlsx_templates" / "hunan-2024.xlsx"


@pytest.fixture(scope="session")
def template() -> Template:
    return load(SHIPPED)
