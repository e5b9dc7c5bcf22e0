"""One middleware turns a rule's refusal into the answer the asker can read."""

from collections.abc import Callable
from typing import TypeAlias

from django.contrib import messages
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from core.errors import Refused, marked

Answer: TypeAlias = Callable[[HttpRequest], HttpResponse]
LOCKED = (
    *("lock timeout", "statement timeout", "database is locked"),
    *("could not obtain lock", "deadlock detected"),
)


class Busy(Refused):
    """Somebody else held the row for too long; nothing was changed, the same key may come again."""

    code = "busy"
    status = 503
    retry_after = 1


class refusals:  # Django names middleware as it is used in the settings
    """Answer Refused as JSON, as a 409 fragment for htmx, or as a message and the way back."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, OperationalError) and any(word in str(error) for word in LOCKED):
            error = Busy(_("Sistem sedang sibuk. Tidak ada yang berubah, silakan coba lagi."))
        return answer(request, error) if isinstance(error, Refused) else None


def answer(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The refusal as a fragment for htmx, else as a page, or a message on the page it came from."""
    response: HttpResponse
    if request.path.startswith("/api/"):
        body = {"code": refusal.code, "detail": str(refusal)}
        response = JsonResponse(body, status=refusal.status)
    elif request.headers.get("HX-Request"):
        response = render(request, "_refusal.html", {"refusal": refusal}, status=refusal.status)
        response["HX-Retarget"] = "#flash"
        response["HX-Reswap"] = "innerHTML"
    elif refusal.leads_back and (back := _way_back(request)) is not None:
        messages.error(request, str(refusal))
        response = HttpResponseRedirect(back)
    else:
        response = render(request, "refusal.html", {"refusal": refusal}, status=refusal.status)
    return marked(response, refusal)


def _way_back(request: HttpRequest) -> str | None:
    """The page a form was sent from, if it is one of ours and not the form's own address."""
    back = request.headers.get("Referer", "")
    if request.method != "POST" or back == request.build_absolute_uri():
        return None
    same = url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return back if same else None
