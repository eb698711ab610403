"""The JUnit XML report, for build servers: a file is a suite, a finding a case."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from perfxl.model import Finding, Level, Report
from perfxl.report.words import place

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(reports: Sequence[Report]) -> str:
    """The report as one ``testsuites`` document.

    A finding at level error is a failure, a file that was not read an error; what asks for an
    explanation, or may stay, passes with its message as output.
    """
    root = ET.Element("testsuites", name="perfxl")
    for report in reports:
        root.append(_suite(report))
    for total in ("tests", "failures", "errors"):
        root.set(total, str(sum(int(suite.get(total, "0")) for suite in root)))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _suite(report: Report) -> ET.Element:
    suite = ET.Element("testsuite", name=_xml(report.path))
    if not report.findings:
        ET.SubElement(suite, "testcase", classname=_xml(report.path), name="通过")
    for finding in report.findings:
        suite.append(_case(report, finding))
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("errors", str(len(suite.findall("testcase/error"))))
    return suite


def _case(report: Report, finding: Finding) -> ET.Element:
    name = " ".join(filter(None, [finding.code, place(finding), finding.field]))
    case = ET.Element("testcase", classname=_xml(report.path), name=_xml(name))
    text = _xml(f"{finding.message}\n怎么改：{finding.advice}\n依据：{finding.basis}")
    if finding.level is not Level.ERROR:
        ET.SubElement(case, "system-out").text = f"{finding.level.chinese}：{text}"
        return case
    kind = "error" if report.verdict == "unreadable" else "failure"
    wrong = ET.SubElement(case, kind, type=finding.code, message=_xml(finding.message))
    wrong.text = text
    return case


def _xml(text: str) -> str:
    """The text without the characters that no XML document may hold."""
    return _NOT_XML.sub(" ", text)
