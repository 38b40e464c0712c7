"""FLX101: ``raise`` alone where no exception can be active."""

import contextlib
import functools


def load(path, kind):
    """Flagged: no handler is around, or it is over."""
    if not path:
        raise  # FLX101: 8
    try:
        raise  # FLX101: 8
    except OSError:
        close(path)
    else:
        raise  # FLX101: 8
    try:
        work()
    except OSError:
        pass
    raise  # FLX101: 4
    for attempt in range(3):
        if work(): continue; raise  # FLX101: 29
    else:
        raise  # FLX101: 8
    while path:
        raise  # FLX101: 8
    with path, contextlib.suppress(RuntimeError):
        raise  # FLX101: 8
    match kind:
        case 1:
            raise  # FLX101: 12
        case BaseException() as error:
            raise  # FLX101: 12
    if isinstance(kind, Exception):
        raise  # FLX101: 8


async def load_later(stream):
    """Flagged: the same in async code."""
    async with stream:
        raise  # FLX101: 8
    async for line in stream:
        raise  # FLX101: 8
    try:
        await stream
    except* OSError:
        pass
    else:
        raise  # FLX101: 8


def handled(path, kind):
    """Silent: something in the handler."""
    try:
        work()
    except OSError:
        raise  # silent: in a handler
    try:
        work()
    except:
        close(path)
        raise  # silent: in a handler of everything
    try:
        work()
    except OSError as error:
        if error.errno != 2:
            raise  # silent: in a condition in a handler
        match error.errno:
            case 3:
                raise  # silent: in a match arm in a handler
        for line in path:
            with line:
                raise  # silent: in blocks in a handler
        else:
            raise  # silent: in the else of a loop in a handler
        try:
            close(path)
        except OSError:
            raise  # silent: in a handler in a handler
        else:
            raise  # silent: the else of a try in a handler: the outer error is still active
        try:
            raise  # silent: the body of a try in a handler
        finally:
            close(path)
    try:
        work()
    finally:
        if path:
            raise  # silent: in finally, where an error may be on its way


async def handled_later(stream):
    try:
        await stream
    except* (OSError, ValueError) as group:
        if group.exceptions:
            raise  # silent: in a handler of a group
    try:
        async with stream:
            await stream
    except OSError:
        async for line in stream:
            raise  # silent: in async blocks in a handler


def functions_in_handlers():
    try:
        work()
    except OSError:

        def again():
            raise  # silent: a function defined in a handler

        class Again:
            def run(self):
                raise  # silent: a method of a class defined in a handler

        again()

    def later():
        raise  # FLX101: 8

    try:

        def attempt():
            raise  # FLX101: 12

    except OSError:
        pass


class Connection:
    """The methods that leave a with block are called while the error is active."""

    if not Connection.ready:
        raise  # FLX101: 8

    def __enter__(self):
        raise  # FLX101: 8

    def __exit__(self, kind, error, traceback):
        if kind is not None:
            raise  # silent: __exit__

    async def __aenter__(self):
        raise  # FLX101: 8

    async def __aexit__(self, kind, error, traceback):
        def undo():
            raise  # silent: a function in __aexit__

        await self.close()
        raise  # silent: __aexit__

    def exit(self):
        raise  # FLX101: 8


@contextlib.contextmanager
def transaction(session):
    try:
        yield session
    except Exception:
        session.rollback()
        raise  # silent: the handler of a context manager
    session.commit()
    raise  # FLX101: 4


def _reraise(path):
    close(path)
    raise  # silent: a helper that is only ever called in handlers


def _reraise_nested():
    def finish():
        raise  # silent: a function in such a helper

    finish()


def _called_outside():
    raise  # FLX101: 4


def _handed_over():
    raise  # FLX101: 4


def _never_mentioned():
    raise  # FLX101: 4


def _called_in_the_body():
    raise  # FLX101: 4


def public_helper():
    raise  # FLX101: 4


class Worker:
    def run(self):
        try:
            work()
        except OSError:
            self._fail()

    def _fail(self):
        raise  # silent: a method that is only ever called in handlers

    def _stop(self):
        raise  # FLX101: 8

    def stop(self):
        self._stop()


def callers(path):
    try:
        work()
        _called_in_the_body()
    except OSError:
        _reraise(path)
        public_helper()
        _called_outside()
        functools.partial(_handed_over)()
    except ValueError:
        if path:
            return [_reraise(one) for one in path]
        _handed_over()
        _reraise_nested()
        _called_in_the_body()
    _called_outside()


def named(error):
    """Silent: a raise that names something is not bare."""
    raise error  # silent: names a variable
    raise None  # silent: FLX106 has this one
    raise (  # silent: the name stands on the next line
        error
    )


def texts():
    """Silent: a text, and names that hold the word.

    raise  # silent: in a docstring
    """
    raise_ = "raise"  # silent: a name and a text
    return raise_  # silent: no statement of its own


def loops(lines):
    """Silent: the handler stands in the loop, or the loop in the handler."""
    for line in lines:
        try:
            work(line)
        except OSError:
            if line is lines[-1]:
                raise  # silent: a handler in a loop
            continue
        finally:
            for other in lines:
                raise  # silent: a loop in finally
    while True:
        try:
            return work()
        except OSError:
            while lines:
                try:
                    lines.pop()
                finally:
                    raise  # silent: finally in a handler


def undo(steps):
    try:
        work()
    finally:

        def later():
            raise  # silent: a function defined in finally

        later()


try:
    import yaml
except ImportError:
    if not fallback:
        raise  # silent: a handler of the module

raise  # FLX101: 0


class Settings:
    try:
        path = find()
    except OSError:
        raise  # silent: a handler in a class body


def handle_error(request, address):
    raise  # silent: by its name it is called while an error is handled


def start_response(status, headers, exc_info=None):
    if exc_info and headers_sent():
        raise  # silent: by its parameter it is handed what is under way


class Handler:
    def handleError(self, record):
        if strict:
            raise  # silent: the name of the logging module for it

    def onerror(self):
        raise  # silent: the name that shutil.rmtree calls it by

    def terror(self):
        raise  # FLX101: 8


def propagate(exc):
    raise  # silent: the error is a parameter


def retrying(action, attempts):
    for attempt in range(attempts):
        if action():
            return
    raise  # FLX101: 4
