"""Documents that are ready: whom an agency has served lately, and telling them to come."""

from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.requests import UserRequest
from agencies.models import Presence
from core import clock
from queueing import access, documents


class AskedForm(forms.Form):
    """Which agency and day are asked for; what makes no sense is not asked."""

    instansi = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    hari = forms.DateField(label=gettext_lazy("Hari dilayani"), required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.full_clean()


@require_safe
@never_cache
def listed(request: UserRequest) -> HttpResponse:
    now = clock.now()
    form = AskedForm(request.GET)
    presences = _presences(request.user, now)
    wanted = form.cleaned_data.get("instansi")
    chosen = next((each for each in presences if each.pk == wanted), presences[0])
    found = documents.served(chosen, on=form.cleaned_data.get("hari"), now=now)
    context = {"presences": presences, "presence": chosen, "served": found, "form": form}
    return render(request, "queueing/documents.html", context)


@require_POST
def tell(request: UserRequest, pk: int) -> HttpResponse:
    now = clock.now()
    ticket = access.served_ticket_for(request.user, pk, now=now)
    if documents.tell(ticket, by=request.user, now=now):
        messages.success(request, _("Pemegang nomor %(number)s dikabari.") % {"number": ticket})
    else:
        messages.info(request, _("Pemegang nomor ini sudah dikabari, atau tidak minta dikabari."))
    return redirect(f"{reverse('documents')}?instansi={ticket.service.presence_id}")


def _presences(user: User, now: datetime) -> list[Presence]:
    found = list(access.served_by(user, now=now))
    if not found:
        raise Http404
    return found
