"""What people think of the services in one's reach."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.requests import UserRequest
from agencies.models import Presence
from core import clock
from feedback import access
from feedback import figures as read
from feedback.forms import PeriodForm
from feedback.satisfaction import FEWEST, RULE
from queueing.access import workday


@require_safe
@never_cache
def figures(request: UserRequest) -> HttpResponse:
    now, form = clock.now(), PeriodForm(request.GET)
    seen = access.seen_by(request.user, now=now)
    mall = access.mall_in(seen, slugify(request.GET.get("mal", "")))
    first = read.since(form.days, on=workday(now))
    context: dict[str, Any] = {"of": mall, "days": form.days, "periods": form.DAYS}
    context |= {"fewest": FEWEST, "rule": RULE}
    if mall is None:
        context |= {"rows": read.by_mall(seen, first=first), **_index(seen, first)}
        return render(request, "feedback/satisfaction.html", context)
    here = seen.filter(mall=mall)
    agency = here.filter(pk=form.agency).first() if form.agency else None
    chosen = here.filter(pk=agency.pk) if agency else here
    readable = access.read_by(request.user, now=now)
    context |= {"agency": agency, "rows": read.by_agency(here, first=first)}
    context["may_read"] = readable.filter(pk__in=chosen).exists()
    context["remarks"] = read.remarks(readable.filter(pk__in=chosen), first=first)
    return render(request, "feedback/satisfaction.html", context | _index(chosen, first))


def _index(presences: QuerySet[Presence], first: date) -> dict[str, Any]:
    """The figure on top and its nine elements."""
    index = read.index(presences, first=first)
    return {"index": index, "bars": read.bars(index) if index else []}
