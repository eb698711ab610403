"""Encrypted workbooks, opened with their password."""

from __future__ import annotations

from perfxl.errors import DamagedWorkbook, EncryptedWorkbook, LimitExceeded, PerfxlError
from perfxl.legacy import keeper
from perfxl.package import limits

_CLEAR = "请用 Excel 或 WPS 输入密码打开，清空打开密码，保存后再试。"


def unlock(data: bytes, password: str) -> bytes:
    """The file inside an encrypted Office file, at most 20 MB of it.

    Raises EncryptedWorkbook (wrong password, or msoffcrypto-tool is not installed),
    DamagedWorkbook or LimitExceeded.
    """
    answer = keeper.ask("unlock", data, password=password)
    if answer.word != keeper.DONE:
        raise _failure(answer.word)
    limits.size(len(answer.result), limits.FILE_BYTES, "解密后的文件", limits.SUSPECT)
    return answer.result


def _failure(word: str) -> PerfxlError:
    if word == "wrong":
        return EncryptedWorkbook(f"密码不对，工作簿打不开。请核对密码（区分大小写）；或者{_CLEAR}")
    if word == "missing":
        return EncryptedWorkbook(
            "打开加密的工作簿要用 msoffcrypto-tool。请运行 pip install msoffcrypto-tool 后再试；"
            f"或者{_CLEAR}"
        )
    if word in (keeper.TIMEOUT, keeper.OUT_OF_MEMORY):
        return LimitExceeded(
            f"解密超过了上限 {keeper.SECONDS} 秒或 {keeper.MEMORY // limits.MB:,} MB 内存。{_CLEAR}"
        )
    return DamagedWorkbook(f"加密的工作簿已损坏，或用了不支持的加密方法，解不开。{_CLEAR}")
