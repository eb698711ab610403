"""The workbook part: its sheets, its defined names, its date system."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from xml.etree.ElementTree import Element

from perfxl.errors import DamagedWorkbook, NotAWorkbook
from perfxl.model import DefinedName
from perfxl.package import limits
from perfxl.package.xmlread import local, namespace, truth

STRICT = "{http://purl.oclc.org/ooxml/"
_ADVICE = "请用 Excel 或 WPS 打开并修复，再另存为 .xlsx。"


class SheetEntry(NamedTuple):
    """One sheet as the workbook part lists it; ``state`` is visible, hidden or veryHidden."""

    name: str
    part: str
    state: str
    sheet_id: int
    relationship_id: str


class WorkbookInfo(NamedTuple):
    """What the workbook part says.

    ``sheets`` are the worksheets, ``others`` the chart, dialog and macro sheets; ``order`` all
    their names as the tabs stand (defined names count positions in it).
    """

    sheets: tuple[SheetEntry, ...]
    others: tuple[SheetEntry, ...]
    order: tuple[str, ...]
    names: tuple[DefinedName, ...]
    date1904: bool
    strict: bool


def read_workbook(root: Element, targets: Mapping[str, tuple[str, str]]) -> WorkbookInfo:
    """Read the root of the workbook part.

    ``targets`` maps a relationship id to its part and kind (``worksheet``). Raises
    NotAWorkbook, DamagedWorkbook, LimitExceeded (sheets, names).
    """
    ns = namespace(root)
    if local(root.tag) != "workbook":
        raise NotAWorkbook(
            f"这不是 .xlsx 工作簿：主部件是 {local(root.tag)[:40]}。"
            "请让报送单位重新发送 .xlsx 文件。"
        )
    worksheets: list[SheetEntry] = []
    others: list[SheetEntry] = []
    listed = root.findall(f"{ns}sheets/{ns}sheet")
    limits.count(len(listed), limits.SHEETS, "工作表", "张", limits.SUSPECT)
    order = []
    for element in listed:
        entry, kind = _entry(element, targets)
        order.append(entry.name)
        (worksheets if kind == "worksheet" else others).append(entry)
    if not worksheets:
        raise DamagedWorkbook(f"工作簿里没有工作表，文件已损坏。{_ADVICE}")
    if len({entry.part for entry in worksheets}) < len(worksheets):
        raise DamagedWorkbook(f"工作簿里有两张工作表用同一个部件，文件已损坏。{_ADVICE}")
    if len({name.casefold() for name in order}) < len(order):
        raise DamagedWorkbook(f"工作簿里有同名的工作表，文件已损坏。{_ADVICE}")
    properties = root.find(f"{ns}workbookPr")
    date1904 = properties is not None and truth(properties.get("date1904"))
    names = _names(root, ns, order)
    strict = ns.startswith(STRICT)
    return WorkbookInfo(tuple(worksheets), tuple(others), tuple(order), names, date1904, strict)


def _entry(element: Element, targets: Mapping[str, tuple[str, str]]) -> tuple[SheetEntry, str]:
    name = element.get("name", "")
    link = next(
        (value for key, value in element.items() if key[0] == "{" and local(key) == "id"), ""
    )
    part, kind = targets.get(link, ("", ""))
    if not part:
        raise DamagedWorkbook(f"工作表“{name}”没有对应的部件，文件已损坏。{_ADVICE}")
    number = element.get("sheetId", "")
    sheet_id = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0
    return SheetEntry(name, part, element.get("state", "visible"), sheet_id, link), kind


def _names(root: Element, ns: str, order: list[str]) -> tuple[DefinedName, ...]:
    listed = root.findall(f"{ns}definedNames/{ns}definedName")
    limits.count(len(listed), limits.NAMES, "名称", "个", limits.SUSPECT)
    names = []
    for element in listed:
        local_id = element.get("localSheetId")
        sheet = None
        if local_id is not None:
            known = local_id.isascii() and local_id.isdigit() and len(local_id) < 6
            if not known or int(local_id) >= len(order):
                # Excel drops a name of a sheet that is not there; nothing can refer to it.
                continue
            sheet = order[int(local_id)]
        names.append(
            DefinedName(
                element.get("name", ""),
                (element.text or "").strip().removeprefix("="),
                sheet,
                truth(element.get("hidden")),
            )
        )
    return tuple(names)
