"""FLX306: an error told by its text."""

import sqlite3

import requests
from flext_exceptions import FlextExceptions
from flext_exceptions import FlextExceptions as FE
from shop.errors import Refused


class Local(Exception):
    """An error of this file: it could have a code."""


def by_text(known):
    """Flagged: the text of the error decides."""
    try:
        save()
    except ValueError as err:
        if "already" in str(err):  # FLX306: 11
            update()
    try:
        save()
    except FlextExceptions.ProcessingError as err:
        if "closed" not in str(err):  # FLX306: 11
            raise
    try:
        save()
    except FE as e:
        return str(e) == "closed"  # FLX306: 15
    try:
        save()
    except Local as err:
        while "busy" != str(err):  # FLX306: 14
            wait()
    try:
        save()
    except (KeyError, FE.NotFoundError) as err:
        if err.args[0] == "id" or err.args[0].startswith("no "):  # FLX306: 11, 34
            create()
    try:
        save()
    except OSError as err:
        if str(err).lower().endswith("exists"):  # FLX306: 11
            return
        if "space" in str(err).lower().strip():  # FLX306: 11
            raise
        if str(err).find("quota") >= 0:  # FLX306: 11
            raise
        if str(err).count("retry"):  # FLX306: 11
            raise
    try:
        save()
    except RuntimeError as err:
        reason = "late" if "timed out" in str(err) else "lost"  # FLX306: 27
        match reason:
            case "late" if "again" in str(err):  # FLX306: 27
                retry()
        texts = [word for word in known if "closed" in err.args[0]]  # FLX306: 43
        assert "late" in str(err)  # FLX306: 15


class Cart:
    """Flagged in async code, in groups, and in a function that the handler defines."""

    async def save(self):
        try:
            await self.write()
        except* ValueError as group:
            if "already" in str(group):  # FLX306: 15
                await self.update()
        try:
            await self.write()
        except TypeError as err:

            def is_late():
                return "late" in str(err)  # FLX306: 23

            await self.retry(is_late())


def by_type(known):
    """Silent: the type, the code or another field of the error decides."""
    try:
        save()
    except FE.AlreadyExistsError:  # silent: a type of its own
        update()
    except FE.ProcessingError as err:
        if err.code == "SHOP_0120":  # silent: the code
            update()
        if err.context["rule"] == "closed":  # silent: a value of the context
            update()
        if "closed" in err.context:  # silent: a key of the context
            update()
    except KeyError as err:
        if err.args[0] == known:  # silent: which key it was, and no wording
            update()
        if err.args[0] in known:  # silent: one of several keys
            update()
    except OSError as err:
        if err.errno == 2:  # silent: the number of the system's error
            update()
        if err.args[0] == 2:  # silent: the same number by its place
            update()
        if err.filename == "cart.json":  # silent: a field
            update()


def texts(known):
    """Silent: the text is used, and decides nothing."""
    try:
        save()
    except ValueError as err:
        print(str(err))  # silent: shown
        log("not saved: %s", str(err).strip())  # silent: logged
        text = str(err) + " (cart)"  # silent: put together
        if str(err):  # silent: whether there is a text at all
            raise
        if str(err) == str(last):  # silent: two errors compared with each other
            raise
        if len(str(err)) > 80:  # silent: its length
            raise
        if "already" in known:  # silent: another text
            raise
        if "already" in str(last):  # silent: another error
            raise
        if str(err) in known:  # silent: texts that nobody wrote here
            raise
        if "already" in str(err, "utf-8"):  # silent: bytes decoded, no error
            raise
        if str(err).replace("a", "b"):  # silent: changed, and not looked into
            raise
        if 1 < len(err.args) == 2:  # silent: how many arguments there are
            raise
        if "a" < str(err) < "b":  # silent: an order
            raise
    except TypeError:
        if "already" in str(err):  # silent: the handler binds no name
            raise
    else:
        if "already" in str(err):  # silent: no handler
            raise


def no_codes(Given):
    """Silent: errors of other libraries have no code."""
    try:
        save()
    except requests.RequestException as err:
        if "Name or service" in str(err):  # silent: what else is there
            raise
    except sqlite3.IntegrityError as err:
        if "UNIQUE" in str(err):  # silent: sqlite tells it by text alone
            raise
    except (ValueError, requests.Timeout) as err:
        if "timed out" in str(err):  # silent: one of the two has no code
            raise
    except Refused as err:
        if "closed" in str(err):  # silent: an imported class, perhaps of another library
            raise
    except Given as err:
        if "closed" in str(err):  # silent: a parameter
            raise
    except UnicodeError as err:
        if "surrogates" in str(err):  # silent: a builtin that has no typed error
            raise
    except ERRORS as err:
        if "closed" in str(err):  # silent: a tuple from elsewhere
            raise


def bound_anew():
    """Silent: the name means something else by then."""
    try:
        save()
    except ValueError as err:
        if any("closed" in str(err) for err in errors):  # silent: the variable of the comprehension
            raise
    try:
        save()
    except ValueError as err:
        err = err.__cause__
        if "closed" in str(err):  # silent: the cause, of whatever library
            raise
    try:
        save()
    except ValueError as err:
        for err in remote_errors():
            if "closed" in str(err):  # silent: the variable of a loop
                raise err


def told_by_class_first():
    """Silent behind the class of another library's error, flagged behind one that has a code."""
    try:
        save()
    except Exception as err:
        if isinstance(err, requests.HTTPError) and "Too Many" in str(err):  # silent: its text is all there is
            raise
        if isinstance(err, ValueError) and "already" in str(err):  # FLX306: 43
            raise
        if isinstance(err, requests.HTTPError) or "already" in str(err):  # FLX306: 50
            raise
