"""Servers and data for measuring: PostgreSQL, Redis, the portal and the bare view side by side."""

import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg2

from tests import servers

SECRET = "only-for-measuring-" * 4
BARE_TABLES = """
    CREATE TABLE bare_day (queue_id int, day date, last_no int, PRIMARY KEY (queue_id, day));
    CREATE TABLE bare_ticket (id bigserial PRIMARY KEY, queue_id int NOT NULL, day date NOT NULL,
        no int NOT NULL, status smallint NOT NULL DEFAULT 0, priority smallint NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL DEFAULT now(), called_at timestamptz, counter_id int,
        UNIQUE (queue_id, day, no));
    CREATE INDEX bare_waiting ON bare_ticket (queue_id, day, priority DESC, id) WHERE status = 0;
    CREATE TABLE bare_event (id bigserial PRIMARY KEY, ticket_id bigint, kind smallint,
        at timestamptz NOT NULL DEFAULT now());
    INSERT INTO bare_day SELECT g, '2026-03-09', 0 FROM generate_series(1, 50) g;"""
BARE_WAITING = """
    INSERT INTO bare_ticket (queue_id, day, no)
    SELECT q, '2026-03-09', 1000000 + n FROM generate_series(1, 50) q, generate_series(1, %s) n"""


class Rig:
    """Everything that runs; `stop` is left to tests.servers at exit."""

    def __init__(self) -> None:
        url = servers.create_database(servers.start_postgres(is_durable=True), "bench")
        parts = urlsplit(url)
        self.database = {
            "port": str(parts.port),
            "user": parts.username or "",
            "name": parts.path.lstrip("/"),
        }
        self.redis_url = servers.start_redis()
        self.gateway_port = servers.free_port()
        self.environment = {
            "DATABASE_URL": url,
            "REDIS_URL": self.redis_url,
            "DEBUG": "0",
            "SECRET_KEY": SECRET,
            "VAULT_KEYS": f"1:{SECRET}",
            "INDEX_KEY": SECRET,
            "ALLOWED_HOSTS": "127.0.0.1",
            "SECURE_SSL_REDIRECT": "0",
            "NOTIFY_PRIVATE_HOSTS": f"127.0.0.1:{self.gateway_port}",
            "BENCH_PORT": self.database["port"],
            "BENCH_USER": self.database["user"],
            "BENCH_NAME": self.database["name"],
        }
        os.environ.update(self.environment)  # for the servers started here and for this process
        self.logs = Path("build/bench-logs").resolve()  # stays: whoever fails says there why
        self.logs.mkdir(parents=True, exist_ok=True)

    def sql(
        self, statement: str, values: Mapping[str, object] | tuple[object, ...] = ()
    ) -> list[tuple[object, ...]]:
        with self._connect() as connection, connection.cursor() as cursor:
            cursor.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []

    def analyse(self) -> None:
        connection = self._connect()
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
            # Years of tickets do not come in a minute: what they left to be written is no load.
            cursor.execute("CHECKPOINT")
        connection.close()

    def _connect(self) -> "psycopg2.extensions.connection":
        return psycopg2.connect(
            host="127.0.0.1",
            port=self.database["port"],
            user=self.database["user"],
            dbname=self.database["name"],
        )

    def serve(self, command: list[str], port: int, path: str) -> psutil.Process:
        """Start a server of ours and wait until it answers."""
        process = servers.start(
            [sys.executable, "-m", *command],
            answers=lambda: _answers(f"http://127.0.0.1:{port}{path}"),
            log=self.logs / f"{port}.log",
        )
        return psutil.Process(process.pid)


def _answers(url: str) -> None:
    try:
        urllib.request.urlopen(url, timeout=5).close()  # noqa: S310 - loopback
    except urllib.error.HTTPError:
        return  # an answer all the same


def memory(process: psutil.Process) -> float:
    """Bytes that only this process and its children use."""
    family = [process, *process.children(recursive=True)]
    return float(sum(member.memory_full_info().uss for member in family))


def settle(seconds: float = 1.0) -> None:
    """Let the machine come to rest between two measurements."""
    time.sleep(seconds)
