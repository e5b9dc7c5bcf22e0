"""Ending a signed document early, after a look at whom it touches."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.requests import UserRequest
from agencies.models import Agreement
from agencies.rota import CounterTaken
from core import clock
from core.errors import Refused, tried
from hall.forms import typed
from onboarding.agreements import access, documents, promises, register
from onboarding.agreements.forms import EndForm
from onboarding.agreements.register import Incomplete, WrongDay
from onboarding.agreements.views import pages


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def end(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    now, do = clock.now(), request.POST.get("do", "")
    mall = access.mall_for_agreements(request.user, slug, now=now)
    found, today = access.agreement_in(mall, pk), pages.today_at(mall)
    register.refuse_unsigned(found)
    form = EndForm(typed(request), today=today, last=promises.last_day(found))
    made = _ended(request, found, form) if form.is_valid() and do == "end" else None
    if do == "end" and form.is_valid() and made is None:
        messages.success(request, _("Perjanjian diakhiri. Beri tahu juga instansinya."))
        return redirect("agreement", slug, pk)
    context = pages.of(request, mall) | {"form": form, "row": documents.row_of(found, on=today)}
    if form.is_valid() and do != "edit":
        on = form.cleaned_data["on"]
        effects, taken = promises.effects_of_ending(found, on=on, now=now)
        context |= {"effects": effects, "taken": taken, "on": on}
    return pages.wrong(request, "onboarding/agreement_end.html", context, made)


def _ended(request: UserRequest, found: Agreement, form: EndForm) -> Refused | None:
    what = form.cleaned_data
    return tried(
        lambda: register.terminate(found, **what, by=request.user, now=clock.now()),
        *(Incomplete, WrongDay, CounterTaken),
    )
