"""The agencies at a mall: the list, one of them, and what it promised against what it kept."""

from datetime import date, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.requests import UserRequest
from agencies.models import Category, Presence
from core import clock
from onboarding.agreements import access, compliance, directory, documents
from onboarding.agreements.compliance import Period
from onboarding.agreements.directory import Wanted
from onboarding.agreements.forms import AgenciesForm, PeriodForm
from onboarding.agreements.views import pages

HERE = "mall_agencies"


@require_safe
@never_cache
def listed(request: UserRequest, slug: str) -> HttpResponse:
    reach = access.reach_of_agreements(request.user, slug, now=clock.now())
    context = pages.of(request, reach.mall, here=HERE)
    wanted = _wanted(AgenciesForm(request.GET))
    page = Paginator(directory.asked(reach.presences, wanted), pages.ROWS).get_page(
        request.GET.get("hal")
    )
    context |= {"page": page, "reach": reach, "wanted": wanted}
    context["entries"] = directory.listed(reach.mall, page.object_list, on=context["today"])
    context |= {"categories": Category, "bases": Presence.Basis}
    return render(request, "onboarding/agencies.html", context)


def _wanted(form: AgenciesForm) -> Wanted:
    form.full_clean()
    data: dict[str, Any] = form.cleaned_data
    is_active = {"aktif": True, "tidak": False}.get(data.get("keadaan") or "")
    return Wanted(
        data.get("q") or "", data.get("kategori") or "", data.get("dasar") or "", is_active
    )


@require_safe
@never_cache
def agency(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    now = clock.now()
    reach = access.reach_of_agreements(request.user, slug, now=now)
    presence = access.presence_in(reach, pk)
    context = pages.of(request, reach.mall, here=HERE) | {"reach": reach}
    own = access.agreements_for(reach)
    wanted = documents.Wanted(agency_id=presence.agency_id)
    context["rows"] = documents.listed(own, wanted, on=context["today"])
    context["shown"] = directory.shown(reach.mall, presence, on=context["today"], now=now)
    return render(request, "onboarding/agency.html", context)


@require_safe
@never_cache
def compliance_of(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    reach = access.reach_of_agreements(request.user, slug, now=clock.now())
    presence = access.presence_in(reach, pk)
    context = pages.of(request, reach.mall, here=HERE)
    period = _period(PeriodForm(request.GET), context["today"])
    context |= {"presence": presence, "period": period}
    if period.last is not None:
        found = compliance.of(reach.mall, [presence.pk], period.first, period.last)
        context["record"] = found[presence.pk]
    return render(request, "onboarding/compliance.html", context)


def _period(form: PeriodForm, today: date) -> Period:
    """The week or month that is asked for; else the month of yesterday."""
    form.full_clean()
    week, month = form.cleaned_data.get("minggu"), form.cleaned_data.get("bulan")
    if week and compliance.is_known(week, today=today):
        return compliance.week(week, today=today)
    is_known = month is not None and compliance.is_known(month, today=today)
    asked = month if month and is_known else today - timedelta(days=1)
    return compliance.month(asked, today=today)
