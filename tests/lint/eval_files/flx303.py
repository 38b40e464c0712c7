"""FLX303: a secret handed to an error."""

from flext_exceptions import FlextExceptions
from flext_exceptions import FlextExceptions as FE
from shop.errors import Refused


class Denied(FlextExceptions.AuthenticationError):
    """It declares a field that it had better not have."""

    password: str | None = None


class ShopErrors(FlextExceptions):
    """The namespace of the shop."""


def keywords(user, password, token, kw):
    """Flagged: the redacted keys, however they are written, and the three endings."""
    raise FlextExceptions.AuthenticationError("refused", password=password)  # FLX303: 57
    raise FE.AuthenticationError("refused", user=user, token=token)  # FLX303: 55
    raise FE.Error("m", api_key="k", apiKey="k", APIKEY="k")  # FLX303: 24, 37, 49
    raise FE.Error("m", Authorization=token)  # FLX303: 24
    raise FE.Error("m", cookie=token)  # FLX303: 24
    raise FE.Error("m", private_key=token)  # FLX303: 24
    raise FE.Error("m", pass_wd=token)  # FLX303: 24
    raise FE.Error("m", db_password=password)  # FLX303: 24
    raise FE.Error("m", ACCESS_TOKEN=token)  # FLX303: 24
    raise FE.Error("m", client_secret=token, **kw)  # FLX303: 24
    raise Denied("refused", password=password)  # FLX303: 28
    raise FlextExceptions("m", field="login", secret=token)  # FLX303: 46
    raise ShopErrors("m", field="login", secret=token)  # FLX303: 41
    raise ShopErrors.Error("m", secret=token)  # FLX303: 32
    raise FE.Error("m").with_context(user=user, token=token)  # FLX303: 48


async def dicts(user, password, token, more):
    """Flagged: the keys of dicts, at any depth."""
    raise FE.Error("m", context={"user": user, "password": password})  # FLX303: 47
    raise FE.Error("m", context={"request": {"headers": [{"X-Auth-Token": token}]}})  # FLX303: 58
    raise FE.Error("m", context={**more, "Api-Key": token})  # FLX303: 41
    raise FE.Error("m", context=more | {"db-password": password})  # FLX303: 40
    raise FE.Error("m", context=dict(user=user, token=token))  # FLX303: 48
    raise FE.Error("m", context={"token": token} if token else None)  # FLX303: 33
    raise FE.ValidationError("m", field="login", value={"password": password})  # FLX303: 56
    raise FE.Error("m", {"password": password})  # FLX303: 25
    raise FE.Error("m", **{"password": password})  # FLX303: 27
    raise FE.Error(
        "m",
        context={
            "user": user,
            "refresh_token": token,  # FLX303: 12
        },
    )


def places(token):
    """Flagged: wherever an error is built."""
    err = FE.Error("m", token=token)  # FLX303: 24
    match token:
        case "":
            return FE.Error("m", token=token)  # FLX303: 33
    raise FE.Error("a") if token else FE.Error("b", token=token)  # FLX303: 52
    raise (late := FE.Error("m", token=token)) from err  # FLX303: 33
    raise FE.Error("m", token=token).with_traceback(None)  # FLX303: 24


def words(user, token):
    """Silent: words in messages, and values, are no keys."""
    raise FE.AuthenticationError("Invalid JWT token")  # silent: a word in the message
    raise FE.AuthenticationError(f"no password given for {user}")  # silent: the same in a format string
    raise FE.ValidationError("too short", field="password")  # silent: the name of the field, not what is in it
    raise FE.AuthenticationError("refused", auth_method="token")  # silent: how, not with what
    raise FE.Error("m", context={"missing": "password"})  # silent: a value that is a word
    raise FE.Error("m", context={"fields": ["password", "token"]})  # silent: a list of words
    raise FE.Error("m", context={"fields": {"password", "token"}})  # silent: a set, which has no keys
    raise FE.Error("m: %s", token)  # silent: a value without a key cannot be told
    raise FE.ConfigurationError("not set", config_key="db_password")  # silent: which setting it is
    raise FE.Error("m", context={1: token, None: token, b"token": token})  # FLX303: 56
    raise FE.Error("m", context={token: user})  # silent: a key that only runs tell


def near(user, tokens, kw):
    """Keys that hold no secret, but for those that the library hides: plurals and compounds."""
    raise FE.Error("m", token_count=3)  # silent: how many there are
    raise FE.Error("m", tokens=3)  # silent: what a language model counts, hidden all the same
    raise FE.Error("m", password_length=3)  # silent: how long it is
    raise FE.Error("m", secret_name="db")  # silent: under which name it is kept
    raise FE.Error("m", secretary="Miss Moneypenny")  # silent: a person
    raise FE.Error("m", tokenizer="bert")  # silent: a program
    raise FE.Error("m", cookies_enabled=False)  # silent: a setting
    raise FE.Error("m", password=None)  # silent: nothing is told
    raise FE.Error("m", token=True, context={"secret": False})  # silent: whether there is one, not which
    raise FE.Error("m", key="sku")  # silent: a key of a mapping
    raise FE.Error("m", token_type="bearer")  # silent: of which kind it is
    raise FE.Error("m", password_age=90)  # silent: how old it is
    raise FE.Error("m", primary_key=7)  # silent: a column
    raise FE.Error("m", keyword="if")  # silent: one word, not a key
    raise FE.Error("m", author="me")  # silent: the beginning of another word
    raise FE.Error("m", monkey_passwords=0)  # FLX303: 24
    raise FE.Error("m", mytoken=user)  # FLX303: 24
    raise FE.Error("m", context={"public-key": user})  # silent: made to be known
    raise FE.Error("m", context={"token-count": 3})  # silent: with a hyphen, how many there are
    raise FE.Error("m", **kw)  # silent: what is in it is not seen
    raise FE.Error("m", context=make(user, token=3))  # silent: the keyword of a function, not of the error


def others(password):
    """Silent: no typed error is built."""
    login(password=password)  # silent: this is what it is for
    raise Refused("m", password=password)  # silent: a class that is not known
    raise ValueError({"password": password})  # silent: a builtin
    settings = {"password": password}  # silent: no error in sight
    with session(password=password):  # silent: a context manager
        pass
    FlextExceptions.correlation(password)  # silent: a method of the root


def shadowed(FE, password):
    raise FE.Error("m", password=password)  # silent: a parameter of that name
