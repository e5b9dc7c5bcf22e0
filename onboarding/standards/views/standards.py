"""The standard of one service: written by one person, reviewed and published by another."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import UserRequest
from agencies import opening
from core import clock
from core.errors import Refused, marked, tried
from hall.forms import typed
from onboarding.reasons import ReasonForm
from onboarding.standards.views.services import page, reach_of, read_or_send
from services import access, sheets, standards
from services.access import Reach
from services.components import changes, missing, said
from services.models import Service, Standard
from services.standard_forms import DecreeForm, RemarkForm, StandardForm
from services.standard_states import State
from services.standards import ComponentsMissing, StandardChanged
from services.views import pdf


@require_POST
@never_cache
def begin(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    service = access.service_in(reach_of(request, slug), pk)
    standards.draft(service, by=request.user, now=clock.now())
    return redirect("standard_draft", slug, pk)


@read_or_send
@never_cache
def draft(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    reach, service, row = _in_work(request, slug, pk)
    if row.state != State.DRAFT:
        return redirect("service_standard", slug, pk)
    do = request.POST.get("do", "")
    if do == "rows":
        return _drafting(request, reach, row, StandardForm.widened(request.POST))
    form = StandardForm.of(standards.content_of(row), typed(request))
    if not form.is_valid():
        return _drafting(request, reach, row, form)
    known, content, by = _known(request), form.content, request.user
    refusal = tried(
        lambda: standards.save(row, content, known=known, by=by, now=clock.now()), StandardChanged
    )
    if refusal is not None:
        return _drafting(request, reach, row, form, refusal=str(refusal))
    return _submitted(request, service, row) if do == "submit" else _kept(request, service)


@require_POST
@never_cache
def withdraw(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    _reach, _service, row = _in_work(request, slug, pk)
    standards.take_back(row, by=request.user, now=clock.now())
    messages.success(request, _("Pengajuan ditarik. Draf dapat diubah lagi."))
    return redirect("standard_draft", slug, pk)


@read_or_send
@never_cache
def discard(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    reach, service, row = _in_work(request, slug, pk)
    form = ReasonForm(typed(request))
    if form.is_valid():
        standards.discard(row, reason=form.said, by=request.user, now=clock.now())
        messages.success(request, _("Draf dibuang. Alasannya tercatat."))
        return redirect("service_standard", slug, pk)
    context: dict[str, Any] = {"service": service, "standard": row, "form": form}
    status = 422 if form.is_bound else 200
    return page(request, reach, "services/discard.html", context, status=status)


@require_safe
@never_cache
def review(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    reach, service, row = _in_work(request, slug, pk)
    if row.state != State.REVIEW:
        return redirect("service_standard", slug, pk)
    decree, remark = DecreeForm(today=_today(service)), RemarkForm()
    return _reviewed(request, reach, row, decree, remark)


@require_POST
@never_cache
def send_back(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    reach, service, row = _in_work(request, slug, pk)
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return _reviewed(request, reach, row, DecreeForm(today=_today(service)), form)
    what = {**form.cleaned_data, "known": _known(request), "by": request.user}
    refusal = tried(lambda: standards.send_back(row, **what, now=clock.now()), StandardChanged)
    if refusal is not None:
        decree = DecreeForm(today=_today(service))
        return _reviewed(request, reach, row, decree, form, refusal)
    messages.success(request, _("Dikembalikan kepada penyusun, dengan catatan Anda."))
    return redirect("service_standard", slug, pk)


@require_POST
@never_cache
def publish(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    reach, service, row = _in_work(request, slug, pk)
    form = DecreeForm(request.POST, today=_today(service))
    if not form.is_valid():
        return _reviewed(request, reach, row, form, RemarkForm())
    known, by = _known(request), request.user
    refusal = tried(
        lambda: standards.publish(row, form.decree, known=known, by=by, now=clock.now()),
        StandardChanged,
    )
    if refusal is not None:
        return _reviewed(request, reach, row, form, RemarkForm(), refusal)
    messages.success(request, _("Standar terbit. Masyarakat sudah melihatnya."))
    return redirect("service_standard", slug, pk)


@require_safe
@never_cache
def version(request: UserRequest, slug: str, pk: int, number: int) -> HttpResponse:
    reach = reach_of(request, slug)
    service = access.service_in(reach, pk)
    row = access.version_of(service, number)
    context: dict[str, Any] = {
        "service": service,
        "standard": row,
        "said": said(standards.content_of(row)),
    }
    return page(request, reach, "services/version.html", context)


@require_safe
@never_cache
def paper(request: UserRequest, slug: str, pk: int, number: int) -> HttpResponse:
    service = access.service_in(reach_of(request, slug), pk)
    row = access.version_of(service, number)
    row.service = service
    address = request.build_absolute_uri(reverse("service", args=[slug, pk]))
    content = sheets.sheet_of(row, address=address, now=clock.now(), internal=True)
    return pdf(content, f"standar {service.name} v{number} lengkap")


def _in_work(request: UserRequest, slug: str, pk: int) -> tuple[Reach, Service, Standard]:
    reach = reach_of(request, slug)
    service = access.service_in(reach, pk)
    return reach, service, access.in_work(service)


def _known(request: UserRequest) -> str:
    """How the version stood on the page that was sent."""
    return request.POST.get("seen", "")


def _kept(request: UserRequest, service: Service) -> HttpResponse:
    messages.success(request, _("Draf tersimpan."))
    return redirect("standard_draft", service.presence.mall.slug, service.pk)


def _submitted(request: UserRequest, service: Service, row: Standard) -> HttpResponse:
    """A draft that is kept is handed in as well, unless something is missing in it."""
    refusal = tried(
        lambda: standards.submit(row, by=request.user, now=clock.now()), ComponentsMissing
    )
    slug = service.presence.mall.slug
    if refusal is not None:
        messages.warning(request, _("Draf tersimpan, tetapi belum diajukan. %s") % refusal)
        return redirect("standard_draft", slug, service.pk)
    messages.success(request, _("Standar diajukan. Orang lain memeriksa dan menerbitkannya."))
    return redirect("service_standard", slug, service.pk)


def _drafting(
    request: UserRequest, reach: Reach, row: Standard, form: StandardForm, *, refusal: str = ""
) -> HttpResponse:
    context: dict[str, Any] = {
        "service": row.service,
        "standard": row,
        "form": form,
        "refusal": refusal,
        "missing": missing(standards.content_of(row)),
        "seen": _known(request) or standards.seen(row),
    }
    status = 422 if form.is_bound else 200
    return page(request, reach, "services/draft.html", context, status=status)


def _reviewed(
    request: UserRequest,
    reach: Reach,
    row: Standard,
    decree: DecreeForm,
    remark: RemarkForm,
    refusal: Refused | None = None,
) -> HttpResponse:
    context = _compared(row) | {
        "decree": decree,
        "remark": remark,
        "refusal": refusal,
        "is_own": row.author_id == request.user.pk,
        # Who mistyped has still seen what they opened; who was told of a change sees the new one.
        "seen": (not refusal and _known(request)) or standards.seen(row),
    }
    status = refusal.status if refusal else 422 if decree.is_bound or remark.is_bound else 200
    answer = page(request, reach, "services/review.html", context, status=status)
    return marked(answer, refusal) if refusal else answer


def _compared(row: Standard) -> dict[str, Any]:
    """What a version says, beside what is in force."""
    published = row.service.standards.filter(state=State.PUBLISHED).first()
    new = standards.content_of(row)
    old = standards.content_of(published) if published else None
    return {
        "service": row.service,
        "standard": row,
        "published": published,
        "changes": changes(old, new) if old else (),
        "said": said(new),
    }


def _today(service: Service) -> date:
    return opening.local_date(clock.now(), service.presence.mall.zone)
