"""The language server, driven by a real client over standard input and output."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from lsprotocol import types as lsp
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities, make_test_lsp_client

from tests.lint.conftest import BAD, DECLARED

# pygls asks for it, on Python 3.14 and newer.
pytestmark = pytest.mark.filterwarnings("ignore:'asyncio.iscoroutinefunction' is deprecated:DeprecationWarning")
COMMAND = [sys.executable, "-m", "flext_lint", "server"]
ERRORS = """\
from flext_exceptions import FlextExceptions


class BadInput(FlextExceptions.ValidationError):
    code = "SHOP_0001"
"""


@asynccontextmanager
async def session(root: Path) -> AsyncIterator[LanguageClient]:
    """Start a server with a client, in a project that declares itself and has its errors in a module."""
    for name, text in {"pyproject.toml": DECLARED, "shop/__init__.py": "", "shop/errors.py": ERRORS}.items():
        (root / name).parent.mkdir(exist_ok=True)
        if not (root / name).exists():
            (root / name).write_text(text)
    client = await ClientServerConfig(server_command=COMMAND, client_factory=make_test_lsp_client).start()
    await client.initialize_session(
        lsp.InitializeParams(client_capabilities("visual-studio-code"), root_uri=root.as_uri())
    )
    try:
        yield client
    finally:
        await client.shutdown_session()
        await client.stop()


async def opened(client: LanguageClient, file: Path, text: str) -> list[lsp.Diagnostic]:
    """Open a document and return what is found in it."""
    document = lsp.TextDocumentItem(file.as_uri(), "python", 1, text)
    client.text_document_did_open(lsp.DidOpenTextDocumentParams(document))
    return await diagnostics(client, file)


async def diagnostics(client: LanguageClient, file: Path) -> list[lsp.Diagnostic]:
    """Return the next diagnostics."""
    await client.wait_for_notification(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    return list(client.diagnostics[file.as_uri()])


def typed(client: LanguageClient, file: Path, version: int, text: str) -> None:
    """Replace the text of a document, as an editor tells it."""
    client.text_document_did_change(
        lsp.DidChangeTextDocumentParams(
            lsp.VersionedTextDocumentIdentifier(version, file.as_uri()),
            [lsp.TextDocumentContentChangeWholeDocument(text)],
        )
    )


async def actions(client: LanguageClient, file: Path, one: lsp.Diagnostic) -> dict[str, lsp.CodeAction]:
    """Return the quick fixes for a diagnostic, by the last word that tells them apart."""
    found = await client.text_document_code_action_async(
        lsp.CodeActionParams(
            lsp.TextDocumentIdentifier(file.as_uri()), one.range, lsp.CodeActionContext(diagnostics=[one])
        )
    )
    return {action.title: action for action in found or () if isinstance(action, lsp.CodeAction)}


def test_open_type_fix_hover_and_close(tmp_path: Path) -> None:
    """A whole session over one document, with the errors of another module known."""

    async def scenario() -> None:
        async with session(tmp_path) as client:
            file = tmp_path / "shop" / "cart.py"
            text = (
                'from shop.errors import BadInput\n\n\ndef add(ä, sku):\n    x = "ä"; raise BadInput("no", feild=sku)\n'
            )
            file.write_text(text)
            (one,) = await opened(client, file, text)
            assert (one.code, one.source) == ("FLX301", "flext-lint")
            assert "did you mean field?" in one.message
            line = text.splitlines()[4]
            assert (one.range.start.line, one.range.start.character) == (4, line.index("feild"))

            hover = await client.text_document_hover_async(
                lsp.HoverParams(lsp.TextDocumentIdentifier(file.as_uri()), lsp.Position(4, line.index("BadInput") + 2))
            )
            assert hover is not None and isinstance(hover.contents, lsp.MarkupContent)
            assert "**BadInput**" in hover.contents.value and "`ValueError`" in hover.contents.value
            assert "# FLX301 unknown-keyword" in hover.contents.value

            typed(client, file, 2, text.replace("feild", "field"))
            assert await diagnostics(client, file) == []

            client.text_document_did_close(lsp.DidCloseTextDocumentParams(lsp.TextDocumentIdentifier(file.as_uri())))
            assert await diagnostics(client, file) == []

    asyncio.run(scenario())


def test_hovering_says_what_a_function_may_raise(tmp_path: Path) -> None:
    """On its definition and on a call, through other modules; and the code that a class declares itself."""

    async def scenario() -> None:
        async with session(tmp_path) as client:
            stock = tmp_path / "shop" / "stock.py"
            stock.write_text("def take(sku):\n    if not sku:\n        raise LookupError(sku)\n    return 1\n")
            file = tmp_path / "shop" / "cart.py"
            text = (
                "from shop.errors import BadInput\nfrom shop.stock import take\n\n\nclass Late(BadInput):\n"
                '    code = "SHOP_0009"\n\n\ndef add(sku):\n    if sku == "x":\n        raise Late("no", field=sku)\n'
                "    take(sku)\n\n\ndef safe(sku):\n    try:\n        add(sku)\n    except (Late, LookupError):\n"
                "        return 1\n"
            )
            file.write_text(text)
            await opened(client, file, text)

            async def shown(line: int, character: int) -> str:
                place = lsp.Position(line, character)
                found = await client.text_document_hover_async(
                    lsp.HoverParams(lsp.TextDocumentIdentifier(file.as_uri()), place)
                )
                return found.contents.value if found and isinstance(found.contents, lsp.MarkupContent) else ""

            own = await shown(8, 5)
            assert "`shop.cart.Late` (shop/cart.py:11)" in own and "`LookupError` (shop/stock.py:3)" in own
            assert own == await shown(16, 9)
            assert "`LookupError`" in await shown(11, 5) and "Late" not in await shown(11, 5)
            assert await shown(14, 5) == ""
            assert "Code `SHOP_0009`" in await shown(4, 7) and "Code `SHOP_0009`" in await shown(10, 15)

    asyncio.run(scenario())


def test_the_recipe_at_the_place_and_a_comment_are_offered(tmp_path: Path) -> None:
    """The edit of the recipe comes when it is chosen; it changes this raise and adds the import, no other raise."""

    async def scenario() -> None:
        async with session(tmp_path) as client:
            file = tmp_path / "shop" / "cart.py"
            text = BAD + '\n\ndef g():\n    raise KeyError("no")\n'
            file.write_text(text)
            first, _ = await opened(client, file, text)
            offered = await actions(client, file, first)
            assert list(offered) == ["FLX103: raises", "FLX103: silence this line with # noqa"]
            silenced = offered["FLX103: silence this line with # noqa"]
            assert silenced.edit is not None and silenced.edit.changes is not None
            (edit,) = silenced.edit.changes[file.as_uri()]
            assert edit.new_text == '    raise ValueError("no")  # noqa: FLX103'

            resolved = await client.code_action_resolve_async(offered["FLX103: raises"])
            assert resolved.edit is not None and resolved.edit.changes is not None
            lines = text.splitlines(keepends=True)
            for one in reversed(resolved.edit.changes[file.as_uri()]):
                lines[one.range.start.line : one.range.end.line] = [one.new_text]
            new = "".join(lines)
            assert 'raise FlextExceptions.ValidationError("no")' in new and 'raise KeyError("no")' in new
            assert "from flext_exceptions import FlextExceptions\n" in new

    asyncio.run(scenario())


def test_a_text_that_does_not_parse_is_one_error_and_comes_back(tmp_path: Path) -> None:
    """While it is being edited, it seldom does."""

    async def scenario() -> None:
        async with session(tmp_path) as client:
            file = tmp_path / "shop" / "cart.py"
            (one,) = await opened(client, file, "def f(:\n    raise ValueError\n")
            assert (one.code, one.severity, one.range.start.line) == ("FLX000", lsp.DiagnosticSeverity.Error, 0)
            typed(client, file, 2, BAD)
            assert [one.code for one in await diagnostics(client, file)] == ["FLX103"]

    asyncio.run(scenario())


def test_wrong_settings_are_told_once_and_their_mending_is_seen(tmp_path: Path) -> None:
    """The document has no findings meanwhile."""

    async def scenario() -> None:
        async with session(tmp_path) as client:
            (tmp_path / "pyproject.toml").write_text("[tool.flext]\nallow = ['NoSuchError']\n")
            file = tmp_path / "shop" / "cart.py"
            assert await opened(client, file, BAD) == []
            assert [message.message for message in client.messages if "NoSuchError" in message.message]
            (tmp_path / "pyproject.toml").write_text(DECLARED)
            client.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams([]))
            assert [one.code for one in await diagnostics(client, file)] == ["FLX103"]

    asyncio.run(scenario())


def test_a_project_with_two_thousand_files(tmp_path: Path) -> None:
    """Only what the open file imports is read; many keys in a row give one answer, to the last of them."""

    async def scenario() -> None:
        async with session(tmp_path) as client:
            for number in range(2000):
                (tmp_path / "shop" / f"m{number}.py").write_text(
                    "from shop.errors import BadInput\n\n\nraise BadInput('no')\n"
                )
            file = tmp_path / "shop" / "cart.py"
            start = time.monotonic()
            assert len(await opened(client, file, BAD)) == 1
            first = time.monotonic() - start
            for number in range(20):
                typed(client, file, number + 2, BAD + "#" * number)
                await asyncio.sleep(0.001)
            typed(client, file, 30, "x = 1\n")
            start = time.monotonic()
            assert await diagnostics(client, file) == []
            print(f"first {first:.3f} s, later {time.monotonic() - start:.3f} s")

    asyncio.run(scenario())
