"""The screens and printers of a hall: who may show what, and how they prove that they live."""

from datetime import date, datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import UserRequest
from accounts.roles import Act
from core import clock, throttle
from hall import access, devices
from hall.forms import BeatForm, CodeForm, DeviceForm, SettingsForm, typed
from hall.models import Device
from hall.views.malls import choose

KEPT = 400 * 86400  # seconds; browsers keep no cookie longer, and a revoked one opens nothing
OPENS = {Device.Kind.KIOSK: "kiosk", Device.Kind.BOARD: "board"}


@require_GET
@never_cache
def malls(request: UserRequest) -> HttpResponse:
    found = access.managed_malls(request.user, Act.MANAGE_DEVICES, on=_today(clock.now()))
    return choose(request, list(found), title=_("Perangkat"), route="devices")


@require_http_methods(["GET", "POST"])
@never_cache
def listed(request: UserRequest, slug: str) -> HttpResponse:
    now = clock.now()
    mall = access.managed_mall(request.user, slug, Act.MANAGE_DEVICES, on=_today(now))
    form = DeviceForm(typed(request), mall=mall)
    if form.is_valid():
        devices.save(form.instance, by=request.user, now=now)
        return redirect("device", slug, form.instance.pk)
    found = Device.objects.filter(mall=mall).select_related("presence")
    rows = [(device, devices.standing(device, now=now)) for device in found]
    context = {"mall": mall, "rows": rows, "form": form, "now": now}
    return render(request, "hall/devices.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@never_cache
def device(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    now = clock.now()
    found = access.device_for(request.user, slug, pk, on=_today(now))
    form = SettingsForm(typed(request), instance=found, mall=found.mall)
    if form.is_valid():
        devices.save(form.instance, by=request.user, now=now)
        messages.success(request, _("Pengaturan tersimpan. Layarnya mengikuti dengan sendirinya."))
        return redirect("device", slug, pk)
    standing = devices.standing(found, now=now)
    context = {"mall": found.mall, "device": found, "standing": standing, "form": form, "now": now}
    return render(request, "hall/device.html", context, status=422 if form.is_bound else 200)


@require_POST
@never_cache
def code(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    now = clock.now()
    found = access.device_for(request.user, slug, pk, on=_today(now))
    # Answered at once, not after a redirect: the code is nowhere but in this answer.
    code = devices.new_code(found, by=request.user, now=now)
    context = {
        "mall": found.mall,
        "device": found,
        "code": f"{code[:4]} {code[4:]}",
        "until": now + devices.CODE_LIVES,
        "address": request.build_absolute_uri(reverse("device_enrol")),
    }
    return render(request, "hall/device_code.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
def revoke(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    now = clock.now()
    found = access.device_for(request.user, slug, pk, on=_today(now))
    if request.method == "POST":
        devices.revoke(found, by=request.user, now=now)
        messages.success(request, _("Izin %(name)s dicabut.") % {"name": found})
        return redirect("devices", slug)
    return render(request, "hall/device_revoke.html", {"mall": found.mall, "device": found})


@login_not_required
@require_GET
@never_cache
def enrol(request: HttpRequest) -> HttpResponse:
    context = {"form": CodeForm(), "device": access.device_of(request)}
    return render(request, "hall/enrol.html", context)


# Not the address of the page: a refusal then leads back to it, with its sentence above the code.
@login_not_required
@require_POST
@never_cache
def trade(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST)
    if not form.is_valid():
        return render(request, "hall/enrol.html", {"form": form}, status=422)
    address = throttle.address_of(request)
    found, token = devices.enrol_from(address, form.cleaned_data["code"], now=clock.now())
    if found.kind == Device.Kind.PRINTER:
        # A printer has no browser to keep a cookie: its token goes into its own settings.
        return render(request, "hall/enrolled_printer.html", {"device": found, "token": token})
    answer = redirect(OPENS[Device.Kind(found.kind)], found.mall.slug)
    answer.set_cookie(
        access.COOKIE,
        token,
        max_age=KEPT,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer


# A page that is open for months knows no other token than the device's own, so no CSRF token.
@csrf_exempt
@login_not_required
@require_POST
@never_cache
def beat(request: HttpRequest) -> HttpResponse:
    found = access.device_of(request)
    if found is None:
        return HttpResponse(status=403)
    devices.beat(found, version=BeatForm(request.POST).shown, now=clock.now())
    return HttpResponse(status=204)


def _today(now: datetime) -> date:
    return timezone.localdate(now)
