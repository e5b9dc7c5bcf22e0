"""What the pages about the way of a mall have in common."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.requests import UserRequest
from agencies.models import Mall
from core import clock
from core.errors import Refused, marked
from onboarding import tabs
from onboarding.path import access
from queueing.access import workday


def of(request: UserRequest, mall: Mall) -> dict[str, Any]:
    """What every page of a mall needs."""
    now = clock.now()
    found = tabs.of(request.user, mall, on=workday(now))
    return {
        "mall": mall,
        "hand": access.hand_at(request.user, mall, now=now),
        "tabs": found,
        "routes": {tab.route for tab in found},
        "here": "readiness",
    }


def asked(
    request: HttpRequest, template: str, form: forms.Form, made: Any, context: dict[str, Any]
) -> HttpResponse:
    """The page of a form: as it is, with what is wrong, or with why it was refused."""
    refusal = made if isinstance(made, Refused) else None
    status = refusal.status if refusal else 422 if form.is_bound else 200
    context = context | {"form": form, "refusal": refusal}
    answer = render(request, template, context, status=status)
    return marked(answer, refusal) if refusal else answer
