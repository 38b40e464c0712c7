"""The error contract: for each entry point the errors it may answer with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from flext_analysis.entry_points.common.answers import OWN, answers_in, raised_statuses
from flext_analysis.entry_points.common.http_errors import HTTP_ERRORS
from flext_analysis.entry_points.common.model import Answer, Application, EntryPoint, ErrorHandler
from flext_analysis.entry_points.common.reading import Reader
from flext_analysis.escapes import OPEN
from flext_analysis.summaries.definitions import Definition
from flext_analysis.summaries.summary import line_of
from flext_codemods.audit.contracts.error_facts import ErrorFacts, FactReader
from flext_codemods.audit.program import function_name, place_name
from flext_codemods.audit.witness import Origin, Ways

__all__ = ["AnyError", "Contract", "ContractError", "contract_of"]

ANY = "*"  # anything: a callee is not known


WEB = frozenset(["fastapi", "starlette", "flask", "django", "django rest framework"])


class ContractError(NamedTuple):
    """An error that an entry point may answer with.

    ``path`` is its class, "*" for what is not known, "" for an answer that is not an error (``return body, 409``).
    ``status`` is what the outside sees: an HTTP status or an exit status, None if it is not known.
    """

    path: str
    code: str
    status: int | None
    title: str
    retryable: bool
    handled: bool
    by: str
    raised: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of the class without its module."""
        return self.path.rpartition(".")[2] or "(answer)"


class Contract(NamedTuple):
    """An entry point with its errors, the unhandled ones first."""

    framework: str
    kind: str
    name: str
    function: str
    line: int
    errors: tuple[ContractError, ...]

    @property
    def unhandled(self) -> tuple[ContractError, ...]:
        """The errors that nothing handles."""
        return tuple(one for one in self.errors if not one.handled)


AnyError = ContractError(ANY, "", None, "It calls something unknown", False, False, "", ())


def contract_of(entry_points: Iterable[EntryPoint], ways: Ways, facts: FactReader) -> list[Contract]:
    """Return the contract of each entry point."""
    maker = ContractMaker(ways, facts)
    return [maker.contract(one) for one in entry_points]


class ContractMaker:
    """Makes contracts; the answers in a function are read once."""

    def __init__(self, ways: Ways, facts: FactReader) -> None:
        self.ways = ways
        self.facts = facts
        self.reader: Reader = facts.reader
        self._answers: dict[Definition, dict[int, int]] = {}

    def contract(self, entry: EntryPoint) -> Contract:
        """Return the contract of an entry point."""
        found: dict[tuple[str, int | None], ContractError] = {}
        for error in self.errors(entry):
            key = error.path, error.status
            known = found.get(key)
            if known is None:
                found[key] = error
            else:
                raised = tuple(dict.fromkeys((*known.raised, *error.raised)))
                found[key] = known._replace(raised=raised, handled=known.handled and error.handled)
        errors = sorted(found.values(), key=lambda one: (one.handled, one.path == ANY, one.status or 999, one.path))
        definition = entry.definition
        name = function_name(definition) if definition is not None else ""
        line = line_of(definition.scope.place) if definition is not None else 0
        return Contract(entry.framework, entry.kind, entry.name, name, line, tuple(errors))

    def errors(self, entry: EntryPoint) -> Iterator[ContractError]:
        """Yield the errors of an entry point: what leaves its functions, then its answers without an error."""
        application = entry.application
        for definition in entry.functions:
            for path in sorted(self.ways.leaving(definition, decorated=True)):
                origins = self.ways.origins(definition, path, decorated=True)
                if path == OPEN:
                    yield self.unknown(application, [one.shown for one in origins][:5])
                else:
                    yield from self.leaving(path, origins, application)
        if entry.kind == "route":
            for status, path in entry.answers:
                facts = self.facts.of(path)
                own = (
                    self.answer(facts, self.statuses(facts, []), application).statuses if HTTP_ERRORS.get(path) else ()
                )
                for each in own or (status,):
                    yield self.error(facts, Answer((each,), "the framework's validation of the request"), each, ())
            yield from self.direct(entry.functions)
        else:
            for status, path in entry.answers:
                yield self.error(self.facts.of(path), Answer((status,), "its usage message"), status, ())

    def unknown(self, application: Application, sites: list[str]) -> ContractError:
        """Return the entry for errors that are not known."""
        taker = application.handler_for(()) or application.middleware_for(())
        if taker is not None:
            return AnyError._replace(
                status=taker.statuses[0] if taker.statuses else None, by=taker.name, raised=tuple(sites)
            )
        own = next((one.name for one in reversed((*application.handlers, *application.middlewares)) if one.own), "")
        statuses = application.otherwise.statuses
        by = f"{own}, or {application.otherwise.by}" if own else application.otherwise.by
        status = None if own or not statuses else statuses[0]
        return AnyError._replace(status=status, by=by, raised=tuple(sites))

    def leaving(self, path: str, origins: list[Origin], application: Application) -> Iterator[ContractError]:
        """Yield the answers to a class that leaves an entry point, one per status."""
        facts = self.facts.of(path)
        groups: dict[tuple[int | None, ...], list[Origin]] = {}
        for origin in origins:
            groups.setdefault(self.statuses(facts, [origin]), []).append(origin)
        for own, members in groups.items() or [(self.statuses(facts, []), [])]:
            answer = self.answer(facts, own, application)
            sites = tuple(dict.fromkeys(one.shown for one in members))
            for status in answer.statuses or (None,):
                yield self.error(facts, answer, status, sites)

    def error(self, facts: ErrorFacts, answer: Answer, status: int | None, sites: tuple[str, ...]) -> ContractError:
        """Return an error of a contract."""
        return ContractError(
            facts.path, facts.code, status, facts.title, facts.retryable, answer.handled, answer.by, sites
        )

    def answer(self, facts: ErrorFacts, own: tuple[int | None, ...], application: Application) -> Answer:
        """Return how an application answers an error: by its nearest handler, otherwise a middleware, otherwise not.

        ``own`` are the statuses that the error has.
        """
        handler = application.handler_for(facts.lineage)
        if handler is not None and own and (handler.own and not handler.statuses):
            handler = self.page(application, own) or handler
        if handler is None:
            handler = application.middleware_for(facts.lineage)
        if handler is None:
            page = self.page(application, [500])
            return application.otherwise if page is None else Answer(page.statuses or (500,), page.name, False)
        statuses: tuple[int | None, ...] = tuple(dict.fromkeys((*handler.statuses, *(own if handler.own else ()))))
        if handler.own and not own and not handler.statuses and application.framework in WEB:
            statuses = application.otherwise.statuses
        return Answer(statuses, handler.name)

    def page(self, application: Application, statuses: Iterable[int | None]) -> ErrorHandler | None:
        """Return the handler that an application has for a status."""
        for one in reversed(application.handlers):
            if one.status and one.status in statuses:
                return one if one.statuses else one._replace(statuses=(one.status,))
        return None

    def statuses(self, facts: ErrorFacts, origins: list[Origin]) -> tuple[int | None, ...]:
        """Return the statuses of an error, None for an unknown one: of each raise, otherwise of its class."""
        found: dict[int | None, None] = {}
        for origin in origins:
            where = origin.definition
            said = [0] if where is None else raised_statuses(origin.raised, where, self.reader)
            found.update((facts.status if one == 0 else one, None) for one in said)
        if not origins:
            found[facts.status] = None
        return tuple(sorted((one for one in found if one != 0), key=lambda one: (one is None, one or 0)))

    def direct(self, functions: tuple[Definition, ...]) -> Iterator[ContractError]:
        """Yield the error statuses that an entry point's own code answers with."""
        for definition in self.ways.reached(functions):
            known = self._answers.get(definition)
            if known is None:
                known = self._answers[definition] = answers_in(definition, self.reader)
            for status, place in sorted(known.items()):
                if status != OWN and status >= 400:
                    site = place_name(definition.module.path, place)
                    title = self.facts.of("").title
                    yield ContractError("", "", status, title, False, True, function_name(definition), (site,))
