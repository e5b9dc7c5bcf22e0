"""The health check inside a container: an answer below 500 counts as alive.

python deploy/probe.py http://127.0.0.1:8000/sehat/
"""

import os
import sys
from http.client import HTTPConnection
from urllib.parse import urlsplit


def status_of(url: str) -> int:
    """The status of one plain request that names a host the portal serves."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=4)
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
    connection.request(
        "GET", parts.path, headers={"Host": host or "localhost", "X-Forwarded-Proto": "https"}
    )
    return connection.getresponse().status


if __name__ == "__main__":
    sys.exit(status_of(sys.argv[1]) >= 500)
