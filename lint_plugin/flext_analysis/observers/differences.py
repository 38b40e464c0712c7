"""What an observer reads from an error, and whether the stand-in of a builtin answers differently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from flext_analysis.escapes.values import ANY_ERROR, EMPTY, HELD, Value, Values
from flext_analysis.observers.error_flow import ErrorFlow
from flext_analysis.observers.handled_code import handlers_around
from flext_analysis.observers.observer import Observer
from flext_analysis.observers.readers import AS_TEXT
from flext_analysis.program.hierarchy import ClassInfo
from flext_analysis.program.library import ROOT, TYPES, library_path
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.code_walk import dotted_code, last_name, walk_code
from flext_analysis.summaries.definitions import Definition, names_in_target, statements_of
from flext_analysis.summaries.summary import Code
from flext_analysis.syntax.bindings import BUILTIN_ERRORS
from flext_exceptions.catalogue import TARGETS

__all__ = ["BUILTIN", "Ancestors", "Differences", "Site"]

Site = tuple[str, int]  # path of the file, position of the raise
BUILTIN = "builtins."
STAND_INS = frozenset(f"{ROOT}.{row.name}" for row in TARGETS.values())
# Words in the names of variables that hold errors: only such a name makes an error of what may be anything.
ERROR_WORDS = frozenset(
    "e ex exc err error exception exceptions errors failure problem cause exc_value exc_val".split()
)
PLAIN = frozenset(["only", "plain"])
MAY_FAIL = frozenset(["xfail", "expectedFailure"])
READ_BACK = frozenset("pickle.loads pickle.load json.loads json.load marshal.loads copyreg.loads".split())

# The builtin's name: the dotted names of the typed classes that catch its stand-in.
Ancestors = Mapping[str, frozenset[str]]


@cache
def attributes(name: str) -> frozenset[str]:
    """Return the attributes of a builtin, or of a type of the library by its dotted name."""
    return frozenset(dir(TYPES[name].type if name in TYPES else BUILTIN_ERRORS[name]))


class Differences:
    """Determines what observers read, and what makes a difference to them."""

    def __init__(self, reach: ErrorFlow, ancestors: Ancestors) -> None:
        self.reach = reach
        self.ancestors = ancestors
        self.typed = frozenset[str]().union(*ancestors.values())
        self.same_names = frozenset(name for name in ancestors if self.has_same_name(name))
        self.answers = {name: self.answered(name) for name in ancestors}

    def counts(self, one: Observer) -> bool:
        """Return whether an observer's result goes where someone may see it: not into a log, or a test's output."""
        if one.effect == "prints":
            return self.reach.tests.is_read(one.definition)
        if one.effect == "returns":
            calls = self.reach.callers.seen(one.definition)
            if calls is not None and not calls:
                return False
        return one.effect != "logs" and not (self.reach.tests.is_test(one.definition) and would_fail(one))

    def has_same_name(self, builtin: str) -> bool:
        """Return whether the stand-in of a builtin is the library's own, of the same name."""
        own = all(path in TYPES or path == ROOT for path in self.ancestors[builtin])
        return own and f"{ROOT}.{builtin}" in self.ancestors[builtin]

    def answered(self, builtin: str) -> frozenset[str]:
        """Return the attributes that the stand-in of a builtin has and the builtin lacks."""
        found: set[str] = set()
        for path in self.ancestors[builtin]:
            row = TYPES.get(path)
            own = self.reach.engine.classes.get(path)
            found.update(attributes(path) if row is not None else own.scope.bound if own is not None else ())
            found.update(row.keywords if row is not None else ())
        return frozenset(found - attributes(builtin))

    def read_by(self, one: Observer) -> Iterator[tuple[str, Site]]:
        """Yield the errors that an observer may read."""
        definition = one.definition
        if one.subject is None:
            yield from self.handled_at(definition, one.place)
            return
        own, values = self.read_values(one, one.subject)
        if one.kind == "repr":
            inside = self.reach.shown_inside(values)
            yield from self.reach.errors(inside)
            if one.inside:
                return
            yield from self.reach.errors(self.reach.made_with(own | values))
        yield from self.reach.errors(own | values)
        if (values or not own) and self.may_be_any(values, one):
            yield from self.reach.everything()

    def read_values(self, one: Observer, subject: Code) -> tuple[Values, Values]:
        """Return what an observer reads of the handler around it, by the name of its error, and what else it reads.

        Other handlers of the function may use the same name for their errors.
        """
        definition = one.definition
        given = self.given_where_seen(one, subject)
        if given is not None:
            return EMPTY, given
        values = self.reach.values(definition, subject)
        around = handlers_around(definition.scope.code, one.place) if subject[0] == op.NAME else ()
        places = [place for place, name in around if name == subject[1]]
        if not places:
            return EMPTY, values
        handled = {value for value in values if value[0] == "caught" and value[1][0] is definition}
        own = {value for value in handled if value[1][2] == places[-1]}
        return own or self.reach.caught_at(definition, places[-1]), values - handled

    def given_where_seen(self, one: Observer, subject: Code) -> Values | None:
        """Return what calls whose result is seen pass for the parameter that an observer reads for its result."""
        definition = one.definition
        name = subject[1] if subject[0] == op.NAME and len(subject) == 2 else ""
        if one.effect != "returns" or is_rebound(name, definition):
            return None
        calls = self.reach.callers.seen(definition)
        given: set[Value] = set()
        for call in calls or ():
            argument = argument_for(name, definition, call.code)
            if argument is None:
                return None
            at_call = one._replace(definition=call.definition, place=call.code[4], effect="shows")
            given = given.union(*self.read_values(at_call, argument))
        return given if calls else None

    def may_be_neutral(self, one: Observer, errors: Iterable[tuple[str, Site]]) -> bool:
        """Return whether the builtin may be asked instead: it reads no stand-in today, and shows no collection."""
        if any(library_path(error) in STAND_INS for error, _ in errors):
            return False
        if one.subject is None:
            return True
        values = self.reach.values(one.definition, one.subject)
        if "__class__" in one.text:  # other objects may answer these in their own way
            return bool(values) and all(value[0] == "caught" for value in values)
        if one.kind != "repr":
            return True
        plural = dotted_code(one.subject).endswith("s") and self.may_be_any(values, one)
        shows_more = self.reach.shown_inside(values) or self.reach.made_with(values)
        return not plural and not shows_more

    def raises_stand_ins(self) -> bool:
        """Return whether any code raises a stand-in today."""
        return any(library_path(error) in STAND_INS for error, _ in self.reach.everything())

    def handled_at(self, definition: Definition, place: int) -> Iterator[tuple[str, Site]]:
        """Yield the errors that the handler around a position may have caught; all of them if none is visible."""
        around = handlers_around(definition.scope.code, place)
        if around:
            yield from self.reach.caught_by(definition, around[-1][0])
        else:
            yield from self.reach.errors(self.reach.current(definition))

    def reads_errors(self, one: Observer) -> bool:
        """Return whether an observer reads something that some handler caught, or that may be any error."""
        if one.subject is None:
            return True
        values = self.reach.values(one.definition, one.subject)
        if one.kind == "repr" and self.reach.each_error(self.reach.shown_inside(values)):
            return True
        if one.inside:
            return False
        alone = {value for value in values if value[0] not in ("container", "pairs")}
        return bool(self.reach.each_error(alone)) or self.may_be_any(values, one)

    def may_read(self, error: str, caught: list[Value] | None, among: frozenset[Definition] | None) -> bool:
        """Return whether an error that comes from anywhere may be among what handlers caught (see caught_for).

        ``among`` are the functions whose handlers count; all without it.
        """
        return caught is None or any(
            (among is None or value[1][0] in among or self.raises_given(value[1][0]))
            and self.reach.may_catch(value, error)
            for value in caught
        )

    def caught_for(self, one: Observer) -> list[Value] | None:
        """Return what handlers caught and an observer reads; None if it may be any error."""
        if one.subject is None:
            around = handlers_around(one.definition.scope.code, one.place)
            here = self.reach.caught_at(one.definition, around[-1][0]) if around else None
            values: Values = here or self.reach.current(one.definition)
        else:
            own, values = self.read_values(one, one.subject)
            if (values or not own) and self.may_be_any(values, one):
                return None
            values = own | values
            if one.kind == "repr":
                inside = self.reach.shown_inside(values)
                values = inside if one.inside else values | inside | self.reach.made_with(values)
        found = self.reach.each_error(values)
        return None if ANY_ERROR in found else found

    def raises_given(self, definition: Definition) -> bool:
        """Return whether a function raises an error that it receives, or gets from elsewhere."""
        raised = (one[1] for one in statements_of(definition.scope.code) if one[0] == op.RAISE and one[1] is not None)
        return any(
            value[0] not in ("class", "external")
            for code in raised
            if code[0] != op.CALL
            for value in self.reach.values(definition, code)
        )

    def may_be_any(self, values: Values, one: Observer) -> bool:
        """Return whether a value that may be anything may be an error, by its name or by what it is compared with."""
        kinds = {value[0] for value in values}
        kinds -= HELD
        if kinds - {"unknown", "any", "parameter"}:
            return False
        if not self.looks_like_an_error(one) or is_entered(one) or self.is_read_back(one):
            return False
        if kinds == {"any"}:  # ``result.exception`` of click's runner and similar attributes
            return one.subject is not None and one.subject[0] == op.ATTRIBUTE and self.is_of_outside(one)
        if "parameter" in kinds and "unknown" not in kinds:
            parameters = [value for value in values if value[0] == "parameter" and not is_for_status(value[1])]
            return any(map(self.reach.may_be_given_any, parameters))
        return "unknown" in kinds or not kinds

    def is_of_outside(self, one: Observer) -> bool:
        """Return whether an attribute is one under which objects from outside hold an error."""
        assert one.subject is not None
        _, receiver, name, _ = one.subject
        if name == "exc_value":  # of what a hook receives; many classes have an attribute of this name
            return {value[0] for value in self.reach.values(one.definition, receiver)} == {"parameter"}
        return bool(name == "exception")

    def is_read_back(self, one: Observer) -> bool:
        """Return whether a value is the result of ``pickle.loads`` or similar, while no caught error is pickled."""
        if one.subject is None or one.subject[0] != op.NAME:
            return False
        bound = [
            statement[2]
            for statement in statements_of(one.definition.scope.code)
            if statement[0] == op.ASSIGN and one.subject in statement[1]
        ]
        known = len(one.definition.bindings.get(one.subject[1], ()))
        read = [code for code in bound if code[0] == op.CALL and dotted_code(code[1]) in READ_BACK]
        return len(read) == known > 0 and not self.reach.writes_errors()

    def looks_like_an_error(self, one: Observer) -> bool:
        """Return whether a value is an error by its name, or is compared with the class of one."""
        compared = [self.classes(code, one.definition) for code in one.compared or ()]
        if one.subject is not None and one.subject[0] == op.NAME and len(one.subject) > 2:  # isinstance was asked of it
            compared.append(self.flat(one.subject[2], one.definition))
        if any(info is not None and info.is_error for part in compared for info in part):
            return True
        name = dotted_code(one.subject) if one.subject is not None else ""
        if len(name) < 3 and not any(each.name == name for each in one.definition.scope.parameters):
            return False  # as often an element of something
        return not ERROR_WORDS.isdisjoint([name.lower(), *name.rpartition(".")[2].lower().split("_")])

    def makes_a_difference(self, error: str, one: Observer) -> bool:
        """Return whether the stand-in of a builtin answers an observer differently from the builtin."""
        name = error.removeprefix(BUILTIN)
        if name not in self.ancestors:
            return False
        if name in self.same_names and (one.asked == "__name__" or (one.kind == "repr" and not one.asked)):
            return False
        if one.asked == AS_TEXT:  # the message of a type of the library is the text of its builtin, except for KeyError
            return name == "KeyError" or not all(path in TYPES or path == ROOT for path in self.ancestors[name])
        if one.kind == "attribute" and one.asked == "__dict__":
            return not all(path in TYPES or path == ROOT for path in self.ancestors[name])
        if one.kind == "attribute" and one.asked not in ("", "dir"):
            return one.asked in self.answers[name]
        if one.texts is not None:
            stand_in = {path.rpartition(".")[2] for path in self.ancestors[name]}
            return name in one.texts or not stand_in.isdisjoint(one.texts)
        if one.compared is not None:
            if all(code[0] == op.CONSTANT for code in one.compared):
                return False  # no class equals a text
            known = [self.classes(code, one.definition) for code in one.compared]
            classes = [info for part in known for info in part]
            if not classes or None in classes:
                return True
            paths = {info.path for info in classes if info is not None}
            return error in paths or not self.ancestors[name].isdisjoint(paths)
        return True

    def classes(self, code: Code, definition: Definition) -> list[ClassInfo | None]:
        """Return the classes that an expression, or the members and keys of a table, may be."""
        found: list[ClassInfo | None] = []
        values = self.reach.values(definition, code)
        for value in values:
            if value[0] == "container":
                found += [self.reach.class_of(one) for one in self.members(value)]
            else:
                found.append(self.reach.class_of(value))
        return found

    def members(self, value: Value) -> Values:
        """Return the keys of a table, or the members of a collection."""
        keys: Values = self.reach.members(value, "keys")
        return keys or self.reach.members(value, "items")

    def is_typed(self, info: ClassInfo | None) -> bool:
        """Return whether a class catches some stand-in that it would not catch as a builtin."""
        return info is not None and info.path in self.typed

    def flat(self, code: Code, definition: Definition) -> list[ClassInfo | None]:
        """Return the classes that a clause names, through tuples and names."""
        return self.flattened(self.reach.values(definition, code))

    def alternatives(self, code: Code, definition: Definition) -> list[list[ClassInfo | None]]:
        """Return what a name of classes may be, each a class or a tuple of classes."""
        return [self.flattened({value}) for value in self.reach.values(definition, code)]

    def flattened(self, values: Values) -> list[ClassInfo | None]:
        """Return the classes among some values and what these hold."""
        found: list[ClassInfo | None] = []
        waiting = list(values)
        seen = set(waiting)
        while waiting:
            value = waiting.pop()
            if value[0] == "container":
                new = [one for one in self.reach.members(value, "items") if one not in seen]
                seen.update(new)
                waiting += new
            else:
                found.append(self.reach.class_of(value))
        return found


def is_for_status(definition: Definition) -> bool:
    """Return whether a function handles the errors that a framework itself raises: ``@app.errorhandler(404)``."""
    marks = definition.scope.decorators
    return len(marks) == 1 and marks[0][0] == op.CALL and [one[:2] for one in marks[0][2]] == [[op.CONSTANT, "int"]]


def is_rebound(name: str, definition: Definition) -> bool:
    """Return whether a parameter may hold anything but what a call passes for it."""
    inner = (one for one in definition.module.definitions if definition in one.outwards() and one is not definition)
    if definition.bindings.get(name) or any(name in one.scope.outer for one in inner):
        return True
    for code, _, _ in walk_code(definition.scope.code):
        if code[0] == op.NAMED and code[1] == name:
            return True
        if code[0] == op.COMPREHENSION and any(name in names_in_target(loop[0]) for loop in code[2]):
            return True
    return False


def argument_for(name: str, definition: Definition, call: Code) -> Code | None:
    """Return what a call passes for a parameter that may be given by place; None if that cannot be told."""
    parameters = definition.scope.parameters
    place = next((number for number, one in enumerate(parameters) if one.name == name and one.kind in PLAIN), None)
    if place is None or any(one[0] == op.STARRED for one in call[2]) or any(keyword is None for keyword, _ in call[3]):
        return None
    if definition.parent is not None and definition.parent.scope.kind == "class":
        if call[1][0] != op.ATTRIBUTE or last_name(call[1][1])[:1].isupper():
            return None
        place -= 1  # the method's own object
    found: Code | None = call[2][place] if 0 <= place < len(call[2]) else dict(call[3]).get(name)
    return found


def would_fail(one: Observer) -> bool:
    """Return whether a test reads what a builtin lacks, outside any ``try`` and ``with``.

    With a builtin the test ends in an AttributeError: if it passes, none reaches it.
    """
    test = one.definition
    if (
        one.kind != "attribute"
        or one.text.removesuffix("()").rpartition(".")[2] != one.asked
        or one.asked == "__dict__"
    ):
        return False
    top = test.parent is test.module.top or (test.parent is not None and test.parent.scope.kind == "class")
    marks = [mark for each in test.outwards() for mark in each.scope.decorators]
    if not top or not test.scope.name.startswith("test") or any(last_name(mark) in MAY_FAIL for mark in marks):
        return False
    guarded = (each for each in statements_of(test.scope.code) if each[0] in (op.TRY, op.WITH))
    return not any(code[-1] == one.place for each in guarded for code, _, _ in walk_code([each]))


def is_entered(one: Observer) -> bool:
    """Return whether a value comes from a context manager (``pytest.raises(ValueError) as err``): not an error."""
    return any(
        statement[0] == op.WITH and any(target == one.subject for _, target in statement[1])
        for statement in statements_of(one.definition.scope.code)
    )
