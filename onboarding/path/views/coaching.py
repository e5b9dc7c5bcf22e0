"""Notes of the ministry's coach on one mall: left after a visit, answered, closed."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.requests import UserRequest
from agencies import opening
from agencies.models import Mall
from core import clock
from core.errors import Refused, tried
from hall.forms import typed
from onboarding.models import CoachNote, Task
from onboarding.path import access, coaching
from onboarding.path.forms import AgainForm, AnswerForm, NoteForm
from onboarding.path.views import answers


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def notes(request: UserRequest, slug: str) -> HttpResponse:
    now = clock.now()
    mall = access.mall_for_path(request.user, slug, now=now)
    if request.method == "POST":
        mall = access.mall_for_coach(request.user, slug, now=now)
    form = NoteForm(typed(request), tasks=Task.objects.filter(mall=mall))
    if not form.is_valid():
        return _page(request, mall, form, None)
    left = tried(
        lambda: coaching.leave(
            mall, form.cleaned_data["text"], **form.what, by=request.user, now=now
        ),
        Refused,
    )
    if isinstance(left, Refused):
        return _page(request, mall, form, left)
    messages.success(request, _("Catatan disampaikan kepada mal."))
    return redirect("coach_notes", slug)


@require_POST
@never_cache
def act(request: UserRequest, slug: str, pk: int, name: str) -> HttpResponse:
    now = clock.now()
    if name not in ACTS:
        raise Http404
    gate, do = ACTS[name]
    mall = gate(request.user, slug, now=now)
    note = access.note_in(mall, pk)
    wrong = do(note, request.POST, request.user, now)
    if wrong is None:
        messages.success(request, _("Tersimpan."))
        return redirect("coach_notes", slug)
    return _page(request, mall, NoteForm(tasks=Task.objects.filter(mall=mall)), None, wrong, pk)


def _answer(note: CoachNote, sent: QueryDict, by: User, now: datetime) -> forms.Form | None:
    form = AnswerForm(sent)
    if not form.is_valid():
        return form
    coaching.answer(note, form.cleaned_data["text"], by=by, now=now)
    return None


def _close(note: CoachNote, sent: QueryDict, by: User, now: datetime) -> None:
    coaching.close(note, by=by, now=now)


def _ask(note: CoachNote, sent: QueryDict, by: User, now: datetime) -> forms.Form | None:
    form = AgainForm(sent)
    if not form.is_valid():
        return form
    data = form.cleaned_data
    coaching.ask_again(note, data["text"], due=data["due"], by=by, now=now)
    return None


Gate: TypeAlias = Callable[..., Mall]
Do: TypeAlias = Callable[[CoachNote, QueryDict, User, datetime], forms.Form | None]
ACTS: dict[str, tuple[Gate, Do]] = {
    "jawab": (access.mall_for_preparing, _answer),
    "tutup": (access.mall_for_coach, _close),
    "tanya": (access.mall_for_coach, _ask),
}


def _page(
    request: UserRequest,
    mall: Mall,
    form: NoteForm,
    refusal: Refused | None,
    wrong: forms.Form | None = None,
    pk: int = 0,
) -> HttpResponse:
    on = opening.local_date(clock.now(), mall.zone)
    found = CoachNote.objects.filter(mall=mall).select_related("task", "by", "answered_by")
    context = answers.of(request, mall) | {
        "rows": coaching.rows(found, on=on),
        "answering": AnswerForm(),
        "asking": AgainForm(),
        "wrong": wrong,
        "wrong_pk": pk,
    }
    if wrong is not None:
        return render(request, "onboarding/coach_notes.html", context | {"form": form}, status=422)
    return answers.asked(request, "onboarding/coach_notes.html", form, refusal, context)
