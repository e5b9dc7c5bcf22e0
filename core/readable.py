"""Refuses what no page of ours sends, before anything reads it; the answer is a plain 400."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.views.defaults import bad_request


def middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    def respond(request: HttpRequest) -> HttpResponse:
        if not _is_readable(request):
            return bad_request(request, BadRequest())
        return get_response(request)

    return respond


def _is_readable(request: HttpRequest) -> bool:
    # "hex" and its like are codecs too, but not of text: reading a field would be a fault.
    if (request.encoding or "utf-8").lower() not in {"utf-8", "utf8"}:
        return False
    # PostgreSQL takes no NUL, and a cookie is looked up there before any form is cleaned.
    if any("\x00" in value for value in request.COOKIES.values()):
        return False
    # Of two values one reader takes the first and another the last.
    return all(len(values) == 1 for _name, values in request.GET.lists())
