"""The kiosk: agency, service, priority or not, number. Public, and nobody signs in."""

from collections.abc import Mapping
from uuid import uuid4

import segno
from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from agencies import access as agency_access
from agencies import opening, sentences
from agencies.calendars import calendar_of
from agencies.models import Mall
from core import clock
from hall import record
from queueing import access, boards, figures, kiosks, tickets
from queueing.states import Priority, State
from services.models import Service

IDLE = 30  # seconds without a touch until the start comes back
IDLE_TICKET = 12
LOW = "rendah"  # in the address while the buttons stand low, for whoever sits in a wheelchair


class PriorityForm(forms.Form):
    priority = forms.TypedChoiceField(
        choices=Priority,
        coerce=lambda value: Priority(int(value)),
        error_messages={
            "required": _("Pilih reguler atau salah satu jalur prioritas."),
            "invalid_choice": _("Pilih reguler atau salah satu jalur prioritas."),
        },
    )


@login_not_required
@require_safe
@never_cache
def agencies(request: HttpRequest, slug: str) -> HttpResponse:
    if "awal" in request.GET:
        return _begin_anew(slug)
    mall = agency_access.public_mall(slug)
    if _is_known(request, mall):
        return HttpResponse(status=204)
    now = clock.now()
    status = opening.status(calendar_of(mall.pk), now)
    tiles = kiosks.agencies(mall, now=now) if status.issues_numbers else []
    first = kiosks.first_of(tiles)
    context = {
        "closed": "" if status.issues_numbers else sentences.closed(status, mall.zone),
        "tiles": tiles if "semua" in request.GET else first,
        "all": "semua" in request.GET,
        "others": len(tiles) - len(first),
        "idle": IDLE if request.GET or get_language() != settings.LANGUAGE_CODE else 0,
    }
    return _show(request, mall, "queueing/kiosk_agencies.html", context)


@login_not_required
@require_safe
@never_cache
def services(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    mall = agency_access.public_mall(slug)
    presence = agency_access.presence_at(mall, pk)
    if _is_known(request, mall):
        return HttpResponse(status=204)
    tiles = kiosks.services(presence, now=clock.now())
    context = {"presence": presence, "tiles": tiles, "idle": IDLE}
    return _show(request, mall, "queueing/kiosk_services.html", context)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def take(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    mall, now = agency_access.public_mall(slug), clock.now()
    offer = access.offer_at(mall, pk)
    form = PriorityForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        key = access.key_of(request.POST.get("key", ""))
        if form.is_valid():
            priority = form.cleaned_data["priority"]
            ticket_id = tickets.issue(pk, priority=priority, now=now, key=key)
            return redirect(_address(request, mall, access.token_of(ticket_id)))
    context = {
        "service": Service.objects.select_related("presence").get(pk=pk),
        "obstacle": kiosks.obstacle(offer, now=now),
        "form": form,
        "key": uuid4(),
        "idle": IDLE,
    }
    return _show(request, mall, "queueing/kiosk_priority.html", context)


@login_not_required
@require_safe
@never_cache
def ticket(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    mall, now = agency_access.public_mall(slug), clock.now()
    found = access.own_ticket(token)
    if found.day.mall_id != mall.pk:
        raise Http404
    address = request.build_absolute_uri(reverse("ticket", args=[token]))
    context = {
        "ticket": found,
        "place": figures.place_of(found, now=now) if found.state == State.WAITING else None,
        "code": _code(address),
        "address": address,
        "idle": IDLE_TICKET,
    }
    return _show(request, mall, "queueing/kiosk_ticket.html", context)


def _show(
    request: HttpRequest, mall: Mall, template: str, context: Mapping[str, object]
) -> HttpResponse:
    """A page of the kiosk with what all of them need; an answer that was wrong is a 422."""
    form = context.get("form")
    is_wrong = isinstance(form, PriorityForm) and form.is_bound
    shown = {
        "mall": mall,
        "version": record.version_of(mall.pk),
        "phase": _phase(mall),
        "is_low": LOW in request.GET,
        "kept": f"?{LOW}=1" if LOW in request.GET else "",
        **context,
    }
    return render(request, template, shown, status=422 if is_wrong else 200)


def _is_known(request: HttpRequest, mall: Mall) -> bool:
    """Whether a screen that asks again shows all this already."""
    if "HX-Request" not in request.headers or request.GET.get("p") != _phase(mall):
        return False
    return request.GET.get("v") == str(record.version_of(mall.pk))


def _phase(mall: Mall) -> str:
    return boards.phase(opening.status(calendar_of(mall.pk), clock.now()))


def _begin_anew(slug: str) -> HttpResponse:
    """The start as the next person wants it: in Indonesian, buttons where they were."""
    answer = redirect("kiosk", slug)
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_CODE, max_age=settings.LANGUAGE_COOKIE_AGE
    )
    return answer


def _address(request: HttpRequest, mall: Mall, token: str) -> str:
    address = reverse("kiosk_ticket", args=[mall.slug, token])
    return f"{address}?{LOW}=1" if LOW in request.GET else address


def _code(address: str) -> SafeString:
    """The address of the phone page as a QR code, drawn in the page itself."""
    drawn = segno.make(address, error="m", micro=False)
    return mark_safe(drawn.svg_inline(border=0, omitsize=True))  # noqa: S308 - of our own address
