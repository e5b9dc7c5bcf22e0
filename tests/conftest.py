"""What holds for every test: nothing is remembered from the one before, nothing leaves here."""

import functools
import gc
import ipaddress
import itertools
import os
import shutil
import socket
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import TestCase, TransactionTestCase

from core import memo
from tests import servers

# Servers that somebody gives us for the tests may stand elsewhere, for instance in CI.
GIVEN = {
    urlsplit(os.environ.get(name, "")).hostname for name in ("TEST_DATABASE_URL", "TEST_REDIS_URL")
}

# Written once by post_migrate, the same for every test and changed by none.
KEPT = {"django_content_type", "auth_permission"}

# So many tests later PostgreSQL begins new files: it reads over all that was taken back in the old.
NEW_FILES_AFTER = 100
_taken_back = itertools.count(1)

# Python looks through everything that pytest and Django hold ever anew: a sixth of the time.
gc.set_threshold(50_000, 20, 100)


def pytest_collection_modifyitems(config, items):
    """What asks neither a database nor Redis comes out the same on both: it is run once."""
    if os.environ["MPP_TEST_DB"] != "postgres":
        return
    same = [item for item in items if not _asks_a_server(item)]
    if same:
        config.hook.pytest_deselected(items=same)
        items[:] = [item for item in items if _asks_a_server(item)]


def _asks_a_server(item):
    uses = {"db", "transactional_db", "live_server"} & set(item.fixturenames)
    marked = any(item.get_closest_marker(name) for name in ("django_db", "race", "story"))
    # The core is where Redis is spoken to.
    return uses or marked or "core" in item.path.parts


def pytest_collection_finish():
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """In a whole proof a test database begins as a copy of what was migrated for all its runs."""
    connection = connections["default"]
    ready = servers.migrated(os.environ["MPP_TEST_DB"])
    with pytest.MonkeyPatch.context() as patch:
        if ready and connection.vendor == "sqlite":
            patch.setattr(connection.creation, "_create_test_db", _copying(connection, ready))
        elif ready:
            patch.setitem(
                connection.settings_dict["TEST"], "TEMPLATE", connection.settings_dict["NAME"]
            )
        yield


def _copying(connection, ready):
    create = connection.creation._create_test_db

    def copy(*args, **more):
        name = create(*args, **more)
        shutil.copyfile(ready, name)
        return name

    return copy


@pytest.fixture(autouse=True, scope="session")
def _cheap_flush():
    """After a test with transactions of its own: rows are deleted where `flush` makes new files."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", _empty_tables)
        patch.setattr(TestCase, "_fixture_teardown", _roll_back(TestCase._fixture_teardown))
        yield


def _empty_tables(case):
    for alias in case._databases_names(include_mirrors=False):
        if not _begins_new_files(connections[alias]):
            connections[alias].ops.execute_sql_flush(_emptying(connections[alias]))


def _roll_back(as_ever):
    def roll_back(case):
        as_ever(case)
        _begins_new_files(connections["default"])

    return roll_back


def _begins_new_files(connection):
    if connection.vendor != "postgresql" or next(_taken_back) % NEW_FILES_AFTER:
        return False
    connection.ops.execute_sql_flush([f"TRUNCATE {', '.join(_tables(connection))}"])
    return True


def _tables(connection):
    found = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return [connection.ops.quote_name(name) for name in sorted({*found} - KEPT)]


@functools.cache
def _emptying(connection):
    tables = _tables(connection)
    deletes = [f"DELETE FROM {table}" for table in tables]
    if connection.vendor == "sqlite":
        return deletes
    # Waits for whoever still writes, as TRUNCATE would; and all of it in one message.
    return ["; ".join([f"LOCK TABLE {', '.join(tables)}", *deletes])]


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
