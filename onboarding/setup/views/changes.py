"""What is called or counted otherwise from a day on, and what is planned so far."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.requests import UserRequest
from core import clock, formats
from hall.forms import typed
from onboarding.agreements import promises
from onboarding.models import PlannedChange
from onboarding.setup import access
from onboarding.setup.arranging import changes, resting
from onboarding.setup.forms.changes import QueueForm, RatioForm
from onboarding.setup.forms.starting import FromForm
from onboarding.setup.views.common import kept, mall_of, page, read_or_send


@read_or_send
@never_cache
def listed(request: UserRequest, slug: str) -> HttpResponse:
    mall, now = mall_of(request, slug), clock.now()
    today = promises.today_at(mall, now)
    initial = {"priority_ratio": mall.priority_ratio}
    form = RatioForm(typed(request), today=today, initial=initial)
    if form.is_valid() and saved(request, mall, form):
        return redirect("setup_changes", slug)
    context = {"planned": shown(changes.planned(mall)), "rests": resting.coming(mall, on=today)}
    return page(request, mall, "onboarding/setup_changes.html", form, **context)


@read_or_send
@never_cache
def queue(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    mall, now = mall_of(request, slug), clock.now()
    found = access.queue_in(mall, pk)
    initial = {name: getattr(found, name) for name in ("letter", "name", "daily_quota")}
    form = QueueForm(typed(request), today=promises.today_at(mall, now), initial=initial)
    if form.is_valid() and saved(request, found, form):
        return redirect("setup_queue", slug, pk)
    context = {
        "queue": found,
        "planned": shown(changes.of_subject(found, mall)),
        "rest": resting.said(found, on=form.today),
    }
    return page(request, mall, "onboarding/setup_queue.html", form, **context)


@require_POST
@never_cache
def withdraw(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    mall = mall_of(request, slug)
    changes.withdraw(access.change_in(mall, pk), by=request.user, now=clock.now())
    messages.success(request, _("Perubahan itu dibatalkan."))
    return redirect("setup_changes", slug)


def saved(request: UserRequest, subject: changes.Subject, form: FromForm) -> bool:
    """Change it now or from the day that was typed; False when a rule says no."""
    values = {name: value for name, value in form.cleaned_data.items() if name != "from_date"}
    from_date = form.cleaned_data["from_date"]
    act: dict[str, Any] = {"from_date": from_date, "by": request.user, "now": clock.now()}
    if not kept(form, lambda: changes.change(subject, values, **act)):
        return False
    said = _("Tersimpan.")
    if from_date > form.today:
        said = _("Tersimpan, berlaku mulai %(day)s.") % {"day": formats.long_date(from_date)}
    messages.success(request, said)
    return True


def shown(rows: changes.Rows) -> list[tuple[PlannedChange, str]]:
    """What is planned, each with its sentence."""
    return [(row, changes.said(row)) for row in rows]
