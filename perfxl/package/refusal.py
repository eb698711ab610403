"""Workbooks that can be read, but that any edit would break."""

from __future__ import annotations

from perfxl.errors import RefusedEdit
from perfxl.package.archive import Package

_SIGNATURE = "digital-signature-xmlsignature+xml"


def refuse_unpatchable(package: Package) -> None:
    """Raise RefusedEdit for a digitally signed workbook, or one with shared revisions."""
    for part in package.parts:
        name = part.casefold()
        # Where signatures were taken away, the part that led to them may be left.
        signs = name.startswith("_xmlsignatures/") and name.endswith(".xml")
        if signs or package.content_type(part).endswith(_SIGNATURE):
            raise RefusedEdit(
                "工作簿带有数字签名，改动会使签名失效，因此不写更正副本；"
                "请在 Excel 中去掉签名（文件 → 信息 → 查看签名）后再试。"
            )
        if "/revisions/" in name:
            raise RefusedEdit(
                "工作簿是带修订记录的共享工作簿，直接改动会破坏修订记录；"
                "请在 Excel 中取消共享工作簿后再试。"
            )
