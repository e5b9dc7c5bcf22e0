"""Before somebody loses a promise: how many that are, and whether it is meant."""

from django.http import HttpResponse
from django.utils.functional import Promise

from accounts.requests import UserRequest
from agencies.models import Mall
from onboarding.setup.arranging.resting import Cost
from onboarding.setup.views.common import page

UNSAID = frozenset({"csrfmiddlewaretoken", "do"})


def is_meant(request: UserRequest, cost: Cost) -> bool:
    """Whether it may be done: nobody loses anything by it, or that was read and wanted."""
    return not cost or request.POST.get("do") == "save"


def ask(
    request: UserRequest, mall: Mall, title: str | Promise, cost: Cost, back: str
) -> HttpResponse:
    """The page that says what it would cost; its button sends the same again."""
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in UNSAID
    ]
    context = {"title": title, "cost": cost, "back": back, "sent": sent}
    return page(request, mall, "onboarding/setup_confirm.html", **context)
