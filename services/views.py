"""The papers of services and malls that everybody may have."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from agencies.access import public_mall
from core import clock
from core.uploads import download_name
from services import access, sheets


def pdf(content: bytes, title: str) -> HttpResponse:
    """A paper of ours, to be saved."""
    name = download_name(title, "pdf")
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@login_not_required
@require_safe
def sheet(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    standard = access.published_at(public_mall(slug), pk)
    address = request.build_absolute_uri(reverse("service", args=[slug, pk]))
    minute = clock.now().replace(second=0, microsecond=0)
    content = sheets.published_sheet(standard.pk, address, minute)
    return pdf(content, f"standar {standard.service.name}")


@login_not_required
@require_safe
def poster(request: HttpRequest, slug: str, size: str) -> HttpResponse:
    mall = public_mall(slug)
    pledge = access.pledge_at(mall)
    address = request.build_absolute_uri(reverse("mall", args=[slug]))
    minute = clock.now().replace(second=0, microsecond=0)
    content = sheets.published_poster(pledge.pk, address, sheets.size_called(size), minute)
    return pdf(content, f"maklumat {mall.short_name} {size}")


@login_not_required
@require_safe
def agency_poster(request: HttpRequest, slug: str, pk: int, size: str) -> HttpResponse:
    mall = public_mall(slug)
    pledge = access.pledge_at(mall, pk)
    address = request.build_absolute_uri(reverse("agencies", args=[slug]))
    minute = clock.now().replace(second=0, microsecond=0)
    content = sheets.published_poster(pledge.pk, address, sheets.size_called(size), minute)
    return pdf(content, f"maklumat {mall.short_name} {pk} {size}")
