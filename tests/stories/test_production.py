"""What docker-compose.yml promises, without Docker: the files are valid, its commands run."""

import contextlib
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest
import yaml

from tests import servers
from tests.stories.conftest import STARTING

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
HOST = "mpp.example.go.id"
PORTAL = ("migrate", "web", "live", "worker", "beat")


def run(*command, **environment):
    return subprocess.run(
        command,
        cwd=ROOT,
        env=bare() | environment,
        capture_output=True,
        text=True,
        timeout=STARTING,
    )


def bare():
    """This environment without anything that a setting or a browser's loop has put there."""
    ours = {"DEBUG", "DEMO", "SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL"}
    ours.add("DJANGO_ALLOW_ASYNC_UNSAFE")
    return {name: value for name, value in os.environ.items() if name not in ours}


def production(**more):
    return {
        "DEBUG": "0",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "VAULT_KEYS": f"1:{secrets.token_urlsafe(40)}",
        "INDEX_KEY": secrets.token_urlsafe(40),
        "ALLOWED_HOSTS": HOST,
        "DATABASE_URL": "postgres://mpp:rahasia@postgres:5432/mpp",
        "REDIS_URL": "redis://redis:6379/0",
    } | more


# --- The files -------------------------------------------------------------------------------


def test_the_compose_file_follows_the_compose_specification():
    done = run(
        *(sys.executable, "-m", "check_jsonschema"),
        *("--builtin-schema", "vendor.compose-spec", "docker-compose.yml"),
    )

    assert done.returncode == 0, done.stdout


def test_the_dockerfile_has_no_known_fault():
    done = run(str(Path(sys.executable).with_name("hadolint")), "Dockerfile")

    assert (done.returncode, done.stdout) == (0, "")


def test_no_secret_has_a_default():
    text = (ROOT / "docker-compose.yml").read_text()
    used = re.findall(r"\$\{(SECRET_KEY|VAULT_KEYS|INDEX_KEY|POSTGRES_PASSWORD)([^}]*)\}", text)

    wanted = {"SECRET_KEY", "VAULT_KEYS", "INDEX_KEY", "POSTGRES_PASSWORD"}
    assert {name for name, _rest in used} == wanted
    assert [rest for _name, rest in used if not rest.startswith(":?")] == []


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_every_container_is_confined(name):
    service = COMPOSE["services"][name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_the_image_does_not_run_as_root():
    users = re.findall(r"^USER (.+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)

    assert users == ["10001"]


def test_the_image_gets_every_package_of_the_portal():
    allowed = (ROOT / ".dockerignore").read_text().splitlines()
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench"}

    assert {f"!{name}/" for name in packages} <= set(allowed)


def test_redis_loses_no_task_and_throws_none_out():
    command = " ".join(COMPOSE["services"]["redis"]["command"])

    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command


# --- The settings ----------------------------------------------------------------------------


def test_the_production_settings_pass_djangos_own_check():
    done = run(
        *(sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"),
        **production(),
    )

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("key", ["", "pendek", "hanya-untuk-mencoba-di-mesin-sendiri"])
def test_production_refuses_to_start_without_a_real_secret(key):
    done = run(sys.executable, "manage.py", "check", **production(SECRET_KEY=key))

    assert done.returncode == 1
    assert "DEBUG=0 needs SECRET_KEY in the environment" in done.stderr


@pytest.mark.parametrize(
    "weak",
    [
        {"VAULT_KEYS": ""},
        {"VAULT_KEYS": "1:pendek"},
        {"VAULT_KEYS": "1:hanya-untuk-mencoba-di-mesin-sendiri"},
        {"INDEX_KEY": ""},
        {"INDEX_KEY": "hanya-untuk-mencoba-di-mesin-sendiri"},
    ],
)
def test_production_refuses_to_start_without_keys_for_personal_data(weak):
    done = run(sys.executable, "manage.py", "check", **production(**weak))

    assert done.returncode == 1
    assert "DEBUG=0 needs VAULT_KEYS" in done.stderr


def test_sqlite_forgets_no_number_in_a_power_cut(tmp_path):
    ask = "from django.db import connection as c; print(*c.cursor().execute('PRAGMA synchronous'))"
    url = f"sqlite:///{tmp_path / 'mpp.sqlite3'}"

    done = run(sys.executable, "manage.py", "shell", "-v0", "-c", ask, DATABASE_URL=url)

    assert done.stdout.strip() == "(2,)"  # FULL


# --- The processes ---------------------------------------------------------------------------


def command_of(service, port=0):
    """The command as docker-compose.yml has it, on a free port of the loopback address."""
    program, *arguments = COMPOSE["services"][service]["command"]
    moved = [re.sub(r"\b800[01]\b", str(port), part) for part in arguments]
    moved = [part.replace("0.0.0.0", "127.0.0.1") for part in moved]
    return [sys.executable, *([] if program == "python" else ["-m", program]), *moved]


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """A migrated database on the real servers, as the one-shot services leave it."""
    is_postgres = os.environ["DATABASE_URL"].startswith("postgres")
    base = os.environ["DATABASE_URL"] if is_postgres else servers.start_postgres()
    home = tmp_path_factory.mktemp("production")
    ready = production(
        DATABASE_URL=servers.create_database(base, f"mpp_{secrets.token_hex(4)}"),
        REDIS_URL=os.environ["REDIS_URL"] or servers.start_redis(),
        STATIC_ROOT=str(home / "static"),
        BEAT_FILE=str(home / "celerybeat-schedule"),
    )
    for command in (
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"],
        command_of("migrate"),
    ):
        done = run(*command, **ready)
        assert done.returncode == 0, done.stderr
    return ready


@pytest.fixture
def started(environment, tmp_path):
    """Starts services of docker-compose.yml as processes; what is left over is killed."""
    running = []

    def start(service, port=0):
        log = tmp_path / f"{service}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                command_of(service, port),
                cwd=ROOT,
                env=bare() | environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        running.append(process)
        return process, log

    yield start
    for process in running:
        servers.stop(process, signal.SIGKILL)


def answer(port, path):
    """The status of a request as the proxy would pass it on."""
    with contextlib.closing(HTTPConnection("127.0.0.1", port, timeout=STARTING)) as connection:
        connection.request("GET", path, headers={"Host": HOST, "X-Forwarded-Proto": "https"})
        return connection.getresponse().status


def wait_until(ready, process, log):
    deadline = time.monotonic() + STARTING
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if result := ready():
                return result
        except OSError:
            pass
        time.sleep(0.2)
    raise AssertionError(f"not ready: {log.read_text()}")


def probe(service, port, environment):
    """The health check of docker-compose.yml itself."""
    _kind, _python, script, url = COMPOSE["services"][service]["healthcheck"]["test"]
    return run(sys.executable, script, re.sub(r":800[01]/", f":{port}/", url), **environment)


def test_web_answers_its_health_check_and_stops_cleanly(started, environment):
    port = servers.free_port()
    process, log = started("web", port)

    assert wait_until(lambda: answer(port, "/sehat/"), process, log) == 200
    assert probe("web", port, environment).returncode == 0
    assert servers.stop(process) == 0


def test_live_refuses_a_stream_without_a_token_and_stops_cleanly(started, environment):
    port = servers.free_port()
    process, log = started("live", port)

    assert 400 <= wait_until(lambda: answer(port, "/live/"), process, log) < 500
    assert probe("live", port, environment).returncode == 0
    # uvicorn ends by the signal it was sent, after it has closed its streams.
    assert servers.stop(process) in {0, -signal.SIGTERM}


def test_the_worker_answers_its_health_check_and_stops_cleanly(started, environment):
    process, log = started("worker")

    def ping():
        _kind, command = COMPOSE["services"]["worker"]["healthcheck"]["test"]
        words = command.replace("$$HOSTNAME", socket.gethostname()).split()
        return run(sys.executable, "-m", *words, "--json", **environment).stdout

    assert list(json.loads(wait_until(ping, process, log)).values()) == [{"ok": "pong"}]
    assert servers.stop(process) == 0
    assert "ERROR" not in log.read_text()


def test_beat_writes_its_schedule_and_stops_cleanly(started, environment):
    process, log = started("beat")
    schedule = Path(environment["BEAT_FILE"])

    wait_until(lambda: list(schedule.parent.glob(f"{schedule.name}*")), process, log)
    assert servers.stop(process) == 0
    assert "ERROR" not in log.read_text()
