"""What a citizen sees: malls, services and the search."""

from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies import opening
from agencies import sentences as agency_sentences
from agencies.access import public_mall
from agencies.calendars import calendar_of
from agencies.floorplans import has_plans
from agencies.models import Mall
from core import clock
from queueing import access, directory, figures, forecasts, sentences
from services import pledges, sheets
from services.models import Queue, Service
from services.sentences import fee

LONGEST = 80  # characters of a question that are shown again
SCALE = 60  # minutes that a bar in a list of waits spans at least


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "queueing/home.html",
        {"malls": directory.malls_to_choose(now=clock.now()), "often": directory.often(None)},
    )


@login_not_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    question = _question(request)
    found = directory.find(question, now=clock.now()) if question else []
    nearest = directory.nearest_agencies(question) if question and not found else []
    return render(
        request,
        "queueing/search.html",
        {"question": question, "found": found, "nearest": nearest, "often": directory.often(None)},
    )


@login_not_required
@require_safe
def mall(request: HttpRequest, slug: str) -> HttpResponse:
    place, now = public_mall(slug), clock.now()
    calendar = calendar_of(place.pk)
    context = {
        **_mall_now(place, now),
        **_agencies_now(place, now),
        "often": directory.often(place.pk),
        "week": agency_sentences.week(calendar),
        "closings": [
            agency_sentences.closing(closure, calendar)
            for closure in opening.closures(calendar, now)
        ],
        "calls": figures.public_calls(place, now=now),
        "hits": forecasts.hit_rate(place, now=now),
        "pledge": pledges.shown_at(place.pk),
        "has_plan": has_plans(place.pk),
    }
    return render(request, "queueing/mall.html", context)


@login_not_required
@require_safe
def services(request: HttpRequest, slug: str) -> HttpResponse:
    place, question = public_mall(slug), _question(request)
    offered = (
        Service.objects.offered()
        .filter(presence__mall=place)
        .select_related("presence__agency")
        .prefetch_related("fees")
        .order_by("presence__agency__name", "presence", "name")
    )
    rows = [_Row(service, fee(service.fees.all())) for service in offered]
    if question:
        rank = {hit.id: n for n, hit in enumerate(directory.hits(question, place.pk))}
        rows = sorted(
            (row for row in rows if row.service.pk in rank), key=lambda row: rank[row.service.pk]
        )
    groups = [list(group) for _key, group in groupby(rows, lambda row: row.service.presence_id)]
    context = {"mall": place, "groups": groups, "count": len(rows), "question": question}
    return render(
        request, "queueing/services.html", {**context, "often": directory.often(place.pk)}
    )


@login_not_required
@require_safe
def service(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    place, now = public_mall(slug), clock.now()
    offer = access.offer_at(place, pk)
    shown = Service.objects.select_related("presence__agency", "queue").get(pk=offer.service_id)
    fees, calendar = list(shown.fees.all()), calendar_of(place.pk)
    line = _line_of(offer.queue_id, place, now)
    today = opening.local_date(now, calendar.zone)
    context = {
        **_mall_now(place, now),
        "service": shown,
        "fees": fees,
        "general_fees": [each for each in fees if each.variant_id is None],
        "fee": fee(fees),
        **sheets.standing_of(shown.pk, shown.presence_id)._asdict(),
        "line": line,
        "attends": today in offer.attended,
        "next_day": opening.next_opening(calendar, now, attended=offer.attended),
        "counters": sentences.counters(line.counters, either=True),
    }
    return render(request, "queueing/service.html", context)


@login_not_required
@require_safe
def agencies(request: HttpRequest, slug: str) -> HttpResponse:
    place, now = public_mall(slug), clock.now()
    context = {**_mall_now(place, now), **_agencies_now(place, now)}
    return render(request, "queueing/agencies.html", context)


class _Row(NamedTuple):
    """A service in a list, with its tariff in one line."""

    service: Service
    fee: str


def _question(request: HttpRequest) -> str:
    """What was asked for, on one line and without signs that cannot be shown."""
    asked = "".join(sign if sign.isprintable() else " " for sign in request.GET.get("q", ""))
    return " ".join(asked.split())[:LONGEST]


def _mall_now(place: Mall, now: datetime) -> dict[str, Any]:
    calendar = calendar_of(place.pk)
    status = opening.status(calendar, now)
    hours = status.day.hours
    return {
        "mall": place,
        "now": now,
        "is_open": status.issues_numbers,
        "headline": agency_sentences.headline(status, place.zone),
        "special": agency_sentences.special(status),
        "break_time": agency_sentences.break_time(hours) if hours else "",
        "closes": opening.moment(calendar, status.today, hours.closes) if hours else None,
    }


def _line_of(queue_id: int, place: Mall, now: datetime) -> figures.QueueNow:
    """The queue of a service; it may have been closed since the offer was remembered."""
    wanted = Queue.objects.filter(pk=queue_id)
    found = figures.queues_of(wanted, {place.pk: calendar_of(place.pk)}, now=now)
    if not found:
        raise Http404
    return found[0]


def _agencies_now(place: Mall, now: datetime) -> dict[str, Any]:
    """The agencies with their queues, and the minutes that the bars of all of them span."""
    found = directory.agencies_now(place, now=now)
    longest = max((line.queue.wait.high for each in found for line in each.lines), default=0)
    return {"found": found, "scale": max(SCALE, longest)}
