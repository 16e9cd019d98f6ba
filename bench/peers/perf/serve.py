"""The loop of a peer in Python: answers requests, one JSON object a line (README.md). `prepare` makes of a request its
step and what reads the first numbers, for a device also what waits for it, or raises NotHere with the reason. Said first: the versions."""

import json
import sys
import time


class NotHere(Exception):
    """The library does not have what was asked for."""


def serve(versions, prepare):
    out, sys.stdout = sys.stdout, sys.stderr
    ready = {}

    def answer(ms=None, check=None, forget=False, **what):
        if forget:
            ready.clear()
            return {}
        if check:
            step, values, *_ = prepare(**what)
            for _ in range(check):
                step()
            return {"values": [float(value) for value in values()]}
        key = json.dumps(what)
        if key not in ready:
            ready[key] = prepare(**what)
        step, _, *finish = ready[key]
        if not ms:
            return step()
        return {"ms": measure_queued(step, *finish, ms) if finish else measure(step, ms)}

    def say(reply):
        out.write(json.dumps(reply) + "\n")
        out.flush()

    say({"versions": versions})
    for line in sys.stdin:
        try:
            say(answer(**json.loads(line)))
        except NotHere as reason:
            say({"none": str(reason)})


def measure(step, ms):
    """Milliseconds a step, over steps that fill `ms`. The clock is read after 1, 2, 4, … steps, so that it costs nothing."""
    steps, block, start = 0, 1, time.perf_counter()
    while True:
        for _ in range(block):
            step()
        steps += block
        passed = (time.perf_counter() - start) * 1e3
        if passed >= ms:
            return passed / steps
        if passed < ms / 16:
            block *= 2


def measure_queued(step, finish, ms):
    """The same where a step only asks a device for work: as many steps as fill the time, then `finish`, which waits until all are done."""
    finish()
    steps = 1
    while True:
        start = time.perf_counter()
        for _ in range(steps):
            step()
        finish()
        passed = (time.perf_counter() - start) * 1e3
        if passed >= ms:
            return passed / steps
        steps *= 2
