"""What the house says to its boards and to everyone waiting. Only this module writes it."""

from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from agencies.models import Mall
from core.idempotency import once
from core.memo import briefly
from hall import record
from hall.models import Announcement
from hall.refusals import TextMissing


def say(
    mall: Mall,
    text: str,
    *,
    text_en: str = "",
    ends_at: datetime,
    on_boards: bool,
    on_phones: bool,
    is_running: bool = False,
    by: User,
    now: datetime,
    key: UUID | None = None,
) -> Announcement:
    """Say something from now until `ends_at`; a form's key says it once, however often it is sent.

    Raises TextMissing, also when nobody would read it, and KeyReused.
    """
    if not text.strip() or not (on_boards or on_phones) or ends_at <= now:
        raise TextMissing(_("Isi teks, pilih pembacanya, dan tentukan akhirnya."))
    what = {
        "text": text.strip(),
        "text_en": text_en.strip(),
        "on_boards": on_boards,
        "on_phones": on_phones,
        "is_running": is_running,
    }

    def act() -> int:
        said = Announcement.objects.create(mall=mall, begins_at=now, ends_at=ends_at, by=by, **what)
        record.write("announcement.said", said.pk, mall_id=mall.pk, by=by, now=now)
        return said.pk

    # Its end is not part of it: the copy of a double tap is worked out a moment later.
    fingerprint = f"announce {sha256(repr(what).encode()).hexdigest()[:16]}"
    pk, _is_new = once(f"announce:{mall.pk}", key or uuid4(), fingerprint, act, now=now)
    return Announcement.objects.get(pk=pk)


def withdraw(announcement: Announcement, *, by: User, now: datetime) -> None:
    """Take it from every screen; a second time changes nothing."""
    with transaction.atomic():
        open_ = Announcement.objects.filter(pk=announcement.pk, withdrawn_at=None)
        if open_.update(withdrawn_at=now):
            mall_id = announcement.mall_id
            record.write("announcement.withdrawn", announcement.pk, mall_id=mall_id, by=by, now=now)


def current(mall_id: int, *, now: datetime) -> QuerySet[Announcement]:
    """What the house says now, the newest first."""
    return not_over(mall_id, now=now).filter(begins_at__lte=now)


def not_over(mall_id: int, *, now: datetime) -> QuerySet[Announcement]:
    """What the house says now or has prepared for later, the newest first."""
    return Announcement.objects.filter(mall=mall_id, withdrawn_at=None, ends_at__gt=now)


def on_phones(mall_id: int, *, version: int, now: datetime) -> list[Announcement]:
    """What the house says now to everyone who waits; of a version, as each word raises it."""
    said = _on_phones(mall_id, version, int(now.timestamp()) // 60)
    return [each for each in said if each.begins_at <= now < each.ends_at]


@briefly(60, most=500)
def _on_phones(mall_id: int, version: int, minute: int) -> list[Announcement]:
    now = datetime.fromtimestamp(minute * 60, UTC)
    return list(not_over(mall_id, now=now).filter(on_phones=True))
