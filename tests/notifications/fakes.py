"""The other ends of the channels, on loopback and with their real protocols.

Each keeps everything it was sent and can be told to misbehave.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import socket
import ssl
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from urllib.parse import parse_qs

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

# How the web end may behave; "lose" takes a message and never says a word about it again.
WAYS = (
    *("well", "lose", "refuse", "error", "garbage", "busy", "broken"),
    *("slow", "drip", "drop", "half", "huge", "redirect"),
)


@dataclass(frozen=True)
class Seen:
    """One request that arrived."""

    method: str
    path: str
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def form(self):
        return {name: value for name, (value,) in parse_qs(self.body.decode()).items()}


class Web:
    """WhatsApp's API, a gateway and a push service, told apart by the path.

    `told` are the references of which it would report later; it never does of what it loses.
    """

    def __init__(self, *, certificate=None):
        self.way, self.seen, self.answer, self.told = "well", [], None, []
        self.ended = threading.Event()
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                fake.seen.append(Seen("POST", self.path, dict(self.headers), body))
                fake.act(self, body)

            def log_message(self, *args):
                pass

        self.server = _Quiet(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        if certificate:
            self.server.socket = certificate.context.wrap_socket(
                self.server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.scheme = "https" if certificate else "http"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    @property
    def host(self):
        return f"127.0.0.1:{self.port}"

    @property
    def url(self):
        return f"{self.scheme}://{self.host}"

    def close(self):
        self.ended.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def act(self, handler, body):
        if self.way == "drop":
            handler.close_connection = True
        elif self.way == "slow":
            self.ended.wait(30)
            handler.close_connection = True
        elif self.way == "drip":
            self.drip(handler)
        elif self.way == "half":
            self.say(handler, 200, b'{"status": true, "mess', length=1000)
            handler.close_connection = True
        elif self.way == "redirect":
            self.say(handler, 307, b"", Location="http://10.0.0.1/")
        elif self.way == "huge":
            self.say(handler, 200, b'{"status": true, "pad": "' + b"a" * 1_000_000 + b'"}')
        else:
            self.reply(handler, body)

    def reply(self, handler, body):
        status, data = self.answer or answer_of(self.way, handler.path, len(self.seen))
        raw = data if isinstance(data, bytes) else json.dumps(data).encode()
        self.say(handler, status, raw)
        if self.way == "well" and status < 300:
            self.told.append(f"id-{len(self.seen)}")

    def drip(self, handler):
        handler.close_connection = True
        for _each in range(200):
            try:
                handler.wfile.write(b"H")
            except OSError:
                return
            if self.ended.wait(0.05):
                return

    @staticmethod
    def say(handler, status, body, *, length=None, **headers):
        handler.send_response(status)
        handler.send_header("Content-Length", str(length or len(body)))
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        try:
            handler.wfile.write(body)
        except OSError:
            handler.close_connection = True


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request, client_address):
        pass  # who hangs up in the middle is what these tests are about


def answer_of(way, path, number):
    """Status and body as the provider at this path would answer."""
    kind = "whatsapp" if path.endswith("/messages") else "push" if "push" in path else "gateway"
    if way == "busy":
        return 429, {"reason": "too fast"}
    if way == "broken":
        return 500, b"<h1>oops</h1>"
    if way == "garbage":
        return 200, b"<html>maintenance"
    return {
        ("whatsapp", "refuse"): (400, {"error": {"code": 131026, "message": "to +628123456789"}}),
        ("whatsapp", "error"): (200, {"error": {"code": 131000, "message": "wrong"}}),
        ("gateway", "refuse"): (400, {"status": False, "reason": "target 08123456789 invalid"}),
        ("gateway", "error"): (200, {"status": False, "reason": "insufficient quota"}),
        ("push", "refuse"): (410, b""),
        ("push", "error"): (400, b""),
        ("whatsapp", "well"): (200, {"messages": [{"id": f"id-{number}"}]}),
        ("gateway", "well"): (200, {"status": True, "id": [f"id-{number}"]}),
        ("push", "well"): (201, b""),
    }[kind, "well" if way == "lose" else way]


class PostOffice:
    """A mail server; `refuses` maps an address to what is answered for it."""

    def __init__(self, *, certificate=None, is_tls=False, user=""):
        self.letters, self.refuses, self.way = [], {}, "well"
        self.ended = threading.Event()
        context = certificate.context if certificate else None
        options = {"ssl_context": context} if is_tls else {"tls_context": context}
        if user:
            options |= {
                "auth_required": True,
                "authenticator": self.known,
                "require_starttls": True,
            }
        self.user = user
        self.controller = Controller(self, hostname="127.0.0.1", port=_free_port(), **options)
        self.controller.start()
        self.port = self.controller.port

    @property
    def host(self):
        return f"127.0.0.1:{self.port}"

    def close(self):
        self.ended.set()
        self.controller.stop()

    def known(self, server, session, envelope, mechanism, data):
        is_right = (data.login, data.password) == (self.user.encode(), b"benar")
        return AuthResult(success=is_right, handled=False)

    async def handle_RCPT(self, server, session, envelope, address, options):
        if said := self.refuses.get(address):
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.way == "drop":
            server.transport.close()
            return "250 OK"
        if self.way == "slow":
            await _until(self.ended)
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"


async def _until(event):
    await asyncio.get_running_loop().run_in_executor(None, event.wait, 10)


class Certificate:
    """A certificate for one name by an authority of its own, and who trusts that."""

    def __init__(self, folder, name):
        self.key = ec.generate_private_key(ec.SECP256R1())
        title = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "uji")])
        now = datetime.now(UTC)
        built = (
            x509.CertificateBuilder(title, title, self.key.public_key(), 1)
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([_named(name)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(self.key, hashes.SHA256())
        )
        self.public = built.public_bytes(Encoding.PEM).decode()
        private = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path = folder / f"{hashlib.sha256(name.encode()).hexdigest()[:8]}.pem"
        path.write_text(self.public + private.decode())
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(path)

    @property
    def trust(self):
        return ssl.create_default_context(cadata=self.public)


def _named(name):
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


class Browser:
    """Subscribes to a push service and reads what arrives there."""

    def __init__(self):
        self.key, self.auth = ec.generate_private_key(ec.SECP256R1()), b"0123456789abcdef"
        self.point = self.key.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )

    def subscription(self, endpoint):
        keys = {"p256dh": text64(self.point), "auth": text64(self.auth)}
        return json.dumps({"endpoint": endpoint, "keys": keys})

    def read(self, body):
        """RFC 8291 the other way round, written from the text and not from our own side."""
        salt, size, sender = body[:16], int.from_bytes(body[16:20]), body[21 : 21 + body[20]]
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        shared = self.key.exchange(ec.ECDH(), theirs)
        info = b"WebPush: info\x00" + self.point + sender
        secret = _derived(shared, self.auth, info, 32)
        key = _derived(secret, salt, b"Content-Encoding: aes128gcm\x00", 16)
        nonce = _derived(secret, salt, b"Content-Encoding: nonce\x00", 12)
        record = body[21 + body[20] :]
        assert len(record) <= size
        text, mark, _padding = AESGCM(key).decrypt(nonce, record, None).rpartition(b"\x02")
        assert mark
        return json.loads(text)


def _derived(secret, salt, info, length):
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def text64(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def bytes64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Reporter:
    """A provider that reports to the portal; its signature may be forged."""

    client: object
    address: str
    key: str
    seen: list = field(default_factory=list)

    def whatsapp(self, *, statuses=(), messages=(), **forged):
        value = {"statuses": list(statuses), "messages": list(messages)}
        body = {"entry": [{"changes": [{"field": "messages", "value": value}]}]}
        return self.send(json.dumps(body).encode(), **forged)

    def status(self, reference, word, *, prefix="sha256=", **more):
        said = {"id": reference, "status": word, **more}
        return self.whatsapp(statuses=[said], prefix=prefix)

    def text(self, sender, text, reference="in-1"):
        said = {"from": sender, "id": reference, "type": "text", "text": {"body": text}}
        return self.whatsapp(messages=[said])

    def send(self, body, *, key=None, header="X-Hub-Signature-256", prefix="sha256=", **headers):
        signature = sign(key or self.key, body)
        return self.client.post(
            f"/kabar/terima/{self.address}/",
            body,
            "application/json",
            headers={header: prefix + signature, **headers},
        )


def sign(key, body):
    return hmac.new(key.encode(), body, hashlib.sha256).hexdigest()


def _free_port():
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]
