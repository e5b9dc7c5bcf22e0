"""On which days agencies have which counters, and what these call."""

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from accounts.requests import UserRequest
from agencies import opening
from agencies.models import Counter, CounterDay, Mall, Presence
from core import clock
from hall.forms import typed
from onboarding.setup import access, progress
from onboarding.setup.arranging import days
from onboarding.setup.forms.days import AgencyDaysForm, DaysForm, ServedForm
from onboarding.setup.views.common import kept, mall_of, page, part, read_or_send
from queueing.lines import by_number
from services.models import CounterQueue, Queue


@read_or_send
@never_cache
def many(request: UserRequest, slug: str) -> HttpResponse:
    mall, now = mall_of(request, slug), clock.now()
    present = list(progress.present_at(mall))
    decreed = [each for each in present if each.basis == Presence.Basis.DECREE]
    shown = part(request, decreed)
    begins = _from(mall, decreed, now)
    known = days.attended([each.pk for each in present], on=begins["today"])
    form = DaysForm(typed(request), presences=shown, attended=known, **begins)
    if form.is_valid() and _laid(request, mall, form, form.week):
        if shown.has_next():
            return redirect(request.path + f"?hal={shown.next_page_number()}")
        return redirect("setup_check", slug)
    agreed = [(each, known[each.pk]) for each in present if each not in decreed]
    return page(request, mall, "onboarding/setup_days.html", form, shown=shown, agreed=agreed)


@read_or_send
@never_cache
def one(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    mall, now = mall_of(request, slug), clock.now()
    presence = access.presence_in(mall, pk)
    begins = _from(mall, [presence], now)
    known = days.attended([pk], on=begins["today"])[pk]
    is_decree = presence.basis == Presence.Basis.DECREE
    sent = typed(request)
    of_days = AgencyDaysForm(sent if "hari" in request.POST else None, attended=known, **begins)
    of_queues = _served(presence, sent if "antrean" in request.POST else None)
    if is_decree and of_days.is_valid() and _laid(request, mall, of_days, {pk: of_days.wanted}):
        return redirect("setup_days_agency", slug, pk)
    if of_queues.is_valid():
        days.serve(presence, of_queues.queues, by=request.user, now=now)
        messages.success(request, _("Antrean setiap loket tersimpan."))
        return redirect("setup_days", slug)
    context = {"presence": presence, "is_decree": is_decree, "served": of_queues}
    return page(request, mall, "onboarding/setup_days_agency.html", of_days, of_queues, **context)


def _laid(
    request: UserRequest, mall: Mall, form: DaysForm | AgencyDaysForm, week: dict[int, Any]
) -> bool:
    """Lay the days; False when a rule says no, which then stands above the form."""
    if not week:
        return True
    called_off: list[int] = []
    lay = {"from_date": form.cleaned_data["from_date"], "by": request.user, "now": clock.now()}
    if not kept(form, lambda: called_off.append(days.lay(mall, week, **lay))):
        return False
    messages.success(request, _("Hari hadir dan loket tersimpan."))
    if called_off[0]:
        said = ngettext(
            "%(count)d reservasi dibatalkan dan ditawari waktu lain.",
            "%(count)d reservasi dibatalkan dan ditawari waktu lain.",
            called_off[0],
        )
        messages.warning(request, said % {"count": called_off[0]})
    return True


def _from(mall: Mall, presences: list[Presence], now: datetime) -> dict[str, Any]:
    """The counters that can be named, and from when a change may hold."""
    counters = sorted(
        Counter.objects.filter(mall=mall, is_active=True), key=lambda row: by_number(row.number)
    )
    first: date = days.earliest(mall, [each.pk for each in presences], now=now)
    today = opening.local_date(now, mall.zone)
    return {"counters": counters, "earliest": first, "today": today}


def _served(presence: Presence, sent: Any) -> ServedForm:
    held = CounterDay.objects.filter(presence=presence, counter__is_active=True)
    counters = Counter.objects.filter(pk__in=held.values("counter"))
    queues = Queue.objects.filter(presence=presence, is_active=True).order_by("letter")
    served = CounterQueue.objects.filter(queue__in=queues, counter__in=counters)
    return ServedForm(
        sent,
        counters=sorted(counters, key=lambda row: by_number(row.number)),
        queues=queues,
        served=set(served.values_list("counter_id", "queue_id")),
    )
