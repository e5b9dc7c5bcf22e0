"""What runs today for an agency at a mall, beside its last days; today is read live."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from agencies import opening
from agencies.models import CounterDay, Presence, in_use
from core.formats import minutes
from monitoring import figures, periods, privacy
from monitoring.access import SeenAgency
from monitoring.account import Account
from monitoring.dashboards import sheets
from monitoring.dashboards.sheets import Column, Row, Sheet
from monitoring.definitions import BY_KEY
from monitoring.periods import Kind
from monitoring.privacy import Shown
from queueing import reports

WEEK = timedelta(days=7)
# What today and a closed day have in common, by the name of the one and the key of the other.
COMMON = {
    "issued": "issued",
    "served": "served",
    "wait_minutes": "wait_median",
    "service_minutes": "service_median",
}


class Counters(NamedTuple):
    """The counters that an agency has today."""

    all: int
    open: int
    on_break: int


@dataclass(frozen=True)
class Day:
    """A closed day beside today."""

    title: str
    account: Account


def page(seen: SeenAgency, *, now: datetime) -> dict[str, Any]:
    """What the page of today shows."""
    presence, fewest = seen.presence, seen.fewest
    today = reports.agency_today(presence, now=now)
    waiting = privacy.few(fewest) if privacy.is_small(today.waiting, fewest) else None
    on = opening.local_date(now, presence.mall.zone)
    return {
        "today": today,
        "waiting": waiting.text if waiting else str(today.waiting),
        "counters": counters_of(presence, on),
        "tables": [_sheet(today, _days(presence, on, now), fewest)],
    }


def counters_of(presence: Presence, on: date) -> Counters:
    """The counters an agency has on a day, and how many of them somebody sits at now."""
    days = CounterDay.objects.on(on).filter(in_use(on, "counter"), presence=presence)
    rows = list(days.values_list("counter__desk__officer", "counter__desk__on_break"))
    seated = [rests for officer, rests in rows if officer is not None]
    return Counters(len(rows), sum(not rests for rests in seated), sum(map(bool, seated)))


def _days(presence: Presence, on: date, now: datetime) -> list[Day]:
    """Yesterday and the same weekday a week ago, of those on which there were numbers."""
    found = []
    for day in (on - periods.DAY, on - WEEK):
        period = periods.of(Kind.DAY, day)
        account = figures.of_mall(presence.mall, period, now=now, presence=presence.pk).account
        if account.tally:
            found.append(Day(format_date(day, "l, j F"), account))
    return found


def _sheet(today: reports.Today, days: Sequence[Day], fewest: int) -> Sheet:
    rows = []
    for name, key in COMMON.items():
        figure = BY_KEY[key]
        cells = [privacy.shown(figure, day.account, fewest) for day in days]
        row = Row(str(figure), [_live(today, name, fewest), *cells], key=key)
        rows.append(replace(row, unit=sheets.unit_of(figure)))
    columns = [Column(_("Hari ini, sampai sekarang")), *(Column(day.title) for day in days)]
    return Sheet("hari-ini", _("Hari ini di samping hari lain"), _("Angka"), columns, rows)


def _live(today: reports.Today, name: str, fewest: int) -> Shown:
    value = getattr(today, name)
    if value is None:
        return Shown(None, "–")
    people = today.served if name == "service_minutes" else today.issued
    if privacy.is_small(value if name in {"issued", "served"} else people, fewest):
        return privacy.few(fewest) if name in {"issued", "served"} else privacy.withheld()
    return Shown(value, minutes(value) if name.endswith("minutes") else str(value))
