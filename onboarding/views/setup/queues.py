"""Queues and services: of all agencies on a page, and those of one agency."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.requests import UserRequest
from agencies.models import Mall, Presence
from core import clock
from hall.forms import typed
from onboarding import setup, setup_access
from onboarding.arranging import queues
from onboarding.setup_forms.queues import AgencyForm, QueuesForm
from onboarding.views.setup.common import kept, mall_of, page, part, read_or_send
from services.models import Queue, Service

SERVICES = 30  # of one agency on one page


@read_or_send
@never_cache
def many(request: UserRequest, slug: str) -> HttpResponse:
    mall, now = mall_of(request, slug), clock.now()
    shown = part(request, list(setup.present_at(mall)))
    form = _form(request, mall, list(shown))
    if form.is_valid():
        new = (form.new_queues, form.new_services)
        if kept(form, lambda: queues.add(mall, *new, by=request.user, now=now)):
            messages.success(request, _("Antrean dan layanan tersimpan."))
            if shown.has_next():
                return redirect(request.path + f"?hal={shown.next_page_number()}")
            return redirect("setup_days", slug)
    return page(request, mall, "onboarding/setup_queues.html", form, shown=shown)


def _form(request: UserRequest, mall: Mall, presences: list[Presence]) -> QueuesForm:
    return QueuesForm(
        typed(request),
        presences=presences,
        queues=Queue.objects.filter(presence__in=presences, is_active=True).order_by("letter"),
        services=Service.objects.filter(presence__in=presences, is_active=True).only("presence"),
        letters=queues.free_letters(mall),
    )


@read_or_send
@never_cache
def one(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    mall = mall_of(request, slug)
    presence = setup_access.presence_in(mall, pk)
    services = Service.objects.filter(presence=presence).select_related("queue")
    shown = part(request, list(services.order_by("name", "pk")), SERVICES)
    lines = Queue.objects.filter(presence=presence).order_by("letter")
    initial = {"new_letter": ""}
    form = AgencyForm(typed(request), queues=lines, services=shown, initial=initial)
    if form.is_valid() and kept(form, lambda: _rearrange(request, mall, presence, form)):
        messages.success(request, _("Antrean dan layanan tersimpan."))
        return redirect("setup_queues", slug)
    return page(
        request, mall, "onboarding/setup_queues_agency.html", form, presence=presence, shown=shown
    )


@transaction.atomic
def _rearrange(request: UserRequest, mall: Mall, presence: Presence, form: AgencyForm) -> None:
    now, by = clock.now(), request.user
    queues.rearrange(presence, form.queues_as, form.services_as, by=by, now=now)
    new = (form.new_queues(presence), form.new_services(presence))
    queues.add(mall, *new, by=by, now=now)
