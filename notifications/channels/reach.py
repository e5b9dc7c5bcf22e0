"""Where the portal may connect to: public addresses, and what the operator has listed by name.

A mall types the address of its provider and a browser that of its push service, so both may be
made up to look around in our own network. A name is looked up once, and it is the very address
that was judged to which the connection goes.
"""

import ipaddress
import socket
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TypeAlias

from notifications.states import TIMEOUT

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
WITHIN = TIMEOUT.total_seconds()
# Networks without IPv4 reach it through this prefix; the address stands in the last four bytes.
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")


class Forbidden(Exception):
    """Not an address that the portal connects to."""


@dataclass(frozen=True)
class Line:
    """An open connection and the moment at which it is cut."""

    socket: socket.socket
    until: float

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self.until


def is_listed(host: str, port: int, listed: Collection[str]) -> bool:
    """Whether the operator has allowed a host of our own network: "10.1.2.3:8080"."""
    return f"{host}:{port}".lower() in {each.lower() for each in listed}


@contextmanager
def line(host: str, port: int, *, listed: Collection[str]) -> Iterator[Line]:
    """Connect, and cut the connection ten seconds from now whatever happens on it.

    A timeout of the socket alone would begin anew with every byte of a server that drips.
    Raises Forbidden and OSError.
    """
    until = time.monotonic() + WITHIN
    opened = _connected(addresses_of(host, port, listed=listed), port, until)
    # A second handle: the first one belongs to TLS as soon as that begins.
    handle = opened.dup()
    cut = threading.Timer(max(0.0, until - time.monotonic()), _cut, (handle,))
    cut.daemon = True
    cut.start()
    try:
        yield Line(opened, until)
    finally:
        cut.cancel()
        handle.close()
        opened.close()


def addresses_of(host: str, port: int, *, listed: Collection[str]) -> list[Address]:
    """The addresses of a host, every one of which may be connected to. Raises Forbidden."""
    name = host.strip("[]").rstrip(".")
    literal = _literal(name)
    # "2130706433", "0x7f.1", "010.0.0.1": some read these as addresses and others as names.
    if literal is None and (not name or name.rpartition(".")[2][0].isdigit()):
        raise Forbidden(host)
    found = [literal] if literal else _looked_up(name, port)
    if not is_listed(host, port, listed) and not all(map(is_public, found)):
        raise Forbidden(host)
    return found


def is_public(address: Address) -> bool:
    """Whether an address belongs to the internet and not to a network behind it."""
    if isinstance(address, ipaddress.IPv6Address):
        if address in TRANSLATED:
            return is_public(ipaddress.IPv4Address(address.packed[-4:]))
        if address.ipv4_mapped or address.sixtofour or address.teredo:
            return False
    return address.is_global and not address.is_multicast


def _literal(name: str) -> Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def _looked_up(name: str, port: int) -> list[Address]:
    try:
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise Forbidden(name) from error  # no name at all: "a..b", or a label too long
    return [ipaddress.ip_address(address[0]) for *_kind, address in found]


def _connected(addresses: list[Address], port: int, until: float) -> socket.socket:
    """The first address that answers; looking a name up has used some of the time already."""
    for left, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
        patience = (until - time.monotonic()) / left
        if patience <= 0:
            raise TimeoutError
        try:
            opened = socket.create_connection((str(address), port), timeout=patience)
        except OSError:
            if left == 1:
                raise
            continue
        opened.settimeout(max(0.001, until - time.monotonic()))
        return opened
    raise OSError("no address")


def _cut(handle: socket.socket) -> None:
    with suppress(OSError):
        handle.shutdown(socket.SHUT_RDWR)
