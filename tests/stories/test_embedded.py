"""One small mall, one process: `manage.py serve` without a broker or another program."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from tests import servers
from tests.races.fleet import Gateway, until
from tests.stories.conftest import STARTING

THREADS = 5  # of one process that send; see mpp/embedded.py


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    """A file as `manage.py migrate` leaves it, made once."""
    file = tmp_path_factory.mktemp("migrated") / "mall.sqlite3"
    done = manage("migrate", environment=beside(file))
    assert done.returncode == 0, done.stderr
    return file


@pytest.fixture
def environment(migrated, tmp_path):
    return beside(shutil.copy(migrated, tmp_path))


def beside(file):
    """The environment of a mall whose database is this file."""
    ours = {**os.environ, "DATABASE_URL": f"sqlite:///{file}", "REDIS_URL": ""}
    return ours | {"BEAT_FILE": f"{file}.beat"}


def manage(*command, environment):
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        env=environment,
        capture_output=True,
        text=True,
        timeout=STARTING,
    )


def answer(port):
    deadline = time.monotonic() + STARTING
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{port}/sehat/", timeout=STARTING
            ) as page:
                return page.status
        except OSError:
            time.sleep(0.1)
    return None


def test_it_serves_and_ends_when_told_to(environment):
    port = servers.free_port()
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            status = answer(port)
        finally:
            process.send_signal(signal.SIGINT)
            _out, said = process.communicate(timeout=STARTING)

    assert (status, process.returncode) == (200, 0), said


def test_an_occupied_port_is_one_sentence(environment):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = manage("serve", "--port", str(port), environment=environment)

    assert done.returncode == 1
    assert done.stderr.strip() == f"CommandError: Porta {port} sedang dipakai program lain."


# --- What it tells people --------------------------------------------------------------------


class Mall:
    """The process, and what it is told to tell."""

    def __init__(self, gateway, environment):
        self.gateway, self.running = gateway, []
        self.environment = {**environment, "NOTIFY_PRIVATE_HOSTS": gateway.host}

    def start(self, *, sweep):
        command = ["-m", "tests.stories.small_mall", str(servers.free_port())]
        self.process = subprocess.Popen(
            [sys.executable, *command, self.gateway.url, str(sweep)],
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.running.append(self.process)

    def tell(self, kind, times=1):
        self.process.stdin.write(json.dumps({"kind": kind, "times": times}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def kill(self):
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def mall(environment):
    gateway = Gateway()
    made = Mall(gateway, environment)
    yield made
    made.kill()
    gateway.close()


def test_without_a_broker_a_code_goes_out_at_once_while_reminders_wait(mall):
    mall.gateway.delay = (0.1, 0.2)
    mall.start(sweep=5)
    reminders = mall.tell("reminder_hours", 150)
    until(lambda: len(mall.gateway.arrived) > 5, "nothing is sent")

    (code,) = mall.tell("code")
    told = len(mall.gateway.arrived)
    until(lambda: code in set(mall.gateway.keys()), "no code")

    # What went first is counted, not the seconds: a machine with other work is slow for both.
    arrived = [key for key, _when in mall.gateway.arrived]
    assert arrived.index(code) - told <= 4 * THREADS
    assert len(set(arrived)) < len(reminders)


def test_what_a_killed_process_had_not_sent_goes_out_when_it_is_back(mall):
    mall.gateway.delay = (0.05, 0.1)
    mall.start(sweep=0.5)
    told = mall.tell("booking_confirmed", 60)
    until(lambda: len(mall.gateway.arrived) > 10, "nothing is sent")
    mall.kill()
    before = set(mall.gateway.keys())
    assert len(before) < len(told)

    mall.start(sweep=0.5)
    until(lambda: set(mall.gateway.keys()) == set(told), "not all of them")

    twice = [key for key, times in mall.gateway.keys().items() if times > 1]
    assert len(twice) <= THREADS
    assert set(twice) <= before
