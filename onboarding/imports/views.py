"""Sheets of a mall: what is there, an empty one, and one that is tried out and brought in."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import UserRequest
from agencies.models import Mall
from core import clock, tables
from core.errors import Refused, tried
from core.uploads import NotAccepted
from onboarding import tabs
from onboarding.imports import KINDS, trials
from onboarding.imports.access import kind_called, trial_of
from onboarding.imports.plan import Plan
from onboarding.setup.access import mall_for_setup
from queueing.access import workday

SHOWN = 100  # rows of a trial on one page
FORMS = ("xlsx", "csv")


@require_GET
@never_cache
def overview(request: UserRequest, slug: str) -> HttpResponse:
    mall = mall_for_setup(request.user, slug, now=clock.now())
    return render(request, "onboarding/imports.html", _context(request, mall))


@require_POST
@never_cache
def try_out(request: UserRequest, slug: str, kind: str) -> HttpResponse:
    now = clock.now()
    mall = mall_for_setup(request.user, slug, now=now)
    chosen, sent = kind_called(kind), request.FILES.get("berkas")
    found = tried(
        lambda: trials.try_out(chosen.slug, sent, mall, by=request.user, now=now), NotAccepted
    )
    if isinstance(found, Refused):
        page = _context(request, mall, refused=chosen.slug, refusal=str(found))
        return render(request, "onboarding/imports.html", page, status=422)
    kept, plan = found
    if kept is not None:
        return redirect("import_trial", slug, chosen.slug, kept.pk)
    context = _shown(request, plan, chosen=chosen)
    status = 422 if plan.problems else 200
    page = _context(request, mall, **context)
    return render(request, "onboarding/import_trial.html", page, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def trial(request: UserRequest, slug: str, kind: str, pk: int) -> HttpResponse:
    now = clock.now()
    mall = mall_for_setup(request.user, slug, now=now)
    chosen, found = kind_called(kind), trial_of(request.user, mall, kind, pk)
    if request.method == "POST":
        plan = trials.bring_in(found, by=request.user, now=now)
        messages.success(request, _said(plan))
        return redirect("imports", slug)
    plan = trials.plan_of(found)
    context = _shown(request, plan, chosen=chosen, found=found)
    return render(request, "onboarding/import_trial.html", _context(request, mall, **context))


@require_GET
@never_cache
def template(request: UserRequest, slug: str, kind: str, form: str) -> HttpResponseBase:
    mall_for_setup(request.user, slug, now=clock.now())
    chosen = kind_called(kind)
    return tables.template_response(f"contoh {chosen.slug}", chosen.columns, _form(form))


@require_GET
@never_cache
def export(request: UserRequest, slug: str, kind: str, form: str) -> HttpResponseBase:
    mall = mall_for_setup(request.user, slug, now=clock.now())
    chosen, name = kind_called(kind), f"{kind} {mall.short_name}"
    titles = [column.title for column in chosen.columns]
    if _form(form) == "csv":
        return tables.csv_response(name, titles, chosen.rows(mall))
    return tables.xlsx_response(name, [tables.Table(str(chosen.title), titles, chosen.rows(mall))])


def _form(form: str) -> Any:
    if form not in FORMS:
        raise Http404
    return form


def _said(plan: Plan) -> str:
    return _("Impor selesai: %(new)d baris baru, %(changed)d diubah, %(same)d tetap.") % {
        "new": plan.count("new"),
        "changed": plan.count("changed"),
        "same": plan.count("same"),
    }


def _shown(request: UserRequest, plan: Plan, **more: Any) -> dict[str, Any]:
    """A page of what is wrong, or else of what would change."""
    rows: list[Any] = list(plan.problems) or [each for each in plan.steps if each.fate != "same"]
    page = Paginator(rows, SHOWN).get_page(request.GET.get("hal"))
    counts = {fate: plan.count(fate) for fate in ("new", "changed", "same")}
    wrong = len({problem.row for problem in plan.problems})
    return {"plan": plan, "shown": page, "counts": counts, "wrong": wrong, **more}


def _context(request: UserRequest, mall: Mall, **more: Any) -> dict[str, Any]:
    shown = tabs.of(request.user, mall, on=workday(clock.now()))
    kinds = list(KINDS.values())
    return {"mall": mall, "tabs": shown, "here": "imports", "kinds": kinds, **more}
