"""One small mall, one process: `manage.py serve` without a broker or another program."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from tests import servers


@pytest.fixture
def environment(tmp_path):
    ours = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path / 'mall.sqlite3'}", "REDIS_URL": ""}
    ours["BEAT_FILE"] = str(tmp_path / "beat")
    return ours


def manage(*command, environment):
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def answer(port):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/sehat/", timeout=5) as page:
                return page.status
        except urllib.error.URLError:
            time.sleep(0.1)
    return None


def test_it_serves_and_ends_when_told_to(environment):
    assert manage("migrate", environment=environment).returncode == 0
    port = servers.free_port()
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            status = answer(port)
        finally:
            process.send_signal(signal.SIGINT)
            _out, said = process.communicate(timeout=20)

    assert (status, process.returncode) == (200, 0), said


def test_an_occupied_port_is_one_sentence(environment):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = manage("serve", "--port", str(port), environment=environment)

    assert done.returncode == 1
    assert done.stderr.strip() == f"CommandError: Porta {port} sedang dipakai program lain."
