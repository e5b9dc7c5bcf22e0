"""How a mall serves, for everybody."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies import opening
from agencies import sentences as agency_sentences
from agencies.access import public_mall
from agencies.calendars import calendar_of
from agencies.models import Mall
from core import clock, replica
from feedback.satisfaction import FEWEST, RULE
from monitoring import public
from monitoring.dashboards import sheets
from monitoring.reports import reading
from monitoring.reports.editions import FILES


@login_not_required
@require_safe
@replica.reading()
def mall(request: HttpRequest, slug: str) -> HttpResponseBase:
    place, now = public_mall(slug), clock.now()
    record = public.of_mall(place, now=now)
    if asked := request.GET.get("unduh"):
        file = sheets.download(record.sheets, asked, name=f"kinerja {place.slug}")
        if file is None:
            raise Http404
        return file
    context = {**_hours(place, now), "mall": place, "record": record}
    context |= {"reports": reading.published(place), "forms": FILES}
    context |= {"rule": RULE, "fewest": FEWEST}
    return render(request, "monitoring/performance.html", context)


def _hours(place: Mall, now: datetime) -> dict[str, Any]:
    """When the mall is open: now, in an ordinary week, and on special days."""
    calendar = calendar_of(place.pk)
    status = opening.status(calendar, now)
    closings = opening.closures(calendar, now)
    return {
        "is_open": status.issues_numbers,
        "headline": agency_sentences.headline(status, place.zone),
        "special": agency_sentences.special(status),
        "week": agency_sentences.week(calendar),
        "closings": [agency_sentences.closing(each, calendar) for each in closings],
    }
