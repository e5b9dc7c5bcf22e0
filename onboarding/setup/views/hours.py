"""The hours of a mall: the week from a day on, special days, and what is only planned."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.requests import UserRequest
from agencies import opening
from agencies.models import DatedHours, Holiday, Mall
from core import clock
from hall.forms import typed
from onboarding.setup import access
from onboarding.setup.arranging import hours, noting
from onboarding.setup.arranging.resting import Cost
from onboarding.setup.forms.hours import SpecialForm, WeekForm
from onboarding.setup.views import asking
from onboarding.setup.views.common import kept, mall_of, page, read_or_send

HOLIDAYS = 20  # to come, shown beside the hours


class WithdrawForm(forms.Form):
    from_date = forms.DateField(input_formats=["%Y-%m-%d"])


@read_or_send
@never_cache
def week(request: UserRequest, slug: str) -> HttpResponse:
    mall, now = mall_of(request, slug), clock.now()
    if "copy" in request.POST:
        copied = WeekForm.copied(request.POST.dict(), request.POST["copy"])
        return _again(request, mall, WeekForm(initial=copied, **_limits(mall, now)))
    form = WeekForm(typed(request), initial=_standing(mall, now), **_limits(mall, now))
    if not form.is_valid():
        return _again(request, mall, form)
    wanted = {"week": form.week, "from_date": form.cleaned_data["from_date"]}
    touched = hours.touched_by_week(mall, now=now, **wanted)
    if touched and request.POST.get("do") != "save":
        return _again(request, mall, form, touched=touched)
    if kept(form, lambda: hours.set_week(mall, by=request.user, now=now, **wanted)):
        messages.success(request, _("Jam layanan tersimpan."))
        return redirect("setup_counters", slug)
    return _again(request, mall, form)


def _again(request: UserRequest, mall: Mall, form: WeekForm, **context: Any) -> HttpResponse:
    beside = _beside(mall, clock.now())
    return page(request, mall, "onboarding/setup_hours.html", form, **beside, **context)


@require_POST
@never_cache
def withdraw(request: UserRequest, slug: str) -> HttpResponse:
    mall, form = mall_of(request, slug), WithdrawForm(request.POST)
    if form.is_valid():
        on, now = form.cleaned_data["from_date"], clock.now()
        cost = Cost(hours.touched_by_withdrawal(mall, on, now=now), 0)
        if not asking.is_meant(request, cost):
            back = resolve_url("setup_hours", slug)
            return asking.ask(request, mall, _("Batalkan perubahan jam"), cost, back)
        hours.withdraw_week(mall, on, by=request.user, now=now)
        messages.success(request, _("Perubahan jam itu dibatalkan."))
    return redirect("setup_hours", slug)


@read_or_send
@never_cache
def special(request: UserRequest, slug: str) -> HttpResponse:
    mall, now = mall_of(request, slug), clock.now()
    form = SpecialForm(typed(request), today=_today(mall, now))
    if not form.is_valid():
        return page(request, mall, "onboarding/setup_special.html", form)
    touched = hours.touched_by_special(mall, form.special, now=now)
    if touched and request.POST.get("do") != "save":
        return page(request, mall, "onboarding/setup_special.html", form, touched=touched)
    if kept(form, lambda: hours.add_special(mall, form.special, by=request.user, now=now)):
        messages.success(request, _("Hari khusus tersimpan."))
        return redirect("setup_hours", slug)
    return page(request, mall, "onboarding/setup_special.html", form)


@require_POST
@never_cache
def remove(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    mall = mall_of(request, slug)
    row = access.special_in(mall, pk)
    cost = Cost(hours.touched_by_removal(row, now=clock.now()), 0)
    if not asking.is_meant(request, cost):
        back = resolve_url("setup_hours", slug)
        return asking.ask(request, mall, _("Hapus hari khusus"), cost, back)
    hours.remove_special(row, by=request.user, now=clock.now())
    messages.success(request, _("Hari khusus dihapus; yang sudah lewat tetap tercatat."))
    return redirect("setup_hours", slug)


def _today(mall: Mall, now: datetime) -> date:
    return opening.local_date(now, mall.zone)


def _limits(mall: Mall, now: datetime) -> dict[str, Any]:
    return {"earliest": noting.earliest(mall, now=now), "today": _today(mall, now)}


def _standing(mall: Mall, now: datetime) -> dict[str, Any]:
    begins = max(_today(mall, now), noting.earliest(mall, now=now))
    return WeekForm.of(hours.week_of(mall, begins), begins)


def _beside(mall: Mall, now: datetime) -> dict[str, Any]:
    """What stands below the form: changes to come, special days, and holidays."""
    today = _today(mall, now)
    return {
        "planned": hours.planned(mall, now=now),
        "specials": DatedHours.objects.filter(mall=mall, until_date__gte=today),
        "holidays": Holiday.objects.filter(day__gte=today)[:HOLIDAYS],
        "today": today,
    }
