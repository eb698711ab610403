"""Does in LibreOffice what a unit does by hand; run by the Python that has ``uno``.

``python3 driver.py SOFFICE PROFILE`` reads jobs as JSON from its input, one list, and writes
one answer for each to its output. A job is ``{"open": path, "do": [step, …]}``; each step is
a list whose first item names it (see ``STEPS``). The answer holds what its steps gave, or
under ``failed`` why one of them could not be done.

It imports nothing of the project: the system's Python has none of it.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

XLSX = "Calc MS Excel 2007 XML"
_PATIENCE = 90


def _property(name, value):
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def _sheet(doc, name):
    return doc.Sheets.getByName(name)


def type_cells(doc, cells):
    """Type each text into its cell: ``[[sheet, address, text], …]``; gives those refused.

    Text is read as a person's typing is: 87.5% becomes a ratio, =1+1 a formula, and anything
    in a cell formatted as text stays text.
    """
    refused = []
    # Each typed cell would have every rule worked out again; ``recalculate`` does it once.
    doc.enableAutomaticCalculation(False)
    sheets = {name: _sheet(doc, name) for name in {sheet for sheet, _, _ in cells}}
    protected = {name for name, sheet in sheets.items() if sheet.isProtected()}
    for sheet, address, text in cells:
        cell = sheets[sheet].getCellRangeByName(address)
        if sheet in protected and cell.CellProtection.IsLocked:
            refused.append([sheet, address])
            continue
        cell.FormulaLocal = text
    return refused


def insert_rows(doc, sheet, row, count):
    """Insert rows so that the first new one is ``row``; gives whether the sheet let us."""
    return _changed_rows(doc, sheet, lambda rows: rows.insertByIndex(row - 1, count))


def delete_rows(doc, sheet, row, count):
    """Delete rows from ``row`` on; gives whether the sheet let us."""
    return _changed_rows(doc, sheet, lambda rows: rows.removeByIndex(row - 1, count))


def _changed_rows(doc, sheet, change):
    where = _sheet(doc, sheet)
    before = _fingerprint(where)
    try:
        change(where.Rows)
    except Exception:
        return False
    return _fingerprint(where) != before


def _fingerprint(sheet):
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    area = sheet.getCellRangeByPosition(0, 0, 20, cursor.RangeAddress.EndRow)
    return area.getFormulaArray()


def copy_sheet(doc, sheet, name):
    """Copy a sheet right behind itself and its earlier copies, under a new name."""
    names = list(doc.Sheets.ElementNames)
    copies = sum(one.startswith(f"{sheet} (") for one in names)
    doc.Sheets.copyByName(sheet, name, names.index(sheet) + 1 + copies)


def shown(doc, cells):
    """What each cell shows: ``[[sheet, address], …]``."""
    return [_sheet(doc, sheet).getCellRangeByName(address).String for sheet, address in cells]


def takes(doc, typed):
    """For each ``[sheet, address, text]``: whether the cell's validation takes that text.

    LibreOffice asks its validation only of a person at the screen, so the text is typed in
    and the condition that LibreOffice has read from the file is worked out over the cell.
    Gives "yes", "no", "warned" or "free".
    """
    return [_taken(_sheet(doc, sheet), address, text) for sheet, address, text in typed]


def _taken(sheet, address, text):
    sheet.unprotect("")
    cell = sheet.getCellRangeByName(address)
    cell.FormulaLocal = text
    rule = cell.Validation
    kind = rule.Type.value
    if kind == "ANY":
        return "free"
    first = _about(cell, rule)
    if kind == "LIST":
        taken = text in [one.strip('"') for one in first.split(";")]
    else:
        taken = _worked_out(sheet, _condition(kind, rule, address, first)) == 1
    if taken:
        return "yes"
    stops = rule.ShowErrorMessage and rule.ErrorAlertStyle.value == "STOP"
    return "no" if stops else "warned"


def _about(cell, rule):
    """The first formula of a validation, which is written for the first cell it is for."""
    at = rule.getSourcePosition()
    first = cell.Spreadsheet.getCellByPosition(at.Column, at.Row)
    names = [one.AbsoluteName.rpartition(".")[2].replace("$", "") for one in (first, cell)]
    return re.sub(rf"\b{names[0]}\b", names[1], rule.getFormula1())


def _condition(kind, rule, address, first):
    if kind == "CUSTOM":
        return first
    value = f"LEN({address})" if kind == "TEXT_LEN" else address
    tests = [f"ISNUMBER({value})"]
    if kind == "WHOLE":
        tests.append(f"{value}=INT({value})")
    operator = rule.getOperator().value
    if operator == "BETWEEN":
        tests += [f"{value}>=({first})", f"{value}<=({rule.getFormula2()})"]
    else:
        tests.append(f"{value}{_OPERATORS[operator]}({first})")
    return f"AND({';'.join(tests)})"


_OPERATORS = {"GREATER_EQUAL": ">=", "LESS_EQUAL": "<=", "GREATER": ">", "LESS": "<", "EQUAL": "="}


def _worked_out(sheet, formula):
    # In a cell of its own, with semicolons, as the interface writes formulas.
    cell = sheet.getCellRangeByName("AZ1000")
    cell.Formula = f"=IF({formula};1;0)"
    try:
        return cell.Value if cell.getError() == 0 else 0
    finally:
        cell.Formula = ""


def recalculate(doc):
    doc.enableAutomaticCalculation(True)
    doc.calculateAll()


def save(doc, path):
    doc.storeToURL(Path(path).as_uri(), (_property("FilterName", XLSX),))


STEPS = {
    step.__name__: step
    for step in (
        type_cells,
        insert_rows,
        delete_rows,
        copy_sheet,
        shown,
        takes,
        recalculate,
        save,
    )
}


def run(desktop, job):
    doc = desktop.loadComponentFromURL(
        Path(job["open"]).as_uri(), "_blank", 0, (_property("Hidden", True),)
    )
    if doc is None:
        return {"failed": "cannot be opened"}
    answers = []
    try:
        for name, *arguments in job["do"]:
            answers.append(STEPS[name](doc, *arguments))
    except Exception as error:
        return {"failed": f"{name}{arguments!r:.300}: {error!r:.600}"}
    finally:
        doc.close(True)
    return {"gave": answers}


def connect(pipe):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return context.ServiceManager.createInstanceWithContext(
                "com.sun.star.frame.Desktop", context
            )
        except NoConnectException:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def main(soffice, profile):
    jobs = json.load(sys.stdin)
    pipe = f"perfxl-unit-{os.getpid()}"
    office = subprocess.Popen(
        [
            soffice,
            f"-env:UserInstallation={Path(profile).as_uri()}",
            "--headless",
            "--norestore",
            "--nodefault",
            f"--accept=pipe,name={pipe};urp;",
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        desktop = connect(pipe)
        for job in jobs:
            print(json.dumps(run(desktop, job)), flush=True)
        try:
            desktop.terminate()
            office.wait(20)
        except Exception:
            pass
    finally:
        if office.poll() is None:
            # The command is a script; LibreOffice itself is its child.
            os.killpg(office.pid, signal.SIGKILL)


if __name__ == "__main__":
    main(*sys.argv[1:])
