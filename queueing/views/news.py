"""Being told of a call: what whoever holds a ticket's link was told, and how they want to be."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from core import clock
from core.private import private
from notifications import providers
from notifications.views import preferences
from notifications.views.preferences import Matter
from queueing import access, reaching
from queueing.access import Held


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@private
def ticket(request: HttpRequest, token: str) -> HttpResponse:
    held = access.visit(token)
    context = {"mall": held.mall, "token": token}
    return preferences.answer(request, _of(held, token), "queueing/news.html", context)


@login_not_required
@require_POST
@private
def device(request: HttpRequest, token: str) -> HttpResponse:
    return preferences.device(request, _of(access.visit(token), token))


def _of(held: Held, token: str) -> Matter:
    return Matter(
        name=f"visit:{held.id}",
        on=providers.on(held.mall_id),
        contact=access.contact_of(held),
        begin=lambda: reaching.contact_of(held.id, now=clock.now()),
        device=reverse("ticket_news_device", args=[token]),
    )
