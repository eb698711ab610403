"""What a file really is, told from its content and never from its suffix."""

from __future__ import annotations

from perfxl.errors import EncryptedWorkbook, NotAWorkbook, OtherFormat, PerfxlError, PlainText

_SAVE_AS = "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（*.xlsx）”后再试。"
_GET_ANOTHER = "请让报送单位重新发送 .xlsx 文件。"

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SIGNATURES = (
    (b"%PDF", "PDF 文件", _GET_ANOTHER),
    (b"Rar!", "RAR 压缩包", "请先解压，再检查里面的 .xlsx 文件。"),
    (b"7z\xbc\xaf", "7z 压缩包", "请先解压，再检查里面的 .xlsx 文件。"),
    (b"\x1f\x8b", "gzip 压缩包", "请先解压，再检查里面的 .xlsx 文件。"),
    (b"\x89PNG", "图片（PNG）", _GET_ANOTHER),
    (b"\xff\xd8\xff", "图片（JPEG）", _GET_ANOTHER),
    (b"GIF8", "图片（GIF）", _GET_ANOTHER),
    (b"BM", "图片（BMP）", _GET_ANOTHER),
    (b"{\\rtf", "RTF 文档", _SAVE_AS),
)
# BIFF2 to BIFF4 files are a bare stream that begins with its BOF record.
_OLD_BIFF = tuple(bytes((9, version)) for version in (0, 2, 4))


def is_zip(data: bytes) -> bool:
    return data.startswith((b"PK\3\4", b"PK\5\6"))


def is_ole(data: bytes) -> bool:
    return data.startswith(_OLE)


def _ole_entry(data: bytes, name: str) -> bool:
    """Whether the compound file has a stream of that name.

    Directory entries are 128 bytes long and begin with their name in UTF-16, so a hit at such
    a boundary is one, without walking sector chains that a hostile file can bend.
    """
    wanted = name.encode("utf-16-le") + b"\0\0"
    at = data.find(wanted)
    while at >= 0:
        if at % 128 == 0:
            return True
        at = data.find(wanted, at + 2)
    return False


def refusal(data: bytes) -> PerfxlError:
    """The error that says what a file is which is no zip package, and the way out."""
    if is_ole(data):
        return _ole_refusal(data)
    for signature, what, advice in _SIGNATURES:
        if data.startswith(signature):
            return NotAWorkbook(f"这不是工作簿，而是{what}。{advice}")
    if data.startswith(_OLD_BIFF) and data[2:4] in (b"\x04\0", b"\x06\0", b"\x08\0"):
        return NotAWorkbook(f"这是很旧的 Excel 工作簿（Excel 4.0 或更早的 .xls）。{_SAVE_AS}")
    return _text_refusal(data)


def _ole_refusal(data: bytes) -> PerfxlError:
    if _ole_entry(data, "EncryptedPackage"):
        return EncryptedWorkbook(
            "工作簿设了打开密码，读不出内容。请用 --password 给出密码，或用 Excel、WPS 打开，"
            "在“文件→信息→保护工作簿→用密码进行加密”里清空密码，保存后再试。"
        )
    if any(_ole_entry(data, name) for name in ("Workbook", "WORKBOOK", "Book", "BOOK")):
        return OtherFormat(
            f"这是旧格式的工作簿（.xls 或 WPS 的 .et），不是 .xlsx。{_SAVE_AS}", "xls"
        )
    if _ole_entry(data, "WordDocument"):
        return NotAWorkbook(f"这不是工作簿，而是旧格式的 Word 文档（.doc）。{_GET_ANOTHER}")
    if _ole_entry(data, "PowerPoint Document"):
        return NotAWorkbook(f"这不是工作簿，而是旧格式的演示文稿（.ppt）。{_GET_ANOTHER}")
    return NotAWorkbook(f"这不是 .xlsx 工作簿，而是一个 OLE 复合文件。{_SAVE_AS}")


def _text_refusal(data: bytes) -> PerfxlError:
    head = data[:4096]
    text = _decoded(head)
    if text is None:
        return NotAWorkbook(f"这不是工作簿：文件开头不是 xlsx 的内容。{_GET_ANOTHER}")
    start = text.lstrip("\ufeff \t\r\n").lower()
    if start.startswith("mime-version:") or "content-type: multipart/related" in start:
        return NotAWorkbook(f"这不是 .xlsx 工作簿，而是“单个文件网页”（.mht）。{_SAVE_AS}")
    if start.startswith(("<!doctype html", "<html", "<table", "<head", "<body")) or (
        "<html" in start or "<table" in start
    ):
        return NotAWorkbook(f"这不是 .xlsx 工作簿，而是网页（HTML）改了后缀。{_SAVE_AS}")
    if start.startswith("<?xml") or start.startswith("<"):
        if "urn:schemas-microsoft-com:office:spreadsheet" in start:
            return NotAWorkbook(f"这是“XML 表格 2003”，不是 .xlsx 工作簿。{_SAVE_AS}")
        return NotAWorkbook(f"这不是工作簿，而是一个 XML 文件。{_GET_ANOTHER}")
    lines = [line for line in text.splitlines() if line.strip()]
    separated = sum(any(mark in line for mark in ",\t;") for line in lines)
    if separated > 1 or separated == len(lines) > 0:
        return OtherFormat(f"这不是 .xlsx 工作簿，而是文本表格（CSV）。{_SAVE_AS}", "csv")
    return PlainText(f"这不是工作簿，而是文本文件。{_GET_ANOTHER}")


def _decoded(head: bytes) -> str | None:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace")
    # Text has no control characters but tab, line feed, form feed and carriage return.
    if any(byte < 32 and byte not in (9, 10, 12, 13) for byte in head):
        return None
    try:
        return head.decode("utf-8")
    except UnicodeDecodeError:
        return head.decode("gb18030", "replace")
