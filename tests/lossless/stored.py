"""The same parts packed and spelt in other ways: XML, part names and zips of any writer."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

from tests.lossless import annexes
from tests.lossless.annexes import LEDGER, OVERALL
from tests.lossless.dialects import BOOK_LINKS, STRINGS, STYLES, drop, numbers, worksheets
from tests.lossless.feature import WHOLE, added, written
from tests.lossless.judge import place
from tests.lossless.parts import BOOK, TYPES, Parts


def _rows(parts: Parts, name: str) -> list[tuple[int, str, dict[int, str]]]:
    """Row number, its attributes, and its cells by column."""
    found = []
    for row in re.finditer(r"<row ([^>]*?)(?:/>|>(.*?)</row>)", parts[name].decode(), re.S):
        cells = re.findall(r"<c (?:[^>]*?/>|.*?</c>)", row[2] or "", re.S)
        by_column = {place(re.search(r'r="(\w+)"', one)[1])[1]: one for one in cells}  # type: ignore[index]
        found.append((int(re.search(r'\br="(\d+)"', row[1])[1]), row[1], by_column))  # type: ignore[index]
    return found


def without_references(parts: Parts, name: str) -> None:
    """Rows and cells that are counted, not named."""
    made, at = "", 0
    for number, given, cells in _rows(parts, name):
        made += "<row/>" * (number - at - 1)
        at = number
        body = "".join(cells.get(col, "<c/>") for col in range(1, max(cells, default=0) + 1))
        made += f"<row {given}>{body}</row>"
    made = re.sub(r'(<(?:row|c)) r="\w+"', r"\1", made)
    made = re.sub(r' spans="[^"]*"', "", made)
    body = f"<sheetData>{made}</sheetData>".replace("\\", r"\\")
    parts.sub(name, "<sheetData>.*</sheetData>", body)


@added("绝对的关系目标", (BOOK_LINKS, 'Target="/xl/w[^"]*"'))
def absolute_targets(parts: Parts) -> None:
    parts.sub(BOOK_LINKS, 'Target="', 'Target="/xl/', count=0)
    parts.sub("_rels/.rels", 'Target="', 'Target="/', count=0)


@written("古怪的部件名", ("content/表/*", "<pageSetup [^>]*>"), beyond=frozenset({"libreoffice"}))
def odd_part_names(path: Path) -> None:
    """Not in xl/, in Chinese, with blanks; the relationships say where they are."""
    parts = Parts.of(annexes.plain())
    spelt = {
        BOOK: "content/main book.xml",
        BOOK_LINKS: "content/_rels/main book.xml.rels",
        STYLES: "content/looks.XML",
        STRINGS: "content/文字.xml",
        **{name: f"content/表/第{n}张.xml" for n, name in enumerate(worksheets(parts), 1)},
    }
    drop(parts, "xl/calcChain.xml", "xl/theme/theme1.xml")
    made = Parts({spelt.get(name, name): content for name, content in parts.items()})
    for rels in ("_rels/.rels", spelt[BOOK_LINKS], TYPES):
        text = made[rels].decode()
        for old, new in spelt.items():
            escaped = new.replace(" ", "%20")
            text = text.replace(f'"/{old}"', f'"/{escaped}"').replace(f'"{old}"', f'"{escaped}"')
            inside = old.removeprefix("xl/")
            text = text.replace(f'Target="{inside}"', f'Target="/{escaped}"')
        made[rels] = text.encode()
    made.write(path)


@written("部件名用反斜线", ("xl/theme/*", WHOLE), beyond=frozenset({"libreoffice"}))
def backslashes(path: Path) -> None:
    parts = Parts.of(annexes.plain())
    Parts({name.replace("/", "\\"): content for name, content in parts.items()}).write(path)


@written(
    "部件名大小写不一", ("XL/Worksheets/*", "<pageSetup [^>]*>"), beyond=frozenset({"libreoffice"})
)
def other_case(path: Path) -> None:
    parts = Parts.of(annexes.plain())
    made = {}
    for name, content in parts.items():
        folder = name.startswith("xl/worksheets/")
        made[name.replace("xl/worksheets/sheet", "XL/Worksheets/Sheet") if folder else name] = (
            content
        )
    Parts(made).write(path)


@added("没有行号和单元格地址", (OVERALL, "<row ht[^>]*>"))
def counted(parts: Parts) -> None:
    for name in worksheets(parts):
        without_references(parts, name)


@added("没有样式部件", (OVERALL, "<pageSetup [^>]*>"))
def no_styles(parts: Parts) -> None:
    drop(parts, STYLES)
    for name in worksheets(parts):
        parts[name] = re.sub(rb'(<c [^>]*?) s="\d+"', rb"\1", parts[name])


@added("只有必需的部件", ("_rels/.rels", "<Relationship [^>]*>"))
def bare(parts: Parts) -> None:
    no_styles(parts)
    numbers(parts)


@added("空的样式部件", (OVERALL, "<pageSetup [^>]*>"))
def empty_styles(parts: Parts) -> None:
    no_styles(parts)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
    content = '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" />'
    parts.attach(BOOK, "styles", STYLES, content, kind)


@added(
    "UTF-16 的工作表",
    (OVERALL, r"\A\xff\xfe"),
    beyond=frozenset({"calamine"}),
)
def wide(parts: Parts) -> None:
    text = parts[OVERALL].decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    parts[OVERALL] = b"\xff\xfe" + text.encode("utf-16-le")


@added("带 BOM、单引号属性和空白", (OVERALL, r"\A\xef\xbb\xbf"), (OVERALL, "<pageSetup [^>]*>"))
def byte_order_mark(parts: Parts) -> None:
    for name in (*worksheets(parts), BOOK, STYLES, BOOK_LINKS, TYPES):
        text = re.sub(r'="([^"\']*)"', r"='\1'", parts[name].decode())
        text = text.replace("><", ">\r\n <").replace("/>", " />")
        parts[name] = b"\xef\xbb\xbf" + text.encode()


@added(
    "XML 注释、CDATA 和处理指令",
    (OVERALL, "<!-- .*? -->"),
    (OVERALL, r"<\?report .*?\?>"),
    (LEDGER, r"<!\[CDATA\[.*?\]\]>"),
)
def comments_in_xml(parts: Parts) -> None:
    parts.sub(OVERALL, '<c r="K4"', '<!-- <c r="K4"/> --><c r="K4"')
    hidden = '<?report v1 <row r="4"> ?><!-- <sheetData/> <c r="K4"/> -->'
    parts.sub(OVERALL, "<sheetData>", f"{hidden}<sheetData>".replace("?", r"?"))
    parts.sub(OVERALL, "</sheetData>", "</sheetData><!-- <legacyDrawing/> -->")
    parts.sub(LEDGER, r"<f>附件3!K4\*100</f>", "<f><![CDATA[附件3!K4*100]]></f>")


@added("文本公式、日期和错误值的单元格", (LEDGER, '<c r="F[2-5]".*?</c>'))
def other_types(parts: Parts) -> None:
    for row, cell in enumerate(
        (
            '<c r="F2" t="str"><f>"a"&amp;"b"</f><v>ab</v></c>',
            '<c r="F3" t="d"><v>2025-04-30T00:00:00</v></c>',
            '<c r="F4" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
        ),
        2,
    ):
        parts.sub(
            LEDGER, rf'(<row r="{row}".*?)</row>', lambda hit, new=cell: f"{hit[1]}{new}</row>"
        )  # type: ignore[arg-type]


class _OneWay(io.RawIOBase):
    """A file that cannot be sought, so that zipfile writes sizes after the data."""

    def __init__(self, path: Path):
        self._stream = path.open("wb")

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        return self._stream.write(data)  # type: ignore[arg-type]

    def close(self) -> None:
        self._stream.close()
        super().close()


@written("流式写出的压缩包（Java）", ("xl/theme/theme1.xml", WHOLE))
def streamed(path: Path) -> None:
    with _OneWay(path) as stream:
        Parts.of(annexes.plain()).write(stream)  # type: ignore[arg-type]


@written("不压缩、目录在最后、带注释的压缩包", ("xl/theme/theme1.xml", WHOLE))
def stored(path: Path) -> None:

    parts = Parts.of(annexes.plain())
    types = parts.pop(TYPES)
    parts[TYPES] = types
    parts.write(path, zipfile.ZIP_STORED)
    with zipfile.ZipFile(path, "a") as packed:
        packed.comment = "报送".encode()


@added("内容类型逐个声明", ("?Content_Types?.xml", '<Override PartName="/_rels/.rels"[^>]*>'))
def only_overrides(parts: Parts) -> None:
    """As LibreOffice writes them: no suffix tells what a part is, not even that of links."""
    links = "application/vnd.openxmlformats-package.relationships+xml"
    parts.sub(TYPES, "<Default [^>]*/>", "", count=0)
    listed = [name for name in parts if name.endswith(".rels")]
    for name in listed:
        parts.append(TYPES, f'<Override PartName="/{name}" ContentType="{links}"/>')
