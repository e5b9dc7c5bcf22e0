"""Many at once: threads with connections of their own, and processes of their own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from threading import Barrier, Thread
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection, transaction

from queueing import tickets

PATIENCE = 60


def together(*acts: Callable[[], object]) -> list[object]:
    """Run every act in a thread, all from the same moment; what each returned or raised."""
    results: list[object] = [None] * len(acts)
    start = Barrier(len(acts))

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            start.wait(PATIENCE)
            results[place] = act()
        except Exception as error:  # the race decides what is wrong, not the thread
            results[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair, daemon=True) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads)
    return results


def errors(results: list[object]) -> list[object]:
    return [result for result in results if isinstance(result, Exception)]


def broken_within(rounds: int, attempt: Callable[[], bool]) -> bool:
    """Whether an unguarded race goes wrong in a bounded number of rounds."""
    return any(attempt() for _round in range(rounds))


def commit_each_statement(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the transaction and the claim away: every statement stands alone, no lock lasts."""
    monkeypatch.setattr(tickets, "once", lambda scope, key, what, act, now: (act(), True))


def no_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away every transaction that is opened from now on by name."""
    monkeypatch.setattr(transaction, "atomic", lambda *args, **more: nullcontext())


def deferred(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let SQLite begin its transactions without the write lock, as it does by itself."""
    if connection.vendor == "sqlite":
        options = connection.settings_dict["OPTIONS"]
        monkeypatch.setitem(options, "transaction_mode", "DEFERRED")


def processes(*jobs: dict[str, object]) -> list[list[object]]:
    """Run every job (see worker.py) in a process of its own, all from the same moment."""
    command = [sys.executable, "-m", "tests.races.worker"]
    environment = {**os.environ, "DATABASE_URL": database_url()}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env=environment, start_new_session=True, **pipes) as nursery:
        try:
            told, _nothing = nursery.communicate(json.dumps(jobs) + "\n", timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(nursery.pid, signal.SIGKILL)
            raise
    return json.loads(told)


def database_url() -> str:
    """The address of the test database, as the settings read it."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
