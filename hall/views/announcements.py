"""What the house says to its boards and to everyone who waits, and taking it back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import UserRequest
from accounts.roles import Act
from core import clock
from hall import access
from hall import announcements as said
from hall.forms import AnnouncementForm, typed
from hall.views.malls import choose


@require_GET
@never_cache
def malls(request: UserRequest) -> HttpResponse:
    found = access.managed_malls(request.user, Act.ANNOUNCE, on=timezone.localdate(clock.now()))
    return choose(request, list(found), title=_("Pengumuman"), route="announcements")


@require_http_methods(["GET", "POST"])
@never_cache
def announcements(request: UserRequest, slug: str) -> HttpResponse:
    now = clock.now()
    mall = access.managed_mall(request.user, slug, Act.ANNOUNCE, on=timezone.localdate(now))
    form = AnnouncementForm(typed(request), mall=mall, now=now)
    if form.is_valid():
        once = {"key": form.cleaned_data["key"], "ends_at": form.ends_at}
        said.say(mall, **form.what, **once, by=request.user, now=now)
        messages.success(request, _("Pengumuman tampil sekarang."))
        return redirect("announcements", slug)
    current = said.current(mall.pk, now=now).select_related("by")
    context = {"mall": mall, "form": form, "current": current}
    return render(request, "hall/announcements.html", context, status=422 if form.is_bound else 200)


@require_POST
@never_cache
def withdraw(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    now = clock.now()
    found = access.announcement_for(request.user, slug, pk, on=timezone.localdate(now))
    said.withdraw(found, by=request.user, now=now)
    messages.success(request, _("Pengumuman ditarik dari semua layar."))
    return redirect("announcements", slug)
