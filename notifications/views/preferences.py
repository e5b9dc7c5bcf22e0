"""How somebody wants to be told: the one answer behind every page on which that is chosen."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock, throttle
from hall.forms import typed
from notifications import contacts, inbox
from notifications.channels import push
from notifications.contacts import Standing
from notifications.forms import NAMES, DeviceForm, ReachForm
from notifications.models import Consent, Contact
from notifications.states import BY_PHONE, OUTSIDE, Channel

CHANGES = 20  # an hour, of one contact: nobody sends a mall's messages through a list of numbers
AN_HOUR = timedelta(hours=1)
NOTHING = Standing()
BY_ADDRESS = 60  # a minute, from one address: many people share one


@dataclass(frozen=True)
class Matter:
    """What somebody is told about: through what they can be, and whose contact it is.

    `begin` gives the contact, made when there is none yet; it is called once something is wanted.
    """

    name: str  # by which its changes are counted
    on: Collection[Channel]
    contact: Contact | None
    begin: Callable[[], Contact]
    device: str  # the address to which a browser is told
    how: Consent.How = Consent.How.PAGE
    usual: Standing = NOTHING  # while there is no contact yet

    @property
    def standing(self) -> Standing:
        return contacts.standing(self.contact) if self.contact else self.usual


def answer(
    request: HttpRequest, matter: Matter, template: str, context: dict[str, Any]
) -> HttpResponse:
    """The page with what was told and what is chosen; a change leads back to it."""
    if request.method == "POST" and request.POST.get("do") == "stop":
        return _silenced(request, matter)
    standing = matter.standing
    form = ReachForm(typed(request), on=matter.on, standing=standing)
    if form.is_valid():
        return _saved(request, matter, form)
    told = inbox.told(matter.contact.pk if matter.contact else None, now=clock.now())
    context |= {"form": form, "standing": standing, "news": told, "device": matter.device}
    context |= {"push_key": push.public_key(), "ways": _ways(standing)}
    context["stopped"] = _stopped(standing)
    return render(request, template, context, status=422 if form.is_bound else 200)


def device(request: HttpRequest, matter: Matter) -> HttpResponse:
    """A browser begins to show what the contact is told, or stops."""
    form, now = DeviceForm(request.POST), clock.now()
    if not form.is_valid():
        return HttpResponse(status=422)
    _spend(request, matter)
    endpoint = form.cleaned_data["endpoint"]
    if not form.cleaned_data["stop"]:
        contacts.subscribe(matter.begin(), endpoint, form.keys, how=matter.how, now=now)
    elif matter.contact is not None:
        contacts.unsubscribe(matter.contact, endpoint, now=now)
    return HttpResponse(status=204)


def _saved(request: HttpRequest, matter: Matter, form: ReachForm) -> HttpResponse:
    reach, is_new = form.reach, matter.contact is None
    if is_new and reach.channels == matter.usual.wanted and not (reach.phone or reach.email):
        return redirect(request.path)  # as it is anyway: nobody needs a contact for that
    _spend(request, matter)
    contacts.change(matter.begin(), reach, how=matter.how, now=clock.now())
    messages.success(request, _("Tersimpan. Berlaku mulai kabar berikutnya."))
    return redirect(request.path)


def _silenced(request: HttpRequest, matter: Matter) -> HttpResponse:
    if matter.contact is not None or matter.usual.wanted:
        contacts.silence(matter.begin(), now=clock.now())
    messages.success(request, _("Kami tidak mengirim apa-apa lagi. Kabar tetap tampil di sini."))
    return redirect(request.path)


def _spend(request: HttpRequest, matter: Matter) -> None:
    throttle.spend("reach", throttle.address_of(request), most=BY_ADDRESS)
    throttle.spend_surely("reach", matter.name, most=CHANGES, within=AN_HOUR, now=clock.now())


def _ways(standing: Standing) -> list[str]:
    """What is on, each in a few words."""
    ways = [
        _("%(channel)s ke %(address)s") % {"channel": NAMES[each], "address": address}
        for each in OUTSIDE
        if each in standing.wanted
        for address in [standing.phone if each in BY_PHONE else standing.email]
    ]
    if standing.browsers:
        ways.append(
            ngettext("%(count)d peranti", "%(count)d peranti", standing.browsers)
            % {"count": standing.browsers}
        )
    return ways


def _stopped(standing: Standing) -> list[str]:
    """What can be ticked and yet is not sent, because of whoever has the address."""
    said = []
    if not standing.stopped.isdisjoint(BY_PHONE):
        said.append(
            _("Nomor %(phone)s pernah membalas STOP. Balas START dari nomor itu bila ingin lagi.")
            % {"phone": standing.phone}
        )
    if Channel.EMAIL in standing.stopped:
        said.append(
            _(
                "Alamat %(email)s pernah meminta berhenti. Buka tautan berhenti di surel kami dan"
                " pilih “Nyalakan lagi” bila ingin lagi."
            )
            % {"email": standing.email}
        )
    return said
