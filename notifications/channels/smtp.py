"""Django's own SMTP, over a connection that was judged first and is cut when its time is over."""

import functools
import smtplib
from collections.abc import Callable
from typing import Any

from django.core.mail.backends.smtp import EmailBackend

from notifications.channels import reach


class Backend(EmailBackend):
    """Everything that Django does, but the socket is the one of `line`."""

    def __init__(self, line: reach.Line, **options: Any) -> None:
        super().__init__(**options)
        self.line = line

    @property
    def connection_class(self) -> Callable[..., smtplib.SMTP]:  # type: ignore[override]
        kind = _Encrypted if self.use_ssl else _Plain
        return functools.partial(kind, self.line)


class _Plain(smtplib.SMTP):
    def __init__(self, line: reach.Line, *where: Any, **options: Any) -> None:
        self.line = line
        super().__init__(*where, **options)

    def _get_socket(self, host: str, port: int, timeout: float) -> Any:
        return self.line.socket


class _Encrypted(smtplib.SMTP_SSL):
    def __init__(self, line: reach.Line, *where: Any, **options: Any) -> None:
        self.line = line
        super().__init__(*where, **options)

    def _get_socket(self, host: str, port: int, timeout: float) -> Any:
        return self.context.wrap_socket(self.line.socket, server_hostname=host)
