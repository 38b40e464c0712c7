"""SARIF: valid by the standard's schema, with every site, and with fixes that give what migrate would write."""

from __future__ import annotations

import ast
import hashlib
import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import jsonschema
import pytest

from flext_codemods.recipes import all_recipes
from tests.codemods.conftest import BEFORE, Ran, Repository
from tests.codemods.test_output import AWKWARD, MANY

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "sarif-2.1.0.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)

Node = dict[str, Any]

NAMES = [
    "with space.py",
    "a#b.py",
    "100%25.py",
    "what?.py",
    "co:lon.py",
    "grün.py",
    "line\nfeed.py",
    "quo\"te'.py",
    os.fsdecode(b"latin-\xe9.py"),
]
CODES = {
    "several": """
def f():
    raise ValueError("no")
def g(x):
    if x:
        raise KeyError(1)
    raise ValueError("a",
                     )
""",
    "wide characters": """
def f():
    x = "😀é"; raise ValueError("😀") # 😀
""",
    "tabs": "def f():\n\tif 1:\n\t\traise ValueError(\n\t\t\t1)\n",
    "handlers": """
def f():
    try:
        g()
    except KeyError:
        raise ValueError(1)
    except:
        pass
""",
    "handlers in handlers": """
def f():
    try:
        try:
            g()
        except KeyError:
            raise
    except OSError as err:
        raise err
    raise ValueError(2)
""",
    "an import that is there": """
from flext_exceptions import FlextExceptions
def g():
    raise KeyError(1)
""",
    "in another library": """
from flext_core import FlextExceptions
def g():
    raise KeyError(1)
""",
    "values": """
def f(x):
    if not x:
        raise ValueError(f"bad {x}")
""",
}

IDENTITY = """
def f():
    try:
        raise ValueError
    except Exception as e:
        print(type(e) is ValueError)
"""


def run_of(ran: Ran) -> Node:
    """Return the run of a log, which has to be valid."""
    log: Node = json.loads(ran.out)
    VALIDATOR.validate(log)
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    run: Node = log["runs"][0]
    return run


def place(result: Node) -> Node:
    """Return the one place of a result."""
    (location,) = result["locations"]
    found: Node = location["physicalLocation"]
    return found


def file_of(location: Node) -> str:
    """Return the name of the file that a location refers to, as a reader of the log resolves it."""
    parts = urlsplit(location["uri"])
    assert not parts.query and not parts.fragment and location["uri"].isascii()
    return os.fsdecode(unquote_to_bytes(parts.path))


def offset(text: str, line: int, column: int) -> int:
    """Return the character at a line and column, as a reader finds it."""
    return sum(len(each) + 1 for each in text.split("\n")[: line - 1]) + column - 1


def applied(run: Node, results: list[Node], raw: bytes) -> bytes:
    """Return a file with the fixes of some results applied, using only the log."""
    changes = [change for result in results for fix in result["fixes"] for change in fix["artifactChanges"]]
    artifact = run["artifacts"][changes[0]["artifactLocation"]["index"]]
    assert artifact["hashes"]["sha-256"] == hashlib.sha256(raw).hexdigest() and artifact["length"] == len(raw)
    encoding = artifact["encoding"]
    mark = "\ufeff" if encoding == "utf-8" and raw.startswith(b"\xef\xbb\xbf") else ""
    text = raw.decode(encoding).removeprefix(mark)
    edits = set()
    for replacement in (each for change in changes for each in change["replacements"]):
        region = replacement["deletedRegion"]
        start = offset(text, region["startLine"], region["startColumn"])
        end = offset(text, region["endLine"], region["endColumn"])
        edits.add((start, end, replacement.get("insertedContent", {"text": ""})["text"]))
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return (mark + text).encode(encoding)


def test_a_run_with_nothing_to_say_is_a_valid_log_without_results(repository: Repository) -> None:
    """A reader tells "nothing found" from "not run"."""
    repository.write({"mod.py": "x = 1\n"})
    run = run_of(repository.migrate("--check", "--format", "sarif"))
    assert (run["results"], run["artifacts"]) == ([], [])
    assert run["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]
    assert run["tool"]["driver"]["name"] == "flext-codemods"


@pytest.mark.parametrize("arguments", [["--check"], ["--diff"], [], ["--check", "--unsafe"]], ids=" ".join)
def test_the_log_is_valid_and_holds_every_site(repository: Repository, arguments: list[str]) -> None:
    """The same as the JSON report, site by site, then the files that are left, then what may break."""
    repository.write(MANY)
    report = repository.migrate("--check", *arguments, "--format", "json").report()
    ran = repository.migrate(*arguments, "--format", "sarif")
    run = run_of(ran)
    assert ran.err == ""
    results = run["results"]
    sites = results[: len(report["sites"])]
    found = [
        (
            result["ruleId"],
            result["properties"]["status"],
            result["properties"].get("reason", ""),
            file_of(place(result)["artifactLocation"]),
            place(result)["region"]["startLine"],
            place(result)["region"]["startColumn"],
        )
        for result in sites
    ]
    fields = ("recipe", "status", "reason", "path", "line", "column")
    assert found == [tuple(site[field] for field in fields) for site in report["sites"]]
    rest = [(result["ruleId"], file_of(place(result)["artifactLocation"])) for result in results[len(sites) :]]
    assert rest == [
        *(("file-left", each["path"]) for each in report["files_left"]),
        *(("may-break", each["path"]) for each in report["may_break"]),
    ]
    notes = run["invocations"][0]["toolExecutionNotifications"]
    said = [note["message"]["text"] for note in notes]
    once = [line for line in said if line not in report["advice"]]  # by the first of two runs that write
    assert [line for line in said if line not in once] == report["advice"]
    assert all(line.startswith("deploy the readers") for line in once)


@pytest.mark.parametrize("arguments", [["--check", "--unsafe"], ["--unsafe"]], ids=["check", "written"])
def test_only_what_would_be_rewritten_is_a_fault_and_has_a_fix(repository: Repository, arguments: list[str]) -> None:
    """By the standard a level other than none is for kind fail alone; what is done needs no fix."""
    repository.write({**MANY, "cannot.py": BEFORE, "identity.py": IDENTITY})
    (repository.root / "cannot.py").chmod(0o444)
    run = run_of(repository.migrate(*arguments, "--format", "sarif"))
    seen = set()
    for result in run["results"]:
        became, kind = result["properties"].get("status", "shown"), result["kind"]
        seen.add((became, kind))
        assert result["level"] == ("warning" if kind == "fail" else "none")
        assert ("fixes" in result) is (kind == "fail")
    left = {("left", "review"), ("left", "informational"), ("left", "notApplicable"), ("shown", "review")}
    done = {("migrated", "fail")} if "--check" in arguments else {("migrated", "informational"), ("failed", "open")}
    assert seen == left | done


def test_a_fixed_rule_stands_behind_each_result(repository: Repository) -> None:
    """Every recipe is a rule, with its safety, whether it ran or not."""
    repository.write(MANY)
    run = run_of(repository.migrate("--check", "--format", "sarif"))
    rules = run["tool"]["driver"]["rules"]
    assert {rule["id"]: rule["properties"]["safety"] for rule in rules if "properties" in rule} == {
        name: recipe.safety for name, recipe in all_recipes().items()
    }
    assert run["results"] and all(rules[one["ruleIndex"]]["id"] == one["ruleId"] for one in run["results"])


@pytest.mark.parametrize("raw", [*AWKWARD.values(), *map(str.encode, CODES.values())], ids=[*AWKWARD, *CODES])
def test_the_fixes_of_a_file_give_the_bytes_that_migrate_writes(repository: Repository, raw: bytes) -> None:
    """In every encoding, with every line end, whatever stands before a site on its line."""
    repository.write({"mod.py": raw})
    run = run_of(repository.migrate("--check", "--unsafe", "--format", "sarif"))
    fixable = [result for result in run["results"] if "fixes" in result]
    made = applied(run, fixable, raw)
    assert made != raw
    repository.migrate("--unsafe")
    assert repository.read() == made


@pytest.mark.parametrize("raw", [*map(str.encode, CODES.values())], ids=CODES)
def test_each_fix_alone_gives_a_program_that_compiles(repository: Repository, raw: bytes) -> None:
    """It brings the import that it needs, and no other site along: one site less is to be rewritten then."""
    repository.write({"mod.py": raw})
    run = first_run(repository)
    for result in (one for one in run["results"] if "fixes" in one):
        made = applied(run, [result], raw)
        tree = ast.parse(made)
        used = any(isinstance(node, ast.Name) and node.id == "FlextExceptions" for node in ast.walk(tree))
        assert (b"import FlextExceptions" in made) is (used or b"import FlextExceptions" in raw)
        repository.write({"mod.py": made})
        again = first_run(repository)["results"]
        assert sum("fixes" in one for one in again) < sum("fixes" in one for one in run["results"])


def first_run(repository: Repository) -> Node:
    """Return what a check of everything says."""
    return run_of(repository.migrate("--check", "--unsafe", "--format", "sarif"))


def test_a_region_is_the_site_to_the_character(repository: Repository) -> None:
    """Columns count characters, not bytes; a byte order mark does not count."""
    raw = b"\xef\xbb\xbf" + 'if 1: x = "😀"; raise ValueError("é")\n'.encode()
    repository.write({"mod.py": raw})
    (result,) = run_of(repository.migrate("--check", "--format", "sarif"))["results"]
    region = place(result)["region"]
    line = raw.decode("utf-8-sig").split("\n")[0]
    assert line[region["startColumn"] - 1 : region["endColumn"] - 1] == 'raise ValueError("é")'
    assert (region["startLine"], region["endLine"]) == (1, 1)


def test_a_uri_leads_to_the_file_whatever_its_name(repository: Repository) -> None:
    """Spaces, percent signs, hashes, colons, and bytes that are no UTF-8."""
    repository.write(dict.fromkeys(NAMES, BEFORE))
    run = run_of(repository.migrate("--check", "--format", "sarif"))
    for locations in (
        [place(result)["artifactLocation"] for result in run["results"]],
        [artifact["location"] for artifact in run["artifacts"]],
    ):
        assert sorted(file_of(location) for location in locations) == sorted(NAMES)
        assert {location["uriBaseId"] for location in locations} == set(run["originalUriBaseIds"]) == {"%SRCROOT%"}
        assert all(not urlsplit(location["uri"]).scheme for location in locations)


def test_a_file_outside_the_current_folder_has_an_absolute_uri(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no root that it could be relative to."""
    repository.write({"here/x.py": "", "there is/mod.py": BEFORE})
    monkeypatch.chdir(repository.root / "here")
    (result,) = run_of(repository.migrate("--check", "--format", "sarif", "../there is"))["results"]
    location = place(result)["artifactLocation"]
    assert location["uri"].startswith("file:///") and "uriBaseId" not in location
    assert Path(file_of(location)) == repository.root / "there is" / "mod.py"


def test_errors_are_notifications_of_a_run_that_failed(repository: Repository) -> None:
    """A file that was named and does not parse: status 2, and the log says so."""
    repository.write({"bad.py": "raise ValueError(\n"})
    ran = repository.migrate("--check", "--format", "sarif", "bad.py")
    assert ran.status == 2
    (invocation,) = run_of(ran)["invocations"]
    assert not invocation["executionSuccessful"]
    (note,) = invocation["toolExecutionNotifications"]
    assert note["level"] == "error" and note["message"]["text"].startswith("bad.py: does not parse")


def test_fingerprints_tell_sites_apart_and_stay_when_lines_shift(repository: Repository) -> None:
    """Two like sites in one file differ; lines put in above change nothing."""

    def fingerprints() -> list[str]:
        results = first_run(repository)["results"]
        return [value for result in results for value in result["partialFingerprints"].values()]

    raw = BEFORE * 3 + b"def g():\n    raise OSError(1, 2)\n    raise OSError(3, 4)\n"
    repository.write({"mod.py": raw, "other.py": raw})
    before = fingerprints()
    assert len(set(before)) == len(before) >= 10
    repository.write({"mod.py": b"x = 1\n\n\n" + raw})
    assert fingerprints() == before


def test_messages_hold_nothing_that_a_terminal_obeys(repository: Repository) -> None:
    """Names may: they are escaped in URIs, and in text."""
    repository.write({"pkg/\x1b[31m\u202e.py": "raise ValueError(\n", "pkg/t\x07/tests/test_x.py": BEFORE})
    log = repository.migrate("--check", "--format", "sarif", "pkg/\x1b[31m\u202e.py", "pkg").out
    for text in texts(json.loads(log)):
        assert text.isprintable(), text


def texts(node: Any) -> list[str]:
    """Return all texts of a log."""
    if isinstance(node, dict):
        return [text for value in node.values() for text in texts(value)]
    if isinstance(node, list):
        return [text for value in node for text in texts(value)]
    return [node] if isinstance(node, str) else []
