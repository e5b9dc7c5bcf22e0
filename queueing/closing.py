"""Closing a counter from its own console: until when, and who need not ask first.

How a closure lives is told in hall/closures.py; this is what an officer chooses of it.
"""

from datetime import datetime, time, timedelta

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Act
from agencies import access, opening
from agencies.calendars import calendar_of
from agencies.models import Counter
from hall import closures
from hall.models import Closure
from queueing.models import Desk
from queueing.refusals import NotAtDesk, ReasonMissing

MINUTES = (15, 30, 60)
END_OF_DAY = "hari-ini"


def decides(user: User, counter: Counter, *, now: datetime) -> bool:
    """Whether the user closes this counter at once, as a supervisor, or asks for it."""
    on = opening.local_date(now, counter.mall.zone)
    return access.may_at(user, Act.RUN_FLOOR, counter, on=on)


def ends(counter: Counter, *, now: datetime) -> dict[str, datetime]:
    """When a counter that closes now may open again, by the word that stands for it in the form.

    Whole minutes, so that it opens exactly when the screen says so.
    """
    minute = now.replace(second=0, microsecond=0)
    soon = {str(count): minute + timedelta(minutes=count) for count in MINUTES}
    return {**soon, END_OF_DAY: end_of_day(calendar_of(counter.mall_id), now)}


def end_of_day(calendar: opening.Calendar, now: datetime) -> datetime:
    """When the mall closes today; midnight, when it is closed already."""
    today = opening.local_date(now, calendar.zone)
    hours = opening.day(calendar, today).hours
    closes = opening.moment(calendar, today, hours.closes) if hours else now
    return closes if closes > now else opening.moment(calendar, today + timedelta(1), time.min)


def close(
    counter: Counter, *, reason: Closure.Reason | None, until: str, by: User, now: datetime
) -> Closure:
    """Close the counter, or ask the supervisor to, for a reason and a time of the lists.

    Raises ReasonMissing, UntilTooLate for no time of the list, ClosedAlready, NotAtDesk when a
    colleague sits there.
    """
    if reason is None:
        raise ReasonMissing(_("Pilih alasan menutup loket."))
    is_supervisor = decides(by, counter, now=now)
    if not is_supervisor and _officer_at(counter) not in {None, by.pk}:
        raise NotAtDesk(_("Loket ini dijaga petugas lain. Hanya ia atau penyelia yang menutupnya."))
    act = closures.close if is_supervisor else closures.request
    return act(counter, reason=reason, until=ends(counter, now=now).get(until, now), by=by, now=now)


def end(closure: Closure, *, by: User, now: datetime) -> None:
    """Open the counter before its time, or take the request back.

    Whoever closed it or asked for it may, and a supervisor; whoever sits there only where it was
    asked for, not where a supervisor closed it at once. Raises NotAtDesk.
    """
    counter = closure.counter
    was_asked = closure.requested_by_id != closure.decided_by_id
    concerned = {closure.requested_by_id, _officer_at(counter) if was_asked else None}
    if by.pk not in concerned and not decides(by, counter, now=now):
        raise NotAtDesk(_("Loket ini ditutup oleh orang lain. Minta penyelia membukanya."))
    closures.end(closure, by=by, now=now)


def _officer_at(counter: Counter) -> int | None:
    return Desk.objects.filter(counter=counter).values_list("officer_id", flat=True).first()
