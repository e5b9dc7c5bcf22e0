"""The way from the staff home to a mall that somebody sets up or works for."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.requests import UserRequest
from accounts.roles import Act
from agencies import access
from core import clock
from onboarding import tabs
from queueing.access import workday

SHOWN = 60  # malls on one page


@require_safe
@never_cache
def malls(request: UserRequest) -> HttpResponse:
    on = workday(clock.now())
    found = tabs.malls_for(request.user, on=on)
    if not found.exists():
        raise Http404
    asked = request.GET.get("q", "").strip()[:80]
    if not asked and found.count() == 1:
        return redirect("onboarding_mall", found.get().slug)
    shown = found.filter(Q(name__icontains=asked) | Q(region__name__icontains=asked))
    context = {
        "asked": asked,
        "shown": Paginator(shown, SHOWN).get_page(request.GET.get("hal")),
        "coaches": access.is_national(request.user, Act.COACH_MALLS, on=on),
        "appoints": access.is_national(request.user, Act.MANAGE_STAFF, on=on),
    }
    return render(request, "onboarding/malls.html", context)


@require_safe
@never_cache
def mall(request: UserRequest, slug: str) -> HttpResponse:
    on = workday(clock.now())
    found = tabs.malls_for(request.user, on=on).filter(slug=slug).first()
    if found is None:
        raise Http404
    return redirect(tabs.of(request.user, found, on=on)[0].route, slug)
