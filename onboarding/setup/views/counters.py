"""The counters of a mall by zone, and one of them."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.requests import UserRequest
from agencies.models import Counter, Mall
from agencies.opening import Rest
from core import clock
from hall.forms import typed
from onboarding.agreements import promises
from onboarding.setup import access
from onboarding.setup.arranging import changes, counters, resting
from onboarding.setup.forms.changes import CounterFromForm, ZoneFromForm
from onboarding.setup.forms.counters import CountersForm
from onboarding.setup.views import asking
from onboarding.setup.views.changes import saved, shown
from onboarding.setup.views.common import kept, mall_of, page, read_or_send
from queueing.lines import by_number


@read_or_send
@never_cache
def listed(request: UserRequest, slug: str) -> HttpResponse:
    mall, now = mall_of(request, slug), clock.now()
    form = CountersForm(typed(request), today=promises.today_at(mall, now))
    if form.is_valid():
        count = len([number for each in form.zones.values() for number in each])
        if not count:
            return redirect("setup_plans", slug)
        begins = form.cleaned_data["begins"]
        act = {"by": request.user, "now": now, "begins": begins}
        if kept(form, lambda: counters.add(mall, form.zones, **act)):
            said = ngettext("%(count)d loket ditambahkan.", "%(count)d loket ditambahkan.", count)
            messages.success(request, said % {"count": count})
            more = "more" in request.POST
            return redirect("setup_counters" if more else "setup_plans", slug)
    return page(request, mall, "onboarding/setup_counters.html", form, zones=_zones(mall))


@require_POST
@never_cache
def rename(request: UserRequest, slug: str) -> HttpResponse:
    mall, now = mall_of(request, slug), clock.now()
    form = ZoneFromForm(request.POST, today=promises.today_at(mall, now))
    if form.is_valid() and kept(
        form, lambda: changes.rename_zone(mall, by=request.user, now=now, **form.cleaned_data)
    ):
        name = form.cleaned_data["new"]
        messages.success(request, _("Zona berganti nama menjadi %(name)s.") % {"name": name})
        return redirect("setup_counters", slug)
    first = CountersForm(today=form.today)
    return page(
        request, mall, "onboarding/setup_counters.html", first, form, zones=_zones(mall, form)
    )


@read_or_send
@never_cache
def counter(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    mall, now = mall_of(request, slug), clock.now()
    found = access.counter_in(mall, pk)
    initial = {"number": found.number, "place": found.place}
    form = CounterFromForm(typed(request), today=promises.today_at(mall, now), initial=initial)
    if form.is_valid() and saved(request, found, form):
        return redirect("setup_counters", slug)
    rest = {"rest": resting.said(found, on=form.today), "is_in_use": found.is_in_use(form.today)}
    context = {"counter": found, "planned": shown(changes.of_subject(found, mall)), **rest}
    return page(request, mall, "onboarding/setup_counter.html", form, **context)


@require_POST
@never_cache
def switch(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    mall = mall_of(request, slug)
    found, now = access.counter_in(mall, pk), clock.now()
    today, on = promises.today_at(mall, now), request.POST.get("aktif") == "1"
    if on:
        resting.use(found, today, by=request.user, now=now)
    else:
        cost = resting.cost_of(found, Rest(today), now=now)
        if not asking.is_meant(request, cost):
            title = _("Jangan pakai %(counter)s lagi") % {"counter": found}
            return asking.ask(request, mall, title, cost, resolve_url("setup_counter", slug, pk))
        resting.rest(found, Rest(today), by=request.user, now=now)
    said = _("%(counter)s dipakai lagi.") if on else _("%(counter)s tidak dipakai mulai sekarang.")
    messages.success(request, said % {"counter": found})
    return redirect("setup_counters", slug)


def _zones(mall: Mall, sent: ZoneFromForm | None = None) -> list[tuple[str, list[Any], Any]]:
    """The counters by zone, each zone with the form that renames it."""
    found: dict[str, list[tuple[Counter, str]]] = {}
    today = promises.today_at(mall, clock.now())
    for each in sorted(Counter.objects.filter(mall=mall), key=lambda row: by_number(row.number)):
        found.setdefault(each.place, []).append((each, resting.said(each, on=today)))
    return [
        (place, rows, _form(place, sent, number, today))
        for number, (place, rows) in enumerate(sorted(found.items()))
    ]


def _form(place: str, sent: ZoneFromForm | None, number: int, today: date) -> ZoneFromForm:
    if sent is not None and sent.data.get("old") == place:
        return sent
    initial = {"old": place, "new": place}
    return ZoneFromForm(today=today, initial=initial, auto_id=f"id_zone{number}_%s")
