"""One request to a provider: over TLS, to an address that was judged first, and soon over."""

import functools
import json
import ssl
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, LocationParseError
from urllib3.util import Url, parse_url

from notifications.channels import Answer, answers, reach

MOST = 64 * 1024  # bytes of an answer
PORTS = {"http": 80, "https": 443}


class Unreached(Exception):
    """There is no answer of the provider; this is what it means for the message."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.text)
        self.answer = answer


@dataclass(frozen=True)
class Reply:
    """What a provider answered, whatever it is."""

    status: int
    body: bytes

    @property
    def data(self) -> Any:
        """The body as JSON, or None when it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


def post(
    url: str, body: bytes, headers: Mapping[str, str], *, listed: Collection[str] | None = None
) -> Reply:
    """Send a request and return what was answered within ten seconds. Raises Unreached.

    `listed` are the hosts of our own network that may be asked, NOTIFY_PRIVATE_HOSTS unless said
    otherwise. Redirects are answers like others: nobody follows them.
    """
    own = settings.NOTIFY_PRIVATE_HOSTS if listed is None else listed
    where = checked(url, listed=own)
    if where is None:
        raise Unreached(answers.refused(_("Alamat ini tidak boleh dituju portal.")))
    try:
        with reach.line(str(where.host), _port(where), listed=own) as line:
            return _answered(line, where, body, headers)
    except reach.Forbidden:
        refusal = answers.refused(_("Alamat ini tidak boleh dituju portal."))
        raise Unreached(refusal) from None
    except ssl.SSLError as error:
        text = _("Sambungan aman ke penyedia gagal: %s.") % (error.reason or type(error).__name__)
        raise Unreached(answers.failed(text, is_down=True)) from None
    except OSError as error:
        raise Unreached(_silent(error)) from None
    except ValueError:
        # A header that is none: the library does not let a second line into one.
        raise Unreached(answers.refused(_("Pengaturan penyedia tidak dapat dikirim."))) from None


def _answered(line: reach.Line, where: Url, body: bytes, headers: Mapping[str, str]) -> Reply:
    """What came back; once a request is out, silence does not mean that it was not taken."""
    try:
        return _exchanged(line, where, body, headers)
    except ssl.SSLError:
        raise
    except (OSError, HTTPException, HTTPError) as error:
        raise Unreached(_silent(error, is_unsure=True)) from None


def _silent(error: Exception, *, is_unsure: bool = False) -> Answer:
    text = _("Penyedia tidak terjangkau: %s.") % type(error).__name__
    if isinstance(error, TimeoutError):
        text = _("Penyedia tidak menjawab dalam 10 detik.")
    return answers.failed(text, is_down=True, is_unsure=is_unsure)


def checked(url: str, *, listed: Collection[str]) -> Url | None:
    """The parts of an address that may be asked; None for any other. Nothing is looked up."""
    try:
        where = parse_url(url)
    except LocationParseError:
        return None
    if where.scheme not in PORTS or not where.host or where.auth is not None:
        return None
    is_usual = where.scheme == "https" and _port(where) == PORTS["https"]
    return where if is_usual or reach.is_listed(where.host, _port(where), listed) else None


def complaint(url: object) -> str:
    """What is wrong with the address of a provider that a mall typed; nothing for a good one."""
    own = settings.NOTIFY_PRIVATE_HOSTS
    if isinstance(url, str) and url.isprintable() and checked(url, listed=own) is not None:
        return ""
    return _("Isi dengan alamat https tanpa nomor porta.")


def _exchanged(line: reach.Line, where: Url, body: bytes, headers: Mapping[str, str]) -> Reply:
    left = max(0.001, line.until - time.monotonic())
    host, port = str(where.host).strip("[]"), _port(where)
    connection: HTTPConnection = (
        _Encrypted(line, host, port, timeout=left, ssl_context=trusted())
        if where.scheme == "https"
        else _Plain(line, host, port, timeout=left)
    )
    try:
        connection.request("POST", where.request_uri, body, headers, preload_content=False)
        response = connection.getresponse()
        found = b""
        # Asked again after the end, it says when more was promised than came.
        while part := response.read(MOST - len(found), decode_content=False):
            found += part
        return Reply(response.status, found)
    finally:
        connection.close()
        # A body whose length nobody said looks complete when it was cut.
        if line.is_over:
            raise TimeoutError


def _port(where: Url) -> int:
    return where.port or PORTS[str(where.scheme)]


@functools.cache
def trusted() -> ssl.SSLContext:
    """Certificates of this machine's authorities, for the very name that was asked for."""
    return ssl.create_default_context()


class _Plain(HTTPConnection):
    def __init__(self, line: reach.Line, host: str, port: int, **options: Any) -> None:
        super().__init__(host, port, **options)
        self.line = line

    def _new_conn(self) -> Any:
        return self.line.socket


class _Encrypted(HTTPSConnection):
    def __init__(self, line: reach.Line, host: str, port: int, **options: Any) -> None:
        super().__init__(host, port, **options)
        self.line = line

    def _new_conn(self) -> Any:
        return self.line.socket
