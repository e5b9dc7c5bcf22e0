"""Complaints as those who answer them see them: what is late first, one of them in full."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.requests import UserRequest
from core import clock
from feedback import access, complaints, figures, sealing
from feedback.forms import ForwardForm, ListForm, WordsForm
from feedback.models import Complaint
from queueing.access import key_of

ROWS = 50  # on one page


@dataclass(frozen=True)
class Press:
    """Somebody pressed a button on a complaint, and what its form says."""

    complaint: Complaint
    by: User
    now: datetime
    form: QueryDict

    @property
    def key(self) -> UUID:
        return key_of(self.form.get("key", ""))


def _simply(press: Press, move: Callable[..., None]) -> None:
    move(press.complaint.pk, by=press.by, now=press.now, key=press.key)


def _say(press: Press, move: Callable[..., None]) -> WordsForm | None:
    form = WordsForm(press.form)
    if not form.is_valid():
        return form
    text = form.cleaned_data["text"]
    move(press.complaint.pk, text, by=press.by, now=press.now, key=press.key)
    return None


def _forward(press: Press) -> ForwardForm | None:
    form = ForwardForm(press.form, agencies=access.agencies_of(press.complaint))
    if not form.is_valid():
        return form
    complaints.forward(press.complaint.pk, form.chosen, by=press.by, now=press.now, key=press.key)
    return None


# Each button by the last part of its address; what comes back is a form with something wrong.
Act: TypeAlias = Callable[[Press], forms.Form | None]
ACTS: dict[str, Act] = {
    "ambil": lambda press: _simply(press, complaints.take),
    "periksa": lambda press: _simply(press, complaints.inquire),
    "tutup": lambda press: _simply(press, complaints.close),
    "jawab": lambda press: _say(press, complaints.answer),
    "tolak": lambda press: _say(press, complaints.dismiss),
    "teruskan": _forward,
}


@require_safe
@never_cache
def listed(request: UserRequest) -> HttpResponse:
    now, form = clock.now(), ListForm(request.GET)
    form.full_clean()
    state = form.cleaned_data.get("keadaan") or ListForm.WAITING
    kind = form.cleaned_data.get("jenis")
    mine = access.complaints_for(request.user, now=now)
    found = figures.listed(mine, state=state, kind=kind)
    page = Paginator(found, ROWS).get_page(request.GET.get("hal"))
    context: dict[str, Any] = {"page": page, "state": state, "kind": kind}
    context |= {"rows": figures.with_lateness(page.object_list, now=now)}
    context |= {"states": ListForm.STATES, "kinds": ListForm.KINDS}
    return render(request, "feedback/staff_complaints.html", context)


@require_safe
@never_cache
def complaint(request: UserRequest, pk: int) -> HttpResponse:
    found = access.complaint_for(request.user, pk, now=clock.now())
    return _show(request, found)


@require_POST
@never_cache
def act(request: UserRequest, pk: int, act: str) -> HttpResponse:
    if act not in ACTS:
        raise Http404
    now = clock.now()
    found = access.complaint_for(request.user, pk, now=now)
    wrong = ACTS[act](Press(found, request.user, now, request.POST))
    if wrong is not None:
        return _show(request, found, act, wrong)
    messages.success(request, _("Tercatat: %(number)s.") % {"number": found})
    # Who has handed it on to another agency may not see it any more.
    still = access.complaints_for(request.user, now=now).filter(pk=pk).exists()
    return redirect("staff_complaint", pk) if still else redirect("staff_complaints")


def _show(
    request: UserRequest, found: Complaint, act: str = "", wrong: forms.Form | None = None
) -> HttpResponse:
    context: dict[str, Any] = {"complaint": found, "mall": found.mall}
    steps = context["steps"] = figures.history(found)
    context |= {"written": sealing.opened(found.sealed_text, column=sealing.TEXT)}
    context |= {"person": sealing.masked(found), "new_key": uuid4}
    context["possible"] = figures.possible(found, steps)
    context["is_late"] = figures.is_late(found, now=clock.now())
    context["words"] = wrong if act == "jawab" else WordsForm(auto_id="jawab_%s")
    context["reason"] = wrong if act == "tolak" else WordsForm(auto_id="tolak_%s")
    agencies = access.agencies_of(found)
    context["forward"] = wrong if act == "teruskan" else ForwardForm(agencies=agencies)
    status = 422 if wrong is not None else 200
    return render(request, "feedback/staff_complaint.html", context, status=status)
