"""Draws: a seed sealed before anybody applies, a day and a night of applications, one result.

Only this module writes a draw. The result is fixed and published in one transaction; the places
are handed out after it, person by person, and until then nobody else can book on that date.
"""

import logging
import secrets
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from agencies import opening
from agencies.calendars import calendar_of
from appointments import applications, booking, drawing, people, plans, proving, slots
from appointments.application_states import Move, State
from appointments.applications import Wish
from appointments.drawing import Entry, Outcome, Places
from appointments.models import Application, Draw, Plan, Slot
from appointments.people import Person
from appointments.plans import Bookable
from appointments.refusals import NotCollecting
from appointments.states import HELD_FOR, Mode, Share
from core import vault
from core.errors import Refused
from queueing.states import Priority

log = logging.getLogger(__name__)
SEED = "draw.seed"
PUBLISHED = ("draw", "number", "priority", "wishes", "rank", "won", "won_share")


def enter(service_id: int, wish: Wish, person: Person, *, now: datetime, key: UUID) -> int:
    """Take part in the draw of a date; return the application's id.

    Raises NotCollecting before and after the applications of that date are collected, CodeNeeded,
    and what applications.begin raises.
    """

    def act() -> int:
        plan = booking.plan_of(service_id)
        draw = current(plan, wish.on, now=now)
        # The number is given while the draw is open, or not at all: nobody gets in after it.
        entered = Draw.objects.filter(pk=draw.pk, drawn_at=None) if draw else Draw.objects.none()
        if draw is None or not entered.update(applied=F("applied") + 1):
            raise NotCollecting(_("Pendaftaran undian untuk hari itu tidak dibuka sekarang."))
        draw.refresh_from_db()
        proving.refuse_unproven(proving.of_application(key), plan.offer.mall_id, person, now=now)
        place = {"draw": draw, "number": draw.applied}
        return applications.begin(Move.APPLY, plan, wish, person, now=now, **place)

    return applications.begun(f"enter {service_id} {wish.on}", key, act, now)


def collected(plan: Bookable, on: date) -> tuple[datetime, datetime]:
    """From when until when people apply for a date."""
    return slots.collected(plan.release, calendar_of(plan.offer.mall_id), on)


def current(plan: Bookable, on: date, *, now: datetime) -> Draw | None:
    """The draw of a date for which people may apply now; made with a sealed seed if need be."""
    found = Draw.objects.filter(service=plan.offer.service_id, date=on)
    draw = found.filter(opens_at__lte=now, closes_at__gt=now).first()
    return draw or open_(plan, on, now=now)


def open_(plan: Bookable, on: date, *, now: datetime) -> Draw | None:
    """Begin to collect for a date whose time it is, once; the seed is chosen and sealed here."""
    opens, closes = collected(plan, on)
    if not plan.release.by_draw or not opens <= now < closes or not plan.slots_on(on):
        return None
    seed = secrets.token_hex(32)
    draw, _created = Draw.objects.get_or_create(
        service_id=plan.offer.service_id,
        date=on,
        defaults={
            "opens_at": opens,
            "closes_at": closes,
            "commitment": drawing.commitment(seed),
            "sealed_seed": vault.seal(seed, column=SEED),
        },
    )
    return draw if draw.opens_at <= now < draw.closes_at else None


def work(*, now: datetime) -> int:
    """Open what is to be collected, draw what is closed, hand out; return how many were drawn."""
    drawn_by = Plan.objects.filter(mode=Mode.DRAW, is_active=True)
    for service_id in drawn_by.values_list("service", flat=True):
        plan = plans.bookable(service_id)
        if plan is not None:
            for on in _near(plan, now):
                open_(plan, on, now=now)
    due = Draw.objects.filter(closes_at__lte=now, done_at=None).order_by("closes_at", "pk")
    drawn = 0
    for pk in list(due.values_list("pk", flat=True)):
        try:
            drawn += draw(pk, now=now)
            hand_out(pk, now=now)
        except vault.Unreadable as error:  # one draw without its key holds up no other
            log.error("draw %s cannot be drawn: %s", pk, error)
    return drawn


@transaction.atomic
def draw(draw_id: int, *, now: datetime) -> bool:
    """Fix the result of a draw and reveal its seed; say whether this call did it."""
    rows = Draw.objects.select_for_update(of=("self",)).select_related("service__presence")
    row = rows.get(pk=draw_id)
    plan = plans.stored(row.service_id)
    is_to_come = opening.local_date(now, calendar_of(row.service.presence.mall_id).zone) < row.date
    # A service that takes no reservations for a while keeps its draw until it does.
    if row.drawn_at is not None or now < row.closes_at or (plan is None and is_to_come):
        return False
    taking_part = list(row.applications.filter(state=State.APPLIED).order_by("number"))
    entries = [entry_of(each) for each in taking_part]
    row.seed = vault.reveal(row.sealed_seed, column=SEED)
    row.digest = drawing.digest(entries)
    row.places = [[each.begins, each.priority, each.online] for each in _places(row, plan)]
    row.drawn_at = now
    row.save(update_fields=["seed", "digest", "places", "drawn_at"])
    found = {each.number: each for each in drawing.draw(row.seed, entries, places_of(row))}
    for each in taking_part:
        outcome = found[each.number or 0]
        each.rank, each.won, each.won_share = outcome.rank, outcome.begins, outcome.share
    Application.objects.bulk_update(taking_part, ["rank", "won", "won_share"], batch_size=500)
    return True


def hand_out(draw_id: int, *, now: datetime) -> int:
    """Give everybody what the draw gave them, one after the other; return how many got a place."""
    todo = Application.objects.filter(draw=draw_id, state=State.APPLIED, rank__isnull=False)
    placed = 0
    for pk in list(todo.order_by("rank").values_list("pk", flat=True)):
        with transaction.atomic():
            row = applications.locked(pk)
            if row.state == State.APPLIED:
                placed += _hand(row, now=now)
    Draw.objects.filter(pk=draw_id, drawn_at__isnull=False, done_at=None).update(done_at=now)
    return placed


def entry_of(row: Application) -> Entry:
    """An application as the published list has it."""
    return Entry(row.number or 0, row.is_priority, tuple(row.wishes))


def places_of(row: Draw) -> list[Places]:
    """The places as they were drawn for."""
    return [Places(*each) for each in row.places]


def protocol(row: Draw) -> dict[str, Any]:
    """All that anybody needs to draw again: no name, no phone, no NIK."""
    drawn = row.applications.filter(rank__isnull=False).order_by("number").only(*PUBLISHED)
    return {
        "draw": row.pk,
        "service": row.service_id,
        "date": row.date.isoformat(),
        "opens_at": row.opens_at.isoformat(),
        "closes_at": row.closes_at.isoformat(),
        "commitment": row.commitment,
        "seed": row.seed,
        "digest": row.digest,
        "places": row.places,
        "entries": [[e.number, e.is_priority, list(e.wishes)] for e in map(entry_of, drawn)],
        "outcomes": [
            [each.number, each.rank, each.won, each.won_share] for each in drawn.order_by("rank")
        ],
    }


def faults(found: dict[str, Any]) -> list[str]:
    """What is wrong with a published draw, computed again from its own seed."""
    entries = [
        Entry(number, priority, tuple(wishes)) for number, priority, wishes in found["entries"]
    ]
    places = [Places(*each) for each in found["places"]]
    outcomes = [
        Outcome(number, rank, won, None if share is None else Share(share))
        for number, rank, won, share in found["outcomes"]
    ]
    wrong = []
    if drawing.commitment(found["seed"]) != found["commitment"]:
        wrong.append(_("benihnya bukan yang disegel"))
    if drawing.digest(entries) != found["digest"]:
        wrong.append(_("daftar pemohonnya bukan yang diundi"))
    if drawing.draw(found["seed"], entries, places) != outcomes:
        wrong.append(_("benih itu memberi hasil lain"))
    return wrong


def _near(plan: Bookable, now: datetime) -> list[date]:
    """The dates that may be collected for now."""
    today = opening.local_date(now, plan.zone)
    ahead = plan.release.ahead
    return [today + timedelta(days=ahead - 1), today + timedelta(days=ahead)]


def _places(row: Draw, plan: Bookable | None) -> list[Places]:
    """What the plan still has to give on the date: what was booked before is not drawn again."""
    taken = {
        each.starts_at: each for each in Slot.objects.filter(service=row.service_id, date=row.date)
    }
    found = []
    for slot in plan.slots_on(row.date) if plan else ():
        booked = taken.get(slot.starts_at)
        less = (booked.booked_priority, booked.booked_online) if booked else (0, 0)
        free = [max(0, slot.shares.priority - less[0]), max(0, slot.shares.online - less[1])]
        found.append(Places(int(slot.starts_at.timestamp()), *free))
    return found


def _hand(row: Application, *, now: datetime) -> bool:
    if row.won is None or row.won_share is None:
        applications.apply(Move.LOSE, row, {}, now=now)
        return False
    try:
        with transaction.atomic():
            placed = _place(row, Share(row.won_share), datetime.fromtimestamp(row.won, UTC), now)
    except (Refused, vault.Unreadable) as error:
        # Booked elsewhere meanwhile, paused, or the service takes no reservations any more.
        log.warning("application %s gets no place: %s", row.pk, type(error).__name__)
        applications.apply(Move.END, row, {}, now=now)
        return False
    if placed is None:  # the office has taken the window away since
        applications.apply(Move.LOSE, row, {}, now=now)
        return False
    applications.apply(Move.WIN, row, {"booking_id": placed}, now=now)
    return True


def _place(row: Application, share: Share, starts_at: datetime, now: datetime) -> int | None:
    who: dict[str, Any] = {"priority": Priority(row.priority), "until": now + HELD_FOR, "now": now}
    held = booking.keep(row.service_id, starts_at, [share], **who)
    if held is not None:
        booking.confirm(held, people.revealed(row), now=now, key=uuid4())
    return held
