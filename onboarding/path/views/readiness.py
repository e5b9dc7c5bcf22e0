"""How ready a mall is, for its own people and for the ministry, and what they record of it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import UserRequest
from agencies import opening
from agencies.models import Mall
from core import clock, uploads
from core.errors import Refused, tried
from hall.forms import typed
from onboarding.models import CoachNote, Location, Milestone
from onboarding.path import access, preparing, readiness, way
from onboarding.path.forms import MilestoneForm, NewPlaceForm, NewTaskForm, TaskForm
from onboarding.path.views import answers
from onboarding.states import MOVES, OF_MINISTRY, Act

ACTS = {
    "persiapan": Act.PREPARE,
    "kerja-sama": Act.NEGOTIATE,
    "pembukaan-terbatas": Act.LAUNCH,
    "peresmian": Act.INAUGURATE,
    "pendampingan": Act.COACH,
    "pindah": Act.MOVE,
    "henti": Act.SUSPEND,
    "buka-kembali": Act.REOPEN,
}
NAMES = {act: name for name, act in ACTS.items()}
read_or_send = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@never_cache
def page(request: UserRequest, slug: str) -> HttpResponse:
    now = clock.now()
    mall = access.mall_for_path(request.user, slug, now=now)
    on = opening.local_date(now, mall.zone)
    rows = Milestone.objects.filter(mall=mall).select_related("ceremony", "location")
    milestones = list(rows.order_by("pk"))
    sections = readiness.sections(mall, milestones, on=on)
    notes = CoachNote.objects.filter(mall=mall, closed_at=None)
    context = answers.of(request, mall) | {
        "sections": sections,
        "progress": readiness.progress(sections),
        "milestones": milestones[::-1],
        "reached": readiness.reached(mall, milestones),
        "places": Location.objects.filter(mall=mall).order_by("-from_date"),
        "siblings": _siblings(request, mall),
        "notes": notes.select_related("task"),
        "next": _next(request, mall, on=on),
        "today": on,
    }
    return render(request, "onboarding/readiness.html", context)


@require_POST
@never_cache
def lay(request: UserRequest, slug: str) -> HttpResponse:
    mall = access.mall_for_preparing(request.user, slug, now=clock.now())
    preparing.lay(mall)
    messages.success(request, _("Daftar persiapan siap. Isi penanggung jawab dan tenggatnya."))
    return redirect("readiness", slug)


@read_or_send
@never_cache
def add(request: UserRequest, slug: str) -> HttpResponse:
    now = clock.now()
    mall = access.mall_for_preparing(request.user, slug, now=now)
    form = NewTaskForm(typed(request), initial={"half": request.GET.get("bagian", "policy")})
    made = None
    if form.is_valid():
        what = form.cleaned_data | {"by": request.user, "now": now}
        made = tried(lambda: preparing.add(mall, **what), Refused)
        if not isinstance(made, Refused):
            messages.success(request, _("Butir ditambahkan."))
            return redirect("readiness", slug)
    return answers.asked(request, "onboarding/task_add.html", form, made, answers.of(request, mall))


@read_or_send
@never_cache
def task(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    now = clock.now()
    mall = access.mall_for_path(request.user, slug, now=now)
    if request.method == "POST":
        mall = access.mall_for_preparing(request.user, slug, now=now)
    found = access.task_in(mall, pk)
    form = TaskForm(typed(request), request.FILES or None, task=found)
    made = None
    if form.is_valid():
        made = tried(lambda: preparing.save(found, form.said, by=request.user, now=now), Refused)
        if not isinstance(made, Refused):
            messages.success(request, _("Tersimpan."))
            return redirect("readiness", slug)
    notes = CoachNote.objects.filter(task=found)
    context = {"task": found, "name": preparing.name_of(found), "notes": notes}
    context |= answers.of(request, mall)
    return answers.asked(request, "onboarding/task.html", form, made, context)


@require_safe
@never_cache
def evidence(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    mall = access.mall_for_path(request.user, slug, now=clock.now())
    return uploads.download(access.evidence_in(mall, pk))


@require_safe
@never_cache
def document(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    mall = access.mall_for_path(request.user, slug, now=clock.now())
    return uploads.download(access.document_in(mall, pk))


@read_or_send
@never_cache
def milestone(request: UserRequest, slug: str, name: str) -> HttpResponse:
    now, act = clock.now(), _act_called(name)
    mall = access.mall_for_act(request.user, slug, act, now=now)
    today = opening.local_date(now, mall.zone)
    form = MilestoneForm(
        typed(request), request.FILES or None, act=act, initial={"on": today, "address": ""}
    )
    made = None
    if form.is_valid():
        what = form.what | {"by": request.user, "now": now}
        made = tried(lambda: way.record(mall, act, **what), Refused)
        if not isinstance(made, Refused):
            messages.success(request, _("%(act)s tercatat.") % {"act": act.label})
            return redirect("readiness", slug)
    context = {"act": act, "name": name, "is_possible": mall.stage in MOVES[act].origins}
    context |= {"lacking": way.lacking(mall, on=today) if act == Act.LAUNCH else []}
    context |= answers.of(request, mall)
    return answers.asked(request, "onboarding/milestone.html", form, made, context)


@read_or_send
@never_cache
def place(request: UserRequest, slug: str) -> HttpResponse:
    now = clock.now()
    mall = access.mall_for_preparing(request.user, slug, now=now)
    today = opening.local_date(now, mall.zone)
    form = NewPlaceForm(typed(request), initial={"on": today})
    made = None
    if form.is_valid():
        kind, title = form.cleaned_data["kind"], form.cleaned_data["name"]
        what = form.what | {"by": request.user, "now": now}
        made = tried(lambda: way.add_place(mall.region, kind, title, **what), Refused)
        if isinstance(made, Mall):
            messages.success(request, _("%(mall)s dibuat.") % {"mall": made.short_name})
            return redirect("readiness", made.slug)
    return answers.asked(request, "onboarding/place.html", form, made, answers.of(request, mall))


def _act_called(name: str) -> Act:
    if name not in ACTS:
        raise Http404
    return ACTS[name]


def _siblings(request: UserRequest, mall: Mall) -> list[tuple[Mall, bool]]:
    """The other places of the same organiser, and whether the reader may open them."""
    now = clock.now()
    others = Mall.objects.filter(region=mall.region_id).exclude(pk=mall.pk).order_by("pk")
    reach = set(access.malls_for_path(request.user, now=now).values_list("pk", flat=True))
    sees_all = access.hand_at(request.user, mall, now=now).coaches
    return [(each, sees_all or each.pk in reach) for each in others]


def _next(request: UserRequest, mall: Mall, *, on: Any) -> dict[str, Any]:
    """What leads the mall on, whether the reader may record it, and what else they may."""
    hand = access.hand_at(request.user, mall, now=clock.now())
    act = readiness.next_act(mall)
    mine = [
        each
        for each in readiness.possible(mall)
        if (hand.coaches if each in OF_MINISTRY else hand.prepares)
    ]
    return {
        "act": act,
        "name": NAMES[act] if act else "",
        "is_mine": act in mine,
        "is_ministrys": act in OF_MINISTRY,
        "lacking": way.lacking(mall, on=on) if act == Act.LAUNCH else [],
        "others": [(NAMES[each], each) for each in mine if each not in {act, Act.COMMIT}],
    }
