"""Errors inside of another: of a group, or as its cause, context, attribute or argument."""

from __future__ import annotations

__all__ = ["HANDLERS"]

HANDLERS = {
    "group": """
def $g(n):
    said = []
    try:
        said.append($f(n))
    except* $caught as group:
        for $e in group.exceptions:
            said.append($look)
    return said
""",
    "made group": """
def $g(n):
    found = []
    for each in (n, 1):
        try:
            $f(each)
        except $caught as $r:
            found.append($r)
    try:
        if found:
            raise ExceptionGroup("several", found)
    except ExceptionGroup as group:
        return [$look for $e in group.exceptions]
    return "fine"
""",
    "cause of another": """
class ${g}_Wrapped(Exception):
    pass


def ${g}_wrap(n):
    try:
        return $f(n)
    except $caught as $r:
        raise ${g}_Wrapped("wrapped") from $r


def $g(n):
    try:
        return ${g}_wrap(n)
    except ${g}_Wrapped as wrapped:
        $e = wrapped.__cause__
        return $look
""",
    "context of another": """
class ${g}_Wrapped(Exception):
    pass


def ${g}_wrap(n):
    try:
        return $f(n)
    except $caught:
        raise ${g}_Wrapped("wrapped")


def $g(n):
    try:
        return ${g}_wrap(n)
    except ${g}_Wrapped as wrapped:
        $e = wrapped.__context__
        return $look
""",
    "attribute of another": """
class ${g}_Wrapped(Exception):
    def __init__(self, inner):
        super().__init__("wrapped")
        self.inner = inner


def ${g}_wrap(n):
    try:
        return $f(n)
    except $caught as $r:
        raise ${g}_Wrapped($r)


def $g(n):
    try:
        return ${g}_wrap(n)
    except ${g}_Wrapped as wrapped:
        $e = wrapped.inner
        return $look
""",
    "argument of another": """
def ${g}_wrap(n):
    try:
        return $f(n)
    except $caught as $r:
        raise ImportWarning("wrapped", $r)


def $g(n):
    try:
        return ${g}_wrap(n)
    except ImportWarning as wrapped:
        $e = wrapped.args[1]
        return $look
""",
}
