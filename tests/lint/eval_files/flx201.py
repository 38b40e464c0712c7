"""FLX201: a handler of everything that raises nothing."""

import sys


def load():
    """Flagged: whatever the body does, as long as it raises nothing."""
    try:
        work()
    except:  # FLX201: 4
        pass
    try:
        work()
    except OSError:  # silent: it says what it handles
        pass
    except:  # FLX201: 4
        sys.exit(1)
    try:
        work()
    except:  # FLX201: 4

        def later():
            raise ValueError("in a function of its own")

    try:
        work()
    except:  # FLX201: 4

        class Later:
            def run(self):
                raise ValueError("in a method")


def clean_up():
    """Silent: the error goes on, or is named."""
    try:
        work()
    except:  # silent: raised again after cleaning up
        close()
        raise
    try:
        work()
    except:  # silent: raised on one of the ways
        if closed():
            return
        raise
    try:
        work()
    except:  # silent: another error is raised, deep inside
        for item in open_files():
            with item:
                try:
                    item.close()
                finally:
                    raise RuntimeError("not closed")
    try:
        work()
    except Exception:  # silent: Ctrl-C and sys.exit() go on
        pass
    try:
        work()
    except BaseException:  # silent: said out loud
        pass
