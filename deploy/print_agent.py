"""Prints the numbers of one kiosk: asks the portal for work, prints it, says that it is out.

Runs beside the printer and needs nothing but Python. Settings come from the environment:
MPP_URL      where the portal is, https://mpp.example.go.id; without TLS only on this machine
MPP_TOKEN    what the portal showed when this printer was enrolled
MPP_PRINTER  a device such as /dev/usb/lp0, or host:9100
MPP_MEMORY   a file that survives a power cut, print-agent.memory if not said
"""

import http.client
import logging
import os
import select
import socket
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

URL, TOKEN = os.environ["MPP_URL"].rstrip("/"), os.environ["MPP_TOKEN"]
PRINTER = os.environ.get("MPP_PRINTER", "/dev/usb/lp0")
MEMORY = Path(os.environ.get("MPP_MEMORY", "print-agent.memory"))
POLL, AGAIN, HEARTBEAT, LIMIT = 1.0, 2.0, 15.0, 8.0  # seconds
PAPER_STATUS, NO_PAPER = b"\x10\x04\x04", 0x60
NOT_WANTED = {404, 409, 410}  # the number is gone; every other refusal may yet become a yes
HERE = {"localhost", "127.0.0.1"}
log = logging.getLogger("print-agent")


class Nowhere(urllib.request.HTTPRedirectHandler):
    """Follows nobody: the token is for the portal alone."""

    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        return None


PORTAL = urllib.request.build_opener(Nowhere)


def is_safe(address: str) -> bool:
    """Whether nobody between here and there can read the token."""
    parts = urllib.parse.urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in HERE)


def ask(path: str, *, post: bool = False) -> tuple[int, str, bytes]:
    """What the portal answers: its status, the ticket it speaks of, the bytes to print."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    request = urllib.request.Request(URL + path, b"" if post else None, headers)  # noqa: S310 - ours
    try:
        with PORTAL.open(request, timeout=LIMIT) as answer:
            return answer.status, answer.headers.get("X-Ticket", ""), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, "", b""


@contextmanager
def line_to_printer() -> Iterator[int]:
    host, colon, port = PRINTER.rpartition(":")
    if colon and port.isdigit():
        with socket.create_connection((host, int(port)), LIMIT) as connection:
            yield connection.fileno()
        return
    line = os.open(PRINTER, os.O_RDWR | os.O_APPEND)
    try:
        yield line
    finally:
        os.close(line)


def deliver(body: bytes) -> None:
    """Print, or raise OSError and leave no trace: without paper the number must not count."""
    with line_to_printer() as line:
        os.write(line, PAPER_STATUS)
        # Many printers never answer; only one that says so is out of paper.
        status = os.read(line, 1) if select.select([line], [], [], 1.0)[0] else b""
        if status and status[0] & NO_PAPER:
            raise OSError("the printer is out of paper")
        while body:
            body = body[os.write(line, body) :]


def confirm(ticket: str) -> None:
    """Say until it is heard that the paper is out; then the number counts."""
    while (status := ask(f"/perangkat/cetak/{ticket}/", post=True)[0]) != 204:
        log.warning("a number was printed, and the portal answers %d", status)
        if status in NOT_WANTED:
            break
        time.sleep(AGAIN)
    MEMORY.unlink(missing_ok=True)
    log.info("a number was printed and said (%d)", status)


def remember(ticket: str) -> None:
    with MEMORY.open("w") as file:
        file.write(ticket)
        file.flush()
        os.fsync(file.fileno())


def work() -> bool:
    """Print one number, if there is one; first confirm what was printed before the line went."""
    if MEMORY.is_file():
        confirm(MEMORY.read_text())
    status, ticket, body = ask("/perangkat/cetak/")
    if status == 404:
        log.error("the portal does not know this printer: is it enrolled, has it a kiosk?")
    if status != 200:
        return False
    deliver(body)
    remember(ticket)
    confirm(ticket)
    return True


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if not is_safe(URL):
        raise SystemExit("MPP_URL must begin with https://")
    beat = 0.0
    while True:
        try:
            if time.monotonic() - beat > HEARTBEAT:
                beat = time.monotonic()
                ask("/perangkat/detak/", post=True)
            if not work():
                time.sleep(POLL)
        except (OSError, http.client.HTTPException) as error:
            # No line to the portal, no line to the printer, no paper: all of them come back.
            log.warning("%s", error)
            time.sleep(AGAIN)


if __name__ == "__main__":
    main()
