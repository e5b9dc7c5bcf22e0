"""./mppctl itself: its sentences for the usual troubles, and a start and stop for real."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil
import pytest

from tests import servers
from tests.stories.conftest import STARTING

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("python3.11", "python3.12", "python3.13", "python3", "python")


@pytest.fixture
def checkout(tmp_path):
    """What ./mppctl needs of a fresh checkout, without a .venv."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    for name in ("mppctl", "requirements.txt", "requirements-dev.txt"):
        shutil.copy2(ROOT / name, folder / name)
    return folder


@pytest.fixture
def fake_python(tmp_path, monkeypatch):
    """Puts a shell script in the place of every Python on PATH."""

    def install(script):
        folder = tmp_path / "bin"
        folder.mkdir()
        for name in NAMES:
            (folder / name).write_text(f"#!/bin/sh\n{script}\n")
            (folder / name).chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")

    return install


def mppctl(folder, *arguments, **environment):
    return subprocess.run(
        [folder / "mppctl", *arguments],
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=STARTING,
    )


@pytest.mark.parametrize("shell", ["dash", "bash"])
def test_the_script_is_plain_shell(shell):
    done = subprocess.run([shell, "-n", ROOT / "mppctl"], capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")


def test_an_old_python_is_refused_in_one_sentence(checkout, fake_python):
    fake_python("echo 3.9")

    done = mppctl(checkout, "run")

    assert done.returncode == 1
    assert done.stderr.startswith("Python 3.9 terlalu lama; portal ini perlu Python 3.11")
    assert done.stderr.count("\n") == 1


def test_a_python_nobody_tested_is_refused_in_one_sentence(checkout, fake_python):
    fake_python("echo 3.14")

    done = mppctl(checkout, "run")

    assert done.returncode == 1
    assert done.stderr.startswith("Python 3.14 terlalu baru dan belum teruji")
    assert done.stderr.count("\n") == 1


def test_no_python_at_all_is_said_in_one_sentence(checkout, fake_python):
    fake_python("exit 127")

    done = mppctl(checkout, "run")

    assert done.returncode == 1
    assert done.stderr.startswith("Python tidak ditemukan; pasang Python 3.11")


def test_a_missing_venv_module_names_the_package_to_install(checkout, fake_python):
    fake_python(f'case "$*" in *ensurepip*) exit 1;; *) exec "{sys.executable}" "$@";; esac')

    done = mppctl(checkout, "run", PORT=str(servers.free_port()))

    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert done.returncode == 1
    assert done.stderr.startswith(f"Modul venv Python {version} belum terpasang; jalankan: ")
    assert f"sudo apt install python{version}-venv" in done.stderr
    assert not (checkout / ".venv").exists()


def test_an_occupied_port_is_refused_before_anything_is_installed(checkout):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        done = mppctl(checkout, "run", PORT=str(port))

    assert done.returncode == 1
    assert done.stderr.startswith(f"Porta {port} sedang dipakai program lain; ")
    assert f"PORT={port + 1} ./mppctl run" in done.stderr
    assert not (checkout / ".venv").exists()


@pytest.mark.parametrize("port", ["delapan", "70000"])
def test_an_impossible_port_is_refused_in_one_sentence(checkout, port):
    done = mppctl(checkout, "run", PORT=port)

    assert done.returncode == 1
    assert done.stderr.startswith(f"Porta {port} tidak dapat dipakai; ")


def test_an_unknown_verb_shows_the_help(checkout):
    done = mppctl(checkout, "terbang")

    assert done.returncode == 2
    assert "Perintah tidak dikenal: terbang" in done.stderr


def test_no_test_reaches_another_machine(outside_attempts):
    for address in ("192.0.2.1", "mpp.example.go.id"):
        with pytest.raises(OSError, match="a test tried to reach"):
            socket.create_connection((address, 80), timeout=1)

    assert outside_attempts == ["192.0.2.1", "mpp.example.go.id"]
    outside_attempts.clear()


@pytest.fixture
def demo(tmp_path):
    """./mppctl run on an empty database of its own."""
    port = servers.free_port()
    clean = {name: value for name, value in os.environ.items() if name != "REDIS_URL"}
    own = {"DATABASE_URL": f"sqlite:///{tmp_path}/demo.sqlite3", "PORT": str(port)}
    said = tmp_path / "said"
    with said.open("wb") as output:
        process = subprocess.Popen(
            [ROOT / "mppctl", "run"],
            env=clean | own | {"PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    yield process, port, said
    for left in family(process.pid):
        left.kill()
    process.wait()


def family(group):
    """Every living process of this process group."""
    members = []
    for process in psutil.process_iter():
        try:
            if os.getpgid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE:
                members.append(process)
        except (ProcessLookupError, psutil.NoSuchProcess):
            continue
    return members


def wait_for_page(url, process, said):
    deadline = time.monotonic() + STARTING
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=STARTING) as answer:
                return answer.status
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"{url} does not answer: {said.read_text()}")


def test_the_demo_serves_every_address_it_prints_and_ctrl_c_leaves_nothing(demo):
    process, port, said = demo
    assert wait_for_page(f"http://127.0.0.1:{port}/sehat/", process, said) == 200

    printed = []
    deadline = time.monotonic() + STARTING
    while len(printed) < 5 and time.monotonic() < deadline:
        whole_lines = said.read_text().rpartition("\n")[0]
        printed = re.findall(r"http://\S+", whole_lines)
        time.sleep(0.1)
    assert [wait_for_page(url, process, said) for url in printed] == [200] * 5
    assert_a_wrong_address_has_its_page(port)

    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=STARTING) == 0
    assert family(process.pid) == []
    assert len(re.findall(rf"http://127\.0\.0\.1:{port}/", said.read_text())) == 5
    assert "Traceback" not in said.read_text()


def assert_a_wrong_address_has_its_page(port):
    with pytest.raises(urllib.error.HTTPError) as wrong:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/antrean/salah/", timeout=STARTING)
    assert wrong.value.code == 404
    assert "Halaman Ini Tidak Ada" in wrong.value.read().decode()
