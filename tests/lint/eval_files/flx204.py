"""FLX204: the caught error raised by its name."""

import logging


def plain():
    """Flagged: raise alone would do."""
    try:
        work()
    except OSError as err:
        logging.error("not saved")
        raise err  # FLX204: 8
    try:
        work()
    except (KeyError, ValueError) as e:
        if strict:
            raise e  # FLX204: 12
        logging.warning("%s", e)
    try:
        work()
    except BaseException as err:
        for item in opened:
            with item:
                match item.state:
                    case "open":
                        raise err  # FLX204: 24
    try:
        work()
    except OSError as err:
        err.add_note("while saving")
        err.filename = "cart.json"
        raise err  # FLX204: 8
    try:
        work()
    except OSError as err:
        logging.error("not saved", extra=dict(err=err))
        raise err  # FLX204: 8


def inner_try():
    """Flagged: an inner try statement that is over, and an inner handler's own error."""
    try:
        work()
    except OSError as err:
        try:
            clean_up()
        except KeyError:
            pass
        raise err  # FLX204: 8
    try:
        work()
    except OSError as first:
        try:
            clean_up()
        except KeyError as second:
            raise second  # FLX204: 12
    try:
        work()
    except OSError as err:
        try:
            raise err  # FLX204: 12
        finally:
            clean_up()


class Cart:
    """Flagged in async methods and in the body of a class."""

    try:
        prepare()
    except ImportError as err:
        raise err  # FLX204: 8

    async def save(self):
        async for row in self.rows:
            try:
                await row.save()
            except OSError as err:
                raise err  # FLX204: 16


def fine():
    """Silent: something else is raised, or raised in another way."""
    try:
        work()
    except OSError:
        raise  # silent: this is how it is written
    try:
        work()
    except OSError as err:
        raise err from None  # silent: it hides what came before
    try:
        work()
    except OSError as err:
        raise err from KeyError("id")  # silent: it names a cause
    try:
        work()
    except OSError as err:
        raise err.with_traceback(None)  # silent: it drops the traceback
    try:
        work()
    except OSError as err:
        raise err.__cause__  # silent: an error that the caught one holds
    try:
        work()
    except OSError as err:
        raise last_error  # silent: another error
    try:
        work()
    except OSError as err:
        raise wrap(err)  # silent: what a function gives back
    try:
        work()
    except OSError as err:
        raise err if strict else KeyError("id")  # silent: one of two


def bound_anew():
    """Silent: the name means something else by then."""
    try:
        work()
    except OSError as err:
        err = KeyError(str(err))
        raise err  # silent: assigned
    try:
        work()
    except OSError as err:
        while err.__cause__ is not None:
            err = err.__cause__
        raise err  # silent: the first cause
    try:
        work()
    except OSError as err:
        if (err := translate(err)) is not None:
            raise err  # silent: bound by a walrus
    try:
        work()
    except ExceptionGroup as err:
        for err in err.exceptions:
            raise err  # silent: the variable of a loop
    try:
        work()
    except OSError as err:
        match translate(err):
            case KeyError() as err:
                raise err  # silent: captured by a pattern
    try:
        work()
    except OSError as err:
        match translate(err):
            case [*err]:
                raise err  # silent: captured by a star in a pattern
            case {"id": _, **err}:
                raise err  # silent: captured by the rest of a mapping
    try:
        work()
    except OSError as err:
        with guard() as err:
            raise err  # silent: bound by with
    try:
        work()
    except OSError as err:
        from shop.errors import closed as err

        raise err  # silent: imported under that name
    try:
        work()
    except OSError as err:
        from shop.errors import err

        raise err  # silent: imported by its own name
    try:
        work()
    except OSError as err:

        class err(Exception):
            """A class of that name."""

        raise err  # silent: a class
    try:
        work()
    except OSError as err:
        try:
            clean_up()
        except KeyError as err:
            pass
        raise err  # silent: an inner handler unbinds the name


def outer():
    """Silent: the error belongs to another handler, or to another function."""
    try:
        work()
    except OSError as err:
        try:
            clean_up()
        except KeyError:
            raise err  # silent: raise alone would raise the KeyError
    try:
        work()
    except OSError as err:
        try:
            clean_up()
        finally:
            raise err  # silent: raise alone would raise what clean_up raised
    try:
        work()
    except OSError as err:

        def fail(err=err):
            raise err  # silent: where no error may be active

        later(fail)
    err = None
    for attempt in range(3):
        try:
            return work()
        except OSError as caught:
            err = caught
    raise err  # silent: after the handlers
    try:
        work()
    except OSError as err:
        pass
    else:
        raise err  # silent: in else nothing is active


def groups():
    try:
        work()
    except* OSError as group:
        raise group  # silent: makes a group around the group, which raise alone does not


def returned(errors):
    """Silent: an error from elsewhere, outside of any handler."""
    for err in errors:
        raise err  # silent: no handler
