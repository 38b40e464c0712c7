"""The errors that a docstring names: Google, NumPy and Sphinx style, read and written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

__all__ = ["STYLES", "Entry", "read_entries", "style_of", "with_entries"]

STYLES = ("google", "numpy", "sphinx")
NAME = r"[A-Za-z_][\w.]*"
GOOGLE = re.compile(r"^(?P<indent>[ \t]*)(?:Raises|Exceptions):[ \t]*$")
GOOGLE_ENTRY = re.compile(rf"^(?::class:)?[`~!]*(?P<names>{NAME}(?:\s*(?:,|\||or)\s*{NAME})*)`*\s*(?::(?:\s|$)|$)")
NUMPY = re.compile(r"^(?P<indent>[ \t]*)Raises[ \t]*$")
SPHINX = re.compile(r"^(?P<indent>[ \t]*):(?:raises?|except|exception)\s+(?P<names>[^:]+):")
OTHER_FIELD = re.compile(
    r"^[ \t]*:(?:param|parameter|arg|argument|key|keyword|type|returns?|rtype|yields?|ytype|var|meta)\b.*?:"
)
GOOGLE_SECTION = re.compile(
    r"^(?P<indent>[ \t]*)(?:Args|Arguments|Attributes|Examples?|Keyword Args|Notes?|Parameters|Returns?|"
    r"See Also|Todo|Warning|Warnings|Warns|Yield|Yields|Other Parameters|References):[ \t]*$"
)
AFTER = re.compile(r"^[ \t]*(?:Example|Examples|Note|Notes|See Also|Warnings?|Todo|References):[ \t]*$")


class Entry(NamedTuple):
    """An error that a docstring names: its name as written, its first and its last line (from 0)."""

    name: str
    first: int
    last: int


class Section(NamedTuple):
    """Where the errors of a style are: the lines of the whole section, and its entries."""

    style: str
    first: int
    last: int
    indent: str
    entries: tuple[Entry, ...]


def names_in(text: str) -> list[str]:
    """Return the names of an entry, which may have several.

    >>> names_in("(KeyError, shop.Bad)"), names_in(":class:`~shop.Bad`")
    (['KeyError', 'shop.Bad'], ['shop.Bad'])
    """
    found: list[str] = re.findall(NAME, re.sub(r":\w+(?::\w+)*:`", " ", text))
    return [one for one in found if one != "or"]


def indent_of(line: str) -> str:
    """Return the white space at the start of a line."""
    return line[: len(line) - len(line.lstrip())]


def read_entries(text: str) -> tuple[Entry, ...]:
    """Return the errors that a docstring names.

    >>> [entry.name for entry in read_entries("Add.\\n\\nRaises:\\n    KeyError: it is gone.\\n    shop.Bad: worse.")]
    ['KeyError', 'shop.Bad']
    >>> [entry.name for entry in read_entries("Add.\\n\\nRaises\\n------\\nKeyError\\n    It is gone.\\n")]
    ['KeyError']
    >>> [entry.name for entry in read_entries(":raises KeyError: it is gone")]
    ['KeyError']
    """
    return tuple(entry for section in sections(text.split("\n")) for entry in section.entries)


def sections(lines: list[str]) -> list[Section]:
    """Return the sections of errors in a docstring, of all styles."""
    found = []
    for number, line in enumerate(lines):
        match = GOOGLE.match(line)
        if match:
            found.append(google_section(lines, number, match["indent"]))
        elif NUMPY.match(line) and number + 1 < len(lines) and re.fullmatch(r"[ \t]*-{3,}[ \t]*", lines[number + 1]):
            found.append(numpy_section(lines, number, indent_of(line)))
        elif SPHINX.match(line):
            found.append(sphinx_section(lines, number, indent_of(line)))
    return found


def last_of_block(lines: list[str], number: int, indent: str) -> int:
    """Return the last line of the block below a line that is indented more."""
    last = number
    for index in range(number + 1, len(lines)):
        line = lines[index]
        if line.strip():
            if len(indent_of(line)) <= len(indent):
                break
            last = index
    return last


def google_section(lines: list[str], number: int, indent: str) -> Section:
    """Read a Google section: entries are indented, their descriptions more."""
    last = last_of_block(lines, number, indent)
    entries: list[Entry] = []
    inner: str | None = None
    for index in range(number + 1, last + 1):
        line = lines[index]
        if not line.strip():
            continue
        inner = indent_of(line) if inner is None else inner
        match = GOOGLE_ENTRY.match(line.strip()) if indent_of(line) == inner else None
        if match:
            end = last_of_block(lines, index, inner)
            entries += [Entry(name, index, min(end, last)) for name in names_in(match["names"])]
    return Section("google", number, last, indent, tuple(entries))


def numpy_section(lines: list[str], number: int, indent: str) -> Section:
    """Read a NumPy section: entries are below the line of dashes, their descriptions are indented."""
    entries: list[Entry] = []
    last = number + 1
    index = number + 2
    while index < len(lines):
        line = lines[index]
        if not line.strip():
            following = next((each for each in lines[index:] if each.strip()), "")
            if indent_of(following) == indent and index + 1 < len(lines) and is_heading(lines, index + 1):
                break
            index += 1
            continue
        if is_heading(lines, index) or len(indent_of(line)) < len(indent):
            break
        if indent_of(line) == indent:
            name = line.strip().split(" : ")[0]
            if not re.fullmatch(rf"[:\w`~.,| ]*{NAME}`?", name) or " " in name.replace(", ", ","):
                break
            end = last_of_block(lines, index, indent)
            entries += [Entry(each, index, end) for each in names_in(name)]
            last, index = end, end + 1
            continue
        index += 1
    return Section("numpy", number, last, indent, tuple(entries))


def is_heading(lines: list[str], index: int) -> bool:
    """Return whether a line is the heading of a NumPy section."""
    return index + 1 < len(lines) and bool(re.fullmatch(r"[ \t]*-{3,}[ \t]*", lines[index + 1]))


def sphinx_section(lines: list[str], number: int, indent: str) -> Section:
    """Read one field of Sphinx."""
    match = SPHINX.match(lines[number])
    last = last_of_block(lines, number, indent)
    names = names_in(match["names"]) if match else []
    return Section("sphinx", number, last, indent, tuple(Entry(name, number, last) for name in names))


def style_of(text: str) -> str | None:
    """Return the style of a docstring by its sections, None if it has none.

    >>> style_of("Add.\\n\\nArgs:\\n    x: it."), style_of("Add.\\n\\n:param x: it."), style_of("Add.")
    ('google', 'sphinx', None)
    """
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if GOOGLE_SECTION.match(line) or GOOGLE.match(line):
            return "google"
        if line.strip() in ("Parameters", "Returns", "Raises", "Yields", "Notes", "Examples") and is_heading(
            lines, number
        ):
            return "numpy"
        if SPHINX.match(line) or OTHER_FIELD.match(line):
            return "sphinx"
    return None


def with_entries(text: str, add: Iterable[tuple[str, str]], drop: Iterable[str], style: str, indent: str) -> str:
    """Return a docstring with errors added, each with its description, and others removed.

    ``style`` and ``indent`` are for a docstring without a section; existing text is unchanged.

    >>> print(with_entries("Add.", [("KeyError", "It is gone.")], [], "google", ""))
    Add.
    <BLANKLINE>
    Raises:
        KeyError: It is gone.
    >>> print(with_entries("Add.\\n\\n:raises KeyError: it is gone", [("Bad", "")], ["KeyError"], "google", ""))
    Add.
    <BLANKLINE>
    :raises Bad:
    """
    lines = text.split("\n")
    found = sections(lines)
    added = list(add)
    dropped = set(drop)
    if added:
        if found:
            section = found[-1]
            lines[section.last + 1 : section.last + 1] = entry_lines(
                added, section.style, section.indent, lines, section
            )
        else:
            new = section_lines(added, style, indent)
            at = place_for(lines, style)
            lines[at:at] = [
                *([""] if at and lines[at - 1].strip() else []),
                *new,
                *([""] if ends_section(lines, at) else []),
            ]
    for section in reversed(found):
        gone = [entry for entry in section.entries if entry.name in dropped]
        for entry in reversed(gone):
            shared = [one for one in section.entries if one.first == entry.first]
            if all(one.name in dropped for one in shared) and entry is shared[0]:
                del lines[entry.first : entry.last + 1]
        if gone and len(gone) == len(section.entries) and section.style != "sphinx" and not added:
            size = 1 if section.style == "google" else 2
            del lines[section.first : section.first + size]
            if section.first and not lines[section.first - 1].strip():
                del lines[section.first - 1]
    return "\n".join(lines)


def ends_section(lines: list[str], at: int) -> bool:
    """Return whether more text follows a position, which needs an empty line before it."""
    return at < len(lines) and bool(lines[at].strip())


def place_for(lines: list[str], style: str) -> int:
    """Return the line before which a new section goes: the end, or the examples and notes."""
    for number, line in enumerate(lines):
        if style == "google" and number and AFTER.match(line):
            return number
        if (
            style == "numpy"
            and line.strip() in ("Notes", "Examples", "See Also", "References")
            and is_heading(lines, number)
        ):
            return number
    end = len(lines)
    while end > 1 and not lines[end - 1].strip():
        end -= 1
    return end


def section_lines(entries: list[tuple[str, str]], style: str, indent: str) -> list[str]:
    """Return the lines of a new section."""
    if style == "numpy":
        return [f"{indent}Raises", f"{indent}------", *entry_lines(entries, style, indent, [], None)]
    head = [f"{indent}Raises:"] if style == "google" else []
    return [*head, *entry_lines(entries, style, indent, [], None)]


def entry_lines(
    entries: list[tuple[str, str]], style: str, indent: str, lines: list[str], section: Section | None
) -> list[str]:
    """Return the lines of some entries in a style, indented as those of the section are."""
    inner = indent + "    "
    if section is not None and section.entries and style == "google":
        inner = indent_of(lines[section.entries[0].first])
    found = []
    for name, text in entries:
        if style == "google":
            found.append(f"{inner}{name}: {text}".rstrip())
        elif style == "sphinx":
            found.append(f"{indent}:raises {name}: {text}".rstrip())
        else:
            found += [f"{indent}{name}", *([f"{inner}{text}"] if text else [])]
    return found
