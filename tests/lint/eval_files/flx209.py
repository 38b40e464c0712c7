"""FLX209: what is meant to stop a program or a task, and ends in a handler."""

import asyncio
import sys
from asyncio import CancelledError

STOPS = (BaseException,)


def flagged(job, log):
    try:
        job()
    except BaseException:  # FLX209: 4
        job.failures += 1
    try:
        job()
    except BaseException as err:  # FLX209: 4
        return f"failed: {err}"
    try:
        job()
    except BaseException as err:  # FLX209: 4
        log.error("failed: %s", err)
    try:
        job()
    except (ValueError, BaseException) as err:  # FLX209: 4
        print(err, type(err))
    try:
        job()
    except STOPS:  # FLX209: 4
        job.failures += 1
    try:
        job()
    except BaseException:  # FLX209: 4

        def later():
            raise

        job.later = later


async def tasks(queue):
    try:
        await queue.get()
    except asyncio.CancelledError:  # FLX209: 4
        queue.cancelled += 1
    try:
        await queue.get()
    except CancelledError:  # FLX209: 4
        pass
    try:
        await queue.get()
    except (TimeoutError, CancelledError) as err:  # FLX209: 4
        return str(err)


def silent(job, future, errors):
    try:
        job()
    except BaseException:  # silent: raises again
        job.close()
        raise
    try:
        job()
    except BaseException as err:  # silent: raises another in its place
        raise job.error from err
    try:
        job()
    except BaseException as err:  # silent: whoever waits gets it
        future.set_exception(err)
    try:
        job()
    except BaseException as err:  # silent: kept for later
        errors.append(err)
    try:
        job()
    except BaseException as err:  # silent: kept under a name
        job.error = err
    try:
        job()
    except BaseException as err:  # silent: given back
        return job, err
    try:
        job()
    except BaseException:  # silent: ends the process
        sys.exit(3)
    try:
        job()
    except BaseException:  # silent: hands it on
        job.report(*sys.exc_info())
    try:
        job()
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # silent: the two that stop a program are taken apart
        job.failures += 1
    try:
        job()
    except BaseException:  # silent: FLX202 tells it
        pass
    try:
        job()
    except Exception:  # silent: does not catch what stops a program
        job.failures += 1
    try:
        job()
    except KeyboardInterrupt:  # silent: Ctrl-C by its name
        job.stopped = True
    try:
        job()
    except:  # silent: FLX201 tells it
        job.failures += 1


async def stop(task):
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:  # silent: it waits for the end of what it cancelled
        pass


async def wait(queue):
    try:
        await queue.get()
    except asyncio.CancelledError:  # silent: raises again
        queue.close()
        raise
    except asyncio.QueueEmpty:  # silent: an error like others
        pass


async def keep_in_mind(queue):
    cancelled = False
    try:
        await queue.get()
    except asyncio.CancelledError:  # silent: raised later
        cancelled = True
    if cancelled:
        raise asyncio.CancelledError


def done(future):
    try:
        future.result()
    except asyncio.CancelledError:  # silent: no coroutine; it is the future that was cancelled
        future.loop.close()
