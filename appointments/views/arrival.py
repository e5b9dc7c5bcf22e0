"""Arriving with a reservation: at a kiosk, or on the phone inside the hall. Public."""

from uuid import uuid4

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies import access as agency_access
from appointments import access, presence
from core import clock, throttle
from core.private import private
from hall import devices
from queueing import access as queue_access
from queueing import admission
from queueing.views.kiosk import address, show

LONGEST = 200  # signs; a scanner types the whole link
KEYS = ("23456789", "ABCDEFGHJKLMNPQRSTUVWXYZ")  # what codes are made of, digits first


class TypedForm(forms.Form):
    """What was typed or scanned; the screen's keys add to it where there is no script."""

    q = forms.CharField(required=False, max_length=LONGEST)
    tambah = forms.CharField(required=False, max_length=1)
    hapus = forms.CharField(required=False, max_length=1)

    @property
    def text(self) -> str:
        """What stands in the field; nothing of what cannot be a code."""
        given = self.cleaned_data if self.is_valid() else {}
        text = given.get("q", "") + given.get("tambah", "")
        return str(text[:-1] if given.get("hapus") else text)

    @property
    def is_typing(self) -> bool:
        """Whether a key of the screen was pressed, and not the button."""
        return not {"tambah", "hapus"}.isdisjoint(self.data)


class HallCodeForm(forms.Form):
    code = forms.CharField(required=False, max_length=20)

    @property
    def text(self) -> str:
        return str(self.cleaned_data["code"]) if self.is_valid() else ""


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def at_kiosk(request: HttpRequest, slug: str) -> HttpResponse:
    mall, typed = agency_access.public_mall(slug), TypedForm(request.POST)
    if request.method == "POST" and not typed.is_typing:
        kiosk = queue_access.kiosk_of(request, mall)
        key = queue_access.key_of(request.POST.get("key", ""))
        admission.screen(kiosk, mall)
        number = presence.at_kiosk(
            mall,
            typed.text,
            kiosk=kiosk,
            address=throttle.address_of(request),
            now=clock.now(),
            key=key,
        )
        token = queue_access.token_of(number)
        return redirect(address("kiosk_ticket", request, mall.slug, token))
    context = {"typed": typed.text, "keys": KEYS, "key": uuid4()}
    return show(request, mall, "appointments/kiosk_code.html", context)


@login_not_required
@require_safe
@never_cache
def hall_code(request: HttpRequest, slug: str) -> HttpResponse:
    mall = agency_access.public_mall(slug)
    if not devices.may_give_numbers(queue_access.kiosk_of(request, mall), mall):
        # Whoever asks from elsewhere is not in the hall.
        return HttpResponse(status=204)
    context = {"mall": mall, "code": presence.hall_code(mall.pk, clock.now())}
    return render(request, "appointments/_kiosk_hall_code.html", context)


@login_not_required
@require_POST
@private
def on_phone(request: HttpRequest, token: str) -> HttpResponse:
    now = clock.now()
    mine = access.own(token, now=now)
    key = queue_access.key_of(request.POST.get("key", ""))
    typed = HallCodeForm(request.POST).text
    number = presence.on_phone(mine, typed, now=now, key=key)
    return redirect("ticket", queue_access.token_of(number))
