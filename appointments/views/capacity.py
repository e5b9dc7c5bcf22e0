"""The capacity of reservations for whoever plans it: every change is shown first, then stored."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import UserRequest
from agencies import opening
from agencies.calendars import calendar_of
from agencies.models import Weekday
from appointments import calendars, demand, months, planning, plans
from appointments.capacity_forms import (
    ChangeForm,
    CopyForm,
    DayForm,
    GraceForm,
    HoursForm,
    RulesForm,
    WindowForm,
)
from appointments.models import ArrivalRule
from appointments.planning import Layout, NoWayToPhones
from appointments.states import Mode
from core import clock
from core.errors import tried
from hall.forms import typed
from services.models import Service
from services.offers import attended_for

FIRST, LAST = date(2000, 1, 1), date(2100, 1, 1)  # nobody plans beyond them
read_or_send = require_http_methods(["GET", "HEAD", "POST"])


class AskedForm(forms.Form):
    """Which week, month, day or window a page is asked for; what makes no sense is not asked."""

    mulai = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    bulan = forms.DateField(required=False, input_formats=["%Y-%m"])
    hari = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    harike = forms.IntegerField(required=False, min_value=0, max_value=6)
    jam = forms.TimeField(required=False, input_formats=["%H.%M"])

    def day(self, name: str, today: date) -> date:
        found = self.cleaned_data.get(name)
        return found if found and FIRST <= found < LAST else today


@require_safe
@never_cache
def listed(request: UserRequest) -> HttpResponse:
    parts = calendars.parts_for(request.user, now=clock.now())
    return render(request, "appointments/capacity_services.html", {"parts": parts})


@require_safe
@never_cache
def week(request: UserRequest, pk: int) -> HttpResponse:
    service, layout, today = _planned(request, pk)
    on = _asked(request).day("mulai", today)
    context = _of(service) | {"layout": layout, "week": calendars.week(service, layout, on)}
    found = [] if layout.release.by_draw else demand.crowded(service.pk, now=clock.now())
    context |= {"today": today, "crowded": found if demand.draw_is_fairer(found) else []}
    return render(request, "appointments/capacity_week.html", context)


@read_or_send
@never_cache
def window(request: UserRequest, pk: int) -> HttpResponse:
    service, layout, today = _planned(request, pk)
    asked = _asked(request).cleaned_data
    wanted = (asked.get("harike"), asked.get("jam"))
    known = calendars.window_at(layout, *wanted, on=today)
    initial = calendars.initial_of(known, today=today) if known else {"weekday": wanted[0] or 0}
    form = WindowForm(typed(request), today=today, initial=initial)
    is_known = bool(known or request.POST.get("was_begins"))
    return _stepped(request, service, form, "appointments/capacity_window.html", is_known=is_known)


@read_or_send
@never_cache
def day(request: UserRequest, pk: int, weekday: int) -> HttpResponse:
    service, layout, today = _planned(request, pk)
    windows = layout.standing(weekday, on=today) if weekday in set(Weekday) else []
    if not windows:
        raise Http404
    sent = typed(request)
    is_copy = "act" in request.POST and request.POST["act"] == "copy"
    initial = vars(windows[0].shares)
    shares = DayForm(None if is_copy else sent, today=today, weekday=weekday, initial=initial)
    copy = CopyForm(sent if is_copy else None, today=today, weekday=weekday, auto_id="id_copy_%s")
    context = {"weekday": Weekday(weekday), "windows": windows, "shares": shares, "copy": copy}
    form = copy if is_copy else shares
    return _stepped(request, service, form, "appointments/capacity_day.html", **context)


@read_or_send
@never_cache
def hours(request: UserRequest, pk: int) -> HttpResponse:
    service, _layout, today = _planned(request, pk)
    weekly = calendar_of(service.presence.mall_id).weekly
    present = attended_for(service.pk).weekdays
    open_on = {day: weekly[day] for day in sorted(weekly) if day in present}
    initial = {"online": 6, "priority": 1, "staff": 1, "walk_in": 4}
    form = HoursForm(typed(request), today=today, hours=open_on, initial=initial)
    return _stepped(request, service, form, "appointments/capacity_hours.html")


@read_or_send
@never_cache
def rules(request: UserRequest, pk: int) -> HttpResponse:
    now = clock.now()
    service = calendars.service_for(request.user, pk, now=now)
    layout = calendars.layout_of(service)
    initial = calendars.rules_of(service, layout)
    if request.GET.get("cara") == "undian":  # as the page of the week proposes
        initial["mode"] = Mode.DRAW
    form = RulesForm(typed(request), today=_today(service, now), initial=initial)
    return _stepped(request, service, form, "appointments/capacity_rules.html", layout=layout)


@require_safe
@never_cache
def month(request: UserRequest, pk: int) -> HttpResponse:
    service, layout, today = _planned(request, pk)
    asked = _asked(request)
    first = asked.day("bulan", today).replace(day=1)
    found = months.month(service, layout, first, now=clock.now())
    chosen = next((day for day in found.days if day.on == asked.cleaned_data.get("hari")), None)
    context = _of(service) | {"month": found, "chosen": chosen, "weekdays": list(Weekday)}
    return render(request, "appointments/capacity_month.html", context)


@read_or_send
@never_cache
def grace(request: UserRequest, slug: str) -> HttpResponse:
    now = clock.now()
    mall = calendars.mall_for(request.user, slug, now=now)
    initial = GraceForm.of(ArrivalRule.objects.filter(mall=mall).first())
    form = GraceForm(typed(request), initial=initial)
    if form.is_valid():
        new = {**form.cleaned_data, "by": request.user, "now": now}
        refusal = tried(lambda: planning.set_grace(mall, **new), NoWayToPhones)
        if refusal is None:
            messages.success(request, _("Tersimpan. Berlaku untuk semua reservasi di mal ini."))
            return redirect("capacity")
        form.add_error("asks_code", str(refusal))
    status = 422 if form.is_bound else 200
    context = {"mall": mall, "form": form, "reaches_phones": plans.reaches_phones(mall.pk)}
    return render(request, "appointments/capacity_grace.html", context, status=status)


def _asked(request: HttpRequest) -> AskedForm:
    form = AskedForm(request.GET)
    form.full_clean()
    return form


def _today(service: Service, now: datetime) -> date:
    return opening.local_date(now, service.presence.mall.zone)


def _of(service: Service) -> dict[str, Any]:
    return {"service": service, "presence": service.presence, "mall": service.presence.mall}


def _planned(request: UserRequest, pk: int) -> tuple[Service, Layout, date]:
    """A service of the asker with its plan; without one there is nothing to look at."""
    now = clock.now()
    service = calendars.service_for(request.user, pk, now=now)
    layout = calendars.layout_of(service)
    if layout is None:
        raise Http404
    return service, layout, _today(service, now)


def _stepped(
    request: UserRequest,
    service: Service,
    form: ChangeForm | RulesForm,
    template: str,
    **context: Any,
) -> HttpResponse:
    """The form first, then what it would do, then it is done."""
    context |= _of(service) | {"form": form}
    do = request.POST.get("do", "")
    if not form.is_valid() or do == "edit":
        return render(request, template, context, status=422 if form.errors else 200)
    if do == "save":
        return _saved(request, service, form)
    now, old = clock.now(), calendars.layout_of(service)
    new = form.layout(old)
    planning.check(old, new, today=_today(service, now))
    preview = calendars.preview(service, old, new, from_date=form.from_, now=now)
    context |= {"preview": preview, "known": planning.seen(old), "old": old, "new": new}
    return render(request, "appointments/capacity_preview.html", context)


def _saved(request: UserRequest, service: Service, form: ChangeForm | RulesForm) -> HttpResponse:
    now, key = clock.now(), form.cleaned_data["key"]
    new = form.layout(calendars.layout_of(service))
    known = request.POST.get("known", "")
    kept = planning.store(service, new, known=known, by=request.user, now=now, key=key)
    said = _("Rencana tersimpan.")
    if kept:
        said += " " + ngettext(
            "%(count)d jendela sudah menjanjikan lebih; yang sudah memesan tetap dilayani.",
            "%(count)d jendela sudah menjanjikan lebih; yang sudah memesan tetap dilayani.",
            kept,
        ) % {"count": kept}
    messages.success(request, said)
    return redirect("capacity_week", service.pk)
