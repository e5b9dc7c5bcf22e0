"""What somebody asks the open data for: a mall or all of them, from one month to another."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.core.validators import slug_re
from django.http import Http404
from django.utils.translation import gettext as _

from agencies import opening
from agencies.access import public_mall, public_malls
from agencies.models import Mall
from core.errors import Refused
from monitoring import periods
from monitoring.periods import Kind, Period
from queueing.access import workday

MONTHS = 12  # of one mall, where nothing else is asked for
MOST_OF_ALL = 3  # months of every mall in one file


class NotReadable(Refused):
    code = "invalid"
    status = 422


@dataclass(frozen=True)
class Asked:
    """The malls and the months that are wanted, both included."""

    malls: list[Mall]
    first: date
    last: date


def parsed(query: Mapping[str, str], *, now: datetime) -> Asked:
    """What an address asks for; months that are not over are left out. Raises NotReadable."""
    mall = mall_called(query.get("mal", ""))
    today = opening.local_date(now, mall.zone) if mall else workday(now)
    over = periods.of(Kind.MONTH, today).before
    last = _month(query.get("sampai", "")) or over
    first = _month(query.get("dari", "")) or (_back(last, MONTHS - 1) if mall else last)
    if first.first > last.first:
        raise NotReadable(_("Bulan awal tidak boleh sesudah bulan akhir."))
    if mall is None and _back(last, MOST_OF_ALL - 1).first > first.first:
        raise NotReadable(
            _("Untuk semua mal sekaligus paling banyak tiga bulan. Sebut satu mal, atau persempit.")
        )
    malls = [mall] if mall else list(public_malls().order_by("slug"))
    return Asked(malls, first.first, min(last.first, over.first))


def mall_called(slug: str) -> Mall | None:
    """The mall that an address names; None for all of them, 404 for one that nobody may see."""
    if slug and not slug_re.fullmatch(slug):
        raise Http404
    return public_mall(slug) if slug else None


def _month(code: str) -> Period | None:
    if not code:
        return None
    found = periods.parsed(code)
    if found is None or found.kind != Kind.MONTH:
        raise NotReadable(_("Tulis bulan seperti 2026-02."))
    return found


def _back(month: Period, count: int) -> Period:
    for _each in range(count):
        month = month.before
    return month
