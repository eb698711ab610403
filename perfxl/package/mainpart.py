"""Which part of a package is the workbook, and what else a package may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfxl.errors import DamagedWorkbook, NotAWorkbook, OtherFormat

if TYPE_CHECKING:
    from perfxl.package.archive import Package

CONTENT_TYPES = "[Content_Types].xml"
ADVICE = "请用 Excel 或 WPS 打开并修复，再另存为 .xlsx。"
_SAVE_AS = "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（*.xlsx）”后再试。"
_GET_ANOTHER = "请让报送单位重新发送 .xlsx 文件。"

# A fragment of the main part's content type → what the file is.
_STRANGERS = (
    ("wordprocessingml", "Word 文档"),
    ("ms-word", "Word 文档"),
    ("presentationml", "演示文稿"),
    ("ms-powerpoint", "演示文稿"),
    ("visio", "Visio 图"),
    ("theme", "Office 主题"),
)


def main_part(package: Package) -> str:
    """The name of the workbook part, as the zip spells it.

    Raises OtherFormat, NotAWorkbook and DamagedWorkbook, each in words, for a package in which
    there is none.
    """
    if not package.has(CONTENT_TYPES):
        raise _stranger(package)
    main = [
        link.target_part
        for link in package.relationships("")
        if link.kind == "officeDocument" and not link.external
    ]
    if not main and package.has("xl/workbook.xml"):
        main = ["xl/workbook.xml"]
    if not main:
        raise _stranger(package)
    kind = package.content_type(main[0])
    if "ms-excel.sheet.binary" in kind:
        raise OtherFormat(
            f"这不是 .xlsx 工作簿，而是 Excel 二进制工作簿（.xlsb）。{_SAVE_AS}", "xlsb"
        )
    for fragment, what in _STRANGERS:
        if fragment in kind:
            raise NotAWorkbook(f"这不是 .xlsx 工作簿，而是{what}。{_GET_ANOTHER}")
    if not package.has(main[0]):
        raise DamagedWorkbook(f"工作簿缺少主部件 {main[0]}，文件已损坏。{ADVICE}")
    member = package.member(main[0])
    return member.name if member else main[0]


def _stranger(package: Package) -> NotAWorkbook | DamagedWorkbook:
    if package.has("mimetype"):
        mimetype = package.read("mimetype")[:80]
        if mimetype.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
            return OtherFormat(f"这是 OpenDocument 表格（.ods），不是 .xlsx。{_SAVE_AS}", "ods")
        if mimetype.startswith(b"application/vnd.oasis.opendocument"):
            return NotAWorkbook(f"这不是工作簿，而是 OpenDocument 文档或演示文稿。{_GET_ANOTHER}")
    if package.has("xl/workbook.xml"):
        return DamagedWorkbook(f"工作簿缺少 {CONTENT_TYPES}，文件已损坏。{ADVICE}")
    if any(part.startswith(("word/", "ppt/", "visio/")) for part in package.parts):
        return NotAWorkbook(f"这不是工作簿，而是别的 Office 文档。{_GET_ANOTHER}")
    shown = "、".join(package.parts[:3]) or "空文件夹"
    return NotAWorkbook(
        f"这不是工作簿，而是普通的压缩包（里面有 {shown[:120]} 等）。"
        "请先解压，再检查里面的 .xlsx 文件。"
    )
