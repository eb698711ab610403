"""Which files a command reads, and which are perfxl's own; what a corrected copy is called."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from perfxl.errors import UnwritableTarget
from perfxl.package.peek import as_written, peek
from perfxl.writing import is_too_long

WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".et", ".xlsb", ".ods", ".csv"})
"""What a folder is searched for; a file that is named outright is judged by its content."""
OTHERS = frozenset({".zip", ".rar", ".7z", ".doc", ".docx", ".wps", ".pdf"})
"""What units send in place of a workbook, or workbooks within."""
PRODUCT = ("perfxl产物", "汇总")
"""The document property, and its value, of the workbooks in which perfxl gathers many files."""
TABLES = ("文件,单位,年度,模板,结论,级别,编码,", "文件,单位,年度,表,工作表,项目,行,栏目,")
"""How the CSV files begin in which perfxl gathers many files."""
_CORRECTED = ".checked"
_NUMBERED = re.compile(r"-\d+$")
_WILD = re.compile(r"[*?]")
_MACROS, _PLAIN = ".xlsm", ".xlsx"
_WITH_MACROS = (_MACROS, ".xltm", ".xlam")
_LONGEST_NAME = 255
_LONGEST_NUMBER = 6


class Inputs(NamedTuple):
    """What was found: the ``files`` to read, in order.

    ``own`` are perfxl's own files that were passed over, ``saved`` those of them that another
    program has saved since; ``closed`` are folders that cannot be listed; ``others`` are files
    that may hold a report and are no workbook.
    """

    files: list[str]
    own: list[str]
    saved: list[str]
    closed: list[str]
    others: list[str]


def find_inputs(
    paths: Iterable[str | os.PathLike[str]],
    copies: str | None = None,
    result: str | None = None,
) -> Inputs:
    """The files named, and the workbooks in the folders named and below them.

    In a folder these are passed over: lock and hidden files, tables over many files that
    perfxl wrote (by their content), and corrected copies. Such a copy lies beside its
    original, or is still as perfxl wrote it and its original is somewhere in the same folder
    named, or it is in ``copies``, the folder for them; any other file of that name came back
    from a unit and is read. A pattern (``*.xlsx``), which the shells of Windows hand on as it
    is, stands for what it matches, as a folder does. ``result`` is the file that the command
    itself will write: no input. Raises UnwritableTarget where that is one of the files named.
    """
    found = Inputs([], [], [], [], [])
    written = same_place(result) if result else None
    paths = list(paths)
    if result:
        refuse_inputs(result, (path for path in paths if not os.path.isdir(path)))
    for path in map(Path, paths):
        if os.path.isdir(path):
            _search(_workbooks(path, found), copies, written, found)
        elif matched := _matching(path, found):
            _search(matched, copies, written, found)
        else:
            found.files.append(str(path))
    files = dict.fromkeys(found.files)
    passed_over = ([one for one in dict.fromkeys(many) if one not in files] for many in found[1:])
    return Inputs(list(files), *passed_over)


def refuse_inputs(result: str, files: Iterable[str | os.PathLike[str]]) -> None:
    """Raise UnwritableTarget where the result would take the place of one of the files."""
    written = same_place(result)
    if any(same_place(path) == written for path in files):
        raise UnwritableTarget(f"{result} 就是要读取的文件，原件从不改动；请换一个文件名")


def _search(listed: Iterable[Path], copies: str | None, written: str | None, found: Inputs) -> None:
    workbooks = sorted(listed)
    if written:
        workbooks = [path for path in workbooks if same_place(path) != written]
    beside = {_made_from(path) for path in workbooks}
    anywhere = {(stem, suffix) for _, stem, suffix in beside}
    for path in workbooks:
        if path.stem.endswith(_CORRECTED):
            mine = set(_originals(path))
            fresh = as_written(path)
            elsewhere = {(stem, suffix) for _, stem, suffix in mine} & anywhere
            inside = copies is not None and same_place(path.parent) == same_place(copies)
            own = bool(mine & beside) or (fresh and (bool(elsewhere) or inside))
            if own and not fresh:
                found.saved.append(str(path))
        else:
            own = _gathers_many(path)
        (found.own if own else found.files).append(str(path))


def _workbooks(folder: Path, found: Inputs) -> Iterator[Path]:
    def cannot_list(error: OSError) -> None:
        found.closed.append(str(error.filename))

    for at, _, names in os.walk(folder, onerror=cannot_list):
        for name in sorted(names):
            path = Path(at, name)
            if path.suffix.lower() in OTHERS and not name.startswith((".", "~$")):
                found.others.append(str(path))
            passed_over = name.startswith((".", "~$")) or path.suffix.lower() not in WORKBOOKS
            # One whose path is too long is no file to Windows; the reader says why.
            if not passed_over and (os.path.isfile(path) or is_too_long(path)):
                yield path


def _matching(pattern: Path, found: Inputs) -> list[Path]:
    """The workbooks that match a pattern, or are in a folder that does; the other files that
    match it where there are none."""
    if not _WILD.search(str(pattern)) or os.path.lexists(pattern):
        return []
    # Only where a pattern is given: one workbook must be checked quickly.
    from glob import glob

    # Brackets stand for themselves in the names that units give, and in cmd.
    places = [Path(place) for place in glob(str(pattern).replace("[", "[[]"))]
    files = [path for path in places if os.path.isfile(path) and not path.name.startswith("~$")]
    workbooks = [path for path in files if path.suffix.lower() in WORKBOOKS]
    for folder in filter(os.path.isdir, places):
        workbooks += _workbooks(folder, found)
    return workbooks or files


def copy_name(path: Path, number: int = 1) -> str:
    """The name of the corrected copy of a file; the second of that name has number 2.

    A name too long for the system is cut, so that what perfxl adds finds room.
    """
    mark = f"-{number}" if number > 1 else ""
    tail = f"{mark}{_CORRECTED}{_copy_suffix(path)}"
    return _cut(path.stem, _LONGEST_NAME - len(tail)) + tail


def _copy_suffix(path: Path) -> str:
    return _MACROS if path.suffix.lower() in _WITH_MACROS else _PLAIN


def _cut(stem: str, room: int) -> str:
    """The beginning of a name: Windows counts its characters, other systems its bytes."""
    if os.name == "nt":
        return stem[:room]
    raw = os.fsencode(stem)
    if len(raw) <= room:
        return stem
    # A character takes up to four bytes; all but its first begin with the bits 10.
    stop = next((at for at in range(room, room - 4, -1) if raw[at] & 0xC0 != 0x80), room)
    return os.fsdecode(raw[:stop])


_Made = tuple[str, str, str]
"""The folder, the name and the suffix of a corrected copy, comparable with an original's."""


def _made_from(path: Path) -> _Made:
    return (str(path.parent), _comparable(path.stem), _copy_suffix(path))


def _originals(path: Path) -> Iterator[_Made]:
    """What the original of this copy may be called."""
    stem = path.stem.removesuffix(_CORRECTED)
    for name in (stem, _NUMBERED.sub("", stem)):
        yield (str(path.parent), _comparable(name), path.suffix)


def _comparable(stem: str) -> str:
    shortest = _LONGEST_NAME - len(_CORRECTED) - len(_PLAIN) - _LONGEST_NUMBER
    return os.path.normcase(_cut(stem, shortest))


def _gathers_many(path: Path) -> bool:
    suffix = path.suffix.lower()
    if suffix == _PLAIN:
        return PRODUCT[0].encode() in peek(path, "docProps/custom.xml")
    if suffix != ".csv":
        return False
    try:
        with open(path, "rb") as stream:
            begin = stream.read(200)
    except OSError:
        return False
    return begin.removeprefix(b"\xef\xbb\xbf").startswith(tuple(t.encode() for t in TABLES))


def places(paths: Sequence[str], folder: str | None = None) -> Iterator[str]:
    """A place for the corrected copy of each file: beside it, or in ``folder``.

    No two copies share a place, none takes that of an input, and none that of a file which
    perfxl did not write or which someone saved since: such are told apart by a number.
    """
    taken = {same_place(path) for path in paths}
    used: dict[str, int] = {}
    for path in map(Path, paths):
        within = Path(folder) if folder else path.parent
        plain = same_place(within / copy_name(path))
        number = used.get(plain, 0) + 1
        while same_place(target := within / copy_name(path, number)) in taken or _foreign(target):
            number += 1
        used[plain] = number
        taken.add(same_place(target))
        yield str(target)


def _foreign(target: Path) -> bool:
    return os.path.isfile(target) and not as_written(target)


def same_place(path: str | os.PathLike[str]) -> str:
    """The same for all ways to name one file, on systems too that fold case or accents."""
    folder, name = os.path.split(os.path.abspath(path))
    # Windows cannot tell the true place of some network and virtual disks.
    with suppress(OSError):
        folder = os.path.realpath(folder)
    whole = os.path.join(folder, name)
    return unicodedata.normalize("NFC", os.path.normcase(whole)).casefold()
