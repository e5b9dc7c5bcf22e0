"""A gateway for messages that does nothing but take them, as fast as Python can; loopback only.

`python -m bench.gateway PORT`. A GET answers what was taken since the last one, and when.
"""

import asyncio
import json
import re
import sys
import time
from typing import ClassVar

REQUEST = re.compile(rb"(GET|POST) [^\r]*\r\n(.*?)\r\n\r\n", re.DOTALL)
LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
KEY = re.compile(rb"(?:^|&)ref=([^&]*)")
ANSWER = (
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
)


class Gateway(asyncio.Protocol):
    """One connection, with one request."""

    taken: ClassVar[list[tuple[str, float]]] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.heard = transport, b""

    def data_received(self, data: bytes) -> None:
        self.heard += data
        found = REQUEST.match(self.heard)
        if found is None:
            return
        length = LENGTH.search(found[2])
        body = self.heard[found.end() :]
        if len(body) >= (int(length[1]) if length else 0):
            self.answer(self.told() if found[1] == b"GET" else self.take(body))

    def take(self, body: bytes) -> str:
        key = KEY.search(body)
        Gateway.taken.append((key[1].decode() if key else "", time.time()))
        return f'{{"status": true, "id": ["id-{len(Gateway.taken)}"]}}'

    def told(self) -> str:
        taken, Gateway.taken = Gateway.taken, []
        return json.dumps(taken)

    def answer(self, body: str) -> None:
        self.transport.write(ANSWER.format(length=len(body), body=body).encode())
        self.transport.close()


async def serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Gateway, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
