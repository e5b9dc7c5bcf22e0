"""Days as they stand when they have been counted, without playing them ticket by ticket."""

from datetime import timedelta

from monitoring import rollups
from monitoring.facts import Cell, Channel
from monitoring.models import Day, Month
from monitoring.tallies import Counts, Tally, grouped, histogram, merged, packed
from tests.recipes import MONDAY, at, make_hall

TUESDAY = MONDAY + timedelta(1)
NOW = at(9, on=MONDAY + timedelta(30))


def tally(*waited, absent=0, cancelled=0, minutes=5):
    """So many minutes waited by people who were served, others who did not come or gave up."""
    served = len(waited)
    counts = Counts(
        issued=served + absent + cancelled,
        visits=served + absent + cancelled,
        called=served + absent,
        served=served,
        cancelled=cancelled,
        absent=absent,
        within=served,
        complete=served,
    )
    waits = histogram([60 * each for each in waited] + [600] * absent)
    return Tally(counts, waits, histogram([60 * minutes] * served))


def cell(hall, hour=9, *, presence=None, service=None, channel=Channel.KIOSK, priority=0):
    where = presence or hall.presence
    return Cell(where.pk, hall.queue.pk, (service or hall.service).pk, int(channel), priority, hour)


def counted(mall, on, *pairs):
    """A closed day of these cells, and its month with it."""
    cells = sorted(grouped(pairs).items())
    day = Day(mall=mall, date=on, is_closed=True, is_stale=False, counted_at=NOW)
    day.cells = [[*key, *packed(each)] for key, each in cells]
    day.totals = packed(merged(each for _key, each in cells))
    day.digest = rollups.digest_of(day)
    day.save()
    month, _is_new = Month.objects.get_or_create(mall=mall, month=on.replace(day=1))
    Month.objects.filter(pk=month.pk).update(is_stale=True)
    rollups.count_month(month.pk, now=NOW)
    return day


def some_halls(count, *, waited=10, people=20, province="Jawa Barat"):
    """Halls with one counted day each, every next one a minute slower."""
    halls = []
    for number in range(count):
        hall = make_hall(slug=f"mpp-{number}")
        hall.mall.short_name = f"MPP {number}"
        hall.mall.save()
        hall.mall.region.province = province
        hall.mall.region.save()
        counted(hall.mall, MONDAY, (cell(hall), tally(*[waited + number] * people)))
        halls.append(hall)
    return halls
