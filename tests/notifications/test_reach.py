"""Nothing that somebody types makes the portal look around in its own network."""

import ipaddress
import socket
import threading

import pytest

from notifications.channels import reach

INSIDE = [
    *("127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1"),
    *("169.254.169.254", "100.64.0.1", "192.0.2.1", "224.0.0.1", "255.255.255.255"),
    *("[::1]", "[::]", "[fe80::1]", "[fe80::1%25eth0]", "[fc00::1]", "[ff02::1]"),
    *("[::ffff:10.0.0.1]", "[::ffff:127.0.0.1]", "[::ffff:8.8.8.8]", "[2002:a00:1::1]"),
    *("[64:ff9b::10.0.0.1]", "[64:ff9b::127.0.0.1]"),
]
# Some resolvers read these as addresses; they must not even be looked up.
ODD = ["2130706433", "0x7f000001", "0x7f.1", "127.1", "010.0.0.1", "0177.0.0.1", "", ".", "a.1"]


@pytest.fixture
def names(monkeypatch):
    """Names that somebody in the tests has; each look-up is counted."""
    known, asked = {}, []

    def look_up(name, port, *args, **more):
        asked.append(name)
        return [(0, 0, 0, "", (each, port)) for each in known[name]]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    known["asked"] = asked
    return known


@pytest.fixture
def tried(monkeypatch):
    """Where a connection is tried; nobody is there."""
    tried = []

    def connect(address, **more):
        tried.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    return tried


@pytest.mark.parametrize("host", [*INSIDE, *ODD])
def test_an_address_inside_is_forbidden_before_anything_is_sent(names, tried, host):
    with pytest.raises(reach.Forbidden), reach.line(host, 443, listed=[]):
        pass

    assert tried == []
    assert names["asked"] == []


@pytest.mark.parametrize("address", [each.strip("[]").replace("%25", "%") for each in INSIDE])
def test_a_name_for_an_address_inside_is_forbidden(names, tried, address):
    names["penyedia.example"] = [address]

    with pytest.raises(reach.Forbidden), reach.line("penyedia.example", 443, listed=[]):
        pass
    assert tried == []


def test_one_address_inside_among_others_is_enough(names):
    names["penyedia.example"] = ["8.8.8.8", "10.0.0.1"]

    with pytest.raises(reach.Forbidden):
        reach.addresses_of("penyedia.example", 443, listed=[])


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::8.8.8.8"])
def test_the_internet_is_not_forbidden(address):
    assert reach.is_public(ipaddress.ip_address(address))


def test_a_name_is_looked_up_once_and_connected_to_where_it_was_judged(names, tried):
    names["penyedia.example"] = ["8.8.8.8", "1.1.1.1"]

    with pytest.raises(ConnectionRefusedError), reach.line("penyedia.example", 443, listed=[]):
        pass

    assert names["asked"] == ["penyedia.example"]
    assert tried == [("8.8.8.8", 443), ("1.1.1.1", 443)]


def test_what_the_operator_listed_is_reached_at_that_port_only(names, tried):
    names["gerbang.lokal"] = ["10.1.2.3"]

    with pytest.raises(ConnectionRefusedError):
        reach.line("gerbang.lokal", 8080, listed=["Gerbang.lokal:8080"]).__enter__()
    with pytest.raises(reach.Forbidden):
        reach.line("gerbang.lokal", 8081, listed=["gerbang.lokal:8080"]).__enter__()
    assert tried == [("10.1.2.3", 8080)]


@pytest.mark.parametrize("name", ["a..b.example", "a" * 64 + ".example"])
def test_what_is_no_name_is_forbidden(name, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda name, *args, **more: name.encode("idna"))

    with pytest.raises(reach.Forbidden):
        reach.addresses_of(name, 443, listed=[])


def test_a_look_up_that_took_all_the_time_leaves_none_to_connect(names, tried, monkeypatch):
    names["penyedia.example"] = ["8.8.8.8"]
    monkeypatch.setattr(reach, "WITHIN", 0)

    with pytest.raises(TimeoutError), reach.line("penyedia.example", 443, listed=[]):
        pass
    assert tried == []


def test_a_name_without_an_address_leads_nowhere(names, tried):
    names["penyedia.example"] = []

    with pytest.raises(OSError, match="no address"):
        reach.line("penyedia.example", 443, listed=[]).__enter__()
    assert tried == []


def test_no_timer_outlives_its_connection():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with reach.line("127.0.0.1", port, listed=[f"127.0.0.1:{port}"]) as line:
            assert not line.is_over
            (timer,) = timers()

    timer.join(1)
    assert timers() == []


def timers():
    return [each for each in threading.enumerate() if isinstance(each, threading.Timer)]
