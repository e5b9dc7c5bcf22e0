"""What the pages about agencies and agreements have in common."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.requests import UserRequest
from agencies import opening
from agencies.models import Mall
from core import clock
from core.errors import Refused, marked
from onboarding import tabs
from queueing.access import workday

ROWS = 50  # on one page


def of(request: UserRequest, mall: Mall, *, here: str = "agreements") -> dict[str, Any]:
    """What every page of a mall needs."""
    own = tabs.of(request.user, mall, on=workday(clock.now()))
    links = {tab.route for tab in own}
    return {"mall": mall, "tabs": own, "here": here, "links": links, "today": today_at(mall)}


def today_at(mall: Mall) -> date:
    """What is today at a mall."""
    return opening.local_date(clock.now(), mall.zone)


def wrong(
    request: HttpRequest, template: str, context: dict[str, Any], made: object
) -> HttpResponse:
    """The page of a form as it is, with what is wrong in it, or with why it was refused."""
    refusal = made if isinstance(made, Refused) else None
    status = refusal.status if refusal else 422 if context["form"].errors else 200
    answer = render(request, template, context | {"refusal": refusal}, status=status)
    return marked(answer, refusal) if refusal else answer
