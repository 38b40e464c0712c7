"""Functions that describe an error: only the calls whose result somebody sees are observers."""

from __future__ import annotations

import pytest

from tests.analysis.observing import RAISES, observers
from tests.analysis.programs import project_of

DESCRIBED = "def described(err):\n    return f'{type(err).__name__}: {err}'\n"
LOGGED = (
    "def g():\n    try:\n        load(1)\n    except ValueError as err:\n        log.error('no: %s', described(err))\n"
)
OTHER = "def h(key):\n    try:\n        return {}[key]\n    except KeyError as err:\n        return described(err)\n"

SILENT = {
    "all calls are for the log": DESCRIBED + LOGGED,
    "another call describes another error": DESCRIBED + LOGGED + OTHER,
    "a name in between": f"def described(err):\n    name = type(err).__name__\n    return f'{{name}}'\n{LOGGED}",
    "a name in the handler": "def g():\n try:\n  load(1)\n except ValueError as e:\n  n = repr(e)\n  log.error(n)\n",
    "several names, of which all are for the log": (
        "def described(err):\n    return repr(err), 1\ndef g():\n    try:\n        load(1)\n"
        "    except ValueError as err:\n        text, n = described(err)\n        log.error(text, n)\n"
    ),
    "a stream for errors that an object has": LOGGED.replace(
        "log.error('no: %s', described(err)", "self.stderr.write(repr(err)"
    ),
    "a function between the two": (
        f"{DESCRIBED}def told(err):\n    return 'no: ' + described(err)\n{LOGGED.replace('described', 'told')}"
    ),
    "a method": (
        "class C:\n    def described(self, err):\n        return repr(err)\n"
        f"{LOGGED.replace('described', 'C().described')}"
    ),
}


@pytest.mark.parametrize("program", SILENT.values(), ids=SILENT)
def test_what_is_described_for_a_log_is_not_shown(program: str) -> None:
    """Nor is what cannot be given to the calls that are shown."""
    assert observers(project_of(m=f"import logging\nlog = logging.getLogger('m')\n{RAISES}{program}")) == set()


SHOWN = {
    "a call that is shown": f"{DESCRIBED}{LOGGED}{LOGGED.replace('log.error', 'answer').replace('def g', 'def f')}",
    "a call that is returned to nobody that is known": DESCRIBED + LOGGED.replace("log.error('no: %s', ", "return ("),
    "handed out as a function": f"{DESCRIBED}{LOGGED}HOOKS = {{'described': described}}\n",
    "handed out as a method": (
        f"class C:\n    def described(self, err):\n        return repr(err)\n    def start(self):\n"
        f"        run(on_error=self.described)\n{LOGGED.replace('described', 'C().described')}"
    ),
    "called by a name that is computed": f"{DESCRIBED}{LOGGED}print(getattr(m, 'described')(ERROR))\n",
    "under a decorator": f"@app.errorhandler(ValueError)\n{DESCRIBED}{LOGGED}",
    "the default of a parameter": f"{DESCRIBED}{LOGGED}def f(call=described):\n    return call\n",
    "a name that is also shown": (
        "def g():\n try:\n  load(1)\n except ValueError as e:\n  n = repr(e)\n  log.error(n)\n  return n\n"
    ),
    "one of several names is shown": (
        "def described(err):\n    return repr(err), 1\ndef g():\n    try:\n        load(1)\n"
        "    except ValueError as err:\n        text, n = described(err)\n        log.error(n)\n        return text\n"
    ),
    "a name that is read by another function": (
        "def g():\n try:\n  load(1)\n except ValueError as e:\n  n = repr(e)\n  log.error(n)\n"
        "  def told():\n   return n\n  answer(told)\n"
    ),
    "the class gives the method its object by hand": (
        "class C:\n    def described(self, err):\n        return repr(err)\n"
        f"{LOGGED.replace('log.error', 'answer').replace('described(', 'C.described(C(), ')}"
    ),
    "the parameter is the name of a comprehension": (
        "def described(err):\n    return [repr(err) for err in [caught()]]\nprint(described(KeyError(1)))\n"
        "def caught():\n    try:\n        load(1)\n    except ValueError as err:\n        return err\n"
    ),
    "by a star": f"{DESCRIBED}{LOGGED.replace('log.error', 'answer').replace('described(err)', 'described(*[err])')}",
}


@pytest.mark.parametrize("program", SHOWN.values(), ids=SHOWN)
def test_what_is_described_for_an_answer_is_shown(program: str) -> None:
    """As is what code that is not known may ask for."""
    assert observers(project_of(m=f"import logging\nlog = logging.getLogger('m')\n{RAISES}{program}"))


def test_what_is_imported_by_another_name_is_shown() -> None:
    """Relative imports too."""
    head = f"{RAISES}import logging\nlog = logging.getLogger('m')\n{DESCRIBED}{LOGGED}"
    told = LOGGED.replace("log.error", "answer").replace("described", "told")
    assert observers(project_of(p__init="", p__a=head, p__b=f"from .a import described as told, load\n{told}"))


def test_what_only_tests_call_is_shown() -> None:
    """Who else calls it is not known."""
    head = f"{RAISES}{DESCRIBED}def answer():\n    try:\n        return load(1)\n    except ValueError as err:\n"
    shop = f"{head}        return described(err)\n"
    assert observers(project_of(shop=shop, tests__show="from shop import answer\nprint(answer())\n"))
