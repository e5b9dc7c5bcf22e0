"""Floor plans for whoever sets a mall up, and for everybody who comes."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import UserRequest
from agencies import access as agency_access
from agencies.models import Counter, Mall
from core import clock, uploads
from core.errors import Refused, tried
from core.uploads import Kind
from hall.forms import typed
from onboarding.setup import access, drawing
from onboarding.setup.arranging import plans
from onboarding.setup.forms.counters import ClickForm, PictureForm, SpotsForm
from onboarding.setup.views.common import kept, mall_of, page, read_or_send
from queueing.lines import by_number

MOST = 150  # counters on the page of a plan


@read_or_send
@never_cache
def listed(request: UserRequest, slug: str) -> HttpResponse:
    mall, now = mall_of(request, slug), clock.now()
    form = PictureForm(typed(request), request.FILES or None)
    if form.is_valid():
        kinds = (Kind.PNG, Kind.JPEG)
        taken = tried(
            lambda: uploads.accept(form.cleaned_data["picture"], kinds=kinds), uploads.NotAccepted
        )
        if not isinstance(taken, Refused):
            name = form.cleaned_data["name"]
            plan = plans.save(mall, name, taken, by=request.user, now=now)
            messages.success(request, _("Denah tersimpan. Sekarang taruh loketnya."))
            return redirect("setup_plan", slug, plan.pk)
        form.add_error("picture", str(taken))
    return page(request, mall, "onboarding/setup_plans.html", form, drawn=drawing.of(mall))


@read_or_send
@never_cache
def plan(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    mall, now = mall_of(request, slug), clock.now()
    found = access.plan_in(mall, pk)
    form = SpotsForm(typed(request), plan=found, counters=_counters(mall))
    if form.is_valid() and kept(
        form, lambda: plans.put(found, form.spots, by=request.user, now=now)
    ):
        messages.success(request, _("Letak loket tersimpan."))
        return redirect("setup_agencies", slug)
    context = {"drawn": drawing.plan(found), "chosen": _chosen(request, form)}
    return page(request, mall, "onboarding/setup_plan.html", form, **context)


@require_POST
@never_cache
def click(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    mall = mall_of(request, slug)
    found = access.plan_in(mall, pk)
    names = {"counter": "counter", "x": "at.x", "y": "at.y"}
    form = ClickForm({name: request.POST.get(sent, "") for name, sent in names.items()})
    if not form.is_valid():
        messages.error(request, _("Pilih satu loket, lalu klik letaknya di gambar."))
        return redirect("setup_plan", slug, pk)
    data = form.cleaned_data
    spots = {data["counter"]: drawing.spot_at(found, data["x"], data["y"])}
    plans.put(found, spots, by=request.user, now=clock.now())
    return redirect("setup_plan", slug, pk)


@require_POST
@never_cache
def remove(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    mall = mall_of(request, slug)
    found = access.plan_in(mall, pk)
    plans.remove(found, by=request.user, now=clock.now())
    messages.success(request, _("Denah %(name)s dihapus.") % {"name": found.name})
    return redirect("setup_plans", slug)


@require_safe
@never_cache
def own_picture(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    found = access.plan_in(mall_of(request, slug), pk)
    return uploads.download(found.picture, inline=True)


@login_not_required
@require_safe
def shown(request: HttpRequest, slug: str) -> HttpResponse:
    mall = agency_access.public_mall(slug)
    context = {"mall": mall, "drawn": drawing.of(mall)}
    return render(request, "onboarding/mall_plan.html", context)


@login_not_required
@require_safe
def picture(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = access.plan_in(agency_access.public_mall(slug), pk)
    return uploads.download(found.picture, inline="unduh" not in request.GET)


def _counters(mall: Mall) -> list[Counter]:
    rows = Counter.objects.filter(mall=mall, is_active=True)
    return sorted(rows, key=lambda row: by_number(row.number))[:MOST]


def _chosen(request: HttpRequest, form: SpotsForm) -> int | None:
    """The counter to be put next: the first that stands nowhere yet."""
    free = (each.pk for each in form.counters if each.plan_id is None)
    return next(free, form.counters[0].pk if form.counters else None)
