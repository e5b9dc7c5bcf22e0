"""The whole country as the ministry sees it, and the occasions it holds for many at once."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import UserRequest
from agencies.models import Mall, Region
from core import clock
from core.errors import Refused, tried
from hall.forms import typed
from onboarding.path import access, maps, nation, way
from onboarding.path.forms import BoardForm, CommitmentForm, InaugurationForm, OccasionForm
from onboarding.path.views import answers
from onboarding.states import Stage
from queueing.access import workday

SHOWN = 6  # malls in a column of the board; the rest is behind its link
SEARCH = "cari"  # the button that looks for a region and records nothing
read_or_send = require_http_methods(["GET", "HEAD", "POST"])
Form = TypeVar("Form", bound=OccasionForm)


@require_safe
@never_cache
def board(request: UserRequest) -> HttpResponse:
    context = _country(request)
    columns = nation.columns(context["rows"])
    context |= {"columns": [(stage, there[:SHOWN], there[SHOWN:]) for stage, there in columns]}
    return render(request, "onboarding/nation_board.html", context | {"here": "nation_board"})


@require_safe
@never_cache
def country_map(request: UserRequest) -> HttpResponse:
    context = _country(request)
    drawn = maps.drawn(context["rows"], province=context["asked"].province)
    return render(
        request, "onboarding/nation_map.html", context | {"map": drawn, "here": "nation_map"}
    )


@read_or_send
@never_cache
def commitment(request: UserRequest) -> HttpResponse:
    now = clock.now()
    access.refuse_uncoaching(request.user, now=now)
    form = _occasion(request, CommitmentForm, regions=Region.objects.order_by("code"))
    made = _made(form, lambda: way.commit(form.rows, **form.what, by=request.user, now=now))
    if isinstance(made, list):
        said = ngettext("%d wilayah tercatat.", "%d wilayah tercatat.", len(made)) % len(made)
        messages.success(request, said)
        return redirect("nation_board")
    groups = nation.provinces_of(nation.uncommitted(), request.POST.get("q", ""), form.ticked())
    context = {"groups": groups, "ticked": form.ticked()}
    return answers.asked(request, "onboarding/commitment.html", form, made, context)


@read_or_send
@never_cache
def inauguration(request: UserRequest) -> HttpResponse:
    now = clock.now()
    access.refuse_uncoaching(request.user, now=now)
    malls = Mall.objects.filter(stage=Stage.SOFT_LAUNCH).select_related("region")
    form = _occasion(request, InaugurationForm, malls=malls.order_by("region__code", "pk"))
    made = _made(form, lambda: way.inaugurate(form.rows, **form.what, by=request.user, now=now))
    if made is not None and not isinstance(made, Refused):
        messages.success(request, _("Peresmian tercatat."))
        return redirect("nation_board")
    context = {"ticked": form.ticked()}
    return answers.asked(request, "onboarding/inauguration.html", form, made, context)


def _country(request: UserRequest) -> dict[str, Any]:
    """The malls that are asked for, and the figures of all."""
    now = clock.now()
    access.refuse_uncoaching(request.user, now=now)
    form = BoardForm(request.GET)
    form.full_clean()
    found = nation.country(on=workday(now))
    return {
        "asked": form.asked,
        "rows": nation.wanted(found, form.asked),
        "totals": nation.totals(found),
        "provinces": nation.provinces(),
        "stages": Stage,
        "query": request.GET.urlencode(),
    }


def _occasion(request: HttpRequest, kind: type[Form], **rows: Any) -> Form:
    """The form as it was sent; while somebody still looks for a region nothing is wrong yet."""
    if request.POST.get("do") == SEARCH:
        start = request.POST.dict() | {"chosen": request.POST.getlist("chosen")}
        return kind(initial=start, **rows)
    sent = typed(request)
    return kind(sent, request.FILES if sent is not None else None, **rows)


def _made(form: OccasionForm, act: Callable[[], Any]) -> Any:
    """What was done, the refusal of it, or None where nothing was asked for rightly."""
    return tried(act, Refused) if form.is_valid() else None
