"""Which malls live now: of everything somebody watches, and of one mall from near."""

from hashlib import sha256
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.requests import UserRequest
from agencies.models import Zone
from core import clock
from monitoring import access, agency_health, health, pulse
from monitoring import pulse_sentences as said


@require_safe
@never_cache
def malls(request: UserRequest) -> HttpResponse:
    now = clock.now()
    seen = list(access.watched_malls_for(request.user, now=now).order_by("name"))
    provinces = sorted({mall.region.province for mall in seen})
    province = request.GET.get("provinsi", "")
    wanted = [mall for mall in seen if province in {"", mall.region.province}]
    found = health.of_malls(wanted, now=now)
    sums, rows = pulse.sums(found), [said.row(each) for each in found]
    troubles = [words for each in found if (words := said.trouble(each))]
    behind = health.counted_until(now=now)
    stamp = _stamp(sums, rows, troubles, behind)
    if request.headers.get("HX-Request") and request.GET.get("seen") == stamp:
        return HttpResponse(status=204)
    context = {"now": now, "sums": sums, "rows": rows, "troubles": troubles, "behind": behind}
    context |= {"provinces": provinces, "province": province, "finding": said.finding(sums)}
    context |= {"stamp": stamp, "wib": ZoneInfo(Zone.WIB)}
    return render(request, f"monitoring/{_part(request)}health.html", context)


@require_safe
@never_cache
def mall(request: UserRequest, slug: str) -> HttpResponse:
    now = clock.now()
    seen = access.mall_for(request.user, slug, now=now).mall
    found = agency_health.of_mall(seen, now=now)
    context = {
        "mall": seen,
        "now": now,
        "shown": found.floor,
        "row": said.row(found.pulse),
        "trouble": said.trouble(found.pulse),
        "agencies": [(each, *said.agency_state(each)) for each in found.agencies],
    }
    return render(request, f"monitoring/{_part(request)}health_mall.html", context)


def _part(request: UserRequest) -> str:
    """What begins the name of the living part, which htmx asks for alone."""
    return "_" if request.headers.get("HX-Request") else ""


def _stamp(*shown: object) -> str:
    """What a page shows, in short: as long as it is the same, nothing is sent again."""
    return sha256(repr(shown).encode()).hexdigest()[:16]
