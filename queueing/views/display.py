"""The wall board: whoever looks up sees the called number, the counter, and how many wait."""

from datetime import datetime

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from agencies import access, opening
from agencies.calendars import calendar_of
from agencies.models import Mall
from core import clock
from core.memo import drawn_once
from hall import record
from queueing import boards

KEPT = 60  # seconds; longer than the boards of one version need to fetch it


@login_not_required
@require_safe
def board(request: HttpRequest, slug: str) -> HttpResponse:
    mall = access.public_mall(slug)
    now = clock.now()
    version = record.version_of(mall.pk)
    phase = boards.phase(opening.status(calendar_of(mall.pk), now))
    is_part = "HX-Request" in request.headers
    if is_part and (request.GET.get("v"), request.GET.get("p")) == (str(version), phase):
        return HttpResponse(status=204)
    etag = f'"{version}-{phase}-{get_language()}-{"part" if is_part else "page"}"'
    answer = get_conditional_response(request, etag=etag)
    if answer is None:
        picture = _picture(mall, version, phase, now)
        context = {"mall": mall, "version": version, "phase": phase, "picture": picture}
        answer = render(request, f"queueing/{'_' if is_part else ''}board.html", context)
    answer["ETag"], answer["Cache-Control"] = etag, "no-cache"
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def _picture(mall: Mall, version: int, phase: str, now: datetime) -> SafeString:
    """The same for every board that shows this version: a call wakes them all at once."""

    def draw() -> str:
        shown = boards.picture(mall, now=now)
        return render_to_string("queueing/_board_picture.html", {"mall": mall, "shown": shown})

    key = f"board:{mall.pk}:{version}:{phase}:{get_language()}"
    return mark_safe(drawn_once(key, draw, seconds=KEPT))  # noqa: S308 - our own template
