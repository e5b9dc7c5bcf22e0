"""How a citizen applies for a place of a full or drawn day, and answers what is offered."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import uuid4

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.access import mall_called, public_mall
from appointments import (
    access,
    application_sentences,
    draws,
    people,
    preparation,
    proving,
    waitlist,
)
from appointments.application_forms import ApplicationForm, OfferForm, day_of
from appointments.application_states import State
from appointments.applications import Wish
from appointments.models import Application
from appointments.plans import Bookable
from appointments.refusals import (
    PERSONAL,
    CodeNeeded,
    NotCollecting,
    NotReleased,
    SlotGone,
    StillFree,
)
from appointments.slots import WHOLE, Slot
from appointments.views import asking
from appointments.views.asking import Asked
from appointments.views.citizen import HOLDS, service_of
from core import clock, throttle
from core.errors import Refused, tried
from core.private import private
from notifications import codes, inbox, providers
from queueing.access import key_of
from queueing.states import Priority

Answer = Callable[..., int]
ROWS = 100  # of a draw on one page
# Said on the form, so that nothing typed is lost.
NO_PLACE = (
    *(*PERSONAL, SlotGone, StillFree, NotReleased, NotCollecting),
    *(throttle.TooMany, codes.NoPhoneChannel, CodeNeeded),
)
DIGITS = 9  # of a number that somebody may look for


class Sent(NamedTuple):
    """What was said before: which day, and of the papers and the priority."""

    on: date
    priority: Priority
    sealed: str


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def begin(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    plan = access.bookable_at(public_mall(slug), pk)
    asked, now = request.POST if request.method == "POST" else request.GET, clock.now()
    priority, on = preparation.read(asked.get("siap", ""), pk), day_of(asked.get("hari", ""))
    windows = _windows(plan, on, now)
    if priority is None:
        return redirect("booking_begin", slug, pk)
    if on is None or not windows:
        return redirect(f"{_times(slug, pk)}?{preparation.query(asked['siap'])}")
    sent = Sent(on, priority, asked["siap"])
    typed = request.POST if request.method == "POST" else None
    form = _form(plan, windows, typed)
    if not form.is_valid():
        return _show_form(request, plan, form, sent)
    made = tried(lambda: _apply(request, plan, form, sent, now), *NO_PLACE)
    if isinstance(made, Refused | Asked):
        return _show_form(request, plan, form, sent, made)
    return redirect("application", people.link(Application.objects.get(pk=made)))


@login_not_required
@require_safe
@private
def application(request: HttpRequest, token: str) -> HttpResponse:
    now = clock.now()
    mine = access.own_application(token, now=now)
    is_open = mine.state in {State.APPLIED, State.WAITING, State.OFFERED}
    context: dict[str, Any] = {
        "application": mine,
        "service": mine.service,
        "mall": mine.service.presence.mall,
    }
    context |= {"said": application_sentences.said(mine), "token": token, "key": uuid4()}
    context |= {"person": people.masked(mine), "state": State(mine.state).name.lower()}
    context |= {"times": application_sentences.times(mine), "is_open": is_open}
    context["news"] = inbox.told(mine.contact_id, now=now)
    if mine.state == State.PLACED and mine.booking:
        context["booking_token"] = people.link(mine.booking)
    return render(request, "appointments/application.html", context)


@login_not_required
@require_POST
@private
def accept(request: HttpRequest, token: str) -> HttpResponse:
    return _answered(request, token, waitlist.accept)


@login_not_required
@require_POST
@private
def decline(request: HttpRequest, token: str) -> HttpResponse:
    return _answered(request, token, waitlist.decline)


@login_not_required
@require_POST
@private
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    now = clock.now()
    mine = access.own_application(token, now=now)
    waitlist.withdraw(mine.pk, now=now, key=key_of(request.POST.get("key", "")))
    return redirect("application", token)


@login_not_required
@require_safe
def draw(request: HttpRequest, slug: str, pk: int, day: str) -> HttpResponse:
    found = access.draw_of(public_mall(slug), pk, day)
    asked = request.GET.get("nomor", "").strip()
    drawn = found.applications.filter(rank__isnull=False).order_by("rank")
    if asked:
        is_number = asked.isdecimal() and len(asked) <= DIGITS
        drawn = drawn.filter(number=int(asked) if is_number else 0)  # which nobody has
    context: dict[str, Any] = {
        "draw": found,
        "service": service_of(pk),
        "mall": found.service.presence.mall,
    }
    context |= {"page": Paginator(drawn, ROWS).get_page(request.GET.get("hal")), "asked": asked}
    context |= {"placed": found.applications.filter(won__isnull=False).count()}
    return render(request, "appointments/draw.html", context)


@login_not_required
@require_safe
def draw_file(request: HttpRequest, slug: str, pk: int, day: str) -> HttpResponse:
    found = access.draw_of(public_mall(slug), pk, day)
    if found.drawn_at is None:
        raise Http404
    answer = JsonResponse(draws.protocol(found))
    answer["Content-Disposition"] = f'attachment; filename="undian-{found.pk}.json"'
    return answer


def _form(plan: Bookable, windows: list[Slot], typed: QueryDict | None) -> ApplicationForm:
    on = providers.on(plan.offer.mall_id)
    return ApplicationForm(typed, windows=windows, zone=plan.zone, needs_nik=plan.needs_nik, on=on)


def _show_form(
    request: HttpRequest,
    plan: Bookable,
    form: ApplicationForm,
    sent: Sent,
    said: Refused | Asked | None = None,
) -> HttpResponse:
    """The form again: with a refusal above it, or with the code that is wanted."""
    service = service_of(plan.offer.service_id)
    mall = service.presence.mall
    context: dict[str, Any] = {"mall": mall, "service": service, "form": form, "on": sent.on}
    context |= {"sealed": sent.sealed, **asking.parted(said)}
    context["draw"] = draws.current(plan, sent.on, now=clock.now())
    context["back"] = f"{_times(mall.slug, service.pk)}?{preparation.query(sent.sealed)}"
    status = said.status if said else 422 if form.is_bound else 200
    page = render(request, "appointments/apply.html", context, status=status)
    return asking.marked(page, said)


def _apply(
    request: HttpRequest, plan: Bookable, form: ApplicationForm, sent: Sent, now: datetime
) -> int | Asked:
    """Into the draw of the date where there is one now, else onto its waiting list."""
    throttle.spend("apply", throttle.address_of(request), most=HOLDS)
    purpose, mall = (
        proving.of_application(form.cleaned_data["key"]),
        mall_called(plan.offer.mall_id),
    )
    asked = asking.asked(purpose, mall, form.person, request.POST, now=now)
    if asked is not None:
        return asked
    is_drawn = draws.current(plan, sent.on, now=now) is not None
    wish = Wish(sent.on, tuple(form.moments), sent.priority)
    begin_ = draws.enter if is_drawn else waitlist.join
    service_id, key = plan.offer.service_id, form.cleaned_data["key"]
    return begin_(service_id, wish, form.person, now=now, key=key)


def _answered(request: HttpRequest, token: str, act: Answer) -> HttpResponse:
    now = clock.now()
    mine = access.own_application(token, now=now)
    # The offer that was on the page: by now there may be another.
    offered = OfferForm(request.POST)
    key = key_of(request.POST.get("key", ""))
    act(mine.pk, offered.id, now=now, key=key)
    return redirect("application", token)


def _times(slug: str, pk: int) -> str:
    return reverse("booking_times", args=[slug, pk])


def _windows(plan: Bookable, on: date | None, now: datetime) -> list[Slot]:
    """The windows of a date for which people may apply, or none."""
    found = [each for each in plan.slots_on(on) if each.starts_at > now] if on else []
    if on is None or not found:
        return []
    is_out = plan.percent_on(on, now) == WHOLE or draws.current(plan, on, now=now) is not None
    return found if is_out else []
