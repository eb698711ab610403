"""A feature that was in the returned workbook is in the corrected copy, and all else is too."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.clients import SOFFICE
from tests.lossless.catalogue import FEATURES
from tests.lossless.feature import Feature
from tests.lossless.trial import attempt


@pytest.mark.parametrize("feature", FEATURES.values(), ids=FEATURES)
def test_a_corrected_copy_keeps(feature: Feature, tmp_path: Path) -> None:
    if feature.needs_soffice and SOFFICE is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    assert attempt(feature, tmp_path).faults == []
