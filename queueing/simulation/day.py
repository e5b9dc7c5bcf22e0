"""Plays one mall's day: an event loop over a heap of moments and acts.

Every act is one call of the function that a screen would call, so the figures on the screens
are figures of the same tables, and all rules hold.
"""

import logging
from datetime import date, datetime, timedelta
from functools import partial
from heapq import heapify, heappop, heappush
from itertools import count
from uuid import uuid4

from django.db.models import Max

from agencies.models import Counter, Mall
from core import sql
from queueing import forecasts, tickets
from queueing.models import Desk, Ticket, TicketEvent
from queueing.simulation import plan, staff
from queueing.simulation.plan import Fate, Hall, Person
from queueing.simulation.seat import UNLUCKY, Act, Seat
from queueing.states import State

log = logging.getLogger(__name__)
OVERTIME = timedelta(hours=3)  # nothing happens later than that after closing
LATE = timedelta(seconds=60)  # an act later than this is played at its own moment, not now
GLANCE = timedelta(seconds=3)  # how often the officers look up for people they did not expect
QUIET = (3.5, 7.5)  # seconds; a lively hall's screens stand still so long at most
EARLY = timedelta(seconds=45)  # as long as something is planned for the next moments
BITE = 40  # acts played in one go, so that a mall that catches up does not stop the others
VERSION = "SELECT version FROM queueing_board WHERE mall_id = %(mall)s"


class HallDay:
    """One mall on one day: the people who come and the officers at their counters."""

    def __init__(
        self,
        mall: Mall,
        hall: Hall,
        *,
        seed: int,
        visitors: int | None = None,
        pace: float = 1.0,
        is_lively: bool = False,
    ) -> None:
        self.mall, self.hall, self.is_lively = mall, hall, is_lively
        # Whether people are told how long they wait, as the kiosk tells them; whole days are not.
        self.foretells = False
        self.fates: dict[int, Fate] = {}
        self._heap: list[tuple[datetime, int, Act]] = []
        self._order = count()
        self._people = plan.people(hall, seed=seed, visitors=visitors, pace=pace)
        self.paces = plan.paces(hall, self._people, fastest=pace)
        self._seats = self._take_seats(seed)
        self._glanced: datetime | None = None
        self._version: int | None = None
        self._floor: datetime | None = None
        self._stirred, self._patience = (-1, hall.opens), timedelta(0)
        self._chance = plan.dice(hall.slug, hall.opens.date(), seed, "stir")

    def _take_seats(self, seed: int) -> list[Seat]:
        officers = staff.officers_of(self.mall)
        counters = Counter.objects.select_related("mall__region").in_bulk(
            [window.counter_id for window in self.hall.windows]
        )
        duties = plan.duties(self.hall, seed=seed)
        return [
            Seat(
                self,
                window,
                counters[window.counter_id],
                officers[window.counter_id],
                duty=duties[window.counter_id],
                seed=seed,
            )
            for window in self.hall.windows
        ]

    # --- planning ---------------------------------------------------------------------------

    @property
    def on(self) -> date:
        return self.hall.opens.date()

    @property
    def next_moment(self) -> datetime | None:
        """When the next act is due; None when nothing is planned any more."""
        return self._heap[0][0] if self._heap else None

    def is_over(self, now: datetime) -> bool:
        """Whether everybody has gone home."""
        return now >= self.hall.closes and not self._heap

    def plan(self, moment: datetime, act: Act) -> None:
        """Let something happen later; nothing is planned into the night."""
        if moment <= self.hall.closes + OVERTIME:
            heappush(self._heap, (moment, next(self._order), act))

    def begin(self) -> datetime:
        """Plan the day from its opening, or from where a restart found it; return that moment."""
        latest = self._latest()
        start = max(self.hall.opens, latest) if latest else self.hall.opens
        for person in self._people:
            if latest is None or person.at > latest:
                self.plan(person.at, partial(self._arrive, person))
        for seat in self._seats:
            seat.begin(start)
            if latest is not None:
                seat.recover_held(start)
        return start

    def _latest(self) -> datetime | None:
        today = TicketEvent.objects.filter(ticket__day__mall=self.mall, ticket__day__date=self.on)
        latest: datetime | None = today.aggregate(latest=Max("at"))["latest"]
        return latest

    def postpone(self, pause: timedelta) -> None:
        """After a pause everything planned happens that much later."""
        self._heap = [(moment + pause, order, act) for moment, order, act in self._heap]
        heapify(self._heap)

    # --- playing ----------------------------------------------------------------------------

    def play(self, until: datetime, *, most: int | None = None, minds_others: bool = False) -> int:
        """Play what is due until then, each act at its own moment; return how many acts.

        With `minds_others` nothing happens before something that somebody real has just done.
        """
        played = 0
        while self._heap and self._heap[0][0] <= until and (most is None or played < most):
            moment, _order, act = heappop(self._heap)
            act(self._after_others(moment, until) if minds_others else moment)
            self._version = self._version_now() if minds_others else None
            played += 1
        return played

    def _after_others(self, moment: datetime, until: datetime) -> datetime:
        if self._version is not None and self._version_now() != self._version:
            self._floor = until
        return max(moment, self._floor) if self._floor else moment

    def _version_now(self) -> int:
        found = sql.row(VERSION, mall=self.mall.pk)
        return int(found[0]) if found else 0

    def step(self, now: datetime) -> bool:
        """Play what is due now; say whether the day has caught up with the clock."""
        if self._heap and self._heap[0][0] < now - LATE:
            self.play(now, most=BITE, minds_others=True)
            return False
        self._version = self._floor = None
        self._glance(now)
        while self._heap and self._heap[0][0] <= now:
            heappop(self._heap)[2](now)
        if self.is_lively:
            self._stir(now)
        return True

    def _stir(self, now: datetime) -> None:
        """After some seconds in which nothing has changed on the screens, somebody is early."""
        version = self._version_now()
        if version != self._stirred[0]:
            self._stirred = (version, now)
        elif now - self._stirred[1] >= self._patience:
            for _early in range(BITE):
                if not self._heap or self._heap[0][0] > now + EARLY:
                    break
                heappop(self._heap)[2](now)
                if self._version_now() != version:
                    break
            self._stirred = (self._version_now(), now)
            self._patience = timedelta(seconds=self._chance.uniform(*QUIET))

    def _glance(self, now: datetime) -> None:
        """See who really sits where, and people whom the simulation did not send."""
        if self._glanced is not None and now - self._glanced < GLANCE:
            return
        self._glanced = now
        seated = dict(
            Desk.objects.filter(counter__mall=self.mall).values_list("counter_id", "officer_id")
        )
        for seat in self._seats:
            seat.watch(seated.get(seat.counter.pk), now)
        waiting = Ticket.objects.filter(day__mall=self.mall, day__date=self.on, state=State.WAITING)
        for queue_id in waiting.values_list("day__queue", flat=True).distinct():
            if not any(s.is_coming and queue_id in s.window.queue_ids for s in self._seats):
                self.wake(queue_id, now)

    def wake(self, queue_id: int, now: datetime) -> None:
        """Let one idle officer of that queue look up."""
        for seat in self._seats:
            if seat.is_idle and queue_id in seat.window.queue_ids:
                seat.wake(now)
                return

    # --- what the people themselves do --------------------------------------------------------

    def _arrive(self, person: Person, now: datetime) -> None:
        try:
            ticket_id = tickets.issue(
                person.service_id, priority=person.priority, now=now, key=uuid4()
            )
        except UNLUCKY as error:
            log.debug("no number: %s", error)
            return
        self.fates[ticket_id] = person.fate
        if self.foretells:
            forecasts.promise(Ticket.objects.with_names().get(pk=ticket_id), now=now)
        if person.fate.leaves_after is not None:
            self.plan(now + person.fate.leaves_after, partial(self._give_up, ticket_id))
        queues = {s.service_id: s.queue_id for s in self.hall.services}
        self.wake(queues[person.service_id], now)

    def _give_up(self, ticket_id: int, now: datetime) -> None:
        try:
            tickets.cancel(ticket_id, now=now, key=uuid4())
        except UNLUCKY as error:
            log.debug("stays: %s", error)

    def gone(self, ticket_id: int, now: datetime) -> None:
        """Somebody was not there when called; perhaps they come back."""
        fate = self.fates.get(ticket_id)
        if fate is None:
            return
        self.fates[ticket_id] = Fate(work=fate.work)
        if fate.comes_back is not None and now + fate.comes_back < self.hall.closes:
            self.plan(now + fate.comes_back, partial(self._come_back, ticket_id))

    def _come_back(self, ticket_id: int, now: datetime) -> None:
        try:
            tickets.return_to_line(ticket_id, now=now, key=uuid4())
        except UNLUCKY as error:
            log.debug("stays away: %s", error)
            return
        queue_id = Ticket.objects.values_list("day__queue", flat=True).get(pk=ticket_id)
        self.wake(queue_id, now)
