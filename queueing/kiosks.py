"""What the kiosk offers at this moment: agencies and services with their wait, or why not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.utils.translation import gettext as _

from agencies import opening
from agencies.calendars import calendar_of
from agencies.models import Mall, Presence, Weekday
from core import formats
from core.errors import Refused
from queueing import admission, figures
from queueing.figures import QueueNow
from queueing.models import QueueDay
from services import offers
from services.models import Queue, Service
from services.offers import Offer

FIRST = 5  # agencies on the first screen; the sixth tile leads to all of them


@dataclass(frozen=True)
class Tile:
    """One choice: what it is, and how long one waits or why it cannot be taken now."""

    pk: int
    title: str
    note: str
    is_open: bool
    icon: str = "ticket"
    counters: int = 0  # of an agency today


def agencies(mall: Mall, *, now: datetime) -> list[Tile]:
    """All agencies of a mall by name, those that are away today too."""
    on = opening.local_date(now, mall.zone)
    present = groupby(
        sorted(figures.queues_now(mall, now=now), key=_by_agency), key=lambda q: q.queue.presence
    )
    return [_agency(presence, list(queues), mall, on.weekday()) for presence, queues in present]


def first_of(tiles: list[Tile]) -> list[Tile]:
    """The agencies of the first screen: those with most counters today, the same all day long.

    All that are here, if there is room for all.
    """
    here = [tile for tile in tiles if tile.counters]
    if len(here) <= FIRST + 1:
        return here
    chosen = sorted(here, key=lambda tile: (-tile.counters, tile.title))[:FIRST]
    return [tile for tile in here if tile in chosen]


def services(presence: Presence, *, now: datetime) -> list[Tile]:
    """The services of an agency by name."""
    calendars = {presence.mall_id: calendar_of(presence.mall_id)}
    queues = figures.queues_of(Queue.objects.filter(presence=presence), calendars, now=now)
    by_queue = {each.queue.pk: each for each in queues}
    offered = Service.objects.offered().filter(presence=presence).order_by("name", "pk")
    # Read a moment later: a queue that was closed in between is not shown any more.
    shown = [service for service in offered if service.queue_id in by_queue]
    return [_service(service, by_queue[service.queue_id]) for service in shown]


def obstacle(offer: Offer, *, now: datetime) -> str:
    """Why no number can be taken for this service now, with what to do; empty when one can."""
    try:
        on = admission.open_day(offer, now)
    except Refused as refusal:
        return str(refusal)
    day = QueueDay.objects.filter(queue=offer.queue_id, date=on).first()
    if day is not None and offer.daily_quota is not None and day.admitted >= offer.daily_quota:
        return str(admission.used_up(offer, now))
    return ""


def _by_agency(each: QueueNow) -> tuple[str, int]:
    return (each.queue.presence.board_name.casefold(), each.queue.presence_id)


def _agency(presence: Presence, queues: list[QueueNow], mall: Mall, weekday: int) -> Tile:
    days = offers.attended_at(mall.pk).get(presence.pk, frozenset())
    counters = len({number for each in queues for number in each.counters})
    free = [each for each in queues if each.attends and not each.used_up]
    note = _wait(free) if free else _("Nomor hari ini habis")
    if weekday not in days:
        free, note = [], _absent(days)
    return Tile(presence.pk, presence.board_name, note, bool(free), presence.icon, counters)


def _service(service: Service, queue: QueueNow) -> Tile:
    if not queue.attends:
        return Tile(service.pk, service.title, _("Tidak dilayani hari ini"), is_open=False)
    if queue.used_up:
        return Tile(service.pk, service.title, _("Nomor hari ini habis"), is_open=False)
    return Tile(service.pk, service.title, _wait([queue]), is_open=True)


def _wait(queues: Iterable[QueueNow]) -> str:
    """The range over several queues, from the shortest to the longest wait."""
    waits = [each.wait for each in queues]
    low, high = min(wait.low for wait in waits), max(wait.high for wait in waits)
    if high <= 0:
        return _("Tanpa menunggu")
    return _("Tunggu %(range)s") % {"range": formats.wait_range(low, high)}


def _absent(days: Iterable[int]) -> str:
    named = ", ".join(str(Weekday(day).label) for day in sorted(days))
    if not named:
        return _("Belum ada loket")
    return _("Tidak hadir hari ini. Hari hadir: %(days)s") % {"days": named}
