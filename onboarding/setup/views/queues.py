"""Queues and services: of all agencies on a page, and those of one agency."""

from collections.abc import Iterable

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.requests import UserRequest
from agencies.models import Mall, Presence
from core import clock
from hall.forms import typed
from onboarding.agreements import promises
from onboarding.setup import access, progress
from onboarding.setup.arranging import queues, resting
from onboarding.setup.arranging.resting import Cost
from onboarding.setup.forms.queues import AgencyForm, QueuesForm
from onboarding.setup.views import asking
from onboarding.setup.views.common import kept, mall_of, page, part, read_or_send
from services.models import Queue, Service

SERVICES = 30  # of one agency on one page


@read_or_send
@never_cache
def many(request: UserRequest, slug: str) -> HttpResponse:
    mall, now = mall_of(request, slug), clock.now()
    shown = part(request, list(progress.present_at(mall)))
    form = _form(request, mall, list(shown))
    if form.is_valid():
        new, begins = (form.new_queues, form.new_services), form.cleaned_data["begins"]
        act = {"by": request.user, "now": now, "begins": begins}
        if kept(form, lambda: queues.add(mall, *new, **act)):
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
        today=promises.today_at(mall, clock.now()),
    )


@read_or_send
@never_cache
def one(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    mall = mall_of(request, slug)
    presence = access.presence_in(mall, pk)
    services = Service.objects.filter(presence=presence).select_related("queue")
    shown = part(request, list(services.order_by("name", "pk")), SERVICES)
    form = _agency_form(request, presence, shown)
    cost = _cost(presence, form) if form.is_valid() else Cost(0, 0)
    if not asking.is_meant(request, cost):
        back = resolve_url("setup_queues_agency", slug, pk)
        return asking.ask(request, mall, _("Yang berhenti dibuka"), cost, back)
    if form.is_valid() and kept(form, lambda: _rearrange(request, mall, presence, form)):
        messages.success(request, _("Antrean dan layanan tersimpan."))
        return redirect("setup_queues", slug)
    return page(
        request, mall, "onboarding/setup_queues_agency.html", form, presence=presence, shown=shown
    )


def _agency_form(
    request: UserRequest, presence: Presence, services: Iterable[Service]
) -> AgencyForm:
    return AgencyForm(
        typed(request),
        queues=Queue.objects.filter(presence=presence).order_by("letter"),
        services=services,
        today=promises.today_at(presence.mall, clock.now()),
        initial={"new_letter": ""},
    )


def _cost(presence: Presence, form: AgencyForm) -> Cost:
    """What those that stop now would cost."""
    queues_as, services_as = form.queues_as, form.services_as
    shut = [q.pk for q in form.queues if q.is_active and not queues_as[q.pk].is_active]
    stopped = [s.pk for s in form.services if s.is_active and not services_as[s.pk].is_active]
    return resting.cost_of_stopping(presence, shut, stopped, now=clock.now())


@transaction.atomic
def _rearrange(request: UserRequest, mall: Mall, presence: Presence, form: AgencyForm) -> None:
    now, by = clock.now(), request.user
    queues.rearrange(presence, form.queues_as, form.services_as, by=by, now=now)
    new = (form.new_queues(presence), form.new_services(presence))
    queues.add(mall, *new, by=by, now=now, begins=form.cleaned_data["begins"])
