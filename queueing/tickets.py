"""The life of a ticket. Beside sweeps.py no other module writes a ticket, a visit or an event.

Every function is one transaction under one key: a copy of the same request changes nothing and
gets the same answer. Counter moves name the ticket they mean, so that a click on an old screen
never moves somebody else.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import User
from agencies import opening
from agencies.models import Counter
from core.idempotency import once
from queueing import admission, calling, desks, ledger, moves, telling
from queueing.models import Ticket, TicketEvent
from queueing.moves import Booked
from queueing.refusals import (
    CounterBusy,
    NotOffered,
    NotOpen,
    ReasonMissing,
    RecalledEnough,
    ReturnedAlready,
    SameQueue,
    TooLate,
    WrongState,
)
from queueing.states import (
    MAX_RECALLS,
    MAX_RETURNS,
    RETURN_BEHIND,
    UNDO_WITHIN,
    Move,
    Priority,
    Reason,
    Rule,
    State,
)
from services import offers


def issue(
    service_id: int,
    *,
    priority: Priority,
    now: datetime,
    key: UUID,
    by: User | None = None,
    on_paper: bool = False,
    booked: Booked | None = None,
) -> int:
    """Give a visitor the next number of the service's queue; return the ticket's id.

    A number given out `on_paper` keeps its place, but counts only once `confirm` says that the
    paper is in somebody's hand. Whoever has `booked` stands at the place of the reservation and
    uses up no quota. Raises NotOffered, NotOpen, AgencyAbsent, CountersClosed or QuotaUsedUp.
    """

    def act() -> int:
        offer = admission.offer(service_id)
        quota, uses = (None, 0) if booked else (offer.daily_quota, 1)
        on = admission.open_day(offer, now)
        number = ledger.take_number(
            offer.queue_id, mall_id=offer.mall_id, on=on, now=now, quota=quota, uses=uses
        )
        if number is None:
            raise admission.used_up(offer, now)
        return moves.begin(
            number,
            offer,
            visit_id=ledger.add_visit(
                offer.mall_id, now=now, contact_id=booked.contact_id if booked else None
            ),
            priority=priority,
            state=State.PRINTING if on_paper else State.WAITING,
            now=now,
            by=by,
            booked=booked,
        )

    return int(_once("issue", key, f"{service_id} {int(priority)}", act, now))


def confirm(ticket_id: int, *, now: datetime, key: UUID) -> int:
    """The paper is printed or the code scanned: the number counts, from its place on.

    Raises WrongState when it has been withdrawn meanwhile.
    """

    def act() -> int:
        moves.day_of(ticket_id)
        ticket = moves.locked(ticket_id)
        moves.apply(Move.CONFIRM, ticket, {}, now=now, since=ticket.since)
        return ticket_id

    return int(_once(f"ticket:{ticket_id}", key, "confirm", act, now))


def call_next(
    counter: Counter, *, by: User, now: datetime, key: UUID, finishing: int | None = None
) -> int | None:
    """Call the next person for a counter; return the ticket's id, or None when nobody waits.

    The queue-days stay locked from the choice to the commit, so two officers pressing at once
    get two different people, and None means that nobody waits. `finishing` ends the service of
    the ticket at the counter in the same act. Raises NotAtDesk, OnBreak, CounterClosed or
    CounterBusy.
    """

    def act() -> int | None:
        desks.lock(counter, by, calling_at=now)
        days, people = _line_of(counter, now)
        if finishing is not None:
            ticket = moves.at_counter(finishing, counter)
            moves.apply(
                Move.FINISH, ticket, moves.ended(ticket, now), now=now, by=by, counter=counter
            )
        if ledger.is_busy(counter.pk):
            raise CounterBusy(_("Selesaikan dahulu nomor yang sedang dilayani."))
        choice = calling.choose(people, days, ratio=counter.mall.priority_ratio)
        if choice is None:
            return None
        _call(choice, people, days, counter=counter, by=by, now=now)
        return choice.ticket_id

    called = _once(f"counter:{counter.pk}", key, f"call {finishing}", act, now)
    return None if called is None else int(called)


def call_out_of_order(
    ticket_id: int, *, counter: Counter, reason: Reason | None, by: User, now: datetime, key: UUID
) -> int:
    """Call somebody before their turn, for a reason from the list; counted in public.

    Raises ReasonMissing, WrongState when the person no longer waits in this counter's lines.
    """
    if reason is None:
        raise ReasonMissing(_("Pilih alasan memanggil di luar urutan."))

    def act() -> int:
        desks.lock(counter, by, calling_at=now)
        days, people = _line_of(counter, now)
        if ledger.is_busy(counter.pk):
            raise CounterBusy(_("Selesaikan dahulu nomor yang sedang dilayani."))
        if all(person.id != ticket_id for person in people):
            raise WrongState(_("Nomor itu tidak sedang menunggu di antrean loket ini."))
        proof = calling.prove(ticket_id, Rule.OUT_OF_ORDER, people)
        _call(proof, people, days, counter=counter, by=by, now=now, reason=reason)
        return ticket_id

    return int(_once(f"counter:{counter.pk}", key, f"pick {ticket_id} {reason}", act, now))


def recall(
    ticket_id: int, *, counter: Counter, by: User, now: datetime, key: UUID, slow: bool = False
) -> int:
    """Call the same number again at the same counter, three times at most; slowly if asked to."""

    def change(ticket: Ticket) -> dict[str, Any]:
        if ticket.recalls >= MAX_RECALLS:
            raise RecalledEnough(_("Nomor ini sudah dipanggil ulang tiga kali. Lewati saja."))
        return {"recalls": ticket.recalls + 1, "announced_at": now, "is_slow": slow}

    return _at_desk(Move.RECALL, ticket_id, change, counter=counter, by=by, now=now, key=key)


def serve(ticket_id: int, *, counter: Counter, by: User, now: datetime, key: UUID) -> int:
    """The person has come; the service begins."""

    def change(_ticket: Ticket) -> dict[str, Any]:
        return {"serving_at": now}

    return _at_desk(Move.SERVE, ticket_id, change, counter=counter, by=by, now=now, key=key)


def finish(ticket_id: int, *, counter: Counter, by: User, now: datetime, key: UUID) -> int:
    """The service is done."""

    def change(ticket: Ticket) -> dict[str, Any]:
        return moves.ended(ticket, now)

    return _at_desk(Move.FINISH, ticket_id, change, counter=counter, by=by, now=now, key=key)


def hold(ticket_id: int, *, counter: Counter, by: User, now: datetime, key: UUID) -> int:
    """Interrupt a service, for a copy or a payment; the counter is free meanwhile."""

    def change(ticket: Ticket) -> dict[str, Any]:
        return {"serving_at": None, **moves.served(ticket, now)}

    return _at_desk(Move.HOLD, ticket_id, change, counter=counter, by=by, now=now, key=key)


def resume(ticket_id: int, *, counter: Counter, by: User, now: datetime, key: UUID) -> int:
    """Call somebody back whose service was interrupted, without waiting again."""

    def change(ticket: Ticket) -> dict[str, Any]:
        lines = offers.lines_at(counter.pk, ticket.day.date)
        if all(line.queue_id != ticket.day.queue_id for line in lines):
            raise WrongState(_("Nomor itu bukan dari antrean loket ini."))
        if ledger.is_busy(counter.pk):
            raise CounterBusy(_("Selesaikan dahulu nomor yang sedang dilayani."))
        return {"counter": counter, "announced_at": now, "recalls": 0, "is_slow": False}

    return _at_desk(Move.RESUME, ticket_id, change, counter=counter, by=by, now=now, key=key)


def skip(ticket_id: int, *, counter: Counter, by: User, now: datetime, key: UUID) -> int:
    """The person did not come; they may come back once."""
    return _at_desk(Move.SKIP, ticket_id, lambda _t: {}, counter=counter, by=by, now=now, key=key)


def undo(ticket_id: int, *, counter: Counter, by: User, now: datetime, key: UUID) -> int:
    """Take back a mistaken call within 30 seconds; the person stands where they stood."""

    def act() -> int:
        desks.lock(counter, by)
        day_id = moves.day_of(ticket_id)
        ticket = moves.at_counter(ticket_id, counter)
        last = ticket.events.filter(move__in=[Move.CALL, Move.RESUME]).latest("version")
        if last.move != Move.CALL or now - last.at > UNDO_WITHIN:
            raise TooLate(_("Panggilan hanya dapat dibatalkan dalam 30 detik."))
        newer = TicketEvent.objects.filter(
            ticket__day=day_id, move=Move.CALL, version__gt=last.version
        )
        if last.streak is not None and not newer.exists():
            ledger.set_streak(day_id, last.streak)
        gone = {"counter": None, "called_at": None, "announced_at": None}
        changes = {**gone, "wait_seconds": 0, "recalls": 0}
        moves.apply(Move.UNDO, ticket, changes, now=now, by=by, counter=counter, since=ticket.since)
        return ticket_id

    return int(_once(f"counter:{counter.pk}", key, f"undo {ticket_id}", act, now))


def return_to_line(ticket_id: int, *, now: datetime, key: UUID, by: User | None = None) -> int:
    """Let somebody who was skipped come back once, behind three others of their class."""

    def act() -> int:
        day_id = moves.day_of(ticket_id)
        ticket = moves.locked(ticket_id)
        if ticket.returns >= MAX_RETURNS:
            raise ReturnedAlready(_("Nomor ini sudah pernah kembali. Silakan ambil nomor baru."))
        others = [
            person
            for person in ledger.waiting([day_id])
            if person.is_priority == ticket.is_priority
        ]
        since = calling.place_behind(others, behind=RETURN_BEHIND, now=now)
        changes = {"since": since, "returns": ticket.returns + 1, "counter": None}
        gone = {"called_at": None, "announced_at": None, "wait_seconds": 0}
        moves.apply(Move.RETURN, ticket, {**changes, **gone}, now=now, by=by, since=since)
        return ticket_id

    return int(_once(f"ticket:{ticket_id}", key, "return", act, now))


def cancel(ticket_id: int, *, now: datetime, key: UUID, by: User | None = None) -> int:
    """Give a place up before being called; the number stays used."""

    def act() -> int:
        moves.day_of(ticket_id)
        moves.apply(Move.CANCEL, moves.locked(ticket_id), {"ended_at": now}, now=now, by=by)
        return ticket_id

    return int(_once(f"ticket:{ticket_id}", key, "cancel", act, now))


def transfer(
    ticket_id: int, *, service_id: int, counter: Counter, by: User, now: datetime, key: UUID
) -> int:
    """Send somebody being served to another queue; return the new ticket's id.

    The visit stays the same and the wait already endured counts. Raises SameQueue, NotOffered
    (also for a service of another mall) and AgencyAbsent; a used-up quota does not stop it.
    """

    def act() -> int:
        desks.lock(counter, by)
        offer = admission.offer(service_id)
        if offer.mall_id != counter.mall_id:
            raise NotOffered(_("Layanan itu tidak ada di mal ini."))
        on = admission.attended_day(offer, now)
        number = ledger.take_number(
            offer.queue_id, mall_id=offer.mall_id, on=on, now=now, quota=None, uses=0
        )
        ticket = moves.at_counter(ticket_id, counter)
        if number is None:
            raise NotOpen(_("Antrean itu sudah ditutup."))
        if ticket.day_id == number.day_id:
            raise SameQueue(_("Layanan itu ada di antrean yang sama."))
        moves.apply(
            Move.TRANSFER, ticket, moves.ended(ticket, now), now=now, by=by, counter=counter
        )
        return moves.begin(
            number,
            offer,
            visit_id=ticket.visit_id,
            priority=Priority(ticket.priority),
            state=State.WAITING,
            now=now,
            by=by,
            came_from=ticket,
        )

    return int(_once(f"counter:{counter.pk}", key, f"transfer {ticket_id}", act, now))


def _once(scope: str, key: UUID, fingerprint: str, act: Callable[[], Any], now: datetime) -> Any:
    return once(scope, key, fingerprint, act, now=now)[0]


def _line_of(
    counter: Counter, now: datetime
) -> tuple[dict[int, calling.Line], list[calling.Waiting]]:
    """The counter's queue-days of today, locked, and everybody who waits in them."""
    on = opening.local_date(now, counter.mall.zone)
    ranks = {line.queue_id: line.rank for line in offers.lines_at(counter.pk, on)}
    days = ledger.lock_days(ranks, on)
    return ledger.lines_of(days, ranks), ledger.waiting(day.id for day in days)


def _call(
    choice: calling.Choice,
    people: list[calling.Waiting],
    days: dict[int, calling.Line],
    *,
    counter: Counter,
    by: User,
    now: datetime,
    reason: Reason | None = None,
) -> None:
    since = next(person.since for person in people if person.id == choice.ticket_id)
    waited = max(0, int((now - since).total_seconds()))
    taken = ledger.call(choice, counter_id=counter.pk, waited=waited, now=now)
    if taken is None:
        raise WrongState(_("Nomor itu baru saja dipanggil loket lain."))
    streak, ratio = days[choice.day_id].streak, counter.mall.priority_ratio
    if reason is None:
        after = calling.next_streak(streak, is_priority=choice.is_priority, ratio=ratio)
        ledger.set_streak(choice.day_id, after)
    entry = ledger.Entry(
        now,
        State.WAITING,
        State.CALLED,
        counter_id=counter.pk,
        by_id=by.pk,
        proof=choice,
        reason=reason,
        streak=streak,
        ratio=ratio,
    )
    version = ledger.write_event(
        choice.ticket_id, Move.CALL, entry, mall_id=counter.mall_id, day_id=choice.day_id
    )
    telling.of_move(Move.CALL, taken.id, taken.contact_id, version=version, now=now)


def _at_desk(
    move: Move,
    ticket_id: int,
    change: Callable[[Ticket], dict[str, Any]],
    *,
    counter: Counter,
    by: User,
    now: datetime,
    key: UUID,
) -> int:
    def act() -> int:
        desks.lock(counter, by, calling_at=now if move == Move.RESUME else None)
        # Somebody on hold is at no counter; whoever resumes takes them.
        ticket = (
            moves.locked(ticket_id) if move == Move.RESUME else moves.at_counter(ticket_id, counter)
        )
        moves.apply(move, ticket, change(ticket), now=now, by=by, counter=counter)
        return ticket_id

    return int(_once(f"counter:{counter.pk}", key, f"{move.name} {ticket_id}", act, now))
