"""What agencies promised against what they kept: days, counters, hours and staff. It only reads.

Promised is what the term in force says, on the days the mall was open; for an agency without one
it is the days its counters were given to it by decree. Kept is what happened at the counters,
since the mall gives out its numbers here.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from statistics import mean

from django.db.models import Min
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from agencies import opening
from agencies.calendars import HISTORY, calendar_of
from agencies.models import CounterDay, Mall, Term
from agencies.opening import Calendar, Hours
from agencies.terms import Promise
from onboarding.agreements import promises
from onboarding.staff import attendance
from onboarding.staff.attendance import Kept
from queueing.models import QueueDay

DAY = timedelta(days=1)
TENTH = Decimal("0.1")
LATELY = 30  # days before today that a list of agencies looks back on


@dataclass(frozen=True)
class Promised:
    """What was promised for one day; staff None where nothing was said of it."""

    counters: int
    opens: time
    closes: time
    minutes: int  # without the break of the mall
    staff: int | None


@dataclass(frozen=True)
class Day:
    """A day before today, what was promised for it and what was kept; either may be missing."""

    on: date
    promised: Promised | None
    kept: Kept | None
    minutes: int  # from the first act to the last, without the break


@dataclass(frozen=True)
class Pair:
    """Means of what was kept and what was promised, on the days on which both are known."""

    kept: Decimal
    promised: Decimal


@dataclass(frozen=True)
class Record:
    """The days of one agency in a period."""

    days: tuple[Day, ...]

    @property
    def promised(self) -> int:
        """How many days were promised."""
        return sum(day.promised is not None for day in self.days)

    @property
    def attended(self) -> int:
        """On how many of them somebody was there."""
        return len(self._both())

    @property
    def extra(self) -> int:
        """On how many other days somebody was there too."""
        return sum(day.promised is None for day in self.days)

    @property
    def percent(self) -> Decimal | None:
        """The share of promised days that were kept; None where none was promised."""
        if not self.promised:
            return None
        return _tenth(Decimal(100 * self.attended) / self.promised)

    @property
    def counters(self) -> Pair | None:
        return _pair([(kept.counters, said.counters) for _day, said, kept in self._both()])

    @property
    def hours(self) -> Pair | None:
        both = self._both()
        return _pair([(_hours(day.minutes), _hours(said.minutes)) for day, said, _kept in both])

    @property
    def staff(self) -> Pair | None:
        both = ((kept.officers, said.staff) for _day, said, kept in self._both())
        return _pair([(seen, said) for seen, said in both if said is not None])

    @property
    def sentence(self) -> str:
        """How an agency kept its word: "Hadir 18 dari 20 hari, 2 dari 2 loket"."""
        if not self.promised:
            return _("Tidak ada hari hadir yang dijanjikan dalam masa ini.")
        said = [
            _("Hadir %(kept)d dari %(promised)d hari")
            % {"kept": self.attended, "promised": self.promised}
        ]
        parts = (
            (self.counters, _("%(kept)s dari %(promised)s loket")),
            (self.hours, _("%(kept)s dari %(promised)s jam")),
            (self.staff, _("%(kept)s dari %(promised)s petugas")),
        )
        said += [words % _written(pair) for pair, words in parts if pair is not None]
        return ", ".join(said) + "."

    def _both(self) -> list[tuple[Day, Promised, Kept]]:
        return [(day, day.promised, day.kept) for day in self.days if day.promised and day.kept]


def of(mall: Mall, presences: Collection[int], first: date, last: date) -> dict[int, Record]:
    """How each of these agencies of a mall kept its word from one date to another, both included.

    The last must be before today. As many queries for one agency and a day as for many.
    """
    found: dict[int, list[Day]] = {pk: [] for pk in presences}
    begun = _begun(mall)
    if begun is None or begun > last:
        return {pk: Record(()) for pk in presences}
    first = max(first, begun)
    said = _Said(presences, first, last)
    happened = attendance.kept(presences, first, last)
    calendar = calendar_of(mall.pk)
    for ahead in range((last - first).days + 1):
        on = first + ahead * DAY
        hours = opening.day(calendar, on).hours
        for pk in presences:
            promised, kept = said.on(pk, on, hours) if hours else None, happened.get((pk, on))
            if promised is not None or kept is not None:
                found[pk].append(Day(on, promised, kept, _worked(calendar, on, kept)))
    return {pk: Record(tuple(days)) for pk, days in found.items()}


def _begun(mall: Mall) -> date | None:
    """Since when a mall gives out its numbers here; before that nobody could be seen."""
    first: date | None = QueueDay.objects.filter(mall=mall).aggregate(first=Min("date"))["first"]
    return first


@dataclass(frozen=True)
class Period:
    """A week or a month, as far as it is over; last None where none of it is."""

    first: date
    ends: date
    last: date | None
    is_week: bool

    @property
    def before(self) -> date:
        """A day of the period before this one."""
        return self.first - DAY

    @property
    def after(self) -> date:
        """The first day of the period after this one."""
        return self.ends + DAY


def week(on: date, *, today: date) -> Period:
    """The week from Monday to Sunday that a day lies in."""
    begins = on - on.weekday() * DAY
    return _period(begins, begins + 6 * DAY, today, is_week=True)


def month(on: date, *, today: date) -> Period:
    """The month that a day lies in."""
    begins = on.replace(day=1)
    ends = (begins + 31 * DAY).replace(day=1) - DAY
    return _period(begins, ends, today, is_week=False)


def _period(begins: date, ends: date, today: date, *, is_week: bool) -> Period:
    last = min(ends, today - DAY)
    return Period(begins, ends, last if last >= begins else None, is_week)


def is_known(on: date, *, today: date) -> bool:
    """Whether the calendars still know on which days the malls were open then."""
    return today - HISTORY * DAY <= on <= today


def lately(today: date) -> tuple[date, date]:
    """The days that a list of agencies looks back on."""
    return today - LATELY * DAY, today - DAY


class _Said:
    """What each agency had promised on a date."""

    def __init__(self, presences: Collection[int], first: date, last: date) -> None:
        self.reigns = promises.timelines(presences)
        wanted = {each.term_id for reigns in self.reigns.values() for each in reigns}
        self.terms = Term.objects.in_bulk(wanted)
        rows = CounterDay.objects.filter(presence__in=presences, term=None, from_date__lte=last)
        self.decreed: dict[tuple[int, int], list[CounterDay]] = {}
        for row in rows.exclude(until_date__lt=first):
            self.decreed.setdefault((row.presence_id, row.weekday), []).append(row)

    def on(self, presence_id: int, on: date, hours: Hours) -> Promised | None:
        reign = next((each for each in self.reigns[presence_id] if each.covers(on)), None)
        if reign is not None:
            return self._by_term(reign, on, hours)
        rows = self.decreed.get((presence_id, on.weekday()), [])
        held = {
            row.counter_id
            for row in rows
            if row.from_date <= on and (row.until_date is None or on <= row.until_date)
        }
        return _promised(len(held), hours, hours.opens, hours.closes, None) if held else None

    def _by_term(self, reign: Promise, on: date, hours: Hours) -> Promised | None:
        if on.weekday() not in reign.weekdays:
            return None
        term = self.terms[reign.term_id]
        # Nobody can be at a counter while the mall is closed: shorter hours are shorter for all.
        opens = max(term.opens or hours.opens, hours.opens)
        closes = min(term.closes or hours.closes, hours.closes)
        return _promised(len(reign.counters), hours, opens, closes, term.staff)


def _promised(
    counters: int, hours: Hours, opens: time, closes: time, staff: int | None
) -> Promised:
    minutes = max(_minute(closes) - _minute(opens), 0)
    minutes -= _rest(hours, _minute(opens), _minute(closes))
    return Promised(counters, opens, closes, minutes, staff)


def _worked(calendar: Calendar, on: date, kept: Kept | None) -> int:
    """The minutes from the first act to the last, at the clock of the mall, without the break."""
    if kept is None:
        return 0
    first, last = (_local_minute(calendar, moment) for moment in (kept.first, kept.last))
    hours = opening.day(calendar, on).hours
    return last - first - (_rest(hours, first, last) if hours else 0)


def _rest(hours: Hours, first: int, last: int) -> int:
    """How much of the break of the mall lies between two minutes of a day."""
    if hours.break_from is None or hours.break_until is None:
        return 0
    return max(min(_minute(hours.break_until), last) - max(_minute(hours.break_from), first), 0)


def _local_minute(calendar: Calendar, moment: datetime) -> int:
    return _minute(moment.astimezone(calendar.zone).time())


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _hours(minutes: int) -> Decimal:
    return Decimal(minutes) / 60


def _pair(both: Sequence[tuple[Decimal | int, Decimal | int]]) -> Pair | None:
    if not both:
        return None
    kept, promised = (mean(Decimal(each) for each in column) for column in zip(*both, strict=True))
    return Pair(_tenth(kept), _tenth(promised))


def _tenth(value: Decimal) -> Decimal:
    return value.quantize(TENTH, ROUND_HALF_UP)


def _written(pair: Pair) -> Mapping[str, str]:
    return {name: written(value) for name, value in vars(pair).items()}


def written(value: Decimal) -> str:
    """A figure with one digit after the comma where it is not whole."""
    return number_format(value, decimal_pos=0 if value == value.to_integral_value() else 1)
