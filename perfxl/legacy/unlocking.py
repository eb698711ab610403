"""In the worker: the package inside an encrypted Office file."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any


def unlock(request: Mapping[str, Any], data: bytes) -> tuple[str, bytes]:
    """The decrypted bytes; ``wrong`` for a wrong password, ``missing`` without the library."""
    try:
        from msoffcrypto import OfficeFile
        from msoffcrypto.exceptions import InvalidKeyError
    except ImportError:
        return "missing", b""
    opened = BytesIO()
    try:
        file = OfficeFile(BytesIO(data))
        # Only a package is asked to look at the password first; an .xls always does.
        asked = {"verify_password": True} if file.format == "ooxml" else {}
        file.load_key(password=request["password"], **asked)
        file.decrypt(opened)
    except InvalidKeyError:
        return "wrong", b""
    return "done", opened.getvalue()
