"""The people of a mall, or of the nation: who is there, inviting, arranging, letting go."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import UserRequest
from agencies.models import Assignment, Mall, Zone
from core import clock
from core.errors import Refused, tried
from hall.forms import typed
from onboarding import tabs
from onboarding.staff import access, inviting, rosters, staffing
from onboarding.staff.access import Realm
from onboarding.staff.forms import ArrangeForm, FilterForm, InviteForm
from onboarding.staff.inviting import Sent
from onboarding.staff.refusals import (
    AlreadyHeld,
    AlreadyInvited,
    LastOne,
    OnlyByMail,
    UntilPast,
)
from queueing.access import workday

ROWS = 50  # on one page
read_or_send = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@never_cache
def listed(request: UserRequest, slug: str | None = None) -> HttpResponse:
    realm, now = realm_of(request, slug), clock.now()
    asked = FilterForm(request.GET, realm=realm)
    found = rosters.people(realm, asked.wanted)
    page = Paginator(found, ROWS).get_page(request.GET.get("hal"))
    context = {
        "page": page,
        "rows": [(each, address("person", each.mall, each.pk)) for each in page.object_list],
        "asked": asked,
        "offers": [
            (each, [address(f"people_{do}", realm.mall, each.pk) for do in ("resend", "withdraw")])
            for each in realm.invitations()
        ],
        "now": now,
        "today": workday(now),
    }
    return show(request, realm, "onboarding/people.html", context)


@read_or_send
@never_cache
def invite(request: UserRequest, slug: str | None = None) -> HttpResponse:
    realm, now = realm_of(request, slug), clock.now()
    roles = realm.roles(request.user, on=workday(now))
    form = InviteForm(typed(request), realm=realm, roles=roles)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return show(request, realm, "onboarding/people_invite.html", {"form": form}, status)
    what = {**form.what, "by": request.user, "now": now, "language": get_language() or "id"}
    sent = tried(lambda: inviting.invite(**what), AlreadyHeld, AlreadyInvited, OnlyByMail)
    if isinstance(sent, Refused):
        form.add_error("email", str(sent))
        return show(request, realm, "onboarding/people_invite.html", {"form": form}, sent.status)
    return _sent(request, realm, sent)


@require_POST
@never_cache
def resend(request: UserRequest, pk: int, slug: str | None = None) -> HttpResponse:
    realm = realm_of(request, slug)
    invitation = access.invitation_in(realm, pk)
    by_mail = request.POST.get("cara") != "tautan"
    language = get_language() or "id"
    sent = inviting.resend(
        invitation, by=request.user, now=clock.now(), language=language, by_mail=by_mail
    )
    return _sent(request, realm, sent)


@require_POST
@never_cache
def withdraw(request: UserRequest, pk: int, slug: str | None = None) -> HttpResponse:
    realm = realm_of(request, slug)
    invitation = access.invitation_in(realm, pk)
    inviting.withdraw(invitation, by=request.user, now=clock.now())
    messages.success(request, _("Undangan ditarik. Tautannya tidak membuka apa pun lagi."))
    return redirect(address("people", realm.mall))


@read_or_send
@never_cache
def person(request: UserRequest, pk: int, slug: str | None = None) -> HttpResponse:
    realm, now = realm_of(request, slug), clock.now()
    held = access.assignment_in(realm, pk)
    form = _arranging(request, realm, held, now)
    if form.is_valid():
        by, what = request.user, form.what
        done = tried(
            lambda: staffing.arrange(held, **what, by=by, now=now), AlreadyHeld, LastOne, UntilPast
        )
        if done is None:
            messages.success(request, _("Tersimpan, dan berlaku mulai sekarang."))
            return redirect(address("person", held.mall, pk))
        form.add_error("until" if isinstance(done, UntilPast) else "role", str(done))
    context = {"held": held, "form": form, "others": _others(realm, held)}
    context |= {"let_go_url": address("person_let_go", held.mall, pk)}
    return show(request, realm, "onboarding/person.html", context, 422 if form.is_bound else 200)


@read_or_send
@never_cache
def let_go(request: UserRequest, pk: int, slug: str | None = None) -> HttpResponse:
    realm, now = realm_of(request, slug), clock.now()
    held = access.assignment_in(realm, pk)
    if request.method != "POST":
        context = {"held": held, "is_last": not _left(held, now), "is_own": is_own(request, held)}
        context |= {"back_url": address("person", held.mall, pk)}
        return show(request, realm, "onboarding/person_let_go.html", context)
    name = str(held.user)
    is_closed = staffing.let_go(held, by=request.user, now=now)
    if is_own(request, held):
        return redirect("staff")
    said = _("Tugas %(name)s berakhir sekarang juga, dan akunnya ditutup.")
    if not is_closed:
        said = _("Tugas %(name)s berakhir sekarang juga. Perannya yang lain tetap.")
    messages.success(request, said % {"name": name})
    return redirect(address("people", realm.mall))


def realm_of(request: UserRequest, slug: str | None) -> Realm:
    return access.realm_for(request.user, slug, on=workday(clock.now()))


def address(name: str, mall: Mall | None, *more: int) -> str:
    """The address of a page of a mall's people, or of the nation's."""
    if mall is None:
        return reverse(f"{name}_nation", args=more)
    return reverse(name, args=[mall.slug, *more])


def show(
    request: UserRequest, realm: Realm, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page of the people of a realm, with what leads to the others."""
    if realm.mall is not None:
        open_ones = tabs.of(request.user, realm.mall, on=workday(clock.now()))
        context |= {"mall": realm.mall, "tabs": open_ones}
    context |= {"realm": realm, "here": "people", "people_url": address("people", realm.mall)}
    context |= {"invite_url": address("people_invite", realm.mall), "zone": zone_of(realm.mall)}
    return render(request, template, context, status=status)


def zone_of(mall: Mall | None) -> ZoneInfo:
    """Whose clocks a page shows: the mall's, or the capital's."""
    return mall.zone if mall else ZoneInfo(Zone.WIB)


def is_own(request: UserRequest, held: Assignment) -> bool:
    return held.user_id == request.user.pk


def _sent(request: UserRequest, realm: Realm, sent: Sent) -> HttpResponse:
    if not sent.is_mailed:
        # Answered at once, not after a redirect: the link is nowhere but in this answer.
        return show(request, realm, "onboarding/people_link.html", {"sent": sent})
    said = _("Undangan dikirim ke %(email)s. Berlaku tujuh hari.")
    messages.success(request, said % {"email": sent.invitation.email})
    return redirect(address("people", realm.mall))


def _arranging(request: UserRequest, realm: Realm, held: Assignment, now: datetime) -> ArrangeForm:
    on = workday(now)
    counters = staffing.counters_of(held, on=on) if held.agency_id else []
    roles = realm.roles(request.user, on=on)
    return ArrangeForm(typed(request), held=held, roles=roles, counters=counters)


def _others(realm: Realm, held: Assignment) -> list[tuple[Assignment, str]]:
    """What else the same person does within the realm."""
    found = realm.assignments().filter(user=held.user_id).exclude(pk=held.pk)
    return [(each, address("person", each.mall, each.pk)) for each in found]


def _left(held: Assignment, now: datetime) -> bool:
    """Whether somebody has another role anywhere."""
    others = Assignment.objects.valid(workday(now)).filter(user=held.user_id)
    return others.exclude(pk=held.pk).exists()
