"""A file appears whole or not at all, and what may not be replaced stays as it is."""

from __future__ import annotations

import contextlib
import errno
import os
import resource
import signal
import stat
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from perfxl import writing
from perfxl.errors import UnwritableTarget
from perfxl.writing import write_whole

NEW = b"new" * 50_000
OLD = b"old" * 40_000


def in_a_child(work: Callable[[], object]) -> int:
    """Run it in a forked process; the status, negative for the signal that ended it."""
    child = os.fork()
    if not child:
        status = 1
        with contextlib.suppress(BaseException):
            work()
            status = 0
        os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@contextlib.contextmanager
def mounted(folder: Path, *options: str) -> Iterator[Path]:
    """A disk of its own in that folder; the test is skipped where none can be mounted."""
    folder.mkdir()
    asked = ["mount", "-t", "tmpfs", *options, "none", str(folder)]
    try:
        done = subprocess.run(asked, capture_output=True, timeout=20, check=False).returncode == 0
    except OSError:
        done = False
    if not done:
        pytest.skip("this user may not mount a disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], timeout=20, check=False)


@pytest.mark.parametrize("old", [None, OLD], ids=["new", "replaced"])
def test_a_file_is_written_and_nothing_else_is_left(tmp_path, old):
    target = tmp_path / "甲.xlsx"
    if old:
        target.write_bytes(old)

    write_whole(target, [NEW[:7], b"", NEW[7:]])

    assert target.read_bytes() == NEW
    assert os.listdir(tmp_path) == ["甲.xlsx"]


def refused(target: Path | str, *words: str) -> None:
    with pytest.raises(UnwritableTarget) as told:
        write_whole(target, [NEW])
    message = str(told.value)
    assert str(target) in message and message.endswith("。")
    for word in words:
        assert word in message, message


def test_a_folder_that_is_missing_or_none_is_told_before_the_work_begins(tmp_path):
    (tmp_path / "文件").touch()
    (tmp_path / "夹").mkdir()

    def work() -> Iterator[bytes]:
        raise AssertionError("the work must not begin")
        yield b""

    for target, words in (
        (tmp_path / "没有" / "a.xlsx", "文件夹不存在"),
        (tmp_path / "文件" / "a.xlsx", "不是文件夹"),
        (tmp_path / "夹", "是文件夹"),
        (tmp_path / ("长" * 90), "太长"),
        (tmp_path / "a\0b", "不能用的字符"),
        (tmp_path / "a\ud800b", "不能用的字符"),
    ):
        with pytest.raises(UnwritableTarget, match=words):
            write_whole(target, work())
    assert sorted(os.listdir(tmp_path)) == ["夹", "文件"]


@pytest.mark.parametrize("leads", ["elsewhere", "inside", "nowhere", "to a folder"])
def test_a_link_is_neither_followed_nor_replaced(tmp_path, leads):
    (tmp_path / "里").mkdir()
    (tmp_path / "外").mkdir()
    other = tmp_path / ("外" if leads == "elsewhere" else "里") / "原.xlsx"
    if leads == "to a folder":
        other.mkdir()
    elif leads != "nowhere":
        other.write_bytes(OLD)
    target = tmp_path / "里" / "链接.xlsx"
    target.symlink_to(other)

    refused(target, "链接")

    assert target.is_symlink()
    if leads in ("elsewhere", "inside"):
        assert other.read_bytes() == OLD
    assert not [name for name in os.listdir(tmp_path / "里") if name.startswith(".")]


def test_a_file_with_a_second_name_keeps_its_content_under_that_one(tmp_path):
    first, second = tmp_path / "一.xlsx", tmp_path / "二.xlsx"
    first.write_bytes(OLD)
    second.hardlink_to(first)

    write_whole(second, [NEW])

    assert (first.read_bytes(), second.read_bytes()) == (OLD, NEW)


def test_a_write_protected_file_stays(tmp_path):
    target = tmp_path / "甲.xlsx"
    target.write_bytes(OLD)
    target.chmod(0o444)

    refused(target, "只读")

    assert target.read_bytes() == OLD


@pytest.mark.parametrize("lock", ["~$甲.xlsx", ".~lock.甲.xlsx#"])
def test_a_workbook_that_is_open_stays(tmp_path, lock):
    target = tmp_path / "甲.xlsx"
    target.write_bytes(OLD)
    (tmp_path / lock).touch()

    refused(target, "打开", "关闭", lock)

    assert target.read_bytes() == OLD


def test_the_lock_of_another_workbook_or_of_none_is_no_hindrance(tmp_path):
    for lock in ("~$乙.xlsx", "~$甲.xlsx"):
        (tmp_path / lock).touch()

    write_whole(tmp_path / "甲.xlsx", [NEW])

    assert (tmp_path / "甲.xlsx").read_bytes() == NEW


def test_a_pipe_or_device_gets_the_bytes_and_stays_what_it_is(tmp_path):
    pipe = tmp_path / "管道"
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()

    write_whole(pipe, [NEW[:10], NEW[10:]])
    reader.join(timeout=20)
    write_whole("/dev/null", [NEW])

    assert got == [NEW]
    assert stat.S_ISFIFO(os.stat(pipe).st_mode)
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full on this system")
def test_a_device_that_is_full_is_told_in_words():
    refused("/dev/full", "空间不足")


FAILURES = (
    ("open", errno.EACCES, "没有权限写入这个文件夹"),
    ("open", errno.EPERM, "没有权限写入这个文件夹"),
    ("open", errno.EROFS, "只读"),
    ("open", errno.ENOSPC, "空间不足"),
    ("open", errno.EDQUOT, "配额"),
    ("open", errno.EINVAL, "不能用的字符"),
    ("open", errno.EILSEQ, "不能用的字符"),
    ("write", errno.ENOSPC, "空间不足"),
    ("write", errno.EDQUOT, "配额"),
    ("write", errno.EFBIG, "超过了系统允许的大小"),
    ("fsync", errno.ENOSPC, "空间不足"),
    ("fsync", errno.EDQUOT, "配额"),
    ("fsync", errno.EIO, "读写出错"),
    ("replace", errno.EACCES, "打开"),
    ("replace", errno.EPERM, "打开"),
    ("replace", errno.EBUSY, "打开"),
    ("replace", errno.EROFS, "只读"),
    ("replace", errno.ENOSPC, "空间不足"),
    ("replace", errno.ENOTEMPTY, "换一个文件夹"),
)


@pytest.mark.parametrize("old", [None, OLD], ids=["new", "replaced"])
@pytest.mark.parametrize(("step", "number", "words"), FAILURES)
def test_whatever_step_fails_the_old_file_stays_alone(
    tmp_path, monkeypatch, step, number, words, old
):
    target = tmp_path / "甲.xlsx"
    if old:
        target.write_bytes(old)
    true_open = os.open

    def fail(path: object, flags: object = 0, *more: object) -> int:
        if step == "open" and not (isinstance(flags, int) and flags & os.O_CREAT):
            return true_open(path, flags, *more)
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, step, fail)
    refused(target, words)
    monkeypatch.undo()

    assert os.listdir(tmp_path) == (["甲.xlsx"] if old else [])
    assert not old or target.read_bytes() == old


def test_windows_closes_the_file_before_it_takes_the_name(tmp_path, monkeypatch):
    """What a busy target does there: PermissionError with the file closed already."""
    held: list[int] = []
    true_open, true_replace = os.open, os.replace

    def opened(*given: object) -> int:
        held.append(true_open(*given))
        return held[-1]

    def replaced(*given: object) -> None:
        with pytest.raises(OSError):
            os.fstat(held[-1])
        true_replace(*given)

    monkeypatch.setattr(writing, "fcntl", None)
    monkeypatch.setattr(writing, "_RENAMES_OPEN_FILES", False)
    monkeypatch.setattr(os, "open", opened)
    monkeypatch.setattr(os, "replace", replaced)
    write_whole(tmp_path / "甲.xlsx", [NEW])
    assert (tmp_path / "甲.xlsx").read_bytes() == NEW


@pytest.mark.parametrize("held", [2, 9], ids=["for a moment", "for good"])
def test_a_file_that_a_scanner_holds_is_waited_for(tmp_path, monkeypatch, held):
    target = tmp_path / "甲.xlsx"
    target.write_bytes(OLD)
    refusals = [PermissionError(13, "in use")] * held
    true_replace = os.replace

    def replace(*given: object) -> None:
        if refusals:
            raise refusals.pop()
        true_replace(*given)

    monkeypatch.setattr(os, "replace", replace)
    monkeypatch.setattr(writing, "_PAUSES", (0, 0, 0))
    if held < 3:
        write_whole(target, [NEW])
    else:
        refused(target, "打开")
    assert target.read_bytes() == (NEW if held < 3 else OLD)
    assert os.listdir(tmp_path) == ["甲.xlsx"]


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOSYS, errno.ENOTSUP])
def test_a_disk_that_cannot_be_waited_for_takes_the_file(tmp_path, monkeypatch, number):
    def fsync(descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fsync)
    write_whole(tmp_path / "甲.xlsx", [NEW])
    assert (tmp_path / "甲.xlsx").read_bytes() == NEW


def test_a_path_that_is_too_long_for_windows_is_told_and_not_a_missing_folder(
    tmp_path, monkeypatch
):
    """There it is ENOENT, also where the target fits and the file that takes its name does not."""
    missing = tmp_path / "没有" / "甲.xlsx"
    refused(missing, "文件夹不存在")
    monkeypatch.setattr(writing, "_LONGEST_PATH", len(str(missing)) + 1)
    refused(missing, "路径太长")
    monkeypatch.setattr(writing, "_LONGEST_PATH", len(str(missing)) + 40)
    refused(missing, "文件夹不存在")


class Interrupted(BaseException):
    pass


@pytest.mark.parametrize("fault", [ValueError, MemoryError, Interrupted, OSError])
def test_content_that_fails_on_the_way_leaves_nothing_and_is_not_put_on_the_disk(tmp_path, fault):
    target = tmp_path / "甲.xlsx"
    target.write_bytes(OLD)

    def work() -> Iterator[bytes]:
        yield NEW
        raise fault("内容")

    with pytest.raises(fault, match="内容"):
        write_whole(target, work())
    assert os.listdir(tmp_path) == ["甲.xlsx"]
    assert target.read_bytes() == OLD


def test_a_full_disk_leaves_the_old_file(tmp_path):
    with mounted(tmp_path / "盘", "-o", "size=256k") as disk:
        target = disk / "甲.xlsx"
        target.write_bytes(OLD)

        refused(target, "空间不足")
        refused(disk / "乙.xlsx", "空间不足")

        assert target.read_bytes() == OLD
        assert os.listdir(disk) == ["甲.xlsx"]


def test_a_read_only_disk_leaves_the_old_file(tmp_path):
    with mounted(tmp_path / "盘") as disk:
        target = disk / "甲.xlsx"
        target.write_bytes(OLD)
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True, timeout=20)

        refused(target, "只读")

        assert target.read_bytes() == OLD


@pytest.mark.parametrize("most", [0, 1, 4096, len(NEW) - 1])
def test_a_file_larger_than_allowed_leaves_the_old_one(tmp_path, most):
    target = tmp_path / "甲.xlsx"
    target.write_bytes(OLD)

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        refused(target, "超过了系统允许的大小")

    assert in_a_child(limited) == 0
    assert target.read_bytes() == OLD
    assert os.listdir(tmp_path) == ["甲.xlsx"]


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become someone else")
def test_a_folder_that_others_own_is_told_in_words(tmp_path):
    folder = tmp_path / "夹"
    folder.mkdir(mode=0o755)

    def as_nobody() -> None:
        os.chdir(folder)
        os.setgid(65534)
        os.setuid(65534)
        refused("甲.xlsx", "没有权限写入这个文件夹")

    assert in_a_child(as_nobody) == 0


def test_what_a_killed_process_left_goes_with_the_next_writing_of_the_same_target(tmp_path):
    target = tmp_path / "甲.xlsx"

    def killed() -> Iterator[bytes]:
        yield NEW
        os.kill(os.getpid(), signal.SIGKILL)

    assert in_a_child(lambda: write_whole(target, killed())) == -signal.SIGKILL
    (left,) = os.listdir(tmp_path)
    assert left.startswith(".perfxl-") and left.endswith(".tmp")

    write_whole(tmp_path / "乙.xlsx", [OLD])
    assert left in os.listdir(tmp_path)
    write_whole(target, [NEW])
    assert sorted(os.listdir(tmp_path)) == ["乙.xlsx", "甲.xlsx"]


def test_two_that_write_the_same_file_do_not_spoil_it(tmp_path):
    target = tmp_path / "甲.xlsx"

    def outer() -> Iterator[bytes]:
        yield OLD[:1000]
        write_whole(target, [NEW])
        assert target.read_bytes() == NEW
        yield OLD[1000:]

    write_whole(target, outer())
    assert target.read_bytes() == OLD
    assert os.listdir(tmp_path) == ["甲.xlsx"]


def test_many_that_write_the_same_file_leave_one_of_their_files_whole(tmp_path):
    target = tmp_path / "甲.xlsx"
    contents = [bytes([65 + number]) * 200_000 for number in range(4)]

    def again_and_again(content: bytes) -> None:
        for _ in range(40):
            write_whole(target, [content[:100_000], content[100_000:]])

    children = []
    for content in contents:
        child = os.fork()
        if not child:
            status = 1
            with contextlib.suppress(BaseException):
                again_and_again(content)
                status = 0
            os._exit(status)
        children.append(child)
    seen = set()
    while children:
        with contextlib.suppress(FileNotFoundError):
            seen.add(target.read_bytes())
        done, status = os.waitpid(children[0], os.WNOHANG)
        if done:
            assert os.waitstatus_to_exitcode(status) == 0
            children.pop(0)
    assert seen <= set(contents) and target.read_bytes() in contents
    assert os.listdir(tmp_path) == ["甲.xlsx"]


@pytest.mark.parametrize("without", ["locks", "fcntl"])
def test_a_system_without_locks_writes_all_the_same(tmp_path, monkeypatch, without):
    def no_locks(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    if without == "fcntl":
        monkeypatch.setattr(writing, "fcntl", None)
    else:
        assert writing.fcntl is not None
        monkeypatch.setattr(writing.fcntl, "flock", no_locks)
    for content in (OLD, NEW):
        write_whole(tmp_path / "甲.xlsx", [content])
        assert (tmp_path / "甲.xlsx").read_bytes() == content
    assert os.listdir(tmp_path) == ["甲.xlsx"]


def test_a_folder_with_the_name_of_the_temporary_file_is_no_hindrance(tmp_path):
    target = tmp_path / "甲.xlsx"
    made: list[str] = []
    true_open = os.open
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "open", lambda path, *more: made.append(path) or true_open(path, *more))
        write_whole(target, [OLD])
    usual = next(path for path in made if path.endswith(".tmp"))
    os.mkdir(usual)

    write_whole(target, [NEW])

    assert target.read_bytes() == NEW and os.path.isdir(usual)


def test_a_link_planted_under_the_name_of_the_temporary_file_is_not_followed(tmp_path):
    victim = tmp_path / "别的"
    victim.write_bytes(OLD)
    target = tmp_path / "夹" / "甲.xlsx"
    target.parent.mkdir()
    usual = writing._reserve(str(target))
    os.close(usual[1])
    os.unlink(usual[0])
    os.symlink(victim, usual[0])

    write_whole(target, [NEW])

    assert victim.read_bytes() == OLD and target.read_bytes() == NEW
