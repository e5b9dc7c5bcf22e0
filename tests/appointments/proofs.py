"""Codes by phone: those that were sent, a wrong one, and a proof."""

from appointments import booking
from notifications import codes, outbox
from notifications.models import Code, Message
from tests.appointments.recipes import NINE, hold
from tests.recipes import at, key

PHONE, NOW = "+6281234567890", at(9)


def sent_codes():
    """The codes that went out, the last one first."""
    rows = Message.objects.filter(kind="code").order_by("-pk")
    return [outbox.values_of(row)["angka"] for row in rows]


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06}"


def book_with_code(hall, who, starts_at=NINE):
    pk = hold(hall.service, starts_at)
    prove(hall, f"booking:{pk}", who.phone)
    return booking.confirm(pk, who, now=at(9), key=key())


def prove(hall, purpose, phone, *, proven_at=NOW, created_at=NOW):
    more = {"created_at": created_at, "until": created_at + codes.LIVES, "proven_at": proven_at}
    more |= {"mall": hall.mall, "phone_index": codes._index(phone), "code_hash": "x"}
    Code.objects.create(purpose=purpose, **more)
