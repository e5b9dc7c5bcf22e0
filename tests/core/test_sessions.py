import pytest

from core.sessions import KEPT, Copies
from tests import servers


@pytest.fixture
def gone():
    """Copies in a Redis that does not answer."""
    return Copies(f"redis://127.0.0.1:{servers.free_port()}/0", {})


def test_without_redis_a_session_has_no_copy_and_nothing_fails(gone, caplog):
    gone.set("sesi", {"user": 7})

    assert gone.get("sesi") is None
    assert "sesi" not in gone
    assert gone.delete("sesi") is False
    assert caplog.messages == ["no copies of sessions: ConnectionError"] * 4


def test_a_copy_is_forgotten_after_a_minute():
    own = servers.Redis()
    copies = Copies(own.url, {})

    copies.set("sesi", {"user": 7}, 12 * 3600)
    copies.set("brief", {"user": 8}, 5)

    assert copies.get("sesi") == {"user": 7}
    client = copies._cache.get_client()
    assert (
        0 < client.ttl(copies.make_key("brief")) <= 5 < client.ttl(copies.make_key("sesi")) <= KEPT
    )
    own.kill()
