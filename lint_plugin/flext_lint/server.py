"""The language server (LSP 3.17): diagnostics while typing, quick fixes, and the page of a rule on hover."""

from __future__ import annotations

import asyncio
import difflib
import io
import re
from argparse import Namespace
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from flext_exceptions import FlextExceptions
from flext_lint.check.checking import wanted
from flext_lint.check.fixes import fix_text, is_available
from flext_lint.check.linting import lint_text
from flext_lint.check.places import Places
from flext_lint.check.violation import Violation
from flext_lint.hover import function_errors, hover_text
from flext_lint.rule import all_rules

__all__ = ["server"]

DELAY = 0.05  # seconds after the last key before a text is linted
OPTIONS = Namespace(select=(), extend_select=(), ignore=(), no_cache=False, disable_noqa=False)
WORD_BEFORE = re.compile(r"[\w.]*$")
WORD_AFTER = re.compile(r"^\w*")
RULES = "https://flext-exceptions.readthedocs.io/rules/"


class Server(LanguageServer):
    """The server with what it knows about the open documents."""

    def __init__(self) -> None:
        super().__init__("flext-lint", version("flext-exceptions"))
        self.places = Places(OPTIONS)
        self.waiting: dict[str, asyncio.Task[None]] = {}
        self.told: set[str] = set()

    def lint(self, uri: str) -> list[Violation]:
        """Return the findings in an open document; wrong settings are shown once and nothing is found."""
        document = self.workspace.get_text_document(uri)
        path = to_fs_path(uri) or uri
        lines = io.StringIO(document.source, newline=None).readlines()
        try:
            place = self.places.of(Path(path))
            found = lint_text(lines, path, place.project)
            return wanted(Path(path), found, place, lines)
        except FlextExceptions.ConfigurationError as error:
            if str(error) not in self.told:
                self.told.add(str(error))
                self.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Error, f"flext-lint: {error}"))
            return []

    def publish(self, uri: str) -> None:
        """Send the findings of an open document."""
        lines = self.workspace.get_text_document(uri).lines
        found = [diagnostic(self, one, lines) for one in self.lint(uri)]
        document = self.workspace.get_text_document(uri)
        self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, found, document.version))

    async def publish_soon(self, uri: str) -> None:
        """Send the findings of an open document once typing has paused."""
        await asyncio.sleep(DELAY)
        if uri in self.workspace.text_documents:
            self.publish(uri)

    def forget(self) -> None:
        """Read settings and modules again when they are next needed."""
        self.places = Places(OPTIONS)
        self.told.clear()


server = Server()


def diagnostic(ls: Server, one: Violation, lines: Sequence[str]) -> lsp.Diagnostic:
    """Return the diagnostic for a finding: from its place to the end of its line."""
    text = lines[one.line - 1].rstrip("\r\n") if one.line <= len(lines) else ""
    start = len(text.encode()[: one.column - 1].decode("utf-8", "ignore"))  # columns of findings are UTF-8 bytes
    end = max(len(text.partition("  #")[0].rstrip()), start)
    place = lsp.Range(lsp.Position(one.line - 1, start), lsp.Position(one.line - 1, end))
    rule = all_rules().get(one.code)
    return lsp.Diagnostic(
        range=ls.workspace.position_codec.range_to_client_units(lines, place),
        message=one.message,
        severity=lsp.DiagnosticSeverity.Warning if rule is not None else lsp.DiagnosticSeverity.Error,
        code=one.code,
        code_description=lsp.CodeDescription(f"{RULES}{one.code}/") if rule is not None else None,
        source="flext-lint",
        data={"column": one.column},
    )


@server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
def did_open(ls: Server, params: lsp.DidOpenTextDocumentParams) -> None:
    """Lint a document that was opened."""
    ls.publish(params.text_document.uri)


@server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
def did_change(ls: Server, params: lsp.DidChangeTextDocumentParams) -> None:
    """Lint a document that is being edited."""
    uri = params.text_document.uri
    task = ls.waiting.pop(uri, None)
    if task is not None:
        task.cancel()
    ls.waiting[uri] = asyncio.get_running_loop().create_task(ls.publish_soon(uri))


@server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
def did_save(ls: Server, params: lsp.DidSaveTextDocumentParams) -> None:
    """Lint all open documents again: they may import what was saved."""
    ls.forget()
    for uri in list(ls.workspace.text_documents):
        ls.publish(uri)


@server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
def did_close(ls: Server, params: lsp.DidCloseTextDocumentParams) -> None:
    """Clear the diagnostics of a document."""
    uri = params.text_document.uri
    task = ls.waiting.pop(uri, None)
    if task is not None:
        task.cancel()
    ls.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, []))


@server.feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)
def did_change_files(ls: Server, params: lsp.DidChangeWatchedFilesParams) -> None:
    """Lint all open documents again when settings or modules changed on disk."""
    ls.forget()
    for uri in list(ls.workspace.text_documents):
        ls.publish(uri)


@server.feature(
    lsp.TEXT_DOCUMENT_CODE_ACTION,
    lsp.CodeActionOptions(code_action_kinds=[lsp.CodeActionKind.QuickFix], resolve_provider=True),
)
def code_action(ls: Server, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
    """Return the quick fixes at a position: the recipe that each rule names, and a comment that silences it."""
    uri = params.text_document.uri
    found: list[lsp.CodeAction] = []
    for one in params.context.diagnostics:
        if one.source != "flext-lint" or not isinstance(one.code, str):
            continue
        rule = all_rules().get(one.code)
        if rule is not None and rule.recipe and is_available():
            unsafe = " (may change what the program does)" if rule.unsafe else ""
            found.append(
                lsp.CodeAction(
                    title=f"{one.code}: {rule.recipe}{unsafe}",
                    kind=lsp.CodeActionKind.QuickFix,
                    diagnostics=[one],
                    is_preferred=not rule.unsafe,
                    data={"uri": uri, "code": one.code, "line": one.range.start.line + 1},
                )
            )
        if rule is not None:
            found.append(
                lsp.CodeAction(
                    title=f"{one.code}: silence this line with # noqa",
                    kind=lsp.CodeActionKind.QuickFix,
                    diagnostics=[one],
                    edit=lsp.WorkspaceEdit(changes={uri: [silence(ls, uri, one)]}),
                )
            )
    return found


def silence(ls: Server, uri: str, one: lsp.Diagnostic) -> lsp.TextEdit:
    """Return the edit that silences a finding: ``# noqa: CODE`` at the end of its line, or the code in it."""
    line = one.range.start.line
    text = ls.workspace.get_text_document(uri).lines[line].rstrip("\r\n")
    end = ls.workspace.position_codec.client_num_units(text)
    before, mark, codes = text.rpartition("# noqa:")
    new = f"{before}{mark} {codes.strip()}, {one.code}" if mark else f"{text.rstrip()}  # noqa: {one.code}"
    return lsp.TextEdit(lsp.Range(lsp.Position(line, 0), lsp.Position(line, end)), new)


@server.feature(lsp.CODE_ACTION_RESOLVE)
@server.thread()
def resolve(ls: Server, action: lsp.CodeAction) -> lsp.CodeAction:
    """Return a quick fix; its edit is computed only when it is needed."""
    data = action.data
    if not isinstance(data, dict):
        return action
    uri, document = data["uri"], ls.workspace.get_text_document(data["uri"])
    path = to_fs_path(uri) or uri
    raw = document.source.encode()
    new = fix_text(Path(path), raw, [Violation(path, data["line"], 1, data["code"], "")])
    if new == raw:
        why = "flext-lint: the recipe leaves this place as it is; python -m flext_codemods explain says why"
        ls.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Info, why))
        return action
    before, after = (text.decode("utf-8", "replace").splitlines(keepends=True) for text in (raw, new))
    edits = [
        lsp.TextEdit(lsp.Range(lsp.Position(first, 0), lsp.Position(last, 0)), "".join(after[start:end]))
        for tag, first, last, start, end in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
        if tag != "equal"
    ]
    action.edit = lsp.WorkspaceEdit(changes={uri: edits})
    return action


@server.feature(lsp.TEXT_DOCUMENT_HOVER)
async def hover(ls: Server, params: lsp.HoverParams) -> lsp.Hover | None:
    """Return what is known about the position: the class, what a function may raise, the rules there."""
    uri = params.text_document.uri
    path = to_fs_path(uri) or uri
    document = ls.workspace.get_text_document(uri)
    lines = io.StringIO(document.source, newline=None).readlines()
    line = params.position.line + 1
    word = document.word_at_position(params.position, WORD_BEFORE, WORD_AFTER)
    codes = [one.code for one in ls.lint(uri) if one.line == line]
    try:
        project = ls.places.of(Path(path)).project
    except FlextExceptions.ConfigurationError:
        return None
    # Following errors through other modules takes long; the server continues meanwhile.
    errors = await asyncio.to_thread(function_errors, document.source, Path(path), project.folder, line, word)
    text = hover_text(lines, path, project, line, word, codes=codes, errors=errors)
    return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, text)) if text else None
