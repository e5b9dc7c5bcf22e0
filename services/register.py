"""The services a mall offers: their names, their queues, and where some are booked instead.

What the standard of a service says is written by standards.py. Services are written here one by
one; beside it by the admin, by imports, by copies of a mall, and as data of the demonstration.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from agencies.models import Presence
from core import memo
from core.errors import Refused
from hall import record
from services.models import Queue, Service


class CodeTaken(Refused):
    code = "service_code_taken"


class ForeignQueue(Refused):
    code = "foreign_queue"


@dataclass(frozen=True)
class Entry:
    """What the register says of a service."""

    name: str
    queue: Queue
    minutes: int
    name_en: str = ""
    keywords: tuple[str, ...] = ()
    limits: str = ""
    is_active: bool = True


@transaction.atomic
def add(presence: Presence, code: str, entry: Entry, *, by: User, now: datetime) -> Service:
    """Offer one more service of an agency. Raises CodeTaken, ForeignQueue."""
    # The agency is the parent of what is not there yet: two who add the same wait in line here.
    Presence.objects.select_for_update(of=("self",), no_key=True).get(pk=presence.pk)
    if Service.objects.filter(presence=presence, code=code).exists():
        raise CodeTaken(
            _("Kode itu sudah dipakai layanan lain dari instansi ini. Pilih yang lain.")
        )
    service = Service(presence=presence, code=code)
    _write(service, entry)
    _record("service.added", service, by, now)
    return service


@transaction.atomic
def change(
    service: Service,
    entry: Entry,
    *,
    by: User,
    now: datetime,
    follow: Callable[[], object] | None = None,
) -> None:
    """Say otherwise what the register says of a service. Raises ForeignQueue.

    `follow` is what comes of it, done before it is put on record: the version of the screens is
    taken last.
    """
    row = _locked(service)
    _write(row, entry)
    if follow is not None:
        follow()
    _record("service.changed", row, by, now)


@transaction.atomic
def link_out(service: Service, *, name: str, address: str, by: User, now: datetime) -> None:
    """Let a service be booked elsewhere only, such as in M-Paspor; without a name here again."""
    row = _locked(service)
    row.booked_with, row.booked_at = name, address
    row.save(update_fields=["booked_with", "booked_at"])
    memo.clear_all()
    transaction.on_commit(memo.clear_all)
    _record("service.linked", row, by, now)


def _write(service: Service, entry: Entry) -> None:
    if entry.queue.presence_id != service.presence_id:
        raise ForeignQueue(_("Antrean itu milik instansi lain. Pilih antrean instansi ini."))
    service.name, service.name_en, service.queue = entry.name, entry.name_en, entry.queue
    service.minutes, service.keywords = entry.minutes, list(entry.keywords)
    if entry.limits != service.limits:
        service.example_fields = [each for each in service.example_fields if each != "limits"]
    service.limits, service.is_active = entry.limits, entry.is_active
    service.save()
    transaction.on_commit(memo.clear_all)


def _locked(service: Service) -> Service:
    Service.objects.select_for_update(no_key=True).get(pk=service.pk)
    return Service.objects.select_related("presence").get(pk=service.pk)


def _record(act: str, service: Service, by: User, now: datetime) -> None:
    mall_id = service.presence.mall_id
    record.write(act, service.pk, mall_id=mall_id, by=by, now=now, detail=service.code)
