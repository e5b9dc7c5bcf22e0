"""E-mail: by the mall's own SMTP server, or by one of the well-known services."""

import hashlib
import smtplib
from contextlib import suppress
from dataclasses import dataclass, field
from email.headerregistry import Address
from typing import Any

import requests
from anymail.exceptions import AnymailError, AnymailRecipientsRefused
from django.conf import settings as portal
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications.channels import Answer, Outgoing, Secrets, Settings, answers, reach, smtp
from notifications.channels import fields as forms
from notifications.channels.fields import Complaints, Field

SMTP = "smtp"
UNREAD = gettext_lazy("Jawaban penyedia surel tidak terbaca.")
PORTS = {25, 465, 587, 2525}  # where mail is handed in on the internet


@dataclass(frozen=True)
class Service:
    """A service that takes mail by HTTP: its backend, and what that calls its key."""

    label: str
    backend: str
    key: str = "api_key"
    options: dict[str, Any] = field(default_factory=dict)


SERVICES = {
    "brevo": Service("Brevo", "anymail.backends.brevo.EmailBackend"),
    "mailersend": Service("MailerSend", "anymail.backends.mailersend.EmailBackend", "api_token"),
    "mailgun": Service("Mailgun", "anymail.backends.mailgun.EmailBackend"),
    "mailgun_eu": Service(
        "Mailgun (Eropa)",
        "anymail.backends.mailgun.EmailBackend",
        options={"api_url": "https://api.eu.mailgun.net/v3"},
    ),
    "mailtrap": Service("Mailtrap", "anymail.backends.mailtrap.EmailBackend", "api_token"),
    "postmark": Service("Postmark", "anymail.backends.postmark.EmailBackend", "server_token"),
    "resend": Service("Resend", "anymail.backends.resend.EmailBackend"),
    "sparkpost": Service("SparkPost", "anymail.backends.sparkpost.EmailBackend"),
}
FIELDS = (
    Field(
        "provider",
        gettext_lazy("Penyedia surel"),
        kind="choice",
        choices=(
            (SMTP, gettext_lazy("Peladen SMTP sendiri")),
            *((name, service.label) for name, service in SERVICES.items()),
        ),
        initial=SMTP,
    ),
    Field(
        "from_address",
        gettext_lazy("Alamat pengirim"),
        gettext_lazy("Domainnya harus mengizinkan penyedia ini (SPF dan DKIM)."),
        is_required=True,
    ),
    Field("host", gettext_lazy("Nama peladen SMTP"), gettext_lazy("Hanya untuk SMTP.")),
    Field("port", gettext_lazy("Porta SMTP"), kind="number", initial=587),
    Field(
        "security",
        gettext_lazy("Pengamanan SMTP"),
        kind="choice",
        choices=(("starttls", "STARTTLS"), ("tls", "TLS"), ("none", gettext_lazy("tanpa"))),
        initial="starttls",
    ),
    Field("user", gettext_lazy("Nama pengguna SMTP")),
    Field("password", gettext_lazy("Kata sandi SMTP"), is_secret=True),
    Field(
        "api_key",
        gettext_lazy("Kunci API"),
        gettext_lazy("Untuk penyedia selain SMTP."),
        is_secret=True,
    ),
)


def send(outgoing: Outgoing, settings: Settings, secrets: Secrets) -> Answer:
    """Send one plain text."""
    chosen = forms.filled(FIELDS, settings)
    try:
        message = _written(outgoing, chosen["from_address"])
    except (ValueError, ValidationError):
        # Django lets no second line into a header either, but says so too late to tell whose.
        return answers.refused(_("Alamat surel atau pengirimnya tidak sah."))
    if chosen["provider"] == SMTP:
        return _by_smtp(message, chosen, secrets)
    return _by_service(message, SERVICES[chosen["provider"]], secrets.get("api_key", ""))


def complain(settings: Settings, secrets: Secrets) -> Complaints:
    """What makes no sense, by field."""
    found = forms.complaints(FIELDS, settings, secrets)
    chosen = forms.filled(FIELDS, settings)
    if not _is_address(chosen["from_address"]):
        found.setdefault("from_address", _("Isi dengan satu alamat surel."))
    if chosen["provider"] != SMTP:
        if not secrets.get("api_key"):
            found.setdefault("api_key", _("Wajib diisi untuk penyedia ini."))
        return found
    if not chosen["host"]:
        found.setdefault("host", _("Wajib diisi untuk SMTP."))
    is_own = _is_own(chosen)
    if chosen["port"] not in PORTS and not is_own:
        found.setdefault("port", _("Pakai 25, 465, 587, atau 2525."))
    if chosen["security"] == "none" and secrets.get("password") and not is_own:
        found.setdefault("security", _("Kata sandi tidak dikirim tanpa pengamanan."))
    return found


def _written(outgoing: Outgoing, sender: str) -> EmailMessage:
    """Raises ValueError and ValidationError for what is no address."""
    validate_email(outgoing.to)
    validate_email(sender)
    name = answers.line_of(outgoing.sender_name)
    # The same for every try: whoever gets it twice sees it once.
    domain = sender.rpartition("@")[2].encode("idna").decode()
    own = hashlib.sha256(outgoing.key.encode()).hexdigest()[:32]
    headers = {
        "Message-ID": f"<{own}@{domain}>",
        "Auto-Submitted": "auto-generated",
    }
    if outgoing.url and outgoing.url.isprintable() and not set(outgoing.url) & set("<> "):
        headers["List-Unsubscribe"] = f"<{outgoing.url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    return EmailMessage(
        subject=answers.line_of(outgoing.subject),
        body=outgoing.body,
        from_email=str(Address(name, addr_spec=sender)),
        to=[outgoing.to],
        headers=headers,
    )


def _by_smtp(message: EmailMessage, chosen: Settings, secrets: Secrets) -> Answer:
    host, port = str(chosen["host"]), int(chosen["port"])
    if port not in PORTS and not _is_own(chosen):
        return answers.refused(_("Porta ini tidak boleh dituju portal."))
    options = {
        "host": host,
        "port": port,
        "username": chosen["user"],
        "password": secrets.get("password", ""),
        "use_tls": chosen["security"] == "starttls",
        "use_ssl": chosen["security"] == "tls",
        "timeout": reach.WITHIN,
    }
    try:
        with reach.line(host, port, listed=portal.NOTIFY_PRIVATE_HOSTS) as line:
            return _handed_in(message, smtp.Backend(line, **options), line)
    except reach.Forbidden:
        return answers.refused(_("Alamat ini tidak boleh dituju portal."))
    # A certificate that proves nothing is both kinds of error, and the first is meant.
    except OSError as error:
        text = _("Peladen surel tidak terjangkau: %s.") % type(error).__name__
        return answers.failed(text, is_down=True)
    except ValueError:
        return answers.refused(_("Pengaturan penyedia tidak dapat dikirim."))


def _handed_in(message: EmailMessage, backend: BaseEmailBackend, line: reach.Line) -> Answer:
    """Raises OSError for what is wrong with the connection."""
    try:
        backend.open()
        backend.send_messages([message])
    except smtplib.SMTPException as error:
        if line.is_over:
            raise TimeoutError from error
        return _judged(error)
    finally:
        # What goes wrong in saying goodbye does not undo what the server has taken.
        with suppress(OSError):
            backend.close()
    return answers.accepted(message.extra_headers["Message-ID"])


def _judged(error: smtplib.SMTPException) -> Answer:
    code = _code(error)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        text = _("Peladen surel menolak nama pengguna atau kata sandi.")
        return answers.failed(f"{text} ({code})", is_down=True)
    is_connecting = isinstance(error, smtplib.SMTPConnectError | smtplib.SMTPHeloError)
    if code is None or is_connecting or code == 421:
        text = _("Sambungan ke peladen surel gagal: %s.") % type(error).__name__
        return answers.failed(text, is_down=True)
    text = _("Peladen surel menjawab %s.") % code
    return answers.refused(text) if code >= 500 else answers.failed(text)


def _code(error: smtplib.SMTPException) -> int | None:
    """The server's own number; what it says beside repeats addresses."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next((code for code, _said in error.recipients.values()), None)
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else None


def _by_service(message: EmailMessage, service: Service, key: str) -> Answer:
    options: dict[str, Any] = {service.key: key, "timeout": reach.WITHIN, **service.options}
    try:
        # Not each of them takes each of our headers; the text is what counts.
        options["ignore_unsupported_features"] = True
        backend = get_connection(service.backend, **options)
        backend.send_messages([message])
    except (AnymailError, ValueError) as error:
        return _declined(error)
    except (LookupError, TypeError, AttributeError):
        # The backends trust that an answer has the shape that the service promises.
        return answers.failed(str(UNREAD))
    status = getattr(message, "anymail_status", None)
    return answers.accepted(getattr(status, "message_id", "") or "")


def _declined(error: Exception) -> Answer:
    status = getattr(error, "status_code", None)
    is_unsent = isinstance(error, ValueError)  # a key that fits into no header
    if status is None and isinstance(error, requests.RequestException) and not is_unsent:
        text = _("Penyedia tidak terjangkau: %s.") % type(error.__cause__).__name__
        return answers.failed(text, is_down=True)
    if status is None or isinstance(error, AnymailRecipientsRefused):
        return answers.refused(_("Penyedia surel menolak pesan ini."))
    return answers.by_status(status, is_key_ours=True) or answers.failed(str(UNREAD))


def _is_own(chosen: Settings) -> bool:
    return reach.is_listed(str(chosen["host"]), chosen["port"], portal.NOTIFY_PRIVATE_HOSTS)


def _is_address(text: object) -> bool:
    try:
        validate_email(str(text))
    except ValidationError:
        return False
    return True
