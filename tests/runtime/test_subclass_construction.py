"""Classes of a program: their keywords, constructors, slots and builtin fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flext_exceptions import FlextExceptions


def test_a_projects_subclass_gets_keywords_by_annotating_them() -> None:
    """Inherited ones stay; ClassVar, private names and facts are no keywords."""

    class OutOfStock(FlextExceptions.ValidationError):
        code = "TEST_ANNOTATED"
        title: str = "Out of stock"
        sku: str
        amount: int = 1
        limit: ClassVar[int] = 3
        _hidden: str = ""

    error = OutOfStock("m", sku="A-1", field="f", limit=4, _hidden="h")
    assert (error.sku, error.amount, error.field, error.limit, error._hidden) == ("A-1", 1, "f", 3, "")
    assert error.context == {"sku": "A-1", "field": "f", "limit": 4, "_hidden": "h"}
    assert repr(error) == "OutOfStock('m', field='f', sku='A-1')"
    assert OutOfStock("m").sku is None
    assert (error.code, error.title) == ("TEST_ANNOTATED", "Out of stock")


def test_a_subclass_that_declares_error_code_has_it_as_its_code() -> None:
    """Old hierarchies name it so."""

    class Old(FlextExceptions.Error):
        error_code = "TEST_OLD"  # type: ignore[assignment]  # pyright: ignore

    assert (Old.code, Old("m").code, Old("m").error_code) == ("TEST_OLD",) * 3


def test_a_subclass_may_set_what_it_likes_before_and_after_its_parents_init() -> None:
    """Its own attributes, message and context are kept."""

    class Own(FlextExceptions.ValidationError):
        def __init__(self, sku: str) -> None:
            self.sku = sku
            super().__init__(f"no {sku}", field="sku")
            self.message = "another"

    error = Own("A-1")
    assert (error.sku, error.args, str(error), error.message) == ("A-1", ("no A-1",), "no A-1", "another")
    assert error.context == {"field": "sku"}


def test_a_dataclass_keeps_its_fields_when_it_initialises_its_parent() -> None:
    """The generated init sets the fields before ``__post_init__`` reaches ours."""

    @dataclass(eq=False)
    class Shelf(FlextExceptions.ValidationError):
        sku: str = "A-1"

        def __post_init__(self) -> None:
            super().__init__(f"no {self.sku}", field="sku")

    error = Shelf("B-2")
    assert (error.sku, error.field, str(error), error.context) == ("B-2", "sku", "no B-2", {"field": "sku"})


def test_classes_with_different_layouts_mix() -> None:
    """Python refuses such a ``__new__`` as not safe; ours is bound to the one that fits."""

    class Mixed(FlextExceptions.ValidationError, FlextExceptions.ConnectionError):
        pass

    class Decoding(FlextExceptions.ValidationError, UnicodeDecodeError):
        pass

    error = Mixed("m", field="f", service="s")
    assert (error.args, error.field, error.service, error.context) == (("m",), "f", "s", {"field": "f", "service": "s"})
    assert Mixed(2, "x").errno == 2
    wrong = Decoding("utf-8", b"\xff", 0, 1, "bad", field="f")
    assert (wrong.encoding, wrong.reason, wrong.field) == ("utf-8", "bad", "f")
    assert str(wrong) == str(UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"))
    assert Decoding("m").args == ("m",)


def test_a_keyword_that_names_a_field_of_the_builtin_or_a_slot_fills_it() -> None:
    """Where it is read from."""

    class Missing(FlextExceptions.NotFoundError):
        filename: str

    class Slotted(FlextExceptions.Error):
        __slots__ = ("sku",)
        sku: str

    error = Missing("m", filename="a.txt", resource_id="r")
    assert (error.filename, error.resource_id) == ("a.txt", "r")
    assert error.context == {"filename": "a.txt", "resource_id": "r"}
    assert Missing(2, "x", "b.txt").filename == "b.txt"
    assert (Slotted("m", sku="A-1").sku, Slotted("m", sku="A-1").args) == ("A-1", ("m",))


def test_a_class_gets_a_builtins_new_only_if_it_inherits_another() -> None:
    """``inspect.signature`` and ``dataclass`` of early releases of Python 3.11 fail on a class that has one itself."""

    class SoldOut(FlextExceptions.ValidationError):
        """Inherits that of Exception, which fits."""

    class Gone(FlextExceptions.Error, OSError):
        """Inherits that of Exception, which does not fit."""

    assert "__new__" not in vars(SoldOut) and SoldOut.__new__ is Exception.__new__
    assert "__new__" in vars(Gone) and Gone.__new__ is OSError.__new__


def test_a_users_own_new_is_called() -> None:
    """It is never replaced."""

    class Tagged(FlextExceptions.ConnectionError):
        tag = ""

        def __new__(cls, *args: object, **kw: object) -> Tagged:
            self = super().__new__(cls, *args)
            self.tag = "new"
            return self

    error = Tagged("m", service="s")
    assert (error.tag, error.args, error.service) == ("new", ("m",), "s")
    assert Tagged(2, "x").args == (2, "x")


def test_a_second_init_merges_and_counts_nothing() -> None:
    """In diamonds of old hierarchies both parents are called."""

    class Left(FlextExceptions.ValidationError):
        def __init__(self, text: str) -> None:
            FlextExceptions.ValidationError.__init__(self, text, field="f", value=1, context={"l": 1, "both": "l"})

    class Right(FlextExceptions.ValidationError):
        def __init__(self, text: str) -> None:
            FlextExceptions.ValidationError.__init__(self, text, field=None, value=2, code="R", context={"both": "r"})

    class Diamond(Left, Right):
        def __init__(self, text: str) -> None:
            Left.__init__(self, text)
            Right.__init__(self, "")

    with FlextExceptions.Metrics.isolated():
        error = Diamond("m")
        assert FlextExceptions.get_metrics() == {"Diamond": 1}
    assert (error.args, error.message, error.field, error.value, error.code) == (("m",), "m", "f", 2, "R")
    assert error.context == {"field": "f", "value": 2, "l": 1, "both": "r"}
    error.__init__("later")  # type: ignore[misc]
    assert error.args == ("later",)


def test_a_second_init_keeps_the_builtins_fields() -> None:
    """An empty one does not empty them."""
    error = FlextExceptions.ImportError("m", name="yaml")
    FlextExceptions.ImportError.__init__(error, "", path="p")
    assert (error.args, error.msg, error.name, error.path) == (("m",), "m", "yaml", "p")
    missing = FlextExceptions.NotFoundError(2, "x", "file")
    FlextExceptions.NotFoundError.__init__(missing)
    assert (missing.args, missing.errno, missing.filename) == ((2, "x"), 2, "file")
