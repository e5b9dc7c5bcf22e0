"""Where the link of an invitation leads: to an account, or to one more role of one's own."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from core import clock, identity, throttle
from core.errors import Refused, marked, tried
from core.private import private
from hall.forms import typed
from onboarding.models import Invitation
from onboarding.staff import accepting, inviting, returning
from onboarding.staff.forms import AcceptForm
from onboarding.staff.refusals import AccountRefused, InvitationVoid, OnlyByMail
from onboarding.staff.views.people import zone_of


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@private
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    now, who = clock.now(), throttle.address_of(request)
    found = tried(lambda: inviting.opened_from(who, token, now=now), InvitationVoid)
    if isinstance(found, Refused):
        context = {"refusal": found}
        return marked(
            render(request, "onboarding/invitation_void.html", context, status=404), found
        )
    if request.method == "POST" and isinstance(request.user, User):
        accepting.join(token, user=request.user, now=now)
        return _welcome(request, found)
    return _account(request, token, found, now)


def _account(request: HttpRequest, token: str, found: Invitation, now: datetime) -> HttpResponse:
    known = returning.sleeping(found, now=now)
    form = AcceptForm(typed(request), invitation=found, known=known)
    if form.is_valid():
        made = tried(lambda: accepting.accept(token, **form.what, now=now), AccountRefused)
        if isinstance(made, AccountRefused):
            form.complain(made.complaints)
        elif isinstance(made, User):
            login(request, made)
            return _welcome(request, found)
    if form.is_bound:
        # Names that are taken could be guessed here.
        throttle.count(inviting.COUNTED, throttle.address_of(request))
    context: dict[str, Any] = {"invitation": found, "form": form, "known": known}
    context |= {"mall": found.mall, "zone": zone_of(found.mall), **_reader(request, found)}
    context["refusal"] = tried(lambda: returning.refuse_by_hand(found, now=now), OnlyByMail)
    context |= {"masked": identity.masked_email(found.email), "inviter": found.by}
    status = 422 if form.is_bound else 200
    return render(request, "onboarding/invitation.html", context, status=status)


def _reader(request: HttpRequest, found: Invitation) -> dict[str, Any]:
    """Who is in front of the page, and so what they do next."""
    if isinstance(request.user, User):
        return {"is_for": accepting.is_for(found, request.user)}
    return {"has_account": accepting.accounts_of(found).exists()}


def _welcome(request: HttpRequest, found: Invitation) -> HttpResponse:
    said = _("Selamat datang. Anda sekarang %(role)s; yang dapat Anda buka ada di bawah.")
    messages.success(request, said % {"role": found.get_role_display()})
    return redirect("staff")
