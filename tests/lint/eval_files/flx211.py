"""FLX211: leaving a finally drops the error under way."""


def returned(stream):
    try:
        stream.read()
    finally:
        return stream.close()  # FLX211: 8


def in_loop(streams):
    for stream in streams:
        try:
            stream.read()
        finally:
            break  # FLX211: 12
    while streams:
        try:
            streams.pop().read()
        finally:
            if streams:
                continue  # FLX211: 16


def deeper(streams):
    for stream in streams:
        try:
            stream.read()
        finally:
            with stream.lock:
                try:
                    stream.close()
                except OSError:
                    return None  # FLX211: 20
            for part in stream:
                return part  # FLX211: 16
            else:
                break  # FLX211: 16


async def group(jobs):
    try:
        await jobs()
    except* OSError:
        jobs.close()
    finally:
        match jobs:
            case []:
                return 1  # FLX211: 16


def nested(stream):
    try:
        stream.read()
    finally:
        try:
            stream.close()
        finally:
            return  # FLX211: 12


def own_loop(stream):
    try:
        return stream.read()  # silent: in the body
    finally:
        while True:
            if not stream.read(10):
                break  # silent: leaves a loop of the finally
        for part in stream:
            continue  # silent: the same


def own_function(stream):
    try:
        return stream.read()  # silent: in the body
    finally:

        def size():
            return stream.size  # silent: of a function in the finally

        class Part:
            def size(self):
                return 1  # silent: of a class in it

        stream.note(size, Part, lambda: 1)


def after(streams):
    for stream in streams:
        try:
            stream.read()
        except OSError:
            continue  # silent: in a handler, which ends the error in words
        else:
            break  # silent: no error is under way
        finally:
            stream.close()
            raise stream.error  # silent: another error in its place, which FLX203 may speak of
    return streams  # silent: behind the try
