"""The floor of a mall for whoever runs it: what is wrong on top, and the acts beside it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from typing import TypeAlias

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.requests import UserRequest
from accounts.roles import Act
from agencies.models import Counter, Mall
from core import clock
from hall import access as hall_access
from hall import alarms, closures
from hall.forms import AnnouncementForm
from hall.models import Alarm, Closure, Device
from hall.views.malls import choose
from queueing import access, closing, floor, forecasts, screens
from queueing import boards as boards_of
from queueing.access import Floor
from queueing.floor import troubles
from queueing.floor.now import DeviceNow, FloorNow
from queueing.screens import Scope, Screen
from queueing.views import display
from services import assigning

MOST = 7  # things that are wrong shown at once; the lighter ones are folded below them
# Two pictures on one page must not share a name, and neither is to speak.
NAMES = re.compile(r'\s(?:id|role|aria-[a-z]+)="[^"]*"')


@dataclass(frozen=True)
class Press:
    """Somebody who runs a floor pressed a button of it, and what its form says."""

    floor: Floor
    by: User
    now: datetime
    form: QueryDict

    def number(self, name: str) -> int:
        return _number(self.form.get(name, ""))

    @property
    def counter(self) -> Counter:
        return self.floor.counter(self.number("counter"), now=self.now)

    @property
    def closure(self) -> Closure:
        return hall_access.closure_in(self._counters, self.number("closure"))

    @property
    def alarm(self) -> Alarm:
        return hall_access.alarm_in(self._counters, self.number("alarm"))

    @property
    def queues(self) -> set[int]:
        return {_number(value) for value in self.form.getlist("queue")}

    @property
    def _counters(self) -> list[int]:
        return list(self.floor.counters(now=self.now).values_list("pk", flat=True))


@dataclass(frozen=True)
class Wall:
    """A board to look at: its device, if it is one, and what it shows as a picture and in words."""

    of: DeviceNow | None
    screen: Screen
    picture: SafeString
    words: str


def _decide(press: Press, *, approve: bool) -> str:
    closures.decide(press.closure, approve=approve, by=press.by, now=press.now)
    return _("Penutupan disetujui.") if approve else _("Penutupan ditolak.")


def _reopen(press: Press) -> str:
    closures.end(press.closure, by=press.by, now=press.now)
    return _("Loket dibuka kembali.")


def _close(press: Press) -> str:
    wanted = press.number("reason")
    reason = Closure.Reason(wanted) if wanted in Closure.Reason.values else None
    until = press.form.get("until", "")
    closing.close(press.counter, reason=reason, until=until, by=press.by, now=press.now)
    return _("Loket ditutup.")


def _answer(press: Press) -> str:
    alarms.answer(press.alarm, by=press.by, now=press.now)
    return _("Panggilan ditanggapi. Petugas melihat bahwa Anda datang.")


def _assign(press: Press) -> str:
    assigning.assign(press.counter, press.queues, by=press.by, now=press.now)
    return _("Antrean loket diubah.")


def _help(press: Press) -> str:
    assigning.assign(press.counter, press.queues, by=press.by, now=press.now, adding=True)
    return _("Loket itu ikut melayani antrean ini.")


# Each button of the floor by the last part of its address; what comes back is said on screen.
Deed: TypeAlias = Callable[[Press], str]
ACTS: dict[str, Deed] = {
    "setujui": lambda press: _decide(press, approve=True),
    "tolak": lambda press: _decide(press, approve=False),
    "tutup": _close,
    "buka": _reopen,
    "tanggapi": _answer,
    "pindahkan": _assign,
    "bantu": _help,
}


@require_GET
@never_cache
def malls(request: UserRequest) -> HttpResponse:
    found = access.floors_for(request.user, now=clock.now())
    return choose(request, found, title=_("Lantai pelayanan"), route="floor")


@require_GET
@never_cache
def floor_(request: UserRequest, slug: str) -> HttpResponse:
    now = clock.now()
    run = access.floor_for(request.user, slug, now=now)
    stamp = floor.stamp(run, now=now)
    is_part = "HX-Request" in request.headers
    if is_part and request.GET.get("seen") == stamp:
        return HttpResponse(status=204)
    context = {**_shown(request.user, run, now), "stamp": stamp}
    return render(request, f"queueing/{'_' if is_part else ''}floor.html", context)


@require_GET
@never_cache
def counter(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    now = clock.now()
    run = access.floor_for(request.user, slug, now=now)
    asked = run.counter(pk, now=now)
    shown = floor.picture(run, now=now)
    found = next((each for each in shown.counters if each.pk == asked.pk), None)
    if found is None:
        raise Http404
    context = {
        "mall": run.mall,
        "each": found,
        "queues": assigning.queues_open_to(asked, now=now),
        "reasons": Closure.Reason.choices,
        "ends": closing.ends(asked, now=now),
    }
    return render(request, "queueing/floor_counter.html", context)


@require_GET
@never_cache
def boards(request: UserRequest, slug: str) -> HttpResponse:
    now = clock.now()
    run = access.floor_for(request.user, slug, now=now)
    if not run.is_whole:
        raise Http404
    stamp = floor.stamp(run, now=now)
    is_part = "HX-Request" in request.headers
    if is_part and request.GET.get("seen") == stamp:
        return HttpResponse(status=204)
    shown = floor.picture(run, now=now)
    context = {
        "mall": run.mall,
        "shown": shown,
        "stamp": stamp,
        "walls": _walls(shown, now),
    }
    return render(request, f"queueing/{'_' if is_part else ''}floor_boards.html", context)


@require_POST
@never_cache
def act(request: UserRequest, slug: str, act: str) -> HttpResponse:
    if act not in ACTS:
        raise Http404
    now = clock.now()
    run = access.floor_for(request.user, slug, now=now)
    messages.success(request, ACTS[act](Press(run, request.user, now, request.POST)))
    return redirect("floor", slug)


def _shown(user: User, run: Floor, now: datetime) -> dict[str, object]:
    shown = floor.picture(run, now=now)
    wrong = troubles.found_on(shown)
    speaks_for = hall_access.managed_malls(user, Act.ANNOUNCE, on=access.workday(now))
    return {
        "mall": run.mall,
        "shown": shown,
        "troubles": wrong,
        "first": wrong[:MOST],
        "later": wrong[MOST:],
        "hits": forecasts.hit_rates(run.mall, now=now) if run.is_whole else (),
        "form": AnnouncementForm(mall=run.mall, now=now) if run.mall in speaks_for else None,
    }


def _walls(shown: FloorNow, now: datetime) -> list[Wall]:
    """All boards of one version; those that show the same part of the mall are drawn once."""
    mall, drawn = shown.floor.mall, dict[Scope, tuple[SafeString, str]]()
    walls: list[Wall] = []
    found: list[DeviceNow | None] = [
        each for each in shown.devices if each.device.kind == Device.Kind.BOARD
    ]
    # A mall that has enrolled no board still has the one that anybody may open.
    for of in found or [None]:
        device = of.device if of else None
        screen = screens.screen_of(mall, device, zone="", presence="", now=now)
        if screen.scope not in drawn:
            drawn[screen.scope] = _drawn(mall, screen, shown.version, now)
        walls.append(Wall(of, screen, *drawn[screen.scope]))
    return walls


def _drawn(mall: Mall, screen: Screen, version: int, now: datetime) -> tuple[SafeString, str]:
    scene = boards_of.scene(mall, screen, now=now, version=version)
    drawn = NAMES.sub("", display.drawing(scene))
    words = " ".join(unescape(strip_tags(drawn)).split())
    return mark_safe(drawn), words  # noqa: S308 - our own template


def _number(value: str) -> int:
    """A whole number of a form; 0, which nothing has, for anything else."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else 0
