"""A thousand units: every file small, different and readable.

How long it takes is for ``python -m tests.blank.thousand`` to say.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.blank import thousand
from tests.blank.rosters import many, write_roster
from tests.clients import needs_soffice

BATCH = 30


@pytest.mark.slow
def test_a_thousand_blanks_are_each_right_and_small(tmp_path: Path):
    sheets = many(thousand.UNITS)
    roster = write_roster(tmp_path / "名册.xlsx", sheets)
    thousand.make(roster, tmp_path / "下发", "-q")
    paths = sorted((tmp_path / "下发").iterdir())
    assert len({path.name.casefold() for path in paths}) == thousand.UNITS
    assert thousand.too_large(paths, thousand.listed(sheets)) == []
    some = paths[::20]
    assert list(thousand.wrong_names(some, thousand.listed(sheets))) == []


@pytest.mark.slow
@needs_soffice
def test_libreoffice_opens_what_was_made(tmp_path: Path):
    roster = write_roster(tmp_path / "名册.xlsx", many(BATCH))
    thousand.make(roster, tmp_path / "下发", "-q")
    (tmp_path / "ods").mkdir()
    paths = sorted((tmp_path / "下发").iterdir())
    assert thousand.converted(paths, tmp_path / "ods") == BATCH


def test_two_runs_on_any_number_of_cores_give_the_same_bytes(tmp_path: Path):
    roster = write_roster(tmp_path / "名册.xlsx", many(7))
    thousand.make(roster, tmp_path / "一", "-q", "-j", "1")
    thousand.make(roster, tmp_path / "二", "-q", "-j", "2")
    assert thousand.digests(tmp_path / "一") == thousand.digests(tmp_path / "二")
