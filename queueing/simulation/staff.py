"""A mall's day and its simulated officers, read from (and made in) the database."""

from datetime import date

from django.contrib.auth.hashers import make_password
from django.db.models import F

from accounts.models import User
from accounts.roles import Role
from agencies import opening
from agencies.calendars import calendar_of
from agencies.models import Assignment, Counter, CounterDay, Mall, held_on, in_use
from queueing.simulation.plan import Hall, Offered, Window
from services.models import CounterQueue, Service

PREFIX = "simulasi-"


def hall_of(mall: Mall, on: date) -> Hall | None:
    """The mall's day as the plan wants it, or None when it is closed."""
    calendar = calendar_of(mall.pk)
    hours = opening.day(calendar, on).hours
    if hours is None:
        return None
    windows = _windows(mall, on, calendar)
    return Hall(
        slug=mall.slug,
        opens=opening.moment(calendar, on, hours.opens),
        closes=opening.moment(calendar, on, hours.closes),
        rest=opening.rest(calendar, on),
        services=_services(mall, {queue for window in windows for queue in window.queue_ids}, on),
        windows=windows,
    )


def _windows(mall: Mall, on: date, calendar: opening.Calendar) -> tuple[Window, ...]:
    rows = (
        CounterQueue.objects.filter(
            held_on(on, "counter__days"),
            in_use(on, "counter"),
            in_use(on, "queue"),
            counter__mall=mall,
            counter__days__presence=F("queue__presence"),
            queue__presence__is_active=True,
        )
        .order_by("counter", "queue")
        .values_list("counter_id", "counter__number", "queue__presence_id", "queue_id")
    )
    served: dict[tuple[int, str, int], set[int]] = {}
    for counter_id, number, presence_id, queue_id in rows:
        served.setdefault((counter_id, number, presence_id), set()).add(queue_id)
    rota = CounterDay.objects.on(on).filter(counter__mall=mall, break_from__isnull=False)
    rests = {
        counter: (opening.moment(calendar, on, begins), opening.moment(calendar, on, ends))
        for counter, begins, ends in rota.values_list("counter", "break_from", "break_until")
        if begins is not None and ends is not None
    }
    return tuple(
        Window(*counter, frozenset(queues), rests.get(counter[0]))
        for counter, queues in served.items()
    )


def _services(mall: Mall, queue_ids: set[int], on: date) -> tuple[Offered, ...]:
    rows = (
        Service.objects.offered()
        .filter(in_use(on), presence__mall=mall, queue__in=queue_ids)
        .order_by("queue__letter", "code")
        .values_list("pk", "queue_id", "code", "minutes", "queue__daily_quota")
    )
    return tuple(Offered(*row) for row in rows)


def officers_of(mall: Mall) -> dict[int, User]:
    """One officer for each counter, made when missing; nobody can sign in as one of them."""
    numbers = dict(Counter.objects.filter(mall=mall).values_list("pk", "number"))
    names = {pk: f"{PREFIX}{mall.slug}-{number}" for pk, number in numbers.items()}
    User.objects.bulk_create(
        [
            User(
                username=names[pk],
                first_name=f"Petugas Simulasi {number}",
                password=make_password(None),
            )
            for pk, number in numbers.items()
        ],
        ignore_conflicts=True,
    )
    users = {user.username: user for user in User.objects.filter(username__in=names.values())}
    officers = {pk: users[name] for pk, name in names.items()}
    agencies = CounterDay.objects.filter(counter__mall=mall, presence__is_active=True)
    held = set(agencies.values_list("counter_id", "presence__agency_id"))
    Assignment.objects.bulk_create(
        [
            Assignment(
                user=officers[counter_id],
                role=Role.COUNTER_OFFICER,
                mall=mall,
                agency_id=agency_id,
            )
            for counter_id, agency_id in sorted(held)
        ],
        ignore_conflicts=True,
    )
    return officers
