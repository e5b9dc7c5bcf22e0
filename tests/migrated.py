"""Both databases with every migration applied, made once for a whole proof: its runs copy them.

`python -m tests.migrated DIRECTORY` makes them, MPP_TEST_MIGRATED names the directory to the runs;
without it each worker migrates by itself. A run still tells Django to migrate, which then finds
nothing left to do.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import psycopg2

from tests import servers

MIGRATE = [sys.executable, "manage.py", "migrate", "--verbosity=0"]


def make(home: Path) -> None:
    """Migrate both at once, each in a process of its own."""
    home.chmod(0o755)  # PostgreSQL may run as somebody else
    urls = {"sqlite": f"sqlite:///{home / 'sqlite'}"}
    if "TEST_DATABASE_URL" not in os.environ:  # what somebody gives us is not ours to copy
        urls["postgres"] = servers.start_postgres()
    running = [
        subprocess.Popen(MIGRATE, env={**os.environ, "DATABASE_URL": url}) for url in urls.values()
    ]
    ended = [process.wait() for process in running]
    if any(ended):
        sys.exit("The migrations failed.")
    if "postgres" in urls:
        subprocess.run(["cp", "-a", stopped(urls["postgres"]), home / "postgres"], check=True)


def stopped(url: str) -> Path:
    """End the PostgreSQL at this address; where its files are."""
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        data = Path(cursor.fetchone()[0])
    noted = data / "postmaster.pid"  # gone when everything is written
    os.kill(int(noted.read_text().split()[0]), signal.SIGINT)
    while noted.exists():
        time.sleep(0.02)
    return data


if __name__ == "__main__":
    make(Path(sys.argv[1]))
