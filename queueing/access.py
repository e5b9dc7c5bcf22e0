"""The gates to tickets: by the token in the link, or from the counter that serves the queue."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest

from accounts.models import User
from accounts.roles import Act
from agencies import access as counters
from agencies import opening
from agencies.models import Counter, Mall, Presence, Zone, held_on, in_use
from core import sql
from core.memo import briefly
from hall import access as screens
from hall.models import Device
from notifications.models import Contact
from queueing import lines
from queueing.models import PrintJob, Ticket, Visit
from queueing.states import State
from services import offers

LINK = """
    SELECT token FROM queueing_visit
    WHERE id = (SELECT visit_id FROM queueing_ticket WHERE id = %(ticket)s)"""
# A thousand phones ask it with every call: made by the ORM it would cost half of their page.
NEWEST = """
    SELECT ticket.*,
        (SELECT MIN(version) FROM queueing_ticketevent WHERE ticket_id = ticket.id) AS made_version,
        EXISTS (SELECT 1 FROM queueing_forecast WHERE ticket_id = ticket.id) AS is_foretold,
        (SELECT contact_id FROM queueing_visit WHERE id = ticket.visit_id) AS contact_id
    FROM queueing_ticket AS ticket WHERE ticket.visit_id = %s ORDER BY ticket.id DESC LIMIT 1"""


@dataclass(frozen=True)
class Floor:
    """What somebody runs of a mall: all of it, or the counters that some agencies have."""

    mall: Mall
    presences: frozenset[int]
    is_whole: bool

    def counters(self, *, now: datetime) -> QuerySet[Counter]:
        """The counters of today within it."""
        today = opening.local_date(now, self.mall.zone)
        active = Counter.objects.select_related("mall__region").filter(
            in_use(today), mall=self.mall
        )
        if self.is_whole:
            return active
        return active.filter(held_on(today, "days"), days__presence__in=self.presences)

    def counter(self, pk: int, *, now: datetime) -> Counter:
        """One of them."""
        found = self.counters(now=now).filter(pk=pk).first()
        if found is None:
            raise Http404
        return found


@dataclass(frozen=True)
class Held:
    """What a link opens: a visit to a mall. It never changes."""

    id: int
    mall_id: int

    @property
    def mall(self) -> Mall:
        return counters.mall_called(self.mall_id)


@dataclass(frozen=True)
class Shown:
    """A ticket for its own screen, the version that made it, and whether its wait was foretold."""

    ticket: Ticket
    made: int
    is_foretold: bool
    contact_id: int | None  # of whoever wants to be told of it


def visit(token: str) -> Held:
    """A visit for whoever holds its link."""
    found = _visit_called(token)
    if found is None:
        raise Http404
    return found


@briefly(600)
def _visit_called(token: str) -> Held | None:
    # A link is handed out only once its visit exists: one that opens nothing stays so.
    found = Visit.objects.filter(token=token).values_list("pk", "mall_id").first()
    return Held(*found) if found else None


def contact_of(held: Held) -> Contact | None:
    """Whoever wants to be told of a visit; asked anew, as people change their minds."""
    mine = Visit.objects.filter(pk=held.id).values("contact")
    return Contact.objects.filter(pk__in=mine).first()


def token_of(ticket_id: int) -> str:
    """The link's token of a ticket just issued."""
    return str(sql.rows(LINK, ticket=ticket_id)[0][0])


def shown_ticket(visit_id: int, *, version: int) -> Shown:
    """The newest ticket of a visit for its own screen.

    What many share with it comes from memory, at least as new as `version`.
    """
    found = next(iter(Ticket.objects.raw(NEWEST, [visit_id])), None)
    if found is None:
        raise Http404
    found.day = lines.day_of(found.day_id, version)
    found.service = offers.service_called(found.service_id)
    if found.counter_id is not None:
        found.counter = counters.counter_called(found.counter_id)
    if found.came_from_id is not None:
        found.came_from = Ticket.objects.select_related("day__queue").get(pk=found.came_from_id)
    drawn = vars(found)
    is_foretold = bool(drawn["is_foretold"])
    return Shown(found, drawn["made_version"], is_foretold, drawn["contact_id"])


def own_ticket(token: str) -> Ticket:
    """The newest ticket of a visit for whoever holds its link."""
    tickets = Ticket.objects.with_names().select_related("came_from__day__queue", "forecast")
    found = tickets.filter(visit__token=token).order_by("-pk").first()
    if found is None:
        raise Http404
    return found


def served_by(user: User, *, now: datetime) -> QuerySet[Presence]:
    """The agencies at whose counters somebody works: they may say that a document is ready."""
    found = counters.presences_for(user, Act.WORK_COUNTER, on=workday(now))
    return found.filter(is_active=True).order_by("mall", "board_name")


def served_ticket_for(user: User, pk: int, *, now: datetime) -> Ticket:
    """A ticket of one of these agencies."""
    tickets = Ticket.objects.with_names().filter(service__presence__in=served_by(user, now=now))
    found = tickets.filter(pk=pk, state=State.DONE).first()
    if found is None:
        raise Http404
    return found


def kiosk_of(request: HttpRequest, mall: Mall) -> Device | None:
    """The enrolled kiosk of this mall that asks; None for every other screen."""
    found = screens.device_of(request)
    is_kiosk = found is not None and found.kind == Device.Kind.KIOSK
    return found if found is not None and is_kiosk and found.mall_id == mall.pk else None


def printer_of(request: HttpRequest) -> Device:
    """The enrolled printer that asks, for its kiosk."""
    found = screens.device_of(request)
    if found is None or found.kind != Device.Kind.PRINTER or found.kiosk_id is None:
        raise Http404
    return found


def print_job(printer: Device, token: str) -> PrintJob:
    """What a printer's kiosk asked it to print, for the printer itself."""
    jobs = PrintJob.objects.filter(kiosk=printer.kiosk_id, ticket__visit__token=token)
    found = jobs.select_related("ticket").order_by("-pk").first()
    if found is None:
        raise Http404
    return found


def workday(now: datetime) -> date:
    """The day on which an assignment counts where no mall is meant: that of the capital."""
    return opening.local_date(now, ZoneInfo(Zone.WIB))


def counter_for(user: User, pk: int, *, now: datetime) -> Counter:
    """A counter to work at, on what is today at its mall."""
    counter = counters.counter_called(pk)
    if counter is None:
        raise Http404
    if not counters.may_work_at(user, counter, on=opening.local_date(now, counter.mall.zone)):
        raise Http404
    return counter


def counters_for(user: User, *, now: datetime) -> list[Counter]:
    """All counters to work at, each on what is today at its mall."""
    zones: dict[date, list[str]] = {}
    for zone in Zone.values:
        zones.setdefault(opening.local_date(now, ZoneInfo(zone)), []).append(zone)
    return [
        counter
        for on, there in zones.items()
        for counter in counters.counters_for(user, on=on).filter(mall__region__zone__in=there)
    ]


def floors_for(user: User, *, now: datetime) -> list[Mall]:
    """The malls in which the user runs the floor, or some counters of it."""
    run = counters.presences_for(user, Act.RUN_FLOOR, on=workday(now))
    whole = counters.whole_malls_for(user, Act.RUN_FLOOR, on=workday(now))
    found = Mall.objects.filter(Q(presences__in=run) | Q(pk__in=whole)).select_related("region")
    return list(found.distinct().order_by("name"))


def floor_for(user: User, slug: str, *, now: datetime) -> Floor:
    """The floor of a mall, as far as the user runs it."""
    on = workday(now)
    run = counters.presences_for(user, Act.RUN_FLOOR, on=on).filter(mall__slug=slug)
    presences: list[Presence] = list(run.filter(is_active=True))
    mall = counters.whole_malls_for(user, Act.RUN_FLOOR, on=on).filter(slug=slug).first()
    if mall is None and not presences:
        raise Http404
    ids = frozenset(presence.pk for presence in presences)
    return Floor(mall or presences[0].mall, ids, is_whole=mall is not None)


def ticket_at(counter: Counter, pk: int, *, now: datetime) -> Ticket:
    """A ticket of today in one of the counter's queues, or at the counter since one was its own."""
    on = opening.local_date(now, counter.mall.zone)
    queues = [line.queue_id for line in offers.lines_at(counter.pk, on)]
    own = Q(day__queue__in=queues) | Q(counter=counter)
    found = Ticket.objects.filter(own, pk=pk, day__date=on).first()
    if found is None:
        raise Http404
    return found


def offer_at(mall: Mall, service_id: int) -> offers.Offer:
    """A service offered at this mall."""
    found = offers.offer_of(service_id)
    if found is None or found.mall_id != mall.pk:
        raise Http404
    return found


def key_of(value: str) -> UUID:
    """The key of a form; a broken one is no key of ours."""
    try:
        return UUID(value)
    except ValueError:
        raise Http404 from None
