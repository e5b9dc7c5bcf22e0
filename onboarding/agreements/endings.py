"""Which documents end soon without anything signed that follows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from agencies.agreement_states import ENDING, WARNED, Recorded
from agencies.models import Agreement, Term
from onboarding.agreements import promises

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Ending:
    """A document that ends, and how many days are left of it."""

    agreement: Agreement
    last: date
    days: int

    @property
    def step(self) -> int:
        """The smallest of the days on which people are warned that is not past."""
        return min(each for each in WARNED if self.days <= each)


def near(documents: QuerySet[Agreement], *, on: date) -> list[Ending]:
    """The documents among these whose end is near and after which nothing follows yet.

    An addendum that only ends with what it amends is told of with that.
    """
    signed = documents.filter(
        state=Recorded.SIGNED, until_date__gte=on, until_date__lte=on + ENDING
    )
    found = []
    for each in signed.select_related("amends", "mall__region").order_by("until_date", "pk"):
        last = promises.last_day(each)
        above = promises.last_day(each.amends) if each.amends else None
        if last is not None and last >= on and (above is None or last < above):
            found.append(Ending(each, last, (last - on).days))
    goes_on = _followed(found)
    return [each for each in found if each.agreement.pk not in goes_on]


def _followed(endings: Iterable[Ending]) -> set[int]:
    """Those after whose last day a signed term holds for every agency, or that are renewed."""
    last = {each.agreement.pk: each.last for each in endings}
    rows = (
        Term.objects.binding().filter(agreement__in=last).values_list("agreement_id", "presence_id")
    )
    concerned: dict[int, set[int]] = {}
    for agreement_id, presence_id in rows:
        concerned.setdefault(agreement_id, set()).add(presence_id)
    timelines = promises.timelines({pk for _document, pk in rows})
    renewed = Agreement.objects.filter(renews__in=last).exclude(state=Recorded.DRAFT)
    without = set(renewed.values_list("renews_id", flat=True)) - concerned.keys()
    return without | {
        agreement_id
        for agreement_id, presences in concerned.items()
        if all(
            any(each.covers(last[agreement_id] + DAY) for each in timelines[pk]) for pk in presences
        )
    }
