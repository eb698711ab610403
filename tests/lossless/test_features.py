"""A feature that was in the returned workbook is in the corrected copy, and all else is too."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfxl.check import check
from perfxl.correct import correct
from tests.clients import SOFFICE
from tests.lossless.catalogue import FEATURES
from tests.lossless.feature import Feature
from tests.lossless.judge import members
from tests.lossless.trial import attempt, corrected

each_feature = pytest.mark.parametrize("feature", FEATURES.values(), ids=FEATURES)


@each_feature
def test_a_corrected_copy_keeps(feature: Feature, tmp_path: Path) -> None:
    skip_without_soffice(feature)
    assert attempt(feature, tmp_path).faults == []


@each_feature
def test_a_second_round_gives_the_same_copy(feature: Feature, tmp_path: Path) -> None:
    skip_without_soffice(feature)
    first = corrected(feature, tmp_path)
    second = correct(check(first), tmp_path / f"second{feature.suffix}")
    once, again = members(first), members(second)
    assert sorted(once) == sorted(again)
    assert [part for part in once if once[part] != again[part]] == []


def skip_without_soffice(feature: Feature) -> None:
    if feature.needs_soffice and SOFFICE is None:
        pytest.skip("LibreOffice (soffice) is not installed")
