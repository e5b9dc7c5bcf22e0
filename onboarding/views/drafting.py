"""Drafting a document step by step: what it is, who signs, and what is promised of each agency."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import UserRequest
from agencies.models import Agreement, Mall
from core import clock
from core.errors import Refused, tried
from hall.forms import typed
from onboarding import access, agreements, drafting, offering
from onboarding.agreement_forms import FromForm, HeadForm, PartyForm, PromiseForm, RowForm
from onboarding.agreements import Document, Incomplete, WrongDay, WrongState
from onboarding.views import agreement_pages as pages

read_or_send = require_http_methods(["GET", "HEAD", "POST"])
NO = (Incomplete, WrongDay, WrongState)


@read_or_send
@never_cache
def begin(request: UserRequest, slug: str) -> HttpResponse:
    now = clock.now()
    mall = access.mall_for_agreements(request.user, slug, now=now)
    document = _begun(request, mall, pages.today_at(mall))
    form = _head_form(request, mall, document)
    made: Agreement | Refused | None = None
    if form.is_valid():
        new = drafting.with_head(document, form.head, mall=mall)
        made = tried(lambda: agreements.draft(mall, new, by=request.user, now=now), *NO)
    if isinstance(made, Agreement):
        messages.success(request, _("Draf tersimpan. Lanjutkan dengan para pihaknya."))
        return redirect("agreement_parties", slug, made.pk)
    context = pages.of(request, mall) | {"form": form, "document": document, "step": 1}
    context["others"] = offering.to_copy(mall)
    return pages.wrong(request, "onboarding/agreement_head.html", context, made)


def _begun(request: UserRequest, mall: Mall, today: date) -> Document:
    """What a new document begins with: nothing, or what is asked for in the address."""
    form = FromForm(request.GET)
    form.full_clean()
    asked = form.cleaned_data
    if base := asked.get("adendum"):
        amended = access.base_at(mall, base)
        presence_id = asked.get("instansi")
        return drafting.addendum_to(amended, on=today, presence_id=presence_id)
    if base := asked.get("perpanjang"):
        return drafting.renewal_of(access.base_at(mall, base))
    if base := asked.get("salin"):
        return drafting.copy_of(access.agreement_in(mall, base), today=today)
    return drafting.blank(today)


def _head_form(request: UserRequest, mall: Mall, document: Document) -> HeadForm:
    return HeadForm(
        typed(request),
        bases=offering.bases(mall),
        agencies=offering.agencies(mall),
        document=document,
    )


@read_or_send
@never_cache
def head(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    mall, draft = _draft(request, slug, pk)
    document = drafting.document_of(draft)
    form, made = _head_form(request, mall, document), None
    if form.is_valid():
        new = form.head
        made = tried(
            lambda: drafting.change(draft, lambda was: drafting.with_head(was, new, mall=mall)), *NO
        )
        if made is None:
            messages.success(request, _("Tersimpan."))
            return redirect("agreement_parties", slug, pk)
    context = pages.of(request, mall) | {"form": form, "draft": draft, "step": 1}
    return pages.wrong(request, "onboarding/agreement_head.html", context, made)


@read_or_send
@never_cache
def parties(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    mall, draft = _draft(request, slug, pk)
    names = offering.names(draft)
    document = drafting.document_of(draft)
    rows = [
        PartyForm(typed(request), party=each, name=names[each.agency_id])
        for each in document.parties
    ]
    if request.method == "POST" and all(row.is_valid() for row in rows):
        signed = [row.signed for row in rows]
        drafting.change(draft, lambda was: drafting.with_parties(was, signed))
        messages.success(request, _("Para pihak tersimpan."))
        return redirect(_after_parties(document), slug, pk)
    context = pages.of(request, mall) | {"rows": rows, "draft": draft, "step": 2}
    context["is_first"] = len(rows) > 1
    return render(request, "onboarding/agreement_parties.html", context, status=_status(request))


def _after_parties(document: Document) -> str:
    """A document without agencies has no content to be filled in."""
    return "agreement_terms" if len(document.parties) > 1 else "agreement"


@read_or_send
@never_cache
def table(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    mall, draft = _draft(request, slug, pk)
    offer = offering.of(mall, draft, on=draft.from_date)
    rows = [
        RowForm(typed(request), presence=each, promised=offer.promised_of(each.pk), **offer.table)
        for each in offer.presences
    ]
    if request.method == "POST" and all(row.is_valid() for row in rows):
        said = {row.presence.pk: row.what for row in rows}
        new, gone = [each for each in said.values() if each], {pk for pk in said if not said[pk]}
        drafting.change(draft, lambda was: drafting.with_promises(was, new, without=gone))
        messages.success(request, _("Isi perjanjian tersimpan."))
        return redirect("agreement", slug, pk)
    context = pages.of(request, mall) | {"rows": rows, "draft": draft, "step": 3, "offer": offer}
    return render(request, "onboarding/agreement_table.html", context, status=_status(request))


@read_or_send
@never_cache
def term(request: UserRequest, slug: str, pk: int, presence_id: int) -> HttpResponse:
    mall, draft = _draft(request, slug, pk)
    offer = offering.of(mall, draft, on=draft.from_date)
    place = offer.place_of(presence_id)
    if place is None:
        raise Http404
    form = PromiseForm(typed(request), **offer.form_of(presence_id))
    if form.is_valid():
        new = form.what
        drafting.change(draft, lambda was: drafting.with_promises(was, [new]))
        messages.success(request, _("Isi bagi %(agency)s tersimpan.") % {"agency": place.name})
        if place.next_id and request.POST.get("do") == "next":
            return redirect("agreement_term", slug, pk, place.next_id)
        return redirect("agreement_terms" if len(offer.presences) > 1 else "agreement", slug, pk)
    context = pages.of(request, mall) | {"form": form, "draft": draft, "step": 3}
    context |= {"place": place, "offer": offer}
    return render(request, "onboarding/agreement_term.html", context, status=_status(request))


@require_POST
@never_cache
def discard(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    _mall, draft = _draft(request, slug, pk)
    agreements.discard(draft)
    messages.success(request, _("Draf dibuang."))
    return redirect("agreements", slug)


def _draft(request: UserRequest, slug: str, pk: int) -> tuple[Mall, Agreement]:
    """A document still to be signed; a signed one is changed by an addendum."""
    mall = access.mall_for_agreements(request.user, slug, now=clock.now())
    draft = access.agreement_in(mall, pk)
    agreements.refuse_signed(draft)
    return mall, draft


def _status(request: UserRequest) -> int:
    return 422 if request.method == "POST" else 200
