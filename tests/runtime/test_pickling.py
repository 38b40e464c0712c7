"""Errors cross processes completely, whatever their constructor requires, and are counted once."""

from __future__ import annotations

import copy
import multiprocessing
import pickle
import threading
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import pytest

from flext_exceptions import FlextExceptions
from flext_exceptions._internal import builtin_layout
from flext_exceptions.catalogue import ROWS

from . import shop


def full(cls: type[FlextExceptions.BaseError]) -> FlextExceptions.BaseError:
    """An error of which everything is set."""
    error = cls(2, "text", "file", code="CODE", context={"a": [1]}, retryable=True, http_status=418, retry_after=1.5)
    error.with_context(b=(2,), nested={"c": {3}})
    error.mark = "an attribute of its own"  # type: ignore[attr-defined]  # pyright: ignore
    error.add_note("note")
    return error


ERRORS = [full(row.type) for row in ROWS] + [
    FlextExceptions.ImportError("m", name="yaml", path="p"),
    FlextExceptions.AttributeError("m", name="x", obj="o"),
    FlextExceptions.BlockingIOError(11, "x", 5),
    FlextExceptions.OSError(1, 2, 3, 4, 5, 6, 7),
    FlextExceptions.OSError(2, "x", "one", None, "two"),
    FlextExceptions.ValidationError("m", field="f", value={"k": [1, 2]}),
    *shop.USERS,
]


def same(twin: Any, error: Any) -> None:
    """All that the specification says is kept."""
    assert type(twin) is type(error) and twin is not error
    assert str(twin) == str(error) and twin.args == error.args
    assert dict(builtin_layout.fields(twin)) == dict(builtin_layout.fields(error))
    assert twin.context == error.context and vars(twin) == vars(error)
    facts = "code message context correlation_id timestamp retryable http_status retry_after".split()
    assert [getattr(twin, name) for name in facts] == [getattr(error, name) for name in facts]
    assert getattr(twin, "__notes__", None) == getattr(error, "__notes__", None)
    assert twin.same_as(error)


each = pytest.mark.parametrize("error", ERRORS, ids=[f"{type(error).__name__}{error.args}" for error in ERRORS])


@each
def test_every_type_survives_every_protocol(error: FlextExceptions.BaseError) -> None:
    """Without its init being called."""
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        same(pickle.loads(pickle.dumps(error, protocol)), error)
    same(pickle._loads(pickle._dumps(error)), error)  # type: ignore[attr-defined]  # pyright: ignore


@each
def test_every_type_is_copied_whole(error: FlextExceptions.BaseError) -> None:
    """A copy has a context and notes of its own; a deep copy values of its own."""
    shallow, deep = copy.copy(error), copy.deepcopy(error)
    same(shallow, error)
    same(deep, error)
    for twin in (shallow, deep):
        twin.context["added"] = 1
        twin.add_note("added")
    assert "added" not in error.context and "added" not in getattr(error, "__notes__", [])
    if "a" in error.context:
        assert shallow.context["a"] is error.context["a"]
        assert deep.context["a"] is not error.context["a"]


def test_both_sides_keep_one_id() -> None:
    """Also if it had not been read yet."""
    error = FlextExceptions.Error("m")
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert twin.correlation_id == error.correlation_id


def test_an_instance_whose_init_never_ran_pickles() -> None:
    """It has its defaults on the other side too."""
    for row in ROWS:
        error = row.type.__new__(row.type)
        same(pickle.loads(pickle.dumps(error)), error)


class _Breaks:
    """Pickles well, and does not come back."""

    def __reduce__(self) -> tuple[type[int], tuple[str]]:
        return int, ("not a number",)


def test_a_value_that_does_not_pickle_travels_as_a_marked_repr() -> None:
    """In context, fields, args and attributes; the others travel unchanged."""
    lock = threading.Lock()
    error = FlextExceptions.ValidationError("m", lock, value=lock, context={"good": 1, "deep": [{"x": lock}], 3: lock})
    error.own = _Breaks()  # type: ignore[attr-defined]  # pyright: ignore
    twin = pickle.loads(pickle.dumps(error))
    mark = f"<not picklable: {lock!r}>"
    assert twin.args == ("m", mark) and twin.value == mark
    assert twin.context == {"good": 1, "deep": f"<not picklable: {[{'x': lock}]!r}>", 3: mark, "value": mark}
    assert twin.own.startswith("<not picklable: <")
    assert error.value is lock and error.context["deep"] == [{"x": lock}]
    assert copy.deepcopy(error).value is lock


def test_a_value_nested_deeper_than_pickle_goes_travels_as_a_marked_repr() -> None:
    """It must not take the error with it."""
    value: list[Any] = []
    for _ in range(100_000):
        value = [value]
    twin = pickle.loads(pickle.dumps(FlextExceptions.ValidationError("m", context={"deep": value, "good": 1})))
    assert twin.context["good"] == 1 and twin.context["deep"].startswith("<not picklable: ")
    while value:  # freeing it in one go would go as deep
        value = value[0]


class Holder:
    """Holds an error that holds it."""

    error: Any = None
    pickled = 0

    def __getstate__(self) -> dict[str, Any]:
        Holder.pickled += 1
        return vars(self)


def test_a_context_that_holds_its_own_error_pickles_and_copies() -> None:
    """Directly, in a list, or through another object."""
    error: Any = FlextExceptions.Error("m")
    holder = Holder()
    holder.error = error
    error.with_context(me=error, us=[error], holder=holder)
    for twin in (pickle.loads(pickle.dumps(error)), copy.deepcopy(error)):
        assert twin is not error
        assert twin.context["me"] is twin and twin.context["us"] == [twin]
        assert twin.context["holder"].error is twin
    assert Holder.pickled < 10  # once tried, once kept, once copied: not as deep as Python goes
    loop: list[Any] = []
    loop.append(loop)
    twin = pickle.loads(pickle.dumps(FlextExceptions.Error("m", loop=loop)))
    assert twin.context["loop"][0] is twin.context["loop"]


def test_errors_within_errors_travel_whole() -> None:
    """Each makes its own values fit to travel."""
    inner = FlextExceptions.Error("inner", lock=threading.Lock(), good=1)
    twin = pickle.loads(pickle.dumps(FlextExceptions.Error("outer", inner=inner)))
    assert twin.context["inner"].context["good"] == 1
    group = pickle.loads(pickle.dumps(ExceptionGroup("g", [inner])))
    assert group.exceptions[0].message == "inner"
    error: Any = inner
    for number in range(30):
        error = FlextExceptions.Error(str(number), inner=error)
    assert pickle.loads(pickle.dumps(error)).context["inner"].message == "28"


def test_a_group_of_ours_is_caught_pickled_and_copied() -> None:
    """Its members are set by its new, not later."""
    group = shop.Several("g", [ValueError("a"), FlextExceptions.Error("b", x=1)])
    with pytest.raises(FlextExceptions):  # noqa: FLX401
        raise group
    for twin in (pickle.loads(pickle.dumps(group)), copy.copy(group), copy.deepcopy(group)):
        assert type(twin) is shop.Several
        assert [str(member) for member in twin.exceptions] == ["a", "b"]
        assert twin.exceptions[1].context == {"x": 1}


def test_a_base_that_pickles_in_its_own_way_and_comes_first_is_let() -> None:
    """OSError keeps the arguments and the dict of an instance: what ours adds is in them."""
    error = shop.Refused("no answer")
    error.field = "url"
    twin = pickle.loads(pickle.dumps(error))
    assert (type(twin), twin.args, twin.field) == (shop.Refused, ("no answer",), "url")


def test_deepcopy_keeps_what_is_shared_shared() -> None:
    """The memo is respected both ways."""
    value = [1]
    error = FlextExceptions.Error("m", parts=value)
    twins = copy.deepcopy([error, error, value])
    assert twins[0] is twins[1]
    assert twins[0].context["parts"] is twins[2]  # type: ignore[union-attr]


def test_a_users_own_reduce_wins() -> None:
    """Nothing of ours goes before it."""
    assert pickle.loads(pickle.dumps(shop.Reducing("m"))).args == ("reduced",)


def test_a_local_class_fails_as_a_builtins_local_subclass_does() -> None:
    """With the same error and the same words."""

    def ours() -> BaseException:
        class Local(FlextExceptions.ValidationError):
            pass

        return Local("m")

    def theirs() -> BaseException:
        class Local(ValueError):
            pass

        return Local("m")

    failures = []
    for make in (ours, theirs):
        with pytest.raises((AttributeError, pickle.PicklingError)) as caught:
            pickle.dumps(make())
        failures.append((caught.type, str(caught.value).replace("ours", "theirs")))
    assert failures[0] == failures[1]


@pytest.mark.parametrize("method", ["fork", "spawn"])
@pytest.mark.filterwarnings("ignore:This process.*is multi-threaded:DeprecationWarning")
def test_all_of_them_cross_a_process_pool_and_are_counted_once(method: str) -> None:
    """As answers, and as what a worker raises."""
    FlextExceptions.clear_metrics()
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context(method)) as pool:
        for error in ERRORS:
            caught = pool.submit(shop.fail, error).exception()
            assert caught is not None
            same(caught, error)
        assert FlextExceptions.get_metrics() == {}
        for number in range(len(shop.USERS)):
            made, counts = pool.submit(shop.answer, number).result()
            assert counts == {type(item).__name__: 1 for item in shop.USERS}
            assert type(made) is type(shop.USERS[number]) and made.same_as(shop.USERS[number])
        assert FlextExceptions.get_metrics() == {}
