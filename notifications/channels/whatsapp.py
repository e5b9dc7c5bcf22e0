"""The Cloud API of WhatsApp Business: templates that were approved beforehand, and its reports."""

import hmac
import json
import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications.channels import Answer, Outcome, Outgoing, Secrets, Settings, answers, http
from notifications.channels import fields as forms
from notifications.channels.fields import Complaints, Field
from notifications.channels.reports import Letter, Report, Word, at, each, is_signed, wish
from notifications.states import State

SIGNATURE = "X-Hub-Signature-256"
FIELDS = (
    Field(
        "phone_number_id",
        gettext_lazy("ID nomor telepon"),
        gettext_lazy("Deretan angka di dasbor WhatsApp, bukan nomor teleponnya."),
        is_required=True,
    ),
    Field(
        "token",
        gettext_lazy("Token akses"),
        gettext_lazy("Token pengguna sistem yang tidak kedaluwarsa."),
        is_secret=True,
        is_required=True,
    ),
    Field(
        "app_secret",
        gettext_lazy("Rahasia aplikasi"),
        gettext_lazy("Menandatangani kabar; tanpa ini kabar “sampai” dan STOP tidak diterima."),
        is_secret=True,
    ),
    Field(
        "verify_token",
        gettext_lazy("Token verifikasi webhook"),
        gettext_lazy("Kata yang sama dengan yang diisi di dasbor WhatsApp."),
        is_secret=True,
    ),
    Field(
        "english",
        gettext_lazy("Kode bahasa Inggris"),
        gettext_lazy("Seperti pada templat yang disetujui."),
        kind="choice",
        choices=(("en", "en"), ("en_US", "en_US"), ("en_GB", "en_GB")),
        initial="en",
    ),
    Field("version", gettext_lazy("Versi API"), initial="v23.0"),
    Field("base", gettext_lazy("Alamat API"), initial="https://graph.facebook.com"),
)
UNDELIVERABLE = {131021, 131026, 131030, 131047, 131049, 131050, 130472}
NO_ACCESS = {0, 3, 10, 33, 190, 368, 131005, 131031, 131042, 131045, 133010, *range(200, 300)}
TOO_FAST = {4, 80007, 130429, 131048, 131056}
OUT_OF_ORDER = {1, 2, 131000, 131016, 131057, 133004}
STATES = {
    "sent": State.SENT,
    "delivered": State.DELIVERED,
    "read": State.READ,
    "failed": State.DEAD,
}


def send(outgoing: Outgoing, settings: Settings, secrets: Secrets) -> Answer:
    """Send one approved template with its values."""
    if outgoing.template is None or not outgoing.template.name:
        return answers.refused(_("Pesan ini belum punya templat WhatsApp yang disetujui."))
    chosen = forms.filled(FIELDS, settings)
    url = f"{chosen['base'].rstrip('/')}/{chosen['version']}/{chosen['phone_number_id']}/messages"
    headers = {
        "Authorization": f"Bearer {secrets.get('token', '')}",
        "Content-Type": "application/json",
    }
    body = json.dumps(_template(outgoing, chosen["english"])).encode()
    try:
        return _judged(http.post(url, body, headers))
    except http.Unreached as failure:
        return failure.answer


def complain(settings: Settings, secrets: Secrets) -> Complaints:
    """What makes no sense, by field."""
    found = forms.complaints(FIELDS, settings, secrets)
    chosen = forms.filled(FIELDS, settings)
    if not re.fullmatch(r"\d{5,20}", str(chosen["phone_number_id"]), re.ASCII):
        found.setdefault("phone_number_id", _("Isi dengan angka dari dasbor WhatsApp."))
    if not re.fullmatch(r"v\d{1,2}\.\d", str(chosen["version"]), re.ASCII):
        found.setdefault("version", _("Tulis seperti v23.0."))
    if sentence := http.complaint(chosen["base"]):
        found.setdefault("base", sentence)
    return found


def greeting(asked: Mapping[str, str], secrets: Secrets) -> str | None:
    """What WhatsApp wants to hear before it reports to an address; None for anybody else."""
    known, said = secrets.get("verify_token", ""), asked.get("hub.verify_token", "")
    is_theirs = bool(known) and hmac.compare_digest(known.encode(), said.encode())
    wanted = asked.get("hub.mode") == "subscribe" and asked.get("hub.challenge", "").isalnum()
    return asked["hub.challenge"] if is_theirs and wanted else None


def is_theirs(letter: Letter, settings: Settings, secrets: Secrets) -> bool:
    """Whether the app that we know has signed this."""
    kind, _equals, signature = letter.headers.get(SIGNATURE, "").partition("=")
    return kind == "sha256" and is_signed(letter.body, secrets.get("app_secret", ""), signature)


def read(data: Any, settings: Settings) -> Report:
    """What became of messages, and who wants no more of them."""
    changes = [change for entry in each(at(data, "entry")) for change in each(entry.get("changes"))]
    statuses = [said for change in changes for said in each(at(change, "value.statuses"))]
    texts = [said for change in changes for said in each(at(change, "value.messages"))]
    words = [
        Word(str(said.get("id") or ""), STATES[str(said.get("status"))], _reason(said))
        for said in statuses
        if str(said.get("status")) in STATES
    ]
    wishes = [wish(f"+{said.get('from')}", _text(said), said.get("id")) for said in texts]
    return Report(tuple(words), tuple(found for found in wishes if found))


def _text(said: Mapping[str, Any]) -> Any:
    # A button below a template answers with its label.
    return at(said, "text.body") or at(said, "button.text")


def _template(outgoing: Outgoing, english: str) -> dict[str, Any]:
    assert outgoing.template is not None  # noqa: S101 - send() has refused that
    # It takes neither an empty value nor one with a second line.
    values = [" ".join(value.split()) or "-" for value in outgoing.template.values]
    parameters = [{"type": "text", "text": value} for value in values]
    components = [{"type": "body", "parameters": parameters}] if parameters else []
    if outgoing.template.button:
        copied = [{"type": "text", "text": outgoing.template.button}]
        button = {"type": "button", "sub_type": "url", "index": "0", "parameters": copied}
        components.append(button)
    language = english if outgoing.language == "en" else outgoing.language
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": outgoing.to.removeprefix("+"),
        "type": "template",
        "template": {
            "name": outgoing.template.name,
            "language": {"code": language},
            "components": components,
        },
        "biz_opaque_callback_data": outgoing.key,
    }


def _judged(reply: http.Reply) -> Answer:
    error = at(reply.data, "error")
    if isinstance(error, dict):
        # What we do not know by its code is what the status says.
        by_status = answers.by_status(reply.status, _numbered(error), is_key_ours=True)
        return _by_code(error.get("code")) or by_status or _unread(error)
    if failure := answers.by_status(reply.status, is_key_ours=True):
        return failure
    reference = at(reply.data, "messages.0.id")
    return answers.accepted(reference) if isinstance(reference, str) else _unread({})


def _by_code(code: Any) -> Answer | None:
    if not isinstance(code, int):
        return None
    told = f" ({_('kode')} {code})"
    if code in UNDELIVERABLE:
        text = _("Nomor ini tidak dapat menerima pesan WhatsApp kita.")
        return answers.refused(text + told)
    if code in NO_ACCESS:
        text = _("WhatsApp menolak akses: periksa token, nomor pengirim, dan tagihan akun.")
        return answers.failed(text + told, is_down=True)
    if code in TOO_FAST:
        # 131056 is about one recipient, the others about the whole account.
        text = _("Terlalu cepat menurut WhatsApp, dicoba lagi nanti.")
        return answers.failed(text + told, is_down=code != 131056)
    if code in OUT_OF_ORDER:
        return answers.failed(_("WhatsApp sedang terganggu.") + told, is_down=True)
    if 132000 <= code < 133000:
        text = _("Templat WhatsApp tidak ada, dijeda, atau isinya tidak cocok.")
        return answers.refused(text + told)
    return None


def _unread(error: Mapping[str, Any]) -> Answer:
    return answers.failed(f"{_('Jawaban WhatsApp tidak terbaca.')} {_numbered(error)}".strip())


def _numbered(error: Mapping[str, Any]) -> str:
    code = error.get("code")
    return f"({_('kode')} {code})" if isinstance(code, int) else ""


def _reason(status: Mapping[str, Any]) -> str:
    """Why a message failed, in our words where we know the code."""
    errors = each(status.get("errors"))
    if not errors:
        return ""
    known = _by_code(errors[0].get("code"))
    if known is not None and known.outcome != Outcome.ACCEPTED:
        return known.text
    return f"{_('Gagal menurut WhatsApp.')} {_numbered(errors[0])}".strip()
