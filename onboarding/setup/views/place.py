"""Where the sequence begins and ends: what is left, the place, and the check."""

from copy import copy

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.requests import UserRequest
from core import clock
from hall.forms import typed
from onboarding.setup import checking, progress
from onboarding.setup.arranging import places
from onboarding.setup.forms.place import PlaceForm
from onboarding.setup.views.common import mall_of, page, read_or_send


@require_safe
@never_cache
def overview(request: UserRequest, slug: str) -> HttpResponse:
    mall = mall_of(request, slug)
    facts = progress.facts_of(mall, now=clock.now())
    grave = checking.grave(checking.problems(facts))
    standings = progress.overview(facts, grave)
    done = sum(each.is_done for each in standings)
    upcoming = next((each for each in standings if not (each.is_done or each.is_optional)), None)
    return page(
        request,
        mall,
        "onboarding/setup.html",
        standings=standings,
        done=done,
        next=upcoming or standings[-1],
    )


@read_or_send
@never_cache
def place(request: UserRequest, slug: str) -> HttpResponse:
    mall = mall_of(request, slug)
    # The form writes what was typed into what it is given, right or wrong.
    form = PlaceForm(typed(request), instance=copy(mall))
    if form.is_valid():
        places.save(mall, form.cleaned_data, by=request.user, now=clock.now())
        messages.success(request, _("Tempat tersimpan."))
        return redirect("setup_hours", slug)
    return page(request, mall, "onboarding/setup_place.html", form)


@require_safe
@never_cache
def check(request: UserRequest, slug: str) -> HttpResponse:
    mall, now = mall_of(request, slug), clock.now()
    facts = progress.facts_of(mall, now=now)
    problems, on = checking.problems(facts), checking.next_day(facts, now=now)
    context = {
        "problems": problems,
        "grave": checking.grave(problems),
        "day": on,
        "opens": checking.opens_on(facts, on) if on else [],
    }
    return page(request, mall, "onboarding/setup_check.html", **context)
