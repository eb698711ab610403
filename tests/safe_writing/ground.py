"""A workbook whose copy is written while the process is killed."""

from __future__ import annotations

import shutil
from pathlib import Path

import perfxl
from perfxl import writing
from perfxl.inputs import find_inputs
from perfxl.model import Report

OLD = b"old" * 30_000


class Ground:
    """A workbook with known mistakes, what its copy must be, and the copy's place."""

    def __init__(self, folder: Path, source: Path, old: bytes | None):
        self.folder, self.old = folder, old
        self.input, self.target = folder / "甲.xlsx", folder / "甲.checked.xlsx"
        shutil.copy(source, self.input)
        self.content = source.read_bytes()
        self.stamp = self.input.stat().st_mtime_ns
        self.report: Report = perfxl.check(self.input)
        perfxl.correct(self.report, self.target)
        self.new = self.target.read_bytes()
        self.reset()

    def reset(self) -> None:
        for path in self.folder.iterdir():
            if path != self.input:
                path.unlink()
        if self.old is not None:
            self.target.write_bytes(self.old)

    def write(self) -> None:
        perfxl.correct(self.report, self.target)

    def trickle(self) -> None:
        """Write the same in many small pieces."""
        writing._BLOCK = 64
        pieces = (self.new[at : at + 64] for at in range(0, len(self.new), 64))
        writing.write_whole(self.target, pieces)

    def state(self) -> str:
        """What the target is; the input must be as it was, and the rest hidden."""
        assert self.input.read_bytes() == self.content
        assert self.input.stat().st_mtime_ns == self.stamp
        left = {path.name for path in self.folder.iterdir()} - {"甲.xlsx", "甲.checked.xlsx"}
        assert all(name.startswith(".perfxl-") and name.endswith(".tmp") for name in left), left
        assert len(left) <= 1
        read = find_inputs([self.folder]).files
        assert {Path(path).name for path in read} <= {"甲.xlsx", "甲.checked.xlsx"}
        if not self.target.exists():
            return "absent"
        found = self.target.read_bytes()
        assert found in (self.old, self.new), f"{len(found)} bytes"
        return "new" if found == self.new else "old"

    def leftover(self) -> bool:
        return any(path.name.startswith(".") for path in self.folder.iterdir())

    def recovers(self) -> None:
        """The next writing gives the whole copy and clears up."""
        self.write()
        assert self.state() == "new" and not self.leftover()
