"""The messages of a mall: what became of them, which reached nobody, and sending one by hand."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import UserRequest
from agencies.models import Mall
from core import clock
from hall.forms import typed
from hall.views.malls import choose
from notifications import access, by_hand, dead, logs, outbox
from notifications.staff_forms import PAGES, AskedForm, LikeForm, PhoneForm
from notifications.states import State

read_or_send = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@never_cache
def malls(request: UserRequest) -> HttpResponse:
    found = access.managed_malls(request.user, on=timezone.localdate(clock.now()))
    return choose(request, list(found), title=_("Pesan kepada pemohon"), route="messages")


@read_or_send
@never_cache
def listed(request: UserRequest, slug: str) -> HttpResponse:
    mall, search = _managed(request, slug), PhoneForm(typed(request))
    if search.is_valid():
        return _found(request, mall, search.cleaned_data["phone"])
    asked = AskedForm(request.GET)
    page = logs.page(mall, asked.wanted, before=asked.before)
    context = {
        "mall": mall,
        "lines": page.lines,
        "older": asked.query(sebelum=page.older) if page.older else "",
        "asked": asked,
        "search": search,
        "only": asked.wanted.contact_id,
        "now": clock.now(),
    }
    status = 422 if search.is_bound else 200
    return render(request, "notifications/log.html", context, status=status)


@require_safe
@never_cache
def message(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    mall, now = _managed(request, slug), clock.now()
    found = access.message_in(mall, pk)
    context = {
        "mall": mall,
        "line": logs.lines([found], mall.zone)[0],
        "said": logs.said(found),
        "steps": logs.steps(found),
        "beside": logs.beside(found, mall.zone),
        "may_retry": dead.may_retry(found, now=now),
        "not_by_hand": by_hand.complaint(found, now=now),
        "now": now,
    }
    return render(request, "notifications/message.html", context)


@require_POST
@never_cache
def retry(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    found = access.message_in(_managed(request, slug), pk)
    if outbox.retry(found, by=request.user, now=clock.now()):
        messages.success(request, _("Pesan dicoba lagi."))
    else:
        told = _("Pesan ini tidak dapat dicoba lagi: waktunya sudah lewat, atau sudah tidak gagal.")
        messages.error(request, told)
    if request.POST.get("dari") == "gagal":
        return redirect("messages_dead", slug)
    return redirect("message", slug, pk)


@require_POST
@never_cache
def hand_out(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    mall = _managed(request, slug)
    found = access.message_in(mall, pk)
    # Answered at once, not after a redirect: number and text are nowhere but in this answer.
    letter = by_hand.hand_out(found, mall, by=request.user, now=clock.now())
    context = {"mall": mall, "line": logs.lines([found], mall.zone)[0], "letter": letter}
    return render(request, "notifications/by_hand.html", context)


@require_safe
@never_cache
def dead_letters(request: UserRequest, slug: str) -> HttpResponse:
    mall, now = _managed(request, slug), clock.now()
    context = {
        "mall": mall,
        "tally": dead.tally([mall], now=now),
        "groups": dead.groups(mall, now=now),
        "days": dead.WITHIN.days,
        "dead_state": int(State.DEAD),
    }
    return render(request, "notifications/dead.html", context)


@require_POST
@never_cache
def retry_like(request: UserRequest, slug: str) -> HttpResponse:
    mall = _managed(request, slug)
    found = access.message_in(mall, LikeForm(request.POST).pk)
    done = dead.retry_like(found, by=request.user, now=clock.now())
    messages.add_message(request, messages.SUCCESS if done.again else messages.WARNING, _told(done))
    return redirect("messages_dead", slug)


def _managed(request: UserRequest, slug: str) -> Mall:
    return access.managed_mall(request.user, slug, on=timezone.localdate(clock.now()))


def _found(request: UserRequest, mall: Mall, phone: str) -> HttpResponse:
    """The log of whoever has this number, by the number of a row: a phone stands in no address."""
    contact, address = logs.contact_at(mall, phone), reverse("messages", args=[mall.slug])
    if contact is None:
        messages.info(request, _("Tidak ada pesan ke nomor itu di mal ini."))
        return redirect(address)
    return redirect(f"{address}?{urlencode({'kontak': contact.pk, 'saluran': PAGES})}")


def _told(done: dead.Retried) -> str:
    again = ngettext("%(n)d pesan dicoba lagi.", "%(n)d pesan dicoba lagi.", done.again)
    words = [again % {"n": done.again}]
    if done.late:
        late = ngettext("%(n)d sudah terlambat.", "%(n)d sudah terlambat.", done.late)
        words.append(late % {"n": done.late})
    if done.left:
        words.append(_("Masih ada lagi: tekan sekali lagi."))
    return " ".join(words)
