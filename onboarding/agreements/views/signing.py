"""Signing documents, one or many in one ceremony: who is ready, what it would do, then done."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import UserRequest
from agencies.models import Agreement, Ceremony, Mall
from agencies.rota import CounterTaken
from core import clock, uploads
from core.errors import Refused, tried
from hall.forms import typed
from onboarding.agreements import access, documents, fingerprints, promises, register
from onboarding.agreements.forms import MinutesForm, SigningForm
from onboarding.agreements.register import ChangedMeanwhile, Incomplete, WrongDay, WrongState
from onboarding.agreements.views import pages

read_or_send = require_http_methods(["GET", "HEAD", "POST"])


@read_or_send
@never_cache
def sign(request: UserRequest, slug: str) -> HttpResponse:
    do = request.POST.get("do", "")
    mall = access.mall_for_agreements(request.user, slug, now=clock.now())
    listed = documents.drafts_of(Agreement.objects.filter(mall=mall))
    complete = [each for each, lacks in listed if not lacks]
    form = _form(request, mall, complete)
    chosen = [each for each in complete if str(each.pk) in form.ticked()]
    made: Ceremony | Refused | None = None
    if form.is_valid() and do == "sign":
        made = _signed(request, chosen, form)
        if not isinstance(made, Refused):
            return _after(request, slug, chosen, made)
    context = pages.of(request, mall) | {"form": form, "listed": listed, "chosen": chosen}
    if form.is_valid() and do != "edit":
        return _previewed(request, mall, context, made)
    return pages.wrong(request, "onboarding/signing.html", context, made)


def _previewed(
    request: UserRequest, mall: Mall, context: dict[str, Any], made: object
) -> HttpResponse:
    # Taken before the look: what changes in between is refused rather than signed unseen.
    seen = fingerprints.of(context["chosen"])
    effects, taken = promises.effects(mall, _ids(context["chosen"]), now=clock.now())
    context |= {"seen": seen, "effects": effects, "taken": taken}
    return pages.wrong(request, "onboarding/signing_preview.html", context, made)


def _form(request: UserRequest, mall: Mall, complete: Sequence[Agreement]) -> SigningForm:
    today, asked = pages.today_at(mall), request.GET.getlist("draf")
    ready = [str(each.pk) for each in complete]
    initial = {"drafts": [each for each in ready if each in asked], "on": today}
    return SigningForm(typed(request), drafts=complete, today=today, initial=initial)


def _ids(chosen: Sequence[Agreement]) -> list[int]:
    return [each.pk for each in chosen]


def _signed(
    request: UserRequest, chosen: Sequence[Agreement], form: SigningForm
) -> Ceremony | Refused | None:
    seen, by, now = request.POST.get("seen", ""), request.user, clock.now()
    return tried(
        lambda: register.sign(chosen, form.signing, seen=seen, by=by, now=now),
        *(WrongState, ChangedMeanwhile, Incomplete, WrongDay, CounterTaken),
    )


def _after(
    request: UserRequest, slug: str, chosen: Sequence[Agreement], ceremony: Ceremony | None
) -> HttpResponse:
    said = ngettext(
        "%(count)d dokumen ditandatangani.", "%(count)d dokumen ditandatangani.", len(chosen)
    )
    messages.success(request, said % {"count": len(chosen)})
    if ceremony is None:
        return redirect("agreement", slug, chosen[0].pk)
    return redirect("ceremony", slug, ceremony.pk)


@read_or_send
@never_cache
def ceremony(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    now = clock.now()
    reach = access.reach_of_agreements(request.user, slug, now=now)
    held = access.signing_for(reach, pk)
    form = MinutesForm(typed(request), request.FILES or None)
    if request.method == "POST":
        access.mall_for_agreements(request.user, slug, now=now)
    if form.is_valid():
        register.keep_minutes(held, form.cleaned_data["file"], now=now)
        messages.success(request, _("Berkas acara tersimpan."))
        return redirect("ceremony", slug, pk)
    context = pages.of(request, reach.mall) | {"ceremony": held, "form": form, "reach": reach}
    own = access.agreements_for(reach).filter(ceremony=held)
    context["rows"] = documents.listed(own, documents.Wanted(), on=context["today"])
    return pages.wrong(request, "onboarding/ceremony.html", context, None)


@require_safe
@never_cache
def minutes(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    reach = access.reach_of_agreements(request.user, slug, now=clock.now())
    return uploads.download(access.minutes_of(access.signing_for(reach, pk)))
