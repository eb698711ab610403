"""The one way perfxl writes a file: it appears whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress

from perfxl.errors import UnwritableTarget

try:
    import fcntl
except ImportError:  # Windows, where an open file cannot be removed in the first place
    fcntl = None  # type: ignore[assignment]

_BINARY = getattr(os, "O_BINARY", 0)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY
_LEFT = os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_RENAMES_OPEN_FILES = os.name != "nt"
_PAUSES = (0.05, 0.1, 0.2, 0.4) if os.name == "nt" else ()
"""Seconds to wait for a name that is held: scanners and synchronizers let go of it soon."""
_LONGEST_PATH = 259 if os.name == "nt" else None
"""Characters of a path that Windows takes; of a longer one it says that there is no such file."""
_SHORTEST_NAME = len(".perfxl-0123456789abcdef.tmp")
_NO_SYNC = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP)
"""What network disks answer that do not know how to wait for the disk itself."""
_BLOCK = 1 << 17
_LOCKS = ("~${}", ".~lock.{}#")
"""What Excel and WPS, and LibreOffice, lay beside a workbook that they have open."""
_LINK = "它是一个链接，perfxl 不改写链接。请移走这个链接，或换一个文件名"
_NOT_A_FILE = "它不是普通文件。请换一个文件名"
_READ_ONLY = "它是只读文件。请去掉只读属性，或换一个文件名"
TOO_LONG = "路径太长，系统认不出。请移到浅一些的文件夹，或改短文件夹和文件的名字"
_BAD_NAME = "文件名里有不能用的字符。请换一个文件名"
_REASONS = {
    errno.EACCES: "没有权限写入这个文件夹。请换一个文件夹",
    errno.EPERM: "没有权限写入这个文件夹。请换一个文件夹",
    errno.ENOSPC: "磁盘空间不足。请清理磁盘，或换一个文件夹",
    errno.EDQUOT: "磁盘配额已用完。请清理磁盘，或换一个文件夹",
    errno.EFBIG: "文件超过了系统允许的大小。请换一个文件夹，或请管理员放宽限制",
    errno.EROFS: "所在的磁盘是只读的。请换一个文件夹",
    errno.EIO: "磁盘读写出错。请检查磁盘或网络，或换一个文件夹",
    errno.ENOENT: "文件夹不存在。请先建立文件夹",
    errno.ENOTDIR: "路径中间有一段不是文件夹。请核对路径",
    errno.EEXIST: "已经有同名的文件。请换一个名字",
    errno.EISDIR: "目标是文件夹，不是文件。请给出文件名",
    errno.ENAMETOOLONG: "文件名太长。请换一个短一些的名字",
    errno.EINVAL: _BAD_NAME,
    errno.EILSEQ: _BAD_NAME,
}
_IN_USE = "没有权限替换它，或它正被 Excel、WPS 打开。请关闭它，或换一个文件名"
_NOT_REPLACED = {
    **_REASONS,
    errno.EACCES: _IN_USE,
    errno.EPERM: _IN_USE,
    errno.EBUSY: _IN_USE,
    errno.ETXTBSY: _IN_USE,
}


def write_whole(path: str | os.PathLike[str], chunks: Iterable[bytes]) -> None:
    """Write a file that appears whole or not at all, replacing one that is there.

    The bytes go to a hidden file in the same folder, reach the disk, and then take the
    target's name in one step. Whatever goes wrong, the old target stays and no temporary file
    is left; what a killed process left, the next writing of the same target removes. A target
    that is a link, a folder, write-protected or open in a spreadsheet program is refused; a
    device or pipe is written directly. Raises UnwritableTarget, and what ``chunks`` raises.
    """
    target = os.fspath(path)
    with in_words(target):
        replaceable = _replaceable(target)
        if replaceable:
            temporary, descriptor = _reserve(target)
    if not replaceable:
        _pour(target, chunks)
        return
    try:
        try:
            for block in _blocks(chunks):
                with in_words(target):
                    _put(descriptor, block)
            with in_words(target):
                _settle(descriptor)
            # The lock must outlast the renaming, where a file that is open can be renamed.
            if _RENAMES_OPEN_FILES:
                with in_words(target, _NOT_REPLACED):
                    _take_name(temporary, target)
        finally:
            os.close(descriptor)
        if not _RENAMES_OPEN_FILES:
            with in_words(target, _NOT_REPLACED):
                _take_name(temporary, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    _sync_folder(os.path.dirname(target) or ".")


@contextmanager
def in_words(target: str, reasons: Mapping[int, str] = _REASONS) -> Iterator[None]:
    """Turn what the system refuses into an UnwritableTarget: the path, why, and what to do."""
    try:
        yield
    except BrokenPipeError:
        # Whoever read along has seen enough: that is no fault of the target.
        raise
    except (OSError, ValueError) as error:
        number = error.errno if isinstance(error, OSError) else errno.EINVAL
        reason = reasons.get(number or 0, f"{error}。请换一个文件夹")
        if number == errno.ENOENT and is_too_long(target, _SHORTEST_NAME):
            reason = TOO_LONG
        raise UnwritableTarget(f"不能写入 {target}：{reason}。") from None


def is_too_long(path: str | os.PathLike[str], name: int = 0) -> bool:
    """Whether this system takes no path of that length, with a name of ``name`` characters in
    place of a shorter one."""
    folder, own = os.path.split(os.path.abspath(path))
    return _LONGEST_PATH is not None and len(folder) + 1 + max(name, len(own)) > _LONGEST_PATH


def _replaceable(target: str) -> bool:
    """Whether a new file may take that name; False for a device or pipe.

    Raises UnwritableTarget for what must stay as it is.
    """
    try:
        status = os.lstat(target)
    except FileNotFoundError:
        return True
    if stat.S_ISLNK(status.st_mode):
        with suppress(OSError):
            if not _stored(os.stat(target).st_mode):
                return False
        raise _refused(target, _LINK)
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, "")
    if not stat.S_ISREG(status.st_mode):
        return False
    if not status.st_mode & stat.S_IWUSR:
        raise _refused(target, _READ_ONLY)
    folder, name = os.path.split(target)
    for form in _LOCKS:
        lock = form.format(name)
        if os.path.lexists(os.path.join(folder, lock)):
            raise _refused(
                target,
                f"它正被 Excel、WPS 或 LibreOffice 打开，请关闭后再试；"
                f"确实没有打开的，请删除旁边的 {lock}",
            )
    return True


def refuse_kept(target: str) -> None:
    """Refuse a target that ``write_whole`` would leave as it is, before anything is written:
    UnwritableTarget."""
    with in_words(target):
        _replaceable(target)


def refuse_special(target: str) -> None:
    """Refuse a device or pipe, where what is written must stay a file; UnwritableTarget."""
    with suppress(OSError, ValueError):
        if not _stored(os.stat(target).st_mode):
            raise _refused(target, _NOT_A_FILE)


def _stored(mode: int) -> bool:
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode)


def _refused(target: str, why: str) -> UnwritableTarget:
    return UnwritableTarget(f"不能写入 {target}：{why}。")


def _pour(target: str, chunks: Iterable[bytes]) -> None:
    with in_words(target):
        descriptor = os.open(target, os.O_WRONLY | _BINARY)
    try:
        for block in _blocks(chunks):
            with in_words(target):
                _put(descriptor, block)
    finally:
        os.close(descriptor)


def _blocks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces that are worth a call of the system each."""
    held: list[bytes] = []
    size = 0
    for chunk in chunks:
        held.append(chunk)
        size += len(chunk)
        if size >= _BLOCK:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)


def _put(descriptor: int, block: bytes) -> None:
    left = memoryview(block)
    while left:
        left = left[os.write(descriptor, left) :]


def _settle(descriptor: int) -> None:
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise


def _take_name(temporary: str, target: str) -> None:
    for pause in _PAUSES:
        with suppress(PermissionError):
            os.replace(temporary, target)
            return
        time.sleep(pause)
    os.replace(temporary, target)


def _reserve(target: str) -> tuple[str, int]:
    """A new hidden file beside the target, and its descriptor.

    Its name follows from the target's, so that what a killed process left is found without
    searching the folder; a second writer at the same time gets a name of its own.
    """
    folder, name = os.path.split(target)
    mark = hashlib.sha256(os.fsencode(name)).hexdigest()[:16]
    usual = os.path.join(folder, f".perfxl-{mark}.tmp")
    _remove_if_abandoned(usual)
    try:
        return usual, _new(usual)
    except FileExistsError:
        other = os.path.join(folder, f".perfxl-{mark}-{os.urandom(4).hex()}.tmp")
        return other, _new(other)


def _new(path: str) -> int:
    """Create the file and lock it; FileExistsError where another process has it."""
    descriptor = os.open(path, _NEW, 0o666)
    if fcntl is None:
        return descriptor
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FileExistsError(errno.EEXIST, "") from None
        except OSError:
            # Where there are no locks, no one can take this file for an abandoned one.
            return descriptor
        if not os.fstat(descriptor).st_nlink:
            raise FileExistsError(errno.EEXIST, "")
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _remove_if_abandoned(path: str) -> None:
    """Remove a temporary file whose writer is dead: its lock went with it."""
    with suppress(OSError):
        if fcntl is None:
            os.unlink(path)
            return
        descriptor = os.open(path, _LEFT)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(descriptor), os.lstat(path)):
                os.unlink(path)
        finally:
            os.close(descriptor)


def _sync_folder(folder: str) -> None:
    # The rename itself reaches the disk only with its folder; not every system allows it.
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
