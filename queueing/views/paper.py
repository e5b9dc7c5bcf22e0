"""A kiosk's number on its screen and on paper: shown, printed, confirmed."""

from datetime import datetime

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST, require_safe

from agencies import access as agency_access
from agencies.models import Mall
from core import clock, qr
from queueing import access, figures, forecasts, kiosks, paper, prints
from queueing.models import Ticket
from queueing.states import BEGINS
from queueing.views.kiosk import address, is_known, show

IDLE = 30  # seconds for which a number stays on the screen
TOKEN = "X-Ticket"  # noqa: S105 - the name of a header


@login_not_required
@require_safe
@never_cache
def ticket(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    mall, now = agency_access.public_mall(slug), clock.now()
    found = _ticket_at(mall, token)
    if is_known(request, mall):
        return HttpResponse(status=204)
    phone = request.build_absolute_uri(reverse("ticket", args=[token]))
    context = {
        "ticket": found,
        "stage": kiosks.stage_of(found),
        "by": prints.by(found, now=now),
        "facts": kiosks.facts_of(found, _place_of(found, now)),
        "code": qr.drawn(phone),
        "address": phone,
        "idle": IDLE,
    }
    return show(request, mall, "queueing/kiosk_ticket.html", context)


@login_not_required
@require_POST
@never_cache
def printed(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    found = _ticket_at(agency_access.public_mall(slug), token)
    prints.confirm(found, now=clock.now())
    return redirect(address("kiosk_ticket", request, slug, token))


@login_not_required
@require_POST
@never_cache
def again(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    mall = agency_access.public_mall(slug)
    found = _ticket_at(mall, token)
    if not prints.is_of(found, access.kiosk_of(request, mall)):
        raise Http404
    prints.again(found, now=clock.now())
    return redirect(address("kiosk_ticket", request, slug, token))


@login_not_required
@require_GET
@never_cache
def next_job(request: HttpRequest) -> HttpResponse:
    printer, now = access.printer_of(request), clock.now()
    job = prints.next_for(printer, now=now)
    if job is None:
        return HttpResponse(status=204)
    token = access.token_of(job.ticket_id)
    phone = request.build_absolute_uri(reverse("ticket", args=[token]))
    with translation.override(job.language):
        found = access.own_ticket(token)
        body = paper.written(kiosks.slip_of(found, _place_of(found, now), phone))
    headers = {TOKEN: token}
    return HttpResponse(body, content_type="application/octet-stream", headers=headers)


# A printer has no page that a form could be forged from: it holds its token and nothing else.
@csrf_exempt
@login_not_required
@require_POST
@never_cache
def job_done(request: HttpRequest, token: str) -> HttpResponse:
    job = access.print_job(access.printer_of(request), token)
    prints.printed(job, now=clock.now())
    return HttpResponse(status=204)


def _ticket_at(mall: Mall, token: str) -> Ticket:
    found = access.own_ticket(token)
    if found.day.mall_id != mall.pk:
        raise Http404
    return found


def _place_of(ticket: Ticket, now: datetime) -> figures.Place | None:
    if ticket.state not in BEGINS:
        return None
    forecasts.promise(ticket, now=now)
    return figures.place_of(ticket, now=now)
