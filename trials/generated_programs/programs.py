"""The programs: stories of a site, calls that lead to it, and a handler that reads the error, in several modules."""

from __future__ import annotations

from collections.abc import Sequence
from string import Template
from typing import NamedTuple

from hypothesis import strategies as st

from flext_exceptions.catalogue import TARGETS
from trials.generated_programs.calls import CALLS
from trials.generated_programs.handlers import HANDLERS, TYPED
from trials.generated_programs.observers import OBSERVERS
from trials.generated_programs.sites import SITES

__all__ = ["MAIN", "PACKAGE", "Program", "programs", "single"]

PACKAGE = "shop"
MAIN = "main"
MODULES = ("stock", "prices", "orders", "desk")
BUILTINS = ("ValueError", "KeyError", "TypeError", "RuntimeError", "LookupError", "OSError", "PermissionError")
NAMES = ("error", "e", "exc", "problem", "x", "item", "outcome")  # of variables that hold an error
CATCHING = ("Exception", "$B", "($B, ZeroDivisionError)", "BaseException")
# How a module refers to a function of another, given the module and the name of the function there.
IMPORTS = (
    ("from shop.{module} import {name}", "{name}"),
    ("from shop.{module} import {name} as its_{name}", "its_{name}"),
    ("from .{module} import {name}", "{name}"),
    ("from shop import {module}", "{module}.{name}"),
    ("from . import {module} as my_{module}", "my_{module}.{name}"),
    ("import shop.{module}", "shop.{module}.{name}"),
    ("from shop.{module} import *", "{name}"),
)


class Step(NamedTuple):
    """A function of a program: the number of its module, and its name."""

    module: int
    name: str


class Program(NamedTuple):
    """A program: the text of each module by dotted name, and what each story is made of."""

    modules: dict[str, str]
    stories: tuple[tuple[str, ...], ...]

    def text(self) -> str:
        """Return the whole program, for reading."""
        parts = [f"# {' / '.join(story)}" for story in self.stories]
        parts += [f"--- {name}\n{text}" for name, text in self.modules.items() if text.strip()]
        return "\n".join(parts)


class Writer:
    """Writes the modules of a program, step by step."""

    def __init__(self) -> None:
        self.imports: list[dict[str, None]] = [{} for _ in MODULES]
        self.bodies: list[list[str]] = [[] for _ in MODULES]

    def step(self, module: int, name: str, template: str, **values: str) -> Step:
        """Write a step into a module; its imports go to the top."""
        text = filled(template, g=name, **values)
        body = []
        for line in text.strip("\n").split("\n"):
            if line.startswith(("import ", "from ")):
                self.imports[module][line] = None
            else:
                body.append(line)
        self.bodies[module].append("\n".join(body).strip("\n"))
        return Step(module, name)

    def reach(self, step: Step, module: int, form: tuple[str, str]) -> str:
        """Return how a module refers to a function of an earlier step, and import it there."""
        if step.module == module:
            return step.name
        line, name = (each.format(module=MODULES[step.module], name=step.name) for each in form)
        self.imports[module][line] = None
        return name

    def modules(self, runs: Sequence[Step]) -> dict[str, str]:
        """Return the modules, with one that runs the stories."""
        found = {PACKAGE: ""}
        for name, imports, bodies in zip(MODULES, self.imports, self.bodies, strict=True):
            if bodies:
                found[f"{PACKAGE}.{name}"] = "\n".join(imports) + "\n\n\n" + "\n\n\n".join(bodies) + "\n"
        lines = [f"from shop.{MODULES[run.module]} import {run.name}" for run in runs]
        lines += [
            "",
            "",
            "def attempt(run, n):",
            "    try:",
            "        return run(n)",
            "    except Exception as problem:",
        ]
        lines += ["        return 'left with', str(problem)", "", "", "for number in (1, 0, -1):"]
        lines += [f"    print(number, attempt({run.name}, number))" for run in runs]
        found[MAIN] = "\n".join(lines) + "\n"
        return found


def filled(template: str, **values: str) -> str:
    """Fill in a template, after filling in the values themselves."""
    text = template
    for _ in range(3):
        text = Template(text).safe_substitute(values)
    return text


def single(
    site: str = "function",
    call: str = "call",
    handler: str = "handler",
    look: str = "",
    *,
    builtin: str = "ValueError",
    name: str = "x",
    form: int = 0,
) -> Program:
    """Return the program of one story; without a ``look`` the handler is one of those that name a typed class."""
    writer = Writer()
    now = writer.step(0, "take", SITES[site], B=builtin, m="no stock")
    now = writer.step(1, "call", CALLS[call], f=writer.reach(now, 1, IMPORTS[form]))
    values = {"f": writer.reach(now, 2, IMPORTS[form]), "B": builtin, "T": TARGETS[builtin].name}
    template = TYPED[handler] if not look else HANDLERS[handler]
    if look:
        values |= {"look": OBSERVERS[look].expression, "e": name, "r": "err", "caught": "Exception"}
        template = f"{OBSERVERS[look].before}\n\n{template}"
    run = writer.step(2, "run", template, **values)
    return Program(writer.modules([run]), ((builtin, site, call, handler, look),))


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """Generate a program of a few stories; later ones may begin with functions of earlier ones."""
    writer = Writer()
    steps: list[tuple[Step, str, tuple[str, ...]]] = []
    runs: list[Step] = []
    stories: list[tuple[str, ...]] = []
    form = st.sampled_from(IMPORTS)
    for number in range(draw(st.integers(1, 3))):
        if steps and draw(st.integers(0, 2)) == 0:
            now, builtin, story = draw(st.sampled_from(steps))
        else:
            builtin = draw(st.sampled_from(BUILTINS))
            site = draw(st.sampled_from(list(SITES)))
            module = draw(st.integers(0, 2))
            now = writer.step(module, f"take_{number}", SITES[site], B=builtin, m=f"no stock in {number}")
            story = (builtin, site)
            steps.append((now, builtin, story))
        for depth in range(draw(st.sampled_from([0, 1, 1, 2, 2, 3]))):
            call = draw(st.sampled_from(list(CALLS)))
            module = draw(st.integers(now.module, len(MODULES) - 1))
            name = writer.reach(now, module, draw(form))
            now = writer.step(module, f"call_{number}_{depth}", CALLS[call], f=name)
            story = (*story, call)
            steps.append((now, builtin, story))
        module = draw(st.integers(now.module, len(MODULES) - 1))
        values = {"f": writer.reach(now, module, draw(form)), "B": builtin, "T": TARGETS[builtin].name}
        if draw(st.integers(0, 7)) == 0:
            handler = draw(st.sampled_from(list(TYPED)))
            template = TYPED[handler]
            looks: tuple[str, ...] = ()
        else:
            handler = draw(st.sampled_from(list(HANDLERS)))
            kind = draw(st.sampled_from(list(OBSERVERS)))
            template = HANDLERS[handler]
            caught = draw(st.sampled_from(CATCHING))
            observer = OBSERVERS[kind]
            names = draw(st.permutations(NAMES))
            values |= {"look": observer.expression, "e": names[0], "r": names[1], "caught": caught}
            template = f"{observer.before}\n\n{template}" if observer.before else template
            looks = (kind,)
        run = writer.step(module, f"run_{number}", template, **values)
        runs.append(run)
        stories.append((*story, handler, *looks))
    return Program(writer.modules(runs), tuple(stories))
