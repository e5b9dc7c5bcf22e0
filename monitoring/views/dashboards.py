"""Figures of closed days: of an agency, a mall, a province, the country; and what they mean."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.requests import UserRequest
from core import clock, replica
from monitoring import access, definitions
from monitoring.dashboards import choosing, country, places, sheets, today
from queueing.access import workday


@require_safe
@never_cache
def entry(request: UserRequest) -> HttpResponseBase:
    """Where each reader finds the figures of their own."""
    now = clock.now()
    context = {
        "is_watcher": access.is_watcher(request.user, now=now),
        "malls": access.own_malls_for(request.user, now=now).order_by("name"),
        "agencies": access.own_agencies_for(request.user, now=now).order_by("mall", "board_name"),
    }
    return render(request, "monitoring/entry.html", context)


@require_safe
@never_cache
@replica.reading()
def nation(request: UserRequest) -> HttpResponseBase:
    """The country as the ministry sees it, or a province."""
    now = clock.now()
    watched = list(access.country_for(request.user, now=now))
    choice = choosing.chosen(request.GET, watched, today=workday(now))
    asked = {"province": request.GET.get("provinsi", ""), "by": request.GET.get("urut", "")}
    page = country.page(watched, choice.period, **asked)
    return _answer(request, "monitoring/nation.html", page | {"choice": choice}, "nasional")


@require_safe
@never_cache
@replica.reading()
def mall(request: UserRequest, slug: str) -> HttpResponseBase:
    """A mall as its DPMPTSP sees it."""
    now = clock.now()
    seen = access.mall_for(request.user, slug, now=now)
    choice = choosing.chosen(request.GET, [seen.mall], today=workday(now))
    page = places.mall(seen, choice.period, by=request.GET.get("urut", ""), now=now)
    context = page | {"seen": seen, "mall": seen.mall, "choice": choice}
    return _answer(request, "monitoring/mall.html", context, slug)


@require_safe
@never_cache
@replica.reading()
def agency(request: UserRequest, slug: str, pk: int) -> HttpResponseBase:
    """An agency at a mall as it sees itself."""
    now = clock.now()
    seen = access.agency_for(request.user, slug, pk, now=now)
    choice = choosing.chosen(request.GET, [seen.mall], today=workday(now))
    page = places.agency(seen, choice.period, now=now)
    context = page | {"seen": seen, "mall": seen.mall, "choice": choice}
    return _answer(
        request, "monitoring/agency.html", context, f"{slug} {seen.presence.agency.slug}"
    )


@require_safe
@never_cache
def agency_today(request: UserRequest, slug: str, pk: int) -> HttpResponseBase:
    """What runs today at an agency."""
    now = clock.now()
    seen = access.agency_for(request.user, slug, pk, now=now)
    context = today.page(seen, now=now) | {"seen": seen, "mall": seen.mall, "now": now}
    return _answer(request, "monitoring/today.html", context, _name(seen))


@login_not_required
@require_safe
def meanings(request: HttpRequest) -> HttpResponseBase:
    """What every figure means, for everybody."""
    context = {"figures": definitions.FIGURES, "version": definitions.VERSION}
    return render(request, "monitoring/definitions.html", context)


def _name(seen: access.SeenAgency) -> str:
    return f"{seen.mall.slug} {seen.presence.agency.slug}"


def _answer(
    request: HttpRequest, template: str, context: Mapping[str, Any], name: str
) -> HttpResponseBase:
    """The page, or the file of one of its tables that the address asks for."""
    drawn = [context.get(part) for part in ("waits", "week", "outcomes", "course", "multiples")]
    tables = [*context["tables"], *(each.sheet for each in drawn if each)]
    choice = context.get("choice")
    name = f"{name} {choice.period.code}" if choice else name
    file = sheets.download(tables, request.GET.get("unduh", ""), name=name)
    named = {sheet.code.replace("-", "_"): sheet for sheet in context["tables"]}
    return file or render(request, template, {**context, "sheets": named})
