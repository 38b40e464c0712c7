"""FLX207: a handler that only raises again."""

import logging


def useless():
    """Flagged: without the handler the error goes the same way."""
    try:
        work()
    except ConnectionError:  # FLX207: 4
        raise
    try:
        work()
    except:  # FLX207: 4
        raise
    try:
        work()
    except OSError as err:  # silent: raise err is FLX204
        raise err
    try:
        work()
    except OSError as err:  # FLX207: 4
        # A remark is no work.
        raise
    try:
        work()
    except* OSError:  # FLX207: 4
        raise
    try:
        work()
    except KeyError:  # FLX207: 4
        raise
    except (OSError, ValueError):  # FLX207: 4
        raise
    try:
        work()
    except KeyError:
        logging.warning("no key")
    except Exception:  # FLX207: 4
        raise
    try:
        work()
    except KeyError:  # FLX207: 4
        raise
    else:
        tell()
    finally:
        close()


class Cart:
    """Flagged in the body of a class, in async methods and in another handler."""

    try:
        prepare()
    except ImportError:  # FLX207: 4
        raise

    async def save(self):
        async with self.lock:
            try:
                await self.write()
            except OSError:
                try:
                    await self.clean_up()
                except KeyError:  # FLX207: 16
                    raise


def in_front():
    """Silent: it keeps its errors from a handler below that does something."""
    try:
        work()
    except KeyboardInterrupt:  # silent: else the handler of BaseException would log it
        raise
    except BaseException:
        logging.exception("work")
    try:
        work()
    except KeyError:  # silent: else it would be turned into a LookupError
        raise
    except LookupError as err:
        raise LookupError("not found") from err
    except ValueError:  # FLX207: 4
        raise
    try:
        work()
    except OSError as err:  # silent: by name, and kept from the bare handler below
        raise err
    except:
        pass


def more():
    """Silent: the body does something, or raises in another way."""
    try:
        work()
    except* OSError as group:  # silent: raises a group around the group
        raise group
    try:
        work()
    except OSError:  # silent: it says that it happened
        logging.error("not saved")
        raise
    try:
        work()
    except OSError as err:  # silent: it hides what came before
        raise err from None
    try:
        work()
    except OSError as err:  # silent: it names the cause
        raise err from err.__cause__
    try:
        work()
    except OSError as err:  # silent: it raises the cause
        raise err.__cause__
    try:
        work()
    except OSError as err:  # silent: it drops the traceback
        raise err.with_traceback(None)
    try:
        work()
    except OSError as err:  # silent: it raises a new error
        raise KeyError("id") from err
    try:
        work()
    except OSError as err:  # silent: it raises what was kept from before
        raise last
    try:
        work()
    except OSError:  # silent: only on one of two ways
        if strict:
            raise
    try:
        work()
    except OSError:  # silent: a function that may raise, or not
        fail()
    try:
        work()
    except OSError as err:  # silent: adds to the error what it knows
        err.add_note("while saving")
        raise
    try:
        work()
    finally:  # silent: no handler at all
        close()
    try:
        work()
    except OSError:  # silent: raises in what is cleaned up
        with closing():
            raise
