"""The wall board: whoever looks up sees the called number, the counter, and how many wait."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from agencies import access
from agencies.models import Mall
from core import clock
from core.memo import drawn_once
from hall import access as hall_access
from queueing import boards, screens
from queueing.boards import Scene

KEPT = 60  # seconds; longer than the boards of one version need to fetch it


@login_not_required
@require_safe
def board(request: HttpRequest, slug: str) -> HttpResponse:
    scene = _scene(request, access.public_mall(slug))
    if "HX-Request" not in request.headers:
        # Never from a cache: the page carries the hall's time and a fresh permission to listen.
        answer = render(request, "queueing/board.html", _context(request, scene))
        answer["Cache-Control"] = "no-store"
        return answer
    if (request.GET.get("v"), request.GET.get("p")) == (str(scene.version), scene.key):
        return HttpResponse(status=204)
    etag = f'"{scene.version}-{scene.key}-{get_language()}"'
    part = get_conditional_response(request, etag=etag)
    if part is None:
        part = render(request, "queueing/_board.html", _context(request, scene))
    part["ETag"], part["Cache-Control"] = etag, "no-cache"
    patch_vary_headers(part, ["HX-Request"])
    return part


def _scene(request: HttpRequest, mall: Mall) -> Scene:
    now = clock.now()
    screen = screens.screen_of(
        mall,
        hall_access.device_of(request),
        zone=request.GET.get("letak", ""),
        presence=request.GET.get("instansi", ""),
        now=now,
    )
    return boards.scene(mall, screen, now=now)


def _context(request: HttpRequest, scene: Scene) -> dict[str, object]:
    asked = {name: request.GET[name] for name in ("letak", "instansi") if request.GET.get(name)}
    return {
        "mall": scene.mall,
        "screen": scene.screen,
        "version": scene.version,
        "phase": scene.key,
        "asked": urlencode(asked),
        "picture": drawing(scene),
    }


def drawing(scene: Scene) -> SafeString:
    """The same for every board that shows this version: a call wakes them all at once."""

    def draw() -> str:
        shown = boards.picture(scene.mall, scene.screen.scope, scene.notices, now=scene.now)
        context = {"mall": scene.mall, "shown": shown}
        return render_to_string("queueing/_board_picture.html", context)

    key = f"board:{scene.drawing}:{get_language()}"
    return mark_safe(drawn_once(key, draw, seconds=KEPT))  # noqa: S308 - our own template
