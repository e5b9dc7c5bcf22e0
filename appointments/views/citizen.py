"""How a citizen reserves a place, and what the holder of its link sees and does with it."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies import opening
from agencies import sentences as agency_sentences
from agencies.access import public_mall
from agencies.calendars import calendar_of
from appointments import (
    access,
    booking,
    calendar_files,
    figures,
    grids,
    people,
    plans,
    preparation,
    presence,
    proving,
    sentences,
)
from appointments.forms import PersonForm, PreparationForm, TimeForm
from appointments.models import Booking
from appointments.plans import Bookable
from appointments.refusals import PERSONAL, CodeNeeded
from appointments.states import HELD_FOR, MOVES, Move, State
from appointments.views import asking
from appointments.views.asking import Asked
from core import clock, qr, throttle
from core.errors import Refused, tried
from core.private import private
from notifications import codes, inbox, providers
from queueing.access import key_of
from queueing.states import Priority
from services.models import Service

HELD = "mpp_held"  # the cookie with the link of the place that this browser holds
HOLDS = CONFIRMS = 30  # a minute from one address: many people share one, a script wants more
TRIES = 10  # with one place, of saying who it is for: nobody searches a NIK that has a booking
# Said on the form, so that nothing typed is lost.
NOT_YET = (*PERSONAL, throttle.TooMany, codes.NoPhoneChannel, CodeNeeded)
PAGES = {State.HELD: "appointments/hold.html", State.CONFIRMED: "appointments/booking.html"}


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    place = public_mall(slug)
    access.bookable_at(place, pk)
    service = service_of(pk)
    sent = request.POST if request.method == "POST" else None
    form = PreparationForm(sent, papers=service.requirements)
    if form.is_valid():
        return redirect(_times_of(service, form.cleaned_data["priority"]))
    context = {"mall": place, "service": service, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "appointments/begin.html", context, status=status)


@login_not_required
@require_safe
@never_cache
def times(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    plan = access.bookable_at(public_mall(slug), pk)
    priority = preparation.read(request.GET.get("siap", ""), pk)
    if priority is None:
        return redirect("booking_begin", slug, pk)
    return _show_times(request, plan, priority)


@login_not_required
@require_POST
def hold(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    plan = access.bookable_at(public_mall(slug), pk)
    priority = preparation.read(request.POST.get("siap", ""), pk)
    if priority is None:
        return redirect("booking_begin", slug, pk)
    key, form = key_of(request.POST.get("key", "")), TimeForm(request.POST)
    if not form.is_valid():
        return _show_times(request, plan, priority, form)
    now = clock.now()
    throttle.spend("hold", throttle.address_of(request), most=HOLDS)
    held = booking.hold(pk, form.moment, now=now, key=key, priority=priority)
    _let_go(request, held, now)
    return _remembered(people.link(Booking.objects.get(pk=held)))


@login_not_required
@require_safe
@private
def booking_(request: HttpRequest, token: str) -> HttpResponse:
    return _show(request, access.own(token, now=clock.now()), token)


@login_not_required
@require_POST
@private
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    now = clock.now()
    mine = access.own(token, now=now)
    form = _person_form(mine, request.POST)
    if not form.is_valid():
        return _show(request, mine, token, form)
    done = tried(lambda: _promise(request, mine, form, now), *NOT_YET)
    if isinstance(done, Refused | Asked):
        # On the usual way back the form would be empty.
        return _show(request, mine, token, form, done)
    return redirect("booking", token)


@login_not_required
@require_safe
@private
def move(request: HttpRequest, token: str) -> HttpResponse:
    now = clock.now()
    mine = access.own(token, now=now)
    plan = plans.bookable(mine.service_id)
    if plan is None or sentences.state_now(mine, now=now) not in MOVES[Move.MOVE].origins:
        return redirect("booking", token)
    return _show_moves(request, mine, token, plan)


@login_not_required
@require_POST
@private
def move_to(request: HttpRequest, token: str) -> HttpResponse:
    now = clock.now()
    mine, form = access.own(token, now=now), TimeForm(request.POST)
    key = key_of(request.POST.get("key", ""))
    plan = plans.bookable(mine.service_id)
    if not form.is_valid():
        return _show_moves(request, mine, token, plan, form) if plan else redirect("booking", token)
    booking.move(mine.pk, form.moment, now=now, key=key)
    messages.success(request, _("Waktu reservasi sudah dipindah."))
    return redirect("booking", token)


@login_not_required
@require_POST
@private
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    now = clock.now()
    mine = access.own(token, now=now)
    booking.cancel(mine.pk, now=now, key=key_of(request.POST.get("key", "")))
    return redirect("booking", token)


@login_not_required
@require_safe
@private
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    now = clock.now()
    mine = access.own(token, now=now)
    if sentences.state_now(mine, now=now) != State.CONFIRMED:
        raise Http404
    file = HttpResponse(calendar_files.written(mine, now=now), content_type=calendar_files.KIND)
    file["Content-Disposition"] = 'attachment; filename="reservasi.ics"'
    return file


def _promise(request: HttpRequest, mine: Booking, form: PersonForm, now: datetime) -> int | Asked:
    """Promise the place, or say that a code is wanted first."""
    throttle.spend("confirm", throttle.address_of(request), most=CONFIRMS)
    throttle.spend_surely("confirm", str(mine.pk), most=TRIES, within=HELD_FOR, now=now)
    if sentences.state_now(mine, now=now) == State.HELD:
        purpose, mall = proving.of_booking(mine.pk), mine.service.presence.mall
        asked = asking.asked(purpose, mall, form.person, request.POST, now=now)
        if asked is not None:
            return asked
    return booking.confirm(mine.pk, form.person, now=now, key=form.cleaned_data["key"])


def _let_go(request: HttpRequest, held: int, now: datetime) -> None:
    """Who chooses anew gives back what the same browser held before."""
    token = request.COOKIES.get(HELD, "")
    mine = Booking.objects.filter(token_hash=booking.hashed(token), state=State.HELD).first()
    if mine is not None and mine.pk != held:
        booking.release(mine.pk, now=now, key=uuid4())


def _remembered(token: str) -> HttpResponse:
    """On to the page of a place, which the browser remembers as long as it is held."""
    answer = redirect("booking", token)
    secure = settings.SESSION_COOKIE_SECURE
    answer.set_cookie(
        HELD, token, max_age=HELD_FOR, httponly=True, samesite="Lax", secure=secure, path="/mal/"
    )
    return answer


def service_of(pk: int) -> Service:
    """A service with its mall and agency, as the head of a page names them."""
    return Service.objects.select_related("presence__agency", "presence__mall__region").get(pk=pk)


def _times_of(service: Service, priority: Priority) -> str:
    """Where somebody with this priority chooses a time, the papers being complete."""
    path = reverse("booking_times", args=[service.presence.mall.slug, service.pk])
    return f"{path}?{preparation.query(preparation.seal(service.pk, priority))}"


def _offered(request: HttpRequest, plan: Bookable, *, is_priority: bool) -> dict[str, Any]:
    """The days and windows of a service, and which of them the address asks for."""
    now, calendar = clock.now(), calendar_of(plan.offer.mall_id)
    found = figures.days(plan, now=now, is_priority=is_priority)
    day, time = (request.GET.get(name, "") for name in ("hari", "jam"))
    chosen = grids.chosen(found, day, time, calendar.zone)
    closures = opening.closures(calendar, now)
    return {
        "today": opening.local_date(now, calendar.zone),
        "grid": grids.grid(found),
        "chosen": chosen,
        "calmest": grids.calmest(chosen.day) if chosen.day else None,
        "nearest": grids.nearest(found, chosen, calendar.zone),
        "closings": [agency_sentences.closing(closure, calendar) for closure in closures],
        "key": uuid4(),
    }


def _show_times(
    request: HttpRequest, plan: Bookable, priority: Priority, form: TimeForm | None = None
) -> HttpResponse:
    service = service_of(plan.offer.service_id)
    context = _offered(request, plan, is_priority=priority != Priority.NONE)
    sealed = preparation.seal(service.pk, priority)
    if context["chosen"].full_at:
        context["elsewhere"] = figures.elsewhere(plan, now=clock.now())
    context |= {"mall": service.presence.mall, "service": service, "form": form}
    context |= {"sealed": sealed, "kept": f"{preparation.query(sealed)}&"}
    return render(request, "appointments/times.html", context, status=422 if form else 200)


def _show_moves(
    request: HttpRequest, mine: Booking, token: str, plan: Bookable, form: TimeForm | None = None
) -> HttpResponse:
    context = _offered(request, plan, is_priority=mine.priority != Priority.NONE)
    context |= {"mall": mine.service.presence.mall, "service": mine.service, "form": form}
    context |= {"booking": mine, "token": token, "kept": ""}
    context["is_promised"] = mine.state == State.CONFIRMED
    return render(request, "appointments/move.html", context, status=422 if form else 200)


def _show(
    request: HttpRequest,
    mine: Booking,
    token: str,
    form: PersonForm | None = None,
    said: Refused | Asked | None = None,
) -> HttpResponse:
    """The page of a booking as its state has it now; what was typed in vain stays in the form."""
    now = clock.now()
    state = sentences.state_now(mine, now=now)
    context: dict[str, Any] = {"booking": mine, "service": mine.service, "token": token}
    context |= {"mall": mine.service.presence.mall, "state": state.name.lower(), "key": uuid4()}
    context["again"] = _times_of(mine.service, Priority(mine.priority))
    context |= _as_it_stands(request, mine, token, state, now)
    if state == State.HELD:
        context |= {"form": form or _person_form(mine), **asking.parted(said)}
    page = PAGES.get(state, "appointments/over.html")
    status = said.status if said else 422 if form else 200
    return asking.marked(render(request, page, context, status=status), said)


def _as_it_stands(
    request: HttpRequest, mine: Booking, token: str, state: State, now: datetime
) -> dict[str, Any]:
    if state == State.HELD:
        return {"held": sentences.held(mine, now=now)}
    news = {"news": inbox.told(mine.contact_id, now=now)}
    if state == State.CONFIRMED:
        return news | _promised(request, mine, token, now)
    elsewhere = _elsewhere(mine, state, now)
    return news | {"told": sentences.told(mine, state), "elsewhere": elsewhere}


def _elsewhere(mine: Booking, state: State, now: datetime) -> list[figures.Elsewhere]:
    """Other malls for somebody whom the office has failed."""
    plan = plans.bookable(mine.service_id) if state == State.CALLED_OFF else None
    return figures.elsewhere(plan, now=now) if plan else []


def _promised(request: HttpRequest, mine: Booking, token: str, now: datetime) -> dict[str, Any]:
    """What somebody needs who has a place; on its day also how to come."""
    address = request.build_absolute_uri(reverse("booking", args=[token]))
    arrive_from, arrive_until = presence.hours(mine)
    return {
        "person": people.masked(mine),
        "arrival": sentences.arrival(mine),
        "drawn": qr.drawn(address),
        "may_move": plans.bookable(mine.service_id) is not None,
        "is_today": opening.local_date(now, mine.service.presence.mall.zone) == mine.slot.date,
        "arrive_from": arrive_from,
        "arrive_until": arrive_until,
    }


def _person_form(mine: Booking, typed: QueryDict | None = None) -> PersonForm:
    """What is asked about whoever comes: a NIK where the plan needs it, channels that exist."""
    plan = getattr(mine.service, "plan", None)
    needs_nik = plan is not None and plan.needs_nik
    return PersonForm(typed, needs_nik=needs_nik, on=providers.on(mine.service.presence.mall_id))
