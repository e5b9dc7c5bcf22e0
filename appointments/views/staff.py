"""Reservations at the counters: who is awaited on a day, who has come, and one for somebody."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import UserRequest
from agencies import opening
from agencies.models import Presence
from appointments import access, behalf, daylist, people, presence
from appointments.forms import PersonForm, TimeForm, lane_field
from appointments.models import Booking
from appointments.plans import Bookable
from appointments.refusals import PERSONAL
from appointments.states import Share
from core import clock, qr
from core.errors import Refused, marked, tried
from notifications import logs, providers
from queueing import access as queue_access
from services.models import Service

ONE_DAY = timedelta(days=1)
FIRST, LAST = date(2000, 1, 1), date(2100, 1, 1)  # nobody reserves beyond them


class AskedForm(forms.Form):
    """Which agency, day or reservation a page is asked for; what makes no sense is not asked."""

    instansi = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    hari = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    reservasi = forms.IntegerField(required=False, min_value=1, max_value=2**62)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.full_clean()

    def presence(self, found: list[Presence]) -> Presence:
        """The agency asked for, or the first one."""
        wanted = self.cleaned_data.get("instansi")
        return next((each for each in found if each.pk == wanted), found[0])

    def day(self, today: date) -> date:
        wanted = self.cleaned_data.get("hari")
        return wanted if wanted and FIRST < wanted < LAST else today


class FindForm(forms.Form):
    q = forms.CharField(required=False, max_length=200)

    @property
    def text(self) -> str:
        return str(self.cleaned_data["q"]) if self.is_valid() else ""


class BehalfForm(PersonForm):
    """Who an officer reserves for, and in which line."""

    priority = lane_field(gettext_lazy("Jalur"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Asked of an officer, not of the person.
        whom = [("", _("Untuk pemohon sendiri")), ("1", _("Untuk anak atau orang tua pemohon"))]
        self.fields["is_for_other"].choices = whom  # type: ignore[attr-defined]

    @property
    def how(self) -> dict[str, Any]:
        """The line, and the key of this form."""
        return {name: self.cleaned_data[name] for name in ("priority", "key")}


@require_safe
@never_cache
def listed(request: UserRequest) -> HttpResponse:
    now, asked = clock.now(), AskedForm(request.GET)
    presences = access.presences_for(request.user, now=now)
    chosen = asked.presence(presences)
    today = opening.local_date(now, chosen.mall.zone)
    day = daylist.of_day(chosen, asked.day(today), now=now)
    only = asked.cleaned_data.get("reservasi")
    context = {
        "presence": chosen,
        "presences": presences,
        "day": day,
        "windows": day.only(only) if only else day.windows,
        "only": only,
        "today": today,
        "before": day.on - ONE_DAY,
        "after": day.on + ONE_DAY,
        "key": uuid4(),
    }
    return render(request, "appointments/staff_bookings.html", context)


@require_POST
@never_cache
def find(request: UserRequest) -> HttpResponse:
    presences = access.presences_for(request.user, now=clock.now())
    chosen = AskedForm(request.POST).presence(presences)
    # What opens a reservation is sent, so that it stands in no address.
    found = daylist.find(chosen, FindForm(request.POST).text)
    return redirect(f"{_list_of(found)}&reservasi={found.pk}")


@require_POST
@never_cache
def arrive(request: UserRequest, pk: int) -> HttpResponse:
    now, key = clock.now(), queue_access.key_of(request.POST.get("key", ""))
    booking = access.for_staff(request.user, pk, now=now)
    presence.arrive(booking, now=now, key=key, by=request.user)
    told = _("%(code)s tercatat datang. Nomor antreannya ada di daftar.") % {"code": booking}
    messages.success(request, told)
    return redirect(f"{_list_of(booking)}#r{pk}")


@require_safe
@never_cache
def services(request: UserRequest) -> HttpResponse:
    presences = access.presences_for(request.user, now=clock.now())
    chosen = AskedForm(request.GET).presence(presences)
    context = {"presence": chosen, "presences": presences, "services": behalf.services(chosen)}
    return render(request, "appointments/staff_services.html", context)


@require_safe
@never_cache
def times(request: UserRequest, pk: int) -> HttpResponse:
    service, plan = access.service_for(request.user, pk, now=clock.now())
    return _choosing(request, service, plan, _form(plan))


@require_POST
@never_cache
def save(request: UserRequest, pk: int) -> HttpResponse:
    now = clock.now()
    service, plan = access.service_for(request.user, pk, now=now)
    form, time = _form(plan, request.POST), TimeForm(request.POST)
    if not (form.is_valid() and time.is_valid()):
        return _choosing(request, service, plan, form)
    sent = {"by": request.user, "now": now, **form.how}
    done = tried(lambda: behalf.reserve(pk, time.moment, form.person, **sent), *PERSONAL)
    if isinstance(done, Refused):
        # On the usual way back the form would be empty.
        return marked(_choosing(request, service, plan, form, done), done)
    return redirect("staff_booking", done)


@require_safe
@never_cache
def made(request: UserRequest, pk: int) -> HttpResponse:
    now = clock.now()
    booking = access.for_staff(request.user, pk, now=now)
    context = {"booking": booking, "who": people.masked(booking), "list": _list_of(booking)}
    if booking.contact_id is not None:
        context["lines"] = logs.of_contact(booking.contact_id)
    # The link of those who reserved for themselves is theirs alone.
    if booking.share == Share.STAFF and not access.is_closed(booking, now=now):
        link = reverse("booking", args=[people.link(booking)])
        context["code"] = qr.drawn(request.build_absolute_uri(link))
    return render(request, "appointments/staff_booking.html", context)


def _form(plan: Bookable, typed: QueryDict | None = None) -> BehalfForm:
    return BehalfForm(typed, needs_nik=plan.needs_nik, on=providers.on(plan.offer.mall_id))


def _list_of(booking: Booking) -> str:
    """The list in which a booking stands."""
    query = f"?instansi={booking.service.presence_id}&hari={booking.slot.date}"
    return reverse("staff_bookings") + query


def _choosing(
    request: UserRequest,
    service: Service,
    plan: Bookable,
    form: BehalfForm,
    refusal: Refused | None = None,
) -> HttpResponse:
    """The days, the windows and the form of the person; one that was filled in wrong is a 422."""
    days = behalf.days(plan, now=clock.now())
    sent = request.POST.get("starts_at", "")
    chosen = behalf.chosen(days, request.GET.get("hari", ""), sent or request.GET.get("jam", ""))
    context = {"service": service, "presence": service.presence, "days": days}
    context |= {"chosen": chosen, "form": form, "refusal": refusal}
    status = refusal.status if refusal else 422 if form.is_bound else 200
    return render(request, "appointments/staff_times.html", context, status=status)
