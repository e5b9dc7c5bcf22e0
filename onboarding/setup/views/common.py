"""What every page of the sequence has in common."""

from collections.abc import Callable, Sequence
from pathlib import PurePosixPath
from typing import Any, NamedTuple, TypeVar

from django import forms
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.requests import UserRequest
from agencies import rota
from agencies.models import Mall
from core import clock
from core.errors import Refused, tried
from onboarding import tabs
from onboarding.setup import access, progress
from onboarding.setup.arranging.refusals import NotArranged
from queueing.access import workday

Row = TypeVar("Row")
PER_PAGE = 20  # agencies on one page, whose fields a request may carry
# Pages are named as the routes of their steps are, but for those beside the sequence.
BESIDE = {
    "setup_special": "setup_hours",
    "setup_counter": "setup_counters",
    "setup_plan": "setup_plans",
    "setup_agency_new": "setup_agencies",
    "setup_details": "setup_agencies",
    "setup_queues_agency": "setup_queues",
    "setup_queue": "setup_queues",
    "setup_days_agency": "setup_days",
}
read_or_send = require_http_methods(["GET", "HEAD", "POST"])


class Place(NamedTuple):
    """Where in the sequence a page is: its number, and the steps beside it."""

    number: int
    before: progress.Step | None
    after: progress.Step | None


def mall_of(request: UserRequest, slug: str) -> Mall:
    """The mall that whoever asks sets up."""
    return access.mall_for_setup(request.user, slug, now=clock.now())


def page(
    request: UserRequest, mall: Mall, template: str, *asked: forms.BaseForm, **context: Any
) -> HttpResponse:
    """A page of the sequence; one whose form was sent and not kept answers 422."""
    on = workday(clock.now())
    name = PurePosixPath(template).stem
    step = BESIDE.get(name, name)
    context |= {
        "mall": mall,
        "tabs": tabs.of(request.user, mall, on=on),
        "here": "setup",
        "steps": progress.STEPS,
        "step": step,
        "place": place_of(step),
    }
    if asked:
        context.setdefault("form", asked[0])
    wrong = any(form.is_bound and form.errors for form in asked)
    return render(request, template, context, status=422 if wrong else 200)


def place_of(step: str) -> Place | None:
    """Where a step stands in the sequence; None for the list of all."""
    routes = [each.route for each in progress.STEPS]
    if step not in routes:
        return None
    here = routes.index(step)
    before = progress.STEPS[here - 1] if here else None
    after = progress.STEPS[here + 1] if here + 1 < len(routes) else None
    return Place(here + 1, before, after)


def kept(form: forms.Form, act: Callable[[], object]) -> bool:
    """Do it; a refusal stands above the form, whose values stay."""
    refusal = tried(act, NotArranged, rota.CounterTaken)
    if isinstance(refusal, Refused):
        form.add_error(None, str(refusal))
        return False
    return True


def part(request: UserRequest, rows: Sequence[Row], most: int = PER_PAGE) -> "Page[Row]":
    """The part of a long list that is asked for; what makes no sense is the first or the last."""
    return Paginator(rows, most).get_page(request.GET.get("hal"))
