"""A report as JUnit XML, for continuous integration: a suite a document, a case a finding, and the rules that passed."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from engine.report.report import Entry, Report

_FORBIDDEN = re.compile(r"[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")


def junit(report: Report) -> str:
    """The XML; notes are cases that pass and speak, everything else is a failure."""
    suites = ET.Element("testsuites", name=_clean(report.title))
    for section in report.sections:
        _suite(suites, section.title, list(section.entries))
    passed = [Entry("passed", "", "", name, "", failed=False) for name in report.passed]
    if passed or not report.sections:
        _suite(suites, report.words.checked, passed)
    for total in ("tests", "failures", "errors"):
        suites.set(total, str(sum(int(suite.get(total, "0")) for suite in suites)))
    ET.indent(suites)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(suites, encoding="unicode") + "\n"


def _suite(parent: ET.Element, title: str, entries: list[Entry]) -> None:
    counts = {"tests": len(entries), "failures": sum(entry.failed for entry in entries), "errors": 0, "skipped": 0}
    totals = {name: str(count) for name, count in counts.items()}
    # a time of its own would make every run another file; readers want the attribute
    suite = ET.SubElement(parent, "testsuite", {"name": _clean(title), **totals, "time": "0"})
    for entry in entries:
        name = " · ".join(filter(None, [entry.place, entry.heading]))
        case = ET.SubElement(suite, "testcase", classname=_clean(entry.rule or title), name=_clean(name), time="0")
        said = "\n".join([entry.text, *(f"{key}: {value}" for key, value in entry.details)]).strip()
        if entry.failed:
            failure = ET.SubElement(case, "failure", type=entry.kind, message=_clean(entry.text))
            failure.text = _clean(said)
        elif said:
            ET.SubElement(case, "system-out").text = _clean(said)


def _clean(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return _FORBIDDEN.sub("\ufffd", text)
