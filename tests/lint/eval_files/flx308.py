"""FLX308: an error told by its very class."""

from flext_exceptions import FlextExceptions

STATUS = {ValueError: 400, KeyError: 404}
KNOWN = (ValueError, FlextExceptions.KeyError)
OTHER = {"sku": 1}
NAMES = ("ValueError", "KeyError")


class Refused(FlextExceptions.ValidationError):
    """Of this project."""


def flagged(job):
    try:
        job()
    except Exception as err:
        if type(err).__name__ == "ValueError":  # FLX308: 11
            return 1
        if err.__class__.__name__ in ("ValueError", "KeyError"):  # FLX308: 11
            return 2
        if "KeyError" != type(err).__qualname__:  # FLX308: 11
            return 3
        if type(err) is ValueError:  # FLX308: 11
            return 4
        if err.__class__ == FlextExceptions.ValidationError:  # FLX308: 11
            return 5
        if type(err) in KNOWN:  # FLX308: 11
            return 6
        if type(err) not in (OSError, EOFError):  # FLX308: 11
            return 7
        job.status = STATUS[type(err)]  # FLX308: 21
        job.status = STATUS.get(type(err), 500)  # FLX308: 21
        job.status = {OSError: 500}.get(err.__class__)  # FLX308: 21
        kind = type(err)
        if kind is ValueError:  # FLX308: 11
            return 9
        name = kind.__name__
        if name == "ValueError":  # FLX308: 11
            return 10
        if name in NAMES:  # FLX308: 11
            return 11
        if name == "Refused":  # FLX308: 11
            return 12
        match type(err).__name__:  # FLX308: 14
            case "ValueError":
                return 8
        raise


def silent(job, counts, last, kinds):
    try:
        job()
    except Exception as err:
        if isinstance(err, ValueError):  # silent: subclasses too
            return 1
        job.note(f"{type(err).__name__}: {err}")  # silent: shown
        counts[type(err).__name__] += 1  # silent: counted
        counts[type(err)] = 1  # silent: kept
        job.kind = type(err).__name__  # silent: kept
        if type(err) is type(last):  # silent: compared with another error
            return 2
        if type(err) in kinds:  # silent: nobody knows what is in it
            return 3
        if type(err).__name__ == "Throttled":  # silent: another library's error
            return 4
        name = "ValueError" if counts else type(err).__name__
        if name == "ValueError":  # silent: not always the class's name
            return 8
        kind = type(job)
        if kind is ValueError:  # silent: no error
            return 9
        if type(job).__name__ == "Parcel":  # silent: no error
            return 5
        if err.kind is ValueError:  # silent: an attribute
            return 6
        job.value = OTHER.get(type(err))  # silent: a table of something else
        job.value = kinds[type(err)]  # silent: a table that is not known
        raise type(err)("again") from err  # silent: another of its class
    try:
        job()
    except OSError as err:
        err = job.last()
        if type(err) is ValueError:  # FLX308: 11
            return 7
    return type(job) is bool  # silent: no error


def handle(error, default):
    """Flagged: outside handlers what is compared with a builtin error's class or name can only be an error."""
    if type(error).__name__ == "ValueError":  # FLX308: 7
        return 400
    if error.__class__.__qualname__ in ("KeyError", "LookupError"):  # FLX308: 7
        return 404
    if default.error.__class__ is not KeyError:  # FLX308: 7
        return 500
    return [one for one in default.errors if type(one) in KNOWN]  # FLX308: 45


class Failure(ValueError):
    def __init__(self, *given):
        super().__init__(*given)
        if type(self) is ValueError:  # silent: a method asks what it was made of
            self.made = True

    def __eq__(self, other):
        return type(other) is Failure and other.args == self.args  # silent: a class of one's own


def dispatch(error, kinds, value):
    """Silent: isinstance, tables that are not known, names that are shown, and what is no error."""
    if isinstance(error, ValueError) or type(error) in kinds:  # silent: isinstance, and a collection that is not known
        return type(error).__name__
    if type(value).__name__ == "int":  # silent: no error
        return 1
    if type(error) is StopIteration:  # silent: there is no typed error for it
        return 3
    if type(error).__name__ in kinds:  # silent: nobody knows what is in it
        return 2
    return "type(error) is ValueError" in value  # silent: a text
