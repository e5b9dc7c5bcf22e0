"""A small hall for tests: one mall in one zone, one agency, one queue, one service, counters."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from model_bakery import baker

from accounts.models import User
from accounts.roles import Role
from agencies.models import (
    Agency,
    Assignment,
    Counter,
    CounterDay,
    Mall,
    OpeningHours,
    Presence,
    Region,
)
from agencies.opening import Attendance, Stay
from core import memo
from queueing import desks, tickets
from queueing.models import Ticket
from queueing.states import Priority
from services.models import CounterQueue, Queue, Service

WIB = ZoneInfo("Asia/Jakarta")
MONDAY = date(2026, 3, 9)


def at(hour: int, minute: int = 0, second: int = 0, *, on: date = MONDAY, zone=WIB) -> datetime:
    """A local moment of the test Monday."""
    return datetime.combine(on, time(hour, minute, second), tzinfo=zone)


def attending(*weekdays: int, since: date = date.min, until: date | None = None) -> Attendance:
    """Somebody who is there on these weekdays, from one date to another."""
    return Attendance(tuple(Stay(weekday, since, until) for weekday in weekdays))


def key() -> UUID:
    return uuid4()


@dataclass
class Hall:
    mall: Mall
    presence: Presence
    queue: Queue
    service: Service
    counters: list[Counter]
    officers: list[User]
    extra: dict = field(default_factory=dict)

    @property
    def counter(self) -> Counter:
        return self.counters[0]

    @property
    def officer(self) -> User:
        return self.officers[0]

    def issue(self, *, now: datetime | None = None, priority=Priority.NONE, service=None) -> int:
        wanted = (service or self.service).pk
        return tickets.issue(wanted, priority=priority, now=now or at(9), key=key())

    def call(self, *, now: datetime | None = None, seat: int = 0) -> int | None:
        """The officer at that seat calls the next person."""
        counter, officer = self.counters[seat], self.officers[seat]
        return tickets.call_next(counter, by=officer, now=now or at(9), key=key())

    def act(self, move, ticket_id: int, *, now: datetime | None = None, seat: int = 0, **extra):
        """One of tickets.recall, serve, finish, … by the officer at that seat."""
        counter, officer = self.counters[seat], self.officers[seat]
        return move(ticket_id, counter=counter, by=officer, now=now or at(9), key=key(), **extra)

    def done(self, ticket_id: int, *, now: datetime | None = None, seat: int = 0) -> None:
        """Serve and finish somebody who has been called."""
        self.act(tickets.serve, ticket_id, now=now, seat=seat)
        self.act(tickets.finish, ticket_id, now=now, seat=seat)


def make_hall(*, counters: int = 1, zone: str = "Asia/Jakarta", slug: str = "mpp-uji") -> Hall:
    """A hall that is open on weekdays 08:00–15:00 with a break, its officers at their desks."""
    region = baker.make(Region, code=_code(), name="Kabupaten Uji", zone=zone)
    mall = baker.make(
        Mall,
        region=region,
        slug=slug,
        name=f"Mal Pelayanan Publik {slug}",
        short_name="MPP Uji",
        stage=Mall.Stage.INAUGURATED,
        organiser="DPMPTSP Kabupaten Uji",
    )
    hours = {"opens": time(8), "closes": time(15)}
    rest = {"break_from": time(12), "break_until": time(13)}
    OpeningHours.objects.bulk_create(
        OpeningHours(mall=mall, weekday=weekday, **hours, **rest) for weekday in range(5)
    )
    presence = make_presence(mall)
    queue = make_queue(presence, "A")
    service = make_service(queue)
    hall = Hall(mall, presence, queue, service, [], [])
    for _seat in range(counters):
        add_counter(hall)
    memo.clear_all()
    return hall


def make_presence(mall: Mall, name: str = "Dinas Uji") -> Presence:
    agency = baker.make(Agency, name=name, short_name=name, slug=f"dinas-{uuid4().hex[:8]}")
    return baker.make(
        Presence,
        mall=mall,
        agency=agency,
        board_name=name,
        place="Lantai 1",
        basis=Presence.Basis.DECREE,
    )


def make_queue(presence: Presence, letter: str, *, quota: int | None = None) -> Queue:
    return baker.make(
        Queue,
        mall=presence.mall,
        presence=presence,
        letter=letter,
        name=f"Antrean {letter}",
        daily_quota=quota,
    )


def make_service(queue: Queue, name: str = "Layanan Uji") -> Service:
    return baker.make(
        Service,
        presence=queue.presence,
        queue=queue,
        code=f"layanan-{uuid4().hex[:8]}",
        name=name,
        minutes=10,
        requirements=[{"text": "KTP-el", "note": "Asli"}],
    )


def make_officer(presence: Presence, role: Role = Role.COUNTER_OFFICER) -> User:
    officer = User.objects.create_user(f"petugas-{uuid4().hex[:8]}", password=None)
    baker.make(Assignment, user=officer, role=role, mall=presence.mall, agency=presence.agency)
    return officer


def add_counter(
    hall: Hall, *, queues: list[Queue] | None = None, since: datetime | None = None
) -> Counter:
    """One more counter serving the hall's queue (or those given), with an officer at it."""
    number = str(len(hall.counters) + 1)
    counter = baker.make(Counter, mall=hall.mall, number=number, place="Lantai 1")
    CounterDay.objects.bulk_create(
        CounterDay(counter=counter, presence=hall.presence, weekday=weekday) for weekday in range(5)
    )
    for queue in queues or [hall.queue]:
        baker.make(CounterQueue, counter=counter, queue=queue, rank=None)
    officer = make_officer(hall.presence)
    memo.clear_all()
    desks.open_(counter, by=officer, now=since or at(8))
    hall.counters.append(counter)
    hall.officers.append(officer)
    return counter


def ticket(pk: int | None) -> Ticket:
    return Ticket.objects.select_related("day__queue").get(pk=pk)


def later(moment: datetime, **delta: float) -> datetime:
    return moment + timedelta(**delta)


def _code() -> str:
    return f"32.{Region.objects.count() + 10:02d}"
