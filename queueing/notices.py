"""What a board says beside its calls: announcements, opening and closing, counters that rest.

All of it changes by time as well as by events, so it is worked out for each picture anew from
what was read once for the version.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import blake2s

from django.utils.translation import gettext as _

from agencies import opening, sentences
from agencies.calendars import calendar_of
from agencies.models import Mall
from agencies.opening import Calendar, Phase, Status
from core import formats
from core.memo import briefly
from hall import announcements, closures
from hall.models import Announcement
from queueing.lines import by_number
from queueing.models import Desk
from queueing.screens import Scope, Seat, seats
from queueing.sentences import counters

SOON = timedelta(minutes=30)  # before the counters rest or close, the board says so


@dataclass(frozen=True)
class Standing:
    """What was read of a mall for one version of its screens."""

    announcements: list[Announcement]
    closed: dict[str, datetime]  # counters by number, and when each opens again
    paused: frozenset[str]  # counters whose officer is on a break
    seats: list[Seat]


@dataclass(frozen=True)
class Notices:
    """Banners stand alone; of the lines one is shown after the other."""

    banners: list[str]
    lines: list[str]

    @property
    def key(self) -> str:
        """Part of what a board knows: another text is another picture."""
        said = "\n".join([*self.banners, "", *self.lines])
        return blake2s(said.encode(), digest_size=6).hexdigest() if said else ""


NOTHING = Notices([], [])


def at(mall: Mall, scope: Scope, status: Status, *, version: int, now: datetime) -> Notices:
    """What a board of this part of the mall says at this moment."""
    standing = _standing(mall, version, status.today)
    current = [each for each in standing.announcements if each.begins_at <= now < each.ends_at]
    return Notices(
        banners=[each.said for each in current if not each.is_running],
        lines=[
            *(each.said for each in current if each.is_running),
            *_hours(status, calendar_of(mall.pk), now),
            *(_counters(standing, scope, mall, now) if status.phase == Phase.OPEN else []),
        ],
    )


@briefly(60, most=500)
def _standing(mall: Mall, version: int, on: date) -> Standing:
    """Every act that changes it raises the version, so for one version it is read once."""
    now = opening.moment(calendar_of(mall.pk), on, datetime.min.time())
    return Standing(
        announcements=list(announcements.not_over(mall.pk, now=now).filter(on_boards=True)),
        closed=closures.in_force(mall.pk, now=now),
        paused=frozenset(
            Desk.objects.filter(counter__mall=mall, on_break=True).values_list(
                "counter__number", flat=True
            )
        ),
        seats=seats(mall, on),
    )


def _hours(status: Status, calendar: Calendar, now: datetime) -> list[str]:
    """Rest and closing, and shortly before them."""
    hours = status.day.hours
    if hours is None or not status.issues_numbers:
        return []
    if status.phase == Phase.BREAK:
        return [sentences.headline(status, calendar.zone) + "."]
    rest = opening.rest(calendar, status.today)
    if rest is not None and rest[0] - SOON <= now < rest[0]:
        span = formats.clock_range(*rest, calendar.zone)
        return [_("Istirahat pukul %(time)s.") % {"time": span}]
    closes = opening.moment(calendar, status.today, hours.closes)
    if closes - SOON <= now:
        time = formats.clock(closes, calendar.zone)
        return [_("Loket tutup pukul %(time)s.") % {"time": time}]
    return []


def _counters(standing: Standing, scope: Scope, mall: Mall, now: datetime) -> list[str]:
    """The counters that do not serve now; those that come back together in one sentence."""
    away: dict[tuple[str, datetime | None], list[str]] = {}
    for seat in standing.seats:
        absence = _absence(seat, standing, now) if scope.holds(seat) else None
        if absence is not None:
            away.setdefault(absence, []).append(seat.number)
    return [
        sentence
        % {
            "counters": _capital(counters(sorted(numbers, key=by_number))),
            "time": formats.clock(until, mall.zone),
        }
        for (sentence, until), numbers in away.items()
    ]


def _absence(seat: Seat, standing: Standing, now: datetime) -> tuple[str, datetime | None] | None:
    """Why a counter does not serve, as a sentence to be filled in, and until when."""
    closed = standing.closed.get(seat.number)
    if closed is not None and closed > now:
        return _("%(counters)s ditutup sampai pukul %(time)s."), closed
    if seat.rests is not None and seat.rests[0] <= now < seat.rests[1]:
        return _("%(counters)s istirahat sampai pukul %(time)s."), seat.rests[1]
    return (_("%(counters)s istirahat."), None) if seat.number in standing.paused else None


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
