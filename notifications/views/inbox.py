"""What a member of staff was told, and how they want to be; and the way out of an e-mail."""

from datetime import UTC, datetime, timedelta

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import UserRequest
from core import clock
from core.private import private
from notifications import contacts, inbox
from notifications.forms import NAMES
from notifications.models import Consent
from notifications.states import Channel
from notifications.views import preferences
from notifications.views.preferences import Matter

LOOKED = "mpp_looked"  # the cookie with when this browser's person last looked at their inbox
LATELY = timedelta(days=7)  # what counts as unread for somebody who never looked
KEPT = timedelta(days=365)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def staff(request: UserRequest) -> HttpResponse:
    response = preferences.answer(request, _of(request), "notifications/staff.html", {})
    now = clock.now()
    looked = f"{request.user.pk}.{int(now.timestamp())}"
    response.set_cookie(LOOKED, looked, max_age=KEPT, httponly=True, samesite="Lax")
    return response


@require_POST
@never_cache
def staff_device(request: UserRequest) -> HttpResponse:
    return preferences.device(request, _of(request))


# A program that reads e-mail for somebody sends this form too, by RFC 8058, and has no cookie.
@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@private
def stop(request: HttpRequest, token: str) -> HttpResponse:
    found = contacts.stopping(token)
    if found is None:
        raise Http404
    if request.method == "POST":
        if request.POST.get("do") == "start":
            contacts.start_by_link(found)
        else:
            contacts.stop_by_link(found, now=clock.now())
        # The program does not follow where a person is led.
        is_program = "List-Unsubscribe" in request.POST
        return HttpResponse() if is_program else redirect("stop", token)
    is_letter = found.channel == Channel.EMAIL
    context = {"found": found, "channel": _("surel") if is_letter else NAMES[found.channel]}
    return render(request, "notifications/stop.html", context)


def unread(request: UserRequest, *, now: datetime) -> int:
    """How much this member of staff was told since they last looked, in this browser."""
    contact = contacts.known(request.user)
    since = _looked(request) or now - LATELY
    return inbox.unread(contact.pk if contact else None, since=since, now=now)


def _looked(request: UserRequest) -> datetime | None:
    user, _dot, seconds = request.COOKIES.get(LOOKED, "").partition(".")
    if user != str(request.user.pk) or not (seconds.isascii() and seconds.isdecimal()):
        return None
    # No moment of ours has more digits.
    return datetime.fromtimestamp(int(seconds[:10]), UTC)


def _of(request: UserRequest) -> Matter:
    user = request.user
    return Matter(
        name=f"user:{user.pk}",
        on=(Channel.EMAIL,),
        contact=contacts.known(user),
        begin=lambda: contacts.of_user(user, now=clock.now()),
        device=reverse("staff_news_device"),
        how=Consent.How.STAFF,
        usual=contacts.usual(user),
    )
