"""The kiosk: agency, service, papers and priority, number. Public, and nobody signs in."""

from collections.abc import Mapping
from uuid import uuid4

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from agencies import access as agency_access
from agencies import opening, sentences
from agencies.calendars import calendar_of
from agencies.models import Mall
from core import clock, qr
from hall import devices, record
from queueing import access, admission, boards, directory, kiosks, prints
from queueing.states import Priority
from services.models import Service

IDLE = 60  # seconds without a touch until the start comes back
WARNED = 20  # of them with a warning that can be answered
LONGEST = 40  # letters of a question that are kept


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
    if is_known(request, mall):
        return HttpResponse(status=204)
    closed = _closed(mall)
    tiles = [] if closed else kiosks.agencies(mall, now=clock.now())
    first = kiosks.first_of(tiles)
    context = {
        "closed": closed,
        "tiles": tiles if "semua" in request.GET else first,
        "all": "semua" in request.GET,
        "others": len(tiles) - len(first),
        "idle": IDLE if request.GET or get_language() != settings.LANGUAGE_CODE else 0,
    }
    return show(request, mall, "queueing/kiosk_agencies.html", context)


@login_not_required
@require_safe
@never_cache
def services(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    mall = agency_access.public_mall(slug)
    presence = agency_access.presence_at(mall, pk)
    if is_known(request, mall):
        return HttpResponse(status=204)
    tiles = kiosks.services(presence, now=clock.now())
    context = {"presence": presence, "tiles": tiles}
    return show(request, mall, "queueing/kiosk_services.html", context)


@login_not_required
@require_safe
@never_cache
def search(request: HttpRequest, slug: str) -> HttpResponse:
    mall = agency_access.public_mall(slug)
    # Without a script each key of the screen sends the form.
    question = (request.GET.get("q", "") + request.GET.get("tambah", ""))[:LONGEST]
    question = question[:-1] if "hapus" in request.GET else question
    closed = _closed(mall)
    found = [] if closed else kiosks.found(mall, question, now=clock.now())
    often = directory.often(mall.pk)
    context = {"closed": closed, "question": question, "tiles": found, "often": often}
    return show(request, mall, "queueing/kiosk_search.html", context)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def take(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    mall, now = agency_access.public_mall(slug), clock.now()
    kiosk, offer = access.kiosk_of(request, mall), access.offer_at(mall, pk)
    form = PriorityForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        key = access.key_of(request.POST.get("key", ""))
        admission.screen(kiosk, mall)
        if form.is_valid():
            priority = form.cleaned_data["priority"]
            number = prints.issue(pk, priority=priority, kiosk=kiosk, now=now, key=key)
            token = access.token_of(number)
            return redirect(address("kiosk_ticket", request, mall.slug, token))
    service = Service.objects.select_related("presence").get(pk=pk)
    obstacle = kiosks.obstacle(offer, now=now)
    context = {"service": service, "obstacle": obstacle, "form": form, "key": uuid4()}
    return show(request, mall, "queueing/kiosk_priority.html", context)


@login_not_required
@require_safe
@never_cache
def missing(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    mall = agency_access.public_mall(slug)
    access.offer_at(mall, pk)
    service = Service.objects.select_related("presence").get(pk=pk)
    phone = request.build_absolute_uri(reverse("service", args=[mall.slug, pk]))
    context = {"service": service, "code": qr.drawn(phone), "address": phone}
    return show(request, mall, "queueing/kiosk_missing.html", context)


def show(
    request: HttpRequest, mall: Mall, template: str, context: Mapping[str, object]
) -> HttpResponse:
    """A page of the kiosk with what all of them need; an answer that was wrong is a 422."""
    form, kiosk = context.get("form"), access.kiosk_of(request, mall)
    if not (context.get("ticket") or devices.may_give_numbers(kiosk, mall)):
        template = "queueing/kiosk_stranger.html"
    shown = {
        "mall": mall,
        "device": kiosk,
        "version": record.version_of(mall.pk),
        "phase": phase(mall),
        "aids": kiosks.aids(request.GET),
        "idle": IDLE,
        "warned": WARNED,
        **context,
    }
    is_wrong = isinstance(form, PriorityForm) and form.is_bound
    return render(request, template, shown, status=422 if is_wrong else 200)


def is_known(request: HttpRequest, mall: Mall) -> bool:
    """Whether a screen that asks again shows all this already."""
    if "HX-Request" not in request.headers or request.GET.get("p") != phase(mall):
        return False
    return request.GET.get("v") == str(record.version_of(mall.pk))


def phase(mall: Mall) -> str:
    return boards.phase(opening.status(calendar_of(mall.pk), clock.now()))


def address(name: str, request: HttpRequest, *args: object) -> str:
    """The address of a page of the kiosk, with the aids chosen on this one."""
    return reverse(name, args=args) + kiosks.aids(request.GET).kept


def _closed(mall: Mall) -> str:
    status = opening.status(calendar_of(mall.pk), clock.now())
    return "" if status.issues_numbers else sentences.closed(status, mall.zone)


def _begin_anew(slug: str) -> HttpResponse:
    """The start as the next person wants it: in Indonesian, and without anybody's aids."""
    answer = redirect("kiosk", slug)
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_CODE, max_age=settings.LANGUAGE_COOKIE_AGE
    )
    return answer
