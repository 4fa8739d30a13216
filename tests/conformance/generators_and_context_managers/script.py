import contextlib
import itertools


def numbers():
    sent = yield 1
    while sent != "stop":
        sent = yield sent
    return "done"


@contextlib.contextmanager
def noted(log):
    log.append("in")
    try:
        yield
    except ValueError as error:
        log.append(str(error))
    finally:
        log.append("out")


def main():
    log, gen = [], numbers()
    next(gen), gen.send(5)
    try:
        gen.send("stop")
    except StopIteration as stop:
        log.append(stop.value)
    with noted(log):
        raise ValueError("caught")
    return [log, list(itertools.pairwise("abcd")), list(itertools.batched(range(5), 2)),
            list(itertools.accumulate([1, 2, 3], lambda a, b: a * b))]
