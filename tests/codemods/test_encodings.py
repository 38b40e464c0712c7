"""Every byte outside the edits stays: encodings, byte order marks, line ends, and characters that look like these."""

from __future__ import annotations

import pytest

from tests.codemods.conftest import AFTER, BEFORE, Repository

IMPORT = "from flext_exceptions import FlextExceptions\n\n"
OLD = 'raise ValueError("no")'
NEW = 'raise FlextExceptions.ValidationError("no")'


def body(cookie: str, text: str) -> str:
    """Return a module with a cookie, some text of its own, and a raise behind letters on the same line."""
    return f'{cookie}NAME = "{text}"\n\n\ndef f(x):\n    if x == "{text}": {OLD}  # {text}\n'


def expected(cookie: str, text: str) -> str:
    """Return what becomes of it."""
    lead = f"{cookie}\n{IMPORT}" if cookie else IMPORT
    return lead + body("", text).replace(OLD, NEW)


ENCODINGS = {
    "utf-8": ("", "größe 日本 😁😀", "utf-8"),
    "utf-8 with a cookie": ("# -*- coding: utf-8 -*-\n", "größe 日本 😁😀", "utf-8"),
    "latin-1": ("# -*- coding: latin-1 -*-\n", "größe \xff\xa0", "latin-1"),
    "cp1252 in vim's words": ("# vim: set fileencoding=cp1252 :\n", "€ größe", "cp1252"),
    "shift_jis, with a backslash as a second byte": ("# coding: shift_jis\n", "日本 ソ 表", "shift_jis"),
    "euc-jp": ("# coding: euc-jp\n", "日本 ソ", "euc-jp"),
    "koi8-r in the second line": ("#!/usr/bin/env python\n# coding: koi8-r\n", "Привет", "koi8-r"),
}


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize(("cookie", "text", "encoding"), ENCODINGS.values(), ids=list(ENCODINGS))
def test_an_encoding_is_kept(repository: Repository, cookie: str, text: str, encoding: str, newline: str) -> None:
    """The whole file is what it was but for the edits, and a second run changes nothing."""
    repository.write({"pkg/__init__.py": "", "pkg/mod.py": body(cookie, text).replace("\n", newline).encode(encoding)})
    assert repository.migrate().status == 0
    after = repository.read("pkg/mod.py")
    assert after == expected(cookie, text).replace("\n", newline).encode(encoding)
    assert repository.migrate("--check").status == 0


@pytest.mark.parametrize("cookie", ["", "# coding: utf-8\n"], ids=["bare", "with a cookie"])
def test_a_byte_order_mark_stays_the_first_thing(repository: Repository, cookie: str) -> None:
    """One, in front of the added import too."""
    repository.write({"mod.py": b"\xef\xbb\xbf" + body(cookie, "größe").encode()})
    assert repository.migrate().status == 0
    assert repository.read() == b"\xef\xbb\xbf" + expected(cookie, "größe").encode()
    assert repository.migrate("--check").status == 0


LEFT = {
    "utf-16 by its cookie": b"# coding: utf-16\n" + BEFORE,
    "utf-16 by its bytes": BEFORE.decode().encode("utf-16") + BEFORE,
    "an unknown cookie": b"# coding: klingon\n" + BEFORE,
    "a codec that is none for text": b"# coding: rot13\n" + BEFORE,
    "a codec that always fails": b"# coding: undefined\n" + BEFORE,
    "a byte order mark and another cookie": b"\xef\xbb\xbf# coding: latin-1\n" + BEFORE,
    "two byte order marks": b"\xef\xbb\xbf\xef\xbb\xbf" + BEFORE,
    "bytes that the encoding has not": b"# \xff\n" + BEFORE,
    "a surrogate in utf-8": b"# \xed\xa0\x80\n" + BEFORE,
    "carriage returns alone": BEFORE.replace(b"\n", b"\r"),
    "one carriage return alone": b"x = 1\ry = 2\n" + BEFORE,
    "a carriage return inside a string": b"x = '''\r'''\n" + BEFORE,
    "a NUL byte": BEFORE + b"# \0\n",
    "utf-7 that reads otherwise in it": b"# coding: utf-7\n# +ADw-\n" + BEFORE,
}


@pytest.mark.parametrize("content", LEFT.values(), ids=list(LEFT))
def test_what_would_not_come_back_byte_for_byte_is_left(repository: Repository, content: bytes) -> None:
    """With its reason, once in the report; the file next to it is migrated."""
    repository.write({"bad.py": content, "mod.py": BEFORE})
    ran = repository.migrate("--format", "json")
    assert ran.status == 0
    assert [(each["path"], each["reason"]) for each in ran.report()["files_left"]] == [("bad.py", "unreadable")]
    assert repository.read("bad.py") == content
    assert repository.read() == AFTER


SHAPES = {
    "mixed line ends": (
        b"import os\r\nx = 1\n\r\ndef f():\r\n    raise ValueError('a')\n    raise KeyError(1)\r\n",
        b"import os\r\n\r\nfrom flext_exceptions import FlextExceptions\r\n\r\nx = 1\n\r\ndef f():\r\n"
        b"    raise FlextExceptions.ValidationError('a')\n    raise FlextExceptions.KeyError(1)\r\n",
    ),
    "a statement of several lines that end as on Windows": (
        b"import os\r\n\r\ndef f():\r\n    raise ValueError('a'\r\n                     'b')\r\n"
        b'    raise KeyError(\r\n        """c\r\n"""\r\n    )\r\n',
        b"import os\r\n\r\nfrom flext_exceptions import FlextExceptions\r\n\r\ndef f():\r\n"
        b"    raise FlextExceptions.ValidationError('a'\r\n                                          'b')\r\n"
        b'    raise FlextExceptions.KeyError(\r\n        """c\r\n"""\r\n    )\r\n',
    ),
    "a mixed statement of several lines, the last of another kind": (
        b"import os\n\ndef f():\n    raise ValueError(\n        'a'\r\n    )\n",
        b"import os\n\nfrom flext_exceptions import FlextExceptions\n\ndef f():\n"
        b"    raise FlextExceptions.ValidationError(\n        'a'\r\n    )\n",
    ),
    "a mixed statement of several lines": (
        b"import os\n\ndef f():\n    raise ValueError('a'\r\n                     'b'\n                     'c')\r\n",
        b"import os\n\nfrom flext_exceptions import FlextExceptions\n\ndef f():\n"
        b"    raise FlextExceptions.ValidationError('a'\r\n                                          'b'\n"
        b"                                          'c')\r\n",
    ),
    "form feeds": (
        b"import os\n\x0c\ndef f():\n\x0c    raise ValueError('a\x0cb')\n\x0c\nx = 1\n",
        b"import os\n\nfrom flext_exceptions import FlextExceptions\n\x0c\ndef f():\n\x0c"
        b"    raise FlextExceptions.ValidationError('a\x0cb')\n\x0c\nx = 1\n",
    ),
    "tabs": (
        b"import os\n\ndef f():\n\tif f:\n\t\traise ValueError('a',\n\t\t                )\n",
        b"import os\n\nfrom flext_exceptions import FlextExceptions\n\ndef f():\n\tif f:\n"
        b"\t\traise FlextExceptions.ValidationError('a',\n\t\t                                     )\n",
    ),
    "semicolons": (
        b"import os; x = 1;\ndef f(): x = 1; raise ValueError('a'); raise KeyError(1);\n",
        b"import os; x = 1;\n\nfrom flext_exceptions import FlextExceptions\n\n"
        b"def f(): x = 1; raise FlextExceptions.ValidationError('a'); raise FlextExceptions.KeyError(1);\n",
    ),
    "backslashes": (
        b"import os\n\ndef f(e):\n    raise \\\n        ValueError \\\n        ('a' \\\n'b') \\\n   from \\\n e\n",
        b"import os\n\nfrom flext_exceptions import FlextExceptions\n\ndef f(e):\n"
        b"    raise \\\n        FlextExceptions.ValidationError \\\n        ('a' \\\n'b') \\\n   from \\\n e\n",
    ),
    "no final newline": (
        b"import os\n\ndef f():\n    raise ValueError('a')",
        b"import os\n\nfrom flext_exceptions import FlextExceptions\n\n"
        b"def f():\n    raise FlextExceptions.ValidationError('a')",
    ),
    "spaces after the last line": (
        b"import os\n\ndef f():\n    raise ValueError('a')  \n    \t ",
        b"import os\n\nfrom flext_exceptions import FlextExceptions\n\n"
        b"def f():\n    raise FlextExceptions.ValidationError('a')  \n    \t ",
    ),
    "separators that only Python's splitlines() takes for line ends": (
        "import os\nx = '\x1c\x1d\x85\u2028\u2029\x0b'\ndef f():\n    if '\u2028': raise ValueError('\x85')\n".encode(),
        "import os\n\nfrom flext_exceptions import FlextExceptions\n\nx = '\x1c\x1d\x85\u2028\u2029\x0b'\n"
        "def f():\n    if '\u2028': raise FlextExceptions.ValidationError('\x85')\n".encode(),
    ),
    "characters outside the basic plane before two raises on one line": (
        "import os\ndef f(x):\n    if x == '😀😁e\u0301': raise ValueError('😀'); raise KeyError('😁')\n".encode(),
        "import os\n\nfrom flext_exceptions import FlextExceptions\n\ndef f(x):\n    if x == '😀😁e\u0301':"
        " raise FlextExceptions.ValidationError('😀'); raise FlextExceptions.KeyError('😁')\n".encode(),
    ),
    "a name in other letters that Python takes for the same": (
        "import os\ndef f():\n    raise ValueError('a')\n    raise \uff36alue\u1d31rror('b')\n".encode(),
        b"import os\n\nfrom flext_exceptions import FlextExceptions\n\ndef f():\n    raise FlextExceptions."
        b"ValidationError('a')\n    raise FlextExceptions.ValidationError('b')\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), SHAPES.values(), ids=list(SHAPES))
def test_the_shape_of_a_file_is_kept(repository: Repository, before: bytes, after: bytes) -> None:
    """To the letter; and a second run changes nothing."""
    repository.write({"mod.py": before})
    assert repository.migrate().status == 0
    assert repository.read() == after
    assert repository.migrate("--check").status == 0


def test_an_import_that_is_split_keeps_the_line_ends(repository: Repository) -> None:
    """Both lines end as the one did."""
    repository.write({"mod.py": b"x = 1\nfrom flext_core import FlextResult, FlextExceptions\r\ny = 1\n"})
    assert repository.migrate().status == 0
    assert repository.read() == (
        b"x = 1\nfrom flext_core import FlextResult\r\nfrom flext_exceptions import FlextExceptions\r\ny = 1\n"
    )
