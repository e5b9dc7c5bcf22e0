"""Where providers report, each at an address that only it was told."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core import clock
from core.errors import TooLarge
from notifications import providers, receipts
from notifications.channels import whatsapp
from notifications.channels.reports import Letter
from notifications.models import Provider
from notifications.states import Channel

MOST = 256 * 1024  # bytes


# Whoever reports has neither a session nor a form of ours: the signature stands for both.
@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def receive(request: HttpRequest, address: str) -> HttpResponse:
    provider = get_object_or_404(Provider, address=address)
    if request.method == "GET":
        return _greet(request, provider)
    now = clock.now()
    report = receipts.read(provider, Letter(request.headers, _body(request), now))
    receipts.take(provider, report, now=now)
    return HttpResponse(status=200)


def _greet(request: HttpRequest, provider: Provider) -> HttpResponse:
    """WhatsApp asks once whether this address is really ours."""
    is_asked = provider.channel == Channel.WHATSAPP
    secrets = providers.secrets_of(provider) if is_asked else {}
    asked = {name: str(value) for name, value in request.GET.items()}
    answer = whatsapp.greeting(asked, secrets)
    if answer is None:
        raise receipts.Forged(_("Kata verifikasi tidak cocok."))
    return HttpResponse(answer, content_type="text/plain")


def _body(request: HttpRequest) -> bytes:
    try:
        body = request.body
    except RequestDataTooBig:
        body = None
    if body is None or len(body) > MOST:
        refusal = TooLarge(_("Isi permintaan terlalu besar."))
        refusal.leads_back = False
        raise refusal
    return body
