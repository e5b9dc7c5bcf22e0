"""The documents of a mall: the list with what to do next, one in full, and its files."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import UserRequest
from agencies.agreement_states import State
from agencies.models import Agency, Agreement
from core import clock, uploads
from hall.forms import typed
from onboarding.agreements import access, documents, scans
from onboarding.agreements.documents import Wanted
from onboarding.agreements.forms import FileForm, ListForm
from onboarding.agreements.paper import summary
from onboarding.agreements.views import pages
from onboarding.reasons import ReasonForm

read_or_send = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@never_cache
def listed(request: UserRequest, slug: str) -> HttpResponse:
    reach = access.reach_of_agreements(request.user, slug, now=clock.now())
    context = pages.of(request, reach.mall)
    found, form = access.agreements_for(reach), ListForm(request.GET)
    wanted = _wanted(form)
    rows = documents.listed(found, wanted, on=context["today"])
    context |= {"page": Paginator(rows, pages.ROWS).get_page(request.GET.get("hal"))}
    context |= {"todo": documents.todo(found, on=context["today"]), "reach": reach}
    context |= {"wanted": wanted, "kinds": Agreement.Kind, "states": State, "form": form}
    context["agencies"] = Agency.objects.filter(presences__in=reach.presences).order_by("name")
    return render(request, "onboarding/agreements.html", context)


def _wanted(form: ListForm) -> Wanted:
    form.full_clean()
    data: dict[str, Any] = form.cleaned_data
    return Wanted(
        text=data.get("q") or "",
        kind=data.get("jenis") or "",
        state=data.get("keadaan") or "",
        agency_id=data.get("instansi"),
        is_soon=bool(data.get("segera")),
    )


@read_or_send
@never_cache
def agreement(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    now = clock.now()
    if request.method == "POST":
        return _attached(request, slug, pk)
    reach = access.reach_of_agreements(request.user, slug, now=now)
    found = access.agreement_for(reach, pk)
    return render(request, "onboarding/agreement.html", _shown(request, reach, found, FileForm()))


def _attached(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    now = clock.now()
    found = access.agreement_in(access.mall_for_agreements(request.user, slug, now=now), pk)
    form = FileForm(typed(request), request.FILES)
    if form.is_valid():
        data = form.cleaned_data
        scans.attach(found, data["file"], title=data["title"], now=now)
        messages.success(request, _("Berkas tersimpan."))
        return redirect("agreement", slug, pk)
    reach = access.reach_of_agreements(request.user, slug, now=now)
    context = _shown(request, reach, access.agreement_for(reach, pk), form)
    return render(request, "onboarding/agreement.html", context, status=422)


def _shown(
    request: UserRequest, reach: access.Reach, found: Agreement, form: FileForm
) -> dict[str, Any]:
    context = pages.of(request, reach.mall)
    shown = documents.shown(found, on=context["today"], among=access.agreements_for(reach))
    own = set(reach.presences.values_list("pk", flat=True))
    return context | {"shown": shown, "row": shown.row, "reach": reach, "own": own, "form": form}


@require_safe
@never_cache
def paper(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    now = clock.now()
    reach = access.reach_of_agreements(request.user, slug, now=now)
    found = access.agreement_for(reach, pk)
    among = access.agreements_for(reach)
    shown = documents.shown(found, on=pages.today_at(reach.mall), among=among)
    answer = HttpResponse(summary(reach.mall, shown, now=now), content_type="application/pdf")
    name = uploads.download_name(found.title, "pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_safe
@never_cache
def scan(request: UserRequest, slug: str, pk: int, file_id: int) -> HttpResponse:
    reach = access.reach_of_agreements(request.user, slug, now=clock.now())
    found = access.scan_of(access.agreement_for(reach, pk), file_id)
    return uploads.download(found.file)


@require_POST
@never_cache
def detach(request: UserRequest, slug: str, pk: int, file_id: int) -> HttpResponse:
    mall = access.mall_for_agreements(request.user, slug, now=clock.now())
    scans.detach(access.scan_of(access.agreement_in(mall, pk), file_id))
    messages.success(request, _("Berkas dilepas."))
    return redirect("agreement", slug, pk)


@read_or_send
@never_cache
def withdraw(request: UserRequest, slug: str, pk: int, file_id: int) -> HttpResponse:
    now = clock.now()
    mall = access.mall_for_agreements(request.user, slug, now=now)
    found = access.scan_of(access.agreement_in(mall, pk), file_id)
    form = ReasonForm(typed(request))
    if form.is_valid():
        scans.withdraw(found, reason=form.said, by=request.user, now=now)
        messages.success(request, _("Berkas ditarik. Tidak ada yang dapat membukanya lagi."))
        return redirect("agreement", slug, pk)
    context = pages.of(request, mall) | {"form": form, "scan": found}
    return pages.wrong(request, "onboarding/scan_withdraw.html", context, None)
