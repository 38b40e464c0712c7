"""JUnit's XML, which most build servers show: a test case for each finding, or one that passes if there is none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from xml.etree import ElementTree

from flext_lint.check.violation import Violation

__all__ = ["render"]

NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # https://www.w3.org/TR/xml/#charsets


def render(violations: Sequence[Violation]) -> str:
    """Return a document with a suite for each file.

    >>> render([]).splitlines()[1]
    '<testsuites name="flext-lint" tests="1" failures="0">'
    """
    count = str(len(violations))
    root = ElementTree.Element("testsuites", name="flext-lint", tests=str(max(len(violations), 1)), failures=count)
    for path, members in groupby(violations, key=lambda one: one.path):
        found = list(members)
        suite = ElementTree.SubElement(
            root, "testsuite", name=clean(path), tests=str(len(found)), failures=str(len(found))
        )
        for one in found:
            case = ElementTree.SubElement(
                suite, "testcase", name=f"{one.code}:{one.line}:{one.column}", classname=clean(path)
            )
            failure = ElementTree.SubElement(case, "failure", message=clean(one.message), type=one.code)
            failure.text = clean(f"{one.path}:{one.line}:{one.column}: {one.code} {one.message}")
    if not violations:
        suite = ElementTree.SubElement(root, "testsuite", name="flext-lint", tests="1", failures="0")
        ElementTree.SubElement(suite, "testcase", name="no findings", classname="flext-lint")
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode")


def clean(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return NO_XML.sub("\ufffd", text)
