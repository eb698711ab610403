"""The xlsx package as parts: names, bytes, content types and relationships."""

from __future__ import annotations

import hashlib
import os
import stat
from functools import cached_property
from typing import NamedTuple
from xml.etree.ElementTree import Element

from perfxl.errors import DamagedWorkbook, NotAWorkbook, UnreadableFile
from perfxl.package import limits, sniff, xmlread
from perfxl.package.mainpart import ADVICE, CONTENT_TYPES, main_part
from perfxl.package.workbook import SheetEntry, WorkbookInfo, read_workbook
from perfxl.package.zipread import Directory, Member, inflate, read_directory
from perfxl.writing import TOO_LONG, is_too_long


class Relationship(NamedTuple):
    """One relationship of a part.

    ``type`` is the full URI; ``target`` the target as written; ``target_part`` the part it
    leads to (resolved, spelt as the zip spells it), ``""`` for an external one.
    """

    id: str
    type: str
    target_part: str
    external: bool
    target: str

    @property
    def kind(self) -> str:
        """The last word of the type, the same in Strict and Transitional: ``worksheet``."""
        return self.type[self.type.rfind("/") + 1 :]


class Package:
    """An opened xlsx package, held in memory; the file is not kept open.

    ``data`` are the file's bytes, ``directory`` its zip directory; ``kind`` is xlsx or xlsm;
    ``marked`` is set where marks of ours were taken out of it.
    """

    def __init__(self, path: str, data: bytes):
        self.path = path
        self.marked = False
        self.data = data
        self.directory: Directory = read_directory(data)
        self.parts: tuple[str, ...] = tuple(
            member.name for member in self.directory.members if not member.is_folder
        )
        self._members = {
            member.name.casefold(): member
            for member in self.directory.members
            if not member.is_folder
        }
        self._contents: dict[str, bytes] = {}
        self._relationships: dict[str, tuple[Relationship, ...]] = {}
        self._inflated = 0
        self.workbook_part = main_part(self)
        self.kind = "xlsm" if "macroenabled" in self.content_type(self.workbook_part) else "xlsx"

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the file, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()

    def member(self, part: str) -> Member | None:
        """The zip member that holds a part; None when there is no such part."""
        key = part.casefold()
        return self._members.get(key) or self._members.get(key.replace("\\", "/").lstrip("/"))

    def has(self, part: str) -> bool:
        """Whether the package has that part; upper and lower case are the same."""
        return self.member(part) is not None

    def read(self, part: str) -> bytes:
        """The content of a part. Raises DamagedWorkbook when it is missing or broken."""
        member = self.member(part)
        if member is None:
            raise DamagedWorkbook(f"工作簿缺少部件 {part}，文件已损坏。{ADVICE}")
        content = self._contents.get(member.name)
        if content is None:
            content = inflate(self.data, member, self._inflated)
            self._inflated += len(content)
            self._contents[member.name] = content
        return content

    def xml(self, part: str) -> Element:
        """The parsed root of a part, new on each call. Raises as ``xmlread.parse`` does."""
        return xmlread.parse(self.read(part), part)

    def content_type(self, part: str) -> str:
        """The content type of a part in lower case, without parameters; "" when unknown."""
        defaults, overrides = self._content_types
        member = self.member(part)
        name = (member.name if member else part).casefold()
        found = overrides.get(name)
        if found is None:
            found = defaults.get(name[name.rfind(".") + 1 :], "")
        return found

    @cached_property
    def _content_types(self) -> tuple[dict[str, str], dict[str, str]]:
        defaults: dict[str, str] = {}
        overrides: dict[str, str] = {}
        for element in self.xml(CONTENT_TYPES):
            name = xmlread.local(element.tag)
            kind = element.get("ContentType", "").split(";")[0].strip().lower()
            if name == "Default":
                defaults[element.get("Extension", "").casefold()] = kind
            elif name == "Override":
                part = element.get("PartName", "").replace("\\", "/").lstrip("/")
                overrides[part.casefold()] = kind
        return defaults, overrides

    def relationships(self, part: str) -> tuple[Relationship, ...]:
        """The relationships of a part, in order; ``""`` is the package itself."""
        found = self._relationships.get(part)
        if found is None:
            found = self._relationships[part] = tuple(self._read_relationships(part))
        return found

    def _read_relationships(self, part: str) -> list[Relationship]:
        rels = relationships_part(part)
        if not self.has(rels):
            return []
        found = []
        for element in self.xml(rels):
            if xmlread.local(element.tag) != "Relationship":
                continue
            external = element.get("TargetMode", "").lower() == "external"
            target = element.get("Target", "")
            resolved = "" if external else self._resolve(part, target)
            found.append(
                Relationship(
                    element.get("Id", ""), element.get("Type", ""), resolved, external, target
                )
            )
        return found

    def _resolve(self, source: str, target: str) -> str:
        path = target.partition("#")[0].replace("\\", "/")
        if not path:
            return ""
        steps = [] if path.startswith("/") else source.split("/")[:-1]
        for step in path.split("/"):
            if step == "..":
                del steps[-1:]
            elif step not in ("", "."):
                steps.append(step)
        name = "/".join(steps)
        member = self.member(name)
        if member is None and "%" in name:
            from urllib.parse import unquote

            member = self.member(unquote(name))
        return member.name if member else name

    def related(self, part: str, kind: str) -> str | None:
        """The first part that ``part`` leads to by a relationship of that kind, or None.

        ``kind`` is the last word of the type (``sharedStrings``); a target that the package
        does not have counts as none.
        """
        for link in self.relationships(part):
            if link.kind == kind and not link.external and self.has(link.target_part):
                return link.target_part
        return None

    @cached_property
    def workbook(self) -> WorkbookInfo:
        """What the workbook part says: sheets, names, date system."""
        part = self.workbook_part
        targets = {link.id: (link.target_part, link.kind) for link in self.relationships(part)}
        return read_workbook(self.xml(part), targets)

    @property
    def sheets(self) -> tuple[SheetEntry, ...]:
        """The worksheets in the order of their tabs; chart sheets are in ``workbook``."""
        return self.workbook.sheets

    @property
    def strict(self) -> bool:
        """Whether the workbook is written in the Strict OOXML namespaces."""
        return self.workbook.strict


def relationships_part(part: str) -> str:
    """The name of the part that holds the relationships of ``part`` (``""``: the package)."""
    folder, slash, name = part.rpartition("/")
    return f"{folder}{slash}_rels/{name}.rels"


def open_package(path: str | os.PathLike[str]) -> Package:
    """Open an .xlsx or .xlsm file, reading it once and whole.

    Raises UnreadableFile, NotAWorkbook, EncryptedWorkbook, DamagedWorkbook, UnsafeWorkbook or
    LimitExceeded.
    """
    return package_of(path, read_file(path))


def package_of(path: str | os.PathLike[str], data: bytes) -> Package:
    """The package in the bytes of a file that has been read. Raises as ``open_package``."""
    if not sniff.is_zip(data):
        if os.path.basename(os.fspath(path)).startswith("~$"):
            raise NotAWorkbook(
                "这是 Excel 打开工作簿时留下的锁文件（~$ 开头），不是工作簿。"
                "请关闭 Excel，检查同名而不带 ~$ 的文件。"
            )
        raise sniff.refusal(data)
    return Package(os.fspath(path), data)


def read_file(path: str | os.PathLike[str]) -> bytes:
    """The bytes of a regular file of at most 20 MB.

    Raises UnreadableFile (missing, a folder, no permission, empty) and LimitExceeded.
    """
    try:
        status = os.stat(path)
        if stat.S_ISDIR(status.st_mode):
            raise UnreadableFile(f"{path} 是文件夹，不是文件。请给出其中的工作簿。")
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableFile(f"{path} 不是普通文件（是设备或管道）。请给出 .xlsx 文件。")
        limits.size(status.st_size, limits.FILE_BYTES, "文件", limits.SUSPECT)
        with open(path, "rb") as stream:
            data = stream.read(limits.FILE_BYTES + 1)
    except FileNotFoundError:
        if is_too_long(path):
            raise UnreadableFile(f"读不了 {path}：{TOO_LONG}。") from None
        raise UnreadableFile(f"找不到文件 {path}。请核对路径和文件名。") from None
    except PermissionError:
        raise UnreadableFile(
            f"没有权限读取 {path}。请检查文件的权限，或关闭正在使用它的程序。"
        ) from None
    except (OSError, ValueError) as error:
        raise UnreadableFile(f"读不了文件 {path}（{error}）。请复制到本机后再试。") from None
    limits.size(len(data), limits.FILE_BYTES, "文件", limits.SUSPECT)
    if not data:
        raise UnreadableFile(f"{path} 是空文件（0 字节）。请让报送单位重新发送。")
    return data
