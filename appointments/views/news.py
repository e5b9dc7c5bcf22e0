"""How whoever holds the link of a booking or an application wants to be told of it."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from appointments import access, reaching
from appointments.models import Application, Booking
from core import clock
from core.private import private
from notifications import providers
from notifications.views import preferences
from notifications.views.preferences import Matter


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@private
def booking(request: HttpRequest, token: str) -> HttpResponse:
    mine = access.own(token, now=clock.now())
    return _answer(request, mine, token, "booking")


@login_not_required
@require_POST
@private
def booking_device(request: HttpRequest, token: str) -> HttpResponse:
    mine = access.own(token, now=clock.now())
    return preferences.device(request, _of(mine, token, "booking"))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@private
def application(request: HttpRequest, token: str) -> HttpResponse:
    mine = access.own_application(token, now=clock.now())
    return _answer(request, mine, token, "application")


@login_not_required
@require_POST
@private
def application_device(request: HttpRequest, token: str) -> HttpResponse:
    mine = access.own_application(token, now=clock.now())
    return preferences.device(request, _of(mine, token, "application"))


def _answer(
    request: HttpRequest, mine: Booking | Application, token: str, name: str
) -> HttpResponse:
    service = mine.service
    context: dict[str, Any] = {"mall": service.presence.mall, "service": service}
    context["back"] = reverse(name, args=[token])
    return preferences.answer(request, _of(mine, token, name), "appointments/news.html", context)


def _of(mine: Booking | Application, token: str, name: str) -> Matter:
    return Matter(
        name=f"{name}:{mine.pk}",
        on=providers.on(mine.service.presence.mall_id),
        contact=mine.contact,
        begin=lambda: reaching.contact_of(mine, now=clock.now()),
        device=reverse(f"{name}_news_device", args=[token]),
    )
