"""What the kiosk offers at this moment: agencies and services with their wait, or why not."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies import opening
from agencies.calendars import calendar_of
from agencies.models import Mall, Presence, Weekday, in_use
from agencies.opening import Attendance
from core import formats
from core.errors import Refused
from queueing import admission, directory, figures
from queueing.figures import Place, QueueNow
from queueing.models import QueueDay, Ticket
from queueing.paper import Slip
from queueing.states import State
from services import offers
from services.models import Queue, Service
from services.offers import Offer

FIRST = 5  # agencies on the first screen; the sixth tile leads to all of them
FOUND = 5  # services that a search shows
# Words of the address that keep an aid on for one person, from page to page without a cookie.
LOW = "rendah"  # the buttons stand low, for whoever sits in a wheelchair
LARGE = "besar"  # large letters, light on black
PASSING = frozenset({"awal", "ambil", "v", "p"})  # words of the address that belong to one request


@dataclass(frozen=True)
class Tile:
    """One choice: what it is, and how long one waits or why it cannot be taken now."""

    pk: int
    title: str
    note: str
    is_open: bool
    icon: str = "ticket"
    counters: int = 0  # of an agency today


@dataclass(frozen=True)
class Aids:
    """What makes the kiosk easier for the person in front of it, as addresses hand it on."""

    is_low: bool
    is_large: bool
    kept: str  # the query that keeps them, from the question mark on; empty without any
    also: str  # the same behind another word
    turn_low: str  # the query of this very page with the one or the other turned
    turn_large: str


class Stage(StrEnum):
    """How far a number on the kiosk's screen has come."""

    PRINTING = "printing"
    COUNTS = "counts"
    WITHDRAWN = "withdrawn"


def aids(query: QueryDict) -> Aids:
    """The aids that the address of a page asks for."""
    on = [word for word in (LOW, LARGE) if word in query]
    kept = "&".join(f"{word}=1" for word in on)
    return Aids(
        LOW in on,
        LARGE in on,
        f"?{kept}" if kept else "",
        f"&{kept}" if kept else "",
        _turned(query, LOW),
        _turned(query, LARGE),
    )


def _turned(query: QueryDict, word: str) -> str:
    other = query.copy()
    for passing in PASSING & other.keys():
        del other[passing]
    if other.pop(word, None) is None:
        other[word] = "1"
    return f"?{other.urlencode()}"


def agencies(mall: Mall, *, now: datetime) -> list[Tile]:
    """All agencies of a mall by name, those that are away today too."""
    on = opening.local_date(now, mall.zone)
    present = groupby(
        sorted(figures.queues_now(mall, now=now), key=_by_agency), key=lambda q: q.queue.presence
    )
    return [_agency(presence, list(queues), mall, on) for presence, queues in present]


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
    today = opening.local_date(now, calendars[presence.mall_id].zone)
    offered = Service.objects.offered().filter(in_use(today), presence=presence)
    # Read a moment later: a queue that was closed in between is not shown any more.
    shown = [each for each in offered.order_by("name", "pk") if each.queue_id in by_queue]
    return [_service(service, by_queue[service.queue_id]) for service in shown]


def found(mall: Mall, question: str, *, now: datetime) -> list[Tile]:
    """The services of a mall that fit a question, best first, each with its agency."""
    hits = [hit.id for hit in directory.hits(question, mall.pk)][:FOUND] if question else []
    today = opening.local_date(now, calendar_of(mall.pk).zone)
    offered = Service.objects.offered().filter(in_use(today)).select_related("presence")
    known = offered.in_bulk(hits)
    wanted = Queue.objects.filter(services__in=known).distinct()
    queues = figures.queues_of(wanted, {mall.pk: calendar_of(mall.pk)}, now=now) if hits else []
    by_queue = {each.queue.pk: each for each in queues}
    # The index is up to a minute old and may know what is no longer offered.
    shown = [known[pk] for pk in hits if pk in known and known[pk].queue_id in by_queue]
    return [
        replace(tile, note=f"{service.presence.board_name} · {tile.note}")
        for service in shown
        for tile in [_service(service, by_queue[service.queue_id])]
    ]


def stage_of(ticket: Ticket) -> Stage:
    """Whether a number is being printed, counts, or has been withdrawn."""
    if ticket.state == State.PRINTING:
        return Stage.PRINTING
    return Stage.WITHDRAWN if ticket.state == State.WITHDRAWN else Stage.COUNTS


def facts_of(ticket: Ticket, place: Place | None) -> tuple[tuple[str, str], ...]:
    """What stands beside a number: where to wait, how many are in front, when it is called."""
    where, zone = ticket.service.presence.place, ticket.day.mall.zone
    facts = [(_("Tunggu di"), where)] if where else []
    if place is None:
        counter = [(_("Loket"), ticket.counter.number)] if ticket.counter else []
        return (*facts, *counter, (_("Keadaan"), str(State(ticket.state).label)))
    if place.counters:
        facts.append((_("Loket"), ", ".join(place.counters)))
    people = ngettext("%(count)s orang", "%(count)s orang", place.ahead) % {"count": place.ahead}
    people = people if place.ahead else _("Tidak ada")
    called = formats.clock_range(place.begins, place.ends, zone) if place.wait.high else ""
    facts += [(_("Di depan Anda"), people), (_("Perkiraan dipanggil"), called or _("Langsung"))]
    return tuple(facts)


def slip_of(ticket: Ticket, place: Place | None, address: str) -> Slip:
    """What a printer puts on the paper of a number."""
    mall = ticket.day.mall
    taken = (
        formats.long_date(ticket.issued_at, mall.zone),
        formats.clock(ticket.issued_at, mall.zone),
    )
    return Slip(
        mall=mall.name,
        place=mall.place_name,
        number=str(ticket),
        service=ticket.service.title,
        agency=ticket.service.presence.agency.name,
        facts=facts_of(ticket, place),
        address=address,
        small=(
            ", ".join(taken) + ". " + _("Nomor ini berlaku hari ini."),
            _("Nomor terlewat? Lapor ke meja informasi."),
            _("Petugas tidak pernah meminta biaya di luar tarif resmi."),
            *([_("Data contoh, bukan nomor resmi.")] if settings.DEMO else []),
        ),
    )


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


def _agency(presence: Presence, queues: list[QueueNow], mall: Mall, on: date) -> Tile:
    attended = offers.attended_at(mall.pk).get(presence.pk, Attendance())
    counters = len({number for each in queues for number in each.counters})
    free = [each for each in queues if each.attends and not (each.used_up or each.is_shut)]
    full = _("Nomor hari ini habis")
    if any(each.is_shut and not each.used_up for each in queues):
        full = _("Loket sedang ditutup")
    note = _wait(free) if free else full
    if on not in attended:
        free, note = [], _absent(attended.week(on))
    return Tile(presence.pk, presence.board_name, note, bool(free), presence.icon, counters)


def _service(service: Service, queue: QueueNow) -> Tile:
    if not queue.attends:
        return Tile(service.pk, service.title, _("Tidak dilayani hari ini"), is_open=False)
    if queue.used_up:
        return Tile(service.pk, service.title, _("Nomor hari ini habis"), is_open=False)
    if queue.is_shut:
        return Tile(service.pk, service.title, _("Loket sedang ditutup"), is_open=False)
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
