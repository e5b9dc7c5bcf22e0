"""What citizens read about malls, agencies and services: calendars, catalogue and queues joined."""

from collections import Counter as Tally
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from django.utils.translation import gettext_noop as _

from agencies import opening, sentences
from agencies.access import public_malls
from agencies.calendars import calendar_of, calendars_of
from agencies.models import Mall, Presence
from agencies.opening import Attendance
from core.memo import briefly
from queueing import figures
from queueing import sentences as said
from queueing.forecasting.ranges import Range
from services import catalogue, offers, search
from services.models import Queue

T = TypeVar("T")
# Shown in the language of the reader: the search knows the English names too.
OFTEN = (
    _("KTP"),
    _("Kartu Keluarga"),
    _("Paspor"),
    _("SIM"),
    _("Pajak kendaraan"),
    _("PBB"),
    _("BPJS"),
)
MOST_FORETOLD = 12  # open malls up to which the home foretells: each of them is played anew
LONGEST = 480  # minutes; what would take longer is no wait but a queue nobody works at
MOST_FOUND = 8  # different services a search shows
MOST_MALLS = 6  # malls named for each of them


@dataclass(frozen=True)
class MallWaits:
    """How many wait at an open mall, and how long somebody would who comes to its fullest queue."""

    waiting: int
    fullest: Range | None  # None where nobody knows
    is_staffed: bool


@dataclass(frozen=True)
class MallNow:
    """A mall with what it is doing now and how much it offers."""

    mall: Mall
    status: opening.Status
    agencies: int
    services: int
    waits: MallWaits | None = None  # only where it was asked for, and the mall is open

    @property
    def is_open(self) -> bool:
        return self.status.issues_numbers

    @property
    def headline(self) -> str:
        return sentences.headline(self.status, self.mall.zone)


@dataclass(frozen=True)
class Line:
    """A queue of an agency; its part is named where the agency has several."""

    queue: figures.QueueNow
    part: str

    @property
    def counters(self) -> str:
        return said.counters(self.queue.counters)


@dataclass(frozen=True)
class AgencyNow:
    """An agency at a mall: its queues, its services, and the next day it comes."""

    presence: Presence
    lines: list[Line]
    services: list[catalogue.Listing]
    days: str
    attends: bool
    next_day: datetime | None  # when it does not attend today


@dataclass(frozen=True)
class Offer:
    """A service found at a mall, with the state of both."""

    listing: catalogue.Listing
    at: MallNow
    queue: figures.QueueNow | None


@dataclass(frozen=True)
class Found:
    """A service by its name, and the malls that offer it."""

    offers: list[Offer]
    more: int  # malls not named

    @property
    def title(self) -> str:
        return self.offers[0].listing.title


def malls_now(*, now: datetime) -> list[MallNow]:
    """All public malls by name."""
    malls = list(public_malls())
    calendars = calendars_of(tuple(mall.pk for mall in malls))
    listings = catalogue.listings()
    services = Tally(listing.mall_id for listing in listings)
    agencies = Tally(mall for mall, _p in {(each.mall_id, each.presence_id) for each in listings})
    return [
        MallNow(mall, opening.status(calendars[mall.pk], now), agencies[mall.pk], services[mall.pk])
        for mall in malls
    ]


def malls_to_choose(*, now: datetime) -> list[MallNow]:
    """All public malls by name; the open ones with the people who wait there now."""
    malls = malls_now(now=now)
    todays = {each.mall.pk: each.status.today for each in malls if each.is_open}
    waiting = figures.waiting_in(todays)
    by_mall: dict[int, list[figures.QueueNow]] = {}
    if len(todays) <= MOST_FORETOLD:
        calendars = calendars_of(tuple(each.mall.pk for each in malls))
        queues = Queue.objects.filter(mall__in=todays)
        for queue in figures.queues_of(queues, calendars, now=now):
            by_mall.setdefault(queue.queue.mall_id, []).append(queue)
    return [
        replace(each, waits=_waits(waiting[each.mall.pk], by_mall.get(each.mall.pk)))
        if each.is_open
        else each
        for each in malls
    ]


def _waits(waiting: int, queues: list[figures.QueueNow] | None) -> MallWaits:
    """Only what somebody could join now counts; a wait past all measure is said nowhere."""
    if queues is None:
        return MallWaits(waiting, None, is_staffed=True)
    joined = [each for each in queues if each.attends and each.waiting and not each.used_up]
    known = [each.wait for each in joined if each.wait.high <= LONGEST]
    fullest = max(known, key=lambda wait: (wait.high, wait.low), default=None)
    return MallWaits(waiting, fullest, is_staffed=any(each.desks_open for each in queues))


def agencies_now(mall: Mall, *, now: datetime) -> list[AgencyNow]:
    """The agencies of a mall: those that attend today by letter, then the others by name."""
    presences = Presence.objects.select_related("agency").filter(mall=mall, is_active=True)
    queues = _by_presence(
        (queue.queue.presence_id, queue) for queue in figures.queues_now(mall, now=now)
    )
    services = _by_presence((each.presence_id, each) for each in catalogue.listings())
    found = [
        _agency_now(presence, queues.get(presence.pk, []), services.get(presence.pk, []), now)
        for presence in presences.order_by("agency__name")
    ]
    return sorted(found, key=lambda agency: (not agency.attends, _first_letter(agency)))


def _by_presence(pairs: Iterable[tuple[int, T]]) -> dict[int, list[T]]:
    found: dict[int, list[T]] = {}
    for presence_id, each in pairs:
        found.setdefault(presence_id, []).append(each)
    return found


def _first_letter(agency: AgencyNow) -> tuple[int, str]:
    letters = [line.queue.queue.letter for line in agency.lines]
    return min(((len(letter), letter) for letter in letters), default=(9, ""))  # AA after Z


def _agency_now(
    presence: Presence,
    queues: list[figures.QueueNow],
    services: list[catalogue.Listing],
    now: datetime,
) -> AgencyNow:
    calendar = calendar_of(presence.mall_id)
    attended = offers.attended_at(presence.mall_id).get(presence.pk, Attendance())
    today = opening.local_date(now, calendar.zone)
    attends = today in attended
    upcoming = None if attends else opening.next_opening(calendar, now, attended=attended)
    days = sentences.attended_days(attended, today)
    lines = [Line(queue, queue.queue.name if len(queues) > 1 else "") for queue in queues]
    return AgencyNow(presence, lines, services, days, attends, upcoming)


def hits(question: str, mall_id: int | None) -> list[search.Hit]:
    """The services that fit a question, in one mall or in all of them, best first."""
    among = None
    if mall_id is not None:
        among = {each.service_id for each in catalogue.listings() if each.mall_id == mall_id}
    return search.rank(question, catalogue.index(), among=among)


@briefly(60)
def often(mall_id: int | None) -> tuple[str, ...]:
    """Words many people search for, as far as they find something there."""
    return tuple(question for question in OFTEN if hits(question, mall_id))


def find(question: str, *, now: datetime) -> list[Found]:
    """The services of all public malls that fit a question, best first, grouped by their name."""
    asked = hits(question, None)
    malls = {each.mall.pk: each for each in malls_now(now=now)} if asked else {}
    # List and index may be older than the malls, and know what is no longer offered.
    listings = {each.service_id: each for each in catalogue.listings() if each.mall_id in malls}
    groups: dict[str, list[catalogue.Listing]] = {}
    for hit in asked:
        if (listing := listings.get(hit.id)) is not None:
            groups.setdefault(listing.name.casefold(), []).append(listing)
    best = list(groups.values())[:MOST_FOUND]
    queues = _queues_of((listing for group in best for listing in group), malls, now)
    return [
        _found([Offer(each, malls[each.mall_id], queues.get(each.queue_id)) for each in group])
        for group in best
    ]


def _queues_of(
    listings: Iterable[catalogue.Listing], malls: dict[int, MallNow], now: datetime
) -> dict[int, figures.QueueNow]:
    wanted = Queue.objects.filter(pk__in={listing.queue_id for listing in listings})
    calendars = calendars_of(tuple(malls))
    return {each.queue.pk: each for each in figures.queues_of(wanted, calendars, now=now)}


def _found(offered: list[Offer]) -> Found:
    """Open malls first, then the fewest people; only for those shown the wait is foretold."""
    ordered = sorted(offered, key=_usefulness)
    return Found(ordered[:MOST_MALLS], max(0, len(ordered) - MOST_MALLS))


def _usefulness(offer: Offer) -> tuple[bool, bool, int, str]:
    queue = offer.queue
    attends = queue is not None and queue.attends and not queue.used_up
    people = queue.waiting if queue is not None else 0
    return (not offer.at.is_open, not attends, people, offer.at.mall.name)


def nearest_agencies(question: str) -> list[str]:
    """Agencies whose names look like the question, for when nothing was found."""
    names = {listing.presence_id: listing.agency for listing in catalogue.listings()}
    nearest = search.nearest(question, names, most=12)
    return list(dict.fromkeys(names[pk] for pk in nearest))[:6]
