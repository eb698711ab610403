"""What a check of one workbook must not wait for."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import seed_tables, shapes

ROOT = Path(__file__).parent.parent
HEAVY = {"numpy", "scipy", "openpyxl", "xlsxwriter", "formulas", "schedula", "python_calamine"}
SLOW = {"concurrent.futures.process", "multiprocessing", "asyncio", "email", "http"}
OTHER_FORMATS = {"perfxl.legacy", "perfxl.plaintext", "subprocess", "msoffcrypto"}


def printed(code: str, cwd: Path = ROOT) -> str:
    """What the code prints in a Python of its own."""
    ran = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {code}"],
        cwd=cwd,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    assert ran.returncode in (0, 1) and "Traceback" not in ran.stderr, ran.stderr
    return ran.stdout


def modules_after(code: str, cwd: Path) -> set[str]:
    """The modules that are loaded when the code has run in a new Python."""
    tell = "import atexit; atexit.register(lambda: print('\\n'.join(sys.modules)))"
    loaded = set(printed(f"{tell}; {code}", cwd).split())
    assert "perfxl" in loaded
    return loaded


@pytest.mark.parametrize("writes", [True, False], ids=["with a copy", "report only"])
def test_a_check_imports_nothing_heavy(tmp_path: Path, writes: bool):
    shapes.official(seed_tables.seed(), tmp_path / "a.xlsx")
    arguments = ["check", "a.xlsx", "-q", *([] if writes else ["--no-write"])]
    code = f"from perfxl.cli import run; run({arguments})"
    loaded = modules_after(code, tmp_path)
    assert "perfxl.check" in loaded
    assert loaded.isdisjoint(HEAVY | SLOW | OTHER_FORMATS)
    assert (tmp_path / "a.checked.xlsx").exists() is writes


PATTERNS = """
import json, re, sys
import perfxl.check, perfxl.correct
ours = [module for name, module in sys.modules.items() if name.startswith("perfxl.")]
held = {one for module in ours for one in vars(module).values() if type(one) is re.Pattern}
print(json.dumps([one.pattern for one in held if isinstance(one.pattern, str)]))
"""


def test_no_pattern_of_a_check_names_thousands_of_characters():
    """To compile one with all Chinese characters takes Python 1.5 ms, and a check had four."""
    # In a Python of its own: other tests load modules that no check waits for.
    texts = json.loads(printed(PATTERNS))
    assert len(texts) > 50
    assert [text for text in texts if any(wide > 5000 for wide in widths(text))] == []


def widths(pattern: str) -> list[int]:
    """How many characters each range of the pattern's classes has."""
    plain = re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), pattern)
    return [ord(last) - ord(first) for first, last in re.findall(r"([^\\[])-([^\]\\])", plain)]


def test_importing_perfxl_imports_nothing_of_it(tmp_path: Path):
    loaded = modules_after("import perfxl", tmp_path)
    assert {name for name in loaded if name.startswith("perfxl")} == {"perfxl"}


def test_help_does_not_load_the_checks(tmp_path: Path):
    loaded = modules_after("from perfxl.cli import run; run(['--help'])", tmp_path)
    assert loaded.isdisjoint({"perfxl.check", "perfxl.formula", "perfxl.template"})


def test_the_command_looks_for_rings_of_dead_objects_seldom():
    """Looking after every 700 objects, as Python does by itself, takes a tenth of a check."""
    tell = "atexit.register(lambda: print(gc.get_threshold()[0], gc.get_freeze_count() > 0))"
    code = f"import atexit, gc; {tell}; sys.argv = ['perfxl', '--version']"
    threshold, frozen = printed(f"{code}; from perfxl.cli import main; main()").split()[-2:]
    assert int(threshold) > 10_000 and frozen == "True"
