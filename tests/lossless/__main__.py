"""Prints how many features a corrected copy keeps: ``python -m tests.lossless``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.clients import SOFFICE
from tests.lossless.catalogue import FEATURES
from tests.lossless.trial import attempt


def main() -> int:
    """Tries every feature; 0 when all are kept."""
    tried = [one for one in FEATURES.values() if SOFFICE or not one.needs_soffice]
    kept = 0
    with tempfile.TemporaryDirectory() as folder:
        for feature in tried:
            faults = attempt(feature, Path(folder)).faults
            kept += not faults
            print("×" if faults else "✓", feature.name, *faults, sep="\n    " if faults else " ")
    print(f"features kept: {kept} / {len(tried)}")
    return int(kept < len(tried))


if __name__ == "__main__":
    sys.exit(main())
