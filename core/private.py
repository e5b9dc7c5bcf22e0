"""Pages that whoever holds a secret link may open."""

from collections.abc import Callable
from functools import wraps
from typing import TypeAlias

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control

View: TypeAlias = Callable[..., HttpResponse]


def private(view: View) -> View:
    """Keep a page that a secret link opens out of caches and indexes, its address to itself."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str) -> HttpResponse:
        response = view(request, token)
        # Until the page says otherwise: base.html tells our own origin where a form came from,
        # which the check of forged requests needs, and nobody else.
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex"
        return response

    return cache_control(no_store=True)(guarded)
