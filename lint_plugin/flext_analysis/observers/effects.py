"""What becomes of the result of an expression: whether anyone may see it, or only a log."""

from __future__ import annotations

from flext_analysis.summaries import summary as op
from flext_analysis.summaries.code_walk import dotted_code, walk_code
from flext_analysis.summaries.definitions import Definition
from flext_analysis.summaries.summary import Code

__all__ = ["effect_of", "is_bound_by", "is_log_call"]

LOG_METHODS = frozenset("debug info warning warn error exception critical fatal log msg".split())
STREAMS = frozenset("stderr sys.stderr self.stderr self._stderr".split())
PRINTED = frozenset("traceback.print_exc traceback.print_exception traceback.print_last print_exc".split())
# The methods of unittest with a message, and the number of arguments before it.
ASSERTIONS = dict.fromkeys("assertTrue assertFalse assertIsNone assertIsNotNone".split(), 1) | dict.fromkeys(
    "assertEqual assertNotEqual assertIs assertIsNot assertIn assertNotIn assertIsInstance assertNotIsInstance "
    "assertGreater assertGreaterEqual assertLess assertLessEqual".split(),
    2,
)


def effect_of(around: tuple[Code, ...], statement: Code, definition: Definition) -> str:
    """Return how an expression is used.

    "logs" if it is passed to a log, to stderr or to a warning and nowhere else, "prints" if it is only printed,
    "returns" if it is part of what the function returns or of a log, otherwise "shows".
    """
    if statement[0] == op.RETURN:
        return "returns"
    if statement[0] == op.ASSIGN and len(statement[1]) == 1:
        target = statement[1][0]
        targets = target[2] if target[0] == op.SEQUENCE else [target]
        names = [one[1] for one in targets if one[0] == op.NAME]
        effects = {effect_of_name(name, definition) for name in names} if len(names) == len(targets) else {"shows"}
        return "logs" if effects == {"logs"} else "returns" if effects <= {"logs", "returns"} else "shows"
    if statement[0] != op.EVALUATE:
        return "shows"
    calls = [one for one in around if one[0] == op.CALL]
    outermost = statement[1]
    if any(map(is_log_call, calls)) or is_message_of_test(outermost, around):
        return "logs"
    printed = outermost[0] == op.CALL and dotted_code(outermost[1]) == "print" and not outermost[3]
    return "prints" if printed and outermost in calls else "shows"


def effect_of_name(name: str, definition: Definition) -> str:
    """Return how a local name is used that is bound once: all that is made with it counts."""
    bound = definition.bindings.get(name, ())
    if definition.scope.kind != "function" or len(bound) != 1 or name in definition.scope.outer:
        return "shows"
    effects = set()
    for each in definition.module.definitions:
        if each is definition or definition in each.outwards():
            for one, statement, around in walk_code(each.scope.code):
                if one[0] == op.NAME and one[1] == name and not is_bound_by(statement, one):
                    plain = each is definition and statement[0] != op.ASSIGN
                    effects.add(effect_of((*around, one), statement, definition) if plain else "shows")
    if effects <= {"logs"}:
        return "logs"
    return "returns" if effects <= {"logs", "returns"} else "shows"


def is_bound_by(statement: Code, code: Code) -> bool:
    """Return whether an expression is a target of an assignment, or one of the names of a target."""
    if statement[0] != op.ASSIGN:
        return False
    return any(one is code or (one[0] == op.SEQUENCE and any(part is code for part in one[2])) for one in statement[1])


def is_message_of_test(call: Code, around: tuple[Code, ...]) -> bool:
    """Return whether an expression is the message of ``self.assertEqual(a, b, message)``: shown if a test fails."""
    if call[0] != op.CALL or call[1][0] != op.ATTRIBUTE or call[1][1][:2] != [op.NAME, "self"]:
        return False
    first = ASSERTIONS.get(call[1][2])
    messages = [*(call[2][first:] if first else ()), *(value for keyword, value in call[3] if keyword == "msg")]
    return any(one is message for one in around for message in messages)


def is_log_call(call: Code) -> bool:
    """Return whether a call writes into a log, judging by the names of its callee."""
    name = dotted_code(call[1]) or last_of(call[1])
    head, _, method = name.rpartition(".")
    if name == "warnings.warn" or (method == "write" and head in STREAMS):
        return True
    if name == "print":
        return any(keyword == "file" and dotted_code(value).endswith("stderr") for keyword, value in call[3])
    if name in PRINTED:
        return all(keyword != "file" or dotted_code(value).endswith("stderr") for keyword, value in call[3])
    receiver = call[1][1] if call[1][0] == op.ATTRIBUTE else None
    if method not in LOG_METHODS or receiver is None:
        return False
    if receiver[0] == op.CALL:
        return dotted_code(receiver[1]).endswith("getLogger")
    return "log" in head.rpartition(".")[2].lower()


def last_of(code: Code) -> str:
    """Return the last part of any attribute, preceded by a dot."""
    return f".{code[2]}" if code[0] == op.ATTRIBUTE else ""
