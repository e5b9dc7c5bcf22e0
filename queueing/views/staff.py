"""What a member of staff may open, their counters, and the figures of today in their scope."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import UserRequest
from accounts.roles import MAY, Act, Role
from agencies import access as reach
from agencies.models import Assignment, Mall
from core import clock
from notifications import access as message_access
from notifications import dead
from notifications.views import inbox as news
from queueing import access, consoles, reports
from queueing import simulation as simulated

# What the page shows a door to, and the acts of which any one opens it.
DOORS = {
    "may_work": {Act.WORK_COUNTER},
    "may_see_figures": {Act.SEE_FIGURES},
    "may_run_floor": {Act.RUN_FLOOR},
    "may_edit": {Act.EDIT_REFERENCE},
    "may_announce": {Act.ANNOUNCE},
    "may_manage_devices": {Act.MANAGE_DEVICES},
    "may_handle_complaints": {Act.HANDLE_COMPLAINTS},
    "may_coach": {Act.COACH_MALLS},
    "may_report": {Act.MAKE_REPORTS, Act.JUDGE_REPORTS},
    "may_onboard": {Act.PREPARE_MALL, Act.READ_AGREEMENTS, Act.WRITE_STANDARDS, Act.MANAGE_STAFF},
}


@require_GET
@never_cache
def home(request: UserRequest) -> HttpResponse:
    now = clock.now()
    held = reach.assignments_of(request.user, on=access.workday(now))
    acts = {act for assignment in held for act in MAY[Role(assignment.role)]}
    context = {
        "places": consoles.places(access.counters_for(request.user, now=now)),
        "assignments": held,
        **{name: not acts.isdisjoint(of) for name, of in DOORS.items()},
        "has_figures": _has_figures(request, held),
        **_messages(request, acts),
        "unread": news.unread(request, now=now),
        "simulation_runs": settings.DEMO and simulated.is_running(),
    }
    return render(request, "queueing/staff.html", context)


def _has_figures(request: UserRequest, held: list[Assignment]) -> bool:
    """Whether there is anything to count: a province may have no mall yet."""
    if any(not each.province for each in held):
        return True
    on = access.workday(clock.now())
    return reach.presences_for(request.user, Act.SEE_FIGURES, on=on).exists()


def _messages(request: UserRequest, acts: set[Act]) -> dict[str, Any]:
    """What somebody has to do with messages, and how many of those reached nobody."""
    if Act.MANAGE_MESSAGES not in acts:
        return {}
    now = clock.now()
    on = access.workday(now)
    malls = message_access.managed_malls(request.user, on=on)
    return {
        "may_manage_messages": True,
        "may_word_nationally": message_access.is_national(request.user, on=on),
        "dead_messages": dead.tally(malls, now=now),
    }


@require_GET
@never_cache
def counters(request: UserRequest) -> HttpResponse:
    places = consoles.places(access.counters_for(request.user, now=clock.now()))
    return render(request, "queueing/counters.html", {"places": places})


@require_GET
@never_cache
def figures(request: UserRequest) -> HttpResponse:
    now = clock.now()
    presences = reach.presences_for(request.user, Act.SEE_FIGURES, on=access.workday(now))
    slug = slugify(request.GET.get("mal", ""))
    found = presences.filter(mall__slug=slug) if slug else presences
    malls = Mall.objects.select_related("region").filter(presences__in=found).distinct()[:2]
    if not malls:
        raise Http404
    mall = malls[0] if len(malls) == 1 else None
    if mall:
        rows = reports.queues_today(presences.filter(mall=mall), now=now)
    else:
        rows = reports.malls_today(presences, now=now)
    context = {"of": mall, "rows": rows, "issued": sum(row.issued for row in rows), "now": now}
    return render(request, "queueing/figures.html", context)


@require_POST
def simulation(request: UserRequest) -> HttpResponse:
    """Stop the simulated day, or let it go on; only the demonstration has one."""
    if not settings.DEMO:
        raise Http404
    if request.POST.get("do") == "start":
        simulated.resume()
        messages.success(request, _("Simulasi berjalan lagi."))
    else:
        simulated.pause()
        messages.success(request, _("Simulasi berhenti. Semua loket dapat Anda jalankan sendiri."))
    return redirect("staff")
