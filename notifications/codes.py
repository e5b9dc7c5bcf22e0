"""One-time codes: that whoever reserves holds the phone whose number they typed.

Six digits, five minutes, five tries; a new one after a minute, three an hour and number. Numbers
that are asked for codes and never type one cost a mall money: after many such, no more are sent.
"""

import hmac
import logging
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from agencies.models import Mall
from core import throttle, vault
from core.errors import Refused
from notifications import contacts, outbox
from notifications.contacts import Reach
from notifications.models import Code, Consent, Message
from notifications.states import BY_PHONE

LIVES = timedelta(minutes=5)
TRIES = 5
AGAIN_AFTER = timedelta(minutes=1)
AN_HOUR = 3  # codes to one number
PROVEN_FOR = timedelta(minutes=30)  # so long a proof is worth something
DIGITS = 6
LATELY = timedelta(hours=1)  # in which a mall's codes are counted
MANY = 20  # of them; fewer say nothing
PROVEN_OF_TEN = 4  # of those that were over: where fewer are typed, nobody reads them
KEPT = timedelta(hours=2)
log = logging.getLogger(__name__)


class CodeWrong(Refused):
    code = "code_wrong"
    status = 422


class CodeTooSoon(Refused):
    code = "code_too_soon"
    status = 429
    retry_after = int(AGAIN_AFTER.total_seconds())


class NoPhoneChannel(Refused):
    code = "no_phone_channel"
    status = 503


class CodesPaused(Refused):
    code = "codes_paused"
    status = 503


def send(purpose: str, mall: Mall, reach: Reach, *, now: datetime) -> None:
    """Send a new code for a purpose such as "booking:12" to a phone, for a contact of its own.

    Outside of any transaction: who is refused has been counted. Raises CodeTooSoon, TooMany,
    CodesPaused, or NoPhoneChannel where the mall has no way to the phone.
    """
    index = _index(reach.phone)
    mine = Code.objects.filter(purpose=purpose, phone_index=index)
    if mine.filter(created_at__gt=now - AGAIN_AFTER).exists():
        raise _too_soon()
    _refuse_pumping(mall.pk, now=now)
    throttle.spend_surely("code_to", index[:40], most=AN_HOUR, within=timedelta(hours=1), now=now)
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    # Together: a code that nobody was sent is none.
    with transaction.atomic():
        code_id = _make(purpose, mall.pk, index, digits, now=now)
        _tell(code_id, mall, reach, digits, now=now)


def prove(purpose: str, phone: str, digits: str, *, now: datetime) -> None:
    """Whether this is the code that was sent to this phone. Raises CodeWrong.

    Every try counts, whatever becomes of the request: guessing a million takes years.
    """
    mine = Code.objects.filter(purpose=purpose, phone_index=_index(phone))
    counted = mine.filter(tries__lt=TRIES, until__gt=now).update(tries=F("tries") + 1)
    found = mine.first()
    typed = "".join(filter(str.isdecimal, digits))
    if found is None or not counted:
        raise CodeWrong(_("Kode itu sudah tidak berlaku. Minta kode baru."))
    if not hmac.compare_digest(found.code_hash, _hash(purpose, typed)):
        raise CodeWrong(_("Kode itu tidak cocok. Periksa pesan yang terakhir."))
    mine.update(proven_at=now)


def is_valid(purpose: str, phone: str, *, now: datetime) -> bool:
    """Whether a code for this purpose was sent to this phone and is not over."""
    mine = Code.objects.filter(purpose=purpose, phone_index=_index(phone))
    return mine.filter(until__gt=now).exists()


def sent_at(purpose: str, phone: str) -> datetime | None:
    """When the last code for this purpose was sent to this phone, if any was."""
    mine = Code.objects.filter(purpose=purpose, phone_index=_index(phone))
    return mine.values_list("created_at", flat=True).first()


def is_proven(purpose: str, phone: str, *, now: datetime) -> bool:
    """Whether whoever holds this phone has typed its code for this purpose lately."""
    mine = Code.objects.filter(purpose=purpose, phone_index=_index(phone))
    return mine.filter(proven_at__gt=now - PROVEN_FOR).exists()


def forget(*, now: datetime) -> int:
    """Delete what is of no use to anybody any more; return how many."""
    return Code.objects.filter(until__lt=now - KEPT).delete()[0]


def _make(purpose: str, mall_id: int, index: str, digits: str, *, now: datetime) -> int:
    """The row of a new code, in place of the one before, which is sent to nobody any more."""
    fresh = {"mall_id": mall_id, "code_hash": _hash(purpose, digits)}
    fresh |= {"created_at": now, "until": now + LIVES}
    made, is_new = Code.objects.get_or_create(purpose=purpose, phone_index=index, defaults=fresh)
    if is_new:
        return made.pk
    # Of two at once one sends: else the message of the one would carry the code of the other.
    older = Code.objects.filter(pk=made.pk, created_at__lte=now - AGAIN_AFTER)
    if not older.update(**fresh, tries=0, proven_at=None):
        raise _too_soon()
    event = _event(made.pk, made.created_at)
    for told in Message.objects.filter(event=event, kind="code").values_list("contact", flat=True):
        outbox.withdraw(told, [event], now=now, reason=_("Kode yang lebih baru sudah dikirim."))
    return made.pk


def _tell(code_id: int, mall: Mall, reach: Reach, digits: str, *, now: datetime) -> None:
    """Raises NoPhoneChannel."""
    sent = outbox.send(
        contacts.add(mall.pk, reach, how=Consent.How.FORM, now=now).pk,
        "code",
        event=_event(code_id, now),
        values={
            "mal": mall.short_name,
            "angka": digits,
            "menit": str(LIVES // timedelta(minutes=1)),
        },
        now=now,
        not_after=now + LIVES,
    )
    if not sent:
        raise NoPhoneChannel(
            _(
                "Kode tidak dapat dikirim ke nomor ini. Bila pernah membalas STOP, balas START"
                " dahulu, atau pakai nomor lain. Anda juga dapat memesan di loket."
            )
        )


def _refuse_pumping(mall_id: int, *, now: datetime) -> None:
    """Whether a mall's codes are typed by anybody at all. Raises CodesPaused."""
    over = Q(created_at__lte=now - LIVES)
    lately = Code.objects.filter(mall=mall_id, created_at__gt=now - LATELY).aggregate(
        sent=Count("pk"),
        over=Count("pk", filter=over),
        proven=Count("pk", filter=over & Q(proven_at__isnull=False)),
    )
    if lately["sent"] <= MANY or lately["proven"] * 10 >= lately["over"] * PROVEN_OF_TEN:
        return
    log.warning("codes are paused at mall %s: %s", mall_id, lately)
    raise CodesPaused(
        _(
            "Pengiriman kode sedang dijeda karena terlalu banyak kode yang tidak dipakai. Silakan"
            " datang ke loket atau coba lagi nanti."
        )
    )


def _event(code_id: int, made_at: datetime) -> str:
    return f"code:{code_id}:{int(made_at.timestamp())}"


def _too_soon() -> CodeTooSoon:
    return CodeTooSoon(_("Kode baru saja dikirim. Tunggu satu menit sebelum meminta lagi."))


def _index(phone: str) -> str:
    return contacts.index_of(BY_PHONE[0], phone)


def _hash(purpose: str, digits: str) -> str:
    # Keyed: six digits alone would be tried out in a moment.
    return vault.blind_index(f"{purpose}:{digits}", purpose="code")
