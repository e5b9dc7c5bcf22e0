"""Telling the staff of a mall what they should see: what did not reach anybody."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count

from accounts.roles import Act
from agencies import access, opening
from agencies.models import Mall
from notifications import contacts, outbox
from notifications.models import Message

LATELY = timedelta(days=1)
MOST = 32  # powers of two that are looked at


def tell(
    mall: Mall,
    kind: str,
    act: Act,
    *,
    event: str,
    values: Mapping[str, str],
    now: datetime,
    agency_id: int | None = None,
) -> int:
    """Tell everybody who may do this for all of the mall, or for an agency there.

    Each of them is told once per event; returns how many channels carry it.
    """
    with transaction.atomic():
        people = access.people_who_may(act, mall, on=_today(mall, now), agency_id=agency_id)
        return sum(
            outbox.send(
                contacts.of_user(person, now=now).pk,
                kind,
                event=event,
                values={"mal": mall.short_name, **values},
                now=now,
                mall_id=mall.pk,
            )
            for person in people
        )


def tell_of_dead(*, now: datetime) -> int:
    """How many messages have reached nobody since yesterday: daily, and as they double."""
    lately = Message.objects.lost().filter(ended_at__gt=now - LATELY)
    counted = lately.values_list("mall").annotate(Count("pk")).filter(mall__isnull=False)
    malls = Mall.objects.select_related("region").in_bulk([pk for pk, _count in counted])
    return sum(_tell_of(malls[mall_id], count, now=now) for mall_id, count in counted)


def _tell_of(mall: Mall, count: int, *, now: datetime) -> int:
    """Once for each power of two of a day, and none for as many as there were before."""
    event, power = f"messages-dead:{mall.pk}:{_today(mall, now)}", count.bit_length()
    higher = [f"{event}:{each}" for each in range(power + 1, MOST)]
    if Message.objects.filter(event__in=higher).exists():
        return 0
    values, event = {"jumlah": str(count)}, f"{event}:{power}"
    return tell(mall, "messages_dead", Act.MANAGE_MESSAGES, event=event, values=values, now=now)


def _today(mall: Mall, now: datetime) -> date:
    return opening.local_date(now, mall.zone)
