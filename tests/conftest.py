"""What holds for every test: nothing is remembered from the one before, nothing leaves here."""

import ipaddress
import os
import socket
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache

from core import memo

# Servers that somebody gives us for the tests may stand elsewhere, for instance in CI.
GIVEN = {
    urlsplit(os.environ.get(name, "")).hostname for name in ("TEST_DATABASE_URL", "TEST_REDIS_URL")
}


@pytest.fixture(autouse=True)
def _forget_everything():
    cache.clear()
    memo.clear_all()


@pytest.fixture(autouse=True)
def outside_attempts(monkeypatch):
    """Refuse every connection that leaves this machine, and fail even if the refusal is caught."""
    attempts = []
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def refuse(host):
        attempts.append(host)
        raise OSError(f"a test tried to reach {host}")

    def guarded_connect(self, address):
        if self.family in {socket.AF_INET, socket.AF_INET6} and not _is_here(address[0]):
            refuse(address[0])
        return connect(self, address)

    def guarded_look_up(host, *args, **kwargs):
        if host and not _is_here(host):
            refuse(host)
        return look_up(host, *args, **kwargs)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)
    yield attempts
    assert attempts == []


def _is_here(host):
    host = host.decode() if isinstance(host, bytes) else host
    if host in {"localhost", socket.gethostname(), *GIVEN}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
