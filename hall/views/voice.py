"""The clips a mall's boards speak with: its own recordings, listed, exchanged and played."""

import re

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.requests import UserRequest
from accounts.roles import Act
from agencies import access as agency_access
from agencies.models import Mall
from core import clock
from hall import access
from hall import recordings as recorded
from hall.views.malls import choose

# A recording's address never gets another sound: a new one has a new address.
FOR_EVER = "public, max-age=31536000, immutable"


@require_GET
@never_cache
def malls(request: UserRequest) -> HttpResponse:
    on = timezone.localdate(clock.now())
    found = access.managed_malls(request.user, Act.MANAGE_DEVICES, on=on)
    return choose(request, list(found), title=_("Suara panggilan"), route="recordings")


@require_GET
@never_cache
def recordings(request: UserRequest, slug: str) -> HttpResponse:
    mall = _managed(request, slug)
    context = {"mall": mall, "sections": recorded.sections(mall)}
    return render(request, "hall/recordings.html", context)


@require_POST
@never_cache
def save(request: UserRequest, slug: str) -> HttpResponse:
    mall = _managed(request, slug)
    clip, file = request.POST.get("clip", ""), request.FILES.get("audio")
    recorded.save(mall, clip, file, by=request.user, now=clock.now())
    messages.success(request, _("Rekaman tersimpan dan langsung dipakai."))
    return redirect("recordings", slug)


@require_POST
@never_cache
def remove(request: UserRequest, slug: str) -> HttpResponse:
    mall = _managed(request, slug)
    recorded.remove(mall, request.POST.get("clip", ""), by=request.user, now=clock.now())
    messages.success(request, _("Suara bawaan dipakai kembali."))
    return redirect("recordings", slug)


@login_not_required
@require_safe
def recording(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = recorded.recording_at(agency_access.public_mall(slug), pk)
    etag = f'"{found.pk}"'
    answer = get_conditional_response(request, etag=etag)
    if answer is None:
        answer = _sound(bytes(found.audio), found.kind, request.headers.get("Range", ""))
    answer["ETag"], answer["Cache-Control"] = etag, FOR_EVER
    return answer


def _sound(audio: bytes, kind: str, wanted: str) -> HttpResponse:
    """The sound, or the part of it that was asked for: some players take it in parts only."""
    part = re.fullmatch(r"bytes=(\d{1,9})-(\d{0,9})", wanted)
    if part is None or int(part[1]) >= len(audio):
        return HttpResponse(audio, content_type=kind, headers={"Accept-Ranges": "bytes"})
    first, last = int(part[1]), min(int(part[2] or len(audio)), len(audio) - 1)
    answer = HttpResponse(audio[first : last + 1], content_type=kind, status=206)
    answer["Content-Range"] = f"bytes {first}-{last}/{len(audio)}"
    return answer


def _managed(request: UserRequest, slug: str) -> Mall:
    on = timezone.localdate(clock.now())
    return access.managed_mall(request.user, slug, Act.MANAGE_DEVICES, on=on)
