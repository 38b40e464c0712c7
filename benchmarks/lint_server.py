"""How long an editor waits for the language server: python -m benchmarks.lint_server [--files N] [--keys N].

A real client (pytest-lsp) talks to the server over standard input and output, in a project with two thousand modules
that import errors from one another. First: from opening a document, in a server that has just started, to its findings.
Later: from the last of twenty keys to the findings, including the time that the server waits for another key. These are
wall seconds, so they are meaningful on an idle machine only.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from lsprotocol import types as lsp
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities, make_test_lsp_client

MOST_FIRST, MOST_LATER = 1.0, 0.1  # seconds
ERRORS = """\
from flext_exceptions import FlextExceptions


class BadInput(FlextExceptions.ValidationError):
    code = "SHOP_0001"
"""
MODULE = """\
from shop.errors import BadInput
from shop.m{before} import check{before}


def check{number}(sku):
    if not sku:
        raise BadInput("no SKU", field="sku")
    try:
        return check{before}(sku)
    except KeyError as err:
        raise BadInput("unknown SKU", field="sku", value=sku) from err
"""


def write_project(folder: Path, files: int) -> Path:
    """Write a project with this many modules; return the last of them."""
    package = folder / "shop"
    package.mkdir()
    (folder / "pyproject.toml").write_text("[tool.flext]\n")
    (package / "__init__.py").touch()
    (package / "errors.py").write_text(ERRORS)
    for number in range(files):
        (package / f"m{number}.py").write_text(MODULE.format(number=number, before=max(number - 1, 0)))
    return package / f"m{files - 1}.py"


async def found(client: LanguageClient, file: Path) -> int:
    """Wait for the next findings of a file and return their number."""
    await client.wait_for_notification(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    return len(client.diagnostics[file.as_uri()])


async def waits(folder: Path, files: int, rounds: int) -> tuple[float, list[float]]:
    """Return the seconds to the first findings, and from the last key of each round to its findings."""
    file = write_project(folder, files)
    text = file.read_text()
    command = [sys.executable, "-m", "flext_lint", "server"]
    client = await ClientServerConfig(server_command=command, client_factory=make_test_lsp_client).start()
    started = lsp.InitializeParams(client_capabilities("visual-studio-code"), root_uri=folder.as_uri())
    await client.initialize_session(started)
    begun = time.perf_counter()
    document = lsp.TextDocumentItem(file.as_uri(), "python", 1, text + "\n\nraise ValueError('no')\n")
    client.text_document_did_open(lsp.DidOpenTextDocumentParams(document))
    assert await found(client, file) == 1
    first = time.perf_counter() - begun
    later, version = [], 1
    for round_ in range(rounds):
        for key in range(20):
            version += 1
            new = f"{text}\n\nraise BadInput('no', feild=1)\nraise ValueError('{'x' * key}')\n" + "#" * round_
            client.text_document_did_change(
                lsp.DidChangeTextDocumentParams(
                    lsp.VersionedTextDocumentIdentifier(version, file.as_uri()),
                    [lsp.TextDocumentContentChangeWholeDocument(new)],
                )
            )
            await asyncio.sleep(0.01)
        begun = time.perf_counter()
        assert await found(client, file) == 2
        later.append(time.perf_counter() - begun)
    await client.shutdown_session()
    await client.stop()
    return first, later


def main(argv: list[str]) -> int:
    """Measure and print both; return 1 if a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=2000, help="modules of the project")
    parser.add_argument("--keys", type=int, default=10, help="rounds of twenty keys")
    given = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as name:
        first, later = asyncio.run(waits(Path(name), given.files, given.keys))
    middle = median(later)
    print(f"language server, {given.files:,} modules: first findings after {first:.2f} s (target {MOST_FIRST:.0f} s), "
          f"later ones {middle * 1000:.0f} ms after the last key, at most {max(later) * 1000:.0f} ms "
          f"(target {MOST_LATER * 1000:.0f} ms)")  # fmt: skip
    return int(first > MOST_FIRST or middle > MOST_LATER)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
