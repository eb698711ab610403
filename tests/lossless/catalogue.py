"""All features: importing their modules enters them."""

from tests.lossless import (
    attached,
    carried,
    charted,
    computed,
    dialects,
    drawn,
    noted,
    pivoted,
    ruled,
    stored,
)
from tests.lossless.feature import FEATURES

__all__ = [
    "FEATURES", "attached", "carried", "charted", "computed", "dialects", "drawn", "noted",
    "pivoted", "ruled", "stored",
]  # fmt: skip
