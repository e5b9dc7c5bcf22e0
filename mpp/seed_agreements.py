"""Made-up agreements of the seeded malls: most in force, one ending, one that changes soon.

Which agencies are there on which days is taken from the seeded counters; numbers and signatories
are nobody's.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from agencies import opening
from agencies.models import Agreement, Category, CounterDay, Mall, Presence, Weekday
from mpp import seed
from onboarding.agreements import register
from onboarding.agreements.register import Document, Promised, Signatory, Signing

FROM, UNTIL = date(2026, 1, 2), date(2027, 12, 31)
OWN = {Category.OPD}  # offices of the region itself, present by decree
ENDING, LAST_DAYS = "tirta-bhagasasi", 45
MOVING, MOVES_IN = "dpmptsp-jabar", 14
CHARGE = Decimal(750_000)


@transaction.atomic
def agree(*, now: datetime) -> int:
    """Sign what the seeded agencies stand on, unless something is there; return how many."""
    slugs = [row["slug"] for row in seed.read()["malls"]]
    malls = Mall.objects.select_related("region").filter(slug__in=slugs, agreements=None)
    return sum(_agree_at(mall, now=now) for mall in malls)


def _agree_at(mall: Mall, *, now: datetime) -> int:
    by = User.objects.get(username="operator")
    present = Presence.objects.filter(mall=mall).exclude(agency__category__in=OWN)
    drafts = [
        register.draft(mall, document, by=by, now=now)
        for presence in present.select_related("agency").order_by("pk")
        if (document := _document(presence, now)) is not None
    ]
    if drafts:
        register.sign(drafts, Signing(FROM, mall.organiser), by=by, now=now)
    for each in drafts:
        _change(each, now=now)
    return len(drafts)


def _document(presence: Presence, now: datetime) -> Document | None:
    """What the agency's counters say it promised; None where its days differ by counter."""
    days = CounterDay.objects.filter(presence=presence)
    pairs = set(days.values_list("counter", "weekday"))
    counters = sorted({counter for counter, _weekday in pairs})
    weekdays = sorted({weekday for _counter, weekday in pairs})
    if not pairs or len(pairs) != len(counters) * len(weekdays):
        return None
    is_ending = presence.agency.slug == ENDING
    today = opening.local_date(now, presence.mall.zone)
    return Document(
        kind=Agreement.Kind.COOPERATION,
        title=f"Perjanjian Kerja Sama dengan {presence.agency.short_name} (contoh)",
        from_date=FROM,
        until_date=today + timedelta(days=LAST_DAYS) if is_ending else UNTIL,
        parties=_parties(presence),
        promises=(
            Promised(
                presence.pk,
                tuple(weekdays),
                tuple(counters),
                staff=len(counters),
                facilities="Meja loket, komputer, sambungan internet",
                charge=CHARGE if presence.agency.category == Category.PRIVATE else None,
            ),
        ),
    )


def _parties(presence: Presence) -> tuple[Signatory, ...]:
    number = f"{presence.pk:03d}/PKS/CONTOH/2026"
    head = Signatory(None, f"MPP-{number}", "Pejabat Contoh", "Kepala DPMPTSP")
    return head, Signatory(presence.agency_id, number, "Pejabat Contoh", "Kepala")


def _change(base: Agreement, *, now: datetime) -> None:
    """One agency will come on Mondays instead, as an addendum says."""
    term = base.terms.select_related("presence__agency", "presence__mall__region").get()
    if term.presence.agency.slug != MOVING or Weekday.MONDAY in term.weekdays:
        return
    today = opening.local_date(now, term.presence.mall.zone)
    first = today + timedelta(days=MOVES_IN - today.weekday())
    counters = tuple(term.counters.values_list("pk", flat=True))
    document = Document(
        kind=Agreement.Kind.ADDENDUM,
        title=f"Adendum hari hadir {term.presence.agency.short_name} (contoh)",
        from_date=first,
        until_date=base.until_date,
        amends_id=base.pk,
        parties=_parties(term.presence),
        promises=(Promised(term.presence_id, (Weekday.MONDAY,), counters, staff=1),),
    )
    drafted = register.draft(base.mall, document, by=base.by, now=now)
    signing = Signing(today, base.mall.organiser)
    register.sign([drafted], signing, by=base.by, now=now)
