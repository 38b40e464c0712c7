"""How a project's own sorter orders imports: the settings of ruff (rule I) or isort nearest to a file."""

from __future__ import annotations

import configparser
import functools
import sys
import tomllib
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

__all__ = ["Sorter", "sorter_for"]

SECTIONS = ("future", "standard-library", "third-party", "first-party", "local-folder")
RUFF_FILES = (".ruff.toml", "ruff.toml", "pyproject.toml")
ISORT_FILES = (".isort.cfg", "pyproject.toml", "setup.cfg", "tox.ini")
# isort names a section and its list of modules differently from ruff.
ISORT_SECTIONS = {"FUTURE": "future", "STDLIB": "standard-library", "THIRDPARTY": "third-party"}
ISORT_SECTIONS |= {"FIRSTPARTY": "first-party", "LOCALFOLDER": "local-folder"}
LISTS = ("sections", "no-lines-before", "extra-standard-library")  # of words, which an INI file separates by commas
KNOWN = {
    "future": "known-future",
    "standard-library": "extra-standard-library",
    "third-party": "known-third-party",
    "first-party": "known-first-party",
    "local-folder": "known-local-folder",
}
# The profiles of isort, as far as they matter here: https://pycqa.github.io/isort/docs/configuration/profiles.html
BLACK = {"multi-line-output": 3, "include-trailing-comma": True, "ensure-newline-before-comments": True}
PROFILES: dict[str, dict[str, Any]] = {
    "black": {**BLACK, "line-length": 88},
    "django": {"multi-line-output": 5, "include-trailing-comma": True, "combine-as-imports": True},
    "pycharm": {"multi-line-output": 3, "force-grid-wrap": 2, "lines-after-imports": 2},
    "google": {
        "force-single-line": True,
        "force-sort-within-sections": True,
        "line-length": 1000,
        "order-by-type": False,
        "single-line-exclusions": ("collections.abc", "six.moves", "typing", "typing_extensions"),
    },
    "open_stack": {"force-single-line": True, "force-sort-within-sections": True, "lexicographical": True},
    "plone": {**BLACK, "line-length": 88, "force-single-line": True, "force-alphabetical-sort": True},
    "attrs": {
        "multi-line-output": 3,
        "include-trailing-comma": True,
        "lines-after-imports": 2,
        "lines-between-types": 1,
    },
    "hug": {"multi-line-output": 3, "include-trailing-comma": True, "line-length": 100},
    "wemake": {"multi-line-output": 3, "include-trailing-comma": True, "line-length": 80},
    "appnexus": {
        **BLACK,
        "line-length": 88,
        "force-sort-within-sections": True,
        "order-by-type": False,
        "sections": ("FUTURE", "STDLIB", "THIRDPARTY", "FIRSTPARTY", "APPLICATION", "LOCALFOLDER"),
        "no-lines-before": "LOCALFOLDER",
    },
}
ISORT = "isort"
HANGING = 3  # the layout of isort that ruff has too
FOOTER = "import-footer-"
# What else two settings of isort stand for.
IMPLIED: dict[str, dict[str, Any]] = {
    "force-alphabetical-sort": {
        "force-alphabetical-sort-within-sections": True,
        "no-sections": True,
        "lines-between-types": 1,
        "from-first": True,
    },
    "force-alphabetical-sort-within-sections": {"order-by-type": False},
}
# Settings that affect the position of an import and are not supported here.
UNKNOWN = (
    "dedup-headings",
    "formatter",
    "honor-case-in-force-sorted-sections",
    "lines-before-imports",
    "only-sections",
    "reverse-sort",
    "separate-packages",
    "sort-order",
    "treat-all-comments-as-code",
    "treat-comments-as-code",
)


class Sorter(NamedTuple):
    """The settings that decide where an import goes.

    ``root`` is the folder that the settings hold for; ``tool`` the command that sorts, "" where the project names none;
    ``known`` gives for each section the globs of its modules; ``headings`` the comment above it; ``kinds`` the names
    that are sorted as constants, as classes and as variables whatever they look like; ``grid_wrap`` from how many names
    on each has a line of its own (0: only where they are too long); ``hangs`` says that names which are too long for a
    line stand one a line in brackets, ``exact`` that every setting is understood.
    """

    root: Path
    tool: str = ""
    order: tuple[str, ...] = SECTIONS
    known: Mapping[str, tuple[str, ...]] = {}
    default_section: str = "third-party"
    sources: tuple[str, ...] = (".", "src")
    no_lines_before: frozenset[str] = frozenset()
    force_to_top: frozenset[str] = frozenset()
    forced_separate: tuple[str, ...] = ()
    single_line_exclusions: frozenset[str] = frozenset()
    headings: Mapping[str, str] = {}
    kinds: tuple[frozenset[str], ...] = ()
    no_sections: bool = False
    force_sort: bool = False
    from_first: bool = False
    combine_as: bool = False
    order_by_type: bool = True
    case_sensitive: bool = False
    single_line: bool = False
    length_sort: bool = False
    length_sort_straight: bool = False
    blank_before_comments: bool = True
    trailing_comma: bool = True
    lines_between_types: int = 0
    lines_between_sections: int = 1
    lines_after: int = -1
    line_length: int = 88
    grid_wrap: int = 0
    hangs: bool = True
    exact: bool = True

    def section(self, module: str, level: int, package: str) -> str:
        """Return the section of a module that is imported by a file of a package ("" for a file in none)."""
        top = module.partition(".")[0]
        if not level and module == "__future__":
            return "future"
        for apart in () if level else self.forced_separate:
            if fnmatchcase(module, f"{apart}*"):
                return apart
        if self.no_sections:
            return "first-party"
        if level:
            return "local-folder"
        for name, globs in self.known.items():
            parts = module.split(".")
            heads = [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
            if any(fnmatchcase(head, glob) for head in heads for glob in globs):
                return name
        if top in sys.stdlib_module_names:
            return "standard-library"
        if (top == "__main__" and self.tool != ISORT) or package.partition(".")[0] == top or self.is_own(top):
            return "first-party"
        return self.default_section

    def is_own(self, top: str) -> bool:
        """Return whether a module is in one of the source folders."""
        found = (self.root / source / top for source in self.sources)
        return any(path.is_dir() or path.with_suffix(".py").is_file() for path in found)

    def key(self, module: str, level: int, is_from: bool, package: str, member: str = "") -> tuple[object, ...]:
        """Return the sort key of an import, the position of the section first and the kind of import next."""
        section = self.section(module, level, package)
        position = self.order.index(section) if section in self.order else len(self.order)
        kind = 0 if self.force_sort else int(is_from is not self.from_first)
        name = module if self.case_sensitive else module.lower()
        by_length = self.length_sort or (self.length_sort_straight and not is_from)
        length = len(module) + level if by_length else 0
        return position, kind, module not in self.force_to_top, length, -level, name, is_from, self.member_key(member)

    def is_single(self, module: str) -> bool:
        """Return whether each name that is imported from a module has an import of its own."""
        return self.single_line and module not in self.single_line_exclusions

    def blank_lines(self, before: tuple[object, ...], after: tuple[object, ...]) -> int:
        """Return the number of blank lines between two imports with these keys."""
        first, last = before[0], after[0]
        assert isinstance(first, int) and isinstance(last, int)
        if first == last:
            return self.lines_between_types if before[1] != after[1] else 0
        passed = self.order[first + 1 : last + 1]
        return 0 if passed and self.no_lines_before.issuperset(passed) else self.lines_between_sections

    def heading(self, key: tuple[object, ...]) -> list[str]:
        """Return the comment above the section of an import with this key."""
        position = key[0]
        assert isinstance(position, int)
        text = self.headings.get(self.order[position]) if position < len(self.order) else None
        return [f"# {text}"] if text else []

    def wraps(self, line: str, names: int) -> bool:
        """Return whether an import of so many names stands on more lines than this one."""
        return len(line) > self.line_length or 0 < self.grid_wrap <= names

    def member_key(self, name: str) -> tuple[object, ...]:
        """Return the sort key of a name in an import."""
        kind = 0
        if self.order_by_type:
            kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
            kind = next((number for number, names in enumerate(self.kinds) if name in names), kind)
        return kind, len(name) if self.length_sort else 0, name if self.case_sensitive else name.lower(), name


@functools.lru_cache(maxsize=1024)
def sorter_for(folder: Path, top: Path) -> Sorter:
    """Return the settings nearest to a folder, looking no higher than ``top``; ruff's defaults if there are none."""
    chain = [folder, *folder.parents] if folder.is_relative_to(top) else [folder]
    for here in chain[: chain.index(top) + 1] if top in chain else chain[:1]:
        found = ruff_in(here) or isort_in(here)
        if found is not None:
            return found
    return Sorter(top)


def ruff_in(folder: Path) -> Sorter | None:
    """Return the settings of ruff in a folder, None if there are none or another tool sorts imports."""
    for name in RUFF_FILES:
        table = ruff_table(folder / name)
        if table is None:
            continue
        lint = as_table(table.get("lint"))
        isort = as_table(lint.get("isort") or table.get("isort"))
        if not isort and not sorts_imports(table, lint) and isort_in(folder) is not None:
            return None
        return from_table(folder, "ruff check --select I --fix", isort, table.get("line-length"), table.get("src"))
    return None


def ruff_table(file: Path, depth: int = 3) -> dict[str, Any] | None:
    """Return the table of a configuration file of ruff, merged over the file that it extends; None if it has none."""
    table: dict[str, Any] | None = read_toml(file)
    if file.name == "pyproject.toml":
        found = as_table(as_table(table).get("tool")).get("ruff")
        table = found if isinstance(found, dict) else None
    elif not file.is_file():
        return None
    extended = table.get("extend") if table else None
    if table is not None and isinstance(extended, str) and depth:
        base = ruff_table(file.parent / extended, depth - 1) or {}
        lint = {**as_table(base.get("lint")), **as_table(table.get("lint"))}
        return {**base, **table, "lint": lint}
    return table


def sorts_imports(table: Mapping[str, Any], lint: Mapping[str, Any]) -> bool:
    """Return whether ruff is configured to sort imports."""
    selected = [lint.get(key) or table.get(key) for key in ("select", "extend-select")]
    rules = [rule for each in selected if isinstance(each, list) for rule in each]
    return any(str(rule) in ("ALL", "I", "I0", "I00", "I001") for rule in rules)


def isort_in(folder: Path) -> Sorter | None:
    """Return the settings of isort in a folder, None if there are none."""
    for name in ISORT_FILES:
        if name == "pyproject.toml":
            table = as_table(as_table(read_toml(folder / name).get("tool")).get("isort"))
        else:
            table = ini_table(folder / name)
        if table:
            settings = {key.replace("_", "-"): value for key, value in table.items()}
            profile = str(settings.get("profile", ""))
            settings = PROFILES.get(profile, {}) | settings
            for key, more in IMPLIED.items():
                settings |= more if yes(settings.get(key)) else {}
            length = settings.get("line-length", 79)
            wraps: dict[str, Any] = {"ensure-newline-before-comments": False, "include-trailing-comma": False}
            settings = wraps | settings | ({"formatter": profile} if profile and profile not in PROFILES else {})
            for key, values in list(settings.items()):
                if key.startswith("known-") or key in LISTS:
                    settings[key] = words(values)
            if "sections" in settings:
                custom = {each: words(settings.get(f"known-{each.lower()}")) for each in settings["sections"]}
                settings["section-order"] = [ISORT_SECTIONS.get(each, each) for each in settings.pop("sections")]
                settings["sections"] = {key: value for key, value in custom.items() if key not in ISORT_SECTIONS}
            before = settings.get("no-lines-before", ())
            settings["no-lines-before"] = [ISORT_SECTIONS.get(each, each) for each in before]
            heads = {name: settings.get(f"import-heading-{key.lower()}") for key, name in ISORT_SECTIONS.items()}
            settings["import-heading"] = {name: text for name, text in heads.items() if text}
            default = str(settings.get("default-section", "THIRDPARTY"))
            settings["default-section"] = ISORT_SECTIONS.get(default, default)
            settings["from-first"] = settings.get("from-first", False)
            settings["multi-line-output"] = layout(settings.get("multi-line-output"))
            return from_table(folder, ISORT, settings, length, words(settings.get("src-paths")))
    return None


def layout(mode: object) -> int:
    """Return the number of a layout of isort, which may be given by its name: 3 is "vertical hanging indent".

    https://pycqa.github.io/isort/docs/configuration/multi_line_output_modes.html
    """
    return HANGING if str(mode).upper() == "VERTICAL_HANGING_INDENT" else number(mode, 0)


def from_table(folder: Path, tool: str, isort: Mapping[str, Any], length: object, sources: object) -> Sorter:
    """Return the settings of a table, whose keys are those of ruff."""
    custom = as_table(isort.get("sections"))
    known = {name: tuple(map(str, words(value))) for name, value in custom.items()}
    known |= {section: tuple(map(str, words(isort.get(key)))) for section, key in KNOWN.items() if isort.get(key)}
    order = tuple(map(str, words(isort.get("section-order")))) or SECTIONS
    default = str(isort.get("default-section", "third-party"))
    apart = tuple(map(str, words(isort.get("forced-separate"))))
    return Sorter(
        folder,
        tool,
        order + tuple(each for each in SECTIONS if each not in order) + apart,
        known,
        default if default in order or default in SECTIONS else "third-party",
        tuple(map(str, words(sources))) or (".", "src"),
        forced_separate=apart,
        headings={str(name): str(text) for name, text in as_table(isort.get("import-heading")).items()},
        kinds=tuple(frozenset(words(isort.get(key))) for key in ("constants", "classes", "variables")),
        no_lines_before=frozenset(words(isort.get("no-lines-before"))),
        force_to_top=frozenset(words(isort.get("force-to-top"))),
        single_line_exclusions=frozenset(words(isort.get("single-line-exclusions"))),
        no_sections=yes(isort.get("no-sections")),
        force_sort=yes(isort.get("force-sort-within-sections")),
        from_first=yes(isort.get("from-first")),
        combine_as=yes(isort.get("combine-as-imports")),
        order_by_type=yes(isort.get("order-by-type", True)),
        case_sensitive=yes(isort.get("case-sensitive")),
        single_line=yes(isort.get("force-single-line")),
        length_sort=yes(isort.get("length-sort")),
        length_sort_straight=yes(isort.get("length-sort-straight")),
        blank_before_comments=yes(isort.get("ensure-newline-before-comments", True)),
        trailing_comma=yes(isort.get("include-trailing-comma", True)),
        lines_between_types=number(isort.get("lines-between-types"), 0),
        lines_between_sections=number(isort.get("lines-between-sections"), 1),
        lines_after=number(isort.get("lines-after-imports"), -1),
        line_length=number(length, 88),
        grid_wrap=number(isort.get("force-grid-wrap"), 0),
        hangs=number(isort.get("multi-line-output"), HANGING) == HANGING and not isort.get("indent"),
        exact=not any(isort.get(key) for key in UNKNOWN) and not any(key.startswith(FOOTER) for key in isort),
    )


def yes(value: object) -> bool:
    """Return a switch, which an INI file writes as a word."""
    return value is True or str(value).lower() in ("true", "yes", "on", "1")


def number(value: object, default: int) -> int:
    """Return a number, which an INI file writes as a word."""
    text = str(value).strip()
    return int(text) if text.lstrip("-").isdecimal() else default


def words(value: object) -> list[str]:
    """Return a list, which an INI file writes with commas or line ends between."""
    if isinstance(value, list | tuple):
        return [str(each) for each in value]
    return value.replace(",", " ").split() if isinstance(value, str) else []


def as_table(value: object) -> dict[str, Any]:
    """Return a table unchanged, an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def read_toml(file: Path) -> dict[str, Any]:
    """Return the table of a TOML file, an empty one if it cannot be read: its own tool reports that."""
    if not file.is_file():
        return {}
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}


def ini_table(file: Path) -> dict[str, Any]:
    """Return the section of isort in an INI file."""
    if not file.is_file():
        return {}
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(file.read_text("utf-8", "replace"))
    except (OSError, configparser.Error):
        return {}
    names = ("settings", "isort") if file.name == ".isort.cfg" else ("isort", "tool:isort")
    return next((dict(parser.items(name)) for name in names if parser.has_section(name)), {})
