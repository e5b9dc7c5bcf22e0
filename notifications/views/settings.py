"""How a mall sends: the order of its channels, its terms, and who carries each channel."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.requests import UserRequest
from agencies.models import Mall
from core import clock
from hall.forms import typed
from notifications import access, budget, logs, messaging, providers
from notifications.channels.presets import PRESETS
from notifications.channels.registry import JUDGES
from notifications.messaging import Way
from notifications.models import Messaging
from notifications.staff_forms import MoveForm, ProviderForm, TermsForm, ToForm
from notifications.states import Channel
from notifications.views.log import read_or_send
from notifications.views.outcomes import tell


@read_or_send
@never_cache
def terms(request: UserRequest, slug: str) -> HttpResponse:
    now = clock.now()
    mall = _managed(request, slug)
    arranged = messaging.of(mall)
    form = TermsForm(typed(request), initial=vars(arranged))
    if form.is_valid():
        messaging.save(mall, form.terms, by=request.user, now=now)
        messages.success(request, _("Pengaturan tersimpan."))
        return redirect("messaging", slug)
    context = {
        "mall": mall,
        "form": form,
        "ways": [(each, *_look(each)) for each in messaging.ways(mall, arranged, now=now)],
        "spending": _spending(mall, arranged),
    }
    status = 422 if form.is_bound else 200
    return render(request, "notifications/settings.html", context, status=status)


@require_POST
@never_cache
def order(request: UserRequest, slug: str) -> HttpResponse:
    mall, form = _managed(request, slug), MoveForm(request.POST)
    if form.is_valid():
        channel, up = form.cleaned_data["channel"], form.cleaned_data["ke"] == "naik"
        messaging.move(mall, channel, up=up, by=request.user, now=clock.now())
    return redirect("messaging", slug)


@read_or_send
@never_cache
def provider(request: UserRequest, slug: str, name: str) -> HttpResponse:
    mall, channel = _managed(request, slug), access.channel_called(name)
    way = messaging.way(mall, channel, now=clock.now())
    form = ProviderForm(typed(request), way=way, **_start(way, request.GET.get("contoh", "")))
    if form.is_valid():
        providers.save(mall, channel, **form.what, by=request.user, now=clock.now())
        messages.success(request, _("Penyedia tersimpan. Kirim uji sebelum mengandalkannya."))
        return redirect("provider", slug, name)
    return _page(request, mall, way, form, ToForm(channel=channel))


@require_POST
@never_cache
def test(request: UserRequest, slug: str, name: str) -> HttpResponse:
    mall, channel = _managed(request, slug), access.channel_called(name)
    way = messaging.way(mall, channel, now=clock.now())
    to = ToForm(request.POST, channel=channel)
    if way.provider is None or not to.is_valid():
        return _page(request, mall, way, ProviderForm(way=way, **_start(way, "")), to)
    typed_in = to.cleaned_data["to"]
    tell(request, providers.test(way.provider, to=typed_in, by=request.user, now=clock.now()))
    return redirect("provider", slug, name)


def _page(
    request: UserRequest, mall: Mall, way: Way, form: ProviderForm, to: ToForm
) -> HttpResponse:
    report = ""
    if way.provider is not None and way.channel in JUDGES:
        report = request.build_absolute_uri(reverse("provider_report", args=[way.provider.address]))
    context = {
        "mall": mall,
        "way": way,
        "name": access.name_of(way.channel),
        "form": form,
        "to": to,
        "presets": PRESETS if way.channel == Channel.TEXT else (),
        "report": report,
    }
    status = 422 if form.is_bound or to.is_bound else 200
    return render(request, "notifications/provider.html", context, status=status)


def _start(way: Way, wanted: str) -> dict[str, Any]:
    """What the form of a provider begins with: what is stored, or a preset."""
    preset = next((each for each in PRESETS if each.name == wanted), None)
    if preset is not None and way.channel == Channel.TEXT:
        settings = preset.settings
    else:
        settings = way.provider.settings if way.provider else {}
    known = way.provider
    own = {"is_on": known.is_on, "price": known.price} if known else {"is_on": True, "price": 0}
    return {"start": settings, "initial": own}


def _look(way: Way) -> tuple[str, str]:
    """The name of a channel in an address, and its icon."""
    return access.name_of(way.channel), logs.CHANNEL_ICONS[way.channel]


def _spending(mall: Mall, arranged: Messaging) -> dict[str, Any]:
    """What today has cost, and what is left of its budget."""
    spent = budget.spent_on(mall.pk, timezone.localdate(clock.now(), mall.zone))
    limit = arranged.daily_budget
    left = None if limit is None else max(limit - spent, 0)
    return {"spent": spent, "limit": limit, "left": left}


def _managed(request: UserRequest, slug: str) -> Mall:
    return access.managed_mall(request.user, slug, on=timezone.localdate(clock.now()))
