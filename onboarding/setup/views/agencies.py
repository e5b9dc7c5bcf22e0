"""The agencies of a mall: ticked in the list, written down anew, and described."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.requests import UserRequest
from agencies.models import Agency, Mall, Presence
from core import clock
from hall.forms import typed
from onboarding.setup import access, progress
from onboarding.setup.arranging import presences, resting
from onboarding.setup.forms.agencies import AskedForm, DetailsForm, JoinForm, NewForm
from onboarding.setup.views import asking
from onboarding.setup.views.common import kept, mall_of, page, part, read_or_send

LISTED = 60  # agencies in the list on one page


@read_or_send
@never_cache
def chosen(request: UserRequest, slug: str) -> HttpResponse:
    mall = mall_of(request, slug)
    asked = AskedForm(request.GET)
    asked.full_clean()
    found = part(request, list(asked.found(_absent(mall)).order_by("name", "pk")), LISTED)
    offered = Agency.objects.filter(pk__in=[each.pk for each in found])
    form = JoinForm(typed(request), offered=offered)
    if form.is_valid():
        agencies = form.cleaned_data["agencies"]
        count = presences.join(mall, list(agencies), by=request.user, now=clock.now())
        return _joined(request, slug, count)
    context = {"asked": asked, "found": found, "ticked": request.POST.getlist("agencies")}
    return page(request, mall, "onboarding/setup_agencies.html", form, **context, **_there(mall))


@read_or_send
@never_cache
def new(request: UserRequest, slug: str) -> HttpResponse:
    mall = mall_of(request, slug)
    form = NewForm(typed(request))
    if form.is_valid():
        wanted, now = form.new, clock.now()
        if kept(form, lambda: presences.create(mall, wanted, by=request.user, now=now)):
            return _joined(request, slug, len(wanted))
    return page(request, mall, "onboarding/setup_agency_new.html", form)


@read_or_send
@never_cache
def details(request: UserRequest, slug: str) -> HttpResponse:
    mall, now = mall_of(request, slug), clock.now()
    shown = part(request, list(progress.present_at(mall)))
    form = DetailsForm(typed(request), presences=shown)
    if form.is_valid() and kept(
        form, lambda: presences.describe(mall, form.details, by=request.user, now=now)
    ):
        messages.success(request, _("Keterangan instansi tersimpan."))
        if shown.has_next():
            address = request.path + f"?hal={shown.next_page_number()}"
            return redirect(address)
        return redirect("setup_queues", slug)
    return page(request, mall, "onboarding/setup_details.html", form, shown=shown)


@require_POST
@never_cache
def switch(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    mall = mall_of(request, slug)
    found = access.presence_in(mall, pk)
    on, now = request.POST.get("aktif") == "1", clock.now()
    cost = resting.Cost(0, 0) if on else resting.cost_of_leaving(found, now=now)
    if not asking.is_meant(request, cost):
        title = _("%(name)s tidak hadir lagi") % {"name": found.board_name}
        return asking.ask(request, mall, title, cost, resolve_url("setup_agencies", slug))
    presences.switch(found, is_active=on, by=request.user, now=now)
    said = _("%(name)s hadir lagi.") if on else _("%(name)s tidak hadir mulai sekarang.")
    messages.success(request, said % {"name": found.board_name})
    return redirect("setup_agencies", slug)


def _joined(request: UserRequest, slug: str, count: int) -> HttpResponse:
    said = ngettext("%(count)d instansi ditambahkan.", "%(count)d instansi ditambahkan.", count)
    messages.success(request, said % {"count": count})
    return redirect("setup_agencies" if "more" in request.POST else "setup_details", slug)


def _absent(mall: Mall) -> QuerySet[Agency]:
    there = Presence.objects.filter(mall=mall, is_active=True)
    return Agency.objects.exclude(pk__in=there.values("agency"))


def _there(mall: Mall) -> dict[str, Any]:
    rows = Presence.objects.filter(mall=mall).select_related("agency").order_by("board_name")
    return {
        "present": [each for each in rows if each.is_active],
        "resting": [each for each in rows if not each.is_active],
    }
