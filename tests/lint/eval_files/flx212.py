"""FLX212: logged here, and again where it is handled."""

import logging
import math

log = logging.getLogger(__name__)
LOG = log
out = log


def flagged(stock):
    try:
        return stock.pick()
    except KeyError:
        log.exception("no such SKU")  # FLX212: 8
        raise
    except OSError as err:
        logging.error("not read: %s", err)  # FLX212: 8
        raise err
    except ValueError as err:
        stock.close()
        LOG.warning("malformed: %s", err)  # FLX212: 8
        raise
    except TypeError:
        logging.getLogger("shop").critical("bug")  # FLX212: 8
        raise
    except Exception:
        stock._logger.error("failed", exc_info=True)  # FLX212: 8
        stock.close()
        raise


def silent(stock):
    try:
        return stock.pick()
    except KeyError:
        log.exception("no such SKU")  # silent: handled here
        return None
    except OSError:
        stock.close()  # silent: not logged
        raise
    except ValueError:
        if stock.strict:
            raise
        log.exception("malformed")  # silent: one or the other
        return None
    except TypeError as err:
        log.error("bug: %s", err)  # silent: another error in its place
        raise RuntimeError("bug") from err
    except ArithmeticError:
        stock.scale = math.log(10)  # silent: a logarithm
        raise
    except EOFError:
        log.debug("end")  # silent: for who looks for it
        raise
    except LookupError:
        if stock.loud:
            log.error("not found")  # silent: under a condition
        raise
    except RuntimeError:
        out.error("failed")  # silent: a name that says nothing of a log
        raise
    log.error("none")  # silent: no handler
