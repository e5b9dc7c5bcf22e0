"""Days on which a counter, a queue or a service is not in use."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.requests import UserRequest
from agencies.models import Mall
from core import clock
from hall.forms import typed
from onboarding.agreements import promises
from onboarding.setup import access
from onboarding.setup.arranging import resting
from onboarding.setup.arranging.resting import What
from onboarding.setup.forms.changes import RestForm, UseForm
from onboarding.setup.views import asking
from onboarding.setup.views.common import kept, mall_of, page, read_or_send

GATES: dict[str, Callable[[Mall, int], What]] = {
    "loket": access.counter_in,
    "antrean": access.queue_in,
    "layanan": access.service_in,
}


@read_or_send
@never_cache
def rest(request: UserRequest, slug: str, kind: str, pk: int) -> HttpResponse:
    mall, now = mall_of(request, slug), clock.now()
    what, today = _found(mall, kind, pk), promises.today_at(mall, now)
    if not what.is_in_use(today):
        return _use(request, mall, what, kind)
    form = RestForm(typed(request), today=today)
    cost = resting.cost_of(what, form.rest, now=now) if form.is_valid() else None
    if cost is not None and not asking.is_meant(request, cost):
        back = resolve_url("setup_rest", slug, kind, pk)
        return asking.ask(request, mall, _("%(what)s tidak dipakai") % {"what": what}, cost, back)
    lost: list[int] = []
    if cost is not None and kept(
        form, lambda: lost.append(resting.rest(what, form.rest, by=request.user, now=now))
    ):
        told(request, lost[0])
        return redirect("setup_rest", slug, kind, pk)
    return _page(request, mall, what, kind, form)


def _use(request: UserRequest, mall: Mall, what: What, kind: str) -> HttpResponse:
    """The same page of what rests now: from when it is in use again."""
    now = clock.now()
    today = promises.today_at(mall, now)
    form = UseForm(typed(request), today=today, initial={"first": today})
    if form.is_valid() and kept(
        form, lambda: resting.use(what, form.cleaned_data["first"], by=request.user, now=now)
    ):
        messages.success(request, _("Tersimpan."))
        return redirect("setup_rest", mall.slug, kind, what.pk)
    return _page(request, mall, what, kind, form)


@require_POST
@never_cache
def withdraw(request: UserRequest, slug: str, kind: str, pk: int) -> HttpResponse:
    mall, now = mall_of(request, slug), clock.now()
    what = _found(mall, kind, pk)
    from_date = max(promises.today_at(mall, now), what.rests_from or promises.today_at(mall, now))
    resting.use(what, from_date, by=request.user, now=now)
    messages.success(request, _("%(what)s tetap dipakai.") % {"what": what})
    return redirect("setup_rest", slug, kind, pk)


def told(request: UserRequest, called_off: int) -> None:
    """Say that it is done, and to how many people that was told."""
    messages.success(request, _("Tersimpan."))
    if called_off:
        said = ngettext(
            "%(count)d reservasi dibatalkan dan ditawari waktu lain.",
            "%(count)d reservasi dibatalkan dan ditawari waktu lain.",
            called_off,
        )
        messages.warning(request, said % {"count": called_off})


def _page(
    request: UserRequest, mall: Mall, what: What, kind: str, form: RestForm | UseForm
) -> HttpResponse:
    today = promises.today_at(mall, clock.now())
    context = {
        "what": what,
        "kind": kind,
        "rest": resting.said(what, on=today),
        "is_in_use": what.is_in_use(today),
    }
    return page(request, mall, "onboarding/setup_rest.html", form, **context)


def _found(mall: Mall, kind: str, pk: int) -> What:
    if kind not in GATES:
        raise Http404
    return GATES[kind](mall, pk)
