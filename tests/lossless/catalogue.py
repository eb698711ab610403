"""All features: importing their modules enters them."""

from tests.lossless import attached, computed, dialects, drawn, noted, ruled
from tests.lossless.feature import FEATURES

__all__ = ["FEATURES", "attached", "computed", "dialects", "drawn", "noted", "ruled"]
