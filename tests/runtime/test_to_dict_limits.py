"""No document contains a secret, or more than the settings allow."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from flext_exceptions import FlextExceptions
from flext_exceptions._internal.safe_text import REDACTED
from flext_exceptions.catalogue import Row

from . import shop
from .documents import EACH, back, row

SECRET = "hunter2"
NAMES = st.sampled_from(
    ["password", "db_password", "accessToken", "API-KEY", "Set-Cookie", "authorization", "x.secret"]
)
HIDING = st.recursive(
    st.builds(lambda name: {name: SECRET}, NAMES)
    | st.builds(lambda name: {name: [{"deep": SECRET}]}, NAMES)
    | st.builds(lambda name: {name.encode(): SECRET}, NAMES),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.tuples(inner)
        | st.dictionaries(st.text(max_size=4), inner, min_size=1, max_size=3)
        | st.builds(shop.Holding, inner)
        | st.builds(shop.Named, st.just("x"), inner)
        | st.builds(shop.Login, st.just("x"), st.just(SECRET))
    ),
    max_leaves=6,
)


@row
@EACH
@given(data=st.data())
def test_no_secret_comes_out(row: Row, data: st.DataObject) -> None:
    """At any depth, from any part, along the chain; not in the dict, the problem, the repr, or a traceback's note."""
    FlextExceptions.configure_error_handling({"max_error_details": data.draw(st.integers(0, 3000))}).unwrap()
    FlextExceptions.configure_error_handling({"traceback_details": True}).unwrap()
    keywords = {name: data.draw(HIDING) for name in row.keywords if name not in ("name", "path", "obj")}
    error = row.type("m", data.draw(HIDING), context={"in": data.draw(HIDING), "password": SECRET}, **keywords)
    error.own = data.draw(HIDING)  # type: ignore[attr-defined]  # pyright: ignore
    first = FlextExceptions.Error(data.draw(HIDING))
    first.__cause__ = ValueError("m", data.draw(HIDING))
    error.__context__ = shop.Several("g", [first, ValueError(data.draw(HIDING))])
    document = error.to_dict()
    notes = [str(note) for each in (error, first) for note in each.__notes__]
    for text in (repr(document), repr(error.to_problem()), repr(error), repr(first), *notes):
        assert SECRET not in text
    back(error)


def test_what_stands_under_a_listed_key_is_gone_and_the_rest_is_not() -> None:
    """A dict under such a key goes as a whole."""
    secrets: Any = {"token": SECRET, "a": 1}, {"cookie": {"a": SECRET}, "b": [2]}
    error = FlextExceptions.ValidationError(secrets[0], value=secrets[1], token_count=3)
    document = error.to_dict()
    assert document["message"] == f"{{'token': '{REDACTED}', 'a': 1}}"
    assert document["args"] == [{"token": REDACTED, "a": 1}]
    assert document["context"] == {"value": {"cookie": REDACTED, "b": [2]}, "token_count": 3}
    assert back(error).message == document["message"]


def test_redact_keys_decide_for_documents_too() -> None:
    """The list that is set, and no other."""
    FlextExceptions.configure_error_handling({"redact_keys": ["ssn"]}).unwrap()
    assert FlextExceptions.Error("m", SSN=1, password=2).to_dict()["context"] == {"SSN": REDACTED, "password": 2}


def test_max_error_details_decides_how_much_is_told() -> None:
    """Of the context as of the rest; a message is told to 1000 characters at least."""
    for limit in (0, 40, 100, 5000):
        FlextExceptions.configure_error_handling({"max_error_details": limit}).unwrap()
        error = FlextExceptions.Error("m" * 9000, 1, a="a" * 9000, b=list(range(9000)))
        error.add_note("n" * 9000)
        error.__cause__ = ValueError("c" * 9000)
        document = error.to_dict()
        sizes = [len(json.dumps(document.get(part, []))) for part in ("context", "args", "notes")]
        assert all(max(limit, 2) >= size >= limit // 3 for size in sizes), sizes
        for told in (document, document["cause"]):
            assert len(json.dumps(told["message"])) == max(limit, 1000)
