"""The counters of a mall by zone, and one of them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.requests import UserRequest
from agencies.models import Counter, Mall
from core import clock
from hall.forms import typed
from onboarding import setup_access
from onboarding.arranging import counters
from onboarding.setup_forms.counters import CounterForm, CountersForm, ZoneForm
from onboarding.views.setup.common import kept, mall_of, page, read_or_send
from queueing.lines import by_number


@read_or_send
@never_cache
def listed(request: UserRequest, slug: str) -> HttpResponse:
    mall, now = mall_of(request, slug), clock.now()
    form = CountersForm(typed(request))
    if form.is_valid():
        count = len([number for each in form.zones.values() for number in each])
        if not count:
            return redirect("setup_plans", slug)
        if kept(form, lambda: counters.add(mall, form.zones, by=request.user, now=now)):
            said = ngettext("%(count)d loket ditambahkan.", "%(count)d loket ditambahkan.", count)
            messages.success(request, said % {"count": count})
            more = "more" in request.POST
            return redirect("setup_counters" if more else "setup_plans", slug)
    return page(request, mall, "onboarding/setup_counters.html", form, zones=_zones(mall))


@require_POST
@never_cache
def rename(request: UserRequest, slug: str) -> HttpResponse:
    mall, form = mall_of(request, slug), ZoneForm(request.POST)
    if form.is_valid():
        old, new = form.cleaned_data["old"], form.cleaned_data["new"]
        if kept(
            form, lambda: counters.rename_zone(mall, old, new, by=request.user, now=clock.now())
        ):
            messages.success(request, _("Zona berganti nama menjadi %(name)s.") % {"name": new})
            return redirect("setup_counters", slug)
    first = CountersForm()
    return page(
        request, mall, "onboarding/setup_counters.html", first, form, zones=_zones(mall, form)
    )


@read_or_send
@never_cache
def counter(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    mall, now = mall_of(request, slug), clock.now()
    found = setup_access.counter_in(mall, pk)
    initial = {"number": found.number, "place": found.place}
    form = CounterForm(typed(request), initial=initial)
    if form.is_valid() and kept(
        form, lambda: counters.change(found, by=request.user, now=now, **form.cleaned_data)
    ):
        messages.success(request, _("Loket tersimpan."))
        return redirect("setup_counters", slug)
    return page(request, mall, "onboarding/setup_counter.html", form, counter=found)


@require_POST
@never_cache
def switch(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    mall = mall_of(request, slug)
    found = setup_access.counter_in(mall, pk)
    on = request.POST.get("aktif") == "1"
    counters.switch(found, is_active=on, by=request.user, now=clock.now())
    said = _("%(counter)s dipakai lagi.") if on else _("%(counter)s tidak dipakai mulai sekarang.")
    messages.success(request, said % {"counter": found})
    return redirect("setup_counters", slug)


def _zones(mall: Mall, sent: ZoneForm | None = None) -> list[tuple[str, list[Counter], Any]]:
    """The counters by zone, each zone with the form that renames it."""
    found: dict[str, list[Counter]] = {}
    for each in sorted(Counter.objects.filter(mall=mall), key=lambda row: by_number(row.number)):
        found.setdefault(each.place, []).append(each)
    return [
        (place, rows, _form(place, sent, number))
        for number, (place, rows) in enumerate(sorted(found.items()))
    ]


def _form(place: str, sent: ZoneForm | None, number: int) -> ZoneForm:
    if sent is not None and sent.data.get("old") == place:
        return sent
    return ZoneForm(initial={"old": place, "new": place}, auto_id=f"id_zone{number}_%s")
