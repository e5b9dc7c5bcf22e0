"""Pages of the portal as a whole: its health, its components, its refusals."""

import sys

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_safe
from django.views.defaults import server_error

from core import replica


@login_not_required
@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """For the container's health check: the process answers and its database too.

    A copy that is away is said, but makes nobody ill: pages then read the original.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    answer = {"status": "ok"}
    if replica.is_there():
        answer["replica"] = "ok" if replica.answers() else "away"
    return JsonResponse(answer)


@login_not_required
@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """At the root, because a worker governs only what lies below its own address."""
    script = settings.BASE_DIR / "static/js/sw.js"
    return HttpResponse(script.read_bytes(), content_type="application/javascript")


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    """A fault of ours is a 500; a database that is away is a 503 that says when to come again."""
    if not isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return server_error(request)
    answer: HttpResponse
    if request.path.startswith("/api/"):
        sentence = _("Basis data sedang tidak terjangkau. Coba lagi sebentar lagi.")
        answer = JsonResponse({"code": "unavailable", "detail": sentence}, status=503)
    else:
        # Without a request: nothing of the page may ask the database who is signed in.
        answer = HttpResponse(render_to_string("503.html"), status=503)
    answer["Retry-After"] = "5"
    return answer


@login_not_required
@require_GET
def components(request: HttpRequest) -> HttpResponse:
    """Every component with all its states; only routed while debugging."""
    return render(request, "gaya.html")


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)
