"""Reports: what is due at a mall, one in full, its files, and what is done with it."""

from collections.abc import Callable
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from accounts.models import User
from accounts.requests import UserRequest
from agencies.models import Zone
from core import clock
from monitoring import periods
from monitoring.models import Report
from monitoring.reports import (
    access,
    asking,
    charts,
    csv,
    editions,
    lifecycle,
    paper,
    reading,
    sheet,
)
from monitoring.reports.editions import Edition
from monitoring.reports.forms import AskForm, LetterForm, NoteForm
from monitoring.states import State
from queueing.access import workday

FILES: dict[str, Callable[[Edition], HttpResponseBase]] = {
    "pdf": paper.response,
    "xlsx": sheet.response,
    "csv": csv.response,
}
FILE_NAMES = [("pdf", "PDF"), ("xlsx", "XLSX"), ("csv", "CSV")]
WIB = ZoneInfo(Zone.WIB)


@require_safe
@never_cache
def listed(request: UserRequest) -> HttpResponse:
    now = clock.now()
    malls = list(access.malls_for_making(request.user, now=now).order_by("name"))
    if not malls:
        access.malls_for_reading(request.user, now=now)
        return redirect("reports_nation")
    context: dict[str, Any] = {"malls": malls, "rows": reading.due(malls, now=now)}
    context |= {"mall": malls[0] if len(malls) == 1 else None, "others": reading.others(malls)}
    context["periods"] = _periods_to_ask(now)
    return render(request, "monitoring/reports.html", context)


def _periods_to_ask(now: Any) -> list[periods.Period]:
    """The last weeks and years that are over."""
    on, found = workday(now), []
    for kind, count in ((periods.Kind.WEEK, 8), (periods.Kind.YEAR, 2)):
        period = periods.of(kind, on)
        for _ago in range(count):
            period = period.before
            found.append(period)
    return found


@require_POST
def make(request: UserRequest) -> HttpResponse:
    now, form = clock.now(), AskForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Pilih mal dan masa laporannya dari daftar, lalu coba lagi."))
        return redirect("reports")
    mall = access.mall_for_making(request.user, form.cleaned_data["mal"], now=now)
    period = form.cleaned_data["masa"]
    report = asking.of_mall(mall, form.kind, period, by=request.user, now=now)
    return redirect("report", report.pk)


@require_safe
@never_cache
def report(request: UserRequest, pk: int) -> HttpResponse:
    seen = access.report_for(request.user, pk, now=clock.now())
    if request.headers.get("HX-Request"):
        if not seen.report.is_building:
            return HttpResponseClientRefresh()
        return render(request, "monitoring/_report_progress.html", {"report": seen.report})
    return _show(request, seen)


def _show(request: UserRequest, seen: access.Seen, wrong: forms.Form | None = None) -> HttpResponse:
    found = seen.report
    context: dict[str, Any] = {"report": found, "mall": found.mall, "seen": seen}
    if found.is_frozen:
        edition = editions.of(found)
        context |= {"edition": edition, "charts": charts.of(edition)}
        context["tables"] = [(t, edition.titles(t), [*edition.lines(t)]) for t in edition.tables]
    context |= {"history": reading.history(found), "versions": _versions(seen)}
    context["changed"] = reading.changed_days(found)
    context["letter"] = wrong if isinstance(wrong, LetterForm) else LetterForm(auto_id="kirim_%s")
    context["note"] = wrong if isinstance(wrong, NoteForm) else NoteForm(auto_id="kembali_%s")
    context |= {"files": FILE_NAMES, "zone": found.mall.zone if found.mall else WIB}
    context["next"] = reading.NEXT[State(found.state)].value
    status = 422 if wrong is not None else 200
    return render(request, "monitoring/report.html", context, status=status)


def _versions(seen: access.Seen) -> list[Report]:
    """The versions, for those who may read each of them."""
    return reading.versions(seen.report) if seen.makes else [seen.report]


@require_safe
@never_cache
def download(request: UserRequest, pk: int, form: str) -> HttpResponseBase:
    found = access.frozen_for(request.user, pk, now=clock.now())
    if form not in FILES:
        raise Http404
    return FILES[form](editions.of(found))


class Press(NamedTuple):
    """Who pressed what on which report."""

    pk: int
    by: User
    data: Any


def _submit(press: Press) -> forms.Form | None:
    now, form = clock.now(), LetterForm(press.data, auto_id="kirim_%s")
    found = access.report_to_make(press.by, press.pk, now=now)
    if not form.is_valid():
        return form
    lifecycle.submit(found, form.letter, by=press.by, now=now)
    return None


def _give_back(press: Press) -> forms.Form | None:
    now, form = clock.now(), NoteForm(press.data, auto_id="kembali_%s")
    found = access.report_to_judge(press.by, press.pk, now=now)
    if not form.is_valid():
        return form
    lifecycle.give_back(found, form.cleaned_data["note"], by=press.by, now=now)
    return None


def _accept(press: Press) -> None:
    now = clock.now()
    found = access.report_to_judge(press.by, press.pk, now=now)
    lifecycle.accept(found, by=press.by, now=now)


def _retry(press: Press) -> None:
    now = clock.now()
    lifecycle.retry(access.report_to_make(press.by, press.pk, now=now), by=press.by, now=now)


ACTS: dict[str, Callable[[Press], forms.Form | None]] = {
    "kirim": _submit,
    "kembalikan": _give_back,
    "terima": _accept,
    "coba-lagi": _retry,
}


@require_POST
@never_cache
def act(request: UserRequest, pk: int, act: str) -> HttpResponse:
    if act not in ACTS:
        raise Http404
    wrong = ACTS[act](Press(pk, request.user, request.POST))
    if wrong is not None:
        seen = access.report_for(request.user, pk, now=clock.now())
        return _show(request, seen, wrong)
    messages.success(request, _("Tercatat."))
    return redirect("report", pk)


@require_POST
def rebuild(request: UserRequest, pk: int) -> HttpResponse:
    now = clock.now()
    found = access.report_to_make(request.user, pk, now=now)
    again = lifecycle.rebuild(found, by=request.user, now=now)
    messages.success(request, _("Versi %d sedang disusun.") % again.version)
    return redirect("report", again.pk)
