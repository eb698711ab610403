"""What holds for all tests."""

from __future__ import annotations

import os

# The validator brings lxml, which perfxl is installed without; openpyxl writes otherwise with it.
os.environ["OPENPYXL_LXML"] = "False"
