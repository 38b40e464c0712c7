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
        log.exception("not loaded")
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


def ends(manager):
    """Silent: the process ends, or somebody else gets the error."""
    try:
        work()
    except:  # silent: the program ends
        sys.exit(1)
    try:
        work()
    except:  # silent: a child process ends
        report()
        os._exit(1)
    try:
        work()
    except:  # silent: the test ends
        self.fail("it raised")
    try:
        work()
    except:  # silent: the error is taken along
        error = sys.exc_info()
    try:
        work()
    except:  # silent: what this block does, it does before it raises again
        with util.safe_reraise():
            manager.roll_back()
    try:
        work()
    except:  # silent: the hook gets whatever it was
        manager._invoke_excepthook()


def knows():
    """Silent: a clause in front shows that the author knows what else arrives here."""
    try:
        work()
    except KeyboardInterrupt:
        stop()
    except:  # silent: Ctrl-C does not get here
        report()
    try:
        work()
    except PASSED_ON:
        raise
    except:  # silent: what has to go on has gone on
        report()
    try:
        work()
    except OSError:
        report()
    except:  # FLX201: 4
        report()
