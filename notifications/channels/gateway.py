"""Any gateway for SMS or WhatsApp that speaks HTTP, described by data: no code for a brand."""

import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from notifications.channels import Answer, Outgoing, Secrets, Settings, answers, http
from notifications.channels import fields as forms
from notifications.channels.fields import Complaints
from notifications.channels.gateway_fields import FIELDS, STATES
from notifications.channels.reports import Letter, Report, Word, at, is_signed, wish

SKEW = timedelta(minutes=5)  # between our clock and that of whoever signs a report
KINDS = {"form": "application/x-www-form-urlencoded", "json": "application/json"}
PREFIXES = {"+628": "+62", "628": "62", "08": "0"}


def send(outgoing: Outgoing, settings: Settings, secrets: Secrets) -> Answer:
    """Send one text as the settings say."""
    chosen = forms.filled(FIELDS, settings)
    token = secrets.get("token", "")
    headers = {"Content-Type": KINDS[chosen["body"]], "Accept": "application/json"}
    if chosen["token_header"]:
        headers[chosen["token_header"]] = f"{chosen['token_prefix']} {token}".strip()
    values = _values(outgoing, chosen, token)
    body = json.dumps(values) if chosen["body"] == "json" else urlencode(_flat(values))
    try:
        reply = http.post(chosen["url"], body.encode(), headers)
    except http.Unreached as failure:
        return failure.answer
    said = at(reply.data, chosen["reason_path"]) or ""
    quoted = answers.quoted(said, token, outgoing.to, outgoing.body)
    return _judged(reply, chosen, quoted)


def complain(settings: Settings, secrets: Secrets) -> Complaints:
    """What makes no sense, by field."""
    found = forms.complaints(FIELDS, settings, secrets)
    chosen = forms.filled(FIELDS, settings)
    if sentence := http.complaint(chosen["url"]):
        found.setdefault("url", sentence)
    if not chosen["token_header"] and not chosen["token_field"]:
        found.setdefault("token_header", _("Isi nama header atau nama isian untuk token."))
    if chosen["accepted_path"] and not _words(chosen["accepted_values"]):
        found.setdefault("accepted_values", _("Isi nilai yang berarti diterima."))
    if set(map(str, chosen["words"].values())) - set(STATES):
        text = _("Arti yang dikenal: %s.") % ", ".join(STATES)
        found.setdefault("words", text)
    return found


def is_theirs(letter: Letter, settings: Settings, secrets: Secrets) -> bool:
    """Whether the gateway has signed this, and not long ago where it says when."""
    chosen = forms.filled(FIELDS, settings)
    signature = letter.headers.get(chosen["signature_header"] or "-", "").removeprefix("sha256=")
    signed = letter.body
    if chosen["timestamp_header"]:
        sent = letter.headers.get(chosen["timestamp_header"], "")
        if not _is_fresh(sent, letter.at):
            return False
        signed = f"{sent}.".encode() + signed
    return is_signed(signed, secrets.get("signing_key", ""), signature)


def read(data: Any, settings: Settings) -> Report:
    """What became of messages, and who wants no more of them; one object or a list of them."""
    chosen = forms.filled(FIELDS, settings)
    said = data if isinstance(data, list) else [data]
    wishes = [
        wish(
            at(one, chosen["inbound_from_path"]),
            at(one, chosen["inbound_text_path"]),
            at(one, chosen["inbound_id_path"]),
        )
        for one in said
    ]
    words = [_word(one, chosen) for one in said]
    return Report(
        tuple(found for found in words if found), tuple(found for found in wishes if found)
    )


def number(phone: str, form: str) -> str:
    """A number +628… as a gateway wants to read it."""
    return PREFIXES.get(form, "+62") + phone.removeprefix("+62")


def _values(outgoing: Outgoing, chosen: Settings, token: str) -> dict[str, Any]:
    """The body of a request, by the names that the gateway has for its parts."""
    own = {
        "to_field": number(outgoing.to, chosen["number_format"]),
        "text_field": outgoing.body,
        "sender_field": chosen["sender"] or outgoing.sender_name,
        "key_field": outgoing.key,
        "token_field": token,
    }
    named = {chosen[field]: value for field, value in own.items() if chosen[field]}
    return {**chosen["extra"], **named}


def _flat(values: Settings) -> dict[str, str]:
    """A form knows texts only; what is more is written as JSON."""
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in values.items()
    }


def _judged(reply: http.Reply, chosen: Settings, said: str) -> Answer:
    if failure := answers.by_status(reply.status, said, is_key_ours=True):
        return failure
    if chosen["accepted_path"]:
        found = at(reply.data, chosen["accepted_path"])
        if found is None:
            return answers.failed(_("Jawaban gerbang tidak terbaca."), is_down=True)
        if _plain(found) not in _words(chosen["accepted_values"]):
            return _declined(said, chosen)
    reference = at(reply.data, chosen["id_path"])
    return answers.accepted("" if reference is None else reference)


def _declined(said: str, chosen: Settings) -> Answer:
    """An answer that says no; whether another try makes sense is known by its words only."""
    text = _("Gerbang menolak: %s") % (said or _("tanpa alasan"))
    if any(word in said.casefold() for word in _words(chosen["hopeless"])):
        return answers.refused(text)
    return answers.failed(text)


def _word(one: Any, chosen: Settings) -> Word | None:
    reference = at(one, chosen["receipt_id_path"])
    meanings = {_plain(word): str(meaning) for word, meaning in chosen["words"].items()}
    meaning = meanings.get(_plain(at(one, chosen["receipt_status_path"])), "")
    if reference is None or meaning not in STATES:
        return None
    said = at(one, chosen["receipt_reason_path"])
    return Word(str(reference), STATES[meaning], answers.quoted(said or ""))


def _is_fresh(sent: str, now: datetime) -> bool:
    """Whether a moment in seconds since 1970 is about now."""
    # Ten digits are enough until the year 2286.
    if not (sent.isascii() and sent.isdecimal() and len(sent) <= 10):
        return False
    return abs(now.timestamp() - int(sent)) <= SKEW.total_seconds()


def _words(text: str) -> list[str]:
    return [word.strip().casefold() for word in text.split(",") if word.strip()]


def _plain(value: Any) -> str:
    """true, "True" and 1, "1" alike: nobody who fills in a form sees the difference."""
    return (json.dumps(value) if not isinstance(value, str) else value).strip().casefold()
