"""The services of a mall and the state of their standards, for those who write them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import UserRequest
from agencies.models import Presence
from appointments import calendars, capacity
from core import clock
from core.errors import tried
from hall.forms import typed
from onboarding import tabs
from onboarding.setup.arranging import queues, resting
from onboarding.setup.arranging.resting import Cost
from queueing.access import workday
from services import access, inventory, register
from services.access import Reach
from services.forms import EntryForm, LinkForm, NewForm
from services.inventory import Asked
from services.models import Queue, Service

A_PAGE = 50
read_or_send = require_http_methods(["GET", "HEAD", "POST"])


class AskForm(forms.Form):
    """Which services are asked for; what makes no sense is not asked."""

    q = forms.CharField(label=gettext_lazy("Nama atau kode"), required=False, max_length=80)
    instansi = forms.IntegerField(required=False, min_value=1, max_value=2**31)
    keadaan = forms.ChoiceField(label=gettext_lazy("Standar"), choices=Asked, required=False)
    hal = forms.IntegerField(required=False, min_value=1, max_value=9999)


def reach_of(request: UserRequest, slug: str) -> Reach:
    """The agencies of a mall for which the asker writes standards."""
    return access.reach_for(request.user, slug, on=workday(clock.now()))


def page(
    request: UserRequest, reach: Reach, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of this part of a mall, with the other parts that the asker may open."""
    shown = tabs.of(request.user, reach.mall, on=workday(clock.now()))
    context |= {"mall": reach.mall, "reach": reach, "tabs": shown, "here": "standards"}
    return render(request, template, context, status=status)


@require_safe
@never_cache
def listed(request: UserRequest, slug: str) -> HttpResponse:
    reach, wanted = reach_of(request, slug), asked(request)
    question, state = wanted.get("q", ""), Asked(wanted.get("keadaan", ""))
    found = inventory.rows(reach, question=question, presence_id=wanted.get("instansi"))
    rows = [row for row in found if row.is_asked(state)]
    shown = Paginator(rows, A_PAGE).get_page(wanted.get("hal") or 1)
    counts = [(each, count) for each, count in inventory.counted(found).items()]
    context: dict[str, Any] = {"asked": wanted, "counts": counts, "state": state, "shown": shown}
    return page(request, reach, "services/list.html", context)


@require_safe
@never_cache
def one(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    reach = reach_of(request, slug)
    service = access.service_in(reach, pk)
    versions = service.standards.select_related("author", "reviewer").order_by("-version")
    context: dict[str, Any] = {
        "row": inventory.row(service),
        "service": service,
        "versions": versions,
    }
    return page(request, reach, "services/one.html", context)


@read_or_send
@never_cache
def add(request: UserRequest, slug: str) -> HttpResponse:
    reach = reach_of(request, slug)
    presence = _chosen(reach, asked(request).get("instansi"))
    if presence is None:
        return page(request, reach, "services/new.html", {"presence": None})
    form = NewForm(typed(request), presence=presence, initial={"minutes": 10})
    made = _added(request, presence, form) if form.is_valid() else None
    if made is not None:
        messages.success(request, _("Layanan tersimpan. Sekarang susun standarnya."))
        return redirect("service_standard", slug, made.pk)
    context: dict[str, Any] = {
        "presence": presence,
        "form": form,
        "has_queue": _has_queue(presence),
    }
    return page(request, reach, "services/new.html", context, status=status_of(form))


@read_or_send
@never_cache
def edit(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    reach = reach_of(request, slug)
    service = access.service_in(reach, pk)
    form = EntryForm(typed(request), presence=service.presence, initial=EntryForm.start(service))
    cost = _cost(service, form) if form.is_valid() else None
    if cost and request.POST.get("do") != "save":
        return _edited(request, reach, service, form, LinkForm(initial=_link(service)), cost)
    if cost is not None:
        queues.change_service(service, form.entry, by=request.user, now=clock.now())
        messages.success(request, _("Tersimpan. Masyarakat melihatnya beberapa detik lagi."))
        return redirect("service_standard", slug, pk)
    return _edited(request, reach, service, form, LinkForm(initial=_link(service)))


def _cost(service: Service, form: EntryForm) -> Cost:
    """What it would cost when it is offered no more from now on."""
    stops = [service.pk] if service.is_active and not form.entry.is_active else []
    return resting.cost_of_stopping(service.presence, [], stops, now=clock.now())


@require_POST
@never_cache
def link(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    calendars.mall_for(request.user, slug, now=clock.now())  # it is decided for the whole mall
    reach = reach_of(request, slug)
    service, form = access.service_in(reach, pk), LinkForm(request.POST)
    if form.is_valid():
        capacity.link_out(service, **form.cleaned_data, by=request.user, now=clock.now())
        messages.success(request, _("Tempat reservasinya tersimpan. Reservasi yang ada tetap."))
        return redirect("service_standard", slug, pk)
    entry = EntryForm(presence=service.presence, initial=EntryForm.start(service))
    return _edited(request, reach, service, entry, form)


def _added(request: UserRequest, presence: Presence, form: NewForm) -> Service | None:
    """The new service; None when its code is taken, which is then said at its field."""
    code, by, now = form.cleaned_data["code"], request.user, clock.now()
    made = tried(
        lambda: register.add(presence, code, form.entry, by=by, now=now), register.CodeTaken
    )
    if isinstance(made, Service):
        return made
    form.add_error("code", str(made))
    return None


def _edited(
    request: UserRequest,
    reach: Reach,
    service: Service,
    form: EntryForm,
    link_form: LinkForm,
    cost: Cost | None = None,
) -> HttpResponse:
    status = 200 if cost else max(status_of(form), status_of(link_form))
    context: dict[str, Any] = {"service": service, "form": form, "link": link_form, "cost": cost}
    return page(request, reach, "services/edit.html", context, status=status)


def _link(service: Service) -> dict[str, str]:
    return {"name": service.booked_with, "address": service.booked_at}


def asked(request: HttpRequest) -> dict[str, Any]:
    """What an address asks for."""
    form = AskForm(request.GET)
    form.full_clean()
    return form.cleaned_data


def _chosen(reach: Reach, pk: int | None) -> Presence | None:
    """The agency a new service belongs to; whoever has one agency only need not say."""
    if pk is None:
        return reach.presences[0] if len(reach.presences) == 1 else None
    return access.presence_in(reach, pk)


def _has_queue(presence: Presence) -> bool:
    return Queue.objects.filter(presence=presence).exists()


def status_of(form: forms.Form) -> int:
    """A form that was sent and is shown again has something wrong in it."""
    return 422 if form.is_bound else 200
