"""What a mall's messages may cost a day, and when they may not disturb anybody."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import DecimalField, F
from django.db.models.functions import Greatest

from agencies import opening
from notifications.models import Messaging, Spending
from notifications.states import Lane

ALL, KEPT_FOR_CODES = Decimal(1), Decimal("0.8")  # the last fifth of a day is for codes alone
UNLIMITED = Decimal(10) ** 9


def reserve(mall_id: int, cost: Decimal, *, lane: Lane, on: date) -> bool:
    """Spend the cost of a message before it is sent; False when the day's budget is used up.

    One guarded statement: a hundred workers at once never spend more than there is.
    """
    if not cost:
        return True
    budget = budget_of(mall_id)
    share = ALL if lane == Lane.CODES else KEPT_FOR_CODES
    limit = UNLIMITED if budget is None else budget * share
    day = Spending.objects.filter(mall=mall_id, date=on)
    if not day.exists():
        Spending.objects.bulk_create(
            [Spending(mall_id=mall_id, date=on, spent=Decimal(0))], ignore_conflicts=True
        )
    return bool(day.filter(spent__lte=limit - cost).update(spent=F("spent") + cost))


def refund(mall_id: int, cost: Decimal, *, on: date) -> None:
    """Nothing was sent: the provider refused it or was not there."""
    if cost:
        # SQLite counts money in floats: what is left of it may be a hair below nothing.
        left = Greatest(F("spent") - cost, Decimal(0), output_field=DecimalField())
        Spending.objects.filter(mall=mall_id, date=on).update(spent=left)


def budget_of(mall_id: int) -> Decimal | None:
    """What a day may cost in rupiah; None without a limit."""
    return Messaging.objects.filter(mall=mall_id).values_list("daily_budget", flat=True).first()


def spent_on(mall_id: int, on: date) -> Decimal:
    """What a day has cost so far in rupiah."""
    spent = Spending.objects.filter(mall=mall_id, date=on).values_list("spent", flat=True).first()
    return spent or Decimal(0)


def next_day(now: datetime, zone: ZoneInfo) -> datetime:
    """When a new day's budget begins at the mall."""
    tomorrow = opening.local_date(now, zone) + timedelta(days=1)
    return datetime.combine(tomorrow, time(0), tzinfo=zone).astimezone(UTC)


def quiet_until(now: datetime, zone: ZoneInfo, begins: time, ends: time) -> datetime | None:
    """When the quiet hours end in which `now` lies; None outside them, or where there are none."""
    local = now.astimezone(zone)
    if begins == ends:
        return None
    over_night = begins > ends
    is_quiet = (
        local.time() >= begins or local.time() < ends
        if over_night
        else begins <= local.time() < ends
    )
    if not is_quiet:
        return None
    day = local.date() + timedelta(days=1 if over_night and local.time() >= begins else 0)
    return datetime.combine(day, ends, tzinfo=zone).astimezone(UTC)
