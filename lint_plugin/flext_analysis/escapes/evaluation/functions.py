"""What the statements of a function do with values and errors."""

from __future__ import annotations

from typing import Any

from flext_analysis.escapes.engine import Items, Step, context_of
from flext_analysis.escapes.evaluation.expressions import Expressions
from flext_analysis.escapes.values import EMPTY, OPEN_KINDS, STRING, UNKNOWN, VAGUE, Value, Values
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.code_walk import walk_code
from flext_analysis.summaries.definitions import Definition, bindings_in
from flext_analysis.summaries.summary import Code

__all__ = ["Functions"]


class Functions(Expressions):
    """Runs statements."""

    def run(self) -> Items:
        """Visit the function, and return what it does with errors."""
        self.number = 0
        self.block(self.definition.scope.code)
        if self.definition.scope.decorators:
            self.items = self.managed_as_a_whole(self.items)
        return self.items

    def block(self, code: list[Code]) -> None:
        """Run the statements of a block: of those that hold no others, the ones that read something new."""
        for one in code:
            if one[0] in BLOCKS:
                RUNNERS[one[0]](self, one)
            else:
                self.items += self.statement(one)

    def statement(self, code: Code) -> Items:
        """Return the items of a statement, which is run if they may differ from those of the last visit."""
        instance = self.instance
        if self.number == len(instance.steps):
            instance.steps.append(Step(instance))
        step = instance.steps[self.number]
        self.number += 1
        if step.stale:
            outer, around = self.items, instance.step
            self.items, instance.step = [], step
            step.stale = False
            try:
                RUNNERS[code[0]](self, code)
            finally:
                step.items, self.items, instance.step = self.items, outer, around
        return step.items

    def inner(self, code: list[Code]) -> Items:
        """Run a block, and return its items separately."""
        outer, self.items = self.items, []
        self.block(code)
        found, self.items = self.items, outer
        return found

    def evaluate(self, code: Code) -> None:
        self.value(code[1])

    def assertion(self, code: Code) -> None:
        if code[1] is not None:
            self.value(code[1])

    def assignment(self, code: Code) -> None:
        values = tuple(self.value(code[2]))
        if self.definition.scope.kind == "class":
            place = self.definition.scope.place
            named: Values = {("class", self.definition, True)}
            self.call(self.special(set(values), "__set_name__", place), [named, {STRING}], {}, place)
        for target in code[1]:
            self.assign(target, values, 0)  # type: ignore[arg-type]

    def annotated(self, code: Code) -> None:
        target = code[1]
        known = self.engine.annotated(code[2], self.definition)
        values: set[Value] = set(known)
        if code[3] is not None:
            given = self.value(code[3])
            values |= given if not known else {one for one in given if one[0] in ("container", "function", "bound")}
        if self.definition.scope.kind == "class" and target[0] == op.NAME:
            self.engine.write((self.definition, "." + target[1]), values)
        if values:
            self.assign(target, values, 0)

    def augmented(self, code: Code) -> None:
        target, method, place = code[1], code[2], code[4]
        values = self.value(code[3])
        before = self.value(target)
        in_place = "__i" + method[2:]
        methods = self.special(before, in_place, place) or self.special(before, method, place)
        result = set(self.call(methods, [values], {}, place)) if methods else set()
        for one in self.ordered(before):
            if one[0] == "container":
                self.call_container(one[1], "update", [values], {}, place)
        self.assign(target, {*result, *(one for one in before if one[0] != "unknown")}, place)

    def returning(self, code: Code) -> None:
        if code[1] is not None:
            self.engine.write((self.definition, self.context, "$return"), tuple(self.value(code[1])))

    def raising(self, code: Code) -> None:
        if code[2] is not None:
            self.value(code[2])
        if code[1] is None:
            self.items.append(("again", code[4]))
            return
        found = self.without_symbols(self.raised(code[1], code[4]))
        for one in self.ordered(found):
            if one[0] == "instance" and (one[1], ".__class__") in self.engine.slots:
                found |= {("instance", *each[1:]) for each in self.load({one}, "__class__", 0) if each[0] == "class"}
        values = tuple(self.ordered(found))
        self.items.append(("raise", values, code[4]))
        for one in values:
            if one[0] == "class" and isinstance(one[1], Definition):
                self.construct(one, [], {}, code[4], None)

    def raised(self, code: Code, place: int) -> Values:
        """Return what a ``raise`` raises; what that is made with there is kept for its site alone."""
        self.raised_call = (code[4], (self.definition.module.path, place)) if code[0] == op.CALL else None
        found = self.value(code)
        self.raised_call = None
        return found

    def trying(self, code: Code) -> None:
        body = self.inner(code[1])
        handlers = []
        for caught, name, inside, place in code[2]:
            outer, self.items = self.items, []
            classes = None if caught is None else self.value(caught)
            before, self.items = self.items, outer
            key = (self.definition, self.context, place)
            if name:
                self.write_name(name, {("group" if code[5] else "caught", key)})
            self.handlers.append(key)
            around = self.caught
            if name and not code[5] and self.is_bound_once(name, inside):
                self.caught = {**around, name: {("caught", key)}}
            handlers.append(
                (key, None if classes is None else tuple(self.flatten(classes)), [*before, *self.inner(inside)])
            )
            self.handlers.pop()
            self.caught = around
        self.items.append(("try", body, handlers, self.inner(code[3]), self.inner(code[4])))

    def is_bound_once(self, name: str, body: list[Code]) -> bool:
        """Return whether the name of a handler is a local one that the body of the handler binds to nothing else."""
        bound = self.engine.handled.get(id(body))
        if bound is None:
            named = (code[1] for code, _, _ in walk_code(body) if code[0] == op.NAMED)
            bound = frozenset([*named, *(one for one, _ in bindings_in(body, self.definition.module))])
            self.engine.handled[id(body)] = bound
        return name not in bound and self.engine.owner(self.definition, name) is self.definition

    def flatten(self, values: Values) -> set[Value]:
        """Return the classes that a clause names, through tuples."""
        found: set[Value] = set()
        waiting = list(values)
        seen: set[Value] = set()
        while waiting:
            one = waiting.pop()
            if one in seen:
                continue
            seen.add(one)
            if one[0] == "container":
                waiting += self.engine.read((one[1], "items"), self.instance)
            else:
                found.add(one)
        return found

    def managing(self, code: Code) -> None:
        entered: list[tuple[str, Any, Any]] = []
        place = code[4]
        for manager, target in code[1]:
            values = self.value(manager)
            given: set[Value] = set()
            for one in self.ordered(values):
                if one[0] == "manager":
                    instance = self.engine.instance(one[1], one[2])
                    given |= self.engine.read((one[1], one[2], "$yield"), self.instance)
                    entered.append(("through", instance, None))
                elif one[0] == "instance" and isinstance(one[1], Definition):
                    given |= self.enter(one, place, code[3])
                    entered.append(("exits", None, None))
                elif one[0] == "instance" and one[1] == "contextlib.suppress":
                    pass
                else:
                    given.add(one if one[0] not in ("unknown", "any") else UNKNOWN)
            suppressed = self.suppressed(manager)
            if suppressed is not None:
                entered.append(("suppress", tuple(self.flatten(suppressed)), None))
                if self.is_raises(manager):
                    given = {("entered", (self.definition, self.context, place))}
            if target is not None:
                self.assign(target, given, place)
        body = self.inner(code[2])
        key = (self.definition, self.context, place)
        for kind, what, _ in reversed(entered):
            body = [(kind, what, body, place)] if kind == "through" else [wrapped(kind, key, what, body, place)]
        self.items += body

    def enter(self, value: Value, place: int, asynchronous: bool) -> Values:
        """Enter and leave an instance, and return the result of its ``__enter__``."""
        names = ("__aenter__", "__aexit__") if asynchronous else ("__enter__", "__exit__")
        caught: Value = ("caught", (self.definition, self.context, place))
        results: list[Values] = []
        for name, given in zip(names, ([], [{UNKNOWN}, {caught}, {UNKNOWN}]), strict=True):
            result = self.call(self.special({value}, name, place), given, {}, place)
            results.append(self.await_values(result, place) if asynchronous else result)
        return results[0]

    def suppressed(self, manager: Code) -> Values | None:
        """Return the classes that ``suppress(...)`` or ``pytest.raises(...)`` names, None for another manager."""
        if manager[0] != op.CALL:
            return None
        if self.is_assert_raises(manager):
            return {value for one in manager[2][:1] for value in self.value(one)}
        callee = self.value(manager[1])
        paths = {one[1] for one in callee if one[0] == "external"}
        if paths & {"contextlib.suppress", "pytest.raises"}:
            return {value for one in manager[2] for value in self.value(one)}
        return None

    def is_raises(self, manager: Code) -> bool:
        """Return whether a manager gives access to the error that it caught: ``pytest.raises(...)``, unittest's."""
        return self.is_assert_raises(manager) or ("external", "pytest.raises") in self.value(manager[1])

    def is_assert_raises(self, manager: Code) -> bool:
        """Return whether a manager is ``self.assertRaises(...)``, and not a method of the repository."""
        called = manager[1]
        if called[0] != op.ATTRIBUTE or called[2] not in ("assertRaises", "assertRaisesRegex"):
            return False
        return all(one[0] not in ("function", "bound") for one in self.value(called))

    def looping(self, code: Code) -> None:
        iterable = self.value(code[2])
        self.mark_vague(iterable, code[4])
        values = self.iterate(iterable, code[4])
        if code[3]:
            values = self.await_values(values, code[4])
        self.assign(code[1], values, code[4])

    def importing(self, code: Code) -> None:
        module = self.definition.module
        project = self.engine.project
        if code[2]:
            return
        for local, source, name, level in code[1]:
            base = module.absolute(source, level)
            if local == "*" or not local:
                continue
            values: set[Value] = set()
            found = project.find_module(base, module) if base else None
            self.run_modules(base if name is None or found is None else f"{base}.{name}")
            if name is None:
                values.add(("module", found) if found is not None else ("external", base))
            elif found is module:
                inner = project.find_module(f"{base}.{name}", module)
                if inner is not None:
                    values.add(("module", inner))
            elif found is not None:
                values |= self.of_module(found, name)
                if not values:
                    inner = project.find_module(f"{base}.{name}", module)
                    if inner is not None:
                        values.add(("module", inner))
            else:
                for entity in project.of_import((source, name, level), module):
                    values |= self.of_entity(entity)
            self.write_name(local, values)

    def managed_as_a_whole(self, body: Items) -> Items:
        """Return the items of a function under the managers that decorate it: ``@handling_errors()``."""
        place = self.definition.scope.place
        key = (self.definition, self.context, place)
        self.items = []
        for one in self.ordered(self.engine.read((self.definition, self.context, MANAGERS), self.instance)):
            if one[0] == "manager":
                body = [("through", self.engine.instance(one[1], one[2]), body, place)]
            else:
                self.enter(one, place, "async" in self.definition.scope.flags)
                body = [wrapped("exits", key, None, body, place)]
        return [*self.items, *body]

    def defining(self, code: Code) -> None:
        definition = self.definition.module.definitions[code[1]]
        scope = definition.scope
        if scope.kind == "class":
            for base in scope.bases:
                self.value(base)
            value: Values = {("class", definition, True)}
            self.add_call(self.engine.instance(definition, ()), None, scope.place)
            self.class_made(definition, scope.place)
        else:
            for one in scope.parameters:
                if one.default is not None:
                    given = tuple(self.value(one.default))
                    self.engine.write((definition, self.context, one.name), given)
                    self.engine.write((definition, self.context, one.name, "default"), given)
            self.engine.instance(definition, self.context)
            value = {("function", definition, self.context)}
        plain = value
        for decorator in reversed(scope.decorators):
            plain, value = value, self.decorate(decorator, value, definition)
            if not value:
                break
        self.write_name(scope.name, value)
        owner = self.engine.owner(self.definition, scope.name)
        if scope.decorators and owner is not None:
            key = owner, context_of(self.definition, owner, self.context), scope.name
            self.engine.decided(key, definition, EMPTY if value else plain)

    def decorate(self, decorator: Code, value: Values, definition: Definition) -> Values:
        """Return the result of a function's or class's decorators; nothing while that is still unknown."""
        callee = self.value(decorator)
        if all(one[0] in OPEN_KINDS for one in callee):
            return EMPTY
        place = definition.scope.place
        managers = {one for one in callee if self.is_manager(one)} if self.engine.limits.widens else EMPTY
        if managers and managers == callee:
            self.engine.write((definition, self.context, MANAGERS), managers)
            return value
        known = [one for one in callee if one[0] not in VAGUE - {"made"}]
        if not known or all(one[0] == "external" for one in known):
            kept: set[Value] = set()
            for one in self.ordered(known):
                if one[1] in DECORATORS or one[1].endswith(PROPERTY_NAMES):
                    path = "builtins.property" if one[1].endswith(PROPERTY_NAMES) else one[1]
                    kept |= self.call_external(path, [value], {}, place, None)
                else:
                    kept |= value
            return kept or value
        found = self.call({*known}, [value], {}, place)
        useful = {one for one in found if one[0] not in OPEN_KINDS - {"any"}}
        return useful or (value if found else EMPTY)

    def is_manager(self, value: Value) -> bool:
        """Return whether a value decorates a function with itself: a ``with`` around its body."""
        if value[0] == "instance" and isinstance(value[1], Definition):
            return not CONTEXT_DECORATORS.isdisjoint(self.engine.info(value[1]).lineage)
        return bool(value[0] == "manager")

    def matching(self, code: Code) -> None:
        self.value(code[1])
        for one in (*code[2], *code[3]):
            self.value(one)

    def choosing(self, code: Code) -> None:
        for block in code[1]:
            self.block(block)


def wrapped(kind: str, key: Any, what: Any, body: Items, place: int) -> tuple[Any, ...]:
    """Return the item of a body under a manager."""
    return (kind, key, what, body, place) if kind == "suppress" else (kind, key, body, place)


PROPERTY_NAMES = ("cached_property", "cachedproperty", "lazyproperty", "lazy_property", "abstractproperty")
DECORATORS = frozenset(
    "builtins.property builtins.staticmethod builtins.classmethod contextlib.contextmanager functools.cached_property "
    "contextlib.asynccontextmanager abc.abstractproperty".split()
)
MANAGERS = "$managers"  # the slot of the managers that decorate a function
CONTEXT_DECORATORS = frozenset(["contextlib.ContextDecorator", "contextlib.AsyncContextDecorator"])
BLOCKS = frozenset([op.TRY, op.WITH, op.CHOOSE])  # statements that contain others
RUNNERS: dict[int, Any] = {
    op.EVALUATE: Functions.evaluate,
    op.ASSIGN: Functions.assignment,
    op.ANNOTATE: Functions.annotated,
    op.AUGMENT: Functions.augmented,
    op.RETURN: Functions.returning,
    op.RAISE: Functions.raising,
    op.TRY: Functions.trying,
    op.WITH: Functions.managing,
    op.LOOP: Functions.looping,
    op.IMPORT: Functions.importing,
    op.DEFINE: Functions.defining,
    op.CHOOSE: Functions.choosing,
    op.ASSERT: Functions.assertion,
    op.MATCH: Functions.matching,
}
