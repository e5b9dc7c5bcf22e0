"""The reports of all malls as the ministry or a province sees them; and as the public may."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import UserRequest
from agencies.access import public_mall
from core import clock
from monitoring.reports import access, asking, editions, reading
from monitoring.reports.forms import YearForm
from monitoring.views.reports import FILES


@require_safe
@never_cache
def matrix(request: UserRequest) -> HttpResponse:
    now = clock.now()
    seen = access.malls_for_reading(request.user, now=now)
    asked = YearForm(request.GET).asked
    malls = list(seen.order_by("region__province", "name", "slug"))
    years = reading.years(malls, now=now)
    year = asked["year"] or years[0]
    shown = [m for m in malls if asked["province"] in {"", m.region.province}]
    rows = reading.matrix(shown, year, now=now)
    context: dict[str, Any] = {"asked": asked, "year": year, "years": years, "rows": rows}
    context["provinces"] = sorted({mall.region.province for mall in malls})
    context |= {"months": reading.month_starts(year), "sums": reading.reporting(rows)}
    context["judges"] = access.judges(request.user, now=now)
    if context["judges"]:
        context["waiting"] = reading.waiting_for_judgement(shown)
        context["recaps"] = reading.recaps(year, context["sums"])
    return render(request, "monitoring/report_matrix.html", context)


@require_POST
def recap(request: UserRequest, code: str) -> HttpResponse:
    now = clock.now()
    access.refuse_unjudging(request.user, now=now)
    found = asking.of_country(access.month_called(code), by=request.user, now=now)
    return redirect("report", found.pk)


@login_not_required
@require_safe
def published(request: HttpRequest, slug: str, code: str, form: str) -> HttpResponseBase:
    if form not in FILES:
        raise Http404
    found = access.public_report(public_mall(slug), code)
    return FILES[form](editions.of(found))
