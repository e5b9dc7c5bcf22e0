"""The ticket on the phone of whoever holds its link: how long still, and where."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import uuid4

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agencies import opening
from core import clock
from core.private import private
from hall import announcements, record
from hall.models import Announcement
from notifications.channels import push
from queueing import access, changes, figures, forecasts, prints, sentences, tickets
from queueing.models import Ticket
from queueing.states import AT_COUNTER, OPEN, State

FRESH = 50  # seconds for which the times on a ticket stay right while nothing happens
DOTS = 7  # people in front that are drawn; more are counted only
# A manifest is read outside the page and knows no tokens: --brand and --ground-2 as they are there.
THEME, GROUND = "#0b5160", "#f7f5f0"


@login_not_required
@require_safe
@private
def ticket(request: HttpRequest, token: str) -> HttpResponse:
    held, now = access.visit(token), clock.now()
    # The version is read before the state: what happens in between is then fetched again.
    version = record.version_of(held.mall_id)
    is_part = "HX-Request" in request.headers
    if is_part and _is_known(request, version, now):
        return HttpResponse(status=204)
    seen = changes.Seen(_number(request, "v"), _number(request, "ends"))
    shown = access.shown_ticket(held.id, version=version)
    context = _ticket_now(shown, _Asked(version, seen, now))
    context |= {"mall": held.mall, "token": token, "version": version, "is_part": is_part}
    context |= {"push_key": push.public_key(), "is_told": shown.contact_id is not None}
    return render(request, f"queueing/{'_' if is_part else ''}ticket.html", context)


@login_not_required
@require_safe
@private
def manifest(request: HttpRequest, token: str) -> HttpResponse:
    """What a phone installs: one portal for all tickets, opening the one last looked at."""
    mall, scope = access.visit(token).mall, reverse("home") + "antrean/"
    icons = [{"src": static("img/favicon.svg"), "type": "image/svg+xml", "sizes": "any"}]
    for size in (192, 512):
        drawn = {"src": static(f"img/icon-{size}.png"), "type": "image/png"}
        icons.append({**drawn, "sizes": f"{size}x{size}", "purpose": "maskable"})
    about = {
        "id": scope,
        "scope": scope,
        "start_url": reverse("ticket", args=[token]),
        "name": _("Antrean %(mall)s") % {"mall": mall.short_name},
        "short_name": _("Antrean"),
        "lang": get_language(),
    }
    look = {"display": "standalone", "theme_color": THEME, "background_color": GROUND}
    return JsonResponse({**about, **look, "icons": icons}, content_type="application/manifest+json")


@login_not_required
@require_POST
@private
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    prints.confirm(access.own_ticket(token), now=clock.now())
    return redirect("ticket", token)


@login_not_required
@require_POST
@private
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    mine = access.own_ticket(token)
    tickets.cancel(mine.pk, now=clock.now(), key=access.key_of(request.POST.get("key", "")))
    return redirect("ticket", token)


@login_not_required
@require_POST
@private
def return_to_line(request: HttpRequest, token: str) -> HttpResponse:
    mine = access.own_ticket(token)
    tickets.return_to_line(mine.pk, now=clock.now(), key=access.key_of(request.POST.get("key", "")))
    return redirect("ticket", token)


def _number(request: HttpRequest, name: str) -> int | None:
    """A number that live.js or the part itself added to the address; None for anything else."""
    value = request.GET.get(name, "")
    return int(value) if value.isdecimal() and len(value) <= 12 else None


def _is_known(request: HttpRequest, version: int, now: datetime) -> bool:
    """Whether the asker has this version, and times that are still right."""
    drawn = _number(request, "at")
    if _number(request, "v") != version or drawn is None:
        return False
    return 0 <= now.timestamp() - drawn < FRESH


class _Asked(NamedTuple):
    """What a picture is of: the mall's version, the picture before it, the moment."""

    version: int
    seen: changes.Seen
    now: datetime


def _ticket_now(shown: access.Shown, asked: _Asked) -> dict[str, Any]:
    mine, now = shown.ticket, asked.now
    state = _state_today(mine, now)
    context: dict[str, Any] = {
        "ticket": mine,
        "number": str(mine),
        "state": state.name.lower(),
        "is_open": state in OPEN,
        "now": now,
        "moved": sentences.moved(mine),
        "key": uuid4(),
    }
    if state == State.CALLED:
        return context | _called_now(mine)
    if state in OPEN - AT_COUNTER:
        context["announcements"] = _said(mine.day.mall_id, asked)
    if state == State.WAITING:
        return context | _waiting_now(shown, asked)
    may_return = state == State.NO_SHOW and sentences.may_return(mine)
    return context | {"told": sentences.told(mine, state), "may_return": may_return}


def _said(mall_id: int, asked: _Asked) -> list[Announcement]:
    return announcements.on_phones(mall_id, version=asked.version, now=asked.now)


def _state_today(mine: Ticket, now: datetime) -> State:
    """A number left over from an earlier day is no longer good, even before the day is closed."""
    if mine.state in OPEN and mine.day.date < opening.local_date(now, mine.day.mall.zone):
        return State.EXPIRED
    return State(mine.state)


def _waiting_now(shown: access.Shown, asked: _Asked) -> dict[str, Any]:
    mine, (version, seen, now) = shown.ticket, asked
    if not shown.is_foretold:
        forecasts.promise(mine, now=now)
    place = figures.place_of(mine, now=now, version=version)
    changed = changes.explain(mine, place, made=shown.made, version=version, seen=seen, now=now)
    return {
        "place": place,
        "booked": sentences.booked(mine),
        "ahead": sentences.ahead(place.ahead),
        "dots": range(min(place.ahead, DOTS)),
        "hidden": max(0, place.ahead - DOTS),
        "low": place.wait.low,
        "high": place.wait.high,
        "has_break": figures.has_break(mine.day.mall_id, now, place.ends),
        "hits": forecasts.hit_rate(mine.day.mall, now=now),
        **changed._asdict(),
        "overtaken": sentences.overtaken(place.overtaken),
        "counters": sentences.counters(place.counters, either=True),
    }


def _called_now(mine: Ticket) -> dict[str, Any]:
    proof = figures.proof_of(mine)
    told = mine.announced_at or mine.issued_at
    return {
        "fairness": sentences.fairness(proof, mine) if proof else "",
        "call": int(told.timestamp() * 1000),
    }
