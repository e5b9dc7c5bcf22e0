"""What is known of the way of the seeded malls, and a preparation that is partly made up.

The commitments are in public reports: 45 heads of region before the minister on 10 March 2020, and
26 on 27 March 2019. When the rest was done is not known, so nothing is said of it.
"""

from datetime import date, datetime, timedelta

from django.db import transaction

from accounts.models import User
from agencies import opening
from agencies.models import Mall, Region
from mpp import seed
from onboarding.models import Milestone, Task
from onboarding.path import preparing, way
from onboarding.path.preparing import Said, Standing

COMMITTED = {
    "32.16": (date(2020, 3, 10), ("Menteri PANRB Tjahjo Kumolo", "45 bupati dan wali kota")),
    "32.75": (date(2019, 3, 27), ("26 kepala daerah",)),
}
OCCASION = "Penandatanganan komitmen penyelenggaraan MPP"
PLACE = "Tempat tidak tercatat"
OWNER = "DPMPTSP"
DONE, OPEN_FOR = 12, timedelta(days=45)  # items of the main mall's list that are done


@transaction.atomic
def tread(*, now: datetime) -> int:
    """Write the way of the seeded malls unless it is there; return how many were not."""
    by = User.objects.get(username="operator")
    wanted = Region.objects.filter(code__in=COMMITTED)
    new = wanted.exclude(malls__in=Milestone.objects.values("mall"))
    regions = list(new.order_by("code"))
    for region in regions:
        held_on, present = COMMITTED[region.code]
        way.commit(
            [region],
            title=OCCASION,
            held_on=held_on,
            place=PLACE,
            present=present,
            document=None,
            by=by,
            now=now,
        )
    mall = Mall.objects.select_related("region").get(slug=seed.BEKASI)
    if not Task.objects.filter(mall=mall).exists():
        _prepare(mall, by=by, now=now)
    return len(regions)


def _prepare(mall: Mall, *, by: User, now: datetime) -> None:
    today = opening.local_date(now, mall.zone)
    preparing.lay(mall)
    for place, task in enumerate(Task.objects.filter(mall=mall).order_by("half", "rank", "pk")):
        said = Said(owner=OWNER, due=today + OPEN_FOR)
        if place < DONE:
            said = Said(owner=OWNER, due=today, standing=Standing.DONE, done_on=today)
        preparing.save(task, said, by=by, now=now)
