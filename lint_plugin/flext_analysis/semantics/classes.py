"""Resolve a name to the classes that catch it, from the tree of the file that names it.

flext_analysis.program.hierarchy answers for other modules, and reads summaries: a linter has the tree, and asks for few
names. tests/lint/test_class_agreement.py keeps the two consistent.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property

from flext_analysis.program.hierarchy import ClassInfo, external_class
from flext_analysis.program.library import BASE, LIBRARIES, ROOT, library_path
from flext_analysis.program.project import GENERIC
from flext_analysis.semantics.builtin_aliases import ends_like_an_alias, renames_an_alias
from flext_analysis.semantics.class_facts import ClassFacts, catches, class_text, of_builtin, of_library, qualified
from flext_analysis.syntax.bindings import BUILTIN_ERRORS, Binding, Names, at_run_time, dotted
from flext_analysis.syntax.statements import Block, FunctionNode, Run, ScopeNode, runs_of
from flext_analysis.syntax.text_hints import defined_words, imported_words, is_surely_unbound
from flext_exceptions import __all__ as LIBRARY_NAMES

__all__ = ["BASE", "MIXINS", "ROOT", "ClassFacts", "Classes", "catches", "library_path"]

MIXINS = GENERIC | {"abc.ABC", "enum.Enum", "builtins.object"}
ANYTHING = frozenset(["*"])
IMPORT_WORDS = frozenset(["from", "import", "as"])
OF_INSTANCE = re.compile(r"\b(?:self|cls)\.([A-Z]\w*)")
GIVING = (ast.Assign, ast.AnnAssign)
MAX_CHAIN = 50  # the limit for aliases of aliases, and subclasses of subclasses: nobody writes more


class Classes:
    """The classes of one module, resolved on demand.

    ``runs`` is the result of by_scope for the tree, if it was computed already; ``package`` and ``module`` are the
    dotted names of the package that contains the module and of the module itself, "" if they are not known;
    ``declared`` maps the dotted names of classes that the project declares as typed, and that the text names, to the
    builtin that each stands in for, "" if unknown; ``stars`` returns the names that given star imports may bind, "*"
    for any; ``outside`` looks a name up in the other modules of the project, and ``foreign`` are the names that refer
    to typed errors there.

    >>> text = "from flext_exceptions import FlextExceptions as FE\\nclass Bad(FE.ValidationError): ...\\nraise Bad"
    >>> tree = ast.parse(text)
    >>> facts = Classes(tree, text).of(tree.body[2].exc, Block(tree, "body", None))
    >>> facts.typed, "builtins.ValueError" in facts.ancestors, facts.nearest_row.name
    (True, True, 'ValidationError')
    """

    def __init__(
        self,
        tree: ast.Module,
        text: str,
        runs: Mapping[ScopeNode, Sequence[Run]] | None = None,
        *,
        package: str = "",
        module: str = "",
        declared: Mapping[str, str] | None = None,
        stars: Callable[[Sequence[str]], frozenset[str]] = lambda modules: ANYTHING,
        outside: Callable[[str], ClassInfo | None] = lambda path: None,
        foreign: frozenset[str] = frozenset(),
    ) -> None:
        self.tree = tree
        self.text = text
        self.names = Names(tree, text, package or None, runs)
        self.package = package
        self.module = module
        self.declared = declared or {}
        self.stars = stars
        self.outside = outside
        self.foreign = foreign
        self._nodes: dict[ast.ClassDef, ClassFacts] = {}
        self._texts: dict[tuple[str, ScopeNode], ClassFacts | None] = {}
        self._plain: dict[str, ClassFacts | None] = {}
        self._aliases: dict[ast.AST, frozenset[str]] = {}
        self._depth = 0

    @property
    def runs(self) -> Mapping[ScopeNode, Sequence[Run]]:
        """Every block with its statements, by scope; expensive, since every statement is visited."""
        return self.names.runs

    @cached_property
    def defined(self) -> frozenset[str]:
        """The names of all classes and functions of the module, and some more that its text makes look like that."""
        return defined_words(self.text)

    @cached_property
    def below_library(self) -> frozenset[str]:
        """The names of the classes that may be below one of the library, or of those that the project declares."""
        if self.declared:
            return self.defined
        if not self.imported:
            return frozenset()
        found = self.imported | self.aliases(Block(self.tree, "body", None))
        classes = [scope for scope in self.runs if isinstance(scope, ast.ClassDef)]
        for scope in sorted(classes, key=lambda scope: scope.lineno):
            if any((class_text(base) or "").partition(".")[0] in found for base in scope.bases):
                found |= {scope.name}
                # A nested class is named through the outer one: Cart.Full.
                found |= frozenset(
                    outer.owner.name
                    for outer in self.runs[scope][0][1].outwards()
                    if isinstance(outer.owner, ast.ClassDef)
                )
        return found & self.defined

    def of(self, node: ast.expr | None, block: Block) -> ClassFacts | None:
        """Return what is known about the class that an expression names, None if it may be anything."""
        text = class_text(node)
        if text is None:
            return None
        return self.plain(text) or self.of_text(text, block)

    def of_own(self, node: ast.expr | None, block: Block) -> ClassFacts | None:
        """Do the same as ``of``, for builtins, typed errors and classes of this module; None for all others.

        Most raised classes are merely imported: the text shows that they are none of these, which is much cheaper than
        resolving the names of the module.
        """
        text = class_text(node)
        if text is None:
            return None
        facts = self.plain(text)
        if facts is None and self.may_be_own(text.partition(".")[0], block):
            return self.of_text(text, block)
        if facts is None and (self.renames_alias or ends_like_an_alias(text)):
            named = self.of_text(text, block)
            facts = named if named is not None and named.builtin else None
        return facts

    @cached_property
    def renames_alias(self) -> bool:
        """Whether an import may give another name to a builtin that the standard library has an alias for."""
        return renames_an_alias(self.text)

    def plain(self, text: str) -> ClassFacts | None:
        """Return the facts of a builtin error whose name is bound nowhere in the module, None for anything else."""
        if text not in self._plain:
            builtin = of_builtin(text)
            usual = builtin is not None and is_surely_unbound(text, self.text) and "import *" not in self.text
            self._plain[text] = builtin if usual else None
        return self._plain[text]

    def may_be_own(self, first: str, block: Block) -> bool:
        """Return whether a name may be more than an imported one: defined, an alias, the library, or a builtin."""
        return self.may_be_other(first, block) or first in self.defined

    def may_be_other(self, first: str, block: Block) -> bool:
        """Return whether a name may be an alias, of the library, of another module's errors, or a builtin."""
        if first in BUILTIN_ERRORS or first in self.imported:
            return True
        for inside in block.outwards():
            if isinstance(inside.owner, ScopeNode) and first in self.aliases(inside):
                return True
        return bool(self.declared)

    @cached_property
    def error_names(self) -> frozenset[str]:
        """The names that may be errors of the library, or lead to one, in any scope: most aliases do not."""
        found = self.below_library | (self.imported - IMPORT_WORDS) | (self.nested_names if self.foreign else set())
        if self.declared:
            found |= self.leading_to_declared()
        for scope in self.runs:
            found |= {
                name
                for nodes, _ in self.runs[scope]
                for node in nodes
                if type(node) in GIVING
                for name, value in renamed(node)
                if (dotted(value) or "").partition(".")[0] in found
            }
        return found

    def leading_to_declared(self) -> frozenset[str]:
        """Return the names that imports bind to classes that the project declares, or to modules that contain them."""
        return frozenset(
            local
            for scope in self.runs
            for local, origin in self.names.imports(scope)
            if any(path == origin or path.startswith(f"{origin}.") for path in self.declared)
        )

    @cached_property
    def nested_names(self) -> frozenset[str]:
        """The names of nested classes: methods name them ``self.Full``, including inherited ones."""
        inherited = frozenset(OF_INSTANCE.findall(self.text)) if self.foreign else frozenset()
        return inherited | frozenset(
            scope.name
            for scope in self.runs
            if isinstance(scope, ast.ClassDef)
            and (around := self.runs[scope][0][1].parent) is not None
            and isinstance(around.owner, ast.ClassDef)
        )

    def may_be_error_name(self, text: str) -> bool:
        """Return whether a dotted name may be an error of the library, by its first part, or the second after self."""
        first, _, rest = text.partition(".")
        if first in ("self", "cls"):
            return rest.partition(".")[0] in self.nested_names
        return first in self.error_names

    def aliases(self, inside: Block) -> frozenset[str]:
        """Return the names that an assignment of a name or an attribute binds in a scope, by the block of its body."""
        found = self._aliases.get(inside.owner)
        if found is None:
            found = self._aliases[inside.owner] = frozenset(
                name
                for nodes, _ in runs_of(inside)
                for node in nodes
                if type(node) in GIVING
                for name, value in renamed(node)
                if isinstance(value, ast.Name | ast.Attribute)
            )
        return found

    @cached_property
    def imported(self) -> frozenset[str]:
        """The names that imports from the library and from builtins bind, and some more."""
        return imported_words(self.text) | self.foreign

    def of_text(self, text: str, block: Block) -> ClassFacts | None:
        """Do the same as ``of``, for the text of a dotted name."""
        key = text, block.scope()
        if key not in self._texts:
            self._texts[key] = None  # an alias of itself is nothing
            self._texts[key] = self._find(text, block)
        return self._texts[key]

    def _find(self, text: str, block: Block) -> ClassFacts | None:
        for _ in range(MAX_CHAIN):
            first, dot, rest = text.partition(".")
            found = self.names.bindings(first, block)
            binding = self.only(found)
            if binding is None and found:
                return self._either(text, block, found)
            if binding is None or binding.kind != "alias":
                return self._bound(text, block, found, binding)
            text, block = f"{binding.origin}{dot}{rest}", binding.block
        return None

    def _bound(self, text: str, block: Block, found: list[Binding], binding: Binding | None) -> ClassFacts | None:
        first, dot, rest = text.partition(".")
        if not found:
            for star in self.names.stars:
                known = self.outside(f"{star}.{text}")
                if known is not None:
                    return self.of_info(known, f"{star}.{text}")
            origin = self.names.resolve_text(text, block)
            if first in LIBRARY_NAMES and not LIBRARIES.isdisjoint(self.names.stars):
                return self.of_path(f"flext_exceptions.{text}")
            if origin.path is None or (origin.kind == "star" and not self.exported().isdisjoint([first, "*"])):
                return None
            return self.of_path(origin.path)
        if binding is None:
            return None
        if binding.kind == "class":
            assert isinstance(binding.node, ast.ClassDef)
            return self.member(self.of_node(binding.node, binding.block), rest)
        if binding.kind == "parameter" and rest and isinstance(binding.node, FunctionNode):
            return self._of_instance(first, rest, binding.node, binding.block)
        return self.of_path(f"{binding.origin}{dot}{rest}") if binding.kind == "import" else None

    def _of_instance(self, name: str, rest: str, method: FunctionNode, inside: Block) -> ClassFacts | None:
        """Return the class that ``self.Full`` names in a method: an attribute of the method's class."""
        arguments = (*method.args.posonlyargs, *method.args.args)[:1]
        around = inside.parent
        if around is None or not isinstance(around.owner, ast.ClassDef) or around.parent is None:
            return None
        if not arguments or arguments[0].arg != name or name not in ("self", "cls"):
            return None
        if rest.partition(".")[0] not in (self.defined | self.error_names if self.foreign else self.defined):
            return None
        return self.member(self.of_node(around.owner, around.parent), rest)

    def _either(self, text: str, block: Block, found: list[Binding]) -> ClassFacts | None:
        """Return the facts that several bindings agree on, as after ``except ImportError: from flext_core import ...``.

        None is not a class: assigning it after a failed import does not count.
        """
        if not any(one.kind == "import" for one in found):
            return None
        agreed: ClassFacts | None = None
        for one in found:
            if is_absence(one):
                continue
            facts = self._bound(text, block, [one], one) if one.kind in ("import", "class") else None
            if facts is None or (agreed is not None and facts.path != agreed.path):
                return None
            agreed = facts
        return agreed

    def exported(self) -> frozenset[str]:
        """Return the names that the star imports of the module may bind."""
        return self.stars(self.names.stars)

    def only(self, bindings: list[Binding]) -> Binding | None:
        """Return the only binding that a name has at run time; None if there are several that differ."""
        if len(bindings) > 1:
            bindings = at_run_time(bindings)
        different = {(one.kind, one.origin, one.node if one.kind == "class" else None) for one in bindings}
        return bindings[0] if len(different) == 1 else None

    def of_path(self, path: str) -> ClassFacts | None:
        """Return what is known about a class by its dotted name: only the name if nothing else is."""
        package, _, rest = path.partition(".")
        if package == "builtins":
            return of_builtin(rest) or (ClassFacts(path, frozenset([path])) if path in MIXINS else None)
        if package in LIBRARIES:
            return of_library(path)
        known = self.outside(path)
        if known is not None:
            return self.of_info(known, path)
        if path in self.declared:
            return self.of_declared(path)
        standard = external_class(path)
        return ClassFacts(standard.path, standard.ancestors, whole=standard.whole or path in MIXINS)

    def of_info(self, known: ClassInfo, path: str) -> ClassFacts:
        """Return the facts of a class in another module, or one that it re-exports, seen here under a dotted name."""
        if known.definition is None and path not in self.declared:
            return self.of_path(known.path) or ClassFacts(known.path, known.ancestors, known.whole)
        typed = known.typed or path in self.declared or known.path in self.declared
        return ClassFacts(known.path, known.ancestors, known.whole, typed, definition=known.definition)

    def of_declared(self, path: str) -> ClassFacts:
        """Return the facts of a class of the project that counts as typed because the project declares it."""
        builtin = of_builtin(self.declared[path] or "Exception")
        assert builtin is not None  # settings are checked
        return ClassFacts(path, builtin.ancestors | {path}, whole=bool(self.declared[path]), typed=True)

    def of_node(self, node: ast.ClassDef, block: Block) -> ClassFacts:
        """Return the facts of a class of this module."""
        if node not in self._nodes:
            path = f"{self.module}.{qualified(node, block)}"
            unknown = ClassFacts(path, frozenset([path]), whole=False, node=node, block=block)
            if self._depth >= MAX_CHAIN:
                return unknown
            self._nodes[node] = unknown  # for a class that is its own base
            self._depth += 1
            self._nodes[node] = self._read(node, block, path)
            self._depth -= 1
        return self._nodes[node]

    def _read(self, node: ast.ClassDef, block: Block, path: str) -> ClassFacts:
        bases = [self.of(base, block) for base in node.bases]
        known = [base for base in bases if base is not None]
        ancestors = frozenset[str]().union([path], *(base.ancestors for base in known))
        whole = len(known) == len(bases) and all(base.whole for base in known) and not node.keywords
        typed = path in self.declared or any(base.typed for base in known)
        return ClassFacts(path, ancestors, whole, typed, node, block)

    def member(self, facts: ClassFacts, rest: str) -> ClassFacts | None:
        """Return the class that a chain of attributes of a class refers to, through its bases."""
        for name in rest.split(".") if rest else ():
            found = self.attribute(facts, name)
            if found is None:
                return None
            facts = found
        return facts

    def attribute(self, facts: ClassFacts, name: str, depth: int = 0) -> ClassFacts | None:
        """Return the class in an attribute of a class: its own, or inherited."""
        if facts.node is None or facts.block is None:
            return self.of_path(f"{facts.path}.{name}")
        own = self.names.scope(facts.node).get(name)
        if own:
            return self._find(name, Block(facts.node, "body", facts.block))
        for base in facts.node.bases if depth < MAX_CHAIN else ():
            known = self.of(base, facts.block)
            found = self.attribute(known, name, depth + 1) if known is not None else None
            if found is not None:
                return found
        return None


def renamed(node: ast.stmt) -> Iterable[tuple[str, ast.expr]]:
    """Return each name that a statement alone assigns a value, with the value: ``a = b``, ``a, c = b, d``."""
    if not isinstance(node, GIVING) or node.value is None:
        return []
    target, value = node.targets[0] if isinstance(node, ast.Assign) else node.target, node.value
    if isinstance(target, ast.Name):
        return [(target.id, value)]
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        pairs = zip(target.elts, value.elts, strict=False)
        return [(one.id, given) for one, given in pairs if isinstance(one, ast.Name)]
    return []


def is_absence(binding: Binding) -> bool:
    """Return whether a binding is ``Name = None``, which means that the class does not exist."""
    node = binding.node
    return isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and node.value.value is None
