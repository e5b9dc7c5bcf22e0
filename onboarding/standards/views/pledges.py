"""The pledge of a mall, or of an agency there: worded, published, and printed as a poster."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import UserRequest
from agencies.models import Presence
from core import clock
from hall.forms import typed
from onboarding.standards.views.services import asked, page, reach_of, read_or_send, status_of
from services import access, pledges, sheets
from services.access import Reach
from services.forms import PledgeForm
from services.views import pdf


@read_or_send
@never_cache
def worded(request: UserRequest, slug: str, pk: int = 0) -> HttpResponse:
    if "instansi" in request.GET:
        return redirect(_address("pledge", slug, asked(request).get("instansi")))
    reach, presence = _promising(request, slug, pk)
    mall, by = reach.mall, request.user
    draft = pledges.draft_of(mall, presence)
    standing = pledges.in_force(mall.pk, presence.pk if presence else None)
    form = PledgeForm(typed(request), initial=_start(draft or standing))
    if form.is_valid():
        pledges.save(mall, presence, form.wording, by=by, now=clock.now())
        messages.success(request, _("Draf maklumat tersimpan. Lihat posternya, lalu terbitkan."))
        return redirect(_address("pledge", slug, pk))
    context: dict[str, Any] = {
        "presence": presence,
        "draft": draft,
        "standing": standing,
        "form": form,
    }
    context["sizes"] = list(sheets.SIZES)
    return page(request, reach, "services/pledge.html", context, status=status_of(form))


@require_POST
@never_cache
def publish(request: UserRequest, slug: str, pk: int = 0) -> HttpResponse:
    reach, presence = _promising(request, slug, pk)
    pledges.publish(reach.mall, presence, by=request.user, now=clock.now())
    messages.success(request, _("Maklumat terbit. Cetak posternya dan pasang di tempat terlihat."))
    return redirect(_address("pledge", slug, pk))


@require_safe
@never_cache
def poster(request: UserRequest, slug: str, kind: str, pk: int = 0) -> HttpResponse:
    reach, presence = _promising(request, slug, pk)
    is_draft = kind == "draf"
    row = access.pledge_of(reach.mall, presence, is_draft=is_draft)
    size = sheets.size_called("a4" if is_draft else kind)
    address = request.build_absolute_uri(reverse("mall", args=[slug]))
    content = sheets.poster_of(row, address=address, size=size, now=clock.now())
    return pdf(content, f"maklumat {reach.mall.short_name} {kind}")


def _promising(request: UserRequest, slug: str, pk: int) -> tuple[Reach, Presence | None]:
    """Who promises: an agency, or the whole mall, which only those who run it may word."""
    reach = reach_of(request, slug)
    if pk:
        return reach, access.presence_in(reach, pk)
    access.refuse_part(reach)
    return reach, None


def _start(known: Any) -> dict[str, Any]:
    return PledgeForm.start(known) if known else {"sentences": list(pledges.usual())}


def _address(name: str, slug: str, pk: int | None) -> str:
    return reverse(f"{name}_agency", args=[slug, pk]) if pk else reverse(name, args=[slug])
