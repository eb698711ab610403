"""LibreOffice opens every corrected copy and, computing it anew, shows what is stored in it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from perfxl.check import check
from perfxl.correct import correct
from tests.clients import needs_soffice, recalculate
from tests.lossless import readers
from tests.lossless.annexes import plain
from tests.lossless.catalogue import FEATURES
from tests.lossless.feature import Cell
from tests.lossless.parts import Parts
from tests.lossless.trial import corrected

SAMPLES = sorted((Path(__file__).parents[2] / "samples").glob("*/*.xlsx"))
HALVES = [sorted(FEATURES)[start::2] for start in (0, 1)]


def unlike(copy: Path, anew: Path, but: frozenset[Cell] = frozenset()) -> list[str]:
    """The cells of the copy that are shown otherwise after a full calculation."""
    stored, fresh = readers.by_perfxl(copy), readers.by_perfxl(anew)
    return [
        f"{copy.name} {at}: {value!r} became {fresh.get(at, (None,))[0]!r}"
        for at, (value, _) in stored.items()
        if at not in but and value not in (None, "") and not same(value, fresh.get(at, (None,))[0])
    ]


def same(stored: Any, shown: Any) -> bool:
    if isinstance(stored, (int, float)) and isinstance(shown, (int, float)):
        return shown == pytest.approx(stored, rel=1e-9, abs=1e-9)
    return str(stored).replace("\r\n", "\n") == str(shown)


def judged(copies: Mapping[Path, frozenset[Cell]], folder: Path) -> list[str]:
    """What is wrong with the copies once LibreOffice has opened and computed them."""
    # Plain names: the shell of a program is no place for brackets and blanks.
    short = {path: folder / f"copy{n}{path.suffix}" for n, path in enumerate(copies)}
    for path, given in short.items():
        shutil.copyfile(path, given)
    opened = recalculate(list(short.values()), folder / "anew")
    wrong = [f"{path.name} does not open" for path, given in short.items() if given not in opened]
    for path, given in short.items():
        if given in opened:
            wrong += unlike(path, opened[given], copies[path])
    return wrong


@needs_soffice
@pytest.mark.slow
@pytest.mark.parametrize("names", HALVES, ids=("half", "other half"))
def test_a_copy_with_any_feature_opens_and_computes_to_the_values_it_stores(
    names: list[str], tmp_path: Path
) -> None:
    copies = {}
    for feature in map(FEATURES.__getitem__, names):
        if "libreoffice" not in feature.beyond:
            copies[corrected(feature, tmp_path)] = feature.unknown
    assert judged(copies, tmp_path) == []


@needs_soffice
@pytest.mark.slow
def test_the_corrected_samples_compute_to_the_values_they_store(tmp_path: Path) -> None:
    copies = {}
    for sample in SAMPLES:
        copy = tmp_path / f"{sample.parent.name}.xlsx"
        correct(check(sample), copy)
        copies[copy] = frozenset[Cell]()
    assert len(copies) >= 10
    assert judged(copies, tmp_path) == []


@needs_soffice
@pytest.mark.slow
def test_a_stored_value_that_is_not_the_formulas_is_noticed(tmp_path: Path) -> None:
    parts = Parts.of(plain())
    parts.sub("xl/worksheets/sheet5.xml", "<v>89.05[^<]*</v>", "<v>90</v>")
    wrong = tmp_path / "wrong.xlsx"
    parts.write(wrong)
    assert any("('台账', 'A2'): 90" in said for said in judged({wrong: frozenset()}, tmp_path))
