"""All features: importing their modules enters them."""

from tests.lossless import (
    attached,
    carried,
    charted,
    computed,
    dialects,
    drawn,
    noted,
    odd,
    pivoted,
    ruled,
    stored,
    viewed,
)
from tests.lossless.feature import FEATURES

__all__ = [
    "FEATURES", "attached", "carried", "charted", "computed", "dialects", "drawn", "noted", "odd",
    "pivoted", "ruled", "stored", "viewed",
]  # fmt: skip
