"""Agreements for tests: a document of one mall with its agencies, ready to be signed."""

from datetime import date

from model_bakery import baker

from agencies.models import Agency, Agreement, CounterDay, Presence
from onboarding.agreements import register
from onboarding.agreements.register import Document, Promised, Signatory, Signing
from tests.recipes import MONDAY, at

ON = MONDAY
YEAR_END = date(2026, 12, 31)
SIGNING = Signing(on=ON, place="Aula Pemkab")


def neighbour(mall, name="Kejaksaan Negeri"):
    """Another agency at the mall, without a counter yet."""
    agency = baker.make(Agency, name=name, short_name=name, slug=name.lower().replace(" ", "-"))
    return baker.make(Presence, mall=mall, agency=agency, board_name=name)


def document(*promised, from_date=ON, until_date=YEAR_END, kind=None, parties=None, **extra):
    """A cooperation agreement with what is promised of each agency."""
    presences = Presence.objects.in_bulk([each.presence_id for each in promised])
    agencies = [presences[each.presence_id].agency_id for each in promised]
    if parties is None:
        parties = tuple(
            Signatory(agency, f"NOMOR/{place}", "Budi Santoso", "Kepala")
            for place, agency in enumerate([None, *agencies])
        )
    kind = kind or (Agreement.Kind.ADDENDUM if extra.get("amends_id") else "cooperation")
    return Document(
        kind=Agreement.Kind(kind),
        title=extra.pop("title", "PKS MPP"),
        from_date=from_date,
        until_date=until_date,
        parties=parties,
        promises=tuple(promised),
        **extra,
    )


def promise(presence, counter, *weekdays, **extra):
    return Promised(presence.pk, tuple(weekdays), (counter.pk,), **extra)


def signed(hall, *promised, now=None, **extra):
    """A document drafted and signed at the hall's mall."""
    now = now or at(8)
    drafted = register.draft(hall.mall, document(*promised, **extra), by=hall.officer, now=now)
    signing = Signing(on=now.astimezone(hall.mall.zone).date(), place="Aula Pemkab")
    register.sign([drafted], signing, by=hall.officer, now=now)
    drafted.refresh_from_db()
    return drafted


def days_of(presence):
    """(weekday, first, last, term) of each row, as the counters have them."""
    rows = CounterDay.objects.filter(presence=presence).order_by("from_date", "weekday")
    return list(rows.values_list("weekday", "from_date", "until_date", "term"))
