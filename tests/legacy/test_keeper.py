"""A file can only ever take its own worker along."""

from __future__ import annotations

import io
import os
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest

from perfxl.errors import DamagedWorkbook, LimitExceeded
from perfxl.legacy import keeper
from perfxl.legacy.book import read_legacy
from perfxl.legacy.worker import _limit

NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def ods(rows: str) -> bytes:
    """An .ods with one sheet of these rows."""
    table = f'<table:table table:name="表">{rows}</table:table>'
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", "<manifest/>")
        package.writestr(
            "content.xml", f"<office:document-content {NAMES}>{body}</office:document-content>"
        )
    return out.getvalue()


def row(cell: str, more: str = "") -> str:
    return f"<table:table-row {more}>{cell}</table:table-row>"


NUMBER = '<table:table-cell office:value-type="float" office:value="{0}"><text:p>{0}</text:p>'
SMALL = ods(row(NUMBER.format(7) + "</table:table-cell>"))
# A few bytes that stand for 33 million values, more than fit into the worker's memory.
HUGE = ods(
    row(
        '<table:table-cell office:value-type="float" office:value="1" '
        'table:number-columns-repeated="16384"/>',
        'table:number-rows-repeated="2000"',
    )
)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


@pytest.fixture(autouse=True)
def no_workers_left_over():
    keeper._end_all()
    yield
    keeper._end_all()


def value_of(data: bytes) -> object:
    return read_legacy("a.ods", "ods", data).grids[0].cells[1, 1].value


def test_a_worker_is_used_again():
    value_of(SMALL)
    (worker,) = keeper._idle
    value_of(SMALL)
    assert keeper._idle == [worker] and worker.served == 2


def test_a_file_that_asks_for_all_the_memory_is_refused_and_the_next_one_is_read():
    value_of(SMALL)
    began = time.monotonic()
    with pytest.raises((DamagedWorkbook, LimitExceeded), match=r"中途退出|内存|时限"):
        read_legacy("a.ods", "ods", HUGE)
    assert time.monotonic() - began < 2 * keeper.SECONDS + 5
    assert value_of(SMALL) == 7


def test_a_worker_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(keeper, "SECONDS", 0.001)
    begun: list[int] = []
    exchange = keeper._Worker._exchange

    def far_too_slow(self: keeper._Worker, request: bytes, data: bytes) -> keeper.Answer:
        begun.append(self.process.pid)
        self.process.wait(timeout=60)
        return exchange(self, request, data)

    monkeypatch.setattr(keeper._Worker, "_exchange", far_too_slow)
    with pytest.raises(LimitExceeded, match="时限"):
        read_legacy("a.ods", "ods", SMALL)
    assert keeper._idle == [] and begun and not any(map(is_alive, begun))


def test_a_worker_that_died_while_idle_is_replaced():
    value_of(SMALL)
    keeper._idle[0].process.kill()
    assert value_of(SMALL) == 7


def test_a_worker_that_an_earlier_file_spoilt_is_replaced():
    value_of(SMALL)
    spoilt = keeper._idle[0]
    assert spoilt.process.stdout is not None
    spoilt.process.stdout.close()
    assert value_of(SMALL) == 7
    assert spoilt not in keeper._idle


def test_threads_never_share_a_worker():
    files = [ods(row(NUMBER.format(n) + "</table:table-cell>")) for n in range(40)]
    with ThreadPoolExecutor(4) as executor:
        assert list(executor.map(value_of, files)) == list(range(40))
    assert 1 <= len(keeper._idle) <= 4


def test_repeated_cells_beyond_the_limit_are_refused_by_number():
    many = NUMBER.format(1).replace("-cell ", '-cell table:number-columns-repeated="2000" ')
    data = ods(row(f"{many}</table:table-cell>", 'table:number-rows-repeated="1000"'))
    with pytest.raises(LimitExceeded, match="1,000,000"):
        value_of(data)


def test_a_system_that_takes_no_such_limit_still_reads(monkeypatch):
    """macOS refuses any limit on the address space."""
    resource = pytest.importorskip("resource")
    taken = []

    def setrlimit(kind: int, limits: tuple[int, int]) -> None:
        if kind == resource.RLIMIT_AS:
            raise ValueError("current limit exceeds maximum limit")
        taken.append(kind)

    monkeypatch.setattr(resource, "setrlimit", setrlimit)
    _limit(1 << 30, 15)
    assert taken == [resource.RLIMIT_CPU, resource.RLIMIT_CORE]
