"""What code reads from an error: each is an expression of ``$e``, with what must precede it in the module.

``$e`` is a name that differs from program to program, ``$B`` the builtin that is raised, ``$T`` its typed stand-in, and
``$g`` the prefix of the names that are defined.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["OBSERVERS", "Observer"]

FLEXT = "from flext_exceptions import FlextExceptions\n"


class Observer(NamedTuple):
    """An expression that reads an error, and the code that must precede it."""

    expression: str
    before: str = ""


OBSERVERS = {
    # For which a stand-in and its builtin have the same value.
    "text": Observer("str($e)"),
    "text in an f-string": Observer('f"failed: {$e}"'),
    "text by percent": Observer('"failed: %s" % $e'),
    "text by format": Observer('"failed: {}".format($e)'),
    "arguments": Observer("len($e.args)"),
    "first argument": Observer("($e.args or ('nothing',))[0]"),
    "isinstance": Observer("isinstance($e, $B)"),
    "isinstance of several": Observer("isinstance($e, (ZeroDivisionError, $B))"),
    "issubclass": Observer("issubclass(type($e), $B)"),
    "issubclass of the class": Observer("issubclass($e.__class__, ($B, OSError))"),
    "cause": Observer("$e.__cause__ is None"),
    "nothing": Observer("'failed'"),
    "traceback object": Observer("$e.__traceback__ is not None"),
    "table by isinstance": Observer(
        "next((code for kind, code in ${g}_CODES if isinstance($e, kind)), 500)", "${g}_CODES = [($B, 400)]\n"
    ),
    "attribute of neither": Observer("getattr($e, 'reply', 7)"),
    "attribute of both": Observer("hasattr($e, 'args')"),
    "notes": Observer("getattr($e, '__notes__', [])"),
    "class of its text": Observer("type(str($e)).__name__"),
    "class of another error": Observer(
        "${g}_other() + str($e)",
        "def ${g}_other():\n    try:\n        return 1 // 0\n    except ZeroDivisionError as err:\n"
        "        return type(err).__name__\n",
    ),
    "repr of its text": Observer("repr(str($e))"),
    "repr of its arguments": Observer("repr($e.args)"),
    "match by class": Observer(
        "${g}_look($e)",
        "def ${g}_look(error):\n    match error:\n        case $B():\n            return 'known'\n"
        "        case _:\n            return 'unknown'\n",
    ),
    "raised again inside": Observer(
        "${g}_look($e)",
        "def ${g}_look(error):\n    try:\n        raise error\n    except $B:\n        return 'known'\n"
        "    except Exception:\n        return 'unknown'\n",
    ),
    "logged": Observer(
        "${g}_look($e)",
        "import logging\n\n${g}_log = logging.Logger('quiet')\n\n\ndef ${g}_look(error):\n"
        "    ${g}_log.error('failed: %r of %s', error, type(error).__name__)\n    return 'logged'\n",
    ),
    "printed to stderr": Observer(
        "${g}_look($e)",
        "import sys\n\n\ndef ${g}_look(error):\n    print(repr(error), type(error).__name__, file=sys.stderr)\n"
        "    return 'printed'\n",
    ),
    "compared with itself": Observer("$e == $e"),
    "class compared with another": Observer("type($e) is ZeroDivisionError"),
    "name compared with another": Observer("type($e).__name__ == 'ZeroDivisionError'"),
    # Class.
    "class is": Observer("type($e) is $B"),
    "class is not": Observer("type($e) is not $B"),
    "class equals": Observer("$e.__class__ == $B"),
    "class in": Observer("type($e) in (ZeroDivisionError, $B)"),
    "class in a constant": Observer("type($e) in ${g}_FATAL", "${g}_FATAL = frozenset({$B, MemoryError})\n"),
    "class in bases": Observer("type($e).__bases__ == $B.__bases__"),
    "order of bases": Observer("type($e).__mro__.index(Exception)"),
    "order of bases by mro": Observer("len(type($e).mro())"),
    "table get": Observer("${g}_CODES.get(type($e), 500)", "${g}_CODES = {$B: 400}\n"),
    "table of parents": Observer(
        "next((${g}_CODES[cls] for cls in type($e).__mro__ if cls in ${g}_CODES), 500)", "${g}_CODES = {$B: 400}\n"
    ),
    "table item": Observer(
        "${g}_look($e)",
        "${g}_CODES = {$B: 400}\n\n\ndef ${g}_look(error):\n    try:\n        return ${g}_CODES[type(error)]\n"
        "    except KeyError:\n        return 500\n",
    ),
    "table of handlers": Observer(
        "${g}_HANDLERS.get($e.__class__, str)($e)", "${g}_HANDLERS = {$B: lambda error: 'handled'}\n"
    ),
    "table filled by a decorator": Observer(
        "${g}_HANDLERS.get(type($e), str)($e)",
        "${g}_HANDLERS = {}\n\n\ndef ${g}_handles(kind):\n    def decorate(function):\n"
        "        ${g}_HANDLERS[kind] = function\n        return function\n\n    return decorate\n\n\n"
        "@${g}_handles($B)\ndef ${g}_answer(error):\n    return 'handled'\n",
    ),
    "counter": Observer("Counter([type($e)])[$B]", "from collections import Counter\n"),
    "set of classes": Observer("{type($e)} == {$B}"),
    "loop over pairs": Observer(
        "${g}_look($e)",
        "def ${g}_look(error):\n    for cls, code in [($B, 400), (LookupError, 404)]:\n"
        "        if type(error) is cls:\n            return code\n    return 500\n",
    ),
    "match of the class": Observer(
        "${g}_look($e)",
        "import builtins\n\n\ndef ${g}_look(error):\n    match type(error):\n        case builtins.$B:\n"
        "            return 'known'\n        case _:\n            return 'unknown'\n",
    ),
    "any of the classes": Observer("any(type($e) is cls for cls in (OSError, $B))"),
    "class by operator": Observer("operator.is_(type($e), $B)", "import operator\n"),
    "class of two": Observer("type($e) is type($B('x'))"),
    "exc_info": Observer("sys.exc_info()[0] is $B", "import sys\n"),
    "exc_info unpacked": Observer(
        "${g}_look($e)",
        "import sys\n\n\ndef ${g}_look(error):\n    try:\n        raise error\n    except Exception:\n"
        "        kind, value, trace = sys.exc_info()\n        return kind is $B\n",
    ),
    # Name.
    "name": Observer("type($e).__name__"),
    "name by class": Observer("$e.__class__.__name__"),
    "name compared": Observer("type($e).__name__ == '$B'"),
    "qualified name": Observer("type($e).__qualname__"),
    "module": Observer("type($e).__module__"),
    "name in a table": Observer("{'$B': 400}.get(type($e).__name__, 500)"),
    "name in a message": Observer('f"{type($e).__name__}: {$e}"'),
    "text of the class": Observer("str(type($e))"),
    "class in an f-string": Observer('f"{type($e)}"'),
    "name by getattr": Observer("getattr(type($e), '__name__')"),
    "name by attrgetter": Observer("operator.attrgetter('__class__.__name__')($e)", "import operator\n"),
    "method by name": Observer(
        "${g}_Answers().of($e)",
        "class ${g}_Answers:\n    def of(self, error):\n"
        "        return getattr(self, 'on_' + type(error).__name__, self.other)(error)\n\n"
        "    def on_$B(self, error):\n        return 'known'\n\n    def other(self, error):\n        return 'other'\n",
    ),
    "name of a class in a variable": Observer(
        "${g}_look($e)", "def ${g}_look(error):\n    cls = type(error)\n    return cls.__name__.lower()\n"
    ),
    "name by a helper of classes": Observer(
        "${g}_label(type($e))", "def ${g}_label(cls):\n    return cls.__module__ + '.' + cls.__name__\n"
    ),
    # Repr.
    "repr": Observer("repr($e)"),
    "repr in an f-string": Observer('f"{$e!r}"'),
    "repr with equals": Observer('f"{$e=}"'),
    "repr by percent": Observer('"failed: %r" % ($e,)'),
    "repr by format": Observer('"failed: {!r}".format($e)'),
    "text of a list": Observer("str([$e])"),
    "list in an f-string": Observer('f"{[$e]}"'),
    "text of a tuple": Observer("'%s' % (($e, 1),)"),
    "list in a variable": Observer(
        "${g}_look($e)", "def ${g}_look(error):\n    found = [error]\n    return f'{found}'\n"
    ),
    "dict in a variable": Observer(
        "${g}_look($e)", "def ${g}_look(error):\n    found = {'error': error}\n    return str(found)\n"
    ),
    "repr by map": Observer("list(map(repr, [$e]))"),
    "repr method": Observer("$e.__repr__()"),
    "format_exc": Observer("traceback.format_exc().splitlines()[-1]", "import traceback\n"),
    "format_exception": Observer("traceback.format_exception($e)[-1]", "import traceback\n"),
    "format_exception_only": Observer("traceback.format_exception_only($e)", "import traceback\n"),
    "printed traceback in a file": Observer(
        "${g}_look($e)",
        "import io\nimport traceback\n\n\ndef ${g}_look(error):\n    out = io.StringIO()\n"
        "    traceback.print_exception(error, file=out)\n    return out.getvalue().splitlines()[-1]\n",
    ),
    "pprint": Observer("pprint.pformat({'error': $e})", "import pprint\n"),
    "json default": Observer("json.dumps({'error': $e}, default=repr)", "import json\n"),
    # Attributes.
    "getattr": Observer("getattr($e, 'code', 3)"),
    "hasattr": Observer("hasattr($e, 'message')"),
    "hasattr in a loop": Observer("[name for name in ('code', 'field', 'reply') if hasattr($e, name)]"),
    "attribute tried": Observer(
        "${g}_look($e)",
        "def ${g}_look(error):\n    try:\n        return error.http_status\n    except AttributeError:\n"
        "        return 500\n",
    ),
    "vars": Observer("sorted(vars($e))"),
    "dict": Observer("len($e.__dict__)"),
    "dir": Observer("'code' in dir($e)"),
    "attrgetter": Observer(
        "${g}_look($e)",
        "import operator\n\n\ndef ${g}_look(error):\n    try:\n"
        "        return operator.attrgetter('code')(error)\n    except AttributeError:\n        return 'none'\n",
    ),
    "match of an attribute": Observer(
        "${g}_look($e)",
        "def ${g}_look(error):\n    match error:\n        case Exception(message=text):\n            return text\n"
        "        case _:\n            return 'none'\n",
    ),
    "encoder that falls back": Observer("json.dumps({'error': $e}, default=lambda one: one.__dict__)", "import json\n"),
    # Typed ancestry.
    "isinstance of typed": Observer("isinstance($e, FlextExceptions.BaseError)", FLEXT),
    "isinstance of its stand-in": Observer("isinstance($e, FlextExceptions.$T)", FLEXT),
    "isinstance of a constant": Observer(
        "isinstance($e, ${g}_OURS)", FLEXT + "\n${g}_OURS = (FlextExceptions.$T, ZeroDivisionError)\n"
    ),
    "isinstance of another typed": Observer("isinstance($e, FlextExceptions.UnicodeError)", FLEXT),
    "match of typed": Observer(
        "${g}_look($e)",
        FLEXT + "\n\ndef ${g}_look(error):\n    match error:\n        case FlextExceptions.$T():\n"
        "            return 'typed'\n        case _:\n            return 'builtin'\n",
    ),
    "dispatch of typed": Observer(
        "${g}_look($e)",
        "import functools\n\n" + FLEXT + "\n\n@functools.singledispatch\ndef ${g}_look(error):\n"
        "    return 'builtin'\n\n\n@${g}_look.register(FlextExceptions.BaseError)\ndef ${g}_typed(error):\n"
        "    return 'typed'\n",
    ),
}
