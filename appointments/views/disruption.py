"""When an agency cannot keep its windows: whom it touches, then another time for each of them."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import UserRequest
from accounts.roles import Act
from agencies import access as agency_access
from agencies import opening
from agencies.calendars import calendar_of
from agencies.models import Presence
from appointments import disruption
from appointments.models import Absence
from core import clock
from hall.forms import TimeField, typed
from queueing import access as queue_access

AHEAD = timedelta(days=366)
EARLIEST, LATEST = time.min, time(23, 59)
SHOWN = 50  # bookings listed before somebody decides; all of them are counted


if TYPE_CHECKING:
    Presences = forms.ModelMultipleChoiceField[Presence]
else:
    Presences = forms.ModelMultipleChoiceField


class AgencyField(Presences):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.board_name)


class AbsenceForm(forms.Form):
    """Which agencies, from when until when, and why; without times it is whole days."""

    presences = AgencyField(
        label=_("Instansi"),
        queryset=Presence.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Pilih sedikitnya satu instansi.")},
    )
    from_date = forms.DateField(
        label=_("Dari tanggal"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": _("Isi tanggal mulainya.")},
    )
    from_time = TimeField(label=_("Dari pukul"), required=False)
    until_date = forms.DateField(
        label=_("Sampai tanggal"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": _("Isi tanggal berakhirnya.")},
    )
    until_time = TimeField(label=_("Sampai pukul"), required=False)
    reason = forms.CharField(
        label=_("Alasan"),
        max_length=160,
        help_text=_("Dibaca oleh setiap orang yang sudah memesan. Jangan sebut nama orang."),
        error_messages={"required": _("Tulis alasannya.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, presences: list[Presence], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["presences"]
        assert isinstance(field, AgencyField)  # noqa: S101 - declared above
        field.queryset = Presence.objects.filter(pk__in=[each.pk for each in presences])
        self.mall = presences[0].mall

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("from_date") and data.get("until_date"):
            last = opening.local_date(clock.now(), self.mall.zone) + AHEAD
            if max(data["from_date"], data["until_date"]) > last or data["from_date"].year < 2000:
                raise forms.ValidationError(_("Tanggalnya paling jauh satu tahun ke depan."))
            data["from_at"] = self._moment(data["from_date"], data.get("from_time") or EARLIEST)
            data["until_at"] = self._moment(data["until_date"], data.get("until_time") or LATEST)
            if data["until_at"] <= data["from_at"]:
                self.add_error("until_date", _("Waktu berakhirnya harus setelah waktu mulainya."))
        return data

    def _moment(self, on: date, at: time) -> datetime:
        return opening.moment(calendar_of(self.mall.pk), on, at)

    @property
    def span(self) -> dict[str, datetime]:
        return {name: self.cleaned_data[name] for name in ("from_at", "until_at")}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def absence(request: UserRequest) -> HttpResponse:
    now = clock.now()
    presences = _presences(request, now)
    form = AbsenceForm(typed(request), presences=presences)
    context: dict[str, Any] = {"form": form, "mall": presences[0].mall}
    if form.is_valid():
        chosen = list(form.cleaned_data["presences"])
        if "jalankan" in request.POST:
            return _call_off(request, form, chosen, now)
        touched = disruption.touched(chosen, **form.span)
        listed = touched.select_related("service__presence", "slot")[:SHOWN]
        context |= {"count": touched.count(), "touched": listed, "chosen": chosen}
    context["standing"] = _standing(presences, now)
    status = 422 if form.errors else 200
    return render(request, "appointments/staff_absence.html", context, status=status)


@require_POST
@never_cache
def end(request: UserRequest, pk: int) -> HttpResponse:
    now = clock.now()
    reach = agency_access.presences_for(request.user, Act.RUN_FLOOR, on=queue_access.workday(now))
    found = get_object_or_404(Absence.objects.select_related("presence"), pk=pk, presence__in=reach)
    disruption.end(found, now=now)
    messages.success(request, _("Jendela waktunya dibuka lagi."))
    return redirect("staff_absence")


def _call_off(
    request: UserRequest, form: AbsenceForm, chosen: list[Presence], now: datetime
) -> HttpResponse:
    given = form.cleaned_data
    count = disruption.call_off(
        chosen, **form.span, reason=given["reason"], by=request.user, now=now, key=given["key"]
    )
    told = ngettext(
        "Jendela waktu ditutup. %(count)d orang ditawari waktu lain.",
        "Jendela waktu ditutup. %(count)d orang ditawari waktu lain.",
        count,
    )
    messages.success(request, told % {"count": count})
    return redirect("staff_absence")


def _presences(request: UserRequest, now: datetime) -> list[Presence]:
    """The agencies of the mall asked for, or of the first one, that the user runs."""
    reach = agency_access.presences_for(
        request.user, Act.RUN_FLOOR, on=queue_access.workday(now)
    ).filter(is_active=True)
    found = list(reach.order_by("mall__name", "board_name", "pk"))
    wanted = _mall_of(request)
    malls = [each.mall_id for each in found]
    chosen = wanted if wanted in malls else next(iter(malls), None)
    if chosen is None:
        raise Http404
    return [each for each in found if each.mall_id == chosen]


def _mall_of(request: HttpRequest) -> int | None:
    value = request.GET.get("mal", "")
    return int(value) if value.isdecimal() and len(value) <= 12 else None


def _standing(presences: list[Presence], now: datetime) -> list[Absence]:
    """What has been closed and is not over."""
    coming = Absence.objects.filter(presence__in=presences, until_at__gt=now)
    return list(coming.select_related("presence").order_by("from_at", "presence__board_name"))
