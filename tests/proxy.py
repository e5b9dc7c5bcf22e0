"""A line to a server that a test may cut, leave half-open or slow down. Loopback only."""

import contextlib
import re
import socket
import threading
import time

from tests import servers

PIECE = 65_536
HEAD = 65_536  # bytes of a request before its body


class Proxy:
    """Listens on a port of its own and passes on what comes, both ways.

    `cut` and `half_open` last until `restore`. A connection that went half-open stays dead, as
    one that the network in between has forgotten.
    """

    refusal = b""  # what a client hears while nobody is at the other end

    def __init__(self, port: int) -> None:
        self.upstream, self.port = port, servers.free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.delay = 0.0  # seconds that each piece takes, each way
        self.lines: set[_Line] = set()
        self.is_silent = False
        self.listener: socket.socket | None = None
        self.restore()

    def __enter__(self) -> "Proxy":
        return self

    def __exit__(self, *problem: object) -> None:
        self.cut()

    def restore(self) -> None:
        """The line is back for whoever connects anew."""
        self.is_silent = False
        if self.listener is None:
            self.listener = socket.create_server(("127.0.0.1", self.port), backlog=1024)
            threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def cut(self) -> None:
        """Refuse who connects and break what is connected."""
        listener, self.listener = self.listener, None
        if listener is not None:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits in accept
            listener.close()
        for line in list(self.lines):
            line.end()

    def half_open(self) -> None:
        """Take everything, also new connections, and pass nothing on: nobody is told."""
        self.is_silent = True
        for line in list(self.lines):
            line.is_dead = True

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _address = listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError), client:
            port, said = self.route(client)
            try:
                server = socket.create_connection(("127.0.0.1", port))
            except ConnectionRefusedError:
                client.sendall(self.refusal)
                return
            with server:
                line = _Line(self, client, server, is_dead=self.is_silent)
                self.lines.add(line)
                if self.listener is None:  # cut while it was on its way
                    line.end()
                line.carry(said)
                self.lines.discard(line)

    def route(self, client: socket.socket) -> tuple[int, bytes]:
        """Where this client is sent, and what has been read of it so far."""
        return self.upstream, b""


class Front(Proxy):
    """The reverse proxy of production: streams to `live`, all else to `web`."""

    refusal = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

    def __init__(self, web: int, live: int) -> None:
        self.live = live
        super().__init__(web)

    def route(self, client: socket.socket) -> tuple[int, bytes]:
        head = b""
        while b"\r\n\r\n" not in head and len(head) < HEAD:
            piece = client.recv(PIECE)
            if not piece:
                raise OSError("gone before it asked")
            head += piece
        # One request to a connection, because the next one may have to go the other way.
        head = re.sub(rb"(?i)\r\nconnection:[^\r]*", b"", head, count=1)
        alone = head.replace(b"\r\n", b"\r\nConnection: close\r\n", 1)
        return (self.live if head.startswith(b"GET /live/") else self.upstream), alone


class _Line:
    """One connection: two sockets, and a thread for each way."""

    def __init__(
        self, proxy: Proxy, client: socket.socket, server: socket.socket, *, is_dead: bool
    ) -> None:
        self.proxy, self.client, self.server, self.is_dead = proxy, client, server, is_dead

    def carry(self, said: bytes) -> None:
        back = threading.Thread(target=self._pump, args=(self.server, self.client), daemon=True)
        back.start()
        self._pump(self.client, self.server, said)
        back.join()

    def _pump(self, source: socket.socket, target: socket.socket, piece: bytes = b"") -> None:
        with contextlib.suppress(OSError):
            while piece or (piece := source.recv(PIECE)):
                time.sleep(self.proxy.delay)
                if not self.is_dead:
                    target.sendall(piece)
                piece = b""
        # A dead line does not even tell that the other side hung up.
        if not self.is_dead or source is self.client:
            self.end()

    def end(self) -> None:
        for end in (self.client, self.server):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
