"""Drafting a document step by step: what it is, who signs, and what is promised of each agency."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import UserRequest
from agencies.models import Agreement, Mall
from core import clock
from core.errors import Refused, marked, tried
from hall.forms import typed
from onboarding.agreements import access, drafting, offering, register
from onboarding.agreements.drafting import UNSEEN, PartsChanged
from onboarding.agreements.drafting_forms import (
    HeadForm,
    PartForm,
    PartyForm,
    PromiseForm,
    RowForm,
)
from onboarding.agreements.forms import FromForm
from onboarding.agreements.offering import Place
from onboarding.agreements.register import (
    Document,
    Incomplete,
    Promised,
    WrongDay,
    WrongState,
)
from onboarding.agreements.views import pages

read_or_send = require_http_methods(["GET", "HEAD", "POST"])
NO = (Incomplete, WrongDay, WrongState, PartsChanged)


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
        made = tried(lambda: register.draft(mall, new, by=request.user, now=now), *NO)
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
        amended = access.amended_at(mall, base, on=today)
        presence_id = asked.get("instansi")
        return drafting.addendum_to(amended, on=today, presence_id=presence_id)
    if base := asked.get("perpanjang"):
        return drafting.renewal_of(access.base_at(mall, base))
    if base := asked.get("salin"):
        return drafting.copy_of(access.agreement_in(mall, base), today=today)
    return drafting.blank(today)


def _head_form(
    request: UserRequest, mall: Mall, document: Document, names: Mapping[str, str] = UNSEEN
) -> HeadForm:
    return HeadForm(
        typed(request),
        bases=offering.bases(mall),
        amendable=offering.amendable(mall, on=pages.today_at(mall)),
        agencies=offering.agencies(mall),
        document=document,
        names=names,
    )


@read_or_send
@never_cache
def head(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    mall, draft = _draft(request, slug, pk)
    document = drafting.document_of(draft)
    form, made = _head_form(request, mall, document, drafting.names_of(document)), None
    if form.is_valid():
        new = form.head
        made = _changed(draft, [form], lambda was: drafting.with_head(was, new, mall=mall))
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
    said = drafting.names_of(document)
    rows = [
        PartyForm(typed(request), party=each, name=names[each.agency_id], names=said)
        for each in document.parties
    ]
    made = None
    if request.method == "POST" and all(row.is_valid() for row in rows):
        signed = [row.signed for row in rows]
        made = _changed(draft, rows, lambda was: drafting.with_parties(was, signed))
        if made is None:
            messages.success(request, _("Para pihak tersimpan."))
            return redirect(_after_parties(document), slug, pk)
    context = pages.of(request, mall) | {"rows": rows, "draft": draft, "step": 2}
    context["is_first"] = len(rows) > 1
    return _rows(request, "onboarding/agreement_parties.html", context, made)


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
    made = None
    if request.method == "POST" and all(row.is_valid() for row in rows):
        made = _changed(draft, rows, _filled_in({row.presence.pk: row.what for row in rows}))
        if made is None:
            messages.success(request, _("Isi perjanjian tersimpan."))
            return redirect("agreement", slug, pk)
    context = pages.of(request, mall) | {"rows": rows, "draft": draft, "step": 3, "offer": offer}
    return _rows(request, "onboarding/agreement_table.html", context, made)


def _filled_in(said: Mapping[int, Promised | None]) -> Callable[[Document], Document]:
    """A document with this said of each agency, and nothing of those of which nothing is."""
    new, gone = [each for each in said.values() if each], {pk for pk in said if not said[pk]}
    return lambda was: drafting.with_promises(was, new, without=gone)


def _rows(
    request: UserRequest, template: str, context: dict[str, Any], made: Refused | None
) -> HttpResponse:
    """The page of many forms as it is, with what is wrong in them, or with why it was refused."""
    if made is not None:
        answer = render(request, template, context | {"refusal": made}, status=made.status)
        return marked(answer, made)
    return render(request, template, context, status=422 if request.method == "POST" else 200)


def _changed(
    draft: Agreement, forms: Sequence[PartForm], how: Callable[[Document], Document]
) -> Refused | None:
    """Write what these forms say, unless somebody else did meanwhile; they are marked then."""
    seen = {each.part: each.seen for each in forms}
    made = tried(lambda: drafting.change(draft, how, seen=seen), *NO)
    for each in forms:
        each.is_stale = isinstance(made, PartsChanged) and each.part in made.parts
    return made


@read_or_send
@never_cache
def term(request: UserRequest, slug: str, pk: int, presence_id: int) -> HttpResponse:
    mall, draft = _draft(request, slug, pk)
    offer = offering.of(mall, draft, on=draft.from_date)
    place = offer.place_of(presence_id)
    if place is None:
        raise Http404
    form, made = PromiseForm(typed(request), **offer.form_of(presence_id)), None
    if form.is_valid():
        made = _changed(draft, [form], _filled_in({presence_id: form.what}))
        if made is None:
            messages.success(request, _("Isi bagi %(agency)s tersimpan.") % {"agency": place.name})
            return _after_term(request, draft, place)
    context = pages.of(request, mall) | {"form": form, "draft": draft, "step": 3}
    context |= {"place": place, "offer": offer}
    return pages.wrong(request, "onboarding/agreement_term.html", context, made)


def _after_term(request: UserRequest, draft: Agreement, place: Place) -> HttpResponse:
    to = draft.mall.slug, draft.pk
    if place.next_id and request.POST.get("do") == "next":
        return redirect("agreement_term", *to, place.next_id)
    return redirect("agreement_terms" if place.count > 1 else "agreement", *to)


@require_POST
@never_cache
def discard(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    _mall, draft = _draft(request, slug, pk)
    register.discard(draft)
    messages.success(request, _("Draf dibuang."))
    return redirect("agreements", slug)


def _draft(request: UserRequest, slug: str, pk: int) -> tuple[Mall, Agreement]:
    """A document still to be signed; a signed one is changed by an addendum."""
    mall = access.mall_for_agreements(request.user, slug, now=clock.now())
    draft = access.agreement_in(mall, pk)
    register.refuse_signed(draft)
    return mall, draft
