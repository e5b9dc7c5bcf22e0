"""Where the worker processes of a race come from: one process that has read everything forks them.

They hurry (tests/hurry.py) and are else what production starts. A job is a line on stdin, the answer
a line on stdout; when stdin ends, whatever was hatched is killed.
"""

import json
import os
import signal
import sys
import time
from contextlib import suppress
from datetime import timedelta

import django
import psutil
from celery.signals import beat_init, worker_ready

django.setup()

from core import clock  # noqa: E402 - Django must be set up first
from mpp.celery import app  # noqa: E402
from tests.hurry import hurry  # noqa: E402

hatched: set[int] = set()


def hatch(job: dict) -> int:
    """Start `celery ARGUMENTS` so many seconds in the future; its process id, which leads a group."""
    hears, says = os.pipe()
    if pid := os.fork():
        hatched.add(pid)
        os.close(says)
        os.read(hears, 1)  # that it is ready, or its end
        os.close(hears)
        return pid
    os.close(hears)
    for ready in (worker_ready, beat_init):
        ready.connect(lambda **_more: os.write(says, b"."), weak=False)
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with open(job["log"], "ab", 0) as log:  # noqa: PTH123 - only its number is needed
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    clock._shift = timedelta(seconds=job["shift"])
    try:
        app.start(job["celery"])
    finally:
        os._exit(1)


def reap() -> None:
    """Take leave of the dead, so that their ids are nobody's."""
    for pid in list(hatched):
        with suppress(ChildProcessError):
            if os.waitpid(pid, os.WNOHANG)[0]:
                hatched.discard(pid)


def kill(pid: int) -> int:
    """End a process and everything it started, at once; how many that were."""
    reap()
    if pid not in hatched:
        return 0
    family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    os.killpg(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    hatched.discard(pid)
    # Whoever asks next relies on the end of all of them, also where nobody buries orphans.
    while any(map(_lives, family)):
        time.sleep(0.005)
    return 1


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


ACTS = {"hatch": hatch, "kill": lambda job: kill(job["pid"])}

if __name__ == "__main__":
    hurry()
    app.finalize()
    app.loader.import_default_modules()
    told = {key: app.conf[key] for key in ("broker_url", "broker_transport_options")}
    print(json.dumps(told), flush=True)  # noqa: T201 - this is how it speaks
    for line in sys.stdin:
        job = json.loads(line)
        print(json.dumps(ACTS[job.pop("act")](job)), flush=True)  # noqa: T201
    for pid in list(hatched):
        kill(pid)
