"""Writing to the house without an account, and the page on which its answer stands."""

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from agencies.access import public_mall
from agencies.models import Mall, Presence
from core import clock, throttle
from core.errors import Refused, marked, tried
from core.idempotency import KeyReused
from core.private import private
from feedback import access, complaints, figures, sealing
from feedback.forms import ComplaintForm
from feedback.models import Complaint
from feedback.states import DAYS, INQUIRY_DAYS, Kind
from hall.forms import typed
from notifications import providers
from services.models import Service

BY_ADDRESS = 20  # an hour: many people share one address
AN_HOUR = timedelta(hours=1)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    mall = public_mall(slug)
    form = _form(request, mall)
    if not form.is_valid():
        return _show(request, mall, form)
    made = tried(lambda: _receive(request, mall, form), throttle.TooMany, KeyReused)
    if isinstance(made, Refused):
        return marked(_show(request, mall, form, made), made)
    return redirect("complaint", sealing.link(Complaint.objects.get(pk=made)))


@login_not_required
@require_safe
@private
def complaint(request: HttpRequest, token: str) -> HttpResponse:
    mine = access.own_complaint(token)
    steps = figures.history(mine)
    context = {
        "complaint": mine,
        "mall": mine.mall,
        "steps": steps,
        "answer": figures.answer_in(steps),
        "written": sealing.opened(mine.sealed_text, column=sealing.TEXT),
        "person": sealing.masked(mine),
        "is_late": figures.is_late(mine, now=clock.now()),
    }
    return render(request, "feedback/complaint.html", context)


def _receive(request: HttpRequest, mall: Mall, form: ComplaintForm) -> int:
    now, who = clock.now(), throttle.address_of(request)
    throttle.spend_surely("complaint", who, most=BY_ADDRESS, within=AN_HOUR, now=now)
    return complaints.receive(mall, form.filed, now=now, key=form.cleaned_data["key"])


def _form(request: HttpRequest, mall: Mall) -> ComplaintForm:
    presences = Presence.objects.filter(mall=mall, is_active=True).select_related("agency")
    offered = Service.objects.offered().filter(presence__mall=mall)
    return ComplaintForm(
        typed(request),
        on=providers.on(mall.pk),
        presences=list(presences.order_by("board_name", "pk")),
        services=list(offered.only("presence", "name", "name_en").order_by("name", "pk")),
    )


def _show(
    request: HttpRequest, mall: Mall, form: ComplaintForm, refusal: Refused | None = None
) -> HttpResponse:
    context = {"mall": mall, "form": form, "refusal": refusal}
    context |= {"days": DAYS[Kind.COMPLAINT], "few_days": DAYS[Kind.INFORMATION]}
    context["inquiry_days"] = INQUIRY_DAYS
    status = refusal.status if refusal else 422 if form.is_bound else 200
    return render(request, "feedback/complain.html", context, status=status)
